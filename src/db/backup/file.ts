/**
 * A backup file: gzip over frames. Each frame is a type (1 byte), a length (4 bytes, big-endian) and that many bytes.
 *
 *   H  JSON, first: describes the contents, see `Header`
 *   T  JSON: the table whose rows follow, see `Table`
 *   D  rows of that table, as PostgreSQL's COPY writes them (text format); may be split anywhere
 *   E  JSON, last: the SHA-256 of everything before it. A file without it is truncated
 */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import { OperatorError } from '../../base/errors.ts';
import { syncFolder } from '../embedded/place.ts';
import { own } from '../../base/own.ts';

const format = 'outrider backup 1';

const headerSchema = z.object({
  format: z.literal(format),
  /** Version of Outrider. */
  version: z.string(),
  created_at: z.string(),
  /** The number of the newest migration. */
  migration: z.int().positive(),
  postgres: z.string(),
  tables: z.int().nonnegative(),
  sequences: z.array(z.object({ name: z.string(), value: z.string() })),
  /** Id of the master key that opens the secrets; null if there are no organizations. */
  master_key_id: z.string().nullable(),
  /** The master key, sealed with a passphrase; see encryption/passphrase.ts. */
  master_key: z.object({ salt: z.string(), sealed: z.string() }).nullable(),
});

/** The first frame of a backup. */
export type Header = z.infer<typeof headerSchema>;

const tableSchema = z.object({ name: z.string(), columns: z.array(z.string()).min(1) });
export type Table = z.infer<typeof tableSchema>;

export type Frame =
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'rows'; readonly bytes: Buffer };
export type Content = Frame | { readonly kind: 'header'; readonly header: Omit<Header, 'format'> };

const frameBytesMax = 2 ** 20;
const headBytes = 5;

/**
 * Writes a new file durably, readable only by its owner. It gets its final name when it is complete.
 * @throws OperatorError if it cannot be written, or the signal aborts
 */
export async function writeBackup(path: string, contents: AsyncIterable<Content>, signal?: AbortSignal): Promise<void> {
  const draft = `${path}.partial`;
  const cannot = (cause: unknown): OperatorError =>
    new OperatorError(`The backup cannot be written to ${path}: ${problemOf(cause)}.`, { cause });
  if (existsSync(path)) throw cannot({ code: 'EEXIST' });
  const file = createWriteStream(draft, { mode: 0o600, flush: true });
  await once(file, 'open').catch((cause: unknown) => {
    throw cannot(cause);
  });
  try {
    await pipeline(
      encode(contents),
      createGzip({ level: constants.Z_BEST_SPEED }),
      file,
      signal === undefined ? {} : { signal },
    );
    await rename(draft, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await unlink(draft).catch(() => {});
    if (signal?.aborted === true) throw new OperatorError('Stopped: no backup was written.', { cause: error });
    throw ['ENOSPC', 'EDQUOT', 'EIO'].includes((error as NodeJS.ErrnoException).code ?? '') ? cannot(error) : error;
  }
}

function problemOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const known: Readonly<Record<string, string>> = {
    EEXIST: 'it already exists; choose another name',
    ENOENT: 'its folder does not exist',
    EACCES: 'this account may not write there',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
  };
  return own(known, code ?? '') ?? message;
}

/** Encodes the frames and appends the checksum. */
async function* encode(contents: AsyncIterable<Content>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  const frame = (type: string, bytes: Buffer): Buffer => {
    const head = Buffer.alloc(headBytes);
    head.write(type, 0, 'latin1');
    head.writeUInt32BE(bytes.length, 1);
    const whole = Buffer.concat([head, bytes]);
    hash.update(whole);
    return whole;
  };
  const json = (type: string, value: unknown): Buffer => frame(type, Buffer.from(JSON.stringify(value)));
  for await (const content of contents) {
    if (content.kind === 'header') yield json('H', { format, ...content.header });
    else if (content.kind === 'table') yield json('T', content.table);
    else
      for (let at = 0; at < content.bytes.length; at += frameBytesMax)
        yield frame('D', content.bytes.subarray(at, at + frameBytesMax));
  }
  yield json('E', { sha256: hash.copy().digest('hex') });
}

export interface FrameReader {
  readonly header: Header;
  /** Ends only if the checksum matches. @throws OperatorError if the file is truncated or damaged */
  readonly frames: AsyncIterable<Frame>;
}

/** Reads the header of a backup. @throws OperatorError if the file is not a backup in a known format */
export async function readBackup(path: string): Promise<FrameReader> {
  const raw = rawFrames(path);
  const first = await raw.next();
  const header =
    first.done !== true && first.value.type === 'H' ? headerSchema.safeParse(jsonOf(first.value.bytes)) : undefined;
  if (header?.success !== true) throw notABackup(path);
  return { header: header.data, frames: checkedFrames(raw, path) };
}

const notABackup = (path: string): OperatorError =>
  new OperatorError(`${path} is not a backup that this version of Outrider can read.`);
const cutOff = (path: string): OperatorError =>
  new OperatorError(`${path} is truncated. Nothing was restored; use another copy.`);

interface RawFrame {
  readonly type: string;
  readonly bytes: Buffer;
  /** Checksum of everything before this frame; only for the last frame. */
  readonly sha256: string | undefined;
}

const damaged = (name: string): OperatorError =>
  new OperatorError(
    `${name} is damaged: its contents do not match its checksum. Nothing was restored; use another copy.`,
  );

async function* checkedFrames(raw: AsyncIterable<RawFrame>, name: string): AsyncGenerator<Frame> {
  let complete = false;
  for await (const { type, bytes, sha256 } of raw) {
    if (complete) throw damaged(name);
    if (type === 'T') {
      const table = tableSchema.safeParse(jsonOf(bytes));
      if (!table.success) throw damaged(name);
      yield { kind: 'table', table: table.data };
    } else if (type === 'D') yield { kind: 'rows', bytes };
    else {
      if (type !== 'E' || (jsonOf(bytes) as { sha256?: unknown } | undefined)?.sha256 !== sha256) throw damaged(name);
      complete = true;
    }
  }
  if (!complete) throw cutOff(name);
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Reads the frames, one at a time in memory. */
async function* rawFrames(path: string): AsyncGenerator<RawFrame> {
  const hash = createHash('sha256');
  const file = createReadStream(path);
  const gunzip = createGunzip({ chunkSize: 2 ** 18 });
  const read = pipeline(file, gunzip);
  read.catch(() => {});
  let waiting: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
      for (let frame = take(waiting, hash, path); frame !== undefined; frame = take(waiting, hash, path)) {
        yield frame;
        waiting = waiting.subarray(headBytes + frame.bytes.length);
      }
    }
    if (waiting.length > 0) throw cutOff(path);
  } catch (error) {
    throw readError(error, path);
  } finally {
    file.destroy();
    gunzip.destroy();
  }
}

function readError(error: unknown, path: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new OperatorError(`The file ${path} does not exist.`, { cause: error });
  if (code === 'EACCES' || code === 'EISDIR' || code === 'EIO')
    return new OperatorError(`${path} cannot be read (${code}).`, { cause: error });
  // zlib: Z_BUF_ERROR for a truncated stream; Z_DATA_ERROR for a wrong checksum or a file that is not gzip.
  if (code === 'Z_BUF_ERROR') return cutOff(path);
  if (code === 'Z_DATA_ERROR') return message === 'incorrect header check' ? notABackup(path) : damaged(path);
  return error;
}

function take(bytes: Buffer, hash: Hash, name: string): RawFrame | undefined {
  if (bytes.length < headBytes) return undefined;
  const length = bytes.readUInt32BE(1);
  // Checked first, so that a file that is not a backup is not taken for a long frame.
  if (!'HTDE'.includes(bytes.toString('latin1', 0, 1))) throw notABackup(name);
  if (length > frameBytesMax) throw damaged(name);
  if (bytes.length < headBytes + length) return undefined;
  const type = bytes.toString('latin1', 0, 1);
  const sha256 = type === 'E' ? hash.copy().digest('hex') : undefined;
  hash.update(bytes.subarray(0, headBytes + length));
  return { type, bytes: bytes.subarray(headBytes, headBytes + length), sha256 };
}
