import type { Clock } from '../../base/clock.ts';
import { invalid, unreachable } from '../../base/errors.ts';
import { own } from '../../base/own.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Database, Queryable } from '../../db/pool.ts';
import type { CustomFields } from '../custom-fields/index.ts';
import { ownerIn, unknownTo } from '../records/index.ts';
import type { Reach } from '../records/index.ts';
import { compile, hasId } from './compile.ts';
import { fieldTables } from './fields.ts';
import type { Entity, SegmentField } from './fields.ts';
import { readFilter } from './filter.ts';
import type { Condition } from './filter.ts';
import { segmentById } from './queries.ts';
import type { SegmentRow } from './queries.ts';
import { chunkOf, walkStart } from './select.ts';
import type { Chunk, Selected } from './select.ts';

export type Filter = Readonly<Record<string, unknown>>;
/** A field of the table, and what it must equal. */
export type Equality = readonly [field: string, value: string];

/** Which records to select: those with these ids, those that match a filter, or those of a segment. */
export type SelectionRequest =
  | { readonly ids: readonly string[] }
  | { readonly filter: Filter }
  | { readonly segment_id: string };

/** Selected records, a chunk at a time. */
export interface Selection {
  /**
   * The next records by id, at most 5,000; none does not mean that there are no more.
   * @param after `next` of the previous chunk; left out for the first
   */
  chunk(on: Queryable, after?: string): Promise<Chunk>;
}

export interface SelectingOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly customFields: Pick<CustomFields, 'list'>;
}

export type Selecting = ReturnType<typeof createSelecting>;

/** Reads filters with what an organization has defined. */
export function createSelecting({ db, clock, customFields }: SelectingOptions) {
  let tables = fieldTables();

  /** @throws ApiError `validation_failed`, naming the place in the filter */
  async function conditionOf(
    on: Queryable,
    organization: OrganizationId,
    entity: Entity,
    filter: Filter,
    lenient: boolean,
  ): Promise<Condition> {
    // Most filters name no custom field.
    const isCustom = JSON.stringify(filter).includes('custom.');
    const defined = isCustom ? await customFields.list(organization, undefined, on) : [];
    const typesOf = (wanted: Entity) =>
      new Map(defined.flatMap(({ entity: of, key, type }) => (of === wanted ? [[key, type] as const] : [])));
    const custom = { contact: typesOf('contact'), company: typesOf('company') };
    return readFilter({ tables, custom, lenient }, entity, filter);
  }

  const selectedBy = async (
    on: Queryable,
    reach: Reach,
    entity: Entity,
    filter: Filter,
    { lenient, also = [] }: { readonly lenient: boolean; readonly also?: readonly Equality[] },
  ): Promise<Selected> => {
    const conditions = [await conditionOf(on, reach.organizationId, entity, filter, lenient)];
    for (const [name, value] of also) {
      const field = own(tables[entity], name);
      if (field === undefined) throw unreachable(`${entity} has no field ${name}`);
      conditions.push({ kind: 'leaf', field, ofCompany: false, comparison: { op: 'eq', value } });
    }
    return { ...compile({ kind: 'and', of: conditions }, { nowMs: clock.now() }), entity, reach };
  };

  /**
   * A segment of a workspace selects only the workspace's records.
   * @param also what the records match beside the segment's filter
   */
  const selectedOf = (
    on: Queryable,
    row: SegmentRow,
    reach: Reach,
    also: readonly Equality[] = [],
  ): Promise<Selected> =>
    selectedBy(
      on,
      { organizationId: row.organization_id, workspaceId: row.workspace_id ?? reach.workspaceId },
      row.entity,
      row.filter,
      { lenient: true, also },
    );

  async function selectedFor(
    reach: Reach,
    entity: Entity,
    request: SelectionRequest,
    on: Queryable,
  ): Promise<Selected> {
    if ('ids' in request) return { condition: hasId(request.ids), cost: 1, anchor: undefined, entity, reach };
    if ('filter' in request) return selectedBy(on, reach, entity, request.filter, { lenient: false });
    const row = await segmentById(on, reach, request.segment_id);
    if (row === undefined) throw invalid({ segment_id: unknownTo(ownerIn(reach)) });
    if (row.entity !== entity)
      throw invalid({ segment_id: `must be a segment of ${entity === 'contact' ? 'contacts' : 'companies'}` });
    return selectedOf(on, row, reach);
  }

  return {
    conditionOf,
    selectedOf,

    exists: async (on: Queryable, organization: OrganizationId, id: string): Promise<boolean> =>
      (await segmentById(on, { organizationId: organization }, id)) !== undefined,

    /** The workspace of a segment; null: it is of the organization; undefined: it does not exist. */
    workspaceOf: async (on: Queryable, organization: OrganizationId, id: string): Promise<string | null | undefined> =>
      (await segmentById(on, { organizationId: organization }, id))?.workspace_id,

    /** Adds fields that filters of contacts can name. Call it while composing. */
    addContactFields(fields: Readonly<Record<string, SegmentField>>): void {
      tables = fieldTables(fields);
    },

    /**
     * Selects records, to process them a chunk at a time. The filter is checked now; times relative to the present are resolved now.
     * @throws ApiError `validation_failed`, naming the place in the filter, or a segment that does not exist or has other records
     * @example
     * const selection = await segments.selectionOf(principal, 'contact', { segment_id: id });
     * for (let after: string | undefined; ; ) {
     *   const { ids, next } = await selection.chunk(tx, after);
     *   if (next === null) break;
     *   after = next;
     * }
     */
    async selectionOf(reach: Reach, entity: Entity, request: SelectionRequest, on: Queryable = db): Promise<Selection> {
      const selected = await selectedFor(reach, entity, request, on);
      return { chunk: (queryable, after = walkStart) => chunkOf(queryable, selected, after) };
    },
  };
}
