import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { ApiError, notFound } from '../../src/base/errors.ts';
import type { ErrorName } from '../../src/base/errors.ts';
import type { KeyId, OrganizationId, WorkspaceId } from '../../src/base/ids.ts';
import { parseJson } from '../../src/http/body.ts';
import type { Principal, Reply, Route, RouteRequest } from '../../src/http/route.ts';
import { assertHeaders, validated } from '../../src/http/validation.ts';

export interface CallOptions {
  /** In addition to the parameters in the path's query. */
  readonly query?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
  /** Aborts when the client disconnects. */
  readonly signal?: AbortSignal;
}

/**
 * Calls a route as the server does after authorization: parses the request, and checks that the reply is documented.
 * @param body an object, or JSON text
 */
export async function callRoute(
  routes: readonly Route[],
  principal: Principal,
  method: Route['method'],
  path: string,
  body: unknown = {},
  { query = {}, headers = {}, signal = new AbortController().signal }: CallOptions = {},
): Promise<Reply> {
  const { pathname, searchParams } = new URL(path, 'http://test');
  const [found] = routes
    .flatMap((route) => {
      const params = route.method === method ? matched(route.path, pathname) : undefined;
      return params === undefined ? [] : [{ route, params }];
    })
    .sort((one, other) => Object.keys(one.params).length - Object.keys(other.params).length);
  assert.ok(found, `there is no route ${method} ${pathname}`);
  const { route } = found;
  const params = route.params?.safeParse(found.params);
  if (params?.success === false) throw notFound('Resource');
  const rawBody = typeof body === 'string' ? body : JSON.stringify(body);
  const request: RouteRequest<unknown, unknown, unknown> = {
    params: params?.data,
    query: route.query && validated(route.query, { ...Object.fromEntries(searchParams), ...query }, 'query'),
    body: route.body && validated(route.body, parseJson(rawBody, route.opaque), 'body'),
    rawBody,
    stream: Readable.from([]),
    headers,
    method,
    address: '127.0.0.1',
    requestId: 'test',
    decision: undefined,
    signal,
  };
  if (route.headers !== undefined) assertHeaders(route.headers, headers);
  const reply = await route.handle(request as RouteRequest<never, never, never>, principal);
  const answer = route.answers[reply.status];
  assert.ok(answer, `${method} ${route.path} does not document ${reply.status}`);
  const shown: unknown = typeof reply.body === 'string' ? JSON.parse(reply.body) : reply.body;
  answer.schema?.parse(shown);
  return { ...reply, body: shown };
}

/** The parameters of a path that matches a route's pattern. */
function matched(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length || !wanted.every((part, index) => part.startsWith(':') || part === given[index]))
    return undefined;
  return Object.fromEntries(
    wanted.flatMap((part, index) => (part.startsWith(':') ? [[part.slice(1), given[index] ?? '']] : [])),
  );
}

/** A key of the organization, or of one of its workspaces, that has every scope. */
export const principalOf = (organizationId: OrganizationId, workspaceId?: WorkspaceId): Principal => ({
  organizationId,
  organizationSlug: 'acme',
  plan: 'unlimited',
  sandbox: false,
  workspaceId,
  keyId: '00000000-0000-7000-8000-000000000001' as KeyId,
  scopes: ['*'],
});

/** For `assert.rejects`: an error of the catalogue by its name, with a matching message. */
export const refused = (error: ErrorName, message: RegExp) => (thrown: unknown) =>
  thrown instanceof ApiError && thrown.error === error && message.test(thrown.message);
