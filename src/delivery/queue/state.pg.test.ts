import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { makeEndpoint, makeOrganization, setActive } from '../../../test/harness/engine.ts';
import { createPartitions } from '../../db/partitions.ts';
import { connect, type Database } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import {
  createIds,
  type DeliveryId,
  type EndpointId,
  type EventId,
  type Ids,
  type OrganizationId,
} from '../../base/ids.ts';
import { expedite, findDelivery, requeue } from './log.ts';
import { claim, discard, giveBack, hold, release, settle, type Settlement } from './queries.ts';
import { writeEvents } from './write-events.ts';
import { queued, transitions, type DeliveryEvent, type DeliveryState } from '../state.ts';

const startMs = Date.UTC(2026, 0, 5, 9);
const leaseMs = 45_000;
const holder = '00000000-0000-7000-8000-000000000001';

/** The state of one delivery according to the state table and the SPEC. */
interface Expected {
  readonly endpoint: number;
  state: DeliveryState;
  attempts: number;
  dueAtMs: number;
  /** `dueAtMs` is the end of a lease. */
  leased: boolean;
}

/** A claim that a process considers its own, rightly or not. */
interface Hand {
  readonly id: DeliveryId;
  readonly endpoint: number;
  readonly attemptsBefore: number;
  readonly leaseUntilMs: number;
}

interface Model {
  nowMs: number;
  readonly deliveries: Map<DeliveryId, Expected>;
  readonly hands: Hand[];
  readonly active: boolean[];
  readonly deleted: boolean[];
  /** How often a delivery was delivered, and how often it was requeued afterwards. */
  readonly sent: Map<DeliveryId, { delivered: number; requeued: number }>;
}

interface Real {
  readonly db: Database;
  readonly ids: Ids;
  readonly organization: OrganizationId;
  readonly endpoints: EndpointId[];
}

/** Applies an event as the state table defines. @returns whether it changed anything. */
function apply(delivery: Expected, event: DeliveryEvent): boolean {
  const next = transitions[delivery.state][event];
  if (next === undefined) return false;
  delivery.state = next;
  return true;
}

const dueOf = (model: Model, endpoint: number): DeliveryId[] =>
  [...model.deliveries]
    .filter(([, one]) => one.endpoint === endpoint && one.state === 'pending' && one.dueAtMs <= model.nowMs)
    .sort(([, a], [, b]) => a.dueAtMs - b.dueAtMs)
    .map(([id]) => id);

async function assertAgrees(model: Model, { db }: Real): Promise<void> {
  const rows = await db.query(sql<{
    id: DeliveryId;
    state: DeliveryState;
    attempt_count: number;
    due_at: Date | null;
    leased: boolean;
    place: string;
  }>`
    SELECT id, state, attempt_count, due_at, holder IS NOT NULL AS leased, 'queue' AS place FROM delivery_queue
    UNION ALL SELECT id, state, attempt_count, NULL, false, 'log' FROM delivery_log`);
  assert.equal(rows.length, model.deliveries.size, 'no delivery disappears, and none is in two tables');
  for (const row of rows) {
    const expected = model.deliveries.get(row.id);
    assert.ok(expected, 'no delivery appears from nowhere');
    assert.equal(row.place, queued[row.state] ? 'queue' : 'log');
    assert.deepEqual(
      { state: row.state, attempts: row.attempt_count },
      { state: expected.state, attempts: expected.attempts },
    );
    if (row.due_at !== null)
      assert.deepEqual(
        { due: row.due_at.getTime(), leased: row.leased },
        { due: expected.dueAtMs, leased: expected.leased },
      );
  }
  const attempts = await db.query(
    sql<{
      id: DeliveryId;
      numbers: number[];
    }>`SELECT delivery_id AS id, array_agg(number ORDER BY number) AS numbers FROM attempts GROUP BY 1`,
  );
  const numbers = new Map(attempts.map((row) => [row.id, row.numbers]));
  for (const [id, expected] of model.deliveries)
    assert.deepEqual(
      numbers.get(id) ?? [],
      Array.from({ length: expected.attempts }, (_, index) => index + 1),
    );
  for (const { delivered, requeued } of model.sent.values())
    assert.ok(delivered <= requeued + 1, 'not delivered again without a requeue');
}

abstract class Step implements fc.AsyncCommand<Model, Real> {
  check(_model: Readonly<Model>): boolean {
    return true;
  }
  abstract act(model: Model, real: Real): Promise<void>;
  async run(model: Model, real: Real): Promise<void> {
    await this.act(model, real);
    await assertAgrees(model, real);
  }
  abstract toString(): string;
}

class Publish extends Step {
  readonly endpoint: number;
  constructor(endpoint: number) {
    super();
    this.endpoint = endpoint;
  }
  override check(model: Readonly<Model>): boolean {
    return model.deleted[this.endpoint] !== true;
  }
  async act(model: Model, { db, ids, organization, endpoints }: Real): Promise<void> {
    const eventId = ids.next<EventId>();
    const id = ids.next<DeliveryId>();
    const state = model.active[this.endpoint] === true ? 'pending' : 'held';
    const [epoch] = await db.query(sql<{ value: number }>`SELECT value FROM subscription_epoch`);
    const shared = { organizationId: organization, createdAtMs: model.nowMs };
    const event = {
      ...shared,
      workspaceId: undefined,
      id: eventId,
      type: 'order.paid',
      data: Buffer.from('{}'),
      occurredAtMs: model.nowMs,
      idempotency: undefined,
    };
    const endpointId = endpoints[this.endpoint] ?? ('' as EndpointId);
    const delivery = {
      ...shared,
      id,
      endpointId,
      eventId,
      eventType: event.type,
      kind: 'event',
      state,
      dueAtMs: model.nowMs,
      holder: undefined,
      keyed: false,
    } as const;
    assert.equal((await writeEvents(db, epoch?.value ?? 0, [event], [delivery])).written, true);
    model.deliveries.set(id, { endpoint: this.endpoint, state, attempts: 0, dueAtMs: model.nowMs, leased: false });
    model.sent.set(id, { delivered: 0, requeued: 0 });
  }
  toString = (): string => `publish(${this.endpoint})`;
}

class Claim extends Step {
  readonly endpoint: number;
  readonly rows: number;
  constructor(endpoint: number, rows: number) {
    super();
    this.endpoint = endpoint;
    this.rows = rows;
  }
  async act(model: Model, { db, endpoints }: Real): Promise<void> {
    const leaseUntilMs = model.nowMs + leaseMs;
    const endpointId = endpoints[this.endpoint] ?? ('' as EndpointId);
    const { rows } = await claim(
      db,
      [{ endpointId, rows: this.rows, bytes: 1_000, leaseUntilMs }],
      holder,
      model.nowMs,
    );
    const due = dueOf(model, this.endpoint);
    const latest = model.deliveries.get(due[Math.min(this.rows, due.length) - 1] ?? ('' as DeliveryId))?.dueAtMs;
    assert.equal(rows.length, Math.min(this.rows, due.length));
    for (const row of rows) {
      const delivery = model.deliveries.get(row.id);
      assert.ok(
        delivery !== undefined && due.includes(row.id) && delivery.dueAtMs <= (latest ?? 0),
        'only what is due, the oldest first',
      );
      assert.equal(row.attempt_count, delivery.attempts);
      delivery.dueAtMs = leaseUntilMs;
      delivery.leased = true;
      model.hands.push({ id: row.id, endpoint: this.endpoint, attemptsBefore: row.attempt_count, leaseUntilMs });
    }
  }
  toString = (): string => `claim(${this.endpoint}, ${this.rows})`;
}

/** The outcome of any earlier claim, whether it is still valid or late. */
class Outcome extends Step {
  readonly hand: number;
  readonly event: 'succeeded' | 'attemptFailed' | 'failedPermanently';
  constructor(hand: number, event: Outcome['event']) {
    super();
    this.hand = hand;
    this.event = event;
  }
  override check(model: Readonly<Model>): boolean {
    return model.hands.length > 0;
  }
  async act(model: Model, { db, endpoints }: Real): Promise<void> {
    const hand = model.hands[this.hand % model.hands.length];
    assert.ok(hand);
    const dueAtMs = model.nowMs + 600_000;
    const settlement: Settlement = {
      endpointId: endpoints[hand.endpoint] ?? ('' as EndpointId),
      deliveryId: hand.id,
      attemptsBefore: hand.attemptsBefore,
      state: this.event === 'succeeded' ? 'delivered' : this.event === 'failedPermanently' ? 'failed' : 'pending',
      dueAtMs,
      completedAtMs: model.nowMs,
      startedAtMs: model.nowMs,
      durationMs: 1,
      dialect: 'standard',
      targetUrl: 'http://127.0.0.1/',
      requestHeaders: '{}',
      statusCode: 200,
      error: null,
      responseHeaders: null,
      responseBody: null,
    };
    const settled = await settle(db, [settlement]);
    const delivery = model.deliveries.get(hand.id);
    assert.ok(delivery);
    const applies = queued[delivery.state] && delivery.attempts === hand.attemptsBefore && apply(delivery, this.event);
    assert.deepEqual(settled, applies ? [hand.id] : [], 'a late outcome changes nothing');
    if (!applies) return;
    delivery.attempts += 1;
    delivery.dueAtMs = dueAtMs;
    delivery.leased = false;
    const sent = model.sent.get(hand.id);
    if (this.event === 'succeeded' && sent !== undefined) sent.delivered += 1;
  }
  toString = (): string => `${this.event}(${this.hand})`;
}

class GiveBack extends Step {
  readonly hand: number;
  constructor(hand: number) {
    super();
    this.hand = hand;
  }
  override check(model: Readonly<Model>): boolean {
    return model.hands.length > 0;
  }
  async act(model: Model, { db, endpoints }: Real): Promise<void> {
    const hand = model.hands[this.hand % model.hands.length];
    assert.ok(hand);
    const given = await giveBack(
      db,
      [{ endpointId: endpoints[hand.endpoint] ?? ('' as EndpointId), id: hand.id, leaseUntilMs: hand.leaseUntilMs }],
      model.nowMs,
    );
    const delivery = model.deliveries.get(hand.id);
    assert.ok(delivery);
    const holds = queued[delivery.state] && delivery.dueAtMs === hand.leaseUntilMs;
    assert.equal(given, holds ? 1 : 0, 'only while it has the lease');
    if (!holds) return;
    delivery.dueAtMs = model.nowMs;
    delivery.leased = false;
  }
  toString = (): string => `giveBack(${this.hand})`;
}

class Change extends Step {
  readonly endpoint: number;
  readonly what: 'disable' | 'enable' | 'hold' | 'release' | 'delete';
  constructor(endpoint: number, what: Change['what']) {
    super();
    this.endpoint = endpoint;
    this.what = what;
  }
  override check(model: Readonly<Model>): boolean {
    return model.deleted[this.endpoint] !== true;
  }
  async act(model: Model, { db, endpoints }: Real): Promise<void> {
    const id = endpoints[this.endpoint] ?? ('' as EndpointId);
    const own = [...model.deliveries.values()].filter((one) => one.endpoint === this.endpoint);
    switch (this.what) {
      case 'disable':
      case 'enable':
        model.active[this.endpoint] = this.what === 'enable';
        return setActive(db, id, this.what === 'enable');
      case 'hold': {
        // Also by a process that takes an active endpoint for disabled.
        const held = await hold(db, id, 1_000);
        const applied =
          model.active[this.endpoint] === true ? 0 : own.filter((one) => apply(one, 'endpointDisabled')).length;
        assert.equal(held, applied);
        return;
      }
      case 'release': {
        assert.equal(await release(db, id, 1_000, model.nowMs), own.filter((one) => one.state === 'held').length);
        for (const one of own) {
          if (!apply(one, 'released')) continue;
          if (!one.leased) one.dueAtMs = model.nowMs;
        }
        return;
      }
      case 'delete': {
        assert.equal(await discard(db, id, 1_000, model.nowMs), 0, 'not before it is deleted');
        await db.execute(sql`UPDATE endpoints SET deleted_at = now(), is_active = false WHERE id = ${id}`);
        model.deleted[this.endpoint] = true;
        assert.equal(
          await discard(db, id, 1_000, model.nowMs),
          own.filter((one) => apply(one, 'endpointDeleted')).length,
        );
      }
    }
  }
  toString = (): string => `${this.what}(${this.endpoint})`;
}

/** A person's retry. */
class Requeue extends Step {
  readonly delivery: number;
  constructor(delivery: number) {
    super();
    this.delivery = delivery;
  }
  override check(model: Readonly<Model>): boolean {
    return model.deliveries.size > 0;
  }
  async act(model: Model, { db, organization }: Real): Promise<void> {
    const [id, expected] = [...model.deliveries][this.delivery % model.deliveries.size] ?? [];
    assert.ok(id !== undefined && expected !== undefined);
    const delivery = await findDelivery(db, organization, undefined, id);
    assert.ok(delivery);
    const wasDelivered = expected.state === 'delivered';
    if (queued[expected.state]) {
      // Leased and held deliveries are left alone.
      const applies = (!expected.leased || expected.dueAtMs <= model.nowMs) && apply(expected, 'requeued');
      assert.equal(await expedite(db, delivery, model.nowMs), applies);
      if (applies) expected.dueAtMs = model.nowMs;
    } else {
      assert.equal(await requeue(db, delivery, model.nowMs), apply(expected, 'requeued'));
      expected.dueAtMs = model.nowMs;
      expected.leased = false;
      const sent = model.sent.get(id);
      if (wasDelivered && sent !== undefined) sent.requeued += 1;
    }
  }
  toString = (): string => `requeue(${this.delivery})`;
}

class Pass extends Step {
  readonly ms: number;
  constructor(ms: number) {
    super();
    this.ms = ms;
  }
  act(model: Model): Promise<void> {
    model.nowMs += this.ms;
    return Promise.resolve();
  }
  toString = (): string => `pass(${this.ms})`;
}

describe('the tables follow the table of states', () => {
  let database: TestDatabase;
  let db: Database;
  before(async () => {
    database = await createTestDatabase();
    db = connect(database.url);
    await createPartitions(db, startMs);
  });
  after(async () => {
    await db.close();
    await database.drop();
  });

  test('D2 D6 D8 D16 D18: after any events in any order, every delivery is in exactly one table, with attempts 1 to n', async () => {
    const endpoint = fc.nat(1);
    // Few deliveries, so that much happens to each.
    const index = fc.nat(5);
    const outcome = (event: Outcome['event']) => index.map((hand) => new Outcome(hand, event));
    const change = (what: Change['what']) => endpoint.map((one) => new Change(one, what));
    const commands = fc.commands(
      [
        endpoint.map((one) => new Publish(one)),
        endpoint.map((one) => new Publish(one)),
        fc.tuple(endpoint, fc.integer({ min: 1, max: 4 })).map(([one, rows]) => new Claim(one, rows)),
        fc.tuple(endpoint, fc.integer({ min: 1, max: 4 })).map(([one, rows]) => new Claim(one, rows)),
        outcome('succeeded'),
        outcome('attemptFailed'),
        outcome('failedPermanently'),
        index.map((hand) => new GiveBack(hand)),
        change('disable'),
        change('enable'),
        change('hold'),
        change('release'),
        change('delete'),
        index.map((delivery) => new Requeue(delivery)),
        index.map((delivery) => new Requeue(delivery)),
        fc.constantFrom(1_000, 46_000, 601_000).map((ms) => new Pass(ms)),
      ],
      { maxCommands: 40, size: 'max' },
    );
    const ids = createIds({ now: () => startMs });
    const organization = await makeOrganization(db, ids);
    await fc.assert(
      fc.asyncProperty(commands, async (steps) => {
        await db.script('TRUNCATE delivery_queue, delivery_log, attempts, events');
        const endpoints = [
          await makeEndpoint(db, ids, organization, 'http://127.0.0.1:1/'),
          await makeEndpoint(db, ids, organization, 'http://127.0.0.1:1/'),
        ];
        const setup = () => ({
          model: {
            nowMs: startMs,
            deliveries: new Map(),
            hands: [],
            active: [true, true],
            deleted: [false, false],
            sent: new Map(),
          } satisfies Model,
          real: { db, ids, organization, endpoints } satisfies Real,
        });
        await fc.asyncModelRun(setup, steps);
      }),
      { numRuns: 100 },
    );
  });
});
