/** Contacts that get no email although their status does not say so, and lists in which they count as unsubscribed. */
import type { Queryable } from '../../db/pool.ts';
import { plannedAnew, sql } from '../../db/sql.ts';
import type { Statement } from '../../db/sql.ts';
import type { SuppressedDomain } from '../suppressions/index.ts';
import type { Reach } from '../records/index.ts';
import type { ContactStatus } from './contact.ts';
import type { Slice } from './search.ts';

const idsOf = async (on: Queryable, statement: Statement<{ id: string }>): Promise<readonly string[]> =>
  (await on.query(statement)).map(({ id }) => id);

/**
 * The ids of live contacts that are active or replied, although their address is suppressed for their owner. Usually few: an opt-out, a
 * complaint and a hard bounce change the status. An id may be there more than once.
 * @param max reads at most so many; null: all
 */
export const idsOfAddresses = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  max: number | null,
): Promise<readonly string[]> =>
  idsOf(
    on,
    plannedAnew(sql<{ id: string }>`
      SELECT c.id FROM suppressions s JOIN contacts c ON c.organization_id = s.organization_id AND c.email_key = s.value AND c.deleted_at IS NULL
        AND (s.workspace_id IS NULL OR s.workspace_id = c.workspace_id)
      WHERE s.organization_id = ${organization} AND s.kind = 'email' AND (${workspace ?? null}::uuid IS NULL OR c.workspace_id = ${workspace ?? null}) AND c.status IN ('active', 'replied')
      LIMIT ${max}`),
  );

/** More than any domain has contacts. */
const contactsMax = 100_000_000;

/**
 * As `idsOfAddresses`, of addresses in suppressed domains. An address read backwards begins with its domain, so an index finds those of a
 * domain and of its subdomains.
 * @param domains the suppressed domains of the organization, in A-labels
 */
export const idsOfDomains = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  domains: readonly SuppressedDomain[],
): Promise<readonly string[]> =>
  idsOf(
    on,
    // Read in the order of the index, which is chosen for that: the planner does not know how few contacts such a range has.
    plannedAnew(sql<{ id: string }>`
      SELECT c.id FROM unnest(${domains.map(({ value }) => value)}::text[], ${domains.map((each) => each.workspace_id)}::uuid[]) AS d (domain, workspace_id)
        CROSS JOIN (VALUES ('@', 'A'), ('.', '/')) AS e (first, beyond)
        CROSS JOIN LATERAL (
          SELECT c.id FROM contacts c
          WHERE c.organization_id = ${organization} AND (d.workspace_id IS NULL OR d.workspace_id = c.workspace_id) AND (${workspace ?? null}::uuid IS NULL OR c.workspace_id = ${workspace ?? null})
            AND reverse(c.email_key) ~>=~ reverse(e.first || d.domain) AND reverse(c.email_key) ~<~ reverse(e.beyond || d.domain)
            AND c.deleted_at IS NULL AND c.email_key IS NOT NULL AND c.status IN ('active', 'replied')
          ORDER BY reverse(c.email_key) USING ~<~ LIMIT ${contactsMax}) AS c`),
  );

/**
 * Part of the contacts that count as unsubscribed, the newest first, if there are many: each is checked until the part is full.
 * @param ofDomains an array literal of the ids in suppressed domains
 */
export const unsubscribedIds = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  ofDomains: string,
  { limit, offset }: Slice,
): Promise<readonly string[]> =>
  idsOf(
    on,
    plannedAnew(sql<{ id: string }>`
      SELECT c.id FROM contacts c
      WHERE c.organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR c.workspace_id = ${workspace ?? null}) AND c.deleted_at IS NULL
        AND (c.status = 'unsubscribed' OR (c.status IN ('active', 'replied') AND (c.id = ANY(${ofDomains}::uuid[]) OR EXISTS (
          SELECT FROM suppressions s
          WHERE s.organization_id = ${organization} AND s.kind = 'email' AND s.value = c.email_key AND (s.workspace_id IS NULL OR s.workspace_id = c.workspace_id)))))
      ORDER BY c.id DESC LIMIT ${limit} OFFSET ${offset}`),
  );

/** Part of the contacts with a status that are not suppressed, the newest first. @param ofDomains an array literal of the ids in suppressed domains */
export const reachedIds = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  status: ContactStatus,
  ofDomains: string,
  { limit, offset }: Slice,
): Promise<readonly string[]> =>
  idsOf(
    on,
    plannedAnew(sql<{ id: string }>`
      SELECT c.id FROM contacts c
      WHERE c.organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR c.workspace_id = ${workspace ?? null}) AND c.deleted_at IS NULL AND c.status = ${status}
        AND c.id <> ALL(${ofDomains}::uuid[]) AND NOT EXISTS (
          SELECT FROM suppressions s
          WHERE s.organization_id = ${organization} AND s.kind = 'email' AND s.value = c.email_key AND (s.workspace_id IS NULL OR s.workspace_id = c.workspace_id))
      ORDER BY c.id DESC LIMIT ${limit} OFFSET ${offset}`),
  );
