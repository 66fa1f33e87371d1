import { hourMs } from '../../base/clock.ts';
import type { MailboxId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Schedule } from '../schedule/index.ts';

export const campaignStatuses = ['draft', 'active', 'paused', 'completed', 'archived'] as const;
export type CampaignStatus = (typeof campaignStatuses)[number];

/** Why a campaign is paused. */
export const pauseReasons = [
  'user',
  'bounce_guard',
  'complaint_guard',
  'no_mailbox',
  'domain_auth',
  'late_start',
] as const;
export type PauseReason = (typeof pauseReasons)[number];

/** What the guards count: messages since the last time that a person let the campaign go on. */
export interface Guarded {
  readonly sent: number;
  readonly bounced: number;
  readonly complained: number;
}

/** A row of `campaigns`. */
export interface Campaign {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId | null;
  readonly name: string;
  readonly goal: string | null;
  readonly context: string | null;
  readonly icp: Readonly<Record<string, unknown>>;
  readonly status: CampaignStatus;
  readonly pause_reason: PauseReason | null;
  /** The reason as a sentence, with its numbers. */
  readonly pause_detail: string | null;
  readonly schedule: Schedule;
  /** Messages in one local day; null: no limit. */
  readonly daily_limit: number | null;
  /** Of these, to leads that were not contacted before. */
  readonly new_leads_limit: number | null;
  readonly tracking: { readonly opens: boolean; readonly clicks: boolean };
  readonly stop: { readonly on_reply: boolean; readonly company: 'off' | 'campaign' | 'workspace' };
  readonly unsubscribe: 'header' | 'body' | 'both';
  /** What recipients leave by its links; null: everything. */
  readonly topic_id: string | null;
  readonly verification: 'deliverable' | 'risky' | 'off';
  /** Not contacted by another campaign for so many days; 0: no rule. */
  readonly cooldown_days: number;
  /** Leads of one company that are contacted at the same time; 0: no rule. */
  readonly company_max: number;
  readonly new_leads_first: boolean;
  readonly send_now_until: Date | null;
  readonly starts_at: Date | null;
  /** A draft that was launched, and waits for `starts_at`. */
  readonly waits_for_start: boolean;
  readonly started_at: Date | null;
  readonly completed_at: Date | null;
  /** The figures at which the guards begin to count. */
  readonly guards_from: Guarded;
  readonly revision: number;
  readonly replan_after: string | null;
  /** With `replan_after`: leads that have finished get the steps that were appended. */
  readonly reopen_finished: boolean;
  readonly created_by: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** One text of a step. A null subject or body is the step's. */
export interface Variant {
  readonly id: string;
  readonly subject: string | null;
  readonly body: string | null;
  /** Its share among the enabled ones. */
  readonly weight: number;
  readonly enabled: boolean;
}

/** A row of `campaign_steps`. */
export interface Step {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly campaign_id: string;
  /** Steps are sent in this order. */
  readonly position: number;
  readonly name: string | null;
  /** Null: answers in the thread of the step before. */
  readonly subject: string | null;
  readonly body: string;
  readonly format: 'text' | 'html';
  readonly delay_days: number;
  readonly delay_hours: number;
  readonly business_days: boolean;
  readonly send_only_if_no_reply: boolean;
  readonly variants: readonly Variant[];
  /** Counts changes of its texts. */
  readonly revision: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  /** It stays for its messages. */
  readonly deleted_at: Date | null;
}

/** What decides when a step is due. */
export type StepOutline = Pick<
  Step,
  'id' | 'campaign_id' | 'position' | 'delay_days' | 'delay_hours' | 'business_days' | 'send_only_if_no_reply'
>;

/** A campaign from which a mailbox sends now. */
export interface ActiveCampaign {
  readonly mailboxId: MailboxId;
  readonly campaign: Campaign;
  /** In their order, without deleted ones. */
  readonly steps: readonly StepOutline[];
  /** Of its leads: see `calendarOf` of the schedule. */
  readonly calendars: readonly string[];
}

/** What is done to a campaign. */
export type CampaignAction =
  | 'launch'
  /** Its start was missed. */
  | 'miss_start'
  | 'pause'
  | 'resume'
  | 'complete'
  | 'reopen'
  | 'archive'
  | 'add_leads'
  | 'edit'
  | 'delete';

/** The next status; or why not, as the end of a sentence: `The campaign cannot be paused: it was not launched.` */
type Rule = CampaignStatus | { readonly refused: string };

const refused = (why: string): Rule => ({ refused: why });
const notLaunched = refused('it was not launched yet');
const isArchived = refused('it is archived');
const onlyDrafts = refused('it was launched. Archive it instead');

/** What each action does in each status. `complete` and `reopen` follow from its leads: none is open any more, or one is again. */
export const transitions: Readonly<Record<CampaignStatus, Readonly<Record<CampaignAction, Rule>>>> = {
  draft: {
    launch: 'active',
    miss_start: 'paused',
    pause: notLaunched,
    resume: notLaunched,
    complete: notLaunched,
    reopen: 'draft',
    archive: 'archived',
    add_leads: 'draft',
    edit: 'draft',
    delete: 'archived',
  },
  active: {
    launch: 'active',
    miss_start: 'active',
    pause: 'paused',
    resume: 'active',
    complete: 'completed',
    reopen: 'active',
    archive: 'archived',
    add_leads: 'active',
    edit: 'active',
    delete: onlyDrafts,
  },
  paused: {
    launch: 'active',
    miss_start: 'paused',
    pause: 'paused',
    resume: 'active',
    // A paused campaign is completed when it is resumed.
    complete: 'paused',
    reopen: 'paused',
    archive: 'archived',
    add_leads: 'paused',
    edit: 'paused',
    delete: onlyDrafts,
  },
  completed: {
    launch: refused('it is completed. Add leads to continue it'),
    miss_start: 'completed',
    pause: refused('it is completed'),
    resume: refused('it is completed. Add leads to continue it'),
    complete: 'completed',
    reopen: 'active',
    archive: 'archived',
    add_leads: 'completed',
    edit: 'completed',
    delete: onlyDrafts,
  },
  archived: {
    launch: isArchived,
    miss_start: 'archived',
    pause: isArchived,
    resume: isArchived,
    complete: 'archived',
    reopen: 'archived',
    archive: 'archived',
    add_leads: isArchived,
    edit: isArchived,
    delete: onlyDrafts,
  },
};

/** The status after an action, or why it is refused. */
export function statusAfter(
  status: CampaignStatus,
  action: CampaignAction,
): { readonly status: CampaignStatus } | { readonly refused: string } {
  const rule = transitions[status][action];
  return typeof rule === 'string' ? { status: rule } : rule;
}

/** A start that is missed by less is made up for. */
export const lateStartMs = 2 * hourMs;

/** What a launch does now to a draft that has a start: it waits for it, starts, or has missed it. */
export function startOf(
  { status, starts_at: startsAt }: Pick<Campaign, 'status' | 'starts_at'>,
  nowMs: number,
): 'waits' | 'starts' | 'missed' {
  if (status !== 'draft' || startsAt === null) return 'starts';
  const lateMs = nowMs - startsAt.getTime();
  if (lateMs < 0) return 'waits';
  return lateMs < lateStartMs ? 'starts' : 'missed';
}
