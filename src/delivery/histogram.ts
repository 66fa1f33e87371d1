/**
 * Response times in logarithmic buckets: bucket i contains times up to 1.25^i ms, so a percentile read from it is at most 25 % too high.
 * 52 buckets reach 87 s, past the longest timeout.
 */
const base = Math.log(1.25);
export const bucketCount = 52;

export const bucketOf = (durationMs: number): number =>
  Math.min(bucketCount - 1, Math.max(0, Math.ceil(Math.log(Math.max(durationMs, 1)) / base)));

/** Returns the time in milliseconds below which a share (0 to 1) of the samples is; undefined without samples. */
export function percentile(buckets: readonly number[], share: number): number | undefined {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const rank = Math.max(1, Math.ceil(total * share));
  let seen = 0;
  for (const [index, count] of buckets.entries()) {
    seen += count;
    if (seen >= rank) return Math.round(1.25 ** index);
  }
  return undefined;
}
