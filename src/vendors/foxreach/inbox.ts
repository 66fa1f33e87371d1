import { z } from 'zod';
import { cut } from '../../base/cut.ts';
import { escapeHtml } from '../../base/html.ts';
import type { Contact } from '../../crm/contacts/index.ts';
import type { OpenedReply, ThreadEntry } from '../../mail/inbox/index.ts';
import { exampleTime, integer, shapeOf, text, time } from '../shape.ts';
import { categories, categoryOf } from './wire-categories.ts';
import { foxreachId } from './wire-ids.ts';

/** Replies in FoxReach's fields. Its threads are named by their newest reply. */

const optional = text.nullable();
const category = z.enum(categories);
const previewMax = 200;

const htmlOf = (plain: string): string => escapeHtml(plain).replaceAll('\n', '<br>\n');

const said = {
  id: [text, 'rpl_0199c9f20a447e55b0c391d2e7a6f523', ({ reply }: OpenedReply) => foxreachId('rpl', reply.id)],
  fromEmail: [text, 'ada@lovelace.example', ({ message }: OpenedReply) => message.from_address],
  toEmail: [text, 'grace@hopper.example', ({ message }: OpenedReply) => message.to_address],
  subject: [text, 'Re: Spring launch', ({ message }: OpenedReply) => message.said.subject],
  bodyPreview: [
    text,
    'Sounds interesting.',
    ({ details, message }: OpenedReply) => cut((details.text.trim() || message.said.text).trim(), previewMax),
  ],
} as const;

const state = {
  category: [category, 'interested', ({ reply }: OpenedReply) => categoryOf(reply.classification)],
  isRead: [z.boolean(), false, ({ reply }: OpenedReply) => reply.is_read],
  isStarred: [z.boolean(), false, ({ reply }: OpenedReply) => reply.is_starred],
  receivedAt: [time, exampleTime, ({ reply }: OpenedReply) => reply.received_at.toISOString()],
  leadId: [
    optional,
    'cld_0199c9f17b207d028f113c5a7e90b410',
    ({ reply }: OpenedReply) => foxreachId('cld', reply.contact_id),
  ],
  campaignId: [
    optional,
    'cmp_0199c9f20a447e55b0c391d2e7a6f520',
    ({ reply }: OpenedReply) => foxreachId('cmp', reply.campaign_id),
  ],
  accountId: [
    text,
    'acc_0199c9f34c187a9b8d275e0b6c3f8a30',
    ({ reply }: OpenedReply) => foxreachId('acc', reply.mailbox_id),
  ],
} as const;

/** As a list has it: without the bodies, which may be long. */
export const threadItem = shapeOf<OpenedReply>({ ...said, ...state });

export const thread = shapeOf<OpenedReply>({
  ...said,
  body: [
    text,
    'Sounds interesting.<br>\n<br>\n&gt; Hi Ada',
    ({ message }) => message.said.html ?? htmlOf(message.said.text),
  ],
  bodyPlain: [text, 'Sounds interesting.\n\n> Hi Ada', ({ message }) => message.said.text],
  ...state,
});

/** The vendor's CLI formats `direction`. `status` is ours: a message that was written a moment ago may not be sent yet. */
export const turn = shapeOf<ThreadEntry>({
  id: [
    text,
    'rpl_0199c9f20a447e55b0c391d2e7a6f523',
    ({ message: { id, direction } }) => foxreachId(direction === 'inbound' ? 'rpl' : 'eml', id),
  ],
  direction: [
    z.enum(['sent', 'received']),
    'received',
    ({ message }) => (message.direction === 'inbound' ? 'received' : 'sent'),
  ],
  fromEmail: [text, 'ada@lovelace.example', ({ message }) => message.from_address],
  toEmail: [text, 'grace@hopper.example', ({ message }) => message.to_address],
  subject: [text, 'Re: Spring launch', ({ message }) => message.said.subject],
  body: [text, 'Sounds interesting.', ({ message }) => message.said.text],
  category: [
    category.nullable(),
    'interested',
    ({ reply }) => (reply === undefined ? null : categoryOf(reply.classification)),
  ],
  status: [optional, null, ({ message }) => message.status],
  timestamp: [time, exampleTime, ({ message }) => (message.sent_at ?? message.created_at).toISOString()],
});

/** Who wrote. Names are null for a key that may not read contacts. */
interface Writer {
  readonly contactId: string;
  readonly email: string;
  readonly contact: Contact | undefined;
}

export const writer = shapeOf<Writer>({
  id: [text, 'cld_0199c9f17b207d028f113c5a7e90b410', ({ contactId }) => foxreachId('cld', contactId)],
  email: [text, 'ada@lovelace.example', ({ contact, email }) => contact?.email ?? email],
  firstName: [optional, 'Ada', ({ contact }) => contact?.first_name ?? null],
  lastName: [optional, 'Lovelace', ({ contact }) => contact?.last_name ?? null],
  company: [optional, 'Analytical Engines', ({ contact }) => contact?.company_name ?? null],
});

export const inCampaign = z.object({ id: text, name: optional });
export const campaignExample = { id: 'cmp_0199c9f20a447e55b0c391d2e7a6f520', name: 'Spring launch' };

export const stats = z.object({
  total: integer,
  unread: integer,
  interested: integer,
  notInterested: integer,
  outOfOffice: integer,
  uncategorized: integer,
  unknown: integer,
  totalSent: integer.describe('Answers that people wrote.'),
});
export const statsExample = {
  total: 119,
  unread: 23,
  interested: 45,
  notInterested: 38,
  outOfOffice: 12,
  uncategorized: 8,
  unknown: 16,
  totalSent: 67,
};
