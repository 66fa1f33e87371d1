import { hourMs } from '../base/clock.ts';
import type { AddressInfo, Socket } from 'node:net';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { accept } from './accept.ts';
import { createAddressLimit } from './address-limit.ts';
import { listenProblem } from './address.ts';
import { createBodyBudget } from './body-budget.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { connectionsMax, createConnectionLimit } from './connection-limit.ts';
import { createCors } from './cors.ts';
import { entryOf } from './edge.ts';
import type { Edge, Entry, Timeouts } from './edge.ts';
import { createLargeBodies } from './large-bodies.ts';
import { createRequestIds } from './request-id.ts';
import { createRequestsInProgress } from './requests-in-progress.ts';
import { isConditional } from './route.ts';
import type { Route } from './route.ts';
import { createUnrouted, neverCalled, routingError } from './unrouted.ts';

export interface ServerOptions
  extends
    Pick<Edge, 'gate' | 'rateLimiter' | 'clock' | 'log'>,
    Partial<Pick<Edge, 'onBehalfOf' | 'idempotency' | 'db'>> {
  readonly routes: readonly Route[];
  /** Unauthenticated requests a minute from one IP address; 600 by default. */
  readonly anonymousPerMinute?: number;
  /** Proxies whose X-Forwarded-For is trusted, as fastify's `trustProxy`. */
  readonly trustProxy?: boolean | string | ((address: string) => boolean);
  /** Origins whose pages may call the routes; none by default. */
  readonly corsOrigins?: readonly string[];
  readonly timeouts?: Partial<Timeouts>;
  /** Limits of the bytes of bodies in memory. */
  readonly bodies?: Parameters<typeof createBodyBudget>[0];
  /** Open connections; half of the file descriptors by default. */
  readonly maxConnections?: number;
}

const defaultTimeouts: Timeouts = {
  headersMs: 10_000,
  requestMs: 60_000,
  streamMs: hourMs,
  keepAliveMs: 72_000,
  readMs: 60_000,
  checkMs: 1_000,
};
const defaultCloseMs = 10_000;
/** Longer than any id or name of ours. */
const paramLengthMax = 300;

export interface Server {
  /** @returns the port, which the system chooses for `port: 0`. @throws OperatorError when the address cannot be used. */
  listen(address: { readonly port: number; readonly host: string }): Promise<{ port: number }>;
  /** Stops accepting connections, finishes requests in progress, and disconnects the rest after `deadlineMs` (10 s by default). */
  close(deadlineMs?: number): Promise<void>;
  readonly app: FastifyInstance;
}

/**
 * Serves routes over HTTP. fastify manages the sockets and finds the route. Its first hook passes the request to our own steps (accept.ts),
 * because its own parsing and reply add 1 µs to a request that costs 16 µs on bare node:http.
 *
 * @example
 * const server = createServer({ routes, gate, rateLimiter, clock, log });
 * const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
 * await server.close();
 */
export function createServer(options: ServerOptions): Server {
  const { clock, routes } = options;
  const edge = edgeOf(options);
  const unrouted = createUnrouted(edge, routes);
  const app = fastify({
    logger: false,
    genReqId: () => '',
    routerOptions: { maxParamLength: paramLengthMax },
    trustProxy: options.trustProxy ?? false,
    requestTimeout: edge.timeouts.streamMs,
    keepAliveTimeout: edge.timeouts.keepAliveMs,
    http: { headersTimeout: edge.timeouts.headersMs, connectionsCheckingInterval: edge.timeouts.checkMs },
    return503OnClosing: false,
    clientErrorHandler: edge.refuseBroken,
    frameworkErrors: (error, request, reply) => unrouted.refuse(request, reply, routingError(error)),
  });
  const cors = createCors(options.corsOrigins ?? []);
  if (cors !== undefined)
    app.addHook('onRequest', (request, reply, done) => {
      if (!cors(request.raw, reply.raw)) done();
      else reply.hijack();
    });
  app.addHook('onRequest', (request, reply, done) => {
    if (!unrouted.refuseFraming(request, reply)) done();
  });
  const readers = new Map(
    routes.flatMap((route) => (route.method === 'GET' && route.surface === undefined ? [[route.path, route]] : [])),
  );
  const entriesOf = routes.map((route) => entryOf(route, isConditional(route) ? readerOf(route, readers) : undefined));
  for (const entries of Map.groupBy(entriesOf, ({ route }) => `${route.method} ${route.path}`).values())
    registerRoute(app, edge, entries as [Entry, ...Entry[]]);
  unrouted.shadowParameters(app);
  app.all('*', { onRequest: unrouted.refusePath }, neverCalled);
  // Left for methods that fastify does not know.
  app.setNotFoundHandler(unrouted.refusePath);

  edge.connections.watch(app.server);
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  return {
    app,
    async listen({ port, host }) {
      try {
        await app.listen({ port, host });
      } catch (error) {
        throw listenProblem(error, port, host) ?? error;
      }
      return { port: (app.server.address() as AddressInfo).port };
    },
    async close(deadlineMs = defaultCloseMs) {
      edge.closing = true;
      // Node closes idle connections, but considers one without any request yet busy; browsers open such connections in advance.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      const deadline = clock.setTimer(() => app.server.closeAllConnections(), deadlineMs);
      await app.close();
      clock.clearTimer(deadline);
    },
  };
}

function readerOf({ method, path, record, creates }: Route, readers: ReadonlyMap<string, Route>): Route {
  // `carryOut` applies only one of `Idempotency-Key` and `If-Match`.
  if (creates === true) throw new Error(`${method} ${path} creates, and changes a record: it cannot do both.`);
  const reader = readers.get(record?.readAt ?? path);
  if (reader === undefined) throw new Error(`No route reads what ${method} ${path} changes.`);
  return reader;
}

function edgeOf(given: ServerOptions): Edge {
  const { gate, rateLimiter, clock, log, onBehalfOf, idempotency, db, trustProxy, ...options } = given;
  const maxConnections = options.maxConnections ?? connectionsMax();
  const nextRequestId = createRequestIds();
  return {
    gate,
    rateLimiter,
    addressLimit: createAddressLimit(clock, options.anonymousPerMinute),
    bodies: createBodyBudget(options.bodies),
    largeBodies: createLargeBodies(),
    inProgress: createRequestsInProgress({
      perOwner: Math.ceil(maxConnections / 4),
      longPerOwner: Math.ceil(maxConnections / 8),
    }),
    connections: createConnectionLimit({
      max: maxConnections,
      clock,
      log,
      isProxy: (address) => (typeof trustProxy === 'function' ? trustProxy(address) : trustProxy === true),
    }),
    timeouts: { ...defaultTimeouts, ...options.timeouts },
    clock,
    log,
    nextRequestId,
    refuseBroken: answerBrokenRequest(nextRequestId),
    onBehalfOf,
    idempotency,
    db,
    closing: false,
  };
}

/** Registers the routes of one method and path. Where there are several, the first whose surface finds a key takes the request. */
function registerRoute(app: FastifyInstance, edge: Edge, entries: readonly [Entry, ...Entry[]]): void {
  const [first, ...others] = entries;
  const entryFor = ({ raw: { headers } }: FastifyRequest): Entry =>
    entries.find(({ surface }) => surface.presentedKey(headers) !== undefined) ?? first;
  const onRequest =
    others.length === 0
      ? (request: FastifyRequest, reply: FastifyReply) => accept(edge, first, request, reply)
      : (request: FastifyRequest, reply: FastifyReply) => accept(edge, entryFor(request), request, reply);
  app.route({ method: first.route.method, url: first.route.path, onRequest, handler: neverCalled });
}
