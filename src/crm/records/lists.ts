import { z } from 'zod';
import { owner } from '../../base/records/field.ts';
import { listQuery as anyListQuery } from '../../http/listing.ts';
import { pageBody, pageOf } from '../../http/page.ts';
import { countedMax } from './counts.ts';
import type { Total } from './counts.ts';

const many = (value: unknown): unknown => (typeof value === 'string' ? [value] : value);

/** The query of a list of records with tags, without its own filters. */
export const listQuery = anyListQuery.extend({
  search: z
    .string()
    .max(1_000)
    .optional()
    .describe('Words that the record contains, in any order, ignoring case and accents.'),
  tag: z
    .preprocess(many, z.array(z.string().max(100)).max(20))
    .optional()
    .describe('May be repeated; matches records that have all of the tags.'),
});

/** Limits a list to the records that somebody looks after. */
export const ownerQuery = z.string().max(owner.max).optional().describe('Records with exactly this owner.');

export const recordPageOf = <T extends z.ZodType>(item: T) =>
  pageOf(item).extend({
    total_capped: z
      .literal(true)
      .optional()
      .describe(
        `There may be more than \`total\`: with a filter, counting stops at ${countedMax.toLocaleString('en')}.`,
      ),
  });

export const pageAnswer = <Shown>(
  query: { page: number; page_size: number },
  data: readonly Shown[],
  { total, capped }: Total,
) => ({ ...pageBody(query, data, total), ...(capped ? { total_capped: true as const } : {}) });

/** The total of a list that is paged by cursor, which shows none. */
export const uncounted: Total = { total: 0, capped: true };
