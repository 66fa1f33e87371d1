import { z } from 'zod';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { Endpoints } from '../../webhooks/endpoints/index.ts';
import { allOf, restWebhooks } from '../webhooks.ts';
import { aCreatedWebhook, aWebhook, webhook, webhooks } from './answers.ts';
import { listCharactersMax, namesOf, patternsOf } from './event-lists.ts';
import { mailpandaSurface as surface } from './surface.ts';
import { mailpanda } from './wire.ts';

const path = '/api/webhooks/manage';
const tag = 'MailPanda';

const fields = {
  url: z.string().min(1).max(2_048),
  events: z.string().min(1).max(listCharactersMax),
  secret: z.string().max(256).optional(),
};

/** The largest `integer` of PostgreSQL. A longer number names no webhook. */
const numberMax = 2_147_483_647;

/**
 * MailPanda's calls for webhooks, which it names by number. The vendor's page mentions a change and a deletion without showing them;
 * their form is ours.
 */
export function webhookRoutes(endpoints: Endpoints): readonly Route[] {
  const rest = restWebhooks(endpoints, {
    surface,
    tag,
    path,
    params: z.object({
      id: z
        .string()
        .regex(/^[1-9]\d{0,9}$/)
        .transform(Number)
        .refine((number) => number <= numberMax),
    }),
    newWebhook: z.strictObject(fields),
    webhookChange: z.strictObject({
      url: fields.url.optional(),
      events: fields.events.optional(),
      secret: fields.secret.describe('Replaces the current secret immediately.'),
      active: z.boolean().optional(),
    }),
    answers: {
      created: aCreatedWebhook('The webhook; with its secret if the request had none.'),
      webhook: aWebhook,
    },
    find: (principal, { id }) => endpoints.getByNumber(principal, id),
    async create(principal, { url, events, secret }) {
      const created = await endpoints.create(principal, {
        target_url: url,
        events: namesOf(events),
        secret,
        dialect: mailpanda.name,
      });
      return secret === undefined ? created : { endpoint: created.endpoint };
    },
    update(principal, row, { url, events, secret, active }) {
      const namesIn = (list: string): readonly string[] =>
        row.dialect === mailpanda.name ? namesOf(list) : patternsOf(list, row.events);
      return endpoints.update(principal, row.id, {
        target_url: url,
        events: events === undefined ? undefined : namesIn(events),
        secret,
        is_active: active,
      });
    },
    shown: (row, secret) => ({ ...webhook.of(row), ...(secret === undefined ? {} : { secret }) }),
  });

  const list = route({
    method: 'GET',
    path,
    surface,
    tag,
    summary: 'List webhooks, oldest first',
    scope: 'webhooks:read',
    boundKeys: 'own',
    answers: { 200: webhooks('All webhooks.') },
    handle: async (_request, principal) => ({
      status: 200,
      body: { webhooks: (await allOf(endpoints, principal)).map(webhook.of).reverse() },
    }),
  });
  return [list, rest.create, rest.get, rest.change('PUT'), rest.change('PATCH'), rest.remove];
}
