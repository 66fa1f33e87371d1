/** How replies follow a contact that is merged. */
import type { OrganizationId } from '../../base/ids.ts';
import { following } from '../../crm/records/index.ts';
import type { Follower } from '../../crm/records/index.ts';
import type { Transaction } from '../../db/pool.ts';
import { plainArray, plannedAnew, sql } from '../../db/sql.ts';

const lockOf = (tx: Transaction, organization: OrganizationId, contact: string): Promise<{ id: string }[]> =>
  tx.query(sql<{ id: string }>`
    SELECT id FROM replies WHERE organization_id = ${organization} AND contact_id = ${contact} ORDER BY id FOR UPDATE`);

const lockThese = (
  tx: Transaction,
  organization: OrganizationId,
  contact: string,
  ids: readonly string[],
): Promise<{ id: string }[]> =>
  tx.query(
    plannedAnew(sql<{ id: string }>`
      SELECT r.id FROM replies r JOIN unnest(${plainArray(ids)}::uuid[]) AS n (id) ON n.id = r.id
      WHERE r.organization_id = ${organization} AND r.contact_id = ${contact} ORDER BY r.id FOR UPDATE OF r`),
  );

const move = (
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
  contact: string,
): Promise<number> =>
  tx.execute(
    plannedAnew(sql`
      UPDATE replies r SET contact_id = ${contact} FROM unnest(${plainArray(ids)}::uuid[]) AS n (id)
      WHERE r.id = n.id AND r.organization_id = ${organization}`),
  );

/** A reply is locked before anything else. */
export const repliesFollower: Follower = { ...following('replies', { lockOf, lockThese, move }), lockFirst: lockOf };
