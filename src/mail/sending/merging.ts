/** How messages follow a contact that is merged. */
import type { OrganizationId } from '../../base/ids.ts';
import { following } from '../../crm/records/index.ts';
import type { Transaction } from '../../db/pool.ts';
import { plainArray, plannedAnew, sql } from '../../db/sql.ts';

const lockOf = (tx: Transaction, organization: OrganizationId, contact: string): Promise<{ id: string }[]> =>
  tx.query(sql<{ id: string }>`
    SELECT id FROM messages WHERE organization_id = ${organization} AND contact_id = ${contact} ORDER BY id FOR UPDATE`);

const lockThese = (
  tx: Transaction,
  organization: OrganizationId,
  contact: string,
  ids: readonly string[],
): Promise<{ id: string }[]> =>
  tx.query(
    plannedAnew(sql<{ id: string }>`
      SELECT m.id FROM messages m JOIN unnest(${plainArray(ids)}::uuid[]) AS n (id) ON n.id = m.id
      WHERE m.organization_id = ${organization} AND m.contact_id = ${contact} ORDER BY m.id FOR UPDATE OF m`),
  );

const move = (
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
  contact: string,
): Promise<number> =>
  tx.execute(
    plannedAnew(sql`
      UPDATE messages m SET updated_at = date_trunc('milliseconds', now()), contact_id = ${contact} FROM unnest(${plainArray(ids)}::uuid[]) AS n (id)
      WHERE m.id = n.id AND m.organization_id = ${organization}`),
  );

export const messagesFollower = following('messages', { lockOf, lockThese, move });
