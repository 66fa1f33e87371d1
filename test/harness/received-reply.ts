import assert from 'node:assert/strict';
import type { OrganizationId } from '../../src/base/ids.ts';
import { contactIdsByEmail } from '../../src/crm/contacts/index.ts';
import { createReceiving } from '../../src/mail/receiving/index.ts';
import { rawMessage } from './imap-scene.ts';
import type { Installation } from './installation.ts';

let made = 0;

/** Lets a mailbox receive an answer to the message with the Message-ID `answers`. @returns the id of the reply */
export async function receiveReply(
  { mail, ...product }: Pick<Installation, 'db' | 'ids' | 'vault' | 'clock' | 'mail'>,
  mailbox: { readonly id: string; readonly organizationId: OrganizationId },
  reply: { readonly from: string; readonly answers: string; readonly text: string },
): Promise<string> {
  const headers = {
    From: reply.from,
    'Message-ID': `<${(made += 1)}@replies.example>`,
    'In-Reply-To': reply.answers,
    Subject: 'Re: Hi',
  };
  const outcome = await createReceiving({
    ...product,
    contactIds: contactIdsByEmail,
    messagesByMessageId: mail.sending.messagesByMessageId,
    settleByReport: mail.sending.settleByReport,
    onOwnCopies: () => Promise.resolve(),
    onReplies: mail.inbox.received,
    onComplaints: () => Promise.resolve(),
    onSkipped: (_mailbox, reason) => assert.fail(reason),
  }).received({
    organizationId: mailbox.organizationId,
    mailboxId: mailbox.id,
    raw: rawMessage(headers, reply.text),
    receivedAt: new Date(product.clock.now()),
    folder: 'inbox',
  });
  return outcome.kind === 'stored' ? outcome.id : assert.fail(outcome.kind);
}
