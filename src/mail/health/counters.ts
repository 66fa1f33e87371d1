import type { MailboxId, OrganizationId } from '../../base/ids.ts';

/** What is counted of a mailbox on a day. */
export const counters = [
  'sent',
  'refused',
  'deferred',
  'bounced',
  'bounced_soft',
  'complained',
  'warmup_sent',
  'inboxed',
  'spam',
  'other',
  'missing',
  'received',
  'rescued',
  'warmup_replied',
] as const;
export type Counter = (typeof counters)[number];

/** What is added to the counts of a mailbox. */
export interface DayDelta extends Readonly<Partial<Record<Counter, number>>> {
  readonly mailboxId: MailboxId;
  readonly organizationId: OrganizationId;
  /** UTC, `YYYY-MM-DD`: on which the message was sent; of `received`, `rescued` and `warmup_replied`, on which that was done. */
  readonly day: string;
}

export interface DayRow extends Record<Counter, number> {
  readonly mailboxId: MailboxId;
  readonly organizationId: OrganizationId;
  readonly day: string;
}

export const noCounts: Readonly<Record<Counter, number>> = Object.fromEntries(
  counters.map((counter) => [counter, 0]),
) as Record<Counter, number>;
