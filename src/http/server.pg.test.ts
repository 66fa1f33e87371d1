import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertRefused, edgeRoutes, uuid } from '../../test/harness/edge-routes.ts';
import { edgeScene, openEdge, rawExchange } from '../../test/harness/edge.ts';
import { createGate, createKey } from '../auth/index.ts';
import { route } from './route.ts';

const routes = edgeRoutes(() => assert.fail('not called here'));

const { tenancy, edge, key, call } = await edgeScene(routes, { anonymousPerMinute: 1_000_000 });

// Answers -------------------------------------------------------------------------------------------

test("a reply has its body, a request id and the organization's rate-limit headers", async () => {
  const answer = await call('POST', '/v1/things', { name: 'x', size: 3 });
  assert.equal(answer.status, 201);
  assert.deepEqual(answer.json['data'], { name: 'x', size: 3 });
  assert.equal(answer.json['raw'], '{"name":"x","size":3}');
  assert.equal(answer.json['id'], answer.headers.get('x-request-id'));
  assert.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8');
  assert.equal(answer.headers.get('x-ratelimit-limit'), '2147483647');
  assert.equal(answer.headers.get('x-ratelimit-remaining'), '2147483647');
  assert.equal(answer.headers.get('x-ratelimit-reset'), String(Date.UTC(2026, 0, 5, 9, 1) / 1_000));
});

test('204 has no body; HEAD has the headers of GET; text is sent unchanged', async () => {
  const deleted = await call('DELETE', `/v1/things/${uuid}`);
  assert.deepEqual([deleted.status, deleted.text, deleted.headers.get('content-length')], [204, '', null]);
  const head = await call('HEAD', '/v1/things');
  assert.deepEqual([head.status, head.text], [200, '']);
  assert.equal(head.headers.get('content-length'), String((await call('GET', '/v1/things')).text.length));
  const open = await edge.call('GET', '/v1/open');
  assert.deepEqual([open.status, open.text, open.headers.get('content-type')], [200, 'text', 'text/plain']);
});

test('routes outside /v1 are not counted and ignore a query', async () => {
  const answer = await edge.call('GET', '/healthz?probe=1');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('x-ratelimit-limit'), null);
  assert.match(answer.headers.get('x-request-id') ?? '', /./);
});

test('a safe x-request-id of the caller is kept; otherwise each reply gets a new one', async () => {
  assert.equal(
    (await call('GET', '/v1/things', undefined, { 'x-request-id': 'trace-1.a_B' })).headers.get('x-request-id'),
    'trace-1.a_B',
  );
  const made = new Set<string | null>();
  for (const given of ['', 'with space', 'a'.repeat(129), 'semi;colon', '<script>'])
    made.add((await call('GET', '/v1/things', undefined, { 'x-request-id': given })).headers.get('x-request-id'));
  assert.equal(made.size, 5);
  for (const id of made) assert.match(id ?? '', /^[\w.-]{10,128}$/);
});

// Authentication and quotas --------------------------------------------------------------------------

test('401: a missing key, an unknown key, another scheme; with WWW-Authenticate and the rate limit of the IP address', async () => {
  for (const authorization of [
    undefined,
    '',
    'Bearer',
    `Basic ${key}`,
    'Bearer nonsense',
    `Bearer otr_live_${'x'.repeat(43)}`,
    `Bearer ${key} `.repeat(2),
  ]) {
    const answer = await edge.call(
      'GET',
      '/v1/things',
      authorization === undefined ? {} : { headers: { authorization } },
    );
    assertRefused(answer, 401, 'unauthorized');
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
    assert.equal(answer.headers.get('x-ratelimit-limit'), '1000000');
  }
  assert.equal((await edge.call('GET', '/v1/things', { headers: { authorization: `bearer ${key}` } })).status, 200);
});

test('403: the error names the missing scope, or a plan without the API', async () => {
  const reader = await tenancy.tenant({ key: { scopes: ['read'] } });
  assert.equal((await edge.call('GET', '/v1/things', { key: reader.key.key })).status, 200);
  const refused = assertRefused(
    await edge.call('POST', '/v1/things', { key: reader.key.key, body: { name: 'x' } }),
    403,
    'forbidden',
  );
  assert.match(refused.message, /webhooks:write.*read/);
  assert.equal((await edge.call('GET', '/v1/named/x', { key: reader.key.key })).status, 200, 'any scope will do there');

  const small = await tenancy.tenant({ plan: 'growth' });
  await tenancy.db.execute({
    name: 'plan',
    text: "UPDATE organizations SET plan = 'starter' WHERE id = $1",
    values: [small.organization.id],
  });
  const answer = await edge.call('GET', '/v1/things', { key: small.key.key });
  assert.match(assertRefused(answer, 403, 'forbidden').message, /growth.*starter/);
  assert.equal(answer.headers.get('x-ratelimit-limit'), '1000', 'the limit of the plan there is');
});

test('429: the quota of the organization covers all its keys; Retry-After is the end of the window', async () => {
  const { organization, key: first } = await tenancy.tenant({ plan: 'growth' });
  const second = await createKey(tenancy, organization, { name: 'second', scopes: ['*'] });
  await tenancy.clock.advance(60_000 - (tenancy.clock.now() % 60_000) + 15_000);
  const own = await openEdge(tenancy, routes, { gate: { ...createGate(edge.principals), limitOf: () => 60 } });
  try {
    for (let used = 1; used <= 60; used += 1) {
      const answer = await own.call('GET', '/v1/things', { key: used % 2 === 0 ? first.key : second.key });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('x-ratelimit-remaining'), String(60 - used));
    }
    for (const each of [first, second]) {
      const answer = await own.call('POST', '/v1/things', { key: each.key, body: { name: 'x' } });
      assertRefused(answer, 429, 'rate_limit');
      assert.equal(answer.headers.get('retry-after'), '45');
      assert.equal(answer.headers.get('x-ratelimit-remaining'), '0');
    }
    await tenancy.clock.advance(45_000);
    assert.equal((await own.call('GET', '/v1/things', { key: first.key })).status, 200);
  } finally {
    await own.close();
  }
  assert.equal((await edge.call('GET', '/v1/things', { key: first.key })).headers.get('x-ratelimit-limit'), '5000');
});

test('429: requests without a valid key are limited by IP address; others are not', async () => {
  const own = await openEdge(tenancy, routes, { anonymousPerMinute: 5 });
  try {
    for (let count = 1; count <= 5; count += 1)
      assertRefused(
        await own.call('GET', '/v1/things', { key: `otr_live_${String(count).padStart(43, '0')}` }),
        401,
        'unauthorized',
      );
    const answer = await own.call('GET', '/v1/things');
    assertRefused(answer, 429, 'rate_limit');
    assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
    assertRefused(await own.call('GET', '/v1/open'), 429, 'rate_limit');
    assertRefused(await own.call('GET', '/v1/nothing'), 429, 'rate_limit');
    assert.equal((await own.call('GET', '/healthz')).status, 200);
    assert.equal((await own.call('GET', '/v1/things', { key })).status, 200);
    await tenancy.clock.advance(60_000);
    assert.equal((await own.call('GET', '/v1/open')).status, 200);
  } finally {
    await own.close();
  }
});

// Paths ---------------------------------------------------------------------------------------------

test('404: an unknown path, and a path with an impossible id', async () => {
  for (const path of [
    '/',
    '/v1',
    '/v1/nothing',
    '/v1/things/',
    '/V1/THINGS',
    '/v1//things',
    '/v1/things/x/y',
    '/v1/things%2F1',
    '/../etc/passwd',
  ])
    assertRefused(await call('GET', path), 404, 'not_found');
  for (const id of ['1', 'undefined', '%20', `${uuid}x`, '..%2f..', `a${'b'.repeat(290)}`, `a${'b'.repeat(400)}`])
    assertRefused(await call('GET', `/v1/things/${id}`), 404, 'not_found');
});

test('405: a known path with another method lists the allowed methods', async () => {
  for (const method of ['PUT', 'PATCH', 'OPTIONS', 'PROPFIND', 'QUERY']) {
    const answer = await call(method, '/v1/things');
    assertRefused(answer, 405, 'method_not_allowed');
    assert.equal(answer.headers.get('allow'), 'GET, HEAD, POST');
  }
  const answer = await call('POST', `/v1/things/${uuid}`, 'not even JSON', { 'content-type': 'text/plain' });
  assertRefused(answer, 405, 'method_not_allowed');
  assert.equal(answer.headers.get('allow'), 'GET, HEAD, DELETE');
});

test('400: a bad percent-encoding; 431: a URL or headers past 16 KiB', async () => {
  for (const path of ['/v1/named/%', '/v1/named/%zz', '/v1/named/%c3%28', '/%ff'])
    assertRefused(await call('GET', path), 400, 'validation_failed');
  assert.match(
    await rawExchange(edge.port, `GET /v1/things?q=${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`),
    /^HTTP\/1\.1 431 [^]*"code":"headers_too_large"/,
  );
  assert.match(
    await rawExchange(edge.port, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`),
    /^HTTP\/1\.1 431 /,
  );
});

test('422: NUL characters in path, query and body are reported, except in fields stored as bytes', async () => {
  assert.deepEqual(Object.keys(assertRefused(await call('GET', '/v1/named/a%00b'), 422, 'validation_failed').details), [
    'name',
  ]);
  assert.deepEqual(
    Object.keys(assertRefused(await call('GET', '/v1/things?page=%00'), 422, 'validation_failed').details),
    ['page'],
  );
  assertRefused(await call('GET', '/v1/things?a%00b=1'), 422, 'validation_failed');
  assert.deepEqual(
    assertRefused(await call('POST', '/v1/things', '{"name":"a\\u0000b"}'), 422, 'validation_failed').details,
    {
      name: 'must not contain NUL characters',
    },
  );
  assert.deepEqual(
    Object.keys(
      assertRefused(await call('POST', '/v1/things', { name: 'x', labels: ['y', '\0'] }), 422, 'validation_failed')
        .details,
    ),
    ['labels.1'],
  );
  assertRefused(await call('POST', '/v1/things', { name: 'x', '\0': 1 }), 422, 'validation_failed');
  assert.deepEqual((await call('POST', '/v1/things', { name: 'é', data: { text: '\0', '\0': ['\0'] } })).json.data, {
    name: 'é',
    data: { text: '\0', '\0': ['\0'] },
  });
  assert.deepEqual((await call('GET', '/v1/named/%2500')).json.data, { name: '%00' });
});

// Faults --------------------------------------------------------------------------------------------

test('errors of handlers: 409, 501, 503 with Retry-After; a 500 reveals nothing and is logged with the request id', async () => {
  assert.equal(
    assertRefused(await call('POST', '/v1/faults/conflict'), 409, 'conflict').message,
    'Two of these cannot be.',
  );
  assertRefused(await call('POST', '/v1/faults/not-implemented'), 501, 'not_implemented');
  const away = await call('POST', '/v1/faults/database');
  assertRefused(away, 503, 'unavailable');
  assert.match(away.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
  assert.doesNotMatch(away.text, /administrator/);
  for (const kind of ['other', 'unserialisable']) {
    const answer = await call('POST', `/v1/faults/${kind}`);
    assertRefused(answer, 500, 'internal');
    assert.doesNotMatch(answer.text, /hunter2|BigInt|server\.ts/);
    const line = edge.logged.find((each) => each['request_id'] === answer.headers.get('x-request-id'));
    assert.equal(line?.['level'], 50);
    assert.match(JSON.stringify(line?.['err']), /stack/);
  }
});

test('successes are logged at debug, refused writes at info; bodies, keys and queries never', async () => {
  const from = edge.logged.length;
  const secret = 'very-secret-content';
  await call('POST', '/v1/things', { name: secret });
  await call('POST', '/v1/things', { name: secret, [secret]: secret });
  await call('GET', `/v1/things?token=${secret}`);
  await edge.call('GET', `/v1/${secret}`, { key: `otr_live_${secret.repeat(3)}` });
  const lines = edge.logged.slice(from);
  assert.deepEqual(
    lines.map((line) => [line['level'], line['method'], line['route'], line['status'], line['code']]),
    [
      [20, 'POST', '/v1/things', 201, undefined],
      [30, 'POST', '/v1/things', 422, 'validation_failed'],
      [20, 'GET', '/v1/things', 422, 'validation_failed'],
      [20, 'GET', undefined, 404, 'not_found'],
    ],
  );
  assert.doesNotMatch(JSON.stringify(lines), /very-secret|otr_live/);
  assert.equal(typeof lines[0]?.['duration_ms'], 'number');
  assert.match(String(lines[0]?.['organization_id']), /^[0-9a-f-]{36}$/);
});

// Pages of other origins ----------------------------------------------------------------------------

test('pages of configured origins may call every route, also one that answers an error; no other page may', async () => {
  const origin = 'https://app.example.com';
  const open = await openEdge(tenancy, routes, { corsOrigins: [origin] });
  const ask = async (method: string, path: string, more: string, from = origin): Promise<string> =>
    rawExchange(
      open.port,
      `${method} ${path} HTTP/1.1\r\nHost: x\r\nOrigin: ${from}\r\nAuthorization: Bearer ${key}\r\n${more}Connection: close\r\n\r\n`,
    );
  const preflight =
    'Access-Control-Request-Method: PATCH\r\nAccess-Control-Request-Headers: authorization,x-api-key\r\n';
  for (const path of ['/v1/things', `/v1/things/${uuid}`, '/nowhere']) {
    const answer = await ask('OPTIONS', path, preflight);
    assert.match(answer, /^HTTP\/1\.1 204 /);
    assert.match(answer, /access-control-allow-origin: https:\/\/app\.example\.com\r\n/);
    assert.match(answer, /access-control-allow-methods: GET, HEAD, POST, PUT, PATCH, DELETE\r\n/);
    assert.match(answer, /access-control-allow-headers: authorization,x-api-key\r\n/);
    const shown = await ask('GET', path, '');
    assert.match(shown, /access-control-allow-origin: https:\/\/app\.example\.com\r\n/, path);
    assert.match(shown, /access-control-expose-headers: X-Request-Id, .*Retry-After/);
    assert.match(shown, /x-request-id: /);
    assert.match(shown, /vary: Origin\r\n/);
    assert.doesNotMatch(`${answer}${shown}`, /allow-credentials/i);
  }
  for (const from of ['https://evil.example', 'null', 'https://app.example.com.evil.example']) {
    assert.doesNotMatch(await ask('OPTIONS', '/v1/things', preflight, from), /access-control|^HTTP\/1\.1 2/);
    const shown = await ask('GET', '/v1/things', '', from);
    assert.doesNotMatch(shown, /access-control/);
    assert.match(shown, /vary: Origin\r\n/);
  }
  assert.doesNotMatch(
    await rawExchange(
      edge.port,
      'GET /healthz HTTP/1.1\r\nHost: x\r\nOrigin: https://app.example.com\r\nConnection: close\r\n\r\n',
    ),
    /access-control|vary/,
  );
  await open.close();
});

test('a route that reads If-Match cannot create something as well: its Idempotency-Key would win', async () => {
  const both = route({
    method: 'PATCH',
    path: '/v1/both/:id',
    tag: 'Things',
    summary: 'Change a thing',
    scope: 'events:write',
    boundKeys: 'own',
    record: {},
    creates: true,
    answers: { 204: { description: 'Changed.' } },
    handle: () => ({ status: 204 }),
  });
  await assert.rejects(async () => openEdge(tenancy, [both]), /PATCH \/v1\/both\/:id creates/);
});
