import assert from 'node:assert/strict';
import { z } from 'zod';
import { ApiError } from '../../src/base/errors.ts';
import { pageQuery } from '../../src/http/page.ts';
import { route } from '../../src/http/route.ts';
import type { Route } from '../../src/http/route.ts';
import type { Answer } from './edge.ts';

export const uuid = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22';

/** Controls a call of `/v1/slow`. */
export interface Slow {
  /** Resolves with the handler's signal once it runs. */
  readonly entered: PromiseWithResolvers<AbortSignal>;
  readonly release: PromiseWithResolvers<void>;
}

const answers = { 200: { description: 'Done.' } };
const thing = z.strictObject({
  name: z.string().min(1),
  size: z.number().int().optional(),
  labels: z.array(z.string()).optional(),
  data: z.unknown().optional(),
  kind: z.union([z.literal('a'), z.strictObject({ deep: z.string() })]).optional(),
});
const common = { tag: 'Test', summary: 'A route of the test', answers };
/** Routes of every kind that the HTTP edge supports. `slow` controls the next call of `/v1/slow`. */
export const edgeRoutes = (slow: () => Slow): readonly Route[] => [
  route({
    ...common,
    method: 'GET',
    path: '/healthz',
    probe: true,
    scope: null,
    handle: () => ({ status: 200, body: { status: 'ok' } }),
  }),
  route({
    ...common,
    method: 'GET',
    path: '/v1/open',
    scope: null,
    handle: () => ({ status: 200, body: 'text', headers: { 'content-type': 'text/plain' } }),
  }),
  route({
    ...common,
    method: 'GET',
    path: '/v1/things',
    scope: 'webhooks:read',
    boundKeys: 'own',
    query: pageQuery,
    handle: ({ query }) => ({
      status: 200,
      body: { data: [], page: query.page, page_size: query.page_size, total: 0 },
    }),
  }),
  route({
    ...common,
    method: 'POST',
    path: '/v1/things',
    scope: 'webhooks:write',
    boundKeys: 'own',
    body: thing,
    opaque: ['data'],
    handle: ({ body, rawBody, requestId }) => ({ status: 201, body: { data: body, raw: rawBody, id: requestId } }),
  }),
  route({
    ...common,
    method: 'GET',
    path: '/v1/things/:id',
    scope: 'webhooks:read',
    boundKeys: 'own',
    params: z.object({ id: z.uuid() }),
    handle: ({ params }) => ({ status: 200, body: { data: params } }),
  }),
  route({
    ...common,
    method: 'DELETE',
    path: '/v1/things/:id',
    scope: 'webhooks:write',
    boundKeys: 'own',
    params: z.object({ id: z.uuid() }),
    handle: () => ({ status: 204 }),
  }),
  route({
    ...common,
    method: 'GET',
    path: '/v1/named/:name',
    scope: 'any',
    boundKeys: 'own',
    params: z.object({ name: z.string() }),
    handle: ({ params }) => ({ status: 200, body: { data: params } }),
  }),
  route({
    ...common,
    method: 'POST',
    path: '/v1/small',
    scope: 'any',
    boundKeys: 'own',
    bodyBytesMax: 1_000,
    body: z.looseObject({}),
    handle: () => ({ status: 200, body: {} }),
  }),
  route({
    ...common,
    method: 'POST',
    path: '/v1/bare',
    scope: 'any',
    boundKeys: 'own',
    handle: () => ({ status: 200, body: {} }),
  }),
  route({
    ...common,
    method: 'POST',
    path: '/v1/faults/:kind',
    scope: 'any',
    boundKeys: 'own',
    params: z.object({ kind: z.string() }),
    handle: ({ params }) => {
      if (params.kind === 'conflict') throw new ApiError('conflict', 'Two of these cannot be.');
      if (params.kind === 'not-implemented') throw new ApiError('not_implemented', 'Not built.');
      if (params.kind === 'database')
        throw Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' });
      if (params.kind === 'unserialisable') return { status: 200, body: { big: 1n } };
      throw new Error('the password is hunter2');
    },
  }),
  route({
    ...common,
    method: 'POST',
    path: '/v1/slow',
    waits: true,
    scope: 'any',
    boundKeys: 'own',
    handle: async ({ signal }) => {
      slow().entered.resolve(signal);
      await slow().release.promise;
      return { status: 200, body: { data: 'done' } };
    },
  }),
];

/** Checks a refusal: its status, code and shape, a request id and rate limit headers. */
export function assertRefused(
  answer: Answer,
  status: number,
  code: string,
): { message: string; details: Record<string, string> } {
  assert.equal(answer.status, status, answer.text);
  const { error } = answer.json;
  assert.ok(error !== undefined, answer.text);
  assert.equal(error.code, code);
  assert.deepEqual(Object.keys(answer.json), ['error']);
  assert.deepEqual(Object.keys(error), ['code', 'message', 'details']);
  assert.match(answer.headers.get('x-request-id') ?? '', /^[\w.-]{1,128}$/);
  for (const name of ['limit', 'remaining', 'reset'])
    assert.match(answer.headers.get(`x-ratelimit-${name}`) ?? '', /^\d+$/, name);
  return error;
}
