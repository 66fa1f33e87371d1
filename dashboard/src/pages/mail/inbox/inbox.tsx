import '../../../styles/pages-mail.css';
import '../../../styles/pages-inbox.css';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { ListRepliesQuery, Reply, UpdateReplyBody } from '@outrider/sdk';
import { api, queryClient } from '../../../app/api.ts';
import { useWorkspace } from '../../../app/choice.ts';
import { useCursorList } from '../../../app/cursor-list.ts';
import { useMay } from '../../../app/session.ts';
import { useShortcuts } from '../../../app/shortcuts.ts';
import { Button } from '../../../components/button.tsx';
import { Select } from '../../../components/field.tsx';
import { ListFoot, ListProblem } from '../../../components/list.tsx';
import { Empty } from '../../../components/page.tsx';
import { ReplyClass, replyClassWord } from '../../../components/status.tsx';
import { toast } from '../../../components/toast.tsx';
import { Time } from '../../../components/value.tsx';
import { Thread } from './thread.tsx';

const route = getRouteApi('/frame/inbox');

/** All classes, the most urgent first; the first nine have the keys 1 to 9. */
export const classes: readonly Reply['classification'][] = [
  'meeting_request',
  'interested',
  'question',
  'unknown',
  'wrong_person',
  'not_now',
  'not_interested',
  'unsubscribe_request',
  'out_of_office',
  'left_company',
  'hostile',
  'auto_reply',
];
const views = [
  ['To answer', undefined],
  ['Done', 'done'],
  ['All', 'all'],
] as const;

/** Replies to answer, the most urgent first, with the thread of the open one. */
export function Inbox() {
  const search = route.useSearch();
  const { view, class: classification, mailbox, campaign, open } = search;
  const workspace = useWorkspace();
  const navigate = route.useNavigate();
  const may = useMay()('replies:write');
  useEffect(() => {
    document.title = 'Inbox · Outrider';
  }, []);
  const list = useCursorList(
    ['replies', workspace, view, classification, mailbox, campaign],
    (page, signal) =>
      api.replies
        .list(
          {
            ...page,
            workspace_id: workspace,
            classification: classification as ListRepliesQuery['classification'],
            mailbox_id: mailbox,
            campaign_id: campaign,
            ...(view === 'all' ? {} : { is_read: view === 'done' ? 'true' : 'false' }),
          },
          { signal },
        )
        .page(),
    { refetchInterval: 15_000 },
  );
  const rows =
    view === undefined
      ? list.rows.toSorted((a, b) => classes.indexOf(a.classification) - classes.indexOf(b.classification))
      : list.rows;
  const index = rows.findIndex(({ id }) => id === open);
  const show = (id: string | undefined): void => {
    void navigate({ search: { ...search, open: id }, replace: open !== undefined });
  };
  const change = useMutation({
    mutationFn: ({ id, body }: { readonly id: string; readonly body: UpdateReplyBody }) => api.replies.update(id, body),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['replies'] }),
  });
  const step = (by: number): void => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, index + by))];
    if (next !== undefined) show(next.id);
  };
  const done = (reply: Reply): void => {
    const next = rows[index + 1] ?? rows[index - 1];
    change.mutate({ id: reply.id, body: { is_read: !reply.is_read } });
    toast(reply.is_read ? 'Back to answer.' : 'Done.', {
      undo: () => {
        change.mutate({ id: reply.id, body: { is_read: reply.is_read } });
      },
    });
    if (view === undefined) show(next?.id);
  };
  const classify = (reply: Reply, name: Reply['classification']): void => {
    if (name !== reply.classification) change.mutate({ id: reply.id, body: { classification: name } });
  };
  const current = rows[index];
  const filtered = [classification, mailbox, campaign].some((each) => each !== undefined);
  useShortcuts({
    j: () => {
      step(1);
    },
    k: () => {
      step(-1);
    },
    Escape: () => {
      show(undefined);
    },
    ...(current === undefined || !may
      ? {}
      : {
          e: () => {
            done(current);
          },
          ...Object.fromEntries(
            classes.slice(0, 9).map((name, place) => [
              String(place + 1),
              () => {
                classify(current, name);
              },
            ]),
          ),
        }),
  });
  return (
    <div className={open === undefined ? 'inbox' : 'inbox reading'}>
      <section className="threads" aria-label="Replies">
        <div className="rhead">
          <h1>Inbox</h1>
          <div className="end">
            <Select
              className="auto"
              aria-label="Class"
              value={classification ?? ''}
              onChange={({ target }) =>
                void navigate({ search: { ...search, class: target.value === '' ? undefined : target.value } })
              }
              options={[
                { value: '', label: 'All classes' },
                ...classes.map((value) => ({ value, label: replyClassWord(value) })),
              ]}
            />
          </div>
        </div>
        <nav className="tabs" aria-label="Replies">
          {views.map(([word, name]) => (
            <Link
              key={word}
              to="/inbox"
              search={{ ...search, view: name, open: undefined }}
              activeOptions={{ exact: true, includeSearch: true }}
              aria-current={view === name ? 'page' : undefined}
            >
              {word}
            </Link>
          ))}
        </nav>
        <ListProblem list={list} />
        {rows.length === 0 && !list.waits ? (
          <Empty
            title={view === undefined ? 'No reply to answer' : 'No reply'}
            actions={
              filtered ? <Button onClick={() => void navigate({ search: { view } })}>Clear all</Button> : undefined
            }
          >
            {filtered ? 'None matches the filters.' : 'New replies appear here classified, most urgent first.'}
          </Empty>
        ) : (
          <div className="thl" tabIndex={0} role="region" aria-label="List of replies">
            <ul>
              {rows.map((reply) => (
                <li
                  key={reply.id}
                  className={`th${reply.id === open ? ' on' : ''}${reply.is_read ? '' : ' new'}`}
                  aria-current={reply.id === open ? 'true' : undefined}
                >
                  <Link to="/inbox" search={{ ...search, open: reply.id }}>
                    <span className="row">
                      <bdi className="trunc grow n">{reply.from}</bdi>
                      <span className="small faint nowrap">
                        <Time at={reply.received_at} ago />
                      </span>
                    </span>
                    <span className="row">
                      <ReplyClass name={reply.classification} />
                    </span>
                    <span className="small muted trunc">
                      <bdi>{reply.text}</bdi>
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
            <ListFoot list={list} one="reply" many="replies" />
          </div>
        )}
      </section>
      {open === undefined ? (
        <section className="thread">
          <Empty title="No thread is open">Open one, or press J for the next. 1 to 9 set the class, E is done.</Empty>
        </section>
      ) : (
        <Thread
          key={open}
          id={open}
          onClose={() => {
            show(undefined);
          }}
          onDone={done}
          onClassify={classify}
        />
      )}
    </div>
  );
}
