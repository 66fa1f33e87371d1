import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestClock } from '../../test/harness/clock.ts';
import { createWakeSignal } from './wake-signal.ts';

test('a wait ends after its time or on a wake-up, and leaves no timer', async () => {
  const clock = new TestClock(0);
  const signal = createWakeSignal(clock);
  const first = signal.wait(100).then(() => clock.now());
  await clock.advance(150);
  assert.equal(await first, 100);
  const second = signal.wait(100);
  signal.wake();
  await second;
  assert.equal(clock.pending, 0);
});

test('a wake-up sent before the wait is remembered, once', async () => {
  const clock = new TestClock(0);
  const signal = createWakeSignal(clock);
  signal.wake();
  signal.wake();
  await signal.wait(100);
  assert.equal(clock.pending, 0);
  const next = signal.wait(100);
  assert.equal(clock.pending, 1);
  await clock.advance(100);
  await next;
});

test('a wait of no time returns immediately', async () => {
  const clock = new TestClock(0);
  await createWakeSignal(clock).wait(0);
  await createWakeSignal(clock).wait(-5);
  assert.equal(clock.pending, 0);
});
