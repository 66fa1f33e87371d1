import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { Counter, DayRow } from './counters.ts';
import type { Band, Part, PartName } from './health.ts';

/** Adds to the counts of mailboxes. Rows are locked in the order of their keys. */
export const addDays = (tx: Transaction, rows: readonly DayRow[]): Promise<number> => {
  const of = (counter: Counter): string => plainArray(rows.map((row) => row[counter]));
  return tx.execute(sql`
    INSERT INTO mailbox_days AS d (mailbox_id, organization_id, day, sent, refused, deferred, bounced, bounced_soft, complained, warmup_sent, inboxed, spam, other, missing, received,
      rescued, warmup_replied)
    SELECT * FROM unnest(${plainArray(rows.map(({ mailboxId }) => mailboxId))}::uuid[], ${plainArray(rows.map(({ organizationId }) => organizationId))}::uuid[],
      ${plainArray(rows.map(({ day }) => day))}::date[], ${of('sent')}::int8[], ${of('refused')}::int8[], ${of('deferred')}::int8[], ${of('bounced')}::int8[],
      ${of('bounced_soft')}::int8[], ${of('complained')}::int8[], ${of('warmup_sent')}::int8[], ${of('inboxed')}::int8[], ${of('spam')}::int8[], ${of('other')}::int8[],
      ${of('missing')}::int8[], ${of('received')}::int8[], ${of('rescued')}::int8[], ${of('warmup_replied')}::int8[]) AS n (mailbox_id, organization_id, day) ORDER BY n.mailbox_id, n.day
    ON CONFLICT (mailbox_id, day) DO UPDATE SET sent = d.sent + excluded.sent, refused = d.refused + excluded.refused, deferred = d.deferred + excluded.deferred,
      bounced = d.bounced + excluded.bounced, bounced_soft = d.bounced_soft + excluded.bounced_soft, complained = d.complained + excluded.complained,
      warmup_sent = d.warmup_sent + excluded.warmup_sent, inboxed = d.inboxed + excluded.inboxed, spam = d.spam + excluded.spam, other = d.other + excluded.other,
      missing = d.missing + excluded.missing, received = d.received + excluded.received, rescued = d.rescued + excluded.rescued,
      warmup_replied = d.warmup_replied + excluded.warmup_replied`);
};

/** Lets mailboxes be measured at once. */
export const makeDue = (tx: Transaction, mailboxes: readonly MailboxId[]): Promise<number> =>
  tx.execute(sql`
    UPDATE mailbox_health SET due_at = to_timestamp(0) WHERE mailbox_id = ANY(ARRAY(
      SELECT mailbox_id FROM mailbox_health WHERE mailbox_id = ANY(${plainArray(mailboxes)}::uuid[]) ORDER BY mailbox_id FOR UPDATE))`);

/** A mailbox that is to be measured for the first time at `due`. One that is known keeps what is stored. */
export const addHealth = (
  tx: Transaction,
  rows: readonly { readonly id: MailboxId; readonly organization_id: OrganizationId; readonly since: Date }[],
  due: Date,
): Promise<number> =>
  tx.execute(sql`
    INSERT INTO mailbox_health (mailbox_id, organization_id, since, due_at)
    SELECT n.id, n.organization_id, n.since, ${due}
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${plainArray(rows.map((row) => row.organization_id))}::uuid[], ${rows.map(({ since }) => since)}::timestamptz[])
      AS n (id, organization_id, since) ORDER BY n.id ON CONFLICT DO NOTHING`);

export const removeHealth = (tx: Transaction, mailboxes: readonly MailboxId[]): Promise<number> =>
  tx.execute(sql`DELETE FROM mailbox_health WHERE mailbox_id = ANY(${plainArray(mailboxes)}::uuid[])`);

/** Health as measured last. */
export interface HealthRow {
  readonly mailbox_id: MailboxId;
  readonly score: number | null;
  readonly band: Band | null;
  readonly since: Date;
  readonly counts_from: Date | null;
  readonly parts: readonly Part[] | null;
  readonly weakest: PartName | null;
  readonly measured_at: Date | null;
  readonly dns_read_at: Date | null;
}

export const healthOf = (on: Queryable, mailboxes: readonly MailboxId[]): Promise<HealthRow[]> =>
  on.query(sql<HealthRow>`
    SELECT mailbox_id, score, band, since, counts_from, parts, weakest, measured_at, dns_read_at FROM mailbox_health WHERE mailbox_id = ANY(${plainArray(mailboxes)}::uuid[])`);

/** Mailboxes that are to be measured, those that have been due longest first. */
export const dueHealth = (on: Queryable, now: Date, limit: number): Promise<HealthRow[]> =>
  on.query(sql<HealthRow>`
    SELECT mailbox_id, score, band, since, counts_from, parts, weakest, measured_at, dns_read_at FROM mailbox_health WHERE due_at <= ${now} ORDER BY due_at LIMIT ${limit}`);

/** Locks those of the mailboxes that are still to be measured, except what another process is measuring. */
export const lockHealth = (tx: Transaction, mailboxes: readonly MailboxId[], now: Date): Promise<HealthRow[]> =>
  tx.query(sql<HealthRow>`
    SELECT mailbox_id, score, band, since, counts_from, parts, weakest, measured_at, dns_read_at FROM mailbox_health
    WHERE mailbox_id = ANY(${plainArray(mailboxes)}::uuid[]) AND due_at <= ${now} ORDER BY mailbox_id FOR UPDATE SKIP LOCKED`);

/** When the next mailbox is to be measured. */
export const nextHealth = async (on: Queryable, now: Date): Promise<Date | undefined> =>
  (
    await first(
      on,
      sql<{ at: Date }>`SELECT due_at AS at FROM mailbox_health WHERE due_at > ${now} ORDER BY due_at LIMIT 1`,
    )
  )?.at;

/** As `nextHealth`, of an organization, and what is due already. */
export const nextHealthOf = async (on: Queryable, organization: OrganizationId): Promise<Date | undefined> =>
  (
    await first(
      on,
      sql<{
        at: Date;
      }>`SELECT due_at AS at FROM mailbox_health WHERE organization_id = ${organization} ORDER BY due_at LIMIT 1`,
    )
  )?.at;

/** Brings the times of measurements of an organization forward. */
export const shiftHealth = (tx: Transaction, organization: OrganizationId, byMs: number): Promise<number> =>
  tx.execute(sql`
    UPDATE mailbox_health SET due_at = due_at - ${byMs}::bigint * interval '1 millisecond' WHERE organization_id = ${organization}`);

/** A measurement. */
export interface MeasuredRow extends Omit<HealthRow, 'dns_read_at'> {
  readonly organization_id: OrganizationId;
  /** When it is measured again, in real time. */
  readonly due: Date;
  /** Null: not read now. */
  readonly dnsReadAt: Date | null;
}

export const saveHealth = (tx: Transaction, rows: readonly MeasuredRow[]): Promise<number> =>
  tx.execute(sql`
    UPDATE mailbox_health h SET score = n.score, band = n.band, since = n.since, counts_from = n.counts_from, parts = n.parts, weakest = n.weakest, measured_at = n.measured_at,
      due_at = n.due, dns_read_at = coalesce(n.dns_read_at, h.dns_read_at)
    FROM unnest(${plainArray(rows.map((row) => row.mailbox_id))}::uuid[], ${rows.map(({ score }) => score)}::int[], ${rows.map(({ band }) => band)}::text[],
      ${rows.map(({ since }) => since)}::timestamptz[], ${rows.map((row) => row.counts_from)}::timestamptz[], ${rows.map(({ parts }) => JSON.stringify(parts))}::jsonb[],
      ${rows.map(({ weakest }) => weakest)}::text[], ${rows.map((row) => row.measured_at)}::timestamptz[], ${rows.map(({ due }) => due)}::timestamptz[],
      ${rows.map(({ dnsReadAt }) => dnsReadAt)}::timestamptz[]) AS n (mailbox_id, score, band, since, counts_from, parts, weakest, measured_at, due, dns_read_at)
    WHERE h.mailbox_id = ANY (ARRAY[n.mailbox_id])`);

/** Remembers the scores of a day. */
export const saveScores = (
  tx: Transaction,
  rows: readonly (Pick<MeasuredRow, 'mailbox_id' | 'organization_id' | 'score'> & { readonly day: string })[],
): Promise<number> =>
  tx.execute(sql`
    INSERT INTO mailbox_days AS d (mailbox_id, organization_id, day, score)
    SELECT * FROM unnest(${plainArray(rows.map((row) => row.mailbox_id))}::uuid[], ${plainArray(rows.map((row) => row.organization_id))}::uuid[],
      ${plainArray(rows.map(({ day }) => day))}::date[], ${rows.map(({ score }) => score)}::smallint[]) AS n (mailbox_id, organization_id, day) ORDER BY n.mailbox_id, n.day
    ON CONFLICT (mailbox_id, day) DO UPDATE SET score = excluded.score WHERE d.score IS DISTINCT FROM excluded.score`);

/** The counts of a mailbox on a day. */
export interface CountsRow extends Record<Counter, number> {
  mailbox_id: MailboxId;
  day: string;
  score: number | null;
}

/** Of these mailboxes from a day on, the newest first. */
export const daysOf = (on: Queryable, mailboxes: readonly MailboxId[], sinceDay: string): Promise<CountsRow[]> =>
  on.query(sql<CountsRow>`
    SELECT mailbox_id, day::text AS day, sent, refused, deferred, bounced, bounced_soft, complained, warmup_sent, inboxed, spam, other, missing, received, rescued, warmup_replied, score
    FROM mailbox_days WHERE mailbox_id = ANY(${plainArray(mailboxes)}::uuid[]) AND day >= ${sinceDay}::date ORDER BY mailbox_id, day DESC`);

/** The sums of all days. A mailbox without any is missing. */
export const totalsOf = (
  on: Queryable,
  mailboxes: readonly MailboxId[],
): Promise<
  { mailbox_id: MailboxId; sent: number; bounced: number; deferred: number; inboxed: number; spam: number }[]
> =>
  on.query(sql<{
    mailbox_id: MailboxId;
    sent: number;
    bounced: number;
    deferred: number;
    inboxed: number;
    spam: number;
  }>`
    SELECT mailbox_id, sum(sent)::int8 AS sent, sum(bounced)::int8 AS bounced, sum(deferred)::int8 AS deferred, sum(inboxed)::int8 AS inboxed, sum(spam)::int8 AS spam FROM mailbox_days
    WHERE mailbox_id = ANY(${plainArray(mailboxes)}::uuid[]) GROUP BY mailbox_id`);
