/** Called while a response is read. */
export interface ResponseEvents {
  /** More came than is read for one exchange. */
  onFlood(): void;
  /** The first bytes are not the beginning of an HTTP response. */
  onForeignBytes(): void;
}

/** The most bytes of a response's headers together. */
export const headerBytesMax = 16 * 1024;

/**
 * The most bytes read for one exchange: body, headers, interim responses, chunk sizes and their extensions. No parser limits the last
 * three.
 */
const wireBytesMax = 256 * 1024;

/** `HTTP/1.1 200` and the character that ends the number. */
const statusBytes = 13;

/**
 * Stands between a socket and undici's parser, which has three gaps. It rejects `100 Continue`, though a client must accept interim
 * responses that it did not request (RFC 9110 §15.2) and some servers send one to any POST. It does not limit what it skips. And it treats
 * anything received after a request was written as the response to it.
 */
export class ResponseFilter {
  readonly #events: ResponseEvents;
  #wireBytes = 0;
  /** What has been read, apart from interim responses. */
  #heard: 'nothing' | 'foreign bytes' | 'response' = 'nothing';
  #statusCode: number | undefined;
  /** The beginning of a response, or an interim one whose end has not come yet. */
  #held: Buffer | undefined;

  constructor(events: ResponseEvents) {
    this.#events = events;
  }

  /** Begins an exchange. */
  reset(): void {
    this.#wireBytes = 0;
    this.#heard = 'nothing';
    this.#statusCode = undefined;
    this.#held = undefined;
  }

  get isSilent(): boolean {
    return this.#heard === 'nothing';
  }

  /** The first bytes of a response were read. */
  get responseBegan(): boolean {
    return this.#heard === 'response';
  }

  /** Set once the status line was read, whether or not the rest is valid. */
  get statusCode(): number | undefined {
    return this.#statusCode;
  }

  /** @returns the bytes for the parser; null: none yet. */
  accept(chunk: Buffer): Buffer | null {
    this.#wireBytes += chunk.length;
    if (this.#wireBytes > wireBytesMax) {
      this.#events.onFlood();
      return null;
    }
    if (this.#statusCode !== undefined || this.#heard === 'foreign bytes') return chunk;
    let bytes = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = undefined;
    while (looksLikeResponse(bytes)) {
      this.#heard = 'response';
      if (bytes.length >= statusBytes && !isInterim(bytes)) {
        this.#statusCode = Number(bytes.toString('latin1', 9, 12));
        return bytes;
      }
      const end = bytes.indexOf('\r\n\r\n');
      if (end === -1) {
        // A tighter limit than for the whole, because each piece that comes is copied together with all before it.
        if (bytes.length > headerBytesMax) this.#events.onFlood();
        else this.#held = bytes;
        return null;
      }
      bytes = bytes.subarray(end + 4);
      if (bytes.length === 0) return null;
    }
    if (this.#heard === 'nothing') {
      this.#heard = 'foreign bytes';
      this.#events.onForeignBytes();
    }
    return bytes;
  }
}

const responseStart = Buffer.from('HTTP/1.0 000');
const zero = 0x30;

/** True for `HTTP/1.`, a digit and a status of three digits, as far as the bytes go. */
function looksLikeResponse(bytes: Buffer): boolean {
  for (let index = 0; index < responseStart.length && index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (responseStart[index] === zero ? byte < zero || byte > zero + 9 : byte !== responseStart[index]) return false;
  }
  return bytes.length < statusBytes || ' \r\n'.includes(String.fromCharCode(bytes[statusBytes - 1] ?? 0));
}

/** A status of 100 to 199; 101 is left to the parser, which rejects it. */
function isInterim(bytes: Buffer): boolean {
  return bytes[9] === 0x31 && bytes.toString('latin1', 9, 12) !== '101';
}
