/** How contacts follow a company that is merged. */
import type { OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import { plainArray, plannedAnew, sql } from '../../db/sql.ts';
import { following } from '../records/index.ts';

/** Locks the contacts of a company in the order of upserts, then the deleted ones. */
const lockOf = (tx: Transaction, organization: OrganizationId, company: string): Promise<{ id: string }[]> =>
  tx.query(sql<{ id: string }>`
    SELECT id FROM contacts WHERE organization_id = ${organization} AND company_id = ${company} ORDER BY deleted_at IS NOT NULL, email_key, id FOR UPDATE`);

const lockThese = (
  tx: Transaction,
  organization: OrganizationId,
  company: string,
  ids: readonly string[],
): Promise<{ id: string }[]> =>
  tx.query(
    plannedAnew(sql<{ id: string }>`
      SELECT c.id FROM contacts c JOIN unnest(${plainArray(ids)}::uuid[]) AS m (id) ON m.id = c.id
      WHERE c.organization_id = ${organization} AND c.company_id = ${company} ORDER BY c.deleted_at IS NOT NULL, c.email_key, c.id FOR UPDATE OF c`),
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
      UPDATE contacts c SET company_id = ${company}, updated_at = ${at} FROM unnest(${plainArray(ids)}::uuid[]) AS m (id)
      WHERE c.id = m.id AND c.organization_id = ${organization}`),
  );

export const ofCompanyFollower = following('contacts', { lockOf, lockThese, move });
