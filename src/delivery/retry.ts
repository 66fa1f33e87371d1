import { dayMs } from '../base/clock.ts';

/** Whether and when a delivery is attempted again: pure functions, so every rule can be tested without a socket. */

export interface RetryPolicy {
  /** Waits before the second, third… attempt, in seconds. */
  readonly scheduleSeconds: readonly number[];
  /** An exact schedule is kept to the second. Otherwise up to 10 % is added, so that a recovering host does not get all retries at once. */
  readonly exact: boolean;
}

/** A test is a single attempt: it shows whether the receiver answers now. */
export const singleAttempt: RetryPolicy = { scheduleSeconds: [], exact: true };

interface Answer {
  readonly statusCode: number;
  readonly retryAfter: string | undefined;
}

export type AttemptResult =
  | (Answer & { readonly kind: 'answered' })
  /** `answer`: what had been read of the response. */
  | { readonly kind: 'failed'; readonly reason: string; readonly answer?: Answer };

export type Outcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly atMs: number }
  | { readonly kind: 'failed'; readonly why: 'exhausted' | 'gone' };

const jitterShare = 0.1;

/** Statuses and failures that concern the whole host, not just this delivery. */
const overloaded: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const unreachable: ReadonlySet<string> = new Set([
  'timeout',
  'connect_timeout',
  'refused',
  'dns',
  'tls',
  'reset',
  'token',
  'proxy',
]);

/** The three forms of an HTTP date (RFC 9110 §5.6.7). Date.parse alone accepts almost anything: "soon 5" is a day in May. */
const httpDate = /^\s*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .+ ?\d\d:\d\d:\d\d (?:GMT|\d{4})\s*$/;

/** Longer waits are reduced to a year. */
const retryAfterMaxSeconds = (365 * dayMs) / 1_000;

/**
 * Parses a `Retry-After` header: a number or an HTTP date (RFC 9110 §10.2.3). Some receivers send a fraction, which is rounded up, or
 * repeat the header, of which the largest value counts.
 * @returns whole seconds; undefined for anything else.
 */
export function retryAfterSeconds(header: string | undefined, nowMs: number): number | undefined {
  // A comma separates values, except after the day name of a date.
  const seconds = (header?.split(/(?<!\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*),/) ?? [])
    .map((value) => (/^\s*\d+(?:\.\d*)?\s*$/.test(value) ? Number(value) : (httpDateMs(value) - nowMs) / 1_000))
    .filter((value) => !Number.isNaN(value));
  return seconds.length === 0 ? undefined : Math.ceil(Math.min(Math.max(0, ...seconds), retryAfterMaxSeconds));
}

function httpDateMs(value: string): number {
  if (!httpDate.test(value)) return Number.NaN;
  // The asctime form does not state that it is GMT.
  return Date.parse(value.includes('GMT') ? value : `${value} GMT`);
}

/**
 * Whether the result shows a host in trouble.
 * @returns how long the host asked to be left alone in milliseconds, 0 if it did not; undefined if it is not in trouble.
 */
export function slowDownMs(result: AttemptResult, nowMs: number): number | undefined {
  const answer = result.kind === 'answered' ? result : result.answer;
  if (answer !== undefined && overloaded.has(answer.statusCode))
    return (retryAfterSeconds(answer.retryAfter, nowMs) ?? 0) * 1_000;
  return result.kind === 'failed' && unreachable.has(result.reason) ? 0 : undefined;
}

/**
 * Decides what follows from an attempt's result.
 * @param attempt the number of this attempt within the schedule, from 1.
 * @param random 0 to 1, for the jitter.
 * @example
 * decide({ kind: 'answered', statusCode: 500, retryAfter: undefined }, { scheduleSeconds: [60], exact: true }, 1, 0, 0)
 * // { kind: 'retry', atMs: 60_000 }
 */
export function decide(
  result: AttemptResult,
  policy: RetryPolicy,
  attempt: number,
  nowMs: number,
  random: number,
): Outcome {
  if (result.kind === 'answered') {
    if (result.statusCode >= 200 && result.statusCode < 300) return { kind: 'delivered' };
    if (result.statusCode === 410) return { kind: 'failed', why: 'gone' };
  }
  const asked = retryAfterSeconds((result.kind === 'answered' ? result : result.answer)?.retryAfter, nowMs);
  const step = policy.scheduleSeconds[attempt - 1];
  if (step === undefined) return { kind: 'failed', why: 'exhausted' };
  return { kind: 'retry', atMs: nowMs + waitMs(policy, attempt, step, asked, random) };
}

/** The schedule's wait, extended to what the receiver requested, but never past the wait of the next step. */
function waitMs(policy: RetryPolicy, attempt: number, step: number, asked: number | undefined, random: number): number {
  const next = Math.max(step, policy.scheduleSeconds[attempt] ?? step);
  const seconds = Math.min(Math.max(step, asked ?? 0), next);
  const jitter = policy.exact || seconds !== step ? 1 : 1 + jitterShare * random;
  return Math.round(seconds * 1_000 * jitter);
}
