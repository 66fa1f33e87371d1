import { setImmediate } from 'node:timers/promises';
import { dayMs, minuteMs } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Campaign, Campaigns, StepOutline } from '../campaigns/index.ts';
import { countLater, countWaiting, crowdedDomains } from '../leads/index.ts';
import type { LaterCount, LeadCount } from '../leads/index.ts';
import { dueAfter, localDate, openAt } from '../schedule/index.ts';
import { organizationHourlyPerDomain, sentByOrganizations } from '../sending/index.ts';
import { forecastDays, forecasting } from './forecast.ts';
import type { Forecast, ForecastDay } from './forecast.ts';
import type { DueCount, ForecastCampaign, ForecastSender } from './forecast-state.ts';
import { daysOf, membersOf, sendersOf, sentByQuarter } from './queries.ts';
import { senderOf } from './reader.ts';

/** Why the end of a campaign is not known: stable codes of the API. */
export type OutlookReason =
  | 'campaign_paused'
  | 'campaign_ended'
  | 'no_step'
  | 'no_lead'
  | 'no_mailbox'
  | 'no_window'
  | 'mailbox_unable'
  | 'too_far';

/** What a forecast leaves out, if it concerns the campaign: stable codes of the API. */
export const assumptions = {
  nothing_changes:
    'nobody answers, opts out or bounces, and mailboxes and settings stay as they are and send nothing else',
  all_verified: 'every address passes its verification',
  no_cooldown: 'no lead whose turn has not come was contacted by another campaign',
  shared_mailboxes: 'other campaigns take turns in its mailboxes: it may end a sending day earlier or later',
  mean_limits: 'many mailboxes with different limits send as their mean',
} as const;
export type Assumption = keyof typeof assumptions;

/** What a campaign is going to send. */
export interface Outlook {
  /** When it sends its last message; null: not known, see `reason`. */
  readonly finishes_at: string | null;
  readonly reason: OutlookReason | null;
  /** The reason as a sentence. */
  readonly detail: string | null;
  readonly assumptions: readonly Assumption[];
  readonly days: readonly ForecastDay[];
}

export interface OutlookOptions {
  readonly campaigns: Pick<Campaigns, 'rowsOf' | 'stepsOf'>;
}

/**
 * Forecasts a campaign at its present limits, with those with which it shares mailboxes: as if nobody answers, opts out or bounces. A draft
 * is forecast as if it were launched now, or at its start. Reads counts, no leads: ten statements.
 * @param nowMs of the organization's clock
 * @example
 * const { finishes_at, days } = await forecastOf({ campaigns }, db, campaign, nowMs);
 */
export async function forecastOf(
  { campaigns }: OutlookOptions,
  on: Queryable,
  campaign: Campaign,
  nowMs: number,
): Promise<Outlook> {
  const { id, organization_id: organization, status } = campaign;
  if (status === 'paused') return unknown('campaign_paused', 'The campaign is paused. Resume it, then ask again.');
  if (status !== 'draft' && status !== 'active') return unknown('campaign_ended', 'The campaign has ended.');
  const members = connectedTo(id, await membersOf(on, organization, id));
  const ids = [...new Set([id, ...members.map((row) => row.campaign_id)])];
  const steps = Map.groupBy(await campaigns.stepsOf(on, ids), (step) => step.campaign_id);
  if (!steps.has(id)) return unknown('no_step', 'The campaign has no step. Add one.');
  const boxes = await sendersOf(on, ids, []);
  if (!boxes.some((row) => row.campaign_ids.includes(id)))
    return unknown('no_mailbox', 'No mailbox of the campaign can send. Add one, or check their status.');
  const mailboxes = [...new Set(members.map((row) => row.mailbox_id))];
  const crowded = await crowdedDomains(on, ids);
  const counts = await countWaiting(on, ids, mailboxes, crowded, new Date(nowMs));
  const own = counts.filter((row) => row.campaign_id === id);
  if (own.length === 0) return unknown('no_lead', 'No lead of the campaign is waiting for a message.');
  const calendars = [...new Set(own.map(({ calendar }) => calendar))];
  if (calendars.every((calendar) => !opens(campaign, calendar, nowMs)))
    return unknown('no_window', 'No window of the schedule opens in the next 400 days.');
  const rows = await campaigns.rowsOf(on, ids);
  const limits = rows.flatMap((row) => (row.company_max > 0 ? [{ campaignId: row.id, most: row.company_max }] : []));
  const later = limits.length === 0 ? [] : await countLater(on, limits, crowded);
  const asked = rows.map((row) => ({ campaignId: row.id, day: localDate(row.schedule.timezone, nowMs) }));
  const days = new Map((await daysOf(on, asked)).map((row) => [row.campaign_id, row]));
  const recent = Map.groupBy(
    await sentByQuarter(
      on,
      boxes.map((row) => ({ id: row.id, at: new Date(nowMs - dayMs) })),
    ),
    (row) => row.mailbox_id,
  );
  const campaignOf = new Map(rows.map((row) => [row.id, row]));
  const countsOf = Map.groupBy(counts, (row) => `${row.campaign_id} ${row.mailbox_id ?? ''}`);
  const waiting = (of: string, mailbox: MailboxId | ''): DueCount[] =>
    (countsOf.get(`${of} ${mailbox}`) ?? []).map((row) =>
      dueCount(row, campaignOf.get(of) ?? campaign, steps.get(of) ?? [], nowMs),
    );
  const newLeads = (row: Campaign): DueCount[] => {
    const delays = steps.get(row.id) ?? [];
    const own = later.filter((one) => one.campaign_id === row.id);
    return withLater(waiting(row.id, ''), own, (calendar, fromMs) =>
      delays.slice(1).reduce((atMs, delay) => dueAfter(delay, atMs, row.schedule, calendar), fromMs),
    );
  };
  const since = new Date(nowMs - (nowMs % dayMs));
  const [limited] = await sentByOrganizations(on, [{ organization, since }]);
  const mailboxesAlike = alike(
    boxes.map((row) => ({
      count: 1,
      ...senderOf(row, nowMs, recent.get(row.id) ?? []),
      followUps: new Map(row.campaign_ids.map((of) => [of, waiting(of, row.id)])),
    })),
  );
  const snapshot = {
    organizationHourlyPerDomain,
    organization: limited && { limit: limited.daily_limit, sent: limited.sent },
    campaigns: rows.map((row): ForecastCampaign => ({
      ...row,
      delays: steps.get(row.id) ?? [],
      fresh: newLeads(row),
      day: days.get(row.id) ?? { sent: 0, new_leads: 0 },
    })),
    senders: mailboxesAlike.senders,
  };
  const leftOut: readonly (readonly [Assumption, boolean])[] = [
    ['nothing_changes', true],
    ['all_verified', campaign.verification !== 'off'],
    ['no_cooldown', campaign.cooldown_days > 0],
    ['shared_mailboxes', ids.length > 1],
    ['mean_limits', mailboxesAlike.isMean],
  ];
  const known = { assumptions: leftOut.flatMap(([code, isIt]) => (isIt ? [code] : [])) };
  const { days: found, finishesMs } = await run(forecasting(nowMs, id, snapshot));
  const able = new Set<MailboxId | null>([null, ...boxes.map((row) => row.id)]);
  const unable = own.reduce((sum, row) => sum + (able.has(row.mailbox_id) ? 0 : row.count), 0);
  if (unable > 0)
    return {
      ...unknown('mailbox_unable', `${unable} leads wait for a mailbox that cannot send. Check its status.`),
      ...known,
      days: found,
    };
  if (finishesMs === null)
    return {
      ...unknown('too_far', `The campaign does not end within ${forecastDays} days at its present limits.`),
      ...known,
      days: found,
    };
  return { finishes_at: new Date(finishesMs).toISOString(), reason: null, detail: null, ...known, days: found };
}

const unknown = (reason: OutlookReason, detail: string): Outlook => ({
  finishes_at: null,
  reason,
  detail,
  assumptions: [],
  days: [],
});

function opens({ schedule }: Campaign, calendar: string, nowMs: number): boolean {
  const opening = openAt(schedule, calendar, nowMs);
  return opening.open || opening.opensMs !== null;
}

type Member = Awaited<ReturnType<typeof membersOf>>[number];

/** More campaigns are not followed from mailbox to mailbox: only those count that share one with the campaign itself. */
const connectedMax = 200;

/** The mailboxes of a campaign, of those that share one with it, and so on. */
function connectedTo(id: string, members: readonly Member[]): Member[] {
  const ofCampaign = Map.groupBy(members, (row) => row.campaign_id);
  const ofMailbox = Map.groupBy(members, (row) => row.mailbox_id);
  const found = new Set([id]);
  for (const campaign of found) {
    for (const { mailbox_id: mailbox } of ofCampaign.get(campaign) ?? [])
      for (const row of ofMailbox.get(mailbox) ?? []) found.add(row.campaign_id);
    if (found.size >= connectedMax) break;
  }
  return members.filter((row) => found.has(row.campaign_id));
}

/** Leads without a time are due, or their message is on its way. A draft begins at its start. */
function dueCount(
  { calendar, domain, position, due_from: from, in_flight: isInFlight, count }: LeadCount,
  { status, starts_at: start, schedule }: Campaign,
  steps: readonly StepOutline[],
  nowMs: number,
): DueCount {
  const step = position === null ? 0 : steps.filter((one) => one.position <= position).length;
  const next = steps[step];
  const startMs = status === 'draft' ? (start?.getTime() ?? 0) : 0;
  const dueMs =
    from !== null
      ? from.getTime() + 30 * minuteMs
      : isInFlight && next !== undefined
        ? dueAfter(next, nowMs, schedule, calendar)
        : nowMs;
  return { step, calendar, domain, dueMs: Math.max(dueMs, startMs), count };
}

/**
 * New leads that wait until others of their company have got all their messages.
 * @param endOf when a lead of a calendar that is contacted at a time gets its last message
 */
function withLater(
  counts: readonly DueCount[],
  later: readonly Omit<LaterCount, 'campaign_id'>[],
  endOf: (calendar: string, fromMs: number) => number,
): DueCount[] {
  const left = counts.map((one) => ({ ...one }));
  const found: DueCount[] = [];
  const rounds = new Map<string, number[]>();
  for (const row of later) {
    let count = row.count;
    for (const one of left) {
      if (one.calendar !== row.calendar || (one.domain ?? null) !== row.domain) continue;
      const taken = Math.min(one.count, count);
      if (taken === 0) continue;
      const key = `${row.calendar} ${one.dueMs}`;
      const ends = rounds.get(key) ?? [one.dueMs];
      rounds.set(key, ends);
      const lastMs = one.dueMs + forecastDays * dayMs;
      while (ends.length <= row.rounds && (ends.at(-1) ?? lastMs) < lastMs)
        ends.push(endOf(row.calendar, ends.at(-1) ?? lastMs));
      one.count -= taken;
      count -= taken;
      found.push({ ...one, count: taken, dueMs: ends[row.rounds] ?? lastMs });
    }
  }
  return [...left.filter((one) => one.count > 0), ...found];
}

/** Lets other work go on between the days. */
async function run(days: Generator<undefined, Forecast>): Promise<Forecast> {
  for (;;) {
    const { done, value } = days.next();
    if (done === true) return value;
    await setImmediate();
  }
}

/** A forecast costs as much as it has senders. */
const sendersMax = 50;

/** What makes senders alike, the finest first. The last leaves as many as there are time zones. */
const likenesses: readonly ((sender: ForecastSender) => readonly unknown[])[] = [
  ({ limits, followUps }) => [limits, ...[...followUps.keys()].toSorted()],
  ({ limits: { timezone, workHours }, followUps }) => [timezone, workHours, ...[...followUps.keys()].toSorted()],
  ({ limits: { timezone, workHours } }) => [timezone, workHours],
  ({ limits: { timezone } }) => [timezone],
];

/** Senders that are alike as one, with the mean of their limits. */
function alike(senders: readonly ForecastSender[]): { readonly senders: ForecastSender[]; readonly isMean: boolean } {
  let groups: ForecastSender[][] = [];
  for (const keyOf of likenesses) {
    groups = [...Map.groupBy(senders, (sender) => JSON.stringify(keyOf(sender))).values()];
    if (groups.length <= sendersMax) break;
  }
  const found = groups.flatMap((own): ForecastSender[] => {
    const [first] = own;
    if (first === undefined) return [];
    const mean = (of: (limits: ForecastSender['limits']) => number): number =>
      own.reduce((sum, { limits }) => sum + of(limits), 0) / own.length;
    const ids = [...new Set(own.flatMap(({ followUps }) => [...followUps.keys()]))];
    return [
      {
        count: own.length,
        limits: {
          ...first.limits,
          daily: mean(({ daily }) => daily),
          gapMinMs: mean(({ gapMinMs }) => gapMinMs),
          gapMaxMs: mean(({ gapMaxMs }) => gapMaxMs),
          hourlyPerDomain: mean(({ hourlyPerDomain }) => hourlyPerDomain),
        },
        followUps: new Map(ids.map((id) => [id, own.flatMap(({ followUps }) => followUps.get(id) ?? [])])),
        recent: own.flatMap(({ recent }) => recent),
      },
    ];
  });
  const settings = new Set(senders.map(({ limits }) => JSON.stringify(limits)));
  return { senders: found, isMean: found.length < settings.size };
}
