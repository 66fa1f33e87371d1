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

/** When a record was last changed: a column, or an expression of columns. */
export type Updated = 'updated_at' | 'created_at' | Part;

/** The `updated_at` of what is about to change, such as an unfinished job: it is the last in the order of changes, and always changed since. */
const unfinishedAt = new Date('9999-12-31T00:00:00Z');

/** When a job was last changed: when it finished. */
export const finishedPart = (of: string): Part =>
  part`coalesce(${columnPart(of, 'finished_at')}, ${unfinishedAt}::timestamptz)`;

/** A job with the time of `finishedPart`. */
export const withFinish = <Job extends { readonly finished_at: Date | null }>(
  job: Job,
): Job & { updated_at: Date } => ({
  ...job,
  updated_at: job.finished_at ?? unfinishedAt,
});

/** When what has to be verified was last changed: when it was verified. */
export const verifiedPart = (of: string): Part =>
  part`coalesce(${columnPart(of, 'verified_at')}, ${unfinishedAt}::timestamptz)`;

/** A record with the time of `verifiedPart`. */
export const withVerification = <Row extends { readonly verified_at: Date | null }>(
  row: Row,
): Row & { updated_at: Date } => ({ ...row, updated_at: row.verified_at ?? unfinishedAt });

/** The condition of a slice on the time of the last change, for the end of a statement that ends with conditions. */
export const sincePart = (
  of: string,
  { updatedSince }: Pick<Slice, 'updatedSince'>,
  updated: Updated = 'updated_at',
): Part =>
  updatedSince === undefined
    ? part``
    : part` AND ${typeof updated === 'string' ? columnPart(of, updated) : updated} >= ${updatedSince}::timestamptz`;

/** The conditions, the order and the limits of a slice, for the end of a statement that ends with conditions; see `inOrder`. */
export function orderPart(
  of: string,
  slice: Slice,
  updated: Updated = 'updated_at',
  key: 'id' | 'name' | 'tag' = 'id',
): Part {
  const { limit, offset = 0, sort = '-created_at', after } = slice;
  const id = columnPart(of, key);
  const at = typeof updated === 'string' ? columnPart(of, updated) : updated;
  const [direction, beyond] = sort.startsWith('-') ? [part`DESC`, part`<`] : [part`ASC`, part`>`];
  const byUpdate = sort.endsWith('updated_at');
  const last = key === 'id' ? part`${after?.id}::uuid` : part`${after?.id}::text`;
  const position = byUpdate
    ? part` AND (${at}, ${id}) ${beyond} (${after?.at}::timestamptz, ${last})`
    : part` AND ${id} ${beyond} ${last}`;
  const order = byUpdate ? part`${at} ${direction}, ${id} ${direction}` : part`${id} ${direction}`;
  return part`${sincePart(of, slice, updated)}${after === undefined ? part`` : position} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`;
}

/**
 * Continues a statement that ends with conditions by the order and the limits of a slice.
 * @param of the alias of the table whose records are listed
 * @param updated when a record was last changed; `created_at` for records that do not change
 * @example
 * inOrder(sql<Source>`SELECT id, name, created_at FROM sources WHERE organization_id = ${organization}`, 'sources', slice, 'created_at');
 */
export const inOrder = <Row>(begun: Statement<Row>, of: string, slice: Slice, updated?: Updated): Statement<Row> =>
  assembled(orderPart(of, slice, updated), begun);

/** Continues a statement that counts the records of a list by the condition of a slice, so that the total is that of its pages. */
export const countedIn = <Row>(begun: Statement<Row>, of: string, slice: Slice, updated?: Updated): Statement<Row> =>
  assembled(sincePart(of, slice, updated), begun);
