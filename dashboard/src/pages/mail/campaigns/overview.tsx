import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Campaign, CampaignAnalytics, Rate } from '@outrider/sdk';
import { duration, percent } from '../../../components/format.ts';
import { Columns, Region } from '../../../components/page.tsx';
import { ReplyClass } from '../../../components/status.tsx';
import { Name } from '../../../components/value.tsx';
import { Forecast } from './forecast.tsx';
import { analyticsOf } from './queries.ts';
import { waitWord } from './sequence.ts';

/** Funnel, forecast, steps with their variants, and what replies mean. */
export function CampaignOverview({ campaign }: { readonly campaign: Campaign }) {
  const { data } = useQuery(analyticsOf(campaign.id));
  return (
    <>
      <Columns even ruled>
        <Funnel campaign={campaign} analytics={data} />
        <div>
          <Forecast id={campaign.id} />
        </div>
      </Columns>
      <Steps campaign={campaign} analytics={data} />
      {data === undefined ? null : <Replies campaign={campaign} analytics={data} />}
    </>
  );
}

const range = (rate: Rate, of: string): string =>
  rate === null ? '' : `of ${of}, ${+(100 * rate.low).toFixed(1)} to ${+(100 * rate.high).toFixed(1)}`;

function Funnel({
  campaign,
  analytics,
}: {
  readonly campaign: Campaign;
  readonly analytics: CampaignAnalytics | undefined;
}) {
  const { metrics } = campaign;
  const { leads, contacted, replied, positive_replies: positive, meetings, opened } = metrics;
  const waits = leads - contacted;
  const rows = [
    { name: 'Leads', value: leads, share: undefined, detail: '' },
    {
      name: 'Contacted',
      value: contacted,
      share: percent(contacted, leads),
      detail: waits > 0 ? `of leads; ${waits.toLocaleString('en-US')} wait or are skipped` : 'of leads',
    },
    ...(opened === null
      ? []
      : [
          {
            name: 'Opened',
            value: opened,
            share: percent(opened, contacted),
            detail: range(analytics?.rates.open ?? null, 'delivered'),
          },
        ]),
    {
      name: 'Replied',
      value: replied,
      share: percent(replied, contacted),
      detail: range(analytics?.rates.reply ?? null, 'contacted'),
    },
    { name: 'Positive', value: positive, share: percent(positive, replied), detail: 'of replies' },
    { name: 'Meetings', value: meetings, share: percent(meetings, positive), detail: 'of positive replies' },
  ];
  return (
    <Region title="Funnel" aside="unique leads; ranges are 95 % intervals">
      <ul className="funnel">
        {rows.map(({ name, value, share, detail }) => (
          <li key={name}>
            <span className="fk">{name}</span>
            <span className="fb">
              <i style={{ width: `${leads === 0 ? 0 : (100 * value) / leads}%` }} />
            </span>
            <b className="medium num fv">{value.toLocaleString('en-US')}</b>
            <span className="fr">{share ?? ''}</span>
            <span className="small muted trunc fx" title={detail}>
              {detail}
            </span>
          </li>
        ))}
      </ul>
      <p className="small muted funnel-foot">
        {metrics.bounced.toLocaleString('en-US')} bounced, {metrics.unsubscribed.toLocaleString('en-US')} unsubscribed
        {opened === null ? '; opens are not measured' : ''}
      </p>
    </Region>
  );
}

function Rated({ rate }: { readonly rate: Rate }) {
  if (rate === null) return <span className="faint">–</span>;
  return (
    <>
      <b className="medium">{`${+(100 * rate.value).toFixed(1)} %`}</b>
      <span className="sub">
        {rate.of < 20 ? `n = ${rate.of}` : `${+(100 * rate.low).toFixed(1)}–${+(100 * rate.high).toFixed(1)} %`}
      </span>
    </>
  );
}

interface StepRow {
  readonly key: string;
  readonly step: Campaign['sequence'][number];
  readonly variant?: string;
  readonly subject: string | null;
  readonly figures?: Omit<CampaignAnalytics['steps'][number], 'time_to_reply'>;
  readonly word: string;
}

function Steps({
  campaign,
  analytics,
}: {
  readonly campaign: Campaign;
  readonly analytics: CampaignAnalytics | undefined;
}) {
  const rows = campaign.sequence.flatMap((step): StepRow[] => {
    const variants = analytics?.variants.filter(({ step_id: id }) => id === step.id) ?? [];
    const compared = analytics?.comparisons.find(({ step_id: id }) => id === step.id);
    if (variants.length < 2)
      return [
        {
          key: step.id,
          step,
          variant: undefined,
          subject: step.subject,
          figures: analytics?.steps.find(({ step_id: id }) => id === step.id),
          word: '',
        },
      ];
    return variants.map((figures) => ({
      key: `${step.id} ${figures.variant}`,
      step,
      variant: figures.variant,
      subject: step.variants.find(({ id }) => id === figures.variant)?.subject ?? step.subject,
      figures,
      word: compared?.winner === figures.variant ? 'wins' : compared?.p == null ? '' : `p = ${compared.p.toFixed(2)}`,
    }));
  });
  return (
    <Region
      title="Steps"
      aside="Replies by people per accepted mail. A variant wins at 100 sends each and p below 0.05."
      flush
    >
      <table className="table two cards" aria-label="Steps">
        <thead>
          <tr>
            <th scope="col" style={{ width: 84 }}>
              Step
            </th>
            <th scope="col">Subject</th>
            {['Sent', 'Bounced', 'Replied', 'Positive'].map((title) => (
              <th key={title} scope="col" className="num" style={{ width: 112 }}>
                {title}
              </th>
            ))}
            <th scope="col" className="num" style={{ width: 100 }}>
              Compared
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, step, variant, subject, figures, word }) => (
            <tr key={key}>
              <td data-l="Step">
                <span className="medium">{step.number}</span>{' '}
                {variant === undefined ? null : <span className="tag">{variant}</span>}
              </td>
              <td className="main">
                <Link to="/campaigns/$id/edit" params={{ id: campaign.id }} search={{ step: String(step.number) }}>
                  {subject === null || subject === '' ? 'Re: (same thread)' : <Name>{subject}</Name>}
                </Link>
                <span className="sub">{waitWord(step)}</span>
              </td>
              <td className="num" data-l="Sent">
                {figures?.sent.toLocaleString('en-US') ?? '–'}
              </td>
              <td className="num" data-l="Bounced">
                {figures == null ? '–' : (percent(figures.bounced_hard + figures.blocked, figures.sent) ?? '–')}
              </td>
              <td className="num" data-l="Replied">
                <Rated rate={figures?.reply_rate ?? null} />
              </td>
              <td className="num" data-l="Positive">
                {figures?.positive_replies.toLocaleString('en-US') ?? '–'}
              </td>
              <td className="num small muted">{word}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Region>
  );
}

function Replies({ campaign, analytics }: { readonly campaign: Campaign; readonly analytics: CampaignAnalytics }) {
  const classes = Object.entries(analytics.replies).filter(([, value]) => value > 0);
  const time = analytics.time_to_reply;
  return (
    <Region
      title="Replies"
      aside={
        time === null
          ? 'none yet'
          : `median time to reply ${duration(1_000 * time.median_seconds)}, n = ${time.replies}`
      }
    >
      <ul className="classes">
        {classes.map(([name, value]) => (
          <li key={name}>
            <Link to="/inbox" search={{ view: 'all', class: name, campaign: campaign.id }}>
              <ReplyClass name={name} />
            </Link>
            <b className="medium num">{value.toLocaleString('en-US')}</b>
          </li>
        ))}
      </ul>
    </Region>
  );
}
