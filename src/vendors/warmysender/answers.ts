import { z } from 'zod';
import type { Delivery } from '../../delivery/queue/log.ts';
import type { MailboxRow, Standing } from '../../mail/mailboxes/index.ts';
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

interface ShownMailbox {
  readonly row: MailboxRow;
  readonly sentToday: number;
  readonly standing: Standing;
}

const server = z.object({ host: text, port: integer, security: z.enum(['tls', 'starttls', 'none']), username: text });
const sendingWindow = z.object({ days: z.array(integer), start: text, end: text, timezone: text });

export const mailbox = shapeOf<ShownMailbox>({
  id: [z.uuid(), '0199c9f3-4c18-7a9b-8d27-5e0b6c3f8a30', ({ row }) => row.id],
  email: [text, 'grace@hopper.example', ({ row }) => row.email],
  displayName: [text.nullable(), 'Grace Hopper', ({ row }) => row.display_name],
  provider: [text, 'smtp', ({ row }) => row.provider],
  status: [text, 'connected', ({ row }) => row.status],
  statusReason: [text.nullable(), null, ({ row }) => row.status_reason],
  active: [z.boolean(), true, ({ row }) => row.status !== 'paused'],
  smtp: [
    server.nullable(),
    { host: 'smtp.hopper.example', port: 465, security: 'tls', username: 'grace@hopper.example' },
    ({ row }) => row.smtp,
  ],
  imap: [server.nullable(), null, ({ row }) => row.imap],
  dailyLimit: [integer, 50, ({ row }) => row.daily_limit],
  sentToday: [integer, 12, ({ sentToday }) => sentToday],
  sendingWindow: [
    sendingWindow,
    { days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00', timezone: 'Europe/Berlin' },
    ({ row }) => ({ ...row.work_hours, timezone: row.timezone }),
  ],
  signature: [text.nullable(), null, ({ row }) => row.signature],
  trackingDomain: [text.nullable(), null, ({ row }) => row.tracking_domain],
  warmupEnabled: [z.boolean(), true, ({ standing }) => standing.warmup.enabled],
  healthScore: [z.number().nullable(), 88, ({ standing }) => standing.health.score],
  healthBand: [text.nullable(), 'healthy', ({ standing }) => standing.health.band],
  connectedAt: [time.nullable(), exampleTime, ({ row }) => row.connected_at?.toISOString() ?? null],
  createdAt: [time, exampleTime, ({ row }) => row.created_at.toISOString()],
  updatedAt: [time, exampleTime, ({ row }) => row.updated_at.toISOString()],
});
const mailboxSchema = mailbox.schema.meta({ id: 'Mailbox' });

const caller = z.object({
  apiKey: z.object({ id: z.uuid(), name: text, scopes: z.array(text) }),
  workspace: z.object({ id: z.uuid() }),
  organization: z.object({ id: z.uuid(), slug: text }),
  sandbox: z.boolean(),
});
const organization = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c00';

export const answer =
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
const page =
  (item: z.ZodType, example: unknown) =>
  (description: string): Answer => ({
    description,
    schema: z.object({
      data: z.array(item),
      pagination: z.object({ has_more: z.boolean(), next_cursor: text.nullable() }),
    }),
    example: { data: [example], pagination: { has_more: false, next_cursor: null } },
  });

export const deliveries = page(deliverySchema, delivery.example);
export const aMailbox = answer(mailboxSchema, mailbox.example);
export const mailboxes = page(mailboxSchema, mailbox.example);
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
