import { sqlState } from '../db/pool.ts';
import type { Queryable } from '../db/pool.ts';
import { alreadyExists, ApiError, invalid, notFound } from '../base/errors.ts';
import type { OrganizationId, WorkspaceId } from '../base/ids.ts';
import type { Tenancy } from './organizations.ts';
import * as queries from './queries.ts';

export type Workspace = queries.WorkspaceRow;

const uniqueViolation = '23505';
const foreignKeyViolation = '23503';

/** @param only the workspace the key is bound to: the only one it sees. */
export async function listWorkspaces(
  db: Queryable,
  organization: OrganizationId,
  only: WorkspaceId | undefined,
  page: { limit: number; offset: number },
): Promise<{ workspaces: Workspace[]; total: number }> {
  const [rows, total] = await Promise.all([
    queries.workspaces(db, organization, only ?? null, page.limit, page.offset),
    queries.countWorkspaces(db, organization, only ?? null),
  ]);
  return { workspaces: rows, total };
}

/** @throws ApiError `not_found` */
export async function workspaceById(db: Queryable, organization: OrganizationId, id: WorkspaceId): Promise<Workspace> {
  const row = await queries.workspaceById(db, organization, id);
  if (row === undefined) throw notFound('Workspace');
  return row;
}

/**
 * The workspace of a record that the caller creates: its own, or the one it names.
 * @throws ApiError `forbidden` for a workspace other than the caller's; `validation_failed`
 */
export async function workspaceFor(
  db: Queryable,
  caller: { readonly organizationId: OrganizationId; readonly workspaceId: WorkspaceId | undefined },
  wanted: WorkspaceId | undefined,
): Promise<WorkspaceId | null> {
  if (caller.workspaceId !== undefined && wanted !== undefined && wanted !== caller.workspaceId)
    throw new ApiError('forbidden', 'A key that is bound to a workspace can create records of that workspace only.');
  if (wanted === undefined) return caller.workspaceId ?? null;
  if ((await queries.workspaceById(db, caller.organizationId, wanted)) === undefined)
    throw invalid({ workspace_id: 'does not exist in this organization' });
  return wanted;
}

/** Finds a workspace by name or, if none has that name, by id. @throws ApiError `not_found` */
export async function findWorkspace(db: Queryable, organization: OrganizationId, nameOrId: string): Promise<Workspace> {
  const named = await queries.workspaceByName(db, organization, nameOrId);
  if (named !== undefined) return named;
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(nameOrId)) throw notFound(`Workspace ${nameOrId}`);
  return workspaceById(db, organization, nameOrId as WorkspaceId);
}

/** @throws ApiError `conflict` if the name is taken. */
export async function createWorkspace(
  tenancy: Pick<Tenancy, 'db' | 'clock' | 'ids'>,
  organization: OrganizationId,
  name: string,
): Promise<Workspace> {
  const row = await queries.insertWorkspace(
    tenancy.db,
    organization,
    tenancy.ids.next<WorkspaceId>(),
    name,
    new Date(tenancy.clock.now()),
  );
  if (row === undefined) throw nameTaken(name);
  return row;
}

/** @throws ApiError `not_found`, or `conflict` if the name is taken. */
export async function renameWorkspace(
  tenancy: Pick<Tenancy, 'db' | 'clock'>,
  organization: OrganizationId,
  id: WorkspaceId,
  name: string,
): Promise<Workspace> {
  try {
    const row = await queries.renameWorkspace(tenancy.db, organization, id, name, new Date(tenancy.clock.now()));
    if (row === undefined) throw notFound('Workspace');
    return row;
  } catch (error) {
    throw sqlState(error) === uniqueViolation ? nameTaken(name) : error;
  }
}

/** Deletes a workspace. @throws ApiError `not_found`, or `conflict` while keys or endpoints are bound to it. */
export async function deleteWorkspace(
  tenancy: Pick<Tenancy, 'db'>,
  organization: OrganizationId,
  id: WorkspaceId,
): Promise<void> {
  try {
    await tenancy.db.transaction(async (tx) => {
      await queries.unbindRevokedKeys(tx, organization, id);
      if ((await queries.deleteWorkspace(tx, organization, id)) === 0) throw notFound('Workspace');
    });
  } catch (error) {
    throw sqlState(error) === foreignKeyViolation
      ? new ApiError('conflict', 'The workspace is in use: keys or endpoints are bound to it.', { cause: error })
      : error;
  }
}

const nameTaken = (name: string): ApiError => alreadyExists('Workspace', 'name', name);
