import '../../../styles/pages-mail.css';
import '../../../styles/pages-mailbox.css';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Mailbox } from '@outrider/sdk';
import { api, queryClient } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import { Button } from '../../../components/button.tsx';
import { Note, PageHead, Tabs } from '../../../components/page.tsx';
import { toast } from '../../../components/toast.tsx';
import { daysWord, HealthBand, MailboxState } from '../words.tsx';
import { Connection } from './connection.tsx';
import { MailboxMessages } from './messages.tsx';
import { MailboxOverview } from './overview.tsx';
import { mailboxOf } from './queries.ts';
import { MailboxSettings } from './settings.tsx';
import { WarmupTab } from './warmup.tsx';

const route = getRouteApi('/frame/mailboxes/$id');

const tabs = [
  ['Overview', undefined],
  ['Connection', 'connection'],
  ['Warm-up', 'warmup'],
  ['Messages', 'messages'],
  ['Settings', 'settings'],
] as const;

/** One mailbox: what it sent today and why not more, its health, connection, warm-up, messages, settings. */
export function MailboxPage() {
  const { id } = route.useParams();
  const { tab } = route.useSearch();
  const { data: mailbox } = useSuspenseQuery(mailboxOf(id));
  return (
    <>
      <PageHead
        title={mailbox.email}
        crumbs={[{ label: 'Mailboxes', link: { to: '/mailboxes' } }, { label: mailbox.email }]}
        state={
          <>
            {mailbox.health.band === null ? null : <HealthBand health={mailbox.health} pill />}
            <MailboxState mailbox={mailbox} />
          </>
        }
        actions={<Actions mailbox={mailbox} />}
      >
        {mailbox.display_name === null ? null : (
          <span>
            <bdi>{mailbox.display_name}</bdi>
          </span>
        )}
        <span>{serversOf(mailbox)}</span>
        <span>
          {daysWord(mailbox.work_hours.days)}, {mailbox.work_hours.start} to {mailbox.work_hours.end},{' '}
          {mailbox.timezone}
        </span>
      </PageHead>
      <Tabs
        label="Mailbox"
        tabs={tabs.map(([label, name]) => ({
          label,
          link: { to: '/mailboxes/$id', params: { id }, search: name === undefined ? {} : { tab: name } },
          current: tab === name,
        }))}
      />
      <Trouble mailbox={mailbox} />
      {tab === undefined ? <MailboxOverview mailbox={mailbox} /> : null}
      {tab === 'connection' ? <Connection mailbox={mailbox} /> : null}
      {tab === 'warmup' ? <WarmupTab mailbox={mailbox} /> : null}
      {tab === 'messages' ? <MailboxMessages mailbox={mailbox} /> : null}
      {tab === 'settings' ? <MailboxSettings key={mailbox.updated_at} mailbox={mailbox} /> : null}
    </>
  );
}

function serversOf({ provider, smtp, imap }: Mailbox): string {
  if (provider === 'capture') return 'Captured: sends to nobody';
  if (provider !== 'smtp')
    return provider === 'google' ? 'Google, authorized by its owner' : 'Microsoft, authorized by its owner';
  return imap === null ? `SMTP, ${smtp?.host ?? ''}; not read` : `SMTP and IMAP, ${smtp?.host ?? ''}`;
}

/** One sentence, when a person has to act. */
function Trouble({ mailbox }: { readonly mailbox: Mailbox }) {
  if (mailbox.status === 'auth_failed' || mailbox.status === 'degraded' || mailbox.status === 'disconnected')
    return (
      <Note tone={mailbox.status === 'degraded' ? 'watch' : 'failed'}>
        <b>
          {mailbox.status === 'auth_failed'
            ? 'Signed out.'
            : mailbox.status === 'degraded'
              ? 'Its server does not answer.'
              : 'Disconnected.'}
        </b>{' '}
        {mailbox.status_reason ?? ''}{' '}
        {mailbox.status === 'auth_failed'
          ? 'Nothing is sent or read until the password is changed under Settings.'
          : mailbox.status === 'degraded'
            ? 'It is tried again by itself; messages wait.'
            : ''}
      </Note>
    );
  if (mailbox.status === 'paused')
    return (
      <Note tone="held">
        <b>A person paused it.</b> Messages wait, replies are still read. Resume it when it should send again.
      </Note>
    );
  return null;
}

function Actions({ mailbox }: { readonly mailbox: Mailbox }) {
  const may = useMay()('mailboxes:write');
  const { id, status } = mailbox;
  const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['mailboxes'] });
  const pause = useMutation({
    mutationFn: (paused: boolean) => (paused ? api.mailboxes.pauseMailbox(id) : api.mailboxes.resumeMailbox(id)),
    onSuccess: (_changed, paused) => {
      void refresh();
      toast(paused ? `${mailbox.email} is paused.` : `${mailbox.email} sends again.`, {
        undo: () => {
          pause.mutate(!paused);
        },
      });
    },
  });
  const test = useMutation({
    mutationFn: () => api.mailboxes.sendSelfTest(id),
    onSuccess: () => {
      void refresh();
      toast('A test is on its way to the mailbox itself. The result appears under Connection.');
    },
  });
  if (!may) return null;
  return (
    <>
      {mailbox.role === 'sender' && status !== 'disconnected' ? (
        <Button
          icon="send"
          busy={test.isPending}
          onClick={() => {
            test.mutate();
          }}
        >
          Send a test to itself
        </Button>
      ) : null}
      {status === 'disconnected' ? null : (
        <Button
          icon={status === 'paused' ? 'send' : 'pause'}
          busy={pause.isPending}
          onClick={() => {
            pause.mutate(status !== 'paused');
          }}
        >
          {status === 'paused' ? 'Resume' : 'Pause'}
        </Button>
      )}
    </>
  );
}
