import { z } from 'zod';
import { namedWorkspace, ofWorkspace, within, workspaceFor } from '../../../auth/index.ts';
import { dayOf } from '../../../base/clock.ts';
import { ApiError } from '../../../base/errors.ts';
import type { WorkspaceId } from '../../../base/ids.ts';
import type { Queryable } from '../../../db/pool.ts';
import { cursorBody, cursorListQuery, listingOf } from '../../../http/listing.ts';
import { cursorPageOf, dataOf } from '../../../http/page.ts';
import { route } from '../../../http/route.ts';
import type { RecordTag, Route } from '../../../http/route.ts';
import { icpInput } from '../../icp/index.ts';
import { lockProvider } from './queries.ts';
import type { ProviderRow } from './queries.ts';
import { providerInput } from './settings.ts';
import type { Providers } from './store.ts';

const common = { tag: 'Discovery', boundKeys: 'own' } as const;
const params = z.object({ id: z.uuid() });
const path = '/v1/discovery-providers';

const shape = z
  .object({
    id: z.uuid(),
    workspace_id: z.uuid().nullable(),
    ...providerInput.shape,
    method: z.enum(['GET', 'POST']),
    body: z.record(z.string(), z.unknown()).nullable(),
    auth: z
      .object({ header: z.string().optional(), query: z.string().optional() })
      .nullable()
      .describe('Without its secret, which is never returned.'),
    paging: z.object({ kind: z.enum(['none', 'page', 'offset', 'cursor', 'next_url']) }).loose(),
    fields: z.record(z.string(), z.string()),
    items: z.string(),
    licence: z.string().nullable(),
    requests_per_minute: z.int(),
    daily_budget: z.int(),
    timeout_seconds: z.int(),
    used_today: z.int(),
    problem: z.string().nullable().describe('Why its last answer was of no use; null: it was.'),
    problem_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'DiscoveryProvider' });
type OnWire = z.input<typeof shape>;

const settingsExample = {
  name: 'People search',
  url: 'https://api.people.example/v1/search?titles={titles}&countries={countries}',
  auth: { header: 'X-Api-Key', value: 'secret' },
  paging: { kind: 'page', parameter: 'page', first: 1, size: 100, size_parameter: 'per_page' },
  items: 'people',
  fields: {
    external_id: 'id',
    email: 'email',
    first_name: 'first_name',
    job_title: 'title',
    company_name: 'organization.name',
    employees: 'organization.size',
  },
} as const;
const example: OnWire = {
  id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4f8',
  workspace_id: null,
  ...settingsExample,
  auth: { header: 'X-Api-Key' },
  method: 'GET',
  body: null,
  licence: null,
  requests_per_minute: 60,
  daily_budget: 1_000,
  timeout_seconds: 20,
  used_today: 12,
  problem: null,
  problem_at: null,
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};

const onWire = (row: ProviderRow, nowMs: number): OnWire => {
  const { auth, body, paging, fields, ...settings } = row.settings;
  return {
    id: row.id,
    workspace_id: row.workspace_id,
    name: row.name,
    ...settings,
    body: body ?? null,
    auth: auth === null ? null : { [auth.kind]: auth.name },
    paging: { ...paging },
    fields: Object.fromEntries(
      Object.entries(fields).flatMap(([name, place]) => (place === undefined ? [] : [[name, place] as const])),
    ),
    used_today: row.used_day === dayOf(nowMs) ? row.used : 0,
    problem: row.problem,
    problem_at: row.problem_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
};

const record: RecordTag = {
  lock: (tx, { organizationId }, { id = '' }) => lockProvider(tx, organizationId, id),
  unstable: ['used_today', 'problem', 'problem_at'],
};
const one = (description: string) => ({ description, schema: dataOf(shape), example: { data: example } });

const trialShape = z.object({
  ok: z.boolean(),
  problem: z.string().nullable().describe('What in the answer does not fit the settings.'),
  url: z.string().describe('As it was called, without the secret and the parameters of the page.'),
  records: z.int(),
  missing: z
    .record(z.string(), z.int())
    .describe('Fields, with the number of records that have no value at their path.'),
  people: z
    .array(
      z
        .object({ external_id: z.string(), email: z.string().nullable(), fields: z.record(z.string(), z.unknown()) })
        .loose(),
    )
    .describe('The first three, as they would be stored.'),
  has_next: z.boolean(),
});

export interface ProviderRoutesOptions {
  readonly db: Queryable;
  readonly clock: { now(): number };
  readonly providers: Providers;
}

/** Providers of people over HTTP. */
export const providerRoutes = ({ db, clock, providers }: ProviderRoutesOptions): readonly Route[] => [
  route({
    ...common,
    method: 'POST',
    path,
    creates: true,
    record,
    namesWorkspace: true,
    summary: 'Add a provider of people',
    description:
      'Any HTTPS API with JSON answers: where it is, how it is asked for pages, and what its fields mean. Try it with `POST /v1/discovery-providers/{id}/test`, then name it in `sources` of `POST /v1/leads/discover`.',
    scope: 'campaigns:write',
    operationId: 'createDiscoveryProvider',
    body: providerInput.extend(namedWorkspace),
    bodyExample: settingsExample,
    answers: { 201: one('The new provider.'), 409: { description: 'The organization has too many providers.' } },
    handle: async ({ body }, principal) => {
      const { workspace_id: wanted, workspace: _, ...input } = body;
      const workspace = await workspaceFor(db, principal, wanted as WorkspaceId | undefined);
      const row = await providers.create(principal.organizationId, workspace, input);
      return { status: 201, body: { data: onWire(row, clock.now()) }, headers: { location: `${path}/${row.id}` } };
    },
  }),
  route({
    ...common,
    method: 'GET',
    path,
    summary: 'List providers of people, newest first',
    scope: 'campaigns:read',
    operationId: 'listDiscoveryProviders',
    query: cursorListQuery.extend(ofWorkspace),
    answers: {
      200: {
        description: 'A page of providers.',
        schema: cursorPageOf(shape),
        example: { data: [example], next_cursor: null },
      },
    },
    handle: async ({ query }, principal) => {
      const page = listingOf(path, query);
      const rows = await providers.list(within(principal, query), page);
      return { status: 200, body: cursorBody(page, rows, (row) => onWire(row, clock.now())) };
    },
  }),
  route({
    ...common,
    method: 'GET',
    record,
    path: `${path}/:id`,
    summary: 'Get a provider of people',
    scope: 'campaigns:read',
    operationId: 'getDiscoveryProvider',
    params,
    answers: { 200: one('The provider.') },
    handle: async ({ params: { id } }, principal) => ({
      status: 200,
      body: { data: onWire(await providers.get(principal, id), clock.now()) },
    }),
  }),
  route({
    ...common,
    method: 'PUT',
    record,
    path: `${path}/:id`,
    summary: 'Replace the settings of a provider',
    description: 'All of them, with the secret in `auth`.',
    scope: 'campaigns:write',
    operationId: 'replaceDiscoveryProvider',
    params,
    body: providerInput,
    bodyExample: settingsExample,
    answers: { 200: one('The provider.') },
    handle: async ({ params: { id }, body }, principal) => ({
      status: 200,
      body: { data: onWire(await providers.replace(principal, id, body), clock.now()) },
    }),
  }),
  route({
    ...common,
    method: 'DELETE',
    record,
    path: `${path}/:id`,
    summary: 'Delete a provider',
    description: 'Searches that name it go on with their other sources. What it found stays.',
    scope: 'campaigns:write',
    operationId: 'deleteDiscoveryProvider',
    params,
    answers: { 204: { description: 'Deleted.' } },
    handle: async ({ params: { id } }, principal) => {
      await providers.remove(principal, id);
      return { status: 204 };
    },
  }),
  route({
    ...common,
    method: 'POST',
    path: `${path}/:id/test`,
    summary: 'Ask a provider for its first page',
    description: 'Shows what was understood, and stores nobody. Counts against the budgets.',
    scope: 'campaigns:write',
    operationId: 'testDiscoveryProvider',
    params,
    body: z.strictObject({ icp: icpInput.default({}).describe('Fills the braces of the URL.') }),
    bodyExample: { icp: { titles: ['Head of Research'] } },
    answers: {
      200: {
        description: 'What was understood.',
        schema: dataOf(trialShape),
        example: {
          data: {
            ok: true,
            problem: null,
            url: 'https://api.people.example/v1/search?titles=Head%20of%20Research&countries=',
            records: 100,
            missing: { email: 4 },
            people: [{ external_id: 'p-1', email: 'ada@lovelace.example', fields: { first_name: 'Ada' } }],
            has_next: true,
          },
        },
      },
      409: { description: 'A sandbox asks no other server.' },
    },
    handle: async ({ params: { id }, body, signal }, principal) => {
      await providers.get(principal, id);
      if (principal.sandbox) throw new ApiError('conflict', 'A sandbox asks no other server.');
      const { problem, url, mapped } = await providers.test(principal, id, body.icp, signal);
      return {
        status: 200,
        body: {
          data: {
            ok: problem === null,
            problem,
            url,
            records: mapped?.records ?? 0,
            missing: { ...mapped?.missing },
            people: (mapped?.candidates ?? [])
              .slice(0, 3)
              .map(({ externalId, email, fields }) => ({ external_id: externalId, email, fields })),
            has_next: mapped !== null && mapped.next !== null,
          },
        },
      };
    },
  }),
];
