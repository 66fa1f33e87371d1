import type { OrganizationId, WorkspaceId } from '../../../base/ids.ts';
import type { Reach } from '../../../crm/records/index.ts';
import { first } from '../../../db/pool.ts';
import type { Queryable } from '../../../db/pool.ts';
import { inOrder } from '../../../db/in-order.ts';
import type { Slice } from '../../../db/in-order.ts';
import { sql } from '../../../db/sql.ts';
import type { ProviderSettings } from './settings.ts';

export interface ProviderRow {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId | null;
  readonly name: string;
  readonly settings: ProviderSettings;
  /** Sealed. */
  readonly secret: Buffer | null;
  readonly used_day: string | null;
  readonly used: number;
  readonly problem: string | null;
  readonly problem_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** A workspace's providers; for the whole organization, also those without one. */
export const providerById = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  id: string,
): Promise<ProviderRow | undefined> =>
  first(
    on,
    sql<ProviderRow>`
      SELECT id, organization_id, workspace_id, name, settings, secret, used_day::text AS used_day, used, problem, problem_at, created_at, updated_at FROM discovery_providers
      WHERE organization_id = ${organization} AND id = ${id} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})`,
  );

export const listProviders = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  slice: Slice,
): Promise<ProviderRow[]> =>
  on.query(
    inOrder(
      sql<ProviderRow>`
      SELECT id, organization_id, workspace_id, name, settings, secret, used_day::text AS used_day, used, problem, problem_at, created_at, updated_at FROM discovery_providers
      WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})`,
      'discovery_providers',
      slice,
    ),
  );

/** @returns 0 if the organization already has `max` */
export const insertProvider = (
  on: Queryable,
  row: Omit<ProviderRow, 'used_day' | 'used' | 'problem' | 'problem_at'>,
  max: number,
): Promise<number> =>
  on.execute(sql`
    INSERT INTO discovery_providers (id, organization_id, workspace_id, name, settings, secret, created_at, updated_at)
    SELECT ${row.id}, ${row.organization_id}, ${row.workspace_id}::uuid, ${row.name}, ${JSON.stringify(row.settings)}::jsonb, ${row.secret}::bytea, ${row.created_at}, ${row.updated_at}
    WHERE (SELECT count(*) FROM discovery_providers WHERE organization_id = ${row.organization_id}) < ${max}`);

/** What was used of its budget stays. */
export const replaceProvider = (
  on: Queryable,
  id: string,
  row: Pick<ProviderRow, 'name' | 'settings' | 'secret' | 'updated_at'>,
): Promise<number> =>
  on.execute(sql`
    UPDATE discovery_providers SET name = ${row.name}, settings = ${JSON.stringify(row.settings)}::jsonb, secret = ${row.secret}, problem = NULL, problem_at = NULL, updated_at = ${row.updated_at}
    WHERE id = ${id}`);

export const deleteProvider = (on: Queryable, id: string): Promise<number> =>
  on.execute(sql`DELETE FROM discovery_providers WHERE id = ${id}`);

/** Deletes up to `max` providers of a workspace. @returns how many */
export const deleteProvidersOf = (tx: Queryable, workspace: WorkspaceId, max: number): Promise<number> =>
  tx.execute(
    sql`DELETE FROM discovery_providers WHERE id IN (SELECT id FROM discovery_providers WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${max})`,
  );

/** Takes one request from the budgets of the day and the minute, if both have one. */
export const reserve = async (
  on: Queryable,
  id: string,
  { day, minute }: { readonly day: string; readonly minute: Date },
): Promise<{ readonly isGranted: boolean; readonly left: number }> => {
  const row = await first(
    on,
    sql<{ granted: number; left: number }>`
      UPDATE discovery_providers p SET used_day = ${day}::date, used = n.used + n.granted, used_minute = ${minute}::timestamptz, minute_used = n.minute_used + n.granted
      FROM (SELECT *, greatest(0, least(1, daily_budget - used, per_minute - minute_used)) AS granted
        FROM (SELECT id, (settings ->> 'daily_budget')::int AS daily_budget, (settings ->> 'requests_per_minute')::int AS per_minute, CASE WHEN used_day = ${day}::date THEN used ELSE 0 END AS used,
            CASE WHEN used_minute = ${minute}::timestamptz THEN minute_used ELSE 0 END AS minute_used
          FROM discovery_providers WHERE id = ${id} FOR UPDATE) AS u) AS n
      WHERE p.id = n.id RETURNING n.granted, greatest(0, n.daily_budget - n.used - n.granted) AS left`,
  );
  return { isGranted: row?.granted === 1, left: row?.left ?? 0 };
};

export const saveProblem = (on: Queryable, id: string, problem: string | null, at: Date): Promise<number> =>
  on.execute(sql`
    UPDATE discovery_providers SET problem = ${problem}, problem_at = CASE WHEN ${problem}::text IS NOT NULL THEN ${at}::timestamptz END WHERE id = ${id}`);

/** The problems of an organization's providers, which are locked in order. */
export const problemsOf = (tx: Queryable, organization: OrganizationId): Promise<{ id: string; problem: string }[]> =>
  tx.query(sql<{ id: string; problem: string }>`
    SELECT id, problem FROM discovery_providers WHERE organization_id = ${organization} AND problem IS NOT NULL ORDER BY id FOR UPDATE`);

export const writeProblem = (tx: Queryable, id: string, problem: string): Promise<number> =>
  tx.execute(sql`UPDATE discovery_providers SET problem = ${problem} WHERE id = ${id}`);

/** Locks a provider until the transaction ends. */
export const lockProvider = (tx: Queryable, organization: OrganizationId, id: string): Promise<number> =>
  tx.execute(sql`SELECT FROM discovery_providers WHERE organization_id = ${organization} AND id = ${id} FOR UPDATE`);
