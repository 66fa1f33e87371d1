import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectSocket, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { after, afterEach, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { TestClock } from '../../test/harness/clock.ts';
import { createTestDatabase } from '../../test/harness/database.ts';
import type { TestDatabase } from '../../test/harness/database.ts';
import { makeEndpoint, makeOrganization, startEngine } from '../../test/harness/engine.ts';
import type { TestEngine } from '../../test/harness/engine.ts';
import { sql } from '../db/sql.ts';
import type { EventId, OrganizationId } from '../base/ids.ts';
import { createEmit } from './emit.ts';
import type { NewEvent } from './emit.ts';
import { createPublisher } from './publisher.ts';
import type { Outcome } from './publisher.ts';
import { dayMs } from '../base/clock.ts';

const nowhere = 'http://127.0.0.1:9/';

/** Two processes on one database. Neither delivers, because the tests check what was written. */
describe('publishing', () => {
  let database: TestDatabase;
  let clock: TestClock;
  let one: TestEngine;
  let two: TestEngine;
  let organization: OrganizationId;

  before(async () => {
    database = await createTestDatabase();
    clock = new TestClock();
    one = await startEngine(database.url, clock, { delivers: false, processes: 2 });
    two = await startEngine(database.url, clock, { delivers: false, processes: 2 });
  });
  after(async () => {
    await one.stop();
    await two.stop();
    await database.drop();
  });
  afterEach(() => assert.deepEqual([...one.errors, ...two.errors], []));

  let slug = 0;
  const newOrganization = async (): Promise<OrganizationId> =>
    (organization = await makeOrganization(one.db, one.ids, `org-${(slug += 1)}`));
  const event = (data: unknown, key?: { key: string; body: number }): NewEvent => ({
    organizationId: organization,
    type: 'order.paid',
    data,
    occurredAtMs: clock.now(),
    ...(key === undefined ? {} : { idempotency: { key: key.key, requestHash: Buffer.alloc(32, key.body) } }),
  });
  const stored = (): Promise<{ id: EventId; data: Buffer; queued: number }[]> =>
    one.db.query(sql<{ id: EventId; data: Buffer; queued: number }>`
      SELECT e.id, e.data, (SELECT count(*) FROM delivery_queue q WHERE q.event_id = e.id) AS queued FROM events e WHERE e.organization_id = ${organization} ORDER BY e.id`);

  test('concurrent requests share commits, and each gets its own event as result', async () => {
    await newOrganization();
    await makeEndpoint(one.db, one.ids, organization, nowhere);
    const commits: number[] = [];
    const publisher = createPublisher(one.db, one.engine, (events) => commits.push(events));
    const published = await Promise.all(Array.from({ length: 1_200 }, (_, n) => publisher.publish(event({ n }))));
    const byId = new Map((await stored()).map((row) => [row.id, row]));
    assert.equal(byId.size, 1_200);
    for (const [n, { id, deliveries }] of published.entries()) {
      assert.equal(byId.get(id)?.data.toString(), `{"n":${n}}`);
      assert.equal(deliveries, 1);
      assert.equal(byId.get(id)?.queued, 1);
    }
    assert.equal(
      commits.reduce((sum, events) => sum + events, 0),
      1_200,
    );
    assert.ok(commits.length <= 4, `${commits.length} commits`);
    assert.equal(publisher.waiting, 0);
  });

  test('a request with many events is one commit, in order', async () => {
    await newOrganization();
    const commits: number[] = [];
    const publisher = createPublisher(one.db, one.engine, (events) => commits.push(events));
    const outcomes = await publisher.publishAll(Array.from({ length: 1_000 }, (_, n) => event({ n })));
    assert.deepEqual(commits, [1_000]);
    const rows = await stored();
    assert.deepEqual(
      rows.map((row) => row.data.toString()),
      Array.from({ length: 1_000 }, (_, n) => `{"n":${n}}`),
    );
    assert.deepEqual(
      outcomes.map((outcome) => outcome.kind === 'emitted' && outcome.emitted.id),
      rows.map((row) => row.id),
    );
  });

  test("the data's text is stored byte for byte", async () => {
    await newOrganization();
    const dataText = '{"amount": 12345678901234567890.10, "10":1,"2":2,"a":1,"a":2,"nul":"\\u0000","half":"\\ud800"}';
    await one.publisher.publish({ ...event(JSON.parse(dataText)), dataText });
    assert.equal((await stored())[0]?.data.toString(), dataText);
  });

  test('one idempotency key yields one event under any interleaving of two processes', async () => {
    const request = fc.record({
      process: fc.constantFrom(0, 1),
      key: fc.constantFrom('a', 'b', 'c'),
      body: fc.constantFrom(1, 2),
      together: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 24 }), async (requests) => {
        await newOrganization();
        const answers: { key: string; body: number; id: EventId | undefined }[] = [];
        const publishers = [one.publisher, two.publisher];
        let underWay: Promise<unknown>[] = [];
        for (const { process, key, body, together } of requests) {
          if (!together) {
            await Promise.all(underWay);
            underWay = [];
          }
          underWay.push(
            (publishers[process] ?? one.publisher).publish(event({ key, body }, { key, body })).then(
              ({ id }) => answers.push({ key, body, id }),
              (error: unknown) => {
                assert.equal((error as { error?: unknown }).error, 'conflict');
                answers.push({ key, body, id: undefined });
              },
            ),
          );
        }
        await Promise.all(underWay);
        const events = new Map(
          (await stored()).map((row) => [row.id, JSON.parse(row.data.toString()) as { key: string; body: number }]),
        );
        assert.equal(events.size, new Set(requests.map(({ key }) => key)).size);
        for (const { key, body, id } of answers) {
          const first = [...events].find(([, data]) => data.key === key);
          // The same body returns the first event; another body is refused.
          assert.equal(id, first?.[1].body === body ? first[0] : undefined);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('the same key twice in one request yields one event, returned for both', async () => {
    await newOrganization();
    const outcomes = await one.publisher.publishAll([
      event({ n: 1 }, { key: 'k', body: 1 }),
      event({ n: 2 }, { key: 'other', body: 1 }),
      event({ n: 1 }, { key: 'k', body: 1 }),
      event({ n: 3 }, { key: 'k', body: 3 }),
    ]);
    const rows = await stored();
    assert.deepEqual(
      rows.map((row) => row.data.toString()),
      ['{"n":1}', '{"n":2}'],
    );
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.kind === 'emitted' ? outcome.emitted.id : outcome.error.error)),
      [rows[0]?.id, rows[1]?.id, rows[0]?.id, 'conflict'],
    );
  });

  test('the same keys of several organizations, inserted by two processes in opposite order, do not deadlock', async () => {
    const [first, second, between] = [await newOrganization(), await newOrganization(), await newOrganization()];
    const batch = (organizations: readonly OrganizationId[]): NewEvent[] =>
      organizations.map((organizationId) => ({ ...event({}, { key: 'k', body: 1 }), organizationId }));
    const waiting = async (): Promise<number> =>
      (
        await one.db.query(
          sql`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        )
      ).length;
    let publishes: Promise<readonly Outcome[]>[] = [];
    // Another transaction locks the key that both insert second, so each has one key and waits for the other's.
    await one.db.transaction(async (tx) => {
      await tx.execute(sql`
        INSERT INTO idempotency_keys (organization_id, key, request_hash, event_id, deliveries, created_at) VALUES (${between}, 'k', ${Buffer.alloc(32, 1)}, ${one.ids.next()}, 0, now())`);
      publishes = [
        one.publisher.publishAll(batch([first, between, second])),
        two.publisher.publishAll(batch([second, between, first])),
      ];
      await one.until(async () => (await waiting()) === 2, 'both wait');
    });
    const outcomes = (await Promise.all(publishes)).flat();
    assert.ok(outcomes.every((outcome) => outcome.kind === 'emitted'));
    assert.equal(new Set(outcomes.map((outcome) => outcome.kind === 'emitted' && outcome.emitted.id)).size, 3);
  });

  test('an endpoint that existed before a publish gets the event, while endpoints are created and events published', async () => {
    await newOrganization();
    let acknowledged = 0;
    let done = false;
    const publishes: Promise<void>[] = [];
    const publish = async (): Promise<void> => {
      const least = acknowledged;
      const { deliveries } = await one.publisher.publish(event({}));
      assert.ok(deliveries >= least, `${deliveries} of ${least}`);
    };
    const load = (async () => {
      while (!done) {
        publishes.push(publish());
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    for (let n = 0; n < 25; n += 1) {
      // No notice is sent, so the publishing process can learn of it by the epoch only.
      await makeEndpoint(two.db, two.ids, organization, nowhere);
      acknowledged += 1;
    }
    done = true;
    await load;
    await Promise.all(publishes);
    assert.equal((await one.publisher.publish(event({}))).deliveries, 25);
  });

  test('a missing partition of a day is created', async () => {
    await newOrganization();
    clock.set(clock.now() + 40 * dayMs);
    await makeEndpoint(one.db, one.ids, organization, nowhere);
    const { deliveries } = await one.publisher.publish(event({ later: true }));
    assert.equal(deliveries, 1);
    assert.equal((await stored())[0]?.queued, 1);
  });

  test('an event that cannot be stored does not fail other requests', async () => {
    await newOrganization();
    const broken = { ...event({}), type: 'nul\0' };
    const [fine, refused] = await Promise.allSettled([
      one.publisher.publish(event({ n: 1 })),
      one.publisher.publish(broken),
    ]);
    assert.equal(fine.status, 'fulfilled');
    assert.equal(refused.status, 'rejected');
    assert.equal((await stored()).length, 1);
  });

  describe('emit', () => {
    test('an event exists if and only if the transaction commits', async () => {
      await newOrganization();
      await makeEndpoint(one.db, one.ids, organization, nowhere);
      const { emit } = createEmit(one.engine);
      const contact = {
        organizationId: organization,
        type: 'contact.created' as const,
        data: { id: '1' },
        occurredAtMs: clock.now(),
      };
      await assert.rejects(
        one.db.transaction(async (tx) => {
          await emit(tx, contact);
          throw new Error('changed my mind');
        }),
        /changed my mind/,
      );
      assert.equal((await stored()).length, 0);
      const emitted = await one.db.transaction((tx) => emit(tx, contact));
      assert.deepEqual(
        (await stored()).map(({ id, queued }) => ({ id, deliveries: queued })),
        [emitted],
      );
    });

    test('emit sees an endpoint created by another process, within the transaction', async () => {
      await newOrganization();
      const { emit } = createEmit(one.engine);
      const emitted = await one.db.transaction(async (tx) => {
        await makeEndpoint(two.db, two.ids, organization, nowhere);
        return emit(tx, { organizationId: organization, type: 'contact.created', data: {}, occurredAtMs: clock.now() });
      });
      assert.equal(emitted.deliveries, 1);
    });

    test('a transaction that emits after it changed endpoints fails', async () => {
      await newOrganization();
      const { emit } = createEmit(one.engine);
      await assert.rejects(
        one.db.transaction(async (tx) => {
          await tx.execute(sql`UPDATE subscription_epoch SET value = value + 1`);
          await emit(tx, {
            organizationId: organization,
            type: 'contact.created',
            data: {},
            occurredAtMs: clock.now(),
          });
        }),
        /must emit before/,
      );
    });
  });
});

test('without a database publishing answers 503, stores nothing partially, and recovers by itself', async () => {
  const database = await createTestDatabase();
  const clock = new TestClock();
  const link = await startLink(database.url);
  const process = await startEngine(link.url, clock, { delivers: false });
  try {
    const organization = await makeOrganization(process.db, process.ids);
    const publish = (n: number): Promise<unknown> =>
      process.publisher.publish({
        organizationId: organization,
        type: 'order.paid',
        data: { n },
        occurredAtMs: clock.now(),
        idempotency: { key: `k${n}`, requestHash: Buffer.alloc(32, n) },
      });
    await publish(0);
    link.cut();
    const refused = await Promise.allSettled([publish(1), publish(2)]);
    for (const answer of refused) {
      assert.equal(answer.status, 'rejected');
      const { error, status, retryAfterSeconds } = answer.reason as {
        error: string;
        status: number;
        retryAfterSeconds: number;
      };
      assert.deepEqual(
        { error, status, retryAfterSeconds },
        { error: 'unavailable', status: 503, retryAfterSeconds: 1 },
      );
    }
    // The number of waiting events is bounded.
    const data = { large: 'a'.repeat(256 * 1024) };
    const waiting = await Promise.allSettled(
      Array.from({ length: 600 }, () =>
        process.publisher.publish({
          organizationId: organization,
          type: 'order.paid',
          data,
          occurredAtMs: clock.now(),
        }),
      ),
    );
    const tooMany = waiting.filter((answer) => answer.status === 'rejected' && /Too many/.test(String(answer.reason)));
    assert.ok(tooMany.length > 80 && tooMany.length < 100, `${tooMany.length} refused at once`);
    assert.equal(process.publisher.waiting, 0);
    link.restore();
    await Promise.all([publish(1), publish(2)]);
    const [row] = await process.db.query(
      sql<{ total: number }>`SELECT count(*) AS total FROM events WHERE organization_id = ${organization}`,
    );
    assert.equal(row?.total, 3);
  } finally {
    await process.stop();
    link.close();
    await database.drop();
  }
});

/** A connection to PostgreSQL that the test can cut. */
async function startLink(target: string): Promise<{ url: string; cut(): void; restore(): void; close(): void }> {
  const { hostname, port } = new URL(target);
  const host = decodeURIComponent(hostname);
  const sockets = new Set<Socket>();
  let up = true;
  const server = createServer((inside) => {
    if (!up) return void inside.destroy();
    // The embedded PostgreSQL listens on a socket in a folder.
    const outside = host.startsWith('/')
      ? connectSocket(`${host}/.s.PGSQL.${port}`)
      : connectSocket(Number(port), host);
    for (const [from, to] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const cut = (): void => {
    up = false;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    url: url.href,
    cut,
    restore: () => {
      up = true;
    },
    close: () => {
      cut();
      server.close();
    },
  };
}
