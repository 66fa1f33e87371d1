import { parseAddress } from '../../base/email-address.ts';
import type { Known } from '../receiving/index.ts';
import { optOutIn } from '../tracking/index.ts';
import type { ReadRole } from './folders.ts';

/** The headers that decide whether a message is read any further. */
export const headerNames = [
  'Message-ID',
  'In-Reply-To',
  'References',
  'From',
  'Content-Type',
  'X-Failed-Recipients',
  'Return-Path',
  'Subject',
  'To',
  'List-Id',
  'List-Unsubscribe',
  'Precedence',
  'Auto-Submitted',
];

/** What a message's headers say. */
export interface Headers {
  readonly messageId: string | null;
  /** Message-IDs of In-Reply-To and References, in that order. */
  readonly answers: readonly string[];
  /** The sender as addresses are compared; null if there is none that mail can be sent to. */
  readonly from: string | null;
  /** A delivery report (RFC 3464), a complaint (RFC 5965), or a bounce of a server that sends neither. */
  readonly isReport: boolean;
  /** It may have the token of an opt-out. */
  readonly isOptOut: boolean;
  /** A program sent it, or it went to many. */
  readonly isBulk: boolean;
}

/** Hostile messages have megabytes of headers. */
const headerBytesMax = 32 * 1024;
const answersMax = 100;
const messageIdMax = 998;

const messageIds = /<[^<>\s]+>/g;
const reportTypes = /^(?:multipart\/report|message\/(?:delivery-status|global-delivery-status|feedback-report))\b/i;
/** Of servers, in From as it was written. */
const reporters = /mailer-?daemon|post_?master@|mail[ ._-]?deliver|^\s*<>\s*$/i;

/**
 * Reads the headers named by `headerNames` from the block that the server returns.
 * @example
 * readHeaders(Buffer.from('Message-ID: <1@a.example>\r\nIn-Reply-To: <2@b.example>\r\n\r\n')).answers // ['<2@b.example>']
 */
export function readHeaders(block: Buffer): Headers {
  const fields = fieldsOf(block.subarray(0, headerBytesMax).toString());
  const from = addressOf(fields.get('from') ?? '');
  return {
    messageId: idsIn(fields.get('message-id'))[0] ?? null,
    answers: answersOf(idsIn(fields.get('in-reply-to')), idsIn(fields.get('references'))),
    from,
    isReport:
      reportTypes.test(fields.get('content-type') ?? '') ||
      fields.has('x-failed-recipients') ||
      reporters.test(fields.get('from') ?? '') ||
      /^\s*<>/.test(fields.get('return-path') ?? ''),
    isOptOut: optOutIn(`${fields.get('subject') ?? ''} ${fields.get('to') ?? ''}`) !== undefined,
    isBulk:
      ['list-id', 'list-unsubscribe', 'precedence'].some((name) => fields.has(name)) ||
      !/^\s*(?:no\b|$)/i.test(fields.get('auto-submitted') ?? ''),
  };
}

/** The first field of each name. One pass over the text: a folder may have a million messages. */
function fieldsOf(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (let start = 0; start < text.length;) {
    let end = lineEnd(text, start);
    // Folded lines continue the field before them (RFC 5322 §2.2.3).
    const isFolded = isBlank(text, end + 1);
    while (isBlank(text, end + 1)) end = lineEnd(text, end + 1);
    const field = text.slice(start, end);
    const colon = field.indexOf(':');
    if (colon > 0) {
      const name = field.slice(0, colon).trim().toLowerCase();
      const value = field.slice(colon + 1).trim();
      if (!fields.has(name)) fields.set(name, isFolded ? value.replaceAll(/\r?\n[ \t]+/g, ' ') : value);
    }
    start = end + 1;
  }
  return fields;
}

const isBlank = (text: string, at: number): boolean => text[at] === ' ' || text[at] === '\t';

function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

const none: readonly string[] = [];

const idsIn = (value: string | undefined): readonly string[] =>
  value === undefined ? none : (value.match(messageIds)?.filter((id) => id.length <= messageIdMax) ?? none);

/** The last references are the nearest messages of the thread. */
const answersOf = (inReplyTo: readonly string[], references: readonly string[]): readonly string[] =>
  inReplyTo.length + references.length === 0
    ? none
    : [...new Set([...inReplyTo, ...references.toReversed()])].slice(0, answersMax);

function addressOf(text: string): string | null {
  const parsed = parseAddress(/<([^<>]*)>[^<>]*$/.exec(text)?.[1] ?? text);
  return 'key' in parsed ? parsed.key : null;
}

/** `body`: fetch and process the message. `sighting`: a copy of a message of ours; its bytes are known. `nothing`: store only the position. */
export type Interest = 'body' | 'sighting' | 'nothing';

/** What the headers of a message are compared with. */
export interface InterestContext {
  readonly role: ReadRole;
  /** Of the mailbox, as addresses are compared. */
  readonly address: string;
  readonly known: Known;
  /** Only what belongs to sent messages: for mail from before the mailbox was connected. */
  readonly lookBack: boolean;
}

/** Decides what to do with a message, by its headers alone. */
export function interestOf(
  { messageId, answers, from, isReport, isOptOut }: Headers,
  { role, address, known, lookBack }: InterestContext,
): Interest {
  const isOwn = messageId !== null && known.sent.has(messageId);
  if (role === 'sent') return isOwn ? 'sighting' : 'nothing';
  // Sent by this mailbox to itself: a self-test, which may arrive before the first reading, perhaps with a new Message-ID.
  if (isOwn) return 'body';
  // Where a server replaced its Message-ID, only the text shows that a message is a warm-up message.
  if (messageId !== null && known.exchange.headers.has(messageId)) return 'body';
  if (from !== null && known.exchange.senders.has(from)) return 'body';
  if (from === address) return lookBack ? 'nothing' : 'body';
  if (isReport || isOptOut || answers.some((id) => known.sent.has(id))) return 'body';
  if (lookBack || from === null || known.mailboxes.has(from)) return 'nothing';
  return known.senders.has(from) ? 'body' : 'nothing';
}
