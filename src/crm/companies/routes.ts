import { namedWorkspace } from '../../auth/index.ts';
import type { WorkspaceDirectory } from '../../auth/index.ts';
import { z } from 'zod';
import { invalid } from '../../base/errors.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { inNamed, listQuery, ownerQuery, recordRoutes, rowsOf, sentText, uncounted } from '../records/index.ts';
import type { Companies } from './companies.ts';
import { companyChange, companyExample, companyOnWire, companyShape, newCompany, dependentsMax } from './company.ts';
import { lockCompanies } from './queries.ts';
import { companyRow, readRow } from './upsert.ts';
import type { CompanyResult } from './upsert.ts';

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
    // Otherwise a caller that looks for a company without a domain would get any company.
    if (domain === null) throw invalid({ domain: 'is empty' });
    const filter = { search, tags, industry, owner, domain };
    const [rows, total] = await Promise.all([
      companies.list(reach, filter, slice),
      slice.cursor === undefined ? companies.total(reach, filter, slice.updatedSince) : uncounted,
    ]);
    return { rows, ...total };
  }),
  upsertRoute(companies, workspaces),
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

const rowsMax = 500;
/** 500 rows with long notes. */
const upsertBytesMax = 8 * 1024 * 1024;

const rowShape = z
  .object({
    domain: z.string().nullable().describe('As it was sent; null when no text was sent.'),
    status: z.enum(['created', 'updated', 'rejected']),
    id: z.uuid().optional().describe('The id of the company, if there is one.'),
    reason: z.string().optional().describe('Why it was rejected.'),
  })
  .meta({ id: 'CompanyRow' });

/** The results of the rows, with the domains that were sent. */
function upsertAnswer(rows: readonly unknown[], results: readonly CompanyResult[]) {
  const summary = { created: 0, updated: 0, rejected: 0 };
  const data = results.map((result, index) => {
    summary[result.status] += 1;
    return { domain: sentText(rows[index], 'domain') ?? null, ...result };
  });
  return { data, summary };
}

const upsertRoute = (companies: Companies, workspaces: WorkspaceDirectory): Route =>
  route({
    method: 'POST',
    path: '/v1/companies/upsert',
    creates: true,
    tag: 'Companies',
    summary: 'Create or update up to 500 companies by their domains',
    description:
      'A field that is left out is not changed, null clears it; tags are replaced, custom fields are merged by their keys. A new company needs a name. Each row has a result, in the order sent: a bad row is `rejected` with the reason, and the others are written, in one transaction. A domain that several companies have is rejected, because it identifies none of them. Rows for the same domain apply one after the other: the later ones return `updated`, and together they are one change of the company. Two callers that send the same new domain at the same time create one company.',
    scope: 'crm:write',
    boundKeys: 'own',
    operationId: 'upsertCompanies',
    body: z.strictObject({ companies: rowsOf(companyRow).min(1).max(rowsMax), ...namedWorkspace }),
    bodyBytesMax: upsertBytesMax,
    // A row with NUL characters is rejected like any other bad one.
    opaque: ['companies'],
    bodyExample: {
      companies: [{ domain: 'lovelace.example', name: 'Analytical Engines', owner: 'grace@engines.example' }],
    },
    answers: {
      200: {
        description: 'The result of each row.',
        schema: z.object({
          data: z.array(rowShape),
          summary: z.object({ created: z.int(), updated: z.int(), rejected: z.int() }),
        }),
        example: {
          data: [{ domain: 'lovelace.example', status: 'created', id: companyExample.id }],
          summary: { created: 1, updated: 0, rejected: 0 },
        },
      },
    },
    handle: async ({ body: { companies: rows, workspace_id: workspaceId, workspace } }, principal) => {
      const editor = await inNamed(workspaces, principal, { workspace_id: workspaceId, workspace });
      const answer = upsertAnswer(rows, await companies.upsertAll(editor, rows.map(readRow)));
      return { status: 200, body: answer, storedNothing: answer.summary.rejected === rows.length };
    },
  });
