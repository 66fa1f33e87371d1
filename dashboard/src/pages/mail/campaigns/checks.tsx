import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Campaign, CampaignValidation } from '@outrider/sdk';
import { api, messageOf, queryClient } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import { Button } from '../../../components/button.tsx';
import { FormDialog } from '../../../components/dialog.tsx';
import { counted } from '../../../components/format.ts';
import { Status } from '../../../components/status.tsx';
import { Time } from '../../../components/value.tsx';

type Finding = CampaignValidation['errors'][number];

/** What validation found, and the launch. */
export function Checks({ campaign }: { readonly campaign: Campaign }) {
  const navigate = useNavigate();
  const may = useMay()('campaigns:write');
  const [asks, setAsks] = useState(false);
  const { data, error } = useQuery({
    queryKey: ['campaigns', 'validation', campaign.id],
    queryFn: ({ signal }) => api.campaigns.validate(campaign.id, { signal }),
  });
  const launch = useMutation({
    meta: { quiet: true },
    mutationFn: () => api.campaigns.launch(campaign.id, { accept_warnings: 'true' }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['campaigns'] });
      void navigate({ to: '/campaigns/$id', params: { id: campaign.id } });
    },
  });
  const close = (): void => {
    setAsks(false);
    launch.reset();
  };
  if (data === undefined) return <div className="checks">{error === null ? null : messageOf(error)}</div>;
  const { errors, warnings } = data;
  return (
    <div className="checks">
      <h3>{campaign.status === 'draft' ? 'Before launch' : 'Checks'}</h3>
      <ul className="findings">
        {errors.length === 0 && warnings.length === 0 ? (
          <li>
            <Status tone="ok">Nothing to fix</Status>
          </li>
        ) : null}
        {errors.map((each) => (
          <FindingRow key={`${each.code} ${each.field}`} finding={each} tone="failed" />
        ))}
        {warnings.map((each) => (
          <FindingRow key={`${each.code} ${each.field}`} finding={each} tone="watch" />
        ))}
      </ul>
      {campaign.status === 'draft' && may ? (
        <div className="stack launch">
          <Button
            look="primary"
            icon="send"
            disabled={errors.length > 0 || campaign.waits_for_start}
            onClick={() => {
              setAsks(true);
            }}
          >
            Launch…
          </Button>
          {errors.length === 0 ? null : (
            <p className="small muted">{counted(errors.length, 'error')} to fix before it can be launched.</p>
          )}
        </div>
      ) : null}
      <FormDialog
        title={`Launch “${campaign.name}”?`}
        open={asks}
        onClose={close}
        action={`Launch to ${counted(data.leads.total, 'lead')}`}
        busy={launch.isPending}
        problem={launch.error === null ? undefined : messageOf(launch.error)}
        width={480}
        onSubmit={() => {
          launch.mutate();
        }}
      >
        <p>
          At most {counted(campaign.sequence.length, 'message')} to each of {counted(data.leads.total, 'lead')}, from{' '}
          {counted(campaign.mailbox_ids.length, 'mailbox', 'mailboxes')}.{' '}
          {data.forecast.finishes_at === null ? (
            data.forecast.detail
          ) : (
            <>
              The last one is sent <Time at={data.forecast.finishes_at} />.
            </>
          )}
        </p>
        {warnings.length === 0 ? null : (
          <p>
            <Status tone="watch">{counted(warnings.length, 'warning')}</Status>{' '}
            <span className="muted">{warnings.map(({ message }) => message).join(' ')}</span>
          </p>
        )}
      </FormDialog>
    </div>
  );
}

function FindingRow({ finding, tone }: { readonly finding: Finding; readonly tone: 'failed' | 'watch' }) {
  return (
    <li>
      <Status tone={tone}>{tone === 'failed' ? 'Error' : 'Warning'}</Status>
      <p className="small muted">
        {finding.message}
        {finding.count === null ? '' : ` (${counted(finding.count, 'lead')})`}
      </p>
    </li>
  );
}
