import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { callRoute } from '../../test/calling.ts';
import type { CallOptions } from '../../test/calling.ts';
import { TestClock } from '../../test/clock.ts';
import { createTestDatabase } from '../../test/database.ts';
import type { TestDatabase } from '../../test/database.ts';
import { makeEndpoint, makeOrganization, setActive, startEngine, startReceiver } from '../../test/engine.ts';
import type { EndpointSettings, TestEngine } from '../../test/engine.ts';
import { principalOf } from '../../test/webhooks.ts';
import { announce, createBus } from '../db/bus.ts';
import { sql } from '../db/sql.ts';
import { ApiError } from '../errors.ts';
import type { Principal, Reply, Route } from '../http/route.ts';
import type { DeliveryId, EndpointId, OrganizationId, WorkspaceId } from '../ids.ts';
import { createReplays } from './index.ts';
import type { Replays } from './index.ts';

interface Installation extends TestEngine {
  readonly organizationId: OrganizationId;
  readonly replays: Replays;
  /** Starts a runner; the function ends it and waits for it. */
  run(): () => Promise<void>;
}

interface ReplayOnWire {
  id: string;
  state: string;
  status: string;
  waiting_for: string | null;
  until: string;
  progress: { scanned: number; replayed: number; percent: number };
}

describe('replays', { timeout: 120_000 }, () => {
  let database: TestDatabase;
  let clock: TestClock;
  const stops: (() => Promise<void> | void)[] = [];

  before(async () => {
    database = await createTestDatabase();
  });
  after(() => database.drop());
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
    await database.drop();
    database = await createTestDatabase();
  });

  async function install(options: { delivers?: boolean } = {}): Promise<Installation> {
    clock = new TestClock();
    const engine = await startEngine(database.url, clock, options);
    stops.push(() => engine.stop());
    const organizationId = await makeOrganization(engine.db, engine.ids);
    const listening = new AbortController();
    const bus = createBus(database.url, clock, (error) => engine.errors.push(error));
    const heard = bus.run(listening.signal);
    await engine.until(() => bus.connected);
    stops.push(async () => {
      listening.abort();
      await heard;
    });
    const create = (): Replays => createReplays({ ...engine, bus, clock, onError: (error) => engine.errors.push(error) });
    const run = (): (() => Promise<void>) => {
      const running = new AbortController();
      const ended = create().run(running.signal);
      const stop = async (): Promise<void> => {
        running.abort();
        await ended;
      };
      stops.push(stop);
      return stop;
    };
    return { ...engine, organizationId, replays: create(), run };
  }

  const call = (
    installation: Installation,
    method: Route['method'],
    path: string,
    { principal = principalOf(installation.organizationId), ...options }: CallOptions & { principal?: Principal } = {},
  ): Promise<Reply> => callRoute(installation.replays.routes, principal, method, path, options);

  async function begin(installation: Installation, endpoint: EndpointId, body: Record<string, unknown> = {}): Promise<ReplayOnWire> {
    const reply = await call(installation, 'POST', '/v1/replays', {
      body: { endpoint_id: endpoint, since: new Date(clock.now() - 3_600_000).toISOString(), ...body },
    });
    assert.equal(reply.status, 202);
    return (reply.body as { data: ReplayOnWire }).data;
  }
  const look = async (installation: Installation, id: string): Promise<ReplayOnWire> =>
    ((await call(installation, 'GET', '/v1/replays/:id', { id })).body as { data: ReplayOnWire }).data;
  const untilState = (installation: Installation, id: string, state: string): Promise<void> =>
    installation.until(async () => (await look(installation, id)).state === state, state);
  const untilReplayed = (installation: Installation, id: string, replayed: number): Promise<void> =>
    installation.until(async () => (await look(installation, id)).progress.replayed >= replayed, `${replayed} replayed`);

  const publish = (installation: Installation, count: number, type = 'order.paid', data: (n: number) => unknown = (n) => ({ n })) =>
    Promise.all(
      Array.from({ length: count }, (_, n) =>
        installation.publisher.publish({ organizationId: installation.organizationId, type, data: data(n), occurredAtMs: clock.now() }),
      ),
    );

  const fresh = (installation: Installation, settings: EndpointSettings = {}): Promise<EndpointId> =>
    makeEndpoint(installation.db, installation.ids, installation.organizationId, 'http://127.0.0.1:1/', settings);

  /** Deliveries that are in the log in this state, as after a day of work. */
  async function past(installation: Installation, endpoint: EndpointId, count: number, state: 'failed' | 'delivered', type?: string): Promise<void> {
    await publish(installation, count, type);
    const moved = await installation.db.execute(sql`
      WITH gone AS (DELETE FROM delivery_queue WHERE endpoint_id = ${endpoint} RETURNING *)
      INSERT INTO delivery_log (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, created_at, completed_at, last_error)
      SELECT endpoint_id, id, organization_id, event_id, event_type, kind, ${state}, 6, created_at, created_at, NULL FROM gone`);
    assert.equal(moved, count);
    await clock.advance(1_000);
  }

  interface Row {
    id: DeliveryId;
    event_id: string;
    event_type: string;
    kind: string;
    attempt_count: number;
    schedule_base: number;
    due_at: Date;
  }
  const queueOf = ({ db }: Installation, endpoint: EndpointId): Promise<Row[]> =>
    db.query(
      sql<Row>`SELECT id, event_id, event_type, kind, attempt_count, schedule_base, due_at FROM delivery_queue WHERE endpoint_id = ${endpoint} ORDER BY id`,
    );
  const logOf = ({ db }: Installation, endpoint: EndpointId): Promise<{ id: DeliveryId; event_id: string; state: string }[]> =>
    db.query(
      sql<{ id: DeliveryId; event_id: string; state: string }>`SELECT id, event_id, state FROM delivery_log WHERE endpoint_id = ${endpoint} ORDER BY id`,
    );

  const refused = (error: string, message: RegExp) => (thrown: unknown) => thrown instanceof ApiError && thrown.error === error && message.test(thrown.message);

  test('failed deliveries arrive under their own ids, by way of the engine, with their schedule begun anew', async () => {
    const installation = await install();
    let answer = 500;
    const receiver = await startReceiver((_arrival, response) => {
      response.statusCode = answer;
      response.end();
    });
    stops.push(receiver.close);
    const endpoint = await makeEndpoint(installation.db, installation.ids, installation.organizationId, receiver.url, { schedule: [] });
    await publish(installation, 20);
    await installation.until(async () => (await logOf(installation, endpoint)).length === 20, 'all failed');
    const failed = (await logOf(installation, endpoint)).map((row) => row.id);
    await clock.advance(1_000);
    answer = 200;
    installation.run();
    const { id } = await begin(installation, endpoint);
    await untilState(installation, id, 'completed');
    await installation.until(
      async () => (await logOf(installation, endpoint)).every((row) => row.state === 'delivered') && (await queueOf(installation, endpoint)).length === 0,
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
      failed,
    );
    const attempts = await installation.db.query(
      sql<{ number: number; count: number }>`SELECT number, count(*) AS count FROM attempts GROUP BY number ORDER BY number`,
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

  test('a moved delivery keeps its attempts and counts its schedule from there; others stay where they are', async () => {
    const installation = await install({ delivers: false });
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
      assert.deepEqual([row.kind, row.event_type, row.attempt_count, row.schedule_base, row.due_at.getTime()], ['event', 'order.paid', 6, 6, clock.now()]);
    assert.equal((await logOf(installation, endpoint)).length, 6);
    assert.equal((await look(installation, id)).progress.scanned, 9);
  });

  test('the range is by creation: since is in it, until is not', async () => {
    const installation = await install({ delivers: false });
    const endpoint = await fresh(installation);
    const times: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      times.push(clock.now());
      await past(installation, endpoint, 1, 'failed');
    }
    const ids = (await logOf(installation, endpoint)).map((row) => row.id);
    installation.run();
    const { id } = await begin(installation, endpoint, { since: new Date(times[1] ?? 0).toISOString(), until: new Date(times[3] ?? 0).toISOString() });
    await untilState(installation, id, 'completed');
    assert.deepEqual(
      (await queueOf(installation, endpoint)).map((row) => row.id),
      ids.slice(1, 3),
    );
  });

  test('delivered ones become new deliveries of kind replay, and are not doubled by a second replay', async () => {
    const installation = await install({ delivers: false });
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

  test('all: every event that the endpoint wants now, by type and filter, those before its creation too', async () => {
    const installation = await install({ delivers: false });
    await publish(installation, 120, 'order.paid', (n) => ({ n, tier: n % 3 === 0 ? 'gold' : 'tin' }));
    await publish(installation, 10, 'contact.created', () => ({ tier: 'gold' }));
    await clock.advance(1_000);
    const endpoint = await fresh(installation, { events: ['order.*'] });
    await installation.db.execute(sql`UPDATE endpoints SET filter = '{"tier":"gold"}' WHERE id = ${endpoint}`);
    const other = await makeOrganization(installation.db, installation.ids, 'other');
    await installation.publisher.publish({ organizationId: other, type: 'order.paid', data: { tier: 'gold' }, occurredAtMs: clock.now() });
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
    const installation = await install({ delivers: false });
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

  test('the rate is kept by the clock', async () => {
    const installation = await install({ delivers: false });
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

  test('a short job of another organization is not held up by a long one', async () => {
    const installation = await install({ delivers: false });
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

  test('a full queue makes a job wait until it has been worked off', async () => {
    const installation = await install({ delivers: false });
    const endpoint = await fresh(installation);
    await past(installation, endpoint, 5, 'failed');
    await installation.db.execute(sql`
      INSERT INTO delivery_queue (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, schedule_base, due_at, created_at)
      SELECT ${endpoint}, gen_random_uuid(), ${installation.organizationId}, gen_random_uuid(), 'order.paid', 'event', 'pending', 0, 0, now(), now() FROM generate_series(1, 10000)`);
    installation.run();
    const { id } = await begin(installation, endpoint);
    await installation.until(async () => (await look(installation, id)).waiting_for === 'queue', 'waiting for the queue');
    await clock.advance(5_000);
    await installation.until(async () => {
      const [row] = await installation.db.query(sql<{ due_at: Date }>`SELECT due_at FROM replays`);
      return row?.due_at.getTime() === clock.now() + 5_000;
    }, 'measured again');
    assert.equal((await look(installation, id)).progress.replayed, 0);
    await installation.db.execute(sql`DELETE FROM delivery_queue WHERE id IN (SELECT id FROM delivery_queue LIMIT 1)`);
    await clock.advance(5_000);
    await untilState(installation, id, 'completed');
    assert.equal((await look(installation, id)).waiting_for, null);
    assert.equal((await look(installation, id)).progress.replayed, 5);
  });

  test('a job waits while its endpoint is disabled and goes on when it is enabled; it ends with its endpoint', async () => {
    const installation = await install({ delivers: false });
    const { db } = installation;
    const endpoint = await fresh(installation);
    await past(installation, endpoint, 15, 'failed');
    installation.run();
    const { id } = await begin(installation, endpoint, { rate_per_second: 5 });
    await untilReplayed(installation, id, 5);
    await setActive(db, endpoint, false);
    await clock.advance(1_000);
    await installation.until(async () => (await look(installation, id)).waiting_for === 'endpoint', 'waiting for the endpoint');
    assert.equal((await look(installation, id)).progress.replayed, 5);
    await setActive(db, endpoint, true);
    await announce(db, { kind: 'endpoints' });
    await untilReplayed(installation, id, 10);
    await db.transaction(async (tx) => {
      const [epoch] = await tx.query(sql<{ value: number }>`UPDATE subscription_epoch SET value = value + 1 RETURNING value`);
      await tx.execute(sql`UPDATE endpoints SET deleted_at = now(), epoch = ${epoch?.value} WHERE id = ${endpoint}`);
    });
    await clock.advance(1_000);
    await untilState(installation, id, 'cancelled');
    assert.equal((await look(installation, id)).progress.replayed, 10);
  });

  test('a job outlives the process that was amid a chunk: nothing is lost and nothing repeated', async () => {
    const installation = await install({ delivers: false });
    const endpoint = await fresh(installation);
    const count = 1_700;
    await past(installation, endpoint, count, 'failed');
    const expected = (await logOf(installation, endpoint)).map((row) => row.id);
    const { id } = await begin(installation, endpoint, { rate_per_second: 1_000 });

    const child = spawn(process.execPath, [fileURLToPath(new URL('../../test/replaying.ts', import.meta.url)), database.url, String(clock.now())], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const exited = once(child, 'exit');
    const blocker = new pg.Client({ connectionString: database.url });
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
      }, 'the child is amid a chunk');
    } finally {
      child.kill('SIGKILL');
      await exited;
      await blocker.query('ROLLBACK');
      await blocker.end();
    }
    const { replayed } = (await look(installation, id)).progress;
    assert.ok(replayed < count);
    assert.equal((await queueOf(installation, endpoint)).length, replayed, 'what was amid is undone');

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

  test('two runners share a job and neither repeats the other; a stopped one is taken over', async () => {
    const installation = await install({ delivers: false });
    const endpoint = await fresh(installation);
    await past(installation, endpoint, 90, 'delivered');
    const stop = installation.run();
    installation.run();
    const { id } = await begin(installation, endpoint, { status: 'delivered', rate_per_second: 30 });
    await untilReplayed(installation, id, 30);
    await clock.advance(1_000);
    await untilReplayed(installation, id, 60);
    await stop();
    // The other may have met the row locked each time: then it looks again after 30 s.
    await clock.advance(31_000);
    await untilReplayed(installation, id, 90);
    await clock.advance(31_000);
    await untilState(installation, id, 'completed');
    const events = (await queueOf(installation, endpoint)).map((row) => row.event_id);
    assert.equal(events.length, 90);
    assert.equal(new Set(events).size, 90);
    assert.deepEqual(installation.errors, []);
  });

  test('one running replay an endpoint: a second is refused and names the first, until it is cancelled', async () => {
    const installation = await install({ delivers: false });
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
    assert.equal((await queueOf(installation, endpoint)).length, 5, 'what was queued stays, no more follows');
    const next = await begin(installation, endpoint);
    await untilState(installation, next.id, 'completed');
    await assert.rejects(() => call(installation, 'POST', '/v1/replays/:id/cancel', { id: next.id }), refused('conflict', /complete/));
    assert.equal((await queueOf(installation, endpoint)).length, 15);
  });

  test('refused: a disabled endpoint, an empty range, unknown fields; an `until` to come is now', async () => {
    const installation = await install({ delivers: false });
    const endpoint = await fresh(installation);
    const now = clock.now();
    const at = (ms: number): string => new Date(ms).toISOString();
    await assert.rejects(() => begin(installation, endpoint, { since: at(now) }), refused('validation_failed', /past/));
    await assert.rejects(() => begin(installation, endpoint, { since: at(now - 10), until: at(now - 10) }), refused('validation_failed', /before/));
    await assert.rejects(() => begin(installation, endpoint, { rate_per_second: 1_001 }), refused('validation_failed', /rate_per_second/));
    await assert.rejects(() => begin(installation, endpoint, { rate: 5 }), refused('validation_failed', /rate/));
    assert.equal((await begin(installation, endpoint, { until: at(now + 60_000) })).until, at(now));
    await setActive(installation.db, endpoint, false);
    await assert.rejects(() => begin(installation, endpoint), refused('conflict', /Enable it first/));
  });

  test('another organization, and a key of another workspace, see nothing of it', async () => {
    const installation = await install({ delivers: false });
    const endpoint = await fresh(installation);
    const { id } = await begin(installation, endpoint);
    const other = await makeOrganization(installation.db, installation.ids, 'other');
    const strangers = [principalOf(other), principalOf(installation.organizationId, installation.ids.next<WorkspaceId>())];
    for (const principal of strangers) {
      await assert.rejects(
        () => call(installation, 'POST', '/v1/replays', { body: { endpoint_id: endpoint, since: '2026-01-01T00:00:00Z' }, principal }),
        refused('not_found', /Endpoint/),
      );
      await assert.rejects(() => call(installation, 'GET', '/v1/replays/:id', { id, principal }), refused('not_found', /Replay/));
      await assert.rejects(() => call(installation, 'POST', '/v1/replays/:id/cancel', { id, principal }), refused('not_found', /Replay/));
      assert.deepEqual((await call(installation, 'GET', '/v1/replays', { principal })).body, { data: [], page: 1, page_size: 25, total: 0 });
    }
    const mine = (await call(installation, 'GET', '/v1/replays', { query: { endpoint_id: endpoint, state: 'running' } })).body as {
      data: ReplayOnWire[];
      total: number;
    };
    assert.deepEqual([mine.total, mine.data.map((replay) => replay.id)], [1, [id]]);
    assert.deepEqual(((await call(installation, 'GET', '/v1/replays', { query: { state: 'completed' } })).body as { total: number }).total, 0);
  });
});
