import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dayMs, hourMs } from '../../base/clock.ts';
import { bands, health, newMailbox } from './health.ts';
import type { DayCounts, HealthInput } from './health.ts';

const nowMs = Date.UTC(2026, 0, 31, 12);
const none = { sent: 0, bounced: 0, complained: 0, inboxed: 0, spam: 0 };
const day = (ago: number, counts: Partial<DayCounts>): DayCounts => ({
  ...none,
  dayMs: nowMs - (nowMs % dayMs) - ago * dayMs,
  ...counts,
});
const of = (input: Partial<HealthInput>) =>
  health({ nowMs, days: [], authentication: null, connection: null, state: newMailbox(nowMs), ...input });
const allPass = { spf: true, dkim: true, dmarc: true };
const connected = { connectedMs: 7 * dayMs, ofMs: 7 * dayMs };
const valueOf = (parts: ReturnType<typeof of>['parts'], name: string) =>
  parts.find((part) => part.name === name)?.value;

test('H1: a part without enough data has no value and no weight', () => {
  const few = of({ days: [day(1, { sent: 49, inboxed: 19 })], authentication: allPass, connection: connected });
  assert.deepEqual(
    few.parts.map(({ name, value, sample }) => [name, value, sample]),
    [
      ['placement', null, 19],
      ['bounces', null, 49],
      ['complaints', null, 49],
      ['authentication', 1, 3],
      ['connection', 1, 168],
    ],
  );
  assert.equal(few.score, null);
  const enough = of({ days: [day(1, { sent: 50, inboxed: 20 })], authentication: allPass, connection: connected });
  assert.equal(valueOf(enough.parts, 'placement'), 1);
  assert.equal(valueOf(enough.parts, 'bounces'), 1);
});

test('H2: one message in spam of 20 is no alarm, eight of 20 are', () => {
  assert.equal(valueOf(of({ days: [day(1, { inboxed: 19, spam: 1 })] }).parts, 'placement'), 1);
  const many = of({ days: [day(1, { inboxed: 4, spam: 16 })] });
  assert.equal(valueOf(many.parts, 'placement'), 0);
  assert.equal(many.band, 'blocked');
  // 97 of 1,000: the lower bound is 8.0 %.
  assert.equal(valueOf(of({ days: [day(1, { sent: 1_000, bounced: 98 })] }).parts, 'bounces'), 0);
});

test('H3: the score is the mean of the present parts, and null below a weight of 40', () => {
  const placed = { inboxed: 20, sent: 20 };
  assert.equal(of({ days: [day(1, placed)], authentication: { ...allPass, dmarc: false } }).score, 91);
  assert.equal(of({ authentication: allPass, connection: connected }).score, null);
  const { score, weakest } = of({
    days: [day(1, { sent: 100 })],
    authentication: { spf: false, dkim: false, dmarc: false },
  });
  assert.equal(score, 70);
  assert.equal(weakest, 'authentication');
});

test('H4: the worst of the score and each rate decides the band', () => {
  const good = { inboxed: 200, sent: 3_000 };
  const bandWith = (counts: Partial<DayCounts>) =>
    of({ days: [day(1, { ...good, ...counts })], authentication: allPass, connection: connected }).band;
  assert.equal(bandWith({}), 'healthy');
  assert.equal(bandWith({ complained: 3 }), 'watch');
  assert.equal(bandWith({ complained: 8 }), 'quarantine');
  assert.equal(bandWith({ complained: 20 }), 'blocked');
  assert.equal(bandWith({ bounced: 150 }), 'healthy');
  assert.equal(bandWith({ bounced: 180 }), 'quarantine');
  assert.equal(bandWith({ bounced: 400 }), 'blocked');
  assert.equal(bandWith({ spam: 40 }), 'watch');
  assert.equal(of({}).band, null);
});

test('H4: a bound just below a limit does not reach it, one just above does', () => {
  const bandWith = (counts: Partial<DayCounts>) => of({ days: [day(1, counts)], authentication: allPass }).band;
  // 0.0998 % and 0.1004 % of complaints.
  assert.equal(bandWith({ inboxed: 177, sent: 177, complained: 1 }), 'watch');
  assert.equal(bandWith({ inboxed: 176, sent: 176, complained: 1 }), 'quarantine');
  // 20.005 % and 19.66 % of spam.
  assert.equal(bandWith({ inboxed: 115, spam: 41 }), 'quarantine');
  assert.equal(bandWith({ inboxed: 116, spam: 41 }), 'watch');
});

test('H2: without a single complaint, bounce and message in spam nothing is wrong, whatever the number of messages', () => {
  for (let sent = 100; sent <= 1_000; sent += 1) {
    const { score, weakest } = of({ days: [day(1, { sent, inboxed: sent })] });
    assert.deepEqual([score, weakest], [100, null], `${sent} messages`);
  }
});

test('H5: a worse band begins immediately', () => {
  const state = { band: 'healthy', sinceMs: nowMs - 1, countsFromMs: 0 } as const;
  const { band, state: next } = of({ days: [day(0, { inboxed: 1, spam: 30 })], state });
  assert.equal(band, 'blocked');
  assert.deepEqual(next, { band: 'blocked', sinceMs: nowMs, countsFromMs: 0 });
});

test('H6: a better band needs 48 hours and 20 messages, and forgets what was before', () => {
  const bad = day(5, { sent: 100, inboxed: 10, spam: 90 });
  const since = (hours: number) => ({ band: 'blocked', sinceMs: nowMs - hours * hourMs, countsFromMs: 0 }) as const;
  const good = (sent: number) => [bad, day(1, { sent, inboxed: sent })];
  assert.equal(of({ days: good(20), state: since(47) }).band, 'blocked');
  assert.equal(of({ days: good(19), state: since(72) }).band, 'blocked');
  const better = of({ days: good(20), state: since(72) });
  assert.equal(better.band, 'healthy');
  assert.equal(of({ days: good(20), state: better.state }).band, 'healthy');
  const bounced = [bad, day(1, { sent: 20, inboxed: 20, bounced: 5 })];
  assert.equal(of({ days: bounced, state: since(72) }).band, 'blocked');
});

test('H7: the day in which a window begins does not count', () => {
  const state = { band: 'watch', sinceMs: nowMs - 2 * dayMs, countsFromMs: 0 } as const;
  assert.equal(of({ days: [day(2, { sent: 30, inboxed: 30 })], state }).band, 'watch');
  assert.equal(of({ days: [day(1, { sent: 30, inboxed: 30 })], state }).band, 'healthy');
});

const counts = fc.record({
  sent: fc.nat(200),
  bounced: fc.nat(20),
  complained: fc.nat(2),
  inboxed: fc.nat(40),
  spam: fc.nat(20),
});

test('H6: no band gets better within 48 hours of its last change, whatever happens', () => {
  fc.assert(
    fc.property(fc.array(counts, { minLength: 30, maxLength: 60 }), (all) => {
      let state = newMailbox(nowMs);
      const days: DayCounts[] = [];
      for (const [index, one] of all.entries()) {
        const startMs = nowMs - (nowMs % dayMs) + index * dayMs;
        days.push({ ...one, bounced: Math.min(one.bounced, one.sent), dayMs: startMs });
        for (const hour of [1, 9, 17]) {
          const at = {
            nowMs: startMs + hour * hourMs,
            days: days.slice(-31),
            authentication: allPass,
            connection: null,
          };
          const next = health({ ...at, state });
          if (state.band !== null && bands.indexOf(next.state.band ?? 'healthy') < bands.indexOf(state.band))
            assert.ok(at.nowMs - state.sinceMs >= 48 * hourMs);
          // The same call again changes nothing.
          assert.deepEqual(health({ ...at, state: next.state }).state, next.state);
          state = next.state;
        }
      }
    }),
    { numRuns: 25 },
  );
});

test('H2: a message in spam in place of the inbox never raises the score', () => {
  fc.assert(
    fc.property(fc.array(counts, { minLength: 1, maxLength: 7 }), (all) => {
      const days = all.map((one, index) => day(index, one));
      const worse = days.map((one) => ({
        ...one,
        inboxed: Math.max(0, one.inboxed - 1),
        spam: one.spam + Math.min(1, one.inboxed),
      }));
      const [first, second] = [days, worse].map((some) => of({ days: some, authentication: allPass }).score ?? 0);
      assert.ok((second ?? 0) <= (first ?? 0));
    }),
    { numRuns: 300 },
  );
});
