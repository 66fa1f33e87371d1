import type { Campaign, CampaignSchedule, Lead, Mailbox, Message, Warmup } from '@outrider/sdk';
import { sentence } from '../../components/format.ts';
import { Status } from '../../components/status.tsx';
import type { Tone } from '../../components/status.tsx';

type Words<Key extends string> = Readonly<Record<Key, readonly [tone: Tone, word: string]>>;

const mailboxWords: Words<Mailbox['status']> = {
  connecting: ['pending', 'Connecting'],
  connected: ['ok', 'Connected'],
  degraded: ['watch', 'Degraded'],
  auth_failed: ['failed', 'Signed out'],
  disconnected: ['off', 'Disconnected'],
  paused: ['held', 'Paused'],
};
const bandWords: Words<NonNullable<Mailbox['health']['band']>> = {
  healthy: ['ok', 'Healthy'],
  watch: ['watch', 'Watch'],
  quarantine: ['held', 'Quarantine'],
  blocked: ['failed', 'Blocked'],
};
const campaignWords: Words<Campaign['status']> = {
  draft: ['off', 'Draft'],
  active: ['pending', 'Active'],
  paused: ['held', 'Paused'],
  completed: ['ok', 'Completed'],
  archived: ['off', 'Archived'],
};
const leadWords: Words<Lead['status']> = {
  queued: ['pending', 'Queued'],
  waiting: ['pending', 'Waiting'],
  sending: ['pending', 'Sending'],
  held: ['held', 'Held'],
  finished: ['ok', 'Finished'],
  replied: ['ok', 'Replied'],
  bounced: ['failed', 'Bounced'],
  unsubscribed: ['off', 'Unsubscribed'],
  complained: ['failed', 'Complained'],
  meeting_booked: ['ok', 'Meeting'],
  not_interested: ['off', 'Not interested'],
  wrong_person: ['off', 'Wrong person'],
  left_company: ['off', 'Left company'],
  skipped: ['off', 'Skipped'],
  failed: ['failed', 'Failed'],
};
const messageWords: Words<NonNullable<Message['status']>> = {
  claimed: ['pending', 'Waits'],
  sending: ['pending', 'Sending'],
  sent: ['ok', 'Sent'],
  delivered: ['ok', 'Delivered'],
  deferred: ['held', 'Deferred'],
  bounced: ['failed', 'Bounced'],
  failed: ['failed', 'Failed'],
  unknown: ['unknown', 'Unknown'],
  not_found: ['failed', 'Not found'],
};

export const leadStatuses = Object.entries(leadWords).map(([value, [, label]]) => ({ value, label }));
export const messageStatuses = Object.entries(messageWords).map(([value, [, label]]) => ({ value, label }));

interface Looks {
  readonly pill?: boolean;
}

export function MailboxState({ mailbox, pill }: Looks & { readonly mailbox: Mailbox }) {
  const [tone, word] = mailboxWords[mailbox.status];
  return (
    <Status tone={tone} pill={pill} title={mailbox.status_reason ?? undefined}>
      {word}
    </Status>
  );
}

export function HealthBand({ health, pill }: Looks & { readonly health: Mailbox['health'] }) {
  if (health.band === null)
    return (
      <Status tone="off" pill={pill}>
        Not measured
      </Status>
    );
  const [tone, word] = bandWords[health.band];
  return (
    <Status tone={tone} pill={pill}>
      {word}
      {health.score === null || pill === true ? '' : ` ${Math.round(health.score)}`}
    </Status>
  );
}

export function CampaignState({ campaign, pill }: Looks & { readonly campaign: Campaign }) {
  if (campaign.waits_for_start)
    return (
      <Status tone="pending" pill={pill}>
        Scheduled
      </Status>
    );
  const [tone, word] = campaignWords[campaign.status];
  if (campaign.status === 'active')
    return (
      <span className="active">
        <Status tone={tone} pill={pill}>
          {word}
        </Status>
      </span>
    );
  return (
    <Status
      tone={campaign.status === 'paused' && campaign.pause_reason !== 'user' ? 'failed' : tone}
      pill={pill}
      title={campaign.pause_detail ?? undefined}
    >
      {word}
    </Status>
  );
}

export function LeadState({ status }: { readonly status: Lead['status'] }) {
  const [tone, word] = leadWords[status];
  return <Status tone={tone}>{word}</Status>;
}

export function MessageState({ message }: { readonly message: Pick<Message, 'status' | 'error' | 'direction'> }) {
  if (message.status === null) return <Status tone="off">Received</Status>;
  const [tone, word] = messageWords[message.status];
  return (
    <Status tone={tone} title={message.error ?? undefined}>
      {word}
    </Status>
  );
}

const reasons = new Map<string, string>([
  ['suppressed_email', 'The address is suppressed'],
  ['suppressed_domain', 'Its domain is suppressed'],
  ['hard_bounced', 'The address does not exist'],
  ['company_replied', 'Somebody of the same company replied'],
  ['company_meeting', 'A meeting with somebody of the same company was booked'],
  ['out_of_office_until', 'The person is away'],
  ['manual', 'A person paused it'],
  ['removed', 'A person removed it'],
  ['verification_pending', 'The address is not verified yet'],
  ['verification_failed', 'The address cannot be reached'],
  ['verification_risky', 'The address is a risk that the campaign does not take'],
  ['missing_variable', 'The text needs a value that the contact does not have'],
  ['contact_cooldown', 'Another campaign wrote to it a short time ago'],
  ['company_limit', 'Enough people of the company are contacted now'],
  ['unknown_send_pending', 'It is not known whether its last message was sent'],
  ['deferred_by_server', 'A server said “later”'],
  ['delay', 'The delay of the next step is not over'],
  ['campaign_paused', 'The campaign does not run'],
  ['campaign_ended', 'The campaign has ended'],
  ['domain_auth_failing', 'Receivers cannot authenticate mail of the domain'],
  ['outside_window', 'No sending window is open'],
  ['holiday', 'A holiday'],
  ['campaign_daily_limit', 'The campaign has sent its messages of the day'],
  ['new_lead_limit', 'Enough new leads were contacted today'],
  ['no_mailbox', 'No mailbox belongs to the campaign'],
  ['mailbox_daily_limit', 'The mailbox has sent its messages of the day'],
  ['mailbox_gap', 'The gap between two messages of the mailbox'],
  ['warmup_limit', 'Warm-up or health of the mailbox allows no more today'],
  ['domain_hourly_limit', 'Enough messages went to its domain in this hour'],
  ['organization_limit', 'A limit of the organization is reached'],
  ['provider_limit', 'The provider’s limit is reached'],
  ['mailbox_paused', 'A person paused the mailbox'],
  ['mailbox_auth_failed', 'The mailbox is signed out'],
  ['mailbox_degraded', 'The server of the mailbox does not answer'],
  ['in_queue', 'Nothing holds it back; others come before it'],
]);

/** Why a lead or a message waits, in words. */
export const reasonWord = (code: string): string => reasons.get(code) ?? sentence(code);

const limits: Readonly<Record<NonNullable<Warmup['today']['reason']>, string>> = {
  ramp: 'Warm-up ramp',
  target: 'Warm-up target',
  weekend: 'Warm-up at the weekend: 30 %',
  watch: 'Health is on watch: half of the ramp',
  quarantine: 'Quarantine: nothing for 48 h',
  probation: 'Probation: 3 a day',
  blocked: 'Blocked until a person resumes it',
};

export interface Limit {
  readonly allowed: number;
  readonly word: string;
}

/** What a mailbox may send today: the smallest limit wins. */
export function limitOf(mailbox: Mailbox, warmup: Warmup | undefined): Limit {
  const { target, reason } = warmup?.today ?? { target: null, reason: null };
  if (target !== null && target < mailbox.daily_limit)
    return { allowed: target, word: reason === null ? 'Warm-up' : limits[reason] };
  return { allowed: mailbox.daily_limit, word: 'Daily limit' };
}

export const holds: Readonly<Record<NonNullable<Warmup['hold']>, string>> = {
  paused: 'warm-up was paused',
  nothing_sent: 'nothing was sent',
  spam_placement: 'less than 80 % arrived in the inbox',
  bounces: '5 % of the messages bounced',
  deferrals: 'servers deferred a fifth of the attempts',
  health: 'health was not “healthy”',
};

export const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** `Mon to Fri`, `Mon, Wed`. */
export function daysWord(days: readonly number[]): string {
  const sorted = days.toSorted((a, b) => a - b);
  const [first = 1] = sorted;
  const last = sorted.at(-1) ?? 7;
  const name = (day: number): string => dayNames[day - 1] ?? '';
  if (sorted.length > 2 && last - first === sorted.length - 1) return `${name(first)} to ${name(last)}`;
  return sorted.map(name).join(', ');
}

/** `Mon to Thu, 09:00 to 12:00 and 13:00 to 17:00; Fri, 09:00 to 12:00`. */
export const hoursWord = (windows: CampaignSchedule['windows']): string =>
  [...Map.groupBy(windows, ({ days }) => daysWord(days))]
    .map(([days, own]) => `${days}, ${own.map(({ start, end }) => `${start} to ${end}`).join(' and ')}`)
    .join('; ');
