import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestClock } from '../../test/harness/clock.ts';
import { createBell } from './wake-signal.ts';

test('a rest ends with its time, or with a ring, and leaves no timer', async () => {
  const clock = new TestClock(0);
  const bell = createBell(clock);
  const first = bell.rest(100).then(() => clock.now());
  await clock.advance(150);
  assert.equal(await first, 100);
  const second = bell.rest(100);
  bell.ring();
  await second;
  assert.equal(clock.pending, 0);
});

test('a ring before the rest is kept, once', async () => {
  const clock = new TestClock(0);
  const bell = createBell(clock);
  bell.ring();
  bell.ring();
  await bell.rest(100);
  assert.equal(clock.pending, 0);
  const next = bell.rest(100);
  assert.equal(clock.pending, 1);
  await clock.advance(100);
  await next;
});

test('no time is no rest', async () => {
  const clock = new TestClock(0);
  await createBell(clock).rest(0);
  await createBell(clock).rest(-5);
  assert.equal(clock.pending, 0);
});
