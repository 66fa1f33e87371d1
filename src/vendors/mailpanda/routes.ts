import { z } from 'zod';
import { cut } from '../../base/cut.ts';
import { wants } from '../../delivery/endpoint.ts';
import { invalid } from '../../base/errors.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { endpointsMax } from '../../webhooks/endpoints/index.ts';
import type { EndpointRow, Endpoints } from '../../webhooks/endpoints/index.ts';
import { canonicalTypes } from '../../base/event-types.ts';
import { aCreatedEndpoint, anEndpoint, endpoints as allEndpoints } from './answers.ts';
import { mailpandaSurface } from './surface.ts';
import { mailpanda } from './wire.ts';

const namePrefix = 'email.';
const shortName = (name: string): string => (name.startsWith(namePrefix) ? name.slice(namePrefix.length) : name);

/** The types an endpoint can subscribe to, and what MailPanda's lists call them: `open`, `click`, `bounce`, `unsubscribe`. */
const offered = canonicalTypes.flatMap((type) => {
  const name = type === 'webhook.test' ? undefined : mailpanda.eventName(type);
  return name === undefined ? [] : [{ type, name, short: shortName(name) }];
});

/** Names in one list; as many as the other APIs take. */
const namesMax = 100;
const listCharactersMax = namesMax * 130;

const offeredAs = (name: string) => offered.find(({ short }) => short === shortName(name));

/** @throws ApiError `validation_failed` */
function listed(events: string): string[] {
  const names = events.split(',').map((name) => name.trim());
  if (names.length > namesMax) throw invalid({ events: `must be at most ${namesMax} names` });
  return names;
}

/** `open, email.click` → the names that are stored. @throws ApiError `validation_failed` */
const namesOf = (events: string): string[] =>
  listed(events).map((given) => {
    const known = offeredAs(given);
    if (known !== undefined) return known.name;
    const choice = offered.map(({ short }) => short).join(', ');
    throw invalid({ events: `must be a comma-separated list of ${choice}; there is no event "${cut(given, 100)}"` });
  });

/** For an endpoint of another dialect: what it is shown with can be sent back, and MailPanda's names stand for their types. */
const patternsOf = (events: string, stored: readonly string[]): string[] =>
  listed(events).map((given) => (stored.includes(given) ? given : (offeredAs(given)?.type ?? given)));

/** In MailPanda's names where the endpoint is of this dialect, wildcards spelt out; otherwise as they are stored. */
function listOf({ dialect, events }: Pick<EndpointRow, 'dialect' | 'events'>): string {
  if (dialect !== mailpanda.name) return events.join(',');
  const received = events.flatMap((pattern) =>
    offered.filter(({ type }) => wants({ wire: mailpanda, events: [pattern] }, type)),
  );
  return [...new Set(received.map(({ short }) => short))].join(',');
}

const onWire = (row: EndpointRow) => ({
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
const change = z.strictObject({
  url: fields.url.optional(),
  events: fields.events.optional(),
  secret: fields.secret,
  active: z.boolean().optional(),
});

/** PostgreSQL's `integer` ends there; anything longer names nothing. */
const numberMax = 2_147_483_647;
const params = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,9}$/)
    .transform(Number)
    .refine((number) => number <= numberMax),
});

const common = { surface: mailpandaSurface, tag: 'MailPanda' } as const;

/** `/api/webhooks/manage`: endpoints by their numbers. Updating and deleting, which MailPanda's page speaks of and does not show, are ours. */
export const mailpandaRoutes = (endpoints: Endpoints): readonly Route[] => [
  route({
    ...common,
    method: 'GET',
    path: '/api/webhooks/manage',
    summary: 'List endpoints, the oldest first',
    scope: 'webhooks:read',
    boundKeys: 'own',
    answers: { 200: allEndpoints('All of them.') },
    handle: async (_request, principal) => {
      const { endpoints: rows } = await endpoints.list(principal, { limit: endpointsMax, offset: 0 });
      return { status: 200, body: { webhooks: rows.map(onWire).reverse() } };
    },
  }),
  route({
    ...common,
    method: 'POST',
    path: '/api/webhooks/manage',
    summary: 'Register an endpoint',
    scope: 'webhooks:write',
    boundKeys: 'own',
    body: z.strictObject(fields),
    answers: { 201: aCreatedEndpoint('The endpoint; with its secret when the caller brought none.') },
    handle: async ({ body }, principal) => {
      const { endpoint, secret } = await endpoints.create(principal, {
        target_url: body.url,
        events: namesOf(body.events),
        secret: body.secret,
        dialect: 'mailpanda',
      });
      if (body.secret !== undefined) return { status: 201, body: onWire(endpoint) };
      return { status: 201, body: { ...onWire(endpoint), secret }, headers: { 'cache-control': 'no-store' } };
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: '/api/webhooks/manage/:id',
    summary: 'Get an endpoint',
    scope: 'webhooks:read',
    boundKeys: 'own',
    params,
    answers: { 200: anEndpoint('The endpoint.') },
    handle: async ({ params: { id } }, principal) => ({
      status: 200,
      body: onWire(await endpoints.getByNumber(principal, id)),
    }),
  }),
  ...(['PUT', 'PATCH'] as const).map((method) =>
    route({
      ...common,
      method,
      path: '/api/webhooks/manage/:id',
      summary: 'Change what is given of an endpoint; a secret replaces the one before at once',
      scope: 'webhooks:write',
      boundKeys: 'own',
      params,
      body: change,
      answers: { 200: anEndpoint('The endpoint as it is now.') },
      handle: async ({ params: { id }, body: { url, events, secret, active } }, principal) => {
        const row = await endpoints.getByNumber(principal, id);
        const patterns =
          events === undefined
            ? undefined
            : row.dialect === mailpanda.name
              ? namesOf(events)
              : patternsOf(events, row.events);
        return {
          status: 200,
          body: onWire(
            await endpoints.update(principal, row.id, { target_url: url, events: patterns, secret, is_active: active }),
          ),
        };
      },
    }),
  ),
  route({
    ...common,
    method: 'DELETE',
    path: '/api/webhooks/manage/:id',
    summary: 'Delete an endpoint',
    scope: 'webhooks:write',
    boundKeys: 'own',
    params,
    answers: { 204: { description: 'Deleted.' } },
    handle: async ({ params: { id } }, principal) => {
      await endpoints.remove(principal, (await endpoints.getByNumber(principal, id)).id);
      return { status: 204 };
    },
  }),
];
