import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Event } from '@outrider/sdk';
import { api } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { useMay } from '../../app/session.ts';
import { Button, LinkButton } from '../../components/button.tsx';
import { Pane } from '../../components/dialog.tsx';
import { Filters, ListFoot, ListProblem, WithPane } from '../../components/list.tsx';
import { Empty, PageHead } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { Absent, Time } from '../../components/value.tsx';
import { EventDetail } from '../webhooks/event-detail.tsx';
import { actorOf, patternsOf, topicOptions, whatOf } from './audit-words.ts';

const route = getRouteApi('/frame/settings/audit');
/** The data of each event is read by a call of its own. */
const auditPageSize = 25;

/** Who changed people, keys and definitions: the events of administration. */
export function AuditLog() {
  const { open, topic } = route.useSearch();
  const navigate = route.useNavigate();
  const workspace = useWorkspace();
  const may = useMay();
  const query = { event: patternsOf(topic), ...(workspace === undefined ? {} : { workspace_id: workspace }) };
  const list = useCursorList(['events', 'audit', query], (page, signal) =>
    api.events.list({ ...query, ...page, limit: auditPageSize }, { signal }).page(),
  );
  const names = useActorNames();
  const set = (changed: Readonly<Record<string, string | undefined>>): void =>
    void navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  return (
    <>
      <PageHead
        title="Audit log"
        crumbs={[{ label: 'Settings', link: { to: '/settings' } }, { label: 'Audit log' }]}
        actions={
          may('events:read') ? (
            <LinkButton to="/events" className="hide-sm">
              All events
            </LinkButton>
          ) : undefined
        }
      >
        <span>What people and keys administered, newest first, as long as the event log is kept</span>
      </PageHead>
      <Filters
        filters={[{ name: 'topic', label: 'About', options: topicOptions }]}
        values={{ topic }}
        onChange={(changed) => {
          set(changed);
        }}
      />
      <ListProblem list={list} />
      <WithPane
        pane={
          open === undefined ? undefined : (
            <Pane
              title={<span className="mono">{list.rows.find(({ id }) => id === open)?.event ?? open}</span>}
              actions={
                <LinkButton to="/events/$id" params={{ id: open }} look="quiet" size="sm" icon="open">
                  Event
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
        {list.rows.length === 0 && !list.waits && !list.hasMore ? (
          <Empty
            title={topic === undefined ? 'Nothing was administered yet' : 'Nothing of this kind yet'}
            actions={
              topic === undefined ? undefined : (
                <Button
                  onClick={() => {
                    set({ topic: undefined });
                  }}
                >
                  Clear all
                </Button>
              )
            }
          >
            Invite somebody under <Link to="/settings/people">People</Link>, or create a key under{' '}
            <Link to="/settings/api">API &amp; webhooks</Link>: it appears here, with who did it.
          </Empty>
        ) : (
          <Table
            label="Audit log"
            rows={list.rows}
            keyOf={({ id }) => id}
            openKey={open}
            onOpen={({ id }) => {
              set({ open: id });
            }}
            columns={[
              { title: 'What', main: true, cell: (event) => <What event={event} /> },
              { title: 'Who', width: 200, cell: (event) => <Who event={event} names={names} /> },
              {
                title: 'Event',
                width: 180,
                minor: true,
                cell: ({ event }) => <span className="mono small">{event}</span>,
              },
              { title: 'When', width: 140, numeric: true, cell: ({ occurred_at: at }) => <Time at={at} /> },
            ]}
          />
        )}
        <ListFoot list={list} one="event" />
      </WithPane>
    </>
  );
}

/** The data of an event; it changes only when it is erased. */
const useData = ({ id }: Event) =>
  useQuery({
    queryKey: ['event-data', id],
    queryFn: ({ signal }) => api.events.get(id, { signal }),
    staleTime: Infinity,
  }).data?.data;

function What({ event }: { readonly event: Event }) {
  const data = useData(event);
  if (data === undefined) return <span className="mono">{event.event}</span>;
  if (data === null) return <Absent>erased</Absent>;
  const what = whatOf(event.event, data);
  return (
    <bdi className="trunc" title={what}>
      {what}
    </bdi>
  );
}

function Who({ event, names }: { readonly event: Event; readonly names: ReadonlyMap<string, string> }) {
  const data = useData(event);
  const actor = data == null ? undefined : actorOf(data);
  if (actor === undefined) return <Absent />;
  if (actor.type === 'system' || actor.id === null) return <>Outrider</>;
  const name = names.get(actor.id);
  return name === undefined ? (
    <span title={actor.id}>{actor.type === 'key' ? 'a key' : 'a former member'}</span>
  ) : (
    <bdi title={actor.id}>{actor.type === 'key' ? `Key “${name}”` : name}</bdi>
  );
}

/** Names of people and keys, by what an actor names. */
function useActorNames(): ReadonlyMap<string, string> {
  const may = useMay();
  const { data: members } = useQuery({
    queryKey: ['members'],
    queryFn: ({ signal }) => api.accounts.listMembers({ page_size: 100 }, { signal }).page(),
    enabled: may('members:read'),
  });
  const { data: keys } = useQuery({
    queryKey: ['keys'],
    queryFn: ({ signal }) => api.keys.list({ page_size: 100 }, { signal }).page(),
    enabled: may('keys:read'),
  });
  return new Map([
    ...(members?.data ?? []).map(({ person_id: id, name }) => [id, name] as const),
    ...(keys?.data ?? []).map(({ id, name }) => [id, name] as const),
  ]);
}
