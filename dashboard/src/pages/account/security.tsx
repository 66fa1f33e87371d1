import { useMutation, useQuery } from '@tanstack/react-query';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useSession } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { Field, Input } from '../../components/field.tsx';
import { Columns, Note, PageHead, Region } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { toast } from '../../components/toast.tsx';
import { Time } from '../../components/value.tsx';
import { NewPassword } from './new-password.tsx';
import { Passkeys } from './passkeys.tsx';
import { SecondFactor } from './second-factor.tsx';

/** The person's own password, second factor, passkeys and sessions. */
export function Security() {
  const { person } = useSession();
  return (
    <>
      <PageHead
        title="Sign-in and security"
        crumbs={[{ label: 'Settings', link: { to: '/settings' } }, { label: 'Sign-in and security' }]}
      >
        <span>{person?.email}</span>
      </PageHead>
      <Columns even ruled>
        <Region title="Password">
          <Password />
        </Region>
        <Region title="One-time passwords">
          <SecondFactor />
        </Region>
      </Columns>
      <Passkeys />
      <Sessions />
    </>
  );
}

function Password() {
  const change = useMutation({
    meta: { quiet: true },
    mutationFn: ({ data }: { data: FormData; form: HTMLFormElement }) =>
      api.accounts.changePassword({
        current_password: String(data.get('current') ?? ''),
        new_password: String(data.get('next') ?? ''),
      }),
    onSuccess: (_nothing, { form }) => {
      form.reset();
      toast('Password changed; your other sessions have ended');
      return queryClient.invalidateQueries({ queryKey: ['sessions'] });
    },
  });
  const problems = problemsOf(change.error);
  return (
    <form
      className="stack roomy"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ data: new FormData(event.currentTarget), form: event.currentTarget });
      }}
    >
      {problemOf(change.error) === undefined ? null : (
        <Note tone="failed" boxed>
          {problemOf(change.error)}
        </Note>
      )}
      <Field label="Current password" error={problems['current_password']}>
        {(control) => <Input {...control} name="current" type="password" autoComplete="current-password" required />}
      </Field>
      <NewPassword name="next" label="New password" hint="At least 12 characters." error={problems['new_password']} />
      <div className="row">
        <Button type="submit" busy={change.isPending}>
          Change password
        </Button>
      </div>
    </form>
  );
}

function Sessions() {
  const { data } = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => api.accounts.listSessions({ page_size: 50 }, { signal }).page(),
  });
  const end = useMutation({
    mutationFn: (id: string) => api.accounts.endSession(id),
    onSuccess: () => {
      toast('Session ended');
      return queryClient.invalidateQueries({ queryKey: ['sessions'] });
    },
  });
  return (
    <Region flush title="Sessions" aside="where you are signed in">
      <Table
        label="Sessions"
        rows={data?.data ?? []}
        keyOf={({ id }) => id}
        columns={[
          {
            title: 'Browser',
            main: true,
            cell: ({ user_agent: agent, current }) => (
              <>
                {current ? <span className="tag">this one</span> : null}{' '}
                <span title={agent ?? ''}>{agent ?? 'unknown'}</span>
              </>
            ),
          },
          { title: 'Address', width: 160, cell: ({ address }) => <span className="mono small">{address}</span> },
          {
            title: 'Last used',
            width: 130,
            numeric: true,
            minor: true,
            cell: ({ last_used_at: at }) => <Time at={at} ago />,
          },
          {
            title: 'Signed in',
            width: 130,
            numeric: true,
            minor: true,
            cell: ({ created_at: at }) => <Time at={at} />,
          },
          {
            title: '',
            width: 90,
            numeric: true,
            cell: ({ id, current }) =>
              current ? null : (
                <Button
                  size="sm"
                  onClick={() => {
                    end.mutate(id);
                  }}
                >
                  End
                </Button>
              ),
          },
        ]}
      />
    </Region>
  );
}
