import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { TestClock } from '../../test/harness/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts';
import {
  asTimePasses,
  makeEndpoint,
  makeOrganization,
  setActive,
  startEngine,
  startReceiver,
  type TestEngine,
} from '../../test/harness/engine.ts';
import { sql } from '../db/sql.ts';
import type { DeliveryId, OrganizationId } from '../base/ids.ts';
import { expedite } from './queue/log.ts';

/** Each test has its own database, so none processes what another left behind. */
describe('engine', () => {
  let database: TestDatabase;
  let clock: TestClock;
  const open: { stop(): Promise<void> }[] = [];
  const closers: (() => void)[] = [];

  before(async () => {
    database = await createTestDatabase();
  });
  after(() => database.drop());
  afterEach(async () => {
    for (const engine of open.splice(0)) await engine.stop();
    for (const close of closers.splice(0)) close();
    await database.drop();
    database = await createTestDatabase();
  });

  async function start(options: Parameters<typeof startEngine>[2] = {}): Promise<TestEngine> {
    clock ??= new TestClock();
    const engine = await startEngine(database.url, clock, options);
    open.push(engine);
    return engine;
  }
  async function receiver(...args: Parameters<typeof startReceiver>): ReturnType<typeof startReceiver> {
    const one = await startReceiver(...args);
    closers.push(one.close);
    return one;
  }
  const publish = (engine: TestEngine, organizationId: OrganizationId, n: number, type = 'order.paid') =>
    engine.publisher.publish({ organizationId, type, data: { n }, occurredAtMs: clock.now() });
  const counts = async (engine: TestEngine) => {
    const [row] = await engine.db.query(sql<{ queued: number; logged: number; attempts: number; events: number }>`
      SELECT (SELECT count(*) FROM delivery_queue) AS queued, (SELECT count(*) FROM delivery_log) AS logged, (SELECT count(*) FROM attempts) AS attempts, (SELECT count(*) FROM events) AS events`);
    assert.ok(row);
    return row;
  };

  test('D1 D2: a published event is stored with its deliveries, sent once, and moves to the log with its attempt', async () => {
    const engine = await start();
    const to = await receiver();
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, `${to.url}/a`);
    await makeEndpoint(engine.db, engine.ids, organization, `${to.url}/b`);
    await makeEndpoint(engine.db, engine.ids, organization, `${to.url}/c`, { events: ['other.*'] });
    const published = await Promise.all(Array.from({ length: 100 }, (_, n) => publish(engine, organization, n)));
    assert.ok(published.every((one) => one.deliveries === 2));
    await engine.until(async () => (await counts(engine)).logged === 200, 'all in the log');
    assert.deepEqual(await counts(engine), { queued: 0, logged: 200, attempts: 200, events: 100 });
    assert.equal(to.arrivals.length, 200);
    assert.equal(new Set(to.arrivals.map((arrival) => `${arrival.path} ${arrival.id}`)).size, 200);
    assert.equal(to.arrivals.filter((arrival) => arrival.path === '/c').length, 0);
    assert.deepEqual(engine.errors, []);
  });

  test('D3: the next publish after another process created an endpoint reaches that endpoint', async () => {
    const one = await start();
    const two = await start();
    const to = await receiver();
    const organization = await makeOrganization(one.db, one.ids);
    await publish(one, organization, 0);
    for (let n = 1; n <= 20; n += 1) {
      // Created as plain rows without a notice: only the epoch can tell the publishing process.
      await makeEndpoint(two.db, two.ids, organization, to.url);
      assert.equal((await publish(one, organization, n)).deliveries, n);
    }
  });

  test('D4: one key gives one event, even if two processes use it at the same time', async () => {
    const one = await start();
    const two = await start();
    const organization = await makeOrganization(one.db, one.ids);
    const hash = Buffer.alloc(32, 1);
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        (n % 2 === 0 ? one : two).publisher.publish({
          organizationId: organization,
          type: 'order.paid',
          data: { n: n % 10 },
          occurredAtMs: clock.now(),
          idempotency: { key: `k${n % 10}`, requestHash: hash },
        }),
      ),
    );
    assert.equal(new Set(results.map((result) => result.id)).size, 10);
    assert.equal((await counts(one)).events, 10);
    await assert.rejects(
      one.publisher.publish({
        organizationId: organization,
        type: 'order.paid',
        data: {},
        occurredAtMs: clock.now(),
        idempotency: { key: 'k1', requestHash: Buffer.alloc(32, 2) },
      }),
      { error: 'conflict' },
    );
  });

  test('D5 D6 D10: failures are retried after the schedule, under the same id, until delivered', async () => {
    const engine = await start();
    const to = await receiver((_arrival, response, count) => {
      response.statusCode = count < 3 ? 500 : 200;
      response.end();
    });
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, to.url, { schedule: [60, 300] });
    const begun = clock.now();
    await publish(engine, organization, 1);
    await engine.until(async () => (await counts(engine)).attempts === 1);
    assert.deepEqual(await engine.db.query(sql`SELECT due_at FROM delivery_queue`), [
      { due_at: new Date(begun + 60_000) },
    ]);
    await clock.advance(59_900);
    assert.equal(to.arrivals.length, 1);
    await asTimePasses(clock, [engine], 100, async () => (await counts(engine)).attempts === 2);
    await clock.advance(299_000);
    assert.equal(to.arrivals.length, 2);
    await asTimePasses(clock, [engine], 100, async () => (await counts(engine)).logged === 1);
    assert.equal(new Set(to.arrivals.map((arrival) => arrival.id)).size, 1);
    const log = await engine.db.query(
      sql<{ state: string; attempt_count: number }>`SELECT state, attempt_count FROM delivery_log`,
    );
    assert.deepEqual(log, [{ state: 'delivered', attempt_count: 3 }]);
  });

  test('D5: what a process had leased when it died is delivered by another one when the lease ends', async () => {
    const dying = await start({ delivers: false });
    const to = await receiver();
    const organization = await makeOrganization(dying.db, dying.ids);
    await makeEndpoint(dying.db, dying.ids, organization, to.url);
    for (let n = 0; n < 50; n += 1) await publish(dying, organization, n);
    // As a process that claimed them and died leaves them: leased for 45 s.
    await dying.db.execute(
      sql`UPDATE delivery_queue SET due_at = to_timestamp(${clock.now() + 45_000}::float8 / 1000)`,
    );
    const heir = await start();
    await clock.advance(44_000);
    assert.equal(to.arrivals.length, 0);
    await asTimePasses(clock, [heir], 1_000, async () => (await counts(heir)).logged === 50, 'the heir delivered');
    assert.equal(to.arrivals.length, 50);
  });

  test('D8: a late outcome of a delivery that another process settled changes nothing', async () => {
    const engine = await start();
    let release: (() => void) | undefined;
    const to = await receiver((_arrival, response, count) => {
      if (count === 1) release = () => response.end();
      else response.end();
    });
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, to.url);
    await publish(engine, organization, 1);
    await engine.until(() => release !== undefined);
    // Another process counted an attempt and made it wait again, as after a lease that ended.
    await engine.db.execute(sql`UPDATE delivery_queue SET attempt_count = 1`);
    release?.();
    await engine.until(() => engine.finished.length === 1 && engine.engine.figures.unsettled === 0);
    assert.deepEqual(await counts(engine), { queued: 1, logged: 0, attempts: 0, events: 1 });
  });

  test('D9: FIFO keeps the order under failures, over two processes, one at a time', async () => {
    const one = await start();
    const two = await start();
    let underWay = 0;
    let most = 0;
    const failed = new Set<string>();
    const to = await receiver((arrival, response) => {
      underWay += 1;
      most = Math.max(most, underWay);
      const { n } = (JSON.parse(arrival.body) as { data: { n: number } }).data;
      setImmediate(() => {
        underWay -= 1;
        response.statusCode = n % 7 === 0 && !failed.has(arrival.id) ? 500 : 200;
        if (response.statusCode === 500) failed.add(arrival.id);
        response.end();
      });
    });
    const organization = await makeOrganization(one.db, one.ids);
    await makeEndpoint(one.db, one.ids, organization, to.url, { ordering: 'fifo', schedule: [10, 10] });
    for (let n = 0; n < 40; n += 1) {
      await publish(n % 2 === 0 ? one : two, organization, n);
      // Across processes, order is by the millisecond of the publish; a commit takes longer than that.
      clock.set(clock.now() + 1);
    }
    await asTimePasses(
      clock,
      [one, two],
      1_000,
      async () => (await counts(one)).logged === 40,
      'all delivered in order',
    );
    const order = to.arrivals.map((arrival) => (JSON.parse(arrival.body) as { data: { n: number } }).data.n);
    assert.equal(most, 1);
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
    assert.equal(order.length, 46, '40 and the 6 that failed once');
  });

  test('D11: 410 fails the delivery permanently, and a redirect is a failure that is not followed', async () => {
    const engine = await start();
    const to = await receiver((arrival, response) => {
      if (arrival.path === '/gone') response.statusCode = 410;
      else response.writeHead(302, { location: '/elsewhere' });
      response.end();
    });
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, `${to.url}/gone`);
    await makeEndpoint(engine.db, engine.ids, organization, `${to.url}/moved`);
    await publish(engine, organization, 1);
    await engine.until(async () => engine.failures.length > 0 && (await counts(engine)).attempts === 2);
    assert.deepEqual(
      engine.failures.map((failure) => failure.why),
      ['gone'],
    );
    assert.ok(to.arrivals.every((arrival) => arrival.path !== '/elsewhere'));
    const [left] = await engine.db.query(
      sql<{ last_status_code: number }>`SELECT last_status_code FROM delivery_queue`,
    );
    assert.equal(left?.last_status_code, 302);
  });

  test('D11: a host in trouble gets one request at a time with pauses, and full speed once it responds', async () => {
    const engine = await start();
    let down = true;
    const to = await receiver((_arrival, response) => {
      response.statusCode = down ? 503 : 200;
      response.end();
    });
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, to.url, { maxInFlight: 4 });
    await Promise.all(Array.from({ length: 40 }, (_, n) => publish(engine, organization, n)));
    await engine.until(() => engine.finished.length >= 4 && engine.engine.figures.inFlight === 0);
    assert.ok(to.arrivals.length <= 8, `${to.arrivals.length} asked before any pause`);
    down = false;
    await asTimePasses(
      clock,
      [engine],
      1_000,
      async () => (await counts(engine)).logged === 40,
      'all delivered after the host came back',
    );
  });

  test('a delivery that left memory because its host is in trouble has no lease, so a person can retry it', async () => {
    const engine = await start();
    const to = await receiver((_arrival, response) => response.writeHead(503).end());
    const organization = await makeOrganization(engine.db, engine.ids);
    const endpoint = await makeEndpoint(engine.db, engine.ids, organization, to.url, {
      maxInFlight: 4,
      schedule: [600],
    });
    await Promise.all(Array.from({ length: 40 }, (_, n) => publish(engine, organization, n)));
    const rows = () =>
      engine.db.query(sql<{ id: DeliveryId; attempt_count: number; leased: boolean }>`
        SELECT id, attempt_count, holder IS NOT NULL AS leased FROM delivery_queue ORDER BY id`);
    // The clock stands still: no lease ends by itself.
    await engine.until(
      async () => engine.finished.length >= 4 && (await rows()).filter(({ leased }) => leased).length <= 4,
      'leases given back',
    );
    for (const row of (await rows()).filter(({ leased }) => !leased)) {
      assert.equal(await expedite(engine.db, { ...row, endpoint_id: endpoint }, clock.now()), true);
    }
  });

  test('D13: deliveries that do not fit into memory wait in the database, and all are delivered', async () => {
    const engine = await start();
    let hold: (() => void)[] | undefined = [];
    const to = await receiver((_arrival, response) => {
      if (hold === undefined) response.end();
      else hold.push(() => response.end());
    });
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, to.url, { maxInFlight: 2 });
    await Promise.all(Array.from({ length: 6_000 }, (_, n) => publish(engine, organization, n)));
    assert.ok(engine.engine.figures.queued <= 4_096 + 2, `${engine.engine.figures.queued} in memory`);
    for (const release of hold) release();
    hold = undefined;
    await engine.until(
      async () => engine.finished.length >= 6_000 && (await counts(engine)).logged === 6_000,
      'all delivered',
    );
    assert.equal(new Set(to.arrivals.map((arrival) => arrival.id)).size, 6_000);
  });

  test('D16: deliveries of a disabled endpoint are held', async () => {
    const engine = await start();
    const to = await receiver((_arrival, response) => {
      response.statusCode = 500;
      response.end();
    });
    const organization = await makeOrganization(engine.db, engine.ids);
    const endpoint = await makeEndpoint(engine.db, engine.ids, organization, to.url);
    await publish(engine, organization, 1);
    await engine.until(async () => (await counts(engine)).attempts === 1);
    await setActive(engine.db, endpoint, false);
    await publish(engine, organization, 2);
    await clock.advance(120_000);
    await asTimePasses(
      clock,
      [engine],
      100,
      async () =>
        (await engine.db.query(sql<{ state: string }>`SELECT state FROM delivery_queue`)).every(
          (row) => row.state === 'held',
        ),
      'both held',
    );
    assert.equal(to.arrivals.length, 1);
  });

  test('D17: an exhausted schedule ends the delivery and is reported once', async () => {
    const engine = await start();
    const to = await receiver((_arrival, response) => {
      response.statusCode = 400;
      response.end('no');
    });
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, to.url, { schedule: [1, 1] });
    await publish(engine, organization, 1);
    await asTimePasses(clock, [engine], 1_000, () => engine.failures.length > 0);
    assert.deepEqual(
      engine.failures.map(({ why, attempts }) => ({ why, attempts })),
      [{ why: 'exhausted', attempts: 3 }],
    );
    assert.equal(to.arrivals.length, 3);
    assert.equal((await counts(engine)).logged, 1);
  });

  test('D19: a stopping process finishes what is in flight and gives back the rest', async () => {
    const engine = await start();
    const answers: (() => void)[] = [];
    const to = await receiver((_arrival, response) => answers.push(() => response.end()));
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, to.url, { maxInFlight: 2 });
    for (let n = 0; n < 5; n += 1) await publish(engine, organization, n);
    await engine.until(() => answers.length === 2);
    const stopped = engine.stop();
    open.splice(0);
    for (const answer of answers) answer();
    await stopped;
    const heir = await start({ delivers: false });
    const rows = await heir.db.query(
      sql<{ due: boolean }>`SELECT due_at <= to_timestamp(${clock.now()}::float8 / 1000) AS due FROM delivery_queue`,
    );
    assert.deepEqual(rows, [{ due: true }, { due: true }, { due: true }]);
    assert.equal((await counts(heir)).logged, 2);
  });

  test('D22: a delivery waits for the time of its event, over a restart and a release, and does not block a FIFO queue', async () => {
    const one = await start();
    const times = new Map<string, number>();
    const to = await receiver(({ path, body, headers }, response) => {
      const { n } = (JSON.parse(body) as { data: { n: number } }).data;
      times.set(`${path} ${n}`, clock.now());
      response.statusCode = headers['traceparent'] === `trace-${n}` ? 200 : 500;
      response.end();
    });
    const organization = await makeOrganization(one.db, one.ids);
    await makeEndpoint(one.db, one.ids, organization, `${to.url}/a`);
    await makeEndpoint(one.db, one.ids, organization, `${to.url}/fifo`, { ordering: 'fifo' });
    const held = await makeEndpoint(one.db, one.ids, organization, `${to.url}/held`, { active: false });
    await one.subscriptions.refresh();
    const began = clock.now();
    const later = (n: number, afterMs: number) =>
      one.publisher.publish({
        organizationId: organization,
        type: 'order.paid',
        data: { n },
        occurredAtMs: began,
        deliverAtMs: began + afterMs,
        traceparent: `trace-${n}`,
      });
    await later(1, 3_600_000);
    await later(2, 5_000);
    await later(3, -5_000);
    await setActive(one.db, held, true);
    await one.subscriptions.refresh();
    assert.equal(await one.engine.release(held, 10), 3);
    await one.engine.due(one.db, [held]);
    await asTimePasses(clock, [one], 250, () => times.size === 6, 'what is not for later');
    await one.stop();
    open.splice(0);
    const two = await start();
    await asTimePasses(clock, [two], 60_000, async () => (await counts(two)).logged === 9, 'the last one');
    for (const path of ['/a', '/fifo', '/held']) {
      const [third = 0, second = 0, first = 0] = [3, 2, 1].map((n) => (times.get(`${path} ${n}`) ?? 0) - began);
      assert.ok(third < 5_000 && second >= 5_000 && second < 8_000, `${path}: ${third} ${second}`);
      assert.ok(first >= 3_600_000 && first <= 3_690_000, `${path}: ${first}`);
    }
    assert.deepEqual(await counts(two), { queued: 0, logged: 9, attempts: 9, events: 3 });
  });

  test('an endpoint gets no more requests in any second than its rate limit allows', async () => {
    const engine = await start();
    const times: number[] = [];
    const to = await receiver((_arrival, response) => {
      times.push(clock.now());
      response.end();
    });
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, to.url, { rate: 10 });
    await Promise.all(Array.from({ length: 35 }, (_, n) => publish(engine, organization, n)));
    await asTimePasses(clock, [engine], 50, async () => (await counts(engine)).logged === 35);
    for (const at of times) assert.ok(times.filter((time) => time >= at && time < at + 1_000).length <= 11);
    assert.ok((times.at(-1) ?? 0) - (times[0] ?? 0) >= 3_000);
  });
});
