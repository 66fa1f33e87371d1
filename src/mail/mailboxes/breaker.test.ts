import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minuteMs } from '../../base/clock.ts';
import { afterHostFailures } from './breaker.ts';

const fresh = { failures: 0, openUntilMs: null };

test('the fifth failure opens the breaker for five minutes, and begins an outage', () => {
  let state = fresh as ReturnType<typeof afterHostFailures>['state'];
  for (let count = 1; count <= 4; count += 1) {
    const after = afterHostFailures(state, 1, count);
    assert.deepEqual(after, { state: { failures: count, openUntilMs: null }, began: false });
    ({ state } = after);
  }
  assert.deepEqual(afterHostFailures(state, 1, 5), {
    state: { failures: 5, openUntilMs: 5 + 5 * minuteMs },
    began: true,
  });
  assert.deepEqual(afterHostFailures(fresh, 200, 5).state, { failures: 5, openUntilMs: 5 + 5 * minuteMs });
});

test('failures while it is open change nothing; one after it opens it again, in the same outage', () => {
  const { state } = afterHostFailures(fresh, 5, 0);
  assert.deepEqual(afterHostFailures(state, 3, minuteMs), { state, began: false });
  assert.deepEqual(afterHostFailures(state, 1, 5 * minuteMs), {
    state: { failures: 5, openUntilMs: 10 * minuteMs },
    began: false,
  });
});
