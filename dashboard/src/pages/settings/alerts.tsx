import { useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Alert } from '@outrider/sdk';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { session, useMay, useSession } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { CodeBlock } from '../../components/copy.tsx';
import { Pane } from '../../components/dialog.tsx';
import { Field, Input } from '../../components/field.tsx';
import { ListFoot, ListProblem, WithPane } from '../../components/list.tsx';
import { Columns, Empty, Facts, Note, PageHead, Region } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import type { Tone } from '../../components/status.tsx';
import { Table } from '../../components/table.tsx';
import { toast } from '../../components/toast.tsx';
import { Time } from '../../components/value.tsx';

const route = getRouteApi('/frame/settings/alerts');

const states = {
  waiting: ['pending', 'Waiting'],
  sent: ['ok', 'Mailed'],
  kept: ['off', 'Not mailed'],
} as const satisfies Readonly<Record<Alert['status'], readonly [Tone, string]>>;

/** What Outrider mails about by itself. */
const kinds = [
  ['Endpoint disabled', 'A delivery failed at every attempt, or the receiver answered 410 Gone. Deliveries are held.'],
  ['Endpoint failing', 'Several attempts in a row failed. At most once an hour for each endpoint.'],
  ['Mail server does not answer', 'Five failures in a row. It is tried again every five minutes; once for an outage.'],
  ['Tracking host cannot be used', 'It did not lead here for three days, or another organization proved it is theirs.'],
] as const;

/** Where alerts are mailed, and those there were. */
export function Alerts() {
  const { open } = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const { organization } = useSession();
  const list = useCursorList(['alerts'], (page, signal) => api.alerts.list(page, { signal }).page(), {
    enabled: may('webhooks:read'),
  });
  const show = (id: string | undefined): void => void navigate({ search: { open: id }, replace: open !== undefined });
  const shown = list.rows.find(({ id }) => id === open);
  return (
    <>
      <PageHead title="Alerts" crumbs={[{ label: 'Settings', link: { to: '/settings' } }, { label: 'Alerts' }]}>
        <span>
          {organization.alert_email === null ? 'Alerts are kept, not mailed' : `Mailed to ${organization.alert_email}`}
        </span>
      </PageHead>
      <Columns even ruled>
        <Region title="Alert address">
          <Address key={organization.alert_email} address={organization.alert_email} />
        </Region>
        <Region title="What alerts are about">
          <Facts width={130} rows={kinds} />
        </Region>
      </Columns>
      {may('webhooks:read') ? (
        <Region flush title="Alerts so far" aside="newest first">
          <ListProblem list={list} />
          <WithPane
            pane={
              shown === undefined ? undefined : (
                <Pane
                  title={shown.subject}
                  onClose={() => {
                    show(undefined);
                  }}
                >
                  <AlertDetail alert={shown} />
                </Pane>
              )
            }
          >
            {list.rows.length === 0 && !list.waits ? (
              <Empty title="No alert yet">
                {organization.alert_email === null
                  ? 'Set an address above, so that somebody learns of the first one.'
                  : 'Nothing had to be reported.'}
              </Empty>
            ) : (
              <>
                <Table
                  label="Alerts"
                  rows={list.rows}
                  keyOf={({ id }) => id}
                  openKey={open}
                  onOpen={({ id }) => {
                    show(id);
                  }}
                  columns={[
                    { title: 'Subject', main: true, cell: ({ subject }) => <bdi>{subject}</bdi> },
                    {
                      title: 'Mail',
                      width: 130,
                      cell: ({ status, last_error: error }) => (
                        <Status tone={states[status][0]} title={error ?? undefined}>
                          {states[status][1]}
                        </Status>
                      ),
                    },
                    { title: 'When', width: 140, numeric: true, cell: ({ created_at: at }) => <Time at={at} /> },
                  ]}
                />
                <ListFoot list={list} one="alert" />
              </>
            )}
          </WithPane>
        </Region>
      ) : null}
    </>
  );
}

function AlertDetail({ alert }: { readonly alert: Alert }) {
  const [tone, word] = states[alert.status];
  return (
    <>
      <div className="row">
        <Status tone={tone} pill>
          {word}
        </Status>
        <span className="small muted">
          <Time at={alert.sent_at ?? alert.created_at} />
        </span>
      </div>
      {alert.last_error === null ? null : (
        <Note tone="watch" boxed>
          {alert.last_error}
        </Note>
      )}
      <CodeBlock text={alert.body} title="Text" wrap />
    </>
  );
}

function Address({ address }: { readonly address: string | null }) {
  const may = useMay()('organization:write');
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: (text: string) => api.organization.update({ alert_email: text === '' ? null : text }),
    onSuccess: ({ alert_email: email }) => {
      toast(email === null ? 'Alerts are not mailed any more' : `Alerts go to ${email}`);
      return queryClient.invalidateQueries({ queryKey: session.queryKey });
    },
  });
  if (!may)
    return (
      <p>
        {address ?? 'None: alerts are kept and not mailed.'} <span className="muted">Owners and admins change it.</span>
      </p>
    );
  return (
    <form
      className="stack roomy narrow"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(String(new FormData(event.currentTarget).get('alert_email') ?? '').trim());
      }}
    >
      {problemOf(save.error) === undefined ? null : (
        <Note tone="failed" boxed>
          {problemOf(save.error)}
        </Note>
      )}
      <Field
        label="Address"
        error={problemsOf(save.error)['alert_email']}
        hint="One that people read. Empty: alerts are kept below and not mailed. It gets at most 10 an hour and 50 a day."
      >
        {(control) => (
          <Input
            {...control}
            name="alert_email"
            type="email"
            autoComplete="off"
            placeholder="ops@hopper.example"
            defaultValue={address ?? ''}
          />
        )}
      </Field>
      <div className="row">
        <Button type="submit" busy={save.isPending}>
          Save address
        </Button>
      </div>
    </form>
  );
}
