/** Erasure of a person from the opt-outs of topics. */
import { addressKey } from '../../base/email-address.ts';
import type { ErasureProgress, PersonChunk } from '../../db/erasure.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { hashesOf } from './opt-outs.ts';
import { eraseValues } from './queries.ts';

/** Deletes the address from its opt-outs. They stay, found by its hash. */
export async function eraseOptOuts(
  tx: Transaction,
  { organizationId, needles: { addresses }, vault }: PersonChunk & { readonly vault: Pick<Vault, 'mac'> },
): Promise<ErasureProgress> {
  const keys = addresses.flatMap((address) => addressKey(address) ?? []);
  if (keys.length === 0) return { position: undefined, changed: 0 };
  const hashes = await hashesOf({ vault }, tx, organizationId, keys);
  return { position: undefined, changed: await eraseValues(tx, organizationId, hashes) };
}
