import type { Queryable, Transaction } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import type { OrganizationId } from '../../base/ids.ts';

export type Entity = 'contact' | 'company' | 'project' | 'activity';

const shards = 16;

/** A list with a filter counts no further. */
export const countedMax = 10_000;

/** Adds to the number of live records, in the transaction that makes or removes them, after its events. */
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

/** Live records of a kind, whatever the number: 16 rows are read. */
export const countOf = async (db: Queryable, organization: OrganizationId, entity: Entity): Promise<number> =>
  (
    await db.query(
      sql<{
        count: number;
      }>`SELECT coalesce(sum(count), 0)::bigint AS count FROM record_counts WHERE organization_id = ${organization} AND entity = ${entity}`,
    )
  )[0]?.count ?? 0;
