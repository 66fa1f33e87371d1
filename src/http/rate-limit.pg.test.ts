import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { TestClock } from '../../test/harness/clock.ts';
import { createTestDatabase } from '../../test/harness/database.ts';
import type { TestDatabase } from '../../test/harness/database.ts';
import { connect } from '../db/pool.ts';
import type { Database, Queryable } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import { minuteMs } from '../base/clock.ts';
import { createRateLimiter } from './rate-limit.ts';
import type { Decision, RateLimiter } from './rate-limit.ts';

let database: TestDatabase;
let db: Database;
before(async () => {
  database = await createTestDatabase();
  db = connect(database.url, { max: 8 });
});
after(async () => {
  await db.close();
  await database.drop();
});

/** The pool, and a promise that resolves when it has no running statement. */
function watched(): { db: Queryable; settled(): Promise<void>; asked: number } {
  const asking = new Set<Promise<unknown>>();
  const here = {
    asked: 0,
    db: {
      query: (statement: Parameters<Queryable['query']>[0]) => {
        here.asked += 1;
        const rows = db.query(statement);
        asking.add(rows);
        return rows.finally(() => asking.delete(rows));
      },
      execute: (statement: Parameters<Queryable['execute']>[0]) => db.execute(statement),
    } as Queryable,
    async settled() {
      while (asking.size > 0) await Promise.all(asking);
      // The effects of the results have happened, too.
      await setImmediate();
    },
  };
  return here;
}

let subjects = 0;
const subject = (): string => `subject ${(subjects += 1)}`;

const limiter = (clock: TestClock, count: number, over: Queryable = db): RateLimiter =>
  createRateLimiter({ db: over, clock, processes: () => count });

const takeMany = (
  from: RateLimiter,
  times: number,
  ...[who, limit, windowMs]: Parameters<RateLimiter['take']>
): Promise<Decision[]> => Promise.all(Array.from({ length: times }, async () => from.take(who, limit, windowMs)));

const allowed = (decisions: readonly Decision[]): number => decisions.filter((decision) => decision.allowed).length;

test('a single process grants exactly the limit in a window, and again in the next', async () => {
  for (const limit of [1, 2, 3, 7, 60, 999, 1_000, 5_000]) {
    const clock = new TestClock();
    const one = limiter(clock, 1);
    const who = subject();
    for (let window = 0; window < 3; window += 1) {
      assert.equal(
        allowed(await takeMany(one, limit + 50, who, limit, minuteMs)),
        limit,
        `limit ${limit}, window ${window}`,
      );
      await clock.advance(minuteMs);
    }
  }
});

test('for sequential requests, remaining counts down to 0 and reset is the end of the window', async () => {
  const clock = new TestClock(Date.UTC(2026, 0, 5, 9, 0, 30));
  const one = limiter(clock, 1);
  const who = subject();
  for (let used = 1; used <= 60; used += 1) {
    const decision = await one.take(who, 60, minuteMs);
    assert.deepEqual(decision, {
      allowed: true,
      limit: 60,
      remaining: 60 - used,
      resetAt: Date.UTC(2026, 0, 5, 9, 1) / 1_000,
      windowMs: 60_000,
    });
  }
  const refused = {
    allowed: false,
    limit: 60,
    remaining: 0,
    resetAt: Date.UTC(2026, 0, 5, 9, 1) / 1_000,
    windowMs: 60_000,
  };
  assert.deepEqual(await one.take(who, 60, minuteMs), refused);
  assert.deepEqual(one.take(who, 60, minuteMs), refused, 'refused from memory');
});

test('while shares last, requests are decided synchronously', async () => {
  const clock = new TestClock();
  const pool = watched();
  const one = limiter(clock, 1, pool.db);
  const who = subject();
  await one.take(who, 10_000, minuteMs);
  let waited = 0;
  for (let request = 0; request < 5_000; request += 1) {
    const decision = one.take(who, 10_000, minuteMs);
    if (decision instanceof Promise) waited += 1;
    assert.ok((await decision).allowed);
    // Half a share lasts for 125 requests: the next reservation may take that long.
    if (request % 100 === 0) await pool.settled();
  }
  assert.equal(waited, 0);
  assert.ok(pool.asked <= 24, `${pool.asked} reservations of a twentieth each for half of the quota`);
});

test('the sum over processes never exceeds the limit, and most of the limit is granted', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 2, max: 5 }),
      fc.array(
        fc.record({
          process: fc.nat(),
          requests: fc.integer({ min: 1, max: 80 }),
          passMs: fc.constantFrom(0, 0, 0, 1_000, 20_000),
        }),
        {
          minLength: 5,
          maxLength: 40,
        },
      ),
      async (limit, processes, steps) => {
        const clock = new TestClock();
        const pool = watched();
        const all = Array.from({ length: processes }, () => limiter(clock, processes, pool.db));
        const who = subject();
        const given = new Map<number, number>();
        const wanted = new Map<number, number>();
        for (const { process, requests, passMs } of steps) {
          // A pending share arrives before time passes; otherwise the database would count as unavailable.
          await pool.settled();
          await clock.advance(passMs);
          const window = Math.floor(clock.now() / minuteMs);
          const each = all[process % processes];
          assert.ok(each);
          // Another process reserves at the same time: both race for the row.
          const neighbour = all[(process + 1) % processes];
          assert.ok(neighbour);
          const decisions = (
            await Promise.all([
              takeMany(each, requests, who, limit, minuteMs),
              takeMany(neighbour, requests, who, limit, minuteMs),
            ])
          ).flat();
          given.set(window, (given.get(window) ?? 0) + allowed(decisions));
          wanted.set(window, (wanted.get(window) ?? 0) + decisions.length);
        }
        for (const [window, count] of given) {
          assert.ok(count <= limit, `${count} of ${limit} given`);
          // Refused only when everything but the shares of other processes is spent.
          const missed = Math.min(limit, wanted.get(window) ?? 0) - count;
          assert.ok(missed <= processes * Math.ceil(limit / 20), `${missed} of ${limit} refused too early`);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('processes that reserve the first share of a window at the same time do not get it twice', async () => {
  for (let round = 0; round < 40; round += 1) {
    const clock = new TestClock();
    const all = Array.from({ length: 8 }, () => limiter(clock, 8));
    const who = subject();
    const decisions = await Promise.all(all.map((each) => takeMany(each, 60, who, 40, minuteMs)));
    assert.ok(allowed(decisions.flat()) <= 40, `${allowed(decisions.flat())} of 40 given`);
  }
});

test('shares shrink towards the end, so that no process holds all of the rest', async () => {
  const clock = new TestClock();
  const [first, second] = [limiter(clock, 2), limiter(clock, 2)];
  const who = subject();
  await db.execute(
    sql`INSERT INTO rate_limit_windows (subject, window_start, taken) VALUES (${`${minuteMs}/${who}`}, ${new Date(clock.now())}, 900)`,
  );
  // 100 of 1,000 remain: half of this process's half is 25, then of 75 it is 19.
  assert.equal((await first.take(who, 1_000, minuteMs)).remaining, 1_000 - 925 + 24);
  assert.equal((await second.take(who, 1_000, minuteMs)).remaining, 1_000 - 944 + 18);
});

test('a single live process gets the whole quota, even if dead ones are still counted', async () => {
  const clock = new TestClock();
  const one = limiter(clock, 4);
  assert.equal(allowed(await takeMany(one, 1_100, subject(), 1_000, minuteMs)), 1_000);
});

test('windows of different lengths are counted separately, even if they start together', async () => {
  const clock = new TestClock(Date.UTC(2026, 0, 5, 9));
  const one = limiter(clock, 1);
  const who = subject();
  assert.equal(allowed(await takeMany(one, 150, who, 100, minuteMs)), 100);
  assert.equal(allowed(await takeMany(one, 1_100, who, 1_000, 60 * minuteMs)), 1_000);
  await clock.advance(minuteMs);
  assert.equal(allowed(await takeMany(one, 150, who, 100, minuteMs)), 100);
  assert.equal(allowed(await takeMany(one, 1, who, 1_000, 60 * minuteMs)), 0);
});

test('a higher limit applies immediately, within the same window', async () => {
  const clock = new TestClock();
  const one = limiter(clock, 1);
  const who = subject();
  assert.equal(allowed(await takeMany(one, 100, who, 60, minuteMs)), 60);
  assert.equal(allowed(await takeMany(one, 2_000, who, 1_000, minuteMs)), 940);
});

test('changing the limit within a window loses no quota, and a lower limit applies immediately', async () => {
  const clock = new TestClock();
  const one = limiter(clock, 1);
  const who = subject();
  for (const limit of [5_000, 60, 1_000, 5_000, 60])
    assert.ok((await one.take(who, limit, minuteMs)).allowed, `limit ${limit}`);
  assert.equal(allowed(await takeMany(one, 100, who, 60, minuteMs)), 55);
  assert.equal((await one.take(who, 5_000, minuteMs)).remaining, 5_000 - 61);
  assert.equal(allowed(await takeMany(one, 6_000, who, 5_000, minuteMs)), 5_000 - 61);
});

test('an unlimited quota is not counted, and its headers have a number that every client can read', async () => {
  const nowhere: Queryable = { query: () => assert.fail('asked'), execute: () => assert.fail('asked') };
  const clock = new TestClock(Date.UTC(2026, 0, 5, 9, 0, 30));
  const decision = limiter(clock, 1, nowhere).take('anyone', Infinity, minuteMs);
  assert.deepEqual(decision, {
    allowed: true,
    limit: 2_147_483_647,
    remaining: 2_147_483_647,
    resetAt: Date.UTC(2026, 0, 5, 9, 1) / 1_000,
    windowMs: 60_000,
  });
});

/** A database that can be made unavailable and available again. */
function fickle(): Queryable & { away: boolean | 'hanging' } {
  const here = {
    away: false as boolean | 'hanging',
    query: (statement: Parameters<Queryable['query']>[0]) => {
      if (here.away === 'hanging') return new Promise<never>(() => {});
      return here.away ? Promise.reject(new Error('Connection terminated unexpectedly')) : db.query(statement);
    },
    execute: (statement: Parameters<Queryable['execute']>[0]) => db.execute(statement),
  };
  return here as Queryable & { away: boolean | 'hanging' };
}

test('while the database is unavailable, each process grants its fair part and no request fails', async () => {
  const clock = new TestClock();
  const over = fickle();
  over.away = true;
  const first = limiter(clock, 2, over);
  const second = limiter(clock, 2, over);
  const who = subject();
  assert.equal(allowed(await takeMany(first, 1_000, who, 600, minuteMs)), 300);
  assert.equal(allowed(await takeMany(second, 1_000, who, 600, minuteMs)), 300);
});

test('requests granted without the database are counted when it is available again', async () => {
  const clock = new TestClock();
  const over = fickle();
  const first = limiter(clock, 2, over);
  const second = limiter(clock, 2, over);
  const who = subject();
  over.away = true;
  assert.equal(allowed(await takeMany(first, 250, who, 600, minuteMs)), 250);
  over.away = false;
  await clock.advance(1_001);
  const later =
    allowed(await takeMany(first, 1_000, who, 600, minuteMs)) +
    allowed(await takeMany(second, 1_000, who, 600, minuteMs));
  assert.ok(250 + later <= 600, `${250 + later} given out`);
  assert.ok(250 + later >= 600 - 30, `${250 + later} given out`);
});

test('a database that does not answer delays one request by a second', async () => {
  const clock = new TestClock();
  const over = fickle();
  over.away = 'hanging';
  const one = limiter(clock, 1, over);
  const who = subject();
  const decision = one.take(who, 600, minuteMs);
  assert.ok(decision instanceof Promise);
  await clock.advance(1_000);
  assert.equal((await decision).allowed, true);
  assert.equal(one.take(who, 600, minuteMs) instanceof Promise, false, 'the next ones have the share it lent itself');
});

test('past windows are deleted', async () => {
  const clock = new TestClock(Date.UTC(2026, 0, 5, 9));
  const one = limiter(clock, 1);
  const who = subject();
  await one.take(who, 60, minuteMs);
  const rows = async (): Promise<number> =>
    (
      await db.query(
        sql<{
          total: number;
        }>`SELECT count(*) AS total FROM rate_limit_windows WHERE subject = ${`${minuteMs}/${who}`}`,
      )
    )[0]?.total ?? -1;
  assert.equal(await rows(), 1);
  const removed = Promise.withResolvers<void>();
  const sweeping = createRateLimiter({
    db: {
      query: (statement) => db.query(statement),
      execute: async (statement) => {
        const count = await db.execute(statement);
        if (count > 0) removed.resolve();
        return count;
      },
    },
    clock,
    processes: () => 1,
  });
  const stop = new AbortController();
  const running = sweeping.run(stop.signal);
  clock.set(clock.now() + 3 * 60 * minuteMs);
  await clock.advance(minuteMs);
  await removed.promise;
  assert.equal(await rows(), 0);
  stop.abort();
  await running;
});
