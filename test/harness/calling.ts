import assert from 'node:assert/strict';
import { ApiError } from '../../src/base/errors.ts';
import type { ErrorName } from '../../src/base/errors.ts';
import type { Principal, Reply, Route } from '../../src/http/route.ts';
import { validated } from '../../src/http/validation.ts';

export interface CallOptions {
  /** Of `:id` in the path. */
  readonly id?: string;
  readonly query?: unknown;
  readonly body?: unknown;
  /** Aborts when the caller hangs up. */
  readonly signal?: AbortSignal;
}

/** Calls a route as the server does once it knows the caller: the schemas parse what comes, and hold what is answered. */
export async function callRoute(
  routes: readonly Route[],
  principal: Principal,
  method: Route['method'],
  path: string,
  options: CallOptions = {},
): Promise<Reply> {
  const route = routes.find((one) => one.method === method && one.path === path);
  assert.ok(route, `there is a route ${method} ${path}`);
  const { id, query = {}, body, signal = new AbortController().signal } = options;
  const request = {
    params: route.params === undefined ? undefined : route.params.parse({ id }),
    query: route.query === undefined ? undefined : validated(route.query, query, 'query'),
    body: route.body === undefined ? undefined : validated(route.body, body, 'body'),
    signal,
  };
  const reply = await route.handle(request as never, principal);
  const answer = route.answers[reply.status];
  assert.ok(answer, `${reply.status} is documented`);
  answer.schema?.parse(reply.body);
  return reply;
}

/** For `assert.rejects`: an error of the catalogue by its name, whose message fits. */
export const refused = (error: ErrorName, message: RegExp) => (thrown: unknown) =>
  thrown instanceof ApiError && thrown.error === error && message.test(thrown.message);
