import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hourMs } from '../../base/clock.ts';
import { bands } from '../health/index.ts';
import { capOf, holdOf, strategies, strategyNames } from './ramp.ts';
import type { Conditions } from './ramp.ts';

const nowMs = Date.UTC(2026, 0, 5, 12);
const ordinary: Conditions = { nowMs, band: 'healthy', bandSinceMs: 0, isWeekend: false, isReleased: false };
const ramp = { strategy: 'normal', target: 40, day: 9 } as const;

test('the volume of each strategy begins and grows as it says, up to the target', () => {
  const volumes = (strategy: (typeof strategyNames)[number]) =>
    [0, 1, 2, 100].map((day) => capOf({ strategy, target: strategies[strategy].target, day }, ordinary).messages);
  assert.deepEqual(volumes('gentle'), [3, 3, 4, 20]);
  assert.deepEqual(volumes('normal'), [5, 6, 7, 40]);
  assert.deepEqual(volumes('fast'), [10, 12, 14, 50]);
});

test('weekends and trouble cut the volume, each with its reason', () => {
  const cap = (more: Partial<Conditions>) => {
    const { messages, reason } = capOf(ramp, { ...ordinary, ...more });
    return [messages, reason];
  };
  assert.deepEqual(cap({}), [14, 'ramp']);
  assert.deepEqual(cap({ isWeekend: true }), [4, 'weekend']);
  assert.deepEqual(cap({ band: 'watch' }), [7, 'watch']);
  const quarantine = { band: 'quarantine', bandSinceMs: nowMs - 47 * hourMs } as const;
  assert.deepEqual(cap(quarantine), [0, 'quarantine']);
  assert.deepEqual(cap({ ...quarantine, bandSinceMs: nowMs - 48 * hourMs }), [3, 'probation']);
  assert.deepEqual(cap({ band: 'blocked' }), [0, 'blocked']);
  assert.deepEqual(cap({ band: 'blocked', isReleased: true }), [3, 'probation']);
});

test('a day does not count after trouble, or when nothing was sent', () => {
  const day = { sent: 10, bounced: 0, deferred: 0, inboxed: 10, spam: 0, band: 'healthy' } as const;
  assert.equal(holdOf(day), null);
  assert.equal(holdOf({ ...day, sent: 0 }), 'nothing_sent');
  assert.equal(holdOf({ ...day, band: 'watch' }), 'health');
  assert.equal(holdOf({ ...day, inboxed: 7, spam: 2 }), 'spam_placement');
  assert.equal(holdOf({ ...day, inboxed: 3, spam: 1 }), null);
  assert.equal(holdOf({ ...day, deferred: 3 }), 'deferrals');
  assert.equal(holdOf({ ...day, bounced: 3 }), 'bounces');
  assert.equal(holdOf({ ...day, sent: 0, bounced: 3 }), 'bounces');
  assert.equal(holdOf({ ...day, bounced: 2 }), null);
  assert.equal(holdOf({ ...day, sent: 100, bounced: 4 }), null);
});

test('the volume never falls with the day or exceeds the target, and a worse band or a weekend never raises it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...strategyNames),
      fc.integer({ min: 1, max: 100 }),
      fc.nat(200),
      fc.constantFrom(...bands),
      fc.nat(100),
      fc.boolean(),
      fc.boolean(),
      (strategy, target, day, band, hours, isWeekend, isReleased) => {
        const at = { nowMs, band, bandSinceMs: nowMs - hours * hourMs, isWeekend, isReleased };
        const cap = (on: number, more: Partial<Conditions> = {}) =>
          capOf({ strategy, target, day: on }, { ...at, ...more }).messages;
        assert.ok(cap(day) <= cap(day + 1) && cap(day) <= target && cap(day) >= 0);
        assert.ok(cap(day, { isWeekend: true }) <= cap(day, { isWeekend: false }));
        for (const [index, worse] of bands.entries())
          for (const better of bands.slice(0, index))
            assert.ok(
              cap(day, { band: worse, bandSinceMs: nowMs, isReleased: false }) <=
                cap(day, { band: better, bandSinceMs: nowMs }),
            );
      },
    ),
    { numRuns: 200 },
  );
});
