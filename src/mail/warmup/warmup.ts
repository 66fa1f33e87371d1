import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Totals } from '../health/index.ts';
import { strategies } from './ramp.ts';
import type { CapReason, Hold, Strategy } from './ramp.ts';

/** Languages in which messages of warm-up are written. */
export const languages = ['en', 'de', 'es', 'fr', 'it', 'pt'] as const;
export type Language = (typeof languages)[number];

/** What a person sets. */
export interface Settings {
  readonly enabled: boolean;
  readonly strategy: Strategy;
  /** Messages a day at the end, 1 to 100. */
  readonly target: number;
  /** In per cent. */
  readonly reply_rate: number;
  readonly language: Language;
}

export const milestones = [
  'first_inbox',
  'day_7',
  'day_14',
  'day_30',
  'sent_100',
  'sent_500',
  'target_reached',
  'health_90',
  'recovered',
] as const;
export type Milestone = (typeof milestones)[number];

/** Warm-up of a mailbox, as it is stored. */
export interface Warmup extends Settings {
  readonly mailbox_id: MailboxId;
  readonly organization_id: OrganizationId;
  readonly paused: boolean;
  readonly started_at: Date | null;
  readonly stopped_at: Date | null;
  readonly released_at: Date | null;
  /** Days that counted. */
  readonly ramp_day: number;
  readonly day_started_at: Date | null;
  /** Why the day before did not count. */
  readonly hold: Hold | null;
  readonly cap: number | null;
  readonly cap_reason: CapReason | null;
  readonly base: Totals | null;
  readonly day_base: Totals | null;
  /** When each was reached (ISO 8601). */
  readonly milestones: Readonly<Partial<Record<Milestone, string>>>;
  readonly due_at: Date | null;
}

export const noTotals: Totals = { sent: 0, bounced: 0, deferred: 0, inboxed: 0, spam: 0 };

/** What was counted between two sums. */
export const since = (now: Totals, then: Totals | null): Totals => ({
  sent: now.sent - (then?.sent ?? 0),
  bounced: now.bounced - (then?.bounced ?? 0),
  deferred: now.deferred - (then?.deferred ?? 0),
  inboxed: now.inboxed - (then?.inboxed ?? 0),
  spam: now.spam - (then?.spam ?? 0),
});

/** Of a mailbox without a row. */
export const defaults: Settings = {
  enabled: false,
  strategy: 'normal',
  target: strategies.normal.target,
  reply_rate: 30,
  language: 'en',
};
