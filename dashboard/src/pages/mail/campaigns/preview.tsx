import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Campaign } from '@outrider/sdk';
import { api, messageOf } from '../../../app/api.ts';
import { Select } from '../../../components/field.tsx';
import { bytes } from '../../../components/format.ts';
import { Empty, Facts, Note } from '../../../components/page.tsx';
import { Status } from '../../../components/status.tsx';
import { Absent, Name, Time } from '../../../components/value.tsx';
import { MailBody } from '../body.tsx';
import { mailboxNames } from '../mailboxes/queries.ts';
import { reasonWord } from '../words.tsx';

/** The message as it would be sent to a lead, made by what sends it. */
export function Preview({ campaign, step }: { readonly campaign: Campaign; readonly step: number }) {
  const { data: names } = useQuery(mailboxNames);
  const { data: leads } = useQuery({
    queryKey: ['campaigns', 'leads', campaign.id, 'first'],
    queryFn: ({ signal }) => api.leads.list(campaign.id, { limit: 50 }, { signal }).page(),
  });
  const [chosen, setChosen] = useState<string | undefined>();
  const lead = leads?.data.find(({ id }) => id === chosen) ?? leads?.data[0];
  const { data, error } = useQuery({
    queryKey: ['campaigns', 'preview', campaign.id, lead?.id, step],
    // A step that was just added exists once it is saved.
    enabled: lead !== undefined && step <= campaign.sequence.length,
    queryFn: ({ signal }) => api.campaigns.previewMessage(campaign.id, { lead_id: lead?.id ?? '', step }, { signal }),
  });
  return (
    <>
      <div className="rhead">
        <h2>Preview</h2>
        <div className="end">
          {lead === undefined ? null : (
            <Select
              className="auto"
              aria-label="Lead"
              value={lead.id}
              onChange={({ target }) => {
                setChosen(target.value);
              }}
              options={(leads?.data ?? []).map(({ id, email }) => ({ value: id, label: email }))}
            />
          )}
        </div>
      </div>
      {lead === undefined ? (
        <Empty title="No lead yet">Add leads to see the message as each of them gets it.</Empty>
      ) : error !== null ? (
        <Note tone="failed">{messageOf(error)}</Note>
      ) : data === undefined ? null : (
        <>
          <div className="letter">
            <Facts
              width={56}
              rows={[
                ['From', <Name key="f">{data.headers['from'] ?? names?.get(data.mailbox_id)}</Name>],
                ['To', <Name key="t">{lead.email}</Name>],
                [
                  'Subject',
                  data.subject === null ? (
                    <Absent key="s" />
                  ) : (
                    <b key="s">
                      <Name>{data.subject}</Name>
                    </b>
                  ),
                ],
              ]}
            />
            <hr />
            <div className="mail">
              {data.text === null ? (
                <span className="faint">It cannot be composed.</span>
              ) : (
                <MailBody text={data.text} html={data.html} />
              )}
            </div>
          </div>
          <div className="prevfacts">
            <Facts
              width={96}
              rows={[
                ['Variant', data.variant === null ? <Absent key="v" /> : `${data.variant}, fixed for this lead`],
                [
                  'Held by',
                  data.blockers.length === 0 ? (
                    <Status key="b" tone="ok">
                      Nothing
                    </Status>
                  ) : (
                    <span key="b">
                      {data.blockers.map(({ code, detail }) => detail ?? reasonWord(code)).join('; ')}
                    </span>
                  ),
                ],
                ['Earliest', <Time key="e" at={data.earliest} />],
                ['Size', data.raw === null ? <Absent key="r" /> : `${bytes(data.raw.length)}, as it would be sent`],
              ]}
            />
          </div>
        </>
      )}
    </>
  );
}
