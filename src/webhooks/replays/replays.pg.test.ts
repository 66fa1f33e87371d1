import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { principalOf, refused } from '../../../test/harness/calling.ts';
import { databaseScene } from '../../../test/harness/database.ts';
import { makeEndpoint, makeOrganization, setActive, startReceiver } from '../../../test/harness/engine.ts';
import {
  begin,
  call,
  fresh,
  install,
  logOf,
  look,
  past,
  publish,
  queueOf,
  untilState,
} from '../../../test/harness/replays.ts';
import type { ReplayOnWire } from '../../../test/harness/replays.ts';
import { sql } from '../../db/sql.ts';
import type { WorkspaceId } from '../../base/ids.ts';

describe('replays', () => {
  const scene = databaseScene();

  test('failed: deliveries are sent again under their own ids, with a new schedule', async () => {
    const installation = await install(scene);
    const { clock } = installation;
    let answer = 500;
    const receiver = await startReceiver((_arrival, response) => {
      response.statusCode = answer;
      response.end();
    });
    scene.finally(receiver.close);
    const endpoint = await makeEndpoint(installation.db, installation.ids, installation.organizationId, receiver.url, {
      schedule: [],
    });
    await publish(installation, 20);
    await installation.until(async () => (await logOf(installation, endpoint)).length === 20, 'all failed');
    const log = await logOf(installation, endpoint);
    const failed = log.map((row) => row.id);
    await clock.advance(1_000);
    answer = 200;
    installation.run();
    const { id } = await begin(installation, endpoint);
    await untilState(installation, id, 'completed');
    await installation.until(
      async () =>
        (await logOf(installation, endpoint)).every((row) => row.state === 'delivered') &&
        (await queueOf(installation, endpoint)).length === 0,
      'all delivered',
    );
    assert.deepEqual(
      (await logOf(installation, endpoint)).map((row) => row.id),
      failed,
    );
    assert.deepEqual(
      receiver.arrivals
        .slice(20)
        .map((arrival) => arrival.id)
        .sort(),
      log.map((row) => row.event_id).sort(),
    );
    const attempts = await installation.db.query(
      sql<{
        number: number;
        count: number;
      }>`SELECT number, count(*) AS count FROM attempts GROUP BY number ORDER BY number`,
    );
    assert.deepEqual(attempts, [
      { number: 1, count: 20 },
      { number: 2, count: 20 },
    ]);
    assert.deepEqual((await look(installation, id)).progress, {
      scanned: 20,
      replayed: 20,
      percent: 100,
      reached_at: new Date(clock.now()).toISOString(),
    } as unknown);
    assert.deepEqual(installation.errors, []);
  });

  test('a requeued delivery keeps its attempts and restarts its schedule; other deliveries are untouched', async () => {
    const installation = await install(scene, { delivers: false });
    const { clock } = installation;
    const endpoint = await fresh(installation);
    await past(installation, endpoint, 3, 'failed');
    await past(installation, endpoint, 2, 'delivered');
    await past(installation, endpoint, 4, 'failed', 'contact.created');
    installation.run();
    const { id } = await begin(installation, endpoint, { event_types: ['order.*'] });
    await untilState(installation, id, 'completed');
    const queue = await queueOf(installation, endpoint);
    assert.equal(queue.length, 3);
    for (const row of queue)
      assert.deepEqual(
        [row.kind, row.event_type, row.attempt_count, row.schedule_base, row.due_at.getTime()],
        ['event', 'order.paid', 6, 6, clock.now()],
      );
    assert.equal((await logOf(installation, endpoint)).length, 6);
    assert.equal((await look(installation, id)).progress.scanned, 9);
  });

  test('the range compares creation times; since is inclusive, until exclusive', async () => {
    const installation = await install(scene, { delivers: false });
    const { clock } = installation;
    const endpoint = await fresh(installation);
    const times: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      times.push(clock.now());
      await past(installation, endpoint, 1, 'failed');
    }
    const ids = (await logOf(installation, endpoint)).map((row) => row.id);
    installation.run();
    const { id } = await begin(installation, endpoint, {
      since: new Date(times[1] ?? 0).toISOString(),
      until: new Date(times[3] ?? 0).toISOString(),
    });
    await untilState(installation, id, 'completed');
    assert.deepEqual(
      (await queueOf(installation, endpoint)).map((row) => row.id),
      ids.slice(1, 3),
    );
  });

  test('delivered: creates new deliveries of kind replay, which a second replay does not double', async () => {
    const installation = await install(scene, { delivers: false });
    const { clock } = installation;
    const endpoint = await fresh(installation);
    await past(installation, endpoint, 5, 'delivered');
    const before = await logOf(installation, endpoint);
    installation.run();
    const first = await begin(installation, endpoint, { status: 'delivered' });
    await untilState(installation, first.id, 'completed');
    const queue = await queueOf(installation, endpoint);
    assert.deepEqual(
      queue.map((row) => [row.kind, row.attempt_count, row.event_id]),
      before.map((row) => ['replay', 0, row.event_id]),
    );
    assert.equal(new Set([...queue, ...before].map((row) => row.id)).size, 10);
    assert.deepEqual(await logOf(installation, endpoint), before);
    await installation.db.execute(sql`
      WITH gone AS (DELETE FROM delivery_queue RETURNING *)
      INSERT INTO delivery_log (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, created_at, completed_at)
      SELECT endpoint_id, id, organization_id, event_id, event_type, kind, 'delivered', 1, created_at, created_at FROM gone`);
    await clock.advance(1_000);
    const second = await begin(installation, endpoint, { status: 'delivered' });
    await untilState(installation, second.id, 'completed');
    assert.deepEqual((await look(installation, second.id)).progress.replayed, 5);
  });

  test('all: replays every event that the endpoint matches now by type and filter, including those before its creation', async () => {
    const installation = await install(scene, { delivers: false });
    const { clock } = installation;
    await publish(installation, 120, 'order.paid', (n) => ({ n, tier: n % 3 === 0 ? 'gold' : 'tin' }));
    await publish(installation, 10, 'contact.created', () => ({ tier: 'gold' }));
    await clock.advance(1_000);
    const endpoint = await fresh(installation, { events: ['order.*'] });
    await installation.db.execute(sql`UPDATE endpoints SET filter = '{"tier":"gold"}' WHERE id = ${endpoint}`);
    const other = await makeOrganization(installation.db, installation.ids, 'other');
    await installation.publisher.publish({
      organizationId: other,
      type: 'order.paid',
      data: { tier: 'gold' },
      occurredAtMs: clock.now(),
    });
    await clock.advance(1_000);
    installation.run();
    const { id } = await begin(installation, endpoint, { status: 'all' });
    await untilState(installation, id, 'completed');
    const queue = await queueOf(installation, endpoint);
    assert.equal(queue.length, 40);
    assert.ok(queue.every((row) => row.kind === 'replay' && row.event_type === 'order.paid'));
    assert.deepEqual((await look(installation, id)).progress.scanned, 130);
  });

  test('a delivery whose event is past the retention stays in the log', async () => {
    const installation = await install(scene, { delivers: false });
    const endpoint = await fresh(installation);
    await past(installation, endpoint, 4, 'failed');
    await installation.db.execute(sql`DELETE FROM events WHERE id IN (SELECT id FROM events ORDER BY id LIMIT 1)`);
    installation.run();
    const { id } = await begin(installation, endpoint);
    await untilState(installation, id, 'completed');
    assert.equal((await queueOf(installation, endpoint)).length, 3);
    assert.equal((await logOf(installation, endpoint)).length, 1);
    assert.equal((await look(installation, id)).progress.replayed, 3);
  });

  test('a disabled endpoint, an empty range and unknown fields are refused; a future `until` counts as now', async () => {
    const installation = await install(scene, { delivers: false });
    const { clock } = installation;
    const endpoint = await fresh(installation);
    const now = clock.now();
    const at = (ms: number): string => new Date(ms).toISOString();
    await assert.rejects(() => begin(installation, endpoint, { since: at(now) }), refused('validation_failed', /past/));
    await assert.rejects(
      () => begin(installation, endpoint, { since: at(now - 10), until: at(now - 10) }),
      refused('validation_failed', /before/),
    );
    await assert.rejects(
      () => begin(installation, endpoint, { rate_per_second: 1_001 }),
      refused('validation_failed', /rate_per_second/),
    );
    await assert.rejects(() => begin(installation, endpoint, { rate: 5 }), refused('validation_failed', /rate/));
    assert.equal((await begin(installation, endpoint, { until: at(now + 60_000) })).until, at(now));
    await setActive(installation.db, endpoint, false);
    await assert.rejects(() => begin(installation, endpoint), refused('conflict', /Enable it first/));
  });

  test('another organization and a key of another workspace get 404 for a replay', async () => {
    const installation = await install(scene, { delivers: false });
    const endpoint = await fresh(installation);
    const { id } = await begin(installation, endpoint);
    const other = await makeOrganization(installation.db, installation.ids, 'other');
    const strangers = [
      principalOf(other),
      principalOf(installation.organizationId, installation.ids.next<WorkspaceId>()),
    ];
    for (const principal of strangers) {
      await assert.rejects(
        () =>
          call(installation, 'POST', '/v1/replays', {
            body: { endpoint_id: endpoint, since: '2026-01-01T00:00:00Z' },
            principal,
          }),
        refused('not_found', /Endpoint/),
      );
      await assert.rejects(
        () => call(installation, 'GET', '/v1/replays/:id', { id, principal }),
        refused('not_found', /Replay/),
      );
      await assert.rejects(
        () => call(installation, 'POST', '/v1/replays/:id/cancel', { id, principal }),
        refused('not_found', /Replay/),
      );
      assert.deepEqual((await call(installation, 'GET', '/v1/replays', { principal })).body, {
        data: [],
        page: 1,
        page_size: 25,
        total: 0,
      });
    }
    const mine = (
      await call(installation, 'GET', '/v1/replays', { query: { endpoint_id: endpoint, state: 'running' } })
    ).body as {
      data: ReplayOnWire[];
      total: number;
    };
    assert.deepEqual([mine.total, mine.data.map((replay) => replay.id)], [1, [id]]);
    assert.deepEqual(
      ((await call(installation, 'GET', '/v1/replays', { query: { state: 'completed' } })).body as { total: number })
        .total,
      0,
    );
  });
});
