import { api } from '../../app/api.ts';
import { Field, Input } from '../../components/field.tsx';
import { LinkForm } from './link-form.tsx';

/** The owner's account, with the link that the server printed. */
export const SetUp = () => <Join title="Create the owner's account" asksEmail />;

/** An account with an invitation. */
export const Invitation = () => <Join title="Accept the invitation" />;

const Join = ({ title, asksEmail = false }: { readonly title: string; readonly asksEmail?: boolean }) => (
  <LinkForm
    title={title}
    action="Continue"
    hint="At least 12 characters. If you have an account, its password."
    send={(sent, text) =>
      api.accounts.acceptInvitation({ ...sent, name: text('name'), ...(asksEmail ? { email: text('email') } : {}) })
    }
    fields={(problems) => (
      <>
        {asksEmail ? (
          <Field label="Email" error={problems['email']}>
            {(control) => <Input {...control} name="email" type="email" autoComplete="username" required />}
          </Field>
        ) : null}
        <Field label="Name" error={problems['name']}>
          {(control) => <Input {...control} name="name" autoComplete="name" required maxLength={100} />}
        </Field>
      </>
    )}
  />
);
