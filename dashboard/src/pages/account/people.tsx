import { useMutation, useQuery } from '@tanstack/react-query';
import type { CreatedInvitation, Member } from '@outrider/sdk';
import { useState } from 'react';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useMay, useSession } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { CreateButton } from '../../components/create-button.tsx';
import { ConfirmButton, FormDialog } from '../../components/dialog.tsx';
import { Field, Input, Select } from '../../components/field.tsx';
import { Empty, PageHead, Region } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { toast } from '../../components/toast.tsx';
import { Name, Time } from '../../components/value.tsx';
import { SecretDialog } from '../webhooks/secret-dialog.tsx';

const roles = [
  { value: 'owner', label: 'Owner: everything' },
  { value: 'admin', label: 'Admin: everything but owners' },
  { value: 'member', label: 'Member: records, campaigns, replies' },
  { value: 'viewer', label: 'Viewer: reads' },
] as const;
type Role = (typeof roles)[number]['value'];
const roleOf = (text: string): Role => roles.find(({ value }) => value === text)?.value ?? 'viewer';

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
            { title: 'Since', width: 130, numeric: true, minor: true, cell: ({ created_at: at }) => <Time at={at} /> },
            { title: '', width: 110, numeric: true, cell: (member) => (canWrite ? <Remove member={member} /> : null) },
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

function Invite({
  onClose,
  onInvited,
}: {
  readonly onClose: () => void;
  readonly onInvited: (invitation: CreatedInvitation) => void;
}) {
  const invite = useMutation({
    meta: { quiet: true },
    mutationFn: (data: FormData) =>
      api.accounts.createInvitation({
        email: String(data.get('email') ?? ''),
        role: roleOf(String(data.get('role') ?? '')),
      }),
    onSuccess: (invitation) => {
      void queryClient.invalidateQueries({ queryKey: ['invitations'] });
      onClose();
      onInvited(invitation);
    },
  });
  const problems = problemsOf(invite.error);
  return (
    <FormDialog
      title="Invite a person"
      open
      width={480}
      onClose={onClose}
      action="Create invitation"
      busy={invite.isPending}
      problem={problemOf(invite.error)}
      onSubmit={(data) => {
        invite.mutate(data);
      }}
    >
      <Field label="Email" error={problems['email']}>
        {(control) => <Input {...control} name="email" type="email" required />}
      </Field>
      <Field label="Role" error={problems['role']}>
        {(control) => <Select {...control} name="role" options={roles} defaultValue="member" />}
      </Field>
    </FormDialog>
  );
}
