import type { OutriderError } from './outrider-error.ts';

const statusesToRepeat: ReadonlySet<number | undefined> = new Set([429, 502, 503, 504]);

/**
 * Whether a failed call may be made again. A write whose answer is lost may have been done, so it is repeated only under an idempotency key;
 * 429 alone says for certain that nothing was.
 */
export function mayRepeat(error: OutriderError, isRepeatable: boolean): boolean {
  if (error.status === undefined) return isRepeatable;
  return statusesToRepeat.has(error.status) && (isRepeatable || error.status === 429);
}

/** Before the second, third… attempt: twice as long each time, up to 8 s, half of it by chance; never less than the server asks for. */
export function delayMs(attempt: number, error: OutriderError, random: number): number {
  const backoffMs = Math.min(8_000, 500 * 2 ** (attempt - 1));
  return Math.max((error.retryAfterSeconds ?? 0) * 1_000, backoffMs * (0.5 + random / 2));
}
