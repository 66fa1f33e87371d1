/** Erasure of a person from messages, and the messages' part of an export. */
import { chunkRowsMax, erased } from '../../db/erasure.ts';
import type { ErasureStage } from '../../db/erasure.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import { firstId } from '../../base/ids.ts';
import type { OrganizationId } from '../../base/ids.ts';

interface Row {
  readonly id: string;
  readonly contact_id: string | null;
  readonly from_address: string;
  readonly to_address: string;
}

const messagesAfter = (tx: Transaction, organization: OrganizationId, after: string, before: string): Promise<Row[]> =>
  tx.query(sql<Row>`
    SELECT id, contact_id, from_address, to_address FROM messages
    WHERE organization_id = ${organization} AND id > ${after} AND id < ${before} ORDER BY id LIMIT ${chunkRowsMax}`);

/** Without content, a message is read as erased. One that waits is not sent. */
const blank = (tx: Transaction, organization: OrganizationId, ids: readonly string[]): Promise<number> =>
  tx.execute(sql`
    WITH raws AS (
      DELETE FROM message_raws WHERE message_id = ANY(${plainArray(ids)}::uuid[])
    ), links AS (
      DELETE FROM message_links WHERE message_id = ANY(${plainArray(ids)}::uuid[])
    ), entries AS (
      UPDATE message_history SET detail = detail - 'answer' WHERE message_id = ANY(${plainArray(ids)}::uuid[]) AND detail ? 'answer'
    )
    UPDATE messages SET updated_at = date_trunc('milliseconds', now()), content = '', error = NULL, party_key = ${erased}, party_domain = ${erased},
      from_address = CASE direction WHEN 'inbound' THEN ${erased} ELSE from_address END, to_address = CASE direction WHEN 'outbound' THEN ${erased} ELSE to_address END,
      status = CASE WHEN status IN ('claimed', 'deferred') THEN 'failed' ELSE status END, due_at = NULL, blocked_reason = NULL, contact_id = NULL
    WHERE organization_id = ${organization} AND id = ANY(${plainArray(ids)}::uuid[])`);

/** Empties received messages that mention the person; their senders stay. */
export const blankReceived = (tx: Transaction, organization: OrganizationId, ids: readonly string[]): Promise<number> =>
  tx.execute(sql`
    WITH raws AS (
      DELETE FROM message_raws WHERE message_id = ANY(${plainArray(ids)}::uuid[])
    )
    UPDATE messages SET updated_at = date_trunc('milliseconds', now()), content = '' WHERE organization_id = ${organization} AND id = ANY(${plainArray(ids)}::uuid[]) AND direction = 'inbound'`);

/** Empties messages from and to the person. Their Message-IDs, times and statuses stay. */
export const eraseMessages: ErasureStage = async (tx, { organizationId, position, endId, redactor }) => {
  const rows = await messagesAfter(tx, organizationId, position || firstId, endId);
  const found = rows.filter(({ from_address: from, to_address: to, contact_id: contact }) =>
    redactor.speaksOf(`${from} ${to} ${contact ?? ''}`),
  );
  if (found.length > 0)
    await blank(
      tx,
      organizationId,
      found.map(({ id }) => id),
    );
  return { position: rows.at(-1)?.id, changed: found.length };
};

/** A message of an export, sealed. */
export interface PersonMessage {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly direction: 'outbound' | 'inbound';
  readonly status: string | null;
  readonly from_address: string;
  readonly to_address: string;
  readonly content: Buffer;
  readonly created_at: Date;
  readonly sent_at: Date | null;
}

/** Messages from and to a person, the newest first. @param key the address as addresses are compared; null: none */
export const messagesOfPerson = (
  on: Queryable,
  organization: OrganizationId,
  keys: readonly string[],
  contact: string,
  limit: number,
): Promise<PersonMessage[]> =>
  on.query(sql<PersonMessage>`
    SELECT id, organization_id, direction, status, from_address, to_address, content, created_at, sent_at FROM messages WHERE id IN (
      SELECT id FROM messages WHERE organization_id = ${organization} AND party_key = ANY(${[...keys]}::text[])
      UNION SELECT id FROM messages WHERE organization_id = ${organization} AND contact_id = ${contact}
    ) ORDER BY id DESC LIMIT ${limit}`);
