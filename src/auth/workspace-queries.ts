import { countedIn, inOrder } from '../db/in-order.ts';
import type { Slice } from '../db/in-order.ts';
import { first } from '../db/pool.ts';
import type { Queryable } from '../db/pool.ts';
import { columns, plainArray, sql } from '../db/sql.ts';
import type { OrganizationId, WorkspaceId } from '../base/ids.ts';

export interface WorkspaceRow {
  readonly id: WorkspaceId;
  /** The caller's own id; unique within the organization. */
  readonly external_id: string | null;
  readonly name: string;
  /** The most endpoints it may have; null: as many as an organization may have without a workspace. */
  readonly endpoints_max: number | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  /** When its deletion was requested; it exists only until the job has deleted its records. */
  readonly deleted_at: Date | null;
}

export const workspaceColumns = columns([
  'id',
  'external_id',
  'name',
  'endpoints_max',
  'created_at',
  'updated_at',
  'deleted_at',
]);

export interface WorkspaceSearch {
  /** Restricts the list to one workspace, for a key bound to it. */
  readonly only: WorkspaceId | null;
  readonly externalId: string | null;
  /** In lower case, for LIKE. */
  readonly pattern: string | null;
}

export const workspaces = (
  db: Queryable,
  organization: OrganizationId,
  { only, externalId, pattern }: WorkspaceSearch,
  slice: Slice,
): Promise<WorkspaceRow[]> =>
  db.query(
    inOrder(
      sql<WorkspaceRow>`
    SELECT ${workspaceColumns} FROM workspaces
    WHERE organization_id = ${organization} AND deleted_at IS NULL AND (${only}::uuid IS NULL OR id = ${only}) AND (${externalId}::text IS NULL OR external_id = ${externalId})
      AND (${pattern}::text IS NULL OR lower(name || E'\n' || coalesce(external_id, '')) LIKE ${pattern})`,
      'workspaces',
      slice,
    ),
  );

export const countWorkspaces = async (
  db: Queryable,
  organization: OrganizationId,
  { only, externalId, pattern }: WorkspaceSearch,
  slice: Slice,
): Promise<number> =>
  (
    await first(
      db,
      countedIn(
        sql<{ total: number }>`
      SELECT count(*) AS total FROM workspaces
      WHERE organization_id = ${organization} AND deleted_at IS NULL AND (${only}::uuid IS NULL OR id = ${only}) AND (${externalId}::text IS NULL OR external_id = ${externalId})
        AND (${pattern}::text IS NULL OR lower(name || E'\n' || coalesce(external_id, '')) LIKE ${pattern})`,
        'workspaces',
        slice,
      ),
    )
  )?.total ?? 0;

/** @returns undefined also for a workspace that is being deleted. */
export const workspaceById = (
  db: Queryable,
  organization: OrganizationId,
  id: WorkspaceId,
): Promise<WorkspaceRow | undefined> =>
  first(
    db,
    sql<WorkspaceRow>`SELECT ${workspaceColumns} FROM workspaces WHERE organization_id = ${organization} AND id = ${id} AND deleted_at IS NULL`,
  );

/** As `workspaceById`, also while its records are being deleted. */
export const existingWorkspace = (
  db: Queryable,
  organization: OrganizationId,
  id: WorkspaceId,
): Promise<WorkspaceRow | undefined> =>
  first(
    db,
    sql<WorkspaceRow>`
      SELECT ${workspaceColumns} FROM workspaces
      WHERE organization_id = ${organization} AND id = ${id} AND (deleted_at IS NULL OR deletion_due_at IS NOT NULL)`,
  );

/** As `workspaceById`; in a transaction, it cannot be deleted until the transaction ends. */
export const workspaceInUse = (
  on: Queryable,
  organization: OrganizationId,
  id: WorkspaceId,
): Promise<WorkspaceRow | undefined> =>
  first(
    on,
    sql<WorkspaceRow>`
      SELECT ${workspaceColumns} FROM workspaces WHERE organization_id = ${organization} AND id = ${id} AND deleted_at IS NULL FOR SHARE`,
  );

/** As `workspaceById`, with a lock that also waits for the creation of records in it. */
export const lockWorkspace = (
  tx: Queryable,
  organization: OrganizationId,
  id: WorkspaceId,
): Promise<WorkspaceRow | undefined> =>
  first(
    tx,
    sql<WorkspaceRow>`
      SELECT ${workspaceColumns} FROM workspaces WHERE organization_id = ${organization} AND id = ${id} AND deleted_at IS NULL FOR UPDATE`,
  );

export const workspaceByExternalId = (
  db: Queryable,
  organization: OrganizationId,
  externalId: string,
): Promise<WorkspaceRow | undefined> =>
  first(
    db,
    sql<WorkspaceRow>`
      SELECT ${workspaceColumns} FROM workspaces WHERE organization_id = ${organization} AND external_id = ${externalId} AND deleted_at IS NULL`,
  );

/** Workspaces by the callers' ids; those that do not exist are left out. */
export const workspacesByExternalId = (
  db: Queryable,
  wanted: readonly { readonly organizationId: OrganizationId; readonly externalId: string }[],
): Promise<(WorkspaceRow & { organization_id: OrganizationId })[]> =>
  db.query(sql<WorkspaceRow & { organization_id: OrganizationId }>`
    SELECT w.organization_id, ${workspaceColumns} FROM unnest(${plainArray(wanted.map(({ organizationId }) => organizationId))}::uuid[], ${wanted.map(({ externalId }) => externalId)}::text[]) AS o (organization, external)
    CROSS JOIN LATERAL (
      SELECT * FROM workspaces WHERE organization_id = o.organization AND external_id = o.external AND deleted_at IS NULL OFFSET 0
    ) w`);

/** @returns the oldest if several workspaces with ids of the caller's have the name. */
export const workspaceByName = (
  db: Queryable,
  organization: OrganizationId,
  name: string,
): Promise<WorkspaceRow | undefined> =>
  first(
    db,
    sql<WorkspaceRow>`
      SELECT ${workspaceColumns} FROM workspaces WHERE organization_id = ${organization} AND name = ${name} AND deleted_at IS NULL
      ORDER BY external_id IS NOT NULL, id LIMIT 1`,
  );

/** @returns undefined if the name or the caller's id is taken. */
export const insertWorkspace = (
  db: Queryable,
  organization: OrganizationId,
  row: WorkspaceRow,
): Promise<WorkspaceRow | undefined> =>
  first(
    db,
    sql<WorkspaceRow>`
      INSERT INTO workspaces (id, organization_id, external_id, name, endpoints_max, created_at, updated_at)
      VALUES (${row.id}, ${organization}, ${row.external_id}, ${row.name}, ${row.endpoints_max}, ${row.created_at}, ${row.updated_at})
      ON CONFLICT DO NOTHING RETURNING ${workspaceColumns}`,
  );

/** A new workspace that a caller names by its own id. */
export interface NamedRow {
  readonly id: WorkspaceId;
  readonly organizationId: OrganizationId;
  readonly externalId: string;
  readonly name: string;
  readonly at: Date;
}

/** Leaves out those that exist. Rows are inserted in order, so two processes never wait for each other. */
export const insertNamed = (
  db: Queryable,
  rows: readonly NamedRow[],
): Promise<(WorkspaceRow & { organization_id: OrganizationId })[]> =>
  db.query(sql<WorkspaceRow & { organization_id: OrganizationId }>`
    INSERT INTO workspaces (id, organization_id, external_id, name, created_at, updated_at)
    SELECT r.id, r.organization_id, r.external_id, r.name, r.at, r.at
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${plainArray(rows.map(({ organizationId }) => organizationId))}::uuid[], ${rows.map(({ externalId }) => externalId)}::text[], ${rows.map(({ name }) => name)}::text[],
      ${rows.map(({ at }) => at)}::timestamptz[]) AS r (id, organization_id, external_id, name, at)
    ORDER BY r.organization_id, r.external_id
    ON CONFLICT DO NOTHING RETURNING organization_id, ${workspaceColumns}`);

/** Writes what can change. */
export const saveWorkspace = (tx: Queryable, row: WorkspaceRow): Promise<number> =>
  tx.execute(sql`
    UPDATE workspaces SET external_id = ${row.external_id}, name = ${row.name}, endpoints_max = ${row.endpoints_max}, updated_at = ${row.updated_at} WHERE id = ${row.id}`);

// Deletion ------------------------------------------------------------------------------------------

export interface WorkspaceDeletion {
  readonly id: WorkspaceId;
  readonly organization_id: OrganizationId;
  readonly deletion_round: number;
}

export const beginWorkspaceDeletion = (tx: Queryable, id: WorkspaceId, at: Date): Promise<number> =>
  tx.execute(
    sql`UPDATE workspaces SET deleted_at = ${at}, updated_at = ${at}, deletion_due_at = ${at}, deletion_round = 1 WHERE id = ${id}`,
  );

export const takeWorkspaceDeletion = (tx: Queryable, nowMs: number): Promise<WorkspaceDeletion | undefined> =>
  first(
    tx,
    sql<WorkspaceDeletion>`
      SELECT id, organization_id, deletion_round FROM workspaces WHERE deletion_due_at <= to_timestamp(${nowMs}::float8 / 1000)
      ORDER BY deletion_due_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`,
  );

export const nextWorkspaceDeletion = async (db: Queryable, nowMs: number): Promise<number | undefined> =>
  (
    await first(
      db,
      sql<{ at: Date }>`
        SELECT deletion_due_at AS at FROM workspaces WHERE deletion_due_at > to_timestamp(${nowMs}::float8 / 1000) ORDER BY deletion_due_at LIMIT 1`,
    )
  )?.at.getTime();

export const continueWorkspaceDeletion = (
  tx: Queryable,
  id: WorkspaceId,
  round: number,
  dueAtMs: number,
): Promise<number> =>
  tx.execute(sql`
    UPDATE workspaces SET deletion_round = ${round}, deletion_due_at = to_timestamp(${dueAtMs}::float8 / 1000) WHERE id = ${id} AND deletion_due_at IS NOT NULL`);

/** Keeps the row for the records that refer to it, without the client's name. */
export const endWorkspaceDeletion = (tx: Queryable, id: WorkspaceId): Promise<number> =>
  tx.execute(
    sql`UPDATE workspaces SET name = '', external_id = NULL, deletion_due_at = NULL, deletion_round = NULL WHERE id = ${id}`,
  );
