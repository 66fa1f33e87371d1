import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { databaseScene } from '../../test/harness/database.ts';
import { createPartitions } from '../db/partitions.ts';
import { connect, indexPlans } from '../db/pool.ts';
import type { Database } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import { createIds } from '../base/ids.ts';
import type { DeliveryId, EndpointId, EventId, OrganizationId, WorkspaceId } from '../base/ids.ts';
import { settle } from './queue/queries.ts';
import type { Settlement } from './queue/queries.ts';
import { writeEvents } from './queue/write-events.ts';
import type { DeliveryRow, EventRow } from './queue/write-events.ts';
import { dayMs } from '../base/clock.ts';

const nowMs = Date.UTC(2026, 0, 5, 9) + 123;
const ids = createIds({ now: () => nowMs });
const organizationId = ids.next<OrganizationId>();
const endpointId = ids.next<EndpointId>();
const workspaceId = ids.next<WorkspaceId>();
const holder = ids.next<DeliveryId>();
/** Texts that an array literal must quote, and one that means null in it. */
const texts = ['NULL', '', '{"a": [1, "\\\\ \\" , }"]}', "it's — 10 %, $1", '\ufffd\n\t'];

const eventOf = (settings: Partial<EventRow> = {}): EventRow => ({
  id: ids.next<EventId>(),
  organizationId,
  type: 'order.paid',
  data: Buffer.from('{"n": 1,\n "text": "\\u0000 {}"}'),
  workspaceId,
  occurredAtMs: nowMs - dayMs - 1,
  createdAtMs: nowMs,
  idempotency: undefined,
  ...settings,
});

const deliveryOf = (event: EventRow, settings: Partial<DeliveryRow> = {}): DeliveryRow => ({
  id: ids.next<DeliveryId>(),
  endpointId,
  organizationId,
  eventId: event.id,
  eventType: event.type,
  kind: 'event',
  state: 'pending',
  dueAtMs: nowMs + 45_007,
  holder,
  fifoKey: organizationId,
  createdAtMs: nowMs,
  keyed: false,
  ...settings,
});

const outcomeOf = ({ id }: DeliveryRow, settings: Partial<Settlement>): Settlement => ({
  endpointId,
  deliveryId: id,
  attemptsBefore: 0,
  state: 'delivered',
  dueAtMs: 0,
  completedAtMs: nowMs + 19,
  startedAtMs: nowMs + 7,
  durationMs: 12.5,
  dialect: 'standard',
  targetUrl: 'https://example.com/hook?a={1,2}',
  requestHeaders: '{}',
  statusCode: 200,
  error: null,
  responseHeaders: '{}',
  responseBody: '',
  ...settings,
});

/** All columns except the ids. */
const rowsOf = async (db: Database, ...deliveries: readonly DeliveryRow[]): Promise<readonly unknown[]> =>
  Promise.all(
    deliveries.map(async ({ id, eventId }) =>
      db.query(sql<{ row: unknown }>`
        SELECT to_jsonb(e) - 'id' AS row FROM events e WHERE id = ${eventId}
        UNION ALL SELECT to_jsonb(q) - 'id' - 'event_id' FROM delivery_queue q WHERE id = ${id}
        UNION ALL SELECT to_jsonb(l) - 'id' - 'event_id' FROM delivery_log l WHERE id = ${id}
        UNION ALL SELECT to_jsonb(a) - 'delivery_id' FROM attempts a WHERE delivery_id = ${id}`),
    ),
  );

const counted = async (db: Database): Promise<number> => {
  const [row] = await db.query(sql<{ count: number }>`
    SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM delivery_queue) + (SELECT count(*) FROM delivery_log) + (SELECT count(*) FROM attempts) AS count`);
  return row?.count ?? Number.NaN;
};

describe('the statement for one row writes the same as the statement for many', () => {
  const scene = databaseScene();

  async function opened(): Promise<{ db: Database; epoch: number }> {
    const db = connect(scene.url, { max: 2, settings: indexPlans });
    scene.finally(() => db.close());
    await createPartitions(db, nowMs);
    const [row] = await db.query(sql<{ value: number }>`SELECT value FROM subscription_epoch`);
    return { db, epoch: row?.value ?? assert.fail() };
  }

  test('D2: an event and its delivery are written together', async () => {
    const { db, epoch } = await opened();
    for (const type of ['order.paid', ...texts.slice(2)])
      for (const settings of [{}, { state: 'held', holder: undefined, kind: 'replay' }] as const) {
        const [alone, one, other] = [eventOf({ type }), eventOf({ type }), eventOf({ type })];
        const [first, ...more] = [alone, one, other].map((event) => deliveryOf(event, settings));
        assert.ok(first);
        assert.deepEqual(await writeEvents(db, epoch, [alone], [first]), { written: true, won: new Set() });
        assert.deepEqual(await writeEvents(db, epoch, [one, other], more), { written: true, won: new Set() });
        const [lone, ...rows] = await rowsOf(db, first, ...more);
        assert.equal(Array.isArray(lone) && lone.length, 2);
        for (const row of rows) assert.deepEqual(lone, row);
      }
  });

  test('D3: an event whose endpoints were found under another epoch is not written', async () => {
    const { db, epoch } = await opened();
    const before = await counted(db);
    const event = eventOf();
    assert.deepEqual(await writeEvents(db, epoch + 1, [event], [deliveryOf(event)]), {
      written: false,
      won: new Set(),
    });
    // Also an event without endpoints: the new epoch may bring one.
    assert.deepEqual(await writeEvents(db, epoch + 1, [event], []), { written: false, won: new Set() });
    assert.equal(await counted(db), before);
  });

  test('D8: an outcome is written once', async () => {
    const { db, epoch } = await opened();
    const failure = { state: 'failed', statusCode: null, responseHeaders: null, responseBody: null } as const;
    for (const text of texts)
      for (const settings of [
        { requestHeaders: text, responseHeaders: text, responseBody: text },
        { ...failure, error: text },
      ] as const) {
        const events = [eventOf(), eventOf(), eventOf()];
        const deliveries = events.map((event) => deliveryOf(event));
        const [alone, one, other] = deliveries;
        assert.ok(alone && one && other);
        await writeEvents(db, epoch, events, deliveries);
        const late = outcomeOf(alone, { ...settings, attemptsBefore: 1 });
        assert.deepEqual(await settle(db, [late]), []);
        assert.deepEqual(await settle(db, [outcomeOf(alone, settings)]), [alone.id]);
        assert.deepEqual((await settle(db, [outcomeOf(one, settings), outcomeOf(other, settings)])).toSorted(), [
          one.id,
          other.id,
        ]);
        const before = await counted(db);
        assert.deepEqual(await settle(db, [outcomeOf(alone, settings)]), []);
        assert.equal(await counted(db), before);
        const [lone, ...rows] = await rowsOf(db, ...deliveries);
        assert.equal(Array.isArray(lone) && lone.length, 3);
        for (const row of rows) assert.deepEqual(lone, row);
      }
  });
});
