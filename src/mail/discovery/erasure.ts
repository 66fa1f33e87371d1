/** Erasure of a person from finds and discovery jobs, and the part of an export. */
import { chunkRowsMax, erased, nothingLeft } from '../../db/erasure.ts';
import type { ErasureProgress, ErasureStage, PersonChunk } from '../../db/erasure.ts';
import type { Transaction } from '../../db/pool.ts';
import { problemsOf, writeProblem } from './provider/queries.ts';
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

/** Replaces the last problem of a provider whose error message speaks of the person. An organization has few providers. */
export const eraseProviderProblems: ErasureStage = async (tx, { organizationId, redactor }) => {
  const found = (await problemsOf(tx, organizationId)).filter(({ problem }) => redactor.speaksOf(problem));
  for (const { id } of found) await writeProblem(tx, id, erased);
  return { ...nothingLeft, changed: found.length };
};
