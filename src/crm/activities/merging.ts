/** How activities follow a record that is merged: they are its history. */
import type { OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import { plainArray, plannedAnew, sql } from '../../db/sql.ts';
import { following } from '../records/index.ts';

const lockOf = (tx: Transaction, organization: OrganizationId, company: string): Promise<{ id: string }[]> =>
  tx.query(sql<{ id: string }>`
    SELECT id FROM activities WHERE organization_id = ${organization} AND company_id = ${company} ORDER BY id FOR UPDATE`);

const lockThese = (
  tx: Transaction,
  organization: OrganizationId,
  company: string,
  ids: readonly string[],
): Promise<{ id: string }[]> =>
  tx.query(
    plannedAnew(sql<{ id: string }>`
      SELECT a.id FROM activities a JOIN unnest(${plainArray(ids)}::uuid[]) AS m (id) ON m.id = a.id
      WHERE a.organization_id = ${organization} AND a.company_id = ${company} ORDER BY a.id FOR UPDATE OF a`),
  );

const move = (
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
  company: string,
  at: Date,
): Promise<number> =>
  tx.execute(
    plannedAnew(sql`
      UPDATE activities a SET company_id = ${company}, updated_at = ${at} FROM unnest(${plainArray(ids)}::uuid[]) AS m (id)
      WHERE a.id = m.id AND a.organization_id = ${organization}`),
  );

export const ofCompanyFollower = following('activities', { lockOf, lockThese, move });

const lockOfContact = (tx: Transaction, organization: OrganizationId, contact: string): Promise<{ id: string }[]> =>
  tx.query(sql<{ id: string }>`
    SELECT id FROM activities WHERE organization_id = ${organization} AND contact_id = ${contact} ORDER BY id FOR UPDATE`);

const lockTheseOfContact = (
  tx: Transaction,
  organization: OrganizationId,
  contact: string,
  ids: readonly string[],
): Promise<{ id: string }[]> =>
  tx.query(
    plannedAnew(sql<{ id: string }>`
      SELECT a.id FROM activities a JOIN unnest(${plainArray(ids)}::uuid[]) AS m (id) ON m.id = a.id
      WHERE a.organization_id = ${organization} AND a.contact_id = ${contact} ORDER BY a.id FOR UPDATE OF a`),
  );

const moveToContact = (
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
  contact: string,
  at: Date,
): Promise<number> =>
  tx.execute(
    plannedAnew(sql`
      UPDATE activities a SET contact_id = ${contact}, updated_at = ${at} FROM unnest(${plainArray(ids)}::uuid[]) AS m (id)
      WHERE a.id = m.id AND a.organization_id = ${organization}`),
  );

export const ofContactFollower = following('activities', {
  lockOf: lockOfContact,
  lockThese: lockTheseOfContact,
  move: moveToContact,
});
