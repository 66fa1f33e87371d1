import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import { knownColumns } from '../sending/index.ts';
import type { KnownMessage } from '../sending/index.ts';

/** The mailbox whose correspondence is looked up. */
export interface Correspondence {
  readonly organizationId: OrganizationId;
  readonly mailboxId: string;
}

/** The mailbox that a message was found in. */
export interface ReceivingMailbox {
  readonly workspace_id: WorkspaceId | null;
  readonly email: string;
  readonly email_key: string;
  readonly timezone: string;
}

/** @returns undefined if it was deleted */
export const mailboxOf = (
  on: Queryable,
  organization: OrganizationId,
  mailbox: string,
): Promise<ReceivingMailbox | undefined> =>
  first(
    on,
    sql<ReceivingMailbox>`
    SELECT workspace_id, email, email_key, timezone FROM mailboxes WHERE id = ${mailbox} AND organization_id = ${organization} AND deleted_at IS NULL`,
  );

/** Mailboxes of the organization with these addresses. `is_read`: it receives its messages here. */
export const mailboxesByKeys = (
  on: Queryable,
  organization: OrganizationId,
  keys: readonly string[],
): Promise<{ email_key: string; is_read: boolean }[]> =>
  on.query(sql<{ email_key: string; is_read: boolean }>`
    SELECT email_key, (imap IS NOT NULL) AS is_read FROM mailboxes
    WHERE organization_id = ${organization} AND email_key = ANY(${[...keys]}::text[]) AND deleted_at IS NULL`);

/** Messages of one recipient that are compared. */
const writtenMax = 20;

/** What a mailbox sent to these addresses since a time: of each the newest, in this order. */
export const writtenTo = (
  on: Queryable,
  { organizationId, mailboxId }: Correspondence,
  keys: readonly string[],
  since: Date,
): Promise<(KnownMessage & { content: Buffer })[]> =>
  on.query(sql<KnownMessage & { content: Buffer }>`
    SELECT w.* FROM unnest(${[...keys]}::text[]) AS k (party) CROSS JOIN LATERAL (
      SELECT ${knownColumns}, m.content FROM messages m
      WHERE m.organization_id = ${organizationId} AND m.party_key = k.party AND m.mailbox_id = ${mailboxId} AND m.direction = 'outbound'
        AND m.purpose IN ('direct', 'campaign') AND m.status IN ('sent', 'delivered', 'bounced', 'unknown') AND m.created_at >= ${since}
      ORDER BY m.id DESC LIMIT ${writtenMax}) w ORDER BY w.party_key, w.id DESC`);

/** Of these addresses, those that a mailbox wrote to since a time. */
export const correspondents = async (
  on: Queryable,
  { organizationId, mailboxId }: Correspondence,
  keys: readonly string[],
  since: Date,
): Promise<string[]> =>
  (
    await on.query(sql<{ party: string }>`
      SELECT k.party FROM unnest(${[...keys]}::text[]) AS k (party) WHERE EXISTS (
        SELECT FROM messages WHERE organization_id = ${organizationId} AND party_key = k.party AND mailbox_id = ${mailboxId} AND direction = 'outbound'
          AND purpose IN ('direct', 'campaign') AND created_at >= ${since})`)
  ).map(({ party }) => party);

/** The last message that a mailbox sent to each of these leads. */
export const colleagueMessages = (
  on: Queryable,
  { organizationId, mailboxId }: Correspondence,
  leads: readonly string[],
): Promise<KnownMessage[]> =>
  on.query(sql<KnownMessage>`
    SELECT DISTINCT ON (m.lead_id) ${knownColumns} FROM messages m
    WHERE m.lead_id = ANY(${plainArray(leads)}::uuid[]) AND m.organization_id = ${organizationId} AND m.mailbox_id = ${mailboxId} AND m.direction = 'outbound'
      AND m.status IN ('sent', 'delivered', 'bounced', 'unknown')
    ORDER BY m.lead_id, m.id DESC`);

/** Which of these Message-IDs the mailbox has received and stored. */
export const receivedIds = async (
  on: Queryable,
  mailbox: string,
  messageIds: readonly string[],
): Promise<ReadonlySet<string>> =>
  new Set(
    (
      await on.query(sql<{ message_id: string }>`
        SELECT message_id FROM messages WHERE mailbox_id = ${mailbox} AND message_id = ANY(${messageIds}::text[]) AND direction = 'inbound'`)
    ).map(({ message_id: id }) => id),
  );

export interface NewReceived {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId | null;
  readonly mailbox_id: string;
  readonly message_id: string;
  readonly in_reply_to: string | null;
  readonly reply_to_id: string | null;
  readonly contact_id: string | null;
  readonly campaign_id: string | null;
  readonly lead_id: string | null;
  readonly from_address: string;
  readonly to_address: string;
  readonly party_key: string;
  readonly party_domain: string;
  readonly content: Buffer;
  readonly raw: Buffer;
  readonly created_at: Date;
  readonly folder_id: string | null;
  readonly uidvalidity: number | null;
  readonly uid: number | null;
}

/** Stores received messages with their bytes, except those that are stored already. @returns the ids of those it stored */
export const insertReceived = async (tx: Transaction, rows: readonly NewReceived[]): Promise<ReadonlySet<string>> =>
  new Set(
    (
      await tx.query(sql<{ id: string }>`
        WITH given AS (
          SELECT * FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${plainArray(rows.map((row) => row.organization_id))}::uuid[],
            ${plainArray(rows.map((row) => row.workspace_id ?? 'NULL'))}::uuid[], ${plainArray(rows.map((row) => row.mailbox_id))}::uuid[],
            ${rows.map((row) => row.message_id)}::text[], ${rows.map((row) => row.in_reply_to)}::text[],
            ${plainArray(rows.map((row) => row.reply_to_id ?? 'NULL'))}::uuid[], ${plainArray(rows.map((row) => row.contact_id ?? 'NULL'))}::uuid[],
            ${rows.map((row) => row.from_address)}::text[], ${rows.map((row) => row.to_address)}::text[], ${rows.map((row) => row.party_key)}::text[],
            ${rows.map((row) => row.party_domain)}::text[], ${rows.map(({ content }) => content)}::bytea[], ${rows.map(({ raw }) => raw)}::bytea[],
            ${rows.map((row) => row.created_at)}::timestamptz[], ${plainArray(rows.map((row) => row.folder_id ?? 'NULL'))}::uuid[],
            ${plainArray(rows.map(({ uidvalidity }) => uidvalidity ?? 'NULL'))}::bigint[], ${plainArray(rows.map(({ uid }) => uid ?? 'NULL'))}::bigint[],
            ${plainArray(rows.map((row) => row.campaign_id ?? 'NULL'))}::uuid[], ${plainArray(rows.map((row) => row.lead_id ?? 'NULL'))}::uuid[])
            AS n (id, organization_id, workspace_id, mailbox_id, message_id, in_reply_to, reply_to_id, contact_id, from_address, to_address, party_key, party_domain,
              content, raw, created_at, folder_id, uidvalidity, uid, campaign_id, lead_id)
        ), stored AS (
          INSERT INTO messages (id, organization_id, workspace_id, mailbox_id, direction, purpose, message_id, in_reply_to, reply_to_id, contact_id, from_address, to_address,
            party_key, party_domain, content, created_at, folder_id, uidvalidity, uid, campaign_id, lead_id)
          SELECT id, organization_id, workspace_id, mailbox_id, 'inbound', 'received', message_id, in_reply_to, reply_to_id, contact_id, from_address, to_address,
            party_key, party_domain, content, created_at, folder_id, uidvalidity, uid, campaign_id, lead_id
          FROM given ORDER BY message_id ON CONFLICT DO NOTHING RETURNING id
        ), raws AS (
          INSERT INTO message_raws (message_id, organization_id, raw, created_at)
          SELECT g.id, g.organization_id, g.raw, g.created_at FROM given g JOIN stored s ON s.id = g.id
        )
        SELECT id FROM stored`)
    ).map(({ id }) => id),
  );
