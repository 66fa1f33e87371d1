import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { Live } from '../../app/reach.tsx';
import { useMay } from '../../app/session.ts';
import { CreateButton } from '../../components/create-button.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { Pane } from '../../components/dialog.tsx';
import { Filters, ListFoot, ListProblem, WithPane } from '../../components/list.tsx';
import { Empty, PageHead } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { Time } from '../../components/value.tsx';
import { EventDetail } from './event-detail.tsx';
import { PublishDialog } from './publish-dialog.tsx';

const route = getRouteApi('/frame/events');
const liveMs = 5_000;

/** The events: every change, and what callers publish. */
export function Events() {
  const { open, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const workspace = useWorkspace();
  const may = useMay()('events:write');
  const [publishing, setPublishing] = useState(false);
  const query = { ...filters, ...(workspace === undefined ? {} : { workspace_id: workspace }) };
  const list = useCursorList(
    ['events', query],
    (page, signal) => api.events.list({ ...query, ...page }, { signal }).page(),
    {
      refetchInterval: open === undefined ? liveMs : undefined,
    },
  );
  const set = (changed: Readonly<Record<string, string | undefined>>): void =>
    void navigate({
      search: (before) => ({ ...before, ...changed }),
      replace: 'open' in changed && open !== undefined,
    });
  const publish = (): void => {
    setPublishing(true);
  };
  const filtered = Object.values(filters).some((value) => value !== undefined);
  return (
    <>
      <PageHead
        title="Events"
        state={open === undefined ? <Live /> : undefined}
        actions={may ? <CreateButton word="Publish event" onCreate={publish} /> : undefined}
      >
        <span>Newest first</span>
      </PageHead>
      <Filters
        search={{ name: 'event', placeholder: 'Event type, such as contact.*' }}
        filters={[{ name: 'contact_id', label: 'Contact id' }]}
        values={filters}
        onChange={set}
      />
      <ListProblem list={list} />
      <WithPane
        pane={
          open === undefined ? undefined : (
            <Pane
              title={<span className="mono">{list.rows.find(({ id }) => id === open)?.event ?? open}</span>}
              actions={
                <LinkButton to="/events/$id" params={{ id: open }} look="quiet" size="sm" icon="open">
                  Page
                </LinkButton>
              }
              onClose={() => {
                set({ open: undefined });
              }}
            >
              <EventDetail id={open} />
            </Pane>
          )
        }
      >
        {list.rows.length === 0 && !list.waits ? (
          <Empty
            title={filtered ? 'No event matches the filters' : 'No event yet'}
            actions={
              filtered ? (
                <Button onClick={() => void navigate({ search: {} })}>Clear all</Button>
              ) : may ? (
                <Button look="primary" icon="plus" onClick={publish}>
                  Publish event
                </Button>
              ) : undefined
            }
          >
            Every change of a record, mail or campaign appears here. Publish one to see it.
          </Empty>
        ) : (
          <Table
            label="Events"
            rows={list.rows}
            keyOf={({ id }) => id}
            openKey={open}
            onOpen={({ id }) => {
              set({ open: id });
            }}
            columns={[
              { title: 'Type', main: true, cell: ({ event }) => <span className="mono">{event}</span> },
              { title: 'Id', width: 320, minor: true, cell: ({ id }) => <span className="mono small">{id}</span> },
              {
                title: 'Occurred',
                width: 140,
                numeric: true,
                minor: true,
                cell: ({ occurred_at: at }) => <Time at={at} />,
              },
              { title: 'Published', width: 140, numeric: true, cell: ({ created_at: at }) => <Time at={at} /> },
            ]}
          />
        )}
        <ListFoot list={list} one="event" />
      </WithPane>
      {publishing ? (
        <PublishDialog
          onClose={() => {
            setPublishing(false);
          }}
        />
      ) : null}
    </>
  );
}
