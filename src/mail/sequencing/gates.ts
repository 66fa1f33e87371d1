import { dayMs, hourMs } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Campaign, StepOutline } from '../campaigns/index.ts';
import { admissionOf } from '../leads/index.ts';
import type { Lead } from '../leads/index.ts';
import { needsSmtputf8 } from '../mime/index.ts';
import { dueAfter, localDayAt, openAt } from '../schedule/index.ts';

/** Why a lead is not contacted: stable codes of the API. */
export type SkipReason =
  | 'suppressed_email'
  | 'suppressed_domain'
  | 'unsubscribed'
  | 'left_topic'
  | 'verification_failed'
  | 'verification_risky'
  | 'missing_variable'
  | 'template_error'
  | 'needs_smtputf8'
  | 'contact_deleted'
  | 'block_bounced';

/** Why a lead waits: stable codes of the API. */
export type WaitReason =
  | 'campaign_paused'
  | 'campaign_ended'
  | 'verification_pending'
  | 'unknown_send_pending'
  | 'mailbox_full'
  | 'contact_cooldown'
  | 'company_limit'
  | 'outside_window'
  | 'holiday'
  | 'campaign_daily_limit'
  | 'new_lead_limit';

/** What happens to a lead now. */
export type Decision =
  | { readonly kind: 'send'; readonly step: StepOutline }
  | { readonly kind: 'skip'; readonly reason: SkipReason }
  /** `untilMs` null: until something changes. `reason` null: its delay is not over. */
  | { readonly kind: 'wait'; readonly reason: WaitReason | null; readonly untilMs: number | null }
  /** No step is left. */
  | { readonly kind: 'finish' };

/** Messages of a campaign on its local day. */
export interface DayCount {
  readonly sent: number;
  readonly new_leads: number;
}

/** Everything that decides about one lead. Times are Unix milliseconds of the organization's clock. */
export interface GateSnapshot {
  readonly lead: Pick<
    Lead,
    | 'email'
    | 'step'
    | 'position'
    | 'calendar'
    | 'verdict'
    | 'replied_at'
    | 'last_sent_at'
    | 'created_at'
    | 'due_at'
    | 'company_key'
  >;
  readonly campaign: Pick<
    Campaign,
    | 'status'
    | 'schedule'
    | 'verification'
    | 'cooldown_days'
    | 'company_max'
    | 'daily_limit'
    | 'new_leads_limit'
    | 'send_now_until'
  >;
  /** In their order, without deleted ones. */
  readonly steps: readonly StepOutline[];
  /** Its contact exists and is not deleted. */
  readonly hasContact: boolean;
  /** Why nothing is sent to it at all; null: nothing speaks against it. */
  readonly optOut: 'suppressed_email' | 'suppressed_domain' | 'unsubscribed' | 'left_topic' | null;
  /** When the message of which it is not known whether it was sent was given to the server; null: there is none. */
  readonly unknownSinceMs: number | null;
  /** Until when its mailbox, which was full too often, gets nothing; null: it may be written to. */
  readonly fullUntilMs: number | null;
  /** When another campaign last sent something to the address; null: never. */
  readonly otherSentMs: number | null;
  /** Contacted, open leads of its company in the campaign, itself excepted. */
  readonly companyActive: number;
  /** Of a new lead whose address refused the domain of a mailbox: those of its campaign that may write to it; null: any may. */
  readonly mailboxes: readonly MailboxId[] | null;
  readonly day: DayCount;
}

/** So long a next step waits for a message of which it is not known whether it was sent. */
export const unknownMs = dayMs;
/** When leads that wait for a place of their company are looked at again. */
const companyLookMs = hourMs;

/**
 * The step that a lead gets next: the one after the last that was sent. Steps for leads without a reply are left out once there is one.
 * @param steps in their order
 */
export const nextStepOf = <Step extends Pick<StepOutline, 'position' | 'send_only_if_no_reply'>>(
  steps: readonly Step[],
  { position, replied_at: replied }: Pick<Lead, 'position' | 'replied_at'>,
): Step | undefined =>
  steps.find(
    (step) => (position === null || step.position > position) && (replied === null || !step.send_only_if_no_reply),
  );

/** Whether the windows of a campaign are set aside for what was due by then. */
export const ignoresWindows = ({ send_now_until: until }: Pick<Campaign, 'send_now_until'>, dueMs: number): boolean =>
  until !== null && dueMs <= until.getTime();

/**
 * What happens to an open lead now. Pure. Checks what ends the lead first, then what it waits for: an end is never hidden by a wait.
 * @example
 * const decision = decide(snapshot, nowMs); // { kind: 'wait', reason: 'contact_cooldown', untilMs: 1767600000000 }
 */
export function decide(snapshot: GateSnapshot, nowMs: number): Decision {
  const { lead, campaign, steps } = snapshot;
  if (campaign.status !== 'active')
    return wait(
      campaign.status === 'paused' || campaign.status === 'draft' ? 'campaign_paused' : 'campaign_ended',
      null,
    );
  if (!snapshot.hasContact) return { kind: 'skip', reason: 'contact_deleted' };
  if (snapshot.optOut !== null) return { kind: 'skip', reason: snapshot.optOut };
  if (needsSmtputf8(lead.email)) return { kind: 'skip', reason: 'needs_smtputf8' };
  if (snapshot.mailboxes?.length === 0) return { kind: 'skip', reason: 'block_bounced' };
  const isNew = lead.step === 0;
  const admission = isNew ? admissionOf(campaign.verification, lead.verdict) : 'admitted';
  if (admission === 'verification_failed' || admission === 'verification_risky')
    return { kind: 'skip', reason: admission };
  const step = nextStepOf(steps, lead);
  if (step === undefined) return { kind: 'finish' };
  if (admission === 'verification_pending') return wait(admission, null);
  if (snapshot.unknownSinceMs !== null && snapshot.unknownSinceMs + unknownMs > nowMs)
    return wait('unknown_send_pending', snapshot.unknownSinceMs + unknownMs);
  if (snapshot.fullUntilMs !== null && snapshot.fullUntilMs > nowMs) return wait('mailbox_full', snapshot.fullUntilMs);
  const from = lead.last_sent_at ?? lead.created_at;
  const dueMs = dueAfter(step, from.getTime(), campaign.schedule, lead.calendar);
  if (dueMs > nowMs) return wait(null, dueMs);
  return (isNew ? newLeadWait(snapshot, nowMs) : undefined) ?? campaignWait(snapshot, nowMs) ?? { kind: 'send', step };
}

const wait = (reason: WaitReason | null, untilMs: number | null): Decision => ({ kind: 'wait', reason, untilMs });

/** What holds back the first message to a lead. */
function newLeadWait(
  { lead, campaign, otherSentMs, companyActive }: GateSnapshot,
  nowMs: number,
): Decision | undefined {
  if (campaign.cooldown_days > 0 && otherSentMs !== null) {
    const untilMs = otherSentMs + campaign.cooldown_days * dayMs;
    if (untilMs > nowMs) return wait('contact_cooldown', untilMs);
  }
  if (campaign.company_max > 0 && lead.company_key !== null && companyActive >= campaign.company_max)
    return wait('company_limit', nowMs + companyLookMs);
  return undefined;
}

/** What holds back all leads of a campaign and calendar. */
function campaignWait({ lead, campaign, day }: GateSnapshot, nowMs: number): Decision | undefined {
  if (!ignoresWindows(campaign, lead.due_at?.getTime() ?? nowMs)) {
    const opening = openAt(campaign.schedule, lead.calendar, nowMs);
    if (!opening.open) return wait(opening.reason, opening.opensMs);
  }
  const limit = dayLimit(campaign, day, lead.step === 0);
  return limit === undefined ? undefined : wait(limit, localDayAt(campaign.schedule.timezone, nowMs).endMs);
}

/** The limit of the campaign's day that is reached; undefined: none. */
export function dayLimit(
  { daily_limit: daily, new_leads_limit: fresh }: Pick<Campaign, 'daily_limit' | 'new_leads_limit'>,
  { sent, new_leads: newLeads }: DayCount,
  isNew: boolean,
): 'campaign_daily_limit' | 'new_lead_limit' | undefined {
  if (daily !== null && sent >= daily) return 'campaign_daily_limit';
  return isNew && fresh !== null && newLeads >= fresh ? 'new_lead_limit' : undefined;
}
