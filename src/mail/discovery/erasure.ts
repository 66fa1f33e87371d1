/** Erasure of a person from finds and discovery jobs, and the part of an export. */
import { chunkRowsMax, nothingLeft } from '../../db/erasure.ts';
import type { ErasureProgress, ErasureStage, PersonChunk } from '../../db/erasure.ts';
import type { Transaction } from '../../db/pool.ts';
import { deleteFindsOf, textsAfter, writeTexts } from './queries.ts';

export { findsOfContact as findsOfPerson } from './queries.ts';

/** Deletes where a person was found. */
export async function eraseFinds(
  tx: Transaction,
  { organizationId, endId, needles: { contactIds } }: PersonChunk,
): Promise<ErasureProgress> {
  const changed = contactIds.length === 0 ? 0 : await deleteFindsOf(tx, organizationId, contactIds, chunkRowsMax);
  return changed < chunkRowsMax ? { ...nothingLeft, changed } : { position: endId, changed };
}

/** Redacts what callers and sources wrote into finished jobs; one in progress still needs its profile and is redacted in the second round. */
export const eraseDiscoveryJobs: ErasureStage = async (tx, { organizationId, position, endId, redactor }) => {
  const rows = await textsAfter(tx, organizationId, position, endId, chunkRowsMax);
  const found = rows
    .filter(({ text }) => redactor.recordSpeaksOf(text))
    .map(({ id, text }) => ({ id, text: redactor.redactJson(text) }));
  if (found.length > 0) await writeTexts(tx, found);
  return { position: rows.at(-1)?.id, changed: found.length };
};
