/** Lists that are paged by number or by cursor. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalid } from '../base/errors.ts';
import { isUuid } from '../base/ids.ts';
import { sorts } from '../db/in-order.ts';
import type { Position, Slice } from '../db/in-order.ts';
import { cursorPageOf, pageOf, pageQuery } from './page.ts';

/** The query of a list. With `cursor` or `limit`, it is paged by cursor. */
export const listQuery = pageQuery.extend({
  cursor: z
    .string()
    .max(200)
    .optional()
    .describe(
      '`next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted.',
    ),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored.'),
  updated_since: z.iso
    .datetime({ offset: true })
    .transform((value) => new Date(value))
    .optional()
    .describe(
      'Only records changed at this time or later. Best with a cursor: by number, `total` of lists other than contacts ignores it.',
    ),
  sort: z
    .enum(sorts)
    .optional()
    .describe(
      '`-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end.',
    ),
});

type ListQuery = z.output<typeof listQuery>;

/** The rows that a request reads of a list: by cursor one more than the page, to see whether another page follows. */
export interface Listing extends Slice {
  readonly limit: number;
  readonly offset: number;
  /** Set when the list is paged by cursor. */
  readonly cursor: { readonly scope: string; readonly size: number } | undefined;
}

const defaultLimit = 25;

/** What a cursor belongs to: the list, its filters and its order. */
const scopeOf = (list: string, filter: object): string =>
  createHash('sha256')
    .update(JSON.stringify([list, Object.entries(filter).filter(([, value]) => value !== undefined)]))
    .digest('base64url')
    .slice(0, 8);

/**
 * Determines the rows that a request reads of a list.
 * @param list the path of the list, with its ids
 * @throws ApiError `validation_failed` for a cursor of another list, filter or order
 */
export function listingOf(list: string, query: ListQuery & Readonly<Record<string, unknown>>): Listing {
  const { page, page_size: pageSize, cursor, limit, updated_since: updatedSince, sort = '-created_at' } = query;
  const order = { sort, updatedSince };
  if (cursor === undefined && limit === undefined)
    return { ...order, limit: pageSize, offset: (page - 1) * pageSize, cursor: undefined };
  const scope = scopeOf(list, {
    ...query,
    page: undefined,
    page_size: undefined,
    cursor: undefined,
    limit: undefined,
    sort,
  });
  const size = limit ?? defaultLimit;
  return {
    ...order,
    limit: size + 1,
    offset: 0,
    after: cursor === undefined ? undefined : positionOf(cursor, scope),
    cursor: { scope, size },
  };
}

/** @throws ApiError `validation_failed` */
function positionOf(cursor: string, scope: string): Position {
  const [of, id = '', ms, ...more] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (!isUuid(id) || more.length > 0 || (ms !== undefined && !/^\d{1,15}$/.test(ms)))
    throw invalid({ cursor: 'must be the next_cursor of a page of this list' });
  if (of !== scope) throw invalid({ cursor: 'belongs to another list, filter or sort; begin again without a cursor' });
  return { id, at: ms === undefined ? undefined : new Date(Number(ms)) };
}

/** A record that a list shows. */
export interface Listed {
  readonly id: string;
  readonly created_at: Date;
  readonly updated_at?: Date;
}

function cursorAfter(scope: string, sort: string | undefined, row: Listed): string {
  const at = sort?.endsWith('updated_at') === true ? [(row.updated_at ?? row.created_at).getTime()] : [];
  return Buffer.from([scope, row.id, ...at].join(' ')).toString('base64url');
}

/** The body of a page. @param total over all pages, for pages by number; `capped`: there may be more */
export function listBody<Row extends Listed, Shown>(
  query: ListQuery,
  { cursor, sort }: Listing,
  rows: readonly Row[],
  show: (row: Row) => Shown,
  { total, capped = false }: { readonly total: number; readonly capped?: boolean },
) {
  if (cursor === undefined)
    return {
      data: rows.map(show),
      page: query.page,
      page_size: query.page_size,
      total,
      ...(capped ? { total_capped: true as const } : {}),
    };
  const page = rows.slice(0, cursor.size);
  const last = page.at(-1);
  const more = rows.length > cursor.size && last !== undefined;
  return { data: page.map(show), next_cursor: more ? cursorAfter(cursor.scope, sort, last) : null };
}

/** The schema of a page by number or by cursor. */
export const listOf = <T extends z.ZodType>(item: T, numbered: z.ZodType = pageOf(item)) =>
  z.union([numbered, cursorPageOf(item)]);

/** The `answers` of a route that lists records. */
export const listAnswers = (description: string, item: z.ZodType, example: unknown, total = 1) => ({
  200: { description, schema: listOf(item), example: { data: [example], page: 1, page_size: 25, total } },
});
