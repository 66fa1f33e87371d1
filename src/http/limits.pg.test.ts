import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { edgeRoutes } from '../../test/edge-routes.ts';
import { openEdge, openTestTenancy } from '../../test/edge.ts';
import type { Edge, TestTenancy } from '../../test/edge.ts';
import { createBodyBudget } from './body-budget.ts';
import { connectionsMax } from './connection-limit.ts';

let tenancy: TestTenancy;
let edge: Edge;
before(async () => {
  tenancy = await openTestTenancy();
  edge = await openEdge(
    tenancy,
    edgeRoutes(() => ({ entered: Promise.withResolvers(), release: Promise.withResolvers() })),
    { maxConnections: 8, bodies: { perOwnerMax: 100, totalMax: 150 } },
  );
});
after(async () => {
  await edge.close();
  await tenancy.close();
});

test('half-open connections are closed, the oldest first, and a health check is answered', async () => {
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

test('bodies of one organization take a bounded part of memory, and give it back', async () => {
  const { key } = (await tenancy.tenant()).key;
  const large = { name: 'a'.repeat(120) };
  const refused = await edge.call('POST', '/v1/things', { key, body: large });
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  for (let n = 0; n < 5; n += 1) assert.ok((await edge.call('POST', '/v1/things', { key, body: { name: 'a'.repeat(60) } })).status !== 429);
});

test('the whole is bounded too', () => {
  const budget = createBodyBudget({ totalMax: 150, perOwnerMax: 100 });
  budget.take('one', 100);
  assert.throws(() => budget.take('one', 1), { error: 'rate_limit' });
  assert.throws(() => budget.take('other', 51), { error: 'unavailable' });
  budget.give('one', 60);
  budget.take('other', 51);
});

test('half of the descriptors are for connections', () => {
  assert.equal(connectionsMax('Max open files            1024                 4096                 files'), 512);
  assert.equal(connectionsMax('Max open files            1048576              1048576              files'), 10_000);
});
