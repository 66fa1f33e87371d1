import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { logPosition, logQuery, upTo } from '../http/listing.ts';
import { ofWorkspace, within } from '../auth/index.ts';
import type { Database } from '../db/pool.ts';
import { ApiError, notFound } from '../base/errors.ts';
import { cursorPageOf, dataOf } from '../http/page.ts';
import { route } from '../http/route.ts';
import { shown } from '../http/shown.ts';
import type { Route } from '../http/route.ts';
import { idAt, lastId } from '../base/ids.ts';
import type { EventId } from '../base/ids.ts';
import { example } from './catalogue/built-in.ts';
import { itemTexts, memberText } from '../base/json-text.ts';
import { idempotencyKey, replayed } from '../http/idempotency.ts';
import { jsonObject, publication, typePatterns } from './publish.ts';
import type { Publishing, Submission } from './publish.ts';
import type { Outcome } from './publisher.ts';
import { deliveriesOfEvent, eventBehind, eventBehindData, eventById, events } from './queries.ts';
import type { EventDelivery, EventHead } from './queries.ts';
import { traceparentOf } from './trace-context.ts';

const eventBytesMax = 256 * 1024;
const batchBytesMax = 5 * 1024 * 1024;
const batchMax = 1_000;
/** Maximum number of events scanned for a page of one type: about 20 ms. */
const scanMax = 20_000;
/** Maximum size of the data read for a page of one contact; one event more is read. */
const scanBytesMax = 16 * 1024 * 1024;
const deliveriesMax = 1_000;

// On the wire ---------------------------------------------------------------------------------------

const time = z.iso.datetime();

const publishedShape = z
  .object({
    id: z.uuid(),
    event: z.string(),
    deliveries: z.number().int().describe('Number of endpoints it is delivered to.'),
  })
  .meta({ id: 'PublishedEvent' });
const publishedExample = { id: example.event, event: 'invoice.paid', deliveries: 2 };
const refusedShape = z
  .object({ event: z.string(), error: z.object({ code: z.string(), message: z.string() }) })
  .meta({ id: 'RefusedEvent' });

const eventShape = z
  .object({
    id: z.uuid(),
    event: z.string(),
    workspace_id: z.uuid().nullable().describe('null: it belongs to the organization.'),
    occurred_at: time,
    created_at: time,
    deliver_at: time
      .nullable()
      .describe('Its deliveries are not sent before; null: they were sent when it was published.'),
    erased_at: time.nullable().describe('When its data was erased; null: it is stored.'),
    traceparent: z
      .string()
      .nullable()
      .describe("The `traceparent` of the publisher's request, sent with each delivery."),
  })
  .meta({ id: 'Event' });
const eventOnWire = (event: EventHead) => shown(eventShape, { ...event, event: event.type });
const eventExample = {
  id: example.event,
  event: 'invoice.paid',
  workspace_id: null,
  occurred_at: example.at,
  created_at: '2026-01-05T09:00:00.214Z',
  deliver_at: null,
  erased_at: null,
  traceparent: null,
};

const deliveryShape = z
  .object({
    id: z.uuid(),
    endpoint_id: z.uuid(),
    kind: z.enum(['event', 'test', 'replay']),
    status: z.enum(['pending', 'held', 'delivered', 'failed']),
    attempt_count: z.number().int(),
    last_status_code: z.number().int().nullable(),
    last_error: z.string().nullable(),
    created_at: time,
    completed_at: time.nullable(),
  })
  .meta({ id: 'EventDelivery' });
const deliveryOnWire = (delivery: EventDelivery) => shown(deliveryShape, { ...delivery, status: delivery.state });
const deliveryExample = {
  id: example.delivery,
  endpoint_id: example.endpoint,
  kind: 'event',
  status: 'delivered',
  attempt_count: 1,
  last_status_code: 200,
  last_error: null,
  created_at: '2026-01-05T09:00:00.214Z',
  completed_at: '2026-01-05T09:00:00.301Z',
};

const keyHeader = (description: string) =>
  z.object({ 'Idempotency-Key': idempotencyKey.optional().describe(description) });
/** Node joins a repeated header into one string. */
const keyOf = (headers: IncomingHttpHeaders): string | undefined => headers['idempotency-key']?.toString();

const publishExample = { event: 'invoice.paid', data: { invoice_id: 'in_1042', amount: 4_200, currency: 'EUR' } };

const batchBody = z.strictObject({
  events: z
    .array(
      publication.extend({
        idempotency_key: idempotencyKey.optional().describe("This event's own key; overrides the header's."),
      }),
    )
    .min(1)
    .max(batchMax),
});

// Routes --------------------------------------------------------------------------------------------

export const eventRoutes = ({ db, publishing }: { db: Database; publishing: Publishing }): readonly Route[] => [
  ...publishRoutes(publishing),
  ...readRoutes(db),
];

function publishRoutes(publishing: Publishing): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/events',
      tag: 'Events',
      summary: 'Publish an event',
      description:
        'Answers once the event and its deliveries are durable: the event then reaches every subscribed endpoint at least once. With the header `Idempotency-Key`, the request is safe to repeat. Your own types need no registration. An event of a type registered with a schema is checked against the schema, one of a built-in type against its documented fields; the data of either must not contain duplicate member names. An event of a workspace (named here, or the one that the key is bound to) is delivered to the endpoints of that workspace and to those without a workspace; any other event only to those without a workspace. With `deliver_at`, the event is stored now and delivered at that time, to the endpoints that are subscribed now. A `traceparent` header (W3C Trace Context) is stored with the event and sent with its deliveries.',
      scope: 'events:write',
      boundKeys: 'own',
      operationId: 'publishEvent',
      headers: keyHeader(
        "A key of your choice that makes publishing safe to repeat. The same key with the same body returns the first request's result; with another body it answers `conflict`.",
      ),
      body: publication,
      bodyExample: publishExample,
      bodyBytesMax: eventBytesMax,
      opaque: ['data'],
      verbatim: ['data'],
      answers: {
        202: {
          description: 'The event is stored and is being delivered.',
          schema: dataOf(publishedShape),
          example: { data: publishedExample },
        },
        409: { description: 'The Idempotency-Key was used with another body.' },
        413: { description: 'The event is over 256 KiB.' },
        503: { description: 'The database cannot be reached. Publish again.' },
      },
      handle: async ({ body, rawBody, headers }, principal) => {
        const submission = {
          publication: body,
          dataText: memberText(rawBody, 'data') ?? JSON.stringify(body.data),
          idempotencyKey: keyOf(headers),
          traceparent: traceparentOf(headers['traceparent']),
        };
        const { id, deliveries, isRepeated } = await publishing.publish(principal, submission);
        return {
          status: 202,
          body: { data: { id, event: body.event, deliveries } },
          ...(isRepeated ? { headers: replayed } : {}),
        };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/events/batch',
      tag: 'Events',
      summary: 'Publish up to 1,000 events',
      description:
        'Stores the events in one commit, in order: all of them or, if one is invalid, none. The results have the order of the events. If the idempotency key of an event was used with another body, its result is an error, and the other events are published. With the header `Idempotency-Key`, the request is safe to repeat.',
      scope: 'events:write',
      boundKeys: 'own',
      operationId: 'publishEvents',
      headers: keyHeader(
        'Makes publishing safe to repeat: each event gets the key `<key>:<index>`, unless it has its own.',
      ),
      body: batchBody,
      bodyExample: { events: [publishExample, { ...publishExample, idempotency_key: 'in_1042' }] },
      bodyBytesMax: batchBytesMax,
      opaque: ['data'],
      verbatim: ['data'],
      answers: {
        202: {
          description: 'The events are stored and are being delivered.',
          schema: dataOf(z.array(z.union([publishedShape, refusedShape]))),
          example: {
            data: [
              publishedExample,
              {
                event: 'invoice.paid',
                error: {
                  code: 'conflict',
                  message: 'This Idempotency-Key was used with another body. Use a new key for a new event.',
                },
              },
            ],
          },
        },
        413: { description: 'The batch is over 5 MiB, or one of its events over 256 KiB.' },
        503: { description: 'The database cannot be reached. Publish again.' },
      },
      handle: async ({ body, rawBody, headers }, principal) => {
        const submissions = submissionsOf(body, rawBody, keyOf(headers), traceparentOf(headers['traceparent']));
        const outcomes = await publishing.publishAll(principal, submissions);
        return {
          status: 202,
          body: { data: outcomes.map((outcome, index) => outcomeOnWire(outcome, body.events[index]?.event ?? '')) },
          ...(outcomes.every((outcome) => outcome.kind === 'emitted' && outcome.isRepeated)
            ? { headers: replayed }
            : {}),
        };
      },
    }),
  ];
}

function readRoutes(db: Database): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/events',
      tag: 'Events',
      summary: 'List events, newest first',
      description:
        'Lists events without their data. The erasure of its data (`erased_at`) does not count as a change of an event. With `event`, `contact_id` or `workspace_id`, and for a key that is bound to a workspace, a page may have fewer events than `limit`, or none, and still a next page: follow `next_cursor` until it is null.',
      scope: 'events:read',
      boundKeys: 'own',
      operationId: 'listEvents',
      query: logQuery.extend({
        ...ofWorkspace,
        event: typePatterns
          .optional()
          .describe('Only these types, or types with these prefixes such as `order.*`, separated by commas.'),
        contact_id: z
          .uuid()
          .toLowerCase()
          .optional()
          .describe('Only events whose data has this id: of the contact itself, and of what refers to it.'),
        since: z.iso.datetime({ offset: true }).optional().describe('Published at this time or later.'),
        until: z.iso.datetime({ offset: true }).optional().describe('Published before this time.'),
      }),
      answers: {
        200: {
          description: 'A page of events.',
          schema: cursorPageOf(eventShape),
          example: { data: [eventExample], next_cursor: null },
        },
      },
      handle: async ({ query }, principal) => {
        const patterns = (query.event ?? '*').split(',');
        const { range, cursorOf } = logPosition('/v1/events', query, {
          from: idAt(query.since === undefined ? 0 : Date.parse(query.since)),
          before: query.until === undefined ? lastId : idAt(Date.parse(query.until)),
        });
        const reach = within(principal, query);
        // Only the id is indexed: a search by type, contact or workspace scans up to `scanMax` events, and the next page continues from there.
        const isFiltered = !patterns.includes('*') || reach.workspaceId !== undefined;
        const horizon = await (query.contact_id !== undefined
          ? eventBehindData(db, principal.organizationId, range, scanMax, scanBytesMax)
          : isFiltered
            ? eventBehind(db, principal.organizationId, range, scanMax)
            : undefined);
        const rows = await events(db, reach, patterns, upTo(range, horizon), query.limit + 1, query.contact_id);
        const page = rows.slice(0, query.limit);
        const next = rows.length > query.limit ? page.at(-1)?.id : horizon;
        return { status: 200, body: { data: page.map(eventOnWire), next_cursor: cursorOf(next) } };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/events/:id',
      tag: 'Events',
      summary: 'Get an event with its data and deliveries',
      description:
        'Includes the first 1,000 deliveries. Deliveries that a replay created later are listed with their endpoint.',
      scope: 'events:read',
      boundKeys: 'own',
      operationId: 'getEvent',
      params: z.object({ id: z.uuid() }),
      answers: {
        200: {
          description: 'The event.',
          schema: dataOf(
            eventShape
              .extend({ deliveries: z.array(deliveryShape), data: jsonObject.nullable() })
              .meta({ id: 'EventDetail' }),
          ),
          example: { data: { ...eventExample, deliveries: [deliveryExample], data: publishExample.data } },
        },
      },
      handle: async ({ params }, principal) => {
        const event = await eventById(db, principal, params.id as EventId);
        if (event === undefined) throw notFound('Event');
        const deliveries = await deliveriesOfEvent(db, principal, event, deliveriesMax);
        const head = JSON.stringify({ ...eventOnWire(event), deliveries: deliveries.map(deliveryOnWire) });
        // The data is returned byte for byte as published, which is what receivers get.
        return {
          status: 200,
          body: `{"data":${head.slice(0, -1)},"data":${event.data.toString()}}}`,
          headers: { 'content-type': 'application/json; charset=utf-8' },
        };
      },
    }),
  ];
}

/** @throws ApiError `too_large` naming the event */
function submissionsOf(
  body: z.output<typeof batchBody>,
  rawBody: string,
  key: string | undefined,
  traceparent: string | undefined,
): readonly Submission[] {
  const texts = itemTexts(memberText(rawBody, 'events') ?? '[]');
  return body.events.map(({ idempotency_key: own, ...one }, index) => {
    const text = texts[index] ?? '{}';
    const bytes = Buffer.byteLength(text);
    if (bytes > eventBytesMax) {
      const reason = `is ${bytes} bytes long; an event may have at most ${eventBytesMax}`;
      throw new ApiError('too_large', `events.${index} ${reason}.`, { details: { [`events.${index}`]: reason } });
    }
    return {
      publication: one,
      dataText: memberText(text, 'data') ?? JSON.stringify(one.data),
      idempotencyKey: own ?? (key === undefined ? undefined : `${key}:${index}`),
      traceparent,
    };
  });
}

function outcomeOnWire(outcome: Outcome, event: string): z.input<typeof publishedShape> | z.input<typeof refusedShape> {
  if (outcome.kind === 'refused') return { event, error: { code: outcome.error.code, message: outcome.error.message } };
  return { id: outcome.emitted.id, event, deliveries: outcome.emitted.deliveries };
}
