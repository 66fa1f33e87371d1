import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { TestClock } from './clock.ts';

test('advance fires due timers in order, each at its own time', async () => {
  const clock = new TestClock(0);
  const fired: [string, number][] = [];
  clock.setTimer(() => fired.push(['late', clock.now()]), 200);
  clock.setTimer(() => fired.push(['early', clock.now()]), 100);
  clock.setTimer(() => fired.push(['early, set second', clock.now()]), 100);
  clock.setTimer(() => fired.push(['never', clock.now()]), 301);
  await clock.advance(300);
  assert.deepEqual(fired, [
    ['early', 100],
    ['early, set second', 100],
    ['late', 200],
  ]);
  assert.equal(clock.now(), 300);
  assert.equal(clock.pending, 1);
});

test('a promise resolved by a timer settles before the next timer and may set another within the same advance', async () => {
  const clock = new TestClock(0);
  const seen: string[] = [];
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => void clock.setTimer(resolve, ms));
  const work = (async () => {
    await sleep(10);
    seen.push(`first at ${clock.now()}`);
    await sleep(10);
    seen.push(`second at ${clock.now()}`);
  })();
  clock.setTimer(() => seen.push(`other at ${clock.now()}`), 15);
  await clock.advance(30);
  await work;
  assert.deepEqual(seen, ['first at 10', 'other at 15', 'second at 20']);
});

test('a timer that is due now fires in the next turn of the event loop unless cleared before', async () => {
  const clock = new TestClock();
  let fired = 0;
  clock.setTimer(() => (fired += 1), 0);
  clock.setTimer(() => (fired += 1), -5);
  clock.clearTimer(clock.setTimer(() => assert.fail('fired'), 0));
  assert.equal(fired, 0);
  await setImmediate();
  assert.deepEqual([fired, clock.pending], [2, 0]);
});

test('a cleared timer does not fire', async () => {
  const clock = new TestClock();
  clock.clearTimer(clock.setTimer(() => assert.fail('fired'), 1));
  await clock.advance(10);
  assert.equal(clock.pending, 0);
});

test('a jump of the wall clock does not change the remaining delay of timers', async () => {
  const clock = new TestClock(1_000_000);
  const fired: number[] = [];
  clock.setTimer(() => fired.push(clock.now()), 100);
  clock.set(0);
  await clock.advance(99);
  assert.deepEqual(fired, []);
  await clock.advance(1);
  assert.deepEqual(fired, [100]);
});
