import { companyKeyOf } from '../../base/company-domain.ts';
import { parseAddress } from '../../base/email-address.ts';
import { ApiError } from '../../base/errors.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Principal } from '../../http/route.ts';
import type { Reach } from '../mailboxes/index.ts';
import { addressesIn, textOfHtml } from '../mime/index.ts';
import { effectiveConfidence } from '../receiving/index.ts';
import type { ReplyClass } from '../replies/index.ts';
import type { Messages } from '../sending/index.ts';
import { effectOf } from './effect.ts';
import type { Lead } from './lead.ts';

/** A message of a lead's thread. */
export type LeadMessage = Awaited<ReturnType<Messages['list']>>[number];

export interface LeadReply {
  readonly body: string;
  readonly format: 'text' | 'html';
}

export interface AnswerOptions {
  readonly messages: Pick<Messages, 'send' | 'list'>;
  /** What stored messages mean, by id; messages that are not replies are missing. */
  readonly repliesOf: (
    reach: Reach,
    messages: readonly string[],
  ) => Promise<ReadonlyMap<string, { readonly classification: ReplyClass; readonly match_confidence: number }>>;
}

/** The newest messages of a lead's thread that are read. */
export const messagesMax = 100;
export const noFilter = {
  campaignId: null,
  leadId: null,
  contactId: null,
  mailboxId: null,
  status: null,
  direction: null,
};

/**
 * Answers the person who wrote last in a lead's thread: the lead, or a colleague. Receipts and notices of absence do not count. If no person
 * wrote, the message goes to the lead, in the thread of the message that was sent last.
 * @throws ApiError `conflict` if no message was sent to the lead yet; `validation_failed`
 */
export async function answer(
  { messages, repliesOf }: AnswerOptions,
  principal: Principal,
  { id, email, campaign_id: campaignId, contact_id: contactId }: Lead,
  { body, format }: LeadReply,
): Promise<LeadMessage> {
  const newest = await messages.list(principal, { ...noFilter, leadId: id }, { limit: messagesMax });
  const received = newest.filter(({ direction }) => direction === 'inbound');
  const replies = await repliesOf(
    principal,
    received.map((message) => message.id),
  );
  const written = received.find((message) => {
    const reply = replies.get(message.id);
    return (
      reply !== undefined &&
      reply.match_confidence >= effectiveConfidence &&
      effectOf(reply.classification, false).kind === 'answer' &&
      !('problem' in parseAddress(message.from_address))
    );
  });
  const last = written ?? newest.find(({ status }) => isSent(status));
  if (last === undefined)
    throw new ApiError('conflict', 'Nothing was sent to this lead yet, so there is no thread to answer in.');
  return messages.send(principal, {
    mailboxId: last.mailbox_id as MailboxId,
    to: written === undefined ? email : answerTo(written.from_address, written.said.headers['reply-to']),
    text: format === 'text' ? body : (textOfHtml(body) ?? ''),
    html: format === 'html' ? body : undefined,
    replyToMessageId: last.id,
    lead: { id, campaignId, contactId },
  });
}

/**
 * Where an answer to a message goes (RFC 5322 §3.6.2): to its Reply-To, if that is one address of the writer's company. Anybody can write
 * another one there, and the answer would leave the conversation unnoticed.
 * @example
 * answerTo('ada@mail.lovelace.example', 'Ada <office@lovelace.example>') // 'office@lovelace.example'
 */
function answerTo(from: string, replyTo = ''): string {
  const [one, ...others] = addressesIn(replyTo);
  if (one === undefined || others.length > 0) return from;
  const [writer, wanted] = [parseAddress(from), parseAddress(one.address)];
  if ('problem' in writer || 'problem' in wanted) return from;
  const company = companyKeyOf(null, writer.domain);
  return company !== null && company === companyKeyOf(null, wanted.domain) ? wanted.email : from;
}

/** A server has it, or may have it. */
const isSent = (status: string | null): boolean =>
  status !== null && ['sent', 'delivered', 'unknown', 'not_found'].includes(status);
