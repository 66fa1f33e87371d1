import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { CreateKeyBody, CreatedKey, Key } from '@outrider/sdk';
import { useState } from 'react';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { session, useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmButton, FormDialog } from '../../components/dialog.tsx';
import { Checkbox, Field, Input, Select } from '../../components/field.tsx';
import { Empty, Region } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import type { Tone } from '../../components/status.tsx';
import { Table } from '../../components/table.tsx';
import { toast } from '../../components/toast.tsx';
import { Name, Time } from '../../components/value.tsx';
import { SecretDialog } from './secret-dialog.tsx';

const route = getRouteApi('/frame/settings/api');
const areas = [
  'contacts',
  'crm',
  'suppressions',
  'campaigns',
  'mailboxes',
  'replies',
  'warmup',
  'webhooks',
  'events',
  'inbound',
  'workspaces',
  'organization',
  'members',
  'keys',
] as const;

const stateOf = ({ revoked_at: revoked, expires_at: expires }: Key): readonly [Tone, string] =>
  revoked !== null
    ? ['off', 'Revoked']
    : expires !== null && Date.parse(expires) < Date.now()
      ? ['off', 'Expired']
      : ['ok', 'Valid'];

/** The keys of programs. */
export function Keys() {
  const may = useMay();
  const forSandbox = route.useSearch().create === 'sandbox';
  const [creating, setCreating] = useState(forSandbox && may('keys:write'));
  const [created, setCreated] = useState<CreatedKey>();
  const { data } = useQuery({
    queryKey: ['keys'],
    queryFn: ({ signal }) => api.keys.list({ page_size: 100 }, { signal }).page(),
    enabled: may('keys:read'),
  });
  const workspaces = useWorkspaceNames();
  if (!may('keys:read')) return null;
  const rows = data?.data ?? [];
  return (
    <Region
      flush
      title="API keys"
      aside={data === undefined ? undefined : `${rows.filter((key) => stateOf(key)[0] === 'ok').length} valid`}
      end={
        may('keys:write') ? (
          <Button
            icon="key"
            onClick={() => {
              setCreating(true);
            }}
          >
            Create key
          </Button>
        ) : undefined
      }
    >
      {rows.length === 0 && data !== undefined ? (
        <Empty title="No key yet">A key lets a program call the API, with the scopes you choose.</Empty>
      ) : (
        <Table
          label="API keys"
          rows={rows}
          keyOf={({ id }) => id}
          columns={[
            { title: 'Name', main: true, cell: ({ name }) => <Name>{name}</Name> },
            { title: 'Key', width: 180, cell: ({ prefix }) => <span className="mono small">{`${prefix}…`}</span> },
            { title: 'Status', width: 104, cell: (key) => <Status tone={stateOf(key)[0]}>{stateOf(key)[1]}</Status> },
            {
              title: 'Scopes',
              width: 180,
              minor: true,
              cell: ({ scopes }) => <span title={scopes.join(', ')}>{scopes.join(', ')}</span>,
            },
            {
              title: 'Workspace',
              width: 150,
              minor: true,
              cell: ({ workspace_id: id }) => <Name>{id === null ? 'All' : (workspaces.get(id) ?? id)}</Name>,
            },
            {
              title: 'Last used',
              width: 130,
              numeric: true,
              cell: ({ last_used_at: at }) =>
                at === null ? <span className="faint">never</span> : <Time at={at} ago />,
            },
            {
              title: 'Expires',
              width: 130,
              numeric: true,
              minor: true,
              cell: ({ expires_at: at }) => (at === null ? <span className="faint">never</span> : <Time at={at} />),
            },
            {
              title: '',
              width: 124,
              numeric: true,
              cell: (key) => (stateOf(key)[0] === 'ok' && may('keys:write') ? <Revoke apiKey={key} /> : null),
            },
          ]}
        />
      )}
      {creating ? (
        <CreateKey
          forSandbox={forSandbox}
          onClose={() => {
            setCreating(false);
          }}
          onCreated={setCreated}
        />
      ) : null}
      {created === undefined ? null : (
        <SecretDialog
          title={`Key “${created.name}”`}
          secret={created.key}
          onClose={() => {
            setCreated(undefined);
          }}
        >
          Send it as Authorization: Bearer.
        </SecretDialog>
      )}
    </Region>
  );
}

function useWorkspaceNames(): ReadonlyMap<string, string> {
  const may = useMay();
  const { data } = useQuery({
    queryKey: ['workspaces', 'switcher'],
    queryFn: ({ signal }) => api.workspaces.list({ page_size: 100 }, { signal }).page(),
    enabled: may('workspaces:read'),
  });
  return new Map((data?.data ?? []).map(({ id, name }) => [id, name]));
}

function Revoke({ apiKey }: { readonly apiKey: Key }) {
  const revoke = useMutation({
    mutationFn: () => api.keys.revoke(apiKey.id),
    onSuccess: () => {
      toast(`Key “${apiKey.name}” is revoked.`);
      return queryClient.invalidateQueries({ queryKey: ['keys'] });
    },
  });
  return (
    <ConfirmButton
      word="Revoke…"
      title={`Revoke “${apiKey.name}”`}
      action="Revoke key"
      busy={revoke.isPending}
      onConfirm={() => revoke.mutateAsync()}
    >
      Programs that use it get 401 at once. It cannot be undone.{' '}
      {apiKey.last_used_at === null ? (
        'It was never used.'
      ) : (
        <>
          Last used <Time at={apiKey.last_used_at} ago />.
        </>
      )}
    </ConfirmButton>
  );
}

function CreateKey({
  forSandbox,
  onClose,
  onCreated,
}: {
  readonly forSandbox: boolean;
  readonly onClose: () => void;
  readonly onCreated: (key: CreatedKey) => void;
}) {
  const [everything, setEverything] = useState(true);
  const workspaces = useWorkspaceNames();
  const create = useMutation({
    meta: { quiet: true },
    mutationFn: (body: CreateKeyBody) => api.keys.create(body),
    onSuccess: (key, { sandbox }) => {
      void queryClient.invalidateQueries({ queryKey: ['keys'] });
      // The first key of the sandbox creates it: the frame shows the switch.
      if (sandbox === true) void queryClient.invalidateQueries(session);
      onClose();
      onCreated(key);
    },
  });
  const problems = problemsOf(create.error);
  return (
    <FormDialog
      title="Create key"
      open
      width={600}
      onClose={onClose}
      action="Create key"
      busy={create.isPending}
      problem={problemOf(create.error) ?? problems['scopes']}
      onSubmit={(data) => {
        const text = (name: string): string => String(data.get(name) ?? '');
        create.mutate({
          name: text('name'),
          scopes: (everything ? ['*'] : data.getAll('scope').map(String)) as NonNullable<CreateKeyBody['scopes']>,
          ...(text('workspace') === '' ? {} : { workspace_id: text('workspace') }),
          ...(text('expires') === '' ? {} : { expires_at: new Date(`${text('expires')}T23:59:59`).toISOString() }),
          ...(data.get('sandbox') === null ? {} : { sandbox: true }),
        });
      }}
    >
      <Field label="Name" error={problems['name']} hint="Where the key is used, such as “CRM sync”.">
        {(control) => <Input {...control} name="name" required maxLength={100} />}
      </Field>
      <div className="two-f">
        <Field label="Workspace" error={problems['workspace_id']}>
          {(control) => (
            <Select
              {...control}
              name="workspace"
              options={[
                { value: '', label: 'All workspaces' },
                ...[...workspaces].map(([value, label]) => ({ value, label })),
              ]}
            />
          )}
        </Field>
        <Field label="Expires" error={problems['expires_at']} hint="Empty: never.">
          {(control) => <Input {...control} name="expires" type="date" />}
        </Field>
      </div>
      <div className="stack">
        <Checkbox
          checked={everything}
          onChange={({ target }) => {
            setEverything(target.checked);
          }}
        >
          All scopes
        </Checkbox>
        {everything ? null : (
          <div className="scopes">
            {areas.map((area) => (
              <div key={area} className="row">
                <span className="grow">{area}</span>
                <Checkbox name="scope" value={`${area}:read`}>
                  read
                </Checkbox>
                <Checkbox name="scope" value={`${area}:write`}>
                  write
                </Checkbox>
              </div>
            ))}
          </div>
        )}
      </div>
      <Checkbox name="sandbox" defaultChecked={forSandbox}>
        Key of the sandbox: mail is captured, nothing leaves the installation
      </Checkbox>
    </FormDialog>
  );
}
