import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, notFound, unreachable } from '../base/errors.ts';
import { chargeAddress } from './accept.ts';
import { Call } from './call.ts';
import { docsPath } from './docs-ui.ts';
import type { Edge } from './edge.ts';
import { native } from './error-answer.ts';
import { fail } from './reply.ts';
import { requestIdOf } from './request-id.ts';
import type { Route, Surface } from './route.ts';

type Headers = Readonly<Record<string, string>>;

/** Answers requests that no route handles, each in the format of the API that it seems to be for. */
export interface Unrouted {
  /** Refuses the request; it counts against the client's IP address. */
  refuse(request: FastifyRequest, reply: FastifyReply, error: ApiError, headers?: Headers): void;
  /** Refuses framing that a proxy may read differently (RFC 9112 §3.2, §6.1). @returns false when the framing is fine. */
  refuseFraming(request: FastifyRequest, reply: FastifyReply): boolean;
  /** Answers 405 with `allow` where other methods are possible, else 404. */
  refusePath(request: FastifyRequest, reply: FastifyReply): void;
  /**
   * Registers the methods that a fixed path such as /v1/events/batch would otherwise share with /v1/events/:id, where they are possible:
   * it is not an id. Vendors answer 404 there.
   */
  shadowParameters(app: FastifyInstance): void;
}

interface Path {
  readonly method: string;
  readonly path: string;
  readonly pattern: RegExp;
  readonly surface: Surface;
}

export function createUnrouted(edge: Edge, routes: readonly Route[]): Unrouted {
  const paths = routes.map(({ method, path, surface = native }): Path => ({
    method,
    path,
    pattern: patternOf(path),
    surface,
  }));
  const surfaces = [...new Set([...paths.map(({ surface }) => surface), native])].sort(
    (a, b) => b.prefix.length - a.prefix.length,
  );
  const isDocumented = paths.some(({ path }) => path === docsPath);

  const matching = (path: string): Path[] => paths.filter(({ pattern }) => pattern.test(path));

  /**
   * The API whose format a refusal has: of the APIs with this path, or else with the longest matching prefix, the one whose callers
   * present their key as this request does.
   */
  function surfaceOf(request: IncomingMessage): Surface {
    const path = pathOf(request);
    const here = matching(path).map(({ surface }) => surface);
    const near = surfaces.filter(({ prefix }) => path.startsWith(prefix));
    const candidates = here.length > 0 ? here : near.filter(({ prefix }) => prefix === near[0]?.prefix);
    return (
      candidates.find(({ presentedKey }) => presentedKey(request.headers) !== undefined) ?? candidates[0] ?? native
    );
  }

  function refuse(request: FastifyRequest, reply: FastifyReply, error: ApiError, headers?: Headers): void {
    reply.hijack();
    const { raw } = request;
    const call = new Call(undefined, surfaceOf(raw), requestIdOf(raw.headers, edge.nextRequestId), raw, reply.raw);
    try {
      chargeAddress(edge, call, request);
      fail(edge, call, error, headers);
    } catch (error_) {
      fail(edge, call, error_);
    }
  }

  function refusePath(request: FastifyRequest, reply: FastifyReply): void {
    const path = pathOf(request.raw);
    const here = matching(path);
    const fixed = here.filter((each) => each.path === path);
    const methods = (fixed.length > 0 ? fixed : here).flatMap(({ method }) =>
      method === 'GET' ? ['GET', 'HEAD'] : [method],
    );
    // A possible method gets here when no route takes its path, such as one with too long a segment.
    if (methods.length === 0 || methods.includes(request.method)) {
      const hint = isDocumented && surfaceOf(request.raw) === native ? ` The API is described at ${docsPath}.` : '';
      return refuse(request, reply, new ApiError('not_found', `There is nothing at this path.${hint}`));
    }
    const allow = [...new Set(methods)].join(', ');
    const message = `This path does not support ${request.method}; it supports ${allow}.`;
    return refuse(request, reply, new ApiError('method_not_allowed', message), { allow });
  }

  return {
    refuse,
    refusePath,
    refuseFraming(request, reply) {
      const error = framingError(request.raw);
      if (error !== undefined) refuse(request, reply, error, { connection: 'close' });
      return error !== undefined;
    },
    shadowParameters(app) {
      for (const { path } of paths.filter(({ path: each, surface }) => surface === native && !each.includes(':'))) {
        const here = matching(path);
        const own = here.filter((each) => each.path === path).map(({ method }) => method);
        for (const { method } of here)
          if (!own.includes(method) && !app.hasRoute({ method, url: path }))
            app.route({ method, url: path, onRequest: refusePath, handler: neverCalled });
      }
    },
  };
}

/** The error of a request that fastify cannot route. */
export const routingError = ({ code }: { readonly code: string }): ApiError =>
  code === 'FST_ERR_BAD_URL'
    ? new ApiError('malformed', 'The path has a bad percent-encoding.', { details: { path: 'bad percent-encoding' } })
    : notFound('Page');

/** fastify needs a handler, but the `onRequest` hook takes every request over. */
export function neverCalled(): never {
  throw unreachable('the onRequest hook takes the request over');
}

function framingError(request: IncomingMessage): ApiError | undefined {
  const encoding = request.headers['transfer-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'chunked')
    return new ApiError('malformed', 'The Transfer-Encoding is not supported. Send chunked, or a Content-Length.', {
      details: { 'transfer-encoding': 'is not chunked' },
    });
  if (hasSeveralHosts(request))
    return new ApiError('malformed', 'The request has more than one Host header. Send it once.', {
      details: { host: 'given more than once' },
    });
  return undefined;
}

/** RFC 9112 §3.2. A proxy may use another one of them; Node keeps the first. */
function hasSeveralHosts({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1;
}

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+')}$`);
