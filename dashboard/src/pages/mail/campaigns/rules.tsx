import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Campaign, CampaignSchedule, UpdateCampaignBody } from '@outrider/sdk';
import { Checkbox, Field, Input, Select } from '../../../components/field.tsx';
import { mailboxNames } from '../mailboxes/queries.ts';
import { CampaignHours } from './hours.tsx';

/** From which mailboxes, when, how many, and what stops a lead. Each change is saved at once. */
export function CampaignRules({
  campaign,
  onChange,
}: {
  readonly campaign: Campaign;
  readonly onChange: (body: UpdateCampaignBody) => void;
}) {
  const { data: names } = useQuery(mailboxNames);
  const { tracking } = campaign;
  // What was chosen here so far: the next change may come before the last one is stored.
  const [schedule, setSchedule] = useState(campaign.schedule);
  const changeSchedule = (part: Partial<CampaignSchedule>): void => {
    setSchedule({ ...schedule, ...part });
    onChange({ schedule: { ...schedule, ...part } });
  };
  return (
    <>
      <div className="rhead ruled-top">
        <h2>Campaign</h2>
      </div>
      <div className="bform">
        <fieldset className="days">
          <legend className="medium">Mailboxes</legend>
          {[...(names ?? [])].map(([id, email]) => (
            <Checkbox
              key={id}
              checked={campaign.mailbox_ids.includes(id)}
              onChange={({ target }) => {
                onChange({
                  mailbox_ids: target.checked
                    ? [...campaign.mailbox_ids, id]
                    : campaign.mailbox_ids.filter((each) => each !== id),
                  ...(target.checked || campaign.status === 'draft' ? {} : { finish: true as const }),
                });
              }}
            >
              <bdi>{email}</bdi>
            </Checkbox>
          ))}
        </fieldset>
        <CampaignHours
          windows={schedule.windows}
          onChange={(windows) => {
            changeSchedule({ windows });
          }}
        />
        <div className="two-f">
          <Field label="Messages a day" hint="Empty: only the limits of mailboxes.">
            {(control) => (
              <Input
                {...control}
                key={campaign.daily_limit}
                type="number"
                min={1}
                defaultValue={campaign.daily_limit ?? ''}
                onBlur={({ target }) => {
                  const limit = target.value === '' ? null : Number(target.value);
                  if (limit !== campaign.daily_limit) onChange({ daily_limit: limit });
                }}
              />
            )}
          </Field>
          <Field label="Addresses to contact">
            {(control) => (
              <Select
                {...control}
                value={campaign.verification}
                onChange={({ target }) => {
                  onChange({ verification: target.value as Campaign['verification'] });
                }}
                options={[
                  { value: 'deliverable', label: 'Only verified ones' },
                  { value: 'risky', label: 'Verified and at risk' },
                  { value: 'off', label: 'Any, without a check' },
                ]}
              />
            )}
          </Field>
          <Field label="A reply also stops">
            {(control) => (
              <Select
                {...control}
                value={campaign.stop.company}
                onChange={({ target }) => {
                  onChange({
                    stop: { on_reply: campaign.stop.on_reply, company: target.value as Campaign['stop']['company'] },
                  });
                }}
                options={[
                  { value: 'off', label: 'nobody else' },
                  { value: 'campaign', label: 'colleagues in this campaign' },
                  { value: 'workspace', label: 'colleagues in all campaigns' },
                ]}
              />
            )}
          </Field>
        </div>
        <div className="stack">
          <Checkbox
            checked={schedule.use_lead_timezone}
            onChange={({ target }) => {
              changeSchedule({ use_lead_timezone: target.checked });
            }}
          >
            In the time zone of each lead, otherwise {schedule.timezone}
          </Checkbox>
          <Checkbox
            checked={tracking.opens}
            onChange={({ target }) => {
              onChange({ tracking: { ...tracking, opens: target.checked } });
            }}
          >
            Measure opens (HTML only)
          </Checkbox>
          <Checkbox
            checked={tracking.clicks}
            onChange={({ target }) => {
              onChange({ tracking: { ...tracking, clicks: target.checked } });
            }}
          >
            Measure clicks
          </Checkbox>
        </div>
      </div>
    </>
  );
}
