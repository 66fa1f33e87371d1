import { z } from 'zod';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { listQuery, pageAnswer, recordPageOf, sliceOf } from '../records/index.ts';
import { dependentsMax } from './companies.ts';
import type { Companies } from './companies.ts';
import { companyChange, companyExample, companyOnWire, companyShape, newCompany } from './company.ts';

const tag = 'Companies';
const id = z.object({ id: z.uuid() });
const one = z.object({ data: companyShape });

export const companyRoutes = (companies: Companies): readonly Route[] => [
  route({
    method: 'POST',
    path: '/v1/companies',
    tag,
    summary: 'Create a company',
    scope: 'crm:write',
    boundKeys: 'refused',
    operationId: 'createCompany',
    body: newCompany,
    bodyExample: {
      name: companyExample.name,
      domain: companyExample.domain,
      employee_count: 42,
      tags: ['manufacturing'],
    },
    answers: { 201: { description: 'The company.', schema: one, example: { data: companyExample } } },
    handle: async ({ body }, principal) => ({
      status: 201,
      body: { data: companyOnWire(await companies.create(principal, body)) },
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/companies',
    tag,
    summary: 'List companies, newest first',
    scope: 'crm:read',
    boundKeys: 'refused',
    operationId: 'listCompanies',
    query: listQuery.extend({
      industry: z.string().max(200).optional().describe('The whole text, ignoring case.'),
    }),
    answers: {
      200: {
        description: 'A page of companies.',
        schema: recordPageOf(companyShape),
        example: { data: [companyExample], page: 1, page_size: 25, total: 1 },
      },
    },
    handle: async ({ query }, { organizationId }) => {
      const filter = { search: query.search, tags: query.tag, industry: query.industry };
      const [rows, total] = await Promise.all([
        companies.list(organizationId, filter, sliceOf(query)),
        companies.total(organizationId, filter),
      ]);
      return { status: 200, body: pageAnswer(query, rows.map(companyOnWire), total) };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/companies/:id',
    tag,
    summary: 'Get a company',
    scope: 'crm:read',
    boundKeys: 'refused',
    operationId: 'getCompany',
    params: id,
    answers: { 200: { description: 'The company.', schema: one, example: { data: companyExample } } },
    handle: async ({ params }, { organizationId }) => ({
      status: 200,
      body: { data: companyOnWire(await companies.get(organizationId, params.id)) },
    }),
  }),
  route({
    method: 'PATCH',
    path: '/v1/companies/:id',
    tag,
    summary: 'Change a company',
    description:
      'Changes only the given fields; null clears a field. Tags are replaced, custom fields are merged by their keys.',
    scope: 'crm:write',
    boundKeys: 'refused',
    operationId: 'updateCompany',
    params: id,
    body: companyChange,
    bodyExample: { employee_count: 48 },
    answers: {
      200: {
        description: 'The changed company.',
        schema: one,
        example: { data: { ...companyExample, employee_count: 48 } },
      },
    },
    handle: async ({ params, body }, principal) => ({
      status: 200,
      body: { data: companyOnWire(await companies.update(principal, params.id, body)) },
    }),
  }),
  route({
    method: 'DELETE',
    path: '/v1/companies/:id',
    tag,
    summary: 'Delete a company',
    description:
      'Removes its contacts and projects from the company, each with an event of its own. Activities keep its id.',
    // Contacts change, too.
    scope: ['crm:write', 'contacts:write'],
    boundKeys: 'refused',
    operationId: 'deleteCompany',
    params: id,
    answers: {
      204: { description: 'Deleted.' },
      409: {
        description: `The company has more than ${dependentsMax.toLocaleString('en')} contacts and projects; move them first.`,
      },
    },
    handle: async ({ params }, principal) => {
      await companies.remove(principal, params.id);
      return { status: 204 };
    },
  }),
];
