import { companyKeyOf } from '../../base/company-domain.ts';
import type { LeadsOfDomains } from '../receiving/index.ts';
import { lastContactedOf } from './queries.ts';

/** The leads that a mailbox last contacted at the companies of domains, by domain. */
export const leadsOfDomains: LeadsOfDomains = async (on, { organizationId, mailboxId }, domains, since) => {
  const companies = new Map(domains.map((domain) => [domain, companyKeyOf(null, domain)]));
  const keys = [...new Set(companies.values())].filter((key) => key !== null);
  if (keys.length === 0) return new Map();
  const leads = new Map(
    (await lastContactedOf(on, organizationId, mailboxId, keys, since)).map((row) => [row.company_key, row.lead_id]),
  );
  return new Map(
    [...companies].flatMap(([domain, key]): [string, string][] => {
      const lead = leads.get(key ?? '');
      return lead === undefined ? [] : [[domain, lead]];
    }),
  );
};
