import { z } from 'zod';
import { sqlState } from '../db/pool.ts';
import type { Database, Queryable, Transaction } from '../db/pool.ts';
import { containing } from '../db/sql.ts';
import { totalFor } from '../http/listing.ts';
import type { Paged } from '../http/listing.ts';
import { alreadyExists, ApiError, invalid, notFound } from '../base/errors.ts';
import { isUuid } from '../base/ids.ts';
import type { OrganizationId, WorkspaceId } from '../base/ids.ts';
import { mustBeWellFormed } from '../base/validation-messages.ts';
import type { Tenancy } from './organizations.ts';
import * as queries from './workspace-queries.ts';

export type Workspace = queries.WorkspaceRow;

/** The most endpoints of a workspace, and of an organization without its workspaces. */
export const endpointsMax = 1_000;

const uniqueViolation = '23505';

export const workspaceName = z.string().trim().min(1).max(100);
export const externalId = z
  .string()
  .min(1)
  .max(255)
  .refine((text) => text.isWellFormed(), mustBeWellFormed)
  .refine((text) => !/\p{Cc}/u.test(text), 'must not contain control characters')
  // In the document without a property class, which readers of JSON Schema in other languages do not know.
  .meta({ pattern: String.raw`^[^\u0000-\u001f\u007f-\u009f]+$` });

export interface WorkspaceFields {
  readonly name: string;
  readonly externalId?: string | undefined;
  readonly endpointsMax?: number | null | undefined;
}

/** `undefined` leaves a field as it is. */
export type WorkspaceChange = { readonly [Field in keyof WorkspaceFields]?: WorkspaceFields[Field] | undefined };

export interface WorkspaceQuery {
  /** The workspace the key is bound to: the only one it sees. */
  readonly only?: WorkspaceId | undefined;
  readonly externalId?: string | undefined;
  /** Part of the name or of the caller's id. */
  readonly search?: string | undefined;
}

export async function listWorkspaces(
  db: Queryable,
  organization: OrganizationId,
  { only, externalId: external, search }: WorkspaceQuery,
  page: Paged,
): Promise<{ workspaces: Workspace[]; total: number }> {
  const wanted = {
    only: only ?? null,
    externalId: external ?? null,
    pattern: search === undefined ? null : containing(search.toLowerCase()),
  };
  const [rows, total] = await Promise.all([
    queries.workspaces(db, organization, wanted, page),
    totalFor(page, () => queries.countWorkspaces(db, organization, wanted, page)),
  ]);
  return { workspaces: rows, total };
}

/** @throws ApiError `not_found` */
export async function workspaceById(db: Queryable, organization: OrganizationId, id: WorkspaceId): Promise<Workspace> {
  const row = await queries.workspaceById(db, organization, id);
  if (row === undefined) throw notFound('Workspace');
  return row;
}

/** As `workspaceById`, also while its records are being deleted. @throws ApiError `not_found` */
export async function existingWorkspace(
  db: Queryable,
  organization: OrganizationId,
  id: WorkspaceId,
): Promise<Workspace> {
  const row = await queries.existingWorkspace(db, organization, id);
  if (row === undefined) throw notFound('Workspace');
  return row;
}

/**
 * The workspace of a record that the caller creates: its own, or the one it names. In a transaction, the workspace cannot be deleted until
 * the transaction ends.
 * @throws ApiError `forbidden` for a workspace other than the caller's; `validation_failed`
 */
export async function workspaceFor(
  db: Queryable & Partial<Pick<Database, 'inserts'>>,
  caller: { readonly organizationId: OrganizationId; readonly workspaceId: WorkspaceId | undefined },
  wanted: WorkspaceId | undefined,
): Promise<WorkspaceId | null> {
  if (caller.workspaceId !== undefined && wanted !== undefined && wanted !== caller.workspaceId) throw foreign();
  if (wanted === undefined) return caller.workspaceId ?? null;
  if (db.inserts?.(wanted) === true) return wanted;
  if ((await queries.workspaceInUse(db, caller.organizationId, wanted)) === undefined) throw missing();
  return wanted;
}

/**
 * Keeps a workspace from being deleted until the transaction ends.
 * @returns how many endpoints it may have
 * @throws ApiError `validation_failed` if it does not exist
 */
export async function endpointLimitOf(tx: Transaction, organization: OrganizationId, id: WorkspaceId): Promise<number> {
  const row = await queries.workspaceInUse(tx, organization, id);
  if (row === undefined) throw missing();
  return row.endpoints_max ?? endpointsMax;
}

/** The query of a list whose records have a workspace; for `pageQuery.extend(ofWorkspace)`. */
export const ofWorkspace = {
  workspace_id: z.uuid().optional().describe('Only records of this workspace.'),
} as const;

/** No workspace has this id. */
const noWorkspace = '00000000-0000-0000-0000-000000000000' as WorkspaceId;

/** What a caller sees of a list: a bound key its workspace, and nothing if it asks for another; any other key all, or what it asks for. */
export function within<Reach extends { readonly workspaceId: WorkspaceId | undefined }>(
  reach: Reach,
  { workspace_id: wanted }: { readonly workspace_id?: string | undefined },
): Reach {
  if (wanted === undefined || wanted === reach.workspaceId) return reach;
  return { ...reach, workspaceId: reach.workspaceId === undefined ? (wanted as WorkspaceId) : noWorkspace };
}

export const missing = (): ApiError => invalid({ workspace_id: 'does not exist in this organization' });

export const foreign = (): ApiError =>
  new ApiError('forbidden', 'A key that is bound to a workspace can name that workspace only.');

/** Finds a workspace by name, by the caller's id or by id, in this order. @throws ApiError `not_found` */
export async function findWorkspace(db: Queryable, organization: OrganizationId, text: string): Promise<Workspace> {
  const named =
    (await queries.workspaceByName(db, organization, text)) ??
    (await queries.workspaceByExternalId(db, organization, text));
  if (named !== undefined) return named;
  if (!isUuid(text)) throw notFound(`Workspace ${text}`);
  return workspaceById(db, organization, text as WorkspaceId);
}

/** @throws ApiError `conflict` if the caller's id is taken or, without one, the name. */
export async function createWorkspace(
  tenancy: Pick<Tenancy, 'db' | 'clock' | 'ids'>,
  organization: OrganizationId,
  fields: WorkspaceFields,
): Promise<Workspace> {
  const row = await insertWorkspace(tenancy, organization, fields);
  if (row === undefined) throw taken(fields);
  return row;
}

/** @returns undefined if the caller's id is taken or, without one, the name. */
export function insertWorkspace(
  { db, clock, ids }: { readonly db: Queryable } & Pick<Tenancy, 'clock' | 'ids'>,
  organization: OrganizationId,
  { name, externalId: external, endpointsMax: max }: WorkspaceFields,
): Promise<Workspace | undefined> {
  const at = new Date(clock.now());
  return queries.insertWorkspace(db, organization, {
    id: ids.next<WorkspaceId>(),
    external_id: external ?? null,
    name,
    endpoints_max: max ?? null,
    created_at: at,
    updated_at: at,
    deleted_at: null,
  });
}

/**
 * Changes the given fields. A workspace keeps its external id: callers remember which workspace it stands for.
 * @throws ApiError `not_found`; `conflict` if the name or the external id is taken, or if it has another external id
 */
export async function changeWorkspace(
  tenancy: { readonly db: Database } & Pick<Tenancy, 'clock'>,
  organization: OrganizationId,
  id: WorkspaceId,
  change: WorkspaceChange,
): Promise<Workspace> {
  try {
    return await tenancy.db.transaction(async (tx) => {
      const before = await queries.lockWorkspace(tx, organization, id);
      if (before === undefined) throw notFound('Workspace');
      if (change.externalId !== undefined && before.external_id !== null && change.externalId !== before.external_id)
        throw new ApiError('conflict', 'The workspace already has another external_id, which cannot be changed.');
      const after: Workspace = {
        ...before,
        external_id: change.externalId ?? before.external_id,
        name: change.name ?? before.name,
        endpoints_max: change.endpointsMax === undefined ? before.endpoints_max : change.endpointsMax,
        updated_at: new Date(tenancy.clock.now()),
      };
      await queries.saveWorkspace(tx, after);
      return after;
    });
  } catch (error) {
    throw sqlState(error) === uniqueViolation ? taken(change) : error;
  }
}

const taken = ({ name = '', externalId: external }: WorkspaceChange): ApiError =>
  external === undefined
    ? alreadyExists('Workspace', 'name', name)
    : alreadyExists('Workspace', 'external_id', external);
