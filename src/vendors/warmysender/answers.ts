import { z } from 'zod';
import type { Delivery } from '../../delivery/queue/log.ts';
import type { Answer } from '../../http/route.ts';
import type { EndpointRow } from '../../webhooks/endpoints/index.ts';
import { deliveryStatus, deliveryStatusOf, exampleTime, integer, shapeOf, text, time } from '../shape.ts';
import { eventsShown } from '../webhooks.ts';
import { warmysender } from './wire.ts';

export const webhook = shapeOf<EndpointRow>({
  id: [z.uuid(), '0199c9f4-9d3e-7f66-9b48-2f7d1a5c0e40', (row) => row.id],
  url: [text, 'https://example.com/hook', (row) => row.target_url],
  description: [text, '', (row) => row.description ?? ''],
  events: [z.array(text), ['mailbox.connected'], (row) => eventsShown(warmysender, row)],
  isActive: [z.boolean(), true, (row) => row.is_active],
  secretPrefix: [text, 'whsec_4fXq', (row) => row.secret_prefix],
  createdAt: [time, exampleTime, (row) => row.created_at.toISOString()],
  updatedAt: [time, exampleTime, (row) => row.updated_at.toISOString()],
});
const webhookSchema = webhook.schema.meta({ id: 'Webhook' });

export const delivery = shapeOf<Delivery>({
  id: [z.uuid(), '0199c9f4-9d3e-7f66-9b48-2f7d1a5c0e42', (row) => row.id],
  eventId: [z.uuid(), '0199c9f4-9d3e-7f66-9b48-2f7d1a5c0e41', (row) => row.event_id],
  eventType: [text, 'mailbox.connected', ({ event_type: type }) => warmysender.eventName(type) ?? type],
  status: [deliveryStatus, 'delivered', deliveryStatusOf],
  attemptCount: [integer, 1, (row) => row.attempt_count],
  statusCode: [integer.nullable(), 200, (row) => row.last_status_code],
  error: [text.nullable(), null, (row) => row.last_error],
  createdAt: [time, exampleTime, (row) => row.created_at.toISOString()],
  completedAt: [time.nullable(), '2026-01-05T09:00:00.120Z', (row) => row.completed_at?.toISOString() ?? null],
});
const deliverySchema = delivery.schema.meta({ id: 'Delivery' });

const caller = z.object({
  apiKey: z.object({ id: z.uuid(), name: text, scopes: z.array(text) }),
  workspace: z.object({ id: z.uuid() }),
  organization: z.object({ id: z.uuid(), slug: text }),
  sandbox: z.boolean(),
});
const organization = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c00';

const answer =
  (schema: z.ZodType, example: unknown) =>
  (description: string): Answer => ({ description, schema: z.object({ data: schema }), example: { data: example } });

export const aWebhook = answer(webhookSchema, webhook.example);
export const aCreatedWebhook = answer(webhookSchema.extend({ secret: text }).meta({ id: 'CreatedWebhook' }), {
  ...webhook.example,
  secret: 'whsec_4fXqN1v8sJ0d2Kb7mWc5RzT9yPaHuLgE',
});
export const webhooks = answer(z.array(webhookSchema), [webhook.example]);
export const names = answer(z.array(text), ['mailbox.connected', 'email.sent']);
export const aTest = answer(z.object({ eventId: z.uuid(), deliveryId: z.uuid() }), {
  eventId: delivery.example['eventId'],
  deliveryId: delivery.example['id'],
});
export const deliveries = (description: string): Answer => ({
  description,
  schema: z.object({
    data: z.array(deliverySchema),
    pagination: z.object({ has_more: z.boolean(), next_cursor: text.nullable() }),
  }),
  example: { data: [delivery.example], pagination: { has_more: false, next_cursor: null } },
});
export const theCaller = (description: string): Answer => ({
  description,
  schema: caller,
  example: {
    apiKey: { id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22', name: 'warm-up', scopes: ['*'] },
    workspace: { id: organization },
    organization: { id: organization, slug: 'default' },
    sandbox: false,
  },
});
