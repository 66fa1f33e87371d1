import { z } from 'zod';
import { ofWorkspace, within } from '../../auth/index.ts';
import type { WorkspaceDirectory } from '../../auth/index.ts';
import { listAnswers, listBody, listingOf, listQuery } from '../../http/listing.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { fields, recordRoutes } from '../records/index.ts';
import { lockSource, sourceOnWire } from './sources.ts';
import type { Sources } from './sources.ts';

const tag = 'Records';

const sourceShape = z
  .object({
    id: z.uuid(),
    workspace_id: z.uuid().nullable().describe('Null: of the organization.'),
    name: z.string(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Source' });
const sourceExample: z.input<typeof sourceShape> = {
  id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4d0',
  workspace_id: null,
  name: 'Trade fair 2026',
  created_at: '2026-01-05T09:00:00.000Z',
};

const api = recordRoutes({
  tag,
  path: '/v1/sources',
  noun: 'a source',
  plural: 'sources',
  scope: 'contacts',
  id: z.object({ id: z.uuid() }),
  schema: sourceShape,
  example: sourceExample,
  lock: lockSource,
  onWire: sourceOnWire,
});

export const sourceRoutes = (sources: Sources, workspaces: WorkspaceDirectory): readonly Route[] => [
  api.create(
    z.strictObject({ name: fields.requiredText(200) }),
    workspaces,
    (principal, { name }) => sources.create(principal, name),
    {
      summary: 'Create a source of contacts',
      bodyExample: { name: 'Trade fair 2026' },
      answers: { 409: { description: 'The name is taken.' } },
    },
  ),
  route({
    method: 'GET',
    path: '/v1/sources',
    tag,
    summary: 'List sources, newest first',
    scope: 'contacts:read',
    boundKeys: 'own',
    operationId: 'listSources',
    query: listQuery.extend(ofWorkspace),
    answers: listAnswers('A page of sources.', sourceShape, sourceExample),
    handle: async ({ query }, principal) => {
      const page = listingOf('/v1/sources', query);
      const [rows, total] = await sources.list(within(principal, query), page);
      return { status: 200, body: listBody(query, page, rows, sourceOnWire, { total }) };
    },
  }),
  api.get(sources.get),
  api.remove(sources.remove, {
    description:
      'Refused with 409 while contacts have this source. Deleted contacts that had it are restored without a source.',
    answers: { 409: { description: 'Contacts have this source.' } },
  }),
];
