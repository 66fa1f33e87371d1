import { z } from 'zod';
import { companyChange, companyOnWire, newCompany } from '../../crm/companies/index.ts';
import type { Companies, Company } from '../../crm/companies/index.ts';
import type { Route } from '../../http/route.ts';
import { records } from './answers.ts';
import { callsOf, id, inOrder, pageOf, paging, searched } from './calls.ts';

const shown = (company: Company): object => inOrder(companyOnWire(company));

/** Driftwood's calls for companies. */
export function companyCalls(companies: Companies): readonly Route[] {
  const call = callsOf('companies', records.company, 'crm');
  return [
    call(
      'list',
      'read',
      'List companies, the newest first',
      z.strictObject({ ...searched, ...paging }),
      async ({ search, tags, cursor, limit }, { organizationId }) =>
        pageOf(
          await companies.list(organizationId, { search, tags }, { limit: limit + 1, after: cursor }),
          limit,
          shown,
        ),
    ),
    call('get', 'read', 'Get a company', z.strictObject({ id }), async (body, { organizationId }) =>
      shown(await companies.get(organizationId, body.id)),
    ),
    call('create', 'write', 'Create a company', newCompany, async (body, principal) =>
      shown(await companies.create(principal, body)),
    ),
    call(
      'update',
      'write',
      'Change a company',
      z.strictObject({ id, ...companyChange.shape }),
      async ({ id: of, ...change }, principal) => shown(await companies.update(principal, of, change)),
    ),
    callsOf('companies', records.company, 'crm', 'contacts')(
      'delete',
      'write',
      'Delete a company',
      z.strictObject({ id }),
      async (body, principal) => {
        await companies.remove(principal, body.id);
        return {};
      },
    ),
  ];
}
