/** Erasure of a person from replies, and the replies' part of an export. */
import { addressKey } from '../../base/email-address.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { chunkRowsMax, erased, nothingLeft } from '../../db/erasure.ts';
import type { ErasureProgress, PersonChunk } from '../../db/erasure.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { ReplyClass } from '../replies/index.ts';
import type { ClassSource } from './reply.ts';

/** Without details, a reply is read as erased. An empty one is not found again. */
const blank = (
  tx: Transaction,
  organization: OrganizationId,
  { keys, contactIds, before }: { keys: readonly string[]; contactIds: readonly string[]; before: string },
): Promise<number> =>
  tx.execute(sql`
    UPDATE replies SET details = '', from_key = ${erased}, contact_id = NULL WHERE id IN (
      SELECT id FROM replies WHERE organization_id = ${organization} AND from_key = ANY(${[...keys]}::text[]) AND id < ${before}
      UNION SELECT id FROM replies WHERE organization_id = ${organization} AND contact_id = ANY(${plainArray(contactIds)}::uuid[]) AND id < ${before}
      LIMIT ${chunkRowsMax})`);

/** Empties replies of the person. Their classes and times stay for the figures. */
export async function eraseReplies(
  tx: Transaction,
  { organizationId, endId, needles: { addresses, contactIds } }: PersonChunk,
): Promise<ErasureProgress> {
  const keys = addresses.flatMap((address) => [addressKey(address) ?? [], address.toLowerCase()].flat());
  const changed = await blank(tx, organizationId, { keys, contactIds, before: endId });
  return changed < chunkRowsMax ? { ...nothingLeft, changed } : { position: endId, changed };
}

/** A reply of an export, sealed. */
export interface PersonReply {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly campaign_id: string | null;
  readonly lead_id: string | null;
  readonly classification: ReplyClass;
  readonly source: ClassSource;
  readonly return_date: string | null;
  readonly details: Buffer;
  readonly received_at: Date;
}

/** Replies of a person, the newest first. @param key the address as addresses are compared; null: none */
export const repliesOfPerson = (
  on: Queryable,
  organization: OrganizationId,
  key: string | null,
  contact: string,
  limit: number,
): Promise<PersonReply[]> =>
  on.query(sql<PersonReply>`
    SELECT id, organization_id, campaign_id, lead_id, classification, source, return_date::text AS return_date, details, received_at FROM replies WHERE id IN (
      SELECT id FROM replies WHERE organization_id = ${organization} AND from_key = ${key}
      UNION SELECT id FROM replies WHERE organization_id = ${organization} AND contact_id = ${contact}
    ) ORDER BY received_at DESC, id DESC LIMIT ${limit}`);
