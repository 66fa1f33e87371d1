import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { cut } from '../base/cut.ts';
import { mustNotHaveNul } from '../base/validation-messages.ts';
import { ApiError, invalid } from '../base/errors.ts';

export const bodyBytesMax = 256 * 1024;

/**
 * Deeper than any document of ours, and far below where a recursive walk or PostgreSQL's jsonb fails. A text shorter than twice this
 * number cannot be deeper, so most bodies are not scanned at all.
 */
const depthMax = 1_000;
/** More than a body of 256 KiB can contain and a batch of 1,000 events has; takes 40 ms to parse. */
const containersMax = 200_000;

/** Allowed after a media type: `charset=utf-8` or nothing (RFC 8259 §8.1 allows only UTF-8). */
const utf8 = /^ *(; *charset *= *"?utf-8"? *)?;? *$/i;
const isOf = (type: string, mediaType: string): boolean =>
  type.slice(0, mediaType.length).toLowerCase() === mediaType && utf8.test(type.slice(mediaType.length));

/** A client that sends nothing of a streamed body for this long is disconnected. */
const streamIdleMs = 60_000;

export const hasBody = (request: IncomingMessage): boolean => {
  const length = request.headers['content-length'];
  return length === undefined ? request.headers['transfer-encoding'] !== undefined : length !== '0';
};

/** Checks the headers of a body. @throws ApiError `unsupported_media_type`, or `too_large` by its Content-Length. */
export function assertReadable(
  { headers }: IncomingMessage,
  bytesMax: number,
  mediaType = 'application/json',
  others: readonly string[] = [],
): void {
  const type = headers['content-type'];
  if (type !== mediaType && (type === undefined || ![mediaType, ...others].some((each) => isOf(type, each)))) {
    throw new ApiError(
      'unsupported_media_type',
      `Send the body as \`Content-Type: ${mediaType}\`${type === undefined ? '' : `, not ${cut(type, 100)}`}.`,
    );
  }
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity')
    throw new ApiError('unsupported_media_type', 'Send the body without a content encoding.');
  if (Number(headers['content-length']) > bytesMax) throw tooLarge(bytesMax);
}

export const tooLarge = (bytesMax: number): ApiError =>
  new ApiError('too_large', `The body exceeds the limit of ${bytesMax} bytes.`);

/**
 * Yields a body while it arrives. `Call.send` discards what is unread when the reply is sent.
 * @throws ApiError `too_large`, or `malformed` when the body ends unexpectedly
 */
export async function* streamOf(request: IncomingMessage, bytesMax: number): AsyncGenerator<Buffer, void, undefined> {
  if (!hasBody(request)) return;
  const giveUp = (): unknown => request.destroy();
  request.setTimeout(streamIdleMs, giveUp);
  let bytes = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw tooLarge(bytesMax);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw cutOff(error);
  } finally {
    request.off('timeout', giveUp);
    request.setTimeout(0);
  }
  if (!request.complete) throw cutOff();
}

const cutOff = (cause?: unknown): ApiError =>
  new ApiError('malformed', 'The request body ended unexpectedly.', { details: { body: 'ended unexpectedly' }, cause });

/** Where NUL characters are allowed: in the whole body, or in fields at any depth. */
type Opaque = 'body' | readonly string[];

/**
 * Parses JSON of limited depth, without `__proto__` (copying the object would lose it silently) and without NUL characters, which
 * PostgreSQL's text cannot store, except in the fields named by `opaque`.
 * @throws ApiError `malformed` or `validation_failed`
 */
export function parseJson(text: string, opaque: Opaque | undefined): unknown {
  if (text.length > 2 * depthMax) assertShallow(text);
  let value: unknown;
  try {
    // Some editors write a byte order mark, which may be ignored (RFC 8259 §8.1).
    value = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : 'unreadable';
    throw new ApiError('malformed', `The body is not valid JSON: ${reason}`, { details: { body: reason } });
  }
  // In the text, both appear only literally or as an escape below \u0100: few bodies need the walk.
  if (text.includes('__proto__') || text.includes('\\u00')) assertClean(value, opaque);
  return value;
}

/** @throws ApiError `malformed` when the bytes are not UTF-8: decoding them would change what is stored */
export function decode(bytes: Buffer): string {
  if (!isUtf8(bytes))
    throw new ApiError('malformed', 'The body is not valid UTF-8.', { details: { body: 'not valid UTF-8' } });
  return bytes.toString('utf8');
}

/**
 * Counts brackets outside strings. JSON.parse handles any depth, but code that walks the value does not; and parsing 5 MiB of `{},` would
 * block the event loop for 0.4 s.
 */
function assertShallow(text: string): void {
  let depth = 0;
  let containers = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (quoted) {
      if (character === 0x5c) index += 1;
      else if (character === 0x22) quoted = false;
    } else if (character === 0x22) {
      quoted = true;
    } else if (character === 0x7b || character === 0x5b) {
      depth += 1;
      containers += 1;
      const problem =
        depth > depthMax
          ? `nested more than ${depthMax} levels deep`
          : containers > containersMax
            ? `composed of more than ${containersMax} objects and arrays`
            : undefined;
      if (problem !== undefined)
        throw new ApiError('malformed', `The body is ${problem}.`, { details: { body: problem } });
    } else if (character === 0x7d || character === 0x5d) {
      depth -= 1;
    }
  }
}

/** A refused value. The path is built on the way back up: building it at every value would take longer than the rest of the walk. */
interface Unclean {
  readonly path: readonly string[];
  readonly reason: string;
}

function assertClean(body: unknown, opaque: Opaque = []): void {
  const found = opaque === 'body' ? uncleanIn(body, [], true) : uncleanIn(body, opaque, false);
  if (found !== undefined) throw invalid({ [found.path.join('.') || 'body']: found.reason });
}

function uncleanIn(value: unknown, opaque: readonly string[], inOpaque: boolean): Unclean | undefined {
  if (typeof value === 'string')
    return !inOpaque && value.includes('\0') ? { path: [], reason: mustNotHaveNul } : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const inside = (name: string | number, found: Unclean): Unclean => ({
    path: [String(name), ...found.path],
    reason: found.reason,
  });
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const found = uncleanIn(value[index], opaque, inOpaque);
      if (found !== undefined) return inside(index, found);
    }
    return undefined;
  }
  for (const name of Object.keys(value)) {
    if (name === '__proto__') return { path: [name], reason: 'this name is not allowed' };
    if (!inOpaque && name.includes('\0')) return { path: [], reason: `a field's name ${mustNotHaveNul}` };
    const found = uncleanIn(
      (value as Readonly<Record<string, unknown>>)[name],
      opaque,
      inOpaque || opaque.includes(name),
    );
    if (found !== undefined) return inside(name, found);
  }
  return undefined;
}
