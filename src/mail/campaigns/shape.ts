import { z } from 'zod';
import { exampleIds } from '../../events/index.ts';
import { shown } from '../../http/shown.ts';
import type { Figures, StatsRow } from '../analytics/index.ts';
import { scheduleShape } from '../schedule/index.ts';
import { campaignStatuses, pauseReasons } from './campaign.ts';
import type { Campaign, CampaignStatus, Step } from './campaign.ts';
import type { Search } from './queries.ts';

/** Campaigns on the wire. */

const time = z.iso.datetime();
const stages = ['pending', 'running', 'done', 'skipped'] as const;
type Stage = (typeof stages)[number];
const stage = z.enum(stages);
/** Null: not measured, because tracking is off. */
const measured = z.int().nullable();

const stepMetrics = z.object({
  sent: z.int(),
  delivered: z.int(),
  bounced: z.int(),
  opened: measured,
  clicked: measured,
  replied: z.int(),
  positive_replies: z.int(),
  unsubscribed: z.int(),
});

const variantShape = z.object({
  id: z.string(),
  subject: z.string().nullable(),
  body: z.string().nullable(),
  weight: z.int(),
  enabled: z.boolean(),
});

export const stepShape = z
  .object({
    id: z.uuid(),
    number: z.int().describe('Its place in the sequence, from 1.'),
    status: stage,
    name: z.string().nullable(),
    subject: z.string().nullable(),
    body: z.string(),
    format: z.enum(['text', 'html']),
    delay_days: z.int(),
    delay_hours: z.int(),
    business_days: z.boolean(),
    send_only_if_no_reply: z.boolean(),
    variants: z.array(variantShape),
    revision: z.int(),
    metrics: stepMetrics,
  })
  .meta({ id: 'CampaignStep' });

export const pipelineShape = z
  .object({
    step: z.enum(['discover', 'verify', 'send']),
    status: stage.describe('`skipped`: the campaign has no such stage.'),
    leads: z.int().optional(),
    added: z.int().optional().describe('Of these, leads that were added in the background.'),
    job_id: z.uuid().optional().describe('The last search: `GET /v1/discovery-jobs/{id}`.'),
    searched: z.int().optional().describe('People whom searches looked at.'),
    accepted: z.int().optional().describe('Of these, those that match the profile.'),
    without_lawful_basis: z.int().optional().describe('Of the accepted ones, those that did not become leads.'),
    skipped: z
      .int()
      .optional()
      .describe('Contacts that were not added in the background: `GET /v1/campaigns/{id}/leads/additions`.'),
    verified: z.int().optional(),
    pending: z.int().optional().describe('Leads whose address has no verdict yet.'),
    contacted: z.int().optional(),
    sent: z.int().optional(),
    open: z.int().optional().describe('Leads that may be sent another message.'),
    error: z
      .string()
      .nullable()
      .optional()
      .describe(
        'Why the stage stopped: the last search failed or waits, the verifier gives no answer, the campaign was paused.',
      ),
  })
  .meta({ id: 'CampaignStage' });

const metricsShape = z
  .object({
    leads: z.int(),
    contacted: z.int(),
    sent: z.int(),
    delivered: z.int(),
    bounced: z.int(),
    opened: measured.describe('Messages that a person opened. Null: not measured, because tracking of opens is off.'),
    clicked: measured.describe('Messages in which a person clicked. Null: not measured.'),
    replied: z.int(),
    positive_replies: z.int(),
    unsubscribed: z.int(),
    meetings: z.int(),
    skipped: z.int(),
  })
  .meta({ id: 'CampaignMetrics' });

export const campaignShape = z
  .object({
    id: z.uuid(),
    workspace_id: z.uuid().nullable(),
    name: z.string(),
    goal: z.string().nullable(),
    context: z.string().nullable(),
    status: z.enum(campaignStatuses),
    pause_reason: z.enum(pauseReasons).nullable(),
    pause_detail: z.string().nullable().describe('The reason as a sentence, with its numbers.'),
    icp: z.record(z.string(), z.unknown()).describe('Whom it is for, as it was when the campaign was created.'),
    mailbox_ids: z.array(z.uuid()),
    schedule: scheduleShape,
    daily_limit: z.int().nullable(),
    new_leads_limit: z.int().nullable(),
    tracking: z.object({ opens: z.boolean(), clicks: z.boolean() }),
    stop: z.object({ on_reply: z.boolean(), company: z.enum(['off', 'campaign', 'workspace']) }),
    unsubscribe: z.enum(['header', 'body', 'both']),
    topic_id: z.uuid().nullable(),
    verification: z.enum(['deliverable', 'risky', 'off']),
    cooldown_days: z.int(),
    company_max: z.int(),
    new_leads_first: z.boolean(),
    pipeline: z.array(pipelineShape),
    sequence: z.array(stepShape),
    metrics: metricsShape,
    revision: z.int().describe('Counts edits and changes of the state; also the `ETag`.'),
    starts_at: time.nullable(),
    waits_for_start: z
      .boolean()
      .describe('A draft that was launched, and starts at `starts_at`. Setting that to null ends it.'),
    started_at: time.nullable(),
    completed_at: time.nullable(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Campaign' });

type OnWire = z.input<typeof campaignShape>;

/** What a campaign is shown with. */
export interface Context {
  readonly steps: readonly Step[];
  readonly mailboxIds: readonly string[];
  readonly totals: Figures;
  /** By step. */
  readonly stats: ReadonlyMap<string, StatsRow>;
  /** Additions in the background. */
  readonly adding: Adding;
  /** Searches for its leads, if there was one. */
  readonly search: Search | undefined;
  /** Why the verifier of the organization gave no answer the last time. */
  readonly verifierProblem: string | null;
}

/** Leads that are added, and those that were, in the background. */
export interface Adding {
  readonly isRunning: boolean;
  readonly added: number;
  readonly skipped: number;
}

/** Tracking that was switched off later has measured something. */
const measuredOf = (isOn: boolean, count: number): number | null => (isOn || count > 0 ? count : null);

/** A campaign as the API shows it. */
export function campaignOnWire(row: Campaign, context: Context): OnWire {
  const { steps, mailboxIds, totals, stats, adding, search, verifierProblem } = context;
  const { opens, clicks } = row.tracking;
  return shown(campaignShape, {
    ...row,
    schedule: {
      ...row.schedule,
      windows: row.schedule.windows.map((window) => ({ ...window, days: [...window.days] })),
      holidays: [...row.schedule.holidays],
      dates: [...row.schedule.dates],
    },
    mailbox_ids: mailboxIds,
    waits_for_start: row.waits_for_start && row.status === 'draft',
    pipeline: pipelineOf(row, totals, { adding, search, verifierProblem }),
    sequence: steps.map((step, index) => stepOnWire(row, step, index + 1, stats.get(step.id))),
    metrics: {
      leads: totals.leads,
      contacted: totals.contacted,
      sent: totals.sent,
      delivered: totals.delivered,
      bounced: totals.bounced,
      opened: measuredOf(opens, totals.opened),
      clicked: measuredOf(clicks, totals.clicked),
      replied: totals.replied,
      positive_replies: totals.positive_replies,
      unsubscribed: totals.unsubscribed,
      meetings: totals.meetings,
      skipped: totals.skipped,
    },
  });
}

function stepOnWire(
  { status, tracking }: Campaign,
  step: Step,
  number: number,
  stats: StatsRow | undefined,
): z.input<typeof stepShape> {
  const sent = stats?.sent ?? 0;
  return {
    id: step.id,
    number,
    status: stepStatus(status, sent),
    name: step.name,
    subject: step.subject,
    body: step.body,
    format: step.format,
    delay_days: step.delay_days,
    delay_hours: step.delay_hours,
    business_days: step.business_days,
    send_only_if_no_reply: step.send_only_if_no_reply,
    variants: [...step.variants],
    revision: step.revision,
    metrics: {
      sent,
      delivered: stats?.delivered ?? 0,
      bounced: (stats?.bounced_hard ?? 0) + (stats?.bounced_soft ?? 0) + (stats?.blocked ?? 0),
      opened: measuredOf(tracking.opens, stats?.opened ?? 0),
      clicked: measuredOf(tracking.clicks, stats?.clicked ?? 0),
      replied: stats?.replied ?? 0,
      positive_replies: stats?.positive_replies ?? 0,
      unsubscribed: stats?.unsubscribed ?? 0,
    },
  };
}

const isOver = (status: CampaignStatus): boolean => status === 'completed' || status === 'archived';

/** `skipped`: nobody got it before the end. */
function stepStatus(status: CampaignStatus, sent: number): Stage {
  if (isOver(status)) return sent > 0 ? 'done' : 'skipped';
  return sent > 0 ? 'running' : 'pending';
}

function pipelineOf(
  { status, verification, pause_reason: reason, pause_detail: detail }: Campaign,
  { leads, verified, contacted, sent, open }: Figures,
  { adding, search, verifierProblem }: Pick<Context, 'adding' | 'search' | 'verifierProblem'>,
): z.input<typeof pipelineShape>[] {
  const found = leads > 0 || (search !== undefined && search.job_status !== 'cancelled') ? 'done' : 'pending';
  const isFinding = adding.isRunning || (search?.unfinished ?? 0) > 0;
  const checked = leads > 0 && verified >= leads ? 'done' : status === 'draft' || leads === 0 ? 'pending' : 'running';
  const written = status === 'draft' ? 'pending' : isOver(status) ? (sent > 0 ? 'done' : 'skipped') : 'running';
  return [
    {
      step: 'discover',
      status: isFinding ? 'running' : found,
      leads,
      added: adding.added + (search?.added ?? 0),
      skipped: adding.skipped,
      ...(search === undefined
        ? {}
        : {
            job_id: search.job_id,
            searched: search.searched,
            accepted: search.accepted,
            without_lawful_basis: search.without_lawful_basis,
            error: search.job_status === 'failed' ? (search.error ?? 'The search failed.') : search.waiting,
          }),
    },
    {
      step: 'verify',
      status: verification === 'off' ? 'skipped' : checked,
      verified,
      pending: Math.max(0, leads - verified),
      ...(verification === 'off' || verified >= leads || verifierProblem === null ? {} : { error: verifierProblem }),
    },
    {
      step: 'send',
      status: written,
      contacted,
      sent,
      open,
      ...(status === 'paused' ? { error: detail ?? `The campaign is paused: ${reason ?? 'user'}.` } : {}),
    },
  ];
}

export const campaignExample: OnWire = {
  id: exampleIds.campaign,
  workspace_id: null,
  name: 'Spring launch',
  goal: 'Meetings with heads of research',
  context: null,
  status: 'active',
  pause_reason: null,
  pause_detail: null,
  icp: { industries: ['Analytical engines'], countries: ['GB', 'NO'] },
  mailbox_ids: [exampleIds.mailbox],
  schedule: {
    timezone: 'Europe/Oslo',
    use_lead_timezone: false,
    windows: [{ days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' }],
    holidays: ['NO'],
    dates: [],
  },
  daily_limit: 50,
  new_leads_limit: null,
  tracking: { opens: false, clicks: false },
  stop: { on_reply: true, company: 'campaign' },
  unsubscribe: 'header',
  topic_id: null,
  verification: 'risky',
  cooldown_days: 30,
  company_max: 3,
  new_leads_first: false,
  pipeline: [
    { step: 'discover', status: 'done', leads: 40, added: 40, skipped: 2 },
    { step: 'verify', status: 'done', verified: 40, pending: 0 },
    { step: 'send', status: 'running', contacted: 12, sent: 12, open: 38 },
  ],
  sequence: [
    {
      id: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f531',
      number: 1,
      status: 'running',
      name: null,
      subject: 'Your engine, {{first_name | default: "there"}}',
      body: 'Hi {{first_name | default: "there"}},\n\nhow do you compute Bernoulli numbers today?',
      format: 'text',
      delay_days: 0,
      delay_hours: 0,
      business_days: false,
      send_only_if_no_reply: true,
      variants: [],
      revision: 1,
      metrics: {
        sent: 12,
        delivered: 0,
        bounced: 0,
        opened: null,
        clicked: null,
        replied: 1,
        positive_replies: 1,
        unsubscribed: 0,
      },
    },
  ],
  metrics: {
    leads: 40,
    contacted: 12,
    sent: 12,
    delivered: 0,
    bounced: 0,
    opened: null,
    clicked: null,
    replied: 1,
    positive_replies: 1,
    unsubscribed: 0,
    meetings: 0,
    skipped: 1,
  },
  revision: 1,
  starts_at: null,
  waits_for_start: false,
  started_at: '2026-01-05T09:00:00.000Z',
  completed_at: null,
  created_at: '2026-01-05T08:55:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};
