import { getRouteApi } from '@tanstack/react-router';
import type { WebhookStats } from '@outrider/sdk';
import { api } from '../../app/api.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { useLive } from '../../app/live.ts';
import { Live } from '../../app/reach.tsx';
import { Segmented } from '../../components/field.tsx';
import { count, duration, percent } from '../../components/format.ts';
import { Filters } from '../../components/list.tsx';
import { Figures } from '../../components/page.tsx';
import { Time } from '../../components/value.tsx';
import { AttemptsChart, ranges } from './attempts-chart.tsx';
import type { Range } from './attempts-chart.tsx';
import { DeliveryList } from './delivery-list.tsx';
import { statuses } from './words.ts';

const route = getRouteApi('/frame/webhooks/$id');
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
  const isLive = open === undefined;
  const everyMs = useLive({ endpoint_id: id }, isLive, ['deliveries', 'of', id], ['webhooks', 'stats', id]);
  const list = useCursorList(
    ['deliveries', 'of', id, query],
    (page, signal) => api.deliveries.list(id, { ...query, ...page }, { signal }).page(),
    { refetchInterval: isLive ? everyMs : undefined },
  );
  const set = (changed: Readonly<Record<string, string | undefined>>): void =>
    void navigate({
      search: (before) => ({ ...before, ...changed }),
      replace: 'open' in changed && open !== undefined,
    });
  const total = stats?.total;
  const { label } = range;
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
                : `${count(total.attempts - total.succeeded)} of ${count(total.attempts)} failed`,
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
          value={range.value}
          onChange={(next) => {
            set({ range: next });
          }}
        />
      </div>
      {stats === undefined ? null : <AttemptsChart hours={stats.hours} range={range} />}
      <Filters
        search={{ name: 'event', placeholder: 'Event type, such as order.*' }}
        filters={[{ name: 'status', label: 'Status', options: statuses }]}
        values={query}
        onChange={set}
        end={open === undefined ? <Live /> : undefined}
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
