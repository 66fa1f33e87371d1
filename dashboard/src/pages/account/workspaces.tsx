import { useMutation, useQuery } from '@tanstack/react-query';
import type { Workspace } from '@outrider/sdk';
import { useState } from 'react';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { CreateButton } from '../../components/create-button.tsx';
import { ConfirmButton, FormDialog } from '../../components/dialog.tsx';
import { Field, Input } from '../../components/field.tsx';
import { Empty, PageHead, Region } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { Table } from '../../components/table.tsx';
import { toast } from '../../components/toast.tsx';
import { Name, Time } from '../../components/value.tsx';
import { SecretDialog } from '../webhooks/secret-dialog.tsx';
import { Brand } from './brand.tsx';

/** Clients of an agency, or customers of a product. */
export function Workspaces() {
  const may = useMay();
  const canWrite = may('workspaces:write');
  const [creating, setCreating] = useState(false);
  const [link, setLink] = useState<{ readonly name: string; readonly url: string }>();
  const { data } = useQuery({
    queryKey: ['workspaces', 'list'],
    queryFn: ({ signal }) => api.workspaces.list({ page_size: 100 }, { signal }).page(),
  });
  const open = useMutation({
    mutationFn: async ({ id, name }: Workspace) => ({ name, url: (await api.customerPortal.createPortalLink(id)).url }),
    onSuccess: setLink,
  });
  const rows = data?.data ?? [];
  const create = (): void => {
    setCreating(true);
  };
  return (
    <>
      <PageHead
        title="Workspaces"
        crumbs={[{ label: 'Settings', link: { to: '/settings' } }, { label: 'Workspaces' }]}
        actions={canWrite ? <CreateButton word="Add workspace" onCreate={create} /> : undefined}
      >
        <span>Each is one client, or one customer, with records, keys and endpoints of its own</span>
      </PageHead>
      {rows.length === 0 && data !== undefined ? (
        <Empty
          title="No workspaces yet"
          actions={
            canWrite ? (
              <Button look="primary" icon="plus" onClick={create}>
                Add workspace
              </Button>
            ) : undefined
          }
        >
          A workspace keeps the records of one client apart. Keys and members can be bound to it.
        </Empty>
      ) : (
        <Table
          label="Workspaces"
          two
          rows={rows}
          keyOf={({ id }) => id}
          columns={[
            {
              title: 'Name',
              main: true,
              cell: ({ name, external_id: external, id }) => (
                <>
                  <span className="medium trunc">
                    <Name>{name}</Name>
                  </span>
                  <span className="sub mono">{external ?? id}</span>
                </>
              ),
            },
            {
              title: 'Status',
              width: 120,
              cell: ({ status }) => (
                <Status tone={status === 'active' ? 'ok' : 'pending'}>
                  {status === 'active' ? 'Active' : 'Deleting'}
                </Status>
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
              title: 'Customer portal',
              width: 140,
              numeric: true,
              cell: (workspace) =>
                may('webhooks:write') && workspace.status === 'active' ? (
                  <Button
                    size="sm"
                    busy={open.isPending && open.variables.id === workspace.id}
                    onClick={() => {
                      open.mutate(workspace);
                    }}
                  >
                    Portal link
                  </Button>
                ) : null,
            },
            {
              title: '',
              width: 100,
              numeric: true,
              cell: (workspace) =>
                canWrite && workspace.status === 'active' ? <Remove workspace={workspace} /> : null,
            },
          ]}
        />
      )}
      {may('organization:read') ? (
        <Region title="Looks of the customer portal">
          <Brand />
        </Region>
      ) : null}
      {creating ? (
        <Create
          onClose={() => {
            setCreating(false);
          }}
        />
      ) : null}
      {link === undefined ? null : (
        <SecretDialog
          title={`Portal of ${link.name}`}
          secret={link.url}
          onClose={() => {
            setLink(undefined);
          }}
        >
          It opens the portal once, within 10 minutes. Your own pages create links with POST
          /v1/workspaces/:id/portal-links.
        </SecretDialog>
      )}
    </>
  );
}

function Remove({ workspace }: { readonly workspace: Workspace }) {
  const remove = useMutation({
    mutationFn: () => api.workspaces.delete(workspace.id),
    onSuccess: () => {
      toast('The workspace is being deleted');
      return queryClient.invalidateQueries({ queryKey: ['workspaces'] });
    },
  });
  return (
    <ConfirmButton
      word="Delete…"
      title={`Delete ${workspace.name}`}
      action="Delete workspace"
      busy={remove.isPending}
      onConfirm={() => remove.mutateAsync()}
    >
      Its keys are revoked at once, and all its records, mailboxes, campaigns and endpoints are deleted. It cannot be
      undone.
    </ConfirmButton>
  );
}

function Create({ onClose }: { readonly onClose: () => void }) {
  const create = useMutation({
    meta: { quiet: true },
    mutationFn: (data: FormData) => {
      const external = String(data.get('external_id') ?? '').trim();
      return api.workspaces.create({
        name: String(data.get('name') ?? ''),
        ...(external === '' ? {} : { external_id: external }),
      });
    },
    onSuccess: () => {
      onClose();
      return queryClient.invalidateQueries({ queryKey: ['workspaces'] });
    },
  });
  const problems = problemsOf(create.error);
  return (
    <FormDialog
      title="Add workspace"
      open
      width={480}
      onClose={onClose}
      action="Add workspace"
      busy={create.isPending}
      problem={problemOf(create.error)}
      onSubmit={(data) => {
        create.mutate(data);
      }}
    >
      <Field label="Name" error={problems['name']}>
        {(control) => <Input {...control} name="name" required dir="auto" />}
      </Field>
      <Field
        label="Your own id of it"
        error={problems['external_id']}
        hint="Optional. Calls can then name the workspace by it."
      >
        {(control) => <Input {...control} name="external_id" className="mono" />}
      </Field>
    </FormDialog>
  );
}
