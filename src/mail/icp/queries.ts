import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { first } from '../../db/pool.ts';
import type { Queryable } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import type { Icp } from './icp.ts';

export interface IcpRow {
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId;
  readonly icp: Icp;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export const icpOfWorkspace = (
  on: Queryable,
  organization: OrganizationId,
  workspace: WorkspaceId,
): Promise<IcpRow | undefined> =>
  first(
    on,
    sql<IcpRow>`SELECT * FROM workspace_icps WHERE workspace_id = ${workspace} AND organization_id = ${organization}`,
  );

export const saveIcp = (
  on: Queryable,
  organization: OrganizationId,
  workspace: WorkspaceId,
  icp: Icp,
  at: Date,
): Promise<IcpRow | undefined> =>
  first(
    on,
    sql<IcpRow>`
      INSERT INTO workspace_icps (workspace_id, organization_id, icp, created_at, updated_at)
      VALUES (${workspace}, ${organization}, ${JSON.stringify(icp)}::jsonb, ${at}, ${at})
      ON CONFLICT (workspace_id) DO UPDATE SET icp = excluded.icp, updated_at = excluded.updated_at RETURNING *`,
  );

export const deleteIcp = (on: Queryable, organization: OrganizationId, workspace: WorkspaceId): Promise<number> =>
  on.execute(sql`DELETE FROM workspace_icps WHERE workspace_id = ${workspace} AND organization_id = ${organization}`);

/** Locks the ICP of a workspace until the transaction ends. */
export const lockIcp = (tx: Queryable, organization: OrganizationId, workspace: string): Promise<number> =>
  tx.execute(
    sql`SELECT FROM workspace_icps WHERE workspace_id = ${workspace} AND organization_id = ${organization} FOR UPDATE`,
  );
