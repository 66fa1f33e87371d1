/** How projects follow a company that is merged. */
import type { OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import { plainArray, plannedAnew, sql } from '../../db/sql.ts';
import { following } from '../records/index.ts';

const lockOf = (tx: Transaction, organization: OrganizationId, company: string): Promise<{ id: string }[]> =>
  tx.query(sql<{ id: string }>`
    SELECT id FROM projects WHERE organization_id = ${organization} AND company_id = ${company} ORDER BY id FOR UPDATE`);

const lockThese = (
  tx: Transaction,
  organization: OrganizationId,
  company: string,
  ids: readonly string[],
): Promise<{ id: string }[]> =>
  tx.query(
    plannedAnew(sql<{ id: string }>`
      SELECT p.id FROM projects p JOIN unnest(${plainArray(ids)}::uuid[]) AS m (id) ON m.id = p.id
      WHERE p.organization_id = ${organization} AND p.company_id = ${company} ORDER BY p.id FOR UPDATE OF p`),
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
      UPDATE projects p SET company_id = ${company}, updated_at = ${at} FROM unnest(${plainArray(ids)}::uuid[]) AS m (id)
      WHERE p.id = m.id AND p.organization_id = ${organization}`),
  );

export const ofCompanyFollower = following('projects', { lockOf, lockThese, move });
