import { z } from 'zod';
import { cursorBody, cursorListQuery, listingOf } from '../../http/listing.ts';
import { ofWorkspace, within } from '../../auth/index.ts';
import type { MailboxId } from '../../base/ids.ts';
import { cursorPageOf, dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { exampleIds } from '../../events/index.ts';
import type { Messages } from './messages.ts';
import {
  messageDetailExample,
  messageDetailOnWire,
  messageDetailShape,
  messageExample,
  messageOnWire,
  messageShape,
} from './schemas.ts';
import { statuses } from './state.ts';

const tag = 'Messages';
const id = z.object({ id: z.uuid() });
const bodyBytesMax = 1024 * 1024;
const one = dataOf(messageShape);
const noSuchMessage = { 404: { description: 'No such message.' } };

const newMessage = z.strictObject({
  mailbox_id: z.uuid().toLowerCase(),
  to: z.string().min(1).max(1_000).describe('One address.'),
  subject: z
    .string()
    .min(1)
    .optional()
    .describe('Required, unless `reply_to_message_id` is set: then the default is its subject after `Re: `.'),
  text: z.string().min(1),
  html: z.string().min(1).optional().describe('Sent beside the text.'),
  reply_to_message_id: z
    .uuid()
    .toLowerCase()
    .optional()
    .describe('A message of the mailbox, sent or received, whose thread this one continues.'),
});

/** Messages that are sent without a campaign, and all messages to read. A message belongs to its mailbox, and so do its scopes. */
export function messageRoutes(messages: Messages): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/messages',
      creates: true,
      tag,
      summary: 'Send a message',
      description:
        'Answers once the message is stored. It is then sent exactly once, as soon as the limits of the mailbox allow, without the gaps and work hours of campaigns; or its status says what happened. Its `Idempotency-Key` is remembered as long as the message exists: a later request with it returns the message, and sends nothing. A suppressed recipient is refused. The signature and the reply address of the mailbox are added.',
      scope: 'mailboxes:write',
      boundKeys: 'own',
      operationId: 'sendMessage',
      body: newMessage,
      bodyExample: {
        mailbox_id: exampleIds.mailbox,
        to: exampleIds.recipient,
        subject: 'Spring launch',
        text: 'Hi Ada,\n\nthe launch is in April.',
      },
      bodyBytesMax,
      answers: {
        202: { description: 'The message is stored and will be sent.', schema: one, example: { data: messageExample } },
        404: { description: 'No such mailbox.' },
        413: { description: 'The body is over 1 MiB.' },
      },
      handle: async ({ body, headers }, principal) => ({
        status: 202,
        body: {
          data: messageOnWire(
            await messages.send(principal, {
              mailboxId: body.mailbox_id as MailboxId,
              to: body.to,
              subject: body.subject,
              text: body.text,
              html: body.html,
              replyToMessageId: body.reply_to_message_id,
              idempotencyKey: headers['idempotency-key']?.toString(),
            }),
          ),
        },
      }),
    }),
    route({
      method: 'GET',
      path: '/v1/messages',
      tag,
      summary: 'List messages, newest first',
      description: 'Sent and received messages, without their bodies.',
      scope: 'mailboxes:read',
      boundKeys: 'own',
      operationId: 'listMessages',
      query: cursorListQuery.extend({
        ...ofWorkspace,
        campaign_id: z.uuid().optional(),
        lead_id: z.uuid().optional(),
        contact_id: z.uuid().optional(),
        mailbox_id: z.uuid().optional(),
        status: z.enum(statuses).optional(),
        direction: z.enum(['outbound', 'inbound']).optional(),
      }),
      answers: {
        200: {
          description: 'A page of messages.',
          schema: cursorPageOf(messageShape),
          example: { data: [messageExample], next_cursor: null },
        },
      },
      handle: async ({ query }, principal) => {
        const filter = {
          campaignId: query.campaign_id ?? null,
          leadId: query.lead_id ?? null,
          contactId: query.contact_id ?? null,
          mailboxId: query.mailbox_id ?? null,
          status: query.status ?? null,
          direction: query.direction ?? null,
        };
        const page = listingOf('/v1/messages', query);
        const rows = await messages.list(within(principal, query), filter, page);
        return { status: 200, body: cursorBody(page, rows, messageOnWire) };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/messages/:id',
      tag,
      summary: 'Get a message with its bodies and what happened to it',
      scope: 'mailboxes:read',
      boundKeys: 'own',
      operationId: 'getMessage',
      params: id,
      answers: {
        200: {
          description: 'The message.',
          schema: dataOf(messageDetailShape),
          example: { data: messageDetailExample },
        },
        ...noSuchMessage,
      },
      handle: async ({ params }, principal) => ({
        status: 200,
        body: { data: messageDetailOnWire(await messages.get(principal, params.id)) },
      }),
    }),
    route({
      method: 'POST',
      path: '/v1/messages/:id/resend',
      creates: true,
      tag,
      summary: 'Send a message again whose fate is unknown',
      description:
        'For a person who has decided it: the recipient may get the message twice. The same bytes are sent with the same Message-ID, so mail programs that have the first one can show them as one. Only for `unknown` and `not_found`.',
      scope: 'mailboxes:write',
      boundKeys: 'own',
      operationId: 'resendMessage',
      params: id,
      answers: {
        202: { description: 'The message waits to be sent.', schema: one, example: { data: messageExample } },
        409: { description: 'The message has another status, or its bytes are not stored any more (after 30 days).' },
        ...noSuchMessage,
      },
      handle: async ({ params }, principal) => ({
        status: 202,
        body: { data: messageOnWire(await messages.resend(principal, params.id)) },
      }),
    }),
  ];
}
