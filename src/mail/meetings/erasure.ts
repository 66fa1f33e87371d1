/** Erasure of a person from meetings, and the meetings' part of an export. */
import { addressKey } from '../../base/email-address.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { chunkRowsMax, erased, nothingLeft } from '../../db/erasure.ts';
import type { ErasureProgress, PersonChunk } from '../../db/erasure.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import { meetingColumns } from './queries.ts';
import type { MeetingRow } from './queries.ts';

/** Empties meetings of the person. @returns how many */
const blank = (
  tx: Transaction,
  organization: OrganizationId,
  {
    keys,
    contactIds,
    before,
  }: { readonly keys: readonly string[]; readonly contactIds: readonly string[]; readonly before: string },
): Promise<number> =>
  tx.execute(sql`
    UPDATE meetings SET details = '', party_key = ${erased}, contact_id = NULL WHERE id IN (
      SELECT id FROM meetings WHERE organization_id = ${organization} AND party_key = ANY(${[...keys]}::text[]) AND id < ${before}
      UNION SELECT id FROM meetings WHERE organization_id = ${organization} AND contact_id = ANY(${plainArray(contactIds)}::uuid[]) AND id < ${before}
      LIMIT ${chunkRowsMax})`);

/** Removes the person from meetings. Their times and statuses stay for the figures of campaigns. */
export async function eraseMeetings(
  tx: Transaction,
  { organizationId, endId, needles: { addresses, contactIds } }: PersonChunk,
): Promise<ErasureProgress> {
  const keys = addresses.flatMap((address) => addressKey(address) ?? []);
  const changed = await blank(tx, organizationId, { keys, contactIds, before: endId });
  // A meeting that is empty is not found again.
  return changed < chunkRowsMax ? { ...nothingLeft, changed } : { position: endId, changed };
}

/** Meetings of a person, the newest first, sealed. @param key the address as addresses are compared; null: none */
export const meetingsOfPerson = (
  on: Queryable,
  organization: OrganizationId,
  keys: readonly string[],
  contact: string,
  limit: number,
): Promise<MeetingRow[]> =>
  on.query(sql<MeetingRow>`
    SELECT ${meetingColumns} FROM meetings WHERE id IN (
      SELECT id FROM meetings WHERE organization_id = ${organization} AND party_key = ANY(${[...keys]}::text[])
      UNION SELECT id FROM meetings WHERE organization_id = ${organization} AND contact_id = ${contact}
    ) ORDER BY id DESC LIMIT ${limit}`);
