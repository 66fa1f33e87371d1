import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Mailbox, MailboxDay, Warmup } from '@outrider/sdk';
import { api, queryClient } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import { Button } from '../../../components/button.tsx';
import { Chart } from '../../../components/chart.tsx';
import { sentence } from '../../../components/format.ts';
import { Columns, Empty, Facts, Figures, Note, Region } from '../../../components/page.tsx';
import { Status } from '../../../components/status.tsx';
import { Absent, Time } from '../../../components/value.tsx';
import { holds } from '../words.tsx';
import { statsOf, warmupOf } from './queries.ts';
import { WarmupDialog } from './warmup-dialog.tsx';

const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['mailboxes'] });

/** The ramp, the exchange, and what holds them. */
export function WarmupTab({ mailbox }: { readonly mailbox: Mailbox }) {
  const may = useMay()('mailboxes:write');
  const [editing, setEditing] = useState(false);
  const { data: warmup } = useQuery(warmupOf(mailbox.id));
  const { data: days } = useQuery(statsOf(mailbox.id));
  const change = useMutation({
    mutationFn: (paused: boolean) =>
      paused ? api.mailboxes.pauseWarmup(mailbox.id) : api.mailboxes.resumeWarmup(mailbox.id),
    onSuccess: refresh,
  });
  if (warmup === undefined) return null;
  const dialog = (
    <WarmupDialog
      warmup={warmup}
      open={editing}
      onClose={() => {
        setEditing(false);
      }}
    />
  );
  if (!warmup.enabled)
    return (
      <>
        <Empty
          title="Warm-up is off"
          actions={
            may ? (
              <Button
                look="primary"
                onClick={() => {
                  setEditing(true);
                }}
              >
                Start warm-up…
              </Button>
            ) : undefined
          }
        >
          Warm-up raises the daily volume of a new mailbox slowly, and exchanges messages with other mailboxes so that
          providers learn to trust it.
        </Empty>
        {dialog}
      </>
    );
  const { today } = warmup;
  return (
    <>
      {warmup.hold === null ? null : (
        <Note tone="watch">
          <b>The ramp stood still yesterday:</b> {holds[warmup.hold]}. It goes on after a day without it.
        </Note>
      )}
      <Figures
        label="Warm-up"
        figures={[
          {
            label: 'State',
            value: <Status tone={warmup.paused ? 'held' : 'ok'}>{warmup.paused ? 'Paused' : 'Running'}</Status>,
            detail: sentence(warmup.strategy),
          },
          {
            label: 'Day of the ramp',
            value: warmup.day,
            detail: (
              <>
                since <Time at={warmup.started_at} />
              </>
            ),
          },
          { label: 'Today', value: today.sent, unit: `of ${today.target ?? '–'}`, detail: today.reason ?? 'no limit' },
          {
            label: 'Target',
            value: warmup.target_daily_volume,
            unit: 'a day',
            detail: `${warmup.reply_rate} % answered`,
          },
        ]}
      />
      <Ramp
        warmup={warmup}
        days={days ?? []}
        end={
          may ? (
            <>
              <Button
                size="sm"
                onClick={() => {
                  setEditing(true);
                }}
              >
                Settings…
              </Button>
              <Button
                size="sm"
                busy={change.isPending}
                onClick={() => {
                  change.mutate(!warmup.paused);
                }}
              >
                {warmup.paused ? 'Resume warm-up' : 'Pause warm-up'}
              </Button>
            </>
          ) : undefined
        }
      />
      <Columns even>
        <Exchange warmup={warmup} />
        <Region title="Milestones">
          {warmup.milestones.length === 0 ? (
            <p className="muted">None yet. The first is a message that arrives in an inbox.</p>
          ) : (
            <Facts
              rows={warmup.milestones.map(({ name, at }) => [sentence(name), <Time key={name} at={at} />] as const)}
            />
          )}
        </Region>
      </Columns>
      {dialog}
    </>
  );
}

const growth = { gentle: [3, 0.5], normal: [5, 1], fast: [10, 2] } as const;
const dayMs = 86_400_000;
const plannedDays = 21;

/** What was sent in the last 30 days, and what the ramp plans for the next ones. */
function Ramp({
  warmup,
  days,
  end,
}: {
  readonly warmup: Warmup;
  readonly days: readonly MailboxDay[];
  readonly end: React.ReactNode;
}) {
  const sorted = days.toSorted((a, b) => a.day.localeCompare(b.day));
  const last = Date.parse(sorted.at(-1)?.day ?? new Date().toISOString().slice(0, 10));
  const next = Array.from({ length: plannedDays }, (_, index) => last + (index + 1) * dayMs);
  const [first, more] = growth[warmup.strategy];
  const volume = (day: number): number => Math.min(warmup.target_daily_volume, Math.floor(first + more * day));
  const times = [...sorted.map(({ day }) => Date.parse(day)), ...next];
  const future = next.map(() => null);
  const planned = times.map((at) => {
    const ahead = Math.round((at - last) / dayMs);
    const day = warmup.day + ahead;
    return day < 0 ? null : volume(Math.max(0, day));
  });
  const sent = sorted.reduce((sum, { warmup: own }) => sum + own.sent, 0);
  return (
    <Chart
      title="Ramp"
      label={`Warm-up sent ${sent} messages in 30 days, and is on day ${warmup.day}; the ramp ends at ${warmup.target_daily_volume} a day.`}
      times={times}
      daily
      timeOf={(at) => new Date(at).toISOString().slice(0, 10)}
      end={end}
      series={[
        { name: 'Campaigns', color: 'chart-1', values: [...sorted.map(({ campaign }) => campaign.sent), ...future] },
        { name: 'Warm-up', color: 'chart-1-soft', values: [...sorted.map(({ warmup: own }) => own.sent), ...future] },
        { name: 'Planned', color: 'chart-2', dashed: true, values: planned },
      ]}
    />
  );
}

function Exchange({ warmup }: { readonly warmup: Warmup }) {
  const { exchange } = warmup;
  const { data } = useQuery({
    queryKey: ['mailboxes', 'placement', warmup.mailbox_id],
    queryFn: ({ signal }) => api.mailboxes.getMailboxPlacement(warmup.mailbox_id, {}, { signal }),
  });
  const measured = data?.providers ?? [];
  return (
    <Region title="Exchange">
      <div className="stack roomy">
        {exchange.blocked_detail === null ? null : (
          <Note tone="watch" boxed>
            {exchange.blocked_detail}
          </Note>
        )}
        <Facts
          rows={[
            ['Partners', `${exchange.partners} of other organizations, ${exchange.low_value_partners} of your own`],
            ['Seeds', exchange.seeds],
            ['Next message', exchange.next_at === null ? <Absent key="no" /> : <Time key="at" at={exchange.next_at} />],
          ]}
        />
        {measured.length === 0 ? null : (
          <>
            <h3>Inbox placement by provider</h3>
            <ul className="parts prov">
              {measured.map((each) => {
                const rate = each.inbox_rate === null ? undefined : Math.round(100 * each.inbox_rate);
                return (
                  <li key={`${each.provider} ${String(each.seeds)}`}>
                    <span className="pk">{each.provider}</span>
                    <span className={rate !== undefined && rate < 80 ? 'meter failed' : 'meter'} aria-hidden="true">
                      <i style={{ width: `${rate ?? 0}%` }} />
                    </span>
                    <b className="medium num">{rate === undefined ? '–' : `${rate} %`}</b>
                    <span className="small muted">n = {each.inbox + each.spam}</span>
                  </li>
                );
              })}
            </ul>
          </>
        )}
      </div>
    </Region>
  );
}
