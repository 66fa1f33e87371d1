import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { MailboxState } from '../mailboxes/index.ts';

/** A campaign, and one of its local days (`YYYY-MM-DD`). */
export interface CampaignDay {
  readonly campaignId: string;
  readonly day: string;
}

export interface DayRow {
  campaign_id: string;
  sent: number;
  new_leads: number;
}

/** Messages of campaigns on their days. */
export const daysOf = (on: Queryable, days: readonly CampaignDay[]): Promise<DayRow[]> =>
  on.query(sql<DayRow>`
    SELECT d.campaign_id, d.sent, d.new_leads
    FROM unnest(${plainArray(days.map(({ campaignId }) => campaignId))}::uuid[], ${plainArray(days.map(({ day }) => day))}::date[]) AS n (campaign_id, day)
      JOIN campaign_days d ON d.campaign_id = n.campaign_id AND d.day = n.day`);

/** Adds to the counts of days; negative numbers give back. */
export const addToDays = (
  tx: Transaction,
  days: readonly (CampaignDay & { readonly sent: number; readonly newLeads: number })[],
): Promise<number> =>
  tx.execute(sql`
    INSERT INTO campaign_days AS d (campaign_id, day, sent, new_leads)
    SELECT campaign_id, day, greatest(0, sum(sent)), greatest(0, sum(new_leads))
    FROM unnest(${plainArray(days.map(({ campaignId }) => campaignId))}::uuid[], ${plainArray(days.map(({ day }) => day))}::date[],
      ${plainArray(days.map(({ sent }) => sent))}::int[], ${plainArray(days.map(({ newLeads }) => newLeads))}::int[]) AS n (campaign_id, day, sent, new_leads)
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (campaign_id, day) DO UPDATE SET sent = greatest(0, d.sent + excluded.sent), new_leads = greatest(0, d.new_leads + excluded.new_leads)`);

/** Takes back what was counted and not sent; a day that was not counted stays so. */
export const giveBack = (
  tx: Transaction,
  days: readonly (CampaignDay & { readonly sent: number; readonly newLeads: number })[],
): Promise<number> =>
  tx.execute(sql`
    UPDATE campaign_days d SET sent = greatest(0, d.sent - n.sent), new_leads = greatest(0, d.new_leads - n.new_leads)
    FROM (SELECT campaign_id, day, sum(sent) AS sent, sum(new_leads) AS new_leads
      FROM unnest(${plainArray(days.map(({ campaignId }) => campaignId))}::uuid[], ${plainArray(days.map(({ day }) => day))}::date[],
        ${plainArray(days.map(({ sent }) => sent))}::int[], ${plainArray(days.map(({ newLeads }) => newLeads))}::int[]) AS n (campaign_id, day, sent, new_leads)
      GROUP BY 1, 2) AS n
    WHERE d.campaign_id = n.campaign_id AND d.day = n.day`);

/** When mailboxes last sent a message of their campaigns. */
export const servedOf = (
  on: Queryable,
  mailboxes: readonly MailboxId[],
): Promise<{ mailbox_id: MailboxId; campaign_id: string; served_at: Date }[]> =>
  on.query(sql<{ mailbox_id: MailboxId; campaign_id: string; served_at: Date }>`
    SELECT mailbox_id, campaign_id, served_at FROM campaign_mailboxes WHERE mailbox_id = ANY(${plainArray(mailboxes)}::uuid[]) AND served_at IS NOT NULL`);

/** Notes that a campaign had its turn in a mailbox. */
export const serve = (
  tx: Transaction,
  served: readonly { readonly mailboxId: MailboxId; readonly campaignId: string; readonly at: Date }[],
): Promise<number> =>
  tx.execute(sql`
    UPDATE campaign_mailboxes m SET served_at = n.at
    FROM unnest(${plainArray(served.map(({ mailboxId }) => mailboxId))}::uuid[], ${plainArray(served.map(({ campaignId }) => campaignId))}::uuid[],
      ${served.map(({ at }) => at)}::timestamptz[]) AS n (mailbox_id, campaign_id, at)
    WHERE m.mailbox_id = n.mailbox_id AND m.campaign_id = n.campaign_id`);

/** Messages that were due by then are sent outside the windows. */
export const saveSendNow = (tx: Transaction, campaign: string, at: Date): Promise<number> =>
  tx.execute(sql`UPDATE campaigns SET send_now_until = ${at}, updated_at = ${at} WHERE id = ${campaign}`);

// Starts --------------------------------------------------------------------------------------------

/** Launched drafts whose start has come, by the clocks of their organizations. @param now the real time */
export const dueStarts = (
  on: Queryable,
  now: Date,
  limit: number,
): Promise<{ id: string; organization_id: OrganizationId }[]> =>
  on.query(sql<{ id: string; organization_id: OrganizationId }>`
    SELECT c.id, c.organization_id FROM campaigns c JOIN organizations o ON o.id = c.organization_id
    WHERE c.waits_for_start AND c.status = 'draft' AND c.starts_at <= ${now}::timestamptz + o.clock_ahead_ms * interval '1 millisecond'
    ORDER BY c.starts_at LIMIT ${limit}`);

/** The next start, in Unix milliseconds of the real time. */
export const nextStart = async (on: Queryable): Promise<number | undefined> =>
  (
    await first(
      on,
      sql<{ at: Date | null }>`
      SELECT min(c.starts_at - o.clock_ahead_ms * interval '1 millisecond') AS at FROM campaigns c JOIN organizations o ON o.id = c.organization_id
      WHERE c.waits_for_start AND c.status = 'draft' AND c.starts_at IS NOT NULL`,
    )
  )?.at?.getTime();

/** As `nextStart`, of one organization. */
export const startOfSandbox = async (on: Queryable, organization: OrganizationId): Promise<number | null> =>
  (
    await first(
      on,
      sql<{ at: Date | null }>`
      SELECT min(c.starts_at - o.clock_ahead_ms * interval '1 millisecond') AS at FROM campaigns c JOIN organizations o ON o.id = c.organization_id
      WHERE c.waits_for_start AND c.status = 'draft' AND c.starts_at IS NOT NULL AND c.organization_id = ${organization}`,
    )
  )?.at?.getTime() ?? null;

// New plans -----------------------------------------------------------------------------------------

/** 'rpln' as a number: the advisory lock of the process that plans again. */
const replanLock = 0x72706c6e;

/** @returns false if another process plans again; the lock ends with the transaction */
export const takeReplanTurn = async (tx: Transaction): Promise<boolean> =>
  (await first(tx, sql<{ taken: boolean }>`SELECT pg_try_advisory_xact_lock(${replanLock}::bigint) AS taken`))
    ?.taken === true;

/** A campaign whose leads are to be planned again. */
export const nextReplan = async (on: Queryable): Promise<string | undefined> =>
  (await first(on, sql<{ id: string }>`SELECT id FROM campaigns WHERE replan_after IS NOT NULL ORDER BY id LIMIT 1`))
    ?.id;

export const isReplanning = async (on: Queryable, organization: OrganizationId): Promise<boolean> =>
  (
    await first(
      on,
      sql<{ waits: boolean }>`
      SELECT EXISTS (SELECT FROM campaigns WHERE replan_after IS NOT NULL AND organization_id = ${organization}) AS waits`,
    )
  )?.waits === true;

/** The lead after which to go on; null: all were planned again. */
export const saveReplan = (tx: Transaction, id: string, after: string | null): Promise<number> =>
  tx.execute(
    sql`UPDATE campaigns SET replan_after = ${after}, reopen_finished = reopen_finished AND ${after}::uuid IS NOT NULL WHERE id = ${id}`,
  );

// Mailboxes -----------------------------------------------------------------------------------------

/** When a mailbox looks for a message (real time), and what decides that. */
export interface PaceRow {
  readonly mailbox_id: MailboxId;
  readonly next_at: Date | null;
  readonly blocked_reason: string | null;
}

export const pacesOf = (on: Queryable, mailboxes: readonly MailboxId[]): Promise<PaceRow[]> =>
  on.query(sql<PaceRow>`
    SELECT mailbox_id, next_at, blocked_reason FROM mailbox_pace WHERE mailbox_id = ANY(${plainArray(mailboxes)}::uuid[])`);

/** A mailbox that can send, and those of some campaigns that it sends for. */
export interface SenderRow extends Pick<
  MailboxState,
  | 'id'
  | 'organization_id'
  | 'daily_limit'
  | 'gap_min_seconds'
  | 'gap_max_seconds'
  | 'max_hourly_per_domain'
  | 'timezone'
  | 'work_hours'
> {
  readonly campaign_ids: string[];
  readonly rest_until: Date | null;
  readonly reduced_limit: number | null;
  readonly reduced_until: Date | null;
  readonly governed_limit: number | null;
}

/** Those of mailboxes, and of all mailboxes of campaigns, that can send. */
export const sendersOf = (
  on: Queryable,
  campaigns: readonly string[],
  mailboxes: readonly MailboxId[],
): Promise<SenderRow[]> =>
  on.query(sql<SenderRow>`
    SELECT b.id, b.organization_id, b.daily_limit, b.gap_min_seconds, b.gap_max_seconds, b.max_hourly_per_domain, b.timezone, b.work_hours,
      ARRAY(SELECT k.campaign_id FROM campaign_mailboxes k WHERE k.mailbox_id = b.id AND k.campaign_id = ANY(${plainArray(campaigns)}::uuid[])) AS campaign_ids,
      p.rest_until, p.reduced_limit, p.reduced_until, p.governed_limit
    FROM mailboxes b LEFT JOIN mailbox_pace p ON p.mailbox_id = b.id
    WHERE b.id IN (SELECT unnest(${plainArray(mailboxes)}::uuid[]) UNION SELECT mailbox_id FROM campaign_mailboxes WHERE campaign_id = ANY(${plainArray(campaigns)}::uuid[]))
      AND b.status IN ('connected', 'degraded') AND b.deleted_at IS NULL
    ORDER BY b.id`);

/** The mailboxes of an organization's active campaigns, and of one more campaign. */
export const membersOf = (
  on: Queryable,
  organization: OrganizationId,
  campaign: string,
): Promise<{ campaign_id: string; mailbox_id: MailboxId }[]> =>
  on.query(sql<{ campaign_id: string; mailbox_id: MailboxId }>`
    SELECT m.campaign_id, m.mailbox_id FROM campaigns c JOIN campaign_mailboxes m ON m.campaign_id = c.id
    WHERE c.organization_id = ${organization} AND (c.status = 'active' OR c.id = ${campaign}) ORDER BY m.campaign_id, m.mailbox_id`);

/** What mailboxes sent since a time of their own, by quarters of an hour. */
export const sentByQuarter = (
  on: Queryable,
  since: readonly { readonly id: MailboxId; readonly at: Date }[],
): Promise<{ mailbox_id: MailboxId; at: Date; count: number }[]> =>
  since.length === 0
    ? Promise.resolve([])
    : on.query(sql<{ mailbox_id: MailboxId; at: Date; count: number }>`
    SELECT r.mailbox_id, date_bin('15 minutes', r.at, 'epoch') AS at, count(*) AS count
    FROM unnest(${plainArray(since.map(({ id }) => id))}::uuid[], ${since.map(({ at }) => at)}::timestamptz[]) AS n (mailbox_id, at)
    JOIN send_reservations r ON r.mailbox_id = n.mailbox_id AND r.at > n.at GROUP BY 1, 2`);

/** How many messages mailboxes sent from a time of their own on; at most `most` are counted. Mailboxes that sent none are left out. */
export const sentFrom = (
  on: Queryable,
  since: readonly { readonly id: MailboxId; readonly at: Date; readonly most: number }[],
): Promise<{ mailbox_id: MailboxId; count: number }[]> =>
  since.length === 0
    ? Promise.resolve([])
    : on.query(sql<{ mailbox_id: MailboxId; count: number }>`
    SELECT n.mailbox_id, r.count
    FROM unnest(${plainArray(since.map(({ id }) => id))}::uuid[], ${since.map(({ at }) => at)}::timestamptz[], ${plainArray(since.map(({ most }) => most))}::int[]) AS n (mailbox_id, at, most)
      CROSS JOIN LATERAL (SELECT count(*) AS count FROM (SELECT FROM send_reservations r WHERE r.mailbox_id = n.mailbox_id AND r.at >= n.at LIMIT n.most) AS s) AS r
    WHERE r.count > 0`);

/** When messages were stored: the claim counted them for that day. */
export const claimedAt = async (tx: Transaction, messages: readonly string[]): Promise<ReadonlyMap<string, Date>> =>
  new Map(
    (
      await tx.query(sql<{ id: string; created_at: Date }>`
        SELECT id, created_at FROM messages WHERE id = ANY(${plainArray(messages)}::uuid[])`)
    ).map((row) => [row.id, row.created_at]),
  );
