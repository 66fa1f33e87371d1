import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../base/clock.ts';
import { hasBody } from './body.ts';
import type { Decision } from './rate-limit.ts';
import type { Caller, Reply, Route, RouteRequest, Surface } from './route.ts';

/** An unread body of up to this size is discarded, so that the connection can be reused. */
const discardedBytesMax = 64 * 1024;
/** Bodies up to this size, such as the pixel of tracking, are sent in one piece with the head. */
const copiedBytesMax = 1_024;
/** How long a client that is still sending may take to read the reply before the connection is closed. */
const lingerMs = 2_000;

/** A request in progress, as its handler sees it, and its reply. */
export class Call implements RouteRequest<unknown, unknown, unknown> {
  readonly route: Route | undefined;
  readonly surface: Surface;
  readonly requestId: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  params: unknown;
  query: unknown;
  body: unknown;
  rawBody = '';
  stream: AsyncIterable<Buffer> = nothing;
  caller: Caller | undefined;
  /** Computes the client's address when it is asked for. */
  from: { readonly ip: string } | undefined;
  /** For the rate-limit headers; undefined on routes that are not counted. */
  decision: Decision | undefined;
  readonly startedAt = performance.now();
  #aborted: AbortController | undefined;

  constructor(
    route: Route | undefined,
    surface: Surface,
    requestId: string,
    request: IncomingMessage,
    response: ServerResponse,
  ) {
    this.route = route;
    this.surface = surface;
    this.requestId = requestId;
    this.request = request;
    this.response = response;
  }

  get headers(): IncomingHttpHeaders {
    return this.request.headers;
  }

  get method(): string {
    return this.request.method ?? '';
  }

  get address(): string {
    return this.from?.ip ?? '';
  }

  /** Created on first use: few handlers wait long enough to need it. */
  get signal(): AbortSignal {
    if (this.#aborted === undefined) {
      const aborted = new AbortController();
      this.#aborted = aborted;
      if (this.response.destroyed) aborted.abort();
      else this.response.once('close', () => !this.response.writableFinished && aborted.abort());
    }
    return this.#aborted.signal;
  }

  /** Sends the reply, at most once; of a reply in parts, only the head. Does nothing if the client has disconnected. `closing`: close the connection afterwards. */
  send(reply: Reply, clock: Clock, closing: boolean): void {
    const { response, decision } = this;
    if (response.headersSent || response.destroyed) return;
    const { status, headers } = reply;
    const head =
      decision === undefined
        ? ['x-request-id', this.requestId]
        : [
            'x-request-id',
            this.requestId,
            'x-ratelimit-limit',
            `${decision.limit}`,
            'x-ratelimit-remaining',
            `${decision.remaining}`,
            'x-ratelimit-reset',
            `${decision.resetAt}`,
          ];
    const payload = payloadOf(reply, head);
    if (headers !== undefined) for (const name of Object.keys(headers)) head.push(name, headers[name] ?? '');

    const unread = !this.request.complete && hasBody(this.request);
    if (unread && !(Number(this.headers['content-length']) <= discardedBytesMax)) {
      head.push('connection', 'close');
      response.writeHead(status, head);
      if (payload !== undefined) response.write(payload);
      this.#linger(clock);
      return;
    }
    if (closing) head.push('connection', 'close');
    response.writeHead(status, head);
    if (reply.parts !== undefined) return;
    // Node writes a string together with the head, but bytes separately, which costs more than copying a few.
    if (Buffer.isBuffer(payload) && payload.length <= copiedBytesMax)
      response.end(payload.toString('latin1'), 'latin1');
    else response.end(payload);
  }

  /** Closing a socket that has unread data resets the connection, and the client would lose the reply. */
  #linger(clock: Clock): void {
    const end = (): void => {
      clock.clearTimer(timer);
      this.response.end();
    };
    const timer = clock.setTimer(end, lingerMs);
    this.request.once('end', end);
    this.request.once('close', end);
    this.request.resume();
  }
}

const nothing: AsyncIterable<Buffer> = {
  [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
};

const hasNoBody = (status: number): boolean => status === 204 || status === 304;

function payloadOf({ status, body, parts, headers }: Reply, head: string[]): string | Uint8Array | undefined {
  if (parts !== undefined) return undefined;
  if (body === undefined) {
    if (!hasNoBody(status)) head.push('content-length', '0');
    return undefined;
  }
  if (typeof body === 'string' || body instanceof Uint8Array) {
    head.push('content-length', String(Buffer.byteLength(body)));
    return body;
  }
  const text = JSON.stringify(body);
  if (headers?.['content-type'] === undefined)
    head.push('content-type', 'application/json; charset=utf-8', 'content-length', `${Buffer.byteLength(text)}`);
  else head.push('content-length', `${Buffer.byteLength(text)}`);
  return text;
}
