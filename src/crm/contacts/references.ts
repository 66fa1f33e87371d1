import type { Queryable } from '../../db/pool.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Sources } from '../records/index.ts';
import type { ContactFields, References } from './contact.ts';
import { companyNames } from './queries.ts';

/** Finds what changes refer to; it stays until the transaction is over. */
export async function referencesOf(
  on: Queryable,
  organization: OrganizationId,
  sources: Sources,
  changes: readonly ContactFields[],
): Promise<References> {
  const sourceIds = changes.flatMap(({ source_id: id }) => id ?? []);
  const companyIds = changes.flatMap(({ company_id: id, found_company_id: found }) =>
    [id, found].flatMap((each) => each ?? []),
  );
  // Sources first, then companies, then contacts: everybody locks in this order.
  const found = sourceIds.length === 0 ? new Map<string, string>() : await sources.known(on, organization, sourceIds);
  return { sources: found, companies: await companyNames(on, organization, companyIds) };
}

/** Names of the fields that refer to what is not the organization's, with the reason. */
export function danglingReferences(
  { company_id: company, source_id: source }: ContactFields,
  { companies, sources }: References,
): Record<string, string> {
  return {
    ...(company != null && !companies.has(company) ? { company_id: 'is no company of this organization' } : {}),
    ...(source != null && !sources.has(source) ? { source_id: 'is no source of this organization' } : {}),
  };
}
