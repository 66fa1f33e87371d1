import { createHash, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** A key of the sending domain that signs: RSA, and its public half is at `{selector}._domainkey.{domain}`. */
export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  /** PEM, or a key that was read before, which saves 0.7 ms for each message. */
  readonly privateKey: string | KeyObject;
}

/** Signed where present: RFC 6376 §5.4.1, and both headers of one-click unsubscription (RFC 8058 §4). */
const signedFields = [
  'from',
  'to',
  'reply-to',
  'subject',
  'date',
  'message-id',
  'in-reply-to',
  'references',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'list-id',
  'list-unsubscribe',
  'list-unsubscribe-post',
];
/** Signed once more than present, so that no second one can be added (RFC 6376 §8.15). */
const oversigned = ['from', 'to', 'subject', 'date'];

/**
 * The DKIM-Signature header of a message (RFC 6376, rsa-sha256, relaxed/relaxed). Own code, because nodemailer's signer cannot sign a
 * header that is absent.
 * @param headers each field once, folded or not, without the line break at its end
 * @param body with CRLF line breaks
 */
export function dkimSignature(
  headers: readonly string[],
  body: string,
  { domain, selector, privateKey }: DkimKey,
): string {
  const lines = new Map(headers.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line]));
  const present = signedFields.filter((name) => lines.has(name));
  const bodyHash = createHash('sha256').update(relaxedBody(body)).digest('base64');
  const names = [...present, ...oversigned.filter((name) => lines.has(name))];
  const unsigned = [
    `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=${domain}; s=${selector};`,
    ` h=${names.reduce((text, name) => `${text}${text.length - text.lastIndexOf('\n') > 60 ? ':\r\n  ' : ':'}${name}`)};`,
    ` bh=${bodyHash};`,
    ' b=',
  ].join('\r\n');
  const signed = [...present.map((name) => relaxedHeader(lines.get(name) ?? '')), relaxedHeader(unsigned)].join('\r\n');
  const signature = sign('sha256', Buffer.from(signed, 'utf8'), privateKey).toString('base64');
  return unsigned + signature.replace(/.{72}(?=.)/g, '$&\r\n  ');
}

/** RFC 6376 §3.4.2. */
function relaxedHeader(line: string): string {
  const colon = line.indexOf(':');
  const value = line
    .slice(colon + 1)
    .replaceAll('\r\n', '')
    .replaceAll(/[ \t]+/g, ' ')
    .trim();
  return `${line.slice(0, colon).toLowerCase()}:${value}`;
}

/** RFC 6376 §3.4.4. Reads each run of spaces and of line breaks once. */
function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replaceAll(/[ \t]+/g, ' ').replace(/ $/, ''));
  while (lines.at(-1) === '') lines.pop();
  return lines.length === 0 ? '' : `${lines.join('\r\n')}\r\n`;
}
