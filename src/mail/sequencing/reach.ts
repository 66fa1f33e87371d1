import { dayMs } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import { localDayAt, openAt, workSchedule } from '../schedule/index.ts';
import type { Schedule } from '../schedule/index.ts';
import type { MailboxLimits } from '../sending/index.ts';

/**
 * How far the messages that are left of a day reach. Follow-ups have their places in the order of their due times, those too that are sent
 * later in the day: from another mailbox, or in another time zone.
 */
export interface Reach {
  /** A follow-up that was due by then has a place; Infinity: each has, and `free` are left for new leads. */
  readonly untilMs: number;
  readonly free: number;
}

/** Follow-ups that were due at one time. */
export interface DueAt {
  readonly dueMs: number;
  readonly count: number;
}

/**
 * Gives the messages that are left of a day to follow-ups.
 * @param due the oldest first
 * @example
 * reachOf([{ dueMs: 1, count: 2 }, { dueMs: 5, count: 9 }], 4); // { untilMs: 5, free: 0 }
 */
export function reachOf(due: Iterable<DueAt>, left: number): Reach {
  if (left <= 0) return { untilMs: -Infinity, free: 0 };
  let free = left;
  for (const { dueMs, count } of due) {
    free -= count;
    if (free <= 0) return { untilMs: dueMs, free: 0 };
  }
  return { untilMs: Infinity, free };
}

/** When the windows of a campaign and the work hours of a mailbox are open together. */
export interface Overlap {
  /** The first time that both are open, without its end. */
  readonly startMs: number;
  readonly endMs: number;
  /** The end of the last time, and how long all are together. */
  readonly lastMs: number;
  readonly totalMs: number;
}

/** Times of one day: windows and hours begin and end far less often. */
const spansMax = 100;

/** When leads of a calendar can be written to by a mailbox, from a time to another; undefined: never. */
export function overlapOf(
  schedule: Schedule,
  calendar: string,
  hours: Schedule,
  fromMs: number,
  toMs: number,
): Overlap | undefined {
  let found: Overlap | undefined;
  let atMs = fromMs;
  for (let span = 0; atMs < toMs && span < spansMax; span += 1) {
    const [window, work] = [openAt(schedule, calendar, atMs), openAt(hours, '', atMs)];
    if (window.open && work.open) {
      const untilMs = Math.min(window.untilMs, work.untilMs, toMs);
      const { startMs, endMs, totalMs } = found ?? { startMs: atMs, endMs: untilMs, totalMs: 0 };
      found = { startMs, endMs, lastMs: untilMs, totalMs: totalMs + untilMs - atMs };
      atMs = untilMs;
    } else atMs = Math.max(...[window, work].map((one) => (one.open ? 0 : (one.opensMs ?? Infinity))));
  }
  return found;
}

/** A mailbox that can send, as far as it decides about the places of a day. */
export interface Sender {
  readonly mailboxId: MailboxId;
  readonly limits: Pick<
    MailboxLimits,
    'daily' | 'gapMinMs' | 'gapMaxMs' | 'hourlyPerDomain' | 'timezone' | 'workHours'
  >;
  /** Messages that it sent in the last day. */
  readonly recent: readonly { readonly atMs: number; readonly count: number }[];
  /** Its server asked for a rest until then; null: it did not. */
  readonly restMs: number | null;
}

/** Leads of a mailbox, campaign and calendar that can be written to within a day: at most `most` of those due by `untilMs`. */
export interface ReachProbe {
  readonly mailboxId: MailboxId;
  readonly campaignId: string;
  readonly calendar: string;
  readonly untilMs: number;
  readonly most: number;
  /** Of all probes of the mailbox in a group. */
  readonly mailboxMost: number;
}

/** Follow-ups that share the messages that are left of a day. */
export interface ReachGroup {
  readonly left: number;
  readonly probes: readonly ReachProbe[];
}

interface OfCampaign {
  readonly id: string;
  readonly schedule: Schedule;
}

/** A mailbox has at most so many places. */
const placesMax = 1_000;

/** Messages that the gaps of a mailbox allow in a time. */
const paced = ({ gapMinMs, gapMaxMs }: Sender['limits'], ms: number): number =>
  gapMaxMs <= 0 ? Infinity : Math.floor(ms / ((gapMinMs + gapMaxMs) / 2)) + 1;

/** The follow-ups of a campaign that can be sent until the end of its local day, by all its mailboxes. */
export function groupOfCampaign(
  campaign: OfCampaign,
  calendars: readonly string[],
  senders: readonly Sender[],
  left: number,
  nowMs: number,
): ReachGroup {
  const { endMs } = localDayAt(campaign.schedule.timezone, nowMs);
  // Many mailboxes have the same hours.
  const known = new Map<string, readonly (Overlap | undefined)[]>();
  const probes = senders.flatMap((sender): ReachProbe[] => {
    const { mailboxId, limits, restMs } = sender;
    const { timezone, workHours } = limits;
    const fromMs = Math.max(nowMs, restMs ?? 0);
    const key = `${timezone} ${workHours.start} ${workHours.end} ${workHours.days.join()} ${fromMs}`;
    const hours = workSchedule(timezone, workHours);
    const overlaps =
      known.get(key) ?? calendars.map((calendar) => overlapOf(campaign.schedule, calendar, hours, fromMs, endMs));
    known.set(key, overlaps);
    const own = localDayAt(timezone, nowMs);
    const sentToday = sentSince(sender, own.startMs);
    return calendars.flatMap((calendar, index) => {
      const overlap = overlaps[index];
      if (overlap === undefined) return [];
      const mailboxMost = Math.min(placesMax, left, limits.daily - (overlap.startMs < own.endMs ? sentToday : 0));
      const most = Math.min(mailboxMost, paced(limits, overlap.totalMs));
      const { id: campaignId } = campaign;
      return most <= 0 ? [] : [{ mailboxId, campaignId, calendar, untilMs: overlap.lastMs, most, mailboxMost }];
    });
  });
  return { left, probes };
}

/** A calendar in which a mailbox can write to leads within the next 24 hours, though not now. */
export interface LaterPlace {
  readonly probe: ReachProbe;
  readonly startMs: number;
  readonly endMs: number;
}

/** Where a mailbox can send later, those first that close first. */
export function placesLater(
  sender: Sender,
  closed: readonly { readonly campaign: OfCampaign; readonly calendar: string }[],
  nowMs: number,
): LaterPlace[] {
  const { mailboxId, limits } = sender;
  const hours = workSchedule(limits.timezone, limits.workHours);
  const mailboxMost = Math.min(placesMax, limits.daily);
  return closed
    .flatMap(({ campaign: { id: campaignId, schedule }, calendar }): LaterPlace[] => {
      const overlap = overlapOf(schedule, calendar, hours, nowMs, nowMs + dayMs);
      if (overlap === undefined) return [];
      const { startMs, endMs } = overlap;
      const most = Math.min(mailboxMost, paced(limits, endMs - startMs));
      return [{ probe: { mailboxId, campaignId, calendar, untilMs: endMs, most, mailboxMost }, startMs, endMs }];
    })
    .toSorted((a, b) => a.endMs - b.endMs);
}

/**
 * How far the messages of a mailbox reach that it may send now: one that is sent now counts for 24 hours, so those that were due before it
 * and can be sent only later keep their places.
 * @param later those first that close first
 * @param sentAfter messages that the mailbox sent after a time
 */
export function reachOfLater(
  later: readonly { readonly endMs: number; readonly due: readonly DueAt[] }[],
  daily: number,
  sentAfter: (atMs: number) => number,
): Reach {
  let [untilMs, free] = [Infinity, Infinity];
  let due: DueAt[] = [];
  for (const place of later) {
    if (place.due.length === 0) continue;
    due = [...due, ...place.due].toSorted(byDue);
    const reach = reachOf(due, daily - sentAfter(place.endMs - dayMs));
    untilMs = Math.min(untilMs, reach.untilMs);
    free = Math.min(free, reach.free);
  }
  return { untilMs, free };
}

export const sentSince = ({ recent }: Pick<Sender, 'recent'>, sinceMs: number): number =>
  recent.reduce((sum, { atMs, count }) => sum + (atMs >= sinceMs ? count : 0), 0);

/**
 * The follow-ups of a group, the oldest first. A statement does the same with leads; see `dueInGroups`.
 * @param dueOf follow-ups of a probe's mailbox, campaign and calendar, the oldest first
 */
export function dueIn({ probes }: ReachGroup, dueOf: (probe: ReachProbe) => Iterable<DueAt>): DueAt[] {
  const found: DueAt[] = [];
  for (const own of Map.groupBy(probes, ({ mailboxId }) => mailboxId).values()) {
    const due = own.flatMap((probe) => firstOf(dueOf(probe), probe.most, probe.untilMs)).toSorted(byDue);
    found.push(...firstOf(due, own[0]?.mailboxMost ?? 0, Infinity));
  }
  return found.toSorted(byDue);
}

const byDue = (a: DueAt, b: DueAt): number => a.dueMs - b.dueMs;

/** The first of some follow-ups. @param due the oldest first */
export function firstOf(due: Iterable<DueAt>, most: number, untilMs: number): DueAt[] {
  const found: DueAt[] = [];
  let left = most;
  for (const { dueMs, count } of due) {
    if (left <= 0 || dueMs > untilMs) break;
    found.push({ dueMs, count: Math.min(count, left) });
    left -= count;
  }
  return found;
}
