import { getRouteApi } from '@tanstack/react-router';
import type { ListMessagesQuery, Mailbox, Message } from '@outrider/sdk';
import { api } from '../../../app/api.ts';
import { useCursorList } from '../../../app/cursor-list.ts';
import { Filters, ListFoot, ListProblem, WithPane } from '../../../components/list.tsx';
import { Empty } from '../../../components/page.tsx';
import { Table } from '../../../components/table.tsx';
import type { Column } from '../../../components/table.tsx';
import { Name, Time } from '../../../components/value.tsx';
import { MessagePane } from '../message-pane.tsx';
import { MessageState, messageStatuses, reasonWord } from '../words.tsx';

const route = getRouteApi('/frame/mailboxes/$id');

const columns: readonly Column<Message>[] = [
  {
    title: 'Subject',
    main: true,
    cell: ({ subject, direction, from, to }) => (
      <>
        <span className="medium">
          <Name>{subject}</Name>
        </span>
        <span className="sub">
          <bdi>{direction === 'inbound' ? `from ${from}` : to}</bdi>
        </span>
      </>
    ),
  },
  { title: 'State', width: 124, cell: (message) => <MessageState message={message} /> },
  {
    title: 'Why it waits',
    width: 220,
    minor: true,
    cell: ({ blocked_reason: reason }) => (reason === null ? '' : reasonWord(reason)),
  },
  { title: 'For', width: 96, minor: true, cell: ({ purpose }) => purpose.replace('_', ' ') },
  { title: 'Time', width: 152, cell: ({ sent_at: sent, created_at: created }) => <Time at={sent ?? created} /> },
];

/** What the mailbox sent and received. */
export function MailboxMessages({ mailbox }: { readonly mailbox: Mailbox }) {
  const { status, open } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useCursorList(['messages', mailbox.id, status], (page, signal) =>
    api.messages
      .list({ ...page, mailbox_id: mailbox.id, status: status as ListMessagesQuery['status'] }, { signal })
      .page(),
  );
  const show = (id: string | undefined): void => {
    void navigate({ search: (before) => ({ ...before, open: id }), replace: open !== undefined });
  };
  return (
    <WithPane
      pane={
        open === undefined ? undefined : (
          <MessagePane
            id={open}
            onClose={() => {
              show(undefined);
            }}
          />
        )
      }
    >
      <Filters
        filters={[{ name: 'status', label: 'State', options: messageStatuses }]}
        values={{ status }}
        onChange={(changed) => void navigate({ search: (before) => ({ ...before, ...changed }) })}
      />
      <ListProblem list={list} />
      {list.rows.length > 0 ? (
        <>
          <Table
            label="Messages"
            two
            columns={columns}
            rows={list.rows}
            keyOf={({ id }) => id}
            openKey={open}
            onOpen={({ id }) => {
              show(id);
            }}
          />
          <ListFoot list={list} one="message" />
        </>
      ) : list.waits ? null : (
        <Empty title={status === undefined ? 'No message yet' : 'No message in this state'}>
          What the mailbox sends and receives appears here.
        </Empty>
      )}
    </WithPane>
  );
}
