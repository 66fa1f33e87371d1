import type { ErasureChunk, ErasureProgress, Redactor } from '../../db/erasure.ts';
import { firstId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { parseMessage } from '../mime/index.ts';
import { rawContext } from './box.ts';
import { capturedAfter, deleteCaptured } from './queries.ts';

/** Deletes captured messages that mention the person: copies of what a test sent. */
export async function eraseCapturedMessages(
  tx: Transaction,
  { organizationId, position, endId, redactor, vault }: ErasureChunk & { readonly vault: Pick<Vault, 'open'> },
): Promise<ErasureProgress> {
  const rows = await capturedAfter(tx, organizationId, position || firstId, endId);
  const found: string[] = [];
  for (const { id, from_address: from, to_address: to, raw } of rows)
    if (
      redactor.speaksOf(`${from} ${to}`) ||
      (await mentions(redactor, await vault.open(tx, organizationId, raw, rawContext)))
    )
      found.push(id);
  if (found.length > 0) await deleteCaptured(tx, organizationId, found);
  return { position: rows.at(-1)?.id, changed: found.length };
}

/** Whether the person is in a message: as its bytes are, or once they are decoded. */
async function mentions({ speaksOf }: Redactor, raw: Buffer): Promise<boolean> {
  if (speaksOf(raw.toString())) return true;
  const message = await parseMessage(raw);
  if ('skipped' in message) return false;
  const { subject, text, html = '', from, to } = message;
  return speaksOf(JSON.stringify([subject, text, html, from, to]));
}
