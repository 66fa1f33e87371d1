import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bucketCount, bucketOf, percentile } from './histogram.ts';

const histogramOf = (durations: readonly number[]): number[] => {
  const buckets = Array.from({ length: bucketCount }, () => 0);
  for (const duration of durations) buckets[bucketOf(duration)] = (buckets[bucketOf(duration)] ?? 0) + 1;
  return buckets;
};

test('every duration has a bucket, and longer ones have no lower one', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.double({ min: 0, max: 1e9, noNaN: true }), (a, b) => {
      assert.ok(Number.isInteger(bucketOf(a)) && bucketOf(a) >= 0 && bucketOf(a) < bucketCount);
      if (a <= b) assert.ok(bucketOf(a) <= bucketOf(b));
    }),
  );
});

test('a percentile is the sample of that rank or up to 25 % more, in whole milliseconds', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 100 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (durations, share) => {
        const exact = durations.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(durations.length * share)) - 1] ?? 0;
        const read = percentile(histogramOf(durations), share) ?? 0;
        assert.ok(read >= exact - 0.5 && read <= exact * 1.25 + 0.5, `${read} for ${exact}`);
      },
    ),
  );
});

test('there is no percentile without samples, and a timeout of a minute has its own bucket', () => {
  assert.equal(percentile(histogramOf([]), 0.5), undefined);
  assert.ok(bucketOf(60_000) < bucketCount - 1);
});
