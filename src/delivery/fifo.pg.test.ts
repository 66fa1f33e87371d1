import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { TestClock } from '../../test/harness/clock.ts';
import { createTestDatabase } from '../../test/harness/database.ts';
import {
  asTimePasses,
  makeEndpoint,
  makeOrganization,
  setActive,
  setOrdering,
  startEngine,
  startReceiver,
  type Arrival,
  type TestEngine,
} from '../../test/harness/engine.ts';
import { sql } from '../db/sql.ts';
import { createEmit } from '../events/emit.ts';
import type { DeliveryId, EndpointId, OrganizationId } from '../base/ids.ts';
import { expedite } from './queue/log.ts';
import { fifoHead, firstOf, release } from './queue/queries.ts';

const numberOf = ({ body }: Arrival): number => (JSON.parse(body) as { data: { n: number } }).data.n;

describe('D9 D16: a FIFO endpoint that is enabled again', () => {
  let clock: TestClock;
  const ends: (() => unknown)[] = [];
  before(() => {
    clock = new TestClock();
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  interface Scene {
    readonly one: TestEngine;
    readonly two: TestEngine;
    readonly organization: OrganizationId;
    readonly endpoint: EndpointId;
    readonly order: () => number[];
    publish(from: TestEngine, n: number, deliverAtMs?: number): Promise<void>;
    enable(active: boolean): Promise<void>;
    /** @returns the number of released deliveries. */
    release(limit: number): Promise<number>;
  }

  /** Two processes, and a disabled endpoint. */
  async function scene(settings: { readonly delivers?: boolean } = {}): Promise<Scene> {
    const database = await createTestDatabase();
    ends.push(() => database.drop());
    const [one, two] = [
      await startEngine(database.url, clock, settings),
      await startEngine(database.url, clock, settings),
    ];
    ends.push(
      () => one.stop(),
      () => two.stop(),
    );
    const receiver = await startReceiver();
    ends.push(receiver.close);
    const organization = await makeOrganization(one.db, one.ids);
    const endpoint = await makeEndpoint(one.db, one.ids, organization, receiver.url, { ordering: 'fifo' });
    const enable = async (active: boolean): Promise<void> => {
      await setActive(one.db, endpoint, active);
      await Promise.all([one.subscriptions.refresh(), two.subscriptions.refresh()]);
    };
    await enable(false);
    return {
      one,
      two,
      organization,
      endpoint,
      enable,
      order: () => receiver.arrivals.map(numberOf),
      async publish(from, n, deliverAtMs) {
        await from.publisher.publish({
          organizationId: organization,
          workspaceId: undefined,
          type: 'order.paid',
          data: { n },
          occurredAtMs: clock.now(),
          deliverAtMs,
        });
        // Across processes, order is by the millisecond of the publish.
        clock.set(clock.now() + 1);
      },
      async release(limit) {
        const count = await release(one.db, endpoint, limit, clock.now());
        await one.engine.due(one.db, [endpoint]);
        return count;
      },
    };
  }

  /** Longer than any process waits before it scans again. */
  async function nothingMore({ one, two, order }: Scene, expected: readonly number[]): Promise<void> {
    let steps = 0;
    await asTimePasses(clock, [one, two], 5_000, () => (steps += 1) > 10, 'time passes');
    assert.deepEqual(order(), expected);
  }

  test('sends nothing newer before all held deliveries are released, chunk by chunk', async () => {
    const it = await scene();
    for (const n of [1, 2, 3, 4, 5]) await it.publish(n % 2 === 0 ? it.one : it.two, n);
    await it.enable(true);
    await it.publish(it.two, 6);
    await nothingMore(it, []);
    assert.equal(await it.release(2), 2);
    await it.publish(it.one, 7);
    await asTimePasses(clock, [it.one, it.two], 100, () => it.order().length === 2, 'the first two arrived');
    await nothingMore(it, [1, 2]);
    assert.equal(await it.release(100), 3);
    await asTimePasses(clock, [it.one, it.two], 100, () => it.order().length === 7, 'all arrived');
    assert.deepEqual(it.order(), [1, 2, 3, 4, 5, 6, 7]);
  });

  test('sends 12,005 held deliveries before those published during the release', async () => {
    const it = await scene({ delivers: false });
    const { db, ids, publisher } = it.one;
    await db.execute(sql`
      INSERT INTO delivery_queue (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, schedule_base, due_at, created_at, fifo_key)
      SELECT ${it.endpoint}, id, ${it.organization}, id, 'order.paid', 'event', 'held', 0, 0, ${new Date(clock.now())}, now(), id FROM unnest(${Array.from({ length: 12_005 }, () => ids.next<string>())}::uuid[]) AS id`);
    clock.set(clock.now() + 1);
    await it.enable(true);
    // The queue as its holder reads it, before and after each chunk has been sent.
    const head = async (): Promise<Set<string>> =>
      new Set((await fifoHead(db, it.endpoint, 200, clock.now())).rows.map((row) => row.event_type));
    let released = 0;
    for (let count = 1; count > 0; released += count) {
      await publisher.publish({
        organizationId: it.organization,
        workspaceId: undefined,
        type: 'order.newer',
        data: {},
        occurredAtMs: clock.now(),
      });
      assert.deepEqual(await head(), new Set(released === 0 ? [] : ['order.paid']));
      await db.execute(sql`DELETE FROM delivery_queue WHERE state = 'pending' AND event_type = 'order.paid'`);
      assert.deepEqual(await head(), new Set(released < 12_005 ? [] : ['order.newer']));
      count = await it.release(5_000);
    }
    assert.equal(released, 12_005);
  });

  test('D22: has scheduled deliveries in its queue from their time on, after what was published before it', async () => {
    const it = await scene({ delivers: false });
    const { db } = it.one;
    await it.enable(true);
    const began = clock.now();
    const assertOrder = async (expected: readonly number[]): Promise<void> => {
      const { rows } = await fifoHead(db, it.endpoint, 200, clock.now());
      const numbers = rows.map(({ data }) => (JSON.parse(String(data)) as { n: number }).n);
      assert.deepEqual(numbers, expected);
      assert.equal((await firstOf(db, it.endpoint, clock.now()))?.id, rows[0]?.id);
      const { rows: two } = await fifoHead(db, it.endpoint, 2, clock.now());
      assert.deepEqual(
        two.map(({ id }) => id),
        rows.slice(0, 2).map(({ id }) => id),
      );
    };
    await it.publish(it.one, 1, began + 3_600_000);
    await it.publish(it.one, 2, began + 10_000);
    await it.publish(it.one, 3, began + 5_000);
    await it.publish(it.one, 4, began + 10_000);
    await assertOrder([]);
    await it.publish(it.two, 5);
    await assertOrder([5]);
    clock.set(began + 6_000);
    await it.publish(it.two, 6);
    await assertOrder([5, 3, 6]);
    clock.set(began + 11_000);
    await it.publish(it.one, 7);
    await assertOrder([5, 3, 6, 2, 4, 7]);
    const [first] = await db.query(
      sql<{
        endpoint_id: EndpointId;
        id: DeliveryId;
        attempt_count: number;
      }>`SELECT * FROM delivery_queue ORDER BY id LIMIT 1`,
    );
    assert.ok(first !== undefined && (await expedite(db, first, clock.now())), 'a person retries the first');
    await assertOrder([1, 5, 3, 6, 2, 4, 7]);
    // Of an endpoint that had another order, the queue may have deliveries without a place.
    await setOrdering(db, it.endpoint, 'fifo');
    await it.publish(it.one, 8, began + 3_600_000);
    await assertOrder([1, 2, 3, 4, 5, 6, 7]);
  });

  test('is not blocked by what a transaction wrote before the enabling and commits after the release', async () => {
    const it = await scene();
    const { emit } = createEmit(it.one.engine);
    await it.one.db.transaction(async (tx) => {
      await emit(tx, {
        organizationId: it.organization,
        type: 'contact.created',
        data: { n: 1 },
        occurredAtMs: clock.now(),
      });
      await it.enable(true);
      assert.equal(await it.release(100), 0, 'it is not visible yet');
    });
    clock.set(clock.now() + 1);
    await it.publish(it.one, 2);
    await asTimePasses(clock, [it.one, it.two], 100, () => it.order().length === 2, 'both arrived');
    assert.deepEqual(it.order(), [1, 2]);
  });

  test('keeps the order of what a process had in memory when the endpoint was disabled', async () => {
    const it = await scene();
    await it.enable(true);
    for (const n of [1, 2, 3, 4]) await it.publish(it.one, n);
    await it.enable(false);
    await it.publish(it.two, 5);
    await it.enable(true);
    await it.publish(it.one, 6);
    for (let count = 1; count > 0;) count = await it.release(100);
    await asTimePasses(
      clock,
      [it.one, it.two],
      100,
      async () => {
        if (it.order().length < 6) await it.release(100);
        return it.order().length === 6;
      },
      'all arrived',
    );
    assert.deepEqual(it.order(), [1, 2, 3, 4, 5, 6]);
  });
});
