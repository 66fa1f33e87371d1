import { z } from 'zod';
import type { WorkspaceDirectory } from '../../auth/index.ts';
import type { Database } from '../../db/pool.ts';
import { exampleIds } from '../../events/index.ts';
import { cursorAfter, cursorListQuery, listAnswers, listingOf, listQuery } from '../../http/listing.ts';
import type { Listing } from '../../http/listing.ts';
import { cursorPageOf, dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route, Scope } from '../../http/route.ts';
import { companyExample, companyOnWire, companyShape } from '../companies/index.ts';
import type { Companies } from '../companies/index.ts';
import { contactExample, contactOnWire, contactShape, contactStatuses } from '../contacts/index.ts';
import type { Contacts } from '../contacts/index.ts';
import { fields, listQuery as recordListQuery, ownerQuery, recordRoutes, uncounted } from '../records/index.ts';
import { entities } from './fields.ts';
import { conditionsMax, depthMax } from './filter.ts';
import { segmentOnWire, segmentsMax } from './segments.ts';
import type { SegmentFunctions } from './segments.ts';
import type { Page } from './select.ts';
import type { Equality } from './selecting.ts';
import { lockSegment } from './queries.ts';

const common = { tag: 'Segments', boundKeys: 'own' } as const;
/** Filters read companies, too. */
const recordScopes = ['contacts:read', 'crm:read'] as const satisfies readonly Scope[];
const params = z.object({ id: z.uuid() });

/** What limits a list of contacts, by the fields that segments have, too. */
const contactFilters = {
  tag: recordListQuery.shape.tag,
  company_id: z.uuid().toLowerCase().optional(),
  source_id: z.uuid().toLowerCase().optional(),
  owner: ownerQuery,
  status: z.enum(contactStatuses).optional(),
};

function filtersOf({ tag = [], ...one }: z.output<z.ZodObject<typeof contactFilters>>): Equality[] {
  const { company_id, source_id, owner, status } = one;
  return [
    ...tag.map((value) => ['tags', value] as const),
    ...Object.entries({ company_id, source_id, owner, status }).flatMap(([field, value]) =>
      value === undefined ? [] : [[field, value] as const],
    ),
  ];
}

const time = z.iso.datetime();

/** A filter in requests; what is in it is checked when it is read. */
const filterShape = z
  .record(z.string(), z.unknown())
  .describe(
    `\`{"field","op","value"}\`, \`{"and":[…]}\`, \`{"or":[…]}\` or \`{"not":…}\`, nested up to ${depthMax} deep, with up to ${conditionsMax} conditions. Operators: \`eq\`, \`ne\`, \`in\`, \`not_in\`, \`gt\`, \`gte\`, \`lt\`, \`lte\`, \`contains\`, \`starts_with\`, \`exists\`. See docs/segments.md.`,
  );

const shape = z
  .object({
    id: z.uuid(),
    workspace_id: z.uuid().nullable(),
    name: z.string(),
    entity: z.enum(entities),
    filter: z.record(z.string(), z.unknown()),
    created_by: z.uuid().nullable().describe('The key that created it.'),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Segment' });

const filterExample = {
  and: [
    { field: 'tags', op: 'eq', value: 'customer' },
    { field: 'company.employee_count', op: 'gte', value: 50 },
    { not: { field: 'suppressed', op: 'eq', value: true } },
  ],
};
const example: z.input<typeof shape> = {
  id: exampleIds.segment,
  workspace_id: null,
  name: 'Customers with 50 people',
  entity: 'contact',
  filter: filterExample,
  created_by: exampleIds.user,
  created_at: exampleIds.at,
  updated_at: exampleIds.at,
};
const api = recordRoutes({
  tag: 'Segments',
  path: '/v1/segments',
  noun: 'a segment',
  plural: 'segments',
  scope: 'contacts',
  id: params,
  schema: shape,
  example,
  lock: lockSegment,
  onWire: segmentOnWire,
});
const missing = { 404: { description: 'No such segment.' } } as const;

const countShape = z
  .object({
    count: z.int(),
    exact: z.boolean().describe('False: estimated from the newest records. A complete count has begun; ask again.'),
    counted_at: time.nullable().describe('When it was counted; null for an estimate.'),
  })
  .meta({ id: 'SegmentCount' });

const newSegment = z.strictObject({
  name: fields.requiredText(200),
  entity: z.enum(entities),
  filter: filterShape,
});
const segmentChange = z.strictObject({ name: fields.requiredText(200), filter: filterShape }).partial();

interface SegmentRecords {
  readonly db: Database;
  readonly workspaces: WorkspaceDirectory;
  readonly contacts: Pick<Contacts, 'byIds'>;
  readonly companies: Pick<Companies, 'byIds'>;
}

export const segmentRoutes = (segments: SegmentFunctions, records: SegmentRecords): readonly Route[] => [
  api.create(newSegment, records.workspaces, segments.create, {
    description: `A saved filter over contacts or companies. Fields are named as in the record; also \`custom.<key>\`, of a contact \`company.<field>\`, \`company.custom.<key>\`, \`email_domain\`, \`suppressed\`, \`last_activity_at\`, \`last_reply_at\`, \`last_contacted_at\`, \`campaign_id\` and \`left_topic_id\`. A segment of a workspace selects only records of the workspace. An organization can have ${segmentsMax.toLocaleString('en')} segments.`,
    bodyExample: { name: example.name, entity: example.entity, filter: filterExample },
    answers: { 409: { description: 'The organization has as many segments as it can have.' } },
  }),
  api.list(
    listQuery.extend({ entity: z.enum(entities).optional() }),
    async (reach, { entity }, slice) => {
      const [rows, total] = await Promise.all([
        segments.list(reach, entity, slice),
        slice.cursor === undefined ? segments.total(reach, entity, slice) : uncounted,
      ]);
      return { rows, ...total };
    },
    { answers: listAnswers('A page of segments.', shape, example) },
  ),
  api.get(segments.get),
  api.update(segmentChange, segments.update, {
    summary: 'Change the name or the filter of a segment',
    bodyExample: { name: 'Larger customers' },
    changed: { name: 'Larger customers' },
  }),
  api.remove(segments.remove, {
    description: 'Its records stay. A campaign that adds the contacts of the segment stops adding them.',
  }),
  route({
    ...common,
    method: 'GET',
    path: '/v1/segments/:id/count',
    summary: 'Count the records of a segment',
    description:
      'Counts immediately if that takes few rows. Otherwise returns the last complete count and, if it is older than a minute, has the records counted again in the background; before the first one, an estimate.',
    scope: recordScopes,
    operationId: 'countSegment',
    params,
    answers: {
      200: {
        description: 'How many records match.',
        schema: dataOf(countShape),
        example: { data: { count: 1_204, exact: true, counted_at: exampleIds.at } },
      },
      ...missing,
    },
    handle: async (request, principal) => {
      const { count, exact, countedAt } = await segments.count(principal, request.params.id);
      return { status: 200, body: { data: { count, exact, counted_at: countedAt?.toISOString() ?? null } } };
    },
  }),
  ...membersRoutes(segments, records),
];

/** The records of segments. */
function membersRoutes(segments: SegmentFunctions, { db, contacts, companies }: SegmentRecords): readonly Route[] {
  /** In the order of the page, without records that were deleted in the meantime. */
  const inOrder = async <Row extends { readonly id: string }, Shown>(
    { ids, next }: Page,
    listing: Listing,
    load: (ids: readonly string[]) => Promise<readonly Row[]>,
    show: (row: Row) => Shown,
  ): Promise<{ readonly data: Shown[]; readonly next_cursor: string | null }> => {
    const rows = new Map((ids.length === 0 ? [] : await load(ids)).map((row) => [row.id, row]));
    return {
      data: ids.flatMap((id) => rows.get(id) ?? []).map(show),
      next_cursor: next && cursorAfter(listing, { id: next.id, updated_at: next.at }),
    };
  };
  const list = {
    ...common,
    method: 'GET',
    description:
      'A page may have fewer records than `limit`, or none, and still a next page: follow `next_cursor` until it is null.',
    scope: recordScopes,
    params,
    query: cursorListQuery,
  } as const;
  const otherKind = { 409: { description: 'The segment has records of the other kind.' } } as const;
  return [
    route({
      ...list,
      description: `${list.description} The other filters are those of \`GET /v1/contacts\`; a contact matches all of them.`,
      query: cursorListQuery.extend(contactFilters),
      path: '/v1/segments/:id/contacts',
      summary: 'List the contacts of a segment, newest first',
      operationId: 'listSegmentContacts',
      answers: {
        200: {
          description: 'A page of contacts.',
          schema: cursorPageOf(contactShape),
          example: { data: [contactExample], next_cursor: null },
        },
        ...missing,
        ...otherKind,
      },
      handle: async ({ params: { id }, query }, principal) => {
        const listing = listingOf(`/v1/segments/${id}/contacts`, query);
        const body = await inOrder(
          await segments.page(principal, id, 'contact', { ...listing, limit: query.limit }, filtersOf(query)),
          listing,
          async (ids) => (await contacts.byIds(db, principal, ids)).filter((row) => row.deleted_at === null),
          (row) => contactOnWire(principal.organizationId, row),
        );
        return { status: 200, body };
      },
    }),
    route({
      ...list,
      path: '/v1/segments/:id/companies',
      summary: 'List the companies of a segment, newest first',
      operationId: 'listSegmentCompanies',
      answers: {
        200: {
          description: 'A page of companies.',
          schema: cursorPageOf(companyShape),
          example: { data: [companyExample], next_cursor: null },
        },
        ...missing,
        ...otherKind,
      },
      handle: async ({ params: { id }, query }, principal) => {
        const listing = listingOf(`/v1/segments/${id}/companies`, query);
        const body = await inOrder(
          await segments.page(principal, id, 'company', { ...listing, limit: query.limit }),
          listing,
          (ids) => companies.byIds(db, principal, ids),
          companyOnWire,
        );
        return { status: 200, body };
      },
    }),
  ];
}
