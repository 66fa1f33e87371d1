import { z } from 'zod';
import type { Delivery } from '../../delivery/queue/log.ts';
import { route } from '../../http/route.ts';
import type { Reply, Route } from '../../http/route.ts';
import type { EndpointId } from '../../base/ids.ts';
import { endpointsMax } from '../../webhooks/endpoints/index.ts';
import type { Deliveries } from '../../webhooks/deliveries/index.ts';
import type { EndpointRow, Endpoints } from '../../webhooks/endpoints/index.ts';
import { assertEvents } from '../errors.ts';
import { subscribable } from '../../delivery/event-names.ts';
import {
  aCreatedEndpoint,
  anEndpoint,
  answerOf,
  deliveries as deliveriesShown,
  endpoints as allEndpoints,
  nothing,
} from './answers.ts';
import { driftwoodSurface } from './surface.ts';
import { driftwood } from './wire.ts';

const surface = driftwoodSurface('webhooks');
const tag = 'Driftwood';
const noSuch = { description: 'No such webhook in this organization.' };
const full = { description: 'The organization has as many webhooks as it may.' };
const eventNames = subscribable(driftwood);

const id = z.uuid();
const fields = {
  url: z
    .string({ error: ({ input }) => (input === null ? 'is required' : undefined) })
    .min(1, 'is required')
    .max(2_048, 'must have at most 2048 characters'),
  description: z.string().max(500, 'must have at most 500 characters'),
  events: z
    .array(z.string().max(128, 'must have at most 128 characters'))
    .min(1, 'must name at least one event')
    .max(100, 'must name at most 100 events'),
};

/** Every answer is 200: the page speaks of one envelope for all calls, and of no other status. */
const ok = (result: object): Reply => ({ status: 200, body: { ok: true, result } });

/** `created_by`: the key that made it; the page's users are Outrider's keys. */
const endpointOf = (row: EndpointRow) => ({
  id: row.id,
  account_id: row.organization_id,
  created_by: row.created_by,
  url: row.target_url,
  // The page has it as text.
  description: row.description ?? '',
  secret_prefix: row.secret_prefix,
  events: row.events,
  is_active: row.is_active,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

/** What is held is not yet delivered either, and the page has no other word for it. */
const deliveryOf = (delivery: Delivery) => ({
  id: delivery.id,
  event_type: delivery.event_type,
  status: delivery.state === 'held' ? 'pending' : delivery.state,
  http_status_code: delivery.last_status_code,
  attempt_count: delivery.attempt_count,
  completed_at: delivery.completed_at?.toISOString() ?? null,
  created_at: delivery.created_at.toISOString(),
});

/** Driftwood's calls for webhooks: `POST /api/webhooks-…`. Endpoints made here speak the driftwood dialect. */
export const driftwoodRoutes = ({
  endpoints,
  deliveries,
}: {
  readonly endpoints: Endpoints;
  readonly deliveries: Deliveries;
}): readonly Route[] => [
  route({
    method: 'POST',
    path: '/api/webhooks-create',
    surface,
    tag,
    summary: 'Create a webhook',
    scope: 'webhooks:write',
    boundKeys: 'own',
    body: z.strictObject({ url: fields.url, events: fields.events, description: fields.description.optional() }),
    answers: {
      200: answerOf('The endpoint, and its signing secret in this one answer only.', aCreatedEndpoint),
      409: full,
    },
    handle: async ({ body: { url, events, description } }, principal) => {
      assertEvents(events, eventNames);
      const { endpoint, secret } = await endpoints.create(principal, {
        target_url: url,
        events,
        description,
        dialect: 'driftwood',
      });
      return {
        ...ok({ endpoint: endpointOf(endpoint), signing_secret: secret }),
        headers: { 'cache-control': 'no-store' },
      };
    },
  }),
  route({
    method: 'POST',
    path: '/api/webhooks-list',
    surface,
    tag,
    summary: 'List webhooks, the newest first',
    scope: 'webhooks:read',
    boundKeys: 'own',
    body: z.strictObject({}),
    answers: { 200: answerOf('All of them.', allEndpoints) },
    handle: async (_request, principal) => {
      const { endpoints: rows } = await endpoints.list(principal, { limit: endpointsMax, offset: 0 });
      return ok({ endpoints: rows.map(endpointOf) });
    },
  }),
  route({
    method: 'POST',
    path: '/api/webhooks-get',
    surface,
    tag,
    summary: 'Get a webhook',
    scope: 'webhooks:read',
    boundKeys: 'own',
    body: z.strictObject({ id }),
    answers: { 200: answerOf('The endpoint, without its secret.', anEndpoint), 404: noSuch },
    handle: async ({ body }, principal) =>
      ok({ endpoint: endpointOf(await endpoints.get(principal, body.id as EndpointId)) }),
  }),
  route({
    method: 'POST',
    path: '/api/webhooks-update',
    surface,
    tag,
    summary: 'Change a webhook',
    scope: 'webhooks:write',
    boundKeys: 'own',
    body: z.strictObject({ id, ...z.object({ ...fields, is_active: z.boolean() }).partial().shape }),
    answers: { 200: answerOf('The endpoint as it is now.', anEndpoint), 404: noSuch },
    handle: async ({ body: { id: given, url, ...change } }, principal) => {
      const before = await endpoints.get(principal, given as EndpointId);
      // What a caller read here may be sent back; what other dialects have, the slice knows.
      if (change.events !== undefined && before.dialect === driftwood.name)
        assertEvents(change.events, eventNames, before.events);
      return ok({ endpoint: endpointOf(await endpoints.update(principal, before.id, { ...change, target_url: url })) });
    },
  }),
  route({
    method: 'POST',
    path: '/api/webhooks-delete',
    surface,
    tag,
    summary: 'Delete a webhook',
    scope: 'webhooks:write',
    boundKeys: 'own',
    body: z.strictObject({ id }),
    answers: { 200: answerOf('Deleted; deliveries that waited for it end as failed.', nothing), 404: noSuch },
    handle: async ({ body }, principal) => {
      await endpoints.remove(principal, body.id as EndpointId);
      return ok({});
    },
  }),
  route({
    method: 'POST',
    path: '/api/webhooks-deliveries',
    surface,
    tag,
    summary: 'List deliveries of a webhook, the newest first',
    scope: 'webhooks:read',
    boundKeys: 'own',
    body: z.strictObject({ endpoint_id: id, limit: z.int().min(1).max(100).default(25) }),
    answers: { 200: answerOf('The newest deliveries.', deliveriesShown), 404: noSuch },
    handle: async ({ body }, principal) => {
      const { deliveries: rows } = await deliveries.list(principal, body.endpoint_id as EndpointId, {
        limit: body.limit,
      });
      return ok({ deliveries: rows.map(deliveryOf) });
    },
  }),
];
