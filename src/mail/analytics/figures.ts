/** Of a campaign as a whole. Leads are counted once, messages each. */
export const totalFields = [
  'leads',
  'open',
  'verified',
  'contacted',
  'sent',
  'delivered',
  'bounced',
  'opened',
  'clicked',
  'replied',
  'positive_replies',
  'unsubscribed',
  'complained',
  'meetings',
  'skipped',
  'failed',
] as const;

/** Of messages, by what is compared. */
export const statFields = [
  'sent',
  'delivered',
  'deferred',
  'bounced_hard',
  'bounced_soft',
  'blocked',
  'failed',
  'unknown',
  'opened',
  'opened_machine',
  'clicked',
  'clicked_machine',
  'replied',
  'positive_replies',
  'unsubscribed',
  'complained',
] as const;

export type TotalField = (typeof totalFields)[number];
export type StatField = (typeof statFields)[number];
export type Figures = Record<TotalField, number>;
export type Stats = Record<StatField, number>;

/** The message that figures are about: the day (UTC, `YYYY-MM-DD`) on which it was sent, whatever the day of the reply. */
export interface StatKey {
  readonly day: string;
  readonly stepId: string;
  readonly variant: string | null;
  readonly mailboxId: string;
  readonly provider: string | null;
}

/** What is added to the figures of a campaign; negative numbers take away. */
export interface Delta {
  readonly campaignId: string;
  readonly organizationId: string;
  readonly totals?: Partial<Figures>;
  readonly stats?: StatKey & Partial<Stats>;
}

export const noFigures: Figures = Object.fromEntries(totalFields.map((field) => [field, 0])) as Figures;

/** How the figures of messages can be grouped. A variant belongs to its step. */
export const dimensions = ['step', 'variant', 'mailbox', 'provider', 'day'] as const;
export type Dimension = (typeof dimensions)[number];

/** The provider of a recipient whose domain was not looked up. */
export const unknownProvider = 'unknown';

function add<Field extends string>(
  sum: Record<Field, number>,
  fields: readonly Field[],
  more: Partial<Record<Field, number>>,
) {
  for (const field of fields) sum[field] += more[field] ?? 0;
}

export interface TotalsDelta extends Figures {
  readonly campaignId: string;
  readonly organizationId: string;
}

export interface StatsDelta extends Stats {
  readonly campaignId: string;
  readonly organizationId: string;
  readonly day: string;
  readonly stepId: string;
  readonly variant: string;
  readonly mailboxId: string;
  readonly provider: string;
}

const noStats = Object.fromEntries(statFields.map((field) => [field, 0])) as Stats;

/** Deltas as rows to upsert: one for each campaign, and one for each combination of campaign, day, step, variant, mailbox and provider. */
export function merge(deltas: readonly Delta[]): { totals: TotalsDelta[]; stats: StatsDelta[] } {
  const totals = new Map<string, TotalsDelta>();
  const stats = new Map<string, StatsDelta>();
  for (const { campaignId, organizationId, totals: ofCampaign, stats: ofMessage } of deltas) {
    if (ofCampaign !== undefined) {
      const sum = totals.get(campaignId) ?? { campaignId, organizationId, ...noFigures };
      add(sum, totalFields, ofCampaign);
      totals.set(campaignId, sum);
    }
    if (ofMessage === undefined) continue;
    const { day, stepId, mailboxId } = ofMessage;
    const variant = ofMessage.variant ?? '';
    const provider = ofMessage.provider ?? unknownProvider;
    const key = [campaignId, day, stepId, variant, mailboxId, provider].join('\n');
    const sum = stats.get(key) ?? { campaignId, organizationId, day, stepId, variant, mailboxId, provider, ...noStats };
    add(sum, statFields, ofMessage);
    stats.set(key, sum);
  }
  return { totals: [...totals.values()], stats: [...stats.values()] };
}
