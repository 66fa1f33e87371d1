import { z } from 'zod';
import type { EndpointId } from '../../base/ids.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { Domain } from '../vendor.ts';
import { allOf, restWebhooks, webhookFields, webhooksOf } from '../webhooks.ts';
import {
  aCreatedWebhook,
  aTest,
  aWebhook,
  delivery,
  deliveries as pageOfDeliveries,
  names,
  theCaller,
  webhook,
  webhooks as allWebhooks,
} from './answers.ts';
import { warmysenderSurface as surface } from './surface.ts';
import { warmysender } from './wire.ts';

const path = '/api/v1/webhooks';
const common = { surface, tag: 'WarmySender', boundKeys: 'own' } as const;
/** The vendor's clients also subscribe to the test event, which a test sends whether or not the webhook subscribes to it. */
const accepted = ['webhook.test'];

const newWebhook = z.strictObject({
  url: webhookFields.url,
  events: webhookFields.events,
  description: webhookFields.description.optional(),
  isActive: z.boolean().optional(),
});
const params = z.object({ id: z.uuid() });
export const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.uuid().optional(),
});

const idOf = ({ id }: z.output<typeof params>): EndpointId => id as EndpointId;

/**
 * WarmySender's calls for the calling key and for webhooks, under `/api/v1` with a Bearer key. They follow the vendor's pages and clients
 * (warmysender.com/docs/integrations): camelCase, one list of all webhooks, `pagination` with `has_more` and `next_cursor` where there are
 * pages. The calls that get, change and test a webhook or list its deliveries are ours. They create endpoints of the warmysender dialect.
 */
export function warmysenderRoutes({ endpoints, deliveries, keyOf }: Domain): readonly Route[] {
  const { create, update, offered } = webhooksOf(endpoints, warmysender, { accepted });
  const rest = restWebhooks(endpoints, {
    ...common,
    path,
    params,
    newWebhook,
    webhookChange: newWebhook.partial(),
    answers: {
      created: aCreatedWebhook('The webhook with its secret, which no later response shows.'),
      webhook: aWebhook,
    },
    find: (principal, given) => endpoints.get(principal, idOf(given)),
    create: (principal, { url, events, description, isActive }) =>
      create(principal, { target_url: url, events, description, is_active: isActive }),
    update: (principal, row, { url, events, description, isActive }) =>
      update(principal, row, { target_url: url, events, description, is_active: isActive }),
    shown: (row, secret) => ({ data: { ...webhook.of(row), ...(secret === undefined ? {} : { secret }) } }),
  });

  const me = route({
    ...common,
    method: 'GET',
    path: '/api/v1/me',
    summary: 'Get the calling key and its organization',
    description:
      "The vendor's only answer that is not wrapped in `data`. `workspace` is the key's workspace, or its organization if the key is not bound to a workspace.",
    scope: 'any',
    answers: { 200: theCaller('The key, its scopes and its organization.') },
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
  });
  const list = route({
    ...common,
    method: 'GET',
    path,
    summary: 'List webhooks, newest first',
    scope: 'webhooks:read',
    answers: { 200: allWebhooks('All webhooks.') },
    handle: async (_request, principal) => ({
      status: 200,
      body: { data: (await allOf(endpoints, principal)).map(webhook.of) },
    }),
  });
  const test = route({
    ...common,
    method: 'POST',
    path: `${path}/:id/test`,
    summary: 'Send webhook.test to a webhook',
    scope: 'webhooks:write',
    params,
    body: z.strictObject({}),
    answers: { 202: aTest('The test is queued.'), 409: { description: 'The webhook is not active.' } },
    handle: async (request, principal) => {
      const { eventId, deliveryId } = await deliveries.test(principal, idOf(request.params));
      return { status: 202, body: { data: { eventId, deliveryId } } };
    },
  });
  const listDeliveries = route({
    ...common,
    method: 'GET',
    path: `${path}/:id/deliveries`,
    summary: 'List deliveries of a webhook, newest first',
    scope: 'webhooks:read',
    params,
    query: page,
    answers: { 200: pageOfDeliveries('A page of deliveries.') },
    handle: async (request, principal) => {
      const { cursor, limit } = request.query;
      const search = { limit, after: cursor === undefined ? undefined : { id: cursor } };
      const { deliveries: rows, nextCursor } = await deliveries.list(principal, idOf(request.params), search);
      return {
        status: 200,
        body: { data: rows.map(delivery.of), pagination: { has_more: nextCursor !== null, next_cursor: nextCursor } },
      };
    },
  });
  return [
    me,
    rest.create,
    list,
    rest.eventTypes(offered, names('The names of the event types.')),
    rest.get,
    rest.change('PATCH'),
    rest.remove,
    test,
    listDeliveries,
  ];
}
