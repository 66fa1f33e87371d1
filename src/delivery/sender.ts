import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { AnswerBody } from './answer.ts';
import type { BodyReader } from './answer.ts';
import type { Connection, Exchanging } from './connection.ts';
import { Connections } from './connections.ts';
import type { Claimant, Target } from './connections.ts';
import { Deadlines } from './deadlines.ts';
import type { Expiring } from './deadlines.ts';
import { systemResolve } from './egress.ts';
import type { EgressPolicy, Resolve } from './egress.ts';
import { SendFailure } from './failure.ts';
import type { FailureReason } from './failure.ts';

export interface SendRequest {
  /** One object an endpoint: it is what `maxConnections` is counted by, so that two endpoints of one address have each their own. */
  readonly url: URL;
  /** Valid header names and values, without those that belong to the connection (`host`, `content-length`, …). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
  /** From the call of `send` to the last byte of the answer, everything in between included. */
  readonly timeoutMs: number;
  /** The most exchanges of this endpoint at once, each of which has a connection; further sends wait, within their `timeoutMs`. */
  readonly maxConnections: number;
}

export type SendResult =
  | {
      readonly kind: 'answered';
      readonly statusCode: number;
      /** Names in lower case; the values of a repeated header are joined by ", ". */
      readonly headers: Readonly<Record<string, string>>;
      /** The first 4 KiB, decoded, as UTF-8; empty when the body's encoding is not one that can be decoded. */
      readonly body: string;
      readonly bodyTruncated: boolean;
      readonly durationMs: number;
      /** As sent: seconds or a date. */
      readonly retryAfter: string | undefined;
    }
  | {
      readonly kind: 'failed';
      readonly reason: FailureReason;
      /** A sentence for the person who runs the receiver. */
      readonly message: string;
      readonly durationMs: number;
    };

export interface Sender {
  /**
   * POSTs the body and reads the answer. Never rejects. Redirects are not followed: a 3xx is an answer like any other.
   *
   * `answered` means that the answer was complete, or that as much of it was read as ever is (64 KiB); a connection that
   * breaks amid the body is a failure, `reset`, because a receiver that died while answering may not have done its work.
   *
   * The request may reach the receiver twice: when a kept-alive connection turns out to have been closed by the receiver
   * before any byte of the answer, it is sent once more on a new one.
   */
  send(request: SendRequest): Promise<SendResult>;
  readonly openSockets: number;
  /** Connections refused because of the address, since the start. */
  readonly egressRefusals: number;
  /** Aborts what is in flight and closes all sockets. */
  close(): Promise<void>;
}

export interface SenderOptions {
  readonly policy: EgressPolicy;
  readonly resolve?: Resolve;
  /** Certificate authorities (PEM) that are trusted beside the system's. */
  readonly ca?: string;
  readonly maxSockets?: number;
  readonly clock?: Clock;
}

/** For the look-up, the TCP connection and the TLS handshake together. */
const connectTimeoutMs = 5_000;

export function createSender({ policy, resolve = systemResolve, ca, maxSockets = 1024, clock = systemClock }: SenderOptions): Sender {
  const connections = new Connections({ policy, resolve, clock, ca, maxSockets, connectTimeoutMs });
  const deadlines = new Deadlines(clock);
  const sending: Sending = { connections, deadlines };
  let closed = false;
  return {
    send: (request) =>
      closed
        ? Promise.resolve({ kind: 'failed', reason: 'aborted', message: closedMessage, durationMs: 0 })
        : new Promise((resolveSend) => new Exchange(sending, request, resolveSend).start()),
    get openSockets() {
      return connections.size;
    },
    get egressRefusals() {
      return connections.egressRefusals;
    },
    async close() {
      closed = true;
      await connections.close();
      deadlines.close();
    },
  };
}

const closedMessage = 'The sending server was shut down.';

interface Sending {
  readonly connections: Connections;
  readonly deadlines: Deadlines;
}

/**
 * One send: waits for a connection, writes the request, reads the answer. It ends once, by `onBodyEnd` or `#fail`; undici
 * may call it after that, for which it has no connection any more and does nothing.
 */
class Exchange implements Claimant, Exchanging, Expiring, BodyReader {
  target: Target | undefined;
  readonly #sending: Sending;
  readonly #request: SendRequest;
  readonly #resolve: (result: SendResult) => void;
  /** In the time of `deadlines`. */
  readonly #claimedAt: number;
  /** When the connection came: waiting for it is not the receiver's time. */
  #startedAt: number;
  #bucket = 0;
  #connectDeadline = false;
  #ended = false;
  #connection: Connection | undefined;
  #sent = false;
  #answerBegan = false;
  #statusCode = 0;
  #headers: Record<string, string> = {};
  #body: AnswerBody | undefined;

  constructor(sending: Sending, request: SendRequest, resolve: (result: SendResult) => void) {
    this.#sending = sending;
    this.#request = request;
    this.#resolve = resolve;
    this.#claimedAt = sending.deadlines.now();
    this.#startedAt = this.#claimedAt;
  }

  get url(): URL {
    return this.#request.url;
  }

  get maxConnections(): number {
    return this.#request.maxConnections;
  }

  start(): void {
    this.#bucket = this.#sending.deadlines.add(this, this.#request.timeoutMs);
    this.#sending.connections.claim(this);
  }

  onConnection(connection: Connection): void {
    this.#startedAt = this.#sending.deadlines.now();
    this.#dispatch(connection);
  }

  #dispatch(connection: Connection): void {
    this.#connection = connection;
    const remainingMs = this.#remainingMs;
    if (connection.phase !== 'open' && connectTimeoutMs < remainingMs) {
      this.#connectDeadline = true;
      this.#moveDeadline(connectTimeoutMs);
    }
    connection.dispatch({ path: this.target?.path ?? '/', method: 'POST', headers: this.#requestHeaders(), body: this.#request.body, blocking: false }, this);
  }

  onRequestStart(): void {
    if (this.#connection === undefined) return;
    this.#connection.begin();
    this.#sent = true;
    if (this.#connectDeadline) {
      this.#connectDeadline = false;
      this.#moveDeadline(this.#remainingMs);
    }
  }

  onResponseStarted(): void {
    this.#answerBegan = true;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, statusCode: number, headers: IncomingHttpHeaders): void {
    this.#statusCode = statusCode;
    this.#headers = joined(headers);
    this.#body = new AnswerBody(this.#headers['content-encoding'], this);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#connection !== undefined) this.#body?.write(chunk);
  }

  onResponseEnd(): void {
    if (this.#connection === undefined) return;
    this.#sending.connections.giveBack(this.#connection);
    this.#connection = undefined;
    this.#body?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#connection === undefined) return;
    const failure = this.#connection.explain(error, this.#body !== undefined);
    // At most once, because the connection in its place is a new one.
    const stale = failure.reason === 'reset' && this.#connection.used && !this.#answerBegan;
    if (!stale) return this.#fail(failure);
    this.#sent = false;
    this.#dispatch(this.#sending.connections.replace(this.#connection));
  }

  onBodyLimit(): void {
    this.#dropConnection();
  }

  onBodyEnd(): void {
    this.#end({
      kind: 'answered',
      statusCode: this.#statusCode,
      headers: this.#headers,
      body: this.#body?.text ?? '',
      bodyTruncated: this.#body?.truncated ?? false,
      durationMs: this.#durationMs,
      retryAfter: this.#headers['retry-after'],
    });
  }

  onFlood(): void {
    if (this.#body !== undefined) return this.#body.stop();
    this.#fail(new SendFailure('headers_too_large', "The answer's headers are larger than 16 KiB."));
  }

  onClose(): void {
    this.#fail(new SendFailure('aborted', closedMessage));
  }

  onDeadline(): void {
    this.#fail(this.#late());
  }

  #late(): SendFailure {
    const { hostname } = this.#request.url;
    const time = `${this.#request.timeoutMs / 1000} s`;
    if (this.#sent)
      return new SendFailure('timeout', this.#answerBegan ? `The answer was not complete within ${time}.` : `There was no answer within ${time}.`);
    const connectTime = `${Math.min(connectTimeoutMs, this.#request.timeoutMs) / 1000} s`;
    switch (this.#connection?.phase) {
      case undefined:
        return new SendFailure('timeout', `No connection to ${hostname} was free within ${time}.`);
      case 'resolving':
        return new SendFailure('dns', `The host ${hostname} was not resolved within ${connectTime}.`);
      case 'handshake':
        return new SendFailure('connect_timeout', `The TLS handshake with ${hostname} was not complete within ${connectTime}.`);
      default:
        return new SendFailure('connect_timeout', `No connection could be made to ${hostname} within ${connectTime}.`);
    }
  }

  #fail(failure: SendFailure): void {
    this.#dropConnection();
    this.#end({ kind: 'failed', reason: failure.reason, message: failure.message, durationMs: this.#durationMs });
  }

  get #remainingMs(): number {
    return this.#claimedAt + this.#request.timeoutMs - this.#sending.deadlines.now();
  }

  get #durationMs(): number {
    return this.#sending.deadlines.now() - this.#startedAt;
  }

  #dropConnection(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection !== undefined) this.#sending.connections.drop(connection);
  }

  #end(result: SendResult): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#sending.deadlines.remove(this, this.#bucket);
    this.#sending.connections.leave(this);
    this.#resolve(result);
  }

  #moveDeadline(delayMs: number): void {
    this.#sending.deadlines.remove(this, this.#bucket);
    this.#bucket = this.#sending.deadlines.add(this, delayMs);
  }

  #requestHeaders(): string[] {
    const headers = ['accept-encoding', 'identity'];
    for (const name in this.#request.headers) headers.push(name, this.#request.headers[name] ?? '');
    return headers;
  }
}

/** The object is undici's and nobody else's, so it is changed in place. */
function joined(headers: IncomingHttpHeaders): Record<string, string> {
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) headers[name] = value.join(', ');
  }
  return headers as Record<string, string>;
}
