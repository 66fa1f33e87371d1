import type { MailboxId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { Limit, Purpose } from './plan.ts';

/** 'mail' as a number: the first key of the advisory locks of organizations' limits; the second is the organization's hash. */
const lockSpace = 0x6d61696c;

/** One process at a time counts and reserves in an organization. */
export const lockOrganizations = (tx: Transaction, organizations: readonly OrganizationId[]): Promise<unknown> =>
  tx.execute(sql`
    SELECT pg_advisory_xact_lock(${lockSpace}::int, o.hash)
    FROM (SELECT DISTINCT hashtext(i.id::text) AS hash FROM unnest(${plainArray(organizations)}::uuid[]) AS i (id) ORDER BY 1 OFFSET 0) AS o`);

/**
 * Takes mailboxes that are due and that no process has, those that have been due longest first. A holder that was taken for dead gets none:
 * nobody would release them.
 */
export const takeDue = (
  db: Queryable,
  holder: string,
  now: Date,
  limit: number,
): Promise<{ mailbox_id: MailboxId }[]> =>
  db.query(sql<{ mailbox_id: MailboxId }>`
    UPDATE mailbox_pace p SET holder = ${holder} FROM (
      SELECT mailbox_id FROM mailbox_pace WHERE holder IS NULL AND next_at <= ${now} AND EXISTS (SELECT FROM delivery_holders WHERE id = ${holder} AND released_at IS NULL)
      ORDER BY next_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ) AS due WHERE p.mailbox_id = ANY (ARRAY[due.mailbox_id]) RETURNING p.mailbox_id`);

/** When the next mailbox that no process has falls due. */
export const nextDue = async (db: Queryable, now: Date): Promise<Date | undefined> =>
  (
    await db.query(sql<{ next_at: Date }>`
      SELECT next_at FROM mailbox_pace WHERE holder IS NULL AND next_at > ${now} ORDER BY next_at LIMIT 1`)
  )[0]?.next_at;

/** Gives mailboxes back. */
export const releaseMailboxes = (db: Queryable, holder: string, ids: readonly MailboxId[]): Promise<number> =>
  db.execute(sql`
    UPDATE mailbox_pace SET holder = NULL WHERE mailbox_id = ANY(${plainArray(ids)}::uuid[]) AND holder = ${holder}`);

/** Gives back all mailboxes but these. */
export const releaseOthers = (db: Queryable, holder: string, kept: readonly MailboxId[]): Promise<number> =>
  db.execute(sql`
    UPDATE mailbox_pace SET holder = NULL WHERE holder = ${holder} AND mailbox_id <> ALL(${plainArray(kept)}::uuid[])`);

/** How a mailbox has sent so far. */
export interface PaceRow {
  readonly mailbox_id: MailboxId;
  readonly slot: number;
  readonly last_sent_at: Date | null;
  readonly rest_until: Date | null;
  readonly rest_reason: Limit | null;
  readonly reduced_limit: number | null;
  readonly reduced_until: Date | null;
  /** Messages on a local day before paced ones wait; null: not governed. */
  readonly governed_limit: number | null;
  readonly reached: Readonly<Record<string, number>>;
  /** Messages of its organization in a day; null: no limit. */
  readonly organization_daily: number | null;
}

/** Locks the mailboxes that the holder still has, in the order in which all lock them. */
export const lockPaces = (tx: Transaction, holder: string, ids: readonly MailboxId[]): Promise<PaceRow[]> =>
  tx.query(sql<PaceRow>`
    SELECT mailbox_id, slot, last_sent_at, rest_until, rest_reason, reduced_limit, reduced_until, governed_limit, reached,
      (SELECT o.daily_send_limit FROM organizations o WHERE o.id = mailbox_pace.organization_id) AS organization_daily
    FROM mailbox_pace WHERE mailbox_id = ANY(${plainArray(ids)}::uuid[]) AND holder = ${holder} ORDER BY mailbox_id FOR UPDATE`);

/** Messages of organizations that have a daily limit, since a time of their own: at most as many as the limit. */
export const sentByOrganizations = (
  on: Queryable,
  days: readonly { readonly organization: OrganizationId; readonly since: Date }[],
): Promise<{ id: OrganizationId; daily_limit: number; sent: number }[]> =>
  on.query(sql<{ id: OrganizationId; daily_limit: number; sent: number }>`
    SELECT o.id, o.daily_send_limit AS daily_limit, r.sent
    FROM unnest(${plainArray(days.map(({ organization }) => organization))}::uuid[], ${days.map(({ since }) => since)}::timestamptz[]) AS n (id, since)
      JOIN organizations o ON o.id = n.id
      CROSS JOIN LATERAL (SELECT count(*) AS sent FROM (
        SELECT FROM send_reservations s WHERE s.organization_id = n.id AND s.at >= n.since LIMIT o.daily_send_limit) AS counted) AS r
    WHERE o.daily_send_limit IS NOT NULL`);

export const saveOrganizationLimit = (
  tx: Transaction,
  organization: OrganizationId,
  limit: number | null,
  at: Date,
): Promise<number> =>
  tx.execute(sql`UPDATE organizations SET daily_send_limit = ${limit}, updated_at = ${at} WHERE id = ${organization}`);

/** Mailboxes that wait for a limit of their organization, or may be about to. */
export const waitingForOrganization = (
  on: Queryable,
  organization: OrganizationId,
): Promise<{ mailbox_id: MailboxId }[]> =>
  on.query(sql<{ mailbox_id: MailboxId }>`
    SELECT mailbox_id FROM mailbox_pace WHERE organization_id = ${organization} AND (blocked_reason = 'organization_limit' OR holder IS NOT NULL)`);

/** Of one mailbox: what a claim asks for. */
export interface Asked {
  readonly mailboxId: MailboxId;
  readonly dailyLimit: number;
  readonly governedLimit: number | null;
  /** Of the organization's clock. */
  readonly now: Date;
  /** How far back sent messages are counted. */
  readonly since: Date;
}

/** How a mailbox stands to its limits. */
export interface CountRow {
  readonly mailbox_id: MailboxId;
  /** When it sent the message that is as many messages ago as its daily limit. */
  readonly limit_ago: Date | null;
  /** As `limit_ago`, of its governed limit. */
  readonly governed_ago: Date | null;
  /** When its next message falls due. */
  readonly next_due: Date | null;
}

export const countsOf = (tx: Transaction, asked: readonly Asked[]): Promise<CountRow[]> =>
  tx.query(sql<CountRow>`
    SELECT a.mailbox_id, nth.at AS limit_ago, governed.at AS governed_ago, next.due_at AS next_due
    FROM unnest(${plainArray(asked.map(({ mailboxId }) => mailboxId))}::uuid[], ${plainArray(asked.map(({ dailyLimit }) => dailyLimit))}::int[],
      ${asked.map(({ governedLimit }) => governedLimit)}::int[], ${asked.map(({ now }) => now)}::timestamptz[], ${asked.map(({ since }) => since)}::timestamptz[])
      AS a (mailbox_id, daily_limit, governed_limit, now, since)
    LEFT JOIN LATERAL (
      SELECT r.at FROM send_reservations r WHERE r.mailbox_id = a.mailbox_id AND r.at > a.since ORDER BY r.at DESC OFFSET greatest(a.governed_limit, 1) - 1
      LIMIT CASE WHEN a.governed_limit IS NULL THEN 0 ELSE 1 END
    ) AS governed ON true
    LEFT JOIN LATERAL (
      SELECT r.at FROM send_reservations r WHERE r.mailbox_id = a.mailbox_id AND r.at > a.since ORDER BY r.at DESC OFFSET greatest(a.daily_limit, 1) - 1 LIMIT 1
    ) AS nth ON true
    LEFT JOIN LATERAL (
      SELECT min(m.due_at) AS due_at FROM (VALUES (0), (1), (2), (3)) AS p (priority) CROSS JOIN LATERAL (
        SELECT w.due_at FROM messages w
        WHERE w.mailbox_id = a.mailbox_id AND w.status IN ('claimed', 'deferred') AND w.priority = p.priority AND w.due_at > a.now ORDER BY w.due_at LIMIT 1
      ) AS m
    ) AS next ON true`);

/** A message that is due. */
export interface DueRow {
  readonly id: string;
  readonly mailbox_id: MailboxId;
  readonly purpose: Purpose;
  readonly priority: number;
  readonly party_domain: string;
  readonly has_slot: boolean;
}

/** The first due messages of each priority of each mailbox, in the order in which they should be sent. */
export const dueMessages = (
  tx: Transaction,
  asked: readonly Pick<Asked, 'mailboxId' | 'now'>[],
  limit: number,
): Promise<DueRow[]> =>
  tx.query(sql<DueRow>`
    SELECT m.id, m.mailbox_id, m.purpose, p.priority, m.party_domain, m.blocked_reason IN ('domain_hourly_limit', 'organization_limit') IS TRUE AS has_slot
    FROM unnest(${plainArray(asked.map(({ mailboxId }) => mailboxId))}::uuid[], ${asked.map(({ now }) => now)}::timestamptz[]) WITH ORDINALITY AS i (mailbox_id, now, place) CROSS JOIN (VALUES (0), (1), (2), (3)) AS p (priority) CROSS JOIN LATERAL (
      SELECT w.id, w.mailbox_id, w.purpose, w.party_domain, w.blocked_reason, w.due_at FROM messages w
      WHERE w.mailbox_id = i.mailbox_id AND w.status IN ('claimed', 'deferred') AND w.priority = p.priority AND w.due_at <= i.now ORDER BY w.due_at, w.id LIMIT ${limit}
    ) AS m ORDER BY i.place, p.priority, m.due_at, m.id`);

/** One limit of a domain: at most `limit` messages in an hour. */
export interface DomainLimit<Owner> {
  readonly owner: Owner;
  readonly domain: string;
  readonly limit: number;
  /** Of the organization's clock. */
  readonly now: Date;
  readonly since: Date;
}

export interface UseRow {
  /** Of the limit in the request, starting at 1. */
  readonly place: number;
  readonly is_slot: boolean;
  readonly at: Date;
}

/** The newest messages from mailboxes to domains since a time, and the newest slots of those that wait. */
export const mailboxUses = (tx: Transaction, limits: readonly DomainLimit<MailboxId>[]): Promise<UseRow[]> =>
  tx.query(sql<UseRow>`
    SELECT k.place, u.is_slot, u.at
    FROM unnest(${plainArray(limits.map(({ owner }) => owner))}::uuid[], ${limits.map(({ domain }) => domain)}::text[], ${plainArray(limits.map(({ limit }) => limit))}::int[],
      ${limits.map(({ now }) => now)}::timestamptz[], ${limits.map(({ since }) => since)}::timestamptz[]) WITH ORDINALITY AS k (mailbox_id, domain, n, now, since, place) CROSS JOIN LATERAL (
      (SELECT false AS is_slot, r.at FROM send_reservations r
        WHERE r.mailbox_id = k.mailbox_id AND r.party_domain = k.domain AND r.at > k.since ORDER BY r.at DESC LIMIT k.n)
      UNION ALL
      (SELECT true, w.due_at FROM messages w
        WHERE w.mailbox_id = k.mailbox_id AND w.party_domain = k.domain AND w.status IN ('claimed', 'deferred')
          AND w.blocked_reason IN ('domain_hourly_limit', 'organization_limit') AND w.due_at > k.now ORDER BY w.due_at DESC LIMIT k.n)
    ) AS u`);

/** As `mailboxUses`, of organizations. */
export const organizationUses = (tx: Transaction, limits: readonly DomainLimit<OrganizationId>[]): Promise<UseRow[]> =>
  tx.query(sql<UseRow>`
    SELECT k.place, u.is_slot, u.at
    FROM unnest(${plainArray(limits.map(({ owner }) => owner))}::uuid[], ${limits.map(({ domain }) => domain)}::text[], ${plainArray(limits.map(({ limit }) => limit))}::int[],
      ${limits.map(({ now }) => now)}::timestamptz[], ${limits.map(({ since }) => since)}::timestamptz[]) WITH ORDINALITY AS k (organization_id, domain, n, now, since, place) CROSS JOIN LATERAL (
      (SELECT false AS is_slot, r.at FROM send_reservations r
        WHERE r.organization_id = k.organization_id AND r.party_domain = k.domain AND r.at > k.since ORDER BY r.at DESC LIMIT k.n)
      UNION ALL
      (SELECT true, w.due_at FROM messages w
        WHERE w.organization_id = k.organization_id AND w.party_domain = k.domain AND w.status IN ('claimed', 'deferred')
          AND w.blocked_reason IN ('domain_hourly_limit', 'organization_limit') AND w.due_at > k.now ORDER BY w.due_at DESC LIMIT k.n)
    ) AS u`);

/** An outbound message, as its claim and its settlement need it. */
export interface MessageRow {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId | null;
  readonly mailbox_id: MailboxId;
  readonly purpose: Purpose;
  readonly campaign_id: string | null;
  readonly lead_id: string | null;
  readonly contact_id: string | null;
  readonly step: number | null;
  readonly step_id: string | null;
  readonly variant: string | null;
  readonly message_id: string;
  readonly in_reply_to: string | null;
  readonly from_address: string;
  readonly to_address: string;
  readonly party_key: string;
  readonly party_domain: string;
  readonly content: Buffer;
  readonly attempts: number;
  readonly deferrals: number;
  readonly due_at: Date | null;
}

/** Locks those of the messages that still wait, except what another transaction is changing. */
export const lockWaiting = (tx: Transaction, ids: readonly string[]): Promise<MessageRow[]> =>
  tx.query(sql<MessageRow>`
    SELECT id, organization_id, workspace_id, mailbox_id, purpose, campaign_id, lead_id, contact_id, step, step_id, variant, message_id, in_reply_to, from_address, to_address, party_key, party_domain,
      content, attempts, deferrals, due_at
    FROM messages WHERE id = ANY(${plainArray(ids)}::uuid[]) AND status IN ('claimed', 'deferred') ORDER BY id FOR UPDATE SKIP LOCKED`);

/** The bytes of earlier attempts, sealed. */
export const rawsOf = (tx: Transaction, ids: readonly string[]): Promise<{ message_id: string; raw: Buffer }[]> =>
  tx.query(sql<{ message_id: string; raw: Buffer }>`
    SELECT message_id, raw FROM message_raws WHERE message_id = ANY(${plainArray(ids)}::uuid[])`);

/** Gives messages the times of their own slots. */
export const holdMessages = (
  tx: Transaction,
  rows: readonly { readonly id: string; readonly until: Date; readonly limit: Limit }[],
): Promise<number> =>
  tx.execute(sql`
    UPDATE messages m SET updated_at = date_trunc('milliseconds', now()), due_at = n.until, blocked_reason = n.reason
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ until }) => until)}::timestamptz[], ${plainArray(rows.map(({ limit }) => limit))}::text[]) AS n (id, until, reason)
    WHERE m.id = ANY (ARRAY[n.id]) AND m.status IN ('claimed', 'deferred')`);

/** A message that is about to be given to a server. `raw`: the sealed bytes, if they were built now. */
export interface BegunRow extends Pick<MessageRow, 'id' | 'organization_id' | 'mailbox_id' | 'party_domain'> {
  readonly raw: Buffer | null;
  /** Of its reservation: the organization's clock. */
  readonly at: Date;
}

/** Marks messages as `sending`, stores their bytes, and reserves the limits they count against. @param now real time */
export const beginMessages = (tx: Transaction, holder: string, rows: readonly BegunRow[], now: Date): Promise<number> =>
  tx.execute(sql`
    WITH begun (id, organization_id, mailbox_id, domain, raw, at) AS (
      SELECT * FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${plainArray(rows.map((row) => row.organization_id))}::uuid[], ${plainArray(rows.map((row) => row.mailbox_id))}::uuid[],
        ${rows.map((row) => row.party_domain)}::text[], ${rows.map(({ raw }) => raw)}::bytea[], ${rows.map(({ at }) => at)}::timestamptz[])
    ), messages AS (
      UPDATE messages SET updated_at = date_trunc('milliseconds', now()), status = 'sending', holder = ${holder}, attempts = attempts + 1, blocked_reason = NULL, error = NULL
      WHERE id = ANY(${plainArray(rows.map(({ id }) => id))}::uuid[]) AND status IN ('claimed', 'deferred')
    ), raws AS (
      INSERT INTO message_raws (message_id, organization_id, raw, created_at) SELECT id, organization_id, raw, ${now} FROM begun WHERE raw IS NOT NULL
    )
    INSERT INTO send_reservations (message_id, organization_id, mailbox_id, party_domain, at) SELECT id, organization_id, mailbox_id, domain, at FROM begun`);

/** What a claim decided for a mailbox. */
export interface PacedRow {
  readonly mailboxId: MailboxId;
  readonly nextAt: Date | null;
  readonly blockedReason: string | null;
  readonly slot: number;
  readonly lastSentAt: Date | null;
  readonly reached: Readonly<Record<string, number>>;
}

export const savePaces = (tx: Transaction, rows: readonly PacedRow[]): Promise<number> =>
  tx.execute(sql`
    UPDATE mailbox_pace p SET next_at = n.next_at, blocked_reason = n.reason, slot = n.slot, last_sent_at = n.last_sent_at, reached = n.reached
    FROM unnest(${plainArray(rows.map(({ mailboxId }) => mailboxId))}::uuid[], ${rows.map(({ nextAt }) => nextAt)}::timestamptz[], ${rows.map(({ blockedReason }) => blockedReason)}::text[],
      ${plainArray(rows.map(({ slot }) => slot))}::bigint[], ${rows.map(({ lastSentAt }) => lastSentAt)}::timestamptz[], ${rows.map(({ reached }) => JSON.stringify(reached))}::jsonb[])
      AS n (mailbox_id, next_at, reason, slot, last_sent_at, reached)
    WHERE p.mailbox_id = ANY (ARRAY[n.mailbox_id])`);

/** Whether a mailbox of the organization reported a limit of the organization in this window. */
export const isReached = async (
  tx: Transaction,
  organization: OrganizationId,
  key: string,
  nowMs: number,
): Promise<boolean> =>
  (
    await tx.query(sql<{ found: boolean }>`
      SELECT EXISTS (SELECT FROM mailbox_pace WHERE organization_id = ${organization} AND (reached ->> ${key})::bigint > ${nowMs}) AS found`)
  )[0]?.found === true;

/** How many messages count against the limits of a mailbox since a time. */
export const countSince = async (tx: Queryable, mailbox: MailboxId, since: Date): Promise<number> =>
  (
    await tx.query(sql<{ count: number }>`
      SELECT count(*) AS count FROM send_reservations WHERE mailbox_id = ${mailbox} AND at > ${since}`)
  )[0]?.count ?? 0;

/** How many messages count against the limits of each mailbox since a time of its own; a mailbox with none is missing. */
export const countedSince = (
  on: Queryable,
  since: readonly { readonly id: MailboxId; readonly at: Date }[],
): Promise<{ mailbox_id: MailboxId; count: number }[]> =>
  on.query(sql<{ mailbox_id: MailboxId; count: number }>`
    SELECT r.mailbox_id, count(*) AS count
    FROM unnest(${plainArray(since.map(({ id }) => id))}::uuid[], ${since.map(({ at }) => at)}::timestamptz[]) AS n (mailbox_id, at)
    JOIN send_reservations r ON r.mailbox_id = n.mailbox_id AND r.at >= n.at GROUP BY r.mailbox_id`);
