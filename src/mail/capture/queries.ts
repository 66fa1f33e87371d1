import { orderPart } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import type { MailboxId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { chunkBytesMax, chunkRowsMax } from '../../db/erasure.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { assembled, joinParts, part, plainArray, sql } from '../../db/sql.ts';

/** A captured message without its bytes. */
export interface CapturedRow {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly mailbox_id: MailboxId;
  readonly message_id: string;
  readonly from_address: string;
  readonly to_address: string;
  /** Sealed. */
  readonly subject: Buffer;
  readonly received_at: Date;
}

export interface Captured extends CapturedRow {
  /** Sealed. */
  readonly raw: Buffer;
}

export interface NewCaptured extends Captured {
  readonly workspace_id: WorkspaceId | null;
  readonly to_key: string;
  readonly simulated: string | null;
  readonly simulate_at: Date | null;
}

/** Stores a message, unless the mailbox has captured it before. */
export const insertCaptured = (on: Queryable, row: NewCaptured): Promise<number> =>
  on.execute(sql`
    INSERT INTO captured_messages (id, organization_id, workspace_id, mailbox_id, message_id, from_address, to_address, to_key, subject, raw, received_at, simulated, simulate_at)
    VALUES (${row.id}, ${row.organization_id}, ${row.workspace_id}, ${row.mailbox_id}, ${row.message_id}, ${row.from_address}, ${row.to_address}, ${row.to_key},
      ${row.subject}, ${row.raw}, ${row.received_at}, ${row.simulated}, ${row.simulate_at})
    ON CONFLICT (mailbox_id, message_id) DO NOTHING`);

/** The messages that a caller sees: those of an organization, or of one of its workspaces. */
export interface Reach {
  readonly organizationId: OrganizationId;
  /** Null: all of them. */
  readonly workspaceId: WorkspaceId | null;
}

export interface CapturedFilter {
  /** As addresses are compared. */
  readonly toKey: string | null;
  readonly mailboxId: string | null;
}

export const listCaptured = (
  on: Queryable,
  { organizationId: organization, workspaceId }: Reach,
  { toKey, mailboxId }: CapturedFilter,
  slice: Slice,
): Promise<CapturedRow[]> => {
  const conditions = [
    part`c.organization_id = ${organization}`,
    ...(workspaceId === null ? [] : [part`c.workspace_id = ${workspaceId}`]),
    ...(toKey === null ? [] : [part`c.to_key = ${toKey}`]),
    ...(mailboxId === null ? [] : [part`c.mailbox_id = ${mailboxId}`]),
  ];
  return on.query(
    assembled<CapturedRow>(part`
      SELECT id, organization_id, mailbox_id, message_id, from_address, to_address, subject, received_at FROM captured_messages c
      WHERE ${joinParts(conditions, ' AND ')}${orderPart('c', slice, part`c.received_at`)}`),
  );
};

export const capturedById = (
  on: Queryable,
  { organizationId: organization, workspaceId }: Reach,
  id: string,
): Promise<Captured | undefined> =>
  first(
    on,
    sql<Captured>`
      SELECT id, organization_id, mailbox_id, message_id, from_address, to_address, subject, raw, received_at FROM captured_messages
      WHERE id = ${id} AND organization_id = ${organization} AND (${workspaceId}::uuid IS NULL OR workspace_id = ${workspaceId}::uuid)`,
  );

// Simulated recipients ------------------------------------------------------------------------------

export interface Due extends Captured {
  readonly simulated: string;
}

/** Locks the messages whose recipients have been due longest. Locked ones are skipped: another process works on them. */
export const takeDue = (tx: Transaction, now: Date, limit: number): Promise<Due[]> =>
  tx.query(sql<Due>`
    SELECT id, organization_id, mailbox_id, message_id, from_address, to_address, subject, raw, received_at, simulated FROM captured_messages
    WHERE simulate_at <= ${now} ORDER BY simulate_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`);

export const nextDueAt = async (on: Queryable): Promise<Date | undefined> =>
  (
    await on.query(
      sql<{
        at: Date;
      }>`SELECT simulate_at AS at FROM captured_messages WHERE simulate_at IS NOT NULL ORDER BY simulate_at LIMIT 1`,
    )
  )[0]?.at;

/** @param at when they are tried again; null if they have acted */
export const setDue = (on: Queryable, ids: readonly string[], at: Date | null): Promise<number> =>
  on.execute(sql`UPDATE captured_messages SET simulate_at = ${at} WHERE id = ANY(${plainArray(ids)}::uuid[])`);

// Retention and erasure -----------------------------------------------------------------------------

/** Deletes the oldest messages captured before a time, at most `limit`. @returns how many */
export const expireCaptured = (on: Queryable, before: Date, limit: number): Promise<number> =>
  on.execute(sql`
    DELETE FROM captured_messages WHERE id IN (SELECT id FROM captured_messages WHERE received_at < ${before} ORDER BY received_at LIMIT ${limit})`);

/** A chunk of messages with `after < id < before`, in the order of their ids. */
export const capturedAfter = (
  on: Queryable,
  organization: OrganizationId,
  after: string,
  before: string,
): Promise<Captured[]> =>
  on.query(sql<Captured>`
    SELECT id, organization_id, mailbox_id, message_id, from_address, to_address, subject, raw, received_at FROM (
      SELECT *, sum(octet_length(raw)) OVER (ORDER BY id) AS bytes, row_number() OVER (ORDER BY id) AS row
      FROM (SELECT * FROM captured_messages WHERE organization_id = ${organization} AND id > ${after} AND id < ${before} ORDER BY id LIMIT ${chunkRowsMax}) AS next
    ) AS sized WHERE bytes <= ${chunkBytesMax} OR row = 1 ORDER BY id`);

export const deleteCaptured = (
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
): Promise<number> =>
  tx.execute(
    sql`DELETE FROM captured_messages WHERE organization_id = ${organization} AND id = ANY(${plainArray(ids)}::uuid[])`,
  );

/** Whether the box has a message of a mailbox; undefined for a mailbox that does not send into it. */
export const findCaptured = async (
  db: Queryable,
  mailbox: MailboxId,
  messageIds: readonly string[],
): Promise<'found' | 'absent' | undefined> => {
  const [row] = await db.query(sql<{ found: boolean }>`
    SELECT EXISTS (SELECT FROM captured_messages c WHERE c.mailbox_id = m.id AND c.message_id = ANY(${[...messageIds]}::text[])) AS found
    FROM mailboxes m WHERE m.id = ${mailbox} AND (m.sandbox OR m.provider = 'capture')`);
  return row === undefined ? undefined : row.found ? 'found' : 'absent';
};
