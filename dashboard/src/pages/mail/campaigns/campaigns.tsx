import '../../../styles/pages-mail.css';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Campaign } from '@outrider/sdk';
import { api, problemOf, problemsOf, queryClient } from '../../../app/api.ts';
import { useWorkspace } from '../../../app/choice.ts';
import { useCursorList } from '../../../app/cursor-list.ts';
import { useMay } from '../../../app/session.ts';
import { Button } from '../../../components/button.tsx';
import { CreateButton } from '../../../components/create-button.tsx';
import { FormDialog } from '../../../components/dialog.tsx';
import { Field, Input, TextArea } from '../../../components/field.tsx';
import { percent, sentence } from '../../../components/format.ts';
import { Filters, ListFoot, ListProblem } from '../../../components/list.tsx';
import { Empty, PageHead } from '../../../components/page.tsx';
import { Table } from '../../../components/table.tsx';
import type { Column } from '../../../components/table.tsx';
import { Count, Name, Time } from '../../../components/value.tsx';
import { campaignStatuses } from '../routes.tsx';
import { CampaignState } from '../words.tsx';

const route = getRouteApi('/frame/campaigns');

/** All campaigns, by their state. */
export function Campaigns() {
  const { status } = route.useSearch();
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const may = useMay()('campaigns:write');
  const [creating, setCreating] = useState(false);
  const list = useCursorList(['campaigns', workspace, status], (page, signal) =>
    api.campaigns.list({ ...page, status, workspace_id: workspace }, { signal }).page(),
  );
  const create = (): void => {
    setCreating(true);
  };
  return (
    <>
      <PageHead title="Campaigns" actions={may ? <CreateButton word="New campaign" onCreate={create} /> : undefined} />
      <Filters
        filters={[
          {
            name: 'status',
            label: 'State',
            options: campaignStatuses.map((value) => ({ value, label: sentence(value) })),
          },
        ]}
        values={{ status }}
        onChange={(changed) => void navigate({ to: '/campaigns', search: changed as typeof changed & object })}
      />
      <ListProblem list={list} />
      {list.rows.length > 0 ? (
        <>
          <Table
            label="Campaigns"
            two
            columns={columns}
            rows={list.rows}
            keyOf={({ id }) => id}
            onOpen={({ id, status: state }) =>
              void navigate(
                state === 'draft'
                  ? { to: '/campaigns/$id/edit', params: { id } }
                  : { to: '/campaigns/$id', params: { id } },
              )
            }
          />
          <ListFoot list={list} one="campaign" />
        </>
      ) : list.waits || list.error !== null ? null : status === undefined ? (
        <Empty title="No campaign yet" actions={may ? <Button onClick={create}>New campaign</Button> : undefined}>
          A campaign sends a sequence of mails to leads through your mailboxes and stops at a reply. Start from a
          template or from one mail.
        </Empty>
      ) : (
        <Empty title={`No campaign is “${status}”`}>Remove the filter to see the others.</Empty>
      )}
      <NewCampaign
        open={creating}
        onClose={() => {
          setCreating(false);
        }}
      />
    </>
  );
}

const columns: readonly Column<Campaign>[] = [
  {
    title: 'Campaign',
    main: true,
    cell: ({ name, status, pause_detail: detail, started_at: started, created_at: created }) => (
      <>
        <span className="medium">
          <Name>{name}</Name>
        </span>
        <span className="sub">
          {status === 'paused' && detail !== null ? (
            detail
          ) : started === null ? (
            <>
              created <Time at={created} />
            </>
          ) : (
            <>
              started <Time at={started} />
            </>
          )}
        </span>
      </>
    ),
  },
  { title: 'State', width: 128, cell: (campaign) => <CampaignState campaign={campaign} /> },
  { title: 'Leads', width: 88, numeric: true, cell: ({ metrics }) => <Count value={metrics.leads} /> },
  {
    title: 'Contacted',
    width: 120,
    numeric: true,
    cell: ({ metrics }) => (
      <>
        <Count value={metrics.contacted} />
        <span className="sub">{percent(metrics.contacted, metrics.leads) ?? ''}</span>
      </>
    ),
  },
  { title: 'Sent', width: 88, numeric: true, minor: true, cell: ({ metrics }) => <Count value={metrics.sent} /> },
  {
    title: 'Replied',
    width: 104,
    numeric: true,
    cell: ({ metrics }) => (
      <>
        <Count value={metrics.replied} />
        <span className="sub">{percent(metrics.replied, metrics.contacted) ?? ''}</span>
      </>
    ),
  },
  {
    title: 'Positive',
    width: 88,
    numeric: true,
    minor: true,
    cell: ({ metrics }) => <Count value={metrics.positive_replies} />,
  },
  {
    title: 'Meetings',
    width: 88,
    numeric: true,
    minor: true,
    cell: ({ metrics }) => <Count value={metrics.meetings} />,
  },
];

/** Asks for the name; the rest is set in the builder. */
function NewCampaign({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const create = useMutation({
    meta: { quiet: true },
    mutationFn: async ({ name, goal }: { name: string; goal: string }) => {
      const { data } = await api.mailboxes.list({ limit: 100, workspace_id: workspace }).page();
      return api.campaigns.create({
        name,
        goal: goal === '' ? null : goal,
        workspace_id: workspace ?? null,
        mailbox_ids: data
          .filter(({ role, status }) => role === 'sender' && (status === 'connected' || status === 'paused'))
          .map(({ id }) => id),
        schedule: { timezone: Intl.DateTimeFormat().resolvedOptions().timeZone },
        sequence: [
          {
            name: 'First mail',
            subject: 'A question about {{ company_name | default: "your team" }}',
            body: 'Hi {{ first_name | default: "there" }},\n\n',
          },
        ],
      });
    },
    onSuccess: ({ id }) => {
      void queryClient.invalidateQueries({ queryKey: ['campaigns'] });
      void navigate({ to: '/campaigns/$id/edit', params: { id } });
    },
  });
  const problems = problemsOf(create.error);
  return (
    <FormDialog
      title="New campaign"
      open={open}
      onClose={onClose}
      action="Create draft"
      busy={create.isPending}
      problem={problemOf(create.error)}
      width={480}
      onSubmit={(data) => {
        create.mutate({ name: String(data.get('name')).trim(), goal: String(data.get('goal')).trim() });
      }}
    >
      <Field label="Name" error={problems['name']}>
        {(control) => <Input {...control} name="name" required maxLength={200} autoFocus />}
      </Field>
      <Field label="Goal" hint="For you and for who writes the texts." error={problems['goal']}>
        {(control) => <TextArea {...control} name="goal" rows={3} maxLength={2000} />}
      </Field>
      <p className="small muted">Nothing is sent before the launch.</p>
    </FormDialog>
  );
}
