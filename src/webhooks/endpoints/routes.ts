import { z } from 'zod';
import { typePattern } from '../../events/index.ts';
import { idempotencyKey, replayed } from '../../http/idempotency.ts';
import { listAnswers, listBody, listingOf, listQuery } from '../../http/listing.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { DeliveryId, EndpointId, EventId } from '../../base/ids.ts';
import type { Wires } from '../../delivery/wire.ts';
import { endpointsMax, ofWorkspace, within } from '../../auth/index.ts';
import { defaultOverlapSeconds } from './endpoints.ts';
import type { Endpoints, Tenant } from './endpoints.ts';
import {
  endpointBodies,
  endpointExample,
  endpointOnWire,
  endpointShape,
  endpointWithSecretShape,
  noSuchEndpoint,
  ownSecret,
  secretExample,
} from './schemas.ts';
import { endpointTag } from './record-tag.ts';
import type { EndpointRow } from './queries.ts';
import { secretWarnings } from './secrets.ts';
import { keyRoutes } from './key-routes.ts';
import type { SigningKeys } from './signing-keys.ts';

export interface EndpointRoutesOptions {
  readonly endpoints: Endpoints;
  readonly wires: Wires;
  /** Sends a test event to one endpoint; `webhook.test` by default. */
  readonly sendTest: (
    tenant: Tenant,
    id: EndpointId,
    type?: string,
    idempotencyKey?: string,
  ) => Promise<{ eventId: EventId; deliveryId: DeliveryId; isRepeated: boolean }>;
  readonly signingKeys: SigningKeys;
}

const tag = 'Webhooks';
const id = z.object({ id: z.uuid() });
const endpointId = (params: { id: string }): EndpointId => params.id as EndpointId;
const one = dataOf(endpointShape);
const warnings = z
  .array(z.string())
  .optional()
  .describe(
    'Possible mistakes: a name in `events` that no known event type has, a secret that cannot produce a `webhook-signature`, or a client certificate that expires within 30 days. Omitted if there are none.',
  );
const oneWithWarnings = one.extend({ warnings });
const oneWithSecret = dataOf(endpointWithSecretShape);
const withSecret = { ...endpointExample, secret: secretExample };
const warned = (about: readonly string[]): { warnings?: readonly string[] } =>
  about.length === 0 ? {} : { warnings: about };
/** Responses with a secret must not be cached. */
const unstored = { 'cache-control': 'no-store' };

export const endpointRoutes = (options: EndpointRoutesOptions): readonly Route[] => [
  ...settingsRoutes(options),
  ...actionRoutes(options),
  ...keyRoutes(options),
];

const endpointQuery = (wires: Wires) =>
  listQuery.extend({
    ...ofWorkspace,
    url: z
      .string()
      .max(2_048)
      .optional()
      .describe('Only endpoints with this `target_url`, in any spelling of the same URL.'),
    active: z.enum(['true', 'false']).optional().describe('Only enabled endpoints, or only disabled ones.'),
    event: typePattern
      .optional()
      .describe(
        'Only endpoints subscribed to this name or prefix, by the same name, by a prefix such as `order.*`, or by `*`.',
      ),
    dialect: z
      .enum([...wires.keys()])
      .optional()
      .describe('Only endpoints of this dialect.'),
  });

/** Creating, reading, changing and deleting endpoints. */
function settingsRoutes({ endpoints, wires }: EndpointRoutesOptions): readonly Route[] {
  const { newEndpoint, endpointChange } = endpointBodies(wires);
  const onWire = (row: EndpointRow) => endpointOnWire(row, wires);
  return [
    route({
      method: 'POST',
      record: endpointTag,
      path: '/v1/webhooks',
      creates: true,
      tag,
      summary: 'Create an endpoint',
      description: `The signing secret is returned only in this response. A target_url that is not https, contains credentials or leads to a private address is refused; a host name without an address is accepted and checked at each connection. A workspace has at most as many endpoints as its limit allows, and an organization at most ${endpointsMax.toLocaleString('en')} without a workspace.`,
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'createWebhook',
      body: newEndpoint,
      bodyExample: {
        target_url: endpointExample.target_url,
        events: endpointExample.events,
        description: endpointExample.description,
      },
      answers: {
        201: {
          description: 'The endpoint, with its secret.',
          schema: oneWithSecret.extend({ warnings }),
          example: { data: withSecret },
        },
        403: { description: 'The key is bound to another workspace.' },
        409: {
          description: 'The workspace, or the organization without its workspaces, has no room for another endpoint.',
        },
      },
      handle: async ({ body }, principal) => {
        const { endpoint, secret } = await endpoints.create(principal, body);
        return {
          status: 201,
          body: {
            data: { ...onWire(endpoint), secret },
            ...warned([
              ...(await endpoints.patternWarnings(endpoint)),
              ...secretWarnings(secret),
              ...endpoints.tlsWarnings(endpoint),
            ]),
          },
          headers: unstored,
        };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/webhooks',
      tag,
      summary: 'List endpoints, newest first',
      description: 'A key that is bound to a workspace sees only the endpoints of that workspace.',
      scope: 'webhooks:read',
      boundKeys: 'own',
      operationId: 'listWebhooks',
      query: endpointQuery(wires),
      answers: listAnswers('A page of endpoints.', endpointShape, endpointExample),
      handle: async ({ query }, principal) => {
        const page = listingOf('/v1/webhooks', query);
        const { endpoints: rows, total } = await endpoints.list(within(principal, query), page, {
          ...query,
          active: query.active === undefined ? undefined : query.active === 'true',
        });
        return { status: 200, body: listBody(query, page, rows, onWire, { total }) };
      },
    }),
    route({
      method: 'GET',
      record: endpointTag,
      path: '/v1/webhooks/:id',
      tag,
      summary: 'Get an endpoint',
      scope: 'webhooks:read',
      boundKeys: 'own',
      operationId: 'getWebhook',
      params: id,
      answers: {
        200: { description: 'The endpoint, without its secret.', schema: one, example: { data: endpointExample } },
        ...noSuchEndpoint,
      },
      handle: async ({ params }, principal) => ({
        status: 200,
        body: { data: onWire(await endpoints.get(principal, endpointId(params))) },
      }),
    }),
    route({
      method: 'PATCH',
      record: endpointTag,
      path: '/v1/webhooks/:id',
      tag,
      summary: 'Change an endpoint',
      description:
        'Changes the given fields; lists and objects are replaced as a whole. `is_active: true` enables the endpoint without releasing held deliveries. A new dialect applies from the next attempt; past attempts keep theirs.',
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'updateWebhook',
      params: id,
      body: endpointChange,
      bodyExample: { events: ['reply.*'], max_in_flight: 8 },
      answers: {
        200: {
          description: 'The updated endpoint.',
          schema: oneWithWarnings,
          example: { data: { ...endpointExample, events: ['reply.*'], max_in_flight: 8 } },
        },
        ...noSuchEndpoint,
      },
      handle: async ({ params, body }, principal) => {
        const endpoint = await endpoints.update(principal, endpointId(params), body);
        const about =
          body.events === undefined && body.dialect === undefined ? [] : await endpoints.patternWarnings(endpoint);
        return {
          status: 200,
          body: { data: onWire(endpoint), ...warned([...about, ...endpoints.tlsWarnings(endpoint)]) },
        };
      },
    }),
    route({
      method: 'DELETE',
      record: endpointTag,
      path: '/v1/webhooks/:id',
      tag,
      summary: 'Delete an endpoint',
      description: 'Pending deliveries are marked as failed. Past deliveries remain available by id.',
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'deleteWebhook',
      params: id,
      answers: { 204: { description: 'Deleted.' }, ...noSuchEndpoint },
      handle: async ({ params }, principal) => {
        await endpoints.remove(principal, endpointId(params));
        return { status: 204 };
      },
    }),
  ];
}

/** Enabling, rotating the secret and sending a test event. */
function actionRoutes({ endpoints, sendTest, wires }: EndpointRoutesOptions): readonly Route[] {
  const onWire = (row: EndpointRow) => endpointOnWire(row, wires);
  return [
    route({
      method: 'POST',
      record: endpointTag,
      path: '/v1/webhooks/:id/enable',
      tag,
      summary: 'Enable an endpoint and release held deliveries',
      description: 'Can also be called on an active endpoint, to release deliveries that an earlier call left held.',
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'enableWebhook',
      params: id,
      body: z.strictObject({
        release_held: z
          .boolean()
          .default(false)
          .describe(
            'true: held deliveries are sent now. false: they stay held; with `ordering: fifo`, newer deliveries wait for them.',
          ),
      }),
      bodyExample: { release_held: true },
      answers: {
        200: {
          description: 'The endpoint, and how many deliveries were released.',
          schema: one.extend({ released: z.int() }),
          example: { data: endpointExample, released: 12 },
        },
        ...noSuchEndpoint,
      },
      handle: async ({ params, body }, principal) => {
        const { endpoint, released } = await endpoints.enable(principal, endpointId(params), body.release_held);
        return { status: 200, body: { data: onWire(endpoint), released } };
      },
    }),
    route({
      method: 'POST',
      record: endpointTag,
      path: '/v1/webhooks/:id/rotate-secret',
      creates: true,
      tag,
      summary: 'Rotate the signing secret of an endpoint',
      description:
        'During the overlap, `webhook-signature` contains one signature per secret; a header with room for a single signature, such as `x-defrost-signature`, is signed with the secret that `sign_with` names. Another rotation during the overlap drops the oldest secret.',
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'rotateWebhookSecret',
      params: id,
      body: z.strictObject({
        overlap_seconds: z.int().min(0).max(604_800).default(defaultOverlapSeconds),
        secret: ownSecret.optional(),
        sign_with: z
          .enum(['old', 'new'])
          .default('old')
          .describe('The secret that signs headers with room for a single signature during the overlap.'),
      }),
      bodyExample: { overlap_seconds: defaultOverlapSeconds },
      answers: {
        200: {
          description: 'The endpoint, with its new secret.',
          schema: oneWithSecret.extend({ warnings }),
          example: { data: { ...withSecret, previous_secret_expires_at: '2026-01-06T09:00:00.000Z' } },
        },
        ...noSuchEndpoint,
      },
      handle: async ({ params, body }, principal) => {
        const { endpoint, secret } = await endpoints.rotateSecret(principal, endpointId(params), {
          overlapSeconds: body.overlap_seconds,
          secret: body.secret,
          signWith: body.sign_with,
        });
        return {
          status: 200,
          body: { data: { ...onWire(endpoint), secret }, ...warned(secretWarnings(secret)) },
          headers: unstored,
        };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/webhooks/:id/test',
      tag,
      summary: 'Send a test event',
      description:
        "Sends one event to this endpoint only, whatever its subscriptions, in a single attempt. Get the delivery to see the receiver's response.",
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'testWebhook',
      params: id,
      headers: z.object({
        'Idempotency-Key': idempotencyKey
          .optional()
          .describe(
            'A key of your choice: the same key with the same event type returns the first test again; with another type it answers `conflict`.',
          ),
      }),
      body: z.strictObject({
        event: z
          .string()
          .min(1)
          .max(128)
          .optional()
          .describe('The event type whose example is sent. Default: `webhook.test`.'),
      }),
      bodyExample: { event: 'reply.received' },
      answers: {
        202: {
          description: 'The test event is queued.',
          schema: dataOf(z.object({ event_id: z.uuid(), delivery_id: z.uuid() })),
          example: {
            data: {
              event_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1e00',
              delivery_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1e01',
            },
          },
        },
        409: {
          description:
            'The endpoint is disabled (enable it first), this server cannot read it, or the Idempotency-Key was used with another event type.',
        },
        ...noSuchEndpoint,
      },
      handle: async ({ params, body, headers }, principal) => {
        const key = headers['idempotency-key']?.toString();
        const sent = await sendTest(principal, endpointId(params), body.event, key);
        return {
          status: 202,
          body: { data: { event_id: sent.eventId, delivery_id: sent.deliveryId } },
          ...(sent.isRepeated ? { headers: replayed } : {}),
        };
      },
    }),
  ];
}
