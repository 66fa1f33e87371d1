import { useMutation, useQuery } from '@tanstack/react-query';
import type { CreatedInvitation, Invitation, Member } from '@outrider/sdk';
import { useState } from 'react';
import { api, queryClient } from '../../app/api.ts';
import { useMay, useSession } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { CreateButton } from '../../components/create-button.tsx';
import { ConfirmButton } from '../../components/dialog.tsx';
import { Select } from '../../components/field.tsx';
import { Empty, PageHead, Region } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { toast } from '../../components/toast.tsx';
import { Name, Time } from '../../components/value.tsx';
import { SecretDialog } from '../webhooks/secret-dialog.tsx';
import { Invite, isLimitable, roleOf, roles, useWorkspaces } from './invite.tsx';
import type { Choice, Role } from './invite.tsx';

/** Who works here, and who is invited. */
export function People() {
  const may = useMay();
  const [inviting, setInviting] = useState(false);
  const [invited, setInvited] = useState<CreatedInvitation>();
  const { data: members } = useQuery({
    queryKey: ['members'],
    queryFn: ({ signal }) => api.accounts.listMembers({ page_size: 100 }, { signal }).page(),
  });
  const { data: invitations } = useQuery({
    queryKey: ['invitations'],
    queryFn: ({ signal }) => api.accounts.listInvitations({ page_size: 100 }, { signal }).page(),
  });
  const withdraw = useMutation({
    mutationFn: (id: string) => api.accounts.withdrawInvitation(id),
    onSuccess: () => {
      toast('Invitation withdrawn');
      return queryClient.invalidateQueries({ queryKey: ['invitations'] });
    },
  });
  const canWrite = may('members:write');
  const workspaces = useWorkspaces();
  const nameOf = (id: string | null): string => workspaces.find(({ value }) => value === (id ?? ''))?.label ?? '–';
  return (
    <>
      <PageHead
        title="People"
        crumbs={[{ label: 'Settings', link: { to: '/settings' } }, { label: 'People' }]}
        actions={
          canWrite ? (
            <CreateButton
              word="Invite"
              onCreate={() => {
                setInviting(true);
              }}
            />
          ) : undefined
        }
      />
      <Region flush title="Members" aside={members === undefined ? undefined : String(members.total)}>
        <Table
          label="Members"
          two
          rows={members?.data ?? []}
          keyOf={({ id }) => id}
          columns={[
            {
              title: 'Name',
              main: true,
              cell: ({ name, email }) => (
                <>
                  <span className="medium trunc">
                    <Name>{name}</Name>
                  </span>
                  <span className="sub">{email}</span>
                </>
              ),
            },
            { title: 'Role', width: 280, cell: (member) => <RoleOf member={member} editable={canWrite} /> },
            ...(workspaces.length === 1
              ? []
              : [
                  {
                    title: 'Workspace',
                    width: 200,
                    cell: (member: Member) =>
                      canWrite && isLimitable(member.role) ? (
                        <WorkspaceOf member={member} workspaces={workspaces} />
                      ) : (
                        <span>{nameOf(member.workspace_id)}</span>
                      ),
                  },
                ]),
            { title: 'Since', width: 130, numeric: true, minor: true, cell: ({ created_at: at }) => <Time at={at} /> },
            { title: '', width: 124, numeric: true, cell: (member) => (canWrite ? <Remove member={member} /> : null) },
          ]}
        />
      </Region>
      <Region flush title="Invitations">
        {invitations?.data.length === 0 ? (
          <Empty title="No open invitation">
            An invitation is a link that works once. It is mailed to the person, if this installation sends mail.
          </Empty>
        ) : (
          <Table
            label="Invitations"
            rows={invitations?.data ?? []}
            keyOf={({ id }) => id}
            columns={[
              { title: 'Email', main: true, cell: ({ email }) => email },
              { title: 'Role', width: 120, cell: ({ role }) => role },
              ...(workspaces.length === 1
                ? []
                : [
                    {
                      title: 'Workspace',
                      width: 160,
                      cell: ({ workspace_id: id }: Invitation) => <span>{nameOf(id)}</span>,
                    },
                  ]),
              { title: 'Ends', width: 140, numeric: true, cell: ({ expires_at: at }) => <Time at={at} /> },
              {
                title: '',
                width: 110,
                numeric: true,
                cell: ({ id }) =>
                  canWrite ? (
                    <Button
                      size="sm"
                      onClick={() => {
                        withdraw.mutate(id);
                      }}
                    >
                      Withdraw
                    </Button>
                  ) : null,
              },
            ]}
          />
        )}
      </Region>
      {inviting ? (
        <Invite
          workspaces={workspaces}
          onClose={() => {
            setInviting(false);
          }}
          onInvited={setInvited}
        />
      ) : null}
      {invited === undefined ? null : (
        <SecretDialog
          title={`Invitation of ${invited.email}`}
          secret={`${location.origin}/invitation#token=${invited.token}`}
          onClose={() => {
            setInvited(undefined);
          }}
        >
          {invited.mailed
            ? `The link is also on its way to ${invited.email}. It works once, for 7 days.`
            : 'Send this link to the person: it is not mailed. It works once, for 7 days.'}
        </SecretDialog>
      )}
    </>
  );
}

function RoleOf({ member, editable }: { readonly member: Member; readonly editable: boolean }) {
  const change = useMutation({
    mutationFn: (role: Role) => api.accounts.updateMember(member.id, { role }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['members'] }),
  });
  if (!editable) return <span>{member.role}</span>;
  return (
    <Select
      aria-label={`Role of ${member.email}`}
      value={change.isPending ? change.variables : member.role}
      options={roles}
      onChange={({ target }) => {
        change.mutate(roleOf(target.value));
      }}
    />
  );
}

function WorkspaceOf({ member, workspaces }: { readonly member: Member; readonly workspaces: readonly Choice[] }) {
  const change = useMutation({
    mutationFn: (id: string) => api.accounts.updateMember(member.id, { workspace_id: id === '' ? null : id }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['members'] }),
  });
  return (
    <Select
      aria-label={`Workspace of ${member.email}`}
      value={change.isPending ? change.variables : (member.workspace_id ?? '')}
      options={workspaces}
      onChange={({ target }) => {
        change.mutate(target.value);
      }}
    />
  );
}

function Remove({ member }: { readonly member: Member }) {
  const { person } = useSession();
  const remove = useMutation({
    mutationFn: () => api.accounts.removeMember(member.id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['members'] }),
  });
  if (person?.id === member.person_id) return <span className="small muted">you</span>;
  return (
    <ConfirmButton
      word="Remove…"
      title={`Remove ${member.name}`}
      action="Remove member"
      busy={remove.isPending}
      onConfirm={() => remove.mutateAsync()}
    >
      The person cannot sign in here any more; sessions end at once. What they made stays.
    </ConfirmButton>
  );
}
