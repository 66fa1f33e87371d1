import { useMutation, useQuery } from '@tanstack/react-query';
import type { Webhook, WebhookWithSecret } from '@outrider/sdk';
import { useState } from 'react';
import { api, queryClient } from '../../app/api.ts';
import { Button } from '../../components/button.tsx';
import { counted } from '../../components/format.ts';
import { Menu } from '../../components/menu.tsx';
import { Empty, Region } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { Url } from '../../components/value.tsx';
import { EndpointForm } from '../webhooks/endpoint-form.tsx';
import { RotateDialog } from '../webhooks/endpoint-dialogs.tsx';
import { SecretDialog } from '../webhooks/secret-dialog.tsx';
import { TestDialog } from '../webhooks/test-dialog.tsx';
import { endpointState, whyDisabled } from '../webhooks/words.ts';

type Dialog = { readonly kind: 'edit' | 'test' | 'rotate'; readonly endpoint: Webhook } | { readonly kind: 'add' };

/** The endpoints of the customer. */
export function PortalEndpoints() {
  const [dialog, setDialog] = useState<Dialog>();
  const [secret, setSecret] = useState<WebhookWithSecret>();
  const { data } = useQuery({
    queryKey: ['webhooks', 'portal'],
    queryFn: ({ signal }) => api.webhooks.list({ page_size: 100 }, { signal }).page(),
  });
  const done = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['webhooks'] });
  const enable = useMutation({
    mutationFn: (id: string) => api.webhooks.enable(id, { release_held: true }),
    onSuccess: done,
  });
  const pause = useMutation({
    mutationFn: (id: string) => api.webhooks.update(id, { is_active: false }),
    onSuccess: done,
  });
  const remove = useMutation({ mutationFn: (id: string) => api.webhooks.delete(id), onSuccess: done });
  const rows = data?.data ?? [];
  const close = (): void => {
    setDialog(undefined);
  };
  const add = (
    <Button
      className="brand"
      icon="plus"
      onClick={() => {
        setDialog({ kind: 'add' });
      }}
    >
      Add endpoint
    </Button>
  );
  return (
    <Region flush title="Endpoints" end={rows.length === 0 ? undefined : add}>
      {rows.length === 0 && data !== undefined ? (
        <Empty title="No endpoints yet" actions={add}>
          An endpoint is a URL of yours that receives events, signed and retried.
        </Empty>
      ) : null}
      <ul className="list ruled-top">
        {rows.map((endpoint) => {
          const [tone, word] = endpointState(endpoint);
          return (
            <li key={endpoint.id}>
              <div className="grow">
                <Url url={endpoint.target_url} />
                <span className="small muted">
                  {whyDisabled(endpoint) ??
                    (endpoint.events.includes('*') ? 'all events' : counted(endpoint.events.length, 'event type'))}
                </span>
              </div>
              <Status tone={tone} pill>
                {word}
              </Status>
              <Button
                size="sm"
                onClick={() => {
                  setDialog({ kind: 'test', endpoint });
                }}
              >
                Test
              </Button>
              <Menu
                opener={<Button size="sm" icon="more" aria-label={`Actions of ${endpoint.target_url}`} />}
                items={[
                  {
                    word: 'Change…',
                    onSelect: () => {
                      setDialog({ kind: 'edit', endpoint });
                    },
                  },
                  {
                    word: 'Rotate secret…',
                    onSelect: () => {
                      setDialog({ kind: 'rotate', endpoint });
                    },
                  },
                  endpoint.is_active
                    ? {
                        word: 'Pause',
                        onSelect: () => {
                          pause.mutate(endpoint.id);
                        },
                      }
                    : {
                        word: 'Enable',
                        onSelect: () => {
                          enable.mutate(endpoint.id);
                        },
                      },
                  'line',
                  {
                    word: 'Delete',
                    danger: true,
                    onSelect: () => {
                      remove.mutate(endpoint.id);
                    },
                  },
                ]}
              />
            </li>
          );
        })}
      </ul>
      {dialog?.kind === 'add' ? <EndpointForm onClose={close} onCreated={setSecret} /> : null}
      {dialog?.kind === 'edit' ? <EndpointForm endpoint={dialog.endpoint} onClose={close} /> : null}
      {dialog?.kind === 'test' ? <TestDialog endpoint={dialog.endpoint} linked={false} onClose={close} /> : null}
      {dialog?.kind === 'rotate' ? (
        <RotateDialog endpoint={dialog.endpoint} onClose={close} onRotated={setSecret} />
      ) : null}
      {secret === undefined ? null : (
        <SecretDialog
          title="Signing secret"
          secret={secret.secret}
          onClose={() => {
            setSecret(undefined);
          }}
        >
          Your receiver verifies signatures with it.
        </SecretDialog>
      )}
    </Region>
  );
}
