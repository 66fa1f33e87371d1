import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TestClock } from '../../test/harness/clock.ts';
import { createTestDatabase } from '../../test/harness/database.ts';
import type { TestDatabase } from '../../test/harness/database.ts';
import { connect } from '../db/pool.ts';
import type { Database, Queryable } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import { createProcesses } from './processes.ts';

let database: TestDatabase;
let db: Database;
before(async () => {
  database = await createTestDatabase();
  db = connect(database.url);
});
after(async () => {
  await db.close();
  await database.drop();
});

/** The pool, and a promise that resolves when a heartbeat is done. */
interface Watched {
  readonly db: Queryable;
  beaten(): Promise<void>;
  away: boolean;
}

function watched(): Watched {
  let waiting: (() => void)[] = [];
  const here: Watched = {
    away: false,
    beaten: () => new Promise<void>((resolve) => waiting.push(resolve)),
    db: {
      query: async (statement: Parameters<Queryable['query']>[0]) => {
        try {
          return here.away ? await Promise.reject(new Error('Connection terminated')) : await db.query(statement);
        } finally {
          const told = waiting;
          waiting = [];
          // After the caller has processed the result.
          setImmediate(() => told.forEach((resolve) => resolve()));
        }
      },
      execute: (statement: Parameters<Queryable['execute']>[0]) => db.execute(statement),
    } as Queryable,
  };
  return here;
}

test('processes count each other by role while they live, and stop counting when they stop', async () => {
  const clock = new TestClock();
  const [a, b] = [watched(), watched()];
  const first = createProcesses(a.db, clock, ['api', 'engine']);
  const second = createProcesses(b.db, clock, ['engine']);
  assert.equal(first.countOf('engine'), 1, 'only itself before its first heartbeat');
  const [stopFirst, stopSecond] = [new AbortController(), new AbortController()];
  const beatA = a.beaten();
  const runFirst = first.run(stopFirst.signal);
  await beatA;
  const beatB = b.beaten();
  const runSecond = second.run(stopSecond.signal);
  await beatB;
  assert.equal(second.countOf('engine'), 2);
  assert.equal(first.countOf('engine'), 1, 'no heartbeat since');
  const next = a.beaten();
  await clock.advance(5_000);
  await next;
  assert.deepEqual([first.countOf('api'), first.countOf('engine')], [1, 2]);

  a.away = true;
  const failed = a.beaten();
  await clock.advance(5_000);
  await failed;
  assert.equal(first.countOf('engine'), 2, 'the last known number while the database is unavailable');
  a.away = false;

  stopSecond.abort();
  await runSecond;
  const then = a.beaten();
  await clock.advance(5_000);
  await then;
  assert.equal(first.countOf('engine'), 1);
  stopFirst.abort();
  await runFirst;
  assert.deepEqual(await db.query(sql`SELECT id FROM processes`), []);
});

test('a killed process stops counting after 15 s, and its row is deleted after a minute', async () => {
  const clock = new TestClock();
  const here = watched();
  const alive = createProcesses(here.db, clock, ['api']);
  const seen = async (ago: string): Promise<number> => {
    await db.execute(
      sql`INSERT INTO processes (id, roles, seen_at) VALUES ('00000000-0000-4000-8000-000000000001', '{api}', now()) ON CONFLICT (id) DO NOTHING`,
    );
    await db.execute(
      sql`UPDATE processes SET seen_at = now() - ${ago}::interval WHERE id = '00000000-0000-4000-8000-000000000001'`,
    );
    const beat = here.beaten();
    await clock.advance(5_000);
    await beat;
    return alive.countOf('api');
  };
  const stop = new AbortController();
  const first = here.beaten();
  const running = alive.run(stop.signal);
  await first;
  assert.equal(await seen('10 seconds'), 2);
  assert.equal(await seen('16 seconds'), 1);
  assert.equal((await db.query(sql`SELECT id FROM processes`)).length, 2);
  assert.equal(await seen('61 seconds'), 1);
  assert.equal((await db.query(sql`SELECT id FROM processes`)).length, 1);
  stop.abort();
  await running;
});
