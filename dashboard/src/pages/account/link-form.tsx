import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { needsCode, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { Button } from '../../components/button.tsx';
import { Field, Input } from '../../components/field.tsx';
import { Note } from '../../components/page.tsx';
import { Gate } from './gate.tsx';
import { NewPassword } from './new-password.tsx';

/** The token is after `#`, so that no server or proxy sees it before it is used. */
const tokenOf = (hash: string): string => new URLSearchParams(hash.slice(1)).get('token') ?? '';

/** What every form of a link sends. */
interface Sent {
  readonly token: string;
  readonly password: string;
  readonly code?: string;
}

interface LinkFormProps {
  readonly title: string;
  /** The word on the button. */
  readonly action: string;
  /** What the password is, below its field. */
  readonly hint: string;
  /** @param text the value of a further field, by its name */
  readonly send: (sent: Sent, text: (name: string) => string) => Promise<unknown>;
  /** Further fields, above the password. */
  readonly fields?: (problems: Readonly<Record<string, string>>) => ReactNode;
  /** Below the form. */
  readonly note?: ReactNode;
  /** Also shown if the link is not complete. */
  readonly foot?: ReactNode;
}

/** The form that a mailed or printed link opens: it sets a password, and signs in. */
export function LinkForm({ title, action, hint, send, fields, note, foot }: LinkFormProps) {
  const [token] = useState(() => tokenOf(location.hash));
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector('input')?.focus();
  }, []);
  const sending = useMutation({
    meta: { quiet: true },
    mutationFn: (data: FormData) => {
      const text = (name: string): string => String(data.get(name) ?? '');
      const code = text('code');
      return send({ token, password: text('password'), ...(code === '' ? {} : { code }) }, text);
    },
    onSuccess: () => {
      queryClient.clear();
      location.assign('/');
    },
  });
  if (token === '')
    return (
      <Gate title={title}>
        <Note tone="watch" boxed>
          The link is not complete. Open it again, whole, or ask for another one.
        </Note>
        {foot}
      </Gate>
    );
  const problem = problemOf(sending.error);
  const problems = problemsOf(sending.error);
  const withCode = needsCode(sending.error);
  return (
    <Gate title={title}>
      <form
        ref={form}
        className="stack roomy"
        onSubmit={(event) => {
          event.preventDefault();
          sending.mutate(new FormData(event.currentTarget));
        }}
      >
        {problem === undefined ? null : (
          <Note tone={withCode ? 'watch' : 'failed'} boxed>
            {problem}
          </Note>
        )}
        {fields?.(problems)}
        <NewPassword name="password" label="Password" hint={hint} error={problems['password']} />
        {withCode ? <CodeField /> : null}
        <Button type="submit" look="primary" size="big" busy={sending.isPending}>
          {action}
        </Button>
      </form>
      {note}
      {foot ?? (
        <p className="small">
          <Link to="/sign-in">Sign in instead</Link>
        </p>
      )}
    </Gate>
  );
}

/** For an account that has one-time passwords. */
const CodeField = () => (
  <Field label="Code" hint="Of your authenticator app, or a recovery code.">
    {(control) => <Input {...control} name="code" autoComplete="one-time-code" required minLength={6} maxLength={40} />}
  </Field>
);
