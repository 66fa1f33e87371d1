import { inOrder } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import type { KeyId, MailboxId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { first } from '../../db/pool.ts';
import { part, plainArray, sql } from '../../db/sql.ts';
import type { Depth } from '../../ops/index.ts';
import type { Reach } from '../mailboxes/index.ts';
import type { Purpose } from './plan.ts';
import type { Status } from './state.ts';

/** A message to be sent, as a row. */
export interface NewMessageRow {
  readonly id: string;
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | null;
  readonly mailboxId: MailboxId;
  readonly purpose: Purpose;
  readonly priority: number;
  readonly campaignId: string | null;
  readonly topicId: string | null;
  readonly leadId: string | null;
  readonly contactId: string | null;
  readonly step: number | null;
  readonly stepId: string | null;
  readonly variant: string | null;
  readonly sendKey: string | null;
  readonly replyToId: string | null;
  readonly messageId: string;
  readonly inReplyTo: string | null;
  readonly from: string;
  readonly to: string;
  readonly partyKey: string;
  readonly partyDomain: string;
  readonly content: Buffer;
  readonly dueAt: Date;
  readonly idempotencyKey: Buffer | null;
  readonly idempotencyRequest: Buffer | null;
  readonly createdBy: KeyId | null;
  readonly createdAt: Date;
}

/** Inserts messages that wait. One whose idempotency key or send key exists is left out. @returns the ids of the new ones */
export const insertMessages = async (tx: Transaction, rows: readonly NewMessageRow[]): Promise<ReadonlySet<string>> => {
  const inserted = await tx.query(sql<{ id: string }>`
    INSERT INTO messages (id, organization_id, workspace_id, mailbox_id, direction, status, purpose, priority, campaign_id, topic_id, lead_id, contact_id, step, step_id, variant, send_key, reply_to_id, message_id,
      in_reply_to, from_address, to_address, party_key, party_domain, content, due_at, idempotency_key, idempotency_request, created_by, created_at)
    SELECT n.id, n.organization_id, n.workspace_id, n.mailbox_id, 'outbound', 'claimed', n.purpose, n.priority, n.campaign_id, n.topic_id, n.lead_id, n.contact_id, n.step, n.step_id, n.variant, n.send_key,
      n.reply_to_id, n.message_id, n.in_reply_to, n.from_address, n.to_address, n.party_key, n.party_domain, n.content, n.due_at, n.idempotency_key, n.idempotency_request, n.created_by, n.created_at
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${plainArray(rows.map(({ organizationId }) => organizationId))}::uuid[], ${rows.map(({ workspaceId }) => workspaceId)}::uuid[],
      ${plainArray(rows.map(({ mailboxId }) => mailboxId))}::uuid[], ${plainArray(rows.map(({ purpose }) => purpose))}::text[], ${plainArray(rows.map(({ priority }) => priority))}::smallint[],
      ${rows.map(({ campaignId }) => campaignId)}::uuid[], ${rows.map(({ topicId }) => topicId)}::uuid[], ${rows.map(({ leadId }) => leadId)}::uuid[], ${rows.map(({ contactId }) => contactId)}::uuid[], ${rows.map(({ step }) => step)}::int[],
      ${rows.map(({ stepId }) => stepId)}::uuid[], ${rows.map(({ variant }) => variant)}::text[], ${rows.map(({ sendKey }) => sendKey)}::uuid[], ${rows.map(({ replyToId }) => replyToId)}::uuid[], ${rows.map(({ messageId }) => messageId)}::text[], ${rows.map(({ inReplyTo }) => inReplyTo)}::text[],
      ${rows.map(({ from }) => from)}::text[], ${rows.map(({ to }) => to)}::text[], ${rows.map(({ partyKey }) => partyKey)}::text[], ${rows.map(({ partyDomain }) => partyDomain)}::text[],
      ${rows.map(({ content }) => content)}::bytea[], ${rows.map(({ dueAt }) => dueAt)}::timestamptz[], ${rows.map(({ idempotencyKey }) => idempotencyKey)}::bytea[],
      ${rows.map(({ idempotencyRequest }) => idempotencyRequest)}::bytea[], ${rows.map(({ createdBy }) => createdBy)}::uuid[], ${rows.map(({ createdAt }) => createdAt)}::timestamptz[])
      AS n (id, organization_id, workspace_id, mailbox_id, purpose, priority, campaign_id, topic_id, lead_id, contact_id, step, step_id, variant, send_key, reply_to_id, message_id, in_reply_to, from_address,
        to_address, party_key, party_domain, content, due_at, idempotency_key, idempotency_request, created_by, created_at)
    ON CONFLICT DO NOTHING RETURNING id`);
  return new Set(inserted.map(({ id }) => id));
};

/** Mailboxes with new messages. */
export interface WokenRow {
  readonly mailboxId: MailboxId;
  readonly organizationId: OrganizationId;
  /** When they are due, in real time. */
  readonly atReal: Date;
  /** Whether all new messages keep gaps and work hours. */
  readonly isPaced: boolean;
}

/** Lets mailboxes look at their new messages when these are due, unless a limit that is known holds them back anyway. */
export const wakePaces = (tx: Transaction, rows: readonly WokenRow[], now: Date): Promise<number> =>
  tx.execute(sql`
    INSERT INTO mailbox_pace AS p (mailbox_id, organization_id, next_at)
    SELECT n.mailbox_id, n.organization_id, n.due_at
    FROM unnest(${plainArray(rows.map(({ mailboxId }) => mailboxId))}::uuid[], ${plainArray(rows.map(({ organizationId }) => organizationId))}::uuid[], ${rows.map(({ atReal }) => atReal)}::timestamptz[])
      AS n (mailbox_id, organization_id, due_at) ORDER BY n.mailbox_id
    ON CONFLICT (mailbox_id) DO UPDATE SET next_at = least(p.next_at, excluded.next_at)
    WHERE p.next_at IS NULL OR p.next_at <= ${now} OR NOT (p.blocked_reason IN ('mailbox_daily_limit', 'provider_limit', 'domain_auth_failing')
      OR p.blocked_reason IN ('mailbox_gap', 'outside_window', 'warmup_limit') AND p.mailbox_id = ANY(${plainArray(rows.filter(({ isPaced }) => isPaced).map(({ mailboxId }) => mailboxId))}::uuid[])) IS TRUE`);

/** Lets mailboxes ask their sources now, unless a limit of their own that is known holds everything back. @returns those that look */
export const wakeSources = (
  tx: Transaction,
  ids: readonly MailboxId[],
  now: Date,
): Promise<{ mailbox_id: MailboxId }[]> =>
  tx.query(sql<{ mailbox_id: MailboxId }>`
    INSERT INTO mailbox_pace AS p (mailbox_id, organization_id, next_at)
    SELECT m.id, m.organization_id, ${now} FROM mailboxes m WHERE m.id = ANY(${plainArray(ids)}::uuid[]) ORDER BY m.id
    ON CONFLICT (mailbox_id) DO UPDATE SET next_at = least(p.next_at, excluded.next_at)
    WHERE p.next_at IS NULL OR p.next_at > ${now} AND (p.blocked_reason IN ('mailbox_daily_limit', 'mailbox_gap', 'warmup_limit', 'provider_limit', 'domain_auth_failing')) IS NOT TRUE
    RETURNING mailbox_id`);

/** A mailbox that changed. `nextAt` null: nothing can be sent from it. */
export interface ArmedRow {
  readonly mailboxId: MailboxId;
  readonly organizationId: OrganizationId;
  readonly nextAt: Date | null;
  readonly reason: string | null;
  /** It looks although no stored message waits: its login fails and is tried again, or a source may have one. */
  readonly looks: boolean;
}

/** Lets mailboxes that changed look again, if something waits or may wait. */
export const armPaces = (tx: Transaction, rows: readonly ArmedRow[]): Promise<number> =>
  tx.execute(sql`
    INSERT INTO mailbox_pace AS p (mailbox_id, organization_id, next_at, blocked_reason)
    SELECT n.mailbox_id, n.organization_id,
      CASE WHEN n.looks OR EXISTS (SELECT FROM messages m WHERE m.mailbox_id = n.mailbox_id AND m.status IN ('claimed', 'deferred')) THEN n.next_at END, n.reason
    FROM unnest(${plainArray(rows.map(({ mailboxId }) => mailboxId))}::uuid[], ${plainArray(rows.map(({ organizationId }) => organizationId))}::uuid[], ${rows.map(({ nextAt }) => nextAt)}::timestamptz[],
      ${rows.map(({ reason }) => reason)}::text[], ${plainArray(rows.map(({ looks }) => looks))}::boolean[]) AS n (mailbox_id, organization_id, next_at, reason, looks) ORDER BY n.mailbox_id
    ON CONFLICT (mailbox_id) DO UPDATE SET next_at = excluded.next_at, blocked_reason = excluded.blocked_reason`);

/** Locks what decides how much mailboxes may send, in the order in which all lock it. */
export const holdPaces = (tx: Transaction, ids: readonly MailboxId[]): Promise<number> =>
  tx.execute(
    sql`SELECT FROM mailbox_pace WHERE mailbox_id = ANY(${plainArray(ids)}::uuid[]) ORDER BY mailbox_id FOR UPDATE`,
  );

/** What governs a mailbox. `messages` null: nothing. */
export interface GovernedRow {
  readonly mailboxId: MailboxId;
  readonly organizationId: OrganizationId;
  readonly messages: number | null;
}

/** Stores what governs mailboxes. One that may send more than before looks again. @returns those */
export const saveGoverned = (
  tx: Transaction,
  rows: readonly GovernedRow[],
  now: Date,
): Promise<{ mailbox_id: MailboxId; looks: boolean }[]> =>
  tx.query(sql<{ mailbox_id: MailboxId; looks: boolean }>`
    INSERT INTO mailbox_pace AS p (mailbox_id, organization_id, governed_limit)
    SELECT n.mailbox_id, n.organization_id, n.messages
    FROM unnest(${plainArray(rows.map(({ mailboxId }) => mailboxId))}::uuid[], ${plainArray(rows.map(({ organizationId }) => organizationId))}::uuid[], ${rows.map(({ messages }) => messages)}::int[])
      AS n (mailbox_id, organization_id, messages) ORDER BY n.mailbox_id
    ON CONFLICT (mailbox_id) DO UPDATE SET governed_limit = excluded.governed_limit,
      next_at = CASE WHEN p.blocked_reason = 'warmup_limit' THEN ${now} ELSE p.next_at END, blocked_reason = nullif(p.blocked_reason, 'warmup_limit')
    RETURNING mailbox_id, next_at IS NOT NULL AND next_at <= ${now} AS looks`);

/** A message as the API reads it. Outbound and inbound. */
export interface StoredMessage {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId | null;
  readonly mailbox_id: MailboxId;
  readonly direction: 'outbound' | 'inbound';
  readonly status: Status | null;
  readonly purpose: Purpose | 'received';
  readonly campaign_id: string | null;
  readonly lead_id: string | null;
  readonly contact_id: string | null;
  readonly step: number | null;
  readonly variant: string | null;
  readonly reply_to_id: string | null;
  readonly message_id: string;
  readonly delivered_message_id: string | null;
  readonly in_reply_to: string | null;
  readonly from_address: string;
  readonly to_address: string;
  readonly party_key: string;
  readonly content: Buffer;
  readonly blocked_reason: string | null;
  readonly blocked_until: Date | null;
  readonly attempts: number;
  readonly error: string | null;
  readonly created_at: Date;
  /** In real time, also in a sandbox whose clock is ahead. */
  readonly updated_at: Date;
  readonly sent_at: Date | null;
  /** The first time that a person did it. */
  readonly opened_at: Date | null;
  readonly clicked_at: Date | null;
}

export interface MessageFilter {
  readonly campaignId: string | null;
  readonly leadId: string | null;
  readonly contactId: string | null;
  readonly mailboxId: string | null;
  readonly status: string | null;
  readonly direction: string | null;
}

/** Messages that the caller sees. */
export const listMessages = (
  db: Queryable,
  { organizationId, workspaceId }: Reach,
  { campaignId, leadId, contactId, mailboxId, status, direction }: MessageFilter,
  slice: Slice,
): Promise<StoredMessage[]> =>
  db.query(
    inOrder(
      sql<StoredMessage>`
    SELECT m.id, m.organization_id, m.workspace_id, m.mailbox_id, m.direction, m.status, m.purpose, m.campaign_id, m.lead_id, m.contact_id, m.step, m.variant, m.reply_to_id, m.message_id,
      m.delivered_message_id, m.in_reply_to, m.from_address, m.to_address, m.party_key, m.content, m.attempts, m.error, m.created_at, coalesce(m.updated_at, m.sent_at, m.created_at) AS updated_at, m.sent_at, m.opened_at, m.clicked_at,
      CASE WHEN m.status IN ('claimed', 'deferred') THEN coalesce(m.blocked_reason, p.blocked_reason) END AS blocked_reason,
      CASE WHEN m.status IN ('claimed', 'deferred') THEN greatest(m.due_at, CASE WHEN m.blocked_reason IS NULL AND p.blocked_reason IS NOT NULL THEN p.next_at + o.clock_ahead_ms * interval '1 millisecond' END) END AS blocked_until
    FROM messages m JOIN organizations o ON o.id = m.organization_id LEFT JOIN mailbox_pace p ON p.mailbox_id = m.mailbox_id
    WHERE m.organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR m.workspace_id = ${workspaceId ?? null})
      AND (${campaignId}::uuid IS NULL OR m.campaign_id = ${campaignId}) AND (${leadId}::uuid IS NULL OR m.lead_id = ${leadId})
      AND (${contactId}::uuid IS NULL OR m.contact_id = ${contactId}) AND (${mailboxId}::uuid IS NULL OR m.mailbox_id = ${mailboxId})
      AND (${status}::text IS NULL OR m.status = ${status}) AND (${direction}::text IS NULL OR m.direction = ${direction})`,
      'm',
      slice,
      part`coalesce(m.updated_at, m.sent_at, m.created_at)`,
    ),
  );

/** Messages that the caller sees, in no order. */
export const messagesByIds = (
  db: Queryable,
  { organizationId, workspaceId }: Reach,
  ids: readonly string[],
): Promise<StoredMessage[]> =>
  db.query(sql<StoredMessage>`
    SELECT m.id, m.organization_id, m.workspace_id, m.mailbox_id, m.direction, m.status, m.purpose, m.campaign_id, m.lead_id, m.contact_id, m.step, m.variant, m.reply_to_id, m.message_id,
      m.delivered_message_id, m.in_reply_to, m.from_address, m.to_address, m.party_key, m.content, m.attempts, m.error, m.created_at, coalesce(m.updated_at, m.sent_at, m.created_at) AS updated_at, m.sent_at, m.opened_at, m.clicked_at,
      CASE WHEN m.status IN ('claimed', 'deferred') THEN coalesce(m.blocked_reason, p.blocked_reason) END AS blocked_reason,
      CASE WHEN m.status IN ('claimed', 'deferred') THEN greatest(m.due_at, CASE WHEN m.blocked_reason IS NULL AND p.blocked_reason IS NOT NULL THEN p.next_at + o.clock_ahead_ms * interval '1 millisecond' END) END AS blocked_until
    FROM messages m JOIN organizations o ON o.id = m.organization_id LEFT JOIN mailbox_pace p ON p.mailbox_id = m.mailbox_id
    WHERE m.organization_id = ${organizationId} AND m.id = ANY(${plainArray(ids)}::uuid[]) AND (${workspaceId ?? null}::uuid IS NULL OR m.workspace_id = ${workspaceId ?? null})`);

/** A message that the caller sees. */
export const messageById = async (db: Queryable, reach: Reach, id: string): Promise<StoredMessage | undefined> =>
  (await messagesByIds(db, reach, [id]))[0];

/** The newest messages of a lead. */
export const idsOfLead = (on: Queryable, organization: OrganizationId, lead: string, limit: number) =>
  on.query(sql<{ id: string }>`
    SELECT id FROM messages WHERE organization_id = ${organization} AND lead_id = ${lead} ORDER BY id DESC LIMIT ${limit}`);

/** The newest messages that answer a message, or one of its answers; itself included. */
export const idsOfThread = (on: Queryable, organization: OrganizationId, root: string, limit: number) =>
  on.query(sql<{ id: string }>`
    WITH RECURSIVE down AS (
      SELECT id, 1 AS depth FROM messages WHERE id = ${root} AND organization_id = ${organization}
      UNION ALL SELECT m.id, down.depth + 1 FROM down JOIN messages m ON m.reply_to_id = down.id WHERE down.depth < 100
    ) SELECT id FROM down ORDER BY id DESC LIMIT ${limit}`);

/** How many answers people wrote that were sent. */
export const countAnswers = async (on: Queryable, { organizationId, workspaceId }: Reach): Promise<number> =>
  (
    await first(
      on,
      sql<{ count: number }>`
      SELECT count(*) AS count FROM messages
      WHERE organization_id = ${organizationId} AND purpose = 'direct' AND reply_to_id IS NOT NULL AND sent_at IS NOT NULL
        AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`,
    )
  )?.count ?? 0;

/** The message of an idempotency key, and the request that used it. */
export const messageByKey = (
  tx: Queryable,
  organization: OrganizationId,
  key: Buffer,
): Promise<{ id: string; idempotency_request: Buffer } | undefined> =>
  first(
    tx,
    sql<{ id: string; idempotency_request: Buffer }>`
    SELECT id, idempotency_request FROM messages WHERE organization_id = ${organization} AND idempotency_key = ${key}::bytea`,
  );

export interface HistoryEntry {
  readonly kind: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

/** What happened to a message, the oldest first. */
export const historyOf = (db: Queryable, organization: OrganizationId, id: string): Promise<HistoryEntry[]> =>
  db.query(sql<HistoryEntry>`
    SELECT kind, detail, at FROM message_history WHERE message_id = ${id} AND organization_id = ${organization} ORDER BY id LIMIT 200`);

/** Sent and waiting messages of leads, the oldest first. */
export const messagesOfLeads = (on: Queryable, leadIds: readonly string[]): Promise<LeadMessage[]> =>
  on.query(sql<LeadMessage>`
    SELECT id, organization_id, mailbox_id, lead_id, message_id, delivered_message_id, content, step_id, status, sent_at FROM messages
    WHERE lead_id = ANY(${plainArray(leadIds)}::uuid[]) AND direction = 'outbound' ORDER BY lead_id, id`);

export interface LeadMessage extends Pick<
  StoredMessage,
  'id' | 'organization_id' | 'mailbox_id' | 'message_id' | 'delivered_message_id' | 'content' | 'sent_at'
> {
  readonly lead_id: string;
  readonly step_id: string | null;
  readonly status: Status;
}

/** The thread of a message: Message-IDs as its recipient saw them. */
export const threadOf = (
  db: Queryable,
  { organizationId, workspaceId }: Reach,
  id: string,
): Promise<
  | {
      message_id: string;
      in_reply_to: string | null;
      mailbox_id: string;
      content: Buffer;
      organization_id: OrganizationId;
    }
  | undefined
> =>
  first(
    db,
    sql<{
      message_id: string;
      in_reply_to: string | null;
      mailbox_id: string;
      content: Buffer;
      organization_id: OrganizationId;
    }>`
    SELECT coalesce(delivered_message_id, message_id) AS message_id, in_reply_to, mailbox_id, content, organization_id FROM messages
    WHERE organization_id = ${organizationId} AND id = ${id} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`,
  );

/** Unknown messages whose next look is due. They are leased until `leasedUntil`. */
export const takeUnknown = (
  db: Queryable,
  now: Date,
  leasedUntil: Date,
  limit: number,
): Promise<
  {
    id: string;
    organization_id: OrganizationId;
    mailbox_id: MailboxId;
    message_id: string;
    reconciled: number;
    created_at: Date;
  }[]
> =>
  db.query(sql<{
    id: string;
    organization_id: OrganizationId;
    mailbox_id: MailboxId;
    message_id: string;
    reconciled: number;
    created_at: Date;
  }>`
    UPDATE messages m SET reconcile_at = ${leasedUntil} FROM (
      SELECT id FROM messages WHERE reconcile_at <= ${now} ORDER BY reconcile_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ) AS due WHERE m.id = ANY (ARRAY[due.id]) AND m.status = 'unknown'
    RETURNING m.id, m.organization_id, m.mailbox_id, m.message_id, m.reconciled, m.created_at`);

/** When the next unknown message is looked for. */
export const nextUnknown = async (db: Queryable, now: Date): Promise<Date | undefined> =>
  (await first(db, sql<{ at: Date | null }>`SELECT min(reconcile_at) AS at FROM messages WHERE reconcile_at > ${now}`))
    ?.at ?? undefined;

/** Schedules the next look. */
export const scheduleLook = (tx: Queryable, id: string, reconciled: number, at: Date | null): Promise<number> =>
  tx.execute(sql`
    UPDATE messages SET reconciled = ${reconciled}, reconcile_at = ${at} WHERE id = ${id} AND status = 'unknown'`);

/** Deletes raw bytes stored before a time, of messages that are not waiting for another attempt. */
export const expireRaws = (db: Queryable, before: Date, limit: number): Promise<number> =>
  db.execute(sql`
    DELETE FROM message_raws r USING (
      SELECT o.message_id FROM message_raws o JOIN messages m ON m.id = o.message_id
      WHERE o.created_at < ${before} AND (m.status IS NULL OR m.status NOT IN ('claimed', 'deferred', 'sending')) ORDER BY o.created_at LIMIT ${limit}
    ) AS old WHERE r.message_id = old.message_id`);

/** Deletes reservations that no limit counts any more. */
export const expireReservations = (db: Queryable, before: Date, limit: number): Promise<number> =>
  db.execute(sql`
    DELETE FROM send_reservations WHERE (message_id, at) IN (SELECT message_id, at FROM send_reservations WHERE at < ${before} ORDER BY at LIMIT ${limit})`);

/** Unfinished messages by status, at most 100,000 each. */
export const depths = (db: Queryable): Promise<Depth[]> =>
  db.query(sql<Depth>`
    SELECT s.state, (SELECT count(*) FROM (SELECT FROM messages m WHERE m.status = s.state AND (m.status IN ('claimed', 'deferred')) LIMIT 100000) n) AS count
    FROM (VALUES ('claimed'), ('deferred')) s (state)
    UNION ALL SELECT 'sending', (SELECT count(*) FROM (SELECT FROM messages m WHERE m.holder IS NOT NULL LIMIT 100000) n)
    UNION ALL SELECT 'unknown', (SELECT count(*) FROM (SELECT FROM messages m WHERE m.reconcile_at IS NOT NULL LIMIT 100000) n)`);

/** Whether the bytes of a message are still stored. */
export const hasRaw = async (on: Queryable, id: string): Promise<boolean> =>
  (await on.query(sql<{ id: string }>`SELECT message_id AS id FROM message_raws WHERE message_id = ${id}`)).length > 0;

/** Seconds for which the mailbox that has been due longest has waited for a process. */
export const lateness = async (db: Queryable, now: Date): Promise<number> => {
  const [row] = await db.query(sql<{ next_at: Date }>`
    SELECT next_at FROM mailbox_pace WHERE holder IS NULL AND next_at <= ${now} ORDER BY next_at LIMIT 1`);
  return row === undefined ? 0 : Math.round((now.getTime() - row.next_at.getTime()) / 1_000);
};
