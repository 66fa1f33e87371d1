/** 90 days of 20 mailboxes and 5,000 messages on the planner alone, in memory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DateTime } from 'luxon';
import { dayMs, hourMs } from '../../base/clock.ts';
import { gapAfter, isPaced, plan } from './plan.ts';
import type { Limit, MailboxLimits, Purpose, Snapshot, Uses, Waiting } from './plan.ts';

const seed = Buffer.alloc(32, 9);
/** A Friday. Within the 90 days, the clocks change in New York (8 March) and in Europe (29 March). */
const startMs = Date.UTC(2026, 1, 6);
const endMs = startMs + 90 * dayMs;
const zones = ['Europe/Oslo', 'America/New_York', 'Asia/Tokyo', 'Europe/London'];
const organizationLimit = 8;
const domains = ['gmail.example', 'outlook.example', ...Array.from({ length: 40 }, (_, n) => `company-${n}.example`)];

interface Message extends Waiting {
  readonly priority: number;
  readonly createdMs: number;
  dueMs: number;
  hasSlot: boolean;
}

interface Box {
  readonly id: string;
  readonly limits: MailboxLimits;
  /** Messages on a local day before paced ones wait. */
  readonly governed?: number;
  waiting: Message[];
  slot: number;
  lastPacedMs: number | null;
  /** The newest first. */
  readonly sent: { readonly atMs: number; readonly domain: string }[];
  nextMs: number | null;
}

interface Sent {
  readonly atMs: number;
  readonly box: Box;
  readonly message: Message;
  readonly gapMs: number;
}

/** The same numbers at every run. */
function numbers(): () => number {
  let state = 42;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

function world(): { readonly boxes: Box[]; readonly arrivals: { readonly box: Box; readonly message: Message }[] } {
  const random = numbers();
  const boxes = Array.from({ length: 20 }, (_, n): Box => {
    const limits: MailboxLimits = {
      daily: n % 5 === 0 ? 8 : 20,
      gapMinMs: 90_000,
      gapMaxMs: 420_000,
      hourlyPerDomain: 3,
      timezone: zones[n % zones.length] ?? 'Etc/UTC',
      workHours: { days: [1, 2, 3, 4, 5], start: n % 2 === 0 ? '09:00' : '08:30', end: '17:00' },
    };
    const governed = n % 5 === 1 ? { governed: 8 + (n % 3) * 2 } : {};
    return { id: `mailbox ${n}`, ...governed, limits, waiting: [], slot: 0, lastPacedMs: null, sent: [], nextMs: null };
  });
  const arrivals = Array.from({ length: 5_000 }, (_, n) => {
    const createdMs = Math.floor(startMs + random() * 60 * dayMs);
    const kind = random();
    const purpose: Purpose = kind < 0.1 ? 'direct' : kind < 0.9 ? 'campaign' : 'warmup';
    // Half of the messages go to two domains, so that their limits hold many back.
    const domain = domains[random() < 0.5 ? n % 2 : Math.floor(random() * domains.length)] ?? 'gmail.example';
    const priority = purpose === 'direct' ? 0 : purpose === 'warmup' ? 3 : random() < 0.3 ? 1 : 2;
    const message = { id: `message ${n}`, purpose, domain, priority, createdMs, dueMs: createdMs, hasSlot: false };
    return { box: boxes[Math.floor(random() * boxes.length)] ?? assert.fail(), message };
  });
  return { boxes, arrivals: arrivals.toSorted((a, b) => a.message.createdMs - b.message.createdMs) };
}

const looked = 32;

/** As `claim.ts` reads it from the tables. */
function snapshotOf(box: Box, boxes: readonly Box[], now: number): Snapshot {
  const due = box.waiting
    .filter(({ dueMs }) => dueMs <= now)
    .toSorted((a, b) => a.priority - b.priority || a.dueMs - b.dueMs || a.createdMs - b.createdMs);
  const later = box.waiting.filter(({ dueMs }) => dueMs > now).map(({ dueMs }) => dueMs);
  const counted = box.sent.filter(({ atMs }) => atMs > now - 25 * hourMs);
  const uses = (of: readonly Box[], domain: string): Uses => ({
    sent: of
      .flatMap(({ sent }) => sent.filter((one) => one.domain === domain && one.atMs > now - hourMs))
      .map(({ atMs }) => atMs)
      .toSorted((a, b) => b - a),
    slots: of
      .flatMap(({ waiting }) => waiting.filter((one) => one.domain === domain && one.hasSlot && one.dueMs > now))
      .map(({ dueMs }) => dueMs)
      .toSorted((a, b) => b - a),
  });
  const known = new Map<string, { readonly mailbox: Uses; readonly organization: Uses }>();
  return {
    mailboxId: box.id,
    limits: box.limits,
    organizationHourlyPerDomain: organizationLimit,
    slot: box.slot,
    lastPacedMs: box.lastPacedMs,
    dailyLimitAgoMs: counted[box.limits.daily - 1]?.atMs ?? null,
    governed:
      box.governed === undefined
        ? undefined
        : { messages: box.governed, agoMs: counted[box.governed - 1]?.atMs ?? null },
    rest: null,
    hasSources: false,
    waiting: due.slice(0, looked),
    more: due.length > looked,
    nextDueMs: later.length === 0 ? null : Math.min(...later),
    usesOf(domain) {
      const both = known.get(domain) ?? { mailbox: uses([box], domain), organization: uses(boxes, domain) };
      known.set(domain, both);
      return both;
    },
  };
}

function simulate(): { readonly sent: readonly Sent[]; readonly left: number; readonly limits: ReadonlySet<Limit> } {
  const { boxes, arrivals } = world();
  const sent: Sent[] = [];
  const limits = new Set<Limit>();
  let arrived = 0;
  for (;;) {
    const next = boxes.reduce<Box | undefined>(
      (first, box) => (box.nextMs !== null && box.nextMs < (first?.nextMs ?? Infinity) ? box : first),
      undefined,
    );
    const arrival = arrivals[arrived];
    if (arrival !== undefined && arrival.message.createdMs <= (next?.nextMs ?? Infinity)) {
      arrived += 1;
      arrival.box.waiting.push(arrival.message);
      arrival.box.nextMs = Math.min(arrival.box.nextMs ?? Infinity, arrival.message.createdMs);
      continue;
    }
    if (next?.nextMs === undefined || next.nextMs === null || next.nextMs >= endMs) break;
    const now = next.nextMs;
    const made = plan(now, seed, snapshotOf(next, boxes, now));
    for (const { limit } of made.reached) limits.add(limit);
    if (made.wait?.limit !== undefined && made.wait.limit !== null) limits.add(made.wait.limit);
    for (const { id, untilMs } of made.held) {
      const message = next.waiting.find((one) => one.id === id) ?? assert.fail(id);
      message.dueMs = untilMs;
      message.hasSlot = true;
    }
    if (made.send === undefined) {
      assert.ok(
        (made.wait?.untilMs ?? Infinity) > now || made.held.length > 0,
        'time passes, or messages are held back',
      );
      next.nextMs = made.wait?.untilMs ?? null;
      continue;
    }
    const message = next.waiting.find(({ id }) => id === made.send?.id) ?? assert.fail();
    next.waiting = next.waiting.filter((one) => one !== message);
    const gapMs = next.lastPacedMs === null ? 0 : gapAfter(seed, next.id, next.slot, next.limits);
    sent.push({ atMs: now, box: next, message, gapMs });
    next.sent.unshift({ atMs: now, domain: message.domain });
    if (isPaced(message.purpose)) {
      next.slot += 1;
      next.lastPacedMs = now;
    }
    // The server takes its time.
    next.nextMs = now + 1_000;
  }
  return {
    sent,
    left: boxes.reduce((sum, { waiting }) => sum + waiting.length, 0) + arrivals.length - arrived,
    limits,
  };
}

/** The most of these times within any span, not counting its end. */
function mostWithin(times: readonly number[], spanMs: number): number {
  let [most, from] = [0, 0];
  times.forEach((atMs, index) => {
    while (atMs - (times[from] ?? 0) >= spanMs) from += 1;
    most = Math.max(most, index - from + 1);
  });
  return most;
}

const { sent, left, limits } = simulate();

test('M7 M9: in 90 days of 20 mailboxes and 5,000 messages no limit is exceeded', () => {
  for (const [box, own] of Map.groupBy(sent, (one) => one.box)) {
    const times = own.map(({ atMs }) => atMs);
    assert.ok(mostWithin(times, dayMs) <= box.limits.daily, `${box.id} in 24 hours`);
    const days = Map.groupBy(times, (atMs) => DateTime.fromMillis(atMs, { zone: box.limits.timezone }).toISODate());
    for (const [day, all] of days) assert.ok(all.length <= box.limits.daily, `${box.id} on ${day}`);
    for (const same of Map.groupBy(own, ({ message }) => message.domain).values())
      assert.ok(
        mostWithin(
          same.map(({ atMs }) => atMs),
          hourMs,
        ) <= box.limits.hourlyPerDomain,
        box.id,
      );
    const paced = own.filter(({ message }) => isPaced(message.purpose));
    paced.forEach(({ atMs, gapMs }, index) => {
      const before = paced[index - 1];
      if (before !== undefined) assert.ok(atMs - before.atMs >= gapMs, `${box.id} keeps its gap`);
    });
  }
  for (const [domain, same] of Map.groupBy(sent, ({ message }) => message.domain))
    assert.ok(
      mostWithin(
        same.map(({ atMs }) => atMs),
        hourMs,
      ) <= organizationLimit,
      domain,
    );
  assert.deepEqual(
    [...limits].toSorted((a, b) => a.localeCompare(b)),
    [
      'domain_hourly_limit',
      'mailbox_daily_limit',
      'mailbox_gap',
      'organization_limit',
      'outside_window',
      'warmup_limit',
    ],
  );
});

test('M24: on no local day do campaigns and warm-up send from a governed mailbox after it has sent what it may', () => {
  for (const [box, own] of Map.groupBy(sent, (one) => one.box)) {
    const { governed } = box;
    if (governed === undefined) continue;
    const days = Map.groupBy(own, ({ atMs }) => DateTime.fromMillis(atMs, { zone: box.limits.timezone }).toISODate());
    for (const [day, all] of days)
      all.forEach(({ message }, index) =>
        assert.ok(index < governed || !isPaced(message.purpose), `${box.id} on ${day}: message ${index + 1}`),
      );
    assert.ok(
      [...days.values()].some((all) => all.length >= governed),
      `${box.id} reaches its limit`,
    );
  }
});

test('M8: nothing of a campaign is sent outside the work hours of its mailbox, across two changes of the clocks', () => {
  for (const { atMs, box, message } of sent) {
    if (!isPaced(message.purpose)) continue;
    const { timezone, workHours } = box.limits;
    const local = DateTime.fromMillis(atMs, { zone: timezone });
    const clock = local.toFormat('HH:mm:ss.SSS');
    assert.ok(workHours.days.includes(local.weekday), `${box.id} ${local.toISO()}`);
    assert.ok(clock >= workHours.start && clock < workHours.end, `${box.id} ${local.toISO()}`);
  }
});

test('no message starves: all are sent, within a week', () => {
  assert.equal(left, 0);
  assert.equal(sent.length, 5_000);
  for (const { atMs, message } of sent) assert.ok(atMs >= message.createdMs);
  const longest = Math.max(...sent.map(({ atMs, message }) => atMs - message.createdMs));
  assert.ok(longest < 7 * dayMs, `${Math.round(longest / dayMs)} days`);
});

test('a second run gives the same result', () => {
  const shown = (all: readonly Sent[]) => all.map(({ atMs, box, message }) => `${atMs} ${box.id} ${message.id}`);
  assert.deepEqual(shown(simulate().sent), shown(sent));
});
