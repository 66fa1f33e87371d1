import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import type { Caller, Fields } from '../harness/caller.ts';
import { assertRefused } from '../harness/edge-routes.ts';
import { eventually } from '../harness/clock.ts';
import { installationScene } from '../harness/installation.ts';

interface Row extends Fields {
  readonly id: string;
}

describe('lists', () => {
  const scene = installationScene();

  /** Follows the cursor to the end. `between` runs after each page. */
  async function follow(
    me: Caller,
    path: string,
    between: (page: number) => Promise<void> | void = () => {},
  ): Promise<Row[]> {
    const rows: Row[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null; page += 1) {
      assert.ok(page < 200, 'there is an end');
      const separator = path.includes('?') ? '&' : '?';
      const { json } = await me.api('GET', `${path}${cursor === '' ? '' : `${separator}cursor=${cursor}`}`);
      rows.push(...(json.data as Row[]));
      cursor = json['next_cursor'] as string | null;
      await between(page);
    }
    return rows;
  }
  const assertNewestFirst = (rows: readonly Row[]): void => {
    const ids = rows.map(({ id }) => id);
    assert.deepEqual(ids, [...new Set(ids)].sort().reverse(), 'newest first, none twice');
  };

  test('pages of events by cursor are complete and without duplicates while more are published', async () => {
    const me = await scene.product.tenant();
    const before: string[] = [];
    for (let count = 0; count < 53; count += 1)
      before.push((await me.publish(count % 3 === 0 ? 'order.paid' : 'order.sent', { count })).id);
    const seen = await follow(me, '/v1/events?limit=10', async () => void (await me.publish('order.paid')));
    assertNewestFirst(seen);
    assert.deepEqual(
      seen.map(({ id }) => id),
      before.toReversed(),
    );
    const paid = await follow(me, '/v1/events?limit=7&event=order.paid');
    assert.equal(paid.length, 18 + 6);
    assert.ok(paid.every(({ event }) => event === 'order.paid'));
    assert.deepEqual((await follow(me, '/v1/events?limit=100')).length, 59);
  });

  test('pages of deliveries by cursor are complete and without duplicates while deliveries finish and others arrive', async () => {
    const waiting: ServerResponse[] = [];
    const receiver = await scene.receive((_arrival, response) => void waiting.push(response));
    const me = await scene.product.tenant();
    const endpoint = await me.register(receiver.url, { max_in_flight: 100 });
    await me.api('POST', '/v1/events/batch', {
      events: Array.from({ length: 60 }, () => ({ event: 'order.paid', data: {} })),
    });
    await eventually(() => waiting.length === 60, 'all are in flight');
    const path = `/v1/webhooks/${endpoint.id}/deliveries`;
    const all = await follow(me, `${path}?limit=100`);
    assert.equal(all.length, 60);

    // For each page, ten deliveries move from the queue to the log, oldest and newest in turn, and one event is published.
    const seen = await follow(me, `${path}?limit=11`, async (page) => {
      for (const response of page % 2 === 0 ? waiting.splice(0, 10) : waiting.splice(-10)) response.end();
      await me.publish('order.sent');
    });
    assertNewestFirst(seen);
    assert.deepEqual(
      seen.map(({ id }) => id),
      all.map(({ id }) => id),
    );
    await eventually(async () => {
      for (const response of waiting.splice(0)) response.end();
      return (await follow(me, `${path}?status=delivered&limit=50`)).length === 66;
    }, 'all are delivered');
    assert.equal((await follow(me, `${path}?event=order.sent&limit=4`)).length, 6);
    assertRefused(await me.api('GET', `${path}?cursor=nowhere`), 422, 'validation_failed');
    assertRefused(await me.api('GET', `${path}?limit=101`), 422, 'validation_failed');
  });

  test('lists filter by time', async () => {
    const receiver = await scene.receive();
    const me = await scene.product.tenant();
    const endpoint = await me.register(receiver.url);
    const times: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      times.push(new Date(scene.clock.now()).toISOString());
      await me.publish('order.paid', { count });
      await scene.clock.advance(60_000);
    }
    await eventually(
      async () => (await me.deliveries(endpoint, '?status=delivered')).length === 3,
      'all are delivered',
    );
    for (const path of ['/v1/events', `/v1/webhooks/${endpoint.id}/deliveries`]) {
      assert.equal((await follow(me, `${path}?since=${times[1]}`)).length, 2, path);
      assert.equal((await follow(me, `${path}?until=${times[1]}`)).length, 1, path);
      assert.equal((await follow(me, `${path}?since=${times[0]}&until=${times[2]}&limit=1`)).length, 2, path);
    }
  });

  test('endpoints, keys, workspaces, replays and event types have numbered pages', async () => {
    const me = await scene.product.tenant();
    const endpoints: string[] = [];
    for (let count = 0; count < 23; count += 1) {
      const { id } = await me.register('http://127.0.0.1:9/');
      endpoints.push(id);
      await me.got('POST', '/v1/workspaces', { name: `workspace ${count}` });
      await me.got('POST', '/v1/keys', { name: `key ${count}` });
      await me.got('POST', '/v1/event-types', { name: `own.type-${String(count).padStart(2, '0')}` });
      await me.got('POST', '/v1/replays', { endpoint_id: id, since: '2026-01-01T00:00:00Z' });
    }
    const builtIn = Number((await (await scene.product.tenant()).api('GET', '/v1/event-types')).json['total']);
    for (const [path, total] of [
      ['/v1/webhooks', 23],
      ['/v1/workspaces', 23],
      ['/v1/keys', 24],
      ['/v1/replays', 23],
      ['/v1/event-types', 23 + builtIn],
    ] as const) {
      const rows: Row[] = [];
      for (let page = 1; rows.length < total; page += 1) {
        const { json } = await me.api('GET', `${path}?page=${page}&page_size=10`);
        assert.deepEqual([json['page'], json['page_size'], json['total']], [page, 10, total], path);
        rows.push(...(json.data as Row[]));
        assert.equal(rows.length, Math.min(page * 10, total), path);
      }
      assert.equal(new Set(rows.map(({ id, name }) => id ?? name)).size, total, path);
      assert.deepEqual((await me.api('GET', `${path}?page=99`)).json.data, []);
      assert.equal(((await me.api('GET', path)).json.data as Row[]).length, Math.min(25, total), path);
      for (const query of ['page=0', 'page_size=101', 'page=x', 'limit=101'])
        assertRefused(await me.api('GET', `${path}?${query}`), 422, 'validation_failed');
    }
    assert.deepEqual(
      ((await me.api('GET', '/v1/webhooks?page_size=100')).json.data as Row[]).map(({ id }) => id),
      endpoints.toReversed(),
    );
  });
});
