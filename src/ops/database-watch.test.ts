import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Logger } from '../base/log.ts';
import type { Queryable } from '../db/pool.ts';
import { TestClock } from '../../test/harness/clock.ts';
import { createDatabaseWatch } from './database-watch.ts';

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

test('an outage is one line at its start, one each minute and one at its end', async () => {
  const clock = new TestClock();
  const lines: [awayMs: number | undefined, line: string][] = [];
  const line = ({ away_ms }: { away_ms?: number }, text: string): void => void lines.push([away_ms, text]);
  const watch = createDatabaseWatch({ clock, log: { warn: line, error: line } as unknown as Logger });
  let isAway = true;
  const db = { query: () => (isAway ? Promise.reject(refused) : Promise.resolve([])) } as unknown as Queryable;
  const stop = new AbortController();
  const running = watch.run(db, stop.signal);
  const advance = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) await clock.advance(1_000);
  };

  for (let times = 0; times < 5; times += 1) watch.failed(refused, 'claiming');
  await advance(150);
  isAway = false;
  await advance(3);
  watch.failed(refused, 'claiming');
  await advance(1);
  stop.abort();
  await running;
  assert.deepEqual(lines, [
    [undefined, 'the database is unavailable: requests answer 503, deliveries wait'],
    [60_000, 'the database is still unavailable'],
    [120_000, 'the database is still unavailable'],
    [151_000, 'the database is available again'],
    [undefined, 'a database connection or statement failed; it is retried'],
  ]);
});
