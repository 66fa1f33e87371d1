import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { assignments, columns, plainArray, sql } from '../../db/sql.ts';
import type { Settings, Warmup } from './warmup.ts';

const changing = [
  'enabled',
  'paused',
  'strategy',
  'target',
  'reply_rate',
  'language',
  'started_at',
  'stopped_at',
  'released_at',
  'ramp_day',
  'day_started_at',
  'hold',
  'cap',
  'cap_reason',
  'base',
  'day_base',
  'milestones',
  'due_at',
];
export const warmupColumns = columns(['mailbox_id', 'organization_id', ...changing], 'w');
export const warmupAssignments = assignments(changing, 'n');

/** Warm-up of mailboxes. One of which nobody set anything is missing. */
export const warmupsOf = (on: Queryable, mailboxes: readonly MailboxId[]): Promise<Warmup[]> =>
  on.query(sql<Warmup>`
    SELECT ${warmupColumns} FROM warmups w WHERE w.mailbox_id = ANY(${plainArray(mailboxes)}::uuid[])`);

/** Stores the settings of a mailbox that has none. */
export const addWarmup = (
  tx: Transaction,
  mailbox: { readonly id: MailboxId; readonly organization_id: OrganizationId },
  { strategy, target, reply_rate: replyRate, language }: Settings,
): Promise<number> =>
  tx.execute(sql`
    INSERT INTO warmups (mailbox_id, organization_id, strategy, target, reply_rate, language)
    VALUES (${mailbox.id}, ${mailbox.organization_id}, ${strategy}, ${target}, ${replyRate}, ${language}) ON CONFLICT DO NOTHING`);

/** As `warmupsOf`, locked in the order in which all lock them. */
export const lockWarmups = (tx: Transaction, mailboxes: readonly MailboxId[]): Promise<Warmup[]> =>
  tx.query(sql<Warmup>`
    SELECT ${warmupColumns} FROM warmups w WHERE w.mailbox_id = ANY(${plainArray(mailboxes)}::uuid[]) ORDER BY w.mailbox_id FOR UPDATE`);

/** Mailboxes whose day is over, those that have waited longest first. */
export const dueWarmups = (on: Queryable, now: Date, limit: number): Promise<{ mailbox_id: MailboxId }[]> =>
  on.query(sql<{ mailbox_id: MailboxId }>`
    SELECT mailbox_id FROM warmups WHERE due_at <= ${now} ORDER BY due_at LIMIT ${limit}`);

/** Locks those of the mailboxes whose day is still to be judged, except what another process is judging. */
export const lockDueWarmups = (tx: Transaction, mailboxes: readonly MailboxId[], now: Date): Promise<Warmup[]> =>
  tx.query(sql<Warmup>`
    SELECT ${warmupColumns} FROM warmups w
    WHERE w.mailbox_id = ANY(${plainArray(mailboxes)}::uuid[]) AND w.due_at <= ${now} ORDER BY w.mailbox_id FOR UPDATE SKIP LOCKED`);

export const saveWarmups = (tx: Transaction, rows: readonly Warmup[]): Promise<number> =>
  tx.execute(sql`
    UPDATE warmups w SET ${warmupAssignments} FROM jsonb_populate_recordset(NULL::warmups, ${JSON.stringify(rows)}::jsonb) AS n
    WHERE w.mailbox_id = ANY (ARRAY[n.mailbox_id])`);

/** When the next day of a mailbox ends. */
export const nextWarmup = async (on: Queryable, now: Date): Promise<Date | undefined> =>
  (await first(on, sql<{ at: Date }>`SELECT due_at AS at FROM warmups WHERE due_at > ${now} ORDER BY due_at LIMIT 1`))
    ?.at;

/** As `nextWarmup`, of an organization, and what is due already. */
export const nextWarmupOf = async (on: Queryable, organization: OrganizationId): Promise<Date | undefined> =>
  (
    await first(
      on,
      sql<{ at: Date | null }>`SELECT min(due_at) AS at FROM warmups WHERE organization_id = ${organization}`,
    )
  )?.at ?? undefined;

/** Brings the ends of days of an organization forward. */
export const shiftWarmups = (tx: Transaction, organization: OrganizationId, byMs: number): Promise<number> =>
  tx.execute(sql`
    UPDATE warmups SET due_at = due_at - ${byMs}::bigint * interval '1 millisecond' WHERE organization_id = ${organization} AND due_at IS NOT NULL`);

/** Lets enabled mailboxes be judged at once: their time zone may have changed. @returns how many */
export const makeWarmupsDue = (tx: Transaction, mailboxes: readonly MailboxId[]): Promise<number> =>
  tx.execute(sql`
    UPDATE warmups SET due_at = to_timestamp(0) WHERE mailbox_id = ANY(ARRAY(
      SELECT mailbox_id FROM warmups WHERE mailbox_id = ANY(${plainArray(mailboxes)}::uuid[]) AND due_at IS NOT NULL ORDER BY mailbox_id FOR UPDATE))`);

export const removeWarmups = (tx: Transaction, mailboxes: readonly MailboxId[]): Promise<number> =>
  tx.execute(sql`DELETE FROM warmups WHERE mailbox_id = ANY(${plainArray(mailboxes)}::uuid[])`);

/** The mailboxes of an organization that are warming up. */
export const enabledOf = async (on: Queryable, organization: OrganizationId): Promise<MailboxId[]> =>
  (
    await on.query(sql<{ mailbox_id: MailboxId }>`
      SELECT mailbox_id FROM warmups WHERE organization_id = ${organization} AND enabled`)
  ).map((row) => row.mailbox_id);
