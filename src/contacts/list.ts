import type { Companies } from '../companies/index.ts';
import type { Database } from '../db/pool.ts';
import { plainArray, plannedAnew, sql } from '../db/sql.ts';
import type { Statement } from '../db/sql.ts';
import type { OrganizationId } from '../ids.ts';
import { countedMax, countOf, isIndexable, searchPattern } from '../records/index.ts';
import type { Contact, ContactStatus } from './contact.ts';
import { byIds } from './queries.ts';

/** What a list is cut down to; what is not given does not count. */
export interface ContactFilter {
  /** Text that stands somewhere in name, e-mail address, phone, job title, or company name. */
  readonly search?: string | undefined;
  /** All of them. */
  readonly tags?: readonly string[] | undefined;
  /** Any of them. */
  readonly companyIds?: readonly string[] | undefined;
  readonly sourceIds?: readonly string[] | undefined;
  readonly status?: ContactStatus | undefined;
  /** Deleted ones in place of the live ones. */
  readonly deleted?: boolean | undefined;
}

export interface ContactPage {
  readonly rows: Contact[];
  /** At least so many; exactly, unless `capped`. */
  readonly total: number;
  readonly capped: boolean;
}

interface Slice {
  readonly limit: number;
  readonly offset: number;
  /** Only what is older than this id. */
  readonly before?: string | undefined;
}

/**
 * A word or tag that many contacts have fills a page from the newest few, while an index would find it in all of them; a rare one is found by its
 * index at once. Measured with a million contacts (bench/records): 5,000 rows take about 6 ms.
 */
const windowRows = 5_000;
const windowRowsMax = 320_000;
/** Fewer than this among the newest: rare enough for the index. */
const commonMatches = 25;

/** Of the companies that were found by name so many contacts are read, all companies together, or as many as the page needs of each. */
const belongingRows = 1_000;
/** Where fewer than one in so many of the newest have the tags, source and status, these are looked up by their indexes: a walk along the companies would not find a page of them. */
const rareShare = 20;

const newestId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** One value is given by itself: an index on it then answers in the order of ids. */
const single = (values: readonly string[] | undefined): string | null => (values?.length === 1 ? (values[0] ?? null) : null);
const several = (values: readonly string[] | undefined): readonly string[] | null => (values !== undefined && values.length !== 1 ? values : null);
const tagsOf = ({ tags }: ContactFilter): readonly string[] | null => (tags === undefined || tags.length === 0 ? null : tags);

const idsOf = (organization: OrganizationId, filter: ContactFilter, { limit, offset, before = newestId }: Slice): Statement<{ id: string }> =>
  plannedAnew(sql<{ id: string }>`
    SELECT id FROM contacts
    WHERE organization_id = ${organization} AND (deleted_at IS NOT NULL) = ${filter.deleted ?? false} AND id < ${before}
      AND (${single(filter.companyIds)}::uuid IS NULL OR company_id = ${single(filter.companyIds)}) AND (${several(filter.companyIds)}::uuid[] IS NULL OR company_id = ANY(${several(filter.companyIds)}::uuid[]))
      AND (${single(filter.sourceIds)}::uuid IS NULL OR source_id = ${single(filter.sourceIds)}) AND (${several(filter.sourceIds)}::uuid[] IS NULL OR source_id = ANY(${several(filter.sourceIds)}::uuid[]))
      AND (${filter.status ?? null}::text IS NULL OR status = ${filter.status ?? null})
    ORDER BY id DESC LIMIT ${limit} OFFSET ${offset}`);

const countTo = (organization: OrganizationId, filter: ContactFilter, max: number): Statement<{ count: number }> =>
  plannedAnew(sql<{ count: number }>`
    SELECT count(*) AS count FROM (
      SELECT FROM contacts
      WHERE organization_id = ${organization} AND (deleted_at IS NOT NULL) = ${filter.deleted ?? false}
        AND (${single(filter.companyIds)}::uuid IS NULL OR company_id = ${single(filter.companyIds)}) AND (${several(filter.companyIds)}::uuid[] IS NULL OR company_id = ANY(${several(filter.companyIds)}::uuid[]))
        AND (${single(filter.sourceIds)}::uuid IS NULL OR source_id = ${single(filter.sourceIds)}) AND (${several(filter.sourceIds)}::uuid[] IS NULL OR source_id = ANY(${several(filter.sourceIds)}::uuid[]))
        AND (${filter.status ?? null}::text IS NULL OR status = ${filter.status ?? null})
      LIMIT ${max}) AS counted`);

/** What a search looks for. */
interface Sought {
  /** A LIKE pattern over `search`; null: none, tags alone. */
  readonly pattern: string | null;
  /** Companies whose name fits the pattern: their contacts fit, too. Where the filter names companies, some of these. */
  readonly companies: readonly string[];
  /** There are more such companies. */
  readonly capped: boolean;
}

const companiesOf = ({ companies }: Sought): string | null => (companies.length === 0 ? null : plainArray(companies));

interface Found {
  readonly matched: number;
  readonly ids: readonly string[] | null;
}

/** Looks through the newest `rows` contacts one by one. `passed`: how many have the tags, source and status. */
const amongNewest = (organization: OrganizationId, filter: ContactFilter, sought: Sought, { limit, offset, before = newestId }: Slice, rows: number) =>
  plannedAnew(sql<Found & { seen: number; passed: number }>`
    SELECT count(*) AS seen, count(*) FILTER (WHERE passes) AS passed, count(*) FILTER (WHERE passes AND fits) AS matched, (array_agg(id) FILTER (WHERE passes AND fits))[${offset + 1}::int : ${offset + limit}::int] AS ids
    FROM (
      SELECT id, (${sought.pattern}::text IS NULL OR search LIKE ${sought.pattern} OR (${companiesOf(sought)}::uuid[] IS NOT NULL AND company_id = ANY(${companiesOf(sought)}::uuid[])))
          AND (${filter.companyIds ?? null}::uuid[] IS NULL OR (company_id IS NOT NULL AND company_id = ANY(${filter.companyIds ?? null}::uuid[]))) AS fits,
        (${tagsOf(filter)}::text[] IS NULL OR tags @> ${tagsOf(filter)}::text[])
        AND (${filter.sourceIds ?? null}::uuid[] IS NULL OR (source_id IS NOT NULL AND source_id = ANY(${filter.sourceIds ?? null}::uuid[])))
        AND (${filter.status ?? null}::text IS NULL OR status = ${filter.status ?? null}) AS passes
      FROM (
        SELECT id, search, tags, company_id, source_id, status FROM contacts
        WHERE organization_id = ${organization} AND (deleted_at IS NOT NULL) = ${filter.deleted ?? false} AND id < ${before}
        ORDER BY id DESC LIMIT ${rows}) AS newest) AS looked`);

/** Looks everything up by the index; without LIMIT, so that the planner does not hope to find what is rare by walking along the ids. */
const amongAll = (organization: OrganizationId, filter: ContactFilter, sought: Sought, { limit, offset, before = newestId }: Slice): Statement<Found> =>
  plannedAnew(sql<Found>`
    SELECT count(*) AS matched, (array_agg(id ORDER BY id DESC))[${offset + 1}::int : ${offset + limit}::int] AS ids FROM contacts
    WHERE organization_id = ${organization} AND (deleted_at IS NOT NULL) = ${filter.deleted ?? false} AND id < ${before}
      AND (${sought.pattern}::text IS NULL OR search LIKE ${sought.pattern} OR (${companiesOf(sought)}::uuid[] IS NOT NULL AND company_id = ANY(${companiesOf(sought)}::uuid[])))
      AND (${tagsOf(filter)}::text[] IS NULL OR tags @> ${tagsOf(filter)}::text[])
      AND (${filter.companyIds ?? null}::uuid[] IS NULL OR company_id = ANY(${filter.companyIds ?? null}::uuid[]))
      AND (${filter.sourceIds ?? null}::uuid[] IS NULL OR source_id = ANY(${filter.sourceIds ?? null}::uuid[]))
      AND (${filter.status ?? null}::text IS NULL OR status = ${filter.status ?? null})`);

/**
 * As `amongAll`, but of each company only the newest `rows` are read, whatever tags, source and status they have: one alone may have 100,000.
 * `cut`: there may be some that were not read. `sure`: so many are newer than any of those, and hence the first of all that match.
 */
const amongAllAndCompanies = (organization: OrganizationId, filter: ContactFilter, sought: Sought, { limit, offset, before = newestId }: Slice, rows: number) =>
  plannedAnew(sql<Found & { sure: number; cut: boolean }>`
    WITH belonging AS (
      SELECT of_one.* FROM unnest(${companiesOf(sought)}::uuid[]) AS company (id) CROSS JOIN LATERAL (
        SELECT id, row_number() OVER (ORDER BY id DESC) AS place,
          (${tagsOf(filter)}::text[] IS NULL OR tags @> ${tagsOf(filter)}::text[])
          AND (${filter.sourceIds ?? null}::uuid[] IS NULL OR source_id = ANY(${filter.sourceIds ?? null}::uuid[]))
          AND (${filter.status ?? null}::text IS NULL OR status = ${filter.status ?? null}) AS passes
        FROM contacts
        WHERE organization_id = ${organization} AND company_id = company.id AND (deleted_at IS NOT NULL) = ${filter.deleted ?? false} AND id < ${before}
        ORDER BY id DESC LIMIT ${rows}) AS of_one),
    edge AS (SELECT id FROM belonging WHERE place = ${rows} ORDER BY id DESC LIMIT 1)
    SELECT count(*) AS matched, (array_agg(id ORDER BY id DESC))[${offset + 1}::int : ${offset + limit}::int] AS ids,
      count(*) FILTER (WHERE id >= (SELECT id FROM edge)) AS sure, EXISTS (SELECT FROM edge) AS cut
    FROM (
      SELECT id FROM contacts
      WHERE organization_id = ${organization} AND (deleted_at IS NOT NULL) = ${filter.deleted ?? false} AND id < ${before} AND search LIKE ${sought.pattern}
        AND (${tagsOf(filter)}::text[] IS NULL OR tags @> ${tagsOf(filter)}::text[])
        AND (${filter.companyIds ?? null}::uuid[] IS NULL OR company_id = ANY(${filter.companyIds ?? null}::uuid[]))
        AND (${filter.sourceIds ?? null}::uuid[] IS NULL OR source_id = ANY(${filter.sourceIds ?? null}::uuid[]))
        AND (${filter.status ?? null}::text IS NULL OR status = ${filter.status ?? null})
      UNION SELECT id FROM belonging WHERE passes) AS found`);

const counted = (found: Found | undefined, capped: boolean) => {
  const { matched, ids } = found ?? { matched: 0, ids: null };
  return { ids: ids ?? [], total: Math.min(matched, countedMax), capped: capped || matched > countedMax };
};

const isWhole = ({ companyIds, sourceIds, status, deleted }: ContactFilter): boolean =>
  companyIds === undefined && sourceIds === undefined && status === undefined && deleted !== true;

export function createLists(db: Database, companies: Pick<Companies, 'idsByName'>) {
  /** Contacts by their ids, in their order; those that are gone meanwhile are left out. */
  async function shown(organization: OrganizationId, ids: readonly string[]): Promise<Contact[]> {
    if (ids.length === 0) return [];
    const rows = new Map((await byIds(db, organization, ids)).map((row) => [row.id, row]));
    return ids.flatMap((id) => rows.get(id) ?? []);
  }

  /** Undefined where contacts are cut down only by what they are or belong to, and not by what they contain. */
  async function soughtOf(organization: OrganizationId, filter: ContactFilter): Promise<Sought | undefined> {
    const tagsAlone = tagsOf(filter) === null ? undefined : { pattern: null, companies: [], capped: false };
    const search = filter.search?.trim() ?? '';
    if (search === '') return tagsAlone;
    const pattern = searchPattern(search);
    const { ids, capped } = await companies.idsByName(organization, pattern, filter.companyIds);
    // Contacts of these companies alone, and each of them fits.
    if (filter.companyIds?.every((id) => ids.includes(id)) === true) return tagsAlone;
    return { pattern, companies: ids, capped };
  }

  async function searched(
    organization: OrganizationId,
    filter: ContactFilter,
    sought: Sought,
    slice: Slice,
  ): Promise<{ ids: readonly string[]; total: number; capped: boolean }> {
    const { pattern, companies: named } = sought;
    const indexable = pattern !== null && isIndexable(pattern);
    const needed = slice.offset + slice.limit;
    let rare = filter.deleted === true;
    for (let rows = windowRows; ;) {
      const [found] = await db.query(amongNewest(organization, filter, sought, slice, rows));
      const { seen, passed, matched, ids } = found ?? { seen: 0, passed: 0, matched: 0, ids: null };
      const all = seen < rows;
      if (all || matched >= needed) return { ids: ids ?? [], total: matched, capped: !all || sought.capped };
      rare ||= passed * rareShare < seen;
      // Nothing but looking one by one finds it.
      const hasNoIndex = pattern !== null && !indexable && (tagsOf(filter) === null || !rare);
      if (rows === windowRowsMax || (matched < commonMatches && !hasNoIndex)) {
        if (hasNoIndex) return { ids: ids ?? [], total: matched, capped: true };
        // Rare: by the index.
        break;
      }
      // Common, but the page lies deeper: on among the newest.
      rows = hasNoIndex ? windowRowsMax : rows * 4;
    }
    if (named.length > 0 && indexable && !rare) {
      const ofEach = Math.max(needed, Math.ceil(belongingRows / named.length)) + 1;
      const [found] = await db.query(amongAllAndCompanies(organization, filter, sought, slice, ofEach));
      // Otherwise what has the tags, source and status is rare there, though it is not among the newest of all.
      if (found !== undefined && (!found.cut || found.sure >= needed)) return counted(found, found.cut || sought.capped);
    }
    const [found] = await db.query(amongAll(organization, filter, sought, slice));
    return counted(found, sought.capped);
  }

  async function idsIn(organization: OrganizationId, filter: ContactFilter, slice: Slice): Promise<readonly string[]> {
    return (await db.query(idsOf(organization, filter, slice))).map(({ id }) => id);
  }

  return {
    /** By page, the newest first. */
    async page(organization: OrganizationId, filter: ContactFilter, slice: { readonly limit: number; readonly offset: number }): Promise<ContactPage> {
      const sought = await soughtOf(organization, filter);
      if (sought !== undefined) {
        const { ids, ...rest } = await searched(organization, filter, sought, slice);
        return { rows: await shown(organization, ids), ...rest };
      }
      if (isWhole(filter)) {
        const [ids, total] = await Promise.all([idsIn(organization, filter, slice), countOf(db, organization, 'contact')]);
        return { rows: await shown(organization, ids), total, capped: false };
      }
      const [ids, [row]] = await Promise.all([idsIn(organization, filter, slice), db.query(countTo(organization, filter, countedMax + 1))]);
      const count = row?.count ?? 0;
      return { rows: await shown(organization, ids), total: Math.min(count, countedMax), capped: count > countedMax };
    },

    /**
     * By cursor, the newest first: up to `limit` contacts that are older than the id `before`. What is added meanwhile is newer, so none comes
     * twice and none is missed, with one exception: which companies count for a search is asked for each page, and those added meanwhile may
     * take the place of others (`idsByName`). The cursor does not tell which they were: a contact may be older than its company.
     */
    async list(
      organization: OrganizationId,
      filter: ContactFilter,
      { limit, before }: { readonly limit: number; readonly before?: string | undefined },
    ): Promise<Contact[]> {
      const slice = { limit, offset: 0, before };
      const sought = await soughtOf(organization, filter);
      return shown(organization, sought === undefined ? await idsIn(organization, filter, slice) : (await searched(organization, filter, sought, slice)).ids);
    },
  };
}
