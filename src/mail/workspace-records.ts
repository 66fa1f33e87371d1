import type { OrganizationId, WorkspaceId } from '../base/ids.ts';
import type { Queryable } from '../db/pool.ts';
import { sql } from '../db/sql.ts';

/** The kinds of mail's records that a workspace has, each with the number of records, such as `mailboxes (2)`. */
export async function recordsOfWorkspace(
  on: Queryable,
  {
    organizationId: organization,
    workspaceId: workspace,
  }: { organizationId: OrganizationId; workspaceId: WorkspaceId },
): Promise<readonly string[]> {
  const rows = await on.query(sql<{ kind: string; total: number }>`
    SELECT 'mailboxes' AS kind, count(*) AS total FROM mailboxes WHERE organization_id = ${organization} AND workspace_id = ${workspace} AND deleted_at IS NULL
    UNION ALL SELECT 'campaigns', count(*) FROM campaigns WHERE organization_id = ${organization} AND workspace_id = ${workspace}
    UNION ALL SELECT 'templates', count(*) FROM templates WHERE organization_id = ${organization} AND workspace_id = ${workspace}
    UNION ALL SELECT 'tracking domains', count(*) FROM tracking_hosts WHERE organization_id = ${organization} AND workspace_id = ${workspace}
    UNION ALL SELECT 'DKIM keys', count(*) FROM domain_keys WHERE organization_id = ${organization} AND workspace_id = ${workspace}`);
  return rows.filter(({ total }) => total > 0).map(({ kind, total }) => `${kind} (${total})`);
}
