import '../../../styles/pages-mail.css';
import '../../../styles/pages-builder.css';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Navigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { Campaign, UpdateCampaignBody } from '@outrider/sdk';
import { api, messageOf, problemsOf, queryClient } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import { Button, LinkButton } from '../../../components/button.tsx';
import { counted } from '../../../components/format.ts';
import { Note, PageHead } from '../../../components/page.tsx';
import { CampaignState } from '../words.tsx';
import { AddLeads } from './add-leads.tsx';
import { Checks } from './checks.tsx';
import { Forecast } from './forecast.tsx';
import { Preview } from './preview.tsx';
import { campaignOf } from './queries.ts';
import { CampaignRules } from './rules.tsx';
import { StepEditor } from './step-editor.tsx';
import { StepList } from './step-list.tsx';

export type Step = NonNullable<UpdateCampaignBody['sequence']>[number];

const route = getRouteApi('/frame/campaigns/$id/edit');
const saveAfterMs = 800;

const stepsOf = (campaign: Campaign): Step[] =>
  campaign.sequence.map(
    ({ id, name, subject, body, format, delay_days, delay_hours, business_days, send_only_if_no_reply, variants }) => ({
      id,
      name,
      subject,
      body,
      format,
      delay_days,
      delay_hours,
      business_days,
      send_only_if_no_reply,
      variants: variants.map((each) => ({ ...each })),
    }),
  );

/** Writes a campaign, for people who may; others read its sequence. */
export function Builder() {
  const { id } = route.useParams();
  if (useMay()('campaigns:write')) return <Editor id={id} />;
  return <Navigate to="/campaigns/$id" params={{ id }} search={{ tab: 'sequence' }} replace />;
}

/** Steps left, one step in the middle, how it looks for a real lead right. Saved as you type. */
function Editor({ id }: { readonly id: string }) {
  const { step: wanted } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: campaign } = useSuspenseQuery({ ...campaignOf(id), refetchInterval: false });
  const [steps, setSteps] = useState(() => stepsOf(campaign));
  const [adding, setAdding] = useState(false);
  const changed = useRef(false);
  const save = useMutation({
    meta: { quiet: true },
    // One after the other, in the order of the changes.
    scope: { id: `campaign ${id}` },
    mutationFn: (body: UpdateCampaignBody) => api.campaigns.update(id, body),
    onSuccess: (saved, body) => {
      queryClient.setQueryData(campaignOf(id).queryKey, saved);
      void queryClient.invalidateQueries({ queryKey: ['campaigns', 'preview'] });
      void queryClient.invalidateQueries({ queryKey: ['campaigns', 'validation'] });
      void queryClient.invalidateQueries({ queryKey: ['campaigns', 'forecast'] });
      // New steps and variants have got their ids.
      if (body.sequence !== undefined && !changed.current)
        setSteps((now) => (now.every(({ id: known }) => known !== undefined) ? now : stepsOf(saved)));
    },
  });
  const { mutate } = save;
  useEffect(() => {
    if (!changed.current) return;
    const timer = setTimeout(() => {
      changed.current = false;
      mutate({ sequence: steps });
    }, saveAfterMs);
    return () => {
      clearTimeout(timer);
    };
  }, [steps, mutate]);
  const change = (next: Step[]): void => {
    changed.current = true;
    setSteps(next);
  };
  const index = Math.min(Math.max(0, Number(wanted ?? 1) - 1), Math.max(0, steps.length - 1));
  const current = steps[index];
  const open = (place: number): void => {
    void navigate({ search: { step: String(place + 1) }, replace: true });
  };
  const problem = save.error === null ? undefined : (Object.values(problemsOf(save.error))[0] ?? messageOf(save.error));
  return (
    <>
      <PageHead
        title={campaign.name}
        crumbs={[
          { label: 'Campaigns', link: { to: '/campaigns' } },
          { label: campaign.name, link: { to: '/campaigns/$id', params: { id } } },
          { label: 'Edit' },
        ]}
        state={
          <>
            <CampaignState campaign={campaign} pill />
            <span className="small muted" role="status">
              {save.isPending ? 'Saving…' : save.error !== null ? 'Not saved' : save.isSuccess ? 'Saved' : ''}
            </span>
          </>
        }
        actions={
          <>
            <Button
              onClick={() => {
                setAdding(true);
              }}
            >
              Add leads
            </Button>
            <LinkButton to="/campaigns/$id" params={{ id }}>
              {campaign.status === 'draft' ? 'Overview' : 'Back to the campaign'}
            </LinkButton>
          </>
        }
      >
        <span>{counted(campaign.metrics.leads, 'lead')}</span>
        <span>{counted(campaign.mailbox_ids.length, 'mailbox', 'mailboxes')}</span>
        {campaign.status === 'active' ? <span>It runs: changes hold for what is sent from now on.</span> : null}
      </PageHead>
      {problem === undefined ? null : (
        <Note tone="failed">
          <b>Not saved.</b> {problem}
        </Note>
      )}
      <div className="builder">
        <section className="bsteps" aria-label="Sequence">
          <StepList steps={steps} current={index} onOpen={open} onChange={change} />
          <Checks campaign={campaign} />
        </section>
        <section className="bedit" aria-label="Step">
          {current === undefined ? null : (
            <StepEditor
              key={current.id ?? `new ${index}`}
              step={current}
              number={index + 1}
              onChange={(next) => {
                change(steps.with(index, next));
              }}
            />
          )}
          <CampaignRules
            campaign={campaign}
            onChange={(body) => {
              save.mutate(body);
            }}
          />
        </section>
        <section className="bprev" aria-label="Preview">
          <Preview campaign={campaign} step={index + 1} />
          <Forecast id={id} />
        </section>
      </div>
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
