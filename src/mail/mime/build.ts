import { createHash } from 'node:crypto';
import { DateTime } from 'luxon';
import MimeNode from 'nodemailer/lib/mime-node';
import * as qp from 'nodemailer/lib/qp';
import { invalid } from '../../base/errors.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import { contentProblems, hasControls, needsSmtputf8 } from './content.ts';
import type { Content } from './content.ts';
import { dkimSignature } from './dkim.ts';
import type { DkimKey } from './dkim.ts';
import { textOfHtml } from './html-text.ts';

/** An address in a header; the name is shown instead of it. */
export interface NamedAddress {
  readonly address: string;
  readonly name?: string | undefined;
}

export interface MessageInput extends Content {
  readonly from: NamedAddress;
  readonly to: NamedAddress;
  readonly replyTo?: string | undefined;
  /** Plain text, added to the end of both bodies. */
  readonly signature?: string | undefined;
  /** With angle brackets, as `messageIdOf` returns it. */
  readonly messageId: string;
  readonly inReplyTo?: string | undefined;
  /** The Message-IDs of the thread, the oldest first. */
  readonly references?: readonly string[] | undefined;
  readonly date: Date;
  /** Of the mailbox, in IANA's spelling. */
  readonly timezone: string;
  /** More headers, in ASCII, such as `List-Unsubscribe`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly dkim?: DkimKey | undefined;
}

export interface BuiltMessage {
  readonly raw: Buffer;
  /** The bodies as sent: with the signature; the text made from the HTML if only that was given. */
  readonly text: string;
  readonly html: string | undefined;
}

/** A line is folded between words, and has at most 998 octets (RFC 5322 §2.1.1). */
const longWord = /[^ ]{900}/;
/** The first and the last ones: every server and reader copes with this many. */
const referencesMax = 50;
/** Set from the other members. */
const ownHeaders =
  /^(from|to|cc|bcc|sender|reply-to|subject|message-id|in-reply-to|references|date|mime-version|content-.*|dkim-signature|received|return-path)$/i;
const headerName = /^[a-z0-9-]{1,76}$/i;
const printable = /^[\x20-\x7e]*$/;

/**
 * Builds the bytes of a message: multipart/alternative, or the text alone. The same input gives the same bytes, and nothing in them names
 * the product.
 * @throws ApiError `validation_failed` that names the member: a line break in a header, a header that is set here, an address that
 * needs SMTPUTF8, a line that cannot be folded, a body that `contentProblems` refuses
 * @example
 * const { raw } = buildMessage({
 *   from: { address: 'grace@hopper.example', name: 'Grace Hopper' },
 *   to: { address: 'ada@lovelace.example' },
 *   subject: 'Hello',
 *   text: 'Hello Ada',
 *   messageId: messageIdOf(id, 'hopper.example'),
 *   date: new Date(clock.now()),
 *   timezone: 'Europe/Berlin',
 * });
 */
export function buildMessage(input: MessageInput): BuiltMessage {
  const problems = { ...contentProblems(input), ...headerProblems(input) };
  if (Object.keys(problems).length > 0) throw invalid(problems);
  const { text, html } = bodiesOf(input);
  const parts = [part('text/plain', text), ...(html === undefined ? [] : [part('text/html', html)])];
  const node = new MimeNode(html === undefined ? undefined : 'multipart/alternative');
  for (const [name, value] of headersOf(input)) node.addHeader(name, value);
  let body: string;
  if (html === undefined) {
    node
      .setHeader('Content-Type', 'text/plain; charset=utf-8')
      .setHeader('Content-Transfer-Encoding', 'quoted-printable');
    body = `${parts[0]?.body ?? ''}\r\n`;
  } else {
    // "=_" is no quoted-printable, so no body contains the boundary.
    const boundary = `=_${createHash('sha256').update(input.messageId).digest('hex').slice(0, 32)}`;
    node.setHeader('Content-Type', `multipart/alternative; boundary="${boundary}"`);
    body = `${parts.map((each) => `--${boundary}\r\n${each.headers}\r\n\r\n${each.body}\r\n`).join('')}--${boundary}--\r\n`;
  }
  const head = node.buildHeaders();
  const signature = input.dkim === undefined ? '' : `${dkimSignature(unfolded(head), body, input.dkim)}\r\n`;
  return { raw: Buffer.from(`${signature}${head}\r\n\r\n${body}`, 'latin1'), text, html };
}

/** The fields of a header block, each with its folds. */
const unfolded = (head: string): string[] => head.split(/\r\n(?![ \t])/);

function part(type: string, content: string): { readonly headers: string; readonly body: string } {
  return {
    headers: `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable`,
    body: qp.wrap(qp.encode(content)),
  };
}

/** CRLF is the only line break of a message (RFC 5322 §2.3). */
const withCrlf = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/\r\n?|\n/g, '\r\n')
    .replace(/(\r\n)+$/, '');

function bodiesOf({ text = '', html = '', signature = '' }: MessageInput): Pick<BuiltMessage, 'text' | 'html'> {
  const written = text.trim() === '' ? (textOfHtml(html) ?? '') : text;
  if (signature.trim() === '')
    return { text: withCrlf(written), html: html.trim() === '' ? undefined : withCrlf(html) };
  return {
    // RFC 3676 §4.3: readers recognize a signature by this line.
    text: withCrlf(`${written.trimEnd()}\n\n-- \n${signature}`),
    html: html.trim() === '' ? undefined : withCrlf(withHtmlSignature(html, signature)),
  };
}

function withHtmlSignature(html: string, signature: string): string {
  const lines = signature
    .trim()
    .split(/\r\n?|\n/)
    .map((line) => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
  const at = html.search(/<\/(?:body|html)\b/i);
  return `${at === -1 ? html : html.slice(0, at)}<div><br>-- <br>${lines.join('<br>')}</div>${at === -1 ? '' : html.slice(at)}`;
}

type Header = readonly [name: string, value: Parameters<MimeNode['addHeader']>[1]];

function* headersOf(input: MessageInput): Iterable<Header> {
  const { from, to, replyTo, subject, messageId, inReplyTo, references = [], date, timezone, headers = {} } = input;
  yield ['From', { name: from.name ?? '', address: from.address }];
  yield ['To', { name: to.name ?? '', address: to.address }];
  if (replyTo !== undefined) yield ['Reply-To', { name: '', address: replyTo }];
  yield ['Subject', unstructured(subject.toWellFormed().trim())];
  yield ['Date', DateTime.fromJSDate(date, { zone: timezone }).toRFC2822()];
  yield ['Message-ID', messageId];
  if (inReplyTo !== undefined) yield ['In-Reply-To', inReplyTo];
  const kept =
    references.length > referencesMax
      ? [...references.slice(0, 1), ...references.slice(1 - referencesMax)]
      : references;
  if (kept.length > 0) yield ['References', kept.join(' ')];
  for (const [name, value] of Object.entries(headers)) yield [name, asWritten(value)];
}

/** nodemailer encodes every text with a quotation mark; filters take that as a sign of spam. */
const unstructured = (value: string) => (printable.test(value) && !value.includes('=?') ? asWritten(value) : value);

/** Runs of spaces are shortened: folding would leave lines of nothing but spaces, at which some readers end the headers. */
const asWritten = (value: string) => ({
  prepared: true,
  foldLines: true,
  value: value.replaceAll(/ {2,}/g, ' ').trim(),
});

function headerProblems(input: MessageInput): ErrorDetails {
  const problems: Record<string, string> = {};
  const { from, to, replyTo, messageId, inReplyTo, references = [], timezone, date, headers = {} } = input;
  const addresses = { 'from.address': from.address, 'to.address': to.address, reply_to: replyTo ?? '' };
  const values = { ...addresses, 'from.name': from.name ?? '', 'to.name': to.name ?? '' };
  for (const [field, value] of Object.entries(values))
    if (hasControls(value)) problems[field] = 'must not contain line breaks or other control characters';
    else if (longWord.test(value)) problems[field] = 'has a word of 900 characters or more';
  for (const [field, value] of Object.entries(addresses))
    if (needsSmtputf8(value)) problems[field] = 'needs a server with SMTPUTF8: its local part is not ASCII';
  for (const id of [messageId, inReplyTo ?? messageId, ...references])
    if (!/^<[\x21-\x3b\x3d\x3f-\x7e]{1,898}>$/.test(id))
      problems['references'] = 'must be Message-IDs in angle brackets';
  if (!DateTime.fromJSDate(date, { zone: timezone }).isValid)
    problems['timezone'] = 'must be a time zone of the IANA database, and date a time';
  for (const [name, value] of Object.entries(headers))
    if (!headerName.test(name)) problems['headers'] = 'must have names of letters, digits and hyphens';
    else if (ownHeaders.test(name)) problems[`headers.${name}`] = 'is set from the other fields';
    else if (!printable.test(value)) problems[`headers.${name}`] = 'must be printable ASCII on one line';
    else if (longWord.test(value)) problems[`headers.${name}`] = 'has a word of 900 characters or more';
  return problems;
}
