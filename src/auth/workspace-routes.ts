import { z } from 'zod';
import { notFound } from '../base/errors.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { dataOf, pageAnswers, pageBody, pageQuery, rangeOf } from '../http/page.ts';
import { route } from '../http/route.ts';
import type { Principal, Route } from '../http/route.ts';
import { shown } from '../http/shown.ts';
import type { Tenancy } from './organizations.ts';
import { createWorkspace, deleteWorkspace, listWorkspaces, renameWorkspace, workspaceById } from './workspaces.ts';
import type { Workspace } from './workspaces.ts';

// On the wire ---------------------------------------------------------------------------------------

const time = z.iso.datetime();

export const workspaceShape = z
  .object({ id: z.uuid(), name: z.string(), created_at: time, updated_at: time })
  .meta({ id: 'Workspace' });

export const workspaceOnWire = (workspace: Workspace) => shown(workspaceShape, workspace);

const example = {
  id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c11',
  name: 'Agency client A',
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};

const tag = 'Workspaces';
const params = z.object({ id: z.uuid() });
const body = z.strictObject({ name: z.string().trim().min(1).max(100) });
const one = (description: string) => ({ description, schema: dataOf(workspaceShape), example: { data: example } });
const nameTaken = { 409: { description: 'A workspace with this name already exists.' } };

// Routes --------------------------------------------------------------------------------------------

/** The workspace of the path, if the caller may see it: a bound key sees only its own. */
function visible({ workspaceId }: Principal, id: string): WorkspaceId {
  if (workspaceId !== undefined && workspaceId !== id) throw notFound('Workspace');
  return id as WorkspaceId;
}

export function workspaceRoutes(tenancy: Tenancy): readonly Route[] {
  const { db } = tenancy;
  return [
    route({
      method: 'GET',
      path: '/v1/workspaces',
      tag,
      summary: 'List workspaces, newest first',
      scope: 'workspaces:read',
      boundKeys: 'own',
      operationId: 'listWorkspaces',
      query: pageQuery,
      answers: pageAnswers('A page of workspaces.', workspaceShape, example),
      handle: async ({ query }, { organizationId, workspaceId }) => {
        const { workspaces, total } = await listWorkspaces(db, organizationId, workspaceId, rangeOf(query));
        return { status: 200, body: pageBody(query, workspaces.map(workspaceOnWire), total) };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/workspaces',
      tag,
      summary: 'Create a workspace',
      scope: 'workspaces:write',
      boundKeys: 'refused',
      operationId: 'createWorkspace',
      body,
      bodyExample: { name: 'Agency client A' },
      answers: { 201: one('The workspace.'), ...nameTaken },
      handle: async ({ body: { name } }, { organizationId }) => ({
        status: 201,
        body: { data: workspaceOnWire(await createWorkspace(tenancy, organizationId, name)) },
      }),
    }),
    route({
      method: 'GET',
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
        body: { data: workspaceOnWire(await workspaceById(db, principal.organizationId, visible(principal, id))) },
      }),
    }),
    route({
      method: 'PATCH',
      path: '/v1/workspaces/:id',
      tag,
      summary: 'Rename a workspace',
      scope: 'workspaces:write',
      boundKeys: 'own',
      operationId: 'updateWorkspace',
      params,
      body,
      bodyExample: { name: 'Agency client B' },
      answers: { 200: one('The updated workspace.'), ...nameTaken },
      handle: async ({ params: { id }, body: { name } }, principal) => {
        const workspace = await renameWorkspace(tenancy, principal.organizationId, visible(principal, id), name);
        return { status: 200, body: { data: workspaceOnWire(workspace) } };
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/workspaces/:id',
      tag,
      summary: 'Delete a workspace',
      description: 'Refused with 409 while keys or endpoints are bound to the workspace.',
      scope: 'workspaces:write',
      boundKeys: 'own',
      operationId: 'deleteWorkspace',
      params,
      answers: { 204: { description: 'Deleted.' }, 409: { description: 'Keys or endpoints are bound to it.' } },
      handle: async ({ params: { id } }, principal) => {
        await deleteWorkspace(tenancy, principal.organizationId, visible(principal, id));
        return { status: 204 };
      },
    }),
  ];
}
