import { z } from 'zod';

/** Paging by number, for lists that people create: `?page=&page_size=` (25 by default, at most 100). */
export const pageQuery = z.strictObject({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  page_size: z.coerce.number().int().min(1).max(100).default(25),
});

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), page: z.number().int(), page_size: z.number().int(), total: z.number().int() });

export const cursorPageOf = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), next_cursor: z.string().nullable() });

/** Schema of an answer with one record. */
export const dataOf = <T extends z.ZodType>(item: T): z.ZodObject<{ data: T }> => z.object({ data: item });

type Page = z.output<typeof pageQuery>;

/** A page as LIMIT and OFFSET. */
export const rangeOf = ({ page, page_size }: Page): { limit: number; offset: number } => ({
  limit: page_size,
  offset: (page - 1) * page_size,
});

/** Body of a page of records. `total`: over all pages. */
export const pageBody = <T>({ page, page_size }: Page, data: readonly T[], total: number) => ({
  data,
  page,
  page_size,
  total,
});

/** The `answers` of a route that lists pages. */
export const pageAnswers = (description: string, item: z.ZodType, example: unknown, total = 1) => ({
  200: { description, schema: pageOf(item), example: { data: [example], page: 1, page_size: 25, total } },
});

/** Turns `limit + 1` rows into a page; the cursor is null on the last one. */
export function cursorPage<Row extends { id: string }, Shown>(
  rows: readonly Row[],
  limit: number,
  show: (row: Row) => Shown,
): { data: Shown[]; next_cursor: string | null } {
  const page = rows.slice(0, limit);
  return { data: page.map(show), next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}
