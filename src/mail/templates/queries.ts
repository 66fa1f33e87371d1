import type { KeyId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { countedIn, inOrder } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';

export interface TemplateRow {
  id: string;
  organization_id: OrganizationId;
  workspace_id: WorkspaceId | null;
  name: string;
  subject: string | null;
  body: string;
  category: string;
  format: 'text' | 'html';
  created_by: KeyId | null;
  created_at: Date;
  updated_at: Date;
}

/** Whose templates a caller reaches; a `Principal` is one. */
export interface Reach {
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | undefined;
}

export const insert = (on: Queryable, row: TemplateRow): Promise<number> =>
  on.execute(sql`
    INSERT INTO templates (id, organization_id, workspace_id, name, subject, body, category, format, created_by, created_at, updated_at)
    VALUES (${row.id}, ${row.organization_id}, ${row.workspace_id}, ${row.name}, ${row.subject}, ${row.body}, ${row.category}, ${row.format}, ${row.created_by},
      ${row.created_at}, ${row.updated_at})`);

/** A page of templates, newest first. */
export const listed = (on: Queryable, { organizationId, workspaceId }: Reach, slice: Slice): Promise<TemplateRow[]> =>
  on.query(
    inOrder(
      sql<TemplateRow>`
    SELECT id, organization_id, workspace_id, name, subject, body, category, format, created_by, created_at, updated_at FROM templates
    WHERE organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`,
      'templates',
      slice,
    ),
  );

export const counted = async (on: Queryable, { organizationId, workspaceId }: Reach, slice: Slice): Promise<number> =>
  (
    await on.query(
      countedIn(
        sql<{ count: number }>`
    SELECT count(*) AS count FROM templates
    WHERE organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`,
        'templates',
        slice,
      ),
    )
  )[0]?.count ?? 0;

export const byId = async (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  id: string,
): Promise<TemplateRow | undefined> =>
  (
    await on.query(sql<TemplateRow>`
    SELECT id, organization_id, workspace_id, name, subject, body, category, format, created_by, created_at, updated_at FROM templates
    WHERE id = ${id} AND organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`)
  )[0];

/** As `byId`; locks the row until the transaction ends. */
export const lockById = async (
  tx: Transaction,
  { organizationId, workspaceId }: Reach,
  id: string,
): Promise<TemplateRow | undefined> =>
  (
    await tx.query(sql<TemplateRow>`
    SELECT id, organization_id, workspace_id, name, subject, body, category, format, created_by, created_at, updated_at FROM templates
    WHERE id = ${id} AND organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null}) FOR UPDATE`)
  )[0];

export const save = (tx: Transaction, row: TemplateRow): Promise<number> =>
  tx.execute(sql`
    UPDATE templates SET name = ${row.name}, subject = ${row.subject}, body = ${row.body}, category = ${row.category}, format = ${row.format},
      updated_at = ${row.updated_at}
    WHERE id = ${row.id} AND organization_id = ${row.organization_id}`);

/** @returns how many were deleted */
export const removeById = (on: Queryable, { organizationId, workspaceId }: Reach, id: string): Promise<number> =>
  on.execute(sql`
    DELETE FROM templates
    WHERE id = ${id} AND organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`);
