import type { WorkspaceStage } from '../auth/index.ts';
import type { OrganizationId, WorkspaceId } from '../base/ids.ts';
import type { Queryable } from '../db/pool.ts';
import { sql } from '../db/sql.ts';

/** Deletes the templates, tracking domains and DKIM keys of a workspace: what has no history. */
const remove: WorkspaceStage = async (tx, { workspaceId: workspace }, limit) =>
  (await tx.execute(sql`
    DELETE FROM templates WHERE id IN (SELECT id FROM templates WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${limit})`)) +
  (await tx.execute(sql`
    DELETE FROM tracking_hosts WHERE id IN (SELECT id FROM tracking_hosts WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${limit})`)) +
  (await tx.execute(sql`
    DELETE FROM domain_keys WHERE id IN (SELECT id FROM domain_keys WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${limit})`));

/** Mail's records that a workspace must not have when it is deleted, each kind with the number of records, such as `mailboxes (2)`. */
async function blockers(
  on: Queryable,
  {
    organizationId: organization,
    workspaceId: workspace,
  }: { organizationId: OrganizationId; workspaceId: WorkspaceId },
): Promise<readonly string[]> {
  const rows = await on.query(sql<{ kind: string; total: number }>`
    SELECT 'mailboxes' AS kind, count(*) AS total FROM mailboxes WHERE organization_id = ${organization} AND workspace_id = ${workspace} AND deleted_at IS NULL
    UNION ALL SELECT 'campaigns', count(*) FROM campaigns WHERE organization_id = ${organization} AND workspace_id = ${workspace}`);
  return rows.filter(({ total }) => total > 0).map(({ kind, total }) => `${kind} (${total})`);
}

/** What becomes of mail's records when a workspace is deleted. */
export const ofWorkspace = { remove, blockers } as const;
