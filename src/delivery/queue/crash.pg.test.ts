import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { TestClock } from '../../../test/harness/clock.ts';
import { createTestDatabase } from '../../../test/harness/database.ts';
import {
  makeEndpoint,
  makeOrganization,
  startEngine,
  startReceiver,
  type TestEngine,
} from '../../../test/harness/engine.ts';
import { numberOf } from '../../../test/harness/engines.ts';
import { sql } from '../../db/sql.ts';

const processes = 2;
const which = fc.nat(processes - 1);

/**
 * One step of a history over two processes; `which` is one of them. A crash happens after a few publishes and the arrival of this many
 * requests (or as many as arrive within `turnsMax`) and some turns of the event loop: while something is stored, sent or settled.
 */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('publish' as const),
      which,
      count: fc.integer({ min: 1, max: 8 }),
      awaited: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(500, 6_000, 50_000) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('crash' as const),
      which,
      count: fc.nat(8),
      arrivals: fc.nat(8),
      turns: fc.nat(12),
    }),
  },
);

/** Some milliseconds, by which a publish is stored and sent unless it waits for the clock. */
const turnsMax = 5_000;

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Lets time pass in strides shorter than a timeout. Between them everything in flight ends. */
async function pass(clock: TestClock, engines: readonly TestEngine[], ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 500) {
    for (const { engine, until } of engines)
      await until(() => engine.figures.inFlight + engine.figures.unsettled === 0, 'work in flight ends');
    await clock.advance(500);
  }
}

async function play(steps: readonly Step[], failures: readonly boolean[]): Promise<void> {
  const database = await createTestDatabase();
  const clock = new TestClock();
  const acknowledged = new Set<number>();
  /** For each event, those that were acknowledged before it was published. Only these must be delivered first. */
  const before: ReadonlySet<number>[] = [];
  /** How often each event was answered with 200, by endpoint and event. */
  const accepted = new Map<string, number>();
  const overtaken: string[] = [];
  const receiver = await startReceiver((arrival, response, count) => {
    const n = numberOf(arrival);
    if (arrival.path === '/fifo')
      for (const one of before[n] ?? [])
        if (!accepted.has(`/fifo ${one}`)) overtaken.push(`${n} came while ${one} was not delivered`);
    const accepts = failures[count % failures.length] !== true;
    if (accepts) accepted.set(`${arrival.path} ${n}`, (accepted.get(`${arrival.path} ${n}`) ?? 0) + 1);
    response.statusCode = accepts ? 200 : 500;
    response.end();
  });
  const engines: TestEngine[] = [];
  const engineOf = (index: number): TestEngine => engines[index] ?? assert.fail();
  try {
    for (let index = 0; index < processes; index += 1)
      engines.push(await startEngine(database.url, clock, { processes }));
    const { db, ids } = engineOf(0);
    const organizationId = await makeOrganization(db, ids);
    const schedule = Array.from({ length: 20 }, () => 5);
    await makeEndpoint(db, ids, organizationId, `${receiver.url}/plain`, { schedule, maxInFlight: 4 });
    await makeEndpoint(db, ids, organizationId, `${receiver.url}/fifo`, { schedule, ordering: 'fifo' });

    async function publish(index: number, n: number): Promise<void> {
      // Ids of different processes are ordered by their milliseconds.
      clock.set(clock.now() + 1);
      const idempotency = { key: `key ${n}`, requestHash: Buffer.alloc(32, n) };
      await engineOf(index).publisher.publish({
        organizationId,
        type: 'order.paid',
        data: { n },
        occurredAtMs: clock.now(),
        idempotency,
      });
      acknowledged.add(n);
    }
    /** Publishes that each process has not answered yet. After a crash, those of its process are never answered. */
    const underWay: Promise<void>[][] = engines.map(() => []);
    function publishNext(index: number): Promise<void> {
      before.push(new Set(acknowledged));
      const answered = publish(index, before.length - 1);
      underWay[index]?.push(answered);
      return answered;
    }
    /** Attempts whose outcome a crash may have lost. */
    let inDoubt = 0;

    for (const now of steps) {
      switch (now.kind) {
        case 'publish':
          for (let count = 0; count < now.count; count += 1) {
            const answered = publishNext(now.which);
            if (now.awaited) await answered;
          }
          break;
        case 'pass':
          await pass(clock, engines, now.ms);
          break;
        case 'crash': {
          for (let count = 0; count < now.count; count += 1) void publishNext(now.which);
          const awaited = receiver.arrivals.length + now.arrivals;
          for (let turn = 0; turn < turnsMax && receiver.arrivals.length < awaited; turn += 1) await setImmediate();
          for (let turn = 0; turn < now.turns; turn += 1) await setImmediate();
          const { engine, crash } = engineOf(now.which);
          inDoubt += engine.figures.inFlight + engine.figures.unsettled;
          await crash();
          underWay[now.which] = [];
          engines[now.which] = await startEngine(database.url, clock, { processes });
          break;
        }
      }
    }

    await Promise.all(underWay.flat());
    // A caller without an answer publishes again: the event may have been stored, and is not stored twice.
    for (const n of before.keys()) if (!acknowledged.has(n)) await publish(0, n);
    const left = engineOf(0).db;
    const queued = async (): Promise<number> =>
      (await left.query(sql<{ count: number }>`SELECT count(*) AS count FROM delivery_queue`))[0]?.count ?? 0;
    for (let strides = 0; (await queued()) > 0; strides += 1) {
      assert.ok(strides < 300, 'D5: the queue becomes empty');
      await pass(clock, engines, 5_000);
    }

    const stored = await left.query(sql<{ n: number; states: string[] }>`
      SELECT (convert_from(e.data, 'UTF8')::jsonb ->> 'n')::int AS n, array_agg(d.state) AS states
      FROM events e JOIN deliveries d ON d.event_id = e.id GROUP BY e.id, 1 ORDER BY 1`);
    assert.deepEqual(
      stored,
      [...before.keys()].map((n) => ({ n, states: ['delivered', 'delivered'] })),
    );
    assert.equal(accepted.size, before.length * 2, 'every delivery recorded as delivered was accepted');
    const idOf = new Map(receiver.arrivals.map((arrival) => [`${arrival.path} ${numberOf(arrival)}`, arrival.id]));
    for (const arrival of receiver.arrivals)
      assert.equal(arrival.id, idOf.get(`${arrival.path} ${numberOf(arrival)}`), 'D6: one id');
    const duplicates = [...accepted.values()].reduce((sum, times) => sum + times - 1, 0);
    assert.ok(duplicates <= inDoubt, `D6: ${duplicates} duplicates of ${inDoubt} in doubt`);
    assert.deepEqual(overtaken, [], 'D9');
  } finally {
    for (const engine of engines) await engine.crash();
    receiver.close();
    await database.drop();
  }
}

describe('processes that die at any instant', () => {
  test('D1 D4 D5 D6 D9: nothing acknowledged is lost, ids are stable, order is kept, and there are no more duplicates than attempts in doubt', async () => {
    // Keeps an embedded server running from one history to the next.
    const database = await createTestDatabase();
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 5, maxLength: 25, size: 'max' }),
          fc.array(fc.boolean(), { minLength: 5, maxLength: 20 }),
          (steps, failures) =>
            // Never two in a row: a receiver that rarely accepts would exhaust the schedule.
            play(steps, [...failures.map((one, index) => one && index % 2 === 0), false]),
        ),
        // The search for a shorter failing history ends in time to report the one it has.
        { numRuns: 6, plugins: [fc.interruptAfterTimeLimit(300_000, { failOnInterrupt: true })] },
      );
    } finally {
      await database.drop();
    }
  });
});
