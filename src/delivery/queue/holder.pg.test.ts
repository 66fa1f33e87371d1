import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { counts, engines, numberOf, publish, publishMany } from '../../../test/harness/engines.ts';
import { asTimePasses, makeEndpoint, makeOrganization, type TestEngine } from '../../../test/harness/engine.ts';
import { connect, type Database, type Transaction } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import { createHolder } from '../../db/holder.ts';
import { deadHolders, markReleased } from '../../db/holder-queries.ts';
import { releaseLeases } from './release-leases.ts';

/** The registered holders, in any order. */
const holders = async (db: Database): Promise<string[]> =>
  (await db.query(sql<{ id: string }>`SELECT id FROM delivery_holders WHERE released_at IS NULL`)).map((row) => row.id);
const leased = async (db: Database): Promise<number> =>
  (await db.query(sql<{ count: number }>`SELECT count(*) AS count FROM delivery_queue WHERE holder IS NOT NULL`))[0]
    ?.count ?? 0;
const cutBus = (db: Database): Promise<number> =>
  db.execute(
    sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'outrider bus' AND datname = current_database()`,
  );

/** As another process does it once the holder's lock is free. @returns the number of leases. */
const releaseHolder = async (tx: Transaction, id: string, nowMs: number): Promise<number> => {
  const released = await releaseLeases(tx, id, nowMs);
  await markReleased(tx, id);
  return released;
};

const nobody = '00000000-0000-0000-0000-000000000000';

describe('leases of processes that died', () => {
  const installation = engines();

  /** A process that dies with ten deliveries in flight or in memory, two of them of a FIFO endpoint. The receiver answers afterwards. */
  async function die(): Promise<{ dead: TestEngine; arrivals: () => number; answer: () => void }> {
    const { clock } = installation;
    const dead = await installation.start();
    let answering = false;
    const to = await installation.receiver((_arrival, response) => {
      if (answering) response.end();
    });
    const organization = await makeOrganization(dead.db, dead.ids);
    await makeEndpoint(dead.db, dead.ids, organization, `${to.url}/plain`, { maxInFlight: 3 });
    await makeEndpoint(dead.db, dead.ids, organization, `${to.url}/fifo`, { ordering: 'fifo' });
    await publishMany(dead, clock, organization, 5);
    await dead.until(() => to.arrivals.length === 4, 'three in flight, and the head of the FIFO queue');
    return { dead, arrivals: () => to.arrivals.length, answer: () => (answering = true) };
  }

  /** PostgreSQL frees the lock of a dead holder a moment after its connection has ended. */
  async function lockFreed(): Promise<void> {
    const db = connect(installation.url, { max: 1 });
    while ((await deadHolders(db, nobody)).length === 0);
    await db.close();
  }

  const released = async ({ db }: TestEngine): Promise<boolean> =>
    (await db.query(sql`SELECT FROM delivery_holders WHERE released_at IS NOT NULL`)).length > 0;

  test('D5: another process releases them within two seconds', async () => {
    const { clock } = installation;
    const { dead, answer } = await die();
    const heir = await installation.start({ processes: 2 });
    assert.equal(await leased(heir.db), 5);
    await clock.advance(3_000);
    assert.equal(await leased(heir.db), 5, 'the holder is alive');
    answer();
    await dead.crash();
    await lockFreed();
    const began = clock.now();
    await asTimePasses(clock, [heir], 50, () => released(heir));
    assert.ok(clock.now() - began < 2_000, `${clock.now() - began} ms`);
    await asTimePasses(clock, [heir], 50, async () => (await counts(heir)).delivered === 10);
  });

  test('D5: the next process releases them when it starts', async () => {
    const { clock } = installation;
    const { dead, answer } = await die();
    answer();
    await dead.crash();
    await lockFreed();
    const heir = await installation.start();
    await heir.until(() => released(heir), 'the release, while the clock stands still');
    await asTimePasses(clock, [heir], 50, async () => (await counts(heir)).delivered === 10);
  });

  test('leases committed during a release are released a little later, and the holder is deleted', async () => {
    const { dead } = await die();
    const [id] = await holders(dead.db);
    assert.ok(id !== undefined);
    await dead.crash();
    const db = connect(installation.url, { max: 2 });
    try {
      // The FIFO lease counts as one more.
      assert.equal(await db.transaction((tx) => releaseHolder(tx, id, 0)), 6);
      assert.equal(await leased(db), 0);
      await db.execute(sql`UPDATE delivery_queue SET holder = ${id}`);
      assert.deepEqual(await deadHolders(db, nobody), [], 'not immediately');
      await db.execute(sql`UPDATE delivery_holders SET released_at = now() - interval '6 seconds'`);
      assert.deepEqual(await deadHolders(db, nobody), [id]);
      assert.equal(await db.transaction((tx) => releaseHolder(tx, id, 0)), 10);
      assert.equal(await leased(db), 0);
      assert.deepEqual(await db.query(sql`SELECT id FROM delivery_holders`), []);
    } finally {
      await db.close();
    }
  });
});

describe('a process that loses its bus connection', () => {
  const installation = engines();

  test('D7: starts no attempt until it has its lock again, and keeps its leases if no process released them', async () => {
    const { clock } = installation;
    const engine = await installation.start();
    const answers: (() => void)[] = [];
    const to = await installation.receiver((_arrival, response) => answers.push(() => response.end()));
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, to.url, { maxInFlight: 1 });
    await publishMany(engine, clock, organization, 3);
    await engine.until(() => answers.length === 1);
    const before = await holders(engine.db);
    await cutBus(engine.db);
    await engine.until(() => !engine.bus.connected);
    answers.shift()?.();
    await publish(engine, clock, organization, 3);
    await engine.until(async () => (await counts(engine)).delivered === 1, 'what was in flight ends');
    assert.equal(to.arrivals.length, 1);
    await asTimePasses(clock, [engine], 50, async () => {
      answers.shift()?.();
      return (await counts(engine)).delivered === 4;
    });
    assert.deepEqual(
      to.arrivals.map(numberOf).toSorted((a, b) => a - b),
      [0, 1, 2, 3],
    );
    assert.deepEqual(await holders(engine.db), before);
  });

  test('D7: forgets what another process released, and sends each delivery once', async () => {
    const { clock } = installation;
    const engine = await installation.start();
    const answers: (() => void)[] = [];
    const to = await installation.receiver((_arrival, response) => answers.push(() => response.end()));
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, to.url, { maxInFlight: 1 });
    await publishMany(engine, clock, organization, 4);
    await engine.until(() => answers.length === 1);
    const [id] = await holders(engine.db);
    assert.ok(id !== undefined);
    await cutBus(engine.db);
    await engine.until(() => !engine.bus.connected);
    assert.equal(await engine.db.transaction((tx) => releaseHolder(tx, id, clock.now())), 4);
    await clock.advance(500);
    await engine.until(() => engine.bus.connected);
    assert.notDeepEqual(await holders(engine.db), [id]);
    await asTimePasses(clock, [engine], 50, async () => {
      answers.shift()?.();
      return (await counts(engine)).delivered === 4;
    });
    assert.deepEqual(
      to.arrivals.map(numberOf).toSorted((a, b) => a - b),
      [0, 1, 2, 3],
    );
  });

  test('terminates an earlier connection that PostgreSQL still considers alive', async () => {
    const { clock } = installation;
    const db = connect(installation.url, { max: 1 });
    const sessions = Array.from({ length: 3 }, () =>
      connect(installation.url, { max: 1, applicationName: 'outrider bus' }),
    );
    const [first, second, third] = sessions;
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    try {
      const holder = createHolder({
        db,
        bus: { connected: true, onSession: () => {}, subscribe: () => {} },
        clock,
        takes: true,
        onError: (error) => assert.fail(String(error)),
      });
      const renewed: string[] = [];
      holder.register({
        release: () => Promise.resolve(0),
        onReleased: () => Promise.resolve(),
        onRenewed: () => renewed.push('renewed'),
      });
      await holder.acquire(first);
      const { id } = holder;
      await assert.rejects(holder.acquire(second), /still holds its lock/);
      // It does not end immediately.
      for (let acquired = false; !acquired;)
        acquired = await holder.acquire(third).then(
          () => true,
          () => false,
        );
      assert.equal(holder.id, id);
      assert.deepEqual(renewed, []);
    } finally {
      await Promise.all([db, ...sessions].map((each) => each.close()));
    }
  });
});
