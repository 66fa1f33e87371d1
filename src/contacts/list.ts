import type { Database } from '../db/pool.ts';
import { plannedAnew, sql } from '../db/sql.ts';
import type { Statement } from '../db/sql.ts';
import type { OrganizationId } from '../ids.ts';
import { countedMax, countOf, searchPattern } from '../records/index.ts';
import type { Contact, ContactStatus } from './contact.ts';
import { byIds } from './queries.ts';

/** What a list is cut down to; what is not given does not count. */
export interface ContactFilter {
  /** Text that stands somewhere in name, e-mail address, phone, job title, or company name where it is kept as text. */
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

/** What the index of trigrams can look for; other text is looked for among the newest only. */
const isIndexable = (search: string): boolean => /[\p{L}\p{N}]{3}/u.test(search);

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

interface Found {
  readonly matched: number;
  readonly ids: readonly string[] | null;
}

/** Looks through the newest `rows` contacts one by one. */
const amongNewest = (organization: OrganizationId, filter: ContactFilter, pattern: string | null, { limit, offset, before = newestId }: Slice, rows: number) =>
  plannedAnew(sql<Found & { seen: number }>`
    SELECT count(*) AS seen, count(*) FILTER (WHERE fits) AS matched, (array_agg(id) FILTER (WHERE fits))[${offset + 1}::int : ${offset + limit}::int] AS ids
    FROM (
      SELECT id, (${pattern}::text IS NULL OR search LIKE ${pattern}) AND (${tagsOf(filter)}::text[] IS NULL OR tags @> ${tagsOf(filter)}::text[])
        AND (${filter.companyIds ?? null}::uuid[] IS NULL OR (company_id IS NOT NULL AND company_id = ANY(${filter.companyIds ?? null}::uuid[])))
        AND (${filter.sourceIds ?? null}::uuid[] IS NULL OR (source_id IS NOT NULL AND source_id = ANY(${filter.sourceIds ?? null}::uuid[])))
        AND (${filter.status ?? null}::text IS NULL OR status = ${filter.status ?? null}) AS fits
      FROM (
        SELECT id, search, tags, company_id, source_id, status FROM contacts
        WHERE organization_id = ${organization} AND (deleted_at IS NOT NULL) = ${filter.deleted ?? false} AND id < ${before}
        ORDER BY id DESC LIMIT ${rows}) AS newest) AS looked`);

/** Looks everything up by the index; without LIMIT, so that the planner does not hope to find what is rare by walking along the ids. */
const amongAll = (organization: OrganizationId, filter: ContactFilter, pattern: string | null, { limit, offset, before = newestId }: Slice): Statement<Found> =>
  plannedAnew(sql<Found>`
    SELECT count(*) AS matched, (array_agg(id ORDER BY id DESC))[${offset + 1}::int : ${offset + limit}::int] AS ids FROM contacts
    WHERE organization_id = ${organization} AND (deleted_at IS NOT NULL) = ${filter.deleted ?? false} AND id < ${before} AND (${pattern}::text IS NULL OR search LIKE ${pattern})
      AND (${tagsOf(filter)}::text[] IS NULL OR tags @> ${tagsOf(filter)}::text[])
      AND (${filter.companyIds ?? null}::uuid[] IS NULL OR company_id = ANY(${filter.companyIds ?? null}::uuid[]))
      AND (${filter.sourceIds ?? null}::uuid[] IS NULL OR source_id = ANY(${filter.sourceIds ?? null}::uuid[]))
      AND (${filter.status ?? null}::text IS NULL OR status = ${filter.status ?? null})`);

/** Is it looked for in what contacts contain, and not only by what they are or belong to? */
const isSearch = ({ search, tags }: ContactFilter): boolean => (search?.trim() ?? '') !== '' || (tags?.length ?? 0) > 0;

const isWhole = ({ companyIds, sourceIds, status, deleted }: ContactFilter): boolean =>
  companyIds === undefined && sourceIds === undefined && status === undefined && deleted !== true;

export function createLists(db: Database) {
  /** Contacts by their ids, in their order; those that are gone meanwhile are left out. */
  async function shown(organization: OrganizationId, ids: readonly string[]): Promise<Contact[]> {
    if (ids.length === 0) return [];
    const rows = new Map((await byIds(db, organization, ids)).map((row) => [row.id, row]));
    return ids.flatMap((id) => rows.get(id) ?? []);
  }

  async function searched(
    organization: OrganizationId,
    filter: ContactFilter,
    slice: Slice,
  ): Promise<{ ids: readonly string[]; total: number; capped: boolean }> {
    const search = filter.search?.trim() ?? '';
    const pattern = search === '' ? null : searchPattern(search);
    for (let rows = windowRows; ; rows *= 4) {
      const [found] = await db.query(amongNewest(organization, filter, pattern, slice, rows));
      const { seen, matched, ids } = found ?? { seen: 0, matched: 0, ids: null };
      const all = seen < rows;
      if (all || matched >= slice.offset + slice.limit) return { ids: ids ?? [], total: matched, capped: !all };
      // Common, but the page lies deeper: on among the newest. Rare: by the index.
      const goesOn = matched >= commonMatches && rows < windowRowsMax;
      if (!goesOn && tagsOf(filter) === null && !isIndexable(search)) return { ids: ids ?? [], total: matched, capped: true };
      if (!goesOn) break;
    }
    const [found] = await db.query(amongAll(organization, filter, pattern, slice));
    return { ids: found?.ids ?? [], total: Math.min(found?.matched ?? 0, countedMax), capped: (found?.matched ?? 0) > countedMax };
  }

  async function idsIn(organization: OrganizationId, filter: ContactFilter, slice: Slice): Promise<readonly string[]> {
    return (await db.query(idsOf(organization, filter, slice))).map(({ id }) => id);
  }

  return {
    /** By page, the newest first. */
    async page(organization: OrganizationId, filter: ContactFilter, slice: { readonly limit: number; readonly offset: number }): Promise<ContactPage> {
      if (isSearch(filter)) {
        const { ids, ...rest } = await searched(organization, filter, slice);
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

    /** By cursor, the newest first: up to `limit` contacts that are older than the id `before`. Stable whatever is added meanwhile. */
    async list(
      organization: OrganizationId,
      filter: ContactFilter,
      { limit, before }: { readonly limit: number; readonly before?: string | undefined },
    ): Promise<Contact[]> {
      const slice = { limit, offset: 0, before };
      return shown(organization, isSearch(filter) ? (await searched(organization, filter, slice)).ids : await idsIn(organization, filter, slice));
    },
  };
}
