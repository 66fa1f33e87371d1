import type { Socket } from 'node:net';
import { pipeline } from 'node:stream';
import type { Duplex, Readable } from 'node:stream';
import { getCACertificates } from 'node:tls';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Client } from 'undici';
import { isWithin } from './cidr.ts';
import { systemClock } from './clock.ts';
import { connectChecked, ConnectError } from './connect-checked.ts';
import type { ConnectOptions, ConnectPhase } from './connect-checked.ts';
import { checkUrl } from './egress.ts';
import { own } from './own.ts';

export interface FetchOptions extends Pick<ConnectOptions, 'policy' | 'resolve' | 'clock' | 'organization' | 'signal'> {
  /** For the whole exchange, to the last byte of the body; 10 s by default. */
  readonly timeoutMs?: number | undefined;
  /** Of the decoded body; 1 MiB by default. */
  readonly bytesMax?: number | undefined;
  /** Certificate authorities (PEM) that are trusted in addition to the system's. */
  readonly ca?: string | undefined;
}

export interface FetchRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface FetchAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The body, decoded as UTF-8. */
  readonly text: string;
}

/**
 * Why there is no answer. `url`, `egress`: the URL or its address must not be called. `dns`, `timeout`, `connection`: a later try may
 * succeed. `tls`: the certificate or the handshake. `too_large`, `protocol`: the answer cannot be read.
 */
export type FetchFault = 'url' | 'egress' | 'dns' | 'timeout' | 'connection' | 'tls' | 'too_large' | 'protocol';

/** The message is a sentence that names the host and shows no address. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  readonly reason: FetchFault;

  constructor(reason: FetchFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

const timeoutMsDefault = 10_000;
const bytesMaxDefault = 1024 * 1024;
const headerBytesMax = 16 * 1024;

const decoders: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * Sends one request to a host that a caller names, or that belongs to a third party: over HTTPS (plain HTTP only where the policy allows
 * both HTTP and the address), to an address that was checked, on a connection of its own. Redirects are returned, not followed; nothing
 * is remembered.
 *
 * @throws FetchError
 * @example
 * const { status, text } = await fetchChecked('https://autoconfig.example.com/mail/config-v1.1.xml', {}, { policy, resolve, timeoutMs: 5_000 });
 */
export async function fetchChecked(text: string, request: FetchRequest, options: FetchOptions): Promise<FetchAnswer> {
  const { policy, clock = systemClock, signal, timeoutMs = timeoutMsDefault, bytesMax = bytesMaxDefault } = options;
  const checked = checkUrl(text, policy);
  if (!checked.ok) throw new FetchError('url', `The URL ${checked.reason}.`);
  const { url } = checked;
  const ended = new AbortController();
  const abort = (): void => ended.abort(signal?.reason);
  if (signal?.aborted === true) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  const timer = clock.setTimer(
    () => ended.abort(new FetchError('timeout', `${url.host} did not answer within ${timeoutMs / 1000} s.`)),
    timeoutMs,
  );
  const progress: Progress = { phase: 'resolving' };
  const client = new Client(url.origin, {
    allowH2: false,
    pipelining: 1,
    maxHeaderSize: headerBytesMax,
    // `timer` ends whatever takes too long.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (_options, callback) => {
      openSocket(url, options, progress, ended.signal).then(
        (socket) => callback(null, socket),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
      );
    },
  });
  try {
    const { method = 'GET', headers = {}, body = null } = request;
    const response = await client.request({
      path: `${url.pathname}${url.search}`,
      method,
      headers: { 'accept-encoding': 'identity', ...headers },
      body,
      signal: ended.signal,
    });
    const received = headersOf(response.headers);
    const content = await read(decoded(response.body, received.get('content-encoding'), url), bytesMax, url);
    return { status: response.statusCode, headers: received, text: content.toString() };
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : explained(error, url, progress.phase);
  } finally {
    clock.clearTimer(timer);
    signal?.removeEventListener('abort', abort);
    // Ends the attempt to connect, if there is one.
    ended.abort();
    await client.destroy();
  }
}

/**
 * The same as a `fetch`, for libraries that take one, such as oauth4webapi's `customFetch`.
 * @throws FetchError
 */
export const fetchOf =
  (options: FetchOptions) =>
  async (
    url: string,
    request: {
      readonly method: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: URLSearchParams | string | null | undefined;
    },
  ): Promise<Response> => {
    const { body } = request;
    const { status, headers, text } = await fetchChecked(
      url,
      {
        method: request.method === 'POST' ? 'POST' : 'GET',
        headers: request.headers,
        ...(body === undefined || body === null ? {} : { body: String(body) }),
      },
      options,
    );
    // The Response of these statuses has no body (Fetch standard, "null body status").
    return new Response([204, 205, 304].includes(status) ? null : text, { status, headers });
  };

interface Progress {
  phase: ConnectPhase;
}

async function openSocket(
  url: URL,
  { ca, ...options }: FetchOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<Socket> {
  const secure = url.protocol === 'https:';
  let address = '';
  const trusted = ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] };
  const socket = await connectChecked(
    {
      host: url.hostname,
      port: Number(url.port || (secure ? 443 : 80)),
      tls: secure ? { ...trusted, ALPNProtocols: ['http/1.1'] } : undefined,
    },
    {
      ...options,
      proxy: options.policy.proxy,
      timeoutMs: Infinity,
      signal,
      onPhase: (phase) => (progress.phase = phase),
      onAddress: (each) => (address = each),
    },
  );
  socket.on('error', () => {});
  if (secure || isWithin(address, options.policy.allow)) return socket;
  socket.destroy();
  throw new FetchError('url', 'The URL must start with https://.');
}

function headersOf(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const read = new Headers();
  for (const [name, value] of Object.entries(headers))
    for (const each of [value ?? []].flat()) if (name !== 'set-cookie') read.append(name, each);
  return read;
}

function decoded(body: Readable, encoding: string | null, { host }: URL): Readable {
  const name = encoding?.trim().toLowerCase() ?? 'identity';
  if (name === 'identity' || name === '') return body;
  const decoder = own(decoders, name)?.();
  if (decoder === undefined)
    throw new FetchError('protocol', `${host} sent its answer in an encoding that was not requested.`);
  // The decoder gets the error of the body.
  return pipeline(body, decoder, () => {});
}

async function read(body: Readable, bytesMax: number, { host }: URL): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bytesMax) throw new FetchError('too_large', `${host} sent more than ${bytesMax} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function explained(error: unknown, { host }: URL, phase: ConnectPhase): unknown {
  if (error instanceof FetchError || !(error instanceof Error)) return error;
  if (error instanceof ConnectError)
    return new FetchError(error.reason === 'proxy' ? 'connection' : error.reason, error.message, error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  if (phase === 'handshake') return new FetchError('tls', `The TLS handshake with ${host} failed (${code}).`, error);
  if (phase !== 'open') return new FetchError('connection', `${host} could not be reached (${code}).`, error);
  return /^(HTTPParserError$|HPE_|Z_|ERR_|UND_ERR_(?!SOCKET))/.test(code)
    ? new FetchError('protocol', `${host} sent an answer that cannot be read (${code}).`, error)
    : new FetchError('connection', `${host} closed the connection before its answer was complete (${code}).`, error);
}
