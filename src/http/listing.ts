/** Lists that are paged by number or by cursor. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalid } from '../base/errors.ts';
import { firstId, idAt, idFollowing, isUuid, lastId } from '../base/ids.ts';
import { sorts } from '../db/in-order.ts';
import type { Position, Slice, Sort } from '../db/in-order.ts';
import { cursorPageOf, pageOf, pageQuery } from './page.ts';

const defaultLimit = 25;

const limitOf = () => z.coerce.number().int().min(1).max(100);

/** What every list accepts. */
const ordered = {
  cursor: z
    .string()
    .max(500)
    .optional()
    .describe(
      '`next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted.',
    ),
  updated_since: z.iso
    .datetime({ offset: true })
    .transform((value) => new Date(value))
    .optional()
    .describe('Only records changed at this time or later.'),
  sort: z
    .enum(sorts)
    .optional()
    .describe(
      '`-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end.',
    ),
} as const;

/** The query of a list. With `cursor` or `limit`, it is paged by cursor. */
export const listQuery = pageQuery.extend({
  ...ordered,
  limit: limitOf()
    .optional()
    .describe('Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored.'),
});

/** The query of a list that is paged by cursor only. */
export const cursorListQuery = z.strictObject({ ...ordered, limit: limitOf().default(defaultLimit) });

const unchanging = 'These records do not change after they are created, so both orders are that of creation.';

/** The query of a log: a list of records that do not change, which is only paged by cursor. */
export const logQuery = cursorListQuery.extend({
  updated_since: ordered.updated_since.describe('Only records created at this time or later: they do not change.'),
  sort: ordered.sort.describe(`\`-\` is the newest first. Default: \`-created_at\`. ${unchanging}`),
});

/** Part of a log: ids with `from <= id < before`, in either direction. */
export interface LogRange {
  readonly from: string;
  readonly before: string;
  readonly sort: 'created_at' | '-created_at';
}

/** The part of a range up to an id, inclusive; undefined: the whole range. */
export const upTo = (range: LogRange, last: string | undefined): LogRange => {
  if (last === undefined) return range;
  return range.sort === 'created_at' ? { ...range, before: idFollowing(last) } : { ...range, from: last };
};

/** The ids that a request reads of a log, and the cursor of the page after an id. */
export interface LogPosition {
  readonly range: LogRange;
  readonly cursorOf: (id: string | null | undefined) => string | null;
}

type LogQuery = Pick<ListQuery, 'cursor' | 'sort' | 'updated_since'> & { readonly limit: number };

/**
 * Determines the ids that a request reads of a log. Its cursor does not depend on the filters.
 * @param bounds of the list: the first id, inclusive, and the last one, exclusive
 */
export function logPosition(list: string, query: LogQuery, bounds: Partial<LogRange> = {}): LogPosition {
  const { cursor, limit, updated_since: since } = query;
  const sort = query.sort?.startsWith('-') === false ? 'created_at' : '-created_at';
  const listing = listingOf(list, { cursor, limit, sort });
  const after = listing.after?.id.toLowerCase();
  const starts = [bounds.from ?? firstId, since === undefined ? firstId : idAt(since.getTime())];
  const ends = [bounds.before ?? lastId];
  if (after !== undefined && sort === 'created_at') starts.push(idFollowing(after));
  if (after !== undefined && sort === '-created_at') ends.push(after);
  const range = { from: starts.toSorted().at(-1) ?? firstId, before: ends.toSorted()[0] ?? lastId, sort } as const;
  return { range, cursorOf: (id) => idCursor(listing, id) };
}

const idCursor = (listing: Listing, id: string | null | undefined): string | null =>
  id === null || id === undefined ? null : cursorAfter(listing, { id });

interface ListQuery {
  readonly page?: number | undefined;
  readonly page_size?: number | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
  readonly updated_since?: Date | undefined;
  readonly sort?: Sort | undefined;
}

/** Part of a list that is paged by number or by cursor. */
export interface Paged extends Slice {
  /** Set when the list is paged by cursor. */
  readonly cursor?: { readonly size: number } | undefined;
}

/** The rows that a request reads of a list: by cursor one more than the page, to see whether another page follows. */
export interface Listing extends Paged {
  readonly offset: number;
  /** What its cursors belong to. */
  readonly scope: string;
}

/** Whether a text can be the last part of a cursor, by what a list is in the order of. */
const keys = {
  id: isUuid,
  name: (text: string): boolean => text !== '' && !text.includes('\0'),
  line: (text: string): boolean => /^\d{1,15}$/.test(text),
} as const;
type Key = keyof typeof keys;

/** What a cursor belongs to: the list, its filters and its order. */
const scopeOf = (list: string, filter: object): string =>
  createHash('sha256')
    .update(JSON.stringify([list, Object.entries(filter).filter(([, value]) => value !== undefined)]))
    .digest('base64url')
    .slice(0, 8);

/**
 * Determines the rows that a request reads of a list.
 * @param list the path of the list, with its ids
 * @param by the column that the list is in the order of, if it is not `id`
 * @throws ApiError `validation_failed` for a cursor of another list, filter or order
 */
export function listingOf(list: string, query: ListQuery & Readonly<Record<string, unknown>>, by: Key = 'id'): Listing {
  const { page = 1, page_size: pageSize = defaultLimit, cursor, limit, updated_since: updatedSince } = query;
  const { sort = '-created_at', ...filter } = query;
  const paging = { page: undefined, page_size: undefined, cursor: undefined, limit: undefined };
  const scope = scopeOf(list, { ...filter, ...paging, sort });
  const order = { sort, updatedSince, scope };
  if (cursor === undefined && limit === undefined)
    return { ...order, limit: pageSize, offset: (page - 1) * pageSize, cursor: undefined };
  const size = limit ?? defaultLimit;
  return {
    ...order,
    limit: size + 1,
    offset: 0,
    after: cursor === undefined ? undefined : positionOf(cursor, scope, by),
    cursor: { size },
  };
}

/** @throws ApiError `validation_failed` */
function positionOf(cursor: string, scope: string, by: Key): Position {
  const [of, ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const [id = '', ms, ...more] = by === 'name' ? [rest.join(' ')] : rest;
  if (!keys[by](id) || more.length > 0 || (ms !== undefined && !/^\d{1,15}$/.test(ms)))
    throw invalid({ cursor: 'must be the next_cursor of a page of this list' });
  if (of !== scope) throw invalid({ cursor: 'belongs to another list, filter or sort; begin again without a cursor' });
  return { id, at: ms === undefined ? undefined : new Date(Number(ms)) };
}

/** A record that a list shows. */
export interface Listed {
  readonly id: string;
  readonly created_at: Date;
  readonly updated_at?: Date | undefined;
}

/** The cursor of the page after a record of the list. */
export function cursorAfter({ scope, sort }: Pick<Listing, 'scope' | 'sort'>, row: Omit<Listed, 'created_at'>): string {
  const at = sort?.endsWith('updated_at') === true && row.updated_at !== undefined ? [row.updated_at.getTime()] : [];
  return Buffer.from([scope, row.id, ...at].join(' ')).toString('base64url');
}

/** The body of a page by cursor. @param rows up to one more than the page */
export function cursorBody<Row extends Listed, Shown>(
  { cursor, ...listing }: Listing,
  rows: readonly Row[],
  show: (row: Row) => Shown,
) {
  const page = rows.slice(0, cursor?.size);
  const last = page.at(-1);
  const more = rows.length > page.length && last !== undefined;
  const next = more ? cursorAfter(listing, { ...last, updated_at: last.updated_at ?? last.created_at }) : null;
  return { data: page.map(show), next_cursor: next };
}

/** The body of a page. @param total over all pages, for pages by number; `capped`: there may be more */
export function listBody<Row extends Listed, Shown>(
  query: { readonly page: number; readonly page_size: number },
  listing: Listing,
  rows: readonly Row[],
  show: (row: Row) => Shown,
  { total, capped = false }: { readonly total: number; readonly capped?: boolean },
) {
  if (listing.cursor !== undefined) return cursorBody(listing, rows, show);
  return {
    data: rows.map(show),
    page: query.page,
    page_size: query.page_size,
    total,
    ...(capped ? { total_capped: true as const } : {}),
  };
}

/** The total of a list, which pages by cursor do not show. */
export const totalFor = async ({ cursor }: Paged, count: () => Promise<number>): Promise<number> =>
  cursor === undefined ? count() : 0;

/** A slice of a list that is read as a whole, because it is short. */
export function sliceOf<Row extends Listed>(
  rows: readonly Row[],
  { limit, offset = 0, sort = '-created_at', after, updatedSince }: Slice,
): Row[] {
  const byUpdate = sort.endsWith('updated_at');
  const timeOf = ({ updated_at: updated, created_at: created }: Omit<Listed, 'id'>): number =>
    byUpdate ? (updated ?? created).getTime() : 0;
  const order = (a: Listed, b: Listed): number =>
    (timeOf(a) - timeOf(b) || (a.id < b.id ? -1 : Number(a.id > b.id))) * (sort.startsWith('-') ? -1 : 1);
  const place = after === undefined ? undefined : { id: after.id, created_at: after.at ?? new Date(0) };
  return rows
    .filter((row) => updatedSince === undefined || (row.updated_at ?? row.created_at) >= updatedSince)
    .toSorted(order)
    .filter((row) => place === undefined || order(row, place) > 0)
    .slice(offset, offset + limit);
}

/** The schema of a page by number or by cursor. */
export const listOf = <T extends z.ZodType>(item: T, numbered: z.ZodType = pageOf(item)) =>
  z.union([numbered, cursorPageOf(item)]);

/** The `answers` of a route that lists records. */
export const listAnswers = (description: string, item: z.ZodType, example: unknown, total = 1) => ({
  200: { description, schema: listOf(item), example: { data: [example], page: 1, page_size: 25, total } },
});
