import '../../../styles/pages-mail.css';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Mailbox } from '@outrider/sdk';
import { api } from '../../../app/api.ts';
import { useWorkspace } from '../../../app/choice.ts';
import { useCursorList } from '../../../app/cursor-list.ts';
import { useMay } from '../../../app/session.ts';
import { useShortcuts } from '../../../app/shortcuts.ts';
import { LinkButton } from '../../../components/button.tsx';
import { ListFoot, ListProblem } from '../../../components/list.tsx';
import { Empty, PageHead } from '../../../components/page.tsx';
import { Table } from '../../../components/table.tsx';
import type { Column } from '../../../components/table.tsx';
import { Count } from '../../../components/value.tsx';
import { HealthBand, limitOf, MailboxState } from '../words.tsx';
import { warmupOf } from './queries.ts';

/** All mailboxes, with what each may still send today. */
export function Mailboxes() {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const may = useMay()('mailboxes:write');
  const list = useCursorList(
    ['mailboxes', workspace],
    (page, signal) => api.mailboxes.list({ ...page, workspace_id: workspace }, { signal }).page(),
    { refetchInterval: 30_000 },
  );
  const signedOut = list.rows.filter(({ status }) => status === 'auth_failed').length;
  return (
    <>
      <PageHead title="Mailboxes" actions={may ? <ConnectButton /> : undefined}>
        {list.rows.length === 0 ? undefined : (
          <>
            <span>
              {list.rows.filter(({ status }) => status === 'connected').length} of {list.rows.length} connected
            </span>
            {signedOut === 0 ? null : <span>{signedOut} signed out</span>}
          </>
        )}
      </PageHead>
      <ListProblem list={list} />
      {list.rows.length > 0 ? (
        <>
          <Table
            label="Mailboxes"
            two
            columns={columns}
            rows={list.rows}
            keyOf={({ id }) => id}
            onOpen={({ id }) => void navigate({ to: '/mailboxes/$id', params: { id } })}
          />
          <ListFoot list={list} one="mailbox" many="mailboxes" />
        </>
      ) : list.waits || list.error !== null ? null : (
        <Empty title="No mailbox yet" actions={may ? <ConnectButton bare /> : undefined}>
          Connect a mailbox you already own. The connection is tested step by step before anything is stored.
        </Empty>
      )}
    </>
  );
}

function ConnectButton({ bare = false }: { readonly bare?: boolean }) {
  const navigate = useNavigate();
  useShortcuts(bare ? {} : { c: () => void navigate({ to: '/mailboxes/new' }) });
  return (
    <LinkButton to="/mailboxes/new" look={bare ? undefined : 'primary'} icon="plus" shortcut={bare ? undefined : 'C'}>
      Connect a mailbox
    </LinkButton>
  );
}

const providers = {
  smtp: 'SMTP',
  google: 'Google',
  microsoft: 'Microsoft',
  capture: 'Captured, sends to nobody',
} as const;

const columns: readonly Column<Mailbox>[] = [
  {
    title: 'Mailbox',
    main: true,
    cell: ({ email, display_name: name, role }) => (
      <>
        <span className="medium">
          <bdi>{email}</bdi>
        </span>{' '}
        {role === 'seed' ? <span className="tag">seed</span> : null}
        {name === null ? null : (
          <span className="sub">
            <bdi>{name}</bdi>
          </span>
        )}
      </>
    ),
  },
  { title: 'State', width: 132, cell: (mailbox) => <MailboxState mailbox={mailbox} /> },
  { title: 'Health', width: 132, cell: ({ health }) => <HealthBand health={health} /> },
  { title: 'Sent today', width: 168, cell: (mailbox) => <Today mailbox={mailbox} /> },
  { title: 'What limits it', width: 232, minor: true, cell: (mailbox) => <LimitWord mailbox={mailbox} /> },
  { title: 'Connection', width: 190, minor: true, cell: ({ provider }) => providers[provider] },
];

function useLimit(mailbox: Mailbox) {
  const { data } = useQuery({ ...warmupOf(mailbox.id), enabled: mailbox.warmup.enabled });
  return limitOf(mailbox, data);
}

/** How much of today's mail was sent. */
export function Today({ mailbox }: { readonly mailbox: Mailbox }) {
  const { allowed } = useLimit(mailbox);
  if (mailbox.role === 'seed') return <span className="faint">only receives</span>;
  const share = allowed === 0 ? 0 : Math.min(100, (100 * mailbox.sent_today) / allowed);
  return (
    <span className="today-cell">
      <span>
        <Count value={mailbox.sent_today} /> <span className="muted">of {allowed.toLocaleString('en-US')}</span>
      </span>
      <span className={share >= 100 ? 'meter held' : 'meter'} aria-hidden="true">
        <i style={{ width: `${share}%` }} />
      </span>
    </span>
  );
}

function LimitWord({ mailbox }: { readonly mailbox: Mailbox }) {
  const { word } = useLimit(mailbox);
  if (mailbox.role === 'seed') return <span className="faint">–</span>;
  if (mailbox.status === 'paused') return 'A person paused it';
  if (mailbox.status_reason !== null) return <span title={mailbox.status_reason}>{mailbox.status_reason}</span>;
  return word;
}
