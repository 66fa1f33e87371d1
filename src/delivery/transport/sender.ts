import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { systemClock } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { AnswerBody } from './answer.ts';
import type { BodyReader } from './answer.ts';
import type { Claimant, Connection, Exchanging, Target, TlsIdentity } from './connection.ts';
import { Connections } from './connections.ts';
import { Deadlines } from './deadlines.ts';
import type { Expiring } from './deadlines.ts';
import type { EgressPolicy, Refusal, Resolve } from '../../base/egress.ts';
import { SendFailure } from './failure.ts';
import type { FailureReason } from './failure.ts';
import { createResolver } from '../../base/resolver.ts';

export interface SendRequest {
  /** One object per endpoint: `maxConnections` is counted per object, so that two endpoints with the same URL each have their own. */
  readonly url: URL;
  /** The organization, by which lookups are limited. */
  readonly organization: string;
  /** Belongs to `url`: another identity needs another object there. */
  readonly tls?: TlsIdentity | undefined;
  /** Valid header names and values, without those of the connection (`host`, `content-length`, …). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
  /** From the call of `send` to the last byte of the response. */
  readonly timeoutMs: number;
  /** The most exchanges of this endpoint at the same time, each on its own connection. Further sends wait, within their `timeoutMs`. */
  readonly maxConnections: number;
}

/** What was read of a response. */
export interface Answer {
  readonly statusCode: number;
  /** Names in lower case; the values of a repeated header are joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** The first 4 KiB, decoded, as UTF-8; empty if the encoding is not supported. */
  readonly body: string;
  readonly bodyTruncated: boolean;
  /** As received: seconds or a date. */
  readonly retryAfter: string | undefined;
}

export type SendResult =
  | (Answer & { readonly kind: 'answered'; readonly durationMs: number })
  | {
      readonly kind: 'failed';
      readonly reason: FailureReason;
      /** A sentence for the operator of the receiver. */
      readonly message: string;
      readonly durationMs: number;
      /** What had been read of the response, at least its status line. Headers and body are empty if the headers were not complete. */
      readonly answer?: Answer;
    };

export interface Sender {
  /**
   * POSTs the body and reads the response. Never rejects. Redirects are not followed: a 3xx is a response like any other.
   *
   * `answered` means that the response was complete, or that the most that is read of it (64 KiB) was read. A connection that breaks in the
   * middle of the body is a failure, `reset`, because a receiver that crashed while responding may not have done its work.
   *
   * The request may reach the receiver twice: it is sent once more, on a new connection, if the receiver closed a kept-alive one before any
   * byte of the response, or if what came on it may not be the response to this request.
   *
   * @example
   * const sender = createSender({ policy });
   * const result = await sender.send({ url, organization, headers: {}, body: '{}', timeoutMs: 15_000, maxConnections: 10 });
   * if (result.kind === 'answered') console.log(result.statusCode);
   */
  send(request: SendRequest): Promise<SendResult>;
  readonly openSockets: number;
  /** Connections that the egress guard refused, since the start. */
  readonly egressRefusals: number;
  /** How often a receiver sent bytes outside an exchange, since the start. */
  readonly strays: number;
  /** Aborts what is in flight and closes all sockets. */
  close(): Promise<void>;
}

export interface SenderOptions {
  readonly policy: EgressPolicy;
  readonly resolve?: Resolve;
  /** PEM certificates of authorities, trusted in addition to the system's. */
  readonly ca?: string | undefined;
  readonly maxSockets?: number;
  readonly clock?: Clock;
  /** For the rest of a connection before its next request, which depends on what arrives on the socket in real time. */
  readonly socketClock?: Clock;
  /** Called when the egress guard refused a connection. The refusal's detail is for the operator. */
  readonly onRefused?: (host: string, refusal: Refusal) => void;
}

/** For the lookup, the TCP connection and the TLS handshake together. */
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
 * One send: waits for a connection, writes the request, reads the response. It ends once, in `onBodyEnd` or `#fail`. undici may call it
 * afterwards; it has no connection then and does nothing.
 */
class Exchange implements Claimant, Exchanging, Expiring, BodyReader {
  target: Target | undefined;
  readonly #sending: Sending;
  readonly #request: SendRequest;
  readonly #resolve: (result: SendResult) => void;
  /** In the time of `Deadlines`. */
  readonly #claimedAt: number;
  /** When it got its connection: waiting for one does not count as the receiver's time. */
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

  get tls(): TlsIdentity | undefined {
    return this.#request.tls;
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
    // Proxies send these when they close an idle connection; it may have crossed the request.
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
    // The receiver sent stray bytes while this exchange was in flight on a connection that had not rested.
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

  /** At most once per send, because the replacement is a new connection. */
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
    this.#fail(new SendFailure('headers_too_large', 'The response headers are larger than 16 KiB.'));
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
          ? `The response was not complete within ${time}.`
          : `There was no response within ${time}.`,
      );
    const connectTime = `${Math.min(connectTimeoutMs, this.#request.timeoutMs) / 1000} s`;
    switch (this.#connection?.phase) {
      case undefined:
        return new SendFailure('timeout', `No connection to ${hostname} was free within ${time}.`);
      case 'resolving':
        return new SendFailure('dns', `The host ${hostname} was not resolved within ${connectTime}.`);
      case 'proxy':
        return new SendFailure(
          'proxy',
          `The proxy of the sending server gave no connection to ${hostname} within ${connectTime}.`,
        );
      case 'handshake':
        return new SendFailure(
          'connect_timeout',
          `The TLS handshake with ${hostname} was not complete within ${connectTime}.`,
        );
      default:
        return new SendFailure(
          'connect_timeout',
          `No connection to ${hostname} could be established within ${connectTime}.`,
        );
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

/** Aborts an exchange whose response may belong to another request. */
class Doubt extends Error {}

/** Joins repeated headers. undici creates the object for this call alone, so it is changed in place. */
function joined(headers: IncomingHttpHeaders): Record<string, string> {
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) headers[name] = value.join(', ');
  }
  return headers as Record<string, string>;
}
