import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makeEndpoint, makeOrganization, type TestEngine } from '../../../test/harness/engine.ts';
import { counts, engines, numberOf, publish, publishMany } from '../../../test/harness/engines.ts';
import { connect } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';

/** Makes PostgreSQL reject outcomes with this SQLSTATE: those for which the condition on NEW (a row of `attempts`) is true. */
const refuse = (engine: TestEngine, state: string, condition = 'true'): Promise<void> =>
  engine.db.script(`
    CREATE TABLE refusing AS SELECT true AS yes;
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF ${condition} AND EXISTS (SELECT FROM refusing) THEN RAISE 'refused' USING ERRCODE = '${state}'; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON attempts FOR EACH ROW EXECUTE FUNCTION refuse()`);

const accept = (engine: TestEngine): Promise<void> => engine.db.script('DELETE FROM refusing');

/** 57P01, admin_shutdown: how every statement fails when PostgreSQL is stopped. */
const away = '57P01';

describe('outcomes', () => {
  const installation = engines();

  test('an outcome that PostgreSQL rejects does not prevent others from being written', async () => {
    const { clock } = installation;
    const engine = await installation.start();
    const to = await installation.receiver();
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, `${to.url}/a`);
    const refused = await makeEndpoint(engine.db, engine.ids, organization, `${to.url}/refused`);
    await refuse(engine, '22021', "NEW.target_url LIKE '%/refused'");
    await publishMany(engine, clock, organization, 40);
    await engine.until(async () => {
      await clock.advance(1_000);
      return (await counts(engine)).delivered === 40;
    }, 'the others are written');
    await accept(engine);
    await engine.until(async () => {
      await clock.advance(1_000);
      return (await counts(engine)).delivered === 80;
    }, 'once it accepts them again, these are written as well');
    assert.ok(to.arrivals.filter(({ path }) => path === '/refused').length >= 40, refused);
  });

  test('D6: nothing is claimed while outcomes cannot be written, so delivered ones are not sent again when their leases end', async () => {
    const { clock } = installation;
    const engine = await installation.start();
    const to = await installation.receiver();
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, to.url);
    await refuse(engine, away);
    await publishMany(engine, clock, organization, 50);
    await engine.until(() => engine.finished.length === 50 && engine.errors.length > 0);
    for (let n = 0; n < 120; n += 1) await clock.advance(1_000);
    assert.equal((await counts(engine)).delivered, 0);
    await accept(engine);
    await engine.until(async () => {
      await clock.advance(1_000);
      return (await counts(engine)).delivered === 50;
    });
    assert.equal(to.arrivals.length, 50);
    assert.equal((await counts(engine)).attempts, 50);
  });

  test('D7: a delivery whose lease ends before its outcome is written is not sent again by the same process', async () => {
    const { clock } = installation;
    const engine = await installation.start();
    const to = await installation.receiver();
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, to.url);
    const other = connect(installation.url, { max: 1 });
    const locked = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    // Outcomes wait here, as on a slow database; claims do not.
    const locking = other.transaction(async (tx) => {
      await tx.execute(sql`LOCK TABLE attempts`);
      locked.resolve();
      await released;
    });
    await locked.promise;
    await publish(engine, clock, organization, 1);
    await engine.until(() => engine.finished.length === 1);
    const claimed = async () => {
      const [row] = await engine.db.query(
        sql<{
          claimed: boolean;
        }>`SELECT due_at > to_timestamp(${clock.now() + 30_000}::float8 / 1000) AS claimed FROM delivery_queue`,
      );
      return row?.claimed === true;
    };
    for (let n = 0; n < 200; n += 1) await clock.advance(1_000);
    await engine.until(async () => {
      await clock.advance(1_000);
      return claimed();
    }, 'claimed again');
    release();
    await locking;
    await other.close();
    await engine.until(async () => (await counts(engine)).delivered === 1);
    assert.equal(to.arrivals.length, 1);
    assert.equal((await counts(engine)).attempts, 1);
  });

  test('a day that the retention dropped while a delivery was in flight is created again', async () => {
    const { clock } = installation;
    const engine = await installation.start();
    const answers: (() => void)[] = [];
    await installation.receiver();
    const to = await installation.receiver((arrival, response) =>
      answers.push(() => {
        response.statusCode = arrival.path === '/gone' ? 410 : 200;
        response.end();
      }),
    );
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, `${to.url}/a`);
    await makeEndpoint(engine.db, engine.ids, organization, `${to.url}/gone`);
    await publish(engine, clock, organization, 1);
    await engine.until(() => answers.length === 2);
    await engine.db.script('DROP TABLE attempts_20260105, delivery_log_20260105');
    for (const answer of answers) answer();
    await engine.until(async () => {
      await clock.advance(100);
      const { delivered, failed } = await counts(engine);
      return delivered === 1 && failed === 1;
    });
  });

  test('D17: a failed delivery whose events cannot be written delays no other, and is not recorded as failed', async () => {
    const { clock } = installation;
    const engine = await installation.start({
      onFailed: (_tx, failure) =>
        failure.endpoint.url.pathname === '/untold' ? Promise.reject(new Error('untold')) : Promise.resolve(),
    });
    const to = await installation.receiver((_arrival, response) => {
      response.statusCode = 410;
      response.end();
    });
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, `${to.url}/untold`);
    await makeEndpoint(engine.db, engine.ids, organization, `${to.url}/told`);
    await publishMany(engine, clock, organization, 5);
    await engine.until(async () => {
      await clock.advance(1_000);
      return (await counts(engine)).failed === 5;
    });
    assert.ok(engine.failures.every(({ endpoint }) => endpoint.url.pathname === '/told'));
    const { pending, attempts } = await counts(engine);
    assert.deepEqual({ pending, attempts }, { pending: 5, attempts: 5 });
  });

  test('the attempt count has no limit', async () => {
    const { clock } = installation;
    const publisher = await installation.start({ delivers: false });
    const to = await installation.receiver();
    const organization = await makeOrganization(publisher.db, publisher.ids);
    await makeEndpoint(publisher.db, publisher.ids, organization, to.url);
    await publish(publisher, clock, organization, 1);
    await publisher.db.execute(sql`UPDATE delivery_queue SET attempt_count = 40000, schedule_base = 40000`);
    const engine = await installation.start();
    await engine.until(async () => (await counts(engine)).delivered === 1);
  });

  for (const [why, code] of [
    ['an outage of the database', away],
    ['a refused report', 'P0001'],
  ] as const)
    test(`statistics survive ${why}`, async () => {
      const { clock } = installation;
      const engine = await installation.start();
      const to = await installation.receiver();
      const organization = await makeOrganization(engine.db, engine.ids);
      await makeEndpoint(engine.db, engine.ids, organization, to.url);
      await engine.db.script(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused' USING ERRCODE = '${code}'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON endpoint_stats FOR EACH ROW EXECUTE FUNCTION refuse()`);
      await publishMany(engine, clock, organization, 3);
      await engine.until(() => engine.finished.length === 3);
      await clock.advance(5_100);
      await engine.until(() => engine.errors.length > 0);
      await publishMany(engine, clock, organization, 4);
      await engine.until(() => engine.finished.length === 7);
      await engine.db.script('DROP TRIGGER refuse ON endpoint_stats');
      await engine.until(async () => {
        await clock.advance(5_100);
        const rows = await engine.db.query(
          sql<{ attempts: number; succeeded: number }>`SELECT attempts, succeeded FROM endpoint_stats`,
        );
        if (rows.length > 0) assert.deepEqual(rows, [{ attempts: 7, succeeded: 7 }]);
        return rows.length > 0;
      });
    });
});

describe('D19: stopping', () => {
  const installation = engines();

  test('rows claimed while the process stops are given back', async () => {
    const { clock } = installation;
    const publisher = await installation.start({ delivers: false });
    const to = await installation.receiver();
    const organization = await makeOrganization(publisher.db, publisher.ids);
    await makeEndpoint(publisher.db, publisher.ids, organization, to.url, { maxInFlight: 1 });
    await publishMany(publisher, clock, organization, 30);
    let unlock = (): void => {};
    const locked = new Promise<void>((resolve) => (unlock = resolve));
    const blocking = publisher.db.transaction(async (tx) => {
      // Reading stays possible: the scan finds the queue, the claim has to wait.
      await tx.execute(sql`LOCK TABLE delivery_queue IN EXCLUSIVE MODE`);
      await locked;
    });
    const engine = await installation.start();
    await engine.until(async () => {
      const [row] = await publisher.db.query(
        sql<{
          waits: boolean;
        }>`SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'delivery_queue'::regclass AND NOT granted) AS waits`,
      );
      return row?.waits === true;
    }, 'the claim waits');
    const stopped = engine.stop();
    unlock();
    await blocking;
    await stopped;
    const rows = await publisher.db.query(
      sql<{ due: boolean }>`SELECT due_at <= to_timestamp(${clock.now()}::float8 / 1000) AS due FROM delivery_queue`,
    );
    assert.equal(rows.length, 30 - to.arrivals.length);
    assert.ok(rows.every(({ due }) => due));
  });

  test('stopping ends at its deadline, even without a response and while outcomes cannot be written', async () => {
    const { clock } = installation;
    const engine = await installation.start({ shutdownMs: 5_000 });
    const to = await installation.receiver((arrival, response) => {
      if (numberOf(arrival) === 2) return;
      response.statusCode = numberOf(arrival) === 0 ? 410 : 200;
      response.end();
    });
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, to.url);
    await refuse(engine, away);
    await publishMany(engine, clock, organization, 3);
    await engine.until(() => engine.finished.length === 2 && to.arrivals.length === 3);
    const before = clock.now();
    await installation.stopped(engine);
    assert.ok(clock.now() >= before + 5_000);
    // The timers of a process that keeps trying would keep it alive.
    const { pending } = clock;
    await clock.advance(60_000);
    assert.ok(clock.pending <= pending);
  });

  test('an attempt aborted by the deadline is left to its lease', async () => {
    const { clock } = installation;
    const engine = await installation.start({ shutdownMs: 1_000 });
    const to = await installation.receiver(() => {});
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, to.url, { schedule: [] });
    await publish(engine, clock, organization, 1);
    await engine.until(() => to.arrivals.length === 1);
    const stoppingAt = clock.now();
    await installation.stopped(engine);
    const heir = await installation.start({ delivers: false });
    const rows = await heir.db.query(
      sql<{
        attempt_count: number;
        leased: boolean;
      }>`SELECT attempt_count, due_at > to_timestamp(${stoppingAt}::float8 / 1000) AS leased FROM delivery_queue`,
    );
    assert.deepEqual(rows, [{ attempt_count: 0, leased: true }]);
    assert.deepEqual(engine.finished, []);
  });

  test('D9: a FIFO queue is handed over immediately, unless its head is still in flight', async () => {
    const { clock } = installation;
    const observer = await installation.start({ delivers: false });
    for (const answered of [true, false]) {
      const engine = await installation.start({ shutdownMs: 1_000 });
      const answers: (() => void)[] = [];
      const to = await installation.receiver((_arrival, response) => answers.push(() => response.end()));
      const organization = await makeOrganization(engine.db, engine.ids, answered ? 'one' : 'two');
      const endpoint = await makeEndpoint(engine.db, engine.ids, organization, to.url, { ordering: 'fifo' });
      await publishMany(engine, clock, organization, 3);
      await engine.until(() => answers.length === 1);
      if (answered) {
        const stopped = engine.stop();
        answers.shift()?.();
        await stopped;
      } else await installation.stopped(engine);
      const [lease] = await observer.db.query(
        sql<{ held: boolean }>`SELECT count(*) > 0 AS held FROM fifo_leases WHERE endpoint_id = ${endpoint}`,
      );
      assert.equal(lease?.held, !answered);
      const heir = await installation.start();
      if (!answered) {
        await clock.advance(10_000);
        assert.equal(to.arrivals.length, 1, 'not beside the one in flight');
        await clock.advance(40_000);
      }
      await heir.until(async () => {
        answers.shift()?.();
        await clock.advance(100);
        const [row] = await heir.db.query(
          sql<{ count: number }>`SELECT count(*) AS count FROM delivery_log WHERE endpoint_id = ${endpoint}`,
        );
        return row?.count === 3;
      });
      await installation.stopped(heir);
    }
  });
});
