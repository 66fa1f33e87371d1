import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dayMs } from '../../base/clock.ts';
import { fullUntil } from './full-mailboxes.ts';

const day = (count: number): number => Date.UTC(2026, 0, 5) + count * dayMs;

describe('until when nothing is sent to a mailbox that was full', () => {
  for (const [what, times, now, expected] of [
    ['never full', [], 0, undefined],
    ['twice', [0, 1], 1, undefined],
    ['three times within 14 days, in any order', [14, 0, 7], 14, 44],
    ['three times within more than 14 days', [0, 7, 15], 15, undefined],
    ['again during the rest', [0, 7, 14, 20], 21, 50],
    ['once more, long after', [0, 1, 2, 30], 30, 32],
    ['30 days ago', [0, 7, 14], 44, undefined],
    ['in the future of the clock', [0, 7, 14], 13, undefined],
  ] as const)
    test(what, () =>
      assert.equal(fullUntil(times.map(day), day(now)), expected === undefined ? undefined : day(expected)),
    );
});
