import '../../../styles/pages-mail.css';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { CreateMailboxBody, MailSettings } from '@outrider/sdk';
import { api, messageOf, problemOf, problemsOf, queryClient, stagesOf } from '../../../app/api.ts';
import { useWorkspace } from '../../../app/choice.ts';
import { useMay, useSession } from '../../../app/session.ts';
import { Button, LinkButton } from '../../../components/button.tsx';
import { Checkbox, Field, Input } from '../../../components/field.tsx';
import { Note, PageHead, Refused, Region } from '../../../components/page.tsx';
import { toast } from '../../../components/toast.tsx';
import { ServerFields, serverFrom } from './server-fields.tsx';
import { Stages } from './stages.tsx';

/** What an address leads to; without servers, the capture box. */
type Chosen = MailSettings | { readonly email: string };

/** Connects a mailbox: the address finds its servers, the test shows each stage, then it is stored. */
export function Connect() {
  const may = useMay()('mailboxes:write');
  const [settings, setSettings] = useState<Chosen | undefined>();
  if (!may) return <Refused title="Connect a mailbox" />;
  return (
    <>
      <PageHead
        title="Connect a mailbox"
        crumbs={[{ label: 'Mailboxes', link: { to: '/mailboxes' } }, { label: 'Connect' }]}
      />
      <ol className="wizard" aria-label="Steps">
        <li aria-current={settings === undefined ? 'step' : undefined}>1 Address</li>
        <li aria-current={settings === undefined ? undefined : 'step'}>2 Servers and test</li>
      </ol>
      {settings === undefined ? (
        <Address onFound={setSettings} />
      ) : (
        <Servers
          key={settings.email}
          settings={settings}
          onBack={() => {
            setSettings(undefined);
          }}
        />
      )}
    </>
  );
}

function Address({ onFound }: { readonly onFound: (settings: Chosen) => void }) {
  const { sandbox } = useSession().organization;
  const [email, setEmail] = useState('');
  const find = useMutation({
    meta: { quiet: true },
    mutationFn: () => api.mailboxes.findMailboxSettings({ email }),
    onSuccess: onFound,
  });
  return (
    <Region>
      <form
        className="stack roomy narrow"
        onSubmit={(event) => {
          event.preventDefault();
          if (sandbox) onFound({ email });
          else find.mutate();
        }}
      >
        {problemOf(find.error) === undefined ? null : (
          <Note tone="failed" boxed>
            {problemOf(find.error)}
          </Note>
        )}
        <Field
          label="Address of the mailbox"
          hint="Its servers are looked up: in a table of providers, the DNS and the files of the domain."
          error={problemsOf(find.error)['email']}
        >
          {(control) => (
            <Input
              {...control}
              type="email"
              required
              autoFocus
              autoComplete="email"
              value={email}
              onChange={({ target }) => {
                setEmail(target.value);
              }}
            />
          )}
        </Field>
        <div className="row">
          <Button type="submit" look="primary" busy={find.isPending}>
            {sandbox ? 'Use the capture box' : 'Find its servers'}
          </Button>
          <Button
            look="quiet"
            onClick={() => {
              if (sandbox) find.mutate();
              else onFound({ email });
            }}
          >
            {sandbox ? 'Find its servers' : 'Without a server: capture box'}
          </Button>
        </div>
        <p className="small muted">
          A mailbox of the capture box sends to nobody: its mail stays in this installation, to try things out.
        </p>
      </form>
    </Region>
  );
}

const passwordWords = { password: 'Password', app_password: 'App password', oauth: 'Password' } as const;

function Servers({ settings, onBack }: { readonly settings: Chosen; readonly onBack: () => void }) {
  const navigate = useNavigate();
  const workspace = useWorkspace();
  const found = 'smtp' in settings ? settings : undefined;
  const capture = found === undefined;
  const [reads, setReads] = useState(true);
  const [tested, setTested] = useState(false);
  const check = useMutation({
    meta: { quiet: true },
    mutationFn: (body: CreateMailboxBody) => api.mailboxes.testMailboxSettings(body),
    onSuccess: ({ ok }) => {
      setTested(ok);
    },
  });
  const create = useMutation({
    meta: { quiet: true },
    mutationFn: (body: CreateMailboxBody) => api.mailboxes.createMailbox(body),
    onSuccess: ({ id, email }) => {
      toast(`${email} is connected.`);
      void queryClient.invalidateQueries({ queryKey: ['mailboxes'] });
      void navigate({ to: '/mailboxes/$id', params: { id } });
    },
    onError: () => {
      setTested(false);
    },
  });
  const authorize = useMutation({
    mutationFn: (provider: 'google' | 'microsoft') =>
      api.mailboxes.startMailboxAuthorization(provider, { email: settings.email }),
    onSuccess: ({ url }) => {
      location.assign(url);
    },
  });
  const error = create.error ?? check.error;
  // Connecting tests again: what failed then counts, not the test before.
  const refused = stagesOf(create.error);
  const result = refused.length > 0 ? { ok: false, stages: refused, warnings: [] } : check.data;
  const problems = problemsOf(error);
  const provider = found?.provider === 'google' || found?.provider === 'microsoft' ? found.provider : undefined;
  const bodyOf = (data: FormData): CreateMailboxBody => {
    const name = String(data.get('display_name') ?? '').trim();
    return {
      email: String(data.get('email')).trim(),
      display_name: name === '' ? null : name,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      ...(workspace === undefined ? {} : { workspace_id: workspace }),
      ...(capture
        ? { provider: 'capture' as const }
        : {
            provider: 'smtp' as const,
            smtp: { password: '', ...serverFrom(data, 'smtp') },
            ...(reads ? { imap: { password: '', ...serverFrom(data, 'imap') } } : {}),
          }),
    };
  };
  return (
    <form
      onChange={() => {
        setTested(false);
      }}
      onSubmit={(event) => {
        event.preventDefault();
        const body = bodyOf(new FormData(event.currentTarget));
        if (capture || tested) {
          create.mutate(body);
          return;
        }
        create.reset();
        check.mutate(body);
      }}
    >
      {found?.source !== null ? null : (
        <Note tone="watch">
          No settings were found for {found.email}. Look up the SMTP and IMAP servers in the help pages of its provider,
          and enter them below.
        </Note>
      )}
      {provider === undefined ? null : (
        <Note
          tone="pending"
          action={
            <Button
              busy={authorize.isPending}
              onClick={() => {
                authorize.mutate(provider);
              }}
            >
              Authorize at {provider === 'google' ? 'Google' : 'Microsoft'}
            </Button>
          }
        >
          {found?.auth_hint === 'oauth'
            ? 'The provider accepts no passwords of programs: its owner authorizes the mailbox there.'
            : 'Its owner can authorize the mailbox there; an app password below works, too.'}
        </Note>
      )}
      {error === null || Object.keys(problems).length > 0 ? null : <Note tone="failed">{messageOf(error)}</Note>}
      <Region title="Sender">
        <div className="two-f narrow wide">
          <Field label="Address" error={problems['email']}>
            {(control) => (
              <Input
                {...control}
                name="email"
                type="email"
                required
                readOnly={!capture}
                defaultValue={settings.email}
              />
            )}
          </Field>
          <Field label="Name" hint="Before the address in “From”." error={problems['display_name']}>
            {(control) => <Input {...control} name="display_name" maxLength={200} autoFocus />}
          </Field>
        </div>
      </Region>
      {found === undefined ? null : (
        <Region
          title="Servers"
          aside={found.source === null ? 'nothing was found: ask your provider' : `found: ${sources[found.source]}`}
        >
          <div className="two-f narrow wide">
            <ServerFields
              name="smtp"
              server={found.smtp}
              problems={problems}
              passwordWord={passwordWords[found.auth_hint ?? 'password']}
            />
            <div className="stack roomy">
              {reads ? (
                <ServerFields
                  name="imap"
                  server={found.imap}
                  problems={problems}
                  passwordWord={passwordWords[found.auth_hint ?? 'password']}
                />
              ) : null}
              <Checkbox
                checked={reads}
                onChange={({ target }) => {
                  setReads(target.checked);
                }}
              >
                Read replies and bounces
              </Checkbox>
            </div>
          </div>
        </Region>
      )}
      {result === undefined ? null : (
        <Region title="Test" aside={result.ok ? 'nothing was sent' : 'nothing was stored'}>
          <Stages {...result} />
        </Region>
      )}
      <div className="formfoot">
        <Button type="submit" look="primary" busy={check.isPending || create.isPending}>
          {capture || tested ? 'Connect the mailbox' : 'Test the connection'}
        </Button>
        <Button look="quiet" onClick={onBack}>
          Back
        </Button>
        <LinkButton to="/mailboxes" look="quiet">
          Cancel
        </LinkButton>
      </div>
    </form>
  );
}

const sources = {
  provider: 'a known provider',
  mx: 'the mail exchangers of the domain',
  autoconfig: 'a file of the domain',
  well_known: 'a file of the domain',
  srv: 'the DNS of the domain',
} as const;
