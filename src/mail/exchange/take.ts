import { createHash } from 'node:crypto';
import type { MailboxId } from '../../base/ids.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { MailboxState } from '../mailboxes/index.ts';
import { messageIdOf } from '../mime/index.ts';
import type { Chosen, NewMessage, Store } from '../sending/index.ts';
import { answer, letter } from './letter.ts';
import type { Writing } from './letter.ts';
import { countLetters, takePairs } from './member-queries.ts';
import type { PartnerRow } from './member-queries.ts';
import { choicesOf, takingPart } from './members.ts';
import { pairGapMs } from './pairs.ts';
import { dueReplies, endTasks, insertLetters, lockReplies } from './queries.ts';
import type { DueReply, NewLetter } from './queries.ts';

/** Campaigns come first. */
export const priority = 3;

export interface TakeOptions {
  /** Whose mail the addresses of domains are, of those that were looked up. */
  readonly providersOf: (on: Queryable, domains: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

/** Stores the letters and answers that were chosen, and what they are recognized by. @returns message ids by candidate id */
export async function take(
  options: TakeOptions,
  tx: Transaction,
  chosen: readonly Chosen[],
  store: Store,
): Promise<ReadonlyMap<string, string>> {
  const letters = chosen.filter(({ candidate }) => candidate.id.startsWith('letter '));
  const replies = chosen.filter(({ candidate }) => candidate.id.startsWith('reply '));
  return new Map([
    ...(letters.length === 0 ? [] : await takeLetters(options, tx, letters, store)),
    ...(replies.length === 0 ? [] : await takeReplies(options, tx, replies, store)),
  ]);
}

async function takeLetters(
  { providersOf }: TakeOptions,
  tx: Transaction,
  chosen: readonly Chosen[],
  store: Store,
): Promise<[string, string][]> {
  const senders = await takingPart(tx, chosen);
  const choices = await choicesOf(tx, chosen, senders);
  const wanted = chosen.flatMap((one) => {
    const choice = choices.get(one.mailbox.id);
    // What was offered a moment ago is chosen again, unless something changed.
    if (choice?.receiver === undefined) return [];
    const { receiver, relation } = choice;
    if (one.candidate.id !== `letter ${one.mailbox.id} ${receiver.mailboxId} ${relation}`) return [];
    const { partners } = choice;
    return [{ ...one, receiver: receiver.row, relation, partners, pair: pairOf(one.mailbox.id, receiver.mailboxId) }];
  });
  if (wanted.length === 0) return [];
  // Of two mailboxes that begin together, one does.
  const unique = [...new Map(wanted.map((one) => [one.pair.join(), one])).values()];
  const pairs = unique.map(({ pair: [low, high], nowMs }) => ({ low, high, at: new Date(nowMs) }));
  const taken = new Set((await takePairs(tx, pairs, pairGapMs)).map((row) => [row.low_id, row.high_id].join()));
  const own = unique.filter(({ pair }) => taken.has(pair.join()));
  if (own.length === 0) return [];
  const numbers = new Map(
    (
      await countLetters(
        tx,
        own.map(({ mailbox, partners }) => ({
          mailboxId: mailbox.id,
          organizationId: mailbox.organization_id,
          partners,
        })),
      )
    ).map((row) => [row.mailbox_id, row.before]),
  );
  const providers = await providersOf(tx, [...new Set(own.map(({ receiver }) => receiver.domain))]);
  const made = own.map(({ mailbox, receiver, relation, nowMs, candidate }) => {
    const sender = senders.get(mailbox.id);
    const isShared = receiver.language === null || receiver.language === sender?.language;
    const writing: Writing = {
      language: isShared && sender !== undefined ? sender.language : 'en',
      senderId: mailbox.id,
      senderName: mailbox.display_name,
      recipientName: receiver.display_name,
      number: numbers.get(mailbox.id) ?? 0,
    };
    const to = { email: receiver.email, key: receiver.email_key, domain: receiver.domain };
    const { subject, text } = letter(writing);
    return {
      candidate,
      mailbox,
      receiver,
      relation,
      nowMs,
      writing,
      message: messageOf(mailbox, to, { subject, text }, nowMs),
    };
  });
  const ids = await store(made.map(({ message }) => message));
  const rows = made.flatMap(({ mailbox, receiver, relation, nowMs, writing, candidate }, index) => {
    const id = ids[index];
    if (id === undefined) return [];
    const row: NewLetter = {
      message_id: id,
      mailbox_id: mailbox.id,
      organization_id: mailbox.organization_id,
      receiver_id: receiver.mailbox_id,
      receiver_organization_id: receiver.organization_id,
      relation,
      answers: null,
      number: writing.number,
      language: writing.language,
      header: messageIdOf(id, mailbox.domain),
      provider: providerOf(receiver, providers),
      begun_at: new Date(nowMs),
    };
    return [{ row, candidate }];
  });
  await insertLetters(
    tx,
    rows.map(({ row }) => row),
  );
  return rows.map(({ row, candidate }) => [candidate.id, row.message_id]);
}

async function takeReplies(
  { providersOf }: TakeOptions,
  tx: Transaction,
  chosen: readonly Chosen[],
  store: Store,
): Promise<[string, string][]> {
  const letterOf = ({ candidate }: Chosen): string => candidate.id.slice('reply '.length);
  const locked = new Set((await lockReplies(tx, chosen.map(letterOf))).map((row) => row.letter_id));
  const mailboxIds = chosen.map(({ mailbox }) => mailbox.id);
  const due = new Map((await dueReplies(tx, mailboxIds, new Date(0))).map((row) => [row.message_id, row]));
  const own = chosen.flatMap((one) => {
    const row = due.get(letterOf(one));
    return row !== undefined && locked.has(row.message_id) ? [{ ...one, row }] : [];
  });
  if (own.length === 0) return [];
  const providers = await providersOf(tx, [...new Set(own.map(({ row }) => row.to_domain))]);
  const made = own.map((one) => ({ ...one, sendKey: sendKeyOf(one.row.message_id) }));
  const ids = await store(made.map(({ mailbox, row, sendKey, nowMs }) => replyOf(mailbox, row, sendKey, nowMs)));
  const rows = made.flatMap(({ mailbox, row, sendKey, nowMs, candidate }, index) => {
    const id = ids[index];
    if (id === undefined) return [];
    const letterRow: NewLetter = {
      message_id: id,
      mailbox_id: mailbox.id,
      organization_id: mailbox.organization_id,
      receiver_id: row.mailbox_id,
      receiver_organization_id: row.organization_id,
      relation: row.relation,
      answers: row.message_id,
      number: row.number,
      language: row.language,
      header: messageIdOf(sendKey, mailbox.domain),
      provider: providerOf({ ...row, domain: row.to_domain }, providers),
      begun_at: new Date(nowMs),
    };
    return [{ row: letterRow, candidate }];
  });
  if (rows.length > 0)
    await insertLetters(
      tx,
      rows.map(({ row }) => row),
    );
  await endTasks(
    tx,
    made.map(({ row, nowMs }) => ({ letter_id: row.message_id, kind: 'reply', outcome: 'sent', at: new Date(nowMs) })),
  );
  return rows.map(({ row, candidate }) => [candidate.id, row.message_id]);
}

/** A UUID that follows from a letter, so that it is answered once. Not the id of the letter: both Message-IDs would be alike. */
function sendKeyOf(letterId: string): string {
  const hex = createHash('sha256').update(`reply ${letterId}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function replyOf(mailbox: MailboxState, row: DueReply, sendKey: string, nowMs: number): NewMessage {
  const writing: Writing = {
    language: row.language,
    senderId: row.mailbox_id,
    senderName: row.sender_name,
    recipientName: row.receiver_name,
    number: row.number,
  };
  const answered = row.delivered_header ?? row.header;
  const { subject } = letter(writing);
  const content = { subject: `Re: ${subject}`, text: answer(writing, { senderId: mailbox.id }) };
  const to = { email: row.to_email, key: row.to_key, domain: row.to_domain };
  const message = messageOf(mailbox, to, content, nowMs);
  return { ...message, content: { ...message.content, references: [answered] }, inReplyTo: answered, sendKey };
}

const messageOf = (
  mailbox: MailboxState,
  to: NewMessage['to'],
  { subject, text }: { readonly subject: string; readonly text: string },
  nowMs: number,
): NewMessage => ({
  mailbox,
  purpose: 'warmup',
  priority,
  to,
  content: { subject, text, html: null, headers: {} },
  dueMs: nowMs,
});

/** A captured mailbox has no provider but its domain. */
const providerOf = (
  { mail_provider: provider, domain, capturing }: Pick<PartnerRow, 'mail_provider' | 'domain' | 'capturing'>,
  providers: ReadonlyMap<string, string>,
): string =>
  provider === 'google' || provider === 'microsoft'
    ? provider
    : capturing
      ? domain
      : (providers.get(domain) ?? 'other');

const pairOf = (one: MailboxId, other: MailboxId): [MailboxId, MailboxId] =>
  one < other ? [one, other] : [other, one];
