import { z } from 'zod';
import type { ApiKey } from '../../auth/index.ts';
import type { Delivery } from '../../delivery/queue/log.ts';
import { route } from '../../http/route.ts';
import type { Principal, Route } from '../../http/route.ts';
import type { EndpointId } from '../../base/ids.ts';
import { endpointsMax } from '../../webhooks/endpoints/index.ts';
import type { Deliveries } from '../../webhooks/deliveries/index.ts';
import type { EndpointRow, Endpoints } from '../../webhooks/endpoints/index.ts';
import { assertEvents } from '../errors.ts';
import { subscribable } from '../../delivery/event-names.ts';
import {
  aCreatedWebhook,
  aTest,
  aWebhook,
  deliveries as deliveriesShown,
  names,
  theCaller,
  webhooks,
} from './answers.ts';
import { warmysenderSurface as surface } from './surface.ts';
import { warmysender } from './wire.ts';

interface Parts {
  readonly endpoints: Endpoints;
  readonly deliveries: Deliveries;
  readonly keyOf: (principal: Principal) => Promise<ApiKey>;
}

const tag = 'WarmySender';
const eventNames = subscribable(warmysender);
/** Clients of the vendor subscribe to the test too, which is sent on request all the same. */
const testNames = ['webhook.test'];

const fields = {
  url: z.string().min(1, 'must not be empty').max(2_048, 'must have at most 2048 characters'),
  events: z
    .array(z.string().max(128, 'must have at most 128 characters'))
    .min(1, 'must name at least one event')
    .max(100, 'must name at most 100 events'),
  description: z.string().max(500, 'must have at most 500 characters').optional(),
  isActive: z.boolean().optional(),
};
const newWebhook = z.strictObject(fields);
const webhookChange = z.strictObject(z.object(fields).partial().shape);
const params = z.object({ id: z.uuid() });
const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.uuid().optional(),
});

const idOf = ({ id }: z.output<typeof params>): EndpointId => id as EndpointId;

/** As WarmySender calls them, where it has a name for it; an endpoint of another dialect keeps its own. */
const eventsOf = ({ dialect, events }: EndpointRow): string[] =>
  dialect === warmysender.name ? [...new Set(events.map((name) => warmysender.eventName(name) ?? name))] : events;

const webhookOf = (row: EndpointRow) => ({
  id: row.id,
  url: row.target_url,
  description: row.description ?? '',
  events: eventsOf(row),
  isActive: row.is_active,
  secretPrefix: row.secret_prefix,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

/** What is held is pending: its webhook is, or was, not active. */
const deliveryOf = (delivery: Delivery) => ({
  id: delivery.id,
  eventId: delivery.event_id,
  eventType: warmysender.eventName(delivery.event_type) ?? delivery.event_type,
  status: delivery.state === 'held' ? 'pending' : delivery.state,
  attemptCount: delivery.attempt_count,
  statusCode: delivery.last_status_code,
  error: delivery.last_error,
  createdAt: delivery.created_at.toISOString(),
  completedAt: delivery.completed_at?.toISOString() ?? null,
});

/**
 * WarmySender's calls for the caller and for webhooks, below `/api/v1` with a Bearer key. What its pages and clients show is followed
 * (warmysender.com/docs/integrations): camelCase, one list of all webhooks, `pagination` with `has_more` and `next_cursor` where there is
 * paging. The single webhook, its change, its test and its deliveries are ours. Endpoints made here speak the warmysender dialect.
 */
export const warmysenderRoutes = ({ endpoints, deliveries, keyOf }: Parts): readonly Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/me',
    surface,
    tag,
    summary: 'Who the key belongs to',
    description:
      "The vendor's one answer without `data` around it. A key sees its workspace, or all of its organization: that is the `workspace`.",
    scope: 'any',
    boundKeys: 'own',
    answers: { 200: theCaller('The key, its scopes and whose it is.') },
    handle: async (_request, principal) => {
      const { id, name, scopes } = await keyOf(principal);
      return {
        status: 200,
        body: {
          apiKey: { id, name, scopes },
          workspace: { id: principal.workspaceId ?? principal.organizationId },
          organization: { id: principal.organizationId, slug: principal.organizationSlug },
          sandbox: principal.sandbox,
        },
      };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/webhooks',
    surface,
    tag,
    summary: 'Create a webhook',
    scope: 'webhooks:write',
    boundKeys: 'own',
    body: newWebhook,
    answers: { 201: aCreatedWebhook('The webhook, and its secret in this one answer only.') },
    handle: async ({ body: { url, events, description, isActive } }, principal) => {
      assertEvents(events, eventNames, testNames);
      const { endpoint, secret } = await endpoints.create(principal, {
        target_url: url,
        events,
        description,
        is_active: isActive,
        dialect: 'warmysender',
      });
      return {
        status: 201,
        body: { data: { ...webhookOf(endpoint), secret } },
        headers: { 'cache-control': 'no-store' },
      };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/webhooks',
    surface,
    tag,
    summary: 'List webhooks, the newest first',
    scope: 'webhooks:read',
    boundKeys: 'own',
    answers: { 200: webhooks('All of them.') },
    handle: async (_request, principal) => ({
      status: 200,
      body: { data: (await endpoints.list(principal, { limit: endpointsMax, offset: 0 })).endpoints.map(webhookOf) },
    }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/webhooks/events',
    surface,
    tag,
    summary: 'List event types',
    scope: 'webhooks:read',
    boundKeys: 'own',
    answers: { 200: names('Their names.') },
    handle: () => ({ status: 200, body: { data: eventNames } }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/webhooks/:id',
    surface,
    tag,
    summary: 'Get a webhook',
    scope: 'webhooks:read',
    boundKeys: 'own',
    params,
    answers: { 200: aWebhook('The webhook, without its secret.') },
    handle: async (request, principal) => ({
      status: 200,
      body: { data: webhookOf(await endpoints.get(principal, idOf(request.params))) },
    }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/webhooks/:id',
    surface,
    tag,
    summary: 'Change a webhook',
    scope: 'webhooks:write',
    boundKeys: 'own',
    params,
    body: webhookChange,
    answers: { 200: aWebhook('The webhook as it is now.') },
    handle: async (request, principal) => {
      const { url, events, description, isActive } = request.body;
      const before = await endpoints.get(principal, idOf(request.params));
      // What a caller read here may be sent back; what other dialects have, the slice knows.
      if (events !== undefined && before.dialect === warmysender.name)
        assertEvents(events, eventNames, [...testNames, ...eventsOf(before)]);
      return {
        status: 200,
        body: {
          data: webhookOf(
            await endpoints.update(principal, before.id, { target_url: url, events, description, is_active: isActive }),
          ),
        },
      };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/webhooks/:id',
    surface,
    tag,
    summary: 'Delete a webhook',
    scope: 'webhooks:write',
    boundKeys: 'own',
    params,
    answers: { 204: { description: 'Deleted; deliveries that waited for it end as failed.' } },
    handle: async (request, principal) => {
      await endpoints.remove(principal, idOf(request.params));
      return { status: 204 };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/webhooks/:id/test',
    surface,
    tag,
    summary: 'Send webhook.test to a webhook',
    scope: 'webhooks:write',
    boundKeys: 'own',
    params,
    body: z.strictObject({}),
    answers: { 202: aTest('It is on its way.'), 409: { description: 'The webhook is not active.' } },
    handle: async (request, principal) => {
      const { eventId, deliveryId } = await deliveries.test(principal, idOf(request.params));
      return { status: 202, body: { data: { eventId, deliveryId } } };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/webhooks/:id/deliveries',
    surface,
    tag,
    summary: 'List deliveries of a webhook, the newest first',
    scope: 'webhooks:read',
    boundKeys: 'own',
    params,
    query: page,
    answers: { 200: deliveriesShown('A page of deliveries.') },
    handle: async (request, principal) => {
      const { deliveries: rows, nextCursor } = await deliveries.list(principal, idOf(request.params), request.query);
      return {
        status: 200,
        body: { data: rows.map(deliveryOf), pagination: { has_more: nextCursor !== null, next_cursor: nextCursor } },
      };
    },
  }),
];
