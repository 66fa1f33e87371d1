import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { MessageRow } from './claim-queries.ts';
import type { EventSubject } from './content.ts';
import type { Limit } from './plan.ts';
import type { Status } from './state.ts';

/** What an attempt changes in its message. */
export interface SettledRow {
  readonly id: string;
  /** The number of the attempt: an outcome of another one changes nothing. */
  readonly attempt: number;
  readonly status: Status;
  readonly error: string | null;
  readonly dueAt: Date | null;
  readonly blockedReason: string | null;
  readonly deferrals: number;
  readonly sentAt: Date | null;
  readonly reconcileAt: Date | null;
  /** The Message-ID that the server gave it. */
  readonly deliveredMessageId: string | null;
}

/**
 * Writes the outcomes of attempts. One that was taken for lost keeps its right to the message until the next attempt begins.
 * @returns the ids of the messages that were changed
 */
export const settleMessages = async (tx: Transaction, rows: readonly SettledRow[]): Promise<ReadonlySet<string>> => {
  const settled = await tx.query(sql<{ id: string }>`
    UPDATE messages m SET updated_at = date_trunc('milliseconds', now()), status = n.status, holder = NULL, error = n.error, due_at = n.due_at, blocked_reason = n.reason, deferrals = n.deferrals, sent_at = n.sent_at,
      reconcile_at = n.reconcile_at, reconciled = 0, delivered_message_id = n.delivered_message_id
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${plainArray(rows.map(({ attempt }) => attempt))}::int[], ${plainArray(rows.map(({ status }) => status))}::text[],
      ${rows.map(({ error }) => error)}::text[], ${rows.map(({ dueAt }) => dueAt)}::timestamptz[], ${rows.map(({ blockedReason }) => blockedReason)}::text[],
      ${plainArray(rows.map(({ deferrals }) => deferrals))}::int[], ${rows.map(({ sentAt }) => sentAt)}::timestamptz[], ${rows.map(({ reconcileAt }) => reconcileAt)}::timestamptz[],
      ${rows.map(({ deliveredMessageId }) => deliveredMessageId)}::text[]) AS n (id, attempt, status, error, due_at, reason, deferrals, sent_at, reconcile_at, delivered_message_id)
    WHERE m.id = ANY (ARRAY[n.id]) AND m.attempts = n.attempt AND (m.status = 'sending' OR m.status = 'unknown' AND n.status <> 'unknown'
      OR m.status IN ('not_found', 'claimed') AND n.status IN ('sent', 'bounced')) RETURNING m.id`);
  return new Set(settled.map(({ id }) => id));
};

/** A message that does not wait any more. */
export interface EndedRow extends MessageRow {
  readonly before: Status;
  readonly status: 'failed' | 'unknown';
}

/** Ends messages that wait: they will not be sent. One that was sent again may have been sent before: it is unknown. @returns those that it ended */
export const failWaitingMessages = (
  tx: Transaction,
  rows: readonly { readonly id: string; readonly error: string }[],
): Promise<EndedRow[]> =>
  tx.query(sql<EndedRow>`
    UPDATE messages m SET updated_at = date_trunc('milliseconds', now()), status = CASE WHEN EXISTS (SELECT FROM message_history h WHERE h.message_id = m.id AND h.kind = 'resent') THEN 'unknown' ELSE 'failed' END,
      error = n.error, due_at = NULL, blocked_reason = NULL
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ error }) => error)}::text[]) AS n (id, error)
      JOIN LATERAL (SELECT o.id, o.status FROM messages o WHERE o.id = n.id AND o.status IN ('claimed', 'deferred') FOR UPDATE) AS o ON true
    WHERE m.id = ANY (ARRAY[o.id])
    RETURNING m.id, m.organization_id, m.workspace_id, m.mailbox_id, m.purpose, m.campaign_id, m.lead_id, m.contact_id, m.step, m.step_id, m.variant, m.message_id, m.in_reply_to, m.from_address, m.to_address,
      m.party_key, m.party_domain, m.content, m.attempts, m.deferrals, m.due_at, o.status AS before, m.status`);

/** A message whose outcome is not known, with why. */
export interface UnknownRow extends EventSubject, Pick<MessageRow, 'content' | 'purpose'> {
  readonly error: string | null;
}

/** Of these messages, those whose outcome is not known. */
export const unknownAmong = (tx: Transaction, ids: readonly string[]): Promise<UnknownRow[]> =>
  tx.query(sql<UnknownRow>`
    SELECT id, organization_id, workspace_id, mailbox_id, campaign_id, lead_id, contact_id, step, message_id, from_address, to_address, content, error, purpose
    FROM messages WHERE id = ANY(${plainArray(ids)}::uuid[]) AND status = 'unknown' ORDER BY id`);

/** A message that was cancelled, with why. */
export interface CancelledRow extends Omit<MessageRow, 'content'> {
  readonly error: string;
  readonly before: Status;
}

/** Ends waiting messages of leads. */
export const cancelWaitingOfLeads = (
  tx: Transaction,
  organization: OrganizationId,
  leadIds: readonly string[],
  reason: string,
): Promise<CancelledRow[]> =>
  tx.query(sql<CancelledRow>`
    UPDATE messages m SET updated_at = date_trunc('milliseconds', now()), status = 'failed', error = ${reason}, due_at = NULL, blocked_reason = NULL
    FROM (
      SELECT id, status FROM messages WHERE lead_id = ANY(${plainArray(leadIds)}::uuid[]) AND organization_id = ${organization} AND purpose = 'campaign' AND status IN ('claimed', 'deferred') ORDER BY id FOR UPDATE
    ) AS o WHERE m.id = ANY (ARRAY[o.id])
    RETURNING m.id, m.organization_id, m.workspace_id, m.mailbox_id, m.purpose, m.campaign_id, m.lead_id, m.contact_id, m.step, m.step_id, m.variant, m.message_id, m.in_reply_to,
      m.from_address, m.to_address, m.party_key, m.party_domain, m.attempts, m.deferrals, m.due_at, m.error, o.status AS before`);

/** Ends waiting messages. */
export const cancelWaiting = (
  tx: Transaction,
  rows: readonly { readonly id: string; readonly error: string }[],
): Promise<CancelledRow[]> =>
  tx.query(sql<CancelledRow>`
    UPDATE messages m SET updated_at = date_trunc('milliseconds', now()), status = 'failed', error = n.error, due_at = NULL, blocked_reason = NULL
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ error }) => error)}::text[]) AS n (id, error)
      JOIN LATERAL (SELECT o.id, o.status FROM messages o WHERE o.id = n.id AND o.status IN ('claimed', 'deferred') FOR UPDATE) AS o ON true
    WHERE m.id = ANY (ARRAY[o.id])
    RETURNING m.id, m.organization_id, m.workspace_id, m.mailbox_id, m.purpose, m.campaign_id, m.lead_id, m.contact_id, m.step, m.step_id, m.variant, m.message_id, m.in_reply_to,
      m.from_address, m.to_address, m.party_key, m.party_domain, m.attempts, m.deferrals, m.due_at, m.error, o.status AS before`);

/** Messages do not become due until their campaign is released. */
export const suspendEach = (
  tx: Transaction,
  rows: readonly { readonly id: string; readonly reason: string }[],
): Promise<number> =>
  tx.execute(sql`
    UPDATE messages m SET updated_at = date_trunc('milliseconds', now()), due_at = NULL, blocked_reason = n.reason
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${plainArray(rows.map(({ reason }) => reason))}::text[]) AS n (id, reason)
    WHERE m.id = ANY (ARRAY[n.id]) AND m.status IN ('claimed', 'deferred')`);

/** Suspended messages of a campaign become due. @returns their mailboxes */
export const releaseMessages = (tx: Transaction, campaign: string, now: Date): Promise<{ mailbox_id: MailboxId }[]> =>
  tx.query(sql<{ mailbox_id: MailboxId }>`
    WITH released AS (
      UPDATE messages SET updated_at = date_trunc('milliseconds', now()), due_at = ${now}, blocked_reason = NULL WHERE campaign_id = ${campaign} AND purpose = 'campaign' AND status IN ('claimed', 'deferred') AND due_at IS NULL RETURNING mailbox_id
    ) SELECT DISTINCT mailbox_id FROM released`);

/** Messages that wait for a slot which the limit of their mailbox gave them are due now, so that they get another one. */
export const releaseSlots = (tx: Transaction, mailbox: MailboxId, now: Date): Promise<number> =>
  tx.execute(sql`
    UPDATE messages SET updated_at = date_trunc('milliseconds', now()), due_at = ${now}, blocked_reason = NULL
    WHERE mailbox_id = ${mailbox} AND status IN ('claimed', 'deferred') AND blocked_reason = 'domain_hourly_limit' AND due_at > ${now}`);

/** Messages of a mailbox that wait, at most `limit`. */
export const waitingOf = (tx: Transaction, mailbox: MailboxId, limit: number): Promise<{ id: string }[]> =>
  tx.query(sql<{ id: string }>`
    SELECT id FROM messages WHERE mailbox_id = ${mailbox} AND status IN ('claimed', 'deferred') LIMIT ${limit} FOR UPDATE`);

/** Gives reservations back: the messages were not sent. */
export const deleteReservations = (
  tx: Transaction,
  rows: readonly { readonly id: string; readonly at: Date }[],
): Promise<number> =>
  tx.execute(sql`
    DELETE FROM send_reservations r USING unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ at }) => at)}::timestamptz[]) AS n (id, at)
    WHERE r.message_id = ANY (ARRAY[n.id]) AND r.at = n.at`);

export interface HistoryRow {
  readonly messageId: string;
  readonly id: string;
  readonly organizationId: OrganizationId;
  readonly kind: string;
  readonly detail: Readonly<Record<string, string | number | null>>;
  readonly at: Date;
}

export const insertHistory = (tx: Queryable, rows: readonly HistoryRow[]): Promise<number> =>
  tx.execute(sql`
    INSERT INTO message_history (message_id, id, organization_id, kind, detail, at)
    SELECT n.message_id, n.id, n.organization_id, n.kind, n.detail, n.at
    FROM unnest(${plainArray(rows.map(({ messageId }) => messageId))}::uuid[], ${plainArray(rows.map(({ id }) => id))}::uuid[],
      ${plainArray(rows.map(({ organizationId }) => organizationId))}::uuid[], ${plainArray(rows.map(({ kind }) => kind))}::text[], ${rows.map(({ detail }) => JSON.stringify(detail))}::jsonb[],
      ${rows.map(({ at }) => at)}::timestamptz[]) AS n (message_id, id, organization_id, kind, detail, at)`);

/** Records in the history of messages that their delivery is delayed, not before they were sent. */
export const insertDelays = (tx: Transaction, rows: readonly Omit<HistoryRow, 'kind'>[]): Promise<number> =>
  tx.execute(sql`
    INSERT INTO message_history (message_id, id, organization_id, kind, detail, at)
    SELECT n.message_id, n.id, n.organization_id, 'reported_delayed', n.detail, greatest(n.at, m.sent_at)
    FROM unnest(${plainArray(rows.map(({ messageId }) => messageId))}::uuid[], ${plainArray(rows.map(({ id }) => id))}::uuid[],
      ${plainArray(rows.map(({ organizationId }) => organizationId))}::uuid[], ${rows.map(({ detail }) => JSON.stringify(detail))}::jsonb[],
      ${rows.map(({ at }) => at)}::timestamptz[]) AS n (message_id, id, organization_id, detail, at)
      JOIN messages m ON m.id = n.message_id AND m.organization_id = n.organization_id`);

/** A rest that a server asked for. `until` null: until the messages of the last day leave its window. */
export interface RestRow {
  readonly mailboxId: MailboxId;
  readonly until: Date | null;
  readonly limit: Limit;
  readonly now: Date;
  readonly dayAgo: Date;
  /** The earliest end of a rest without a time. */
  readonly least: Date;
}

/** A rest never ends earlier than one that was asked for before. */
export const saveRests = (tx: Transaction, rows: readonly RestRow[]): Promise<number> =>
  tx.execute(sql`
    UPDATE mailbox_pace p SET rest_until = greatest(p.rest_until, coalesce(n.until, greatest(n.least, (
        SELECT min(r.at) + interval '24 hours' FROM send_reservations r WHERE r.mailbox_id = n.mailbox_id AND r.at > n.day_ago))), n.now), rest_reason = n.reason
    FROM unnest(${plainArray(rows.map(({ mailboxId }) => mailboxId))}::uuid[], ${rows.map(({ until }) => until)}::timestamptz[], ${plainArray(rows.map(({ limit }) => limit))}::text[],
      ${rows.map(({ now }) => now)}::timestamptz[], ${rows.map(({ dayAgo }) => dayAgo)}::timestamptz[], ${rows.map(({ least }) => least)}::timestamptz[])
      AS n (mailbox_id, until, reason, now, day_ago, least)
    WHERE p.mailbox_id = ANY (ARRAY[n.mailbox_id])`);

/** Lowers the daily limit of a mailbox until a time. */
export const reduceLimit = (tx: Transaction, mailbox: MailboxId, limit: number, until: Date): Promise<number> =>
  tx.execute(
    sql`UPDATE mailbox_pace SET reduced_limit = ${limit}, reduced_until = ${until} WHERE mailbox_id = ${mailbox}`,
  );

/** Attempts that the holder was about to begin from these mailboxes, and of which it has no memory: it was not sure that its claim was stored. */
export const forgottenOf = (
  tx: Transaction,
  holder: string,
  mailboxes: readonly MailboxId[],
  known: readonly { readonly id: string; readonly attempt: number }[],
): Promise<Omit<MessageRow, 'content'>[]> =>
  tx.query(sql<Omit<MessageRow, 'content'>>`
    SELECT id, organization_id, workspace_id, mailbox_id, purpose, campaign_id, lead_id, contact_id, step, step_id, variant, message_id, in_reply_to, from_address, to_address, party_key,
      party_domain, attempts, deferrals, due_at FROM messages
    WHERE holder = ${holder} AND status = 'sending' AND mailbox_id = ANY(${plainArray(mailboxes)}::uuid[]) AND (id, attempts) NOT IN (
      SELECT k.id, k.attempt FROM unnest(${plainArray(known.map(({ id }) => id))}::uuid[], ${plainArray(known.map(({ attempt }) => attempt))}::int[]) AS k (id, attempt))`);

/** Deletes every reservation of messages that were certainly never given to a server in their last attempt. */
export const deleteLastReservations = (tx: Transaction, ids: readonly string[]): Promise<number> =>
  tx.execute(sql`
    DELETE FROM send_reservations r WHERE r.message_id = ANY(${plainArray(ids)}::uuid[])
      AND r.at = (SELECT max(l.at) FROM send_reservations l WHERE l.message_id = r.message_id)`);

/** Messages that a dead process was sending: their fate is unknown. @param reconcileAt when they are looked for, in real time */
export const loseMessages = (
  tx: Transaction,
  holder: string,
  reconcileAt: Date,
): Promise<Omit<MessageRow, 'content'>[]> =>
  tx.query(sql<Omit<MessageRow, 'content'>>`
    UPDATE messages SET updated_at = date_trunc('milliseconds', now()), status = 'unknown', holder = NULL, reconcile_at = ${reconcileAt}, reconciled = 0, error = 'The process that was sending it ended.'
    WHERE holder = ${holder} AND status = 'sending'
    RETURNING id, organization_id, workspace_id, mailbox_id, purpose, campaign_id, lead_id, contact_id, step, step_id, variant, message_id, in_reply_to, from_address, to_address, party_key,
      party_domain, attempts, deferrals, due_at`);

/** Gives back the mailboxes of a dead process. */
export const releasePaces = (tx: Transaction, holder: string, now: Date): Promise<number> =>
  tx.execute(sql`UPDATE mailbox_pace SET holder = NULL, next_at = least(next_at, ${now}) WHERE holder = ${holder}`);

/** The statuses of messages, locked. */
export const lockStatuses = async (tx: Transaction, ids: readonly string[]): Promise<ReadonlyMap<string, Status>> =>
  new Map(
    (
      await tx.query(sql<{ id: string; status: Status }>`
        SELECT id, status FROM messages WHERE id = ANY(${plainArray(ids)}::uuid[]) ORDER BY id FOR UPDATE`)
    ).map(({ id, status }) => [id, status]),
  );

/** Outbound messages by id, locked. */
export const lockMessages = (
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
): Promise<(MessageRow & { readonly status: Status; readonly sent_at: Date | null })[]> =>
  tx.query(sql<MessageRow & { readonly status: Status; readonly sent_at: Date | null }>`
    SELECT id, organization_id, workspace_id, mailbox_id, purpose, campaign_id, lead_id, contact_id, step, step_id, variant, message_id, in_reply_to, from_address, to_address, party_key, party_domain,
      content, attempts, deferrals, due_at, status, sent_at
    FROM messages WHERE organization_id = ${organization} AND id = ANY(${plainArray(ids)}::uuid[]) AND direction = 'outbound' ORDER BY id FOR UPDATE`);

/** Locks messages, and the waiting ones of leads, in the order of their ids. */
export const lockConcerned = (
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
  leadIds: readonly string[],
): Promise<number> =>
  tx.execute(sql`
    SELECT FROM messages WHERE organization_id = ${organization} AND id = ANY(ARRAY(
      SELECT unnest(${plainArray(ids)}::uuid[])
      UNION SELECT id FROM messages WHERE lead_id = ANY(${plainArray(leadIds)}::uuid[]) AND organization_id = ${organization} AND purpose = 'campaign' AND status IN ('claimed', 'deferred')
    )) AND direction = 'outbound' ORDER BY id FOR UPDATE`);

/** Lets a locked message be sent again. */
export const resendAt = (tx: Transaction, id: string, status: Status, dueAt: Date): Promise<number> =>
  tx.execute(sql`
    UPDATE messages SET updated_at = date_trunc('milliseconds', now()), status = ${status}, error = NULL, due_at = ${dueAt}, reconcile_at = NULL, blocked_reason = NULL, holder = NULL WHERE id = ${id}`);

/** Writes what reports say of locked messages. */
export const learn = (
  tx: Transaction,
  rows: readonly {
    readonly id: string;
    readonly status: Status;
    readonly error: string | null;
    readonly sentAt: Date | null;
  }[],
): Promise<number> =>
  tx.execute(sql`
    UPDATE messages m SET updated_at = date_trunc('milliseconds', now()), status = n.status, error = n.error, sent_at = coalesce(m.sent_at, n.sent_at), due_at = NULL, reconcile_at = NULL, blocked_reason = NULL, holder = NULL
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${plainArray(rows.map(({ status }) => status))}::text[], ${rows.map(({ error }) => error)}::text[],
      ${rows.map(({ sentAt }) => sentAt)}::timestamptz[]) AS n (id, status, error, sent_at)
    WHERE m.id = ANY (ARRAY[n.id])`);

/** Which of these messages were complained about. */
export const complainedOf = async (on: Queryable, messages: readonly string[]): Promise<ReadonlySet<string>> =>
  new Set(
    (
      await on.query(sql<{ message_id: string }>`
        SELECT message_id FROM message_history WHERE message_id = ANY(${plainArray(messages)}::uuid[]) AND kind = 'complained'`)
    ).map(({ message_id: id }) => id),
  );

/** The mailboxes of those messages of leads whose fate is not known. */
export const unknownOf = async (
  on: Queryable,
  organization: OrganizationId,
  ids: readonly string[],
): Promise<MailboxId[]> =>
  (
    await on.query(sql<{ mailbox_id: MailboxId }>`
      SELECT DISTINCT mailbox_id FROM messages WHERE id = ANY(${plainArray(ids)}::uuid[]) AND organization_id = ${organization} AND lead_id IS NOT NULL
        AND status IN ('unknown', 'not_found')`)
  ).map((row) => row.mailbox_id);
