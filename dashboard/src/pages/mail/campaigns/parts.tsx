import { useNavigate } from '@tanstack/react-router';
import type { Campaign, Reply } from '@outrider/sdk';
import { api } from '../../../app/api.ts';
import { useCursorList } from '../../../app/cursor-list.ts';
import { counted } from '../../../components/format.ts';
import { ListFoot, ListProblem } from '../../../components/list.tsx';
import { Empty, Region } from '../../../components/page.tsx';
import { ReplyClass } from '../../../components/status.tsx';
import { Table } from '../../../components/table.tsx';
import type { Column } from '../../../components/table.tsx';
import { Name, Time } from '../../../components/value.tsx';
import { waitWord } from './sequence.ts';

/** The texts as they are sent. */
export function CampaignSequence({ campaign }: { readonly campaign: Campaign }) {
  if (campaign.sequence.length === 0) return <Empty title="No step yet">Add one with “Edit”.</Empty>;
  return campaign.sequence.map((step) => (
    <Region
      key={step.id}
      title={
        <>
          Step {step.number}
          {step.name === null ? null : (
            <>
              : <Name>{step.name}</Name>
            </>
          )}
        </>
      }
      aside={`${waitWord(step)}; ${step.metrics.sent.toLocaleString('en-US')} sent, ${counted(step.metrics.replied, 'reply', 'replies')}`}
    >
      {[{ id: 'base', subject: step.subject, body: step.body, weight: 0, enabled: true }, ...step.variants]
        .filter(({ id }) => id !== 'base' || step.variants.every(({ body }) => body === null || body === ''))
        .map(({ id, subject, body, weight, enabled }) => (
          <article key={id} className="letter">
            <dl className="kv small">
              <div className="kvrow">
                <dt>Subject</dt>
                <dd className="medium">
                  {(subject ?? step.subject ?? '') === '' ? 'Re: (same thread)' : <bdi>{subject ?? step.subject}</bdi>}
                </dd>
              </div>
              {id === 'base' ? null : (
                <div className="kvrow">
                  <dt>Variant</dt>
                  <dd>
                    <span className="tag">{id}</span> weight {weight}
                    {enabled ? '' : ', switched off'}
                  </dd>
                </div>
              )}
            </dl>
            <hr />
            <div className="mail" dir="auto">
              {(body ?? '') === '' ? step.body : body}
            </div>
          </article>
        ))}
    </Region>
  ));
}

const columns: readonly Column<Reply>[] = [
  {
    title: 'From',
    main: true,
    cell: ({ from, text }) => (
      <>
        <span className="medium">
          <Name>{from}</Name>
        </span>
        <span className="sub">
          <bdi>{text}</bdi>
        </span>
      </>
    ),
  },
  { title: 'Class', width: 160, cell: ({ classification }) => <ReplyClass name={classification} /> },
  { title: 'Handled', width: 96, minor: true, cell: ({ is_read: read }) => (read ? 'done' : 'to answer') },
  { title: 'Received', width: 152, cell: ({ received_at: at }) => <Time at={at} /> },
];

/** What leads answered; a row opens its thread in the inbox. */
export function CampaignReplies({ campaign }: { readonly campaign: Campaign }) {
  const navigate = useNavigate();
  const list = useCursorList(['replies', 'campaign', campaign.id], (page, signal) =>
    api.replies.list({ ...page, campaign_id: campaign.id }, { signal }).page(),
  );
  return (
    <>
      <ListProblem list={list} />
      {list.rows.length > 0 ? (
        <>
          <Table
            label="Replies"
            two
            columns={columns}
            rows={list.rows}
            keyOf={({ id }) => id}
            onOpen={({ id }) =>
              void navigate({ to: '/inbox', search: { view: 'all', campaign: campaign.id, open: id } })
            }
          />
          <ListFoot list={list} one="reply" many="replies" />
        </>
      ) : list.waits ? null : (
        <Empty title="Nobody replied yet">A reply stops its lead and appears here and in the inbox.</Empty>
      )}
    </>
  );
}
