import { z } from 'zod';
import { companyChange, companyOnWire, newCompany } from '../../crm/companies/index.ts';
import type { Companies, Company } from '../../crm/companies/index.ts';
import type { Route } from '../../http/route.ts';
import { records } from './answers.ts';
import { inOrder, pageOf, paging, recordCallsOf, rowsOf, searched, singleCalls } from './calls.ts';

function shown(company: Company): object {
  const { owner: _, ...record } = companyOnWire(company);
  return inOrder(record);
}

/** Driftwood's calls for companies. */
export function companyCalls(companies: Companies): readonly Route[] {
  const call = recordCallsOf('companies', records.company, 'crm');
  return [
    call({
      verb: 'list',
      access: 'read',
      summary: 'List companies, newest first',
      body: z.strictObject({ ...searched, ...paging }),
      async result({ search, tags, ...page }, principal) {
        return pageOf(await companies.list(principal, { search, tags }, rowsOf(page)), page.limit, shown);
      },
    }),
    ...singleCalls(call, {
      noun: 'a company',
      slice: companies,
      created: newCompany.omit({ owner: true }),
      changed: companyChange.omit({ owner: true }),
      shown,
      deletedAlso: 'contacts',
    }),
  ];
}
