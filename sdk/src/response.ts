import type { MailboxCheckStage } from './api-types.ts';
import { OutriderError } from './outrider-error.ts';

/** An HTTP response whose body has been read. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly text: string;
  /** The body of a stream, instead of `text`. */
  readonly stream?: ReadableStream<Uint8Array> | null;
}

/** The error that a response reports; undefined when its status is 2xx. */
export function errorOf(response: ApiResponse, nowMs: number): OutriderError | undefined {
  if (response.status >= 200 && response.status < 300) return undefined;
  const body = objectIn(objectIn(jsonIn(response.text))['error']);
  const { code, message } = body;
  const { stages, ...details } = objectIn(body['details']);
  const retryAfterMs = retryAfterMsOf(response, nowMs);
  return new OutriderError(
    typeof message === 'string'
      ? message
      : `Unexpected response: status ${response.status}, and no error of Outrider's.`,
    {
      status: response.status,
      code: typeof code === 'string' ? code : 'unexpected_answer',
      details: details as Readonly<Record<string, string>>,
      stages: Array.isArray(stages) ? (stages as MailboxCheckStage[]) : undefined,
      requestId: response.headers.get('x-request-id') ?? undefined,
      retryAfterSeconds: retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1_000),
    },
  );
}

/** The JSON body of a successful response. @throws OutriderError `unexpected_answer` */
export function jsonOf(response: ApiResponse): unknown {
  const json = jsonIn(response.text);
  if (json === undefined) throw unexpected(response, 'a body that is not JSON');
  return json;
}

/** The `data` of a successful response; for a single record, merged with the fields next to `data`. @throws OutriderError `unexpected_answer` */
export function dataOf(response: ApiResponse): unknown {
  const { data, ...others } = objectIn(jsonOf(response));
  if (typeof data !== 'object' || data === null) throw unexpected(response, 'a body without data');
  return Array.isArray(data) ? data : { ...data, ...others };
}

const unexpected = ({ status, headers }: ApiResponse, what: string): OutriderError =>
  new OutriderError(`Unexpected response: status ${status} with ${what}.`, {
    status,
    code: 'unexpected_answer',
    requestId: headers.get('x-request-id') ?? undefined,
  });

/** Parses `Retry-After`: seconds or a date (RFC 9110 §10.2.3). */
function retryAfterMsOf({ headers }: ApiResponse, nowMs: number): number | undefined {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const objectIn = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
