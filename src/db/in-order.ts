import { columns } from './sql.ts';
import type { Statement } from './sql.ts';

export const sorts = ['created_at', '-created_at', 'updated_at', '-updated_at'] as const;
/** The order of a list; with `-` the newest first. Creation is the order of ids, which begin with its time. */
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

/**
 * Continues a statement that ends with conditions by the order and the limits of a slice.
 * @param of the alias of the table whose records are listed
 * @param updated its column with the time of the last change; `created_at` for records that do not change
 * @example
 * inOrder(sql<Source>`SELECT id, name, created_at FROM sources WHERE organization_id = ${organization}`, 'sources', slice, 'created_at');
 */
export function inOrder<Row>(
  { text, values }: Statement<Row>,
  of: string,
  { limit, offset = 0, sort = '-created_at', after, updatedSince }: Slice,
  updated: 'updated_at' | 'created_at' = 'updated_at',
): Statement<Row> {
  const id = columns(['id'], of).text;
  const at = columns([updated], of).text;
  const all = [...values];
  const parameter = (value: unknown): string => `$${all.push(value)}`;
  const [direction, beyond] = sort.startsWith('-') ? ['DESC', '<'] : ['ASC', '>'];
  const byUpdate = sort.endsWith('updated_at');
  const conditions = [
    ...(updatedSince === undefined ? [] : [`${at} >= ${parameter(updatedSince)}::timestamptz`]),
    ...(after === undefined
      ? []
      : [
          byUpdate
            ? `(${at}, ${id}) ${beyond} (${parameter(after.at)}::timestamptz, ${parameter(after.id)}::uuid)`
            : `${id} ${beyond} ${parameter(after.id)}::uuid`,
        ]),
  ];
  const order = byUpdate ? `${at} ${direction}, ${id} ${direction}` : `${id} ${direction}`;
  return {
    name: '',
    text: `${text}${conditions.map((condition) => ` AND ${condition}`).join('')} ORDER BY ${order} LIMIT ${parameter(limit)} OFFSET ${parameter(offset)}`,
    values: all,
  };
}
