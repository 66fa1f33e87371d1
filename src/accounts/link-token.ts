import type { OrganizationId } from '../base/ids.ts';
import type { Queryable } from '../db/pool.ts';
import type { Vault } from '../encryption/vault.ts';

/**
 * The token of a link, derived from the master key and the link's id. So only its hash is stored, and yet every process that prints or
 * mails the link, and every attempt, has the same token.
 */
export async function linkToken(
  vault: Pick<Vault, 'mac'>,
  on: Queryable,
  organization: OrganizationId,
  id: string,
  purpose: 'setup link' | 'invitation' | 'password reset',
): Promise<string> {
  const [mac] = await vault.mac(on, organization, [id], purpose);
  return (mac ?? Buffer.alloc(0)).toString('base64url');
}
