import { dayMs, hourMs, minuteMs } from '../../base/clock.ts';
import type { Campaign } from '../campaigns/index.ts';
import { localDayAt, workSchedule } from '../schedule/index.ts';
import type { Delay, Schedule } from '../schedule/index.ts';
import type { DueAt, Reach, Sender } from './reach.ts';

/** Leads that wait for the same step, with the same calendar, from the same time. */
export interface DueCount {
  /** Steps sent. */
  readonly step: number;
  readonly calendar: string;
  /** Unix milliseconds of the organization's clock. */
  readonly dueMs: number;
  readonly count: number;
  /** Of the recipients, if so many leads have it that its hourly limits count; null: one of many others. */
  readonly domain?: string | null;
}

/** What a forecast knows of a campaign: counts, no leads. */
export interface ForecastCampaign extends Pick<
  Campaign,
  'id' | 'schedule' | 'daily_limit' | 'new_leads_limit' | 'new_leads_first'
> {
  /** In their order. */
  readonly delays: readonly Delay[];
  /** Leads that no mailbox has yet. */
  readonly fresh: readonly DueCount[];
  /** Of its local day so far. */
  readonly day: { readonly sent: number; readonly new_leads: number };
}

/** Mailboxes that have the same settings and campaigns. */
export interface ForecastSender extends Pick<Sender, 'limits' | 'recent'> {
  /** How many there are. */
  readonly count: number;
  /** Their leads, by the id of each campaign from which they send. */
  readonly followUps: ReadonlyMap<string, readonly DueCount[]>;
}

export interface ForecastSnapshot {
  /** The campaign, and those with which it shares mailboxes. */
  readonly campaigns: readonly ForecastCampaign[];
  readonly senders: readonly ForecastSender[];
  /** Its daily limit, and what it sent on this day of UTC; undefined: it has none. */
  readonly organization?: { readonly limit: number; readonly sent: number } | undefined;
  /** Messages of the organization to one domain in any hour. Default: no limit. */
  readonly organizationHourlyPerDomain?: number;
}

/** Time goes on in steps: windows begin and end at quarters of an hour. */
export const tickMs = 15 * minuteMs;
export const ticksOfDay = dayMs / tickMs;
export interface Cohort {
  readonly step: number;
  readonly dueMs: number;
  count: number;
  /** How many there were before some were written to. */
  total: number;
}

/** Leads of one calendar, and of one domain if its limits count, in the order in which they are due. */
export interface Queue {
  readonly calendar: string;
  readonly domain: string | null;
  readonly cohorts: Cohort[];
}

export type Queues = Map<string, Queue>;

export interface CampaignState {
  readonly campaign: ForecastCampaign;
  readonly fresh: Queues;
  readonly calendars: readonly string[];
  /** Calendars whose window is open, and until when that holds. */
  readonly openings: Map<string, { isOpen: boolean; untilMs: number }>;
  readonly senders: SenderState[];
  day: { date: string; endMs: number; sent: number; new_leads: number };
  /** Of its daily limit. */
  reach: Reach;
  reachUntilMs: number;
}

export interface SenderState {
  /** All mailboxes of the sender as one. */
  readonly limits: Sender['limits'];
  readonly count: number;
  readonly own: { readonly state: CampaignState; readonly queues: Queues; servedAt: number }[];
  /** Messages by tick of the last 24 hours. */
  readonly recent: number[];
  inDay: number;
  inLocalDay: number;
  localDayEndMs: number;
  /** Its work hours as a schedule, and when to look at them again. */
  readonly hours: Schedule;
  isOpen: boolean;
  lookMs: number;
  /** Messages that the gaps allow by now; a rest that is not used is lost. */
  credit: number;
  sent: number;
  readonly uses: DomainUses;
  /** Follow-ups that can be sent only later, with what was sent by then that counts at their time. */
  later: readonly { readonly endMs: number; readonly due: readonly DueAt[]; readonly counted: number }[];
  laterUntilMs: number;
}

export function stateOf(campaign: ForecastCampaign, senders: readonly ForecastSender[], nowMs: number): CampaignState {
  const { date, endMs } = localDayAt(campaign.schedule.timezone, nowMs);
  const counts = [...campaign.fresh, ...senders.flatMap(({ followUps }) => followUps.get(campaign.id) ?? [])];
  return {
    campaign,
    fresh: queuesOf(campaign.fresh, campaign),
    calendars: [...new Set(counts.map(({ calendar }) => calendar))],
    openings: new Map(),
    senders: [],
    day: { date, endMs, ...campaign.day },
    reach: { untilMs: Infinity, free: Infinity },
    reachUntilMs: 0,
  };
}

function queuesOf(counts: readonly DueCount[], { delays }: ForecastCampaign): Queues {
  const queues: Queues = new Map();
  for (const { calendar, domain = null, step, dueMs, count } of counts.toSorted((a, b) => a.dueMs - b.dueMs))
    if (step < delays.length) addTo(queues, { calendar, domain }, { step, dueMs, count, total: count });
  return queues;
}

export function senderOf(
  { count, limits, followUps, recent: sent }: ForecastSender,
  states: ReadonlyMap<string, CampaignState>,
  nowMs: number,
): SenderState {
  const recent = Array.from({ length: ticksOfDay }, () => 0);
  const { startMs, endMs } = localDayAt(limits.timezone, nowMs);
  let [inDay, inLocalDay] = [0, 0];
  for (const { atMs, count: messages } of sent) {
    const tick = Math.floor((atMs - nowMs) / tickMs) + ticksOfDay;
    if (tick < 0 || tick >= ticksOfDay) continue;
    recent[tick] = (recent[tick] ?? 0) + messages;
    inDay += messages;
    if (atMs >= startMs) inLocalDay += messages;
  }
  const sender: SenderState = {
    limits: {
      ...limits,
      daily: limits.daily * count,
      gapMinMs: limits.gapMinMs / count,
      gapMaxMs: limits.gapMaxMs / count,
      hourlyPerDomain: limits.hourlyPerDomain * count,
    },
    count,
    own: [],
    recent,
    inDay,
    inLocalDay,
    localDayEndMs: endMs,
    hours: workSchedule(limits.timezone, limits.workHours),
    isOpen: false,
    lookMs: 0,
    credit: count,
    sent: 0,
    uses: new Map(),
    later: [],
    laterUntilMs: 0,
  };
  for (const [id, counts] of followUps) {
    const state = states.get(id);
    if (state === undefined) continue;
    sender.own.push({ state, queues: queuesOf(counts, state.campaign), servedAt: -1 });
    state.senders.push(sender);
  }
  return sender;
}

/** A cohort in the order of due times; it joins one that is due at the same time. */
export function addTo(queues: Queues, { calendar, domain }: Omit<Queue, 'cohorts'>, cohort: Cohort): void {
  const key = `${calendar}\n${domain ?? ''}`;
  const queue = queues.get(key) ?? { calendar, domain, cohorts: [] };
  queues.set(key, queue);
  const { cohorts } = queue;
  let index = cohorts.length;
  while (index > 0 && (cohorts[index - 1]?.dueMs ?? 0) > cohort.dueMs) index -= 1;
  const before = cohorts[index - 1];
  if (before?.dueMs === cohort.dueMs && before.step === cohort.step) {
    before.count += cohort.count;
    before.total += cohort.total;
  } else cohorts.splice(index, 0, cohort);
}

const ticksOfHour = hourMs / tickMs;

/** Messages to each domain in the ticks of the last hour. */
export type DomainUses = Map<string, { readonly counts: number[]; tick: number }>;

/** How many messages to a domain a limit of each hour allows now. */
export function leftOfHour(uses: DomainUses, domain: string | null, limit: number, tick: number): number {
  const use = domain === null ? undefined : uses.get(domain);
  if (use === undefined) return limit;
  for (; use.tick < tick; use.tick += 1) use.counts[(use.tick + 1) % ticksOfHour] = 0;
  return limit - use.counts.reduce((sum, count) => sum + count, 0);
}

/** After `leftOfHour` in the same tick. */
export function addUse(uses: DomainUses, domain: string, tick: number, count: number): void {
  const use = uses.get(domain) ?? { counts: Array.from({ length: ticksOfHour }, () => 0), tick };
  uses.set(domain, use);
  use.counts[tick % ticksOfHour] = (use.counts[tick % ticksOfHour] ?? 0) + count;
}
