import type { WebhookStats } from '@outrider/sdk';
import { useMemo } from 'react';
import { Chart } from '../../components/chart.tsx';
import { count, localTime } from '../../components/format.ts';

const hourMs = 3_600_000;

/** How far figures reach back, and the width of a bar, in hours. */
export const ranges = [
  { value: '24h', label: '24 h', hours: 24, bucket: 1, each: 'hour' },
  { value: '7d', label: '7 d', hours: 168, bucket: 6, each: '6 hours' },
  { value: '30d', label: '30 d', hours: 720, bucket: 24, each: 'day' },
] as const;
export type Range = (typeof ranges)[number];

/** The range that the URL names; the shortest by default. */
export const rangeOf = (name: string | undefined): Range => ranges.find(({ value }) => value === name) ?? ranges[0];

/** Attempts over time, of one endpoint or several. @param hours those with attempts, in any order; the others are 0 */
export function AttemptsChart({ hours, range }: { readonly hours: WebhookStats['hours']; readonly range: Range }) {
  const data = useMemo(() => sumsOf(hours, range), [hours, range]);
  return (
    <Chart
      title={`Attempts per ${range.each}`}
      label={`${count(data.good + data.bad)} attempts in ${range.label}, of which ${count(data.bad)} failed.`}
      times={data.times}
      timeOf={(at) => localTime(new Date(at))}
      series={data.series}
    />
  );
}

function sumsOf(hours: WebhookStats['hours'], range: Range) {
  const size = range.bucket * hourMs;
  const end = Math.floor(Date.now() / size) * size;
  const buckets = range.hours / range.bucket;
  const times = Array.from({ length: buckets }, (_, index) => end - (buckets - 1 - index) * size);
  const sums = new Map(times.map((at) => [at, { good: 0, bad: 0 }]));
  for (const { hour, attempts, succeeded } of hours) {
    const sum = sums.get(Math.floor(Date.parse(hour) / size) * size);
    if (sum === undefined) continue;
    sum.good += succeeded;
    sum.bad += attempts - succeeded;
  }
  const good = [...sums.values()].map((each) => each.good);
  const bad = [...sums.values()].map((each) => each.bad);
  const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  return {
    times,
    good: total(good),
    bad: total(bad),
    series: [
      { name: 'Delivered', values: good, color: 'chart-1' as const },
      { name: 'Failed attempt', values: bad, color: 'failed-mark' as const },
    ],
  };
}
