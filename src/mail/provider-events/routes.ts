import { z } from 'zod';
import type { Database } from '../../db/pool.ts';
import { cursorPage, cursorPageOf, cursorQuery, pageOf, pageQuery } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route, Surface } from '../../http/route.ts';
import { idAt, lastId } from '../../base/ids.ts';
import { providerEventTypes } from './provider.ts';
import { generic } from './providers/generic.ts';
import { providerNames, providers } from './providers/registry.ts';
import { idAfter, listEvents } from './queries.ts';
import type { ProviderEventRow, SourceRow } from './queries.ts';
import type { Receiving } from './receive.ts';
import { sourcesMax } from './sources.ts';
import type { Sources } from './sources.ts';

export interface ProviderEventParts {
  readonly db: Database;
  readonly sources: Sources;
  readonly receiving: Receiving;
  readonly surface: Surface;
}

const postPath = '/api/webhooks';
const tag = 'Inbound';
const time = z.iso.datetime();
const id = z.object({ id: z.uuid() });
/** Rows that one page of a filtered list reads at most. */
const scanMax = 2_000;

// On the wire ---------------------------------------------------------------------------------------

const sourceShape = z
  .object({
    id: z.uuid(),
    provider: z.string(),
    name: z.string(),
    path: z.string().describe('Path that the provider posts to, relative to the URL of this API.'),
    created_at: time,
  })
  .meta({ id: 'InboundSource' });
const sourceWithSecretShape = sourceShape
  .extend({ secret: z.string().describe('The HMAC key of `X-Webhook-Signature`. Shown only in this response.') })
  .meta({ id: 'InboundSourceWithSecret' });

const sourceOnWire = (row: SourceRow, tag: string): z.input<typeof sourceShape> => ({
  id: row.id,
  provider: row.provider,
  name: row.name,
  path: `${postPath}?source=${tag}_${row.id}`,
  created_at: row.created_at.toISOString(),
});

const exampleId = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f2b00';
const sourceExample: z.input<typeof sourceShape> = {
  id: exampleId,
  provider: 'generic',
  name: 'Relay in Frankfurt',
  path: `${postPath}?source=k3v7q2xn_${exampleId}`,
  created_at: '2026-01-05T09:00:00.000Z',
};
const secretExample = '6f1d0c9a4b7e25538e0f7a91c4d2b6e3f85a1097bd3c46e2a0f9d7185c3b4e62';

const eventShape = z
  .object({
    id: z.uuid(),
    source_id: z.uuid().nullable().describe('null if the event was posted with an API key.'),
    provider: z.string(),
    type: z.enum(providerEventTypes),
    email_id: z.string(),
    recipient: z.string().nullable(),
    occurred_at: time,
    received_at: time,
    matched: z.boolean().describe('Whether `email_id` is a message sent by this installation.'),
    event_id: z.uuid().nullable().describe('The event that was emitted to endpoints; see GET /v1/events/{id}.'),
  })
  .meta({ id: 'InboundEvent' });

const eventOnWire = (row: ProviderEventRow): z.input<typeof eventShape> => ({
  id: row.id,
  source_id: row.source_id,
  provider: row.provider,
  type: row.type as z.input<typeof eventShape>['type'],
  email_id: row.email_id,
  recipient: row.recipient,
  occurred_at: row.occurred_at.toISOString(),
  received_at: row.received_at.toISOString(),
  matched: row.matched,
  event_id: row.event_id,
});

const eventExample: z.input<typeof eventShape> = {
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

const noSuchSource = { 404: { description: 'The source does not exist in this organization.' } };

// Routes --------------------------------------------------------------------------------------------

export const providerEventRoutes = (parts: ProviderEventParts): readonly Route[] => [
  receiveRoute(parts),
  ...sourceRoutes(parts),
  listRoute(parts),
];

const receiveRoute = ({ sources, receiving, surface }: ProviderEventParts): Route =>
  route({
    method: 'POST',
    path: postPath,
    surface,
    tag,
    summary: 'Report an event of a sent message',
    scope: 'inbound:write',
    boundKeys: 'refused',
    identify: (_headers, query) => (query['source'] === undefined ? undefined : sources.identify(query['source'])),
    query: z.strictObject({ source: z.string().optional() }),
    // Each provider has its own schema, which is checked once the source is verified.
    body: z.unknown(),
    opaque: ['reason', 'diagnostic', 'error', 'user_agent'],
    verbatim: 'body',
    answers: {
      200: {
        description: 'The event is stored; it may have been stored by an earlier request.',
        schema: z.object({ received: z.literal(true) }),
        example: { received: true },
      },
    },
    handle: async ({ body, rawBody, headers }, caller) => {
      // The body was valid UTF-8, so these are the bytes received.
      const raw = Buffer.from(rawBody);
      const source = 'source' in caller ? caller.source : undefined;
      const provider =
        source === undefined
          ? (Object.values(providers).find((each) => each.recognise(headers, body)) ?? generic)
          : await sources.verify(source, raw, headers);
      await receiving.receive({
        organizationId: caller.organizationId,
        provider: provider.name,
        sourceId: source?.id ?? null,
        raw,
        events: provider.read(body, raw),
      });
      return { status: 200, body: { received: true } };
    },
  });

const sourceRoutes = ({ sources }: ProviderEventParts): readonly Route[] => [
  route({
    method: 'POST',
    path: '/v1/inbound-sources',
    tag,
    summary: 'Register a source of provider events',
    description: `The provider sends a POST request to \`path\` and signs each body: \`X-Webhook-Signature\` is the hexadecimal HMAC-SHA256 of the raw body with \`secret\` as the key. The secret is shown only in this response. The events of a source belong to the whole organization, not to a workspace. An organization has at most ${sourcesMax} sources.`,
    scope: 'webhooks:write',
    boundKeys: 'refused',
    operationId: 'createInboundSource',
    body: z.strictObject({ provider: z.enum(providerNames), name: z.string().trim().min(1).max(100) }),
    bodyExample: { provider: 'generic', name: sourceExample.name },
    answers: {
      201: {
        description: 'The source and its secret.',
        schema: z.object({ data: sourceWithSecretShape }),
        example: { data: { ...sourceExample, secret: secretExample } },
      },
      409: { description: `The organization already has ${sourcesMax} sources.` },
    },
    handle: async ({ body }, principal) => {
      const { source, secret } = await sources.create(principal.organizationId, body);
      const organizationTag = await sources.tagOf(principal.organizationId);
      return {
        status: 201,
        body: { data: { ...sourceOnWire(source, organizationTag), secret } },
        headers: { location: `/v1/inbound-sources/${source.id}`, 'cache-control': 'no-store' },
      };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/inbound-sources',
    tag,
    summary: 'List sources of provider events, newest first',
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
      const organizationTag = await sources.tagOf(principal.organizationId);
      const data = rows.map((row) => sourceOnWire(row, organizationTag));
      return { status: 200, body: { data, page, page_size: pageSize, total } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/inbound-sources/:id',
    tag,
    summary: 'Get a source of provider events',
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
      body: {
        data: sourceOnWire(
          await sources.get(principal.organizationId, params.id),
          await sources.tagOf(principal.organizationId),
        ),
      },
    }),
  }),
  route({
    method: 'DELETE',
    path: '/v1/inbound-sources/:id',
    tag,
    summary: 'Delete a source of provider events',
    description: 'The source can no longer post events. The events it posted stay.',
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
];

const listRoute = ({ db }: ProviderEventParts): Route =>
  route({
    method: 'GET',
    path: '/v1/inbound-events',
    tag,
    summary: 'List provider events, newest first',
    description:
      'With `matched` or `type`, a page may have fewer events than `limit`, or none, and still be followed by another: follow `next_cursor` until it is null.',
    scope: 'inbound:read',
    boundKeys: 'refused',
    operationId: 'listInboundEvents',
    query: cursorQuery.extend({
      cursor: z.uuid().optional().describe('`next_cursor` of the previous response.'),
      matched: z
        .enum(['true', 'false'])
        .optional()
        .describe('Only events whose `email_id` is (`true`) or is not (`false`) a message sent by this installation.'),
      type: z.enum(providerEventTypes).optional().describe('Only events of this type.'),
    }),
    answers: {
      200: {
        description: 'A page of events.',
        schema: cursorPageOf(eventShape),
        example: { data: [eventExample], next_cursor: null },
      },
    },
    handle: async ({ query: { cursor: before = lastId, limit, type = null, matched } }, { organizationId }) => {
      const filter = { type, matched: matched === undefined ? null : matched === 'true' };
      // Only the id is indexed, so a filtered page reads at most `scanMax` rows; the next page continues after them.
      const horizon =
        type === null && matched === undefined ? undefined : await idAfter(db, organizationId, before, scanMax);
      const rows = await listEvents(db, organizationId, filter, horizon ?? idAt(0), before, limit + 1);
      const page = cursorPage(rows, limit, eventOnWire);
      return { status: 200, body: { ...page, next_cursor: page.next_cursor ?? horizon ?? null } };
    },
  });
