import '../../styles/pages-overview.css';
import { useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Webhook, WebhookStats } from '@outrider/sdk';
import { api } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
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
/** Endpoints whose figures are summed: the newest. */
const endpointsMax = 25;
/** An endpoint with its figures. */
export interface Watched {
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
  const { data: page } = useQuery({
    queryKey: ['webhooks', 'overview', workspace],
    queryFn: ({ signal }) =>
      api.webhooks
        .list({ page_size: endpointsMax, ...(workspace === undefined ? {} : { workspace_id: workspace }) }, { signal })
        .page(),
    enabled: may('webhooks:read'),
    refetchInterval: liveMs,
  });
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
        state={<span className="live">Live</span>}
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
      <Totals watched={watched} label={range.label} more={(page?.total ?? 0) > endpointsMax} />
      <Columns side={372}>
        <div>
          <Attention watched={watched} />
          <AttemptsChart hours={hours} range={range} />
          <EndpointList watched={watched} label={range.label} />
        </div>
        <div>
          <FirstSteps endpoints={endpoints} />
          {may('mailboxes:read') ? <SendingToday /> : null}
          {may('replies:read') ? <RepliesToAnswer /> : null}
        </div>
      </Columns>
    </>
  );
}

function Totals({
  watched,
  label,
  more,
}: {
  readonly watched: readonly Watched[];
  readonly label: string;
  readonly more: boolean;
}) {
  const sum = (of: (stats: WebhookStats) => number): number =>
    watched.reduce((all, { stats }) => all + (stats === undefined ? 0 : of(stats)), 0);
  const attempts = sum(({ total }) => total.attempts);
  const good = sum(({ total }) => total.succeeded);
  const hours = new Map<string, number>();
  for (const { stats } of watched)
    for (const { hour, attempts: some } of stats?.hours ?? []) hours.set(hour, (hours.get(hour) ?? 0) + some);
  const slowest = Math.max(0, ...watched.map(({ stats }) => stats?.total.p95_ms ?? 0));
  const failing = watched.filter(
    ({ endpoint, stats }) => !endpoint.is_active || (stats?.health.consecutive_failures ?? 0) > 0,
  ).length;
  return (
    <Figures
      label={`Figures of the last ${label}`}
      figures={[
        {
          label: `Attempts, ${label}`,
          value: count(attempts),
          detail: more
            ? `of the newest ${endpointsMax} endpoints`
            : `${count([...hours.values()].at(-1) ?? 0)} in the last active hour`,
        },
        {
          label: `Success, ${label}`,
          value: percent(good, attempts, 2),
          detail: `${count(attempts - good)} failed attempts`,
          tone: attempts > good ? 'failed' : undefined,
        },
        { label: 'Slowest p95', value: slowest === 0 ? undefined : duration(slowest), detail: 'of all endpoints' },
        { label: 'Queue', value: count(sum(({ pending }) => pending)), detail: 'pending or retrying' },
        {
          label: 'Held',
          value: count(sum(({ held }) => held)),
          detail: 'until released',
          tone: sum(({ held }) => held) > 0 ? 'held' : undefined,
        },
        {
          label: 'Endpoints',
          value: count(watched.length),
          detail: `${failing} need attention`,
          tone: failing > 0 ? 'failed' : undefined,
        },
      ]}
    />
  );
}

function EndpointList({ watched, label }: { readonly watched: readonly Watched[]; readonly label: string }) {
  const navigate = route.useNavigate();
  const rate = ({ stats }: Watched): number => stats?.total.success_rate ?? 2;
  const rows = watched.toSorted((a, b) => rate(a) - rate(b)).slice(0, 8);
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
      {rows.length === 0 ? (
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
