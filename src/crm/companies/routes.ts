import type { WorkspaceDirectory } from '../../auth/index.ts';
import { z } from 'zod';
import type { Route } from '../../http/route.ts';
import { listQuery, ownerQuery, recordRoutes, uncounted } from '../records/index.ts';
import type { Companies } from './companies.ts';
import { companyChange, companyExample, companyOnWire, companyShape, newCompany, dependentsMax } from './company.ts';
import { lockCompanies } from './queries.ts';

const api = recordRoutes({
  tag: 'Companies',
  path: '/v1/companies',
  noun: 'a company',
  plural: 'companies',
  scope: 'crm',
  id: z.object({ id: z.uuid() }),
  schema: companyShape,
  example: companyExample,
  lock: (tx, reach, id) => lockCompanies(tx, reach, [id]),
  onWire: companyOnWire,
});

const query = listQuery.extend({
  industry: z.string().max(200).optional().describe('The whole text, ignoring case.'),
  owner: ownerQuery,
  domain: newCompany.shape.domain.unwrap().describe('Companies with this domain, in any spelling.').optional(),
});

export const companyRoutes = (companies: Companies, workspaces: WorkspaceDirectory): readonly Route[] => [
  api.create(newCompany, workspaces, companies.create, {
    bodyExample: {
      name: companyExample.name,
      domain: companyExample.domain,
      employee_count: 42,
      tags: ['manufacturing'],
    },
  }),
  api.list(query, async (reach, { search, tag: tags, industry, owner, domain }, slice) => {
    const filter = { search, tags, industry, owner, domain: domain ?? undefined };
    const [rows, total] = await Promise.all([
      companies.list(reach, filter, slice),
      slice.cursor === undefined ? companies.total(reach, filter) : uncounted,
    ]);
    return { rows, ...total };
  }),
  api.get(companies.get),
  api.update(companyChange, companies.update, {
    description:
      'Changes only the given fields; null clears a field. Tags are replaced, custom fields are merged by their keys.',
    bodyExample: { employee_count: 48 },
    changed: { employee_count: 48 },
  }),
  api.remove(companies.remove, {
    description:
      'Removes its contacts and projects from the company, each with an event of its own. Activities keep its id.',
    // Contacts change, too.
    scope: ['crm:write', 'contacts:write'],
    answers: {
      409: {
        description: `The company has more than ${dependentsMax.toLocaleString('en')} contacts and projects: \`POST /v1/bulk-jobs\` deletes it.`,
      },
    },
  }),
];
