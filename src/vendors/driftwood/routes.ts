import { z } from 'zod';
import type { EndpointId } from '../../base/ids.ts';
import type { Route } from '../../http/route.ts';
import type { Domain } from '../vendor.ts';
import { allOf, webhookFields, webhooksOf } from '../webhooks.ts';
import {
  aCreatedEndpoint,
  anEndpoint,
  answerOf,
  deliveries as newestDeliveries,
  delivery,
  endpoint,
  endpoints as allEndpoints,
  nothing,
} from './answers.ts';
import { callsOf, id } from './calls.ts';
import { driftwood } from './wire.ts';

const notFound = { description: 'No such webhook in this organization.' };

const fields = {
  ...webhookFields,
  url: z
    .string({ error: ({ input }) => (input === null ? 'is required' : undefined) })
    .min(1, 'is required')
    .max(2_048),
};

/** Driftwood's calls for webhooks. They create endpoints of the driftwood dialect. */
export function webhookCalls({ endpoints, deliveries }: Pick<Domain, 'endpoints' | 'deliveries'>): readonly Route[] {
  const call = callsOf('webhooks');
  const { create, update } = webhooksOf(endpoints, driftwood);
  const read = { scope: 'webhooks:read', boundKeys: 'own' } as const;
  const write = { scope: 'webhooks:write', boundKeys: 'own' } as const;
  return [
    call({
      ...write,
      verb: 'create',
      summary: 'Create a webhook',
      body: z.strictObject({ url: fields.url, events: fields.events, description: fields.description.optional() }),
      answers: {
        200: answerOf('The webhook with its signing secret, which no later response shows.', aCreatedEndpoint),
        409: { description: 'The organization has reached its limit of webhooks.' },
      },
      headers: { 'cache-control': 'no-store' },
      async result({ url, events, description }, principal) {
        const { endpoint: row, secret } = await create(principal, { target_url: url, events, description });
        return { endpoint: endpoint.of(row), signing_secret: secret };
      },
    }),
    call({
      ...read,
      verb: 'list',
      summary: 'List webhooks, newest first',
      body: z.strictObject({}),
      answers: { 200: answerOf('All webhooks.', allEndpoints) },
      result: async (_body, principal) => ({ endpoints: (await allOf(endpoints, principal)).map(endpoint.of) }),
    }),
    call({
      ...read,
      verb: 'get',
      summary: 'Get a webhook',
      body: z.strictObject({ id }),
      answers: { 200: answerOf('The webhook, without its secret.', anEndpoint), 404: notFound },
      result: async (body, principal) => ({
        endpoint: endpoint.of(await endpoints.get(principal, body.id as EndpointId)),
      }),
    }),
    call({
      ...write,
      verb: 'update',
      summary: 'Change a webhook',
      body: z.strictObject({ id, ...z.object({ ...fields, is_active: z.boolean() }).partial().shape }),
      answers: { 200: answerOf('The changed webhook.', anEndpoint), 404: notFound },
      async result({ id: given, url, ...change }, principal) {
        const row = await endpoints.get(principal, given as EndpointId);
        return { endpoint: endpoint.of(await update(principal, row, { ...change, target_url: url })) };
      },
    }),
    call({
      ...write,
      verb: 'delete',
      summary: 'Delete a webhook',
      body: z.strictObject({ id }),
      answers: { 200: answerOf('Deleted. Its pending deliveries are marked as failed.', nothing), 404: notFound },
      async result(body, principal) {
        await endpoints.remove(principal, body.id as EndpointId);
        return {};
      },
    }),
    call({
      ...read,
      verb: 'deliveries',
      summary: 'List deliveries of a webhook, newest first',
      body: z.strictObject({ endpoint_id: id, limit: z.int().min(1).max(100).default(25) }),
      answers: { 200: answerOf('The newest deliveries.', newestDeliveries), 404: notFound },
      async result({ endpoint_id: of, limit }, principal) {
        const { deliveries: rows } = await deliveries.list(principal, of as EndpointId, { limit });
        return { deliveries: rows.map(delivery.of) };
      },
    }),
  ];
}
