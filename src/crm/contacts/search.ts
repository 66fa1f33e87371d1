import type { Companies, CompaniesByName, CompaniesInPart } from '../companies/index.ts';
import type { Database } from '../../db/pool.ts';
import { plainArray, plannedAnew, sql } from '../../db/sql.ts';
import type { Statement } from '../../db/sql.ts';
import { unreachable } from '../../base/errors.ts';
import { isIndexable, searchPattern, totalOf } from '../records/index.ts';
import type { Reach, SearchPattern, Total } from '../records/index.ts';
import type { ContactStatus } from './contact.ts';

/** What limits a list; a filter that is left out limits nothing. */
export interface ContactFilter {
  /** Words in name, email address, phone, job title or company name. */
  readonly search?: string | undefined;
  /** Contacts that have all of them. */
  readonly tags?: readonly string[] | undefined;
  /** Contacts of any of them. */
  readonly companyIds?: readonly string[] | undefined;
  readonly sourceIds?: readonly string[] | undefined;
  readonly owner?: string | undefined;
  readonly status?: ContactStatus | undefined;
  /** With `status`: contacts that match whatever their status, and contacts that do not. Array literals of ids (`plainArray`). */
  readonly also?: string | undefined;
  readonly except?: string | undefined;
  /** The address, in the form in which addresses are compared. */
  readonly emailKey?: string | undefined;
  /** Deleted contacts instead of live ones. */
  readonly deleted?: boolean | undefined;
}

/** Part of a list, the newest first. */
export interface Slice {
  readonly limit: number;
  readonly offset: number;
  /** Only contacts older than this id. */
  readonly before?: string | undefined;
}

const tagsOf = ({ tags }: ContactFilter): readonly string[] | null =>
  tags === undefined || tags.length === 0 ? null : tags;

interface Matches extends Total {
  /** The ids of the slice, newest first. */
  readonly ids: readonly string[];
}

/**
 * A frequent word or tag fills a page from the newest contacts, while an index would find it in all of them; a rare one is found quickly by
 * its index. Measured with a million contacts (bench/records): 2,000 rows take about 2.5 ms.
 */
const windowRows = 2_000;
const windowRowsMax = 320_000;
/** The next step reads at most this many times as many rows. */
const growthMax = 8;
/** With fewer matches than this among the newest, the index is used. */
const commonMatches = 7;

/** The contacts read of companies found by name: this number for all companies together, or as many of each as the page needs. */
const belongingRows = 1_000;
/** Past this offset, matches by company name are no longer queried separately. */
const apartMax = 1_000;
/**
 * If fewer than one in this many of the newest contacts have the tags, source, owner and status, these are looked up by their indexes: reading the
 * contacts of the companies would not find a page of them.
 */
const rareShare = 20;

/** What a search matches. */
interface Sought {
  /** Matched against `search`; undefined: only tags. */
  readonly pattern: SearchPattern | undefined;
  /** Companies whose name matches the pattern: their contacts match, too. If the filter names companies, some of these. */
  readonly companies: readonly string[];
}

const companiesOf = ({ companies }: Sought): string | null => (companies.length === 0 ? null : plainArray(companies));

interface Found {
  readonly matched: number;
  readonly ids: readonly string[] | null;
}

interface Newest extends Found {
  /** The number of contacts read, and how many of them have the tags, source, owner and status. */
  readonly seen: number;
  readonly passed: number;
}

/** Reads the newest `rows` contacts one by one. */
const amongNewest = (
  { organizationId: organization, workspaceId: workspace }: Reach,
  filter: ContactFilter,
  sought: Sought,
  { limit, offset, before }: Slice,
  rows: number,
) =>
  plannedAnew(sql<Newest>`
    SELECT count(*) AS seen, count(*) FILTER (WHERE passes) AS passed, count(*) FILTER (WHERE passes AND fits) AS matched, (array_agg(id) FILTER (WHERE passes AND fits))[${offset + 1}::int : ${offset + limit}::int] AS ids
    FROM (
      SELECT id, (${sought.pattern?.all ?? null}::text[] IS NULL OR search LIKE ALL(${sought.pattern?.all ?? null}::text[]) OR (${companiesOf(sought)}::uuid[] IS NOT NULL AND company_id = ANY(${companiesOf(sought)}::uuid[])))
          AND (${filter.companyIds ?? null}::uuid[] IS NULL OR (company_id IS NOT NULL AND company_id = ANY(${filter.companyIds ?? null}::uuid[]))) AS fits,
        (${tagsOf(filter)}::text[] IS NULL OR tags @> ${tagsOf(filter)}::text[])
        AND (${filter.sourceIds ?? null}::uuid[] IS NULL OR (source_id IS NOT NULL AND source_id = ANY(${filter.sourceIds ?? null}::uuid[]))) AND (${filter.owner ?? null}::text IS NULL OR (owner IS NOT NULL AND owner = ${filter.owner ?? null}))
        AND (${filter.status ?? null}::text IS NULL OR (status = ${filter.status ?? null} AND (${filter.except ?? null}::uuid[] IS NULL OR id <> ALL(${filter.except ?? null}::uuid[]))) OR (${filter.also ?? null}::uuid[] IS NOT NULL AND id = ANY(${filter.also ?? null}::uuid[]))) AS passes
      FROM (
        SELECT id, search, tags, company_id, source_id, status, owner FROM contacts
        WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND (deleted_at IS NOT NULL) = ${filter.deleted ?? false} AND (${before ?? null}::uuid IS NULL OR id < ${before ?? null})
        ORDER BY id DESC LIMIT ${rows}) AS newest) AS looked`);

/**
 * Looks everything up by the indexes: without LIMIT, so that the planner does not try to find rare matches by walking along the ids; with
 * text and companies separate, so that it can combine a company and a status by two bitmaps (12 ms instead of 18 for a company with 100,000
 * contacts).
 */
const amongAll = (
  { organizationId: organization, workspaceId: workspace }: Reach,
  filter: ContactFilter,
  sought: Sought,
  { limit, offset, before }: Slice,
): Statement<Found> =>
  plannedAnew(sql<Found>`
    SELECT count(*) AS matched, (array_agg(id ORDER BY id DESC))[${offset + 1}::int : ${offset + limit}::int] AS ids
    FROM (
      SELECT id FROM contacts
      WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND (deleted_at IS NOT NULL) = ${filter.deleted ?? false} AND (${before ?? null}::uuid IS NULL OR id < ${before ?? null}) AND (${sought.pattern?.first ?? null}::text IS NULL OR search LIKE ${sought.pattern?.first ?? null})
        AND (${sought.pattern?.second ?? null}::text IS NULL OR (search LIKE ${sought.pattern?.second ?? null} AND search LIKE ALL(${sought.pattern?.all ?? null}::text[])))
        AND (${tagsOf(filter)}::text[] IS NULL OR tags @> ${tagsOf(filter)}::text[])
        AND (${filter.companyIds ?? null}::uuid[] IS NULL OR company_id = ANY(${filter.companyIds ?? null}::uuid[]))
        AND (${filter.sourceIds ?? null}::uuid[] IS NULL OR source_id = ANY(${filter.sourceIds ?? null}::uuid[])) AND (${filter.owner ?? null}::text IS NULL OR owner = ${filter.owner ?? null})
        AND (${filter.status ?? null}::text IS NULL OR (status = ${filter.status ?? null} AND (${filter.except ?? null}::uuid[] IS NULL OR id <> ALL(${filter.except ?? null}::uuid[]))) OR (${filter.also ?? null}::uuid[] IS NOT NULL AND id = ANY(${filter.also ?? null}::uuid[])))
      UNION
      SELECT id FROM contacts
      WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND (deleted_at IS NOT NULL) = ${filter.deleted ?? false} AND (${before ?? null}::uuid IS NULL OR id < ${before ?? null}) AND ${companiesOf(sought)}::uuid[] IS NOT NULL AND company_id = ANY(${companiesOf(sought)}::uuid[])
        AND (${tagsOf(filter)}::text[] IS NULL OR tags @> ${tagsOf(filter)}::text[])
        AND (${filter.sourceIds ?? null}::uuid[] IS NULL OR source_id = ANY(${filter.sourceIds ?? null}::uuid[])) AND (${filter.owner ?? null}::text IS NULL OR owner = ${filter.owner ?? null})
        AND (${filter.status ?? null}::text IS NULL OR (status = ${filter.status ?? null} AND (${filter.except ?? null}::uuid[] IS NULL OR id <> ALL(${filter.except ?? null}::uuid[]))) OR (${filter.also ?? null}::uuid[] IS NOT NULL AND id = ANY(${filter.also ?? null}::uuid[])))) AS found`);

interface Belonging extends Found {
  /** If not null, contacts older than this id may not have been read. */
  readonly edge: string | null;
}

/**
 * The companies' contacts. Only the newest `rows` of each company are read, whatever their tags, source, owner and status: one company may have
 * 100,000. `matched` does not count contacts that match by their own text.
 */
const ofCompanies = (
  { organizationId: organization, workspaceId: workspace }: Reach,
  filter: ContactFilter,
  sought: Sought,
  { limit, before }: Slice,
  rows: number,
) =>
  plannedAnew(sql<Belonging>`
    WITH belonging AS (
      SELECT of_one.* FROM unnest(${companiesOf(sought)}::uuid[]) AS company (id) CROSS JOIN LATERAL (
        SELECT id, row_number() OVER (ORDER BY id DESC) AS place, NOT (search LIKE ALL(${sought.pattern?.all ?? null}::text[])) AS adds,
          (${tagsOf(filter)}::text[] IS NULL OR tags @> ${tagsOf(filter)}::text[])
          AND (${filter.sourceIds ?? null}::uuid[] IS NULL OR (source_id IS NOT NULL AND source_id = ANY(${filter.sourceIds ?? null}::uuid[]))) AND (${filter.owner ?? null}::text IS NULL OR (owner IS NOT NULL AND owner = ${filter.owner ?? null}))
          AND (${filter.status ?? null}::text IS NULL OR (status = ${filter.status ?? null} AND (${filter.except ?? null}::uuid[] IS NULL OR id <> ALL(${filter.except ?? null}::uuid[]))) OR (${filter.also ?? null}::uuid[] IS NOT NULL AND id = ANY(${filter.also ?? null}::uuid[]))) AS passes
        FROM contacts
        WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND company_id = company.id AND (deleted_at IS NOT NULL) = ${filter.deleted ?? false} AND (${before ?? null}::uuid IS NULL OR id < ${before ?? null})
        ORDER BY id DESC LIMIT ${rows}) AS of_one)
    SELECT count(*) FILTER (WHERE passes AND adds) AS matched, (array_agg(id ORDER BY id DESC) FILTER (WHERE passes))[1 : ${limit}::int] AS ids,
      (SELECT id FROM belonging WHERE place = ${rows} ORDER BY id DESC LIMIT 1) AS edge
    FROM belonging`);

/** The contacts of these companies that have the words which the companies' names lack, but not all words themselves. */
const ofCompaniesInPart = (
  { organizationId: organization, workspaceId: workspace }: Reach,
  filter: ContactFilter,
  { all }: SearchPattern,
  { ids, lacking }: CompaniesInPart['groups'][number],
  { limit, before }: Slice,
): Statement<Found> =>
  plannedAnew(sql<Found>`
    SELECT count(*) AS matched, (array_agg(id ORDER BY id DESC))[1 : ${limit}::int] AS ids
    FROM contacts
    WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND (deleted_at IS NOT NULL) = ${filter.deleted ?? false} AND (${before ?? null}::uuid IS NULL OR id < ${before ?? null})
      AND company_id = ANY(${plainArray(ids)}::uuid[]) AND search LIKE ${lacking.first} AND search LIKE ALL(${lacking.all}::text[]) AND NOT (search LIKE ALL(${all}::text[]))
      AND (${tagsOf(filter)}::text[] IS NULL OR tags @> ${tagsOf(filter)}::text[])
      AND (${filter.sourceIds ?? null}::uuid[] IS NULL OR source_id = ANY(${filter.sourceIds ?? null}::uuid[])) AND (${filter.owner ?? null}::text IS NULL OR owner = ${filter.owner ?? null})
      AND (${filter.status ?? null}::text IS NULL OR (status = ${filter.status ?? null} AND (${filter.except ?? null}::uuid[] IS NULL OR id <> ALL(${filter.except ?? null}::uuid[]))) OR (${filter.also ?? null}::uuid[] IS NOT NULL AND id = ANY(${filter.also ?? null}::uuid[])))`);

function counted({ matched, ids }: Found, isCapped: boolean): Matches {
  const { total, capped } = totalOf(matched);
  return { ids: ids ?? [], total, capped: isCapped || capped };
}

/**
 * Merges the two kinds of contacts; undefined if a contact that was not read could belong in the slice. A contact that is changed between the
 * two statements may be in both.
 */
function together(texts: Found, theirs: Belonging, { offset, limit }: Slice): Found | undefined {
  const ids = [...new Set([...(texts.ids ?? []), ...(theirs.ids ?? [])])].sort().reverse();
  const last = ids[offset + limit - 1];
  if (theirs.edge !== null && (last === undefined || last < theirs.edge)) return undefined;
  return { matched: texts.matched + theirs.matched, ids: ids.slice(offset, offset + limit) };
}

const none: CompaniesByName = { ids: [], capped: false };

/** Finds contacts by text and tags. */
export function createSearch(db: Database, companies: Pick<Companies, 'idsByName' | 'idsByPartOfName'>) {
  async function one<Row>(statement: Statement<Row>): Promise<Row> {
    const [row] = await db.query(statement);
    if (row === undefined) throw unreachable('an aggregate returned no row');
    return row;
  }

  /** Contacts that have all words themselves, or belong to a company whose name has them all. @returns undefined as the search does */
  async function wholly(reach: Reach, filter: ContactFilter, slice: Slice): Promise<Matches | undefined> {
    const needed = slice.offset + slice.limit;
    let pattern = searchPattern(filter.search ?? '');
    let naming: CompaniesByName | Promise<CompaniesByName> =
      pattern === undefined ? none : companies.idsByName(reach, pattern, filter.companyIds);
    if (filter.companyIds !== undefined) {
      const { ids } = await naming;
      // Only contacts of these companies are requested, and all of them match.
      if (filter.companyIds.every((id) => ids.includes(id))) {
        pattern = undefined;
        naming = none;
      }
    }
    if (pattern === undefined && tagsOf(filter) === null) return undefined;

    const text: Sought = { pattern, companies: [] };
    const indexable = pattern === undefined || isIndexable(pattern);
    const isRare = ({ seen, passed }: Newest): boolean => filter.deleted === true || passed * rareShare < seen;
    /** Whether contacts must be read one by one. */
    const byLooking = (newest: Newest): boolean => !indexable && (tagsOf(filter) === null || !isRare(newest));

    const firsts: Slice = { ...slice, offset: 0, limit: needed };

    /** Contacts that have the text themselves, and contacts of the companies with that name. */
    const byParts = () => Promise.all([one(amongAll(reach, filter, text, firsts)), belonging()]);

    async function belonging(): Promise<Belonging | undefined> {
      const { ids: named } = await naming;
      const ofEach = Math.max(needed, Math.ceil(belongingRows / named.length)) + 1;
      return named.length === 0
        ? undefined
        : one(ofCompanies(reach, filter, { pattern, companies: named }, firsts, ofEach));
    }

    /** How frequent the text is among the newest contacts; if it is rare, also the matches by the indexes. */
    async function begin() {
      const newest = await one(amongNewest(reach, filter, text, slice, windowRows));
      const common = byLooking(newest) || newest.seen < windowRows || newest.matched >= Math.min(commonMatches, needed);
      const apart = indexable && !isRare(newest) && needed <= apartMax;
      return { first: newest, common, apart, parts: apart && !common ? await byParts() : undefined };
    }

    // The companies with the name are looked up in parallel.
    const [{ first, common, apart, parts }, { ids: named, capped }] = await Promise.all([begin(), naming]);
    const sought: Sought = { pattern, companies: named };

    if (common) {
      let newest = named.length === 0 ? first : await one(amongNewest(reach, filter, sought, slice, windowRows));
      for (let rows = windowRows, thinner = false; ;) {
        const whole = newest.seen < rows;
        if (whole || newest.matched >= needed || (rows === windowRowsMax && byLooking(newest)))
          return { ids: newest.ids ?? [], total: newest.matched, capped: !whole || capped };
        // It is only frequent among the newest, for example after an import.
        if (rows === windowRowsMax || thinner) break;
        // The page is further down: read about as many contacts as are likely to contain it.
        const likely = Math.min(Math.ceil((1.5 * rows * needed) / newest.matched), rows * growthMax);
        const further = byLooking(newest) ? windowRowsMax : Math.min(windowRowsMax, likely);
        const next = await one(amongNewest(reach, filter, sought, slice, further));
        thinner = (next.matched - newest.matched) * 2 * rows < newest.matched * (further - rows);
        [newest, rows] = [next, further];
      }
    }
    if (apart) {
      const [texts, theirs] = parts ?? (await byParts());
      if (theirs === undefined) return counted({ ...texts, ids: (texts.ids ?? []).slice(slice.offset) }, capped);
      const found = together(texts, theirs, slice);
      // Otherwise contacts with the tags, source, owner and status are rare in these companies, though not among the newest of all.
      if (found !== undefined) return counted(found, capped || theirs.edge !== null);
    }
    return counted(await one(amongAll(reach, filter, sought, slice)), capped);
  }

  /** @returns undefined if the filter has neither text nor tags: then the other filters are enough. */
  return async (reach: Reach, filter: ContactFilter, slice: Slice): Promise<Matches | undefined> => {
    const pattern = searchPattern(filter.search ?? '');
    if (pattern?.second == null) return wholly(reach, filter, slice);
    const { groups, capped } = await companies.idsByPartOfName(reach, pattern, filter.companyIds);
    if (groups.length === 0) return wholly(reach, filter, slice);
    const firsts: Slice = { ...slice, offset: 0, limit: slice.offset + slice.limit };
    const [whole, ...parts] = await Promise.all([
      wholly(reach, filter, firsts),
      ...groups.map((group) => one(ofCompaniesInPart(reach, filter, pattern, group, firsts))),
    ]);
    if (whole === undefined) return undefined;
    const ids = [...new Set([...whole.ids, ...parts.flatMap((part) => part.ids ?? [])])].sort().reverse();
    const matched = parts.reduce((sum, part) => sum + part.matched, whole.total);
    return counted({ matched, ids: ids.slice(slice.offset, firsts.limit) }, capped || whole.capped);
  };
}
