import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queued, transitions, type DeliveryEvent, type DeliveryState } from './state.ts';

const states = Object.keys(transitions) as DeliveryState[];
const events = Object.keys(transitions.pending) as DeliveryEvent[];

/** Every state that can be reached from `from` in any number of steps, by events that `allowed` accepts. */
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

test("a finished delivery returns to the queue only by a person's request", () => {
  for (const state of states.filter((one) => !queued[one])) {
    assert.deepEqual([...reachable(state, (event) => event !== 'requeued')], [state]);
    assert.equal(transitions[state].requeued, 'pending');
  }
});

test('from every state in the queue both final states can be reached, and from every state every other one', () => {
  for (const state of states.filter((one) => queued[one])) {
    const ends = reachable(state, (event) => event !== 'requeued');
    assert.ok(ends.has('delivered') && ends.has('failed'));
  }
  for (const state of states) assert.equal(reachable(state, () => true).size, states.length);
});

test('a held delivery is sent only after its release', () => {
  assert.equal(reachable('held', (event) => event !== 'released' && event !== 'requeued').has('pending'), false);
});

test('an outcome has the same effect whether or not its endpoint was disabled in the meantime', () => {
  for (const outcome of ['succeeded', 'failedPermanently'] as const)
    assert.equal(transitions.held[outcome], transitions.pending[outcome]);
});
