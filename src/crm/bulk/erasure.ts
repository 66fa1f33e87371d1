/** Erasure of a person from bulk jobs: from filters, changes and lists of ids. A file is made of the records that exist when it is fetched. */
import { chunkRowsMax } from '../../db/erasure.ts';
import type { ErasureProgress, PersonChunk } from '../../db/erasure.ts';
import type { Transaction } from '../../db/pool.ts';
import { removeIds, textsAfter, writeTexts } from './queries.ts';

/** Redacts what jobs store as text. A job in progress continues with what is left. */
export async function eraseBulkJobs(
  tx: Transaction,
  { organizationId, position, endId, redactor, needles: { contactIds } }: PersonChunk,
): Promise<ErasureProgress> {
  const rows = await textsAfter(tx, organizationId, position, endId, chunkRowsMax);
  const redacted = (json: string): string => (redactor.recordSpeaksOf(json) ? redactor.redactJson(json) : json);
  const found = rows
    .map(({ id, selection, change, errors }) => ({
      id,
      selection: redacted(selection),
      change: change === null ? null : redacted(change),
      errors: redacted(errors),
    }))
    .filter((row, index) =>
      (['selection', 'change', 'errors'] as const).some((field) => row[field] !== rows[index]?.[field]),
    );
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
