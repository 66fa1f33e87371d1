import { z } from 'zod';
import type { Database } from '../../db/pool.ts';
import { cursorPage, cursorPageOf, cursorQuery, pageOf, pageQuery } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route, Surface } from '../../http/route.ts';
import { idAt, lastId } from '../../base/ids.ts';
import { inboundTypes } from './provider.ts';
import { generic } from './providers/generic.ts';
import { providerNames, providers } from './providers/registry.ts';
import { inboundBehind, inboundEvents } from './queries.ts';
import type { InboundHead, SourceRow } from './queries.ts';
import type { Inbox } from './receive.ts';
import { sourcesMax } from './sources.ts';
import type { Sources } from './sources.ts';

export interface InboundParts {
  readonly db: Database;
  readonly sources: Sources;
  readonly inbox: Inbox;
  readonly surface: Surface;
}

const inboundPath = '/api/webhooks';
const tag = 'Inbound';
const time = z.iso.datetime();
const id = z.object({ id: z.uuid() });
/** A filtered page looks through so many rows at most. */
const scanMax = 2_000;
/** Above every id. */

// On the wire ---------------------------------------------------------------------------------------

const sourceShape = z
  .object({
    id: z.uuid(),
    provider: z.string(),
    name: z.string(),
    path: z.string().describe('Where the provider posts, below the address of this API.'),
    created_at: time,
  })
  .meta({ id: 'InboundSource' });
const sourceWithSecretShape = sourceShape
  .extend({ secret: z.string().describe('The key of `X-Webhook-Signature`, in this one answer only.') })
  .meta({ id: 'InboundSourceWithSecret' });

const sourceOnWire = (row: SourceRow): z.input<typeof sourceShape> => ({
  id: row.id,
  provider: row.provider,
  name: row.name,
  path: `${inboundPath}?source=${row.id}`,
  created_at: row.created_at.toISOString(),
});

const exampleId = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f2b00';
const sourceExample: z.input<typeof sourceShape> = {
  id: exampleId,
  provider: 'generic',
  name: 'Relay in Frankfurt',
  path: `${inboundPath}?source=${exampleId}`,
  created_at: '2026-01-05T09:00:00.000Z',
};
const secretExample = '6f1d0c9a4b7e25538e0f7a91c4d2b6e3f85a1097bd3c46e2a0f9d7185c3b4e62';

const inboundShape = z
  .object({
    id: z.uuid(),
    source_id: z.uuid().nullable().describe('null: it was posted with an API key.'),
    provider: z.string(),
    type: z.enum(inboundTypes),
    email_id: z.string(),
    recipient: z.string().nullable(),
    occurred_at: time,
    received_at: time,
    matched: z.boolean().describe('Is `email_id` a message that was sent from here?'),
    event_id: z.uuid().nullable().describe('The event that endpoints were told of; see GET /v1/events/{id}.'),
  })
  .meta({ id: 'InboundEvent' });

const inboundOnWire = (row: InboundHead): z.input<typeof inboundShape> => ({
  id: row.id,
  source_id: row.source_id,
  provider: row.provider,
  type: row.type as z.input<typeof inboundShape>['type'],
  email_id: row.email_id,
  recipient: row.recipient,
  occurred_at: row.occurred_at.toISOString(),
  received_at: row.received_at.toISOString(),
  matched: row.matched,
  event_id: row.event_id,
});

const inboundExample: z.input<typeof inboundShape> = {
  id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f2b01',
  source_id: exampleId,
  provider: 'generic',
  type: 'email.bounced',
  email_id: 'msg_abc123def456',
  recipient: 'invalid@example.com',
  occurred_at: '2026-01-05T09:00:00.000Z',
  received_at: '2026-01-05T09:00:02.118Z',
  matched: false,
  event_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f2b02',
};

const noSuchSource = { 404: { description: 'No such source in this organization.' } };

// Routes --------------------------------------------------------------------------------------------

export const inboundRoutes = ({ db, sources, inbox, surface }: InboundParts): readonly Route[] => [
  route({
    method: 'POST',
    path: inboundPath,
    surface,
    tag,
    summary: 'What a provider tells of a message',
    scope: 'inbound:write',
    boundKeys: 'refused',
    identify: (_headers, query) => (query['source'] === undefined ? undefined : sources.principalOf(query['source'])),
    query: z.strictObject({ source: z.string().optional() }),
    // Each provider has its own, which is looked at once it is proved who posts.
    body: z.unknown(),
    opaque: ['reason', 'diagnostic', 'error', 'user_agent'],
    verbatim: 'body',
    answers: {
      200: {
        description: 'Stored, now or before.',
        schema: z.object({ received: z.literal(true) }),
        example: { received: true },
      },
    },
    handle: async ({ body, rawBody, headers }, principal) => {
      // It was UTF-8, so these are the bytes that came.
      const raw = Buffer.from(rawBody);
      const proved =
        surface.presentedKey(headers) === undefined ? await sources.prove(principal, raw, headers) : undefined;
      const provider =
        proved?.provider ?? Object.values(providers).find((each) => each.recognise(headers, body)) ?? generic;
      await inbox.receive({
        organizationId: principal.organizationId,
        provider: provider.name,
        sourceId: proved?.source.id ?? null,
        raw,
        events: provider.read(body, raw),
      });
      return { status: 200, body: { received: true } };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/inbound-sources',
    tag,
    summary: 'Register a provider that may post events',
    description: `Have it POST to \`path\`, and sign each body: \`X-Webhook-Signature\` is the hexadecimal HMAC-SHA256 of the raw body, keyed by \`secret\`, which is in this one answer only. What a source posts belongs to the organization, also when it was registered with the key of a workspace. An organization has at most ${sourcesMax} sources.`,
    scope: 'webhooks:write',
    boundKeys: 'refused',
    operationId: 'createInboundSource',
    body: z.strictObject({ provider: z.enum(providerNames), name: z.string().trim().min(1).max(100) }),
    bodyExample: { provider: 'generic', name: sourceExample.name },
    answers: {
      201: {
        description: 'The source, with its secret.',
        schema: z.object({ data: sourceWithSecretShape }),
        example: { data: { ...sourceExample, secret: secretExample } },
      },
      409: { description: `The organization has ${sourcesMax} sources already.` },
    },
    handle: async ({ body }, principal) => {
      const { source, secret } = await sources.create(principal.organizationId, body);
      return {
        status: 201,
        body: { data: { ...sourceOnWire(source), secret } },
        headers: { location: `/v1/inbound-sources/${source.id}`, 'cache-control': 'no-store' },
      };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/inbound-sources',
    tag,
    summary: 'List the sources that may post events, the newest first',
    scope: 'webhooks:read',
    boundKeys: 'refused',
    operationId: 'listInboundSources',
    query: pageQuery,
    answers: {
      200: {
        description: 'A page of sources.',
        schema: pageOf(sourceShape),
        example: { data: [sourceExample], page: 1, page_size: 25, total: 1 },
      },
    },
    handle: async ({ query: { page, page_size: pageSize } }, principal) => {
      const { sources: rows, total } = await sources.list(principal.organizationId, {
        limit: pageSize,
        offset: (page - 1) * pageSize,
      });
      return { status: 200, body: { data: rows.map(sourceOnWire), page, page_size: pageSize, total } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/inbound-sources/:id',
    tag,
    summary: 'Get a source',
    scope: 'webhooks:read',
    boundKeys: 'refused',
    operationId: 'getInboundSource',
    params: id,
    answers: {
      200: {
        description: 'The source, without its secret.',
        schema: z.object({ data: sourceShape }),
        example: { data: sourceExample },
      },
      ...noSuchSource,
    },
    handle: async ({ params }, principal) => ({
      status: 200,
      body: { data: sourceOnWire(await sources.get(principal.organizationId, params.id)) },
    }),
  }),
  route({
    method: 'DELETE',
    path: '/v1/inbound-sources/:id',
    tag,
    summary: 'Delete a source',
    description: 'It cannot post any more. What it has posted stays.',
    scope: 'webhooks:write',
    boundKeys: 'refused',
    operationId: 'deleteInboundSource',
    params: id,
    answers: { 204: { description: 'Deleted.' }, ...noSuchSource },
    handle: async ({ params }, principal) => {
      await sources.remove(principal.organizationId, params.id);
      return { status: 204 };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/inbound-events',
    tag,
    summary: 'List what providers posted, the newest first',
    description:
      'With `matched` or `type`, a page may hold fewer events than `limit`, or none, and still have a next one: follow `next_cursor` until it is null.',
    scope: 'inbound:read',
    boundKeys: 'refused',
    operationId: 'listInboundEvents',
    query: cursorQuery.extend({
      cursor: z.uuid().optional().describe('`next_cursor` of the previous answer.'),
      matched: z.enum(['true', 'false']).optional().describe('`false`: those whose `email_id` nobody knows.'),
      type: z.enum(inboundTypes).optional().describe('Of this type only.'),
    }),
    answers: {
      200: {
        description: 'A page of events.',
        schema: cursorPageOf(inboundShape),
        example: { data: [inboundExample], next_cursor: null },
      },
    },
    handle: async ({ query: { cursor: before = lastId, limit, type = null, matched } }, { organizationId }) => {
      const filter = { type, matched: matched === undefined ? null : matched === 'true' };
      // Only the id is indexed: a search goes back so far, and the next page goes on from there.
      const horizon =
        type === null && matched === undefined ? undefined : await inboundBehind(db, organizationId, before, scanMax);
      const rows = await inboundEvents(db, organizationId, filter, horizon ?? idAt(0), before, limit + 1);
      const page = cursorPage(rows, limit, inboundOnWire);
      return { status: 200, body: { ...page, next_cursor: page.next_cursor ?? horizon ?? null } };
    },
  }),
];
