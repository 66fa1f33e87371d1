import { z } from 'zod';
import { workspaceById, workspaceFor } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import { notFound, unreachable } from '../../base/errors.ts';
import type { WorkspaceId } from '../../base/ids.ts';
import type { Database, Queryable } from '../../db/pool.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Principal, RecordTag, Route } from '../../http/route.ts';
import { icpInput, icpSchema } from './icp.ts';
import { deleteIcp, icpOfWorkspace, lockIcp, saveIcp } from './queries.ts';
import type { IcpRow } from './queries.ts';

const common = { tag: 'Discovery', boundKeys: 'own', path: '/v1/workspaces/:id/icp' } as const;
const params = z.object({ id: z.uuid() });

const shape = z
  .object({
    workspace_id: z.uuid(),
    icp: icpSchema,
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'WorkspaceIcp' });
type OnWire = z.input<typeof shape>;

const icpExample: OnWire['icp'] = {
  industries: ['Manufacturing'],
  sizes: ['11-50', '51-200'],
  countries: ['GB', 'NO'],
  titles: ['Head of Research', 'CTO'],
  exclude: { domains: ['competitor.example'] },
  threshold: 60,
};
const example: OnWire = {
  workspace_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c11',
  icp: icpExample,
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};
const one = { description: 'The ICP of the workspace.', schema: dataOf(shape), example: { data: example } };

const onWire = ({ workspace_id, icp, created_at: created, updated_at: updated }: IcpRow): OnWire => ({
  workspace_id,
  icp: { ...icp },
  created_at: created.toISOString(),
  updated_at: updated.toISOString(),
});

const record: RecordTag = { lock: (tx, { organizationId }, { id = '' }) => lockIcp(tx, organizationId, id) };

/** A workspace that the caller reaches. @throws ApiError `not_found` */
async function reached(db: Queryable, principal: Principal, id: string): Promise<WorkspaceId> {
  if (principal.workspaceId !== undefined && principal.workspaceId !== id) throw notFound('Workspace');
  return (await workspaceById(db, principal.organizationId, id as WorkspaceId)).id;
}

/** ICPs of workspaces. */
export const icpRoutes = ({ db, clock }: { readonly db: Database; readonly clock: Clock }): readonly Route[] => [
  route({
    ...common,
    method: 'POST',
    record,
    summary: 'Set the ideal customer profile of a workspace',
    description:
      'Replaces the one that it has. A new campaign of the workspace keeps it as it is then, with the members of its own `icp` in place of those of the same name; a later change concerns new campaigns only.',
    scope: 'campaigns:write',
    operationId: 'setWorkspaceIcp',
    params,
    body: icpInput,
    bodyExample: icpExample,
    answers: { 200: one },
    handle: async ({ params: { id }, body }, principal) => {
      await reached(db, principal, id);
      const row = await db.transaction(async (tx) => {
        // It cannot be deleted in the meantime.
        const workspace = await workspaceFor(tx, principal, id as WorkspaceId);
        return workspace === null
          ? undefined
          : saveIcp(tx, principal.organizationId, workspace, body, new Date(clock.now()));
      });
      if (row === undefined) throw unreachable('an upsert returned no row');
      return { status: 200, body: { data: onWire(row) } };
    },
  }),
  route({
    ...common,
    method: 'GET',
    record,
    summary: 'Get the ideal customer profile of a workspace',
    scope: 'campaigns:read',
    operationId: 'getWorkspaceIcp',
    params,
    answers: { 200: one },
    handle: async ({ params: { id } }, principal) => {
      const workspace = await reached(db, principal, id);
      const row = await icpOfWorkspace(db, principal.organizationId, workspace);
      if (row === undefined) throw notFound('ICP');
      return { status: 200, body: { data: onWire(row) } };
    },
  }),
  route({
    ...common,
    method: 'DELETE',
    record,
    summary: 'Delete the ideal customer profile of a workspace',
    description: 'Campaigns keep theirs.',
    scope: 'campaigns:write',
    operationId: 'deleteWorkspaceIcp',
    params,
    answers: { 204: { description: 'Deleted.' } },
    handle: async ({ params: { id } }, principal) => {
      const workspace = await reached(db, principal, id);
      if ((await deleteIcp(db, principal.organizationId, workspace)) === 0) throw notFound('ICP');
      return { status: 204 };
    },
  }),
];
