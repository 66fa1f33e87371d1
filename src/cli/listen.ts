import { request } from 'undici';
import { cut } from '../base/cut.ts';
import { systemClock } from '../base/clock.ts';
import { OperatorError } from '../base/errors.ts';
import { sleep } from '../base/sleep.ts';
import { withApi } from './api.ts';
import type { Api, ApiOptions } from './api.ts';
import { UsageError } from './command.ts';
import { stopSignal } from './stop.ts';

/** Concurrent deliveries to the local receiver. */
const inFlightMax = 20;
const waitSeconds = 25;
/** The same as for the receiver of a push endpoint. */
const forwardTimeoutMs = 15_000;
const callTimeoutMs = 10_000;
const retryPauseFirstMs = 500;
const retryPauseMaxMs = 10_000;
/** As much of a response as is stored for any attempt. */
const answerCharactersMax = 4_096;

export interface ListenOptions {
  /** If undefined, deliveries are printed with their bodies and count as delivered. */
  readonly forward: URL | undefined;
  readonly events: readonly string[];
}

/** Calls `work` with a key; called again if that key expires. */
export type WithKey = (work: (api: Pick<Api, 'url' | 'key'>) => Promise<void>) => Promise<void>;

export async function listenCommand(
  options: ApiOptions & { readonly forward?: string | undefined; readonly events?: string | undefined },
): Promise<void> {
  const settings = { forward: forwardUrl(options.forward), events: eventList(options.events) };
  await listen((work) => withApi(options, ['webhooks:write'], work), settings, stopSignal(process.stdout), console.log);
}

function forwardUrl(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new UsageError(`--forward is "${text}": expected a URL such as http://localhost:3000/hook`);
  return new URL(text);
}

const eventList = (text = '*'): string[] =>
  text
    .split(',')
    .map((event) => event.trim())
    .filter((event) => event !== '');

/**
 * Creates a temporary endpoint, fetches its deliveries and forwards them until the signal aborts, then removes it. If this process is
 * killed, the endpoint expires.
 * @param print receives a line for each delivery, and notices
 * @throws OperatorError if no server answers, or it refuses the request
 */
export async function listen(
  withKey: WithKey,
  options: ListenOptions,
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<void> {
  let id: string | undefined;
  while (!signal.aborted) {
    await withKey(async (api) => {
      const call = callerOf(api, signal);
      const inFlight = new Set<Promise<void>>();
      // A failure before anything worked is the operator's mistake; later failures are temporary.
      let worked = false;
      let pauseMs = retryPauseFirstMs;
      while (!signal.aborted) {
        try {
          if (id === undefined) {
            id = await createListener(call, options, print);
            worked = true;
          }
          if (inFlight.size >= inFlightMax) await Promise.race(inFlight);
          const deliveries = await pull(call, id, inFlightMax - inFlight.size);
          if (pauseMs > retryPauseFirstMs) print('The server answers again.');
          worked = true;
          pauseMs = retryPauseFirstMs;
          for (const delivery of deliveries) {
            const passed: Promise<void> = pass(call, id, delivery, options.forward, signal, print).finally(() =>
              inFlight.delete(passed),
            );
            inFlight.add(passed);
          }
        } catch (error) {
          if (signal.aborted) break;
          const status = error instanceof Refusal ? error.status : undefined;
          if (status === 401 && worked) return;
          if (status === 404 && id !== undefined) {
            print(
              'The listener has expired because no pull reached the server for 10 minutes. It misses the events published since then.',
            );
            id = undefined;
            continue;
          }
          if (!worked || (status !== undefined && status !== 429 && status < 500))
            throw new OperatorError(`${reasonOf(error, api.url)}.`, { cause: error });
          if (pauseMs === retryPauseFirstMs) print(`${reasonOf(error, api.url)}; trying again.`);
          await sleep(systemClock, pauseMs, signal);
          pauseMs = Math.min(pauseMs * 2, retryPauseMaxMs);
        }
      }
      if (id !== undefined) await removeListener(api, id, print);
    });
  }
}

// The server -----------------------------------------------------------------------------------------

/** An error response. */
class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Call = (method: string, path: string, body?: unknown, timeoutMs?: number) => Promise<unknown>;

function callerOf({ url, key }: Pick<Api, 'url' | 'key'>, signal: AbortSignal): Call {
  return async (method, path, body, timeoutMs = callTimeoutMs) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const response = (await answer.json().catch(() => undefined)) as { error?: { message?: string } } | undefined;
    if (!answer.ok) throw new Refusal(answer.status, response?.error?.message ?? 'no reason given');
    return response;
  };
}

interface Delivery {
  readonly delivery_id: string;
  readonly event: string;
  readonly attempt: number;
  readonly request: { readonly headers: Readonly<Record<string, string>>; readonly body: string };
}

async function createListener(
  call: Call,
  { events, forward }: ListenOptions,
  print: (line: string) => void,
): Promise<string> {
  const { data } = (await call('POST', '/v1/listeners', { events, description: 'outrider listen' })) as {
    data: { id: string; secret: string };
  };
  print(
    `Listening for ${events.join(', ')}${forward === undefined ? '' : `; forwarding to ${forward.href}`}. Stop with Ctrl-C.`,
  );
  print(`Signing secret: ${data.secret}`);
  return data.id;
}

/** Does not use the signal, which has aborted already. */
async function removeListener(api: Pick<Api, 'url' | 'key'>, id: string, print: (line: string) => void): Promise<void> {
  try {
    await callerOf(api, new AbortController().signal)('DELETE', `/v1/listeners/${id}`);
  } catch (error) {
    if (!(error instanceof Refusal && error.status === 404))
      print('The listener could not be removed; it expires in 10 minutes.');
  }
}

async function pull(call: Call, id: string, max: number): Promise<readonly Delivery[]> {
  const body = { max, wait_seconds: waitSeconds };
  const { data } = (await call('POST', `/v1/listeners/${id}/pull`, body, waitSeconds * 1_000 + callTimeoutMs)) as {
    data: readonly Delivery[];
  };
  return data;
}

const reasonOf = (error: unknown, url: string): string =>
  error instanceof Refusal
    ? `The server answered ${error.status}: ${error.message.replace(/\.$/, '')}`
    : `No server answers at ${url}`;

// The receiver ---------------------------------------------------------------------------------------

type Result = { status_code: number; response: { headers: Record<string, string>; body: string } } | { error: string };

/** Forwards and settles one delivery. Never rejects: a delivery that cannot be settled is fetched again after its lease. */
async function pass(
  call: Call,
  id: string,
  delivery: Delivery,
  forward: URL | undefined,
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<void> {
  const began = performance.now();
  const result = forward === undefined ? undefined : await send(forward, delivery, signal);
  if (signal.aborted) return;
  const durationMs = Math.round(performance.now() - began);
  const settlement = {
    delivery_id: delivery.delivery_id,
    attempt: delivery.attempt,
    duration_ms: durationMs,
    ...(result ?? { status_code: 200 }),
  };
  let after = '';
  try {
    const { data } = (await call('POST', `/v1/listeners/${id}/settle`, { results: [settlement] })) as {
      data: { outcome: string; next_attempt_at: string | null }[];
    };
    after = afterOf(data[0]);
  } catch (error) {
    if (signal.aborted) return;
    after = `  ${error instanceof Refusal ? `not settled (${error.status})` : 'not settled (the server does not answer)'}; it is delivered again in a minute`;
  }
  const time = new Date().toTimeString().slice(0, 8);
  if (result === undefined) print(`${time}  ${delivery.event}${after}\n${delivery.request.body}`);
  else
    print(
      `${time}  ${delivery.event}  ${'error' in result ? result.error : result.status_code}  ${durationMs} ms${after}`,
    );
}

function afterOf(settled: { outcome: string; next_attempt_at: string | null } | undefined): string {
  if (settled?.outcome === 'retry' && settled.next_attempt_at !== null)
    return `  again at ${new Date(settled.next_attempt_at).toTimeString().slice(0, 8)}`;
  return settled?.outcome === 'failed' ? '  not tried again' : '';
}

/** Allows any address, because the receiver belongs to the caller. Does not follow redirects, like a push. */
async function send(url: URL, { request: { headers, body } }: Delivery, signal: AbortSignal): Promise<Result> {
  try {
    const answer = await request(url, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(forwardTimeoutMs)]),
    });
    const response = { headers: headersOf(answer.headers), body: await beginning(answer.body) };
    return { status_code: answer.statusCode, response };
  } catch (error) {
    return { error: failureOf(error, url) };
  }
}

const headersOf = (headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      cut(Array.isArray(value) ? value.join(', ') : (value ?? ''), answerCharactersMax),
    ]),
  );

async function beginning(body: AsyncIterable<Buffer>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= answerCharactersMax) break;
  }
  return cut(text, answerCharactersMax);
}

function failureOf(error: unknown, url: URL): string {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return `No answer from ${url.host} within ${forwardTimeoutMs / 1_000} s`;
  const { code } = error as { code?: string };
  return code === 'ECONNREFUSED'
    ? `No server listens on ${url.host}`
    : `${url.host} did not answer (${code ?? (error instanceof Error ? error.name : 'unknown error')})`;
}
