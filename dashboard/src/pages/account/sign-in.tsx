import { useMutation } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, messageOf, needsCode, queryClient } from '../../app/api.ts';
import { Button } from '../../components/button.tsx';
import { Field, Input } from '../../components/field.tsx';
import { Note } from '../../components/page.tsx';
import { hasPasskeys, signInWithPasskey } from './authenticator.ts';
import { Gate } from './gate.tsx';

const route = getRouteApi('/sign-in');

/** Sign-in with email and password, or with a passkey. */
export function SignIn() {
  const { next, ended } = route.useSearch();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string>();
  const enter = (): void => {
    queryClient.clear();
    location.assign(pathOf(next));
  };
  const signIn = useMutation({
    meta: { quiet: true },
    mutationFn: () => api.accounts.signIn({ email, password, ...(code === undefined ? {} : { code }) }),
    onError: (error) => {
      if (needsCode(error)) setCode((given) => given ?? '');
    },
    onSuccess: enter,
  });
  const withPasskey = useMutation({ meta: { quiet: true }, mutationFn: signInWithPasskey, onSuccess: enter });
  const problem = withPasskey.error ?? signIn.error;
  return (
    <Gate title="Sign in">
      <form
        className="stack roomy"
        onSubmit={(event) => {
          event.preventDefault();
          withPasskey.reset();
          signIn.mutate();
        }}
      >
        {ended === true && problem === null ? (
          <Note tone="watch" boxed>
            Your session has ended. Sign in, and the page opens again.
          </Note>
        ) : null}
        {problem === null || needsCode(problem) ? null : (
          <Note tone="failed" boxed>
            {messageOf(problem)}
          </Note>
        )}
        <Field label="Email">
          {(control) => (
            <Input
              {...control}
              type="email"
              autoComplete="username webauthn"
              autoFocus
              required
              value={email}
              onChange={({ target }) => {
                setEmail(target.value);
              }}
            />
          )}
        </Field>
        <Field label="Password">
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={({ target }) => {
                setPassword(target.value);
              }}
            />
          )}
        </Field>
        {code === undefined ? null : (
          <Field label="Code" hint="Of your authenticator app, or a recovery code.">
            {(control) => (
              <Input
                {...control}
                autoComplete="one-time-code"
                autoFocus
                required
                minLength={6}
                maxLength={40}
                value={code}
                onChange={({ target }) => {
                  setCode(target.value);
                }}
              />
            )}
          </Field>
        )}
        <Button type="submit" look="primary" size="big" busy={signIn.isPending}>
          Continue
        </Button>
      </form>
      {hasPasskeys() ? (
        <>
          <div className="or">or</div>
          <Button
            size="big"
            icon="key"
            busy={withPasskey.isPending}
            onClick={() => {
              signIn.reset();
              withPasskey.mutate();
            }}
          >
            Sign in with a passkey
          </Button>
        </>
      ) : null}
      <p className="small">
        <Link to="/forgot-password">Forgot your password?</Link>
      </p>
      <p className="small muted">
        Accounts are by invitation of an owner or admin. First start? Open the one-time link that the server printed, or
        run <code>outrider invite-owner</code>.
      </p>
    </Gate>
  );
}

/** A path of this site; anything else would send a person elsewhere after signing in. */
const pathOf = (next: string | undefined): string => {
  const url = next === undefined ? null : URL.parse(next, location.origin);
  return url?.origin === location.origin ? `${url.pathname}${url.search}` : '/';
};
