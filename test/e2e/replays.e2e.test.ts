import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { callerOf } from '../harness/caller.ts';
import type { Caller, Fields, MadeEndpoint } from '../harness/caller.ts';
import { createTestDatabase } from '../harness/database.ts';
import { assertRefused } from '../harness/edge-routes.ts';
import { eventually } from '../harness/clock.ts';
import { asTimePasses, installationScene, startInstallation } from '../harness/installation.ts';
import type { Installation } from '../harness/installation.ts';

interface Replay extends Fields {
  readonly id: string;
  readonly state: string;
  readonly progress: { readonly replayed: number; readonly scanned: number; readonly percent: number };
}

const orderOf = ({ body }: { readonly body: string }): number =>
  (JSON.parse(body) as { data: { order: number } }).data.order;
const beginning = '2026-01-01T00:00:00Z';

describe('replays', () => {
  const scene = installationScene();

  const begin = async (me: Caller, endpoint: MadeEndpoint, more: Fields = {}): Promise<Replay> =>
    (await me.got('POST', '/v1/replays', { endpoint_id: endpoint.id, since: beginning, ...more })) as Replay;
  const shown = async (me: Caller, { id }: Replay): Promise<Replay> =>
    (await me.got('GET', `/v1/replays/${id}`)) as Replay;
  const completed = (me: Caller, replay: Replay, product: Installation = scene.product): Promise<void> =>
    asTimePasses(product, async () => (await shown(me, replay)).state === 'completed', 'the replay is complete');

  const deliveredAre = (me: Caller, endpoint: MadeEndpoint, count: number): Promise<void> =>
    eventually(
      async () => (await me.deliveries(endpoint, '?status=delivered&limit=100')).length === count,
      `${count} are delivered`,
    );

  /** Publishes and waits until the deliveries are finished, so that a replay can find them. */
  async function publishAll(me: Caller, endpoint: MadeEndpoint, ...orders: number[]): Promise<void> {
    for (const order of orders) await me.publish('order.paid', { order });
    await deliveredAre(me, endpoint, orders.length);
    await scene.clock.advance(1_000);
  }

  test('a replay of failed deliveries sends them again under their own ids', async () => {
    let works = false;
    const receiver = await scene.receive((_arrival, response) => response.writeHead(works ? 200 : 500).end());
    const me = await scene.product.tenant();
    const endpoint = await me.register(receiver.url, {
      dialect: 'standard',
      events: ['order.*', 'invoice.*'],
      retry_schedule_seconds: [],
    });
    for (const [index, type] of ['order.paid', 'invoice.paid', 'order.sent'].entries()) {
      await me.publish(type, { order: index });
      await eventually(
        async () => (await me.deliveries(endpoint, '?status=failed')).length === index + 1,
        'it failed permanently',
      );
      await me.api('POST', `/v1/webhooks/${endpoint.id}/enable`, {});
    }
    await scene.clock.advance(1_000);
    works = true;
    const replay = await begin(me, endpoint, { event_types: ['order.*'] });
    await completed(me, replay);
    await eventually(() => receiver.arrivals.length === 5, 'the two orders arrived');
    assert.deepEqual(
      receiver.arrivals.map(orderOf).sort((a, b) => a - b),
      [0, 0, 1, 2, 2],
    );
    assert.equal(new Set(receiver.arrivals.map(({ id }) => id)).size, 3);
    const { progress } = await shown(me, replay);
    assert.deepEqual([progress.replayed, progress.percent], [2, 100]);
    await deliveredAre(me, endpoint, 2);
    assert.equal((await me.deliveries(endpoint, '?status=failed'))[0]?.['event'], 'invoice.paid');
  });

  test("a replay of delivered ones creates new deliveries with the event's id, which the next replay skips", async () => {
    const receiver = await scene.receive();
    const me = await scene.product.tenant();
    const endpoint = await me.register(receiver.url, { ordering: 'fifo' });
    await publishAll(me, endpoint, 1, 2, 3);
    for (const round of [2, 3]) {
      const replay = await begin(me, endpoint, { status: 'delivered' });
      await completed(me, replay);
      await asTimePasses(scene.product, () => receiver.arrivals.length === 3 * round, 'they arrived again');
      assert.equal((await shown(me, replay)).progress.replayed, 3);
    }
    assert.deepEqual(receiver.arrivals.map(orderOf), [1, 2, 3, 1, 2, 3, 1, 2, 3]);
    assert.equal(new Set(receiver.arrivals.map(({ deliveryId }) => deliveryId)).size, 9);
    assert.equal(
      new Set(receiver.arrivals.map(({ id }) => id)).size,
      3,
      'a receiver that deduplicates by webhook-id handles each once',
    );
    await deliveredAre(me, endpoint, 9);
    assert.deepEqual(
      new Set((await me.deliveries(endpoint)).map((each) => each['kind'])),
      new Set(['event', 'replay']),
    );
  });

  test('a replay of all events sends an endpoint the matching events published before its creation', async () => {
    const me = await scene.product.tenant();
    for (const order of [1, 2, 3, 4]) await me.publish('order.paid', { order, country: order % 2 === 0 ? 'NO' : 'SE' });
    await me.publish('invoice.paid', { order: 5, country: 'NO' });
    await scene.clock.advance(1_000);
    const receiver = await scene.receive();
    const endpoint = await me.register(receiver.url, {
      events: ['order.*'],
      filter: { country: 'NO' },
      ordering: 'fifo',
    });
    await completed(me, await begin(me, endpoint, { status: 'all' }));
    await asTimePasses(scene.product, () => receiver.arrivals.length === 2, 'they arrived');
    await deliveredAre(me, endpoint, 2);
    assert.deepEqual(receiver.arrivals.map(orderOf), [2, 4]);
  });

  test('replays keep their rate and run one at a time until cancelled; queued deliveries still arrive', async () => {
    const receiver = await scene.receive();
    const me = await scene.product.tenant();
    const endpoint = await me.register(receiver.url);
    await publishAll(me, endpoint, 1, 2, 3, 4, 5, 6);
    const replay = await begin(me, endpoint, { status: 'delivered', rate_per_second: 1 });
    for (const count of [1, 2, 3]) {
      await eventually(async () => (await shown(me, replay)).progress.replayed === count, `${count} were queued`);
      await eventually(() => receiver.arrivals.length === 6 + count, 'and arrived');
      const { state, progress } = await shown(me, replay);
      assert.deepEqual([state, progress.replayed, progress.scanned], ['running', count, count]);
      if (count < 3) await scene.clock.advance(1_000);
    }
    const { message } = assertRefused(
      await me.api('POST', '/v1/replays', { endpoint_id: endpoint.id, since: beginning }),
      409,
      'conflict',
    );
    assert.ok(message.includes(replay.id));

    for (let times = 0; times < 2; times += 1)
      assert.equal((await me.got('POST', `/v1/replays/${replay.id}/cancel`))['state'], 'cancelled');
    await scene.clock.advance(10_000);
    await me.publish('order.paid', { order: 7 });
    await deliveredAre(me, endpoint, 10);
    await scene.clock.advance(1_000);
    assert.deepEqual([receiver.arrivals.length, (await shown(me, replay)).progress.replayed], [10, 3]);
    const done = await begin(me, endpoint);
    await completed(me, done);
    assertRefused(await me.api('POST', `/v1/replays/${done.id}/cancel`), 409, 'conflict');
  });

  test('a replay waits for a disabled endpoint, and an empty range is refused', async () => {
    const receiver = await scene.receive();
    const me = await scene.product.tenant();
    const endpoint = await me.register(receiver.url);
    await publishAll(me, endpoint, 1, 2, 3);
    const replay = await begin(me, endpoint, { status: 'delivered', rate_per_second: 1 });
    await eventually(() => receiver.arrivals.length === 4, 'the first arrived');
    await me.got('PATCH', `/v1/webhooks/${endpoint.id}`, { is_active: false });
    await asTimePasses(scene.product, async () => (await shown(me, replay))['waiting_for'] === 'endpoint', 'it waits');
    assert.equal((await shown(me, replay)).state, 'running');
    await me.api('POST', `/v1/webhooks/${endpoint.id}/enable`, {});
    await completed(me, replay);
    await asTimePasses(scene.product, () => receiver.arrivals.length === 6, 'the rest arrived');

    const tomorrow = new Date(scene.clock.now() + 86_400_000).toISOString();
    assertRefused(
      await me.api('POST', '/v1/replays', { endpoint_id: endpoint.id, since: tomorrow }),
      422,
      'validation_failed',
    );
    await me.got('PATCH', `/v1/webhooks/${endpoint.id}`, { is_active: false });
    assertRefused(await me.api('POST', '/v1/replays', { endpoint_id: endpoint.id, since: beginning }), 409, 'conflict');
  });

  test('another process continues the replay of a stopped one, and nothing is sent twice', async () => {
    const database = await createTestDatabase();
    const receiver = await scene.receive();
    const first = await startInstallation({ databaseUrl: database.url });
    const tenant = await first.tenant();
    const endpoint = await tenant.register(receiver.url);
    for (const order of [1, 2, 3, 4, 5]) await tenant.publish('order.paid', { order });
    await deliveredAre(tenant, endpoint, 5);
    await first.clock.advance(1_000);
    const replay = await begin(tenant, endpoint, { status: 'delivered', rate_per_second: 1 });
    await eventually(() => receiver.arrivals.length === 6, 'the first was replayed');
    await first.stop();

    const second = await startInstallation({ databaseUrl: database.url, clock: first.clock });
    try {
      const me = callerOf(second.url, tenant.key);
      await completed(me, replay, second);
      await asTimePasses(second, () => receiver.arrivals.length === 10, 'the rest was replayed');
      assert.deepEqual(
        receiver.arrivals
          .slice(5)
          .map(orderOf)
          .sort((a, b) => a - b),
        [1, 2, 3, 4, 5],
      );
      assert.equal((await shown(me, replay)).progress.replayed, 5);
    } finally {
      await second.stop();
      await database.drop();
    }
  });
});
