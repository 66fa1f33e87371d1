import assert from 'node:assert/strict';
import type { OrganizationId } from '../../src/base/ids.ts';
import { rawMessage } from './imap-scene.ts';
import type { Installation } from './installation.ts';

let made = 0;

/** Lets a mailbox receive an answer to the message with the Message-ID `answers`. @returns the id of the reply */
export async function receiveReply(
  { mail, clock }: Pick<Installation, 'clock' | 'mail'>,
  mailbox: { readonly id: string; readonly organizationId: OrganizationId },
  reply: { readonly from: string; readonly answers: string; readonly text: string },
): Promise<string> {
  const headers = {
    From: reply.from,
    'Message-ID': `<${(made += 1)}@replies.example>`,
    'In-Reply-To': reply.answers,
    Subject: 'Re: Hi',
  };
  const outcome = await mail.receiving.received({
    organizationId: mailbox.organizationId,
    mailboxId: mailbox.id,
    raw: rawMessage(headers, reply.text),
    receivedAt: new Date(clock.now()),
    folder: 'inbox',
  });
  return outcome.kind === 'stored' ? outcome.id : assert.fail(outcome.kind);
}
