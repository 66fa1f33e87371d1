import type { Queryable, Transaction } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Reach } from './reach.ts';

export type Entity = 'contact' | 'company' | 'project' | 'activity';

const shards = 16;

/** Lists with a filter stop counting here. */
export const countedMax = 10_000;

/** The total of a list. */
export interface Total {
  readonly total: number;
  /** There may be more than `total`. */
  readonly capped: boolean;
}

/** The total of a list of which up to `countedMax` + 1 were counted. */
export const totalOf = (count: number): Total => ({
  total: Math.min(count, countedMax),
  capped: count > countedMax,
});

/** Changes the number of live records, in the transaction that creates or deletes them, after its events. */
export async function countBy(
  tx: Transaction,
  organization: OrganizationId,
  entity: Entity,
  by: number,
): Promise<void> {
  if (by === 0) return;
  await tx.execute(sql`
    INSERT INTO record_counts (organization_id, entity, shard, count) VALUES (${organization}, ${entity}, floor(random() * ${shards}::int)::smallint, ${by})
    ON CONFLICT (organization_id, entity, shard) DO UPDATE SET count = record_counts.count + excluded.count`);
}

/** The number of live records of a kind, from 16 rows. */
export const countOf = async (db: Queryable, organization: OrganizationId, entity: Entity): Promise<number> =>
  (
    await db.query(
      sql<{
        count: number;
      }>`SELECT coalesce(sum(count), 0)::bigint AS count FROM record_counts WHERE organization_id = ${organization} AND entity = ${entity}`,
    )
  )[0]?.count ?? 0;

/** The total of a list: of all records of the kind if nothing limits it, otherwise counted up to `countedMax`. */
export async function totalIn<Filter extends object>(
  db: Queryable,
  reach: Reach,
  entity: Entity,
  filter: Filter,
  count: (on: Queryable, reach: Reach, filter: Filter, max: number) => Promise<number>,
): Promise<Total> {
  if (reach.workspaceId === undefined && Object.values(filter).every((each) => each === undefined))
    return { total: await countOf(db, reach.organizationId, entity), capped: false };
  return totalOf(await count(db, reach, filter, countedMax + 1));
}
