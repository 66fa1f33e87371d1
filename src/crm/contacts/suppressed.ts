/** Contacts whose status does not say that they get no email. */
import type { Queryable } from '../../db/pool.ts';
import { plannedAnew, sql } from '../../db/sql.ts';
import type { OrganizationId } from '../../base/ids.ts';

/**
 * The ids of live contacts that are active or replied, although their address or its domain is suppressed. Usually few: an opt-out, a
 * complaint and a hard bounce change the status.
 * An address read backwards begins with its domain, so an index finds those of a domain and of its subdomains.
 * @param domains the suppressed domains of the organization, in A-labels
 */
export async function suppressedIds(
  on: Queryable,
  organization: OrganizationId,
  domains: readonly string[],
): Promise<readonly string[]> {
  const rows = await on.query(
    plannedAnew(sql<{ id: string }>`
      SELECT c.id FROM suppressions s JOIN contacts c ON c.organization_id = s.organization_id AND c.email_key = s.value AND c.deleted_at IS NULL
      WHERE s.organization_id = ${organization} AND s.kind = 'email' AND c.status IN ('active', 'replied')
      UNION
      SELECT c.id FROM unnest(${domains}::text[]) AS d (domain) CROSS JOIN (VALUES ('@', 'A'), ('.', '/')) AS e (first, beyond)
        JOIN contacts c ON c.organization_id = ${organization}
          AND reverse(c.email_key) ~>=~ reverse(e.first || d.domain) AND reverse(c.email_key) ~<~ reverse(e.beyond || d.domain)
      WHERE c.deleted_at IS NULL AND c.email_key IS NOT NULL AND c.status IN ('active', 'replied')`),
  );
  return rows.map(({ id }) => id);
}
