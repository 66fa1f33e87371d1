/** Erasure of a person from merges: from what is kept for undoing them. */
import { chunkRowsMax } from '../../db/erasure.ts';
import type { ErasureProgress, PersonChunk } from '../../db/erasure.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import { firstId } from '../../base/ids.ts';
import type { OrganizationId } from '../../base/ids.ts';

interface MergeText {
  readonly id: string;
  readonly snapshot: string;
  readonly filled: string;
}

/** Merges that can be undone; the others name nothing. */
const textsAfter = (on: Queryable, organization: OrganizationId, after: string, limit: number): Promise<MergeText[]> =>
  on.query(sql<MergeText>`
    SELECT id, snapshot::text AS snapshot, filled::text AS filled FROM merges
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

/** Redacts what is kept, and removes erased contacts from what followed. The merges can still be undone. */
export async function eraseMerges(
  tx: Transaction,
  { organizationId, position, redactor, needles: { contactIds } }: PersonChunk,
): Promise<ErasureProgress> {
  const rows = await textsAfter(tx, organizationId, position, chunkRowsMax);
  const redacted = (json: string): string => (redactor.recordSpeaksOf(json) ? redactor.redactJson(json) : json);
  const found = rows
    .map(({ id, snapshot, filled }) => ({ id, snapshot: redacted(snapshot), filled: redacted(filled) }))
    .filter(({ snapshot, filled }, at) => snapshot !== rows[at]?.snapshot || filled !== rows[at]?.filled);
  if (found.length > 0) await writeTexts(tx, found);
  const removed =
    rows.length === 0 || contactIds.length === 0
      ? 0
      : await removeIds(
          tx,
          rows.map(({ id }) => id),
          contactIds,
        );
  return { position: rows.at(-1)?.id, changed: found.length + removed };
}
