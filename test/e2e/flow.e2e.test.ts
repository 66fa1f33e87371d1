import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import type { Fields } from '../harness/caller.ts';
import { assertRefused } from '../harness/edge-routes.ts';
import { eventually } from '../harness/clock.ts';
import { asTimePasses, installationScene } from '../harness/installation.ts';

const orderOf = ({ body }: { readonly body: string }): unknown =>
  (JSON.parse(body) as { data: { order: unknown } }).data.order;
const orders = (count: number): { event: string; data: { order: number } }[] =>
  Array.from({ length: count }, (_, order) => ({ event: 'order.paid', data: { order } }));

describe('batches, filters and limits', () => {
  const scene = installationScene();

  test('a batch of 1,000 events for two endpoints gets one answer in order and is delivered once to each', async () => {
    const [receiver, ordered] = [await scene.receive(), await scene.receive()];
    const me = await scene.product.tenant();
    const [one, two] = [
      await me.register(receiver.url, { max_in_flight: 64 }),
      await me.register(ordered.url, { dialect: 'standard', ordering: 'fifo' }),
    ];
    const once = { 'idempotency-key': 'import-1' };
    const first = await me.api('POST', '/v1/events/batch', { events: orders(1_000) }, once);
    assert.equal(first.status, 202);
    const published = first.json.data as { id: string; deliveries: number }[];
    assert.equal(published.length, 1_000);
    assert.equal(new Set(published.map(({ id }) => id)).size, 1_000);
    assert.ok(published.every(({ deliveries }) => deliveries === 2));
    assert.deepEqual(
      published.map(({ id }) => id).toSorted(),
      published.map(({ id }) => id),
      'ids grow in the order of the batch',
    );
    assert.deepEqual(
      (await me.api('POST', '/v1/events/batch', { events: orders(1_000) }, once)).json.data,
      published,
      'once more: the same',
    );

    await asTimePasses(
      scene.product,
      () => receiver.arrivals.length === 1_000 && ordered.arrivals.length === 1_000,
      'all arrived',
      10,
    );
    assert.equal(new Set(receiver.arrivals.map(orderOf)).size, 1_000);
    assert.deepEqual(
      ordered.arrivals.map(orderOf),
      Array.from({ length: 1_000 }, (_, order) => order),
    );
    for (const endpoint of [one, two]) {
      await eventually(
        async () => (await me.got('GET', `/v1/webhooks/${endpoint.id}/stats`))['pending'] === 0,
        'nothing waits',
      );
    }
  });

  test('a batch is stored completely or not at all, except events whose idempotency key was used', async () => {
    const me = await scene.product.tenant();
    await me.publish('order.paid', { order: 1 }, { 'idempotency-key': 'used' });
    const listed = async (): Promise<unknown[]> => (await me.api('GET', '/v1/events?limit=100')).json.data as unknown[];
    assertRefused(await me.api('POST', '/v1/events/batch', { events: orders(1_001) }), 422, 'validation_failed');
    assertRefused(await me.api('POST', '/v1/events/batch', { events: [] }), 422, 'validation_failed');
    assertRefused(
      await me.api('POST', '/v1/events/batch', { events: [...orders(3), { event: 'order.paid', data: [] }] }),
      422,
      'validation_failed',
    );
    assert.equal((await listed()).length, 1);

    const mixed = await me.api('POST', '/v1/events/batch', {
      events: [...orders(1), { event: 'order.paid', data: { order: 2 }, idempotency_key: 'used' }, ...orders(1)],
    });
    assert.equal(mixed.status, 202);
    const outcomes = mixed.json.data as { id?: string; error?: { code: string } }[];
    assert.deepEqual(
      outcomes.map(({ id, error }) => error?.code ?? typeof id),
      ['string', 'conflict', 'string'],
    );
    assert.equal((await listed()).length, 3);
  });

  test('a filter passes exactly the events that have its values', async () => {
    const receiver = await scene.receive();
    const me = await scene.product.tenant();
    await me.register(receiver.url, {
      events: ['order.paid'],
      filter: { 'company.country': ['NO', 'SE'], tags: 'vip' },
      ordering: 'fifo',
    });
    for (const [order, data, wanted] of [
      [1, { company: { country: 'NO' }, tags: ['vip', 'new'] }, 1],
      [2, { company: { country: 'DK' }, tags: ['vip'] }, 0],
      [3, { company: { country: 'SE' }, tags: 'vip' }, 1],
      [4, { company: { country: 'SE' } }, 0],
      [5, { company: 'NO', tags: 'vip' }, 0],
      [6, { 'company.country': 'NO', tags: 'vip' }, 0],
    ] as const) {
      assert.equal((await me.publish('order.paid', { order, ...data })).deliveries, wanted, `order ${order}`);
    }
    await asTimePasses(scene.product, () => receiver.arrivals.length === 2, 'they arrived');
    assert.deepEqual(receiver.arrivals.map(orderOf), [1, 3]);
  });

  test('a rate limit spreads a burst', async () => {
    const receiver = await scene.receive();
    const me = await scene.product.tenant();
    const endpoint = await me.register(receiver.url, { rate_limit_per_second: 5 });
    await me.api('POST', '/v1/events/batch', { events: orders(12) });
    await asTimePasses(
      scene.product,
      async () => (await me.deliveries(endpoint, '?status=delivered')).length === 12,
      'all are delivered',
      50,
    );
    const starts: number[] = [];
    for (const { id } of await me.deliveries(endpoint))
      starts.push(Date.parse((await me.delivery(id)).attempts[0]?.started_at ?? ''));
    starts.sort((a, b) => a - b);
    // Five in any second, plus what a late timer may catch up on.
    for (const [index, start] of starts.slice(5).entries())
      assert.ok(start - (starts[index] ?? 0) >= 950, `${index + 5} after ${start - (starts[index] ?? 0)} ms`);
    assert.ok((starts.at(-1) ?? 0) - (starts[0] ?? 0) < 10_000, 'and no slower than it needs to be');
  });

  test('max_in_flight is never exceeded', async () => {
    const open = new Set<ServerResponse>();
    let most = 0;
    const receiver = await scene.receive((_arrival, response) => {
      open.add(response);
      most = Math.max(most, open.size);
    });
    const answerAll = (): void => {
      for (const response of open) response.end();
      open.clear();
    };
    const me = await scene.product.tenant();
    const endpoint = await me.register(receiver.url, { max_in_flight: 3 });
    await me.api('POST', '/v1/events/batch', { events: orders(20) });
    await eventually(() => open.size === 3, 'three are in flight');
    await eventually(async () => {
      answerAll();
      return (await me.deliveries(endpoint, '?status=delivered')).length === 20;
    }, 'all are delivered');
    assert.equal(most, 3);
  });

  test('an endpoint that never responds delays no other endpoint, of its organization or another', async () => {
    const open: ServerResponse[] = [];
    const dead = await scene.receive((_arrival, response) => void open.push(response));
    const [me, other] = [await scene.product.tenant(), await scene.product.tenant()];
    const healthy = [await scene.receive(), await scene.receive()] as const;
    await me.register(dead.url, { max_in_flight: 256 });
    await me.register(healthy[0].url);
    await other.register(healthy[1].url);
    for (let batch = 0; batch < 3; batch += 1) await me.api('POST', '/v1/events/batch', { events: orders(1_000) });
    await other.api('POST', '/v1/events/batch', { events: orders(100) });
    await eventually(
      () => healthy[0].arrivals.length === 3_000 && healthy[1].arrivals.length === 100,
      'the others have theirs',
    );
    assert.ok(open.length <= 256);
    for (const response of open) response.end();
  });

  test('statistics count deliveries and attempts', async () => {
    const receiver = await scene.receive((arrival, response) =>
      response.writeHead(orderOf(arrival) === 1 ? 500 : 200).end(),
    );
    const me = await scene.product.tenant();
    const endpoint = await me.register(receiver.url);
    await me.api('POST', '/v1/events/batch', { events: orders(4) });
    const stats = (): Promise<Fields> => me.got('GET', `/v1/webhooks/${endpoint.id}/stats`);
    await asTimePasses(
      scene.product,
      async () => (await stats())['total'] !== undefined && ((await stats())['total'] as Fields)['attempts'] === 4,
      'they are counted',
    );
    const { total, pending, hours } = (await stats()) as { total: Fields; pending: number; hours: Fields[] };
    assert.deepEqual([total['succeeded'], total['success_rate'], pending], [3, 0.75, 1]);
    assert.equal(hours.at(-1)?.['last_error'], 'The receiver answered 500.');
  });
});
