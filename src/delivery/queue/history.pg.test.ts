import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { databaseScene } from '../../../test/harness/database.ts';
import { makeEndpoint, makeOrganization } from '../../../test/harness/engine.ts';
import { dayMs } from '../../base/clock.ts';
import { createIds } from '../../base/ids.ts';
import type { DeliveryId, EndpointId, EventId, OrganizationId } from '../../base/ids.ts';
import { createPartitions } from '../../db/partitions.ts';
import { connect, indexPlans } from '../../db/pool.ts';
import type { Database } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import { claim, consumer, fifoHead, settle } from './queries.ts';
import type { ClaimedRow, Settlement } from './queries.ts';
import { writeEvents } from './write-events.ts';
import type { DeliveryRow, EventRow } from './write-events.ts';

const nowMs = Date.UTC(2026, 0, 5, 9);
const ids = createIds({ now: () => nowMs });
/** Days before today, and deliveries of each in the log. */
const days = 3;
const perDay = 500;

interface Owner {
  readonly organization: OrganizationId;
  readonly endpoint: EndpointId;
}

/** Rows read and written in the partitions of events, log and attempts, by whether they are today's. */
interface Touched {
  readonly today: number;
  readonly before: number;
}

async function fillHistory(db: Database, { organization, endpoint }: Owner): Promise<void> {
  await createPartitions(db, nowMs - (days - 1) * dayMs, days);
  for (let day = 1; day <= days; day += 1) {
    const atMs = nowMs - day * dayMs;
    const old = createIds({ now: () => atMs });
    const rows = Array.from({ length: perDay }, () => old.next<EventId>());
    await db.execute(sql`
      WITH old AS (SELECT id, to_timestamp(${atMs}::float8 / 1000) AS at FROM unnest(${rows}::uuid[]) AS id), event AS (
        INSERT INTO events (organization_id, id, type, data, occurred_at, created_at) SELECT ${organization}, id, 'order.paid', '{}', at, at FROM old
      ), log AS (
        INSERT INTO delivery_log (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, created_at, completed_at)
        SELECT ${endpoint}, id, ${organization}, id, 'order.paid', 'event', 'delivered', 1, at, at FROM old
      )
      INSERT INTO attempts (delivery_id, number, started_at, duration_ms, dialect, target_url, request_headers)
      SELECT id, 1, at, 5, 'standard', 'https://example.com/hook', '{}' FROM old`);
  }
}

/** @param db with one connection, so that the counters include its own work. */
async function touched(db: Database, work: () => Promise<unknown>): Promise<Touched> {
  const stamp = new Date(nowMs).toISOString().slice(0, 10).replaceAll('-', '');
  const read = async (): Promise<Touched> => {
    await db.execute(sql`SELECT pg_stat_force_next_flush()`);
    const [row] = await db.query(sql<Touched>`
      SELECT coalesce(sum(rows) FILTER (WHERE today), 0)::int AS today, coalesce(sum(rows) FILTER (WHERE NOT today), 0)::int AS before
      FROM (
        SELECT relname LIKE ${`%_${stamp}`} AS today, seq_scan + seq_tup_read + idx_scan + coalesce(idx_tup_fetch, 0) + n_tup_ins + n_tup_upd + n_tup_del AS rows
        FROM pg_stat_user_tables WHERE relname ~ '^(events|delivery_log|attempts)_\\d{8}$'
      ) partition`);
    return row ?? assert.fail();
  };
  const before = await read();
  await work();
  const after = await read();
  return { today: after.today - before.today, before: after.before - before.before };
}

const eventFor = ({ organization }: Owner, key?: string): EventRow => ({
  id: ids.next<EventId>(),
  organizationId: organization,
  workspaceId: undefined,
  type: 'order.paid',
  data: Buffer.from('{}'),
  occurredAtMs: nowMs,
  createdAtMs: nowMs,
  idempotency: key === undefined ? undefined : { key, requestHash: Buffer.alloc(32), deliveries: 1 },
});

const deliveryFor = ({ organization, endpoint }: Owner, event: EventRow): DeliveryRow => ({
  id: ids.next<DeliveryId>(),
  endpointId: endpoint,
  organizationId: organization,
  eventId: event.id,
  eventType: event.type,
  kind: 'event',
  state: 'pending',
  dueAtMs: nowMs,
  holder: undefined,
  createdAtMs: nowMs,
  keyed: event.idempotency !== undefined,
});

const outcomeFor = (row: ClaimedRow, state: 'delivered' | 'pending'): Settlement => ({
  endpointId: row.endpoint_id,
  deliveryId: row.id,
  attemptsBefore: row.attempt_count,
  state,
  dueAtMs: nowMs,
  completedAtMs: nowMs,
  startedAtMs: nowMs,
  durationMs: 5,
  dialect: 'standard',
  targetUrl: 'https://example.com/hook',
  requestHeaders: '{}',
  statusCode: 200,
  error: null,
  responseHeaders: '{}',
  responseBody: '',
});

describe('D15: cost independent of history', () => {
  const scene = databaseScene();
  // Both ways in which PostgreSQL plans a prepared statement.
  for (const mode of ['force_generic_plan', 'force_custom_plan']) {
    test(`publishing, claiming and settling touch only today's partitions (${mode})`, async () => {
      const db = connect(scene.url, { max: 1, settings: { ...indexPlans, plan_cache_mode: mode } });
      scene.finally(() => db.close());
      const organization = await makeOrganization(db, ids);
      const owner: Owner = {
        organization,
        endpoint: await makeEndpoint(db, ids, organization, 'https://example.com/hook'),
      };
      await fillHistory(db, owner);
      const [epoch] = await db.query(sql<{ value: number }>`SELECT value FROM subscription_epoch`);
      const lease = { endpointId: owner.endpoint, rows: 50, bytes: 1_000_000, leaseUntilMs: nowMs + 45_000 };

      const write = async (events: readonly EventRow[]): Promise<void> => {
        const deliveries = events.map((event) => deliveryFor(owner, event));
        assert.equal((await writeEvents(db, epoch?.value ?? 0, events, deliveries)).written, true);
      };
      const claimed: ClaimedRow[] = [];
      const steps: readonly (readonly [name: string, work: () => Promise<unknown>])[] = [
        ['publishing one event', () => write([eventFor(owner)])],
        ['publishing 10 events', () => write(Array.from({ length: 10 }, () => eventFor(owner)))],
        [
          'publishing 10 events with idempotency keys',
          () => write(Array.from({ length: 10 }, (_, n) => eventFor(owner, `key ${n}`))),
        ],
        [
          'reading the head of a FIFO queue',
          async () => assert.equal((await fifoHead(db, owner.endpoint, 50, nowMs)).rows.length, 21),
        ],
        ['claiming', async () => claimed.push(...(await claim(db, [lease], consumer, nowMs)).rows)],
        [
          'settling one delivery',
          () =>
            settle(
              db,
              claimed.splice(0, 1).map((row) => outcomeFor(row, 'delivered')),
            ),
        ],
        [
          'settling 10 deliveries',
          () =>
            settle(
              db,
              claimed.splice(0, 10).map((row) => outcomeFor(row, 'delivered')),
            ),
        ],
        [
          'settling 10 retries',
          () =>
            settle(
              db,
              claimed.splice(0).map((row) => outcomeFor(row, 'pending')),
            ),
        ],
      ];
      for (const [name, work] of steps) {
        const { today, before } = await touched(db, work);
        assert.equal(before, 0, name);
        assert.ok(today > 0 && today <= 150, `${name}: ${today}`);
      }
      const [left] = await db.query(sql<{ queued: number; logged: number }>`
        SELECT (SELECT count(*) FROM delivery_queue) AS queued, (SELECT count(*) FROM delivery_log) AS logged`);
      assert.deepEqual(left, { queued: 10, logged: days * perDay + 11 });
    });
  }
});
