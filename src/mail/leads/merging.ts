/** How leads follow a company that is merged: leads stop with the others of their company. */
import type { OrganizationId } from '../../base/ids.ts';
import { following } from '../../crm/records/index.ts';
import type { Transaction } from '../../db/pool.ts';
import { plainArray, plannedAnew, sql } from '../../db/sql.ts';

/** Locks the leads of a company, by id as every writer does. */
const lockOf = (tx: Transaction, organization: OrganizationId, company: string): Promise<{ id: string }[]> =>
  tx.query(sql<{ id: string }>`
    SELECT id FROM campaign_leads WHERE id IN (SELECT lead_id FROM lead_keys WHERE company_key = ${company} AND organization_id = ${organization}) ORDER BY id FOR UPDATE`);

const lockThese = (
  tx: Transaction,
  organization: OrganizationId,
  company: string,
  ids: readonly string[],
): Promise<{ id: string }[]> =>
  tx.query(
    plannedAnew(sql<{ id: string }>`
      SELECT l.id FROM campaign_leads l JOIN unnest(${plainArray(ids)}::uuid[]) AS m (id) ON m.id = l.id
      WHERE l.organization_id = ${organization} AND l.company_key = ${company} ORDER BY l.id FOR UPDATE OF l`),
  );

const move = (
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
  company: string,
): Promise<number> =>
  tx.execute(
    plannedAnew(sql`
      WITH keys AS (
        UPDATE lead_keys k SET company_key = ${company} FROM unnest(${plainArray(ids)}::uuid[]) AS m (id)
        WHERE k.lead_id = m.id AND k.organization_id = ${organization} RETURNING k.lead_id)
      UPDATE campaign_leads l SET company_key = ${company} FROM keys WHERE l.id = keys.lead_id`),
  );

export const companyLeadsFollower = following('leads', { lockOf, lockThese, move });
