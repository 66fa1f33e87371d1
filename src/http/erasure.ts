import { chunkRowsMax } from '../db/erasure.ts';
import type { ErasureChunk, ErasureProgress } from '../db/erasure.ts';
import type { Transaction } from '../db/pool.ts';
import type { Vault } from '../encryption/vault.ts';
import { answersAfter, storeAnswer } from './answered-requests.ts';
import { answersSealedAs } from './idempotency.ts';

interface Chunk extends ErasureChunk {
  readonly vault: Pick<Vault, 'open' | 'seal'>;
}

/** Redacts stored answers that mention the person; repetitions of their requests get the redacted answers. All are deleted after 72 hours. */
export async function eraseAnsweredRequests(
  tx: Transaction,
  { organizationId, position, redactor, vault }: Chunk,
): Promise<ErasureProgress> {
  const rows = await answersAfter(tx, organizationId, Buffer.from(position, 'hex'), chunkRowsMax);
  let changed = 0;
  for (const { key, answer } of rows) {
    const before = (await vault.open(tx, organizationId, answer, answersSealedAs)).toString();
    const { body, ...rest } = JSON.parse(before) as { readonly body?: string };
    if (body === undefined || !redactor.recordSpeaksOf(body)) continue;
    const after = JSON.stringify({ ...rest, body: redactor.redactJson(body) });
    await storeAnswer(tx, organizationId, key, await vault.seal(tx, organizationId, after, answersSealedAs));
    changed += 1;
  }
  return { position: rows.at(-1)?.key.toString('hex'), changed };
}
