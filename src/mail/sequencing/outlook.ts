import { setImmediate } from 'node:timers/promises';
import { dayMs, minuteMs } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Campaign, Campaigns, StepOutline } from '../campaigns/index.ts';
import { countWaiting } from '../leads/index.ts';
import type { LeadCount } from '../leads/index.ts';
import { dueAfter, localDate, openAt } from '../schedule/index.ts';
import { sentByOrganizations } from '../sending/index.ts';
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

/** What a campaign is going to send. */
export interface Outlook {
  /** When it sends its last message; null: not known, see `reason`. */
  readonly finishes_at: string | null;
  readonly reason: OutlookReason | null;
  /** The reason as a sentence. */
  readonly detail: string | null;
  readonly days: readonly ForecastDay[];
}

export interface OutlookOptions {
  readonly campaigns: Pick<Campaigns, 'rowsOf' | 'stepsOf'>;
}

/**
 * Forecasts a campaign at its present limits, with those with which it shares mailboxes: as if nobody answers, opts out or bounces. A draft
 * is forecast as if it were launched now, or at its start. Reads counts, no leads: eight statements.
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
  const counts = await countWaiting(on, ids, mailboxes, new Date(nowMs));
  const own = counts.filter((row) => row.campaign_id === id);
  if (own.length === 0) return unknown('no_lead', 'No lead of the campaign is waiting for a message.');
  const calendars = [...new Set(own.map(({ calendar }) => calendar))];
  if (calendars.every((calendar) => !opens(campaign, calendar, nowMs)))
    return unknown('no_window', 'No window of the schedule opens in the next 400 days.');
  const rows = await campaigns.rowsOf(on, ids);
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
  const since = new Date(nowMs - (nowMs % dayMs));
  const [limited] = await sentByOrganizations(on, [{ organization, since }]);
  const snapshot = {
    organization: limited && { limit: limited.daily_limit, sent: limited.sent },
    campaigns: rows.map((row): ForecastCampaign => ({
      ...row,
      delays: steps.get(row.id) ?? [],
      fresh: waiting(row.id, ''),
      day: days.get(row.id) ?? { sent: 0, new_leads: 0 },
    })),
    senders: alike(
      boxes.map((row) => ({
        count: 1,
        ...senderOf(row, nowMs, recent.get(row.id) ?? []),
        followUps: new Map(row.campaign_ids.map((of) => [of, waiting(of, row.id)])),
      })),
    ),
  };
  const { days: found, finishesMs } = await run(forecasting(nowMs, id, snapshot));
  const able = new Set<MailboxId | null>([null, ...boxes.map((row) => row.id)]);
  const unable = own.reduce((sum, row) => sum + (able.has(row.mailbox_id) ? 0 : row.count), 0);
  if (unable > 0)
    return {
      ...unknown('mailbox_unable', `${unable} leads wait for a mailbox that cannot send. Check its status.`),
      days: found,
    };
  if (finishesMs === null)
    return {
      ...unknown('too_far', `The campaign does not end within ${forecastDays} days at its present limits.`),
      days: found,
    };
  return { finishes_at: new Date(finishesMs).toISOString(), reason: null, detail: null, days: found };
}

const unknown = (reason: OutlookReason, detail: string): Outlook => ({ finishes_at: null, reason, detail, days: [] });

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
  { calendar, position, due_from: from, in_flight: isInFlight, count }: LeadCount,
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
  return { step, calendar, dueMs: Math.max(dueMs, startMs), count };
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
function alike(senders: readonly ForecastSender[]): ForecastSender[] {
  let groups: ForecastSender[][] = [];
  for (const keyOf of likenesses) {
    groups = [...Map.groupBy(senders, (sender) => JSON.stringify(keyOf(sender))).values()];
    if (groups.length <= sendersMax) break;
  }
  return groups.flatMap((own) => {
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
        },
        followUps: new Map(ids.map((id) => [id, own.flatMap(({ followUps }) => followUps.get(id) ?? [])])),
        recent: own.flatMap(({ recent }) => recent),
      },
    ];
  });
}
