import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offsetOf } from './clock-offset.ts';

test('the offset is what a reading cannot explain: a slow answer is not a wrong clock', () => {
  assert.equal(offsetOf(1_000, 1_200, 1_500), 0);
  assert.equal(offsetOf(1_000, 1_000, 1_000), 0);
  assert.equal(offsetOf(61_000, 1_000, 61_200), 60_000, 'ahead of the database');
  assert.equal(offsetOf(1_000, 61_200, 1_200), -60_000, 'behind it');
});
