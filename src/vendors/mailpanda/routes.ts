import { z } from 'zod';
import { cut } from '../../base/cut.ts';
import { wants } from '../../delivery/endpoint.ts';
import { invalid } from '../../base/errors.ts';
import { canonicalTypes } from '../../base/event-types.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { EndpointRow, Endpoints } from '../../webhooks/endpoints/index.ts';
import { allOf, restWebhooks } from '../webhooks.ts';
import { aCreatedWebhook, aWebhook, webhooks } from './answers.ts';
import { mailpandaSurface as surface } from './surface.ts';
import { mailpanda } from './wire.ts';

const path = '/api/webhooks/manage';
const tag = 'MailPanda';

const namePrefix = 'email.';
const shortName = (name: string): string => (name.startsWith(namePrefix) ? name.slice(namePrefix.length) : name);

/** The types that can be subscribed to, with their names in MailPanda's lists: `open`, `click`, `bounce`, `unsubscribe`. */
const offered = canonicalTypes.flatMap((type) => {
  const name = type === 'webhook.test' ? undefined : mailpanda.eventName(type);
  return name === undefined ? [] : [{ type, name, short: shortName(name) }];
});

/** As many names in one list as the other APIs take. */
const namesMax = 100;
const listCharactersMax = namesMax * 130;

const offeredAs = (name: string) => offered.find(({ short }) => short === shortName(name));

/** @throws ApiError `validation_failed` */
function listed(events: string): string[] {
  const names = events.split(',').map((name) => name.trim());
  if (names.length > namesMax) throw invalid({ events: `must have at most ${namesMax} names` });
  return names;
}

/** Parses `open, email.click` into the names that are stored. @throws ApiError `validation_failed` */
const namesOf = (events: string): string[] =>
  listed(events).map((given) => {
    const known = offeredAs(given);
    if (known !== undefined) return known.name;
    const choice = offered.map(({ short }) => short).join(', ');
    throw invalid({ events: `must be a comma-separated list of ${choice}; there is no event "${cut(given, 100)}"` });
  });

/** For a webhook of another dialect: the patterns that it is shown with can be sent back, and MailPanda's names stand for their types. */
const patternsOf = (events: string, stored: readonly string[]): string[] =>
  listed(events).map((given) => (stored.includes(given) ? given : (offeredAs(given)?.type ?? given)));

/** For a webhook of this dialect, MailPanda's names with wildcards expanded; for any other, the patterns as stored. */
function listOf({ dialect, events }: Pick<EndpointRow, 'dialect' | 'events'>): string {
  if (dialect !== mailpanda.name) return events.join(',');
  const received = events.flatMap((pattern) =>
    offered.filter(({ type }) => wants({ wire: mailpanda, events: [pattern] }, type)),
  );
  return [...new Set(received.map(({ short }) => short))].join(',');
}

const webhookOf = (row: EndpointRow) => ({
  id: row.number,
  url: row.target_url,
  events: listOf(row),
  active: row.is_active,
  // To the second, as on the vendor's page.
  created_at: row.created_at.toISOString().replace(/\.\d+Z$/, 'Z'),
});

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
    shown: (row, secret) => ({ ...webhookOf(row), ...(secret === undefined ? {} : { secret }) }),
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
      body: { webhooks: (await allOf(endpoints, principal)).map(webhookOf).reverse() },
    }),
  });
  return [list, rest.create, rest.get, rest.change('PUT'), rest.change('PATCH'), rest.remove];
}
