import { dayMs, dayOf } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { MailboxDay } from '../analytics/index.ts';
import type { Mailboxes, Reach } from '../mailboxes/index.ts';
import { adviceOf } from './advice.ts';
import { noCounts } from './counters.ts';
import type { Band, Part } from './health.ts';
import { checksOf, measureFirst } from './measure.ts';
import type { MeasureOptions } from './measure.ts';
import { daysOf, healthOf } from './queries.ts';
import type { CountsRow, HealthRow } from './queries.ts';

export interface ReportOptions extends MeasureOptions {
  readonly mailboxes: Pick<Mailboxes, 'get' | 'settingsOf' | 'connectedOf'>;
  /** What campaigns sent from a mailbox, by UTC day, from a day on. */
  readonly campaignDays: (mailbox: MailboxId, sinceDay: string) => Promise<readonly MailboxDay[]>;
}

/** The health of a mailbox as the APIs show it. */
export interface HealthReport {
  readonly mailboxId: MailboxId;
  readonly score: number | null;
  readonly band: Band | null;
  /** When the band began. */
  readonly since: Date | null;
  /** Null: another process is measuring it for the first time. */
  readonly measuredAt: Date | null;
  readonly parts: readonly Part[];
  /** What the band asks for and the one action that helps most; null if nothing is wrong. */
  readonly action: string | null;
  readonly trend: {
    readonly direction: 'improving' | 'stable' | 'declining' | null;
    /** Points since the first of the days; null if they have no two scores. */
    readonly change: number | null;
    /** The oldest first. */
    readonly days: readonly { readonly day: string; readonly score: number | null }[];
  };
}

const trendDays = 7;
/** Fewer points are no trend. */
const steadyPoints = 3;

/** @throws ApiError `not_found` */
export async function reportOf(options: ReportOptions, reach: Reach, id: MailboxId): Promise<HealthReport> {
  const { db, clocks } = options;
  const mailbox = await options.mailboxes.get(reach, id);
  let [stored] = await healthOf(db, [id]);
  if (stored?.measured_at == null) {
    await measureFirst(options, id);
    [stored] = await healthOf(db, [id]);
  }
  const checks = (await checksOf(options.domains, db, [mailbox])).get(id);
  const nowMs = await clocks.nowOf(db, mailbox.organization_id);
  const { score, band, parts, weakest, since, measured_at: measuredAt } = stored ?? unmeasured;
  const first = nowMs - (trendDays - 1) * dayMs;
  const scores = new Map((await daysOf(db, [id], dayOf(first))).map((row) => [row.day, row.score]));
  const days = Array.from({ length: trendDays }, (_, index) => {
    const day = dayOf(first + index * dayMs);
    return { day, score: index === trendDays - 1 ? score : (scores.get(day) ?? null) };
  });
  return {
    mailboxId: id,
    score,
    band,
    since: band === null ? null : since,
    measuredAt,
    parts: parts ?? [],
    action: adviceOf({
      nowMs,
      band,
      sinceMs: since.getTime(),
      score,
      weakest,
      parts: parts ?? [],
      checks,
      statusReason: mailbox.status_reason,
    }),
    trend: { ...trendOf(days.flatMap((one) => one.score ?? [])), days },
  };
}

/** A mailbox that was deleted in the meantime, or that another process is measuring for the first time. */
const unmeasured: Pick<HealthRow, 'score' | 'band' | 'parts' | 'weakest' | 'since' | 'measured_at'> = {
  score: null,
  band: null,
  parts: null,
  weakest: null,
  since: new Date(0),
  measured_at: null,
};

function trendOf(scores: readonly number[]): Pick<HealthReport['trend'], 'direction' | 'change'> {
  const [from, to] = [scores[0], scores.at(-1)];
  if (from === undefined || to === undefined || scores.length < 2) return { direction: null, change: null };
  const change = to - from;
  return { change, direction: Math.abs(change) < steadyPoints ? 'stable' : change > 0 ? 'improving' : 'declining' };
}

/** What happened on a UTC day. */
export interface DayStats extends Omit<CountsRow, 'mailbox_id'> {
  readonly campaign: Omit<MailboxDay, 'day'>;
}

/** So many days up to today, the newest first. @throws ApiError `not_found` */
export async function statsOf(
  options: ReportOptions,
  reach: Reach,
  id: MailboxId,
  days: number,
): Promise<readonly DayStats[]> {
  const { db, clocks, campaignDays } = options;
  const { organization_id: organization } = await options.mailboxes.get(reach, id);
  const nowMs = await clocks.nowOf(db, organization);
  const sinceDay = dayOf(nowMs - (days - 1) * dayMs);
  const [counts, sent] = await Promise.all([daysOf(db, [id], sinceDay), campaignDays(id, sinceDay)]);
  const [byDay, campaigns] = [
    new Map(counts.map(({ mailbox_id: _, ...row }) => [row.day, row])),
    new Map(sent.map(({ day, ...figures }) => [day, figures])),
  ];
  return Array.from({ length: days }, (_, ago) => {
    const day = dayOf(nowMs - ago * dayMs);
    return {
      ...(byDay.get(day) ?? { ...noCounts, day, score: null }),
      campaign: campaigns.get(day) ?? { sent: 0, bounced: 0, replied: 0 },
    };
  });
}
