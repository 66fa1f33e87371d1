import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import type { Ids, OrganizationId } from '../../base/ids.ts';
import { unreachable } from '../../base/errors.ts';
import type { Vault } from '../../encryption/vault.ts';
import { insertSigningKey, publicKeys, signingKey } from './queries.ts';

/** A public key as a JSON Web Key (RFC 8037), and in the Standard Webhooks format. */
export interface PublishedKey {
  readonly kid: string;
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly alg: 'EdDSA';
  readonly use: 'sig';
  readonly x: string;
  readonly public_key: string;
}

const context = 'signing key';

/** `whpk_` and the raw key in base64 (Standard Webhooks 1.0.0, "Signature scheme"). */
export const publicKeyText = (raw: Buffer): string => `whpk_${raw.toString('base64')}`;

/** ed25519 keys, one per organization: with a shared key, one tenant could obtain signed deliveries that another tenant's receiver accepts. */
export function createSigningKeys({ db, vault, clock, ids }: { db: Database; vault: Vault; clock: Clock; ids: Ids }) {
  const opened = new Map<OrganizationId, Promise<KeyObject>>();
  let reading: ReturnType<typeof publicKeys> | undefined;

  async function open(organizationId: OrganizationId): Promise<KeyObject> {
    const row = await signingKey(db, organizationId);
    if (row === undefined) throw new Error(`Organization ${organizationId} has no signing key.`);
    return createPrivateKey({
      key: await vault.open(db, organizationId, row.private_key_sealed, context),
      format: 'der',
      type: 'pkcs8',
    });
  }

  /** The route is public, so concurrent requests share one query. */
  async function publish(organizationId: OrganizationId | undefined): Promise<readonly PublishedKey[]> {
    reading ??= publicKeys(db).finally(() => {
      reading = undefined;
    });
    const rows = await reading;
    return rows.flatMap((row) =>
      organizationId !== undefined && row.organization_id !== organizationId
        ? []
        : [
            {
              kid: row.id,
              kty: 'OKP' as const,
              crv: 'Ed25519' as const,
              alg: 'EdDSA' as const,
              use: 'sig' as const,
              x: row.public_key.toString('base64url'),
              public_key: publicKeyText(row.public_key),
            },
          ],
    );
  }

  return {
    /** The private key. @throws Error if the organization has none. */
    of(organizationId: OrganizationId): Promise<KeyObject> {
      let key = opened.get(organizationId);
      if (key === undefined) {
        key = open(organizationId);
        opened.set(organizationId, key);
        key.catch(() => opened.delete(organizationId));
      }
      return key;
    },

    /** The raw public key; creates the key pair on first use. */
    async ensure(tx: Transaction, organizationId: OrganizationId): Promise<Buffer> {
      const present = await signingKey(tx, organizationId);
      if (present !== undefined) return present.public_key;
      const pair = generateKeyPairSync('ed25519');
      const sealed = await vault.seal(
        tx,
        organizationId,
        pair.privateKey.export({ format: 'der', type: 'pkcs8' }),
        context,
      );
      await insertSigningKey(tx, {
        id: ids.next(),
        organization_id: organizationId,
        public_key: rawOf(pair.publicKey),
        private_key_sealed: sealed,
        created_at: new Date(clock.now()),
      });
      const stored = await signingKey(tx, organizationId);
      if (stored === undefined) throw unreachable(`no signing key of ${organizationId} after its insert`);
      return stored.public_key;
    },

    /** The public keys of one organization, or of all. */
    published: (organizationId?: OrganizationId): Promise<readonly PublishedKey[]> => publish(organizationId),
  };
}

export type SigningKeys = ReturnType<typeof createSigningKeys>;

const rawOf = (key: KeyObject): Buffer => Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
