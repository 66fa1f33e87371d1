import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { pino } from 'pino';
import { edgeRoutes, uuid } from '../../test/harness/edge-routes.ts';
import type { Slow } from '../../test/harness/edge-routes.ts';
import { edgeScene, openEdge, rawExchange } from '../../test/harness/edge.ts';
import { OperatorError } from '../base/errors.ts';
import { createServer } from './server.ts';

let slow: Slow = { entered: Promise.withResolvers(), release: Promise.withResolvers() };
const routes = edgeRoutes(() => slow);

const { tenancy, edge, key } = await edgeScene(routes, { anonymousPerMinute: 1_000_000 });

test('bytes that are not HTTP get a 400 in the native error format, and the connection is closed', async () => {
  for (const nonsense of [
    'hello\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01',
    'GET / HTTP/1.1\r\nBad Header: x\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ]) {
    const answer = await rawExchange(edge.port, nonsense);
    assert.match(answer, /^HTTP\/1\.1 400 [^]*"details":\{\}\}\}$/, JSON.stringify(nonsense));
    assert.match(answer, /x-request-id: /i);
  }
  assert.match(await rawExchange(edge.port, 'GET /healthz HTTP/1.1\r\n\r\n'), /^HTTP\/1\.1 400 /, 'no Host');
});

test('duplicate headers are accepted', async () => {
  const answer = await rawExchange(
    edge.port,
    `GET /v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nAuthorization: Bearer other\r\nX-Request-Id: one\r\nX-Request-Id: two\r\nContent-Type: a/b\r\nContent-Type: c/d\r\nConnection: close\r\n\r\n`,
  );
  assert.match(answer, /^HTTP\/1\.1 (200|400) /);
});

test('a request with several Host headers gets a 400, and the connection is closed', async () => {
  for (const path of ['/v1/things', '/healthz', '/nowhere']) {
    for (const hosts of ['Host: x\r\nHost: y', 'Host: x\r\nhOST: x', 'Host: x\r\nHost:']) {
      const answer = await rawExchange(
        edge.port,
        `GET ${path} HTTP/1.1\r\n${hosts}\r\nAuthorization: Bearer ${key}\r\n\r\n`,
      );
      assert.match(answer, /^HTTP\/1\.1 400 [^]*more than one Host header/, `${path} ${hosts}`);
    }
  }
});

test('requests that a proxy could interpret differently get a 400', async () => {
  const post = 'POST /v1/things HTTP/1.1\r\nHost: x\r\n';
  for (const smuggled of [
    `${post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
    `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    `${post}Content-Length: +5\r\n\r\nhello`,
    `${post}Content-Length: 5, 5\r\n\r\nhello`,
    `${post}Content-Length : 5\r\n\r\nhello`,
    `${post}Content-Length:\r\n 5\r\n\r\nhello`,
    `${post}Content-Length: 5\nX: y\r\n\r\nhello`,
    `${post}X: a\0b\r\n\r\n`,
    ` ${post}\r\n`,
  ]) {
    assert.match(await rawExchange(edge.port, smuggled), /^HTTP\/1\.1 400 /, JSON.stringify(smuggled));
  }
});

test('arbitrary bytes get a clear reply or none, never a 500, and the server keeps running', async () => {
  const line = fc.constantFrom('GET', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'BREW');
  const header = fc.tuple(
    fc.constantFrom(
      'host',
      'authorization',
      'content-type',
      'content-length',
      'transfer-encoding',
      'x-request-id',
      'expect',
      'connection',
      'cookie',
    ),
    fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.constantFrom('application/json', 'close', 'chunked', '100-continue', `Bearer ${key}`, '5'),
    ),
  );
  await fc.assert(
    fc.asyncProperty(
      line,
      fc.oneof(
        fc.webPath(),
        fc.string({ maxLength: 60 }),
        fc.constantFrom('/v1/things', '/v1/faults/conflict', `/v1/things/${uuid}`, '/v1/named/%F0%9F%92%A9'),
      ),
      fc.array(header, { maxLength: 8 }),
      fc.oneof(fc.json(), fc.string()),
      async (method, path, headers, body) => {
        const socket = connectSocket(edge.port, '127.0.0.1');
        let received = '';
        socket.on('data', (chunk) => (received += chunk.toString()));
        socket.on('error', () => {});
        socket.end(
          `${method} ${path} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
        );
        await new Promise<void>((resolve) => socket.once('close', () => resolve()));
        assert.doesNotMatch(received, /^HTTP\/1\.1 5/);
      },
    ),
    { numRuns: 300 },
  );
  assert.equal((await edge.call('GET', '/v1/things', { key })).status, 200);
});

test('408: a body or headers that arrive too slowly end the connection', async () => {
  const own = await openEdge(tenancy, routes, { timeouts: { headersMs: 150, requestMs: 300, checkMs: 50 } });
  try {
    const slowBody = await rawExchange(
      own.port,
      `POST /v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"name"`,
    );
    assert.match(slowBody, /^HTTP\/1\.1 408 [^]*"code":"request_timeout"/);
    assert.match(await rawExchange(own.port, 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: '), /^HTTP\/1\.1 408 /);
  } finally {
    await own.close();
  }
});

test("the handler's signal aborts when the client disconnects", async () => {
  slow = { entered: Promise.withResolvers(), release: Promise.withResolvers() };
  const request = httpRequest(`${edge.url}/v1/slow`, { method: 'POST', headers: { authorization: `Bearer ${key}` } });
  request.on('error', () => {});
  request.end();
  const signal = await slow.entered.promise;
  assert.equal(signal.aborted, false);
  request.destroy();
  await once(signal, 'abort');
  slow.release.resolve();
});

test('closing finishes requests in progress with `connection: close` and accepts no new ones', async () => {
  slow = { entered: Promise.withResolvers(), release: Promise.withResolvers() };
  const own = await openEdge(tenancy, routes);
  const socket = connectSocket(own.port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => (received += chunk.toString()));
  const ended = once(socket, 'close');
  socket.write(`POST /v1/slow HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`);
  await slow.entered.promise;
  const idle = connectSocket(own.port, '127.0.0.1');
  await once(idle, 'connect');
  const closed = own.server.close(60_000);
  await once(idle, 'close');
  await assert.rejects(own.call('GET', '/healthz'));
  slow.release.resolve();
  await ended;
  await closed;
  assert.match(received, /^HTTP\/1\.1 200 [^]*connection: close[^]*"data":"done"/i);
});

test('closing disconnects unfinished requests at the deadline', async () => {
  slow = { entered: Promise.withResolvers(), release: Promise.withResolvers() };
  const own = await openEdge(tenancy, routes);
  const socket = connectSocket(own.port, '127.0.0.1');
  socket.on('error', () => {});
  const ended = once(socket, 'close');
  socket.write(`POST /v1/slow HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`);
  const signal = await slow.entered.promise;
  const closed = own.server.close(5_000);
  await tenancy.clock.advance(4_999);
  assert.equal(signal.aborted, false);
  await tenancy.clock.advance(1);
  await ended;
  await closed;
  assert.equal(signal.aborted, true);
  slow.release.resolve();
});

test('an address that cannot be used fails with an error that tells the operator what to do', async () => {
  const own = await openEdge(tenancy, routes);
  const other = createServer({
    routes: [],
    gate: { authenticate: () => assert.fail(), limitOf: () => 1, authorize: () => {} },
    rateLimiter: { take: () => assert.fail(), run: () => Promise.resolve() },
    clock: tenancy.clock,
    log: pino({ level: 'silent' }),
  });
  await assert.rejects(
    other.listen({ port: own.port, host: '127.0.0.1' }),
    (error) => error instanceof OperatorError && error.message.includes(String(own.port)),
  );
  await other.close();
  await own.close();
});
