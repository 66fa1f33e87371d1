import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, problemOf, problemsOf } from '../../app/api.ts';
import { Button } from '../../components/button.tsx';
import { Field, Input } from '../../components/field.tsx';
import { Note } from '../../components/page.tsx';
import { Gate } from './gate.tsx';
import { LinkForm } from './link-form.tsx';

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
export const Reset = () => (
  <LinkForm
    title="Set a new password"
    action="Set password"
    hint="At least 12 characters."
    send={(sent) => api.accounts.acceptPasswordReset(sent)}
    note={<p className="small muted">Your sessions end, on every device. Your passkeys stay.</p>}
    foot={
      <p className="small">
        <Link to="/forgot-password">Ask for another link</Link>
      </p>
    }
  />
);
