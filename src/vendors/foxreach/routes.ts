import { z } from 'zod';
import { ApiError, notFound } from '../../base/errors.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { EndpointId } from '../../base/ids.ts';
import type { EndpointRow, Endpoints, HealthRow } from '../../webhooks/endpoints/index.ts';
import { subscribable } from '../../delivery/event-names.ts';
import { aCreatedWebhook, aWebhook, names, webhooks } from './answers.ts';
import { foxreachSurface as surface } from './surface.ts';
import { foxreachId, uuidOf } from './wire-ids.ts';
import { foxreach } from './wire.ts';

const tag = 'FoxReach';
const eventNames = subscribable(foxreach);

const fields = {
  url: z.string().min(1, 'must not be empty').max(2_048, 'must have at most 2048 characters'),
  events: z
    .array(z.string().max(128, 'must have at most 128 characters'))
    .min(1, 'must name at least one event type')
    .max(100, 'must name at most 100'),
  isActive: z.boolean(),
};
const newWebhook = z.strictObject({ ...fields, isActive: fields.isActive.default(true) });
const webhookChange = z.strictObject(z.object(fields).partial().shape);

export const page = z.strictObject({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(100).default(50),
});

/** Anything is looked at as an id: what is none names nothing. */
const params = z.object({ id: z.string() });

function endpointId({ id }: z.output<typeof params>): EndpointId {
  const uuid = uuidOf('cwh', id);
  if (uuid === undefined) throw notFound('Webhook');
  return uuid as EndpointId;
}

/** As FoxReach calls them, where it has a name for it; an endpoint of another dialect keeps its own. */
const eventsOf = ({ dialect, events }: EndpointRow): string[] =>
  dialect === foxreach.name ? [...new Set(events.map((name) => foxreach.eventName(name) ?? name))] : events;

/** @throws ApiError `validation_failed`, in the words of the API's pages. */
function assertEvents(events: readonly string[], known: readonly string[]): void {
  const unknown = [...new Set(events)].filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new ApiError(
    'validation_failed',
    `Invalid event types: ${unknown.join(', ')}. Available: ${eventNames.join(', ')}.`,
  );
}

const webhookOf = (row: EndpointRow, health: HealthRow | undefined, secret?: string) => ({
  id: foxreachId('cwh', row.id),
  url: row.target_url,
  isActive: row.is_active,
  events: eventsOf(row),
  ...(secret === undefined ? {} : { secret }),
  lastDeliveredAt: health?.last_delivered_at?.toISOString() ?? null,
  consecutiveFailures: health?.consecutive_failures ?? 0,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

/** FoxReach's calls for webhooks: `/api/v1/webhooks`. Endpoints made here speak the foxreach dialect. */
export function foxreachRoutes(endpoints: Endpoints): readonly Route[] {
  const shown = async (row: EndpointRow): Promise<object> =>
    webhookOf(row, (await endpoints.health([row])).get(row.id));

  return [
    route({
      method: 'POST',
      path: '/api/v1/webhooks',
      surface,
      tag,
      summary: 'Create a webhook',
      scope: 'webhooks:write',
      boundKeys: 'own',
      body: newWebhook,
      answers: { 201: aCreatedWebhook('The webhook, with its secret, which is in this one answer only.') },
      handle: async ({ body: { url, events, isActive } }, principal) => {
        assertEvents(events, eventNames);
        const { endpoint, secret } = await endpoints
          .create(principal, { target_url: url, events, is_active: isActive, dialect: 'foxreach' });
        return {
          status: 201,
          body: { data: webhookOf(endpoint, undefined, secret) },
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
      query: page,
      answers: { 200: webhooks('A page of webhooks.') },
      handle: async ({ query }, principal) => {
        const { endpoints: rows, total } = await endpoints.list(principal, {
          limit: query.pageSize,
          offset: (query.page - 1) * query.pageSize,
        });
        const health = await endpoints.health(rows);
        return {
          status: 200,
          body: {
            data: rows.map((row) => webhookOf(row, health.get(row.id))),
            meta: { ...query, total, totalPages: Math.ceil(total / query.pageSize) },
          },
        };
      },
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
        body: { data: await shown(await endpoints.get(principal, endpointId(request.params))) },
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
        const id = endpointId(request.params);
        const { url, events, isActive } = request.body;
        const before = await endpoints.get(principal, id);
        // What a caller read here may be sent back, and the slice knows what other dialects have.
        if (events !== undefined && before.dialect === foxreach.name)
          assertEvents(events, [...eventNames, ...eventsOf(before)]);
        const after = await endpoints
          .update(principal, id, { target_url: url, events, is_active: isActive });
        return { status: 200, body: { data: await shown(after) } };
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
      answers: { 204: { description: 'Deleted.' } },
      handle: async (request, principal) => {
        await endpoints.remove(principal, endpointId(request.params));
        return { status: 204 };
      },
    }),
  ];
}
