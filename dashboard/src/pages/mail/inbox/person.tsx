import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Contact, Reply } from '@outrider/sdk';
import { api } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import { sentence } from '../../../components/format.ts';
import { Facts } from '../../../components/page.tsx';
import { Absent, Name, Time } from '../../../components/value.tsx';
import { Suppress } from '../../records/contact-suppression.tsx';
import { nameOf } from '../../records/words.ts';
import { mailboxNames } from '../mailboxes/queries.ts';
import { LeadState, reasonWord } from '../words.tsx';

/** The contact who answered, if there is one. */
export function useContactOf(reply: Reply | undefined): Contact | undefined {
  const may = useMay();
  const id = reply?.contact_id ?? null;
  return useQuery({
    queryKey: ['contacts', 'one', id],
    queryFn: ({ signal }) => api.contacts.get(id ?? '', { signal }),
    enabled: id !== null && may('contacts:read'),
    placeholderData: undefined,
  }).data;
}

/** Who wrote, and the campaign that they answer; beside the thread on wide screens. */
export function Person({ reply, contact }: { readonly reply: Reply; readonly contact: Contact | undefined }) {
  return (
    <aside className="who2" aria-label="Person">
      <div className="rhead">
        <h2 className="trunc">
          {contact === undefined ? (
            <bdi>{reply.from}</bdi>
          ) : (
            <Link to="/contacts/$id" params={{ id: contact.id }}>
              <bdi>{nameOf(contact)}</bdi>
            </Link>
          )}
        </h2>
      </div>
      <div className="pbody2" tabIndex={0} role="region" aria-label="Facts of the person">
        {contact === undefined ? (
          <p className="small muted">No contact has this address.</p>
        ) : (
          <>
            <Facts width={84} rows={factsOf(contact)} />
            <div className="row">
              <Suppress contact={contact} />
            </div>
          </>
        )}
        <Findings reply={reply} />
        <InCampaign reply={reply} />
        <h3>Keys</h3>
        <dl className="keys small">
          {(
            [
              ['J K', 'next, previous'],
              ['R', 'reply'],
              ['E', 'done, with undo'],
              ['1 to 9', 'set the class'],
            ] as const
          ).map(([keys, word]) => (
            <div key={keys} className="kvrow">
              <dt>{keys.split(' ').map((key) => (key === 'to' ? 'to' : <kbd key={key}>{key}</kbd>))}</dt>
              <dd>{word}</dd>
            </div>
          ))}
        </dl>
      </div>
    </aside>
  );
}

const factsOf = (contact: Contact) =>
  [
    ['Title', <Name>{contact.job_title}</Name>],
    [
      'Company',
      contact.company_id === null ? (
        <Name>{contact.company_name}</Name>
      ) : (
        <Link to="/companies/$id" params={{ id: contact.company_id }}>
          <Name>{contact.company_name}</Name>
        </Link>
      ),
    ],
    ['Local time', contact.timezone === null ? <Absent /> : localTimeIn(contact.timezone)],
    ['Basis', contact.lawful_basis === null ? 'none' : sentence(contact.lawful_basis)],
    [
      'Tags',
      contact.tags.length === 0 ? (
        <Absent />
      ) : (
        <span className="row wrap tags">
          {contact.tags.map((tag) => (
            <span key={tag} className="tag">
              {tag}
            </span>
          ))}
        </span>
      ),
    ],
  ] as const;

/** `17:31 in Copenhagen`; the zone as it is, where the browser does not know it. */
function localTimeIn(zone: string): string {
  try {
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
    return `${clock.format(new Date())} in ${(zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')}`;
  } catch {
    return zone;
  }
}

/** What the reply says beside its class. */
function Findings({ reply: { return_date: back, referral } }: { readonly reply: Reply }) {
  if (back === null && referral === null) return null;
  return (
    <Facts
      width={84}
      rows={[
        ...(back === null ? [] : ([['Back on', back]] as const)),
        ...(referral === null
          ? []
          : ([['Names', <bdi>{[referral.name, referral.email].filter(Boolean).join(', ')}</bdi>]] as const)),
      ]}
    />
  );
}

const Address = ({ children }: { readonly children: string }) => (
  <span className="trunc" title={children}>
    {children}
  </span>
);

function InCampaign({ reply }: { readonly reply: Reply }) {
  const may = useMay()('campaigns:read');
  const { campaign_id: campaignId, lead_id: leadId } = reply;
  const { data: names } = useQuery(mailboxNames);
  const { data: campaign } = useQuery({
    queryKey: ['campaigns', 'one', campaignId],
    queryFn: ({ signal }) => api.campaigns.get(campaignId ?? '', { signal }),
    enabled: may && campaignId !== null,
    placeholderData: undefined,
  });
  const { data: lead } = useQuery({
    queryKey: ['leads', 'one', leadId],
    queryFn: ({ signal }) => api.leads.get(leadId ?? '', { signal }),
    enabled: may && leadId !== null,
    placeholderData: undefined,
  });
  return (
    <>
      <h3>Campaign</h3>
      <Facts
        width={84}
        rows={[
          [
            'Name',
            campaign === undefined ? (
              <Absent>{campaignId === null ? 'none' : '–'}</Absent>
            ) : (
              <Link to="/campaigns/$id" params={{ id: campaign.id }} search={{ tab: 'leads' }}>
                <Name>{campaign.name}</Name>
              </Link>
            ),
          ],
          ...(lead === undefined
            ? []
            : ([
                ['Lead', <LeadState status={lead.status} />],
                ['Step', `${lead.step} of ${campaign?.sequence.length ?? '–'}`],
                ...(lead.due_at === null ? [] : ([['Next', <Time at={lead.due_at} />]] as const)),
                ...(lead.blocked_reason === null ? [] : ([['Waits', reasonWord(lead.blocked_reason)]] as const)),
              ] as const)),
          ['Mailbox', <Address>{names?.get(reply.mailbox_id) ?? reply.to}</Address>],
        ]}
      />
    </>
  );
}
