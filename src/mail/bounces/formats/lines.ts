import { isAddress } from '../fields.ts';
import { commandIn } from '../command.ts';
import type { Format, Found, Notice } from '../notice.ts';
import type { Reason } from '../types.ts';

/** A report whose text names the recipients on lines of their own, each followed by its explanation. */
export interface LineFormat {
  readonly name: string;
  /** Of senders who write nothing else. */
  readonly sender?: RegExp;
  readonly from?: RegExp;
  readonly subject?: RegExp;
  /** Name and value of a field that only this family writes. */
  readonly header?: readonly [name: string, value: RegExp];
  /** Any line with which the report begins; what comes before is not read. */
  readonly opening: RegExp;
  /** A line that names a recipient: group `address`, and `text` if the explanation begins on it. */
  readonly recipient: RegExp;
  /** The line at which the report ends: the returned message, or advice. */
  readonly ends?: RegExp;
  /** Lines of the explanation that say nothing. */
  readonly ignores?: RegExp;
  /** Says that delivery is still being tried. */
  readonly delayed?: RegExp;
  /** Where the explanation stands before the recipient, or once for all. */
  readonly shared?: RegExp;
  /** Names the recipient, anywhere in the text, if no line before the end does. */
  readonly orElse?: RegExp;
  /** A reason that follows from the words of this family. */
  readonly reason?: (text: string, notice: Notice) => Reason | undefined;
}

const explanationLinesMax = 40;
const recipientsMax = 100;

/** Makes a format of its description. */
export function lineFormat(description: LineFormat): Format {
  const { name, sender, from, subject, header, opening } = description;
  return {
    name,
    matches: (notice) =>
      from?.test(notice.from) !== false &&
      subject?.test(notice.subject) !== false &&
      (header === undefined
        ? (sender?.test(notice.from) ?? notice.isFromServer)
        : header[1].test(notice.header(header[0]))) &&
      notice.firstLine(opening) >= 0,
    read: (notice) => foundIn(description, notice),
  };
}

function foundIn(description: LineFormat, notice: Notice): Found[] {
  const { opening, recipient, ends, ignores, delayed, shared, reason } = description;
  const start = notice.firstLine(opening);
  const found: { address: string; lines: string[] }[] = [];
  const common: string[] = [];
  let isDelayed = delayed?.test(notice.subject) === true;
  let last = start;
  for (const [offset, line] of notice.lines.slice(start).entries()) {
    if (delayed?.test(line) === true) isDelayed = true;
    if (ends?.test(line) === true) break;
    last = start + offset;
    if (shared?.test(line) === true) common.push(line.trim());
    const groups = recipient.exec(line)?.groups;
    const address = groups?.['address']?.trim();
    if (address !== undefined && isAddress(address)) {
      if (found.length === recipientsMax) break;
      found.push({ address, lines: [groups?.['text'] ?? ''] });
    } else if (ignores?.test(line) !== true) {
      const lines = found.at(-1)?.lines;
      if (lines !== undefined && lines.length < explanationLinesMax) lines.push(line.trim());
    }
  }
  if (found.length === 0 && description.orElse !== undefined) {
    const pattern = description.orElse;
    const address = notice.lines.map((line) => pattern.exec(line)?.groups?.['address'] ?? '').find(isAddress);
    const text = shared === undefined ? notice.lines.slice(start, last + 1).join(' ') : '';
    if (address !== undefined) found.push({ address, lines: [text] });
  }
  const isAtEnd = last >= notice.lines.length - 1;
  return found.map(({ address, lines }, index) => {
    const own = lines.join(' ').trim();
    const text = shared === undefined ? own : `${common.join(' ')} ${own}`.trim();
    const known = reason?.(text, notice);
    return {
      address,
      text,
      action: isDelayed ? ('delayed' as const) : ('failed' as const),
      command: commandIn(text),
      host: hostIn(text),
      isLast: isAtEnd && index === found.length - 1,
      ...(known === undefined ? {} : { reason: known }),
    };
  });
}

/** The host that answered, as servers write it. */
export const hostIn = (text: string): string | undefined =>
  /(?:\bhost |talking to |\bby |connect to |server |^)([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})\.?(?= ?[[(]|:? said| did not| responded|\.:?$|:)/i.exec(
    text,
  )?.[1];
