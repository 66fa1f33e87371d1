/** Contacts whose status does not say that they get no email. */
import type { Queryable } from '../../db/pool.ts';
import { plannedAnew, sql } from '../../db/sql.ts';
import type { SuppressedDomain } from '../suppressions/index.ts';
import type { Reach } from '../records/index.ts';

/**
 * The ids of live contacts that are active or replied, although their address or its domain is suppressed for their owner. Usually few: an
 * opt-out, a complaint and a hard bounce change the status.
 * An address read backwards begins with its domain, so an index finds those of a domain and of its subdomains.
 * @param domains the suppressed domains of the organization, in A-labels
 */
export async function suppressedIds(
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  domains: readonly SuppressedDomain[],
): Promise<readonly string[]> {
  const [values, owners] = [domains.map(({ value }) => value), domains.map((each) => each.workspace_id)];
  const rows = await on.query(
    plannedAnew(sql<{ id: string }>`
      SELECT c.id FROM suppressions s JOIN contacts c ON c.organization_id = s.organization_id AND c.email_key = s.value AND c.deleted_at IS NULL
        AND (s.workspace_id IS NULL OR s.workspace_id = c.workspace_id)
      WHERE s.organization_id = ${organization} AND s.kind = 'email' AND (${workspace ?? null}::uuid IS NULL OR c.workspace_id = ${workspace ?? null}) AND c.status IN ('active', 'replied')
      UNION
      SELECT c.id FROM unnest(${values}::text[], ${owners}::uuid[]) AS d (domain, workspace_id) CROSS JOIN (VALUES ('@', 'A'), ('.', '/')) AS e (first, beyond)
        JOIN contacts c ON c.organization_id = ${organization} AND (d.workspace_id IS NULL OR d.workspace_id = c.workspace_id)
          AND reverse(c.email_key) ~>=~ reverse(e.first || d.domain) AND reverse(c.email_key) ~<~ reverse(e.beyond || d.domain)
      WHERE c.deleted_at IS NULL AND c.email_key IS NOT NULL AND (${workspace ?? null}::uuid IS NULL OR c.workspace_id = ${workspace ?? null}) AND c.status IN ('active', 'replied')`),
  );
  return rows.map(({ id }) => id);
}
