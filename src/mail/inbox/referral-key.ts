import { addressKey } from '../../base/email-address.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { Referral } from '../replies/index.ts';

const context = 'reply referral';

/**
 * Keyed hashes of addresses that replies name, so that an erasure finds them although the details are sealed.
 * @returns for each referral; empty without an address
 */
export async function referralKeys(
  vault: Pick<Vault, 'mac'>,
  on: Queryable,
  organization: OrganizationId,
  referrals: readonly (Pick<Referral, 'email'> | null)[],
): Promise<Buffer[]> {
  const keys = referrals.map((referral) => addressKey(referral?.email) ?? '');
  const macs = await vault.mac(on, organization, keys, context);
  return macs.map((mac, index) => (keys[index] === '' ? Buffer.alloc(0) : mac));
}
