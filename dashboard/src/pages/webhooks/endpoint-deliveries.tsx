import { getRouteApi } from '@tanstack/react-router';
import type { WebhookStats } from '@outrider/sdk';
import { useMemo } from 'react';
import { api } from '../../app/api.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { Chart } from '../../components/chart.tsx';
import { Segmented } from '../../components/field.tsx';
import { count, duration, localTime, percent } from '../../components/format.ts';
import { Filters } from '../../components/list.tsx';
import { Figures } from '../../components/page.tsx';
import { Time } from '../../components/value.tsx';
import { DeliveryList } from './delivery-list.tsx';
import { statuses } from './words.ts';

const route = getRouteApi('/frame/webhooks/$id');
const liveMs = 3_000;
const hourMs = 3_600_000;
const ranges = [
  { value: '24h', label: '24 h' },
  { value: '7d', label: '7 d' },
  { value: '30d', label: '30 d' },
] as const;
const bucketHours = { '24h': 1, '7d': 6, '30d': 24 } as const;
type Range = keyof typeof bucketHours;

/** Figures, attempts over time, and the deliveries. */
export function EndpointDeliveries({
  id,
  stats,
  range,
}: {
  readonly id: string;
  readonly stats: WebhookStats | undefined;
  readonly range: Range;
}) {
  const { status, event, open } = route.useSearch();
  const navigate = route.useNavigate();
  const query = { status, event };
  const list = useCursorList(
    ['deliveries', 'of', id, query],
    (page, signal) => api.deliveries.list(id, { ...query, ...page }, { signal }).page(),
    {
      refetchInterval: open === undefined ? liveMs : undefined,
    },
  );
  const set = (changed: Readonly<Record<string, string | undefined>>): void =>
    void navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  const total = stats?.total;
  const label = ranges.find(({ value }) => value === range)?.label ?? '';
  return (
    <>
      <Figures
        label={`Figures of the last ${label}`}
        figures={[
          {
            label: `Success, ${label}`,
            value: total === undefined ? undefined : percent(total.succeeded, total.attempts, 2),
            detail:
              total === undefined
                ? ''
                : `${count(total.attempts - total.succeeded)} of ${count(total.attempts)} attempts failed`,
            tone: total !== undefined && total.succeeded < total.attempts ? 'failed' : undefined,
          },
          { label: 'p50', value: total?.p50_ms == null ? undefined : duration(total.p50_ms), detail: 'time to answer' },
          { label: 'p95', value: total?.p95_ms == null ? undefined : duration(total.p95_ms), detail: 'time to answer' },
          {
            label: 'Waiting',
            value: stats === undefined ? undefined : count(stats.pending),
            detail: 'pending or retrying',
          },
          {
            label: 'Held',
            value: stats === undefined ? undefined : count(stats.held),
            tone: (stats?.held ?? 0) > 0 ? 'held' : undefined,
            detail: 'until released',
          },
          {
            label: 'Last delivered',
            value: <Time at={stats?.health.last_delivered_at} ago />,
            detail: (
              <>
                last failure <Time at={stats?.health.last_failed_at} ago />
              </>
            ),
          },
        ]}
      />
      <div className="filters">
        <Segmented
          label="Range"
          options={ranges}
          value={range}
          onChange={(next) => {
            set({ range: next });
          }}
        />
      </div>
      <Attempts stats={stats} range={range} />
      <Filters
        search={{ name: 'event', placeholder: 'Event type, such as order.*' }}
        filters={[{ name: 'status', label: 'Status', options: statuses }]}
        values={query}
        onChange={set}
        end={open === undefined ? <span className="live">Live</span> : undefined}
      />
      <DeliveryList
        list={list}
        withEndpoint={false}
        openId={open}
        onOpen={(opened) => {
          set({ open: opened });
        }}
        filtered={status !== undefined || event !== undefined}
        onClear={() => {
          set({ status: undefined, event: undefined });
        }}
      />
    </>
  );
}

/** The hours of the statistics, summed into the buckets of the range; hours without attempts are 0. */
function Attempts({ stats, range }: { readonly stats: WebhookStats | undefined; readonly range: Range }) {
  const data = useMemo(() => {
    const size = bucketHours[range] * hourMs;
    const hours = { '24h': 24, '7d': 168, '30d': 720 }[range];
    const end = Math.floor(Date.now() / size) * size;
    const times = Array.from(
      { length: hours / bucketHours[range] },
      (_, index) => end - (hours / bucketHours[range] - 1 - index) * size,
    );
    const sums = new Map(times.map((at) => [at, { good: 0, bad: 0 }]));
    for (const { hour, attempts, succeeded } of stats?.hours ?? []) {
      const sum = sums.get(Math.floor(Date.parse(hour) / size) * size);
      if (sum === undefined) continue;
      sum.good += succeeded;
      sum.bad += attempts - succeeded;
    }
    const values = [...sums.values()];
    return {
      times,
      series: [
        { name: 'Delivered', values: values.map(({ good }) => good), color: 'chart-1' as const },
        { name: 'Failed attempt', values: values.map(({ bad }) => bad), color: 'failed-mark' as const },
      ],
      failed: values.reduce((sum, { bad }) => sum + bad, 0),
      all: values.reduce((sum, { good, bad }) => sum + good + bad, 0),
    };
  }, [stats, range]);
  const each = { '24h': 'hour', '7d': '6 hours', '30d': 'day' }[range];
  return (
    <Chart
      title={`Attempts per ${each}`}
      label={`${count(data.all)} attempts in the range, of which ${count(data.failed)} failed.`}
      times={data.times}
      timeOf={(at) => localTime(new Date(at))}
      series={data.series}
    />
  );
}
