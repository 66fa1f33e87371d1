import { erased } from '../../db/erasure.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { detailsContext } from './reply.ts';
import type { Details, StoredReply } from './reply.ts';

/** Opens what was read of a reply; of an erased one, nothing but that is known. */
export const openDetails = async (
  vault: Pick<Vault, 'open'>,
  on: Queryable,
  { organization_id: organization, details }: Pick<StoredReply, 'organization_id' | 'details'>,
): Promise<Details> =>
  details.length === 0
    ? { text: erased, reasons: [], referral: null }
    : (JSON.parse((await vault.open(on, organization, details, detailsContext)).toString()) as Details);
