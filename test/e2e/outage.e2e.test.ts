import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { sql } from '../../src/db/sql.ts';
import { createTestDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { assertRefused } from '../harness/edge-routes.ts';
import { startLink } from '../harness/link.ts';
import type { Link } from '../harness/link.ts';
import { administer, databaseUrl } from '../harness/postgres.ts';
import { eventually } from '../harness/clock.ts';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';

const orderOf = ({ body }: { readonly body: string }): number =>
  (JSON.parse(body) as { data: { order: number } }).data.order;

/** Waits until the backends have ended: one that has not yet would still answer. */
const endMs = 60_000;

describe('while PostgreSQL is unreachable', () => {
  let database: TestDatabase;
  let link: Link;
  before(async () => {
    database = await createTestDatabase();
    link = await startLink(database.url);
  });
  const scene = installationScene(() => ({ databaseUrl: link.url }));
  after(async () => {
    await link.close();
    await database.drop();
  });

  /** Advances the clock until the product is ready again. */
  const recovered = (): Promise<void> =>
    eventually(async () => {
      await scene.clock.advance(100);
      return (await scene.product.api('GET', '/readyz')).status === 200;
    }, 'it recovers');

  /** Starts a receiver whose responses the test gives. */
  async function holding(
    me: Tenant,
    count: number,
    settings = {},
  ): Promise<{ endpoint: Awaited<ReturnType<Tenant['register']>>; held: ServerResponse[]; orders: () => number[] }> {
    const held: ServerResponse[] = [];
    const receiver = await scene.receive((_arrival, response) => void held.push(response));
    const endpoint = await me.register(receiver.url, settings);
    for (let order = 1; order <= count; order += 1) await me.publish('order.paid', { order });
    return { endpoint, held, orders: () => receiver.arrivals.map(orderOf) };
  }

  test('attempts in flight finish and their outcomes are kept, even past their leases; nothing is sent twice', async () => {
    const me = await scene.product.tenant();
    const { endpoint, held, orders } = await holding(me, 3);
    await eventually(() => held.length === 3, 'three are in flight');
    await link.cut();
    for (const response of held.splice(0)) response.end();
    // A lease lasts for the timeout plus 30 s.
    for (let seconds = 0; seconds < 120; seconds += 1) await scene.clock.advance(1_000);
    await link.mend();
    await recovered();
    await eventually(async () => {
      await scene.clock.advance(100);
      return (await me.deliveries(endpoint, '?status=delivered')).length === 3;
    }, 'all are delivered');
    assert.deepEqual(
      orders().sort((a, b) => a - b),
      [1, 2, 3],
    );
    assert.deepEqual(
      (await me.deliveries(endpoint)).map(({ attempt_count: count }) => count),
      [1, 1, 1],
    );
  });

  test('acknowledged events are not lost', async () => {
    const me = await scene.product.tenant();
    const { endpoint, held, orders } = await holding(me, 40, { max_in_flight: 2 });
    await eventually(() => held.length === 2, 'two are in flight, the others wait');
    await link.cut();
    await eventually(async () => {
      for (const response of held.splice(0)) response.end();
      return (await scene.product.api('GET', '/readyz')).status === 503;
    }, 'the database is unavailable');
    await link.mend();
    await recovered();
    await eventually(async () => {
      for (const response of held.splice(0)) response.end();
      await scene.clock.advance(100);
      return (await me.deliveries(endpoint, '?status=delivered&limit=100')).length === 40;
    }, 'all are delivered');
    assert.equal(new Set(orders()).size, 40);
  });

  test('every answered publish is stored through repeated outages', async () => {
    const me = await scene.product.tenant();
    const receiver = await scene.receive();
    await me.register(receiver.url);
    const answered: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const publishes = Array.from({ length: 20 }, async (_, index) => {
        const order = round * 20 + index;
        const answer = await me.api(
          'POST',
          '/v1/events',
          { event: 'order.paid', data: { order } },
          { 'idempotency-key': `order-${order}` },
        );
        if (answer.status === 202) answered.push(order);
        else assert.equal(answer.status, 503, answer.text);
      });
      await link.cut();
      await Promise.all(publishes);
      await link.mend();
      await recovered();
    }
    // Unanswered publishes are repeated, as a caller would do.
    for (let order = 0; order < 60; order += 1)
      await me.publish('order.paid', { order }, { 'idempotency-key': `order-${order}` });
    await eventually(async () => {
      await scene.clock.advance(100);
      return receiver.arrivals.length >= 60;
    }, 'all arrived');
    assert.equal(new Set(receiver.arrivals.map(orderOf)).size, 60);
    assert.ok(answered.every((order) => receiver.arrivals.some((arrival) => orderOf(arrival) === order)));
    assert.equal(((await me.api('GET', '/v1/events?limit=100')).json.data as unknown[]).length, 60, 'each once');
  });

  test('connections closed one by one, as in a restart, lose nothing', async () => {
    const me = await scene.product.tenant();
    const receiver = await scene.receive();
    await me.register(receiver.url);
    await me.publish('order.paid', { order: 1 });
    await eventually(() => receiver.arrivals.length === 1, 'it arrived');
    await scene.product.db.query(
      sql`SELECT pg_terminate_backend(pid, ${endMs}) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await recovered();
    await me.publish('order.paid', { order: 2 });
    await eventually(() => receiver.arrivals.length === 2, 'it arrived');
  });

  test('refused connections, as during maintenance, lose nothing', async () => {
    const me = await scene.product.tenant();
    const { url } = database;
    const name = new URL(url).pathname.slice(1);
    const maintain = (...statements: string[]): Promise<void> =>
      administer(databaseUrl(url, 'postgres'), ...statements);
    await maintain(
      `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
      `SELECT pg_terminate_backend(pid, ${endMs}) FROM pg_stat_activity WHERE datname = '${name}'`,
    );
    try {
      await eventually(async () => (await me.api('GET', '/v1/me')).status !== 200, 'the connections are closed');
      for (let times = 0; times < 5; times += 1) {
        const answer = await me.api('POST', '/v1/events', { event: 'order.paid', data: {} });
        assertRefused(answer, 503, 'unavailable');
        assert.ok(Number(answer.headers.get('retry-after')) >= 1);
      }
    } finally {
      await maintain(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    }
    await recovered();
    await me.publish('order.paid');
  });

  test('an outage logs one line at its start, one per minute and one at its end', async () => {
    const me = await scene.product.tenant();
    const told = (what: string): number =>
      scene.product.logged.filter(({ msg }) => String(msg).startsWith(what)).length;
    await eventually(async () => {
      await scene.clock.advance(100);
      return told('the database is available again') === told('the database is unavailable');
    }, 'the tests before are over');
    const before = scene.product.logged.length;
    const lines = (): Record<string, unknown>[] =>
      scene.product.logged.slice(before).filter(({ level }) => Number(level) >= 40);
    await link.cut();
    await eventually(() => lines().length > 0, 'it is notified');
    // The clock moves on while the watch waits for a connection, so minutes are counted by its lines.
    for (const minute of [1, 2]) {
      assertRefused(await me.api('POST', '/v1/events', { event: 'order.paid', data: {} }), 503, 'unavailable');
      await eventually(async () => {
        await scene.clock.advance(1_000);
        return lines().length > minute;
      }, `minute ${minute} is logged`);
    }
    await link.mend();
    await recovered();
    await eventually(async () => {
      await scene.clock.advance(100);
      return lines().at(-1)?.['msg'] === 'the database is available again';
    }, 'the recovery is logged');
    assert.deepEqual(
      lines().map(({ msg }) => msg),
      [
        'the database is unavailable: requests answer 503, deliveries wait',
        'the database is still unavailable',
        'the database is still unavailable',
        'the database is available again',
      ],
    );
    assert.ok(
      lines().every((line) => !JSON.stringify(line).includes('    at ')),
      'without a stack',
    );
    assert.ok(Number(lines().at(-1)?.['away_ms']) >= 120_000);
  });

  test('/readyz fails while /healthz and /metrics keep answering', async () => {
    const { url } = scene.product;
    await link.cut();
    try {
      assert.equal((await fetch(`${url}/healthz`)).status, 200);
      const ready = await fetch(`${url}/readyz`);
      assert.deepEqual([ready.status, await ready.json()], [503, { status: 'database unavailable' }]);
      const metrics = await fetch(`${url}/metrics`);
      assert.equal(metrics.status, 200);
      assert.match(await metrics.text(), /^outrider_events_total \d+$/m);
    } finally {
      await link.mend();
      await recovered();
    }
  });
});
