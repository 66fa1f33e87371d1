import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { refused } from '../../../test/harness/calling.ts';
import { databaseScene } from '../../../test/harness/database.ts';
import { makeOrganization, setActive } from '../../../test/harness/engine.ts';
import {
  begin,
  call,
  fresh,
  install,
  logOf,
  look,
  past,
  queueOf,
  untilReplayed,
  untilState,
} from '../../../test/harness/replays.ts';
import type { ReplayOnWire } from '../../../test/harness/replays.ts';
import { announce } from '../../db/bus.ts';
import { sql } from '../../db/sql.ts';

describe('replay jobs', () => {
  const scene = databaseScene();

  test('a job keeps its rate', async () => {
    const installation = await install(scene, { delivers: false });
    const { clock } = installation;
    const endpoint = await fresh(installation);
    await past(installation, endpoint, 25, 'failed');
    installation.run();
    const { id } = await begin(installation, endpoint, { rate_per_second: 10 });
    await untilReplayed(installation, id, 10);
    await clock.advance(999);
    assert.equal((await look(installation, id)).progress.replayed, 10);
    await clock.advance(1);
    await untilReplayed(installation, id, 20);
    assert.equal((await look(installation, id)).progress.replayed, 20);
    await clock.advance(1_000);
    await untilState(installation, id, 'completed');
    assert.equal((await queueOf(installation, endpoint)).length, 25);
  });

  test('a short job of another organization does not wait for a long one', async () => {
    const installation = await install(scene, { delivers: false });
    const long = await fresh(installation);
    await past(installation, long, 1_200, 'failed');
    const organizationId = await makeOrganization(installation.db, installation.ids, 'other');
    const other = { ...installation, organizationId };
    const short = await fresh(other);
    await past(other, short, 10, 'failed');
    const first = await begin(installation, long, { rate_per_second: 1_000 });
    const second = await begin(other, short);
    installation.run();
    await untilState(other, second.id, 'completed');
    assert.equal((await look(installation, first.id)).state, 'running');
    assert.equal((await look(installation, first.id)).progress.replayed, 500);
  });

  test("a job waits while the endpoint's queue is full", async () => {
    const installation = await install(scene, { delivers: false });
    const { clock } = installation;
    const endpoint = await fresh(installation);
    await past(installation, endpoint, 5, 'failed');
    await installation.db.execute(sql`
      INSERT INTO delivery_queue (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, schedule_base, due_at, created_at)
      SELECT ${endpoint}, gen_random_uuid(), ${installation.organizationId}, gen_random_uuid(), 'order.paid', 'event', 'pending', 0, 0, now(), now() FROM generate_series(1, 10000)`);
    installation.run();
    const { id } = await begin(installation, endpoint);
    await installation.until(
      async () => (await look(installation, id)).waiting_for === 'queue',
      'waiting for the queue',
    );
    await clock.advance(5_000);
    await installation.until(async () => {
      const [row] = await installation.db.query(sql<{ due_at: Date }>`SELECT due_at FROM replays`);
      return row?.due_at.getTime() === clock.now() + 5_000;
    }, 'the queue is counted again');
    assert.equal((await look(installation, id)).progress.replayed, 0);
    await installation.db.execute(sql`DELETE FROM delivery_queue WHERE id IN (SELECT id FROM delivery_queue LIMIT 1)`);
    await clock.advance(5_000);
    await untilState(installation, id, 'completed');
    assert.equal((await look(installation, id)).waiting_for, null);
    assert.equal((await look(installation, id)).progress.replayed, 5);
  });

  test('a job waits while its endpoint is disabled, continues when it is enabled, and is cancelled when it is deleted', async () => {
    const installation = await install(scene, { delivers: false });
    const { db, clock } = installation;
    const endpoint = await fresh(installation);
    await past(installation, endpoint, 15, 'failed');
    installation.run();
    const { id } = await begin(installation, endpoint, { rate_per_second: 5 });
    await untilReplayed(installation, id, 5);
    await setActive(db, endpoint, false);
    await clock.advance(1_000);
    await installation.until(
      async () => (await look(installation, id)).waiting_for === 'endpoint',
      'waiting for the endpoint',
    );
    assert.equal((await look(installation, id)).progress.replayed, 5);
    await setActive(db, endpoint, true);
    await announce(db, { kind: 'endpoints' });
    await untilReplayed(installation, id, 10);
    await db.transaction(async (tx) => {
      const [epoch] = await tx.query(
        sql<{ value: number }>`UPDATE subscription_epoch SET value = value + 1 RETURNING value`,
      );
      await tx.execute(sql`UPDATE endpoints SET deleted_at = now(), epoch = ${epoch?.value} WHERE id = ${endpoint}`);
    });
    await clock.advance(1_000);
    await untilState(installation, id, 'cancelled');
    assert.equal((await look(installation, id)).progress.replayed, 10);
  });

  test('a job survives a process killed during a chunk, without losing or repeating deliveries', async () => {
    const installation = await install(scene, { delivers: false });
    const { clock } = installation;
    const endpoint = await fresh(installation);
    const count = 1_700;
    await past(installation, endpoint, count, 'failed');
    const expected = (await logOf(installation, endpoint)).map((row) => row.id);
    const { id } = await begin(installation, endpoint, { rate_per_second: 1_000 });

    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('../../../test/harness/replaying.ts', import.meta.url)), scene.url, String(clock.now())],
      {
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    );
    const exited = once(child, 'exit');
    const blocker = new pg.Client({ connectionString: scene.url });
    await blocker.connect();
    try {
      await installation.until(async () => {
        await sleep(10);
        return (await look(installation, id)).progress.replayed >= 500;
      }, 'the first chunk');
      await blocker.query('BEGIN; LOCK TABLE delivery_queue IN SHARE MODE');
      await installation.until(async () => {
        await sleep(10);
        const [row] = await installation.db.query(sql<{ stuck: boolean }>`
          SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INSERT INTO delivery_queue%') AS stuck`);
        return row?.stuck === true;
      }, 'the child is in the middle of a chunk');
    } finally {
      child.kill('SIGKILL');
      await exited;
      await blocker.query('ROLLBACK');
      await blocker.end();
    }
    const { replayed } = (await look(installation, id)).progress;
    assert.ok(replayed < count);
    assert.equal((await queueOf(installation, endpoint)).length, replayed, 'the unfinished chunk is rolled back');

    installation.run();
    await installation.until(async () => {
      await clock.advance(1_000);
      return (await look(installation, id)).state === 'completed';
    }, 'completed');
    assert.deepEqual((await look(installation, id)).progress.scanned, count);
    assert.deepEqual((await look(installation, id)).progress.replayed, count);
    assert.deepEqual(
      (await queueOf(installation, endpoint)).map((row) => row.id),
      expected,
    );
    assert.deepEqual(await logOf(installation, endpoint), []);
  });

  test('two runners share a job without repeating deliveries, and one takes over when the other stops', async () => {
    const installation = await install(scene, { delivers: false });
    const { clock } = installation;
    const endpoint = await fresh(installation);
    await past(installation, endpoint, 90, 'delivered');
    const stop = installation.run();
    installation.run();
    const { id } = await begin(installation, endpoint, { status: 'delivered', rate_per_second: 30 });
    await untilReplayed(installation, id, 30);
    await clock.advance(1_000);
    await untilReplayed(installation, id, 60);
    await stop();
    // The other may have found the row locked each time; then it checks again after 30 s.
    await installation.until(async () => {
      await clock.advance(1_000);
      return (await look(installation, id)).state === 'completed';
    }, 'completed');
    const events = (await queueOf(installation, endpoint)).map((row) => row.event_id);
    assert.equal(events.length, 90);
    assert.equal(new Set(events).size, 90);
    assert.deepEqual(installation.errors, []);
  });

  test('a second replay to an endpoint is refused, naming the first, until that is cancelled', async () => {
    const installation = await install(scene, { delivers: false });
    const { clock } = installation;
    const endpoint = await fresh(installation);
    await past(installation, endpoint, 15, 'failed');
    const [first, second] = await Promise.allSettled([
      begin(installation, endpoint, { rate_per_second: 5 }),
      begin(installation, endpoint, { rate_per_second: 5 }),
    ]);
    const [begun, other] = first.status === 'fulfilled' ? [first, second] : [second, first];
    assert.ok(begun.status === 'fulfilled' && other.status === 'rejected');
    const { id } = begun.value;
    await assert.rejects(() => begin(installation, endpoint), refused('conflict', new RegExp(id)));
    installation.run();
    await untilReplayed(installation, id, 5);
    const cancelled = await call(installation, 'POST', '/v1/replays/:id/cancel', { id });
    assert.equal((cancelled.body as { data: ReplayOnWire }).data.state, 'cancelled');
    assert.deepEqual((await call(installation, 'POST', '/v1/replays/:id/cancel', { id })).body, cancelled.body);
    await clock.advance(60_000);
    assert.equal((await queueOf(installation, endpoint)).length, 5, 'queued deliveries stay, and no more are added');
    const next = await begin(installation, endpoint);
    await untilState(installation, next.id, 'completed');
    await assert.rejects(
      () => call(installation, 'POST', '/v1/replays/:id/cancel', { id: next.id }),
      refused('conflict', /complete/),
    );
    assert.equal((await queueOf(installation, endpoint)).length, 15);
  });
});
