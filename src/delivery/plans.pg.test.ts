import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { databaseScene } from '../../test/database.ts';
import { makeEndpoint, makeOrganization } from '../../test/engine.ts';
import { createPartitions } from '../db/partitions.ts';
import { connect, indexPlans } from '../db/pool.ts';
import type { Database } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import { createIds } from '../ids.ts';
import type { DeliveryId, EndpointId } from '../ids.ts';
import { claim, discard, giveBack, heads, hold, line, orphaned, release, settle } from './queries.ts';
import type { Settlement } from './queries.ts';

const nowMs = Date.UTC(2026, 0, 5, 9);
const ids = createIds({ now: () => nowMs });
const waiting = 5_000;
const batch = 100;

const fill = (db: Database, endpoint: EndpointId, deliveries: readonly DeliveryId[]): Promise<number> =>
  db.execute(sql`
    INSERT INTO delivery_queue (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, schedule_base, due_at, created_at)
    SELECT ${endpoint}, id, ${endpoint}, id, 'order.paid', 'event', 'pending', 0, 0, to_timestamp(${nowMs}::float8 / 1000), to_timestamp(${nowMs}::float8 / 1000)
    FROM unnest(${deliveries}::uuid[]) AS id`);

/** A queue of `waiting` deliveries whose statistics were last taken when next to nothing was in it. */
async function afterAQuietMoment(db: Database): Promise<{ endpoint: EndpointId; deliveries: readonly DeliveryId[] }> {
  await createPartitions(db, nowMs);
  const endpoint = await makeEndpoint(db, ids, await makeOrganization(db, ids), 'https://example.com/hook');
  const before = Array.from({ length: waiting }, () => ids.next<DeliveryId>());
  await fill(db, endpoint, before);
  await db.execute(sql`DELETE FROM delivery_queue WHERE id <> ${before.at(-1)}`);
  await db.script('VACUUM ANALYZE delivery_queue');
  const deliveries = Array.from({ length: waiting }, () => ids.next<DeliveryId>());
  await fill(db, endpoint, deliveries);
  return { endpoint, deliveries };
}

/** Rows that a statement answers or changes, where they are not a batch. */
const counts: Readonly<Record<string, number>> = { 'heads of lines': 1, 'what deleted endpoints left behind': 0 };

/** Entries of the queue's indexes that `work` reads. */
async function entriesRead(db: Database, work: () => Promise<unknown>): Promise<number> {
  const read = async (): Promise<number> => {
    await db.execute(sql`SELECT pg_stat_force_next_flush()`);
    const [row] = await db.query(sql<{ read: number }>`SELECT sum(idx_tup_read)::int AS read FROM pg_stat_user_indexes WHERE relname = 'delivery_queue'`);
    return row?.read ?? Number.NaN;
  };
  const before = await read();
  await work();
  return (await read()) - before;
}

const outcome = (endpointId: EndpointId, deliveryId: DeliveryId): Settlement => ({
  endpointId,
  deliveryId,
  attemptsBefore: 0,
  state: 'delivered',
  dueAtMs: 0,
  completedAtMs: nowMs,
  startedAtMs: nowMs,
  durationMs: 12,
  dialect: 'standard',
  targetUrl: 'https://example.com/hook',
  requestHeaders: '{}',
  statusCode: 200,
  error: null,
  responseHeaders: '{}',
  responseBody: '',
});

/** A queue is as good as empty time and again, and statistics may be taken then: no plan may rest on them. */
describe('plans of the queue', () => {
  const scene = databaseScene();

  // Both ways in which PostgreSQL plans a prepared statement.
  for (const mode of ['force_generic_plan', 'force_custom_plan']) {
    test(`every statement reads its own rows and no more (${mode})`, async () => {
      // One connection, so that what it read is its own.
      const db = connect(scene.url, { max: 1, settings: { ...indexPlans, plan_cache_mode: mode } });
      scene.finally(() => db.close());
      const { endpoint, deliveries } = await afterAQuietMoment(db);
      // The newest, since the oldest are claimed: nobody has them in hand.
      const some = (from: number) => deliveries.slice(-batch * (from + 1), deliveries.length - batch * from);
      const later = nowMs + 60_000;
      const wanted = [{ endpointId: endpoint, rows: batch, bytes: 1_000_000, leaseUntilMs: later }];
      const cases: Readonly<Record<string, () => Promise<number>>> = {
        'outcomes that end deliveries': async () =>
          (
            await settle(
              db,
              some(0).map((id) => outcome(endpoint, id)),
            )
          ).length,
        'outcomes that are tried again': async () =>
          (
            await settle(
              db,
              some(1).map((id) => ({ ...outcome(endpoint, id), state: 'pending' as const, dueAtMs: later })),
            )
          ).length,
        'what is given back': () =>
          giveBack(
            db,
            some(2).map((id) => ({ endpointId: endpoint, id, leaseUntilMs: nowMs })),
            nowMs + 1,
          ),
        'a claim': async () => (await claim(db, wanted, null, nowMs)).length,
        'a FIFO line': async () => (await line(db, endpoint, batch)).length,
        'heads of lines': async () => (await heads(db)).length,
        'what deleted endpoints left behind': async () => (await orphaned(db)).length,
        'what a disabled endpoint has waiting': async () => {
          await db.execute(sql`UPDATE endpoints SET is_active = false WHERE id = ${endpoint}`);
          return hold(db, endpoint, batch);
        },
        'what is released': () => release(db, endpoint, batch, nowMs),
        'what a deleted endpoint has waiting': async () => {
          await db.execute(sql`UPDATE endpoints SET deleted_at = now() WHERE id = ${endpoint}`);
          return discard(db, endpoint, batch, nowMs);
        },
      };
      for (const [name, work] of Object.entries(cases)) {
        let rows = 0;
        const read = await entriesRead(db, async () => (rows = await work()));
        assert.equal(rows, counts[name] ?? batch, name);
        // Each row by its key, once more where it was locked before, and what had to be passed over; a plan that is wrong reads them all.
        assert.ok(read <= waiting / 2, `${name}: ${read} entries read for ${rows} rows`);
      }
    });
  }
});
