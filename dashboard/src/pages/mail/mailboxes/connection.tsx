import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Mailbox, MailboxCheckStage, MailboxDns } from '@outrider/sdk';
import { api, messageOf } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import { Button } from '../../../components/button.tsx';
import { CopyLine } from '../../../components/copy.tsx';
import { Columns, Facts, Note, Region } from '../../../components/page.tsx';
import { Status } from '../../../components/status.tsx';
import type { Tone } from '../../../components/status.tsx';
import { Absent, Time } from '../../../components/value.tsx';
import { Stages } from './stages.tsx';

/** Servers, the test of the connection, DNS of the domain, the latest test to itself. */
export function Connection({ mailbox }: { readonly mailbox: Mailbox }) {
  return (
    <Columns even>
      <div>
        <Servers mailbox={mailbox} />
        <SelfTest id={mailbox.id} />
      </div>
      <Dns mailbox={mailbox} />
    </Columns>
  );
}

function Servers({ mailbox }: { readonly mailbox: Mailbox }) {
  const may = useMay()('mailboxes:write');
  const check = useMutation({
    meta: { quiet: true },
    mutationFn: () => api.mailboxes.checkMailbox(mailbox.id),
  });
  const { smtp, imap } = mailbox;
  const server = (each: typeof smtp): string | undefined =>
    each === null ? undefined : `${each.host}:${each.port}, ${each.security.toUpperCase()}, ${each.username}`;
  return (
    <Region
      title="Servers"
      end={
        may ? (
          <Button
            size="sm"
            icon="retry"
            busy={check.isPending}
            onClick={() => {
              check.mutate();
            }}
          >
            Test connection
          </Button>
        ) : undefined
      }
    >
      <div className="stack roomy">
        <Facts
          rows={[
            [
              'Sends over',
              mailbox.provider === 'capture' ? 'the capture box: nobody gets it' : (server(smtp) ?? <Absent />),
            ],
            [
              'Reads from',
              mailbox.provider === 'capture'
                ? 'the capture box'
                : (server(imap) ?? 'nothing: replies and bounces stay unknown'),
            ],
            ['Connected', <Time key="at" at={mailbox.connected_at} />],
          ]}
        />
        {check.error === null ? null : (
          <Note tone="failed" boxed>
            {messageOf(check.error)}
          </Note>
        )}
        {check.data === undefined ? null : (
          <Stages stages={stagesOf(check.data)} warnings={check.data.warnings} ok={check.data.ok} />
        )}
      </div>
    </Region>
  );
}

const stagesOf = ({ stages }: { readonly stages: MailboxCheckStage[] }): readonly MailboxCheckStage[] => stages;

const testWords: Readonly<Record<string, readonly [Tone, string]>> = {
  sending: ['pending', 'Sending'],
  searching: ['pending', 'Searching'],
  done: ['ok', 'Found'],
  not_found: ['failed', 'Not found'],
  failed: ['failed', 'Failed'],
};

/** The latest message of the mailbox to itself: where it arrived, and what the receiver saw. */
function SelfTest({ id }: { readonly id: string }) {
  const { data } = useQuery({
    queryKey: ['mailboxes', 'self-test', id],
    queryFn: ({ signal }) => api.mailboxes.getSelfTest(id, { signal }),
    refetchInterval: ({ state }) =>
      state.data?.status === 'sending' || state.data?.status === 'searching' ? 2_000 : false,
  });
  if (data == null)
    return (
      <Region title="Test to itself">
        <p className="muted">No test was sent yet. It shows what receivers see: folder, SPF, DKIM, DMARC.</p>
      </Region>
    );
  const [tone, word] = testWords[data.status] ?? ['unknown', data.status];
  const { authentication } = data;
  return (
    <Region title="Test to itself" aside={<Time at={data.created_at} />}>
      <Facts
        rows={[
          [
            'Result',
            <Status key="s" tone={tone}>
              {word}
            </Status>,
          ],
          ...(data.error === null ? [] : ([['Why', data.error]] as const)),
          ...(data.folder === null ? [] : ([['Folder', data.folder]] as const)),
          ...(authentication === null
            ? []
            : ([
                ['SPF', <Verdict key="spf" verdict={authentication.spf} />],
                ['DKIM', <Verdict key="dkim" verdict={authentication.dkim} />],
                ['DMARC', <Verdict key="dmarc" verdict={authentication.dmarc} />],
              ] as const)),
          ...(data.filed_in_sent === null
            ? []
            : ([['Copy in Sent', data.filed_in_sent ? 'filed by the provider' : 'not filed']] as const)),
        ]}
      />
    </Region>
  );
}

function Verdict({ verdict }: { readonly verdict: string | null }) {
  if (verdict === null) return <Absent>not recorded</Absent>;
  return <Status tone={verdict === 'pass' ? 'ok' : 'failed'}>{verdict}</Status>;
}

const dnsWords = {
  ok: ['ok', 'Passes'],
  warning: ['watch', 'Warning'],
  failing: ['failed', 'Failing'],
  unknown: ['unknown', 'Unknown'],
} as const;

function Dns({ mailbox }: { readonly mailbox: Mailbox }) {
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['mailboxes', 'dns', mailbox.id],
    queryFn: ({ signal }) => api.mailboxes.checkMailboxDns(mailbox.id, { signal }),
    staleTime: 300_000,
  });
  return (
    <Region
      title={`DNS of ${data?.domain ?? mailbox.email.split('@')[1] ?? ''}`}
      aside={
        data === undefined ? undefined : (
          <>
            checked <Time at={data.checked_at} ago />
          </>
        )
      }
      flush
      end={
        <Button size="sm" icon="retry" busy={isFetching} onClick={() => void refetch()}>
          Check again
        </Button>
      }
    >
      {error === null ? null : <Note tone="failed">{messageOf(error)}</Note>}
      {data === undefined ? null : <Checks dns={data} />}
    </Region>
  );
}

function Checks({ dns }: { readonly dns: MailboxDns }) {
  const { domain, mx, spf, dkim, dmarc, tracking } = dns;
  return (
    <ul className="list ruled-top">
      <Check name="MX" check={mx} place={domain} />
      <Check name="SPF" check={spf} place={domain} note={`${spf.lookups} of 10 look-ups`} />
      <Check name="DKIM" check={dkim} place={domain} />
      <Check
        name="DMARC"
        check={dmarc}
        place={`_dmarc.${dmarc.record_domain}`}
        note={dmarc.policy === null ? undefined : `policy ${dmarc.policy}`}
      />
      {tracking === null ? (
        <li className="dns">
          <Status tone="off">Not set</Status>
          <span className="medium dn">Tracking</span>
          <span className="small muted">
            no host of your own: opens and clicks are not measured. <Link to="/settings/tracking">Add one</Link>
          </span>
        </li>
      ) : (
        <Check name="Tracking" check={tracking} place={domain} />
      )}
    </ul>
  );
}

/** Whether it is a record to copy, and not a sentence about one. */
const isRecord = (expected: string): boolean => /^v=|^[\w.-]+\.[a-z]+\.?$/i.test(expected);

function Check({
  name,
  check,
  place,
  note,
}: {
  readonly name: string;
  readonly check: MailboxDns['mx'];
  readonly place: string;
  readonly note?: string;
}) {
  const [tone, word] = dnsWords[check.status];
  return (
    <li className="dns">
      <Status tone={tone}>{word}</Status>
      <span className="medium dn">{name}</span>
      <span className="grow found">
        {check.found.length === 0 ? (
          <span className="small muted">no record at {place}</span>
        ) : (
          check.found.map((each) => (
            <span key={each} className="mono small muted">
              {each}
            </span>
          ))
        )}
        {note === undefined ? null : <span className="small faint">{note}</span>}
      </span>
      {check.fix === null ? null : (
        <div className={`fix ${tone === 'failed' ? '' : 'mild'}`}>
          <p>{check.fix}</p>
          <div className="fixg">
            <span className="muted small">Name</span>
            <CopyLine text={place} label="Copy name" wrap />
            <span className="muted small">Value</span>
            {isRecord(check.expected) ? (
              <CopyLine text={check.expected} label="Copy value" wrap />
            ) : (
              <span className="small">{check.expected}</span>
            )}
          </div>
        </div>
      )}
    </li>
  );
}
