import type { WorkspaceStage } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import { ApiError, notFound } from '../../base/errors.ts';
import type { Ids } from '../../base/ids.ts';
import type { Slice } from '../../db/in-order.ts';
import type { Database, Queryable } from '../../db/pool.ts';
import type { EmitAll } from '../../events/index.ts';
import { changedFields, changeEvent } from '../records/index.ts';
import type { Editor, Reach, Total } from '../records/index.ts';
import { createCounting } from './counting.ts';
import type { CountingOptions, SegmentCount } from './counting.ts';
import type { Entity } from './fields.ts';
import {
  countSegments,
  deleteSegment,
  deleteSegmentsOf,
  insertSegment,
  listSegments,
  lockSegment,
  saveSegment,
  segmentById,
  totalSegments,
} from './queries.ts';
import type { SegmentRow } from './queries.ts';
import { pageOf } from './select.ts';
import type { Page } from './select.ts';
import { createSelecting } from './selecting.ts';
import type { Equality, Filter, SelectingOptions } from './selecting.ts';

interface NewSegment {
  readonly name: string;
  readonly entity: Entity;
  readonly filter: Filter;
}

interface SegmentChange {
  readonly name?: string | undefined;
  readonly filter?: Filter | undefined;
}

export interface SegmentsOptions extends SelectingOptions, CountingOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly emitAll: EmitAll;
}

export const segmentsMax = 1_000;
/** As the API and events show it. */
export const segmentOnWire = (row: SegmentRow) => ({
  id: row.id,
  workspace_id: row.workspace_id,
  name: row.name,
  entity: row.entity,
  filter: row.filter,
  created_by: row.created_by,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

export type SegmentFunctions = ReturnType<typeof createFunctions>;

export function createFunctions(options: SegmentsOptions) {
  const { db, clock, ids } = options;
  const { conditionOf, selectedOf, ...selecting } = createSelecting(options);
  const counting = createCounting(options, { selectedOf });

  const get = async (reach: Reach, id: string, on: Queryable = db): Promise<SegmentRow> => {
    const row = await segmentById(on, reach, id);
    if (row === undefined) throw notFound('Segment');
    return row;
  };

  return {
    ...selecting,

    /** Counts segments completely, in the background. */
    run: counting.run,

    /**
     * @throws ApiError `validation_failed`, naming the place in the filter; `conflict` for more than `segmentsMax`
     * @example
     * await segments.create(editor, { name: 'VIPs', entity: 'contact', filter: { field: 'tags', op: 'eq', value: 'vip' } });
     */
    async create(editor: Editor, { name, entity, filter }: NewSegment): Promise<SegmentRow> {
      const { organizationId: organization } = editor;
      await conditionOf(db, organization, entity, filter, false);
      const at = new Date(clock.now());
      const row: SegmentRow = {
        id: ids.next(),
        organization_id: organization,
        workspace_id: editor.workspaceId ?? null,
        name,
        entity,
        filter,
        count: null,
        counted_at: null,
        count_after: null,
        count_so_far: 0,
        count_due_at: null,
        created_by: editor.keyId ?? null,
        created_at: at,
        updated_at: at,
      };
      await db.transaction(async (tx) => {
        if ((await countSegments(tx, organization, segmentsMax)) >= segmentsMax)
          throw new ApiError(
            'conflict',
            `An organization can have at most ${segmentsMax.toLocaleString('en')} segments. Delete one first.`,
          );
        await insertSegment(tx, row);
        await options.emitAll(tx, [changeEvent(editor, 'segment.created', segmentOnWire(row), at)]);
      });
      return row;
    },

    /** @throws ApiError `not_found` */
    get,

    list: (reach: Reach, entity: Entity | undefined, page: Slice): Promise<SegmentRow[]> =>
      listSegments(db, reach, entity, page),

    total: async (reach: Reach, entity: Entity | undefined, page: Slice): Promise<Total> => ({
      total: await totalSegments(db, reach, entity, page),
      capped: false,
    }),

    /** A change that changes nothing emits no event. @throws ApiError `not_found`, `validation_failed` */
    async update(editor: Editor, id: string, change: SegmentChange): Promise<SegmentRow> {
      return db.transaction(async (tx) => {
        const before = await lockSegment(tx, editor, id);
        if (before === undefined) throw notFound('Segment');
        if (change.filter !== undefined)
          await conditionOf(tx, before.organization_id, before.entity, change.filter, false);
        const at = new Date(clock.now());
        const after: SegmentRow = {
          ...before,
          name: change.name ?? before.name,
          filter: change.filter ?? before.filter,
          updated_at: at,
        };
        const changed = changedFields(before, after, ['name', 'filter']);
        if (changed.length === 0) return before;
        await saveSegment(tx, after, changed.includes('filter'));
        await options.emitAll(tx, [changeEvent(editor, 'segment.updated', segmentOnWire(after), at, { changed })]);
        return after;
      });
    },

    /** @throws ApiError `not_found` */
    remove: (editor: Editor, id: string): Promise<void> =>
      db.transaction(async (tx) => {
        const row = await lockSegment(tx, editor, id);
        if (row === undefined) throw notFound('Segment');
        await deleteSegment(tx, id);
        await options.emitAll(tx, [changeEvent(editor, 'segment.deleted', segmentOnWire(row), new Date(clock.now()))]);
      }),

    /** Deletes the segments of a workspace that is being deleted. */
    removeOfWorkspace: (async (tx, workspace, limit) => {
      const removed = await deleteSegmentsOf(tx, workspace.workspaceId, limit);
      const at = new Date(clock.now());
      await options.emitAll(
        tx,
        removed.map((row) => changeEvent(workspace, 'segment.deleted', segmentOnWire(row), at)),
      );
      return removed.length;
    }) satisfies WorkspaceStage,

    /**
     * Records of a segment. `ids` may be fewer than `limit`, or none, although there are more.
     * @param also what they match beside the filter of the segment
     * @throws ApiError `not_found`; `conflict` for a segment of the other kind
     */
    async page(reach: Reach, id: string, entity: Entity, slice: Slice, also: readonly Equality[] = []): Promise<Page> {
      const row = await get(reach, id);
      if (row.entity !== entity) {
        const plural = row.entity === 'contact' ? 'contacts' : 'companies';
        throw new ApiError('conflict', `The segment has ${plural}: GET /v1/segments/${id}/${plural} lists them.`);
      }
      return pageOf(db, await selectedOf(db, row, reach, also), slice);
    },

    /** Counts a segment: completely if that takes few rows; otherwise as it was last counted in the background, or estimated. @throws ApiError `not_found` */
    count: async (reach: Reach, id: string): Promise<SegmentCount> => counting.countOf(reach, await get(reach, id)),
  };
}
