import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Gate } from './authentication.ts';
import type { Clock } from '../base/clock.ts';
import { ApiError, notFound } from '../base/errors.ts';
import { createAddressLimit } from './address-limit.ts';
import { assertReadable, bodyBytesMax, hasBody, streamOf, tooLarge } from './body.ts';
import { createBodyBudget } from './body-budget.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { Call } from './call.ts';
import { connectionsMax, limitConnections } from './connection-limit.ts';
import { docsPath } from './docs-ui.ts';
import { apiErrorOf, native } from './error-answer.ts';
import { createLargeBodies } from './large-bodies.ts';
import { listenProblem } from './listen-problem.ts';
import { parseRequest } from './parse.ts';
import { minuteMs } from './rate-limit.ts';
import { requestIds } from './request-id.ts';
import { createRequestsInProgress } from './requests-in-progress.ts';
import type { Decision, RateLimiter } from './rate-limit.ts';
import type { Principal, Reply, Route, Surface, Unproved } from './route.ts';

export interface ServerOptions {
  readonly routes: readonly Route[];
  readonly gate: Gate;
  readonly rateLimiter: RateLimiter;
  readonly clock: Clock;
  readonly log: Logger;
  /** Runs a request's work on behalf of its organization, so that it takes turns with that of others. */
  readonly onBehalfOf?: <T>(organization: string, work: () => T) => T;
  /** Requests a minute from one client address that no key answers for; 600 when not said. */
  readonly anonymousPerMinute?: number;
  /** Proxies whose X-Forwarded-For is believed, as fastify's `trustProxy`. */
  readonly trustProxy?: boolean | string | ((address: string) => boolean);
  /** Told of every answer; `route` is undefined for unknown paths. */
  readonly observe?: (route: Route | undefined, status: number, durationMs: number) => void;
  readonly timeouts?: Partial<Timeouts>;
  /** Bytes of bodies held in memory. */
  readonly bodies?: Parameters<typeof createBodyBudget>[0];
  /** Open connections; half of the descriptors when not said. */
  readonly maxConnections?: number;
}

export interface Timeouts {
  /** From a request's first byte to the last of its headers. */
  readonly headersMs: number;
  /** From the last of a request's headers to the last of its body. */
  readonly requestMs: number;
  /** The same of a body that is streamed, such as a file. */
  readonly streamMs: number;
  /** Longer than the idle time of common load balancers (60 s), so that they, not we, close first. */
  readonly keepAliveMs: number;
  /** For the caller to read a response, and a second more for each 64 KiB of it. */
  readonly readMs: number;
  /** How often the first and the third are looked at. */
  readonly checkMs: number;
}

const defaultTimeouts: Timeouts = {
  headersMs: 10_000,
  requestMs: 60_000,
  streamMs: 3_600_000,
  keepAliveMs: 72_000,
  readMs: 60_000,
  checkMs: 1_000,
};
/** 64 KiB a second. */
const readBytesPerMs = 64;
const defaultCloseMs = 10_000;
/** A longer path segment than any id or name we give. */
const paramLengthMax = 300;

export interface Server {
  /** @returns the port, which `port: 0` leaves to the system. @throws OperatorError when the address cannot be had. */
  listen(address: {
    readonly port: number;
    readonly host: string;
    readonly reusePort?: boolean;
  }): Promise<{ port: number }>;
  /** Stops accepting, finishes what runs, and cuts what is still open after `deadlineMs` (10 s when not said). */
  close(deadlineMs?: number): Promise<void>;
  readonly app: FastifyInstance;
}

type Caller = Principal | Unproved;

/** A route with what is worked out once. */
interface Entry {
  readonly route: Route;
  readonly surface: Surface;
  readonly takesBody: boolean;
  readonly bytesMax: number;
  /** Of an API, where calls are counted and unknown fields refused; not a page or a probe. */
  readonly counted: boolean;
  readonly handle: (call: Call, principal: Caller | undefined) => Promise<Reply> | Reply;
}

const entryOf = (route: Route): Entry => ({
  route,
  surface: route.surface ?? native,
  takesBody: route.method !== 'GET',
  bytesMax: route.bodyBytesMax ?? bodyBytesMax,
  counted: route.surface !== undefined || route.path.startsWith('/v1/'),
  // The schemas have made the request what the handler's types say.
  handle: route.handle as unknown as Entry['handle'],
});

/** Log fields that identify the caller. */
const loggedCaller = (caller: Caller | undefined) =>
  caller && {
    organization_id: caller.organizationId,
    ...('keyId' in caller ? { key_id: caller.keyId } : { source_id: caller.sourceId }),
  };

/** Owner of what no key answers for. */
const anyone = 'anyone';

/** Anyone can cause these in any number, or all callers at once. */
const quiet: ReadonlySet<number> = new Set([401, 404, 405, 429, 503]);

/**
 * Serves routes over HTTP. fastify has the sockets and finds the route; from its first hook on the request is ours, because its own
 * parsing and reply add 1 µs to a request that costs 16 µs on bare node:http.
 */
/** RFC 9112 §3.2. A proxy in front may go by another one of them; Node keeps the first. */
function hasSeveralHosts({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1;
}

export function createServer(options: ServerOptions): Server {
  const { gate, rateLimiter, clock, log } = options;
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const addressLimit = createAddressLimit(clock, options.anonymousPerMinute);
  const bodies = createBodyBudget(options.bodies);
  const largeBodies = createLargeBodies();
  const maxConnections = options.maxConnections ?? connectionsMax();
  const inProgress = createRequestsInProgress({
    perOwner: Math.ceil(maxConnections / 4),
    longPerOwner: Math.ceil(maxConnections / 8),
  });
  const nextRequestId = requestIds();
  const refuseBroken = answerBrokenRequest(nextRequestId);
  let closing = false;

  const app = fastify({
    logger: false,
    genReqId: () => '',
    routerOptions: { maxParamLength: paramLengthMax },
    trustProxy: options.trustProxy ?? false,
    requestTimeout: timeouts.streamMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    http: { headersTimeout: timeouts.headersMs, connectionsCheckingInterval: timeouts.checkMs },
    return503OnClosing: false,
    clientErrorHandler: refuseBroken,
    frameworkErrors: (error, request, reply) => {
      refuse(
        request,
        reply,
        error.code === 'FST_ERR_BAD_URL'
          ? new ApiError('malformed', 'The path has a bad percent-encoding.', {
              details: { path: 'bad percent-encoding' },
            })
          : notFound('Page'),
      );
    },
  });

  // Steps of a request. Each runs at once where it can; a promise is waited for only where there is one.

  function accept(entry: Entry, request: FastifyRequest, reply: FastifyReply): void {
    reply.hijack();
    const call = new Call(entry.route, entry.surface, requestIdOf(request.raw), request.raw, reply.raw);
    call.params = request.params;
    call.query = request.query;
    if (entry.route.probe === undefined && connections.isReserve(call.request.socket)) return fail(call, allInUse());
    if (entry.route.scope === null) return open(entry, call, request);
    let principal: Caller | Promise<Caller>;
    try {
      principal = callerOf(entry, call);
    } catch (error) {
      return strange(call, request, error);
    }
    if (principal instanceof Promise) {
      principal.then(
        (known) => charge(entry, call, known),
        (error: unknown) => strange(call, request, error),
      );
    } else {
      charge(entry, call, principal);
    }
  }

  function callerOf({ route, surface }: Entry, call: Call): Caller | Promise<Caller> {
    const key = surface.presentedKey(call.headers);
    if (key !== undefined) return gate.authenticate(key);
    const identified = route.identify?.(call.headers, call.query as Record<string, unknown>);
    if (identified !== undefined) return identified;
    throw new ApiError('unauthorized', surface.howToPresent);
  }

  function open(entry: Entry, call: Call, request: FastifyRequest): void {
    try {
      if (entry.counted) chargeAddress(call, request);
      read(entry, call);
    } catch (error) {
      fail(call, error);
    }
  }

  /** Counts a caller that no key answers for. */
  function chargeAddress(call: Call, request: FastifyRequest): void {
    call.decision = addressLimit.take(request.ip);
    if (!call.decision.allowed) throw tooMany(call);
  }

  /** The caller could not be told: its address is counted instead. */
  function strange(call: Call, request: FastifyRequest, error: unknown): void {
    call.decision = addressLimit.take(request.ip);
    const guessing = error instanceof ApiError && error.error === 'unauthorized';
    fail(call, guessing && !call.decision.allowed ? tooMany(call) : error);
  }

  function charge(entry: Entry, call: Call, principal: Caller): void {
    try {
      call.principal = principal;
      const decision = decisionOn(entry, principal);
      if (decision instanceof Promise) {
        decision
          .then((decided) => authorize(entry, call, principal, decided))
          .catch((error: unknown) => fail(call, error));
      } else {
        authorize(entry, call, principal, decision);
      }
    } catch (error) {
      fail(call, error);
    }
  }

  /**
   * Charges the plan's quota and, where the API has one, the key's; returns the one that refuses, else the key's. A caller without a key
   * has not proved who it is, so it cannot use up the organization's quota: its source has one of its own.
   */
  function decisionOn({ surface }: Entry, principal: Caller): Decision | Promise<Decision> {
    const hasKey = 'keyId' in principal;
    const owner = hasKey ? principal.organizationId : principal.sourceId;
    const ofPlan = rateLimiter.take(owner, gate.limitOf(principal), minuteMs);
    if (!hasKey || surface.keyQuota === undefined) return ofPlan;
    const ofKey = rateLimiter.take(principal.keyId, surface.keyQuota.limit, surface.keyQuota.windowMs);
    return Promise.all([ofPlan, ofKey]).then(([plan, key]) => (plan.allowed ? key : plan));
  }

  function authorize(entry: Entry, call: Call, principal: Caller, decision: Decision): void {
    call.decision = decision;
    if (!decision.allowed) return fail(call, tooMany(call));
    // The caller has hung up: nothing would end what begins here.
    if (call.response.destroyed) return;
    try {
      gate.authorize(principal, entry.route);
      bodies.assertPart(principal.organizationId);
      const isLong = entry.route.waits === true || entry.route.streams !== undefined;
      call.response.once('close', inProgress.begin(principal.organizationId, isLong));
      read(entry, call);
    } catch (error) {
      fail(call, error);
    }
  }

  const tooMany = (call: Call): ApiError => {
    const { resetAt = 0, limit = 0, windowMs = minuteMs } = call.decision ?? {};
    const retryAfterSeconds = Math.max(1, Math.ceil(resetAt - clock.now() / 1_000));
    const window = windowMs === minuteMs ? 'a minute' : 'an hour';
    return new ApiError(
      'rate_limit',
      `Too many requests: the limit is ${limit} ${window}. Try again in ${retryAfterSeconds} s.`,
      {
        retryAfterSeconds,
      },
    );
  };

  function read(entry: Entry, call: Call): void {
    const { request } = call;
    if (entry.route.streams !== undefined) return stream(entry, call, entry.route.streams);
    if (!entry.takesBody || !hasBody(request)) return handle(entry, call, undefined);
    assertReadable(request, entry.bytesMax);
    const owner = call.principal?.organizationId ?? anyone;
    let taken = 0;
    call.response.once('close', () => bodies.give(owner, taken));
    let first: Buffer | undefined;
    let chunks: Buffer[] | undefined;
    let bytes = 0;
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      try {
        if (bytes > entry.bytesMax) throw tooLarge(entry.bytesMax);
        bodies.take(owner, chunk.length);
        taken += chunk.length;
      } catch (error) {
        clearTimeout(slow);
        request.off('data', take);
        request.off('end', finish);
        first = undefined;
        chunks = undefined;
        return fail(call, error);
      }
      if (first === undefined) first = chunk;
      else (chunks ??= [first]).push(chunk);
    };
    const finish = (): void => {
      clearTimeout(slow);
      largeBodies.run(owner, bytes, () => {
        // The caller has hung up in the meantime.
        if (call.response.destroyed) return;
        try {
          handle(entry, call, chunks === undefined ? first : Buffer.concat(chunks, bytes));
        } catch (error) {
          fail(call, error);
        }
      });
    };
    // Node's own limit is that of streamed bodies.
    const slow = setTimeout(() => refuseBroken(tooSlow(), request.socket), timeouts.requestMs).unref();
    request.on('data', take);
    request.on('end', finish);
  }

  function stream(entry: Entry, call: Call, mediaType: string): void {
    const { request } = call;
    if (hasBody(request)) assertReadable(request, entry.bytesMax, mediaType);
    call.stream = streamOf(request, entry.bytesMax);
    handle(entry, call, undefined);
  }

  function handle(entry: Entry, call: Call, bytes: Buffer | undefined): void {
    parseRequest(entry.route, entry.counted, call, bytes);
    const { principal } = call;
    const work = (): Promise<Reply> | Reply => entry.handle(call, principal);
    const reply =
      principal === undefined || options.onBehalfOf === undefined
        ? work()
        : options.onBehalfOf(principal.organizationId, work);
    if (reply instanceof Promise) {
      reply.then((settled) => answer(call, settled)).catch((error: unknown) => fail(call, error));
    } else {
      answer(call, reply);
    }
  }

  function send(call: Call, reply: Reply): void {
    call.send(reply, clock, closing || connections.isReserve(call.request.socket));
    untilRead(call);
  }

  /** What the caller has yet to read is in memory, so it counts as a body does; a caller that takes too long is cut. */
  function untilRead({ response, request, principal }: Call): void {
    const bytes = response.writableLength;
    if (bytes === 0 || response.destroyed) return;
    const owner = principal?.organizationId ?? anyone;
    bodies.hold(owner, bytes);
    const slow = clock.setTimer(() => request.socket.destroy(), timeouts.readMs + bytes / readBytesPerMs);
    response.once('close', () => {
      clock.clearTimer(slow);
      bodies.give(owner, bytes);
    });
  }

  function answer(call: Call, reply: Reply): void {
    send(call, reply);
    finished(call, reply.status, undefined);
  }

  function fail(call: Call, thrown: unknown, headers?: Readonly<Record<string, string>>): void {
    const error = apiErrorOf(thrown);
    const reply = call.surface.errorReply(error, call.route, call.decision);
    send(call, headers === undefined ? reply : { ...reply, headers: { ...reply.headers, ...headers } });
    finished(call, error.status, error);
  }

  /**
   * One line a request. What succeeds is logged at debug only: the engine logs each delivery anyway, and a line a publish would cost more
   * than the publish. Refused writes are worth a line, except those that anyone can cause in any number (401, 404, 429). A database that
   * is away is logged once by who notices, not by every request.
   */
  function finished(call: Call, status: number, error: ApiError | undefined): void {
    options.observe?.(call.route, status, performance.now() - call.startedAt);
    const level =
      error?.error === 'internal'
        ? 'error'
        : status >= 400 && call.request.method !== 'GET' && !quiet.has(status)
          ? 'info'
          : 'debug';
    if (!log.isLevelEnabled(level)) return;
    log[level](
      {
        request_id: call.requestId,
        method: call.request.method,
        route: call.route?.path,
        status,
        code: error?.code,
        duration_ms: Math.round((performance.now() - call.startedAt) * 100) / 100,
        ...loggedCaller(call.principal),
        ...(level === 'error' ? { err: error?.cause ?? error } : {}),
      },
      'request.finished',
    );
  }

  /** The caller's id where it is one that can stand in a header and a log line. */
  function requestIdOf({ headers }: IncomingMessage): string {
    const given = headers['x-request-id'];
    return typeof given === 'string' && /^[\w.-]{1,128}$/.test(given) ? given : nextRequestId();
  }

  /** Answers what is no request of any route. */
  function refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    error: ApiError,
    headers?: Readonly<Record<string, string>>,
  ): void {
    reply.hijack();
    const call = new Call(undefined, surfaceOf(request.raw), requestIdOf(request.raw), request.raw, reply.raw);
    try {
      chargeAddress(call, request);
      fail(call, error, headers);
    } catch (error_) {
      fail(call, error_);
    }
  }

  app.addHook('onRequest', (request, reply, done) => {
    const encoding = request.raw.headers['transfer-encoding'];
    const isChunked = encoding === undefined || encoding.toLowerCase() === 'chunked';
    if (isChunked && !hasSeveralHosts(request.raw)) return done();
    const error = isChunked
      ? new ApiError('malformed', 'The request has more than one Host header. Send it once.', {
          details: { host: 'given more than once' },
        })
      : new ApiError('malformed', 'The Transfer-Encoding is not supported. Send chunked, or a Content-Length.', {
          details: { 'transfer-encoding': 'is not chunked' },
        });
    refuse(request, reply, error, { connection: 'close' });
  });

  const entries = Map.groupBy(options.routes.map(entryOf), ({ route }) => `${route.method} ${route.path}`);
  for (const spoken of entries.values()) {
    const [first, ...others] = spoken as [Entry, ...Entry[]];
    const entryFor = ({ headers }: IncomingMessage): Entry =>
      spoken.find(({ surface }) => surface.presentedKey(headers) !== undefined) ?? first;
    const onRequest =
      others.length === 0
        ? (request: FastifyRequest, reply: FastifyReply) => accept(first, request, reply)
        : (request: FastifyRequest, reply: FastifyReply) => accept(entryFor(request.raw), request, reply);
    app.route({ method: first.route.method, url: first.route.path, onRequest, handler: unreachable });
  }
  const surfaces = [...new Set(options.routes.map(({ surface }) => surface ?? native)), native].sort(
    (a, b) => b.prefix.length - a.prefix.length,
  );

  const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';

  /** Whose shape a refusal has: of the APIs with this path, or else with paths that begin like it, the one whose callers present their key like this. */
  function surfaceOf(request: IncomingMessage): Surface {
    const path = pathOf(request);
    const here = paths.filter(({ pattern }) => pattern.test(path)).map(({ surface }) => surface);
    const near = surfaces.filter(({ prefix }) => path.startsWith(prefix));
    const candidates = here.length > 0 ? here : near.filter(({ prefix }) => prefix === near[0]?.prefix);
    return (
      candidates.find(({ presentedKey }) => presentedKey(request.headers) !== undefined) ?? candidates[0] ?? native
    );
  }

  // Whatever no route takes. The not-found handler is left with methods fastify has no name for.
  const paths = options.routes.map(({ method, path, surface = native }) => ({
    method,
    path,
    pattern: patternOf(path),
    surface,
  }));
  const documented = options.routes.some(({ path }) => path === docsPath);
  const nothing = (request: FastifyRequest): ApiError =>
    new ApiError(
      'not_found',
      `There is nothing at this path.${documented && surfaceOf(request.raw) === native ? ` The API is described at ${docsPath}.` : ''}`,
    );
  const nowhere = (request: FastifyRequest, reply: FastifyReply): void => {
    const path = pathOf(request.raw);
    const here = paths.filter(({ pattern }) => pattern.test(path));
    const fixed = here.filter((each) => each.path === path);
    const methods = [
      ...new Set(
        (fixed.length > 0 ? fixed : here).flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])),
      ),
    ];
    // A method that is possible came here because its path holds what no route takes, such as a segment past the longest.
    if (methods.length === 0 || methods.includes(request.method)) return refuse(request, reply, nothing(request));
    const allow = methods.join(', ');
    return refuse(
      request,
      reply,
      new ApiError('method_not_allowed', `${request.method} is not possible here: ${allow}.`),
      { allow },
    );
  };
  // A fixed path such as /v1/events/batch is no id of /v1/events/:id, whose methods are not possible there. Vendors answer 404.
  for (const { path } of paths.filter(({ path: each, surface }) => surface === native && !each.includes(':'))) {
    const here = paths.filter(({ pattern }) => pattern.test(path));
    const taken = here.filter((each) => each.path === path).map(({ method }) => method);
    for (const { method } of here)
      if (!taken.includes(method) && !app.hasRoute({ method, url: path }))
        app.route({ method, url: path, onRequest: nowhere, handler: unreachable });
  }
  app.all('*', { onRequest: nowhere }, unreachable);
  app.setNotFoundHandler(nowhere);

  const { trustProxy } = options;
  const connections = limitConnections(app.server, {
    max: maxConnections,
    clock,
    log,
    isProxy: (address) => (typeof trustProxy === 'function' ? trustProxy(address) : trustProxy === true),
  });
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  return {
    app,
    async listen({ port, host, reusePort }) {
      try {
        await app.listen({ port, host, ...(reusePort === undefined ? {} : { reusePort }) });
      } catch (error) {
        throw listenProblem(error, port, host) ?? error;
      }
      return { port: (app.server.address() as AddressInfo).port };
    },
    async close(deadlineMs = defaultCloseMs) {
      closing = true;
      // Node ends idle connections, but takes one that has yet to say anything for busy; browsers open such in advance.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      const deadline = clock.setTimer(() => app.server.closeAllConnections(), deadlineMs);
      await app.close();
      clock.clearTimer(deadline);
    },
  };
}

/** fastify wants a handler; the request is taken over before it would get there. */
function unreachable(): never {
  throw new Error('A request got past its first hook.');
}

const allInUse = (): ApiError =>
  new ApiError('unavailable', 'Every connection of this server has a request in progress. Try again in a second.', {
    retryAfterSeconds: 1,
  });

const tooSlow = (): NodeJS.ErrnoException =>
  Object.assign(new Error('The body came too slowly.'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+')}$`);
