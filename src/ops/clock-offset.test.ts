import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestClock } from '../../test/harness/clock.ts';
import { createDatabaseClock } from '../db/database-clock.ts';
import type { Queryable } from '../db/pool.ts';
import { createClockOffset } from './clock-offset.ts';

/** The offset measured when a reading begins and ends at these times of the machine, and the database answers with its own time. */
async function offsetOf(beforeMs: number, databaseMs: number, afterMs: number): Promise<number> {
  const systemClock = new TestClock(beforeMs);
  const db: Queryable = {
    query: <Row>() => {
      systemClock.set(afterMs);
      return Promise.resolve([{ now: databaseMs }] as Row[]);
    },
    execute: () => Promise.resolve(0),
  };
  const databaseClock = createDatabaseClock(systemClock, systemClock.now);
  const offset = createClockOffset({ db, databaseClock, systemClock, log: { error: () => {}, warn: () => {} } });
  await offset.measure();
  return offset.offsetMs;
}

test('the offset is the part of a difference that the round trip cannot explain: a slow answer is not a wrong clock', async () => {
  assert.equal(await offsetOf(1_000, 1_200, 1_500), 0);
  assert.equal(await offsetOf(1_000, 1_000, 1_000), 0);
  assert.equal(await offsetOf(61_000, 1_000, 61_200), 60_000, 'ahead of the database');
  assert.equal(await offsetOf(1_000, 61_200, 1_200), -60_000, 'behind the database');
});
