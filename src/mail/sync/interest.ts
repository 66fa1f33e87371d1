import { parseAddress } from '../../base/email-address.ts';
import type { ReadRole } from './folders.ts';

/** The headers that decide whether a message is read any further. */
export const headerNames = [
  'Message-ID',
  'In-Reply-To',
  'References',
  'From',
  'Subject',
  'Content-Type',
  'X-Failed-Recipients',
];

/** What a message's headers say. */
export interface Headers {
  readonly messageId: string | null;
  /** Message-IDs of In-Reply-To and References, in that order. */
  readonly answers: readonly string[];
  /** The sender as addresses are compared; null if there is none that mail can be sent to. */
  readonly from: string | null;
  readonly subject: string;
  /** A delivery report (RFC 3464), a complaint (RFC 5965), or a bounce of a server that sends neither. */
  readonly isReport: boolean;
}

/** Hostile messages have megabytes of headers. */
const headerBytesMax = 64 * 1024;
const answersMax = 100;
const messageIdMax = 998;

const messageIds = /<[^<>\s]+>/g;
const reportTypes = /^(?:multipart\/report|message\/(?:delivery-status|global-delivery-status|feedback-report))\b/i;
const reporters = /^(?:mailer-daemon|postmaster)@/;

/**
 * Reads the headers named by `headerNames` from the block that the server returns.
 * @example
 * readHeaders(Buffer.from('Message-ID: <1@a.example>\r\nIn-Reply-To: <2@b.example>\r\n\r\n')).answers // ['<2@b.example>']
 */
export function readHeaders(block: Buffer): Headers {
  const fields = new Map<string, string>();
  // Folded lines continue the field before them (RFC 5322 §2.2.3).
  const text = block
    .subarray(0, headerBytesMax)
    .toString()
    .replaceAll(/\r?\n[ \t]+/g, ' ');
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  const idsOf = (name: string): string[] =>
    (fields.get(name)?.match(messageIds) ?? []).filter((id) => id.length <= messageIdMax);
  const from = addressOf(fields.get('from') ?? '');
  return {
    messageId: idsOf('message-id')[0] ?? null,
    // The last references are the nearest messages of the thread.
    answers: [...new Set([...idsOf('in-reply-to'), ...idsOf('references').toReversed()])].slice(0, answersMax),
    from,
    subject: fields.get('subject') ?? '',
    isReport:
      reportTypes.test(fields.get('content-type') ?? '') ||
      fields.has('x-failed-recipients') ||
      (from !== null && reporters.test(from)),
  };
}

function addressOf(text: string): string | null {
  const parsed = parseAddress(/<([^<>]*)>[^<>]*$/.exec(text)?.[1] ?? text);
  return 'key' in parsed ? parsed.key : null;
}

/** What is known of the Message-IDs and senders of a batch. */
export interface Known {
  /** Message-IDs of messages that the organization sent, also as their servers replaced them. */
  readonly sent: ReadonlySet<string>;
  /** Message-IDs that the mailbox has received and stored. */
  readonly received: ReadonlySet<string>;
  /** Senders who are contacts. */
  readonly contacts: ReadonlySet<string>;
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
  { messageId, answers, from, isReport }: Headers,
  { role, address, known, lookBack }: InterestContext,
): Interest {
  const isOwn = messageId !== null && known.sent.has(messageId);
  if (role === 'sent') return isOwn ? 'sighting' : 'nothing';
  if (messageId !== null && known.received.has(messageId)) return 'nothing';
  // Sent by this mailbox to itself: a self-test, perhaps with a new Message-ID.
  if (isOwn || from === address) return lookBack ? 'nothing' : 'body';
  if (isReport || answers.some((id) => known.sent.has(id))) return 'body';
  return !lookBack && from !== null && known.contacts.has(from) ? 'body' : 'nothing';
}
