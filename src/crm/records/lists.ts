import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/page.ts';
import { countedMax } from './counts.ts';

/** Part of a list, the newest first by id. */
export interface Slice {
  readonly limit: number;
  readonly offset?: number;
  /** Only those older than the record of this id: stable while others are added, as what is added is newer. */
  readonly after?: string | undefined;
}

export interface Total {
  readonly total: number;
  /** There are more than `total`. */
  readonly capped: boolean;
}

const many = (value: unknown): unknown => (typeof value === 'string' ? [value] : value);

/** What a list of records with tags takes beside its own filters. */
export const listQuery = pageQuery.extend({
  search: z
    .string()
    .max(1_000)
    .optional()
    .describe('Words that the record contains, in any order, whatever their case and accents.'),
  tag: z
    .preprocess(many, z.array(z.string().max(100)).max(20))
    .optional()
    .describe('May be repeated: records that have all of them.'),
});

export const recordPageOf = <T extends z.ZodType>(item: T) =>
  pageOf(item).extend({
    total_capped: z
      .literal(true)
      .optional()
      .describe(`There may be more than \`total\`: with a filter no more than ${countedMax} are counted.`),
  });

export const pageAnswer = <Shown>(
  { page, page_size }: { page: number; page_size: number },
  data: readonly Shown[],
  { total, capped }: Total,
) => ({
  data,
  page,
  page_size,
  total,
  ...(capped ? { total_capped: true as const } : {}),
});
