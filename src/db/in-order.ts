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
export const unfinishedAt = new Date('9999-12-31T00:00:00Z');

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

type Key = 'id' | 'name' | 'tag';
const atPart = (of: string, updated: Updated): Part =>
  typeof updated === 'string' ? columnPart(of, updated) : updated;

/** The condition of a slice on the time of the last change, for the end of a statement that ends with conditions. */
export const sincePart = (
  of: string,
  { updatedSince }: Pick<Slice, 'updatedSince'>,
  updated: Updated = 'updated_at',
): Part => (updatedSince === undefined ? part`` : part` AND ${atPart(of, updated)} >= ${updatedSince}::timestamptz`);

/** The conditions of a slice, for the end of a statement that ends with conditions. */
export function boundsPart(of: string, slice: Slice, updated: Updated = 'updated_at', key: Key = 'id'): Part {
  const { sort = '-created_at', after } = slice;
  const since = sincePart(of, slice, updated);
  if (after === undefined) return since;
  const id = columnPart(of, key);
  const beyond = sort.startsWith('-') ? part`<` : part`>`;
  const last = key === 'id' ? part`${after.id}::uuid` : part`${after.id}::text`;
  return sort.endsWith('updated_at')
    ? part`${since} AND (${atPart(of, updated)}, ${id}) ${beyond} (${after.at}::timestamptz, ${last})`
    : part`${since} AND ${id} ${beyond} ${last}`;
}

/** What a slice is ordered by. */
export function byPart(
  of: string,
  { sort = '-created_at' }: Pick<Slice, 'sort'>,
  updated: Updated = 'updated_at',
  key: Key = 'id',
): Part {
  const [id, direction] = [columnPart(of, key), sort.startsWith('-') ? part`DESC` : part`ASC`];
  return sort.endsWith('updated_at')
    ? part`${atPart(of, updated)} ${direction}, ${id} ${direction}`
    : part`${id} ${direction}`;
}

/** The conditions, the order and the limits of a slice, for the end of a statement that ends with conditions; see `inOrder`. */
export const orderPart = (of: string, slice: Slice, updated: Updated = 'updated_at', key: Key = 'id'): Part =>
  part`${boundsPart(of, slice, updated, key)} ORDER BY ${byPart(of, slice, updated, key)} LIMIT ${slice.limit} OFFSET ${slice.offset ?? 0}`;

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
