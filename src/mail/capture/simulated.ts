import { DateTime } from 'luxon';
import { dayMs } from '../../base/clock.ts';
import { cut } from '../../base/cut.ts';
import { domainOf } from '../../base/email-address.ts';
import { own } from '../../base/own.ts';
import {
  buildComplaint,
  buildDeliveryReport,
  buildMessage,
  parseMessage,
  subjectCharactersMax,
} from '../mime/index.ts';

export const bounceKinds = ['hard', 'soft', 'block'] as const;
export type BounceKind = (typeof bounceKinds)[number];

/** What a recipient, or its server, does with a message. */
export type Reaction =
  | { readonly kind: 'delivered' | 'complaint' }
  | { readonly kind: 'bounce'; readonly bounce: BounceKind }
  | {
      readonly kind: 'reply';
      readonly text: string;
      /** The recipient by default. */
      readonly from?: string | undefined;
      /** Sent by a program, not by a person (RFC 3834). */
      readonly auto?: true;
    };

/** A recipient shows the images of a message, or follows its first link. */
export type Visit = 'open' | 'click';

const reply = (text: string): Reaction => ({ kind: 'reply', text });

/** By what stands between `+` and `@simulator.test`. */
const reactions: Readonly<Record<string, Reaction | 'ooo'>> = {
  delivered: { kind: 'delivered' },
  bounce: { kind: 'bounce', bounce: 'hard' },
  softbounce: { kind: 'bounce', bounce: 'soft' },
  complaint: { kind: 'complaint' },
  reply: reply('Thank you for your message. I will look at it this week.'),
  interested: reply('That sounds interesting. Could you send me more details?'),
  notinterested: reply('Thank you, but we are not interested.'),
  ooo: 'ooo',
  unsubscribe: reply('Please remove me from your list and do not write to me again.'),
};

const simulatorAddress = /\+([a-z]+)@simulator\.test$/;
const awayDays = 7;
/** After the message was accepted, so that its sender has most likely stored that. */
const reactionMs = 1_000;
/** What is fetched within 10 s is taken for a machine's work. */
const visitMs = 15_000;

/**
 * Which simulated recipient an address is.
 * @param key as addresses are compared
 * @returns undefined for an address that does nothing by itself
 * @example
 * simulatedOf('ada+bounce@simulator.test') // 'bounce'
 */
export function simulatedOf(key: string): string | undefined {
  const name = simulatorAddress.exec(key)?.[1];
  return name !== undefined && (own(reactions, name) ?? visitOf(name)) !== undefined ? name : undefined;
}

/** What a simulated recipient fetches, instead of a reaction. @param name as `simulatedOf` returns it */
export const visitOf = (name: string): Visit | undefined => (name === 'open' || name === 'click' ? name : undefined);

/** How long after its acceptance a simulated recipient acts, in milliseconds. */
export const delayOf = (name: string): number => (visitOf(name) === undefined ? reactionMs : visitMs);

/** What comes back from a simulated recipient. @param name as `simulatedOf` returns it */
export function reactionOf(name: string, now: Date): Reaction | undefined {
  const reaction = own(reactions, name);
  if (reaction !== 'ooo') return reaction;
  const back = DateTime.fromMillis(now.getTime() + awayDays * dayMs, { zone: 'utc' }).toFormat('d MMMM yyyy', {
    locale: 'en',
  });
  return { kind: 'reply', auto: true, text: `I am out of the office and will be back on ${back}.` };
}

/** How a server refuses a recipient for good. */
const refusals: Readonly<Record<BounceKind, { readonly status: string; readonly answer: string }>> = {
  hard: { status: '5.1.1', answer: '550 5.1.1 Recipient address rejected: user unknown' },
  soft: { status: '5.2.2', answer: '552 5.2.2 The mailbox is full' },
  block: { status: '5.7.1', answer: '554 5.7.1 The message was blocked as spam' },
};

/** A captured message, opened. */
export interface Original {
  /** Its envelope sender. */
  readonly from: string;
  readonly to: string;
  readonly raw: Buffer;
}

const quotedCharactersMax = 20_000;

/**
 * The message that comes back. The same arguments give the same bytes.
 * @param messageId of the message that comes back
 */
export async function rawOf(reaction: Reaction, original: Original, messageId: string, date: Date): Promise<Buffer> {
  const about = { to: original.from, recipient: original.to, original: original.raw, messageId, date };
  switch (reaction.kind) {
    case 'delivered':
      return buildDeliveryReport({ ...about, action: 'delivered', status: '2.0.0', answer: '250 2.0.0 OK' });
    case 'bounce':
      return buildDeliveryReport({ ...about, action: 'failed', ...refusals[reaction.bounce] });
    case 'complaint':
      return buildComplaint(about);
    case 'reply':
      return replyOf(reaction, original, messageId, date);
  }
}

async function replyOf(
  { text, from, auto }: Extract<Reaction, { kind: 'reply' }>,
  original: Original,
  messageId: string,
  date: Date,
): Promise<Buffer> {
  const parsed = await parseMessage(original.raw);
  const message = 'skipped' in parsed ? undefined : parsed;
  const { subject = '', messageId: answered, references = [] } = message ?? {};
  const quoted = (message?.text ?? '').slice(0, quotedCharactersMax).trimEnd();
  const at = DateTime.fromJSDate(message?.date ?? date, { zone: 'utc' }).toFormat("d MMMM yyyy 'at' HH:mm", {
    locale: 'en',
  });
  return buildMessage({
    from: { address: from ?? original.to },
    to: message?.replyTo[0] ?? message?.from ?? { address: original.from },
    subject: cut(
      auto === true ? `Automatic reply: ${subject}` : /^re:/i.test(subject) ? subject : `Re: ${subject}`,
      subjectCharactersMax,
    ),
    text: `${text}\n\nOn ${at}, ${original.from} wrote:\n${quoted.replaceAll(/^/gm, '> ')}`,
    messageId,
    inReplyTo: answered,
    references: answered === undefined ? references : [...references, answered],
    date,
    timezone: 'UTC',
    headers: auto === true ? { 'Auto-Submitted': 'auto-replied' } : {},
  }).raw;
}

/** The domain that the message comes from: the recipient's, also for what its server sends. */
export const domainOfReaction = (reaction: Reaction, { to }: Pick<Original, 'to'>): string => {
  const address = (reaction.kind === 'reply' ? reaction.from : undefined) ?? to;
  return domainOf(address.slice(address.lastIndexOf('@') + 1)) ?? 'simulator.test';
};
