import type { Companies } from '../companies/index.ts';
import type { Suppressions } from '../suppressions/index.ts';
import type { Database } from '../../db/pool.ts';
import { orderPart } from '../../db/in-order.ts';
import type { Slice as OrderedSlice } from '../../db/in-order.ts';
import { assembled, joinParts, part, plainArray, plannedAnew, sql } from '../../db/sql.ts';
import { addressKey } from '../../base/email-address.ts';
import { invalid } from '../../base/errors.ts';
import { totalFor } from '../../http/listing.ts';
import type { Paged } from '../../http/listing.ts';
import type { Part, Statement } from '../../db/sql.ts';
import { countedMax, countOf, searchPattern, totalOf, uncounted } from '../records/index.ts';
import type { Reach, Total } from '../records/index.ts';
import type { Contact, ContactStatus } from './contact.ts';
import { byIds, listTags, liveIdsByAddresses, tagCount } from './queries.ts';
import type { Tag } from './queries.ts';
import { idsOfAddresses, idsOfDomains, reachedIds, unsubscribedIds } from './suppressed.ts';
import { createSearch } from './search.ts';
import type { ContactFilter, Slice } from './search.ts';

export interface ContactPage extends Total {
  readonly rows: Contact[];
}

/** What limits a list of the API. */
interface ListFilter extends ContactFilter {
  /** Deleted contacts beside the live ones. */
  readonly withDeleted?: boolean | undefined;
}

/** A single value is a parameter of its own: an index on it then returns rows in the order of ids. */
const single = (values: readonly string[] | undefined): string | null =>
  values?.length === 1 ? (values[0] ?? null) : null;
const several = (values: readonly string[] | undefined): readonly string[] | null =>
  values !== undefined && values.length !== 1 ? values : null;

const idsOf = (
  { organizationId: organization, workspaceId: workspace }: Reach,
  filter: ContactFilter,
  { limit, offset, before }: Slice,
): Statement<{ id: string }> =>
  plannedAnew(sql<{ id: string }>`
    SELECT id FROM contacts
    WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND (deleted_at IS NOT NULL) = ${filter.deleted ?? false} AND (${before ?? null}::uuid IS NULL OR id < ${before ?? null})
      AND (${single(filter.companyIds)}::uuid IS NULL OR company_id = ${single(filter.companyIds)}) AND (${several(filter.companyIds)}::uuid[] IS NULL OR company_id = ANY(${several(filter.companyIds)}::uuid[]))
      AND (${single(filter.sourceIds)}::uuid IS NULL OR source_id = ${single(filter.sourceIds)}) AND (${several(filter.sourceIds)}::uuid[] IS NULL OR source_id = ANY(${several(filter.sourceIds)}::uuid[])) AND (${filter.owner ?? null}::text IS NULL OR owner = ${filter.owner ?? null})
      AND (${filter.status ?? null}::text IS NULL OR (status = ${filter.status ?? null} AND (${filter.except ?? null}::uuid[] IS NULL OR id <> ALL(${filter.except ?? null}::uuid[]))) OR (${filter.also ?? null}::uuid[] IS NOT NULL AND id = ANY(${filter.also ?? null}::uuid[])))
    ORDER BY id DESC LIMIT ${limit} OFFSET ${offset}`);

/** What limits a list in any order: also tags, not text. */
const matching = (
  { organizationId: organization, workspaceId: workspace }: Reach,
  { emailKey, tags, companyIds, sourceIds, owner, status }: ContactFilter,
  deleted: boolean,
): Part => part`
  organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND (deleted_at IS NOT NULL) = ${deleted}
    AND (${emailKey ?? null}::text IS NULL OR (email_key IS NOT NULL AND email_key = ${emailKey ?? null}) OR id = ANY(ARRAY(
      SELECT contact_id FROM contact_addresses WHERE organization_id = ${organization} AND email_key = ${emailKey ?? null} AND live <> ${deleted})))
    AND (${tags ?? null}::text[] IS NULL OR tags @> ${tags ?? null}::text[])
    AND (${companyIds ?? null}::uuid[] IS NULL OR company_id = ANY(${companyIds ?? null}::uuid[]))
    AND (${sourceIds ?? null}::uuid[] IS NULL OR source_id = ANY(${sourceIds ?? null}::uuid[])) AND (${owner ?? null}::text IS NULL OR owner = ${owner ?? null}) AND (${status ?? null}::text IS NULL OR status = ${status ?? null})`;

/** A slice of live contacts, deleted ones or both. Both have an index each: as much as the slice can need is read of each. */
const idsInOrder = (
  reach: Reach,
  filter: ContactFilter,
  states: readonly boolean[],
  { limit, offset = 0, ...order }: OrderedSlice,
): Statement<{ id: string }> => {
  const each = states.map(
    (deleted) =>
      part`(SELECT id, updated_at FROM contacts WHERE ${matching(reach, filter, deleted)}${orderPart('contacts', { ...order, limit: limit + offset })})`,
  );
  return assembled(
    part`SELECT id FROM (${joinParts(each, ' UNION ALL ')}) AS contacts WHERE true${orderPart('contacts', { ...order, limit, offset })}`,
  );
};

/** Counts up to `max`. */
const countInOrder = (
  reach: Reach,
  filter: ContactFilter,
  deleted: boolean,
  since: Date | undefined,
  max: number,
): Statement<{ count: number }> =>
  assembled(part`
    SELECT count(*) AS count FROM (
      SELECT FROM contacts
      WHERE ${matching(reach, filter, deleted)} AND (${since ?? null}::timestamptz IS NULL OR updated_at >= ${since ?? null})
      LIMIT ${max}) AS counted`);

const countTo = (
  { organizationId: organization, workspaceId: workspace }: Reach,
  filter: ContactFilter,
  max: number,
): Statement<{ count: number }> =>
  plannedAnew(sql<{ count: number }>`
    SELECT count(*) AS count FROM (
      SELECT FROM contacts
      WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND (deleted_at IS NOT NULL) = ${filter.deleted ?? false}
        AND (${single(filter.companyIds)}::uuid IS NULL OR company_id = ${single(filter.companyIds)}) AND (${several(filter.companyIds)}::uuid[] IS NULL OR company_id = ANY(${several(filter.companyIds)}::uuid[]))
        AND (${single(filter.sourceIds)}::uuid IS NULL OR source_id = ${single(filter.sourceIds)}) AND (${several(filter.sourceIds)}::uuid[] IS NULL OR source_id = ANY(${several(filter.sourceIds)}::uuid[])) AND (${filter.owner ?? null}::text IS NULL OR owner = ${filter.owner ?? null})
        AND (${filter.status ?? null}::text IS NULL OR (status = ${filter.status ?? null} AND (${filter.except ?? null}::uuid[] IS NULL OR id <> ALL(${filter.except ?? null}::uuid[]))) OR (${filter.also ?? null}::uuid[] IS NOT NULL AND id = ANY(${filter.also ?? null}::uuid[])))
      LIMIT ${max}) AS counted`);

const isWhole = ({ companyIds, sourceIds, owner, status, deleted }: ContactFilter): boolean =>
  companyIds === undefined &&
  sourceIds === undefined &&
  owner === undefined &&
  status === undefined &&
  deleted !== true;

export function createLists(
  db: Database,
  companies: Pick<Companies, 'idsByName' | 'idsByPartOfName'>,
  suppressions: Pick<Suppressions, 'domains'>,
) {
  const search = createSearch(db, companies);

  /** Loads contacts in the order of `ids`, skipping any deleted in the meantime. */
  async function shown(reach: Reach, ids: readonly string[]): Promise<Contact[]> {
    if (ids.length === 0) return [];
    const rows = new Map((await byIds(db, reach, ids)).map((row) => [row.id, row]));
    return ids.flatMap((id) => rows.get(id) ?? []);
  }

  async function idsIn(reach: Reach, filter: ContactFilter, slice: Slice): Promise<readonly string[]> {
    return (await db.query(idsOf(reach, filter, slice))).map(({ id }) => id);
  }

  /** A page, the newest first. */
  async function page(
    reach: Reach,
    filter: ContactFilter,
    slice: { readonly limit: number; readonly offset: number },
  ): Promise<ContactPage> {
    const matches = await search(reach, filter, slice);
    if (matches !== undefined) {
      const { ids, ...total } = matches;
      return { rows: await shown(reach, ids), ...total };
    }
    if (reach.workspaceId === undefined && isWhole(filter)) {
      const [ids, total] = await Promise.all([
        idsIn(reach, filter, slice),
        countOf(db, reach.organizationId, 'contact'),
      ]);
      return { rows: await shown(reach, ids), total, capped: false };
    }
    const [ids, [row]] = await Promise.all([
      idsIn(reach, filter, slice),
      db.query(countTo(reach, filter, countedMax + 1)),
    ]);
    return { rows: await shown(reach, ids), ...totalOf(row?.count ?? 0) };
  }

  /** `pageByReach`, if more contacts than are counted have a suppressed address. */
  async function pageOfMany(
    reach: Reach,
    status: ContactStatus,
    slice: { readonly limit: number; readonly offset: number },
    ofDomains: string,
  ): Promise<ContactPage> {
    if (status === 'unsubscribed') {
      const ids = await unsubscribedIds(db, reach, ofDomains, slice);
      return { rows: await shown(reach, ids), ...totalOf(countedMax + 1) };
    }
    const [ids, counted] = await Promise.all([
      reachedIds(db, reach, status, ofDomains, slice),
      reachedIds(db, reach, status, ofDomains, { limit: countedMax + 1, offset: 0 }),
    ]);
    return { rows: await shown(reach, ids), ...totalOf(counted.length) };
  }

  /**
   * A page by number or by cursor, in any order.
   * @throws ApiError `validation_failed` for a text in another order than the newest first
   */
  async function listed(reach: Reach, filter: ListFilter, slice: Paged): Promise<ContactPage> {
    const { sort = '-created_at', updatedSince, cursor, after } = slice;
    const isText = searchPattern(filter.search ?? '') !== undefined;
    const isPlain = sort === '-created_at' && updatedSince === undefined && filter.emailKey === undefined;
    if (isText && !(isPlain && filter.withDeleted !== true))
      throw invalid({ search: 'cannot be combined with sort, updated_since, email or include_deleted' });
    if (isPlain && filter.withDeleted !== true)
      return cursor === undefined
        ? page(reach, filter, { limit: slice.limit, offset: slice.offset ?? 0 })
        : { rows: await newest(reach, filter, { limit: slice.limit, before: after?.id }), ...uncounted };
    const states = filter.withDeleted === true ? [false, true] : [filter.deleted ?? false];
    const [rows, counts] = await Promise.all([
      db.query(idsInOrder(reach, filter, states, slice)),
      cursor === undefined
        ? Promise.all(
            states.map((deleted) => db.query(countInOrder(reach, filter, deleted, updatedSince, countedMax + 1))),
          )
        : [],
    ]);
    const ids = rows.map(({ id }) => id);
    const total = counts.flat().reduce((sum, { count }) => sum + count, 0);
    return { rows: await shown(reach, ids), ...(cursor === undefined ? totalOf(total) : uncounted) };
  }

  /** By cursor, the newest first; see `list`. */
  async function newest(
    reach: Reach,
    filter: ContactFilter,
    { limit, before }: { readonly limit: number; readonly before?: string | undefined },
  ): Promise<Contact[]> {
    const slice = { limit, offset: 0, before };
    const matches = await search(reach, filter, slice);
    return shown(reach, matches?.ids ?? (await idsIn(reach, filter, slice)));
  }

  return {
    page,

    listed,

    tags: (reach: Reach, page: Paged): Promise<[Tag[], number]> =>
      Promise.all([listTags(db, reach, page), totalFor(page, () => tagCount(db, reach, page))]),

    /** Live contacts by their addresses in any spelling, in the order of these; and the addresses that none has. */
    lookup: (reach: Reach, emails: readonly string[]) => lookup(db, reach, emails, shown),

    /** As `page`, but contacts that get no email count as unsubscribed, unless they bounced. */
    async pageByReach(
      reach: Reach,
      filter: ContactFilter,
      slice: { readonly limit: number; readonly offset: number },
    ): Promise<ContactPage> {
      const { status } = filter;
      if (status === undefined || status === 'bounced') return page(reach, filter, slice);
      const isAlone = Object.entries(filter).every(([name, value]) => name === 'status' || value === undefined);
      const domains = await suppressions.domains(reach);
      const [ofAddresses, ofDomains] = await Promise.all([
        idsOfAddresses(db, reach, isAlone ? countedMax + 1 : null),
        domains.length === 0 ? [] : idsOfDomains(db, reach, domains),
      ]);
      if (isAlone && ofAddresses.length > countedMax) return pageOfMany(reach, status, slice, plainArray(ofDomains));
      const ids = [...ofAddresses, ...ofDomains];
      // Without any, the statement is planned as that of `page`.
      if (ids.length === 0) return page(reach, filter, slice);
      const field = status === 'unsubscribed' ? 'also' : 'except';
      return page(reach, { ...filter, [field]: plainArray(ids) }, slice);
    },

    /**
     * By cursor, the newest first: up to `limit` contacts older than the id `before`. Contacts added in the meantime are newer, so none is
     * returned twice or missed, with one exception: each page of a search looks up its companies again, and companies added in the meantime may
     * displace others (`idsByName`). The cursor cannot tell which they were, because a contact may be older than its company.
     */
    list: newest,
  };
}

async function lookup(
  db: Database,
  reach: Reach,
  emails: readonly string[],
  load: (reach: Reach, ids: readonly string[]) => Promise<Contact[]>,
): Promise<{ readonly found: Contact[]; readonly missing: string[] }> {
  const keys = new Map(emails.map((email) => [email, addressKey(email)]));
  const wanted = [...new Set(keys.values())].filter((key) => key !== undefined);
  const ids = Map.groupBy(await liveIdsByAddresses(db, reach, wanted), ({ email_key: key }) => key);
  // A contact with several of the addresses is found once.
  const unique = new Set(wanted.flatMap((key) => ids.get(key)?.map(({ id }) => id) ?? []));
  return {
    found: await load(reach, [...unique]),
    missing: [...keys].flatMap(([email, key]) => (key !== undefined && ids.has(key) ? [] : [email])),
  };
}
