/** What a merge of companies does in their table. */
import type { OrganizationId } from '../../base/ids.ts';
import { unreachable } from '../../base/errors.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import type { Reach } from '../records/index.ts';
import { companyKind, companyOnWire } from './company.ts';
import type { Company } from './company.ts';
import { companyColumns, lockCompaniesToDelete, updateCompanies } from './queries.ts';

/** Removes a company. @returns its row, as JSON text */
async function take(tx: Transaction, organization: OrganizationId, id: string): Promise<string> {
  const [row] = await tx.query(sql<{ snapshot: string }>`
    DELETE FROM companies WHERE id = ${id} AND organization_id = ${organization} RETURNING to_jsonb(companies.*)::text AS snapshot`);
  if (row === undefined) throw unreachable('a locked company does not exist');
  return row.snapshot;
}

/** Inserts a company that `take` removed. */
async function putBack(
  tx: Transaction,
  organization: OrganizationId,
  snapshot: string,
  company: Company,
): Promise<Company> {
  await tx.execute(sql`
    INSERT INTO companies SELECT * FROM jsonb_populate_record(NULL::companies, ${snapshot}::jsonb || jsonb_build_object('updated_at', ${company.updated_at}::timestamptz)) WHERE organization_id = ${organization}`);
  return company;
}

/** The companies in rows that `take` returned. */
const read = (on: Queryable, organization: OrganizationId, snapshots: readonly string[]): Promise<Company[]> =>
  on.query(sql<Company>`
    SELECT ${companyColumns} FROM jsonb_populate_recordset(NULL::companies, ${`[${snapshots.join(',')}]`}::jsonb) AS companies WHERE organization_id = ${organization}`);

export const merging = {
  /** Also keeps others from assigning records to them. */
  lock: (tx: Transaction, reach: Reach, ids: readonly string[]): Promise<Company[]> =>
    lockCompaniesToDelete(tx, reach, ids),
  changes: (before: Company, after: Company): string[] => companyKind.changes(before, after),
  write: (tx: Transaction, _: OrganizationId, company: Company): Promise<number> => updateCompanies(tx, [company]),
  take,
  putBack,
  read,
  onWire: (_: OrganizationId, company: Company): object => companyOnWire(company),
  inEvent: (_: OrganizationId, company: Company): object => companyOnWire(company),
};
