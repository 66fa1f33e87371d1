import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { Dimension, Figures, Stats, StatField, StatsDelta, TotalField, TotalsDelta } from './figures.ts';

export interface Totals extends Figures {
  campaign_id: string;
  organization_id: OrganizationId;
}

/** Adds to the totals of campaigns. Rows are locked in the order of their ids, so that two transactions never wait for each other. */
export const addTotals = (tx: Transaction, rows: readonly TotalsDelta[]): Promise<Totals[]> => {
  const of = (field: TotalField): string => plainArray(rows.map((row) => row[field]));
  return tx.query(sql<Totals>`
    INSERT INTO campaign_totals AS t (campaign_id, organization_id, leads, open, verified, contacted, sent, delivered, bounced, opened, clicked, replied, positive_replies,
      unsubscribed, complained, meetings, skipped, failed)
    SELECT * FROM unnest(${plainArray(rows.map(({ campaignId }) => campaignId))}::uuid[], ${plainArray(rows.map(({ organizationId }) => organizationId))}::uuid[],
      ${of('leads')}::int8[], ${of('open')}::int8[], ${of('verified')}::int8[], ${of('contacted')}::int8[], ${of('sent')}::int8[], ${of('delivered')}::int8[],
      ${of('bounced')}::int8[], ${of('opened')}::int8[], ${of('clicked')}::int8[], ${of('replied')}::int8[], ${of('positive_replies')}::int8[],
      ${of('unsubscribed')}::int8[], ${of('complained')}::int8[], ${of('meetings')}::int8[], ${of('skipped')}::int8[], ${of('failed')}::int8[]) AS n (campaign_id) ORDER BY n.campaign_id
    ON CONFLICT (campaign_id) DO UPDATE SET leads = t.leads + excluded.leads, open = t.open + excluded.open, verified = t.verified + excluded.verified,
      contacted = t.contacted + excluded.contacted, sent = t.sent + excluded.sent, delivered = t.delivered + excluded.delivered, bounced = t.bounced + excluded.bounced,
      opened = t.opened + excluded.opened, clicked = t.clicked + excluded.clicked, replied = t.replied + excluded.replied,
      positive_replies = t.positive_replies + excluded.positive_replies, unsubscribed = t.unsubscribed + excluded.unsubscribed, complained = t.complained + excluded.complained,
      meetings = t.meetings + excluded.meetings, skipped = t.skipped + excluded.skipped, failed = t.failed + excluded.failed
    RETURNING t.*`);
};

/** Adds to the figures of messages. Rows are locked in the order of their keys. */
export const addStats = (tx: Transaction, rows: readonly StatsDelta[]): Promise<number> => {
  const of = (field: StatField): string => plainArray(rows.map((row) => row[field]));
  return tx.execute(sql`
    INSERT INTO campaign_stats AS s (campaign_id, organization_id, day, step_id, variant, mailbox_id, provider, sent, delivered, deferred, bounced_hard, bounced_soft, blocked, failed,
      unknown, opened, opened_machine, clicked, clicked_machine, replied, positive_replies, unsubscribed, complained)
    SELECT * FROM unnest(${plainArray(rows.map(({ campaignId }) => campaignId))}::uuid[], ${plainArray(rows.map(({ organizationId }) => organizationId))}::uuid[],
      ${plainArray(rows.map(({ day }) => day))}::date[], ${plainArray(rows.map(({ stepId }) => stepId))}::uuid[], ${rows.map(({ variant }) => variant)}::text[],
      ${plainArray(rows.map(({ mailboxId }) => mailboxId))}::uuid[], ${rows.map(({ provider }) => provider)}::text[],
      ${of('sent')}::int8[], ${of('delivered')}::int8[], ${of('deferred')}::int8[], ${of('bounced_hard')}::int8[], ${of('bounced_soft')}::int8[], ${of('blocked')}::int8[],
      ${of('failed')}::int8[], ${of('unknown')}::int8[], ${of('opened')}::int8[], ${of('opened_machine')}::int8[], ${of('clicked')}::int8[], ${of('clicked_machine')}::int8[],
      ${of('replied')}::int8[], ${of('positive_replies')}::int8[], ${of('unsubscribed')}::int8[], ${of('complained')}::int8[])
      AS n (campaign_id, organization_id, day, step_id, variant, mailbox_id, provider) ORDER BY n.campaign_id, n.day, n.step_id, n.variant, n.mailbox_id, n.provider
    ON CONFLICT (campaign_id, day, step_id, variant, mailbox_id, provider) DO UPDATE SET sent = s.sent + excluded.sent, delivered = s.delivered + excluded.delivered,
      deferred = s.deferred + excluded.deferred, bounced_hard = s.bounced_hard + excluded.bounced_hard, bounced_soft = s.bounced_soft + excluded.bounced_soft,
      blocked = s.blocked + excluded.blocked, failed = s.failed + excluded.failed, unknown = s.unknown + excluded.unknown, opened = s.opened + excluded.opened,
      opened_machine = s.opened_machine + excluded.opened_machine, clicked = s.clicked + excluded.clicked, clicked_machine = s.clicked_machine + excluded.clicked_machine,
      replied = s.replied + excluded.replied, positive_replies = s.positive_replies + excluded.positive_replies, unsubscribed = s.unsubscribed + excluded.unsubscribed,
      complained = s.complained + excluded.complained`);
};

/** Replies of a campaign, by what they mean. */
export interface ClassCount {
  readonly campaignId: string;
  readonly organizationId: string;
  readonly classification: string;
  /** How many more; negative: fewer. */
  readonly replies: number;
}

/** Adds to the replies of campaigns. Rows are locked in the order of their keys. */
export const addReplies = (tx: Transaction, rows: readonly ClassCount[]): Promise<number> =>
  tx.execute(sql`
    INSERT INTO campaign_replies AS r (campaign_id, classification, organization_id, replies)
    SELECT n.campaign_id, n.classification, n.organization_id, sum(n.replies)
    FROM unnest(${plainArray(rows.map(({ campaignId }) => campaignId))}::uuid[], ${rows.map(({ classification }) => classification)}::text[],
      ${plainArray(rows.map(({ organizationId }) => organizationId))}::uuid[], ${plainArray(rows.map(({ replies }) => replies))}::int8[]) AS n (campaign_id, classification, organization_id, replies)
    GROUP BY 1, 2, 3 ORDER BY 1, 2
    ON CONFLICT (campaign_id, classification) DO UPDATE SET replies = r.replies + excluded.replies`);

export const repliesOf = (on: Queryable, campaign: string): Promise<{ classification: string; replies: number }[]> =>
  on.query(sql<{ classification: string; replies: number }>`
    SELECT classification, replies FROM campaign_replies WHERE campaign_id = ${campaign}`);

/** What became of the messages of a mailbox. */
export interface MailboxFigures {
  readonly mailbox_id: string;
  readonly sent: number;
  readonly bounced: number;
  readonly replied: number;
}

/** Of messages that campaigns sent from these mailboxes on this UTC day (`YYYY-MM-DD`) or later; mailboxes without any are missing. */
export const mailboxFigures = (
  on: Queryable,
  mailboxIds: readonly string[],
  sinceDay: string,
): Promise<MailboxFigures[]> =>
  on.query(sql<MailboxFigures>`
    SELECT mailbox_id, sum(sent)::int8 AS sent, sum(bounced_hard + bounced_soft + blocked)::int8 AS bounced, sum(replied)::int8 AS replied FROM campaign_stats
    WHERE mailbox_id = ANY(${plainArray(mailboxIds)}::uuid[]) AND day >= ${sinceDay}::date GROUP BY mailbox_id`);

/** What became of the messages that campaigns sent from a mailbox on a UTC day (`YYYY-MM-DD`). */
export interface MailboxDay extends Omit<MailboxFigures, 'mailbox_id'> {
  readonly day: string;
}

/** From a day on; days without any are missing. */
export const mailboxDays = (on: Queryable, mailbox: string, sinceDay: string): Promise<MailboxDay[]> =>
  on.query(sql<MailboxDay>`
    SELECT day::text AS day, sum(sent)::int8 AS sent, sum(bounced_hard + bounced_soft + blocked)::int8 AS bounced, sum(replied)::int8 AS replied FROM campaign_stats
    WHERE mailbox_id = ${mailbox} AND day >= ${sinceDay}::date GROUP BY day`);

export const totals = (on: Queryable, campaigns: readonly string[]): Promise<Totals[]> =>
  on.query(sql<Totals>`
    SELECT campaign_id, organization_id, leads, open, verified, contacted, sent, delivered, bounced, opened, clicked, replied, positive_replies, unsubscribed, complained, meetings,
      skipped, failed FROM campaign_totals WHERE campaign_id = ANY(${plainArray(campaigns)}::uuid[])`);

/** Figures of messages that have the key in the dimension that was asked for. */
export interface StatsRow extends Stats {
  campaign_id: string;
  /** Set for `step` and `variant`. */
  step_id: string | null;
  /** The variant, mailbox, provider or day; null for `step`. */
  key: string | null;
}

/** Sums by a dimension, at most `limit` rows, those with the most messages first; days in their order, the newest first. */
export const stats = (
  on: Queryable,
  campaigns: readonly string[],
  dimension: Dimension,
  limit: number,
): Promise<StatsRow[]> =>
  on.query(sql<StatsRow>`
    SELECT campaign_id, CASE WHEN ${dimension}::text IN ('step', 'variant') THEN step_id END AS step_id,
      CASE ${dimension}::text WHEN 'variant' THEN variant WHEN 'mailbox' THEN mailbox_id::text WHEN 'provider' THEN provider WHEN 'day' THEN day::text END AS key,
      sum(sent)::int8 AS sent, sum(delivered)::int8 AS delivered, sum(deferred)::int8 AS deferred, sum(bounced_hard)::int8 AS bounced_hard, sum(bounced_soft)::int8 AS bounced_soft,
      sum(blocked)::int8 AS blocked, sum(failed)::int8 AS failed, sum(unknown)::int8 AS unknown, sum(opened)::int8 AS opened, sum(opened_machine)::int8 AS opened_machine,
      sum(clicked)::int8 AS clicked, sum(clicked_machine)::int8 AS clicked_machine, sum(replied)::int8 AS replied, sum(positive_replies)::int8 AS positive_replies,
      sum(unsubscribed)::int8 AS unsubscribed, sum(complained)::int8 AS complained
    FROM campaign_stats WHERE campaign_id = ANY(${plainArray(campaigns)}::uuid[])
    GROUP BY 1, 2, 3 ORDER BY CASE WHEN ${dimension}::text = 'day' THEN max(day) END DESC, sum(sent) DESC, 2, 3 LIMIT ${limit}`);

/** The time to reply of a campaign, or of one of its steps. */
export interface ReplyTime {
  /** The step of the message before the reply; null: of the whole campaign. */
  step_id: string | null;
  replies: number;
  median_seconds: number;
}

/** Medians over the newest replies, at most `limit`: from the last message that was accepted before a lead's first reply, to that reply. */
export const replyTimes = (on: Queryable, campaign: string, limit: number): Promise<ReplyTime[]> =>
  on.query(sql<ReplyTime>`
    SELECT m.step_id, count(*) AS replies, percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM l.replied_at - m.sent_at)) AS median_seconds
    FROM (SELECT id, replied_at FROM campaign_leads WHERE campaign_id = ${campaign} AND replied_at IS NOT NULL ORDER BY replied_at DESC LIMIT ${limit}) AS l
      CROSS JOIN LATERAL (SELECT step_id, sent_at FROM messages
        WHERE lead_id = l.id AND direction = 'outbound' AND step_id IS NOT NULL AND sent_at <= l.replied_at ORDER BY sent_at DESC LIMIT 1) AS m
    GROUP BY GROUPING SETS ((), (m.step_id)) HAVING count(*) > 0`);

/** Of which campaigns a caller sees figures: those of an organization, or of one workspace. */
export interface Reach {
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | undefined;
}

export interface MeasuredCampaign {
  id: string;
  tracking: { opens: boolean; clicks: boolean };
}

export const measuredCampaign = async (
  on: Queryable,
  reach: Reach,
  id: string,
): Promise<MeasuredCampaign | undefined> =>
  (
    await on.query(sql<MeasuredCampaign>`
      SELECT id, tracking FROM campaigns
      WHERE id = ${id} AND organization_id = ${reach.organizationId} AND (${reach.workspaceId ?? null}::uuid IS NULL OR workspace_id = ${reach.workspaceId ?? null})`)
  )[0];

export interface Overview extends Figures {
  campaigns: number;
  active_campaigns: number;
  /** Whether any campaign tracks them. */
  tracks_opens: boolean;
  tracks_clicks: boolean;
}

/** The sums of all campaigns, from their totals. */
export const overview = async (on: Queryable, reach: Reach): Promise<Overview | undefined> =>
  (
    await on.query(sql<Overview>`
      SELECT count(*) AS campaigns, count(*) FILTER (WHERE c.status = 'active') AS active_campaigns,
        coalesce(bool_or((c.tracking->>'opens')::boolean), false) AS tracks_opens, coalesce(bool_or((c.tracking->>'clicks')::boolean), false) AS tracks_clicks, coalesce(sum(t.leads), 0)::int8 AS leads, coalesce(sum(t.open), 0)::int8 AS open,
        coalesce(sum(t.verified), 0)::int8 AS verified, coalesce(sum(t.contacted), 0)::int8 AS contacted, coalesce(sum(t.sent), 0)::int8 AS sent, coalesce(sum(t.delivered), 0)::int8 AS delivered,
        coalesce(sum(t.bounced), 0)::int8 AS bounced, coalesce(sum(t.opened), 0)::int8 AS opened, coalesce(sum(t.clicked), 0)::int8 AS clicked, coalesce(sum(t.replied), 0)::int8 AS replied,
        coalesce(sum(t.positive_replies), 0)::int8 AS positive_replies, coalesce(sum(t.unsubscribed), 0)::int8 AS unsubscribed, coalesce(sum(t.complained), 0)::int8 AS complained,
        coalesce(sum(t.meetings), 0)::int8 AS meetings, coalesce(sum(t.skipped), 0)::int8 AS skipped, coalesce(sum(t.failed), 0)::int8 AS failed
      FROM campaigns c LEFT JOIN campaign_totals t ON t.campaign_id = c.id
      WHERE c.organization_id = ${reach.organizationId} AND (${reach.workspaceId ?? null}::uuid IS NULL OR c.workspace_id = ${reach.workspaceId ?? null})`)
  )[0];
