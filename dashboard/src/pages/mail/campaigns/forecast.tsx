import { useQuery } from '@tanstack/react-query';
import { messageOf } from '../../../app/api.ts';
import { Chart } from '../../../components/chart.tsx';
import { Region } from '../../../components/page.tsx';
import { Time } from '../../../components/value.tsx';
import { forecastOf } from './queries.ts';

const assumptions = {
  nothing_changes: 'nobody answers or bounces',
  all_verified: 'every address passes its verification',
  no_cooldown: 'no lead was just contacted by another campaign',
  shared_mailboxes: 'other campaigns take turns in its mailboxes',
  mean_limits: 'mailboxes with different limits send as their mean',
} as const;

/** What the campaign will send each day, at the present limits. */
export function Forecast({ id }: { readonly id: string }) {
  const { data, error } = useQuery(forecastOf(id));
  if (data === undefined || data.days.length === 0)
    return (
      <Region title="Forecast">
        <p className="muted">{error === null ? (data?.detail ?? '') : messageOf(error)}</p>
      </Region>
    );
  const sent = data.days.reduce((sum, day) => sum + day.sent, 0);
  const end = data.finishes_at;
  return (
    <>
      <Chart
        title="Forecast"
        label={`${sent} messages on ${data.days.length} days${end === null ? '' : `; the last one on ${end.slice(0, 10)}`}.`}
        times={data.days.map(({ date }) => Date.parse(date))}
        daily
        timeOf={(at) => new Date(at).toISOString().slice(0, 10)}
        series={[
          { name: 'Follow-ups', color: 'chart-1', values: data.days.map((day) => day.follow_ups) },
          { name: 'First mails', color: 'chart-2', values: data.days.map((day) => day.new_leads) },
        ]}
        foot={
          <p className="small muted">
            {end === null ? (
              data.detail
            ) : (
              <>
                The last message is sent <Time at={end} />, if{' '}
                {data.assumptions.map((each) => assumptions[each]).join(', ')}.
              </>
            )}
          </p>
        }
      />
    </>
  );
}
