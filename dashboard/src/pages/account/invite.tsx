import { useMutation, useQuery } from '@tanstack/react-query';
import type { CreatedInvitation } from '@outrider/sdk';
import { useState } from 'react';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { FormDialog } from '../../components/dialog.tsx';
import { Field, Input, Select } from '../../components/field.tsx';

export const roles = [
  { value: 'owner', label: 'Owner: everything' },
  { value: 'admin', label: 'Admin: everything but owners' },
  { value: 'member', label: 'Member: records, campaigns, replies' },
  { value: 'viewer', label: 'Viewer: reads' },
] as const;
export type Role = (typeof roles)[number]['value'];
export const roleOf = (text: string): Role => roles.find(({ value }) => value === text)?.value ?? 'viewer';

/** Who can be limited to a workspace. */
export const isLimitable = (role: string): boolean => role === 'member' || role === 'viewer';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** The workspaces that a person can be limited to, after the choice of none. */
export function useWorkspaces(): readonly Choice[] {
  const { data } = useQuery({
    queryKey: ['workspaces', 'list'],
    queryFn: ({ signal }) => api.workspaces.list({ page_size: 100 }, { signal }).page(),
    enabled: useMay()('workspaces:read'),
  });
  const active = (data?.data ?? []).filter(({ status }) => status === 'active');
  return [{ value: '', label: 'All' }, ...active.map(({ id, name }) => ({ value: id, label: name }))];
}

export function Invite({
  workspaces,
  onClose,
  onInvited,
}: {
  readonly workspaces: readonly Choice[];
  readonly onClose: () => void;
  readonly onInvited: (invitation: CreatedInvitation) => void;
}) {
  const [role, setRole] = useState<Role>('member');
  const invite = useMutation({
    meta: { quiet: true },
    mutationFn: (data: FormData) =>
      api.accounts.createInvitation({
        email: String(data.get('email') ?? ''),
        role: roleOf(String(data.get('role') ?? '')),
        ...(data.get('workspace') ? { workspace_id: String(data.get('workspace')) } : {}),
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
        {(control) => (
          <Select
            {...control}
            name="role"
            options={roles}
            value={role}
            onChange={({ target }) => {
              setRole(roleOf(target.value));
            }}
          />
        )}
      </Field>
      {workspaces.length > 1 && isLimitable(role) ? (
        <Field label="Workspace" error={problems['workspace_id']} hint="The person sees nothing else.">
          {(control) => <Select {...control} name="workspace" options={workspaces} defaultValue="" />}
        </Field>
      ) : null}
    </FormDialog>
  );
}
