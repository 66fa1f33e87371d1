import { companyKeyOf } from '../../base/company-domain.ts';
import { companiesAtDomains } from '../../crm/contacts/index.ts';
import type { LeadsOfDomains } from '../receiving/index.ts';
import { lastContactedOf } from './queries.ts';

/**
 * The leads that a mailbox last contacted at the companies of domains, by domain: leads whose own domain it is, and leads of the CRM companies
 * that contacts at the domain belong to.
 */
export const leadsOfDomains: LeadsOfDomains = async (on, { organizationId, mailboxId }, domains, since) => {
  const companies = new Map(
    domains.flatMap((domain): [string, string[]][] => {
      const key = companyKeyOf(null, domain);
      return key === null ? [] : [[domain, [key]]];
    }),
  );
  if (companies.size === 0) return new Map();
  const asked = [...new Set([...companies].flatMap(([domain, keys]) => [domain, ...keys]))];
  const known = Map.groupBy(await companiesAtDomains(on, organizationId, asked), ({ domain }) => domain);
  for (const [domain, keys] of companies)
    for (const each of new Set([domain, ...keys])) keys.push(...(known.get(each) ?? []).map((row) => row.company_id));
  const leads = new Map(
    (await lastContactedOf(on, organizationId, mailboxId, [...new Set([...companies.values()].flat())], since)).map(
      (row) => [row.company_key, row],
    ),
  );
  return new Map(
    [...companies].flatMap(([domain, keys]): [string, string][] => {
      const found = keys.flatMap((key) => leads.get(key) ?? []);
      const [last] = found.toSorted((a, b) => b.last_sent_at.getTime() - a.last_sent_at.getTime());
      return last === undefined ? [] : [[domain, last.lead_id]];
    }),
  );
};
