import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { useMay, useSession } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { Field, Input } from '../../components/field.tsx';
import { count } from '../../components/format.ts';
import { ListFoot, ListProblem } from '../../components/list.tsx';
import { Columns, Empty, Facts, Note, PageHead, Region } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { Table } from '../../components/table.tsx';
import { toast } from '../../components/toast.tsx';
import { Count, Time } from '../../components/value.tsx';
import { Retention } from './retention.tsx';

/** How long data is kept, who was erased, and the limits of the organization. */
export function DataSettings() {
  const may = useMay();
  return (
    <>
      <PageHead title="Data" crumbs={[{ label: 'Settings', link: { to: '/settings' } }, { label: 'Data' }]}>
        <span>How long events are kept, who was erased, and what the organization may send</span>
      </PageHead>
      <Columns even ruled>
        {may('events:read') ? <Retention /> : null}
        <Limits />
      </Columns>
      {may('contacts:read') ? <Erasures /> : null}
    </>
  );
}

function Limits() {
  const may = useMay();
  const { limits, organization } = useSession();
  const { data } = useQuery({
    queryKey: ['sending-limits'],
    queryFn: ({ signal }) => api.organization.getSendingLimits({ signal }),
    enabled: may('organization:read'),
  });
  return (
    <Region title="Limits" aside={`plan ${organization.plan}`}>
      <div className="stack roomy">
        <Facts
          width={148}
          rows={[
            [
              'Requests',
              limits.requests_per_minute === null
                ? 'no limit'
                : `${count(limits.requests_per_minute)} a minute, all keys and people together`,
            ],
            ...(data === undefined
              ? []
              : ([
                  ['Messages', data.daily_limit === null ? 'no limit' : `${count(data.daily_limit)} a day (UTC)`],
                  ...(data.sent_today === null ? [] : ([['Sent today', count(data.sent_today)]] as const)),
                ] as const)),
          ]}
        />
        {data !== undefined && may('organization:write') ? (
          <SendingLimit key={data.daily_limit} limit={data.daily_limit} />
        ) : null}
      </div>
    </Region>
  );
}

function SendingLimit({ limit }: { readonly limit: number | null }) {
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: (text: string) =>
      api.organization.updateSendingLimits({ daily_limit: text === '' ? null : Number(text) }),
    onSuccess: () => {
      toast('Saved');
      return queryClient.invalidateQueries({ queryKey: ['sending-limits'] });
    },
  });
  return (
    <form
      className="stack narrow"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(String(new FormData(event.currentTarget).get('daily_limit') ?? '').trim());
      }}
    >
      {problemOf(save.error) === undefined ? null : (
        <Note tone="failed" boxed>
          {problemOf(save.error)}
        </Note>
      )}
      <Field
        label="Messages a day, of all mailboxes"
        error={problemsOf(save.error)['daily_limit']}
        hint="Empty: no limit beside those of the mailboxes. What it holds back is sent on the next day."
      >
        {(control) => (
          <Input {...control} name="daily_limit" type="number" min={0} step={1} defaultValue={limit ?? ''} />
        )}
      </Field>
      <div className="row">
        <Button type="submit" busy={save.isPending}>
          Save limit
        </Button>
      </div>
    </form>
  );
}

function Erasures() {
  const list = useCursorList(['erasures'], (page, signal) => api.privacy.listErasures({ ...page }, { signal }).page());
  return (
    <Region flush title="Erasures" aside="the proof that people were erased; it does not identify them">
      <ListProblem list={list} />
      {list.rows.length === 0 && !list.waits ? (
        <Empty title="Nobody was erased">
          When a person asks for it, open the <Link to="/contacts">contact</Link> and choose “Erase…”. All data about
          the person is removed, and the address is never written to again.
        </Empty>
      ) : (
        <>
          <Table
            label="Erasures"
            rows={list.rows}
            keyOf={({ id }) => id}
            columns={[
              {
                title: 'Contact',
                main: true,
                cell: ({ contact_id: id }) => <span className="mono small">{id}</span>,
              },
              {
                title: 'State',
                width: 120,
                cell: ({ state }) => (
                  <Status tone={state === 'completed' ? 'ok' : 'pending'}>
                    {state === 'completed' ? 'Erased' : 'Erasing'}
                  </Status>
                ),
              },
              {
                title: 'Redacted',
                width: 110,
                numeric: true,
                minor: true,
                cell: ({ events_redacted: events, attempts_redacted: attempts, others_redacted: others }) => (
                  <Count value={events + attempts + others} />
                ),
              },
              { title: 'Requested', width: 140, numeric: true, cell: ({ created_at: at }) => <Time at={at} /> },
              {
                title: 'Finished',
                width: 140,
                numeric: true,
                minor: true,
                cell: ({ finished_at: at }) => <Time at={at} />,
              },
            ]}
          />
          <ListFoot list={list} one="erasure" />
        </>
      )}
    </Region>
  );
}
