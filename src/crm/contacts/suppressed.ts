/** Contacts whose status does not say that they get no email. */
import { domainToUnicode } from 'node:url';
import type { Queryable } from '../../db/pool.ts';
import { plannedAnew, sql } from '../../db/sql.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { folded } from '../records/index.ts';

const literal = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);

/**
 * The ids of live contacts that are active or replied, although their address or its domain is suppressed. Usually few: an opt-out, a
 * complaint and a hard bounce change the status.
 * @param domains the suppressed domains of the organization, in A-labels
 */
export async function suppressedIds(
  on: Queryable,
  organization: OrganizationId,
  domains: readonly string[],
): Promise<readonly string[]> {
  // An address is found as it was written, by the index of words, and compared by its key.
  const written = domains.flatMap((domain) => [domain, domainToUnicode(domain)]);
  const words = [...new Set(written)].map((domain) => `%${literal(folded(domain))}%`);
  const keys = domains.flatMap((domain) => [`%@${literal(domain)}`, `%.${literal(domain)}`]);
  const rows = await on.query(
    plannedAnew(sql<{ id: string }>`
      SELECT c.id FROM suppressions s JOIN contacts c ON c.organization_id = s.organization_id AND c.email_key = s.value AND c.deleted_at IS NULL
      WHERE s.organization_id = ${organization} AND s.kind = 'email' AND c.status IN ('active', 'replied')
      UNION
      SELECT id FROM contacts
      WHERE organization_id = ${organization} AND deleted_at IS NULL AND status IN ('active', 'replied')
        AND search LIKE ANY(${words}::text[]) AND email_key LIKE ANY(${keys}::text[])`),
  );
  return rows.map(({ id }) => id);
}
