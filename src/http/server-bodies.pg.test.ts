import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { assertRefused, edgeRoutes, uuid } from '../../test/harness/edge-routes.ts';
import { edgeScene, rawExchange } from '../../test/harness/edge.ts';

const routes = edgeRoutes(() => assert.fail('not called here'));

const { edge, key, call } = await edgeScene(routes, { anonymousPerMinute: 1_000_000 });

test('422: each invalid field is named with its reason, including unknown and missing fields', async () => {
  const refused = async (body: unknown): Promise<Record<string, string>> =>
    assertRefused(await call('POST', '/v1/things', body), 422, 'validation_failed').details;
  assert.deepEqual(await refused({ size: 'big', colour: 'red' }), {
    name: 'is required',
    size: 'must be a number',
    colour: 'unknown field',
  });
  assert.deepEqual(await refused({ name: 'x', labels: ['a', 1] }), { 'labels.1': 'must be a string' });
  assert.deepEqual(await refused({ name: 'x', kind: { deep: 1 } }), { 'kind.deep': 'must be a string' });
  assert.deepEqual(await refused({ name: 'x', kind: 5 }), { kind: 'must be "a" or an object' });
  assert.deepEqual(await refused([]), { body: 'must be an object' });
  assert.deepEqual(await refused('null'), { body: 'must be an object' });
  assert.deepEqual(await refused('"text"'), { body: 'must be an object' });
  assert.equal(
    Object.keys(await refused(Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`field${index}`, 1]))))
      .length,
    50,
  );
});

test('422: without a required body, the error names the missing fields', async () => {
  assert.deepEqual(assertRefused(await call('POST', '/v1/things'), 422, 'validation_failed').details, {
    name: 'is required',
  });
  assert.deepEqual(
    assertRefused(
      await call('POST', '/v1/things', '', { 'content-type': 'application/json' }),
      422,
      'validation_failed',
    ).details,
    {
      name: 'is required',
    },
  );
  assert.equal((await call('POST', '/v1/bare')).status, 200);
  assert.equal((await call('POST', '/v1/bare', {})).status, 200);
  assert.deepEqual(assertRefused(await call('POST', '/v1/bare', { extra: 1 }), 422, 'validation_failed').details, {
    extra: 'unknown field',
  });
});

test('422: unknown and invalid query parameters are named', async () => {
  const details = async (path: string): Promise<Record<string, string>> =>
    assertRefused(await call('GET', path), 422, 'validation_failed').details;
  assert.deepEqual(await details('/v1/things?size=1'), { size: 'unknown field' });
  assert.deepEqual(Object.keys(await details('/v1/things?page=0&page_size=101')), ['page', 'page_size']);
  assert.deepEqual(Object.keys(await details('/v1/things?page=1&page=2')), ['page'], 'given twice');
  assert.deepEqual(await details(`/v1/things/${uuid}?expand=all`), { expand: 'unknown field' });
  assert.deepEqual(Object.entries(await details('/v1/things?__proto__=1')), [['__proto__', 'unknown field']]);
  assert.equal((await call('GET', '/v1/things?page=2&page_size=5')).json['page'], 2);
});

test('400: a body that is not JSON, not UTF-8 or nested too deeply', async () => {
  for (const body of [
    '{',
    '{"name":"x"}}',
    "{'name':'x'}",
    'undefined',
    ' ',
    '{"name":"x",}',
    '{"name":"\u0001"}',
    'NaN',
    `${'['.repeat(2_000)}${']'.repeat(2_000)}`,
    `{"name":"x","data":${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}}`,
  ]) {
    assert.ok('body' in assertRefused(await call('POST', '/v1/things', body), 400, 'validation_failed').details);
  }
  const latin1 = assertRefused(
    await call('POST', '/v1/things', Buffer.from('{"name":"\u00e9"}', 'latin1')),
    400,
    'validation_failed',
  );
  assert.deepEqual(latin1.details, { body: 'not valid UTF-8' });
  const deep = `{"name":"x","data":${'['.repeat(900)}"${'['.repeat(5_000)}\\"${'{'.repeat(100)}"${']'.repeat(900)}}`;
  assert.equal((await call('POST', '/v1/things', deep)).status, 201, 'brackets in strings are no depth');
});

test('422: __proto__ is refused anywhere, also when escaped; constructor is an ordinary name', async () => {
  for (const body of [
    '{"name":"x","__proto__":{"admin":true}}',
    '{"name":"x","data":{"__proto__":1}}',
    '{"name":"x","data":[{"\\u005f_proto_\\u005f":{}}]}',
    '{"name":"x","data":{"a":{"\\u005F\\u005Fproto__":null}}}',
  ]) {
    const { details } = assertRefused(await call('POST', '/v1/things', body), 422, 'validation_failed');
    assert.match(Object.keys(details)[0] ?? '', /__proto__$/);
  }
  assert.equal(
    (await call('POST', '/v1/things', '{"name":"__proto__","data":{"constructor":{"prototype":{}}}}')).status,
    201,
  );
  assert.equal(({} as Record<string, unknown>)['admin'], undefined);
});

test('413: a body over the limit, by its Content-Length or in chunks; a body at the limit is accepted', async () => {
  const body = (bytes: number): string => `{"a":"${'x'.repeat(bytes - 8)}"}`;
  assert.equal((await call('POST', '/v1/small', body(1_000))).status, 200);
  assertRefused(await call('POST', '/v1/small', body(1_001)), 413, 'payload_too_large');
  assertRefused(await call('POST', '/v1/things', { name: 'x'.repeat(256 * 1024) }), 413, 'payload_too_large');
  assertRefused(await call('POST', '/v1/things', { name: 'x'.repeat(20 * 1024 * 1024) }), 413, 'payload_too_large');
  const head = `POST /v1/small HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const chunk = `200\r\n${'x'.repeat(512)}\r\n`;
  const answer = await rawExchange(edge.port, head, chunk, chunk, chunk, chunk, '0\r\n\r\n');
  assert.match(answer, /^HTTP\/1\.1 413 [^]*connection: close[^]*"code":"payload_too_large"/i);
});

test('415: a body without a JSON content type', async () => {
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=latin1',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    '',
  ]) {
    assertRefused(
      await call('POST', '/v1/things', '{"name":"x"}', { 'content-type': type }),
      415,
      'unsupported_media_type',
    );
  }
  assertRefused(
    await call('POST', '/v1/things', '{"name":"x"}', { 'content-encoding': 'gzip' }),
    415,
    'unsupported_media_type',
  );
  for (const type of [
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
  ])
    assert.equal((await call('POST', '/v1/things', '{"name":"x"}', { 'content-type': type })).status, 201, type);
});

test('after refusing a request with a short body, the connection can be reused', async () => {
  const refused = `POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n${'x'.repeat(10)}`;
  assert.match(
    await rawExchange(edge.port, refused, `GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    /^HTTP\/1\.1 401 [^]*HTTP\/1\.1 200 /,
  );
});

test('a refused client that is still sending gets the reply immediately and no connection reset', async () => {
  const socket = connect(edge.port, '127.0.0.1');
  let failed: Error | undefined;
  socket.on('error', (error) => (failed = error));
  const piece = Buffer.alloc(100_000, 'x');
  socket.write(
    'POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500000\r\n\r\n',
  );
  socket.write(piece);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.match(answer.toString(), /^HTTP\/1\.1 401 [^]*connection: close/i);
  for (let sent = 1; sent < 5; sent += 1) await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
  await once(socket, 'close');
  assert.equal(failed, undefined);
});
