import { useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Suppression } from '@outrider/sdk';
import { useState } from 'react';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { CreateButton } from '../../components/create-button.tsx';
import { ConfirmButton, FormDialog } from '../../components/dialog.tsx';
import { Field, Input } from '../../components/field.tsx';
import { Filters, ListFoot, ListProblem } from '../../components/list.tsx';
import { Empty, PageHead } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { Table } from '../../components/table.tsx';
import { toast } from '../../components/toast.tsx';
import { Time } from '../../components/value.tsx';
import { useJob } from './bulk-bar.tsx';
import { reasons } from './words.ts';

const route = getRouteApi('/frame/suppressions');
const wordOf = (reason: string): string => reasons.find(({ value }) => value === reason)?.label ?? reason;

/** Addresses and domains that get no mail, and why. */
export function Suppressions() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const workspace = useWorkspace();
  const may = useMay()('suppressions:write');
  const [adding, setAdding] = useState(false);
  const { start, busy } = useJob('suppression');
  const query = { ...filters, ...(workspace === undefined ? {} : { workspace_id: workspace }) };
  const list = useCursorList(['suppressions', query], (page, signal) =>
    api.suppressions.list({ ...query, ...page }, { signal }).page(),
  );
  const add = (): void => {
    setAdding(true);
  };
  const filtered = Object.values(filters).some((value) => value !== undefined);
  return (
    <>
      <PageHead
        title="Suppressions"
        actions={
          <>
            <Button
              className="hide-sm"
              busy={busy}
              onClick={() => {
                start.mutate({ action: 'export' });
              }}
            >
              Export CSV
            </Button>
            {may ? <CreateButton word="Suppress" onCreate={add} /> : null}
          </>
        }
      >
        <span>No mail is sent to these addresses and domains</span>
      </PageHead>
      <Filters
        search={{ name: 'search', placeholder: 'Address or domain' }}
        filters={[{ name: 'reason', label: 'Reason', options: reasons }]}
        values={filters}
        onChange={(changed) => void navigate({ search: (before) => ({ ...before, ...changed }) })}
      />
      <ListProblem list={list} />
      {list.rows.length === 0 && !list.waits ? (
        <Empty
          title={
            filters.search === undefined
              ? filtered
                ? 'No suppression matches the filters'
                : 'Nobody is suppressed'
              : `${filters.search} is not suppressed`
          }
          actions={
            filtered ? (
              <Button onClick={() => void navigate({ search: {} })}>Clear all</Button>
            ) : may ? (
              <Button look="primary" icon="plus" onClick={add}>
                Suppress an address
              </Button>
            ) : undefined
          }
        >
          {filtered ? undefined : 'Unsubscribes, complaints and hard bounces will appear here with their evidence.'}
        </Empty>
      ) : (
        <Table
          label="Suppressions"
          rows={list.rows}
          keyOf={({ id }) => id}
          columns={[
            {
              title: 'Address or domain',
              main: true,
              cell: ({ email, domain }) => <span className="medium">{email ?? `@${domain ?? ''}`}</span>,
            },
            {
              title: 'Reason',
              width: 140,
              cell: ({ reason }) => (
                <Status tone={reason === 'complaint' || reason === 'hard_bounce' ? 'failed' : 'off'}>
                  {wordOf(reason)}
                </Status>
              ),
            },
            {
              title: 'Evidence',
              width: 220,
              minor: true,
              cell: ({ message_id: message, inbound_event_id: event, created_by: by }) => (
                <span className="mono small">
                  {message !== null
                    ? `message ${message}`
                    : event !== null
                      ? `report ${event}`
                      : by === null
                        ? 'the recipient'
                        : `added by ${by}`}
                </span>
              ),
            },
            {
              title: 'Applies to',
              width: 130,
              minor: true,
              cell: ({ workspace_id: id }) => (id === null ? 'organization' : 'one workspace'),
            },
            { title: 'Since', width: 128, numeric: true, cell: ({ created_at: at }) => <Time at={at} /> },
            {
              title: '',
              width: 96,
              numeric: true,
              cell: (suppression) =>
                may && suppression.reason !== 'erased' ? <Lift suppression={suppression} /> : null,
            },
          ]}
        />
      )}
      <ListFoot list={list} one="suppression" />
      {adding ? (
        <AddSuppression
          onClose={() => {
            setAdding(false);
          }}
        />
      ) : null}
    </>
  );
}

function Lift({ suppression }: { readonly suppression: Suppression }) {
  const lift = useMutation({
    mutationFn: () => api.suppressions.delete(suppression.id),
    onSuccess: () => {
      toast('Suppression lifted');
      return queryClient.invalidateQueries({ queryKey: ['suppressions'] });
    },
  });
  const name = suppression.email ?? suppression.domain ?? '';
  return (
    <ConfirmButton
      word="Lift…"
      title={`Write to ${name} again`}
      action="Lift suppression"
      busy={lift.isPending}
      onConfirm={() => lift.mutateAsync()}
    >
      {suppression.reason === 'manual' || suppression.reason === 'import'
        ? 'Campaigns may write to it again.'
        : 'The recipient did not want or could not get your mail. Only lift it with their consent.'}
    </ConfirmButton>
  );
}

function AddSuppression({ onClose }: { readonly onClose: () => void }) {
  const workspace = useWorkspace();
  const add = useMutation({
    meta: { quiet: true },
    mutationFn: (value: string) =>
      api.suppressions.create({
        ...(value.includes('@') ? { email: value } : { domain: value }),
        reason: 'manual',
        ...(workspace === undefined ? {} : { workspace_id: workspace }),
      }),
    onSuccess: () => {
      onClose();
      return queryClient.invalidateQueries({ queryKey: ['suppressions'] });
    },
  });
  const problems = problemsOf(add.error);
  return (
    <FormDialog
      title="Suppress"
      open
      width={480}
      onClose={onClose}
      action="Suppress"
      busy={add.isPending}
      problem={problemOf(add.error)}
      onSubmit={(data) => {
        add.mutate(
          String(data.get('value') ?? '')
            .trim()
            .replace(/^@/, ''),
        );
      }}
    >
      <Field
        label="Address or domain"
        error={problems['email'] ?? problems['domain']}
        hint="No more mail is sent to it; campaigns stop. A domain covers those below it."
      >
        {(control) => (
          <Input {...control} name="value" required placeholder="ada@lovelace.example or lovelace.example" />
        )}
      </Field>
    </FormDialog>
  );
}
