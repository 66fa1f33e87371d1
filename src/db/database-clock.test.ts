import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestClock } from '../../test/harness/clock.ts';
import { createDatabaseClock } from './database-clock.ts';
import type { Queryable } from './pool.ts';
import { dayMs } from '../base/clock.ts';

const databaseMs = Date.UTC(2026, 0, 5, 9);

/** A machine whose clock is `skewMs` ahead of the database's, and a database that answers in the middle of a round trip of `tripMs`. */
function machine(skewMs: number) {
  const state = { elapsedMs: 1_000, tripMs: 4 };
  const system = new TestClock(databaseMs + skewMs);
  const clock = createDatabaseClock(system, () => state.elapsedMs);
  const database: Queryable = {
    query: <Row>() => {
      state.elapsedMs += state.tripMs / 2;
      const now = databaseMs + state.elapsedMs - 1_000;
      state.elapsedMs += state.tripMs / 2;
      return Promise.resolve([{ now }] as Row[]);
    },
    execute: () => Promise.resolve(0),
  };
  const errorMs = (): number => clock.now() - (databaseMs + state.elapsedMs - 1_000);
  return { state, system, clock, database, errorMs };
}

for (const skewMs of [-3_600_000, -60_000, 60_000, 3_600_000]) {
  test(`a machine whose clock is off by ${skewMs} ms uses the database's time, to within a round trip`, async () => {
    const { state, clock, database, errorMs } = machine(skewMs);
    assert.equal(errorMs(), skewMs);
    await clock.read(database);
    assert.ok(Math.abs(errorMs()) <= state.tripMs, `${errorMs()} ms`);
  });
}

test('a slow answer does not replace the more exact offset of a quick one', async () => {
  const { state, clock, database, errorMs } = machine(60_000);
  await clock.read(database);
  const before = errorMs();
  state.tripMs = 5_000;
  await clock.read(database);
  assert.equal(errorMs(), before);
});

test('changing the machine clock has no effect', async () => {
  const { system, clock, database } = machine(0);
  await clock.read(database);
  const before = clock.now();
  system.set(databaseMs + dayMs);
  assert.equal(clock.now(), before);
});
