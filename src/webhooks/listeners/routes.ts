import { z } from 'zod';
import { namedWorkspace } from '../../auth/index.ts';
import type { Endpoint } from '../../delivery/endpoint.ts';
import type { Subscriptions } from '../../delivery/subscriptions.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { DeliveryId, EndpointId } from '../../base/ids.ts';
import { endpointExample, endpointOnWire, endpointShape, endpointTag, secretExample } from '../endpoints/index.ts';
import type { Endpoints } from '../endpoints/index.ts';
import type { Wires } from '../../delivery/wire.ts';
import { fetchDue } from './fetch.ts';
import type { Fetched, FetchOptions } from './fetch.ts';
import { addressOf, assertActive, keepAlive, listenerOf } from './listener.ts';
import { settle } from './settle.ts';
import type { AttemptReport, Settled, SettleOptions } from './settle.ts';

export interface ListenerParts extends FetchOptions, SettleOptions {
  readonly subscriptions: Subscriptions;
  readonly wires: Wires;
  readonly endpoints: Pick<Endpoints, 'create' | 'remove'>;
}

// On the wire ---------------------------------------------------------------------------------------

const time = z.iso.datetime();
const id = z.object({ id: z.uuid() });
const { events, filter, description, ordering } = endpointShape.shape;

const listenerShape = endpointShape
  .extend({ secret: z.string().describe('The signing secret, returned only in this response.') })
  .meta({ id: 'Listener' });

const fetchedShape = z
  .object({
    delivery_id: z.uuid(),
    event_id: z.uuid(),
    event: z.string(),
    attempt: z.int().describe('Number of this attempt; send it back with the result.'),
    lease_expires_at: time.describe('The delivery can be fetched again after this time unless it is settled.'),
    request: z
      .object({ headers: z.record(z.string(), z.string()), body: z.string() })
      .describe('Headers and body as a push endpoint would receive them, signed now.'),
  })
  .meta({ id: 'FetchedDelivery' });

const fetchedOnWire = ({ item, eventName, headers, body }: Fetched): z.input<typeof fetchedShape> => ({
  delivery_id: item.id,
  event_id: item.event.id,
  event: eventName,
  attempt: item.attemptCount + 1,
  lease_expires_at: new Date(item.leaseUntilMs).toISOString(),
  request: { headers: { ...headers }, body },
});

const reportShape = z
  .strictObject({
    delivery_id: z.uuid(),
    attempt: z.int().min(1).max(32_767),
    duration_ms: z.int().min(0).max(2_147_483_647),
    status_code: z.int().min(100).max(599).optional().describe("The receiver's status code. 2xx: delivered."),
    error: z.string().min(1).max(500).optional().describe('Why the receiver did not answer.'),
    response: z
      .strictObject({ headers: z.record(z.string().max(256), z.string().max(4_096)), body: z.string().max(4_096) })
      .partial()
      .optional()
      .describe('The response, kept with the attempt.'),
  })
  .refine(
    (report) => (report.status_code === undefined) !== (report.error === undefined),
    'must have either status_code or error',
  )
  .meta({ oneOf: ['status_code', 'error'].map((field) => ({ required: [field] })) });

const reportFromWire = (report: z.output<typeof reportShape>): AttemptReport => ({
  deliveryId: report.delivery_id as DeliveryId,
  attempt: report.attempt,
  durationMs: report.duration_ms,
  result:
    report.status_code === undefined
      ? { error: report.error ?? '' }
      : {
          statusCode: report.status_code,
          headers: lowerCased(report.response?.headers ?? {}),
          body: report.response?.body ?? '',
        },
});

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const settledShape = z.object({
  delivery_id: z.uuid(),
  outcome: z
    .enum(['delivered', 'retry', 'failed', 'stale'])
    .describe(
      '`stale`: the delivery was already finished, or was fetched and settled again in the meantime; nothing changed.',
    ),
  next_attempt_at: time.nullable(),
});

function settledOnWire({ deliveryId, outcome }: Settled): z.input<typeof settledShape> {
  if (outcome === 'stale') return { delivery_id: deliveryId, outcome, next_attempt_at: null };
  return {
    delivery_id: deliveryId,
    outcome: outcome.kind,
    next_attempt_at: outcome.kind === 'retry' ? new Date(outcome.atMs).toISOString() : null,
  };
}

const exampleId = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d02';
const exampleEvent = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d03';
const example = {
  delivery_id: exampleId,
  event_id: exampleEvent,
  event: 'reply.received',
  attempt: 1,
  lease_expires_at: '2026-01-05T09:01:00.000Z',
  request: {
    headers: { 'content-type': 'application/json', 'webhook-id': exampleEvent },
    body: '{"event":"reply.received","data":{}}',
  },
};
const listenerExample: z.input<typeof listenerShape> = {
  ...endpointExample,
  id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d04',
  target_url: addressOf(600),
  events: ['reply.*'],
  description: '',
  headers: {},
  filter: null,
  transport: 'pull',
  expires_at: '2026-01-05T09:10:00.000Z',
  secret: secretExample,
};
const missing = { description: 'No such listener in this organization, or it has expired.' };
const disabled = { description: 'The listener is disabled.' };

// Routes --------------------------------------------------------------------------------------------

export function listenerRoutes(parts: ListenerParts): readonly Route[] {
  const { db, clock, subscriptions, endpoints, wires } = parts;
  return [
    route({
      method: 'POST',
      path: '/v1/listeners',
      creates: true,
      record: endpointTag,
      tag: 'Listeners',
      summary: 'Create a listener',
      description:
        'Creates an endpoint whose deliveries are fetched, for a consumer that cannot be reached from outside. It works like any other endpoint, also under /v1/webhooks: deliveries are filtered, signed, retried, held and replayed. Failures never disable it.',
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'createListener',
      body: z.strictObject({
        ...namedWorkspace,
        events: events.default(['*']),
        filter: filter.optional(),
        description: description.optional(),
        ordering: ordering.optional(),
        dialect: z
          .enum([...wires.keys()])
          .optional()
          .describe('Default: `defrost`.'),
        expires_in_seconds: z
          .int()
          .min(60)
          .max(86_400)
          .nullable()
          .default(600)
          .describe('The listener is deleted when nobody fetches from it for this long; null: never.'),
      }),
      bodyExample: { events: ['reply.*'] },
      answers: {
        201: {
          description: 'The listener, with its signing secret.',
          schema: z.object({ data: listenerShape }),
          example: { data: listenerExample },
        },
      },
      handle: async ({ body }, principal) => {
        const { expires_in_seconds: keepSeconds, ...settings } = body;
        const expiring = keepSeconds === null ? {} : { expiresAt: new Date(clock.now() + keepSeconds * 1_000) };
        const { endpoint, secret } = await endpoints.create(
          principal,
          { ...settings, target_url: addressOf(keepSeconds) },
          { transport: 'pull', ...expiring },
        );
        return {
          status: 201,
          body: { data: { ...endpointOnWire(endpoint, wires), secret } },
          headers: { location: `/v1/listeners/${endpoint.id}`, 'cache-control': 'no-store' },
        };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/listeners/:id/pull',
      tag: 'Listeners',
      summary: 'Fetch deliveries',
      description:
        'Returns due deliveries, waiting up to `wait_seconds` for the first; the list is empty if none becomes due. A fetched delivery is reserved for 60 seconds; unless it is settled by then, it can be fetched again. With `ordering: fifo` only one delivery is fetched at a time.',
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'pullListener',
      waits: true,
      params: id,
      body: z.strictObject({
        max: z.int().min(1).max(100).default(10),
        wait_seconds: z.int().min(0).max(30).default(20),
      }),
      bodyExample: { max: 10, wait_seconds: 20 },
      answers: {
        200: {
          description: 'Deliveries, in the order in which to process them.',
          schema: z.object({ data: z.array(fetchedShape) }),
          example: { data: [example] },
        },
        404: missing,
        409: disabled,
      },
      handle: async ({ params, body, signal }, principal) => {
        const now = clock.now();
        const listener = await listenerOf(subscriptions, principal, params.id as EndpointId);
        await keepAlive(db, listener, now);
        const current = async (): Promise<Endpoint> =>
          assertActive(await listenerOf(subscriptions, principal, listener.id));
        const fetched = await fetchDue(parts, current, body.max, now + body.wait_seconds * 1_000, signal);
        return { status: 200, body: { data: fetched.map(fetchedOnWire) } };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/listeners/:id/settle',
      tag: 'Listeners',
      summary: 'Report the results of fetched deliveries',
      description:
        'Each result counts as an attempt: 2xx marks the delivery as delivered, 410 as failed; any other result is retried by the retry schedule.',
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'settleListener',
      params: id,
      opaque: ['body'],
      body: z.strictObject({
        results: z
          .array(reportShape)
          .min(1)
          .max(100)
          .refine(
            (results) => new Set(results.map((report) => report.delivery_id)).size === results.length,
            'must contain each delivery only once',
          ),
      }),
      bodyExample: { results: [{ delivery_id: exampleId, attempt: 1, status_code: 200, duration_ms: 12 }] },
      bodyBytesMax: 5 * 1024 * 1024,
      answers: {
        200: {
          description: 'The outcomes, in the order of the results.',
          schema: z.object({ data: z.array(settledShape) }),
          example: { data: [{ delivery_id: exampleId, outcome: 'delivered', next_attempt_at: null }] },
        },
        404: missing,
      },
      handle: async ({ params, body }, principal) => {
        const listener = await listenerOf(subscriptions, principal, params.id as EndpointId);
        const settled = await settle(parts, listener, body.results.map(reportFromWire));
        return { status: 200, body: { data: settled.map(settledOnWire) } };
      },
    }),
    route({
      method: 'DELETE',
      record: { ...endpointTag, readAt: '/v1/webhooks/:id' },
      path: '/v1/listeners/:id',
      tag: 'Listeners',
      summary: 'Delete a listener',
      description: 'Pending deliveries are marked as failed.',
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'deleteListener',
      params: id,
      answers: { 204: { description: 'Deleted.' }, 404: missing },
      handle: async ({ params }, principal) => {
        const listener = await listenerOf(subscriptions, principal, params.id as EndpointId);
        await endpoints.remove(principal, listener.id);
        return { status: 204 };
      },
    }),
  ];
}
