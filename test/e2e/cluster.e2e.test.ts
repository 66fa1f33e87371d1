import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { callerOf } from '../harness/caller.ts';
import type { Caller } from '../harness/caller.ts';
import { eventually, TestClock } from '../harness/clock.ts';
import { createTestDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { startReceiver } from '../harness/engine.ts';
import { asTimePasses, startInstallation } from '../harness/installation.ts';
import type { Installation, Tenant } from '../harness/installation.ts';
import { spend } from './quota.ts';

const orderOf = ({ body }: { readonly body: string }): unknown =>
  (JSON.parse(body) as { data: { order: unknown } }).data.order;

describe('two processes on one database', () => {
  let database: TestDatabase;
  let clock: TestClock;
  let here: Installation;
  let there: Installation;
  /** One organization's callers, one for each process. */
  let byHere: Tenant;
  let byThere: Caller;
  const running = new Set<Installation>();
  const stop = async (product: Installation): Promise<void> => {
    running.delete(product);
    await product.stop();
  };
  const ends: (() => void)[] = [];
  beforeEach(async () => {
    database = await createTestDatabase();
    clock = new TestClock();
    [here, there] = [
      await startInstallation({ databaseUrl: database.url, clock }),
      await startInstallation({ databaseUrl: database.url, clock }),
    ];
    running.add(here).add(there);
    byHere = await here.tenant({ plan: 'growth' });
    byThere = callerOf(there.url, byHere.key);
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) end();
    for (const product of running) await stop(product);
    await database.drop();
  });
  const receive = async (answer?: Parameters<typeof startReceiver>[0]): ReturnType<typeof startReceiver> => {
    const receiver = await startReceiver(answer);
    ends.push(() => receiver.close());
    return receiver;
  };

  test('a change of endpoints, keys, plans or event types by one process takes effect in the other immediately', async () => {
    const receiver = await receive();
    const endpoint = await byHere.register(receiver.url, { events: ['order.*'] });
    assert.equal((await byThere.publish('order.paid', { order: 1 })).deliveries, 1);
    await byHere.got('PATCH', `/v1/webhooks/${endpoint.id}`, { events: ['invoice.*'] });
    assert.equal((await byThere.publish('order.paid', { order: 2 })).deliveries, 0);
    assert.equal((await byThere.publish('invoice.paid', { order: 3 })).deliveries, 1);
    await byThere.got('PATCH', `/v1/webhooks/${endpoint.id}`, { is_active: false });
    await byHere.publish('invoice.paid', { order: 4 });
    assert.equal((await byHere.deliveries(endpoint, '?status=held')).length, 1);
    assert.equal((await byHere.api('DELETE', `/v1/webhooks/${endpoint.id}`)).status, 204);
    assert.equal((await byThere.publish('invoice.paid', { order: 5 })).deliveries, 0);
    await eventually(() => receiver.arrivals.length === 2, 'two arrived');
    assert.deepEqual(
      receiver.arrivals
        .map(orderOf)
        .map(Number)
        .sort((a, b) => a - b),
      [1, 3],
    );

    // The clock stands still, so only the notice can have triggered it.
    const second = await byHere.withKey({});
    const secondThere = callerOf(there.url, second.key);
    const { key } = (await secondThere.got('GET', '/v1/me')) as { key: { id: string } };
    assert.equal((await byHere.api('DELETE', `/v1/keys/${key.id}`)).status, 204);
    await eventually(async () => (await secondThere.api('GET', '/v1/me')).status === 401, 'the key is refused there');
    await byHere.got('POST', '/v1/event-types', {
      name: 'order.paid',
      schema: { type: 'object', required: ['order'] },
    });
    await eventually(
      async () => (await byThere.api('POST', '/v1/events', { event: 'order.paid', data: {} })).status === 422,
      'the schema is known there',
    );
  });

  test('an idempotency key creates one event, whichever process is called, also concurrently', async () => {
    const receiver = await receive();
    await byHere.register(receiver.url);
    const once = { 'idempotency-key': 'order-1' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? byHere : byThere).publish('order.paid', { order: 1 }, once),
      ),
    );
    assert.equal(new Set(answers.map(({ id }) => id)).size, 1);
    await byThere.publish('order.paid', { order: 2 });
    await eventually(() => receiver.arrivals.length === 2, 'both arrived');
    assert.deepEqual(
      receiver.arrivals
        .map(orderOf)
        .map(Number)
        .sort((a, b) => a - b),
      [1, 2],
    );
  });

  test('both processes share the quota of an organization', async () => {
    await asTimePasses(
      here,
      () => clock.now() % 60_000 === 15_000,
      'they know of each other, and the next minute has not begun',
    );
    let allowed = 0;
    const refusing = new Set<Caller>();
    for (let round = 0; round < 12; round += 1) {
      const who = round % 2 === 0 ? byHere : byThere;
      const spent = await spend([who], 1_000);
      allowed += spent.allowed;
      if (spent.refused > 0) refusing.add(who);
    }
    assert.equal(refusing.size, 2);
    assert.equal(allowed, 5_000);
  });

  test('a stopping process returns deliveries that it has not started, and the other delivers them', async () => {
    const held: ServerResponse[] = [];
    const receiver = await receive(
      (_arrival, response, count) => void (count === 1 ? held.push(response) : response.end()),
    );
    await byHere.register(receiver.url, { max_in_flight: 1 });
    for (let order = 1; order <= 10; order += 1) await byHere.publish('order.paid', { order });
    await eventually(() => held.length === 1, 'the first is in flight, the others wait');
    const stopped = stop(here);
    await eventually(() => here.logged.some(({ msg }) => String(msg).startsWith('stopping')), 'it stops');
    assert.equal((await byThere.api('GET', '/readyz')).status, 200);
    held[0]?.end();
    await stopped;
    assert.equal(here.logged.at(-1)?.['msg'], 'stopped');
    await asTimePasses(there, () => receiver.arrivals.length >= 10, 'the other delivers the rest');
    assert.deepEqual(
      receiver.arrivals
        .map(orderOf)
        .map(Number)
        .sort((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
  });

  test('one process serves HTTP and the other delivers, immediately and again after a failure', async () => {
    const api = await startInstallation({ databaseUrl: database.url, clock, config: { roles: ['api'] } });
    running.add(api);
    await stop(here);
    const receiver = await receive(
      (_arrival, response, count) => void response.writeHead(count === 1 ? 500 : 200).end(),
    );
    const me = callerOf(api.url, byHere.key);
    const endpoint = await me.register(receiver.url);
    await me.publish('order.paid', { order: 1 });
    const began = clock.now();
    await asTimePasses(api, () => receiver.arrivals.length === 1, 'it is sent', 1);
    assert.ok(clock.now() - began < 1_000, 'by a notice, not by chance');
    await eventually(async () => (await me.deliveries(endpoint))[0]?.attempt_count === 1, 'its outcome is recorded');
    await clock.advance(60_000);
    await asTimePasses(api, () => receiver.arrivals.length === 2, 'it is sent again');
    assert.ok(!api.logged.some(({ msg }) => String(msg).startsWith('delivery.')));
  });

  test('a FIFO endpoint gets its deliveries in order, one at a time, across both processes', async () => {
    let open = 0;
    const receiver = await receive((arrival, response) => {
      assert.equal((open += 1), 1);
      const tries = receiver.arrivals.filter(({ id }) => id === arrival.id).length;
      setImmediate(() => {
        open -= 1;
        response.writeHead(Number(orderOf(arrival)) % 4 === 0 && tries === 1 ? 500 : 200).end();
      });
    });
    await byHere.register(receiver.url, { ordering: 'fifo', retry_schedule_seconds: [1, 1] });
    for (let order = 1; order <= 12; order += 1) {
      await (order % 2 === 0 ? byHere : byThere).publish('order.paid', { order });
      // Ids of the same millisecond are not ordered between processes.
      await clock.advance(1);
    }
    await asTimePasses(here, () => receiver.arrivals.length >= 15, 'all arrived', 100);
    assert.deepEqual(receiver.arrivals.map(orderOf), [1, 2, 3, 4, 4, 5, 6, 7, 8, 8, 9, 10, 11, 12, 12]);
  });
});
