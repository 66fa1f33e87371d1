import '../../styles/pages-overview.css';
import { useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Webhook, WebhookOverview, WebhookStats } from '@outrider/sdk';
import { api } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
import { useLive } from '../../app/live.ts';
import { Live } from '../../app/reach.tsx';
import { useMay } from '../../app/session.ts';
import { Segmented } from '../../components/field.tsx';
import { count, duration, percent } from '../../components/format.ts';
import { Columns, Empty, Figures, PageHead, Region } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { Table } from '../../components/table.tsx';
import { Time, Url } from '../../components/value.tsx';
import { AttemptsChart, rangeOf, ranges } from '../webhooks/attempts-chart.tsx';
import { endpointState } from '../webhooks/words.ts';
import { Attention } from './attention.tsx';
import { FirstSteps } from './first-steps.tsx';
import { RepliesToAnswer, SendingToday } from './mail.tsx';

const route = getRouteApi('/frame/');
const liveMs = 10_000;
/** A pending delivery that was due this long ago is late. */
const lateMs = 10_000;
/** Endpoints whose figures are summed: the newest. */
const endpointsMax = 25;
/** An endpoint with its figures. */
interface Watched {
  readonly endpoint: Webhook;
  readonly stats: WebhookStats | undefined;
}

/** Equal results are the same object, so that the chart is drawn again only when its figures changed. */
const summary = (results: readonly { readonly data?: WebhookStats }[]) => ({
  stats: results.map(({ data }) => data),
  hours: results.flatMap(({ data }) => data?.hours ?? []),
});

/** What happens now, and what needs a person first. */
export function Overview() {
  const { range: named } = route.useSearch();
  const navigate = route.useNavigate();
  const workspace = useWorkspace();
  const may = useMay();
  const range = rangeOf(named);
  const mayWatch = may('webhooks:read') && may('events:read');
  const { data: page } = useQuery({
    queryKey: ['webhooks', 'overview', workspace],
    queryFn: ({ signal }) =>
      api.webhooks
        .list({ page_size: endpointsMax, ...(workspace === undefined ? {} : { workspace_id: workspace }) }, { signal })
        .page(),
    enabled: may('webhooks:read'),
    refetchInterval: liveMs,
  });
  const { data: now } = useQuery({
    queryKey: ['overview', workspace],
    queryFn: ({ signal }) =>
      api.deliveries.getOverview(workspace === undefined ? {} : { workspace_id: workspace }, { signal }),
    enabled: mayWatch,
    refetchInterval: liveMs,
  });
  useLive({ workspace_id: workspace }, may('webhooks:read'), ['overview']);
  const endpoints = page?.data ?? [];
  const { stats, hours } = useQueries({
    queries: endpoints.map(({ id }) => ({
      queryKey: ['webhooks', 'stats', id, range.value],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.webhooks.stats(id, { hours: range.hours }, { signal }),
      refetchInterval: liveMs,
    })),
    combine: summary,
  });
  const watched: readonly Watched[] = endpoints.map((endpoint, index) => ({ endpoint, stats: stats[index] }));
  return (
    <>
      <PageHead
        title="Overview"
        state={<Live />}
        actions={
          <Segmented
            label="Range"
            options={ranges}
            value={range.value}
            onChange={(value) => void navigate({ search: { range: value }, replace: true })}
          />
        }
      >
        <span>
          {workspace === undefined ? 'All workspaces you can see' : 'One workspace'}. Local time,{' '}
          {Intl.DateTimeFormat().resolvedOptions().timeZone}.
        </span>
      </PageHead>
      <Totals
        now={now}
        loading={mayWatch && (now === undefined || page === undefined || stats.includes(undefined))}
        watched={watched}
        label={range.label}
      />
      <Columns side={372}>
        <div>
          <Attention endpoints={mayWatch ? now?.attention : []} />
          <AttemptsChart hours={hours} range={range} />
          <EndpointList watched={page === undefined ? undefined : watched} label={range.label} />
        </div>
        <div>
          <FirstSteps endpoints={page?.data} />
          {may('mailboxes:read') ? <SendingToday /> : null}
          {may('replies:read') ? <RepliesToAnswer /> : null}
        </div>
      </Columns>
    </>
  );
}

function Totals({
  now,
  loading,
  watched,
  label,
}: {
  readonly now: WebhookOverview | undefined;
  /** Nothing is said about what is on its way. */
  readonly loading: boolean;
  readonly watched: readonly Watched[];
  readonly label: string;
}) {
  const sum = (of: (stats: WebhookStats) => number): number =>
    watched.reduce((all, { stats }) => all + (stats === undefined ? 0 : of(stats)), 0);
  const attempts = sum(({ total }) => total.attempts);
  const good = sum(({ total }) => total.succeeded);
  const perMinute = (of: number | undefined): string | undefined =>
    of === undefined ? undefined : count(Math.round((of / 5) * 10) / 10);
  const { queue, endpoints, attention } = now ?? {};
  const isLate = queue?.oldest_due_at != null && Date.parse(queue.oldest_due_at) < Date.now() - lateMs;
  return (
    <Figures
      label={`Figures of now and of the last ${label}`}
      loading={loading}
      figures={[
        { label: 'Events a minute', value: perMinute(now?.last_5_minutes.events), detail: 'of the last 5 minutes' },
        {
          label: 'Deliveries a minute',
          value: perMinute(now?.last_5_minutes.deliveries),
          detail: 'of the last 5 minutes',
        },
        {
          label: `Success, ${label}`,
          // A sum over some of the endpoints would be another figure.
          value: loading ? undefined : percent(good, attempts, 2),
          detail: loading
            ? undefined
            : `${attempts === 0 ? 'no attempt yet' : `${count(attempts - good)} of ${count(attempts)} failed`}${(endpoints?.total ?? 0) > watched.length ? `, newest ${watched.length} endpoints` : ''}`,
          tone: attempts > good ? 'failed' : undefined,
        },
        {
          label: 'Queue',
          value: queue === undefined ? undefined : count(queue.pending),
          detail:
            queue?.oldest_due_at == null ? (
              'pending or retrying'
            ) : (
              <>
                {isLate ? 'oldest due ' : 'next due '}
                <Time at={queue.oldest_due_at} ago />
              </>
            ),
          tone: isLate ? 'failed' : undefined,
        },
        {
          label: 'Held',
          value: queue === undefined ? undefined : count(queue.held),
          detail: 'until released',
          tone: (queue?.held ?? 0) > 0 ? 'held' : undefined,
        },
        {
          label: 'Endpoints',
          value: endpoints === undefined ? undefined : count(endpoints.total),
          detail: attention === undefined ? undefined : `${attention.length} need attention`,
          tone: (attention?.length ?? 0) > 0 ? 'failed' : undefined,
        },
      ]}
    />
  );
}

function EndpointList({
  watched,
  label,
}: {
  /** Undefined: not loaded yet. */
  readonly watched: readonly Watched[] | undefined;
  readonly label: string;
}) {
  const navigate = route.useNavigate();
  const rate = ({ stats }: Watched): number => stats?.total.success_rate ?? 2;
  const rows = (watched ?? []).toSorted((a, b) => rate(a) - rate(b)).slice(0, 8);
  return (
    <Region
      flush
      title="Endpoints"
      aside={`${label}, worst first`}
      end={
        <Link className="small" to="/settings/api">
          All
        </Link>
      }
    >
      {watched === undefined ? null : rows.length === 0 ? (
        <Empty title="No endpoints yet">An endpoint is a URL of yours that receives events, signed and retried.</Empty>
      ) : (
        <Table
          label="Endpoints"
          rows={rows}
          keyOf={({ endpoint }) => endpoint.id}
          onOpen={({ endpoint }) => void navigate({ to: '/webhooks/$id', params: { id: endpoint.id } })}
          columns={[
            { title: 'Endpoint', main: true, cell: ({ endpoint }) => <Url url={endpoint.target_url} /> },
            {
              title: 'Status',
              width: 104,
              cell: ({ endpoint, stats }) => {
                const [tone, word] = endpointState(endpoint, stats?.health.consecutive_failures);
                return <Status tone={tone}>{word}</Status>;
              },
            },
            {
              title: 'Success',
              width: 92,
              numeric: true,
              cell: ({ stats }) =>
                stats === undefined ? '–' : (percent(stats.total.succeeded, stats.total.attempts, 2) ?? '–'),
            },
            {
              title: 'p95',
              width: 76,
              numeric: true,
              minor: true,
              cell: ({ stats }) => (stats?.total.p95_ms == null ? '–' : duration(stats.total.p95_ms)),
            },
            {
              title: 'Waiting',
              width: 84,
              numeric: true,
              cell: ({ stats }) => (stats === undefined ? '–' : count(stats.pending + stats.held)),
            },
            {
              title: 'Last delivered',
              width: 120,
              numeric: true,
              minor: true,
              cell: ({ stats }) => <Time at={stats?.health.last_delivered_at} ago />,
            },
          ]}
        />
      )}
    </Region>
  );
}
