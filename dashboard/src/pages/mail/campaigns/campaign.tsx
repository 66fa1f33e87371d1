import '../../../styles/pages-mail.css';
import '../../../styles/pages-campaign.css';
import '../../../styles/pages-builder.css';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { Campaign } from '@outrider/sdk';
import { api, queryClient } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import { Button, LinkButton } from '../../../components/button.tsx';
import { ConfirmButton } from '../../../components/dialog.tsx';
import { counted } from '../../../components/format.ts';
import { Note, PageHead, Tabs } from '../../../components/page.tsx';
import { toast } from '../../../components/toast.tsx';
import { Time } from '../../../components/value.tsx';
import { CampaignState, hoursWord } from '../words.tsx';
import { AddLeads } from './add-leads.tsx';
import { CampaignReplies, CampaignSequence } from './parts.tsx';
import { Leads } from './leads.tsx';
import { CampaignOverview } from './overview.tsx';
import { campaignOf } from './queries.ts';
import { SkippedActions } from './skipped.tsx';

const route = getRouteApi('/frame/campaigns/$id');

const measured = ({ opens, clicks }: Campaign['tracking']): string =>
  opens && clicks
    ? 'Opens and clicks are measured'
    : opens
      ? 'Opens are measured'
      : clicks
        ? 'Clicks are measured'
        : 'Opens and clicks: not measured';

/** A campaign while it runs. */
export function CampaignPage() {
  const { id } = route.useParams();
  const { tab } = route.useSearch();
  const { data: campaign } = useSuspenseQuery(campaignOf(id));
  const { schedule, metrics } = campaign;
  const tabs = [
    ['Overview', undefined, undefined],
    ['Leads', 'leads', metrics.leads],
    ['Sequence', 'sequence', campaign.sequence.length],
    ['Replies', 'replies', metrics.replied],
    ['Skipped', 'skipped', undefined],
  ] as const;
  return (
    <>
      <PageHead
        title={campaign.name}
        crumbs={[{ label: 'Campaigns', link: { to: '/campaigns' } }, { label: campaign.name }]}
        state={<CampaignState campaign={campaign} pill />}
        actions={<Actions campaign={campaign} />}
      >
        <span>
          {campaign.started_at === null ? (
            'Not started'
          ) : (
            <>
              Started <Time at={campaign.started_at} />
            </>
          )}
        </span>
        <span>{counted(campaign.mailbox_ids.length, 'mailbox', 'mailboxes')}</span>
        <span>
          {hoursWord(schedule.windows)} {schedule.use_lead_timezone ? 'in the lead’s zone' : `in ${schedule.timezone}`}
        </span>
        <span>{measured(campaign.tracking)}</span>
      </PageHead>
      <Tabs
        label="Campaign"
        tabs={tabs.map(([label, name, count]) => ({
          label,
          count,
          link: { to: '/campaigns/$id', params: { id }, search: name === undefined ? {} : { tab: name } },
          current: tab === name,
        }))}
      />
      {campaign.status === 'paused' ? (
        <Note tone={campaign.pause_reason === 'user' ? 'held' : 'failed'}>
          <b>Paused.</b> {campaign.pause_detail ?? 'A person paused it.'} {counted(metrics.leads, 'lead')}, of which{' '}
          {metrics.contacted.toLocaleString('en-US')} were contacted; nothing more is sent until it is resumed.
        </Note>
      ) : null}
      {tab === undefined ? <CampaignOverview campaign={campaign} /> : null}
      {tab === 'leads' ? <Leads campaign={campaign} /> : null}
      {tab === 'sequence' ? <CampaignSequence campaign={campaign} /> : null}
      {tab === 'replies' ? <CampaignReplies campaign={campaign} /> : null}
      {tab === 'skipped' ? <SkippedActions campaign={campaign} /> : null}
    </>
  );
}

function Actions({ campaign }: { readonly campaign: Campaign }) {
  const may = useMay()('campaigns:write');
  const [adding, setAdding] = useState(false);
  const { id, status, name } = campaign;
  const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['campaigns'] });
  const pause = useMutation({
    mutationFn: (paused: boolean) => (paused ? api.campaigns.pause(id) : api.campaigns.resume(id)),
    onSuccess: (_changed, paused) => {
      void refresh();
      toast(paused ? `“${name}” is paused.` : `“${name}” sends again.`, {
        undo: () => {
          pause.mutate(!paused);
        },
      });
    },
  });
  const archive = useMutation({ mutationFn: () => api.campaigns.archive(id), onSuccess: refresh });
  if (!may) return null;
  return (
    <>
      {status === 'archived' ? null : (
        <>
          <LinkButton to="/campaigns/$id/edit" params={{ id }} icon="edit">
            Edit
          </LinkButton>
          <Button
            onClick={() => {
              setAdding(true);
            }}
          >
            Add leads
          </Button>
        </>
      )}
      {status === 'active' || status === 'paused' ? (
        <Button
          icon={status === 'active' ? 'pause' : 'send'}
          busy={pause.isPending}
          onClick={() => {
            pause.mutate(status === 'active');
          }}
        >
          {status === 'active' ? 'Pause' : 'Resume'}
        </Button>
      ) : null}
      {status === 'archived' || status === 'draft' ? null : (
        <ConfirmButton
          word="Archive…"
          title={`Archive “${name}”?`}
          action={`Archive ${counted(1, 'campaign')}`}
          busy={archive.isPending}
          onConfirm={() => archive.mutateAsync()}
        >
          It sends nothing more: {counted(campaign.metrics.leads - campaign.metrics.contacted, 'lead')} were not
          contacted. Its figures stay, and it cannot be started again.
        </ConfirmButton>
      )}
      <AddLeads
        campaign={campaign}
        open={adding}
        onClose={() => {
          setAdding(false);
        }}
      />
    </>
  );
}
