import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { Mailbox, UpdateMailboxBody } from '@outrider/sdk';
import { api, problemOf, problemsOf, queryClient } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import { Button } from '../../../components/button.tsx';
import { ConfirmButton } from '../../../components/dialog.tsx';
import { Field, Input, TextArea } from '../../../components/field.tsx';
import { Columns, Note, Region } from '../../../components/page.tsx';
import { toast } from '../../../components/toast.tsx';
import { dayNames } from '../words.tsx';
import { ServerFields, serverFrom } from './server-fields.tsx';

const text = (data: FormData, name: string): string | null => {
  const value = String(data.get(name) ?? '').trim();
  return value === '' ? null : value;
};

/** Identity, limits, hours and servers; deleting it. */
export function MailboxSettings({ mailbox }: { readonly mailbox: Mailbox }) {
  const may = useMay()('mailboxes:write');
  const navigate = useNavigate();
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: (body: UpdateMailboxBody) => api.mailboxes.updateMailbox(mailbox.id, body),
    onSuccess: () => {
      toast('Saved.');
      void queryClient.invalidateQueries({ queryKey: ['mailboxes'] });
    },
  });
  const remove = useMutation({
    mutationFn: () => api.mailboxes.deleteMailbox(mailbox.id),
    onSuccess: () => {
      toast(`${mailbox.email} was disconnected.`);
      void navigate({ to: '/mailboxes' });
      void queryClient.invalidateQueries({ queryKey: ['mailboxes'] });
    },
  });
  const problems = problemsOf(save.error);
  const { work_hours: hours } = mailbox;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        save.mutate({
          display_name: text(data, 'display_name'),
          signature: text(data, 'signature'),
          reply_to: text(data, 'reply_to'),
          tracking_domain: text(data, 'tracking_domain'),
          daily_limit: Number(data.get('daily_limit')),
          gap_seconds: { min: Number(data.get('gap_min')), max: Number(data.get('gap_max')) },
          max_hourly_per_domain: Number(data.get('max_hourly')),
          timezone: String(data.get('timezone')),
          work_hours: {
            days: data.getAll('days').map(Number),
            start: String(data.get('start')),
            end: String(data.get('end')),
          },
          ...(mailbox.smtp === null ? {} : { smtp: serverFrom(data, 'smtp') }),
          ...(mailbox.imap === null ? {} : { imap: serverFrom(data, 'imap') }),
        });
      }}
    >
      {problemOf(save.error) === undefined ? null : <Note tone="failed">{problemOf(save.error)}</Note>}
      <fieldset disabled={!may} className="plain">
        <Columns even>
          <Region title="Sender">
            <div className="stack roomy">
              <Field label="Name" hint="Before the address in “From”." error={problems['display_name']}>
                {(control) => (
                  <Input {...control} name="display_name" maxLength={200} defaultValue={mailbox.display_name ?? ''} />
                )}
              </Field>
              <Field label="Signature" error={problems['signature']}>
                {(control) => (
                  <TextArea {...control} name="signature" rows={4} defaultValue={mailbox.signature ?? ''} />
                )}
              </Field>
              <Field label="Replies go to" hint="Empty: to the mailbox." error={problems['reply_to']}>
                {(control) => <Input {...control} name="reply_to" type="email" defaultValue={mailbox.reply_to ?? ''} />}
              </Field>
              <Field
                label="Tracking host"
                hint={
                  <>
                    Empty: one of the <Link to="/settings/tracking">verified hosts</Link> is chosen.
                  </>
                }
                error={problems['tracking_domain']}
              >
                {(control) => (
                  <Input {...control} name="tracking_domain" defaultValue={mailbox.tracking_domain ?? ''} />
                )}
              </Field>
            </div>
          </Region>
          <Region title="Limits and hours">
            <div className="stack roomy">
              <Field label="Messages a day" error={problems['daily_limit']}>
                {(control) => (
                  <Input {...control} name="daily_limit" type="number" min={1} defaultValue={mailbox.daily_limit} />
                )}
              </Field>
              <div className="two-f">
                <Field label="Shortest gap, in seconds" error={problems['gap_seconds'] ?? problems['gap_seconds.min']}>
                  {(control) => (
                    <Input {...control} name="gap_min" type="number" min={0} defaultValue={mailbox.gap_seconds.min} />
                  )}
                </Field>
                <Field label="Longest gap" error={problems['gap_seconds.max']}>
                  {(control) => (
                    <Input {...control} name="gap_max" type="number" min={0} defaultValue={mailbox.gap_seconds.max} />
                  )}
                </Field>
              </div>
              <Field label="To one recipient domain, per hour" error={problems['max_hourly_per_domain']}>
                {(control) => (
                  <Input
                    {...control}
                    name="max_hourly"
                    type="number"
                    min={1}
                    max={30}
                    defaultValue={mailbox.max_hourly_per_domain}
                  />
                )}
              </Field>
              <fieldset className="days">
                <legend className="medium">Sends on</legend>
                {dayNames.map((name, index) => (
                  <label key={name} className="option">
                    <input
                      type="checkbox"
                      className="check"
                      name="days"
                      value={index + 1}
                      defaultChecked={hours.days.includes(index + 1)}
                    />
                    <span>{name}</span>
                  </label>
                ))}
              </fieldset>
              <div className="two-f">
                <Field label="From" error={problems['work_hours.start'] ?? problems['work_hours']}>
                  {(control) => <Input {...control} name="start" pattern="\d\d:\d\d" defaultValue={hours.start} />}
                </Field>
                <Field label="To" error={problems['work_hours.end']}>
                  {(control) => <Input {...control} name="end" pattern="\d\d:\d\d" defaultValue={hours.end} />}
                </Field>
              </div>
              <Field label="Time zone" error={problems['timezone']}>
                {(control) => (
                  <Input {...control} name="timezone" list="timezones" defaultValue={mailbox.timezone} required />
                )}
              </Field>
              <TimeZones />
            </div>
          </Region>
        </Columns>
        {mailbox.smtp === null ? null : (
          <Region title="Servers" aside="Tested again when they change. Without a password the stored one stays.">
            <Columns even>
              <ServerFields name="smtp" server={mailbox.smtp} problems={problems} stored />
              {mailbox.imap === null ? (
                <p className="muted">Not read.</p>
              ) : (
                <ServerFields name="imap" server={mailbox.imap} problems={problems} stored />
              )}
            </Columns>
          </Region>
        )}
      </fieldset>
      {may ? (
        <div className="formfoot">
          <Button type="submit" look="primary" busy={save.isPending}>
            Save
          </Button>
          <span className="grow" />
          {mailbox.status === 'disconnected' ? null : (
            <ConfirmButton
              word="Disconnect…"
              title={`Disconnect ${mailbox.email}?`}
              action="Disconnect 1 mailbox"
              busy={remove.isPending}
              onConfirm={() => remove.mutateAsync()}
            >
              Its password is deleted, and it is neither read nor used. Campaigns whose only mailbox it is are paused.
              What it sent stays.
            </ConfirmButton>
          )}
        </div>
      ) : null}
    </form>
  );
}

/** The names of time zones, for fields that ask for one. */
export const TimeZones = () => (
  <datalist id="timezones">
    {Intl.supportedValuesOf('timeZone').map((each) => (
      <option key={each} value={each} />
    ))}
  </datalist>
);
