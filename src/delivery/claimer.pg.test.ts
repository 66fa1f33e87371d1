import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { counts, engines, numberOf, publish, publishMany } from '../../test/harness/engines.ts';
import {
  asTimePasses,
  deleteEndpoint,
  makeEndpoint,
  makeOrganization,
  setActive,
  setOrdering,
  type TestEngine,
} from '../../test/harness/engine.ts';
import { connect } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import type { EndpointId } from '../base/ids.ts';
import { release } from './queue/queries.ts';
import { dayMs } from '../base/clock.ts';

describe('claiming', () => {
  const installation = engines();

  test('D12: none of a hundred endpoints with queues left by another process waits for a timer', async () => {
    const { clock } = installation;
    const publisher = await installation.start({ delivers: false });
    const to = await installation.receiver();
    const organization = await makeOrganization(publisher.db, publisher.ids);
    for (let n = 0; n < 100; n += 1) await makeEndpoint(publisher.db, publisher.ids, organization, `${to.url}/${n}`);
    await publishMany(publisher, clock, organization, 30);
    const engine = await installation.start();
    await engine.until(
      async () => (await counts(engine)).delivered === 3_000,
      'all delivered while the clock stands still',
    );
    assert.equal(new Set(to.arrivals.map((arrival) => arrival.path)).size, 100);
    assert.deepEqual(engine.errors, []);
  });

  test('D13: a claim loads no more bytes than one endpoint may hold', async () => {
    const { clock } = installation;
    const publisher = await installation.start({ delivers: false });
    const answers: (() => void)[] = [];
    const to = await installation.receiver((_arrival, response) => answers.push(() => response.end()));
    const organization = await makeOrganization(publisher.db, publisher.ids);
    await makeEndpoint(publisher.db, publisher.ids, organization, to.url, { maxInFlight: 2 });
    const data = { text: 'x'.repeat(200 * 1024) };
    for (let n = 0; n < 60; n += 1)
      await publisher.publisher.publish({
        organizationId: organization,
        type: 'order.paid',
        data,
        occurredAtMs: clock.now(),
      });
    const engine = await installation.start();
    await engine.until(() => answers.length === 2);
    assert.ok(
      engine.engine.figures.queued * 200 * 1024 <= 128 * 1024 * 1024 * (1 / 16),
      `${engine.engine.figures.queued} in memory`,
    );
    await engine.until(async () => {
      for (const answer of answers.splice(0)) answer();
      return (await counts(engine)).delivered === 60;
    }, 'the rest follows');
    assert.equal(to.arrivals.length, 60);
  });

  test('a process that only publishes notifies the one process that delivers', async () => {
    const { clock } = installation;
    const publisher = await installation.start({ delivers: false, processes: 1 });
    const engine = await installation.start();
    const to = await installation.receiver();
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, to.url);
    await clock.advance(1_000);
    await publish(publisher, clock, organization, 1);
    await engine.until(async () => {
      if (clock.now() < Date.UTC(2026, 0, 5, 9, 0, 3)) await clock.advance(5);
      return (await counts(engine)).delivered === 1;
    }, 'delivered within 2 s');
  });

  test('D5: a clock that is set back by an hour does not delay retries', async () => {
    const { clock } = installation;
    const engine = await installation.start();
    const to = await installation.receiver((_arrival, response, count) => {
      response.statusCode = count === 1 ? 500 : 200;
      response.end();
    });
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, to.url, { schedule: [60] });
    clock.set(clock.now() - 3_600_000);
    await publish(engine, clock, organization, 1);
    await engine.until(async () => (await counts(engine)).attempts === 1);
    for (let n = 0; n < 9; n += 1) await clock.advance(10_000);
    await asTimePasses(clock, [engine], 100, async () => (await counts(engine)).delivered === 1, 'tried again');
  });

  for (const which of ['the process that scheduled them', 'another process']) {
    test(`D10: retries of one endpoint that come due one after another are sent on time by ${which}`, async () => {
      const { clock } = installation;
      const first = await installation.start();
      const to = await installation.receiver((_arrival, response) => response.writeHead(500).end());
      const organization = await makeOrganization(first.db, first.ids);
      await makeEndpoint(first.db, first.ids, organization, to.url, { schedule: [30, 300] });
      const count = 15;
      for (let n = 1; n <= count; n += 1) {
        await publish(first, clock, organization, n);
        await asTimePasses(clock, [first], 0, async () => (await counts(first)).attempts === n);
        await clock.advance(700);
      }
      let engine = first;
      if (which === 'another process') {
        await installation.stopped(first);
        engine = await installation.start();
      }
      const late = async (): Promise<number[]> =>
        (
          await engine.db.query(sql<{ late: number }>`
            SELECT (extract(epoch FROM second.started_at - first.started_at) * 1000 - 30000)::int AS late
            FROM attempts first JOIN attempts second USING (delivery_id) WHERE first.number = 1 AND second.number = 2`)
        ).map((row) => row.late);
      await asTimePasses(clock, [engine], 20, async () => (await late()).length === count);
      assert.deepEqual(
        (await late()).filter((ms) => ms < 0 || ms > 200),
        [],
      );
    });
  }

  test('D12a: deliveries of an endpoint that cannot be read stay pending, and are sent once it can be read', async () => {
    const { clock } = installation;
    const engine = await installation.start();
    const to = await installation.receiver();
    const organization = await makeOrganization(engine.db, engine.ids);
    const endpoint = await makeEndpoint(engine.db, engine.ids, organization, `${to.url}/one`);
    await makeEndpoint(engine.db, engine.ids, organization, `${to.url}/two`);
    const setDialect = async (dialect: string): Promise<void> => {
      await engine.db.execute(
        sql`WITH e AS (UPDATE subscription_epoch SET value = value + 1 RETURNING value) UPDATE endpoints SET dialect = ${dialect}, epoch = e.value FROM e WHERE id = ${endpoint}`,
      );
      await engine.subscriptions.refresh();
    };
    await setDialect('of a later version');
    await publish(engine, clock, organization, 1);
    await asTimePasses(
      clock,
      [engine],
      500,
      async () => clock.now() > Date.UTC(2026, 0, 5, 9, 1) && (await counts(engine)).delivered === 1,
    );
    assert.deepEqual([to.arrivals.map(({ path }) => path), (await counts(engine)).pending], [['/two'], 1]);
    assert.match(String(engine.errors.splice(0)), /of a later version/);
    await setDialect('standard');
    await asTimePasses(clock, [engine], 50, async () => (await counts(engine)).delivered === 2);
  });

  test('a clock that jumps past the prepared days gets its partitions created', async () => {
    const { clock } = installation;
    const engine = await installation.start();
    const to = await installation.receiver();
    const organization = await makeOrganization(engine.db, engine.ids);
    await makeEndpoint(engine.db, engine.ids, organization, to.url);
    const there = clock.now();
    clock.set(there + 400 * dayMs);
    engine.ids.next();
    // And back, so that ids are ahead of the clock.
    clock.set(there);
    await publish(engine, clock, organization, 1);
    await engine.until(async () => (await counts(engine)).delivered === 1);
  });

  test('a delivery whose event no longer exists is still sent', async () => {
    const { clock } = installation;
    const publisher = await installation.start({ delivers: false });
    const to = await installation.receiver();
    const organization = await makeOrganization(publisher.db, publisher.ids);
    for (const dialect of ['standard', 'defrost'])
      await makeEndpoint(publisher.db, publisher.ids, organization, to.url, { dialect });
    await publisher.publisher.publish({
      organizationId: organization,
      type: 'campaign.completed',
      data: { n: 1 },
      occurredAtMs: clock.now(),
    });
    await publisher.db.execute(sql`DELETE FROM events`);
    const engine = await installation.start();
    await engine.until(async () => (await counts(engine)).delivered === 2);
    const data = to.arrivals.map(({ body }) => (JSON.parse(body) as { data: unknown }).data);
    // Defrost has one name for two events and distinguishes them by the reason, so the reason stays.
    assert.deepEqual(new Set(data.map((one) => JSON.stringify(one))), new Set(['null', '{"reason":"finished"}']));
  });
});

describe('endpoints that are disabled, enabled and deleted', () => {
  const installation = engines();

  /** A process that has just refreshed and gets no notice of later changes: tests change rows without one. */
  async function refreshed(engine: TestEngine): Promise<void> {
    await engine.subscriptions.refresh();
  }

  test('D16: a process that does not know yet that an endpoint was enabled holds nothing', async () => {
    const { clock } = installation;
    const engine = await installation.start();
    const publisher = await installation.start({ delivers: false, processes: 2 });
    const to = await installation.receiver();
    const organization = await makeOrganization(engine.db, engine.ids);
    const endpoint = await makeEndpoint(engine.db, engine.ids, organization, to.url, { active: false });
    await refreshed(engine);
    await setActive(engine.db, endpoint, true);
    await publish(publisher, clock, organization, 1);
    await engine.until(async () => {
      await clock.advance(1_000);
      const { held, delivered } = await counts(engine);
      assert.equal(held, 0);
      return delivered === 1;
    }, 'delivered');
  });

  test('D7 D16: a delivery released while an attempt is in flight is not sent a second time beside it', async () => {
    const { clock } = installation;
    const engine = await installation.start();
    const answers: (() => void)[] = [];
    const to = await installation.receiver((_arrival, response) => answers.push(() => response.end()));
    const organization = await makeOrganization(engine.db, engine.ids);
    const endpoint = await makeEndpoint(engine.db, engine.ids, organization, to.url, { maxInFlight: 1 });
    await publishMany(engine, clock, organization, 3);
    await engine.until(() => answers.length === 1);
    await setActive(engine.db, endpoint, false);
    await refreshed(engine);
    await engine.until(async () => {
      await clock.advance(100);
      return (await counts(engine)).held === 3;
    }, 'held');
    await setActive(engine.db, endpoint, true);
    await refreshed(engine);
    assert.equal(await release(engine.db, endpoint, 100, clock.now()), 3);
    await engine.engine.due(engine.db, [endpoint]);
    await clock.advance(1_000);
    answers.shift()?.();
    await engine.until(async () => {
      answers.shift()?.();
      await clock.advance(100);
      return (await counts(engine)).delivered === 3;
    });
    assert.equal(to.arrivals.length, 3);
  });

  for (const seconds of [20, 3_600])
    test(`D16: releasing makes a delivery due that waited ${seconds} s for its next attempt`, async () => {
      const { clock } = installation;
      const engine = await installation.start();
      const to = await installation.receiver((_arrival, response, count) => {
        response.statusCode = count === 1 ? 500 : 200;
        response.end();
      });
      const organization = await makeOrganization(engine.db, engine.ids);
      const endpoint = await makeEndpoint(engine.db, engine.ids, organization, to.url, { schedule: [seconds] });
      await publish(engine, clock, organization, 1);
      await engine.until(async () => (await counts(engine)).attempts === 1);
      await setActive(engine.db, endpoint, false);
      await refreshed(engine);
      await asTimePasses(clock, [engine], 100, async () => (await counts(engine)).held === 1);
      await setActive(engine.db, endpoint, true);
      await refreshed(engine);
      assert.equal(await release(engine.db, endpoint, 100, clock.now()), 1);
      await engine.engine.due(engine.db, [endpoint]);
      await engine.until(async () => (await counts(engine)).delivered === 1, 'delivered while the clock stands still');
    });

  test('D18: after a deletion no attempt begins, and waiting deliveries end as failed', async () => {
    const { clock } = installation;
    const engine = await installation.start();
    const answers: (() => void)[] = [];
    const to = await installation.receiver((_arrival, response) => answers.push(() => response.end()));
    const organization = await makeOrganization(engine.db, engine.ids);
    const endpoint = await makeEndpoint(engine.db, engine.ids, organization, to.url, { maxInFlight: 1 });
    await publishMany(engine, clock, organization, 5);
    await engine.until(() => answers.length === 1);
    await deleteEndpoint(engine.db, endpoint);
    await refreshed(engine);
    answers.shift()?.();
    await engine.until(async () => {
      await clock.advance(1_000);
      const { pending, failed, delivered } = await counts(engine);
      return pending === 0 && failed + delivered === 5;
    });
    assert.equal(to.arrivals.length, 1);
  });

  for (const when of ['while a process runs', 'while none runs']) {
    test(`D18: held deliveries of an endpoint deleted ${when} end as failed`, async () => {
      const { clock } = installation;
      const publisher = await installation.start({ delivers: false });
      const organization = await makeOrganization(publisher.db, publisher.ids);
      const endpoint = await makeEndpoint(publisher.db, publisher.ids, organization, 'http://127.0.0.1:1/', {
        active: false,
      });
      await publishMany(publisher, clock, organization, 20);
      assert.equal((await counts(publisher)).held, 20);
      let engine: TestEngine;
      if (when === 'while none runs') {
        await deleteEndpoint(publisher.db, endpoint);
        engine = await installation.start();
      } else {
        engine = await installation.start();
        await deleteEndpoint(publisher.db, endpoint);
        await refreshed(engine);
      }
      await engine.until(async () => {
        await clock.advance(1_000);
        return (await counts(engine)).failed === 20;
      });
    });
  }

  test('D12: holding the deliveries of a long queue does not delay claims for other endpoints', async () => {
    const { clock } = installation;
    const publisher = await installation.start({ delivers: false });
    const to = await installation.receiver();
    const organization = await makeOrganization(publisher.db, publisher.ids);
    const disabled = await makeEndpoint(publisher.db, publisher.ids, organization, `${to.url}/disabled`);
    const healthy = await makeEndpoint(publisher.db, publisher.ids, organization, `${to.url}/healthy`);
    await publishMany(publisher, clock, organization, 10);
    await setActive(publisher.db, disabled, false);
    // A query that locks the endpoint's row waits for this.
    const other = connect(installation.url, { max: 1 });
    let release = (): void => {};
    const locked = new Promise<void>((resolve) => (release = resolve));
    const holding = other.transaction(async (tx) => {
      await tx.execute(sql`SELECT FROM endpoints WHERE id = ${disabled} FOR UPDATE`);
      await locked;
    });
    const engine = await installation.start();
    await engine.until(async () => {
      await clock.advance(100);
      return to.arrivals.filter(({ path }) => path === '/healthy').length === 10;
    }, `${healthy} has all of its own`);
    release();
    await holding;
    await other.close();
    await asTimePasses(clock, [engine], 1_000, async () => (await counts(engine)).held === 10);
    assert.equal(to.arrivals.length, 10);
  });
});

describe('D9: FIFO queues', () => {
  const installation = engines();

  test('an error while reading one queue does not cause another to be read twice', async () => {
    const { clock } = installation;
    const publisher = await installation.start({ delivers: false });
    const to = await installation.receiver();
    const organization = await makeOrganization(publisher.db, publisher.ids);
    const broken = await makeEndpoint(publisher.db, publisher.ids, organization, `${to.url}/broken`, {
      ordering: 'fifo',
    });
    const slow = await makeEndpoint(publisher.db, publisher.ids, organization, `${to.url}/slow`, { ordering: 'fifo' });
    await publishMany(publisher, clock, organization, 10);
    // The lease of one fails; that of the other waits for the test.
    await publisher.db.script(`
      CREATE FUNCTION hinder() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.endpoint_id = '${broken}' THEN RAISE 'hindered'; END IF;
        PERFORM pg_advisory_xact_lock(42);
        RETURN NEW;
      END $$;
      CREATE TRIGGER hinder BEFORE INSERT OR UPDATE ON fifo_leases FOR EACH ROW EXECUTE FUNCTION hinder()`);
    const other = connect(installation.url, { max: 1 });
    await other.execute(sql`SELECT pg_advisory_lock(42)`);
    const engine = await installation.start();
    await engine.until(() => engine.errors.length > 0 || clock.pending > 0);
    for (let n = 0; n < 30; n += 1) await clock.advance(200);
    await other.execute(sql`SELECT pg_advisory_unlock(42)`);
    await other.close();
    await engine.until(async () => {
      await clock.advance(200);
      const [row] = await engine.db.query(
        sql<{ count: number }>`SELECT count(*) AS count FROM delivery_log WHERE endpoint_id = ${slow}`,
      );
      return row?.count === 10;
    });
    const order = to.arrivals.filter(({ path }) => path === '/slow').map(numberOf);
    assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  for (const to of ['none', 'fifo'] as const) {
    test(`an endpoint switched to ${to} with deliveries in memory sends each of them once`, async () => {
      const { clock } = installation;
      const engine = await installation.start();
      const answers: (() => void)[] = [];
      const receiver = await installation.receiver((_arrival, response) => answers.push(() => response.end()));
      const organization = await makeOrganization(engine.db, engine.ids);
      const endpoint = await makeEndpoint(engine.db, engine.ids, organization, receiver.url, {
        ordering: to === 'none' ? 'fifo' : 'none',
        maxInFlight: 4,
      });
      await publishMany(engine, clock, organization, 20);
      await engine.until(() => answers.length > 0);
      await setOrdering(engine.db, endpoint, to);
      await engine.subscriptions.refresh();
      for (let n = 0; n < 10; n += 1) await clock.advance(100);
      await engine.until(async () => {
        answers.shift()?.();
        await clock.advance(100);
        return (await counts(engine)).delivered === 20;
      });
      assert.equal(receiver.arrivals.length, 20);
    });
  }

  test('a head that a person makes due is sent immediately, and those after it follow', async () => {
    const { clock } = installation;
    const engine = await installation.start();
    const to = await installation.receiver((_arrival, response, count) => {
      response.statusCode = count === 1 ? 500 : 200;
      response.end();
    });
    const organization = await makeOrganization(engine.db, engine.ids);
    const endpoint: EndpointId = await makeEndpoint(engine.db, engine.ids, organization, to.url, {
      ordering: 'fifo',
      schedule: [3_600],
    });
    await publishMany(engine, clock, organization, 3);
    await engine.until(async () => (await counts(engine)).attempts === 1);
    await clock.advance(60_000);
    assert.equal(to.arrivals.length, 1);
    await engine.db.execute(
      sql`UPDATE delivery_queue SET due_at = to_timestamp(${clock.now()}::float8 / 1000) WHERE attempt_count = 1`,
    );
    await engine.engine.due(engine.db, [endpoint]);
    await engine.until(async () => {
      await clock.advance(100);
      return (await counts(engine)).delivered === 3;
    });
    assert.deepEqual(to.arrivals.map(numberOf), [0, 0, 1, 2]);
    assert.ok(clock.now() < Date.UTC(2026, 0, 5, 9, 10));
  });
});
