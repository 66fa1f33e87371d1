import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestClock } from '../../../test/harness/clock.ts';
import { Deadlines } from './deadlines.ts';
import type { Expiring } from './deadlines.ts';

const item = (onDeadline: () => void): Expiring => ({ onDeadline });

test('calls each item once, between its deadline and a bucket later', async () => {
  const clock = new TestClock(1_000_037);
  const deadlines = new Deadlines(clock, 100);
  const start = clock.now();
  const called: (readonly [number, number])[] = [];
  for (const delayMs of [0, 1, 99, 100, 101, 250, 4_999, 15_000]) {
    deadlines.add(
      item(() => called.push([delayMs, clock.now() - start])),
      delayMs,
    );
  }
  await clock.advance(60_000);
  assert.deepEqual(
    called.map(([delayMs]) => delayMs),
    [0, 1, 99, 100, 101, 250, 4_999, 15_000],
  );
  for (const [delayMs, calledMs] of called)
    assert.ok(calledMs >= delayMs && calledMs <= delayMs + 100, `${delayMs} ms was met at ${calledMs} ms`);
});

test('all items share one timer, and there is none while nothing is pending', async () => {
  const clock = new TestClock();
  const deadlines = new Deadlines(clock);
  assert.equal(clock.pending, 0);
  const items = Array.from({ length: 1_000 }, () => item(() => assert.fail('called')));
  const buckets = items.map((one, index) => deadlines.add(one, index));
  assert.equal(clock.pending, 1);
  for (const [index, one] of items.entries()) deadlines.remove(one, buckets[index] ?? -1);
  await clock.advance(100);
  assert.equal(clock.pending, 0);
});

test('an item removed in the callback of another one of the same bucket is not called', async () => {
  const clock = new TestClock();
  const deadlines = new Deadlines(clock);
  const second = item(() => assert.fail('called'));
  deadlines.add(
    item(() => deadlines.remove(second, bucket)),
    50,
  );
  const bucket = deadlines.add(second, 50);
  await clock.advance(200);
});

test('an item added in a callback is called at its deadline', async () => {
  const clock = new TestClock();
  const deadlines = new Deadlines(clock);
  const start = clock.now();
  const called: number[] = [];
  deadlines.add(
    item(() => {
      deadlines.add(
        item(() => called.push(clock.now() - start)),
        500,
      );
    }),
    300,
  );
  await clock.advance(2_000);
  assert.deepEqual(called, [800]);
});

test('setting the wall clock forward or back neither shortens nor extends a deadline', async () => {
  for (const jumpMs of [3_600_000, -3_600_000]) {
    const clock = new TestClock();
    const deadlines = new Deadlines(clock);
    let called = false;
    deadlines.add(
      item(() => {
        called = true;
      }),
      15_000,
    );
    await clock.advance(5_000);
    clock.set(clock.now() + jumpMs);
    await clock.advance(8_000);
    assert.equal(called, false);
    await clock.advance(2_300);
    assert.equal(called, true);
  }
});

test('close stops the timer', () => {
  const clock = new TestClock();
  const deadlines = new Deadlines(clock);
  deadlines.add(
    item(() => assert.fail('called')),
    10,
  );
  deadlines.close();
  assert.equal(clock.pending, 0);
});
