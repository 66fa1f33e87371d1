import { assembled, columnPart, part } from './sql.ts';
import type { Part, Statement } from './sql.ts';

export const sorts = ['created_at', '-created_at', 'updated_at', '-updated_at'] as const;
/** The order of a list; with `-` the newest first. Ids are in the order of creation, because they begin with its time. */
export type Sort = (typeof sorts)[number];

/** Where a page ended. */
export interface Position {
  readonly id: string;
  /** When the record was last changed, if the list is in this order. */
  readonly at?: Date | undefined;
}

/** Part of a list. */
export interface Slice {
  readonly limit: number;
  readonly offset?: number;
  /** Default: newest first. */
  readonly sort?: Sort;
  /** Only what follows this in the order: stable while other records are created and deleted. */
  readonly after?: Position | undefined;
  /** Only records changed at this time or later. */
  readonly updatedSince?: Date | undefined;
}

/** The conditions, the order and the limits of a slice, for the end of a statement that ends with conditions; see `inOrder`. */
export function orderPart(
  of: string,
  { limit, offset = 0, sort = '-created_at', after, updatedSince }: Slice,
  updated: 'updated_at' | 'created_at' = 'updated_at',
): Part {
  const id = columnPart(of, 'id');
  const at = columnPart(of, updated);
  const [direction, beyond] = sort.startsWith('-') ? [part`DESC`, part`<`] : [part`ASC`, part`>`];
  const byUpdate = sort.endsWith('updated_at');
  const since = updatedSince === undefined ? part`` : part` AND ${at} >= ${updatedSince}::timestamptz`;
  const position = byUpdate
    ? part` AND (${at}, ${id}) ${beyond} (${after?.at}::timestamptz, ${after?.id}::uuid)`
    : part` AND ${id} ${beyond} ${after?.id}::uuid`;
  const order = byUpdate ? part`${at} ${direction}, ${id} ${direction}` : part`${id} ${direction}`;
  return part`${since}${after === undefined ? part`` : position} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`;
}

/**
 * Continues a statement that ends with conditions by the order and the limits of a slice.
 * @param of the alias of the table whose records are listed
 * @param updated its column with the time of the last change; `created_at` for records that do not change
 * @example
 * inOrder(sql<Source>`SELECT id, name, created_at FROM sources WHERE organization_id = ${organization}`, 'sources', slice, 'created_at');
 */
export const inOrder = <Row>(
  begun: Statement<Row>,
  of: string,
  slice: Slice,
  updated?: 'updated_at' | 'created_at',
): Statement<Row> => assembled(orderPart(of, slice, updated), begun);
