import { createHash } from 'node:crypto';
import { bank } from './bank/index.ts';
import type { LanguageCode } from './bank/index.ts';

/** Who writes to whom, and how often the sender has written before: texts follow from it, so nothing else is stored. */
export interface Writing {
  readonly language: LanguageCode;
  /** Id of the sending mailbox. It decides how this person greets and signs, always the same way. */
  readonly senderId: string;
  readonly senderName: string | null;
  readonly recipientName: string | null;
  /** Letters that the sender began before this one. */
  readonly number: number;
}

export interface Letter {
  readonly subject: string;
  /** Plain text, lines separated by \n. */
  readonly text: string;
}

/**
 * The text of a warm-up message. A sender goes through all topics before one returns, then with other words; until all wordings of a topic
 * are used, none is repeated.
 * @example
 * letter({ language: 'en', senderId, senderName: 'Ada Lovelace', recipientName: 'Grace Hopper', number: 0 }).subject
 */
export function letter(writing: Writing): Letter {
  const { topic, turn, seed } = topicOf(writing);
  return {
    subject: worded(topic.subject, seed, turn),
    text: signed(writing, worded(framed(writing.language, topic.body), seed + 1, turn)),
  };
}

/** The answer of the recipient. @param original of the letter that it answers; its recipient writes */
export function answer(original: Writing, writer: Pick<Writing, 'senderId'>): string {
  const { topic, turn, seed } = topicOf(original);
  const writing = {
    ...original,
    senderId: writer.senderId,
    senderName: original.recipientName,
    recipientName: original.senderName,
  };
  return signed(writing, worded(topic.reply, seed + 2, turn));
}

function topicOf({ language, senderId, number }: Writing) {
  const { topics } = bank[language];
  const seed = numberOf(`${senderId} topics`);
  // Coprime to the number of topics, so that each is used once in a turn.
  const stride = strideOf(seed, topics.length);
  const place = (seed + number * stride) % topics.length;
  return { topic: at(topics, place), turn: Math.floor(number / topics.length), seed: seed + place * 7_919 };
}

/** The body with an opening and an ending sentence. */
function framed(language: LanguageCode, body: string): string {
  const { openers, endings } = bank[language];
  return `{${openers.join('|')}}${body}{${endings.join('|')}}`;
}

/** One option of each group of the spintax, counted through in steps that reach every combination. */
function worded(text: string, seed: number, turn: number): string {
  const sizes = [...text.matchAll(group)].map(([, options = '']) => options.split('|').length);
  const total = sizes.reduce((product, size) => product * size, 1);
  let combination = (seed + turn * strideOf(seed, total)) % total;
  return text.replace(group, (_, options: string) => {
    const all = options.split('|');
    const option = at(all, combination);
    combination = Math.floor(combination / all.length);
    return option;
  });
}

const group = /\{([^{}]*\|[^{}]*)\}/g;

function signed({ language, senderId, senderName, recipientName }: Writing, body: string): string {
  const { greetings, greetingsWithoutName, closings } = bank[language];
  const style = numberOf(`${senderId} style`);
  const to = firstNameOf(recipientName);
  const greeting = to === null ? at(greetingsWithoutName, style) : at(greetings, style).replace('NAME', () => to);
  const signature = firstNameOf(senderName) ?? senderName ?? '';
  return `${greeting}\n\n${body}\n\n${at(closings, style >>> 8)}\n${signature}`.trimEnd();
}

/** `Grace Hopper` is a person with a first name; `Sales` and `ACME Inc.` are not greeted by name. */
function firstNameOf(name: string | null): string | null {
  const [first = '', ...rest] = (name ?? '').trim().split(/\s+/);
  return rest.length > 0 && /^\p{Lu}\p{Ll}[\p{L}'’-]*$/u.test(first) ? first : null;
}

const at = <T>(all: readonly T[], place: number): T => all[place % all.length] as T;

const numberOf = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE(0) % 1_000_003;

/** A step through `total` places that reaches each one. */
function strideOf(seed: number, total: number): number {
  let stride = (seed % total) + 1;
  while (divisor(stride, total) !== 1) stride += 1;
  return stride;
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
