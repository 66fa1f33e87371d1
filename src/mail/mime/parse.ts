import { setImmediate } from 'node:timers/promises';
import { addressParser, decodeWords } from 'postal-mime';
import { cut } from '../../base/cut.ts';
import { bytesOf, textOfPart } from './decode.ts';
import { textOfHtml } from './html-text.ts';
import { isCalendar, isDeliveryStatus, isFeedback, isReturned, isText, outlineOf } from './outline.ts';
import type { Field, ParseLimits, Part, Skipped } from './outline.ts';

/** A file in a message. */
export interface Attachment {
  readonly filename: string | undefined;
  /** Media type, as the sender named it. */
  readonly type: string;
  /** Bytes once decoded, estimated from the encoded length. */
  readonly size: number;
}

/** An address in a header of a received message, as written there: it may be invalid. */
export interface ReceivedAddress {
  readonly address: string;
  readonly name: string;
}

/** A received message. No text in it contains a NUL, which PostgreSQL cannot store, or half a surrogate pair. */
export interface ParsedMessage {
  readonly from: ReceivedAddress | undefined;
  readonly replyTo: readonly ReceivedAddress[];
  readonly to: readonly ReceivedAddress[];
  readonly cc: readonly ReceivedAddress[];
  readonly subject: string;
  /** With angle brackets; undefined if it is missing or not well-formed. */
  readonly messageId: string | undefined;
  readonly inReplyTo: string | undefined;
  /** The oldest first. */
  readonly references: readonly string[];
  /** As its sender wrote it; undefined if it is no time between 1970 and 2100. */
  readonly date: Date | undefined;
  /** Made from the HTML if there is only HTML. Lines end with LF. */
  readonly text: string;
  readonly html: string | undefined;
  /** By name in lower case, in the order of the message; the first 500 fields, of at most 4,000 characters each. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly attachments: readonly Attachment[];
  readonly forMachines: PartsForMachines;
}

/** Parts of reports and invitations, decoded, with LF; of each kind of report, all together, and at most 256 KB. Empty if there are none. */
export interface PartsForMachines {
  /** Fields of a delivery report: message/delivery-status (RFC 3464). */
  readonly deliveryStatus: string;
  /** Fields of a feedback report: message/feedback-report (RFC 5965). */
  readonly feedback: string;
  /** The message that a report is about, or its headers. */
  readonly returned: string;
  /** The first calendar (RFC 5545), text/calendar before files; its first 64 KB. */
  readonly calendar: string;
  /** Media types of all parts, in lower case. */
  readonly types: readonly string[];
  /** False if the message ends in the middle of one of these parts, or of a text. */
  readonly areWhole: boolean;
}

export const parseLimits: ParseLimits = {
  messageBytes: 25 * 1024 * 1024,
  parts: 100,
  depth: 10,
  headers: 5_000,
  headerBytes: 512 * 1024,
  // The longest message that `buildMessage` makes, in quoted-printable.
  bodyBytes: 2 * 1024 * 1024,
};
/** Of `text` and of `html`, in UTF-16 units. */
const textCharactersMax = 256 * 1024;
/** Of HTML that has no text beside it: the worst takes 0.3 s. */
const convertedCharactersMax = 128 * 1024;
/** Of the same in a delivery report, whose fields say more. */
const reportCharactersMax = 16 * 1024;
const addressesMax = 100;
const referencesMax = 100;
const fieldsMax = 500;
const fieldCharactersMax = 4_000;
/** RFC 5321 §4.5.3.1.3 allows 256 octets. */
const addressCharactersMax = 320;
const subjectCharactersMax = 1_000;
const machineBytesMax = 256 * 1024;
const filenameCharactersMax = 255;
const yearMax = 2100;

/**
 * Reads a message. Whatever the bytes are, it never throws, and it never keeps other work waiting for long: files are not decoded, and of
 * long texts only the beginning is read.
 * @returns `skipped` for a message that is too large or too complex to be read
 * @example
 * const message = await parseMessage(raw);
 * if ('skipped' in message) return log.warn(message, 'a message was skipped');
 */
export async function parseMessage(raw: Buffer, limits: ParseLimits = parseLimits): Promise<ParsedMessage | Skipped> {
  const outline = await outlineOf(raw, limits);
  if ('skipped' in outline) return outline;
  const { fields, parts } = outline;
  const first = (name: string): string => fields.find(([each]) => each === name)?.[1] ?? '';
  const inReplyTo = messageIdsIn(first('in-reply-to'))[0];
  return {
    from: addressesIn(first('from'))[0],
    replyTo: addressesIn(first('reply-to')),
    to: addressesIn(first('to')),
    cc: addressesIn(first('cc')),
    subject: clean(decodeWords(first('subject')), subjectCharactersMax).trim(),
    messageId: messageIdsIn(first('message-id'))[0],
    inReplyTo,
    references: messageIdsIn(first('references')).slice(-referencesMax),
    date: dateOf(first('date')),
    ...(await bodiesOf(parts)),
    headers: headersOf(fields),
    attachments: parts.filter(isFile).map(attachmentOf),
    forMachines: forMachinesOf(parts),
  };
}

function forMachinesOf(parts: readonly Part[]): PartsForMachines {
  const read = (part: Part): string =>
    bytesOf(part).toString('utf8', 0, machineBytesMax).toWellFormed().replaceAll('\0', '');
  const text = (matches: (type: string) => boolean): string =>
    withLf(
      parts
        .filter(({ type }) => matches(type))
        .map(read)
        .join('\n\n'),
    );
  const calendar = parts.find(({ type }) => type === 'text/calendar') ?? parts.find(({ type }) => isCalendar(type));
  return {
    deliveryStatus: text(isDeliveryStatus),
    feedback: text(isFeedback),
    returned: text(isReturned),
    calendar: calendar === undefined ? '' : withLf(read(calendar)),
    types: parts.map(({ type }) => clean(type, filenameCharactersMax)),
    areWhole: parts.every(
      ({ type, isWhole }) => isWhole || isReturned(type) || !(isText(type) || type.startsWith('message/')),
    ),
  };
}

/** A text that PostgreSQL can store. */
const clean = (text: string, max: number): string => cut(text.replaceAll('\0', ''), max);

/** Of each multipart/alternative, the plain text is the text and the HTML is the HTML; texts beside each other follow each other. */
async function bodiesOf(parts: readonly Part[]): Promise<Pick<ParsedMessage, 'text' | 'html'>> {
  const bodies = new Map<number, { plain: string[]; html: string[] }>();
  for (const [index, part] of parts.entries()) {
    if (!isText(part.type) || isFile(part)) continue;
    // Bodies outside of an alternative have a place of their own, which no alternative has.
    const place = part.alternative ?? -1 - index;
    const body = bodies.get(place) ?? { plain: [], html: [] };
    bodies.set(place, body);
    body[part.type === 'text/plain' ? 'plain' : 'html'].push(await textOfPart(part));
    await setImmediate();
  }
  const all = [...bodies.values()];
  const text: string[] = [];
  let budget = parts.some(({ type }) => isDeliveryStatus(type)) ? reportCharactersMax : convertedCharactersMax;
  for (const { plain, html } of all) {
    if (plain.length > 0) text.push(...plain);
    else
      for (const each of html) {
        text.push(textOfHtml(cut(each, budget)) ?? '');
        budget -= Math.min(budget, each.length);
        await setImmediate();
      }
  }
  const html = clean(all.flatMap((each) => each.html).join('\n'), textCharactersMax);
  return {
    text: withLf(clean(text.join('\n'), textCharactersMax)).trimEnd(),
    html: html.trim() === '' ? undefined : withLf(html),
  };
}

const withLf = (text: string): string => text.replaceAll(/\r\n?/g, '\n');

const isFile = ({ type, isAttachment }: Part): boolean =>
  isText(type) ? isAttachment : !isDeliveryStatus(type) && !isFeedback(type);

const attachmentOf = ({ type, filename, encoding, bytes }: Part): Attachment => ({
  filename: filename === undefined ? undefined : clean(decodeWords(filename), filenameCharactersMax),
  type: clean(type, filenameCharactersMax),
  // A line of base64 has 76 characters and two of a line break.
  size: encoding === 'base64' ? Math.floor((bytes * 76 * 3) / (78 * 4)) : bytes,
});

function headersOf(fields: readonly Field[]): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, string[]>();
  for (const [name, value] of fields.slice(0, fieldsMax)) {
    if (!/^[\x21-\x7e]{1,100}$/.test(name)) continue;
    const values = headers.get(name) ?? [];
    headers.set(name, values);
    values.push(clean(value, fieldCharactersMax));
  }
  return headers;
}

/** The addresses in a header such as Reply-To, groups included. */
export const addressesIn = (value: string): ReceivedAddress[] =>
  addressParser(value, { flatten: true })
    .filter(({ address }) => address !== undefined && address !== '')
    .slice(0, addressesMax)
    .map(({ address = '', name }) => ({
      address: clean(address, addressCharactersMax),
      name: clean(name, addressCharactersMax),
    }));

/** The well-formed Message-IDs in a header; others cannot be sent back in a reply. */
const messageIdsIn = (value: string): string[] => [...new Set(value.match(/<[\x21-\x3b\x3d\x3f-\x7e]{1,898}>/g))];

function dateOf(value: string): Date | undefined {
  const date = new Date(value);
  const year = date.getUTCFullYear();
  return year >= 1970 && year < yearMax ? date : undefined;
}
