import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { edgeRoutes } from '../../test/harness/edge-routes.ts';
import type { Slow } from '../../test/harness/edge-routes.ts';
import { openEdge, openTestTenancy, rawExchange } from '../../test/harness/edge.ts';
import type { Answer, Edge, TestTenancy } from '../../test/harness/edge.ts';
import { createBodyBudget } from './body-budget.ts';
import { connectionsMax } from './connection-limit.ts';
import { route } from './route.ts';

const largeBytes = 32 * 1024 * 1024;
const large = route({
  method: 'GET',
  path: '/v1/large',
  tag: 'Test',
  summary: 'More than a connection takes at a time',
  scope: 'webhooks:read',
  boundKeys: 'own',
  answers: { 200: { description: 'Large.' } },
  handle: () => ({ status: 200, body: 'a'.repeat(largeBytes), headers: { 'content-type': 'text/plain' } }),
});

let tenancy: TestTenancy;
let edge: Edge;
const slow: Slow = { entered: Promise.withResolvers(), release: Promise.withResolvers() };
/** Requests in progress. */
let inProgress = 0;
before(async () => {
  tenancy = await openTestTenancy();
  edge = await openEdge(tenancy, [...edgeRoutes(() => slow), large], {
    maxConnections: 8,
    bodies: { perOwnerMax: 100, totalMax: 150 },
  });
  edge.server.app.server.on('request', (_request, response) => {
    inProgress += 1;
    response.once('close', () => (inProgress -= 1));
  });
});
after(async () => {
  await edge.close();
  await tenancy.close();
});

test('idle connections are closed, the oldest first, and health checks are answered', async () => {
  const sockets: Socket[] = [];
  let closed = 0;
  for (let n = 0; n < 30; n += 1) {
    const socket = connect(edge.port, '127.0.0.1');
    socket.on('error', () => {}).on('close', () => (closed += 1));
    await once(socket, 'connect');
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n');
    sockets.push(socket);
  }
  assert.equal((await edge.call('GET', '/healthz')).status, 200);
  while (closed < 26) await new Promise((resolve) => setImmediate(resolve));
  for (const socket of sockets) socket.destroy();
});

async function untilInProgress(count: number): Promise<void> {
  while (inProgress !== count) await new Promise((resolve) => setImmediate(resolve));
}

/** On its own connection: a kept-alive one may be closed to make room. */
const callOnce = (method: string, path: string, key?: string): Promise<Answer> =>
  edge.call(method, path, { key, headers: { connection: 'close' } });

/** Opens a connection with a request whose body never ends. */
async function slowBody(key: string, sockets: Socket[], address = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port: edge.port, host: '127.0.0.1', localAddress: address });
  sockets.push(socket.on('error', () => {}));
  await once(socket, 'connect');
  socket.write(
    `POST /v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{`,
  );
  return socket;
}

test('while every connection has a request in progress, health checks are answered and other requests are refused', async () => {
  const sockets: Socket[] = [];
  // Each organization has a quarter of eight connections.
  const keys = [];
  for (let n = 0; n < 4; n += 1) keys.push((await tenancy.tenant()).key.key);
  for (const [n, key] of keys.entries())
    for (let each = 0; each < 2; each += 1) await slowBody(key, sockets, `127.0.0.${2 + n}`);
  await untilInProgress(8);
  for (let n = 0; n < 3; n += 1) {
    // The server closes the connection, so that the next check gets its place in the reserve.
    assert.match(await rawExchange(edge.port, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'), /^HTTP\/1.1 200 /);
  }
  const refused = await callOnce('GET', '/v1/things', keys[0] ?? '');
  assert.equal(refused.status, 503);
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  // The reserve is small: connections that send nothing take turns in it.
  for (let n = 0; n < 60; n += 1) {
    const idle = connect(edge.port, '127.0.0.1');
    sockets.push(idle.on('error', () => {}));
    await once(idle, 'connect');
  }
  assert.equal((await callOnce('GET', '/healthz')).status, 200);
  for (const socket of sockets) socket.destroy();
  await untilInProgress(0);
  assert.equal((await callOnce('GET', '/v1/things', keys[0] ?? '')).status, 200);
});

test('an organization may use a quarter of the connections, and an eighth for long polls', async () => {
  const sockets: Socket[] = [];
  const { key } = (await tenancy.tenant()).key;
  // From now on the key is in memory.
  assert.equal((await callOnce('GET', '/v1/things', key)).status, 200);
  for (let n = 0; n < 2; n += 1) await slowBody(key, sockets);
  await untilInProgress(2);
  const refused = await callOnce('GET', '/v1/things', key);
  assert.equal(refused.status, 429);
  assert.match(refused.json.error?.message ?? '', /2 requests in progress/);
  const other = (await tenancy.tenant()).key.key;
  assert.equal((await callOnce('GET', '/v1/things', other)).status, 200);
  for (const socket of sockets) socket.destroy();
  await untilInProgress(0);
  assert.equal((await callOnce('GET', '/v1/things', key)).status, 200);

  const waiting = callOnce('POST', '/v1/slow', key);
  await slow.entered.promise;
  assert.match(
    (await callOnce('POST', '/v1/slow', key)).json.error?.message ?? '',
    /1 long polls and uploads in progress/,
  );
  assert.equal((await callOnce('GET', '/v1/things', key)).status, 200);
  slow.release.resolve();
  assert.equal((await waiting).status, 200);
});

test('the bodies of one organization use a limited part of memory and release it', async () => {
  const { key } = (await tenancy.tenant()).key;
  const large = { name: 'a'.repeat(120) };
  const refused = await edge.call('POST', '/v1/things', { key, body: large });
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  for (let n = 0; n < 5; n += 1)
    assert.ok((await edge.call('POST', '/v1/things', { key, body: { name: 'a'.repeat(60) } })).status !== 429);
});

test('an unread response counts like a body until its client is disconnected', async () => {
  const { key } = (await tenancy.tenant()).key;
  const socket = connect({ port: edge.port, host: '127.0.0.1' });
  socket.on('error', () => {}).pause();
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  // More than the socket buffers of both sides.
  socket.write(`GET /v1/large HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`);
  await untilInProgress(1);
  while ((await callOnce('GET', '/v1/things', key)).status !== 429);
  // A minute, plus a second for each 64 KiB.
  await tenancy.clock.advance(600_000);
  socket.resume();
  await closed;
  await untilInProgress(0);
  assert.equal((await callOnce('GET', '/v1/things', key)).status, 200);
});

test('the memory of all organizations together is limited, too', () => {
  const budget = createBodyBudget({ totalMax: 150, perOwnerMax: 100 });
  budget.take('one', 100);
  assert.throws(() => budget.take('one', 1), { error: 'rate_limit' });
  assert.throws(() => budget.take('other', 51), { error: 'unavailable' });
  budget.give('one', 60);
  budget.take('other', 51);
});

test('half of the file descriptors are available for connections', () => {
  assert.equal(connectionsMax('Max open files            1024                 4096                 files'), 512);
  assert.equal(connectionsMax('Max open files            1048576              1048576              files'), 10_000);
});
