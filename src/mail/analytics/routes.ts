import { z } from 'zod';
import { dayMs, dayOf } from '../../base/clock.ts';
import { notFound, unreachable } from '../../base/errors.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { replyClasses } from '../replies/index.ts';
import type { ReplyClass } from '../replies/index.ts';
import { statsOf, totalsOf } from './analytics.ts';
import { noFigures, statFields, totalFields } from './figures.ts';
import type { Dimension, Figures } from './figures.ts';
import { mailboxFigures, measuredCampaign, overview, repliesOf, replyTimes } from './queries.ts';
import type { MailboxFigures, MeasuredCampaign, Overview, Reach, ReplyTime, StatsRow } from './queries.ts';
import { campaignFigures, campaignRates, compare, definitions, messageFigures } from './report.ts';

/** Rows of a breakdown. */
const rowsMax = 100;
/** Days of a breakdown. */
const daysMax = 366;
/** Replies whose times are read. */
const repliesMax = 10_000;
/** How far back the figures of mailboxes go. */
const recentMs = 30 * dayMs;

export interface Analytics {
  readonly routes: readonly Route[];
  /** The sums of all campaigns that the caller sees. */
  overview(reach: Reach): Promise<Overview>;
  /** @throws ApiError `not_found` */
  campaign(
    reach: Reach,
    id: string,
  ): Promise<{
    readonly totals: Figures;
    readonly days: readonly StatsRow[];
    readonly tracking: MeasuredCampaign['tracking'];
  }>;
  /** What became of the messages that campaigns sent from mailboxes in the last 30 days, by mailbox; those without any are missing. */
  mailboxes(
    organization: OrganizationId,
    ids: readonly MailboxId[],
  ): Promise<ReadonlyMap<MailboxId, Omit<MailboxFigures, 'mailbox_id'>>>;
}

export interface AnalyticsOptions {
  readonly db: Queryable;
  /** An organization's own time, in Unix milliseconds. */
  readonly nowOf: (on: Queryable, organization: OrganizationId) => Promise<number>;
}

// On the wire ---------------------------------------------------------------------------------------

const count = z.number().int();
const rate = z
  .object({ count, of: count, value: z.number(), low: z.number(), high: z.number() })
  .nullable()
  .describe('A share, between 0 and 1, with its 95 % interval. Null: nothing to divide by, or not measured.')
  .meta({ id: 'Rate' });
const tracked = ['opened', 'opened_machine', 'clicked', 'clicked_machine'] as const;
const counts = (fields: readonly string[]): Record<string, z.ZodType> =>
  Object.fromEntries(
    fields.map((field) => [field, (tracked as readonly string[]).includes(field) ? count.nullable() : count]),
  );
const totalsShape = z.object(counts(totalFields)).meta({ id: 'CampaignTotals' });
const ratesShape = z.object({
  bounce: rate,
  reply: rate,
  positive_reply: rate,
  open: rate,
  click: rate,
  unsubscribe: rate,
  complaint: rate,
});
const replyTime = z
  .object({ replies: count, median_seconds: z.number() })
  .nullable()
  .describe(`Over the newest ${repliesMax.toLocaleString('en')} replies of the campaign. Null: nobody replied.`)
  .meta({ id: 'TimeToReply' });
const row = (keys: Record<string, z.ZodType>) =>
  z.object({
    ...keys,
    ...counts(statFields),
    bounce_rate: rate,
    reply_rate: rate,
    open_rate: rate,
    click_rate: rate,
  });
const shape = z
  .object({
    campaign_id: z.uuid(),
    totals: totalsShape,
    rates: ratesShape,
    replies: z
      .object(Object.fromEntries(replyClasses.map((name) => [name, count])) as Record<ReplyClass, typeof count>)
      .describe('Replies by what they mean; a lead may have several.'),
    time_to_reply: replyTime,
    steps: z.array(row({ step_id: z.uuid(), time_to_reply: replyTime })),
    variants: z.array(row({ step_id: z.uuid(), variant: z.string() })),
    comparisons: z.array(z.object({ step_id: z.uuid(), winner: z.string().nullable(), p: z.number().nullable() })),
    mailboxes: z.array(row({ mailbox_id: z.uuid() })),
    providers: z.array(row({ provider: z.string() })),
    days: z.array(row({ day: z.iso.date() })).describe('The newest first.'),
    definitions: z.record(z.string(), z.string()),
  })
  .meta({ id: 'CampaignAnalytics' });

/** Every class, those without replies as 0. */
function repliesOnWire(rows: readonly { classification: string; replies: number }[]): Record<ReplyClass, number> {
  const found = new Map(rows.map(({ classification, replies }) => [classification, replies]));
  return Object.fromEntries(replyClasses.map((name) => [name, found.get(name) ?? 0])) as Record<ReplyClass, number>;
}

const exampleTotals: Figures = {
  ...noFigures,
  leads: 400,
  open: 100,
  verified: 400,
  contacted: 280,
  sent: 510,
  bounced: 6,
  replied: 21,
};
const untracked = { opens: false, clicks: false };
const example = {
  campaign_id: '0199c9f3-0000-7000-8000-000000000001',
  totals: campaignFigures(exampleTotals, untracked),
  rates: campaignRates(exampleTotals, untracked),
  replies: repliesOnWire([
    { classification: 'interested', replies: 6 },
    { classification: 'not_interested', replies: 11 },
    { classification: 'out_of_office', replies: 9 },
  ]),
  time_to_reply: { replies: 21, median_seconds: 15_480 },
  steps: [],
  variants: [],
  comparisons: [],
  mailboxes: [],
  providers: [],
  days: [],
  definitions,
};

const overviewShape = z
  .object({
    campaigns: count,
    active_campaigns: count,
    totals: totalsShape,
    rates: ratesShape,
  })
  .meta({ id: 'AnalyticsOverview' });

const replyTimeOf = (times: readonly ReplyTime[], step: string | null): z.input<typeof replyTime> => {
  const found = times.find((row) => row.step_id === step);
  return found === undefined ? null : { replies: found.replies, median_seconds: Math.round(found.median_seconds) };
};

/** Figures and rates of a whole campaign, with its breakdowns. */
async function reportOf(db: Queryable, { id, tracking }: MeasuredCampaign): Promise<z.input<typeof shape>> {
  const by = (dimension: Dimension) => statsOf(db, [id], dimension, dimension === 'day' ? daysMax : rowsMax);
  const [totals, replies, times, steps, variants, mailboxes, providers, days] = await Promise.all([
    totalsOf(db, [id]),
    repliesOf(db, id),
    replyTimes(db, id, repliesMax),
    by('step'),
    by('variant'),
    by('mailbox'),
    by('provider'),
    by('day'),
  ]);
  const figures = totals.get(id) ?? noFigures;
  const shown =
    <Key extends object>(keyOf: (row: { step_id: string | null; key: string | null }) => Key) =>
    ({ campaign_id: _campaign, step_id, key, ...stats }: StatsRow) => ({
      ...keyOf({ step_id, key }),
      ...messageFigures(stats, tracking),
    });
  const arms = Map.groupBy(
    variants.filter(({ key }) => key !== ''),
    (each) => each.step_id,
  );
  return {
    campaign_id: id,
    totals: campaignFigures(figures, tracking),
    rates: campaignRates(figures, tracking),
    replies: repliesOnWire(replies),
    time_to_reply: replyTimeOf(times, null),
    steps: steps.map(
      shown(({ step_id: step }) => ({ step_id: step ?? '', time_to_reply: replyTimeOf(times, step ?? '') })),
    ),
    variants: variants.map(shown(({ step_id: step, key }) => ({ step_id: step ?? '', variant: key ?? '' }))),
    comparisons: [...arms].map(([step, rows]) => ({
      step_id: step ?? '',
      ...compare(rows.map(({ key, sent, replied }) => ({ variant: key ?? '', sent, replied }))),
    })),
    mailboxes: mailboxes.map(shown(({ key }) => ({ mailbox_id: key ?? '' }))),
    providers: providers.map(shown(({ key }) => ({ provider: key ?? '' }))),
    days: days.map(shown(({ key }) => ({ day: key ?? '' }))),
    definitions,
  };
}

/**
 * Composes the reports.
 * @example
 * const { routes } = createAnalytics({ db, nowOf: clocks.nowOf });
 */
export function createAnalytics({ db, nowOf }: AnalyticsOptions): Analytics {
  const seen = async (reach: Reach, id: string): Promise<MeasuredCampaign> => {
    const campaign = await measuredCampaign(db, reach, id);
    if (campaign === undefined) throw notFound('Campaign');
    return campaign;
  };
  const sums = async (reach: Reach): Promise<Overview> =>
    (await overview(db, reach)) ?? Promise.reject(unreachable('no sums of campaigns'));
  const common = { tag: 'Campaigns', scope: 'campaigns:read', boundKeys: 'own' } as const;
  return {
    overview: sums,
    async campaign(reach, id) {
      const { tracking } = await seen(reach, id);
      const [totals, days] = await Promise.all([totalsOf(db, [id]), statsOf(db, [id], 'day', daysMax)]);
      return { totals: totals.get(id) ?? noFigures, days, tracking };
    },
    async mailboxes(organization, ids) {
      const since = dayOf((await nowOf(db, organization)) - recentMs);
      const rows = ids.length === 0 ? [] : await mailboxFigures(db, ids, since);
      return new Map(rows.map(({ mailbox_id: id, ...figures }) => [id as MailboxId, figures]));
    },
    routes: [
      route({
        ...common,
        method: 'GET',
        path: '/v1/analytics',
        summary: 'Get the figures of all campaigns',
        operationId: 'getAnalyticsOverview',
        answers: {
          200: {
            description: 'The sums of the campaigns of the organization, or of the workspace of the key.',
            schema: dataOf(overviewShape),
            example: {
              data: {
                campaigns: 3,
                active_campaigns: 1,
                totals: campaignFigures(exampleTotals, untracked),
                rates: campaignRates(exampleTotals, untracked),
              },
            },
          },
        },
        handle: async (_request, principal) => {
          const {
            campaigns,
            active_campaigns: active,
            tracks_opens: opens,
            tracks_clicks: clicks,
            ...figures
          } = await sums(principal);
          const tracking = { opens, clicks };
          const totals = campaignFigures(figures, tracking);
          const rates = campaignRates(figures, tracking);
          return { status: 200, body: { data: { campaigns, active_campaigns: active, totals, rates } } };
        },
      }),
      route({
        ...common,
        method: 'GET',
        path: '/v1/campaigns/:id/analytics',
        summary: 'Get the figures of a campaign',
        description: `Totals and rates, and the figures of messages by step, variant, mailbox, provider of the recipient and day, each with what it is divided by. A breakdown has the ${rowsMax} rows with the most messages, and the newest ${daysMax} days. What is not tracked is null, not 0.`,
        operationId: 'getCampaignAnalytics',
        params: z.object({ id: z.uuid() }),
        answers: {
          200: { description: 'The figures.', schema: dataOf(shape), example: { data: example } },
          404: { description: 'No such campaign.' },
        },
        handle: async ({ params }, principal) => ({
          status: 200,
          body: { data: await reportOf(db, await seen(principal, params.id)) },
        }),
      }),
    ],
  };
}
