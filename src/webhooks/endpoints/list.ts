import type { Queryable } from '../../db/pool.ts';
import { totalFor } from '../../http/listing.ts';
import type { Paged } from '../../http/listing.ts';
import { countEndpoints, endpoints, urlsAt } from './queries.ts';
import type { EndpointRow, Reach, StoredFilter } from './queries.ts';

/** Which endpoints a list contains; undefined: any. */
export interface EndpointFilter extends Omit<StoredFilter, 'urls'> {
  /** In any spelling: URLs are stored as callers write them. */
  readonly url?: string | undefined;
}

/** The stored spellings of a URL: those that are the same URL for a request. */
async function spellingsOf(db: Queryable, reach: Reach, text: string): Promise<readonly string[]> {
  const url = URL.parse(text);
  if (url === null) return [text];
  const stored = (await urlsAt(db, reach, url.hostname)).map(({ target_url: each }) => each);
  return [text, ...stored.filter((each) => URL.parse(each)?.href === url.href)];
}

/** A page of endpoints, the newest first, and how many there are. */
export async function listEndpoints(
  db: Queryable,
  reach: Reach,
  page: Paged,
  { url, ...filter }: EndpointFilter,
): Promise<{ endpoints: EndpointRow[]; total: number }> {
  const stored: StoredFilter = { ...filter, urls: url === undefined ? undefined : await spellingsOf(db, reach, url) };
  const [rows, total] = await Promise.all([
    endpoints(db, reach, stored, page),
    totalFor(page, () => countEndpoints(db, reach, stored, page)),
  ]);
  return { endpoints: rows, total };
}
