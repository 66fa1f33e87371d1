import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { systemClock } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { AnswerBody } from './answer.ts';
import type { BodyReader } from './answer.ts';
import type { Claimant, Connection, Exchanging, Target } from './connection.ts';
import { Connections } from './connections.ts';
import { Deadlines } from './deadlines.ts';
import type { Expiring } from './deadlines.ts';
import type { EgressPolicy, Refusal, Resolve } from '../../base/egress.ts';
import { SendFailure } from './failure.ts';
import type { FailureReason } from './failure.ts';
import { createResolver } from '../../base/resolver.ts';

export interface SendRequest {
  /** One object an endpoint: it is what `maxConnections` is counted by, so that two endpoints of one address have each their own. */
  readonly url: URL;
  /** Whose request it is, by which look-ups are limited. */
  readonly organization: string;
  /** Valid header names and values, without those that belong to the connection (`host`, `content-length`, …). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
  /** From the call of `send` to the last byte of the answer, everything in between included. */
  readonly timeoutMs: number;
  /** The most exchanges of this endpoint at once, each of which has a connection; further sends wait, within their `timeoutMs`. */
  readonly maxConnections: number;
}

export interface Answer {
  readonly statusCode: number;
  /** Names in lower case; the values of a repeated header are joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** The first 4 KiB, decoded, as UTF-8; empty when the body's encoding is not one that can be decoded. */
  readonly body: string;
  readonly bodyTruncated: boolean;
  /** As sent: seconds or a date. */
  readonly retryAfter: string | undefined;
}

export type SendResult =
  | (Answer & { readonly kind: 'answered'; readonly durationMs: number })
  | {
      readonly kind: 'failed';
      readonly reason: FailureReason;
      /** A sentence for the person who runs the receiver. */
      readonly message: string;
      readonly durationMs: number;
      /** What had been read of the answer: at least its status line; headers and body are empty when the headers were not complete. */
      readonly answer?: Answer;
    };

export interface Sender {
  /**
   * POSTs the body and reads the answer. Never rejects. Redirects are not followed: a 3xx is an answer like any other.
   *
   * `answered` means that the answer was complete, or that as much of it was read as ever is (64 KiB); a connection that
   * breaks amid the body is a failure, `reset`, because a receiver that died while answering may not have done its work.
   *
   * The request may reach the receiver twice: it is sent once more, on a new connection, when a kept-alive one was closed by
   * the receiver before any byte of the answer, or when what came on it cannot be trusted to be the answer to this request.
   */
  send(request: SendRequest): Promise<SendResult>;
  readonly openSockets: number;
  /** Connections refused because of the address, since the start. */
  readonly egressRefusals: number;
  /** Times that a receiver sent bytes outside an exchange, since the start. */
  readonly strays: number;
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
  /** Of the rest that a connection needs before its next request, which is about what arrives on the socket in real time. */
  readonly socketClock?: Clock;
  /** The egress guard refused a connection; the refusal's detail is for the operator. */
  readonly onRefused?: (host: string, refusal: Refusal) => void;
}

/** For the look-up, the TCP connection and the TLS handshake together. */
const connectTimeoutMs = 5_000;

export function createSender({
  policy,
  resolve = createResolver(),
  ca,
  maxSockets = 1024,
  clock = systemClock,
  socketClock = systemClock,
  onRefused = () => {},
}: SenderOptions): Sender {
  const connections = new Connections({
    policy,
    resolve,
    clock,
    socketClock,
    ca,
    maxSockets,
    onRefused,
  });
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
    get strays() {
      return connections.strays;
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

  get organization(): string {
    return this.#request.organization;
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
    const { path = '/' } = this.target ?? {};
    const reset = this.#sending.connections.isSuspect(connection.origin);
    connection.dispatch(
      { path, method: 'POST', headers: this.#requestHeaders(), body: this.#request.body, blocking: false, reset },
      this,
    );
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

  onResponseStart(controller: Dispatcher.DispatchController, statusCode: number, headers: IncomingHttpHeaders): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    // What proxies send when they close a connection that was idle too long; it may have crossed the request.
    if (connection.used && (statusCode === 400 || statusCode === 408) && /\bclose\b/i.test(String(headers.connection)))
      return controller.abort(new Doubt());
    this.#statusCode = statusCode;
    this.#headers = joined(headers);
    this.#body = new AnswerBody(this.#headers['content-encoding'], this);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#connection !== undefined) this.#body?.write(chunk);
  }

  onResponseEnd(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    const { connections } = this.#sending;
    // The receiver was found to send stray bytes while this exchange was in flight on a connection that had not rested.
    if (connection.used && !connection.rested && connections.isSuspect(connection.origin))
      return this.#sendAgain(connection);
    this.#connection = undefined;
    connections.giveBack(connection);
    this.#body?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    if (error instanceof Doubt) return this.#sendAgain(connection);
    const failure = connection.explain(error, this.#body !== undefined);
    const stale =
      connection.used && !connection.responseBegan && (failure.reason === 'reset' || failure.reason === 'protocol');
    if (stale) this.#sendAgain(connection);
    else this.#fail(failure);
  }

  /** At most once, because the connection in its place is a new one. */
  #sendAgain(connection: Connection): void {
    this.#sent = false;
    this.#body = undefined;
    this.#dispatch(this.#sending.connections.replace(connection));
  }

  onBodyLimit(): void {
    this.#dropConnection();
  }

  onBodyEnd(): void {
    this.#end({ kind: 'answered', ...this.#answer(this.#statusCode), durationMs: this.#durationMs });
  }

  #answer(statusCode: number): Answer {
    const read = this.#body !== undefined;
    return {
      statusCode,
      headers: read ? this.#headers : {},
      body: this.#body?.text ?? '',
      bodyTruncated: this.#body?.truncated ?? false,
      retryAfter: read ? this.#headers['retry-after'] : undefined,
    };
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
      return new SendFailure(
        'timeout',
        this.#connection?.responseBegan === true
          ? `The answer was not complete within ${time}.`
          : `There was no answer within ${time}.`,
      );
    const connectTime = `${Math.min(connectTimeoutMs, this.#request.timeoutMs) / 1000} s`;
    switch (this.#connection?.phase) {
      case undefined:
        return new SendFailure('timeout', `No connection to ${hostname} was free within ${time}.`);
      case 'resolving':
        return new SendFailure('dns', `The host ${hostname} was not resolved within ${connectTime}.`);
      case 'handshake':
        return new SendFailure(
          'connect_timeout',
          `The TLS handshake with ${hostname} was not complete within ${connectTime}.`,
        );
      default:
        return new SendFailure('connect_timeout', `No connection could be made to ${hostname} within ${connectTime}.`);
    }
  }

  #fail(failure: SendFailure): void {
    const statusCode = this.#body === undefined ? this.#connection?.statusCode : this.#statusCode;
    this.#dropConnection();
    const { reason, message } = failure;
    this.#end({
      kind: 'failed',
      reason,
      message,
      durationMs: this.#durationMs,
      ...(statusCode === undefined ? {} : { answer: this.#answer(statusCode) }),
    });
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

/** Aborts an exchange whose answer may not be one to its request. */
class Doubt extends Error {}

/** The object is undici's and nobody else's, so it is changed in place. */
function joined(headers: IncomingHttpHeaders): Record<string, string> {
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) headers[name] = value.join(', ');
  }
  return headers as Record<string, string>;
}
