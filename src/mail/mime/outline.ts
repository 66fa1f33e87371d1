import { setImmediate } from 'node:timers/promises';
import { parseHeaderValue } from 'nodemailer/lib/mime-funcs';

/** What is read of a message. A message beyond the first five is not read at all; of longer bodies, the beginning is. */
export interface ParseLimits {
  readonly messageBytes: number;
  readonly parts: number;
  /** Multiparts inside each other. */
  readonly depth: number;
  /** Fields, of all parts together, and their bytes. */
  readonly headers: number;
  readonly headerBytes: number;
  /** Of the bodies that are read, as encoded, all together. */
  readonly bodyBytes: number;
}

export type SkipReason = 'too_large' | 'too_many_parts' | 'too_deep' | 'too_many_headers' | 'headers_too_large';

/** Why a message was not read: a code, and a sentence for people. */
export interface Skipped {
  readonly skipped: SkipReason;
  readonly detail: string;
}

/** A header field: its name in lower case, its value unfolded. */
export type Field = readonly [name: string, value: string];

/** A part that is not a multipart. */
export interface Part {
  /** Media type in lower case, without parameters. */
  readonly type: string;
  readonly charset: string;
  /** RFC 3676. */
  readonly format: { readonly flowed: boolean; readonly delSp: boolean };
  readonly encoding: 'base64' | 'quoted-printable' | 'none';
  readonly isAttachment: boolean;
  /** Not decoded. */
  readonly filename: string | undefined;
  /** As encoded; cut at the limit, and empty for the parts that are not read. */
  readonly body: Buffer;
  /** Of the whole body, as encoded. */
  readonly bytes: number;
  /** Which multipart/alternative around it is the nearest. */
  readonly alternative: number | undefined;
  /** False if the message ends in the middle of it: without the boundary that ends a part, or without a line break. */
  readonly isWhole: boolean;
}

export interface Outline {
  /** Of the message itself. */
  readonly fields: readonly Field[];
  readonly parts: readonly Part[];
}

/** Lines after which other work gets a turn: at most 15 ms. */
const linesPerTurn = 20_000;
/** RFC 2046 §5.1.1 allows 70. */
const boundaryCharactersMax = 200;
const fieldCharactersMax = 16_000;
/** Of a returned message, only the headers matter. */
const returnedBytesMax = 64 * 1024;
/** An invitation has about 2 KB. */
const calendarBytesMax = 64 * 1024;
const lf = 0x0a;
const hyphen = 0x2d;

export const isText = (type: string): boolean => type === 'text/plain' || type === 'text/html';
export const isDeliveryStatus = (type: string): boolean => /^message\/(global-)?delivery-status$/.test(type);
export const isFeedback = (type: string): boolean => type === 'message/feedback-report';
export const isCalendar = (type: string): boolean => type === 'text/calendar' || type === 'application/ics';
export const isReturned = (type: string): boolean =>
  /^(message\/(rfc822|global)(-headers)?|text\/rfc822-headers)$/.test(type);

interface Multipart {
  readonly boundary: string;
  readonly firstByte: number | undefined;
  readonly alternative: number | undefined;
}

/**
 * Walks over the parts of a message and decodes nothing, so that their reader does a bounded amount of work, whatever the message is.
 * Other work gets a turn every few milliseconds.
 */
export async function outlineOf(raw: Buffer, limits: ParseLimits): Promise<Outline | Skipped> {
  if (raw.length > limits.messageBytes)
    return {
      skipped: 'too_large',
      detail: `The message has ${raw.length} bytes; at most ${limits.messageBytes} are read.`,
    };
  const parts: Part[] = [];
  const open: Multipart[] = [];
  let fields: readonly Field[] | undefined;
  let [count, headers, headerBytes, lines, budget] = [0, 0, 0, 0, limits.bodyBytes];
  const turn = async (more: number): Promise<void> => {
    if ((lines += more) < linesPerTurn) return;
    lines = 0;
    await setImmediate();
  };
  for (let at = 0; at < raw.length;) {
    if (++count > limits.parts)
      return { skipped: 'too_many_parts', detail: `The message has more than ${limits.parts} parts.` };
    const head = headOf(raw, at, open, limits);
    if ((headers += head.fields.length) > limits.headers)
      return { skipped: 'too_many_headers', detail: `The message has more than ${limits.headers} header fields.` };
    if ((headerBytes += head.end - at) > limits.headerBytes)
      return { skipped: 'headers_too_large', detail: `The headers have more than ${limits.headerBytes} bytes.` };
    fields ??= head.fields;
    await turn(head.lines);
    const content = contentOf(head.fields);
    const alternative = open.at(-1)?.alternative;
    const isLeaf = content.boundary === undefined;
    if (!isLeaf) {
      open.push({
        boundary: content.boundary,
        firstByte: Buffer.from(content.boundary)[0],
        alternative: content.type === 'multipart/alternative' ? count : alternative,
      });
      if (open.length > limits.depth)
        return {
          skipped: 'too_deep',
          detail: `The message has multiparts inside each other, more than ${limits.depth} deep.`,
        };
    }
    let end = await lineWithBoundary(raw, head.end, open, turn);
    if (isLeaf) {
      const { boundary: _, ...part } = content;
      const read = Math.min(bytesToRead(part), budget, end.at - head.end);
      budget -= read;
      parts.push({
        ...part,
        alternative,
        bytes: end.at - head.end,
        body: raw.subarray(head.end, head.end + read),
        isWhole: open.length === 0 ? raw.at(-1) === lf : end.index !== undefined,
      });
    }
    // What follows the end of a multipart belongs to no part, until the next boundary line of a multipart around it.
    while (end.index !== undefined && end.closes) {
      open.length = end.index;
      end = await lineWithBoundary(raw, end.next, open, turn);
    }
    if (end.index === undefined) {
      // A multipart without its boundary is read as a text.
      if (parts.length === 0) parts.push(textPartOf(raw, head.end, budget));
      break;
    }
    open.length = end.index + 1;
    at = end.next;
  }
  return { fields: fields ?? [], parts };
}

const textPartOf = (raw: Buffer, start: number, budget: number): Part => ({
  type: 'text/plain',
  charset: 'utf-8',
  format: { flowed: false, delSp: false },
  encoding: 'none',
  isAttachment: false,
  filename: undefined,
  body: raw.subarray(start, start + budget),
  bytes: raw.length - start,
  alternative: undefined,
  isWhole: raw.at(-1) === lf,
});

const bytesToRead = ({ type, isAttachment }: Pick<Part, 'type' | 'isAttachment'>): number => {
  if (isReturned(type)) return returnedBytesMax;
  if (isCalendar(type)) return calendarBytesMax;
  return isDeliveryStatus(type) || isFeedback(type) || (isText(type) && !isAttachment) ? Infinity : 0;
};

interface Head {
  readonly fields: readonly Field[];
  /** Where the body begins, or the boundary line that ends a part without one. */
  readonly end: number;
  readonly lines: number;
}

/** Reads at most one field more than the limit. */
function headOf(raw: Buffer, start: number, open: readonly Multipart[], limits: ParseLimits): Head {
  const fields: [string, string][] = [];
  let [at, lines] = [start, 0];
  while (at < raw.length && at - start <= limits.headerBytes && fields.length <= limits.headers) {
    const newline = raw.indexOf(lf, at);
    const next = newline === -1 ? raw.length : newline + 1;
    const line = withoutBreak(raw.toString('utf8', at, Math.min(next, at + fieldCharactersMax)));
    if (line.startsWith('--') && boundaryIn(line, open) !== undefined) break;
    at = next;
    lines += 1;
    if (line === '') break;
    const last = fields.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) {
      if (last[1].length < fieldCharactersMax) last[1] += line;
      continue;
    }
    const colon = line.indexOf(':');
    fields.push([line.slice(0, Math.max(0, colon)).trim().toLowerCase(), line.slice(colon + 1).trim()]);
  }
  return { fields, end: at, lines };
}

const withoutBreak = (line: string): string =>
  line.slice(0, line.endsWith('\r\n') ? -2 : line.endsWith('\n') ? -1 : undefined);

function contentOf(
  fields: readonly Field[],
): Omit<Part, 'body' | 'bytes' | 'alternative' | 'isWhole'> & { readonly boundary: string | undefined } {
  // The first of each counts, so that two readers of one message agree.
  const first = (name: string): string => fields.find(([each]) => each === name)?.[1] ?? '';
  const type = structured(first('content-type'));
  const disposition = structured(first('content-disposition'));
  // A parameter may follow without a semicolon.
  const written = type.value.replace(/\s.*$/s, '');
  const boundary = written.startsWith('multipart/') ? (type.param('boundary') ?? '') : '';
  const name = written === '' || (written.startsWith('multipart/') && boundary === '') ? 'text/plain' : written;
  const encoding = /base64|quoted-printable/.exec(first('content-transfer-encoding').toLowerCase())?.[0];
  return {
    type: name,
    charset: type.param('charset') ?? 'utf-8',
    format: { flowed: /^flowed$/i.test(type.param('format') ?? ''), delSp: /^yes$/i.test(type.param('delsp') ?? '') },
    encoding: encoding === 'base64' || encoding === 'quoted-printable' ? encoding : 'none',
    isAttachment: disposition.value === 'attachment',
    filename: disposition.param('filename') ?? type.param('name'),
    boundary: boundary === '' || boundary.length > boundaryCharactersMax ? undefined : boundary,
  };
}

function structured(text: string): { readonly value: string; param(name: string): string | undefined } {
  const { value, params } = parseHeaderValue(text, { stripComments: true });
  return {
    value: value.trim().toLowerCase(),
    param: (name) => (Object.hasOwn(params, name) ? params[name] : undefined),
  };
}

interface BoundaryLine {
  readonly at: number;
  readonly next: number;
  /** Which of the open multiparts it belongs to; undefined at the end of the message. */
  readonly index: number | undefined;
  readonly closes: boolean;
}

/** The first line at or after `from` that is the boundary of an open multipart. */
async function lineWithBoundary(
  raw: Buffer,
  from: number,
  open: readonly Multipart[],
  turn: (lines: number) => Promise<void>,
): Promise<BoundaryLine> {
  const none = { at: raw.length, next: raw.length, index: undefined, closes: false };
  if (open.length === 0) return none;
  let tried = 0;
  for (let at = from; ;) {
    if (at !== from || raw[at] !== hyphen || raw[at + 1] !== hyphen) {
      const found = raw.indexOf('\n--', at);
      if (found === -1) return none;
      at = found + 1;
    }
    const newline = raw.indexOf(lf, at);
    const next = newline === -1 ? raw.length : newline + 1;
    const start = raw[at + 2];
    if (open.some(({ firstByte }) => firstByte === start)) {
      const match = boundaryIn(raw.toString('utf8', at, Math.min(next, at + 2 * boundaryCharactersMax)), open);
      if (match !== undefined) return { at, next, ...match };
    }
    at = next - 1;
    // Most bodies have no such line, and a promise for each takes longer than the line.
    if (++tried % 1_000 === 0) await turn(1_000);
  }
}

/** @param line begins with two hyphens */
function boundaryIn(
  line: string,
  open: readonly Multipart[],
): { readonly index: number; readonly closes: boolean } | undefined {
  const text = line.trimEnd().slice(2);
  for (let index = open.length - 1; index >= 0; index--) {
    const boundary = open[index]?.boundary ?? '';
    if (text === boundary) return { index, closes: false };
    if (text === `${boundary}--`) return { index, closes: true };
  }
  return undefined;
}
