import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Mailbox, MailboxDay, MailboxHealth } from '@outrider/sdk';
import { api } from '../../../app/api.ts';
import { Chart } from '../../../components/chart.tsx';
import { sentence } from '../../../components/format.ts';
import { Columns, Note, Region } from '../../../components/page.tsx';
import { Status } from '../../../components/status.tsx';
import { Time } from '../../../components/value.tsx';
import { HealthBand, limitOf } from '../words.tsx';
import { statsOf, warmupOf } from './queries.ts';

/** What was sent today, what limits it, and how the mailbox is. */
export function MailboxOverview({ mailbox }: { readonly mailbox: Mailbox }) {
  const { id } = mailbox;
  const { data: warmup } = useQuery(warmupOf(id));
  const { data: days } = useQuery(statsOf(id));
  const { data: health } = useQuery({
    queryKey: ['mailboxes', 'health', id],
    queryFn: ({ signal }) => api.mailboxes.getMailboxHealth(id, { signal }),
  });
  const limit = limitOf(mailbox, warmup);
  const free = Math.max(0, limit.allowed - mailbox.sent_today);
  return (
    <>
      {health?.action == null ? null : (
        <Note tone={health.band === 'blocked' ? 'failed' : 'watch'}>
          <b>What helps most:</b> {health.action}
        </Note>
      )}
      <Columns even ruled>
        <Region title="Today" aside={`since midnight, ${mailbox.timezone}`}>
          <div className="today">
            <div>
              <div className="big">
                <b>{mailbox.sent_today.toLocaleString('en-US')}</b>
                <span>sent</span>
              </div>
              <div className="big">
                <b>{limit.allowed.toLocaleString('en-US')}</b>
                <span>allowed</span>
              </div>
              <div className="big">
                <b>{free.toLocaleString('en-US')}</b>
                <span>free</span>
              </div>
            </div>
          </div>
          <span className="meter today-meter" role="img" aria-label={`${mailbox.sent_today} of ${limit.allowed} sent`}>
            <i
              style={{
                width: `${limit.allowed === 0 ? 0 : Math.min(100, (100 * mailbox.sent_today) / limit.allowed)}%`,
              }}
            />
          </span>
          <p className="small muted">
            One message in {gap(mailbox.gap_seconds)}, from {mailbox.work_hours.start} to {mailbox.work_hours.end}.
          </p>
        </Region>
        <Limits mailbox={mailbox} allowed={limit.allowed} word={limit.word} target={warmup?.today.target ?? null} />
      </Columns>
      <Columns even ruled>
        <Health health={health} id={id} />
        <SentDays days={days ?? []} />
      </Columns>
    </>
  );
}

const gap = ({ min, max }: Mailbox['gap_seconds']): string =>
  `${(min / 60).toFixed(1).replace('.0', '')} to ${(max / 60).toFixed(1).replace('.0', '')} minutes`;

function Limits({
  mailbox,
  allowed,
  word,
  target,
}: {
  readonly mailbox: Mailbox;
  readonly allowed: number;
  readonly word: string;
  readonly target: number | null;
}) {
  const rows = [
    ...(target === null
      ? []
      : [{ name: target === allowed ? word : 'Warm-up', used: mailbox.sent_today, most: target }]),
    { name: 'Your daily limit', used: mailbox.sent_today, most: mailbox.daily_limit },
    { name: 'Each recipient domain, per hour', used: null, most: mailbox.max_hourly_per_domain },
  ];
  return (
    <Region title="What limits it" aside="the smallest limit wins" flush>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Limit</th>
            <th scope="col" className="num" style={{ width: 80 }}>
              Used
            </th>
            <th scope="col" className="num" style={{ width: 104 }}>
              Allowed
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, used, most }) => {
            const limits = used !== null && most === allowed;
            return (
              <tr key={name} className={limits && used >= most ? 'lim' : undefined}>
                <td className="main">
                  {name}{' '}
                  {limits ? (
                    <Status tone={used >= most ? 'watch' : 'off'} pill>
                      limits today
                    </Status>
                  ) : null}
                </td>
                <td className="num">{used ?? '–'}</td>
                <td className="num">{most.toLocaleString('en-US')}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Region>
  );
}

function Health({ health, id }: { readonly health: MailboxHealth | undefined; readonly id: string }) {
  if (health === undefined) return <Region title="Health" />;
  const { change } = health.trend;
  return (
    <Region title="Health" aside="parts and their weight">
      <div className="health">
        <div className="score">
          <b>{health.score === null ? '–' : Math.round(health.score)}</b>
          <span className="small muted">{health.score === null ? 'too little is known' : 'of 100'}</span>
          <HealthBand health={{ score: null, band: health.band }} />
          {change === null ? null : (
            <span className="small muted">
              {change > 0 ? '+' : change < 0 ? '−' : '±'}
              {Math.abs(Math.round(change))} in 7 d
            </span>
          )}
          <Trend days={health.trend.days} />
        </div>
        <ul className="parts">
          {health.parts.map((part) => (
            <Part key={part.name} part={part} />
          ))}
        </ul>
      </div>
      <p className="small muted health-foot">
        Measured <Time at={health.measured_at} ago />.{' '}
        <Link to="/mailboxes/$id" params={{ id }} search={{ tab: 'connection' }}>
          DNS and connection
        </Link>
      </p>
    </Region>
  );
}

function Part({ part }: { readonly part: MailboxHealth['parts'][number] }) {
  const { name, weight, value, rate, sample, sample_min: least } = part;
  const score = value === null ? undefined : Math.round(100 * value);
  const tone = score === undefined || score >= 80 ? '' : score >= 50 ? ' held' : ' failed';
  const unit = name === 'connection' ? 'h' : name === 'authentication' ? 'checks' : 'messages';
  const detail =
    score === undefined
      ? `n = ${sample} of ${least} ${unit}`
      : `${rate === null ? '' : `${+(100 * rate).toFixed(1)} %, `}n = ${sample}`;
  return (
    <li>
      <span className="pk">
        {sentence(name)} <span className="faint small">{weight}</span>
      </span>
      <span className={`meter${tone}`} role="img" aria-label={score === undefined ? 'not measured' : `${score} of 100`}>
        <i style={{ width: `${score ?? 0}%` }} />
      </span>
      <b className="medium num">{score ?? '–'}</b>
      <span className="small muted trunc" title={detail}>
        {detail}
      </span>
    </li>
  );
}

/** The score of the last seven days. */
function Trend({ days }: { readonly days: MailboxHealth['trend']['days'] }) {
  const known = days.flatMap(({ score }, index) => (score === null ? [] : [{ x: index, y: score }]));
  if (known.length < 2) return null;
  const at = ({ x, y }: { x: number; y: number }): string => `${(x * 72) / Math.max(1, days.length - 1)} ${20 - y / 5}`;
  return (
    <svg
      className="spark"
      viewBox="0 0 72 20"
      role="img"
      aria-label={`Score of the last days: ${known.map(({ y }) => Math.round(y)).join(', ')}`}
    >
      <path d={`M${known.map(at).join('L')}`} />
    </svg>
  );
}

function SentDays({ days }: { readonly days: readonly MailboxDay[] }) {
  const sorted = days.toSorted((a, b) => a.day.localeCompare(b.day));
  const sent = sorted.reduce((sum, day) => sum + day.sent, 0);
  const bounced = sorted.reduce((sum, day) => sum + day.bounced, 0);
  return (
    <Chart
      title="Sent, 30 d"
      label={`${sent} messages sent in 30 days, of which ${bounced} bounced.`}
      times={sorted.map(({ day }) => Date.parse(day))}
      daily
      timeOf={(at) => new Date(at).toISOString().slice(0, 10)}
      series={[
        { name: 'Campaigns', color: 'chart-2', values: sorted.map(({ campaign }) => campaign.sent) },
        { name: 'Warm-up', color: 'chart-1', values: sorted.map(({ warmup }) => warmup.sent) },
        {
          name: 'Other',
          color: 'chart-1-soft',
          values: sorted.map((day) => Math.max(0, day.sent - day.campaign.sent - day.warmup.sent)),
        },
      ]}
    />
  );
}
