import { z } from 'zod';
import { shown } from '../../http/shown.ts';
import { exampleIds } from '../../events/index.ts';
import type { MessageDetail, OpenedMessage } from './messages.ts';
import { statuses } from './state.ts';

const time = z.iso.datetime();

const purposes = ['direct', 'campaign', 'warmup', 'self_test', 'received'] as const;

export const messageShape = z
  .object({
    id: z.uuid(),
    direction: z.enum(['outbound', 'inbound']),
    status: z
      .enum(statuses)
      .nullable()
      .describe(
        '`claimed`: accepted, and waits to be sent. `sending`: a server is getting it. `sent`: a server has it. `delivered`: a delivery report says so. `deferred`: a server said "later". `unknown`: it may have been sent; it is looked for, and never sent again by itself. `not_found`: very likely not sent. Null for a received message.',
      ),
    purpose: z.enum(purposes),
    mailbox_id: z.uuid(),
    workspace_id: z.uuid().nullable(),
    campaign_id: z.uuid().nullable(),
    lead_id: z.uuid().nullable(),
    contact_id: z.uuid().nullable(),
    reply_to_message_id: z.uuid().nullable(),
    step: z.number().int().nullable(),
    variant: z.string().nullable(),
    message_id: z.string().describe('The Message-ID, as the recipient sees it.'),
    from: z.string(),
    to: z.string(),
    subject: z.string(),
    blocked_reason: z
      .string()
      .nullable()
      .describe(
        'Why it waits, such as `mailbox_daily_limit`, `domain_hourly_limit`, `deferred_by_server` or `mailbox_paused`.',
      ),
    blocked_until: time.nullable(),
    attempts: z.number().int().describe('Times that it was about to be given to a server.'),
    error: z.string().nullable().describe("The server's last answer, or why it will not be sent."),
    created_at: time,
    updated_at: time,
    sent_at: time.nullable(),
  })
  .meta({ id: 'Message' });

const entryShape = z
  .object({
    kind: z
      .string()
      .describe(
        '`accepted`, `deferred`, `returned`, `failed`, `abandoned`, `bounced`, `lost`, `found`, `missing`, `reported_delivered`, `reported_bounced`, `resent`, `copied` or `copy_failed`.',
      ),
    at: time,
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'MessageEvent' });

export const messageDetailShape = messageShape
  .extend({
    text: z.string(),
    html: z.string().nullable(),
    headers: z
      .record(z.string(), z.string())
      .describe(
        'Header fields by lower-case name, without From, To, Subject and Message-ID, which are fields of the message. Several values of one name are separated by line breaks.',
      ),
    events: z.array(entryShape).describe('What happened to it, the oldest first; at most 200.'),
  })
  .meta({ id: 'MessageDetail' });

export const messageOnWire = (message: OpenedMessage) =>
  shown(messageShape, {
    ...message,
    reply_to_message_id: message.reply_to_id,
    message_id: message.delivered_message_id ?? message.message_id,
    from: message.from_address,
    to: message.to_address,
    subject: message.said.subject,
  });

const ownFields = new Set(['from', 'to', 'subject', 'message-id']);

/** A sent message is stored with the fields that its sender gave, a received one with all. */
function headersOnWire({ direction, in_reply_to: answered, said }: MessageDetail): Record<string, string> {
  const all = Object.entries(said.headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  if (direction === 'outbound' && answered !== null) all.push(['in-reply-to', answered]);
  if (direction === 'outbound' && said.references?.length) all.push(['references', said.references.join(' ')]);
  return Object.fromEntries(all.filter(([name]) => !ownFields.has(name)));
}

export const messageDetailOnWire = (message: MessageDetail) => ({
  ...messageOnWire(message),
  text: message.said.text,
  html: message.said.html,
  headers: headersOnWire(message),
  events: message.history.map(({ kind, detail, at }) => ({ kind, at: at.toISOString(), detail })),
});

export const messageExample = {
  id: exampleIds.email,
  direction: 'outbound',
  status: 'claimed',
  purpose: 'direct',
  mailbox_id: exampleIds.mailbox,
  workspace_id: null,
  campaign_id: null,
  lead_id: null,
  contact_id: exampleIds.contact,
  reply_to_message_id: null,
  step: null,
  variant: null,
  message_id: '<agm4t4qkir7flmgdshjophwves@hopper.example>',
  from: exampleIds.sender,
  to: exampleIds.recipient,
  subject: 'Spring launch',
  blocked_reason: null,
  blocked_until: null,
  attempts: 0,
  error: null,
  created_at: '2026-01-05T09:00:00.000Z',
  sent_at: null,
} as const;

export const messageDetailExample = {
  ...messageExample,
  status: 'sent',
  attempts: 1,
  sent_at: '2026-01-05T09:00:01.204Z',
  text: 'Hi Ada,\n\nthe launch is in April.',
  html: null,
  headers: {},
  events: [
    {
      kind: 'accepted',
      at: '2026-01-05T09:00:01.204Z',
      detail: { attempt: 1, stage: 'body', code: 250, enhanced: '2.0.0', answer: 'OK', duration_ms: 412 },
    },
  ],
} as const;
