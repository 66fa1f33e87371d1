import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { fields, sliceOf } from '../records/index.ts';
import { sourceOnWire } from './sources.ts';
import type { Sources } from './sources.ts';

const tag = 'Records';
const id = z.object({ id: z.uuid() });

const sourceShape = z.object({ id: z.uuid(), name: z.string(), created_at: z.iso.datetime() }).meta({ id: 'Source' });
const sourceExample: z.input<typeof sourceShape> = {
  id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4d0',
  name: 'Trade fair 2026',
  created_at: '2026-01-05T09:00:00.000Z',
};

export const sourceRoutes = (sources: Sources): readonly Route[] => [
  route({
    method: 'POST',
    path: '/v1/sources',
    tag,
    summary: 'Create a source of contacts',
    scope: 'contacts:write',
    boundKeys: 'refused',
    operationId: 'createSource',
    body: z.strictObject({ name: fields.requiredText(200) }),
    bodyExample: { name: 'Trade fair 2026' },
    answers: {
      201: { description: 'The source.', schema: z.object({ data: sourceShape }), example: { data: sourceExample } },
      409: { description: 'The name is taken.' },
    },
    handle: async ({ body }, principal) => ({
      status: 201,
      body: { data: sourceOnWire(await sources.create(principal, body.name)) },
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/sources',
    tag,
    summary: 'List sources, newest first',
    scope: 'contacts:read',
    boundKeys: 'refused',
    operationId: 'listSources',
    query: pageQuery,
    answers: {
      200: {
        description: 'A page of sources.',
        schema: pageOf(sourceShape),
        example: { data: [sourceExample], page: 1, page_size: 25, total: 1 },
      },
    },
    handle: async ({ query: { page, page_size: pageSize } }, { organizationId }) => {
      const [rows, total] = await Promise.all([
        sources.list(organizationId, sliceOf({ page, page_size: pageSize })),
        sources.count(organizationId),
      ]);
      return { status: 200, body: { data: rows.map(sourceOnWire), page, page_size: pageSize, total } };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/sources/:id',
    tag,
    summary: 'Delete a source',
    description: 'Refused while contacts have it. Deleted contacts with this source have none when they are restored.',
    scope: 'contacts:write',
    boundKeys: 'refused',
    operationId: 'deleteSource',
    params: id,
    answers: { 204: { description: 'Deleted.' }, 409: { description: 'Contacts have this source.' } },
    handle: async ({ params }, principal) => {
      await sources.remove(principal, params.id);
      return { status: 204 };
    },
  }),
];
