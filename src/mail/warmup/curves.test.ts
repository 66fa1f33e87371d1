/** 60 days of 30 mailboxes that warm up, on the rules alone: a provider puts a share of their messages into spam. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayMs, hourMs } from '../../base/clock.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import { bands, health, newMailbox } from '../health/index.ts';
import type { Band, DayCounts, Totals } from '../health/index.ts';
import { governed } from './day.ts';
import { defaults, noTotals } from './warmup.ts';
import type { Milestone, Warmup } from './warmup.ts';

/** A Monday. */
const startMs = Date.UTC(2026, 0, 5);
const dayCount = 60;
const allPass = { spf: true, dkim: true, dmarc: true };

/** What one mailbox did on a day. */
interface Day {
  readonly index: number;
  readonly weekday: number;
  readonly cap: number;
  readonly sent: number;
  readonly rampDay: number;
  readonly band: Band | null;
}

/** The same numbers at every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** A mailbox whose warm-up begins. */
const begun: Warmup = {
  ...defaults,
  enabled: true,
  mailbox_id: 'mailbox' as MailboxId,
  organization_id: 'organization' as OrganizationId,
  paused: false,
  started_at: null,
  stopped_at: null,
  released_at: null,
  ramp_day: 0,
  day_started_at: null,
  hold: null,
  cap: null,
  cap_reason: null,
  base: null,
  day_base: null,
  milestones: {},
  due_at: null,
};

/** @param spamOf the share that the provider puts into spam on a day */
function warmUp(seed: number, spamOf: (day: number) => number): { days: Day[]; milestones: Map<Milestone, number> } {
  const random = numbers(seed);
  const counts: DayCounts[] = [];
  const days: Day[] = [];
  const milestones = new Map<Milestone, number>();
  let totals: Totals = noTotals;
  let state = newMailbox(startMs);
  let row = begun;
  let score: number | null = null;
  const govern = (nowMs: number, bandBefore: Band | null): void => {
    const standing = { score, band: state.band, sinceMs: state.sinceMs };
    const after = governed(row, { nowMs, timezone: 'Etc/UTC', standing, bandBefore, totals });
    row = after.row;
    for (const { milestone } of after.reached) milestones.set(milestone, Math.floor((nowMs - startMs) / dayMs));
  };
  for (let index = 0; index < dayCount; index += 1) {
    const midnightMs = startMs + index * dayMs;
    // A person looks at blocked mailboxes once.
    if (index === 32 && state.band === 'blocked') row = { ...row, released_at: new Date(midnightMs) };
    govern(midnightMs, state.band);
    let today = { dayMs: midnightMs, sent: 0, bounced: 0, complained: 0, inboxed: 0, spam: 0 };
    const cap = row.cap ?? 0;
    // One message after another: the budget is read again before each, as the claim does it, and each is found at once.
    while (today.sent < (row.cap ?? 0)) {
      const nowMs = midnightMs + 9 * hourMs + today.sent * 60_000;
      const isSpam = random() < spamOf(index);
      today = {
        ...today,
        sent: today.sent + 1,
        [isSpam ? 'spam' : 'inboxed']: (isSpam ? today.spam : today.inboxed) + 1,
      };
      totals = {
        ...totals,
        sent: totals.sent + 1,
        inboxed: totals.inboxed + (isSpam ? 0 : 1),
        spam: totals.spam + (isSpam ? 1 : 0),
      };
      const before = state.band;
      const measured = health({
        nowMs,
        days: [...counts.slice(-31), today],
        authentication: allPass,
        connection: { connectedMs: 7 * dayMs, ofMs: 7 * dayMs },
        state,
      });
      ({ state, score } = measured);
      govern(nowMs, before);
    }
    counts.push(today);
    days.push({
      index,
      weekday: (index % 7) + 1,
      cap,
      sent: today.sent,
      rampDay: row.ramp_day,
      band: state.band,
    });
  }
  return { days, milestones };
}

const many = (spamOf: (day: number) => number, seed: number) =>
  Array.from({ length: 10 }, (_, n) => warmUp(seed + n, spamOf));
const sum = (days: readonly Day[]): number => days.reduce((total, { sent }) => total + sent, 0);
const mean = (all: readonly { readonly days: readonly Day[] }[]): number =>
  all.reduce((total, { days }) => total + sum(days), 0) / all.length;
const rank = (band: Band | null): number => bands.indexOf(band ?? 'healthy');

const clean = many(() => 0, 1);
const worse = many((day) => (day >= 20 && day < 30 ? 0.5 : 0.02), 100);
const poor = many(() => 0.3, 1_000);

test('without spam the volume grows by one a day to the target, and is 30 % on weekends', () => {
  for (const { days, milestones } of clean) {
    for (const { index, weekday, cap, sent } of days) {
      const ramp = Math.min(40, 5 + index);
      assert.equal(cap, weekday > 5 ? Math.floor(ramp * 0.3) : ramp);
      assert.equal(sent, cap);
    }
    assert.deepEqual(
      [...milestones].filter(([name]) => name !== 'health_90'),
      [
        ['first_inbox', 0],
        ['day_7', 7],
        ['sent_100', 11],
        ['day_14', 14],
        ['day_30', 30],
        ['sent_500', 30],
        ['target_reached', 35],
      ],
    );
  }
});

test('when half of the messages begin to arrive in spam, the volume is cut within days and recovers after', () => {
  for (const { days } of worse) {
    assert.ok(
      days.slice(0, 20).every(({ band }) => rank(band) === 0),
      'healthy before',
    );
    const worseOn = (least: Band): number =>
      days.find(({ index, band }) => index >= 20 && rank(band) >= rank(least))?.index ?? 99;
    const watched = worseOn('watch');
    assert.ok(watched <= 22 && worseOn('quarantine') <= 28, `watched on day ${watched}, ${worseOn('quarantine')}`);
    // Without trouble, 232 are sent in these ten days.
    assert.ok(sum(days.slice(20, 30)) <= 90 && sum(days.slice(watched + 1, 30)) <= 60);
    const last = days.at(-1);
    assert.ok(last?.band === 'healthy' && last.cap >= 30, `${last?.cap} messages, ${last?.band}`);
  }
  assert.ok(mean(worse) > mean(clean) / 2 && mean(worse) < mean(clean) * 0.75, `${mean(worse)} of ${mean(clean)}`);
});

test('with 30 % in spam the ramp never reaches its target, and far less is sent than without', () => {
  for (const { days, milestones } of poor) {
    assert.equal(milestones.get('target_reached'), undefined);
    assert.ok(Math.max(...days.map(({ cap }) => cap)) < 20);
  }
  assert.ok(mean(poor) < mean(clean) / 4, `${mean(poor)} of ${mean(clean)}`);
});

test('on no day is more sent than the ramp allows, and nothing in the first two days of a quarantine', () => {
  for (const { days } of [...clean, ...worse, ...poor])
    for (const { index, sent, rampDay } of days) {
      assert.ok(sent <= Math.min(40, 5 + rampDay), `${sent} on day ${index}`);
      const [one, two, three] = [days[index - 2], days[index - 1], days[index]];
      if (one?.band !== 'quarantine' && two?.band === 'quarantine') assert.equal(three?.sent, 0, `day ${index}`);
    }
});

test('a mailbox that recovers without a known score has none in its milestone', () => {
  const reached = (score: number | null) =>
    governed(begun, {
      nowMs: startMs,
      timezone: 'Etc/UTC',
      standing: { score, band: 'healthy', sinceMs: startMs },
      bandBefore: 'quarantine',
      totals: noTotals,
    }).reached;
  assert.deepEqual(reached(null), [{ milestone: 'recovered', value: null }]);
  assert.deepEqual(reached(85), [{ milestone: 'recovered', value: 85 }]);
});
