import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { Tenancy } from '../auth/index.ts';
import { authRoutes } from '../auth/routes.ts';
import { errorCodes } from '../base/errors.ts';
import { docsUiRoutes } from './docs-ui.ts';
import { openApiFaults } from '../../test/harness/openapi-faults.ts';
import { openApiDocument, openApiRoutes } from './openapi.ts';
import type { OpenApiOptions } from './openapi.ts';
import { route } from './route.ts';

// Describing routes needs none of their dependencies.
const tenancy = {} satisfies Partial<Tenancy> as Tenancy;

const health = route({
  method: 'GET',
  path: '/healthz',
  tag: 'Operations',
  summary: 'Alive',
  scope: null,
  answers: { 200: { description: 'Alive', schema: z.object({ status: z.string() }), example: { status: 'ok' } } },
  handle: () => ({ status: 200 }),
});
const publish = route({
  method: 'POST',
  path: '/v1/things',
  tag: 'Things',
  summary: 'Make a thing',
  scope: ['events:write', 'contacts:write'],
  boundKeys: 'own',
  headers: z.object({ 'Idempotency-Key': z.string().optional().describe('Safe to repeat.') }),
  answers: { 204: { description: 'Made' } },
  handle: () => ({ status: 204 }),
});
const text = route({
  method: 'GET',
  path: '/metrics',
  tag: 'Operations',
  summary: 'Metrics',
  scope: null,
  answers: { 200: { description: 'Text', schema: z.string(), contentType: 'text/plain' } },
  handle: () => ({ status: 200 }),
});

const options = (): OpenApiOptions => ({
  routes: [
    ...authRoutes(
      tenancy,
      async () => {},
      { take: () => assert.fail('only described') },
      { begin: () => assert.fail('only described') },
    ),
    health,
    publish,
    text,
    ...docsUiRoutes([]),
    ...openApiRoutes(['acme'], () => ({})),
  ],
  version: '1.2.3',
  publicUrl: 'https://outrider.example.com',
  webhooks: {
    'email.sent': {
      summary: 'A message left.',
      schema: z.object({ event: z.literal('email.sent'), data: z.object({ to: z.string() }) }),
      examples: { standard: { event: 'email.sent', data: { to: 'a@example.com' } } },
    },
    'own.type': {
      summary: 'As JSON Schema.',
      schema: { type: 'object', properties: { event: { const: 'own.type' } } },
      examples: { standard: { event: 'own.type' } },
    },
  },
});

type Json = Record<string, never>;
const document = openApiDocument(options());
const at = (...path: string[]): Json =>
  path.reduce<Json>(
    (value, key) => (value[key] ?? assert.fail(`no ${key} in ${path.join(' ')}`)) as Json,
    document as Json,
  );

test('the document has no faults: references resolve, operations have ids and examples', () => {
  assert.deepEqual(openApiFaults(document), []);
});

test('openApiFaults finds each kind of fault', () => {
  const broken = structuredClone(document) as Record<string, Record<string, Record<string, Record<string, unknown>>>>;
  const me = broken['paths']?.['/v1/me']?.['get'];
  assert.ok(me);
  delete me['operationId'];
  me['responses'] = {
    200: { description: 'x', content: { 'application/json': { schema: { $ref: '#/components/schemas/Nothing' } } } },
  };
  const key = broken['paths']?.['/v1/keys/{id}']?.['get'];
  assert.ok(key);
  key['operationId'] = 'listKeys';
  key['parameters'] = [];
  assert.deepEqual(openApiFaults(broken), [
    '#/paths//v1/me/get/responses/200/content/application/json/schema: #/components/schemas/Nothing is a dangling reference',
    'paths GET /v1/me: has no operationId',
    'paths GET /v1/me: its response 200 has no example',
    'paths GET /v1/keys/{id}: shares the operationId listKeys',
    'paths GET /v1/keys/{id}: does not declare {id}',
  ]);
});

test('the same routes generate the same bytes', () => {
  assert.equal(JSON.stringify(openApiDocument(options())), JSON.stringify(document));
});

test('an operation describes its scope, parameters, body, responses with headers, and possible errors', () => {
  const create = at('paths', '/v1/keys', 'post');
  assert.deepEqual(create['security'], [{ bearerKey: ['keys:write'] }]);
  assert.deepEqual(Object.keys(create['responses'] ?? {}), [
    '201',
    '400',
    '401',
    '403',
    '405',
    '408',
    '409',
    '413',
    '415',
    '422',
    '429',
    '431',
    '500',
    '503',
  ]);
  assert.deepEqual(Object.keys(at('paths', '/v1/keys', 'post', 'responses', '201', 'headers')), [
    'X-Request-Id',
    'X-RateLimit-Limit',
    'X-RateLimit-Remaining',
    'X-RateLimit-Reset',
    'Idempotency-Replayed',
    'ETag',
  ]);
  assert.equal(at('paths', '/v1/keys', 'post', 'requestBody')['required'], true);
  assert.equal(
    at('paths', '/v1/keys', 'post', 'requestBody', 'content', 'application/json', 'schema')['$ref'],
    '#/components/schemas/CreateKeyBody',
    'generated clients name the body',
  );
  assert.equal(
    at('components', 'schemas', 'CreateKeyBody')['additionalProperties'],
    false,
    'unknown fields are refused',
  );
  assert.equal(at('components', 'schemas', 'Key')['additionalProperties'], undefined, 'answers may grow');
  assert.deepEqual(Object.keys(at('paths', '/v1/keys/{id}', 'get', 'responses')), [
    '200',
    '400',
    '401',
    '403',
    '404',
    '405',
    '408',
    '422',
    '429',
    '431',
    '500',
    '503',
  ]);
  assert.deepEqual(
    at('paths', '/v1/things', 'post')['security'],
    [{ bearerKey: ['events:write', 'contacts:write'] }],
    'both in one requirement',
  );
  assert.deepEqual(at('paths', '/v1/me', 'get')['security'], [{ bearerKey: [] }]);
  assert.deepEqual(at('paths', '/v1/openapi.json', 'get')['security'], []);
  assert.deepEqual(at('components', 'responses', 'RateLimit', 'content', 'application/json', 'example', 'error'), {
    code: 'rate_limit',
    message: 'Too many requests; wait for `Retry-After` seconds.',
    details: {},
  });
  assert.deepEqual(at('paths', '/v1/workspaces', 'post', 'responses', '409', 'content', 'application/json', 'schema'), {
    $ref: '#/components/schemas/ErrorResponse',
  });
  assert.equal(at('components', 'schemas')['Error'], undefined, 'it would hide the Error of a generated client');
  assert.deepEqual(
    new Set(
      Object.values(at('components', 'schemas', 'ErrorResponse', 'properties', 'error', 'properties', 'code', 'enum')),
    ),
    new Set(errorCodes),
  );
});

test('the headers that a route reads are parameters, and invalid headers are a possible error', () => {
  assert.deepEqual(at('paths', '/v1/things', 'post')['parameters'], [
    {
      in: 'header',
      name: 'Idempotency-Key',
      schema: { type: 'string', description: 'Safe to repeat.' },
      description: 'Safe to repeat.',
    },
  ]);
  assert.ok('422' in at('paths', '/v1/things', 'post', 'responses'));
});

test('pages and assets are omitted; routes outside /v1 have no rate limits; a text response is not JSON', () => {
  const paths = Object.keys(at('paths'));
  assert.ok(!paths.some((path) => path.startsWith('/docs')));
  assert.deepEqual(Object.keys(at('paths', '/healthz', 'get', 'responses')), ['200', '405', '408', '431']);
  assert.equal(at('paths', '/healthz', 'get', 'responses', '200')['headers'], undefined);
  assert.deepEqual(Object.keys(at('paths', '/metrics', 'get', 'responses', '200', 'content')), ['text/plain']);
  assert.equal(at('paths', '/healthz', 'get')['operationId'], 'getHealthz');
});

test('webhooks are described with zod or JSON Schema', () => {
  assert.deepEqual(Object.keys(at('webhooks')), ['email.sent', 'own.type']);
  assert.deepEqual(
    at(
      'webhooks',
      'email.sent',
      'post',
      'requestBody',
      'content',
      'application/json',
      'schema',
      'properties',
      'data',
      'properties',
    ),
    {
      to: { type: 'string' },
    },
  );
  assert.deepEqual(at('webhooks', 'own.type', 'post', 'requestBody', 'content', 'application/json', 'schema'), {
    type: 'object',
    properties: { event: { const: 'own.type' } },
  });
});

test('two routes with the same operation id are refused', () => {
  assert.throws(
    () => openApiDocument({ routes: [health, { ...text, operationId: 'getHealthz' }], version: '1' }),
    /getHealthz/,
  );
});
