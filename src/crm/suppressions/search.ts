import { domainWithoutWww } from '../../base/company-domain.ts';
import { domainOf, parseAddressInQuery } from '../../base/email-address.ts';
import type { Slice } from '../../db/in-order.ts';
import type { Database } from '../../db/pool.ts';
import { sliceOf } from '../../http/listing.ts';
import type { Vault } from '../../encryption/vault.ts';
import { countedMax, totalOf } from '../records/index.ts';
import type { Reach, Total } from '../records/index.ts';
import { byHashes, counted, listed } from './queries.ts';
import type { Kind, Reason, Suppression } from './queries.ts';
import { hashesOf, withParents } from './suppressed.ts';

export interface SuppressionSearch {
  /** An exact address or domain; other text finds nothing. */
  readonly search?: string | undefined;
  /** For an address, also finds the suppressions of its domain and of the domains above it. */
  readonly withDomains?: boolean;
  readonly reason?: Reason | undefined;
}

export async function pageOf(
  options: { readonly db: Database; readonly vault: Vault },
  reach: Reach,
  { search, withDomains = false, reason }: SuppressionSearch,
  page: Slice,
): Promise<Total & { readonly rows: Suppression[] }> {
  const { db } = options;
  if (search !== undefined) {
    const hashes = await hashesOf(options, db, reach.organizationId, valuesOf(search, withDomains));
    const found = (await byHashes(db, reach, hashes))
      .filter((row) => reason === undefined || row.reason === reason)
      .map(({ hash: _, ...row }): Suppression => row);
    const all = { updatedSince: page.updatedSince, limit: found.length };
    return { rows: sliceOf(found, page), total: sliceOf(found, all).length, capped: false };
  }
  const [rows, count] = await Promise.all([
    listed(db, reach, reason, page),
    counted(db, reach, reason, page, countedMax + 1),
  ]);
  return { rows, ...totalOf(count) };
}

function valuesOf(search: string, withDomains: boolean): { readonly kind: Kind; readonly value: string }[] {
  // As it is written, too: it may have been stored with `www`.
  const written = new Set(search.includes('@') ? [] : [domainWithoutWww(search), domainOf(search)]);
  const named = [...written].filter((each) => each !== undefined);
  if (named.length > 0) return named.map((value) => ({ kind: 'domain', value }));
  const address = parseAddressInQuery(search);
  if ('problem' in address) return [];
  const domains = withDomains ? withParents(address.domain) : [];
  return [{ kind: 'email', value: address.key }, ...domains.map((value) => ({ kind: 'domain' as const, value }))];
}
