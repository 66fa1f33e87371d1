import '../../styles/pages-mail.css';
import '../../styles/pages-mailbox.css';
import { useMutation } from '@tanstack/react-query';
import type { TrackingDomain, TrackingDomainCheck } from '@outrider/sdk';
import { api, queryClient } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { CopyLine } from '../../components/copy.tsx';
import { ConfirmButton } from '../../components/dialog.tsx';
import { Note } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import type { Tone } from '../../components/status.tsx';
import { toast } from '../../components/toast.tsx';
import { Time } from '../../components/value.tsx';

const states = {
  pending: ['pending', 'Not verified'],
  verified: ['ok', 'Verified'],
  failing: ['failed', 'Failing'],
} as const satisfies Readonly<Record<TrackingDomain['status'], readonly [Tone, string]>>;

export const trackingState = ({ status }: TrackingDomain): readonly [Tone, string] => states[status];

const stageWords: Readonly<Record<TrackingDomainCheck['stages'][number]['stage'], string>> = {
  dns: 'Name in the DNS',
  connection: 'Connection',
  certificate: 'Certificate',
  callback: 'Leads here',
  ownership: 'Ownership',
};

/** The installation is reached by its address, without a name. */
const isAddress = /^[\d.]+$/.test(location.hostname);

/** What to enter in the DNS, and what the last check found. */
export function TrackingDetail({
  domain,
  onDeleted,
}: {
  readonly domain: TrackingDomain;
  readonly onDeleted: () => void;
}) {
  const may = useMay()('mailboxes:write');
  const verify = useMutation({
    mutationFn: () => api.trackingDomains.verify(domain.id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['tracking-domains'] }),
  });
  const remove = useMutation({
    mutationFn: () => api.trackingDomains.delete(domain.id),
    onSuccess: () => {
      toast('Tracking host deleted');
      onDeleted();
      return queryClient.invalidateQueries({ queryKey: ['tracking-domains'] });
    },
  });
  const [tone, word] = trackingState(domain);
  return (
    <>
      <div className="row">
        <Status tone={tone} pill>
          {word}
        </Status>
        {domain.verified_at === null ? null : (
          <span className="small muted">
            led here <Time at={domain.verified_at} ago />
          </span>
        )}
      </div>
      {domain.problem === null || verify.data !== undefined ? null : (
        <Note tone={domain.status === 'failing' ? 'failed' : 'watch'} boxed>
          {domain.problem}
        </Note>
      )}
      <h3>1. Add these DNS records</h3>
      <DnsRecord type={isAddress ? 'A' : 'CNAME'} name={domain.host} value={location.hostname} />
      <DnsRecord {...domain.record} />
      <p className="small muted">
        The TXT record proves that the host is yours. An address record (A, AAAA) works in place of the CNAME.
      </p>
      <h3>2. Let requests through</h3>
      <p className="small muted">
        The proxy in front of Outrider needs a certificate for {domain.host}, and passes /t/ and /u/ on.
      </p>
      <h3>3. Verify</h3>
      {verify.data === undefined ? null : <Found check={verify.data} />}
      {may ? (
        <div className="row">
          <Button
            look={domain.status === 'verified' ? undefined : 'primary'}
            icon="retry"
            busy={verify.isPending}
            onClick={() => {
              verify.mutate();
            }}
          >
            {domain.status === 'pending' ? 'Verify' : 'Check again'}
          </Button>
          <ConfirmButton
            word="Delete…"
            title={`Delete ${domain.host}`}
            action="Delete host"
            busy={remove.isPending}
            onConfirm={() => remove.mutateAsync()}
          >
            New messages do not use it. Links that were sent keep working as long as the host leads here, so leave its
            DNS record and certificate in place.
          </ConfirmButton>
        </div>
      ) : (
        <p className="muted">Who may change mailboxes can verify it.</p>
      )}
    </>
  );
}

const DnsRecord = ({ type, name, value }: { readonly type: string; readonly name: string; readonly value: string }) => (
  <div className="fixg">
    <span className="muted small">Type</span>
    <span className="mono">{type}</span>
    <span className="muted small">Name</span>
    <CopyLine text={name} label={`Copy name of ${type}`} wrap />
    <span className="muted small">Value</span>
    <CopyLine text={value} label={`Copy value of ${type}`} wrap />
  </div>
);

/** The stages of a check, up to the first failure. */
function Found({ check }: { readonly check: TrackingDomainCheck }) {
  return (
    <div className="stages stack" role="status">
      <ol>
        {check.stages.map(({ stage, ok, message }) => (
          <li key={stage}>
            <Status tone={ok ? 'ok' : 'failed'}>{stageWords[stage]}</Status>
            <span className="small muted">{message}</span>
          </li>
        ))}
      </ol>
      {check.stages.every(({ ok }) => ok) ? null : (
        <p className="small muted">
          Expected: {check.dns.expected}. Found: {check.dns.found.length === 0 ? 'nothing' : check.dns.found.join(', ')}
          .
        </p>
      )}
      {check.warnings.map((each) => (
        <Note key={each} tone="watch" boxed>
          {each}
        </Note>
      ))}
    </div>
  );
}
