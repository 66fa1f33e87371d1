import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, needsCode, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { Button } from '../../components/button.tsx';
import { Field, Input } from '../../components/field.tsx';
import { Note } from '../../components/page.tsx';
import { Gate } from './gate.tsx';

/** The token is after `#`, so that no server or proxy sees it before it is used. */
export const tokenOf = (hash: string): string => new URLSearchParams(hash.slice(1)).get('token') ?? '';

/** The owner's account, with the link that the server printed. */
export const SetUp = () => <Join title="Create the owner's account" asksEmail />;

/** An account with an invitation. */
export const Invitation = () => <Join title="Accept the invitation" />;

function Join({ title, asksEmail = false }: { readonly title: string; readonly asksEmail?: boolean }) {
  const [token] = useState(() => tokenOf(location.hash));
  const join = useMutation({
    meta: { quiet: true },
    mutationFn: (data: FormData) => {
      const text = (name: string): string => String(data.get(name) ?? '');
      return api.accounts.acceptInvitation({
        token,
        name: text('name'),
        password: text('password'),
        ...(asksEmail ? { email: text('email') } : {}),
        ...(text('code') === '' ? {} : { code: text('code') }),
      });
    },
    onSuccess: () => {
      queryClient.clear();
      location.assign('/');
    },
  });
  const problems = problemsOf(join.error);
  if (token === '')
    return (
      <Gate title={title}>
        <Note tone="watch" boxed>
          The link is not complete. Open it again, whole, or ask for another one.
        </Note>
      </Gate>
    );
  return (
    <Gate title={title}>
      <form
        className="stack roomy"
        onSubmit={(event) => {
          event.preventDefault();
          join.mutate(new FormData(event.currentTarget));
        }}
      >
        {problemOf(join.error) === undefined ? null : (
          <Note tone={needsCode(join.error) ? 'watch' : 'failed'} boxed>
            {problemOf(join.error)}
          </Note>
        )}
        {asksEmail ? (
          <Field label="Email" error={problems['email']}>
            {(control) => <Input {...control} name="email" type="email" autoComplete="username" required />}
          </Field>
        ) : null}
        <Field label="Name" error={problems['name']}>
          {(control) => <Input {...control} name="name" autoComplete="name" required maxLength={100} />}
        </Field>
        <NewPassword
          error={problems['password']}
          hint="At least 12 characters. If you have an account, its password."
        />
        {needsCode(join.error) ? <CodeField /> : null}
        <Button type="submit" look="primary" size="big" busy={join.isPending}>
          Continue
        </Button>
      </form>
    </Gate>
  );
}

export const NewPassword = ({ error, hint }: { readonly error: string | undefined; readonly hint: string }) => (
  <Field label="Password" error={error} hint={hint}>
    {(control) => (
      <Input
        {...control}
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={12}
        maxLength={128}
      />
    )}
  </Field>
);

/** For an account that has one-time passwords. */
export const CodeField = () => (
  <Field label="Code" hint="Of your authenticator app, or a recovery code.">
    {(control) => <Input {...control} name="code" autoComplete="one-time-code" required minLength={6} maxLength={40} />}
  </Field>
);
