import { OutriderError } from './outrider-error.ts';

export interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly text: string;
}

/** What an answer says that it was not done; undefined when it was. */
export function errorOf(answer: Answer, nowMs: number): OutriderError | undefined {
  if (answer.status >= 200 && answer.status < 300) return undefined;
  const said = objectIn(objectIn(jsonIn(answer.text))['error']);
  const { code, message } = said;
  const retryAfterMs = retryAfterMsOf(answer, nowMs);
  return new OutriderError(
    typeof message === 'string' ? message : `The answer is ${answer.status}, and not one of Outrider's.`,
    {
      status: answer.status,
      code: typeof code === 'string' ? code : 'unexpected_answer',
      details: objectIn(said['details']) as Readonly<Record<string, string>>,
      requestId: answer.headers.get('x-request-id') ?? undefined,
      retryAfterSeconds: retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1_000),
    },
  );
}

/** The JSON of an answer that it was done. @throws OutriderError */
export function jsonOf(answer: Answer): unknown {
  const json = jsonIn(answer.text);
  if (json === undefined) throw unexpected(answer, 'is not JSON');
  return json;
}

/** What is in `data`; a record together with what stands beside it. @throws OutriderError */
export function dataOf(answer: Answer): unknown {
  const { data, ...beside } = objectIn(jsonOf(answer));
  if (typeof data !== 'object' || data === null) throw unexpected(answer, 'has no data');
  return Array.isArray(data) ? data : { ...data, ...beside };
}

const unexpected = ({ status, headers }: Answer, what: string): OutriderError =>
  new OutriderError(`The answer is ${status}, but ${what}.`, {
    status,
    code: 'unexpected_answer',
    requestId: headers.get('x-request-id') ?? undefined,
  });

/** Seconds or a date (RFC 9110 §10.2.3). */
function retryAfterMsOf({ headers }: Answer, nowMs: number): number | undefined {
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
