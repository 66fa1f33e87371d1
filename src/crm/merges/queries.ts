import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { inOrder, sincePart } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { assembled, columns, part, plainArray, sql } from '../../db/sql.ts';
import type { Reach } from '../records/index.ts';
import type { Filled } from './filling.ts';

export type Entity = 'contact' | 'company';

export interface MergeRow {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId | null;
  readonly entity: Entity;
  readonly into_id: string;
  readonly from_id: string;
  /** The row of the record that went away, as JSON text; null: the merge cannot be undone any more. */
  readonly snapshot: string | null;
  readonly filled: Filled | null;
  readonly changed: readonly string[];
  readonly moved: Readonly<Record<string, number>>;
  readonly created_by: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly undone_at: Date | null;
}

export const mergeColumns = columns(
  [
    'id',
    'organization_id',
    'workspace_id',
    'entity',
    'into_id',
    'from_id',
    'snapshot',
    'filled',
    'changed',
    'moved',
    'created_by',
    'created_at',
    'expires_at',
    'undone_at',
  ],
  'merges',
  ['snapshot'],
);

export const insertMerge = (tx: Transaction, row: MergeRow): Promise<number> =>
  tx.execute(sql`
    INSERT INTO merges (id, organization_id, workspace_id, entity, into_id, from_id, snapshot, filled, changed, moved, created_by, created_at, expires_at)
    VALUES (${row.id}, ${row.organization_id}, ${row.workspace_id}::uuid, ${row.entity}, ${row.into_id}, ${row.from_id}, ${row.snapshot}::jsonb, ${JSON.stringify(row.filled)}::jsonb,
      ${row.changed}::text[], ${JSON.stringify(row.moved)}::jsonb, ${row.created_by}::uuid, ${row.created_at}, ${row.expires_at})`);

const pieceMax = 10_000;

/** Stores what followed of one kind, in pieces. */
export const insertPieces = (
  tx: Transaction,
  merge: string,
  kind: string,
  ids: readonly string[],
  state: unknown,
): Promise<number> =>
  tx.execute(sql`
    INSERT INTO merge_pieces (merge_id, kind, number, ids, state)
    SELECT ${merge}::uuid, ${kind}::text, p.number, coalesce(p.ids, '{}'), CASE WHEN p.number = 0 THEN ${state === undefined ? null : JSON.stringify(state)}::jsonb END
    FROM (SELECT ((m.at - 1) / ${pieceMax}::int)::int AS number, array_agg(m.id) FILTER (WHERE m.id IS NOT NULL) AS ids
      FROM unnest(${plainArray(ids.length === 0 ? ['NULL'] : ids)}::uuid[]) WITH ORDINALITY AS m (id, at) GROUP BY 1) AS p`);

export const piecesOf = (tx: Transaction, merge: string): Promise<{ kind: string; ids: string[]; state: unknown }[]> =>
  tx.query(sql<{ kind: string; ids: string[]; state: unknown }>`
    SELECT kind, ids, state FROM merge_pieces WHERE merge_id = ${merge} ORDER BY kind, number`);

export const deletePieces = (tx: Queryable, merges: readonly string[]): Promise<number> =>
  tx.execute(sql`DELETE FROM merge_pieces WHERE merge_id = ANY(${plainArray(merges)}::uuid[])`);

export const mergeById = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  id: string,
): Promise<MergeRow | undefined> =>
  first(
    on,
    sql<MergeRow>`
      SELECT ${mergeColumns} FROM merges WHERE id = ${id} AND organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})`,
  );

/** Locks a merge. The records that it names are locked before. */
export const lockMerge = (tx: Transaction, id: string): Promise<MergeRow | undefined> =>
  first(tx, sql<MergeRow>`SELECT ${mergeColumns} FROM merges WHERE id = ${id} FOR UPDATE`);

/** The newest merge into a record that is not undone, if it is newer than this one. */
export const laterMerge = async (
  tx: Transaction,
  { into_id: into, id }: Pick<MergeRow, 'into_id' | 'id'>,
): Promise<string | undefined> =>
  (
    await first(
      tx,
      sql<{
        id: string;
      }>`SELECT id FROM merges WHERE into_id = ${into} AND id > ${id} AND undone_at IS NULL ORDER BY id DESC LIMIT 1`,
    )
  )?.id;

/** The merge by which a record went away. */
export const mergeOf = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  entity: Entity,
  from: string,
): Promise<MergeRow | undefined> =>
  first(
    on,
    sql<MergeRow>`
      SELECT ${mergeColumns} FROM merges
      WHERE from_id = ${from} AND undone_at IS NULL AND entity = ${entity} AND organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})`,
  );

/** The record that a record which went away leads to, after all further merges. */
export const survivorOf = async (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  entity: Entity,
  from: string,
): Promise<string | undefined> =>
  (
    await first(
      on,
      sql<{ into_id: string }>`
        WITH RECURSIVE chain AS (
          SELECT into_id, 1 AS step FROM merges
          WHERE from_id = ${from} AND undone_at IS NULL AND entity = ${entity} AND organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})
          UNION ALL
          SELECT m.into_id, c.step + 1 FROM chain c JOIN merges m ON m.from_id = c.into_id AND m.undone_at IS NULL AND c.step < 1000
        )
        SELECT into_id FROM chain ORDER BY step DESC LIMIT 1`,
    )
  )?.into_id;

export interface MergeFilter {
  readonly entities: readonly Entity[];
  /** The surviving record, or the one that went away. */
  readonly recordId?: string | undefined;
  readonly undone?: boolean | undefined;
}

/** A merge changes only by its undo. */
const changedAt = part`coalesce(merges.undone_at, merges.created_at)`;

export const listMerges = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  { entities, recordId, undone }: MergeFilter,
  slice: Slice,
): Promise<MergeRow[]> =>
  on.query(
    inOrder(
      sql<MergeRow>`
      SELECT ${mergeColumns} FROM merges
      WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND entity = ANY(${entities}::text[])
        AND (${recordId ?? null}::uuid IS NULL OR into_id = ${recordId ?? null} OR from_id = ${recordId ?? null})
        AND (${undone ?? null}::boolean IS NULL OR (undone_at IS NOT NULL) = ${undone ?? null})`,
      'merges',
      slice,
      changedAt,
    ),
  );

/** Counts up to `max` of those that a slice is part of. */
export const countMerges = async (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  { entities, recordId, undone }: MergeFilter,
  slice: Pick<Slice, 'updatedSince'>,
  max: number,
): Promise<number> =>
  (
    await on.query(
      assembled<{ count: number }>(part`
        SELECT count(*) AS count FROM (
          SELECT FROM merges
          WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND entity = ANY(${entities}::text[])
            AND (${recordId ?? null}::uuid IS NULL OR into_id = ${recordId ?? null} OR from_id = ${recordId ?? null})
            AND (${undone ?? null}::boolean IS NULL OR (undone_at IS NOT NULL) = ${undone ?? null})${sincePart('merges', slice, changedAt)}
          LIMIT ${max}) AS found`),
    )
  )[0]?.count ?? 0;

/** @param undoId the place of the undo in the timeline of the surviving record */
export const endMerge = (tx: Transaction, id: string, undoId: string, at: Date): Promise<number> =>
  tx.execute(
    sql`UPDATE merges SET undone_at = ${at}, undo_id = ${undoId}, snapshot = NULL, filled = NULL WHERE id = ${id}`,
  );

/** Forgets what an undo needs of up to `max` merges that expired. @returns their ids */
export const expireMerges = async (on: Queryable, before: Date, max: number): Promise<string[]> =>
  (
    await on.query(sql<{ id: string }>`
      UPDATE merges SET snapshot = NULL, filled = NULL
      WHERE id IN (SELECT id FROM merges WHERE snapshot IS NOT NULL AND expires_at <= ${before} ORDER BY expires_at LIMIT ${max} FOR UPDATE SKIP LOCKED) RETURNING id`)
  ).map(({ id }) => id);

/** Deletes up to `max` merges of a workspace. @returns how many */
export const deleteMergesOf = (tx: Transaction, workspace: WorkspaceId, max: number): Promise<number> =>
  tx.execute(
    sql`DELETE FROM merges WHERE id IN (SELECT id FROM merges WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${max})`,
  );
