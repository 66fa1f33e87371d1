import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { databaseScene } from '../../../test/harness/database.ts';
import { afterAQuietMoment, nowMs, readOfQueue, waiting } from '../../../test/harness/queue.ts';
import type { FilledQueue } from '../../../test/harness/queue.ts';
import { connect, indexPlans } from '../../db/pool.ts';
import type { Database } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import { firstId } from '../../base/ids.ts';
import type { DeliveryId, EndpointId, EventId } from '../../base/ids.ts';
import { claimHead, inQueue, nextDue } from '../../webhooks/listeners/queries.ts';
import { expedite } from './log.ts';
import { releaseLeases } from './release-leases.ts';
import {
  claim,
  consumer,
  discard,
  giveBack,
  fifoHead,
  firstOf,
  heads,
  hold,
  orphaned,
  release,
  settle,
} from './queries.ts';
import type { Settlement } from './queries.ts';

const batch = 100;
const laterMs = nowMs + 60_000;

/** A statement, and the number of rows that it returns or changes. */
type Work = readonly [name: string, rows: number, work: () => Promise<number>];

/** Most deliveries of the queue are scheduled for later, which only the places tell. */
async function inPlaces<Result>(db: Database, endpoint: EndpointId, read: () => Promise<Result>): Promise<Result> {
  await db.execute(sql`UPDATE endpoints SET fifo_from = ${firstId} WHERE id = ${endpoint}`);
  const result = await read();
  await db.execute(sql`UPDATE endpoints SET fifo_from = NULL WHERE id = ${endpoint}`);
  return result;
}

const count = async (rows: Promise<readonly unknown[]>): Promise<number> => (await rows).length;

function ofTheEngine(db: Database, { endpoint, deliveries }: FilledQueue): readonly Work[] {
  // The newest: the oldest are claimed, these are not leased.
  const some = (from: number): readonly DeliveryId[] =>
    deliveries.slice(waiting - batch * (from + 1), waiting - batch * from);
  const outcome = (deliveryId: DeliveryId, state: 'delivered' | 'pending'): Settlement => ({
    endpointId: endpoint,
    deliveryId,
    attemptsBefore: 0,
    state,
    dueAtMs: laterMs,
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
  const ended = some(0).map((id) => outcome(id, 'delivered'));
  const triedAgain = some(1).map((id) => outcome(id, 'pending'));
  const lone = some(3)
    .slice(0, 1)
    .map((id) => outcome(id, 'delivered'));
  const given = some(2).map((id) => ({ endpointId: endpoint, id, leaseUntilMs: nowMs }));
  const wanted = [{ endpointId: endpoint, rows: batch, bytes: 1_000_000, leaseUntilMs: laterMs }];
  return [
    ['outcomes that end deliveries', batch, () => count(settle(db, ended))],
    ['one outcome that ends a delivery', 1, () => count(settle(db, lone))],
    ['outcomes that are retried', batch, () => count(settle(db, triedAgain))],
    ['leases that are given back', batch, () => giveBack(db, given, nowMs + 1)],
    ['a claim', batch, async () => (await claim(db, wanted, consumer, nowMs)).rows.length],
    ['the head of a FIFO queue', batch, () => count(fifoHead(db, endpoint, batch, nowMs).then(({ rows }) => rows))],
    [
      'the head of a FIFO queue with places',
      batch,
      () => count(inPlaces(db, endpoint, () => fifoHead(db, endpoint, batch, nowMs).then(({ rows }) => rows))),
    ],
    ['heads of queues', 1, () => count(heads(db))],
    ['deliveries of deleted endpoints', 0, () => count(orphaned(db))],
    [
      'pending deliveries of a disabled endpoint',
      batch,
      async () => {
        await db.execute(sql`UPDATE endpoints SET is_active = false WHERE id = ${endpoint}`);
        return hold(db, endpoint, batch);
      },
    ],
    ['held deliveries that are released', batch, () => release(db, endpoint, batch, nowMs)],
    [
      'deliveries of one deleted endpoint',
      batch,
      async () => {
        await db.execute(sql`UPDATE endpoints SET deleted_at = now() WHERE id = ${endpoint}`);
        return discard(db, endpoint, batch, nowMs);
      },
    ],
  ];
}

function ofTheApi(db: Database, { organization, endpoint, deliveries }: FilledQueue): readonly Work[] {
  const [last] = deliveries.slice(-1);
  const wanted = [{ endpointId: endpoint, rows: batch, bytes: 1_000_000, leaseUntilMs: laterMs }];
  const delivery = {
    endpoint_id: endpoint,
    id: last ?? assert.fail(),
    organization_id: organization,
    event_id: last as string as EventId,
    event_type: 'order.paid',
    kind: 'event' as const,
    state: 'pending' as const,
    attempt_count: 0,
    due_at: new Date(laterMs),
    holder: null,
    created_at: new Date(nowMs),
    completed_at: null,
    last_status_code: null,
    last_error: null,
  };
  return [
    ['the head of a queue to fetch', 1, () => count(claimHead(db, endpoint, laterMs, nowMs))],
    ['a fetch', batch, async () => (await claim(db, wanted, consumer, nowMs)).rows.length],
    ['fetched deliveries', batch, () => count(inQueue(db, endpoint, deliveries.slice(0, batch)))],
    ['when a delivery can be fetched', 1, async () => ((await nextDue(db, endpoint, false, nowMs)) === nowMs ? 1 : 0)],
    [
      'when the head of a queue is due',
      1,
      async () => ((await nextDue(db, endpoint, true, nowMs)) === laterMs ? 1 : 0),
    ],
    [
      'the first of a queue with places',
      1,
      () => count(inPlaces(db, endpoint, async () => [await firstOf(db, endpoint, nowMs)])),
    ],
    ['an immediate retry', 1, async () => ((await expedite(db, delivery, nowMs - 3_600_000)) ? 1 : 0)],
  ];
}

/** The queue is often almost empty, and statistics may be taken at that moment, so no plan may depend on them. */
describe('plans of the queue', () => {
  const scene = databaseScene();
  for (const [whose, works, settings] of [
    ['the engine', ofTheEngine, indexPlans],
    ['the API', ofTheApi, {}],
  ] as const) {
    // Both ways in which PostgreSQL plans a prepared statement.
    for (const mode of ['force_generic_plan', 'force_custom_plan']) {
      for (const kept of [0, 1] as const) {
        test(`every statement of ${whose} reads only its own rows (${mode}, ${kept} in the statistics)`, async () => {
          const db = connect(scene.url, { max: 1, settings: { ...settings, plan_cache_mode: mode } });
          scene.finally(() => db.close());
          for (const [name, rows, work] of works(db, await afterAQuietMoment(db, kept))) {
            let done = 0;
            const read = await readOfQueue(db, async () => (done = await work()));
            assert.equal(done, rows, name);
            // Each row by its key, a second time if it was locked first, and the rows that are skipped. A wrong plan reads all rows.
            assert.ok(read <= waiting / 5, `${name}: ${read} read for ${rows}`);
          }
        });
      }
    }
  }

  test('releasing the leases of a dead holder reads the queue once, whatever the statistics are', async () => {
    const db = connect(scene.url, { max: 1, settings: indexPlans });
    scene.finally(() => db.close());
    const { deliveries } = await afterAQuietMoment(db, 0);
    await db.execute(
      sql`UPDATE delivery_queue SET holder = ${consumer} WHERE id = ANY (${deliveries.slice(0, batch)}::uuid[])`,
    );
    const read = await readOfQueue(db, async () => assert.equal(await releaseLeases(db, consumer, nowMs), batch));
    assert.ok(read <= waiting * 1.2, `${read} read`);
  });
});
