import { z } from 'zod';
import { ApiError, notFound } from '../base/errors.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { listAnswers, listBody, listingOf, listQuery } from '../http/listing.ts';
import { dataOf } from '../http/page.ts';
import { route } from '../http/route.ts';
import type { Principal, RecordTag, Route } from '../http/route.ts';
import { shown } from '../http/shown.ts';
import { keyEvents } from './key-routes.ts';
import type { EmitKeys } from './key-routes.ts';
import type { Tenancy } from './organizations.ts';
import { countedMax } from './workspace-deletion.ts';
import type { WorkspaceDeletions } from './workspace-deletion.ts';
import {
  changeWorkspace,
  createWorkspace,
  endpointsMax,
  existingWorkspace,
  externalId,
  listWorkspaces,
  workspaceName,
} from './workspaces.ts';
import type { Workspace, WorkspaceChange } from './workspaces.ts';
import { lockWorkspace } from './workspace-queries.ts';

// On the wire ---------------------------------------------------------------------------------------

const time = z.iso.datetime();

export const workspaceShape = z
  .object({
    id: z.uuid(),
    external_id: z.string().nullable().describe('Your own id of it.'),
    name: z.string(),
    limits: z.object({
      endpoints: z.int().nullable().describe(`The most endpoints it may have; null: ${endpointsMax}.`),
    }),
    status: z
      .enum(['active', 'deleting'])
      .describe('`deleting`: its keys are revoked, and its records are being deleted. Afterwards it does not exist.'),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Workspace' });

const counted = z.int().describe(`At most ${countedMax.toLocaleString('en')}: they are counted no further.`);
const deletedShape = workspaceShape
  .extend({
    deletes: z
      .object({ mailboxes: z.int(), campaigns: z.int(), leads: counted, messages: counted })
      .describe('What the workspace had, among other records.'),
  })
  .meta({ id: 'DeletedWorkspace' });

export const workspaceOnWire = (workspace: Workspace) =>
  shown(workspaceShape, {
    ...workspace,
    limits: { endpoints: workspace.endpoints_max },
    status: workspace.deleted_at === null ? 'active' : 'deleting',
  });

const example = {
  id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c11',
  external_id: 'customer-42',
  name: 'Agency client A',
  limits: { endpoints: null },
  status: 'active',
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};

const tag = 'Workspaces';
const params = z.object({ id: z.uuid() });
const limits = z.strictObject({ endpoints: z.int().min(0).max(endpointsMax).nullable().optional() });
const newWorkspace = z.strictObject({
  name: workspaceName,
  external_id: externalId
    .optional()
    .describe('Your own id of it, such as the id of your customer. Unique within the organization.'),
  limits: limits.optional(),
});
const change = z.strictObject({
  name: workspaceName.optional(),
  external_id: externalId.optional().describe('Can be set once, on a workspace that has none.'),
  limits: limits.optional(),
});
const one = (description: string) => ({ description, schema: dataOf(workspaceShape), example: { data: example } });
const record: RecordTag = {
  lock: (tx, { organizationId }, { id = '' }) => lockWorkspace(tx, organizationId, id as WorkspaceId),
};
const taken = {
  409: {
    description: 'Another workspace has this external_id or, if neither has one, this name; or the external_id is set.',
  },
};

// Routes --------------------------------------------------------------------------------------------

/** The workspace of the path, if the caller may see it: a bound key sees only its own. */
function visible({ workspaceId }: Principal, id: string): WorkspaceId {
  if (workspaceId !== undefined && workspaceId !== id) throw notFound('Workspace');
  return id as WorkspaceId;
}

function changeOf({ workspaceId }: Principal, body: z.output<typeof change>): WorkspaceChange {
  if (workspaceId !== undefined && (body.limits !== undefined || body.external_id !== undefined))
    throw new ApiError('forbidden', 'A key that is bound to a workspace can change its name only.');
  return { name: body.name, externalId: body.external_id, endpointsMax: body.limits?.endpoints };
}

export function workspaceRoutes(
  tenancy: Tenancy,
  emitAll: EmitKeys,
  deletions: Pick<WorkspaceDeletions, 'begin'>,
): readonly Route[] {
  const { db } = tenancy;
  const onKeys = keyEvents(tenancy, emitAll);
  return [
    route({
      method: 'GET',
      path: '/v1/workspaces',
      tag,
      summary: 'List workspaces, newest first',
      scope: 'workspaces:read',
      boundKeys: 'own',
      operationId: 'listWorkspaces',
      query: listQuery.extend({
        search: z.string().min(1).max(100).optional().describe('Part of the name or of the external id.'),
        external_id: z.string().min(1).max(255).optional().describe('Exactly this external id.'),
      }),
      answers: listAnswers('A page of workspaces.', workspaceShape, example),
      handle: async ({ query }, { organizationId, workspaceId }) => {
        const wanted = { only: workspaceId, externalId: query.external_id, search: query.search };
        const page = listingOf('/v1/workspaces', query);
        const { workspaces, total } = await listWorkspaces(db, organizationId, wanted, page);
        return { status: 200, body: listBody(query, page, workspaces, workspaceOnWire, { total }) };
      },
    }),
    route({
      method: 'POST',
      record,
      path: '/v1/workspaces',
      creates: true,
      tag,
      summary: 'Create a workspace',
      description:
        'Calls that publish events or create records also create a workspace, if they name one by an `external_id` that does not exist.',
      scope: 'workspaces:write',
      boundKeys: 'refused',
      operationId: 'createWorkspace',
      body: newWorkspace,
      bodyExample: { name: 'Agency client A', external_id: 'customer-42' },
      answers: { 201: one('The workspace.'), ...taken },
      handle: async ({ body }, { organizationId }) => {
        const fields = { name: body.name, externalId: body.external_id, endpointsMax: body.limits?.endpoints };
        return {
          status: 201,
          body: { data: workspaceOnWire(await createWorkspace(tenancy, organizationId, fields)) },
        };
      },
    }),
    route({
      method: 'GET',
      record,
      path: '/v1/workspaces/:id',
      tag,
      summary: 'Get a workspace',
      scope: 'workspaces:read',
      boundKeys: 'own',
      operationId: 'getWorkspace',
      params,
      answers: { 200: one('The workspace.') },
      handle: async ({ params: { id } }, principal) => ({
        status: 200,
        body: { data: workspaceOnWire(await existingWorkspace(db, principal.organizationId, visible(principal, id))) },
      }),
    }),
    route({
      method: 'PATCH',
      record,
      path: '/v1/workspaces/:id',
      tag,
      summary: 'Change a workspace',
      description: 'A key that is bound to the workspace can change its name only.',
      scope: 'workspaces:write',
      boundKeys: 'own',
      operationId: 'updateWorkspace',
      params,
      body: change,
      bodyExample: { name: 'Agency client B', limits: { endpoints: 20 } },
      answers: { 200: one('The updated workspace.'), ...taken },
      handle: async ({ params: { id }, body }, principal) => {
        const fields = changeOf(principal, body);
        const workspace = await changeWorkspace(tenancy, principal.organizationId, visible(principal, id), fields);
        return { status: 200, body: { data: workspaceOnWire(workspace) } };
      },
    }),
    route({
      method: 'DELETE',
      record,
      path: '/v1/workspaces/:id',
      tag,
      summary: 'Delete a workspace and its records',
      description:
        'Revokes its keys immediately, and ends what it sends and receives: its mailboxes are disconnected, and its campaigns are archived. Then deletes its endpoints, mailboxes, campaigns, leads, messages, replies, meetings, captured messages, templates, tracking domains, DKIM keys, segments, contacts, companies, projects, activities, imports, sources, topics and suppressions in the background, with the events of their deletion, where there are any. Messages in flight are settled first. `GET /v1/workspaces/:id` answers `deleting` until that is finished, and then 404. Its events stay in the log until the retention ends. This cannot be undone; `deletes` in the answer counts what the workspace had.',
      scope: [
        'workspaces:write',
        'keys:write',
        'webhooks:write',
        'contacts:write',
        'crm:write',
        'suppressions:write',
        'mailboxes:write',
        'campaigns:write',
      ],
      boundKeys: 'refused',
      operationId: 'deleteWorkspace',
      params,
      answers: {
        202: {
          description: 'The deletion has begun.',
          schema: dataOf(deletedShape),
          example: {
            data: {
              ...example,
              status: 'deleting',
              deletes: { mailboxes: 2, campaigns: 1, leads: 240, messages: 613 },
            },
          },
        },
      },
      handle: async ({ params: { id } }, principal) => {
        const begun = await deletions.begin(principal.organizationId, id as WorkspaceId, onKeys(principal));
        return { status: 202, body: { data: { ...workspaceOnWire(begun.workspace), deletes: begun.contents } } };
      },
    }),
  ];
}
