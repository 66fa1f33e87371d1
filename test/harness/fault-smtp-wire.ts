/** The server's side of a connection of fault-smtp.ts: sends answers, and fails as it is told. */
import type { Socket } from 'node:net';
import type { Fault } from './fault-smtp-faults.ts';

/** Gets the code that reached the client; undefined: none did, and none will. */
export type Answered = (code?: number) => void;

export class FaultSmtpWire {
  readonly #raw: Socket;
  readonly #onFree: () => void;
  #socket: Socket;
  /** Reports that the answer on its way will not arrive. */
  #unanswered: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** An answer is on its way: further input waits. */
  isBusy = false;
  /** No answer will be sent any more: further input is discarded. */
  isDead = false;

  /** @param onFree called when a slow answer has been sent */
  constructor(socket: Socket, onFree: () => void) {
    this.#raw = socket;
    this.#socket = socket;
    this.#onFree = onFree;
  }

  /** Sends over TLS from now on. */
  upgraded(socket: Socket): void {
    this.#socket = socket;
  }

  closed(): void {
    clearInterval(this.#timer);
    this.#unanswered?.();
    this.#unanswered = undefined;
  }

  /** Sends an answer, or does what the fault says. `done` is called at once, or when a slow answer has been sent. */
  answer(code: number, text: string, fault: Fault | undefined, done: Answered): void {
    const normal = linesOf(code, text);
    switch (fault?.kind) {
      case undefined:
      case 'proceed':
        this.#socket.write(normal);
        return done(code);
      case 'reply':
        this.#socket.write(linesOf(fault.code, fault.text));
        done(fault.code);
        if (fault.close === true || fault.code === 421) this.end();
        return;
      case 'drip':
        return this.#drip(Buffer.from(normal), fault.everyMs, code, done);
      case 'delay':
        return this.#wait(fault.until, normal, code, done);
      case 'close':
        this.end();
        break;
      case 'reset':
        this.isDead = true;
        this.#raw.resetAndDestroy();
        break;
      case 'silence':
        this.isDead = true;
        break;
      case 'partial':
        this.isDead = true;
        this.#socket.write(normal.slice(0, Math.floor(normal.length / 2)));
        if (fault.close === true) this.#socket.end();
        break;
      case 'garbage':
        this.#socket.write(fault.bytes);
        this.end();
        break;
      case 'flood':
        this.isDead = true;
        this.#flood(fault.bytes, fault.line);
        break;
    }
    done();
  }

  end(): void {
    this.isDead = true;
    this.#socket.end();
  }

  #drip(bytes: Buffer, everyMs: number, code: number, done: Answered): void {
    this.isBusy = true;
    this.#unanswered = done;
    let at = 0;
    this.#timer = setInterval(() => {
      this.#socket.write(bytes.subarray(at, at + 1));
      at += 1;
      if (at < bytes.length) return;
      clearInterval(this.#timer);
      this.#resume(code, done);
    }, everyMs);
  }

  #wait(until: Promise<unknown>, text: string, code: number, done: Answered): void {
    this.isBusy = true;
    this.#unanswered = done;
    void until.then(() => {
      if (this.#unanswered === undefined) return;
      this.#socket.write(text);
      this.#resume(code, done);
    });
  }

  #resume(code: number, done: Answered): void {
    this.#unanswered = undefined;
    this.isBusy = false;
    done(code);
    this.#onFree();
  }

  #flood(bytes: number, line: string): void {
    const chunk = Buffer.from(line.repeat(Math.max(1, Math.ceil(65_536 / line.length))));
    let left = bytes;
    const more = (): void => {
      while (left > 0 && !this.#socket.destroyed) {
        left -= chunk.length;
        if (!this.#socket.write(chunk)) return void this.#socket.once('drain', more);
      }
    };
    more();
  }
}

/** A reply with one line for each line of the text. */
function linesOf(code: number, text: string): string {
  const lines = text.split('\n');
  return lines.map((line, at) => `${code}${at < lines.length - 1 ? '-' : ' '}${line}\r\n`).join('');
}
