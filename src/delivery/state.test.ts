import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queued, transitions, type DeliveryEvent, type DeliveryState } from './state.ts';

const states = Object.keys(transitions) as DeliveryState[];
const events = Object.keys(transitions.pending) as DeliveryEvent[];

/** Every state that can follow from `from`, in any number of steps, by events that `allowed` admits. */
function reachable(from: DeliveryState, allowed: (event: DeliveryEvent) => boolean): ReadonlySet<DeliveryState> {
  const found = new Set([from]);
  for (const state of found) {
    for (const event of events) {
      const next = allowed(event) ? transitions[state][event] : undefined;
      if (next !== undefined) found.add(next);
    }
  }
  return found;
}

test('a finished delivery comes back by a person alone', () => {
  for (const state of states.filter((one) => !queued[one])) {
    assert.deepEqual([...reachable(state, (event) => event !== 'requeued')], [state]);
    assert.equal(transitions[state].requeued, 'pending');
  }
});

test('from every state in the queue both ends can be reached, and from every state every other', () => {
  for (const state of states.filter((one) => queued[one])) {
    const ends = reachable(state, (event) => event !== 'requeued');
    assert.ok(ends.has('delivered') && ends.has('failed'));
  }
  for (const state of states) assert.equal(reachable(state, () => true).size, states.length);
});

test('what is held is sent again only when it is released', () => {
  assert.equal(reachable('held', (event) => event !== 'released' && event !== 'requeued').has('pending'), false);
});

test('an outcome ends an attempt alike, whether its endpoint was disabled meanwhile or not', () => {
  for (const outcome of ['succeeded', 'failed_for_good'] as const)
    assert.equal(transitions.held[outcome], transitions.pending[outcome]);
});
