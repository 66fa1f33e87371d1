/**
 * Finds the records of a filter. No statement reads more rows than a bound, whatever the filter: a page may have fewer records than
 * requested and still a next one, and a count may be an estimate.
 */
import { firstId } from '../../base/ids.ts';
import { unreachable } from '../../base/errors.ts';
import { boundsPart, byPart, orderPart } from '../../db/in-order.ts';
import type { Position, Slice } from '../../db/in-order.ts';
import type { Database, Queryable } from '../../db/pool.ts';
import { assembled, part, sql } from '../../db/sql.ts';
import type { Part } from '../../db/sql.ts';
import type { Reach } from '../records/index.ts';
import type { Anchor, Compiled } from './compile.ts';
import type { Entity } from './fields.ts';

/** A filter, compiled, and whose records it selects. */
export interface Selected extends Compiled {
  readonly entity: Entity;
  readonly reach: Reach;
}

/** Rows that a statement of a request reads, for a filter of one comparison; one that takes longer reads fewer. About 10 ms. */
const requestRows = 8_000;
/** Rows that show whether an index is of use. */
const probeRows = 1_000;
/** An index is of use if fewer than one in this many of the newest rows are found by it. */
const rareShare = 50;
/** Rows of one transaction of a job. */
const jobRows = 20_000;
/** What reading a row takes beside its conditions, as a multiple of a comparison. */
const rowCost = 3;
/** An index finds rows one by one in all of the table; with more than this, the newest rows are read instead. */
const anchoredRows = 5_000;

const rowsFor = (rows: number, cost: number): number =>
  Math.max(250, Math.round((rows * (rowCost + 1)) / (rowCost + cost)));

const liveRows = ({ entity, reach: { organizationId, workspaceId } }: Selected): Part => {
  const mine =
    workspaceId === undefined
      ? part`c.organization_id = ${organizationId}`
      : part`c.organization_id = ${organizationId} AND c.workspace_id = ${workspaceId}`;
  return entity === 'contact'
    ? part`contacts c WHERE ${mine} AND c.deleted_at IS NULL`
    : part`companies c WHERE ${mine}`;
};

/** Part of a selection, in order. `next`: where the rest begins; null: there is none. */
export interface Page {
  readonly ids: readonly string[];
  readonly next: Position | null;
}

interface Place {
  readonly id: string;
  readonly updated_at: Date;
}

const positionOf = (place: Place | undefined): Position | null =>
  place === undefined ? null : { id: place.id, at: place.updated_at };

/** The first records of a slice; `limit` is how many at most, and fewer do not mean that there are no more. */
export async function pageOf(db: Database, selected: Selected, slice: Slice): Promise<Page> {
  const { anchor } = selected;
  const { limit } = slice;
  if (anchor === undefined) return firstOf(db, selected, slice, requestRows);
  const first = await firstOf(db, selected, slice, probeRows);
  // Full, or there are no more.
  if (first.ids.length === limit || first.next === null) return first;
  const all = await anchored(db, selected, anchor, { ...slice, limit: limit + 1 });
  if (all === undefined) return firstOf(db, selected, slice, requestRows);
  const found = all.ids ?? [];
  const last = found[limit - 1];
  const hasMore = found.length > limit && last !== undefined;
  return { ids: found.slice(0, limit), next: hasMore ? { id: last, at: all.at ?? undefined } : null };
}

const pageFrom = (places: readonly Place[], limit: number, rest: Position | null): Page => ({
  ids: places.slice(0, limit).map(({ id }) => id),
  next: places.length > limit ? positionOf(places[limit - 1]) : rest,
});

/** Reads the first rows one by one. */
async function firstOf(db: Database, selected: Selected, slice: Slice, max: number): Promise<Page> {
  const rows = rowsFor(max, selected.cost);
  const { limit, sort = '-created_at', updatedSince } = slice;
  // Only in the order of changes do the rows changed since a time follow each other; otherwise they are looked for among those read.
  const read = sort.endsWith('updated_at') ? slice : { ...slice, updatedSince: undefined };
  const found = await db.query(
    // The inner LIMIT bounds what is read; the scan ends earlier once the page is full.
    assembled<Place>(part`
      SELECT c.id, c.updated_at FROM (SELECT c.* FROM ${liveRows(selected)}${orderPart('c', { ...read, limit: rows })}) AS c
      WHERE ${selected.condition}${orderPart('c', { sort, updatedSince, limit: limit + 1 })}`),
  );
  if (found.length > limit) return pageFrom(found, limit, null);
  const [horizon] = await db.query(
    assembled<Place>(
      part`SELECT c.id, c.updated_at FROM ${liveRows(selected)}${orderPart('c', { ...read, offset: rows - 1, limit: 1 })}`,
    ),
  );
  return pageFrom(found, limit, positionOf(horizon));
}

interface Anchored {
  readonly seen: number;
  readonly matched: number;
  /** The first, in order. */
  readonly ids: readonly string[] | null;
  /** When the last but one of them was changed. */
  readonly at: Date | null;
}

/** Looks the selection up by an index. @returns undefined if that index finds too many rows */
async function anchored(
  db: Database,
  selected: Selected,
  { condition, rank }: Anchor,
  slice: Slice,
): Promise<Anchored | undefined> {
  const { limit } = slice;
  const chosen = part`ORDER BY ${byPart('c', slice)}) FILTER (WHERE ${selected.condition})`;
  const found = await db.transaction(async (tx) => {
    // With the LIMIT, the planner would rather look for frequent words along the ids, and read everything if it is wrong.
    await tx.query(sql<{ done: string }>`
      SELECT set_config('enable_seqscan', 'off', true) || set_config('enable_indexscan', ${rank > 3 ? 'off' : 'on'}, true) || set_config('jit', 'off', true) AS done`);
    return tx.query(
      assembled<Anchored>(part`
        SELECT count(*) AS seen, count(*) FILTER (WHERE ${selected.condition}) AS matched,
          (array_agg(c.id ${chosen})[1:${limit}::int] AS ids, (array_agg(c.updated_at ${chosen})[${limit - 1}::int] AS at
        FROM (SELECT c.* FROM ${liveRows(selected)}${boundsPart('c', slice)} AND ${condition} LIMIT ${anchoredRows + 1}) AS c`),
    );
  });
  const [row] = found;
  if (row === undefined) throw unreachable('an aggregate returned no row');
  return row.seen > anchoredRows ? undefined : row;
}

/** A count within a request. `share`: of the newest records, if not all were counted. */
type BoundedCount = { readonly count: number } | { readonly share: number };

/** Counts the selection if that takes few rows. */
export async function countWithin(db: Database, selected: Selected): Promise<BoundedCount> {
  const { anchor } = selected;
  if (anchor !== undefined) {
    const probe = await countNewest(db, selected, anchor.condition, probeRows);
    if (probe.whole) return { count: probe.matched };
    const found =
      probe.anchored * rareShare < probe.seen ? await anchored(db, selected, anchor, { limit: 1 }) : undefined;
    if (found !== undefined) return { count: found.matched };
  }
  const newest = await countNewest(db, selected, part`false`, requestRows);
  return newest.whole ? { count: newest.matched } : { share: newest.matched / newest.seen };
}

interface CountedNewest {
  readonly seen: number;
  readonly matched: number;
  readonly anchored: number;
  /** There are no other rows. */
  readonly whole: boolean;
}

/** Counts among the newest rows: those selected, and those that an index would find. */
async function countNewest(db: Database, selected: Selected, anchor: Part, max: number): Promise<CountedNewest> {
  const rows = rowsFor(max, selected.cost);
  const [newest] = await db.query(
    assembled<{ seen: number; matched: number; anchored: number }>(part`
      SELECT count(*) AS seen, count(*) FILTER (WHERE ${selected.condition}) AS matched, count(*) FILTER (WHERE ${anchor}) AS anchored
      FROM (SELECT c.* FROM ${liveRows(selected)} ORDER BY c.id DESC LIMIT ${rows}) AS c`),
  );
  if (newest === undefined) throw unreachable('an aggregate returned no row');
  return { ...newest, whole: newest.seen < rows };
}

/** The number of records that a caller reaches, up to 100,000. */
export async function countAll(db: Database, selected: Selected): Promise<number> {
  const [row] = await db.query(
    assembled<{ count: number }>(
      part`SELECT count(*) AS count FROM (SELECT FROM ${liveRows(selected)} LIMIT 100000) AS c`,
    ),
  );
  return row?.count ?? 0;
}

export interface Chunk {
  /** By id. */
  readonly ids: readonly string[];
  /** Where the next chunk begins; null: this was the last. */
  readonly next: string | null;
}

/** Where a walk begins. */
export const walkStart = firstId;

/**
 * The next records of a walk through a selection by id, a bounded number; none does not mean that the walk is through.
 * @param after `next` of the previous chunk, or `walkStart`
 */
export async function chunkOf(on: Queryable, selected: Selected, after: string): Promise<Chunk> {
  const wanted = rowsFor(jobRows / 4, selected.cost);
  const [row] = await on.query(
    assembled<{ ids: string[] | null; seen: number; last: string | null }>(part`
      SELECT array_agg(c.id ORDER BY c.id) FILTER (WHERE ${selected.condition}) AS ids, count(*) AS seen, (array_agg(c.id ORDER BY c.id DESC))[1] AS last
      FROM (SELECT c.* FROM ${liveRows(selected)} AND c.id > ${after} ORDER BY c.id LIMIT ${wanted}) AS c`),
  );
  return { ids: row?.ids ?? [], next: row === undefined || row.seen < wanted ? null : row.last };
}

/** As `chunkOf`, but counts the records. */
export async function countChunk(
  on: Queryable,
  selected: Selected,
  after: string,
): Promise<{ readonly matched: number; readonly next: string | null }> {
  const wanted = rowsFor(jobRows, selected.cost);
  const [row] = await on.query(
    assembled<{ matched: number; seen: number; last: string | null }>(part`
      SELECT count(*) FILTER (WHERE ${selected.condition}) AS matched, count(*) AS seen, (array_agg(c.id ORDER BY c.id DESC))[1] AS last
      FROM (SELECT c.* FROM ${liveRows(selected)} AND c.id > ${after} ORDER BY c.id LIMIT ${wanted}) AS c`),
  );
  return { matched: row?.matched ?? 0, next: row === undefined || row.seen < wanted ? null : row.last };
}
