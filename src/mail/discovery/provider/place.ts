import { hash } from 'node:crypto';
import type { Page } from '../source.ts';
import type { Mapped } from './exchange.ts';

/** Pages of one search. */
export const pagesMax = 1_000;

/** How far a search has come. */
interface Place {
  /** The provider's own position; null: at the beginning. */
  readonly at: string | null;
  readonly pages: number;
  /** Of the people of the page before: a provider that ignores its paging repeats them forever. */
  readonly mark: string | null;
}

/** Reads `next` of the page before. */
export const placeOf = (cursor: string | null): Place =>
  cursor === null ? { at: null, pages: 0, mark: null } : (JSON.parse(cursor) as Place);

/** The page of a search that a provider's answer is. A search ends with the provider's last page, one that repeats the page before, or after `pagesMax` pages. */
export function pageFrom(place: Place, { candidates, next, records, missing }: Mapped): Page {
  const pages = place.pages + 1;
  const mark =
    candidates.length === 0
      ? null
      : hash('sha256', JSON.stringify(candidates.map(({ externalId }) => externalId)), 'base64url');
  if (mark !== null && mark === place.mark)
    return { candidates: [], next: null, problems: [`Page ${pages} has the same people as the one before.`] };
  const without = missing['email'] ?? 0;
  const problems = place.at === null && without > 0 ? [`${without} of ${records} records have no address.`] : [];
  if (next === null) return { candidates, next, problems };
  return pages < pagesMax
    ? { candidates, next: JSON.stringify({ at: next, pages, mark } satisfies Place), problems }
    : { candidates, next: null, problems: [...problems, `Only ${pagesMax} pages of a provider are read.`] };
}
