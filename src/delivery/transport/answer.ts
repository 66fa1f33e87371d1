import type { Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

/** The most that is read of a response body, decoded, before the connection is dropped. */
const readBytesMax = 64 * 1024;

/** How much of it is kept. */
const keptBytesMax = 4 * 1024;

export interface BodyReader {
  /** The limit is reached: read no more. `onBodyEnd` follows, immediately or once everything received is decoded. */
  onBodyLimit(): void;
  /** The body is as complete as it will be. */
  onBodyEnd(): void;
}

/**
 * The body of one response. A compressed one can decode to a thousand times its size, so the limit applies to the output of the decoder,
 * which works in steps of 16 KiB and is stopped between two of them. The connection limits its input.
 */
export class AnswerBody {
  readonly #reader: BodyReader;
  readonly #encoding: string;
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  #bytes = 0;
  #decoder: Transform | undefined;
  #decodable = true;
  #limited = false;
  #ended = false;

  /** @param encoding the value of `content-encoding`. The body of an unknown one stays empty. */
  constructor(encoding: string | undefined, reader: BodyReader) {
    this.#reader = reader;
    this.#encoding = encoding?.trim().toLowerCase() || 'identity';
  }

  write(chunk: Buffer): void {
    if (this.#limited || this.#ended) return;
    if (this.#encoding === 'identity' || !this.#decodable) return this.#take(chunk);
    this.#decoder ??= this.#createDecoder(chunk);
    this.#decoder?.write(chunk);
  }

  /** Call when the connection's own limit was reached. */
  stop(): void {
    if (this.#ended) return;
    this.#limited = true;
    this.#reader.onBodyLimit();
    this.end();
  }

  /** Call at the end of the body. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#decoder === undefined) this.#reader.onBodyEnd();
    else this.#decoder.end();
  }

  /** True when `text` is not the whole body. */
  get truncated(): boolean {
    return this.#limited || this.#bytes > this.#keptBytes;
  }

  /**
   * The kept part as UTF-8. U+FFFD replaces bytes that are not UTF-8, and NUL, which PostgreSQL's text cannot store. A character that the
   * limit split is left out.
   */
  get text(): string {
    if (!this.#decodable || this.#keptBytes === 0) return '';
    const bytes = this.#kept.length === 1 && this.#kept[0] !== undefined ? this.#kept[0] : Buffer.concat(this.#kept);
    const text = this.truncated
      ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true })
      : bytes.toString('utf8');
    return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
  }

  #take(chunk: Buffer): void {
    this.#bytes += chunk.length;
    const room = keptBytesMax - this.#keptBytes;
    if (room > 0 && this.#decodable) {
      const part = chunk.length > room ? chunk.subarray(0, room) : chunk;
      this.#kept.push(part);
      this.#keptBytes += part.length;
    }
    if (this.#bytes <= readBytesMax) return;
    this.#decoder?.destroy();
    if (!this.#limited) {
      this.#limited = true;
      this.#reader.onBodyLimit();
    }
    this.#ended = true;
    this.#reader.onBodyEnd();
  }

  #createDecoder(firstChunk: Buffer): Transform | undefined {
    const decoder = decoders.get(this.#encoding)?.(firstChunk);
    if (decoder === undefined) {
      this.#decodable = false;
      return undefined;
    }
    return decoder
      .on('data', (chunk: Buffer) => this.#take(chunk))
      .on('error', () => {
        this.#decodable = false;
        this.#decoder = undefined;
        if (this.#ended) this.#reader.onBodyEnd();
      })
      .on('end', () => this.#reader.onBodyEnd());
  }
}

/** A truncated body is decoded as far as it goes. */
const gzipOptions = { finishFlush: constants.Z_SYNC_FLUSH };

/** By `content-encoding`. We request none, so zstd, whose window alone may take 128 MiB, is not worth its memory. */
const decoders = new Map<string, (firstChunk: Buffer) => Transform>([
  ['gzip', () => createGunzip(gzipOptions)],
  ['x-gzip', () => createGunzip(gzipOptions)],
  // Some servers send raw deflate where RFC 9110 §8.4.1.2 requires the zlib format; the first byte tells them apart.
  ['deflate', (chunk) => ((chunk[0] ?? 0) % 16 === 8 ? createInflate(gzipOptions) : createInflateRaw(gzipOptions))],
  ['br', () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH })],
]);
