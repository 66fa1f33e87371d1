import { z } from 'zod';
import { cursorBody, cursorListQuery, listingOf } from '../../http/listing.ts';
import { ofWorkspace, within } from '../../auth/index.ts';
import { parseAddress, parseAddressInQuery } from '../../base/email-address.ts';
import { invalid } from '../../base/errors.ts';
import { cursorPageOf, dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Answer, Principal, Route } from '../../http/route.ts';
import { needsSmtputf8 } from '../mime/index.ts';
import type { Box, ListedMessage, ReadMessage, Returned } from './box.ts';
import type { Reach } from './queries.ts';
import { bounceKinds } from './simulated.ts';
import type { Reaction } from './simulated.ts';

const common = { tag: 'Captured messages', boundKeys: 'own' } as const;
const replyCharactersMax = 100_000;
const params = z.object({ id: z.uuid() });
const time = z.iso.datetime();

const listed = {
  id: z.uuid(),
  mailbox_id: z.uuid(),
  message_id: z.string().describe('The header, with angle brackets.'),
  from: z.string().describe('Envelope sender.'),
  to: z.string().describe('Envelope recipient.'),
  subject: z.string(),
  received_at: time,
};
const listedShape = z.object(listed).meta({ id: 'ListedCapturedMessage' });
const shape = z
  .object({
    ...listed,
    text: z.string(),
    html: z.string().nullable(),
    headers: z
      .record(z.string(), z.array(z.string()))
      .describe('Values by header name in lower case, in the order of the message.'),
    raw: z.string().describe('The bytes as they were submitted (RFC 5322).'),
  })
  .meta({ id: 'CapturedMessage' });
const returnedShape = z
  .object({
    message_id: z.string().describe('Message-ID of the message that came back.'),
    result: z
      .enum(['stored', 'report', 'own', 'duplicate', 'exchange'])
      .describe(
        '`stored`: the mailbox received it. `report`: a delivery report, which was applied to the message. `own`: the sender is the mailbox itself. `exchange`: it answers a warm-up message, and is no reply.',
      ),
    id: z.uuid().nullable().describe('The received message, if it was stored.'),
  })
  .meta({ id: 'ReturnedMessage' });

const listedExample: z.input<typeof listedShape> = {
  id: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f525',
  mailbox_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c01',
  message_id: '<agm4t4qkir7flmgdshjopjxveu@hopper.example>',
  from: 'grace@hopper.example',
  to: 'ada+interested@simulator.test',
  subject: 'Hello',
  received_at: '2026-01-05T09:00:00.000Z',
};
const example: z.input<typeof shape> = {
  ...listedExample,
  text: 'Hello Ada',
  html: null,
  headers: { subject: ['Hello'] },
  raw: 'From: grace@hopper.example\r\nTo: ada+interested@simulator.test\r\nSubject: Hello\r\n\r\nHello Ada\r\n',
};

const listedOnWire = ({
  id,
  mailbox_id,
  message_id,
  from_address,
  to_address,
  subject,
  received_at,
}: ListedMessage): z.input<typeof listedShape> => ({
  id,
  mailbox_id,
  message_id,
  from: from_address,
  to: to_address,
  subject,
  received_at: received_at.toISOString(),
});

const onWire = ({ parsed, opened, ...row }: ReadMessage): z.input<typeof shape> => ({
  ...listedOnWire({ ...row, subject: parsed?.subject ?? '' }),
  text: parsed?.text ?? '',
  html: parsed?.html ?? null,
  headers: Object.fromEntries([...(parsed?.headers ?? [])].map(([name, values]) => [name, [...values]])),
  raw: opened.toString(),
});

const reachOf = ({ organizationId, workspaceId }: Principal): Reach => ({
  organizationId,
  workspaceId: workspaceId ?? null,
});

const returned: Answer = {
  description: 'What came back, and what became of it.',
  schema: dataOf(returnedShape),
  example: {
    data: { message_id: '<agm4t4qkir7flmgdshjopjxveu@simulator.test>', result: 'stored', id: listedExample.id },
  },
};
const returnedOnWire = ({ messageId, received }: Returned) => ({
  status: 201,
  body: { data: { message_id: messageId, result: received.kind, id: received.kind === 'stored' ? received.id : null } },
});
const answers = {
  201: returned,
  404: { description: 'No such message.' },
  409: { description: 'The mailbox of the message was deleted.' },
} as const;

const keyOf = (parsed: ReturnType<typeof parseAddress>, field: string): string => {
  if ('problem' in parsed) throw invalid({ [field]: parsed.problem });
  return parsed.key;
};

export function capturedMessageRoutes(box: Pick<Box, 'list' | 'get' | 'react'>): readonly Route[] {
  const react = async (principal: Principal, id: string, reaction: Reaction) =>
    returnedOnWire(await box.react(reachOf(principal), id, reaction));
  return [
    route({
      ...common,
      method: 'GET',
      path: '/v1/captured-messages',
      summary: 'List captured messages, newest first',
      description:
        'What `capture` mailboxes and the mailboxes of a sandbox have sent. They are kept as long as events, and nobody outside of the installation has received them.',
      scope: 'mailboxes:read',
      operationId: 'listCapturedMessages',
      query: cursorListQuery.extend({
        ...ofWorkspace,
        to: z.string().max(1_000).optional().describe('Only messages to this address.'),
        mailbox_id: z.uuid().optional(),
      }),
      answers: {
        200: {
          description: 'A page of messages.',
          schema: cursorPageOf(listedShape),
          example: { data: [listedExample], next_cursor: null },
        },
      },
      handle: async ({ query }, principal) => {
        const { to, mailbox_id: mailboxId = null } = query;
        const page = listingOf('/v1/captured-messages', query);
        const filter = { toKey: to === undefined ? null : keyOf(parseAddressInQuery(to), 'to'), mailboxId };
        const rows = await box.list(reachOf(within(principal, query)), filter, page);
        const listed = rows.map((row) => ({ ...row, created_at: row.received_at }));
        return { status: 200, body: cursorBody(page, listed, listedOnWire) };
      },
    }),
    route({
      ...common,
      method: 'GET',
      path: '/v1/captured-messages/:id',
      summary: 'Get a captured message',
      scope: 'mailboxes:read',
      operationId: 'getCapturedMessage',
      params,
      answers: {
        200: { description: 'The message, read and as bytes.', schema: dataOf(shape), example: { data: example } },
        404: { description: 'No such message.' },
      },
      handle: async (request, principal) => ({
        status: 200,
        body: { data: onWire(await box.get(reachOf(principal), request.params.id)) },
      }),
    }),
    route({
      ...common,
      method: 'POST',
      path: '/v1/captured-messages/:id/reply',
      creates: true,
      summary: 'Reply to a captured message',
      description: "The mailbox receives a reply in the message's thread, by the same path as real mail.",
      scope: 'mailboxes:write',
      operationId: 'replyToCapturedMessage',
      params,
      body: z.strictObject({
        text: z.string().trim().min(1).max(replyCharactersMax),
        from: z.string().max(1_000).optional().describe('Who replies; the recipient by default.'),
      }),
      bodyExample: { text: 'Tell me more.' },
      answers,
      handle: ({ params: { id }, body: { text, from } }, principal) => {
        const sender = from === undefined ? undefined : keyOf(parseAddress(from), 'from');
        if (sender !== undefined && needsSmtputf8(sender)) throw invalid({ from: 'must have an ASCII local part' });
        return react(principal, id, { kind: 'reply', text, from: sender });
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: '/v1/captured-messages/:id/bounce',
      creates: true,
      summary: 'Bounce a captured message',
      description:
        'The mailbox receives a delivery report (RFC 3464): `hard`, the recipient does not exist; `soft`, the mailbox is full; `block`, the message was refused as spam.',
      scope: 'mailboxes:write',
      operationId: 'bounceCapturedMessage',
      params,
      body: z.strictObject({ kind: z.enum(bounceKinds) }),
      bodyExample: { kind: 'hard' },
      answers,
      handle: ({ params: { id }, body: { kind } }, principal) => react(principal, id, { kind: 'bounce', bounce: kind }),
    }),
    route({
      ...common,
      method: 'POST',
      path: '/v1/captured-messages/:id/complaint',
      creates: true,
      summary: 'Complain about a captured message',
      description: 'The mailbox receives a feedback report (RFC 5965): the recipient marked the message as spam.',
      scope: 'mailboxes:write',
      operationId: 'complainAboutCapturedMessage',
      params,
      answers,
      handle: ({ params: { id } }, principal) => react(principal, id, { kind: 'complaint' }),
    }),
  ];
}
