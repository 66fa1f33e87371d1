import { z } from 'zod';
import { cursorAfter, cursorListQuery, listingOf } from '../../http/listing.ts';
import { ofWorkspace, within } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Database } from '../../db/pool.ts';
import { attemptsMax, scannedMax } from '../../delivery/queue/log.ts';
import type { Attempt, Delivery } from '../../delivery/queue/log.ts';
import { typePattern } from '../../events/index.ts';
import { cursorPageOf, dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import { shown } from '../../http/shown.ts';
import type { Route } from '../../http/route.ts';
import type { DeliveryId, EndpointId, EventId } from '../../base/ids.ts';
import type { Deliveries } from './deliveries.ts';
import { changedAt, changesMax, searchedEndpointsMax } from './search.ts';
import type { Page } from './search.ts';
import { noSuchEndpoint, statisticsOf, waitingCountedMax } from '../endpoints/index.ts';
import type { Endpoints, Figures, Statistics } from '../endpoints/index.ts';

// On the wire ---------------------------------------------------------------------------------------

const time = z.iso.datetime();
const states = ['pending', 'held', 'delivered', 'failed'] as const;

const deliveryShape = z
  .object({
    id: z.uuid().describe('Sent with every attempt; it never changes.'),
    endpoint_id: z.uuid(),
    event_id: z.uuid(),
    event: z.string().describe('The type of the event.'),
    kind: z.enum(['event', 'test', 'replay']),
    status: z.enum(states).describe('`held`: the endpoint is or was disabled.'),
    attempt_count: z.int(),
    next_attempt_at: time
      .nullable()
      .describe('Time of the next attempt. null while an attempt is in flight, and unless `status` is `pending`.'),
    last_status_code: z.int().nullable(),
    last_error: z.string().nullable(),
    created_at: time,
    completed_at: time.nullable(),
  })
  .meta({ id: 'Delivery' });

const attemptShape = z
  .object({
    number: z.int(),
    started_at: time,
    duration_ms: z.int(),
    status_code: z.int().nullable(),
    error: z.string().nullable().describe('What went wrong, for people to read.'),
    request: z.object({
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.string().nullable().describe('null if the event is past retention, or its data was erased.'),
    }),
    response: z
      .object({ headers: z.record(z.string(), z.string()), body: z.string().describe('The first 4 KiB.') })
      .nullable()
      .describe('null if the receiver did not answer.'),
  })
  .meta({ id: 'Attempt' });

const deliveryWithAttempts = deliveryShape
  .extend({ attempts: z.array(attemptShape).describe(`The latest ${attemptsMax} attempts, in order.`) })
  .meta({ id: 'DeliveryWithAttempts' });

const deliveryOnWire = (delivery: Delivery) =>
  shown(deliveryShape, {
    ...delivery,
    event: delivery.event_type,
    status: delivery.state,
    next_attempt_at: delivery.state === 'pending' && delivery.holder === null ? delivery.due_at : null,
  });

const attemptOnWire = (attempt: Attempt): z.input<typeof attemptShape> => ({
  number: attempt.number,
  started_at: attempt.startedAt.toISOString(),
  duration_ms: attempt.durationMs,
  status_code: attempt.statusCode,
  error: attempt.error,
  request: attempt.request,
  response: attempt.response,
});

const deliveryExample: z.input<typeof deliveryShape> = {
  id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1e01',
  endpoint_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00',
  event_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1e00',
  event: 'reply.received',
  kind: 'event',
  status: 'delivered',
  attempt_count: 1,
  next_attempt_at: null,
  last_status_code: 200,
  last_error: null,
  created_at: '2026-01-05T09:00:00.000Z',
  completed_at: '2026-01-05T09:00:00.140Z',
};
const attemptExample: z.input<typeof attemptShape> = {
  number: 1,
  started_at: '2026-01-05T09:00:00.020Z',
  duration_ms: 120,
  status_code: 200,
  error: null,
  request: {
    url: 'https://receiver.example/hooks/outrider',
    headers: {
      'content-type': 'application/json',
      'webhook-id': deliveryExample.event_id,
      'x-defrost-event': 'reply.received',
      'x-defrost-delivery-id': deliveryExample.id,
      'x-defrost-signature': 'sha256=…',
    },
    body: '{"event":"reply.received","occurred_at":"2026-01-05T09:00:00.000Z","organization_id":"…","data":{}}',
  },
  response: { headers: { 'content-type': 'text/plain' }, body: 'ok' },
};
const retriedExample = {
  ...deliveryExample,
  status: 'pending',
  next_attempt_at: '2026-01-05T09:30:00.000Z',
  completed_at: null,
};

const figures = {
  attempts: z.int(),
  succeeded: z.int(),
  success_rate: z.number().nullable().describe('0 to 1; null if there were no attempts.'),
  p50_ms: z.int().nullable(),
  p95_ms: z.int().nullable(),
  p99_ms: z.int().nullable(),
};
const healthShape = z.object({
  consecutive_failures: z.int(),
  last_delivered_at: time.nullable(),
  last_failed_at: time.nullable(),
  last_error: z.string().nullable(),
});
const statsShape = z
  .object({
    hours: z
      .array(z.object({ hour: time, ...figures, last_error: z.string().nullable() }))
      .describe('Hours with attempts, oldest first.'),
    total: z.object(figures),
    pending: z.int(),
    held: z.int(),
    health: healthShape,
  })
  .meta({ id: 'WebhookStats' });

const figuresOnWire = (of: Figures) => ({
  attempts: of.attempts,
  succeeded: of.succeeded,
  success_rate: of.successRate,
  p50_ms: of.p50Ms,
  p95_ms: of.p95Ms,
  p99_ms: of.p99Ms,
});
const statsOnWire = ({ hours, total, waiting, health }: Statistics): z.input<typeof statsShape> => ({
  hours: hours.map((hour) => ({ hour: hour.hour.toISOString(), ...figuresOnWire(hour), last_error: hour.lastError })),
  total: figuresOnWire(total),
  ...waiting,
  health: shown(healthShape, health),
});
const figuresExample = { attempts: 120, succeeded: 118, success_rate: 0.9833, p50_ms: 87, p95_ms: 265, p99_ms: 518 };
const statsExample: z.input<typeof statsShape> = {
  hours: [{ hour: '2026-01-05T09:00:00.000Z', ...figuresExample, last_error: 'The receiver answered 503.' }],
  total: figuresExample,
  pending: 2,
  held: 0,
  health: {
    consecutive_failures: 0,
    last_delivered_at: '2026-01-05T09:12:40.000Z',
    last_failed_at: '2026-01-05T09:10:02.000Z',
    last_error: 'The receiver answered 503.',
  },
};

// Routes --------------------------------------------------------------------------------------------

const tag = 'Deliveries';
const id = z.object({ id: z.uuid() });
const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const noSuchDelivery = { 404: { description: 'The delivery does not exist in this organization.' } };

interface DeliveryRoutesOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly endpoints: Endpoints;
  readonly deliveries: Deliveries;
}

export const deliveryRoutes = (options: DeliveryRoutesOptions): readonly Route[] => [
  ...listRoutes(options),
  statsRoute(options),
  ...recordRoutes(options),
];

const listQuery = cursorListQuery.extend({
  updated_since: cursorListQuery.shape.updated_since.describe(
    'Only deliveries that finished at this time or later, or are not finished.',
  ),
  sort: cursorListQuery.shape.sort.describe(
    `\`-\` is the newest first. Default: \`-created_at\`. A delivery changes when it finishes; unfinished ones are the last changed. By \`updated_at\`, a list can have at most ${changesMax.toLocaleString('en')} deliveries: select them with \`since\`, \`until\` and the other filters. To follow changes of longer lists, use \`updated_since\`.`,
  ),
});

/** The part of a list that a request reads, and its answer. The cursor does not depend on the filters. */
function paging(
  list: string,
  { cursor, limit, sort = '-created_at', updated_since: updatedSince }: z.output<typeof listQuery>,
) {
  const listing = listingOf(list, { cursor, limit, sort });
  const answer = ({ deliveries: page, nextCursor }: Page) => {
    const last = page.at(-1);
    const position = { id: nextCursor ?? '', updated_at: last && changedAt(last) };
    const next = nextCursor === null ? null : cursorAfter(listing, position);
    return { status: 200 as const, body: { data: page.map(deliveryOnWire), next_cursor: next } };
  };
  return { slice: { sort, updatedSince, limit, after: listing.after }, answer };
}

const listRoutes = ({ deliveries }: DeliveryRoutesOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/webhooks/:id/deliveries',
    tag,
    summary: 'List the deliveries of an endpoint, newest first',
    description: `With \`status\` or \`event\`, one call scans at most ${scannedMax.toLocaleString('en')} deliveries: a page may be short, or even empty, and still have a \`next_cursor\`. Follow it until it is null.`,
    scope: 'webhooks:read',
    boundKeys: 'own',
    operationId: 'listDeliveries',
    params: id,
    query: listQuery.extend({
      status: z.enum(states).optional(),
      event: typePattern.optional().describe("A type, the dialect's name of one, or a prefix such as `email.*`."),
      since: moment.optional().describe('Created at this time or later.'),
      until: moment.optional().describe('Created before this time.'),
    }),
    answers: {
      200: {
        description: 'A page of deliveries.',
        schema: cursorPageOf(deliveryShape),
        example: { data: [deliveryExample], next_cursor: null },
      },
      ...noSuchEndpoint,
    },
    handle: async ({ params, query }, principal) => {
      const { slice, answer } = paging(`/v1/webhooks/${params.id}/deliveries`, query);
      const { status: state, event, since, until } = query;
      const search = { state, event, since, until, ...slice };
      return answer(await deliveries.list(principal, params.id as EndpointId, search));
    },
  }),
  route({
    method: 'GET',
    path: '/v1/deliveries',
    tag,
    summary: 'List deliveries across endpoints, newest first',
    description: `A page may be short, or even empty, and still have a \`next_cursor\`: follow it until it is null. Deliveries of deleted endpoints are listed only with \`event_id\`, which finds the deliveries that were created with the event, not those of replays. An organization with more than ${searchedEndpointsMax.toLocaleString('en')} endpoints names \`workspace_id\`, \`endpoint_id\` or \`event_id\`.`,
    scope: 'webhooks:read',
    boundKeys: 'own',
    operationId: 'searchDeliveries',
    query: listQuery.extend({
      ...ofWorkspace,
      status: z.enum(states).optional(),
      event: typePattern.optional().describe('Only this type, or types with a prefix such as `order.*`.'),
      event_id: z.uuid().optional().describe('Only deliveries of this event.'),
      endpoint_id: z.uuid().optional().describe('Only deliveries to this endpoint.'),
      status_code: z.coerce
        .number()
        .int()
        .min(100)
        .max(599)
        .optional()
        .describe('Only deliveries whose last response had this status.'),
      since: moment.optional().describe('Created at this time or later.'),
      until: moment.optional().describe('Created before this time.'),
    }),
    answers: {
      200: {
        description: 'A page of deliveries.',
        schema: cursorPageOf(deliveryShape),
        example: { data: [deliveryExample], next_cursor: null },
      },
      ...noSuchEndpoint,
    },
    handle: async ({ query }, principal) => {
      const { slice, answer } = paging('/v1/deliveries', query);
      const { event, since, until } = query;
      const search = {
        event,
        since,
        until,
        ...slice,
        state: query.status,
        statusCode: query.status_code,
        eventId: query.event_id as EventId | undefined,
        endpointId: query.endpoint_id as EndpointId | undefined,
      };
      return answer(await deliveries.search(within(principal, query), search));
    },
  }),
];

const statsRoute = ({ db, clock, endpoints }: DeliveryRoutesOptions): Route =>
  route({
    method: 'GET',
    path: '/v1/webhooks/:id/stats',
    tag,
    summary: 'Get the hourly statistics of an endpoint',
    description: `At most five seconds behind. Latencies are at most a quarter too high. \`pending\` and \`held\` count the ${waitingCountedMax.toLocaleString('en')} oldest queued deliveries.`,
    scope: 'webhooks:read',
    boundKeys: 'own',
    operationId: 'getWebhookStats',
    params: id,
    query: z.strictObject({
      hours: z.coerce
        .number()
        .int()
        .min(1)
        .max(720)
        .default(24)
        .describe('Number of hours, including the current one.'),
    }),
    answers: {
      200: { description: 'The statistics.', schema: dataOf(statsShape), example: { data: statsExample } },
      ...noSuchEndpoint,
    },
    handle: async ({ params, query }, principal) => {
      const { id: endpoint } = await endpoints.get(principal, params.id as EndpointId);
      return { status: 200, body: { data: statsOnWire(await statisticsOf(db, clock, endpoint, query.hours)) } };
    },
  });

const recordRoutes = ({ deliveries }: DeliveryRoutesOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/deliveries/:id',
    tag,
    summary: 'Get a delivery and its attempts',
    description:
      'Returns each attempt as it was sent and answered, except for the headers of the connection: `host`, `connection`, `content-length`, `accept-encoding`. Values of headers set on the endpoint are masked.',
    scope: ['webhooks:read', 'events:read'],
    boundKeys: 'own',
    operationId: 'getDelivery',
    params: id,
    answers: {
      200: {
        description: 'The delivery.',
        schema: dataOf(deliveryWithAttempts),
        example: { data: { ...deliveryExample, attempts: [attemptExample] } },
      },
      ...noSuchDelivery,
    },
    handle: async ({ params }, principal) => {
      const { delivery, attempts } = await deliveries.get(principal, params.id as DeliveryId);
      return { status: 200, body: { data: { ...deliveryOnWire(delivery), attempts: attempts.map(attemptOnWire) } } };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/deliveries/:id/retry',
    tag,
    summary: 'Retry a delivery',
    description:
      'Sends the delivery again under the same id, with its retry schedule from the start. A finished delivery returns to the queue; a pending one is attempted now. A delivery whose attempt is in flight is left alone.',
    scope: 'webhooks:write',
    boundKeys: 'own',
    operationId: 'retryDelivery',
    params: id,
    answers: {
      202: {
        description: 'The updated delivery.',
        schema: dataOf(deliveryShape),
        example: { data: retriedExample },
      },
      409: {
        description: 'Its endpoint is disabled or deleted, it is held, or its event is past retention or was erased.',
      },
      ...noSuchDelivery,
    },
    handle: async ({ params }, principal) => ({
      status: 202,
      body: { data: deliveryOnWire(await deliveries.retry(principal, params.id as DeliveryId)) },
    }),
  }),
];
