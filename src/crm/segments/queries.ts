import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { countedIn, inOrder } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { columns, sql } from '../../db/sql.ts';
import type { Reach } from '../records/index.ts';
import type { Entity } from './fields.ts';

export interface SegmentRow {
  id: string;
  organization_id: OrganizationId;
  /** Null: it belongs to the organization. */
  workspace_id: WorkspaceId | null;
  name: string;
  entity: Entity;
  filter: Readonly<Record<string, unknown>>;
  /** The last complete count; null: none with this filter. */
  count: number | null;
  counted_at: Date | null;
  /** A count in progress, or a requested one. */
  count_after: string | null;
  count_so_far: number;
  count_due_at: Date | null;
  created_by: string | null;
  created_at: Date;
  updated_at: Date;
}

export const segmentColumns = columns([
  'id',
  'organization_id',
  'workspace_id',
  'name',
  'entity',
  'filter',
  'count',
  'counted_at',
  'count_after',
  'count_so_far',
  'count_due_at',
  'created_by',
  'created_at',
  'updated_at',
]);

/** Segments of an organization, counted up to `max`. */
export const countSegments = async (on: Queryable, organization: OrganizationId, max: number): Promise<number> =>
  (
    await first(
      on,
      sql<{
        count: number;
      }>`SELECT count(*) AS count FROM (SELECT FROM segments WHERE organization_id = ${organization} LIMIT ${max}) AS counted`,
    )
  )?.count ?? 0;

export const insertSegment = (
  tx: Transaction,
  row: Omit<SegmentRow, 'count' | 'counted_at' | 'count_after' | 'count_so_far' | 'count_due_at'>,
): Promise<number> =>
  tx.execute(sql`
    INSERT INTO segments (id, organization_id, workspace_id, name, entity, filter, created_by, created_at, updated_at)
    VALUES (${row.id}, ${row.organization_id}, ${row.workspace_id}, ${row.name}, ${row.entity}, ${JSON.stringify(row.filter)}::jsonb, ${row.created_by}, ${row.created_at}, ${row.updated_at})`);

/** A page of segments, newest first. */
export const listSegments = (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  entity: Entity | undefined,
  slice: Slice,
): Promise<SegmentRow[]> =>
  on.query(
    inOrder(
      sql<SegmentRow>`
    SELECT ${segmentColumns} FROM segments
    WHERE organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null}) AND (${entity ?? null}::text IS NULL OR entity = ${entity ?? null})`,
      'segments',
      slice,
    ),
  );

export const totalSegments = async (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  entity: Entity | undefined,
  slice: Slice,
): Promise<number> =>
  (
    await first(
      on,
      countedIn(
        sql<{ count: number }>`
        SELECT count(*) AS count FROM segments
        WHERE organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null}) AND (${entity ?? null}::text IS NULL OR entity = ${entity ?? null})`,
        'segments',
        slice,
      ),
    )
  )?.count ?? 0;

export const segmentById = (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  id: string,
): Promise<SegmentRow | undefined> =>
  first(
    on,
    sql<SegmentRow>`
      SELECT ${segmentColumns} FROM segments
      WHERE id = ${id} AND organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`,
  );

/** As `segmentById`; locks the row until the transaction ends. */
export const lockSegment = (
  tx: Transaction,
  { organizationId, workspaceId }: Reach,
  id: string,
): Promise<SegmentRow | undefined> =>
  first(
    tx,
    sql<SegmentRow>`
      SELECT ${segmentColumns} FROM segments
      WHERE id = ${id} AND organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null}) FOR UPDATE`,
  );

/** Writes a segment that the transaction has locked. Another filter forgets the count. */
export const saveSegment = (
  tx: Transaction,
  { id, name, filter, updated_at: at }: SegmentRow,
  recount: boolean,
): Promise<number> =>
  tx.execute(sql`
    UPDATE segments SET name = ${name}, filter = ${JSON.stringify(filter)}::jsonb, updated_at = ${at},
      count = CASE WHEN NOT ${recount} THEN count END, counted_at = CASE WHEN NOT ${recount} THEN counted_at END,
      count_after = CASE WHEN NOT ${recount} THEN count_after END, count_due_at = CASE WHEN NOT ${recount} THEN count_due_at END
    WHERE id = ${id}`);

export const deleteSegment = (tx: Transaction, id: string): Promise<number> =>
  tx.execute(sql`DELETE FROM segments WHERE id = ${id}`);

/** Deletes up to `max` segments of a workspace. @returns them */
export const deleteSegmentsOf = (tx: Transaction, workspace: WorkspaceId, max: number): Promise<SegmentRow[]> =>
  tx.query(sql<SegmentRow>`
    DELETE FROM segments WHERE id IN (SELECT id FROM segments WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${max} FOR UPDATE)
    RETURNING ${segmentColumns}`);

/** Requests a complete count, unless one is in progress. */
export const requestCount = (tx: Transaction, id: string, at: Date): Promise<number> =>
  tx.execute(sql`UPDATE segments SET count_due_at = ${at} WHERE id = ${id} AND count_due_at IS NULL`);

/** Locks the segment whose count has been due longest, skipping locked ones. */
export const takeCounting = (tx: Transaction, now: Date): Promise<SegmentRow | undefined> =>
  first(
    tx,
    sql<SegmentRow>`
      SELECT ${segmentColumns} FROM segments WHERE count_due_at <= ${now} ORDER BY count_due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );

/** When the next count is due, ignoring those that are due already: another process has locked them. */
export const nextCounting = async (on: Queryable, now: Date): Promise<number | undefined> =>
  (
    await first(
      on,
      sql<{ due_at: Date | null }>`SELECT min(count_due_at) AS due_at FROM segments WHERE count_due_at > ${now}`,
    )
  )?.due_at?.getTime();

export const postponeCounting = (on: Queryable, id: string, until: Date): Promise<number> =>
  on.execute(sql`UPDATE segments SET count_due_at = ${until} WHERE id = ${id}`);

/** Records counted so far. */
export const saveCounting = (tx: Transaction, id: string, after: string, count: number, dueAt: Date): Promise<number> =>
  tx.execute(
    sql`UPDATE segments SET count_after = ${after}, count_so_far = ${count}, count_due_at = ${dueAt} WHERE id = ${id}`,
  );

export const finishCounting = (tx: Transaction, id: string, count: number, at: Date): Promise<number> =>
  tx.execute(sql`
    UPDATE segments SET count = ${count}, counted_at = ${at}, count_after = NULL, count_so_far = 0, count_due_at = NULL WHERE id = ${id}`);
