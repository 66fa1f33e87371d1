import { z } from 'zod';
import { cut } from '../../base/cut.ts';
import { exampleIds } from '../../events/index.ts';
import { shown } from '../../http/shown.ts';
import { effectiveConfidence, matchedBy } from '../receiving/index.ts';
import { replyClasses } from '../replies/index.ts';
import type { OpenedReply, ThreadEntry } from './records.ts';
import { classSources } from './reply.ts';

const time = z.iso.datetime();
const confidence = z.number().min(0).max(1);

/** A page of long replies would be megabytes. */
const listedCharacters = 10_000;

export const classificationShape = z
  .enum(replyClasses)
  .describe('What the reply means. `unknown`: nothing was certain enough.');

export const replyShape = z
  .object({
    id: z.uuid().describe('Also the id of the received message.'),
    workspace_id: z.uuid().nullable(),
    campaign_id: z.uuid().nullable(),
    lead_id: z.uuid().nullable(),
    contact_id: z.uuid().nullable(),
    mailbox_id: z.uuid(),
    reply_to_message_id: z.uuid().describe('The message that it answers.'),
    thread_id: z.uuid().describe('The lead; without one, the first message of the thread.'),
    from: z.string(),
    to: z.string(),
    subject: z.string(),
    body: z
      .string()
      .describe(`The whole text, with what it quotes; in a list, its first ${listedCharacters} characters.`),
    text: z
      .string()
      .describe(
        `What the person wrote: without quotation, sign-off, signature and disclaimer; in a list, its first ${listedCharacters} characters.`,
      ),
    classification: classificationShape,
    confidence: confidence.describe('Of `unknown`: of the class that was not certain enough. Of a person: 1.'),
    source: z
      .enum(classSources)
      .describe("Who decided: the rules, the linear model, the organization's own model, or a person."),
    reasons: z.array(z.string()).describe('What led to the class, the most important first.'),
    match: z
      .object({
        by: z
          .enum(matchedBy)
          .describe(
            'What named the answered message. `reference`: its Message-ID, and its recipient answers; `from_other_person`: somebody else of the company does; `stranger`: somebody else does. `unsubscribe_token`: the token of its opt-out. `subject`: the sender is its recipient, with the only such subject. `sender`: the sender is its recipient. `domain`: its recipient is of the same company.',
          ),
        confidence: confidence.describe(`Below ${effectiveConfidence}, the reply is shown and changes nothing.`),
      })
      .describe('How it was matched with the message that it answers.'),
    return_date: z
      .string()
      .nullable()
      .describe(
        '`YYYY-MM-DD`: the first day back of an absence, or the day from which a `not_now` may be written to again.',
      ),
    referral: z
      .object({ email: z.string().nullable(), name: z.string().nullable() })
      .nullable()
      .describe('Somebody whom the reply names instead of its sender: a proposal, which is never added by itself.'),
    is_read: z.boolean(),
    is_starred: z.boolean(),
    received_at: time,
    updated_at: time,
  })
  .meta({ id: 'Reply' });

export const replyOnWire = ({ reply, details, message }: OpenedReply) =>
  shown(replyShape, {
    ...reply,
    reply_to_message_id: reply.answered_id,
    from: message.from_address,
    to: message.to_address,
    subject: message.said.subject,
    body: message.said.text,
    text: details.text,
    confidence: rounded(reply.confidence),
    reasons: [...details.reasons],
    match: { by: reply.match_by, confidence: rounded(reply.match_confidence) },
    referral: details.referral,
  });

export const listedReplyOnWire = (found: OpenedReply) => {
  const whole = replyOnWire(found);
  return {
    ...whole,
    body: cut(whole.body, listedCharacters),
    text: cut(whole.text, listedCharacters),
  };
};

/** Stored in single precision. */
const rounded = (confidence: number): number => Number(confidence.toFixed(2));

export const replyExample = {
  id: exampleIds.reply,
  workspace_id: null,
  campaign_id: exampleIds.campaign,
  lead_id: exampleIds.lead,
  contact_id: exampleIds.contact,
  mailbox_id: exampleIds.mailbox,
  reply_to_message_id: exampleIds.email,
  thread_id: exampleIds.lead,
  from: exampleIds.recipient,
  to: exampleIds.sender,
  subject: 'Re: Spring launch',
  body: 'Sounds interesting. Could you send me some times for next week?\n\nOn Mon, 5 Jan 2026, Grace Hopper wrote:\n> Hi Ada,',
  text: 'Sounds interesting. Could you send me some times for next week?',
  classification: 'meeting_request',
  confidence: 0.95,
  source: 'rules',
  reasons: ['en: send me some times', 'also interested: sounds interesting'],
  match: { by: 'reference', confidence: 1 },
  return_date: null,
  referral: null,
  is_read: false,
  is_starred: false,
  received_at: '2026-01-05T10:12:00.000Z',
  updated_at: '2026-01-05T10:12:03.417Z',
} as const satisfies z.input<typeof replyShape>;

export const threadEntryShape = z
  .object({
    id: z.uuid(),
    direction: z.enum(['outbound', 'inbound']),
    status: z.string().nullable().describe('As of a message. Null for a received one.'),
    mailbox_id: z.uuid(),
    from: z.string(),
    to: z.string(),
    subject: z.string(),
    body: z.string().describe('The whole text, with what it quotes.'),
    text: z
      .string()
      .describe('What its sender wrote: of a reply, without quotation, sign-off, signature and disclaimer.'),
    html: z.string().nullable(),
    step: z.int().nullable(),
    classification: classificationShape.nullable().describe('Null of messages that are no replies.'),
    at: time.describe('When it was received, sent, or accepted to be sent.'),
  })
  .meta({ id: 'ThreadMessage' });

export const threadEntryOnWire = ({ message, reply, text }: ThreadEntry) =>
  shown(threadEntryShape, {
    ...message,
    from: message.from_address,
    to: message.to_address,
    subject: message.said.subject,
    body: message.said.text,
    text,
    html: message.said.html,
    classification: reply?.classification ?? null,
    at: message.sent_at ?? message.created_at,
  });

export const threadExample = [
  {
    id: exampleIds.email,
    direction: 'outbound',
    status: 'sent',
    mailbox_id: exampleIds.mailbox,
    from: exampleIds.sender,
    to: exampleIds.recipient,
    subject: 'Spring launch',
    body: 'Hi Ada,\n\nthe launch is in April.',
    text: 'Hi Ada,\n\nthe launch is in April.',
    html: null,
    step: 1,
    classification: null,
    at: '2026-01-05T09:00:01.204Z',
  },
  {
    id: exampleIds.reply,
    direction: 'inbound',
    status: null,
    mailbox_id: exampleIds.mailbox,
    from: exampleIds.recipient,
    to: exampleIds.sender,
    subject: 'Re: Spring launch',
    body: replyExample.body,
    text: replyExample.text,
    html: null,
    step: null,
    classification: 'meeting_request',
    at: '2026-01-05T10:12:00.000Z',
  },
] as const satisfies z.input<typeof threadEntryShape>[];
