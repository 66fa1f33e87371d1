import type { MailServer } from '@outrider/sdk';
import { Field, Input, Select } from '../../../components/field.tsx';

type Name = 'smtp' | 'imap';

/** A server as the form has it; the password only when one was typed. */
export function serverFrom(data: FormData, name: Name): MailServer & { password?: string } {
  const password = String(data.get(`${name}.password`) ?? '');
  return {
    host: String(data.get(`${name}.host`)).trim(),
    port: Number(data.get(`${name}.port`)),
    security: String(data.get(`${name}.security`)) as MailServer['security'],
    username: String(data.get(`${name}.username`)).trim(),
    ...(password === '' ? {} : { password }),
  };
}

/** Host, port, encryption and login of a server. */
export function ServerFields({
  name,
  server,
  problems,
  stored = false,
  passwordWord = 'Password',
}: {
  readonly name: Name;
  readonly server: MailServer | null;
  readonly problems: Readonly<Record<string, string>>;
  /** A password is stored already. */
  readonly stored?: boolean;
  readonly passwordWord?: string;
}) {
  const fallback = name === 'smtp' ? { port: 465, security: 'tls' } : { port: 993, security: 'tls' };
  return (
    <fieldset className="stack roomy server">
      <legend className="medium">{name === 'smtp' ? 'Sending (SMTP)' : 'Reading (IMAP)'}</legend>
      <Field label="Host" error={problems[`${name}.host`] ?? problems[name]}>
        {(control) => <Input {...control} name={`${name}.host`} required defaultValue={server?.host ?? ''} />}
      </Field>
      <div className="two-f">
        <Field label="Port" error={problems[`${name}.port`]}>
          {(control) => (
            <Input
              {...control}
              name={`${name}.port`}
              type="number"
              min={1}
              max={65535}
              required
              defaultValue={server?.port ?? fallback.port}
            />
          )}
        </Field>
        <Field label="Encryption" error={problems[`${name}.security`]}>
          {(control) => (
            <Select
              {...control}
              name={`${name}.security`}
              defaultValue={server?.security ?? fallback.security}
              options={[
                { value: 'tls', label: 'TLS' },
                { value: 'starttls', label: 'STARTTLS' },
                { value: 'none', label: 'None' },
              ]}
            />
          )}
        </Field>
      </div>
      <Field label="User name" error={problems[`${name}.username`]}>
        {(control) => (
          <Input
            {...control}
            name={`${name}.username`}
            required
            autoComplete="off"
            defaultValue={server?.username ?? ''}
          />
        )}
      </Field>
      <Field
        label={passwordWord}
        error={problems[`${name}.password`]}
        hint={stored ? 'Empty: the stored one stays.' : undefined}
      >
        {(control) => (
          <Input {...control} name={`${name}.password`} type="password" autoComplete="off" required={!stored} />
        )}
      </Field>
    </fieldset>
  );
}
