import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dayMs, hourMs, minuteMs } from '../../base/clock.ts';
import { localDay, nextOpen } from './calendar.ts';
import { gapAfter, plan } from './plan.ts';
import type { Purpose, Snapshot, Uses, Waiting } from './plan.ts';

const seed = Buffer.alloc(32, 1);
/** A Monday, 09:00 in London. */
const monday = Date.UTC(2026, 0, 5, 9);
const workHours = { days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' };
const limits = {
  daily: 50,
  gapMinMs: 90_000,
  gapMaxMs: 420_000,
  hourlyPerDomain: 3,
  timezone: 'Europe/London',
  workHours,
};

const message = (purpose: Purpose = 'direct', domain = 'lovelace.example', more: Partial<Waiting> = {}): Waiting => ({
  id: `${purpose} to ${domain}`,
  purpose,
  priority: purpose === 'direct' ? 0 : 2,
  domain,
  hasSlot: false,
  ...more,
});

function snapshot(changes: Partial<Snapshot> = {}, uses: Readonly<Record<string, Partial<Uses>>> = {}): Snapshot {
  const organization = new Map<string, Uses>();
  const mailbox = new Map<string, Uses>();
  const of = (map: Map<string, Uses>, domain: string): Uses => {
    const known = map.get(domain) ?? { sent: [...(uses[domain]?.sent ?? [])], slots: [...(uses[domain]?.slots ?? [])] };
    map.set(domain, known);
    return known;
  };
  return {
    mailboxId: 'one',
    limits,
    organizationHourlyPerDomain: 30,
    slot: 0,
    lastPacedMs: null,
    dailyLimitAgoMs: null,
    rest: null,
    hasSources: false,
    waiting: [message()],
    more: false,
    nextDueMs: null,
    usesOf: (domain) => ({ mailbox: of(mailbox, domain), organization: of(organization, domain) }),
    ...changes,
  };
}

describe('the pacer', () => {
  test('M7: sends the first message that nothing holds back', () => {
    assert.equal(plan(monday, seed, snapshot()).send?.id, 'direct to lovelace.example');
  });

  test('without a due message it waits for the next one, whatever the limits say', () => {
    const none = { waiting: [], nextDueMs: monday + minuteMs, dailyLimitAgoMs: monday };
    assert.deepEqual(plan(monday, seed, snapshot(none)), {
      wait: { untilMs: monday + minuteMs, limit: null },
      held: [],
      reached: [],
    });
    assert.equal(plan(monday, seed, snapshot({ waiting: [] })).wait?.untilMs, null);
  });

  test('a rest that a server asked for holds everything back', () => {
    const rest = { untilMs: monday + hourMs, limit: 'provider_limit' } as const;
    assert.deepEqual(plan(monday, seed, snapshot({ rest })).wait, rest);
    assert.ok(plan(monday + hourMs, seed, snapshot({ rest })).send);
  });

  test('M7: the daily limit counts any 24 hours and the local day, and the later end counts', () => {
    // 20 hours ago, yesterday: the rolling window ends in 4 hours.
    const rolling = plan(monday, seed, snapshot({ dailyLimitAgoMs: monday - 20 * hourMs }));
    assert.deepEqual(rolling.wait, { untilMs: monday + 4 * hourMs, limit: 'mailbox_daily_limit' });
    // At midnight, 25 hours before the end of a day in which the clocks go back: the local day is longer.
    const { startMs, endMs } = localDay(Date.UTC(2026, 9, 25, 12), 'Europe/London');
    assert.equal(endMs - startMs, 25 * hourMs);
    const local = plan(startMs + 20 * hourMs, seed, snapshot({ dailyLimitAgoMs: startMs }));
    assert.deepEqual(local.wait, { untilMs: endMs, limit: 'mailbox_daily_limit' });
    const [reached] = local.reached;
    assert.deepEqual(reached, {
      limit: 'mailbox_daily_limit',
      of: 'mailbox',
      value: 50,
      resetsAtMs: endMs,
      quietUntilMs: endMs,
    });
    assert.ok(plan(monday, seed, snapshot({ dailyLimitAgoMs: monday - dayMs })).send);
  });

  test('M7: mailboxes share the daily limit of their organization, which is named if it ends last', () => {
    const organizationDay = { limit: 3, sent: 2, endMs: monday + 15 * hourMs };
    assert.ok(plan(monday, seed, snapshot({ organizationDay })).send);
    const full = plan(monday, seed, snapshot({ organizationDay, dailyLimitAgoMs: monday - 20 * hourMs }));
    assert.deepEqual(full.wait, { untilMs: organizationDay.endMs, limit: 'organization_limit' });
    assert.deepEqual(
      full.reached.map(({ limit, of, value }) => [limit, of, value]),
      [['organization_limit', 'organization', 3]],
    );
    const later = plan(monday, seed, snapshot({ organizationDay, dailyLimitAgoMs: monday }));
    assert.equal(later.wait?.limit, 'mailbox_daily_limit');
    assert.ok(plan(organizationDay.endMs, seed, snapshot({ organizationDay })).send);
  });

  test('gaps and work hours hold back campaigns and warm-up, and nothing else', () => {
    for (const purpose of ['campaign', 'warmup', 'direct', 'self_test'] as const) {
      const isPaced = purpose === 'campaign' || purpose === 'warmup';
      const afterOne = plan(monday, seed, snapshot({ waiting: [message(purpose)], lastPacedMs: monday, slot: 1 }));
      assert.equal(afterOne.wait?.limit, isPaced ? 'mailbox_gap' : undefined);
      const gap = gapAfter(seed, 'one', 1, limits);
      if (isPaced) assert.equal(afterOne.wait?.untilMs, monday + gap);
      const early = plan(monday - hourMs, seed, snapshot({ waiting: [message(purpose)] }));
      if (isPaced) assert.deepEqual(early.wait, { untilMs: monday, limit: 'outside_window' });
      else assert.ok(early.send);
    }
  });

  test('a gap that ends outside the work hours waits for the next ones', () => {
    const evening = Date.UTC(2026, 0, 9, 16, 59);
    const made = plan(evening, seed, snapshot({ waiting: [message('campaign')], lastPacedMs: evening }));
    assert.deepEqual(made.wait, { untilMs: Date.UTC(2026, 0, 12, 9), limit: 'outside_window' });
  });

  test('empty work hours send nothing, and say so', () => {
    const closed = { ...limits, workHours: { ...workHours, days: [] } };
    const made = plan(monday, seed, snapshot({ limits: closed, waiting: [message('campaign')] }));
    assert.deepEqual(made.wait, { untilMs: null, limit: 'outside_window' });
  });

  test('a direct message goes past campaign messages that wait for their gap', () => {
    const waiting = [message('campaign'), message('direct', 'hopper.example')];
    const made = plan(monday, seed, snapshot({ waiting, lastPacedMs: monday }));
    assert.equal(made.send?.id, 'direct to hopper.example');
  });

  test("M9: a domain at its limit holds back its own messages, each until its own slot, and no other domain's", () => {
    const sent = [monday - 10 * minuteMs, monday - 20 * minuteMs, monday - 30 * minuteMs];
    const same = ['a', 'b', 'c', 'd'].map((id) => message('direct', 'lovelace.example', { id }));
    const other = message('direct', 'hopper.example');
    const made = plan(monday, seed, snapshot({ waiting: [...same, other] }, { 'lovelace.example': { sent } }));
    assert.equal(made.send?.id, other.id);
    const slots = [30, 40, 50].map((minutes) => monday + minutes * minuteMs);
    assert.deepEqual(
      made.held.map(({ id, untilMs }) => [id, untilMs]),
      [...slots, (slots[0] ?? 0) + hourMs].map((atMs, index) => ['abcd'[index], atMs]),
    );
    assert.deepEqual(made.reached, [
      {
        limit: 'domain_hourly_limit',
        of: 'mailbox',
        domain: 'lovelace.example',
        value: 3,
        resetsAtMs: slots[0],
        quietUntilMs: localDay(monday, limits.timezone).endMs,
      },
    ]);
  });

  test('a message whose slot has come does not wait for the slots after it, and a new one waits behind them', () => {
    const uses = {
      'lovelace.example': {
        sent: [monday - 10 * minuteMs, monday - 20 * minuteMs],
        slots: [monday + 50 * minuteMs, monday + 40 * minuteMs],
      },
    };
    const mine = message('direct', 'lovelace.example', { id: 'mine', hasSlot: true });
    assert.equal(plan(monday, seed, snapshot({ waiting: [mine] }, uses)).send?.id, 'mine');
    const late = plan(monday, seed, snapshot({ waiting: [message()] }, uses));
    // The third newest use is 10 minutes old.
    assert.deepEqual(
      late.held.map(({ untilMs }) => untilMs),
      [monday + 50 * minuteMs],
    );
  });

  test("M9: mailboxes of one organization share the organization's limit of a domain, which is named", () => {
    const one = snapshot({ organizationHourlyPerDomain: 2 });
    assert.ok(plan(monday, seed, one).send);
    const second = {
      ...snapshot(),
      organizationHourlyPerDomain: 2,
      usesOf: () => ({
        mailbox: { sent: [], slots: [] },
        organization: one.usesOf('lovelace.example').organization,
      }),
    };
    assert.ok(plan(monday + 1, seed, second).send);
    const third = plan(monday + 2, seed, second);
    assert.deepEqual(third.held, [{ id: message().id, untilMs: monday + hourMs, limit: 'organization_limit' }]);
  });

  test('it looks again immediately if everything it saw was held back and more is due', () => {
    const sent = [monday - 1, monday - 2, monday - 3];
    const made = plan(monday, seed, snapshot({ more: true }, { 'lovelace.example': { sent } }));
    assert.equal(made.wait?.untilMs, monday);
  });

  test('gaps are the same for every process, triangular, and within their ends', () => {
    const gaps = Array.from({ length: 2_000 }, (_, slot) => gapAfter(seed, 'one', slot, limits));
    assert.deepEqual(
      gaps,
      Array.from({ length: 2_000 }, (_, slot) => gapAfter(seed, 'one', slot, limits)),
    );
    assert.ok(gaps.every((gap) => gap >= limits.gapMinMs && gap <= limits.gapMaxMs));
    const middle = gaps.filter((gap) => Math.abs(gap - 255_000) < 82_500).length;
    assert.ok(
      middle > 1_400 && middle < 1_600,
      `${middle} of 2,000 are in the middle half: three quarters are expected`,
    );
    assert.notEqual(gapAfter(seed, 'two', 0, limits), gaps[0]);
  });
});

describe('work hours', () => {
  test('keep their local times when the clocks change', () => {
    const hours = { days: [1, 2, 3, 4, 5, 6, 7], start: '09:00', end: '17:00' };
    const openings = (zone: string, from: number): string[] =>
      [0, 1, 2].map((days) => new Date(nextOpen(from + days * dayMs, zone, hours) ?? 0).toISOString());
    assert.deepEqual(openings('Europe/Oslo', Date.UTC(2026, 2, 28)), [
      '2026-03-28T08:00:00.000Z',
      '2026-03-29T07:00:00.000Z',
      '2026-03-30T07:00:00.000Z',
    ]);
    assert.deepEqual(openings('America/New_York', Date.UTC(2026, 9, 31, 5)), [
      '2026-10-31T13:00:00.000Z',
      '2026-11-01T14:00:00.000Z',
      '2026-11-02T14:00:00.000Z',
    ]);
  });

  test('an opening in the hour that the clocks skip is the first moment after it', () => {
    const hours = { days: [7], start: '02:30', end: '04:00' };
    assert.equal(nextOpen(Date.UTC(2026, 2, 29), 'Europe/Oslo', hours), Date.UTC(2026, 2, 29, 1));
  });

  test('the end is not within the hours, 24:00 is midnight, and an unknown zone counts as UTC', () => {
    const hours = { days: [1], start: '00:00', end: '24:00' };
    const end = Date.UTC(2026, 0, 6);
    assert.equal(nextOpen(end - 1, 'Etc/UTC', hours), end - 1);
    assert.equal(nextOpen(end, 'Etc/UTC', hours), end + 6 * dayMs);
    assert.equal(nextOpen(end - 1, 'No/Where', hours), end - 1);
  });
});
