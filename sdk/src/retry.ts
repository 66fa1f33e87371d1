import type { OutriderError } from './outrider-error.ts';

const retriedStatuses: ReadonlySet<number | undefined> = new Set([429, 502, 503, 504]);

/**
 * Whether to retry a failed call. A write without a response may have taken effect, so only reads and writes with an idempotency key are retried;
 * after 429 every call is retried, because the server did nothing. A 409 with `Retry-After` means that the first attempt is still in progress.
 */
export function mayRetry(error: OutriderError, isIdempotent: boolean): boolean {
  if (error.status === undefined) return isIdempotent;
  if (error.status === 409) return isIdempotent && error.retryAfterSeconds !== undefined;
  return retriedStatuses.has(error.status) && (isIdempotent || error.status === 429);
}

/** Delay after the given attempt: doubles from 0.5 s up to 8 s, minus up to half at random; at least what `Retry-After` asks for. */
export function delayMs(attempt: number, error: OutriderError, random: number): number {
  const backoffMs = Math.min(8_000, 500 * 2 ** (attempt - 1));
  return Math.max((error.retryAfterSeconds ?? 0) * 1_000, backoffMs * (0.5 + random / 2));
}
