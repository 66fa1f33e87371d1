import { useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { TrackingDomain } from '@outrider/sdk';
import { useState } from 'react';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { CreateButton } from '../../components/create-button.tsx';
import { FormDialog, Pane } from '../../components/dialog.tsx';
import { Field, Input } from '../../components/field.tsx';
import { ListFoot, ListProblem, WithPane } from '../../components/list.tsx';
import { Empty, PageHead } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { Table } from '../../components/table.tsx';
import { Time } from '../../components/value.tsx';
import { trackingState, TrackingDetail } from './tracking-detail.tsx';

const route = getRouteApi('/frame/settings/tracking');

/** Hosts of the organization's own, over which the links and pixels of its messages lead. */
export function Tracking() {
  const { open } = route.useSearch();
  const navigate = route.useNavigate();
  const workspace = useWorkspace();
  const may = useMay()('mailboxes:write');
  const [adding, setAdding] = useState(false);
  const query = workspace === undefined ? {} : { workspace_id: workspace };
  const list = useCursorList(['tracking-domains', query], (page, signal) =>
    api.trackingDomains.list({ ...query, ...page }, { signal }).page(),
  );
  const show = (id: string | undefined): void => void navigate({ search: { open: id }, replace: open !== undefined });
  const add = (): void => {
    setAdding(true);
  };
  const shown = list.rows.find(({ id }) => id === open);
  return (
    <>
      <PageHead
        title="Tracking"
        crumbs={[{ label: 'Settings', link: { to: '/settings' } }, { label: 'Tracking' }]}
        actions={may ? <CreateButton word="Add host" onCreate={add} /> : undefined}
      >
        <span>Links and pixels of tracked messages lead over hosts of your own, never over one that others share</span>
      </PageHead>
      <ListProblem list={list} />
      <WithPane
        pane={
          shown === undefined ? undefined : (
            <Pane
              title={<span className="mono">{shown.host}</span>}
              onClose={() => {
                show(undefined);
              }}
            >
              <TrackingDetail
                key={shown.id}
                domain={shown}
                onDeleted={() => {
                  show(undefined);
                }}
              />
            </Pane>
          )
        }
      >
        {list.rows.length === 0 && !list.waits ? (
          <Empty
            title="No tracking host yet"
            actions={
              may ? (
                <Button look="primary" icon="plus" onClick={add}>
                  Add host
                </Button>
              ) : undefined
            }
          >
            A campaign counts opens and clicks only over a verified host below a domain of yours, such as
            links.hopper.example. Add one, copy its DNS records, verify it.
          </Empty>
        ) : (
          <Table
            label="Tracking hosts"
            rows={list.rows}
            keyOf={({ id }) => id}
            openKey={open}
            onOpen={({ id }) => {
              show(id);
            }}
            columns={[
              { title: 'Host', main: true, cell: ({ host }) => <span className="mono">{host}</span> },
              {
                title: 'Status',
                width: 130,
                cell: (domain) => {
                  const [tone, word] = trackingState(domain);
                  return <Status tone={tone}>{word}</Status>;
                },
              },
              {
                title: 'For mailboxes of',
                width: 150,
                minor: true,
                cell: ({ workspace_id: id }) => (id === null ? 'all workspaces' : 'one workspace'),
              },
              {
                title: 'Led here',
                width: 140,
                numeric: true,
                minor: true,
                cell: ({ verified_at: at }) =>
                  at === null ? <span className="faint">not yet</span> : <Time at={at} ago />,
              },
              {
                title: 'Checked',
                width: 140,
                numeric: true,
                minor: true,
                cell: ({ checked_at: at }) =>
                  at === null ? <span className="faint">never</span> : <Time at={at} ago />,
              },
            ]}
          />
        )}
        <ListFoot list={list} one="host" />
      </WithPane>
      {adding ? (
        <AddHost
          onClose={() => {
            setAdding(false);
          }}
          onAdded={({ id }) => {
            show(id);
          }}
        />
      ) : null}
    </>
  );
}

function AddHost({
  onClose,
  onAdded,
}: {
  readonly onClose: () => void;
  readonly onAdded: (domain: TrackingDomain) => void;
}) {
  const workspace = useWorkspace();
  const add = useMutation({
    meta: { quiet: true },
    mutationFn: (host: string) =>
      api.trackingDomains.create({ host, ...(workspace === undefined ? {} : { workspace_id: workspace }) }),
    onSuccess: async (domain) => {
      await queryClient.invalidateQueries({ queryKey: ['tracking-domains'] });
      onClose();
      onAdded(domain);
    },
  });
  return (
    <FormDialog
      title="Add a tracking host"
      open
      width={480}
      onClose={onClose}
      action="Add host"
      busy={add.isPending}
      problem={problemOf(add.error)}
      onSubmit={(data) => {
        add.mutate(String(data.get('host') ?? '').trim());
      }}
    >
      <Field
        label="Host"
        error={problemsOf(add.error)['host']}
        hint={
          workspace === undefined
            ? 'A name below the domain that you send from. Its DNS records are shown next.'
            : 'A name below the domain that you send from, for mailboxes of the chosen workspace only.'
        }
      >
        {(control) => (
          <Input
            {...control}
            name="host"
            required
            className="mono"
            placeholder="links.hopper.example"
            maxLength={253}
          />
        )}
      </Field>
    </FormDialog>
  );
}
