import type { Figures, Stats } from './figures.ts';

/** A share with its 95 % confidence interval. Null without a denominator. */
export interface Rate {
  readonly count: number;
  readonly of: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The 97.5th percentile of the normal distribution. */
const z = 1.959964;

/** A share with its Wilson score interval (E. B. Wilson, 1927), which is valid for small numbers and shares near 0. @param of more than 0 */
export function wilsonOf(count: number, of: number): Pick<Rate, 'value' | 'low' | 'high'> {
  const share = Math.min(1, Math.max(0, count / of));
  const spread = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  const scale = 1 + z ** 2 / of;
  const centre = share + z ** 2 / (2 * of);
  // Of nothing and of everything the bound is exact; the sum is not.
  return {
    value: share,
    low: share === 0 ? 0 : (centre - spread) / scale,
    high: share === 1 ? 1 : (centre + spread) / scale,
  };
}

/**
 * A share with its Wilson score interval, rounded for readers.
 * @example
 * rateOf(5, 100) // { count: 5, of: 100, value: 0.05, low: 0.0215, high: 0.1118 }
 */
export function rateOf(count: number, of: number): Rate | null {
  if (of <= 0) return null;
  const rounded = (number: number): number => Math.round(number * 10_000) / 10_000;
  const { value, low, high } = wilsonOf(count, of);
  return { count, of, value: rounded(value), low: rounded(low), high: rounded(high) };
}

/** Which kinds of tracking a campaign has. */
export interface Tracking {
  readonly opens: boolean;
  readonly clicks: boolean;
}

const measured = (isOn: boolean, count: number): number | null => (isOn || count > 0 ? count : null);

export type CampaignFigures = Omit<Figures, 'opened' | 'clicked'> & Record<'opened' | 'clicked', number | null>;

/** What was not measured is null, never 0. A campaign whose tracking was turned off later keeps what was measured. */
export const campaignFigures = (totals: Figures, { opens, clicks }: Tracking): CampaignFigures => ({
  ...totals,
  opened: measured(opens, totals.opened),
  clicked: measured(clicks, totals.clicked),
});

/** The rates of a campaign; leads are counted once. */
export const campaignRates = (totals: Figures, tracking: Tracking) => ({
  bounce: rateOf(totals.bounced, totals.sent),
  reply: rateOf(totals.replied, totals.contacted),
  positive_reply: rateOf(totals.positive_replies, totals.contacted),
  open: campaignFigures(totals, tracking).opened === null ? null : rateOf(totals.opened, totals.contacted),
  click: campaignFigures(totals, tracking).clicked === null ? null : rateOf(totals.clicked, totals.contacted),
  unsubscribe: rateOf(totals.unsubscribed, totals.contacted),
  complaint: rateOf(totals.complained, totals.contacted),
});

const trackedStats = {
  opened: 'opens',
  opened_machine: 'opens',
  clicked: 'clicks',
  clicked_machine: 'clicks',
} as const;

/** The figures and rates of messages. */
export function messageFigures(stats: Stats, tracking: Tracking) {
  const tracked = Object.fromEntries(
    Object.entries(trackedStats).map(([field, kind]) => [
      field,
      measured(tracking[kind], stats[field as keyof typeof trackedStats]),
    ]),
  ) as Record<keyof typeof trackedStats, number | null>;
  return {
    ...stats,
    ...tracked,
    bounce_rate: rateOf(stats.bounced_hard + stats.bounced_soft + stats.blocked, stats.sent),
    reply_rate: rateOf(stats.replied, stats.sent),
    open_rate: tracked.opened === null ? null : rateOf(stats.opened, stats.sent),
    click_rate: tracked.clicked === null ? null : rateOf(stats.clicked, stats.sent),
  };
}

/** An arm of a comparison. */
export interface Arm {
  readonly variant: string;
  readonly sent: number;
  readonly replied: number;
}

const armSentMin = 100;

/**
 * Compares the two variants with the most replies per message: a two-proportion z-test, two-sided. `winner` only with at least 100 messages
 * of every variant and p < 0.05 on replies, divided by the number of comparisons (Bonferroni).
 */
export function compare(arms: readonly Arm[]): { readonly winner: string | null; readonly p: number | null } {
  const [best, second] = arms.toSorted((one, other) => shareOf(other) - shareOf(one));
  if (best === undefined || second === undefined || arms.some(({ sent }) => sent < armSentMin))
    return { winner: null, p: null };
  const pooled = (best.replied + second.replied) / (best.sent + second.sent);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / best.sent + 1 / second.sent));
  const p = error === 0 ? 1 : 2 * (1 - normal((shareOf(best) - shareOf(second)) / error));
  return { winner: p < 0.05 / (arms.length - 1) ? best.variant : null, p: Math.round(p * 10_000) / 10_000 };
}

const shareOf = ({ sent, replied }: Arm): number => (sent === 0 ? 0 : replied / sent);

/** The distribution function of the normal distribution, to 7 digits (Abramowitz and Stegun 26.2.17). Of a number that is not negative. */
function normal(x: number): number {
  const t = 1 / (1 + 0.2316419 * x);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

/** What each number counts, and what it is divided by. */
export const definitions = {
  contacted: 'Leads of which a server accepted at least one message.',
  sent: 'Messages that a server accepted.',
  delivered: 'Messages of which a server reported the delivery; most servers report none.',
  bounced: 'Messages that were refused for good, or reported as undeliverable.',
  opened:
    'Leads, or messages in a breakdown, that a person opened. Machines and proxies do not count. null: not measured.',
  clicked: 'Leads, or messages in a breakdown, of which a person clicked a link. null: not measured.',
  replied: 'Leads of which a person replied; in a breakdown, on the last message before the reply.',
  positive_replies:
    'Leads with a reply that is `interested`, `meeting_request` or `question`; in a breakdown, on the message that the first of these answers.',
  bounce: 'Bounced messages divided by sent messages.',
  rates: 'All other rates of the campaign are divided by contacted leads; those of a breakdown by sent messages.',
  interval: '`low` and `high` are the bounds of the 95 % Wilson score interval.',
  time_to_reply:
    'The median of the times from the last message that a server accepted before the first reply of a person, to that reply. Of a step: of the replies that followed it. Automatic replies do not count. null: nobody replied.',
  day: 'The UTC day on which the message was sent, whatever the day of the reply.',
  winner: 'Of at least 100 messages of each variant, with p < 0.05 on replies. Opens never decide.',
} as const;
