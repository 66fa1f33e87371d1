import type { MailboxId, OrganizationId, WorkspaceId } from '../../base/ids.ts';

/** The first four are open: another message may follow. The others are final. */
export const leadStatuses = [
  'queued',
  'waiting',
  'sending',
  'held',
  'finished',
  'replied',
  'bounced',
  'unsubscribed',
  'complained',
  'meeting_booked',
  'not_interested',
  'wrong_person',
  'left_company',
  'skipped',
  'failed',
] as const;
export type LeadStatus = (typeof leadStatuses)[number];

export const openStatuses = ['queued', 'waiting', 'sending', 'held'] as const satisfies readonly LeadStatus[];

/** Whether another message may follow. */
export const isOpen = (status: LeadStatus): boolean => (openStatuses as readonly LeadStatus[]).includes(status);
export const isFinal = (status: LeadStatus): boolean => !isOpen(status);

/** How a lead can be stopped by evidence or a person. */
export const stopKinds = [
  'replied',
  'unsubscribed',
  'bounced',
  'complained',
  'meeting_booked',
  'not_interested',
  'wrong_person',
  'left_company',
  'removed',
] as const;
export type StopKind = (typeof stopKinds)[number];

/** Why the other leads of a company are skipped. */
export type CompanyReason = 'company_replied' | 'company_meeting';

/** What happens to a lead. Each is an entry of its history, `planned` excepted. */
export type LeadFact =
  | Exclude<StopKind, 'removed'>
  /** It has a verdict, and may be contacted when `due_at` is set. */
  | 'verified'
  /** Its due time, or why it waits, was computed again. */
  | 'planned'
  /** Its next message was built. */
  | 'begun'
  /** A server has the message, and another step follows. */
  | 'accepted'
  /** A server has the last message, or no step is left. */
  | 'finished'
  /** The message will not be sent, and its step is due again. */
  | 'returned'
  /** It waits for a time, or until a person resumes it. */
  | 'held'
  | 'resumed'
  /** Resumed while its message is on its way. */
  | 'resumed_sending'
  /** Not contacted, for the reason in `blocked_reason`. */
  | 'skipped'
  /** Its message cannot be sent. */
  | 'failed'
  /** A person added it again, or a finished lead gets another step. */
  | 'reopened'
  /** A person answered, which does not stop it: the campaign goes on. */
  | 'answered'
  /** What stopped it, or counted as its answer, was no answer of a person. */
  | 'misread'
  /** The answer that stopped it does not ask for an opt-out. */
  | 'opt_out_withdrawn';

type Facts = Readonly<Partial<Record<LeadFact, LeadStatus>>>;

const ends: Facts = {
  replied: 'replied',
  bounced: 'bounced',
  unsubscribed: 'unsubscribed',
  complained: 'complained',
  meeting_booked: 'meeting_booked',
  not_interested: 'not_interested',
  wrong_person: 'wrong_person',
  left_company: 'left_company',
};
const stops: Facts = { ...ends, skipped: 'skipped', failed: 'failed' };

/** What a reply can turn out to be. */
const readings: Facts = {
  meeting_booked: 'meeting_booked',
  not_interested: 'not_interested',
  wrong_person: 'wrong_person',
  left_company: 'left_company',
  unsubscribed: 'unsubscribed',
  complained: 'complained',
};

/** Each further answer is an entry of the history, too. */
const answered: Facts = { replied: 'replied', misread: 'waiting' };

/** Of a campaign that answers do not stop: a lead stays what it is. */
const heard = (status: LeadStatus): Facts => ({ answered: status, misread: status });

/** A message that was in flight at the stop keeps its outcome. */
const sentAs = (status: LeadStatus): Facts => ({ accepted: status, finished: status });

/** The status after a fact; a fact without an entry changes nothing. `waiting` is `queued` for a lead that was not contacted yet. */
export const transitions: Readonly<Record<LeadStatus, Facts>> = {
  queued: {
    verified: 'queued',
    planned: 'queued',
    begun: 'sending',
    held: 'held',
    finished: 'finished',
    ...heard('queued'),
    ...stops,
  },
  waiting: {
    verified: 'waiting',
    planned: 'waiting',
    begun: 'sending',
    held: 'held',
    finished: 'finished',
    ...heard('waiting'),
    ...stops,
  },
  sending: {
    planned: 'sending',
    ...heard('sending'),
    accepted: 'waiting',
    finished: 'finished',
    returned: 'waiting',
    held: 'held',
    ...stops,
  },
  held: {
    verified: 'held',
    planned: 'held',
    begun: 'sending',
    accepted: 'held',
    returned: 'held',
    held: 'held',
    ...heard('held'),
    resumed: 'waiting',
    resumed_sending: 'sending',
    finished: 'finished',
    ...stops,
  },
  finished: { ...ends, accepted: 'finished', reopened: 'waiting', misread: 'finished' },
  skipped: { ...ends, ...sentAs('skipped'), reopened: 'waiting', misread: 'skipped' },
  failed: { ...ends, ...sentAs('failed'), reopened: 'waiting', misread: 'failed' },
  replied: { ...readings, ...answered, ...sentAs('replied') },
  not_interested: { ...readings, ...answered, ...sentAs('not_interested') },
  wrong_person: { ...readings, ...answered, ...sentAs('wrong_person') },
  left_company: { ...readings, ...answered, ...sentAs('left_company') },
  meeting_booked: { unsubscribed: 'unsubscribed', complained: 'complained', ...sentAs('meeting_booked') },
  bounced: { ...readings, replied: 'replied', ...sentAs('bounced') },
  unsubscribed: { complained: 'complained', opt_out_withdrawn: 'replied', ...sentAs('unsubscribed') },
  complained: sentAs('complained'),
};

/** The status of a lead after a fact; undefined if the fact changes nothing. @param step how many steps were sent, this one included */
export function statusAfter(status: LeadStatus, fact: LeadFact, step: number): LeadStatus | undefined {
  const next = transitions[status][fact];
  return next === 'waiting' && step === 0 ? 'queued' : next;
}

export type Verdict = 'deliverable' | 'risky' | 'undeliverable' | 'unknown';

/** A contact in a campaign, as a row of `campaign_leads`. */
export interface Lead {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId | null;
  readonly campaign_id: string;
  readonly contact_id: string | null;
  readonly email: string;
  readonly email_key: string;
  readonly domain: string;
  readonly company_key: string | null;
  readonly provider: string | null;
  readonly status: LeadStatus;
  readonly calendar: string;
  readonly position: number | null;
  readonly step: number;
  readonly last_sent_at: Date | null;
  readonly mailbox_id: MailboxId | null;
  readonly due_at: Date | null;
  readonly blocked_reason: string | null;
  readonly blocked_until: Date | null;
  readonly blocked_detail: string | null;
  readonly verdict: Verdict | null;
  readonly replied_at: Date | null;
  readonly last_event_at: Date;
  readonly created_at: Date;
}

/** What a fact changes beside the status. */
export type LeadPatch = Partial<
  Pick<
    Lead,
    | 'contact_id'
    | 'provider'
    | 'calendar'
    | 'position'
    | 'step'
    | 'last_sent_at'
    | 'mailbox_id'
    | 'due_at'
    | 'blocked_reason'
    | 'blocked_until'
    | 'blocked_detail'
    | 'verdict'
    | 'replied_at'
  >
>;

/** The lead after a fact; undefined if the fact changes nothing. A lead that is final or whose message is on its way is not due. */
export function leadAfter(lead: Lead, fact: LeadFact, patch: LeadPatch, at: Date): Lead | undefined {
  const status = statusAfter(lead.status, fact, patch.step ?? lead.step);
  if (status === undefined) return undefined;
  const waits = isOpen(status) && status !== 'sending';
  const keepsReason = (isFinal(status) && isFinal(lead.status)) || status === 'held';
  return {
    ...lead,
    ...(keepsReason ? {} : { blocked_reason: null, blocked_until: null, blocked_detail: null }),
    replied_at: fact === 'replied' ? (lead.replied_at ?? at) : lead.replied_at,
    ...patch,
    status,
    ...(waits ? {} : { due_at: null }),
    last_event_at: fact === 'planned' ? lead.last_event_at : at,
  };
}

/** The counters of a campaign that follow from leads. Those of messages are counted where these are settled. */
export interface LeadTotals {
  readonly leads: number;
  readonly open: number;
  readonly verified: number;
  readonly contacted: number;
  readonly replied: number;
  readonly unsubscribed: number;
  readonly complained: number;
  readonly meetings: number;
  readonly skipped: number;
  readonly failed: number;
}

/** What a change of a lead adds to its campaign's totals. @param before undefined: it is new */
export function totalsOf(before: Lead | undefined, after: Lead): LeadTotals {
  const gained = (is: (lead: Lead) => boolean): number =>
    Number(is(after)) - Number(before !== undefined && is(before));
  const entered = (status: LeadStatus): number =>
    Math.max(
      0,
      gained((lead) => lead.status === status),
    );
  return {
    leads: before === undefined ? 1 : 0,
    open: gained((lead) => isOpen(lead.status)),
    verified: gained((lead) => lead.verdict !== null),
    contacted: gained((lead) => lead.step > 0),
    replied: gained((lead) => lead.replied_at !== null),
    // A lead that complains after opting out counts as both.
    unsubscribed: after.status === 'complained' ? 0 : gained((lead) => lead.status === 'unsubscribed'),
    complained: entered('complained'),
    meetings: entered('meeting_booked'),
    skipped: gained((lead) => lead.status === 'skipped'),
    failed: gained((lead) => lead.status === 'failed'),
  };
}
