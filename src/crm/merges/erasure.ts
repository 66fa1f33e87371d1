/** Erasure of a person from merges: from what is kept for undoing them. */
import { chunkRowsMax } from '../../db/erasure.ts';
import type { ErasureProgress, PersonChunk } from '../../db/erasure.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { Contact, Contacts } from '../contacts/index.ts';
import { deletePieces } from './queries.ts';
import { firstId } from '../../base/ids.ts';
import type { OrganizationId } from '../../base/ids.ts';

interface MergeText {
  readonly id: string;
  readonly snapshot: string;
  readonly filled: string;
  readonly entity: 'contact' | 'company';
}

/** Merges that can be undone; the others name nothing. */
const textsAfter = (on: Queryable, organization: OrganizationId, after: string, limit: number): Promise<MergeText[]> =>
  on.query(sql<MergeText>`
    SELECT id, entity, snapshot::text AS snapshot, filled::text AS filled FROM merges
    WHERE organization_id = ${organization} AND id > ${after || firstId} AND snapshot IS NOT NULL ORDER BY id LIMIT ${limit} FOR UPDATE`);

const writeTexts = (tx: Transaction, rows: readonly MergeText[]): Promise<number> =>
  tx.execute(sql`
    UPDATE merges m SET snapshot = n.snapshot::jsonb, filled = n.filled::jsonb
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ snapshot }) => snapshot)}::text[], ${rows.map(({ filled }) => filled)}::text[]) AS n (id, snapshot, filled)
    WHERE m.id = n.id`);

const removeIds = (tx: Transaction, merges: readonly string[], ids: readonly string[]): Promise<number> =>
  tx.execute(sql`
    UPDATE merge_pieces SET ids = ARRAY(SELECT i.id FROM unnest(ids) AS i (id) WHERE i.id <> ALL(${plainArray(ids)}::uuid[]))
    WHERE merge_id = ANY(${plainArray(merges)}::uuid[]) AND ids && ${plainArray(ids)}::uuid[]`);

/** Ends the possibility of an undo. */
async function forget(tx: Transaction, merges: readonly string[]): Promise<void> {
  await tx.execute(sql`UPDATE merges SET snapshot = NULL, filled = NULL WHERE id = ANY(${plainArray(merges)}::uuid[])`);
  await deletePieces(tx, merges);
}

/** Deletes the merges of contacts, and of those that were merged into them. @returns their snapshots */
const deleteOf = (
  tx: Transaction,
  organization: OrganizationId,
  contacts: readonly string[],
): Promise<{ snapshot: string | null }[]> =>
  tx.query(sql<{ snapshot: string | null }>`
    WITH RECURSIVE persons AS (
      SELECT id FROM unnest(${plainArray(contacts)}::uuid[]) AS c (id)
      UNION SELECT m.from_id FROM persons p JOIN merges m ON m.into_id = p.id WHERE m.organization_id = ${organization}
    )
    DELETE FROM merges WHERE organization_id = ${organization} AND entity = 'contact' AND (into_id IN (SELECT id FROM persons) OR from_id IN (SELECT id FROM persons))
    RETURNING snapshot::text AS snapshot`);

/** Deletes the merges of a person's contacts. @returns the contacts that went away in them */
export async function eraseMergesOf(
  tx: Transaction,
  organization: OrganizationId,
  contacts: readonly string[],
  read: Contacts['merging']['read'],
): Promise<Contact[]> {
  if (contacts.length === 0) return [];
  const snapshots = (await deleteOf(tx, organization, contacts)).flatMap(({ snapshot }) => snapshot ?? []);
  return snapshots.length === 0 ? [] : read(tx, organization, snapshots);
}

/** The contacts that were merged into a contact, for an export. */
export async function contactsMergedInto(
  on: Queryable,
  organization: OrganizationId,
  contact: string,
  read: Contacts['merging']['read'],
): Promise<Contact[]> {
  const rows = await on.query(sql<{ snapshot: string }>`
    WITH RECURSIVE persons AS (
      SELECT ${contact}::uuid AS id
      UNION SELECT m.from_id FROM persons p JOIN merges m ON m.into_id = p.id WHERE m.organization_id = ${organization} AND m.undone_at IS NULL
    )
    SELECT snapshot::text AS snapshot FROM merges WHERE organization_id = ${organization} AND entity = 'contact' AND from_id IN (SELECT id FROM persons) AND snapshot IS NOT NULL
    ORDER BY id DESC LIMIT 1000`);
  return rows.length === 0
    ? []
    : read(
        on,
        organization,
        rows.map(({ snapshot }) => snapshot),
      );
}

/** Redacts what is kept, and removes erased contacts from what followed. The merges can still be undone. */
export async function eraseMerges(
  tx: Transaction,
  { organizationId, position, redactor, needles: { contactIds } }: PersonChunk,
): Promise<ErasureProgress> {
  const rows = await textsAfter(tx, organizationId, position, chunkRowsMax);
  const redacted = (json: string): string => (redactor.recordSpeaksOf(json) ? redactor.redactJson(json) : json);
  // A contact without its address cannot come back.
  const ended = rows
    .filter(({ entity, snapshot }) => entity === 'contact' && redactor.recordSpeaksOf(snapshot))
    .map(({ id }) => id);
  if (ended.length > 0) await forget(tx, ended);
  const found = rows
    .filter(({ id }) => !ended.includes(id))
    .map((row) => ({ ...row, snapshot: redacted(row.snapshot), filled: redacted(row.filled) }))
    .filter(({ id, snapshot, filled }) => {
      const before = rows.find((row) => row.id === id);
      return snapshot !== before?.snapshot || filled !== before.filled;
    });
  if (found.length > 0) await writeTexts(tx, found);
  const removed =
    rows.length === 0 || contactIds.length === 0
      ? 0
      : await removeIds(
          tx,
          rows.map(({ id }) => id),
          contactIds,
        );
  return { position: rows.at(-1)?.id, changed: ended.length + found.length + removed };
}
