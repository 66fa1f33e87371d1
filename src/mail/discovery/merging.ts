/** How finds follow a contact that is merged: they say where its data comes from. */
import type { OrganizationId } from '../../base/ids.ts';
import { following } from '../../crm/records/index.ts';
import type { Transaction } from '../../db/pool.ts';
import { plainArray, plannedAnew, sql } from '../../db/sql.ts';

const lockOf = (tx: Transaction, organization: OrganizationId, contact: string): Promise<{ id: string }[]> =>
  tx.query(sql<{ id: string }>`
    SELECT id FROM discovery_finds WHERE organization_id = ${organization} AND contact_id = ${contact} ORDER BY id FOR UPDATE`);

const lockThese = (
  tx: Transaction,
  organization: OrganizationId,
  contact: string,
  ids: readonly string[],
): Promise<{ id: string }[]> =>
  tx.query(
    plannedAnew(sql<{ id: string }>`
      SELECT f.id FROM discovery_finds f JOIN unnest(${plainArray(ids)}::uuid[]) AS n (id) ON n.id = f.id
      WHERE f.organization_id = ${organization} AND f.contact_id = ${contact} ORDER BY f.id FOR UPDATE OF f`),
  );

const move = (
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
  contact: string,
): Promise<number> =>
  tx.execute(
    plannedAnew(sql`
      UPDATE discovery_finds f SET contact_id = ${contact} FROM unnest(${plainArray(ids)}::uuid[]) AS n (id)
      WHERE f.id = n.id AND f.organization_id = ${organization}`),
  );

export const findsFollower = following('finds', { lockOf, lockThese, move });
