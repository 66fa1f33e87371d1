import { z } from 'zod';
import type { Endpoint } from '../../delivery/endpoint.ts';
import type { Subscriptions } from '../../delivery/subscriptions.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { DeliveryId, EndpointId } from '../../base/ids.ts';
import { endpointOnWire, endpointShape } from '../endpoints/index.ts';
import type { Endpoints } from '../endpoints/index.ts';
import type { Wires } from '../../delivery/wire.ts';
import { fetchDue } from './fetch.ts';
import type { Fetched, FetchOptions } from './fetch.ts';
import { addressOf, assertActive, keepAlive, listenerNow, listenerOf } from './listener.ts';
import { settleTold } from './settle.ts';
import type { Settled, SettleOptions, Told } from './settle.ts';

export interface PullParts extends FetchOptions, SettleOptions {
  readonly subscriptions: Subscriptions;
  readonly wires: Wires;
  readonly endpoints: Pick<Endpoints, 'create' | 'remove'>;
}

// On the wire ---------------------------------------------------------------------------------------

const time = z.iso.datetime();
const id = z.object({ id: z.uuid() });
const { events, filter, description, ordering } = endpointShape.shape;

const listenerShape = endpointShape
  .extend({ secret: z.string().describe('The signing secret, in this one answer only.') })
  .meta({ id: 'Listener' });

const fetchedShape = z
  .object({
    delivery_id: z.uuid(),
    event_id: z.uuid(),
    event: z.string(),
    attempt: z.int().describe('Number of this attempt; to be told with its outcome.'),
    lease_expires_at: time.describe('Unless it is settled before, it is fetched again.'),
    request: z
      .object({ headers: z.record(z.string(), z.string()), body: z.string() })
      .describe('As they would be sent to a push endpoint, signed now.'),
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

const toldShape = z
  .strictObject({
    delivery_id: z.uuid(),
    attempt: z.int().min(1).max(32_767),
    duration_ms: z.int().min(0).max(2_147_483_647),
    status_code: z.int().min(100).max(599).optional().describe('What the receiver answered. 2xx: delivered.'),
    error: z.string().min(1).max(500).optional().describe('Why there was no answer.'),
    response: z
      .strictObject({ headers: z.record(z.string().max(256), z.string().max(4_096)), body: z.string().max(4_096) })
      .partial()
      .optional()
      .describe('The answer, for those who look at the attempt.'),
  })
  .refine(
    (told) => (told.status_code === undefined) !== (told.error === undefined),
    'must have either status_code or error',
  )
  .meta({ oneOf: ['status_code', 'error'].map((field) => ({ required: [field] })) });

const toldFromWire = (told: z.output<typeof toldShape>): Told => ({
  deliveryId: told.delivery_id as DeliveryId,
  attempt: told.attempt,
  durationMs: told.duration_ms,
  result:
    told.status_code === undefined
      ? { error: told.error ?? '' }
      : {
          statusCode: told.status_code,
          headers: lowerCased(told.response?.headers ?? {}),
          body: told.response?.body ?? '',
        },
});

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const settledShape = z.object({
  delivery_id: z.uuid(),
  outcome: z
    .enum(['delivered', 'retry', 'failed', 'stale'])
    .describe('`stale`: it was finished, or fetched and settled again meanwhile; nothing was changed.'),
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
  id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d04',
  target_url: addressOf(600),
  events: ['reply.*'],
  description: '',
  dialect: 'defrost',
  headers: {},
  retry_schedule_seconds: null,
  timeout_ms: null,
  effective: { timeout_ms: 15_000, retry_schedule_seconds: [60, 300, 1_800, 7_200, 43_200] },
  max_in_flight: 32,
  rate_limit_per_second: null,
  ordering: 'none',
  filter: null,
  signing: 'hmac',
  is_active: true,
  workspace_id: null,
  transport: 'pull',
  secret_prefix: 'whsec_Q2hh',
  previous_secret_expires_at: null,
  public_key: null,
  disabled_reason: null,
  disabled_at: null,
  sandbox: false,
  expires_at: '2026-01-05T09:10:00.000Z',
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
  secret: 'whsec_Q2hhbmdlIG1lLCBJIGFtIG9ubHkgYW4gZXhhbXBsZSE=',
};
const missing = { description: 'No such listener in this organization, or it has expired.' };
const disabled = { description: 'The listener is disabled.' };

// Routes --------------------------------------------------------------------------------------------

export function pullRoutes(parts: PullParts): readonly Route[] {
  const { db, clock, subscriptions, endpoints, wires } = parts;
  return [
    route({
      method: 'POST',
      path: '/v1/listeners',
      tag: 'Listeners',
      summary: 'Create an endpoint whose deliveries are fetched',
      description:
        'For a consumer that cannot be reached from outside. It is an endpoint like any other, also under /v1/webhooks: filtered, signed, retried, held and replayed; only its failures never disable it.',
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'createListener',
      body: z.strictObject({
        events: events.default(['*']),
        filter: filter.optional(),
        description: description.optional(),
        ordering: ordering.optional(),
        dialect: z
          .enum([...wires.keys()])
          .optional()
          .describe('`defrost` by default.'),
        expires_in_seconds: z
          .int()
          .min(60)
          .max(86_400)
          .nullable()
          .default(600)
          .describe('It is deleted when nobody pulls from it for so long; null: never.'),
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
      summary: 'Fetch deliveries, waiting for the first',
      description:
        'Answers as soon as there is something, or with an empty list. What was fetched is kept from others for 60 seconds; unless it is settled by then, it is fetched again. With `ordering: fifo` one delivery is had at a time.',
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
          description: 'Deliveries, in the order in which to make them.',
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
        const current = (): Endpoint => assertActive(listenerNow(subscriptions, principal, listener.id));
        const fetched = await fetchDue(parts, current, body.max, now + body.wait_seconds * 1_000, signal);
        return { status: 200, body: { data: fetched.map(fetchedOnWire) } };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/listeners/:id/settle',
      tag: 'Listeners',
      summary: 'Tell what became of fetched deliveries',
      description:
        'Each is an attempt like any other: 2xx delivers, everything else is tried again by the retry schedule, 410 is not.',
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'settleListener',
      params: id,
      opaque: ['body'],
      body: z.strictObject({
        results: z
          .array(toldShape)
          .min(1)
          .max(100)
          .refine(
            (results) => new Set(results.map((told) => told.delivery_id)).size === results.length,
            'must have each delivery once',
          ),
      }),
      bodyExample: { results: [{ delivery_id: exampleId, attempt: 1, status_code: 200, duration_ms: 12 }] },
      bodyBytesMax: 5 * 1024 * 1024,
      answers: {
        200: {
          description: 'What follows, in the order of the results.',
          schema: z.object({ data: z.array(settledShape) }),
          example: { data: [{ delivery_id: exampleId, outcome: 'delivered', next_attempt_at: null }] },
        },
        404: missing,
      },
      handle: async ({ params, body }, principal) => {
        const listener = await listenerOf(subscriptions, principal, params.id as EndpointId);
        const settled = await settleTold(parts, listener, body.results.map(toldFromWire));
        return { status: 200, body: { data: settled.map(settledOnWire) } };
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/listeners/:id',
      tag: 'Listeners',
      summary: 'Delete a listener',
      description: 'What waits for it ends as failed.',
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
