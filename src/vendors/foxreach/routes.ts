import { z } from 'zod';
import { ApiError, notFound } from '../../base/errors.ts';
import type { EndpointId } from '../../base/ids.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { Endpoints } from '../../webhooks/endpoints/index.ts';
import { restWebhooks, webhookFields, webhooksOf } from '../webhooks.ts';
import { aCreatedWebhook, aWebhook, names, webhook, webhooks as pageOfWebhooks } from './answers.ts';
import { foxreachSurface as surface } from './surface.ts';
import { uuidOf } from './wire-ids.ts';
import { foxreach } from './wire.ts';

const path = '/api/v1/webhooks';
const tag = 'FoxReach';
const fields = { url: webhookFields.url, events: webhookFields.events, isActive: z.boolean() };

export const page = z.strictObject({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(100).default(50),
});

type Page = z.output<typeof page>;

/** A page as LIMIT and OFFSET. */
export const sliceOf = ({ page: number, pageSize }: Page): { limit: number; offset: number } => ({
  limit: pageSize,
  offset: (number - 1) * pageSize,
});

/** The `meta` of a list. If the count is capped, a full page must not look like the last one. */
export function metaOf(
  { page: number, pageSize }: Page,
  {
    rows,
    total: counted,
    capped = false,
  }: { readonly rows: readonly unknown[]; readonly total: number; readonly capped?: boolean },
) {
  const atLeast = (number - 1) * pageSize + rows.length + (capped && rows.length === pageSize ? 1 : 0);
  const total = capped && rows.length > 0 ? Math.max(counted, atLeast) : counted;
  return { page: number, pageSize, total, totalPages: Math.ceil(total / pageSize) };
}

/** In the words of the vendor's pages. */
const refusal = (unknown: readonly string[], offered: readonly string[]): ApiError =>
  new ApiError('validation_failed', `Invalid event types: ${unknown.join(', ')}. Available: ${offered.join(', ')}.`);

/** FoxReach's calls for webhooks. They create endpoints of the foxreach dialect. */
export function webhookRoutes(endpoints: Endpoints): readonly Route[] {
  const { create, update, offered } = webhooksOf(endpoints, foxreach, { refusal });
  const rest = restWebhooks(endpoints, {
    surface,
    tag,
    path,
    // Accepts any text, so that a malformed id is answered with 404, not 422.
    params: z.object({ id: z.string() }),
    newWebhook: z.strictObject({ ...fields, isActive: fields.isActive.default(true) }),
    webhookChange: z.strictObject(fields).partial(),
    answers: {
      created: aCreatedWebhook('The webhook with its secret, which no later response shows.'),
      webhook: aWebhook,
    },
    find(principal, { id }) {
      const uuid = uuidOf('cwh', id);
      if (uuid === undefined) throw notFound('Webhook');
      return endpoints.get(principal, uuid as EndpointId);
    },
    create: (principal, { url, events, isActive }) =>
      create(principal, { target_url: url, events, is_active: isActive }),
    update: (principal, row, { url, events, isActive }) =>
      update(principal, row, { target_url: url, events, is_active: isActive }),
    async shown(row, secret) {
      const health = secret === undefined ? (await endpoints.health([row])).get(row.id) : undefined;
      return { data: webhook.of({ row, health, secret }) };
    },
  });

  const list = route({
    method: 'GET',
    path,
    surface,
    tag,
    summary: 'List webhooks, newest first',
    scope: 'webhooks:read',
    boundKeys: 'own',
    query: page,
    answers: { 200: pageOfWebhooks('A page of webhooks.') },
    handle: async ({ query }, principal) => {
      const { endpoints: rows, total } = await endpoints.list(principal, sliceOf(query));
      const health = await endpoints.health(rows);
      return {
        status: 200,
        body: {
          data: rows.map((row) => webhook.of({ row, health: health.get(row.id) })),
          meta: metaOf(query, { rows, total }),
        },
      };
    },
  });
  return [
    rest.create,
    list,
    rest.eventTypes(offered, names('The names of the event types.')),
    rest.get,
    rest.change('PATCH'),
    rest.remove,
  ];
}
