/** Which addresses are suppressed, for the workspaces of the records that have them. */
import type { Address } from '../../base/email-address.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { Owner } from '../records/index.ts';
import { hasDomains, knownHashes } from './queries.ts';
import type { Kind } from './queries.ts';

interface Hashing {
  readonly vault: Vault;
}

/** An address, and the workspace of the record that has it. */
export interface OwnedAddress extends Pick<Address, 'key' | 'domain'> {
  readonly workspaceId: string | null;
}

/** Keyed hashes of values. */
export const hashesOf = (
  { vault }: Hashing,
  on: Queryable,
  organization: OrganizationId,
  values: readonly { readonly kind: Kind; readonly value: string }[],
): Promise<Buffer[]> =>
  vault.mac(
    on,
    organization,
    values.map(({ kind, value }) => `${kind}:${value}`),
    'suppressions',
  );

/** `a.b.example` → itself and `b.example`; the last label alone is a top-level domain. */
export function withParents(domain: string): string[] {
  const labels = domain.split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}

/** How each address is suppressed: itself, or through its domain or a domain above it. In the order of the addresses. */
export async function suppressed(
  options: Hashing,
  on: Queryable,
  organization: OrganizationId,
  addresses: readonly OwnedAddress[],
): Promise<readonly (Kind | undefined)[]> {
  if (addresses.length === 0) return [];
  const domains = (await hasDomains(on, organization))
    ? [...new Set(addresses.flatMap(({ domain }) => withParents(domain)))]
    : [];
  const keys = [...new Set(addresses.map(({ key }) => key))];
  const hashes = await hashesOf(options, on, organization, [
    ...keys.map((value) => ({ kind: 'email' as const, value })),
    ...domains.map((value) => ({ kind: 'domain' as const, value })),
  ]);
  const workspaces = [...new Set(addresses.flatMap(({ workspaceId }) => workspaceId ?? []))];
  const known = Map.groupBy(await knownHashes(on, organization, workspaces, hashes), ({ hash }) =>
    hash.toString('hex'),
  );
  if (known.size === 0) return addresses.map(() => undefined);
  /** The owners that suppress a value. */
  const ownersOf = (values: readonly string[], from: number) =>
    new Map(
      values.map((value, index) => [
        value,
        new Set(known.get(hashes[from + index]?.toString('hex') ?? '')?.map((row) => row.workspace_id)),
      ]),
    );
  const [ofKeys, ofDomains] = [ownersOf(keys, 0), ownersOf(domains, keys.length)];
  return addresses.map(({ key, domain, workspaceId }) => {
    const applies = (owners: ReadonlySet<string | null> | undefined): boolean =>
      owners !== undefined && (owners.has(null) || (workspaceId !== null && owners.has(workspaceId)));
    if (applies(ofKeys.get(key))) return 'email';
    return domains.length > 0 && withParents(domain).some((each) => applies(ofDomains.get(each)))
      ? 'domain'
      : undefined;
  });
}

/** `suppressed` of one owner, by `key`. */
export async function suppressedKeys(
  options: Hashing,
  on: Queryable,
  { organizationId, workspaceId }: Owner,
  addresses: readonly Pick<Address, 'key' | 'domain'>[],
): Promise<ReadonlyMap<string, Kind>> {
  const owned = addresses.map(({ key, domain }) => ({ key, domain, workspaceId }));
  const kinds = await suppressed(options, on, organizationId, owned);
  return new Map(
    addresses.flatMap(({ key }, index): (readonly [string, Kind])[] => {
      const kind = kinds[index];
      return kind === undefined ? [] : [[key, kind]];
    }),
  );
}
