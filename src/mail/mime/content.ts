import type { ErrorDetails } from '../../base/errors.ts';
import { mustBeWellFormed, mustNotHaveNul } from '../../base/validation-messages.ts';
import { isTooDeep } from './html-text.ts';

/** Of one message. RFC 5322 §2.1.1 allows 998 octets in a line, and a subject without spaces cannot be folded. */
export const subjectCharactersMax = 500;
/** In UTF-8, of `text` and of `html`. Gmail shows only the first 102 KB of HTML. */
export const bodyBytesMax = 256 * 1024;

/** What a message says. At least one of `text` and `html` is not blank. */
export interface Content {
  readonly subject: string;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
}

/** A value with such a character could end its header and begin another. */
export const hasControls = (value: string): boolean => /\p{Cc}/u.test(value);

/**
 * Checks the content of a message that a caller sends.
 * @returns the problem of each field, in the form of `ErrorDetails`; empty if there is none
 * @example
 * contentProblems({ subject: 'Hello\r\nBcc: eve@example.com', text: 'Hi' }) // { subject: 'must not contain line breaks or other control characters' }
 */
export function contentProblems({ subject, text = '', html = '' }: Content): ErrorDetails {
  const problems: Record<string, string> = {};
  if (hasControls(subject)) problems['subject'] = 'must not contain line breaks or other control characters';
  else if (subject.length > subjectCharactersMax)
    problems['subject'] = `must have at most ${subjectCharactersMax} characters`;
  else if (!subject.isWellFormed()) problems['subject'] = mustBeWellFormed;
  for (const [field, body] of Object.entries({ text, html }))
    if (body.includes('\0')) problems[field] = mustNotHaveNul;
    else if (!body.isWellFormed()) problems[field] = mustBeWellFormed;
    else if (Buffer.byteLength(body) > bodyBytesMax)
      problems[field] =
        `must have at most ${bodyBytesMax / 1024} KiB; this one has ${Math.ceil(Buffer.byteLength(body) / 1024)} KiB`;
  if (problems['html'] === undefined && isTooDeep(html))
    problems['html'] = 'leaves more than 5,000 elements open; close them';
  if (text.trim() === '' && html.trim() === '') problems['text'] ??= 'is required unless html is given';
  return problems;
}

/**
 * Whether an address can only be given to servers that offer SMTPUTF8 (RFC 6531): its local part is not ASCII. A domain in another script
 * is sent in A-labels and needs nothing.
 */
export const needsSmtputf8 = (address: string): boolean =>
  /[^\0-\x7f]/.test(address.slice(0, Math.max(0, address.lastIndexOf('@'))));
