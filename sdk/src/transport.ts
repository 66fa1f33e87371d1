import { OutriderConnectionError } from './outrider-error.ts';
import type { OutriderError } from './outrider-error.ts';
import { dataOf, errorOf, jsonOf } from './response.ts';
import type { ApiResponse } from './response.ts';
import { delayMs, mayRetry } from './retry.ts';
import { eventsIn } from './server-events.ts';
import type { ServerEvent } from './server-events.ts';
import { systemTiming, wait } from './timing.ts';
import type { Timing } from './timing.ts';

/**
 * Settings of a client.
 *
 * @example
 * ```ts
 * import { Outrider } from '@outrider/sdk';
 * import type { OutriderOptions } from '@outrider/sdk';
 *
 * const options: OutriderOptions = { baseUrl: 'https://outrider.example', apiKey: 'otr_test_1', timeoutMs: 10_000, maxRetries: 1 };
 * const outrider = new Outrider(options);
 * ```
 */
export interface OutriderOptions {
  /** URL of the installation, such as `https://outrider.example`. */
  readonly baseUrl: string;
  /** `otr_live_…`, or `otr_test_…` for the sandbox. Left out only in a page that the server itself serves: the cookie of the person's session takes its place. */
  readonly apiKey?: string | undefined;
  /** Replaces the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Deadline of a whole call, including retries and the waits between them. Default: 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Retries per call. Default: 3; 0 disables retries. */
  readonly maxRetries?: number | undefined;
}

/**
 * Settings of a single call.
 *
 * @example
 * ```ts
 * const stop = new AbortController();
 * const { data } = await outrider.contacts.list({ search: 'ada' }, { signal: stop.signal, timeoutMs: 2_000 }).page();
 * ```
 */
export interface CallOptions {
  /** Aborts the call, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Overrides the client's `timeoutMs`. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Settings of a call that creates something.
 *
 * @example
 * ```ts
 * const order = { order_id: 'A-1042', amount: 4200 };
 * await outrider.events.publish({ event: 'order.paid', data: order }, { idempotencyKey: order.order_id });
 * ```
 */
export interface CreateOptions extends CallOptions {
  /** Calls with the same key are carried out once, and get the same answer for 72 hours. Default: a new key per call, reused by its retries. */
  readonly idempotencyKey?: string | undefined;
}

/**
 * Settings of a call that changes or deletes a record.
 *
 * @example
 * ```ts
 * const template = await outrider.templates.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
 * await outrider.templates.update(template.id, { body: `${template.body} …` }, { ifMatch: template });
 * ```
 */
export interface ChangeOptions extends CallOptions {
  /**
   * The record as a call returned it, or its `ETag`: if it was changed since, the call throws `precondition_failed`. Default: the last change
   * wins.
   */
  readonly ifMatch?: string | object | undefined;
}

const etags = new WeakMap<object, string>();

/**
 * Returns the `ETag` of a record, such as `"k2J0bS8w"`.
 * @param record the object that a call returned; a copy has none
 *
 * @example
 * ```ts
 * import { etagOf } from '@outrider/sdk';
 *
 * const etag = etagOf(await outrider.templates.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00'));
 * ```
 */
export function etagOf(record: object): string | undefined {
  return etags.get(record);
}

/** @throws TypeError for an object that no call returned */
function conditionOf(ifMatch: string | object): string {
  const etag = typeof ifMatch === 'string' ? ifMatch : etagOf(ifMatch);
  if (etag === undefined) throw new TypeError('ifMatch must be an ETag, or a record that a call returned.');
  return etag;
}

/**
 * A file to upload: text, bytes, a `Blob` or a stream. A stream can be read only once, so its upload is never retried.
 *
 * @example
 * ```ts
 * import type { FileBody } from '@outrider/sdk';
 *
 * const file: FileBody = 'email,first_name\nada@lovelace.example,Ada\n';
 * const { id } = await outrider.imports.create({ lawful_basis: 'consent' });
 * await outrider.imports.uploadFile(id, file);
 * ```
 */
export type FileBody = NonNullable<RequestInit['body']>;

/** A call, as the generated methods describe it. */
export interface CallRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Contains `{name}` for each path parameter. */
  readonly path: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: object | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent unchanged, instead of `body`. */
  readonly file?: { readonly type: string; readonly content: FileBody };
  /** The body of a successful response is left to be read as it arrives. */
  readonly isStream?: true;
  /** Whether the operation supports the `Idempotency-Key` header. */
  readonly acceptsIdempotencyKey?: boolean;
  /** Whether the operation supports the `If-Match` header. */
  readonly acceptsIfMatch?: boolean;
  readonly options?: (CreateOptions & ChangeOptions) | undefined;
}

/** Sends calls; handles deadlines, retries and errors. */
export class Transport {
  readonly #baseUrl: string;
  readonly #apiKey: string | undefined;
  readonly #fetch: typeof fetch;
  readonly #timeoutMs: number;
  readonly #maxRetries: number;
  readonly #timing: Timing;

  /** @throws TypeError when `baseUrl` is not a URL, or when `apiKey` is not printable ASCII, or is missing outside of a browser. */
  constructor(
    { baseUrl, apiKey, fetch: given, timeoutMs = 60_000, maxRetries = 3 }: OutriderOptions,
    timing: Timing = systemTiming,
  ) {
    this.#baseUrl = baseOf(baseUrl);
    // fetch would quote an invalid header value, and so the key, in its error.
    if (apiKey === undefined ? !inBrowser() : !isPrintable(apiKey))
      throw new TypeError('apiKey must be printable ASCII without spaces.');
    this.#apiKey = apiKey;
    // Browsers throw when the global fetch is called as a method of another object.
    this.#fetch = given ?? ((input, init) => fetch(input, init));
    this.#timeoutMs = timeoutMs;
    this.#maxRetries = maxRetries;
    this.#timing = timing;
  }

  /** Returns `data` of the response; for a single record, merged with the fields next to `data`. */
  async data<T>(request: CallRequest): Promise<T> {
    const response = await this.#send(request);
    const data = dataOf(response);
    const etag = response.headers.get('etag');
    if (etag !== null && typeof data === 'object' && data !== null) etags.set(data, etag);
    return data as T;
  }

  /** Returns the whole JSON body. */
  async whole<T>(request: CallRequest): Promise<T> {
    return jsonOf(await this.#send(request)) as T;
  }

  /** Returns the body as text. */
  async text(request: CallRequest): Promise<string> {
    return (await this.#send(request)).text;
  }

  /** Yields server-sent events until the server ends the stream. `timeoutMs` limits the wait for its beginning only. */
  async *events(request: CallRequest): AsyncGenerator<ServerEvent, void, undefined> {
    const { stream } = await this.#send({ ...request, isStream: true });
    if (stream !== undefined && stream !== null) yield* eventsIn(stream, request.options?.signal);
  }

  /** For operations without a response body. */
  async nothing(request: CallRequest): Promise<void> {
    await this.#send(request);
  }

  async #send(request: CallRequest): Promise<ApiResponse> {
    const { options: { signal, timeoutMs = this.#timeoutMs, idempotencyKey, ifMatch } = {} } = request;
    signal?.throwIfAborted();
    const url = `${this.#baseUrl}${pathOf(request)}`;
    if (request.file !== undefined && !isFile(request.file.content))
      throw new TypeError('file must be text, bytes, a Blob or a stream.');
    // On other operations the server ignores the header, so a key would not make a retry safe.
    const key = request.acceptsIdempotencyKey === true ? (idempotencyKey ?? newKey(this.#timing)) : undefined;
    if (key !== undefined && !isPrintable(key.replaceAll(' ', '')))
      throw new TypeError('idempotencyKey must be printable ASCII.');
    const init = {
      method: request.method,
      headers: {
        ...(this.#apiKey === undefined ? {} : { authorization: `Bearer ${this.#apiKey}` }),
        accept: request.isStream === true ? 'text/event-stream' : 'application/json',
        ...(request.file !== undefined
          ? { 'content-type': request.file.type }
          : request.body === undefined
            ? {}
            : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(ifMatch === undefined || request.acceptsIfMatch !== true ? {} : { 'if-match': conditionOf(ifMatch) }),
      },
      ...(request.file !== undefined
        ? fileOf(request.file.content)
        : request.body === undefined
          ? {}
          : { body: JSON.stringify(request.body) }),
      // Following a redirect could turn a write into a read, or send the key to another server.
      redirect: 'error' as const,
    };

    const deadlineMs = this.#timing.now() + timeoutMs;
    const ended = new AbortController();
    const abort = (): void => ended.abort(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    const cancel = this.#timing.after(timeoutMs, () => {
      ended.abort(
        new OutriderConnectionError(`No response to ${nameOf(request)} within ${timeoutMs} ms.`, { code: 'timeout' }),
      );
    });
    try {
      for (let attempt = 1; ; attempt += 1) {
        const result = await this.#attempt(url, { ...init, signal: ended.signal }, request);
        if (!('error' in result)) return result;
        const { error } = result;
        const isRetried =
          attempt <= this.#maxRetries &&
          !isStream(request.file?.content) &&
          mayRetry(error, request.method === 'GET' || key !== undefined);
        if (!isRetried) throw error;
        const delay = delayMs(attempt, error, this.#timing.random());
        // The retry would miss the deadline: fail now rather than after waiting for it.
        if (this.#timing.now() + delay >= deadlineMs) throw error;
        await wait(this.#timing, delay, ended.signal);
      }
    } finally {
      cancel();
      signal?.removeEventListener('abort', abort);
    }
  }

  async #attempt(
    url: string,
    init: RequestInit & { readonly signal: AbortSignal },
    request: CallRequest,
  ): Promise<ApiResponse | { readonly error: OutriderError }> {
    let received: ApiResponse;
    try {
      const response = await this.#fetch(url, init);
      const { status, headers } = response;
      if (request.isStream === true && response.ok) return { status, headers, text: '', stream: response.body };
      received = { status, headers, text: await response.text() };
    } catch (error) {
      init.signal.throwIfAborted();
      return {
        error: new OutriderConnectionError(`No response to ${nameOf(request)}: ${reasonOf(error)}`, {
          code: 'connection_failed',
          cause: error,
        }),
      };
    }
    const error = errorOf(received, this.#timing.now());
    return error === undefined ? received : { error };
  }
}

/** @throws TypeError whose message never quotes the URL, since it may contain a secret. */
function baseOf(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new TypeError('baseUrl must be a URL such as https://outrider.example.');
  }
  if (!/^https?:$/.test(url.protocol))
    throw new TypeError(`baseUrl must begin with https:// or http://, not ${url.protocol}`);
  if (url.username !== '' || url.password !== '')
    throw new TypeError('baseUrl must not contain credentials; pass the key as apiKey.');
  if (url.search !== '' || url.hash !== '') throw new TypeError('baseUrl must not contain a query or a fragment.');
  return url.href.replace(/\/+$/, '');
}

/** fetch would send anything else converted to a string, such as `[object Object]`. */
const isFile = (content: unknown): content is FileBody =>
  typeof content === 'string' ||
  content instanceof ArrayBuffer ||
  ArrayBuffer.isView(content) ||
  (typeof Blob === 'function' && content instanceof Blob) ||
  (typeof content === 'object' && content !== null && ('getReader' in content || Symbol.asyncIterator in content));

const isStream = (content: FileBody | undefined): boolean =>
  typeof content === 'object' && ('getReader' in content || Symbol.asyncIterator in content);

/** Node's fetch requires `duplex` when the body is a stream. */
const fileOf = (content: FileBody): object => ({ body: content, ...(isStream(content) ? { duplex: 'half' } : {}) });

const isPrintable = (text: unknown): boolean => typeof text === 'string' && /^[\x21-\x7e]+$/.test(text);

/** Node's fetch reports the reason only in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== ''
    ? `${error.message}: ${error.cause.message}`
    : error.message;
}

/** Without a key only a browser can authenticate a call, by its cookie. */
const inBrowser = (): boolean => 'document' in globalThis;

const nameOf = ({ method, path }: CallRequest): string => `${method} ${path}`;

/** @throws TypeError when a path parameter is empty or would change the path. */
function pathOf({ path, params = {}, query = {} }: CallRequest): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => segment(name, params[name]));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [string, unknown][]) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null) search.append(name, String(each));
    }
  }
  const text = search.toString();
  return text === '' ? filled : `${filled}?${text}`;
}

function segment(name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '' || value === '.' || value === '..')
    throw new TypeError(`${name} must be a non-empty string.`);
  return encodeURIComponent(value);
}

/** Must be unique, not secret. Node 18 and pages served without https lack crypto.randomUUID. */
function newKey(timing: Timing): string {
  const { crypto } = globalThis as { readonly crypto?: { randomUUID?(): string } };
  return (
    crypto?.randomUUID?.() ??
    [timing.now(), timing.random(), timing.random(), timing.random()]
      .map((part) => part.toString(36).replace('0.', ''))
      .join('-')
  );
}
