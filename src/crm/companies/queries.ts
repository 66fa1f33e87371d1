import { inOrder } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, plannedAnew, sql } from '../../db/sql.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { companyFields } from '../../base/records/company.ts';
import { columnsOf, ownerId } from '../records/index.ts';
import type { Owner, Reach, SearchPattern } from '../records/index.ts';
import { companySearch } from './company.ts';
import type { Company } from './company.ts';

/** What limits a list; undefined limits nothing. */
export interface StoredFilter {
  /** Matched against `search`. */
  readonly pattern: SearchPattern | undefined;
  /** Companies that have all of them. */
  readonly tags: readonly string[] | undefined;
  /** In lower case. */
  readonly industry: string | undefined;
  /** In ASCII and lower case. */
  readonly domain: string | undefined;
  readonly owner: string | undefined;
  /** Changed at this time or later. Of counts alone: lists have it in their slice. */
  readonly updatedSince?: Date | undefined;
}

export const { read: companyColumns, written: changedColumns } = columnsOf(companyFields, 'companies');

const stored = (company: Company): string => JSON.stringify({ ...company, search: companySearch(company) });

export const insertCompany = (tx: Transaction, company: Company): Promise<number> =>
  tx.execute(sql`INSERT INTO companies SELECT * FROM json_populate_record(NULL::companies, ${stored(company)}::json)`);

export const insertCompanies = (tx: Transaction, companies: readonly Company[]): Promise<number> =>
  tx.execute(
    sql`INSERT INTO companies SELECT * FROM json_populate_recordset(NULL::companies, ${`[${companies.map(stored).join(',')}]`}::json)`,
  );

/** 'comp' as a number: the first key of this slice's advisory locks; the second is the hash of the owner. */
const lockSpace = 0x636f6d70;

/** Until the transaction ends, no other upsert of the owner's companies looks for theirs. Call it before locking any record. */
export const lockUpserts = (tx: Transaction, owner: Owner): Promise<unknown> =>
  tx.execute(sql`SELECT pg_advisory_xact_lock(${lockSpace}::int, hashtext(${ownerId(owner)}::text))`);

/** Writes companies that the transaction has locked. */
export const updateCompanies = (tx: Transaction, companies: readonly Company[]): Promise<number> =>
  tx.execute(sql`
    UPDATE companies c SET ${changedColumns}
    FROM json_populate_recordset(NULL::companies, ${`[${companies.map(stored).join(',')}]`}::json) n WHERE c.id = n.id AND c.organization_id = n.organization_id`);

export const deleteCompanies = (
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
): Promise<number> =>
  tx.execute(
    sql`DELETE FROM companies WHERE id = ANY(${plainArray(ids)}::uuid[]) AND organization_id = ${organization}`,
  );

/** The companies with these ids, in no order. Ids out of reach are skipped. */
export const companiesByIds = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  ids: readonly string[],
): Promise<Company[]> =>
  on.query(sql<Company>`
    SELECT ${companyColumns} FROM companies
    WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND id = ANY(${plainArray(ids)}::uuid[])`);

/** An owner's next companies that have a domain, by id. */
export const companiesWithDomain = (on: Queryable, owner: Owner, after: string, limit: number): Promise<Company[]> =>
  on.query(
    plannedAnew(sql<Company>`
      SELECT ${companyColumns} FROM companies
      WHERE organization_id = ${owner.organizationId} AND coalesce(workspace_id, organization_id) = ${ownerId(owner)} AND id > ${after} AND domain IS NOT NULL
      ORDER BY id LIMIT ${limit}`),
  );

/** Keeps others from changing them until the transaction ends; records can still be assigned to them. In the order in which every writer locks them. */
export const lockCompanies = (
  tx: Transaction,
  { organizationId: organization, workspaceId: workspace }: Reach,
  ids: readonly string[],
): Promise<Company[]> =>
  tx.query(sql<Company>`
    SELECT ${companyColumns} FROM companies
    WHERE id = ANY(${plainArray(ids)}::uuid[]) AND organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) ORDER BY id FOR NO KEY UPDATE`);

/** As `lockCompanies`, but also keeps others from assigning records to them. */
export const lockCompaniesToDelete = (
  tx: Transaction,
  { organizationId: organization, workspaceId: workspace }: Reach,
  ids: readonly string[],
): Promise<Company[]> =>
  tx.query(sql<Company>`
    SELECT ${companyColumns} FROM companies
    WHERE id = ANY(${plainArray(ids)}::uuid[]) AND organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) ORDER BY id FOR UPDATE`);

/** The newest first. */
export const listCompanies = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  { pattern, tags, industry, domain, owner }: StoredFilter,
  slice: Slice,
): Promise<Company[]> =>
  on.query(
    inOrder(
      sql<Company>`
      SELECT ${companyColumns} FROM companies
      WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND (${pattern?.first ?? null}::text IS NULL OR search LIKE ${pattern?.first ?? null})
        AND (${pattern?.second ?? null}::text IS NULL OR (search LIKE ${pattern?.second ?? null} AND search LIKE ALL(${pattern?.all ?? null}::text[])))
        AND (${tags ?? null}::text[] IS NULL OR tags @> ${tags ?? null}) AND (${industry ?? null}::text IS NULL OR lower(industry) = ${industry ?? null}) AND (${domain ?? null}::text IS NULL OR domain IN (${domain ?? null}, 'www.' || ${domain ?? null})) AND (${owner ?? null}::text IS NULL OR owner = ${owner ?? null})`,
      'companies',
      slice,
    ),
  );

/** Counts up to `max`. */
export const countCompanies = async (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  { pattern, tags, industry, domain, owner, updatedSince }: StoredFilter,
  max: number,
): Promise<number> =>
  (
    await on.query(
      plannedAnew(sql<{ count: number }>`
        SELECT count(*) AS count FROM (
          SELECT FROM companies
          WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND (${pattern?.first ?? null}::text IS NULL OR search LIKE ${pattern?.first ?? null})
        AND (${pattern?.second ?? null}::text IS NULL OR (search LIKE ${pattern?.second ?? null} AND search LIKE ALL(${pattern?.all ?? null}::text[])))
            AND (${tags ?? null}::text[] IS NULL OR tags @> ${tags ?? null}) AND (${industry ?? null}::text IS NULL OR lower(industry) = ${industry ?? null}) AND (${domain ?? null}::text IS NULL OR domain IN (${domain ?? null}, 'www.' || ${domain ?? null})) AND (${owner ?? null}::text IS NULL OR owner = ${owner ?? null})
            AND (${updatedSince ?? null}::timestamptz IS NULL OR updated_at >= ${updatedSince ?? null})
          LIMIT ${max}
        ) found`),
    )
  )[0]?.count ?? 0;

/** The id of the company with exactly `count` newer ones; undefined if there are fewer. */
export const companyOlderThan = async (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  count: number,
): Promise<string | undefined> =>
  (
    await on.query(
      plannedAnew(sql<{ id: string }>`
        SELECT id FROM companies WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) ORDER BY id DESC OFFSET ${count} LIMIT 1`),
    )
  )[0]?.id;

/**
 * Companies by the words of their name, the newest first, each with those of `words` that its name lacks.
 * @param among only these companies
 * @param newerThan only companies newer than this id
 */
export const companiesNamed = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  pattern: SearchPattern,
  words: readonly string[],
  {
    among,
    newerThan,
    limit,
  }: { readonly among: readonly string[] | undefined; readonly newerThan: string | undefined; readonly limit: number },
): Promise<{ id: string; lacking: string[] }[]> =>
  on.query(
    plannedAnew(sql<{ id: string; lacking: string[] }>`
      SELECT id, ARRAY(SELECT w.word FROM unnest(${words}::text[]) AS w (word) WHERE split_part(search, E'\\n', 1) NOT LIKE w.word) AS lacking FROM companies
      WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND split_part(search, E'\\n', 1) LIKE ${pattern.first} AND (${pattern.second}::text IS NULL OR split_part(search, E'\\n', 1) LIKE ${pattern.second})
        AND split_part(search, E'\\n', 1) LIKE ALL(${pattern.all}::text[]) AND (${among ?? null}::uuid[] IS NULL OR id = ANY(${among ?? null}))
        AND (${newerThan ?? null}::uuid IS NULL OR id > ${newerThan ?? null})
      ORDER BY id DESC LIMIT ${limit}`),
  );

/** Up to two companies for each folded name. */
export const companiesByName = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Owner,
  keys: readonly string[],
): Promise<{ key: string; id: string }[]> =>
  on.query(sql<{ key: string; id: string }>`
    SELECT k.key, c.id FROM unnest(${keys}::text[]) AS k (key) CROSS JOIN LATERAL (
      SELECT id FROM companies WHERE organization_id = ${organization} AND workspace_id IS NOT DISTINCT FROM ${workspace}::uuid AND split_part(search, E'\\n', 1) = k.key LIMIT 2) AS c`);

/** Up to two companies for each domain. If no company has it, those that were stored with `www` before it. */
export const companiesByDomain = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Owner,
  keys: readonly string[],
): Promise<{ key: string; id: string }[]> =>
  on.query(sql<{ key: string; id: string }>`
    SELECT k.key, c.id FROM unnest(${keys}::text[]) AS k (key) CROSS JOIN LATERAL (
      SELECT CASE WHEN EXISTS (SELECT FROM companies WHERE organization_id = ${organization} AND workspace_id IS NOT DISTINCT FROM ${workspace}::uuid AND domain = k.key)
        THEN k.key ELSE 'www.' || k.key END AS stored) AS d CROSS JOIN LATERAL (
      SELECT id FROM companies WHERE organization_id = ${organization} AND workspace_id IS NOT DISTINCT FROM ${workspace}::uuid AND domain = d.stored LIMIT 2) AS c`);

/** Keeps companies from being deleted until the transaction ends. Sorted by id, so that concurrent transactions do not deadlock. */
export const holdCompanies = (
  tx: Transaction,
  { organizationId: organization, workspaceId: workspace }: Owner,
  ids: readonly string[],
): Promise<{ id: string; name: string }[]> =>
  tx.query(sql<{ id: string; name: string }>`
    SELECT id, name FROM companies WHERE organization_id = ${organization} AND workspace_id IS NOT DISTINCT FROM ${workspace}::uuid AND id = ANY(${plainArray(ids)}::uuid[]) ORDER BY id FOR KEY SHARE`);

/** Deletes up to `max` companies of a workspace. @returns them */
export const deleteCompaniesOf = (tx: Transaction, workspace: WorkspaceId, max: number): Promise<Company[]> =>
  tx.query(sql<Company>`
    DELETE FROM companies WHERE id IN (SELECT id FROM companies WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${max} FOR UPDATE) RETURNING ${companyColumns}`);

/** Folds the searched text of up to `max` companies again. @returns how many */
export async function refoldCompanies(tx: Queryable, max: number): Promise<number> {
  const rows = await tx.query(sql<
    Pick<Company, 'id' | 'name' | 'domain' | 'industry' | 'website' | 'phone' | 'city' | 'country'>
  >`
    SELECT id, name, domain, industry, website, phone, city, country FROM companies WHERE right(search, 1) <> chr(31) ORDER BY id LIMIT ${max} FOR UPDATE SKIP LOCKED`);
  if (rows.length > 0)
    await tx.execute(sql`
      UPDATE companies c SET search = n.search FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(companySearch)}::text[]) AS n (id, search) WHERE c.id = n.id`);
  return rows.length;
}
