import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { DeliveryId, EndpointId, EventId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Wires } from '../../delivery/wire.ts';
import { defaultOverlapSeconds, endpointsMax } from './endpoints.ts';
import type { Endpoints, Tenant } from './endpoints.ts';
import {
  endpointBodies,
  endpointExample,
  endpointOnWire,
  endpointShape,
  endpointWithSecretShape,
  ownSecret,
  secretExample,
} from './schemas.ts';
import type { EndpointRow } from './queries.ts';
import { secretWarnings } from './secrets.ts';
import type { SigningKeys } from './signing-keys.ts';

export interface WebhookParts {
  readonly endpoints: Endpoints;
  readonly wires: Wires;
  /** Sends a test event of a type, or of the default one, to one endpoint. */
  readonly sendTest: (
    tenant: Tenant,
    id: EndpointId,
    type?: string,
  ) => Promise<{ eventId: EventId; deliveryId: DeliveryId }>;
  readonly signingKeys: SigningKeys;
}

const tag = 'Webhooks';
const id = z.object({ id: z.uuid() });
const endpointId = (params: { id: string }): EndpointId => params.id as EndpointId;
const one = z.object({ data: endpointShape });
/** Only where there is something to say. */
const warnings = z
  .array(z.string())
  .optional()
  .describe(
    'What may be a mistake: a name in `events` that no known event type has, or a secret that cannot make the `webhook-signature`. Missing when there is nothing to report.',
  );
const oneWithWarnings = one.extend({ warnings });
const oneWithSecret = z.object({ data: endpointWithSecretShape });
const withSecret = { ...endpointExample, secret: secretExample };
const noSuchEndpoint = {
  404: { description: 'No such endpoint in this organization, or it belongs to another workspace than the key.' },
};
const warned = (about: readonly string[]): { warnings?: readonly string[] } =>
  about.length === 0 ? {} : { warnings: about };
/** An answer with a secret is for nobody's cache. */
const unstored = { 'cache-control': 'no-store' };

const keyAnswers = {
  200: {
    description: 'JSON Web Keys (RFC 8037), each also in the form of Standard Webhooks.',
    schema: z.object({
      keys: z.array(
        z.object({
          kid: z.uuid(),
          kty: z.literal('OKP'),
          crv: z.literal('Ed25519'),
          alg: z.literal('EdDSA'),
          use: z.literal('sig'),
          x: z.string(),
          public_key: z.string(),
        }),
      ),
    }),
    example: {
      keys: [
        {
          kid: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1f00',
          kty: 'OKP',
          crv: 'Ed25519',
          alg: 'EdDSA',
          use: 'sig',
          x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
          public_key: 'whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
        },
      ],
    },
  },
};

export const endpointRoutes = ({ endpoints, sendTest, signingKeys, wires }: WebhookParts): readonly Route[] => {
  const { newEndpoint, endpointChange } = endpointBodies(wires);
  const onWire = (row: EndpointRow) => endpointOnWire(row, wires);
  return [
    route({
      method: 'POST',
      path: '/v1/webhooks',
      tag,
      summary: 'Register an endpoint',
      description: `The signing secret is in this one answer only. A target_url that is not https, holds credentials or leads to a private address is refused; a host name that has no address yet is accepted, and checked at each connection. An organization has at most ${endpointsMax} endpoints.`,
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
        409: { description: `The organization has ${endpointsMax} endpoints already.` },
      },
      handle: async ({ body }, principal) => {
        const { endpoint, secret } = await endpoints.create(principal, {
          ...body,
          workspace_id: body.workspace_id as WorkspaceId | undefined,
        });
        return {
          status: 201,
          body: {
            data: { ...onWire(endpoint), secret },
            ...warned([...(await endpoints.warnings(endpoint)), ...secretWarnings(secret)]),
          },
          headers: unstored,
        };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/webhooks',
      tag,
      summary: 'List endpoints, the newest first',
      description: 'A key that is bound to a workspace sees those of its workspace.',
      scope: 'webhooks:read',
      boundKeys: 'own',
      operationId: 'listWebhooks',
      query: pageQuery,
      answers: {
        200: {
          description: 'A page of endpoints.',
          schema: pageOf(endpointShape),
          example: { data: [endpointExample], page: 1, page_size: 25, total: 1 },
        },
      },
      handle: async ({ query: { page, page_size: pageSize } }, principal) => {
        const { endpoints: rows, total } = await endpoints.list(principal, {
          limit: pageSize,
          offset: (page - 1) * pageSize,
        });
        return { status: 200, body: { data: rows.map(onWire), page, page_size: pageSize, total } };
      },
    }),
    route({
      method: 'GET',
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
      path: '/v1/webhooks/:id',
      tag,
      summary: 'Change an endpoint',
      description:
        'Changes what is given; lists and objects are replaced as a whole. `is_active: true` enables the endpoint and leaves what is held as it is. Another dialect counts from the next attempt on; attempts made keep theirs.',
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'updateWebhook',
      params: id,
      body: endpointChange,
      bodyExample: { events: ['reply.*'], max_in_flight: 8 },
      answers: {
        200: {
          description: 'The endpoint as it is now.',
          schema: oneWithWarnings,
          example: { data: { ...endpointExample, events: ['reply.*'], max_in_flight: 8 } },
        },
        ...noSuchEndpoint,
      },
      handle: async ({ params, body }, principal) => {
        const endpoint = await endpoints.update(principal, endpointId(params), body);
        const about = body.events === undefined && body.dialect === undefined ? [] : await endpoints.warnings(endpoint);
        return { status: 200, body: { data: onWire(endpoint), ...warned(about) } };
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/webhooks/:id',
      tag,
      summary: 'Delete an endpoint',
      description: 'Deliveries that wait for it end as failed. Those made can still be looked at by their ids.',
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
    route({
      method: 'POST',
      path: '/v1/webhooks/:id/enable',
      tag,
      summary: 'Enable an endpoint, and release what is held for it',
      description: 'Also on an endpoint that is active: releases what an earlier call left held.',
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'enableWebhook',
      params: id,
      body: z.strictObject({
        release_held: z
          .boolean()
          .default(false)
          .describe(
            'true: held deliveries go out now. false: they stay held, and on an endpoint with `ordering: fifo` newer deliveries wait for them.',
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
      path: '/v1/webhooks/:id/rotate-secret',
      tag,
      summary: 'Give an endpoint a new signing secret',
      description:
        'Until the overlap is over, `webhook-signature` holds a signature by each secret; a header that has room for one, such as `x-defrost-signature`, is made with the secret that `sign_with` names. A third secret ends the first.',
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
          .describe('Which secret makes the headers that have room for one signature, until the overlap is over.'),
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
        'Sends one event to this endpoint alone, whatever it subscribed to, in a single attempt. Look at the delivery to see what the receiver answered.',
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'testWebhook',
      params: id,
      body: z.strictObject({
        event: z
          .string()
          .min(1)
          .max(128)
          .optional()
          .describe('A type, whose example is sent; `webhook.test` when not said.'),
      }),
      bodyExample: { event: 'reply.received' },
      answers: {
        202: {
          description: 'It is on its way.',
          schema: z.object({ data: z.object({ event_id: z.uuid(), delivery_id: z.uuid() }) }),
          example: {
            data: {
              event_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1e00',
              delivery_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1e01',
            },
          },
        },
        409: { description: 'The endpoint is disabled (enable it first), or this server cannot read it.' },
        ...noSuchEndpoint,
      },
      handle: async ({ params, body }, principal) => {
        const { eventId, deliveryId } = await sendTest(principal, endpointId(params), body.event);
        return { status: 202, body: { data: { event_id: eventId, delivery_id: deliveryId } } };
      },
    }),
    route({
      method: 'GET',
      path: '/.well-known/webhook-keys',
      tag,
      summary: 'Public keys of ed25519 signatures',
      description:
        'One an organization; compare it with the `public_key` of your endpoint. A receiver must trust the key of its sender only, not every key of this list.',
      scope: null,
      operationId: 'listWebhookKeys',
      answers: keyAnswers,
      handle: async () => ({
        status: 200,
        body: { keys: await signingKeys.published() },
        headers: { 'cache-control': 'public, max-age=60' },
      }),
    }),
    route({
      method: 'GET',
      path: '/.well-known/webhook-keys/:organization',
      tag,
      summary: 'Public keys of the ed25519 signatures of one organization',
      description:
        'The list that a receiver trusts: the keys of its sender, `organization_id` of a delivery or `id` of `GET /v1/organization`. Empty when it has none.',
      scope: null,
      operationId: 'listOrganizationWebhookKeys',
      params: z.object({ organization: z.uuid().toLowerCase() }),
      answers: keyAnswers,
      handle: async ({ params }) => ({
        status: 200,
        body: { keys: await signingKeys.published(params.organization as OrganizationId) },
        headers: { 'cache-control': 'public, max-age=60' },
      }),
    }),
  ];
};
