import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../app/api.ts';
import { Region } from '../../components/page.tsx';
import { ReplyClass } from '../../components/status.tsx';
import { Name, Time } from '../../components/value.tsx';

/** What each mailbox sent today, of what it may send. */
export function SendingToday() {
  const { data } = useQuery({
    queryKey: ['mailboxes', 'overview'],
    queryFn: ({ signal }) => api.mailboxes.list({ page_size: 100 }, { signal }).page(),
  });
  const rows = (data?.data ?? [])
    .filter(({ role }) => role === 'sender')
    .toSorted((a, b) => b.sent_today - a.sent_today);
  if (rows.length === 0) return null;
  return (
    <Region
      flush
      title="Sending today"
      aside="sent of the daily limit"
      end={
        <Link className="small" to="/mailboxes">
          All
        </Link>
      }
    >
      <ul className="list plain">
        {rows.slice(0, 8).map(({ id, email, sent_today: sent, daily_limit: limit }) => (
          <li key={id}>
            <Link className="trunc grow" to="/mailboxes/$id" params={{ id }}>
              {email}
            </Link>
            <span className="meter grow" role="img" aria-label={`${sent} sent of ${limit}`}>
              <i style={{ width: `${limit === 0 ? 0 : Math.min(100, (100 * sent) / limit)}%` }} />
            </span>
            <span className="num small nowrap">
              <b className="medium">{sent}</b> of {limit}
            </span>
          </li>
        ))}
      </ul>
    </Region>
  );
}

/** Classes that nobody has to answer. */
const unanswered: ReadonlySet<string> = new Set([
  'not_interested',
  'unsubscribe_request',
  'out_of_office',
  'left_company',
  'hostile',
  'auto_reply',
]);
const shownMax = 6;

/** Unread replies that want an answer. */
export function RepliesToAnswer() {
  const { data } = useQuery({
    queryKey: ['replies', 'overview'],
    queryFn: ({ signal }) => api.replies.list({ is_read: 'false', limit: 5 * shownMax }, { signal }).page(),
    refetchInterval: 30_000,
  });
  const rows = (data?.data ?? []).filter(({ classification: name }) => !unanswered.has(name)).slice(0, shownMax);
  return (
    <Region
      flush
      title="Replies to answer"
      end={
        <Link className="small" to="/inbox">
          Inbox
        </Link>
      }
    >
      {data !== undefined && rows.length === 0 ? <p className="empty muted">No reply to answer.</p> : null}
      <ul className="list ruled-top">
        {rows.map(({ id, from, text, classification, received_at: at }) => (
          <li key={id}>
            <div className="grow">
              <div className="row">
                <Link className="medium trunc" to="/inbox" search={{ open: id }}>
                  <Name>{from}</Name>
                </Link>
                <ReplyClass name={classification} />
                <span className="small muted nowrap end num">
                  <Time at={at} ago />
                </span>
              </div>
              <div className="small muted trunc">
                <bdi>{text}</bdi>
              </div>
            </div>
          </li>
        ))}
      </ul>
    </Region>
  );
}
