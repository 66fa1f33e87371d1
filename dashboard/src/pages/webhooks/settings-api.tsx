import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Webhook, WebhookWithSecret } from '@outrider/sdk';
import { useState } from 'react';
import { api } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
import { session, useMay, useSession } from '../../app/session.ts';
import { CreateButton } from '../../components/create-button.tsx';
import { Button } from '../../components/button.tsx';
import { count } from '../../components/format.ts';
import { Empty, Note, PageHead, Region } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { Table } from '../../components/table.tsx';
import { Time, Url } from '../../components/value.tsx';
import { EndpointForm } from './endpoint-form.tsx';
import { Keys } from './keys.tsx';
import { SecretDialog } from './secret-dialog.tsx';
import { TestDialog } from './test-dialog.tsx';
import { endpointState } from './words.ts';

const route = getRouteApi('/frame/settings/api');
const usageMs = 10_000;

/** What is used of the plan. Each reading is a request that counts, too. */
function Requests() {
  const limits = useQuery({ ...session, staleTime: usageMs, refetchInterval: usageMs }).data?.limits;
  if (limits === undefined) return null;
  const { requests_per_minute: limit, requests_used: used } = limits;
  return (
    <span>
      {limit === null ? 'No limit of requests' : `${count(used ?? 0)} of ${count(limit)} requests used this minute`}
    </span>
  );
}

/** Keys and endpoints. */
export function ApiSettings() {
  const may = useMay();
  const { create } = route.useSearch();
  const navigate = route.useNavigate();
  const workspace = useWorkspace();
  const { organization } = useSession();
  const [adding, setAdding] = useState(create === 'endpoint' && may('webhooks:write'));
  const [created, setCreated] = useState<WebhookWithSecret>();
  const [testing, setTesting] = useState<Webhook>();
  const { data } = useQuery({
    queryKey: ['webhooks', 'list', workspace],
    queryFn: ({ signal }) =>
      api.webhooks
        .list({ page_size: 100, ...(workspace === undefined ? {} : { workspace_id: workspace }) }, { signal })
        .page(),
  });
  const rows = data?.data ?? [];
  const disabled = rows.filter(({ disabled_reason: reason }) => reason === 'exhausted' || reason === 'gone');
  const add = (): void => {
    setAdding(true);
  };
  return (
    <>
      <PageHead
        title="API & webhooks"
        crumbs={[{ label: 'Settings', link: { to: '/settings' } }, { label: 'API & webhooks' }]}
        actions={
          <>
            <a className="btn hide-sm" href="/docs/api">
              API reference
            </a>
            {may('webhooks:write') ? <CreateButton word="Add endpoint" onCreate={add} /> : null}
          </>
        }
      >
        <span>
          Plan <b className="medium">{organization.plan}</b>
        </span>
        <Requests />
        <span>
          {organization.alert_email === null ? 'Alerts are not mailed' : `Alerts go to ${organization.alert_email}`}
        </span>
      </PageHead>
      {disabled.length === 0 ? null : (
        <Note tone="failed">
          <b>{disabled.length === 1 ? 'One endpoint is disabled.' : `${disabled.length} endpoints are disabled.`}</b>{' '}
          {disabled.length === 1
            ? 'Its deliveries are held until you enable it.'
            : 'Their deliveries are held until you enable them.'}
        </Note>
      )}
      <Region flush title="Endpoints" aside={data === undefined ? undefined : `${data.total}`}>
        {rows.length === 0 && data !== undefined ? (
          <Empty
            title="No endpoints yet"
            actions={
              may('webhooks:write') ? (
                <Button look="primary" icon="plus" onClick={add}>
                  Add endpoint
                </Button>
              ) : undefined
            }
          >
            An endpoint is a URL of yours that receives events, signed and retried. Add one and send it a test event;
            that takes a minute.
          </Empty>
        ) : (
          <Table
            label="Endpoints"
            two
            rows={rows}
            keyOf={({ id }) => id}
            onOpen={({ id }) => void navigate({ to: '/webhooks/$id', params: { id } })}
            columns={[
              {
                title: 'URL',
                main: true,
                cell: ({ target_url: url, description }) => (
                  <>
                    <Url url={url} />
                    <span className="sub">
                      <bdi>{description}</bdi>
                    </span>
                  </>
                ),
              },
              {
                title: 'Status',
                width: 104,
                cell: (endpoint) => {
                  const [tone, word] = endpointState(endpoint);
                  return <Status tone={tone}>{word}</Status>;
                },
              },
              {
                title: 'Dialect',
                width: 112,
                minor: true,
                cell: ({ dialect }) => <span className="mono small">{dialect}</span>,
              },
              {
                title: 'Events',
                width: 120,
                minor: true,
                cell: ({ events }) => (
                  <span title={events.join(', ')}>
                    {events.includes('*') ? 'everything' : events.length === 1 ? events[0] : `${events.length} types`}
                  </span>
                ),
              },
              {
                title: 'Created',
                width: 130,
                numeric: true,
                minor: true,
                cell: ({ created_at: at }) => <Time at={at} />,
              },
              {
                title: '',
                width: 90,
                numeric: true,
                cell: (endpoint) =>
                  may('webhooks:write') ? (
                    <Button
                      size="sm"
                      onClick={() => {
                        setTesting(endpoint);
                      }}
                    >
                      Test
                    </Button>
                  ) : null,
              },
            ]}
          />
        )}
      </Region>
      <Keys />
      {adding ? (
        <EndpointForm
          onClose={() => {
            setAdding(false);
          }}
          onCreated={setCreated}
        />
      ) : null}
      {created === undefined ? null : (
        <SecretDialog
          title="Signing secret"
          secret={created.secret}
          onClose={() => {
            setTesting(created);
            setCreated(undefined);
          }}
        >
          Your receiver verifies signatures with it.
        </SecretDialog>
      )}
      {testing === undefined ? null : (
        <TestDialog
          endpoint={testing}
          onClose={() => {
            setTesting(undefined);
          }}
        />
      )}
    </>
  );
}
