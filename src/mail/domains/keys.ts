import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { workspaceFor } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { DnsRecords } from '../../base/dns-records.ts';
import { domainOf } from '../../base/email-address.ts';
import { ApiError, invalid, notFound } from '../../base/errors.ts';
import type { Ids, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Database } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { tagsOf } from './check.ts';
import { recordName } from './dkim.ts';
import { totalFor } from '../../http/listing.ts';
import type { Paged } from '../../http/listing.ts';
import { countKeys, deleteKey, insertKey, keyById, keys, saveVerified, signingKey } from './queries.ts';
import type { KeyRow, Reach } from './queries.ts';

/** An own DKIM key that DNS has shown. */
export interface SigningKey {
  readonly domain: string;
  readonly selector: string;
  /** PKCS #8, PEM. Never log or return it. */
  readonly privateKey: string;
}

export interface KeysOptions {
  readonly db: Database;
  readonly dns: DnsRecords;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly vault: Vault;
}

export const keysMax = 200;
const sealedAs = 'dkim key';
const generate = promisify(generateKeyPair);

/** The TXT record that publishes a key. */
export const recordOf = ({ selector, domain, public_key: key }: KeyRow): { name: string; value: string } => ({
  name: recordName(selector, domain),
  value: `v=DKIM1; k=rsa; p=${key}`,
});

export type DkimKeys = ReturnType<typeof createKeys>;

/** Own DKIM keys of organizations. */
export function createKeys({ db, dns, clock, ids, vault }: KeysOptions) {
  async function get(reach: Reach, id: string): Promise<KeyRow> {
    const row = await keyById(db, reach, id);
    if (row === undefined) throw notFound('DKIM key');
    return row;
  }

  return {
    /** @throws ApiError `not_found` */
    get,

    /**
     * Generates an RSA key of 2,048 bits. It signs nothing before `verify`.
     * @throws ApiError `validation_failed`; `conflict` past 200 keys; `forbidden` for a workspace other than the caller's
     */
    async create(
      caller: Reach,
      {
        domain: given,
        workspace_id: wanted,
      }: { readonly domain: string; readonly workspace_id?: WorkspaceId | undefined },
    ): Promise<KeyRow> {
      const domain = domainOf(given);
      if (domain === undefined) throw invalid({ domain: 'must be a domain, such as lovelace.example' });
      const workspace = await workspaceFor(db, caller, wanted);
      const { publicKey, privateKey } = await generate('rsa', {
        modulusLength: 2_048,
        publicKeyEncoding: { type: 'spki', format: 'der' },
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      });
      const row: KeyRow = {
        id: ids.next(),
        organization_id: caller.organizationId,
        workspace_id: workspace,
        domain,
        // Random, so that it is nobody else's.
        selector: `k${randomBytes(6).toString('hex')}`,
        public_key: publicKey.toString('base64'),
        verified_at: null,
        created_at: new Date(clock.now()),
      };
      await db.transaction(async (tx) => {
        const sealed = await vault.seal(tx, caller.organizationId, privateKey, sealedAs);
        if (!(await insertKey(tx, row, sealed, keysMax)))
          throw new ApiError(
            'conflict',
            `An organization has at most ${keysMax} DKIM keys. Delete one that is not used.`,
          );
      });
      return row;
    },

    /** A page of keys, newest first; of one domain, if it is given. */
    async list(reach: Reach, given: string | undefined, page: Paged): Promise<{ rows: KeyRow[]; total: number }> {
      const domain = given === undefined ? undefined : (domainOf(given) ?? given);
      const [rows, total] = await Promise.all([
        keys(db, reach, domain, page),
        totalFor(page, () => countKeys(db, reach, domain, page)),
      ]);
      return { rows, total };
    },

    /**
     * Looks for the key's record in the DNS. If it is there, messages of the domain are signed with it from now on; if it is not, or not any
     * more, they are not. Without an answer of the DNS nothing changes.
     * @returns the key, and what is wrong with its record
     * @throws ApiError `not_found`
     */
    async verify(reach: Reach, id: string): Promise<{ readonly row: KeyRow; readonly problem: string | null }> {
      const row = await get(reach, id);
      const { name } = recordOf(row);
      const lookup = await dns.txt(name);
      if (lookup.kind === 'failed')
        return { row, problem: `No name server answered for ${name}. Try again in some minutes.` };
      const shown = lookup.kind === 'found' ? lookup.records.map((text) => tagsOf(text).get('p')) : [];
      const isShown = shown.some((key) => key?.replaceAll(/\s/g, '') === row.public_key);
      const at = isShown ? new Date(clock.now()) : null;
      await saveVerified(db, reach.organizationId, row.id, at);
      const problem =
        shown.length === 0
          ? `The DNS has no TXT record ${name}. Add it, and try again in some minutes.`
          : `The TXT record ${name} has another value. Replace it, and try again once the old one has expired.`;
      return { row: { ...row, verified_at: at }, problem: isShown ? null : problem };
    },

    /** Nothing is signed with the key any more. @throws ApiError `not_found` */
    async remove(reach: Reach, id: string): Promise<void> {
      await deleteKey(db, reach.organizationId, (await get(reach, id)).id);
    },

    /**
     * The newest verified key of a domain. Do not sign with it for Google and Microsoft mailboxes, because these providers sign.
     * @example
     * const key = await domains.signingKeyOf(organizationId, 'lovelace.example');
     */
    async signingKeyOf(organization: OrganizationId, domain: string): Promise<SigningKey | undefined> {
      const row = await signingKey(db, organization, domain);
      return (
        row && {
          domain,
          selector: row.selector,
          privateKey: (await vault.open(db, organization, row.private_key, sealedAs)).toString(),
        }
      );
    },
  };
}
