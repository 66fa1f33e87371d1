import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { TestClock } from '../../test/harness/clock.ts';
import type { Notice } from './bus.ts';
import { createJobRunner } from './jobs.ts';
import type { JobRunnerOptions } from './jobs.ts';

const second = 1_000;
const hour = 3_600 * second;

/** A runner that starts at second 0, with jobs that fall due at these times. `looks`: when it looked for a due job. */
function running(
  context: TestContext,
  { dueMs = [], chunk }: { dueMs?: readonly number[]; chunk?: JobRunnerOptions['chunk'] } = {},
) {
  const clock = new TestClock(0);
  const looks: number[] = [];
  const errors: unknown[] = [];
  const stop = new AbortController();
  const listeners: ((notice: Notice | undefined) => void)[] = [];
  const runner = createJobRunner({
    bus: { subscribe: (listener) => listeners.push(listener) },
    clock,
    chunk: async (nowMs, signal) => {
      looks.push(nowMs);
      return (await chunk?.(nowMs, signal)) ?? false;
    },
    nextDue: async (nowMs) => dueMs.find((each) => each > nowMs),
    onError: (error) => errors.push(error),
  });
  let ended = false;
  void runner.run(stop.signal).then(() => (ended = true));
  context.after(() => stop.abort());
  return {
    clock,
    looks,
    errors,
    stop,
    ended: () => ended,
    wake: runner.wake,
    tell: (notice: Notice | undefined) => listeners.forEach((listener) => listener(notice)),
  };
}

describe('the job runner', () => {
  test('processes chunks as long as a job is due', async (context) => {
    let left = 3;
    const { clock, looks } = running(context, { chunk: async () => left-- > 0 });
    await clock.advance(0);
    assert.deepEqual(looks, [0, 0, 0, 0]);
  });

  test('waits a second after an error, then continues', async (context) => {
    const error = new Error('the database is away');
    let failures = 2;
    const { clock, looks, errors } = running(context, {
      chunk: async () => (failures-- > 0 ? Promise.reject(error) : false),
    });
    await clock.advance(second - 1);
    assert.deepEqual(looks, [0]);
    await clock.advance(second + 1);
    assert.deepEqual(looks, [0, second, 2 * second]);
    assert.deepEqual(errors, [error, error]);
  });

  test('checks again after 30 seconds without a notice, even if nothing is due until later', async (context) => {
    for (const dueMs of [[], [hour]]) {
      const { clock, looks } = running(context, { dueMs });
      await clock.advance(30 * second - 1);
      assert.deepEqual(looks, [0]);
      await clock.advance(1);
      assert.deepEqual(looks, [0, 30 * second]);
    }
  });

  test('waits until the next job is due', async (context) => {
    const { clock, looks } = running(context, { dueMs: [5 * second, 12 * second] });
    await clock.advance(5 * second - 1);
    assert.deepEqual(looks, [0]);
    await clock.advance(7 * second + 1);
    assert.deepEqual(looks, [0, 5 * second, 12 * second]);
  });

  test('checks immediately for a job that fell due during a check, and subtracts the time of the check from its wait', async (context) => {
    const chunk = Promise.withResolvers<boolean>();
    const { clock, looks } = running(context, { dueMs: [second, 10 * second], chunk: () => chunk.promise });
    await clock.advance(2 * second);
    chunk.resolve(false);
    await clock.advance(8 * second);
    assert.deepEqual(looks, [0, 2 * second, 10 * second]);
  });

  test('remembers one wake-up that arrives during a chunk', async (context) => {
    const chunk = Promise.withResolvers<boolean>();
    const { clock, looks, wake } = running(context, { chunk: () => chunk.promise });
    wake();
    wake();
    chunk.resolve(false);
    await clock.advance(second);
    assert.deepEqual(looks, [0, 0]);
  });

  test('is woken by wake(), by a notice without endpoints and after missed notices, and by nothing else', async (context) => {
    const { clock, looks, wake, tell } = running(context);
    const others: readonly Notice[] = [
      { kind: 'endpoints' },
      { kind: 'keys' },
      { kind: 'event_types', organizationId: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22' },
      { kind: 'due', endpoints: ['0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c23'] },
    ];
    await clock.advance(1);
    for (const notice of others) tell(notice);
    await clock.advance(1);
    assert.deepEqual(looks, [0]);
    for (const ring of [wake, () => tell({ kind: 'due', endpoints: [] }), () => tell(undefined)]) {
      ring();
      await clock.advance(1);
    }
    assert.deepEqual(looks, [0, 2, 3, 4]);
  });

  test('an abort ends a wait and leaves no timer', async (context) => {
    const { clock, looks, stop, ended } = running(context);
    await clock.advance(second);
    assert.deepEqual([ended(), clock.pending], [false, 1]);
    stop.abort();
    await clock.advance(0);
    assert.deepEqual([ended(), clock.pending], [true, 0]);
    assert.deepEqual(looks, [0]);
  });

  test('an abort during a chunk lets it finish and starts no other', async (context) => {
    const chunk = Promise.withResolvers<boolean>();
    const results = [chunk.promise];
    const { clock, looks, stop, ended } = running(context, { chunk: async () => results.shift() ?? false });
    stop.abort();
    await clock.advance(0);
    assert.equal(ended(), false);
    chunk.resolve(true);
    await clock.advance(0);
    assert.equal(ended(), true);
    assert.deepEqual(looks, [0]);
  });
});
