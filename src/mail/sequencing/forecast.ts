import { dayMs, hourMs } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import { dueAfter, localDayAt, openAt } from '../schedule/index.ts';
import { addTo, addUse, leftOfHour, senderOf, stateOf, tickMs, ticksOfDay } from './forecast-state.ts';
import type { CampaignState, DomainUses, ForecastSnapshot, Queue, Queues, SenderState } from './forecast-state.ts';
import { dayLimit } from './gates.ts';
import { dueIn, firstOf, groupOfCampaign, placesLater, reachOf, reachOfLater, sentSince } from './reach.ts';
import type { DueAt, Reach, ReachProbe, Sender } from './reach.ts';

export interface ForecastDay {
  /** In the campaign's zone, `YYYY-MM-DD`. */
  readonly date: string;
  readonly sent: number;
  readonly new_leads: number;
  readonly follow_ups: number;
}

export interface Forecast {
  readonly days: readonly ForecastDay[];
  /** Unix milliseconds of the last message; null: not within 365 days, or nothing is left to send. */
  readonly finishesMs: number | null;
}

/** Beyond it nothing is forecast. */
export const forecastDays = 365;
const ticksMax = forecastDays * ticksOfDay;
/** How long the places of a day are kept: they change when something stops. */
const reachMs = hourMs;

/**
 * What a campaign will send on each day, if nobody answers, opts out or bounces, as far as the limits of settings go. Pure: it
 * counts messages in steps of a quarter of an hour, so its cost depends on mailboxes and days, and on messages only as far as they differ.
 * @param id of the campaign, one of the snapshot's
 * @example
 * const { days, finishesMs } = forecast(nowMs, campaign.id, snapshot);
 */
export function forecast(nowMs: number, id: string, snapshot: ForecastSnapshot): Forecast {
  const days = forecasting(nowMs, id, snapshot);
  for (;;) {
    const { done, value } = days.next();
    if (done === true) return value;
  }
}

/** As `forecast`, one simulated day at a time. */
export function* forecasting(
  nowMs: number,
  id: string,
  { campaigns, senders, organization, organizationHourlyPerDomain = Infinity }: ForecastSnapshot,
): Generator<undefined, Forecast> {
  const states = new Map(campaigns.map((campaign) => [campaign.id, stateOf(campaign, senders, nowMs)]));
  const all = senders.map((sender) => senderOf(sender, states, nowMs));
  const days = new Map<string, { sent: number; fresh: number }>();
  const asked = states.get(id);
  if (asked === undefined) return { days: [], finishesMs: null };
  const steps = asked.campaign.delays.length;
  const remaining = (queues: Queues): number =>
    [...queues.values()]
      .flatMap(({ cohorts }) => cohorts)
      .reduce((sum, { step, count }) => sum + count * Math.max(0, steps - step), 0);
  let left = remaining(asked.fresh);
  for (const { own } of all) for (const { state, queues } of own) if (state === asked) left += remaining(queues);
  let lastMs: number | null = null;
  const shared: Shared = {
    left: organization === undefined ? Infinity : organization.limit - organization.sent,
    hourlyPerDomain: organizationHourlyPerDomain,
    uses: new Map(),
  };
  for (let tick = 0; left > 0 && tick < ticksMax; tick += 1) {
    if (tick % ticksOfDay === 0) yield;
    const atMs = nowMs + tick * tickMs;
    for (const state of states.values()) beginTick(state, atMs);
    if (organization !== undefined && atMs % dayMs < tickMs) shared.left = organization.limit;
    let active = all.filter((sender) => isReady(sender, tick, atMs));
    while (active.length > 0) {
      active = active.filter((sender) => {
        const sent = sendOne(sender, shared, tick, atMs);
        if (sent === undefined) return false;
        if (sent.state === asked) {
          const { date } = asked.day;
          const day = days.get(date) ?? { sent: 0, fresh: 0 };
          days.set(date, { sent: day.sent + sent.count, fresh: day.fresh + (sent.step === 0 ? sent.count : 0) });
          left -= sent.count;
          lastMs = atMs + tickMs;
        }
        return sender.credit >= 1;
      });
    }
  }
  return {
    days: [...days].map(([date, { sent, fresh }]) => ({ date, sent, new_leads: fresh, follow_ups: sent - fresh })),
    finishesMs: left === 0 ? lastMs : null,
  };
}

function beginTick(state: CampaignState, atMs: number): void {
  const { campaign, day, openings } = state;
  if (atMs >= day.endMs) {
    const { date, endMs } = localDayAt(campaign.schedule.timezone, atMs);
    Object.assign(day, { date, endMs, sent: 0, new_leads: 0 });
    state.reachUntilMs = 0;
  }
  for (const opening of openings.values()) if (opening.untilMs <= atMs) opening.untilMs = 0;
}

function isOpenFor({ campaign, openings }: CampaignState, calendar: string, atMs: number): boolean {
  let opening = openings.get(calendar);
  if (opening === undefined) openings.set(calendar, (opening = { isOpen: false, untilMs: 0 }));
  if (opening.untilMs === 0) {
    const found = openAt(campaign.schedule, calendar, atMs);
    opening.isOpen = found.open;
    opening.untilMs = found.open ? found.untilMs : (found.opensMs ?? Infinity);
  }
  return opening.isOpen;
}

/** Lets the time of a sender go on. Whether its work hours, limits and gaps allow a message now. */
function isReady(state: SenderState, tick: number, atMs: number): boolean {
  const { limits, count, recent } = state;
  const slot = tick % ticksOfDay;
  state.inDay -= recent[slot] ?? 0;
  recent[slot] = 0;
  if (atMs >= state.localDayEndMs) {
    state.localDayEndMs = localDayAt(limits.timezone, atMs).endMs;
    state.inLocalDay = 0;
  }
  if (state.lookMs <= atMs) {
    const opening = openAt(state.hours, '', atMs);
    state.isOpen = opening.open;
    state.lookMs = opening.open ? opening.untilMs : (opening.opensMs ?? Infinity);
  }
  if (!state.isOpen) return false;
  const gapMs = (limits.gapMinMs + limits.gapMaxMs) / 2;
  // What is left of the tick before counts, less than one message of each mailbox.
  state.credit = gapMs > 0 ? Math.min(state.credit, count) + tickMs / gapMs : Infinity;
  return true;
}

/** What all mailboxes of the organization share. */
interface Shared {
  /** Of its day. */
  left: number;
  readonly hourlyPerDomain: number;
  readonly uses: DomainUses;
}

/** One message of each mailbox of a sender: the first follow-ups, or new leads, of the campaign that was served longest ago. */
function sendOne(
  sender: SenderState,
  shared: Shared,
  tick: number,
  atMs: number,
): { readonly state: CampaignState; readonly step: number; readonly count: number } | undefined {
  const { own, recent, limits } = sender;
  const rolling = limits.daily - Math.max(sender.inDay, sender.inLocalDay);
  const most = Math.floor(Math.min(sender.count, sender.credit, rolling, shared.left));
  if (most < 1) return undefined;
  const within = reachOfMailbox(sender, tick, atMs);
  for (const priority of [1, 2]) {
    let best: { readonly of: (typeof own)[number]; readonly queue: Queue } | undefined;
    for (const of of own) {
      if (best !== undefined && best.of.servedAt <= of.servedAt) continue;
      const { campaign, day, fresh } = of.state;
      const isNew = (priority === 1) === campaign.new_leads_first;
      if (dayLimit(campaign, day, isNew) !== undefined) continue;
      const first = firstDue(of.state, isNew ? fresh : of.queues, atMs, leftFor);
      if (first === undefined) continue;
      const reach = placesOf(of.state, atMs);
      const hasPlace = isNew
        ? campaign.new_leads_first || (reach.free >= 1 && within.free >= 1)
        : first.dueMs <= Math.min(reach.untilMs, within.untilMs);
      if (hasPlace) best = { of, queue: first.queue };
    }
    const [cohort] = best?.queue.cohorts ?? [];
    if (best === undefined || cohort === undefined) continue;
    const { of, queue } = best;
    const { campaign, day, reach } = of.state;
    const isNew = cohort.step === 0;
    const free = Math.min(
      (campaign.daily_limit ?? Infinity) - day.sent,
      isNew ? (campaign.new_leads_limit ?? Infinity) - day.new_leads : Infinity,
      isNew && !campaign.new_leads_first ? Math.min(reach.free, within.free) : Infinity,
    );
    const count = Math.min(most, cohort.count, free, leftFor(queue.domain));
    cohort.count -= count;
    if (cohort.count === 0) queue.cohorts.shift();
    const { step } = cohort;
    const next = campaign.delays[step + 1];
    if (next !== undefined) {
      const dueMs = dueAfter(next, atMs, campaign.schedule, queue.calendar);
      addTo(of.queues, queue, { step: step + 1, dueMs, count, total: count });
    }
    day.sent += count;
    day.new_leads += isNew ? count : 0;
    if (isNew) of.state.reach = { ...reach, free: reach.free - count };
    const slot = tick % ticksOfDay;
    recent[slot] = (recent[slot] ?? 0) + count;
    sender.inDay += count;
    sender.inLocalDay += count;
    sender.sent += count;
    shared.left -= count;
    if (queue.domain !== null) for (const { uses } of [sender, shared]) addUse(uses, queue.domain, tick, count);
    of.servedAt = sender.sent;
    sender.credit -= count;
    return { state: of.state, step, count };
  }
  return undefined;

  /** Messages to a domain that the limits of this hour allow. */
  function leftFor(domain: string | null): number {
    if (domain === null) return Infinity;
    return Math.min(
      leftOfHour(sender.uses, domain, limits.hourlyPerDomain, tick),
      leftOfHour(shared.uses, domain, shared.hourlyPerDomain, tick),
    );
  }
}

interface First {
  readonly queue: Queue;
  readonly dueMs: number;
  /** Of its leads that are due at that time. */
  readonly left: number;
}

/**
 * The queue whose window is open, whose domain is not at its limit, and whose first leads have been due the longest; of several, the one that
 * has most of its leads left, as their order is by id.
 */
function firstDue(
  state: CampaignState,
  queues: Queues,
  atMs: number,
  leftFor: (domain: string | null) => number,
): First | undefined {
  let first: First | undefined;
  for (const queue of queues.values()) {
    const [cohort] = queue.cohorts;
    if (cohort === undefined || cohort.dueMs > atMs || !isOpenFor(state, queue.calendar, atMs)) continue;
    if (leftFor(queue.domain) < 1) continue;
    const { dueMs, count, total } = cohort;
    const left = count / total;
    const isFirst = first === undefined || dueMs < first.dueMs || (dueMs === first.dueMs && left > first.left);
    if (isFirst) first = { queue, dueMs, left };
  }
  return first;
}

/** How far the daily limit of a campaign reaches. */
function placesOf(state: CampaignState, atMs: number): Reach {
  const { campaign, calendars, senders, day, reachUntilMs } = state;
  if (campaign.daily_limit === null || atMs < reachUntilMs) return state.reach;
  const left = campaign.daily_limit - day.sent;
  const group = groupOfCampaign(campaign, calendars, senders.map(asSender), left, atMs);
  const due = dueIn(group, (probe) => queueOf(senders[Number(probe.mailboxId)], probe));
  state.reach = reachOf(due, left);
  state.reachUntilMs = atMs + reachMs;
  return state.reach;
}

/** How far the limit of a sender reaches, beside the follow-ups that can be sent only later. */
function reachOfMailbox(sender: SenderState, tick: number, atMs: number): Reach {
  if (atMs >= sender.laterUntilMs) {
    const closed = sender.own.flatMap(({ state, queues }) => {
      const waiting = [...queues.values()].flatMap(({ calendar, cohorts }) => (cohorts.length === 0 ? [] : [calendar]));
      return [...new Set(waiting)].flatMap((calendar) =>
        isOpenFor(state, calendar, atMs) ? [] : [{ campaign: state.campaign, calendar }],
      );
    });
    const as = asSender(sender, 0);
    // Slots of the last day from now on, in the order of time.
    const recent = sender.recent.map((_, ago) => ({
      atMs: atMs - dayMs + ago * tickMs,
      count: sender.recent[(tick + ago) % ticksOfDay] ?? 0,
    }));
    sender.later = placesLater(as, closed, atMs).map(({ probe, endMs }) => ({
      endMs,
      due: firstOf(queueOf(sender, probe), probe.most, probe.untilMs),
      counted: sentSince({ recent }, endMs - dayMs) - sender.sent,
    }));
    sender.laterUntilMs = atMs + reachMs;
  }
  const counted = new Map(sender.later.map((place) => [place.endMs - dayMs, place.counted]));
  return reachOfLater(sender.later, sender.limits.daily, (fromMs) => (counted.get(fromMs) ?? 0) + sender.sent);
}

const asSender = ({ limits, inLocalDay }: SenderState, index: number): Sender => ({
  mailboxId: String(index) as MailboxId,
  limits,
  recent: [{ atMs: Infinity, count: inLocalDay }],
  restMs: null,
});

/** The follow-ups of a calendar, the oldest first. */
function queueOf(sender: SenderState | undefined, { campaignId, calendar }: ReachProbe): readonly DueAt[] {
  const queues = sender?.own.find(({ state }) => state.campaign.id === campaignId)?.queues.values() ?? [];
  const own = [...queues].flatMap((queue) => (queue.calendar === calendar ? [queue.cohorts] : []));
  return own.length > 1 ? own.flat().toSorted((a, b) => a.dueMs - b.dueMs) : (own[0] ?? []);
}
