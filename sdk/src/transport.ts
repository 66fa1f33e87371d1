import { dataOf, errorOf, jsonOf } from './answer.ts';
import type { Answer } from './answer.ts';
import { OutriderConnectionError } from './outrider-error.ts';
import type { OutriderError } from './outrider-error.ts';
import { delayMs, mayRepeat } from './retry.ts';
import { systemTiming, wait } from './timing.ts';
import type { Timing } from './timing.ts';

export interface OutriderOptions {
  /** Where the installation is, such as `https://outrider.example`. */
  readonly baseUrl: string;
  /** `otr_live_…`, or `otr_test_…` of the sandbox. */
  readonly apiKey: string;
  /** Instead of the global one. */
  readonly fetch?: typeof fetch | undefined;
  /** For a whole call, its repetitions and the waits between them: 60,000 when not said. */
  readonly timeoutMs?: number | undefined;
  /** 3 when not said; 0: a call is made once. */
  readonly maxRetries?: number | undefined;
}

export interface CallOptions {
  /** Ends the call; it throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Instead of the client's. */
  readonly timeoutMs?: number | undefined;
}

export interface PublishOptions extends CallOptions {
  /** The same key publishes once, however often it is called. A new one for each call when not said. */
  readonly idempotencyKey?: string | undefined;
}

/** A file to upload: text, bytes, a `Blob`, or a stream, which is sent once and never again. */
export type FileBody = NonNullable<RequestInit['body']>;

export interface CallRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{name}` where a parameter stands. */
  readonly path: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: object | undefined;
  readonly body?: unknown;
  /** In the place of a body: sent as it is. */
  readonly file?: { readonly type: string; readonly content: FileBody };
  /** The operation knows the header Idempotency-Key. */
  readonly takesKey?: boolean;
  readonly options?: PublishOptions | undefined;
}

/** Makes calls: deadline, repetitions, errors. */
export class Transport {
  readonly #baseUrl: string;
  readonly #apiKey: string;
  readonly #fetch: typeof fetch;
  readonly #timeoutMs: number;
  readonly #maxRetries: number;
  readonly #timing: Timing;

  /** @throws TypeError when the base URL is none, or there is no key. */
  constructor(
    { baseUrl, apiKey, fetch: given, timeoutMs = 60_000, maxRetries = 3 }: OutriderOptions,
    timing: Timing = systemTiming,
  ) {
    this.#baseUrl = baseOf(baseUrl);
    // What cannot be a header would be quoted in fetch's own error.
    if (!isPrintable(apiKey)) throw new TypeError('apiKey must be an API key: printable ASCII without blanks.');
    this.#apiKey = apiKey;
    // The global one, called as a method of this, would refuse to work in browsers.
    this.#fetch = given ?? ((input, init) => fetch(input, init));
    this.#timeoutMs = timeoutMs;
    this.#maxRetries = maxRetries;
    this.#timing = timing;
  }

  /** `data` of the answer; a record together with what stands beside it. */
  async data<T>(request: CallRequest): Promise<T> {
    return dataOf(await this.#send(request)) as T;
  }

  /** The answer as it is. */
  async whole<T>(request: CallRequest): Promise<T> {
    return jsonOf(await this.#send(request)) as T;
  }

  async text(request: CallRequest): Promise<string> {
    return (await this.#send(request)).text;
  }

  async nothing(request: CallRequest): Promise<void> {
    await this.#send(request);
  }

  async #send(request: CallRequest): Promise<Answer> {
    const { options: { signal, timeoutMs = this.#timeoutMs, idempotencyKey } = {} } = request;
    signal?.throwIfAborted();
    const url = `${this.#baseUrl}${pathOf(request)}`;
    if (request.file !== undefined && !isFile(request.file.content))
      throw new TypeError('file must be text, bytes, a Blob or a stream.');
    // Where the server does not know the header, a key would make nothing safe to repeat.
    const key = request.takesKey === true ? (idempotencyKey ?? newKey(this.#timing)) : undefined;
    if (key !== undefined && !isPrintable(key.replaceAll(' ', '')))
      throw new TypeError('idempotencyKey must be printable ASCII.');
    const init = {
      method: request.method,
      headers: {
        authorization: `Bearer ${this.#apiKey}`,
        accept: 'application/json',
        ...(request.file !== undefined
          ? { 'content-type': request.file.type }
          : request.body === undefined
            ? {}
            : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(request.file !== undefined
        ? fileOf(request.file.content)
        : request.body === undefined
          ? {}
          : { body: JSON.stringify(request.body) }),
      // To follow one would turn a write into a read, or take the key elsewhere.
      redirect: 'error' as const,
    };

    const deadlineMs = this.#timing.now() + timeoutMs;
    const ended = new AbortController();
    const abort = (): void => ended.abort(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    const cancel = this.#timing.after(timeoutMs, () => {
      ended.abort(
        new OutriderConnectionError(`No answer to ${nameOf(request)} within ${timeoutMs} ms.`, { code: 'timeout' }),
      );
    });
    try {
      for (let attempt = 1; ; attempt += 1) {
        const result = await this.#attempt(url, { ...init, signal: ended.signal }, request);
        if (!('error' in result)) return result;
        const { error } = result;
        const mayAgain =
          attempt <= this.#maxRetries &&
          !isStream(request.file?.content) &&
          mayRepeat(error, request.method === 'GET' || key !== undefined);
        if (!mayAgain) throw error;
        const delay = delayMs(attempt, error, this.#timing.random());
        // What cannot be in time is said now, not when time is up.
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
  ): Promise<Answer | { readonly error: OutriderError }> {
    let answer: Answer;
    try {
      const response = await this.#fetch(url, init);
      answer = { status: response.status, headers: response.headers, text: await response.text() };
    } catch (error) {
      init.signal.throwIfAborted();
      return {
        error: new OutriderConnectionError(`No answer to ${nameOf(request)}: ${reasonOf(error)}`, {
          code: 'connection_failed',
          cause: error,
        }),
      };
    }
    const error = errorOf(answer, this.#timing.now());
    return error === undefined ? answer : { error };
  }
}

/** @throws TypeError with what is wrong, and without what may be a secret in it. */
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
    throw new TypeError('baseUrl must not hold credentials: pass the key as apiKey.');
  if (url.search !== '' || url.hash !== '') throw new TypeError('baseUrl must end with the path: no ? and no #.');
  return url.href.replace(/\/+$/, '');
}

/** Anything else, fetch would send as its text, such as `[object Object]`. */
const isFile = (content: unknown): content is FileBody =>
  typeof content === 'string' ||
  content instanceof ArrayBuffer ||
  ArrayBuffer.isView(content) ||
  (typeof Blob === 'function' && content instanceof Blob) ||
  (typeof content === 'object' && content !== null && ('getReader' in content || Symbol.asyncIterator in content));

const isStream = (content: FileBody | undefined): boolean =>
  typeof content === 'object' && ('getReader' in content || Symbol.asyncIterator in content);

/** `duplex`: Node's fetch asks for it where the body is a stream. */
const fileOf = (content: FileBody): object => ({ body: content, ...(isStream(content) ? { duplex: 'half' } : {}) });

const isPrintable = (text: unknown): boolean => typeof text === 'string' && /^[\x21-\x7e]+$/.test(text);

/** Node's fetch says why in the cause alone. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== ''
    ? `${error.message}: ${error.cause.message}`
    : error.message;
}

const nameOf = ({ method, path }: CallRequest): string => `${method} ${path}`;

/** @throws TypeError when a parameter would make it another path. */
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
    throw new TypeError(`${name} must be text that is not empty.`);
  return encodeURIComponent(value);
}

/** Not a secret: it only has to be new. Node 18 and pages without https have no crypto.randomUUID. */
function newKey(timing: Timing): string {
  const { crypto } = globalThis as { readonly crypto?: { randomUUID?(): string } };
  return (
    crypto?.randomUUID?.() ??
    [timing.now(), timing.random(), timing.random(), timing.random()]
      .map((part) => part.toString(36).replace('0.', ''))
      .join('-')
  );
}
