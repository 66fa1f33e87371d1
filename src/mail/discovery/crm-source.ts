import { firstId } from '../../base/ids.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { contactsToScore, leadOwners } from '../../crm/contacts/index.ts';
import type { Companies, Company } from '../../crm/companies/index.ts';
import { notInCampaign } from '../leads/index.ts';
import type { DiscoveryJob } from './job.ts';
import type { Source } from './source.ts';

const pageRows = 500;

/** Whose contacts a job finds: those that its campaign can have, or those of its owner. */
export const ownersOf = (job: DiscoveryJob): readonly string[] =>
  job.campaign_id === null
    ? [job.workspace_id ?? job.organization_id]
    : leadOwners(
        { organizationId: job.organization_id, workspaceId: job.workspace_id },
        { workspaceId: job.is_wide ? undefined : (job.workspace_id ?? undefined) },
      );

/** Own contacts with their companies. Those that are in the campaign, or were, are left out. */
export const crmSource = ({
  companies,
  clock,
}: {
  readonly companies: Pick<Companies, 'byIds'>;
  readonly clock: { now(): number };
}): Source => ({
  key: 'crm',
  name: 'own contacts',
  licence: null,
  async search(on, job, cursor) {
    const organization: OrganizationId = job.organization_id;
    const rows = await contactsToScore(on, organization, ownersOf(job), cursor ?? firstId, pageRows);
    const ids = rows.map(({ id }) => id);
    const fresh = new Set(
      job.campaign_id === null || ids.length === 0 ? ids : await notInCampaign(on, job.campaign_id, ids),
    );
    const wanted = rows.filter(({ id }) => fresh.has(id));
    const companyIds = [...new Set(wanted.flatMap(({ company_id: id }) => id ?? []))];
    const found =
      companyIds.length === 0 ? [] : await companies.byIds(on, { organizationId: organization }, companyIds);
    const byId = new Map<string, Company>(found.map((company) => [company.id, company]));
    const foundAtMs = clock.now();
    return {
      candidates: wanted.map((row) => {
        const company = byId.get(row.company_id ?? '');
        const count = company?.employee_count ?? null;
        return {
          externalId: row.id,
          email: row.email,
          contactId: row.id,
          fields: {},
          traits: {
            title: row.job_title,
            seniority: null,
            country: row.country ?? company?.country ?? null,
            company: company?.name ?? row.company_name,
            industry: company?.industry ?? null,
            employees: count === null ? null : { min: count, max: count },
            technologies: [],
            texts: [...row.tags, ...(company?.tags ?? [])],
            domains: [
              row.email_key.slice(row.email_key.lastIndexOf('@') + 1),
              ...(company?.domain == null ? [] : [company.domain]),
            ],
            emailStatus: row.verification_status,
          },
          url: `/v1/contacts/${row.id}`,
          foundAtMs,
        };
      }),
      known: rows.length - wanted.length,
      next: rows.length < pageRows ? null : (rows.at(-1)?.id ?? null),
    };
  },
});
