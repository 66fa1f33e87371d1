import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, needsCode, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { Button } from '../../components/button.tsx';
import { Field, Input } from '../../components/field.tsx';
import { Note } from '../../components/page.tsx';
import { Gate } from './gate.tsx';
import { CodeField, NewPassword, tokenOf } from './join.tsx';

/** Asks for a link to set a new password. */
export function ForgotPassword() {
  const request = useMutation({
    meta: { quiet: true },
    mutationFn: (email: string) => api.accounts.requestPasswordReset({ email }),
  });
  return (
    <Gate title="Forgot your password?">
      {request.data === undefined ? (
        <form
          className="stack roomy"
          onSubmit={(event) => {
            event.preventDefault();
            request.mutate(String(new FormData(event.currentTarget).get('email') ?? ''));
          }}
        >
          {problemOf(request.error) === undefined ? null : (
            <Note tone="failed" boxed>
              {problemOf(request.error)}
            </Note>
          )}
          <Field label="Email" error={problemsOf(request.error)['email']}>
            {(control) => <Input {...control} name="email" type="email" autoComplete="username" required />}
          </Field>
          <Button type="submit" look="primary" size="big" busy={request.isPending}>
            Mail me a link
          </Button>
        </form>
      ) : (
        <Note tone={request.data.sends_mail ? 'ok' : 'watch'} boxed>
          {request.data.sends_mail
            ? `If ${request.variables} has an account, a mail with a link is on its way. The link works once, for an hour.`
            : 'This installation sends no mail. Ask its operator for a link.'}
        </Note>
      )}
      <p className="small muted">
        No mail? The operator of this server gets the same link with <code>outrider reset-password EMAIL</code>.
      </p>
      <p className="small">
        <Link to="/sign-in">Back to sign-in</Link>
      </p>
    </Gate>
  );
}

/** Sets a new password with a link. */
export function Reset() {
  const [token] = useState(() => tokenOf(location.hash));
  const reset = useMutation({
    meta: { quiet: true },
    mutationFn: (data: FormData) => {
      const text = (name: string): string => String(data.get(name) ?? '');
      return api.accounts.acceptPasswordReset({
        token,
        password: text('password'),
        ...(text('code') === '' ? {} : { code: text('code') }),
      });
    },
    onSuccess: () => {
      queryClient.clear();
      location.assign('/');
    },
  });
  const title = 'Set a new password';
  const another = (
    <p className="small">
      <Link to="/forgot-password">Ask for another link</Link>
    </p>
  );
  if (token === '')
    return (
      <Gate title={title}>
        <Note tone="watch" boxed>
          The link is not complete. Open it again, whole, or ask for another one.
        </Note>
        {another}
      </Gate>
    );
  return (
    <Gate title={title}>
      <form
        className="stack roomy"
        onSubmit={(event) => {
          event.preventDefault();
          reset.mutate(new FormData(event.currentTarget));
        }}
      >
        {problemOf(reset.error) === undefined ? null : (
          <Note tone={needsCode(reset.error) ? 'watch' : 'failed'} boxed>
            {problemOf(reset.error)}
          </Note>
        )}
        <NewPassword error={problemsOf(reset.error)['password']} hint="At least 12 characters." />
        {needsCode(reset.error) ? <CodeField /> : null}
        <Button type="submit" look="primary" size="big" busy={reset.isPending}>
          Set password
        </Button>
      </form>
      <p className="small muted">Your sessions end, on every device. Your passkeys stay.</p>
      {another}
    </Gate>
  );
}
