/** What campaigns read of contacts. */
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, plannedAnew, sql } from '../../db/sql.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { ownerId } from '../records/index.ts';
import type { Owner, Reach } from '../records/index.ts';
import type { ContactStatus, LawfulBasis } from './contact.ts';

/** A contact, as a campaign needs it to add it as a lead. */
export interface ContactForLead {
  readonly id: string;
  readonly workspace_id: WorkspaceId | null;
  readonly email: string | null;
  /** In the form in which addresses are compared. */
  readonly email_key: string | null;
  readonly company_id: string | null;
  readonly timezone: string | null;
  readonly country: string | null;
  readonly status: ContactStatus;
  readonly verification_status: string | null;
  readonly verified_at: Date | null;
  readonly lawful_basis: LawfulBasis | null;
  readonly deleted_at: Date | null;
}

/**
 * Whose contacts a campaign can have: those of its workspace and, if the whole organization asks, those without a workspace.
 * @param reach of who adds them
 * @returns values of `coalesce(workspace_id, organization_id)`
 */
export const leadOwners = (campaign: Owner, { workspaceId }: Pick<Reach, 'workspaceId'>): readonly string[] =>
  workspaceId === undefined ? [...new Set([ownerId(campaign), campaign.organizationId])] : [workspaceId];

/** The contacts with these ids, deleted ones too, in no order. Ids of no contact of these owners are skipped. */
export const contactsForLeads = (
  on: Queryable,
  organization: OrganizationId,
  owners: readonly string[],
  ids: readonly string[],
): Promise<ContactForLead[]> =>
  on.query(sql<ContactForLead>`
    SELECT id, workspace_id, email, email_key, company_id, timezone, country, status, verification_status, verified_at, lawful_basis, deleted_at
    FROM contacts WHERE organization_id = ${organization} AND id = ANY(${plainArray(ids)}::uuid[]) AND coalesce(workspace_id, organization_id) = ANY(${plainArray(owners)}::uuid[])`);

/** Which contacts to add: those that match every field that is given. */
export interface LeadFilter {
  readonly tag?: string | undefined;
  readonly company_id?: string | undefined;
  readonly source_id?: string | undefined;
  readonly status?: ContactStatus | undefined;
  readonly custom_fields?: Readonly<Record<string, unknown>> | undefined;
  readonly import_id?: string | undefined;
}

/**
 * The next live contacts with an address that match, by id.
 * @param after the last id of the previous chunk
 */
export const contactsForLeadsAfter = (
  on: Queryable,
  organization: OrganizationId,
  owners: readonly string[],
  filter: LeadFilter,
  after: string,
  limit: number,
): Promise<ContactForLead[]> => {
  const tags = filter.tag === undefined ? null : [filter.tag];
  // A single workspace has an index of its own.
  const only = owners.length === 1 && owners[0] !== organization ? owners[0] : null;
  const fields = filter.custom_fields === undefined ? null : JSON.stringify(filter.custom_fields);
  return on.query(
    plannedAnew(sql<ContactForLead>`
      SELECT c.id, c.workspace_id, c.email, c.email_key, c.company_id, c.timezone, c.country, c.status, c.verification_status, c.verified_at, c.lawful_basis, c.deleted_at
      FROM contacts c
      WHERE c.organization_id = ${organization} AND c.deleted_at IS NULL AND c.id > ${after} AND c.email_key IS NOT NULL
        AND (${only}::uuid IS NULL OR c.workspace_id = ${only}) AND coalesce(c.workspace_id, c.organization_id) = ANY(${plainArray(owners)}::uuid[])
        AND (${tags}::text[] IS NULL OR c.tags @> ${tags}::text[])
        AND (${filter.company_id ?? null}::uuid IS NULL OR c.company_id = ${filter.company_id ?? null})
        AND (${filter.source_id ?? null}::uuid IS NULL OR c.source_id = ${filter.source_id ?? null})
        AND (${filter.status ?? null}::text IS NULL OR c.status = ${filter.status ?? null})
        AND (${fields}::jsonb IS NULL OR c.custom_fields @> ${fields}::jsonb)
        AND (${filter.import_id ?? null}::uuid IS NULL OR EXISTS (SELECT FROM import_contacts i WHERE i.import_id = ${filter.import_id ?? null} AND i.contact_id = c.id))
      ORDER BY c.id LIMIT ${limit}`),
  );
};

/** What is compared with an ideal customer profile. */
export interface ContactToScore {
  readonly id: string;
  readonly email: string;
  readonly email_key: string;
  readonly job_title: string | null;
  readonly company_id: string | null;
  readonly company_name: string | null;
  readonly country: string | null;
  readonly tags: readonly string[];
  readonly verification_status: string | null;
}

/** The next live contacts of owners that may be written to as far as they say themselves, by id. */
export const contactsToScore = (
  on: Queryable,
  organization: OrganizationId,
  owners: readonly string[],
  after: string,
  limit: number,
): Promise<ContactToScore[]> => {
  const only = owners.length === 1 && owners[0] !== organization ? owners[0] : null;
  return on.query(
    plannedAnew(sql<ContactToScore>`
      SELECT c.id, c.email, c.email_key, c.job_title, c.company_id, c.company_name, c.country, c.tags, c.verification_status FROM contacts c
      WHERE c.organization_id = ${organization} AND c.deleted_at IS NULL AND c.id > ${after} AND c.email_key IS NOT NULL AND c.status NOT IN ('unsubscribed', 'bounced')
        AND (${only}::uuid IS NULL OR c.workspace_id = ${only}) AND coalesce(c.workspace_id, c.organization_id) = ANY(${plainArray(owners)}::uuid[])
      ORDER BY c.id LIMIT ${limit}`),
  );
};

/** Stores verdicts on addresses with the live contacts in reach that have them. A contact whose address changed in the meantime keeps none. */
export const saveVerdicts = (
  tx: Transaction,
  { organizationId: organization, workspaceId: workspace }: Reach,
  rows: readonly { readonly key: string; readonly verdict: string; readonly reasons: readonly string[] }[],
  at: Date,
): Promise<number> =>
  tx.execute(sql`
    WITH judged AS (
      SELECT c.id, n.verdict, n.reasons FROM unnest(${rows.map(({ key }) => key)}::text[], ${rows.map(({ verdict }) => verdict)}::text[], ${rows.map(({ reasons }) => reasons.join(' '))}::text[])
        AS n (key, verdict, reasons) JOIN contacts c ON c.organization_id = ${organization} AND c.email_key = n.key AND c.deleted_at IS NULL
        AND (${workspace ?? null}::uuid IS NULL OR c.workspace_id = ${workspace ?? null})
      ORDER BY c.id FOR NO KEY UPDATE OF c)
    UPDATE contacts c SET verification_status = j.verdict, verification_reasons = string_to_array(j.reasons, ' '), verified_at = ${at}
    FROM judged j WHERE c.id = j.id AND c.organization_id = ${organization}`);

/** Contacts of one domain that are looked at. */
const ofDomainMax = 200;

/** The companies of contacts with an address at these domains. */
export const companiesAtDomains = (
  on: Queryable,
  organization: OrganizationId,
  domains: readonly string[],
): Promise<{ domain: string; company_id: string }[]> =>
  on.query(sql<{ domain: string; company_id: string }>`
    SELECT DISTINCT d.domain, c.company_id FROM unnest(${[...domains]}::text[]) AS d (domain) CROSS JOIN LATERAL (
      SELECT company_id FROM contacts
      WHERE organization_id = ${organization} AND deleted_at IS NULL AND email_key IS NOT NULL
        AND reverse(email_key) ~>=~ reverse('@' || d.domain) AND reverse(email_key) ~<~ reverse('A' || d.domain)
        AND company_id IS NOT NULL LIMIT ${ofDomainMax}) AS c`);
