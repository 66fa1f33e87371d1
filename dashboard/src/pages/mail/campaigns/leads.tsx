import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Campaign, Lead, ListLeadsQuery } from '@outrider/sdk';
import { api, messageOf, queryClient } from '../../../app/api.ts';
import { useCursorList } from '../../../app/cursor-list.ts';
import { useMay } from '../../../app/session.ts';
import { Button } from '../../../components/button.tsx';
import { ConfirmButton, Pane } from '../../../components/dialog.tsx';
import { sentence } from '../../../components/format.ts';
import { Filters, ListFoot, ListProblem, WithPane } from '../../../components/list.tsx';
import { Empty, Facts, Note } from '../../../components/page.tsx';
import { Table } from '../../../components/table.tsx';
import type { Column } from '../../../components/table.tsx';
import { Absent, Name, Time } from '../../../components/value.tsx';
import { mailboxNames } from '../mailboxes/queries.ts';
import { LeadState, leadStatuses, reasonWord } from '../words.tsx';

const route = getRouteApi('/frame/campaigns/$id');

/** The leads of a campaign: for each that gets nothing now, why, and until when. */
export function Leads({ campaign }: { readonly campaign: Campaign }) {
  const { status, open } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: names } = useQuery(mailboxNames);
  const list = useCursorList(['campaigns', 'leads', campaign.id, status], (page, signal) =>
    api.leads.list(campaign.id, { ...page, status: status as ListLeadsQuery['status'] }, { signal }).page(),
  );
  const show = (id: string | undefined): void => {
    void navigate({ search: (before) => ({ ...before, open: id }), replace: open !== undefined });
  };
  const steps = campaign.sequence.length;
  const columns: readonly Column<Lead>[] = [
    {
      title: 'Lead',
      main: true,
      cell: ({ email }) => (
        <span className="medium">
          <Name>{email}</Name>
        </span>
      ),
    },
    { title: 'Step', width: 80, cell: ({ step }) => `${step} of ${steps}` },
    { title: 'State', width: 136, cell: (lead) => <LeadState status={lead.status} /> },
    {
      title: 'Why not yet',
      cell: ({ blocked_reason: reason, blocked_detail: detail }) =>
        reason === null ? (
          ''
        ) : (
          <span className="trunc" title={detail ?? undefined}>
            {reasonWord(reason)}
          </span>
        ),
    },
    {
      title: 'Next or until',
      width: 152,
      cell: ({ blocked_until: until, due_at: due }) => <Time at={until ?? due} />,
    },
    {
      title: 'Mailbox',
      width: 128,
      minor: true,
      cell: ({ mailbox_id: id }) =>
        id === null ? <Absent /> : <Name>{names?.get(id)?.replace(/@.*/, '@') ?? '…'}</Name>,
    },
  ];
  return (
    <WithPane
      pane={
        open === undefined ? undefined : (
          <LeadPane
            id={open}
            onClose={() => {
              show(undefined);
            }}
          />
        )
      }
    >
      <Filters
        filters={[{ name: 'status', label: 'State', options: leadStatuses }]}
        values={{ status }}
        onChange={(changed) => void navigate({ search: (before) => ({ ...before, ...changed }) })}
      />
      <ListProblem list={list} />
      {list.rows.length > 0 ? (
        <>
          <Table
            label="Leads"
            columns={columns}
            rows={list.rows}
            keyOf={({ id }) => id}
            openKey={open}
            onOpen={({ id }) => {
              show(id);
            }}
          />
          <ListFoot list={list} one="lead" />
        </>
      ) : list.waits ? null : (
        <Empty title={status === undefined ? 'No lead yet' : 'No lead is in this state'}>
          Add contacts by tag, by segment or one by one with “Add leads”.
        </Empty>
      )}
    </WithPane>
  );
}

const open = new Set<Lead['status']>(['queued', 'waiting', 'sending', 'held']);

function LeadPane({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const may = useMay()('campaigns:write');
  const { data: lead, error } = useQuery({
    queryKey: ['campaigns', 'lead', id],
    queryFn: ({ signal }) => api.leads.get(id, { signal }),
    placeholderData: undefined,
  });
  const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['campaigns'] });
  const hold = useMutation({
    mutationFn: (held: boolean) => (held ? api.leads.pause(id) : api.leads.resume(id)),
    onSuccess: refresh,
  });
  const remove = useMutation({ mutationFn: () => api.leads.remove(id), onSuccess: refresh });
  return (
    <Pane title={<bdi>{lead?.email ?? 'Lead'}</bdi>} onClose={onClose}>
      {error === null ? null : (
        <Note tone="failed" boxed>
          {messageOf(error)}
        </Note>
      )}
      {lead === undefined ? null : (
        <div className="stack roomy">
          <Facts
            width={96}
            rows={[
              ['State', <LeadState key="s" status={lead.status} />],
              ...(lead.blocked_reason === null
                ? []
                : ([['Why not yet', lead.blocked_detail ?? reasonWord(lead.blocked_reason)]] as const)),
              ['Next or until', <Time key="t" at={lead.blocked_until ?? lead.due_at} />],
              ['Address', lead.verdict === null ? <Absent key="v">not verified</Absent> : sentence(lead.verdict)],
              [
                'Contact',
                lead.contact_id === null ? (
                  <Absent key="c">deleted</Absent>
                ) : (
                  <Link key="c" to="/contacts/$id" params={{ id: lead.contact_id }}>
                    Open the contact
                  </Link>
                ),
              ],
            ]}
          />
          {may && open.has(lead.status) ? (
            <div className="row wrap">
              <Button
                size="sm"
                busy={hold.isPending}
                onClick={() => {
                  hold.mutate(lead.status !== 'held');
                }}
              >
                {lead.status === 'held' ? 'Resume' : 'Hold'}
              </Button>
              <ConfirmButton
                word="Remove…"
                title={`Remove ${lead.email}?`}
                action="Remove 1 lead"
                busy={remove.isPending}
                onConfirm={() => remove.mutateAsync()}
              >
                It gets nothing more from this campaign, and cannot be added again.
              </ConfirmButton>
            </div>
          ) : null}
          <h3>Messages</h3>
          <ul className="events small">
            {lead.messages.map((each) => (
              <li key={each.id}>
                <span className="trunc">
                  {each.direction === 'inbound' ? 'Reply: ' : each.step === null ? '' : `${each.step}: `}
                  <Name>{each.subject}</Name>
                </span>
                <span className="muted nowrap">
                  <Time at={each.sent_at ?? each.created_at} />
                </span>
              </li>
            ))}
            {lead.messages.length === 0 ? <li className="muted">None yet.</li> : null}
          </ul>
          <h3>History</h3>
          <ul className="events small">
            {lead.history.map((each, index) => (
              <li key={index}>
                <span>{sentence(each.kind)}</span>
                <span className="muted nowrap">
                  <Time at={each.at} />
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Pane>
  );
}
