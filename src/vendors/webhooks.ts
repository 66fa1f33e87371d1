import { z } from 'zod';
import { invalid } from '../base/errors.ts';
import type { ApiError } from '../base/errors.ts';
import { subscribable } from '../delivery/event-names.ts';
import type { Wire } from '../delivery/wire.ts';
import { route } from '../http/route.ts';
import type { Answer, Principal, Route, Surface } from '../http/route.ts';
import { endpointsMax } from '../auth/index.ts';
import type { EndpointChange, EndpointRow, Endpoints, NewEndpoint } from '../webhooks/endpoints/index.ts';

/** Fields of a webhook that several vendors' APIs take. */
export const webhookFields = {
  url: z.string().min(1, 'must not be empty').max(2_048),
  description: z.string().max(500),
  events: z.array(z.string().max(128)).min(1, 'must name at least one event type').max(100),
};

type Settings = 'target_url' | 'events' | 'description' | 'is_active' | 'secret';

/** The error lists at most this many unknown names. */
const listedMax = 5;

const unknownEvents = (unknown: readonly string[], offered: readonly string[]): ApiError =>
  invalid({ events: `unknown: ${unknown.slice(0, listedMax).join(', ')}; available: ${offered.join(', ')}` });

/** Lists every webhook that the caller can see, newest first. */
export const allOf = async (endpoints: Endpoints, principal: Principal): Promise<readonly EndpointRow[]> =>
  (await endpoints.list(principal, { limit: endpointsMax, offset: 0 })).endpoints;

/** The vendor's names of a webhook's events, where it has any. A webhook of another dialect keeps the names of that dialect. */
export const eventsShown = (wire: Wire, { dialect, events }: EndpointRow): readonly string[] =>
  dialect === wire.name ? [...new Set(events.map((name) => wire.eventName(name) ?? name))] : events;

/**
 * Webhooks as one vendor's API manages them: it creates them in its own dialect and takes its own event names.
 * @param accepted names that can be subscribed to although the vendor does not offer them.
 */
export function webhooksOf(
  endpoints: Endpoints,
  wire: Wire,
  { accepted = [], refusal = unknownEvents }: { accepted?: readonly string[]; refusal?: typeof unknownEvents } = {},
) {
  const offered = subscribable(wire);

  function assertEvents(events: readonly string[], stored: readonly string[] = []): void {
    const known = new Set([...offered, ...accepted, ...stored]);
    const unknown = [...new Set(events)].filter((name) => !known.has(name));
    if (unknown.length > 0) throw refusal(unknown, offered);
  }

  return {
    /** The event types that callers can subscribe to. */
    offered,
    /** @throws ApiError `validation_failed`, also for events that the vendor does not have; `conflict` at the limit of webhooks */
    create(principal: Principal, settings: Pick<NewEndpoint, Settings>): ReturnType<Endpoints['create']> {
      assertEvents(settings.events);
      return endpoints.create(principal, { ...settings, dialect: wire.name });
    },
    /**
     * Changes the settings that are given. The events that a webhook is shown with can be sent back. The names of other dialects are
     * checked by the endpoints themselves.
     * @throws ApiError `validation_failed`, `not_found`
     */
    update(principal: Principal, row: EndpointRow, change: Pick<EndpointChange, Settings>): Promise<EndpointRow> {
      if (change.events !== undefined && row.dialect === wire.name) assertEvents(change.events, eventsShown(wire, row));
      return endpoints.update(principal, row.id, change);
    },
  };
}

/** What differs between the vendors whose webhooks are REST resources. */
interface RestWebhooks<Params extends z.ZodType, New extends z.ZodType, Change extends z.ZodType> {
  readonly surface: Surface;
  readonly tag: string;
  /** Path of the collection. */
  readonly path: string;
  readonly params: Params;
  readonly newWebhook: New;
  readonly webhookChange: Change;
  readonly answers: { readonly created: Answer; readonly webhook: (description: string) => Answer };
  /** @throws ApiError `not_found` */
  find(principal: Principal, params: z.output<Params>): Promise<EndpointRow>;
  /** `secret`: only set when the answer shows it. */
  create(principal: Principal, body: z.output<New>): Promise<{ endpoint: EndpointRow; secret?: string }>;
  update(principal: Principal, row: EndpointRow, body: z.output<Change>): Promise<EndpointRow>;
  /** The body of an answer. */
  shown(row: EndpointRow, secret?: string): object | Promise<object>;
}

/** Declares the routes that create, read, change and delete a webhook. */
export function restWebhooks<Params extends z.ZodType, New extends z.ZodType, Change extends z.ZodType>(
  endpoints: Endpoints,
  api: RestWebhooks<Params, New, Change>,
) {
  const { surface, tag, path, answers } = api;
  const common = { surface, tag, boundKeys: 'own' } as const;
  const params = api.params as z.ZodType;
  const one = { ...common, path: `${path}/:id`, params };
  const find = (principal: Principal, given: unknown): Promise<EndpointRow> =>
    api.find(principal, given as z.output<Params>);
  return {
    create: route({
      ...common,
      method: 'POST',
      path,
      creates: true,
      summary: 'Create a webhook',
      scope: 'webhooks:write',
      body: api.newWebhook as z.ZodType,
      answers: { 201: answers.created },
      handle: async ({ body }, principal) => {
        const { endpoint, secret } = await api.create(principal, body as z.output<New>);
        const headers = secret === undefined ? {} : { 'cache-control': 'no-store' };
        return { status: 201, body: await api.shown(endpoint, secret), headers };
      },
    }),
    get: route({
      ...one,
      method: 'GET',
      summary: 'Get a webhook',
      scope: 'webhooks:read',
      answers: { 200: answers.webhook('The webhook, without its secret.') },
      handle: async (request, principal) => ({
        status: 200,
        body: await api.shown(await find(principal, request.params)),
      }),
    }),
    change: (method: 'PATCH' | 'PUT'): Route =>
      route({
        ...one,
        method,
        summary: 'Change a webhook',
        scope: 'webhooks:write',
        body: api.webhookChange as z.ZodType,
        answers: { 200: answers.webhook('The changed webhook.') },
        handle: async (request, principal) => {
          const row = await find(principal, request.params);
          const changed = await api.update(principal, row, request.body as z.output<Change>);
          return { status: 200, body: await api.shown(changed) };
        },
      }),
    remove: route({
      ...one,
      method: 'DELETE',
      summary: 'Delete a webhook',
      scope: 'webhooks:write',
      answers: { 204: { description: 'Deleted. Its pending deliveries are marked as failed.' } },
      handle: async (request, principal) => {
        await endpoints.remove(principal, (await find(principal, request.params)).id);
        return { status: 204 };
      },
    }),
    /** Lists the names in `offered`. */
    eventTypes: (offered: readonly string[], answer: Answer): Route =>
      route({
        ...common,
        method: 'GET',
        path: `${path}/events`,
        summary: 'List event types',
        scope: 'webhooks:read',
        answers: { 200: answer },
        handle: () => ({ status: 200, body: { data: offered } }),
      }),
  };
}
