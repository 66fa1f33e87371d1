import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { cut } from '../base/cut.ts';
import { ApiError, invalid } from '../base/errors.ts';

export const bodyBytesMax = 256 * 1024;

/**
 * Deeper than any document of ours, and far below where a recursive walk or PostgreSQL's jsonb would give up. A text shorter than twice
 * that cannot be deeper, so the common body is not counted at all.
 */
const depthMax = 1_000;
/** More than a body of 256 KiB can hold, and than a batch of 1,000 events has: 40 ms of parsing. */
const containersMax = 200_000;

/** What may stand behind a media type: UTF-8, if a charset is named at all (RFC 8259 §8.1 knows no other). */
const utf8 = /^ *(; *charset *= *"?utf-8"? *)?;? *$/i;
const isOf = (type: string, mediaType: string): boolean =>
  type.slice(0, mediaType.length).toLowerCase() === mediaType && utf8.test(type.slice(mediaType.length));

/** A caller that sends nothing of a streamed body for this long has given up. */
const streamIdleMs = 60_000;

export const hasBody = (request: IncomingMessage): boolean => {
  const length = request.headers['content-length'];
  return length === undefined ? request.headers['transfer-encoding'] !== undefined : length !== '0';
};

/** @throws ApiError `unsupported_media_type`, or `too_large` when the length already says so. */
export function assertReadable({ headers }: IncomingMessage, bytesMax: number, mediaType = 'application/json'): void {
  const type = headers['content-type'];
  if (type !== mediaType && (type === undefined || !isOf(type, mediaType))) {
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
  new ApiError('too_large', `The body is over the limit of ${bytesMax} bytes.`);

/**
 * A body as it arrives. What is not read when the answer goes out is left to `Call.send`.
 * @throws ApiError `too_large`, or `malformed` when it breaks off.
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
    throw new ApiError('malformed', 'The body broke off before its end.', {
      details: { body: 'broke off' },
      cause: error,
    });
  } finally {
    request.off('timeout', giveUp);
    request.setTimeout(0);
  }
  if (!request.complete)
    throw new ApiError('malformed', 'The body broke off before its end.', { details: { body: 'broke off' } });
}

/**
 * Reads JSON as strictly as what is behind it needs: UTF-8, of bounded depth, without `__proto__` (a copy of the object would lose it
 * silently) and without NUL characters, which PostgreSQL's text cannot hold, except inside the fields named by `opaque`.
 * @throws ApiError `malformed` or `validation_failed`
 */
export function parseJson(text: string, opaque: readonly string[] | undefined): unknown {
  if (text.length > 2 * depthMax) assertShallow(text);
  let value: unknown;
  try {
    // A byte order mark, which some editors write, may be ignored (RFC 8259 §8.1).
    value = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : 'unreadable';
    throw new ApiError('malformed', `The body is not valid JSON: ${reason}`, { details: { body: reason } });
  }
  // Both only ever show up in the text as themselves or through an escape below \u0100: the walk is for the few that have one.
  if (text.includes('__proto__') || text.includes('\\u00')) assertClean(value, opaque);
  return value;
}

/** @throws ApiError `malformed` when the bytes are not UTF-8: decoded anyway, they would be stored changed. */
export function decode(bytes: Buffer): string {
  if (!isUtf8(bytes))
    throw new ApiError('malformed', 'The body is not valid UTF-8.', { details: { body: 'not valid UTF-8' } });
  return bytes.toString('utf8');
}

/**
 * Counts brackets outside of strings. JSON.parse itself copes with any depth; what later walks the value does not. And it takes 0.4 s for 5 MiB of
 * `{},`, in which nobody else is served.
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
            ? `made of more than ${containersMax} objects and arrays`
            : undefined;
      if (problem !== undefined)
        throw new ApiError('malformed', `The body is ${problem}.`, { details: { body: problem } });
    } else if (character === 0x7d || character === 0x5d) {
      depth -= 1;
    }
  }
}

/** What is wrong with a value, and where: the path is put together on the way back, because at every value it would take longer than all else. */
interface Unclean {
  readonly path: readonly string[];
  readonly reason: string;
}

function assertClean(body: unknown, opaque: readonly string[] = []): void {
  const found = uncleanIn(body, opaque, false);
  if (found !== undefined) throw invalid({ [found.path.join('.') || 'body']: found.reason });
}

function uncleanIn(value: unknown, opaque: readonly string[], inOpaque: boolean): Unclean | undefined {
  if (typeof value === 'string') return !inOpaque && value.includes('\0') ? { path: [], reason: noNul } : undefined;
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
    if (name === '__proto__') return { path: [name], reason: 'this name is not accepted' };
    if (!inOpaque && name.includes('\0')) return { path: [], reason: `a field's name ${noNul}` };
    const found = uncleanIn(
      (value as Readonly<Record<string, unknown>>)[name],
      opaque,
      inOpaque || opaque.includes(name),
    );
    if (found !== undefined) return inside(name, found);
  }
  return undefined;
}

export const noNul = 'must not contain NUL characters';
