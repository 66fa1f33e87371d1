import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Webhook, WebhookStats, WebhookWithSecret } from '@outrider/sdk';
import { useState } from 'react';
import { api, isMissing, queryClient } from '../../app/api.ts';
import { NotFound } from '../../app/root.tsx';
import { useMay } from '../../app/session.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import { Button } from '../../components/button.tsx';
import { Menu } from '../../components/menu.tsx';
import { counted } from '../../components/format.ts';
import { Note, PageHead, Tabs } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { toast } from '../../components/toast.tsx';
import { rangeOf } from './attempts-chart.tsx';
import { DeleteDialog, RotateDialog } from './endpoint-dialogs.tsx';
import { EndpointForm } from './endpoint-form.tsx';
import { EndpointDeliveries } from './endpoint-deliveries.tsx';
import { EndpointSettings } from './endpoint-settings.tsx';
import { Replays } from './replays.tsx';
import { SecretDialog } from './secret-dialog.tsx';
import { TestDialog } from './test-dialog.tsx';
import { endpointState, explain, whyDisabled } from './words.ts';

const route = getRouteApi('/frame/webhooks/$id');
const liveMs = 10_000;

/** An endpoint: how it does, what it received, its settings. */
export function EndpointPage() {
  const { id } = route.useParams();
  const { tab, range: named } = route.useSearch();
  const range = rangeOf(named);
  const [dialog, setDialog] = useState<'edit' | 'test' | 'rotate' | 'delete'>();
  const [rotated, setRotated] = useState<WebhookWithSecret>();
  const may = useMay()('webhooks:write');
  const { data: endpoint, error } = useQuery({
    queryKey: ['webhooks', 'one', id],
    queryFn: ({ signal }) => api.webhooks.get(id, { signal }),
  });
  const { data: stats } = useQuery({
    queryKey: ['webhooks', 'stats', id, range.value],
    queryFn: ({ signal }) => api.webhooks.stats(id, { hours: range.hours }, { signal }),
    refetchInterval: liveMs,
  });
  useShortcuts(
    may
      ? {
          e: () => {
            setDialog('edit');
          },
          t: () => {
            setDialog('test');
          },
        }
      : {},
  );
  if (isMissing(error)) return <NotFound />;
  if (endpoint === undefined) return null;
  const close = (): void => {
    setDialog(undefined);
  };
  const [tone, word] = endpointState(endpoint, stats?.health.consecutive_failures);
  const url = URL.parse(endpoint.target_url);
  return (
    <>
      <PageHead
        title={url === null ? endpoint.target_url : `${url.host}${url.pathname === '/' ? '' : url.pathname}`}
        mono
        crumbs={[{ label: 'API & webhooks', link: { to: '/settings/api' } }, { label: url?.host ?? 'Endpoint' }]}
        state={
          <Status tone={tone} pill>
            {word}
          </Status>
        }
        actions={may ? <Actions endpoint={endpoint} stats={stats} onDialog={setDialog} /> : undefined}
      >
        {endpoint.description === '' ? null : <bdi>{endpoint.description}</bdi>}
        <span>
          Dialect <span className="mono">{endpoint.dialect}</span>
        </span>
        <span title={endpoint.events.join(', ')}>
          {endpoint.events.includes('*') ? 'All events' : counted(endpoint.events.length, 'event type')}
        </span>
        {endpoint.previous_secret_expires_at === null ? null : (
          <span>
            The previous secret also signs until {new Date(endpoint.previous_secret_expires_at).toLocaleString()}
          </span>
        )}
      </PageHead>
      <Attention endpoint={endpoint} stats={stats} />
      <Tabs
        label="Endpoint"
        tabs={[
          {
            label: 'Deliveries',
            link: { to: '/webhooks/$id', params: { id }, search: { range: range.value } },
            current: tab === undefined,
          },
          {
            label: 'Replays',
            link: { to: '/webhooks/$id', params: { id }, search: { tab: 'replays' } },
            current: tab === 'replays',
          },
          {
            label: 'Settings',
            link: { to: '/webhooks/$id', params: { id }, search: { tab: 'settings' } },
            current: tab === 'settings',
          },
        ]}
      />
      {tab === 'settings' ? (
        <EndpointSettings endpoint={endpoint} />
      ) : tab === 'replays' ? (
        <Replays endpointId={id} />
      ) : (
        <EndpointDeliveries id={id} stats={stats} range={range} />
      )}
      {dialog === 'edit' ? <EndpointForm endpoint={endpoint} onClose={close} /> : null}
      {dialog === 'test' ? <TestDialog endpoint={endpoint} onClose={close} /> : null}
      {dialog === 'rotate' ? <RotateDialog endpoint={endpoint} onClose={close} onRotated={setRotated} /> : null}
      {dialog === 'delete' ? (
        <DeleteDialog endpoint={endpoint} waiting={(stats?.pending ?? 0) + (stats?.held ?? 0)} onClose={close} />
      ) : null}
      {rotated === undefined ? null : (
        <SecretDialog
          title="New signing secret"
          secret={rotated.secret}
          onClose={() => {
            setRotated(undefined);
          }}
        />
      )}
    </>
  );
}

/** The most urgent cause, in one sentence. */
function Attention({ endpoint, stats }: { readonly endpoint: Webhook; readonly stats: WebhookStats | undefined }) {
  const why = whyDisabled(endpoint);
  const held = stats?.held ?? 0;
  if (why !== undefined)
    return (
      <Note tone={endpoint.disabled_reason === 'exhausted' || endpoint.disabled_reason === 'gone' ? 'failed' : 'held'}>
        <b>{held === 0 ? 'Nothing is sent.' : `${counted(held, 'delivery is', 'deliveries are')} held.`}</b> {why}
      </Note>
    );
  const failures = stats?.health.consecutive_failures ?? 0;
  if (failures === 0) return null;
  const error = stats?.health.last_error ?? '';
  const code = Number(/\b([1-5]\d\d)\b/.exec(error)?.[1] ?? Number.NaN);
  return (
    <Note tone="failed">
      <b>The last {counted(failures, 'attempt')} failed.</b>{' '}
      {explain({ status_code: Number.isNaN(code) ? null : code, error })} <span className="mono small">{error}</span>
    </Note>
  );
}

function Actions({
  endpoint,
  stats,
  onDialog,
}: {
  readonly endpoint: Webhook;
  readonly stats: WebhookStats | undefined;
  readonly onDialog: (dialog: 'edit' | 'test' | 'rotate' | 'delete') => void;
}) {
  const { id, is_active: active } = endpoint;
  const done = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['webhooks'] });
  const enable = useMutation({
    mutationFn: (release: boolean) => api.webhooks.enable(id, { release_held: release }),
    onSuccess: ({ released }) => {
      toast(
        released === 0
          ? 'Endpoint enabled'
          : `Endpoint enabled, ${counted(released, 'delivery', 'deliveries')} released`,
      );
      return done();
    },
  });
  const pause = useMutation({
    mutationFn: () => api.webhooks.update(id, { is_active: false }),
    onSuccess: () => {
      toast('Endpoint paused; its deliveries are held', {
        undo: () => {
          enable.mutate(true);
        },
      });
      return done();
    },
  });
  const held = stats?.held ?? 0;
  return (
    <>
      {active ? (
        <Button
          icon="pause"
          busy={pause.isPending}
          onClick={() => {
            pause.mutate();
          }}
        >
          Pause
        </Button>
      ) : (
        <Button
          look="primary"
          busy={enable.isPending}
          onClick={() => {
            enable.mutate(true);
          }}
        >
          {held === 0 ? 'Enable' : `Enable and release ${held.toLocaleString('en-US')}`}
        </Button>
      )}
      <Button
        icon="send"
        shortcut="T"
        onClick={() => {
          onDialog('test');
        }}
      >
        Test
      </Button>
      <Menu
        opener={<Button icon="more" aria-label="More actions" />}
        items={[
          {
            word: 'Change…',
            icon: 'edit',
            shortcut: 'E',
            onSelect: () => {
              onDialog('edit');
            },
          },
          {
            word: 'Rotate secret…',
            icon: 'key',
            onSelect: () => {
              onDialog('rotate');
            },
          },
          ...(active
            ? []
            : [
                {
                  word: 'Enable, keep deliveries held',
                  onSelect: () => {
                    enable.mutate(false);
                  },
                },
              ]),
          'line',
          {
            word: 'Delete…',
            icon: 'trash',
            danger: true,
            onSelect: () => {
              onDialog('delete');
            },
          },
        ]}
      />
    </>
  );
}
