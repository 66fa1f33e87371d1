import { z } from 'zod';
import { ofWorkspace, within } from '../../auth/index.ts';
import { logPosition, logQuery, upTo } from '../../http/listing.ts';
import type { Database } from '../../db/pool.ts';
import { cursorPage, cursorPageOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route, Surface } from '../../http/route.ts';
import { notFound } from '../../base/errors.ts';
import type { OnBookings } from './booking.ts';
import type { Certificates } from './certificates.ts';
import { reportTypes } from './provider.ts';
import { generic } from './providers/generic.ts';
import { providers } from './providers/registry.ts';
import { eventOf, idAfter, listEvents } from './queries.ts';
import type { ProviderEventRow } from './queries.ts';
import type { Receiving } from './receive.ts';
import { exampleId, postPath, sourceRoutes, tag } from './source-routes.ts';
import type { Sources } from './sources.ts';

export interface ProviderEventParts {
  readonly db: Database;
  readonly sources: Sources;
  readonly receiving: Receiving;
  readonly onBookings: OnBookings;
  readonly certificates: Pick<Certificates, 'confirm'>;
  readonly surface: Surface;
}

const time = z.iso.datetime();
const id = z.object({ id: z.uuid() });
/** Rows that one page of a filtered list reads at most. */
const scanMax = 2_000;
/** SendGrid's posts have up to 768 KB; a message of Amazon SNS has 256 KiB, quoted once more. */
const bytesMax = 2 * 1024 * 1024;

// On the wire ---------------------------------------------------------------------------------------

const eventShape = z
  .object({
    id: z.uuid(),
    workspace_id: z.uuid().nullable().describe('Of the message that it names, or of its source.'),
    source_id: z.uuid().nullable().describe('null if the event was posted with an API key.'),
    provider: z.string(),
    type: z
      .enum(reportTypes)
      .describe(
        '`email.rejected` is emitted as `email.failed`; queued, deferred, subscribed and unknown are only stored.',
      ),
    email_id: z.string().describe("The provider's id of the message; empty if it reports none."),
    recipient: z.string().nullable(),
    occurred_at: time,
    received_at: time,
    matched: z.boolean().describe('Whether the event names a message that this organization sent.'),
    event_id: z.uuid().nullable().describe('The event that was emitted to endpoints; see GET /v1/events/{id}.'),
  })
  .meta({ id: 'InboundEvent' });

const eventOnWire = (row: ProviderEventRow): z.input<typeof eventShape> => ({
  id: row.id,
  workspace_id: row.workspace_id,
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
  workspace_id: null,
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

const eventWithPayload = eventShape
  .extend({ payload: z.unknown().describe('As the provider posted it: its part of the body, if that has several.') })
  .meta({ id: 'InboundEventWithPayload' });

// Routes --------------------------------------------------------------------------------------------

export const providerEventRoutes = (parts: ProviderEventParts): readonly Route[] => [
  receiveRoute(parts),
  ...sourceRoutes(parts),
  listRoute(parts),
  eventRoute(parts),
];

const receiveRoute = ({ sources, receiving, onBookings, certificates, surface }: ProviderEventParts): Route =>
  route({
    method: 'POST',
    path: postPath,
    surface,
    tag,
    summary: 'Report events of sent messages, and meetings',
    description:
      'Takes the posts of Resend, SendGrid, Mailgun, Postmark, Amazon SES (by SNS) and Brevo, and the meetings of Cal.com and Calendly, as they are, and a generic format for any sender.',
    scope: 'inbound:write',
    boundKeys: 'own',
    identify: (_headers, query) => (query['source'] === undefined ? undefined : sources.identify(query['source'])),
    query: z.strictObject({
      source: z.string().optional().describe('The source, as in its `path`.'),
      token: z.string().max(1_000).optional().describe('The password of a source that authenticates by its URL.'),
    }),
    // Each provider has its own schema, which is checked once the source is verified.
    body: z.unknown(),
    bodyBytesMax: bytesMax,
    // Amazon SNS.
    alsoReads: ['text/plain'],
    opaque: 'body',
    verbatim: 'body',
    answers: {
      200: {
        description: 'The events or meetings are stored; they may have been stored by an earlier request.',
        schema: z.object({ received: z.literal(true) }),
        example: { received: true },
      },
    },
    handle: async ({ body, rawBody, headers, query: { token } }, caller) => {
      // The body was valid UTF-8, so these are the bytes received.
      const raw = Buffer.from(rawBody);
      const source = 'source' in caller ? caller.source : undefined;
      const proved = source === undefined ? undefined : await sources.verify(source, { raw, body, headers, token });
      const provider =
        proved?.provider ?? Object.values(providers).find((each) => each.recognise(headers, body)) ?? generic;
      // Only of a post that is verified, and for the topic that the source is about.
      const confirmation = proved && provider.confirmation?.(body, proved.material);
      if (confirmation !== undefined) await certificates.confirm(confirmation, caller.organizationId);
      const post = {
        organizationId: caller.organizationId,
        workspaceId: source === undefined ? caller.workspaceId : (source.workspace_id ?? undefined),
        sourceId: source?.id ?? null,
      };
      const bookings = provider.bookings?.(body);
      if (bookings === undefined)
        await receiving.receive({
          ...post,
          provider,
          raw,
          events: provider.read(body, raw, headers),
          token: provider.tokenOf?.(body),
          isOld: proved?.isOld ?? false,
        });
      else await onBookings({ ...post, provider: provider.name }, bookings);
      return { status: 200, body: { received: true } };
    },
  });

const listRoute = ({ db }: ProviderEventParts): Route =>
  route({
    method: 'GET',
    path: '/v1/inbound-events',
    tag,
    summary: 'List provider events, newest first',
    description:
      'With `matched`, `type` or `workspace_id`, and with a key that is bound to a workspace, a page may have fewer events than `limit`, or none, and still be followed by another: follow `next_cursor` until it is null.',
    scope: 'inbound:read',
    boundKeys: 'own',
    operationId: 'listInboundEvents',
    query: logQuery.extend({
      matched: z
        .enum(['true', 'false'])
        .optional()
        .describe('Only events that name (`true`) or do not name (`false`) a message that this organization sent.'),
      type: z.enum(reportTypes).optional().describe('Only events of this type.'),
      ...ofWorkspace,
    }),
    answers: {
      200: {
        description: 'A page of events.',
        schema: cursorPageOf(eventShape),
        example: { data: [eventExample], next_cursor: null },
      },
    },
    handle: async ({ query }, principal) => {
      const { organizationId } = principal;
      const reach = within(principal, query);
      const { limit, type = null, matched } = query;
      const { range, cursorOf } = logPosition('/v1/inbound-events', query);
      const filter = { type, matched: matched === undefined ? null : matched === 'true' };
      // Only the id is indexed, so a filtered page reads at most `scanMax` rows; the next page continues after them.
      const horizon =
        type === null && matched === undefined && reach.workspaceId === undefined
          ? undefined
          : await idAfter(db, organizationId, range, scanMax);
      const rows = await listEvents(db, reach, filter, upTo(range, horizon), limit + 1);
      const page = cursorPage(rows, limit, eventOnWire);
      return { status: 200, body: { ...page, next_cursor: cursorOf(page.next_cursor ?? horizon) } };
    },
  });

const eventRoute = ({ db }: ProviderEventParts): Route =>
  route({
    method: 'GET',
    path: '/v1/inbound-events/:id',
    tag,
    summary: 'Get a provider event with what the provider posted',
    description: 'The evidence of a suppression, see `inbound_event_id` there.',
    scope: 'inbound:read',
    boundKeys: 'own',
    operationId: 'getInboundEvent',
    params: id,
    answers: {
      200: {
        description: 'The event.',
        schema: z.object({ data: eventWithPayload }),
        example: {
          data: {
            ...eventExample,
            payload: { type: 'email.bounced', email_id: 'msg_abc123def456', recipient: 'invalid@example.com' },
          },
        },
      },
      404: { description: 'The event does not exist in this organization, or its retention has ended.' },
    },
    handle: async ({ params }, principal) => {
      const row = await eventOf(db, principal, params.id);
      if (row === undefined) throw notFound('Inbound event');
      const payload: unknown = JSON.parse(row.payload.toString().replace(/^\ufeff/, ''));
      return { status: 200, body: { data: { ...eventOnWire(row), payload } } };
    },
  });
