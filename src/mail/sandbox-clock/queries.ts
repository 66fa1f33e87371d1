import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';

/** A sandbox's clock. */
export interface ClockRow {
  readonly clock_ahead_ms: number;
  /** Unix milliseconds of the clock at which it stops; null: it is not being moved. */
  readonly clock_target_ms: number | null;
}

export const clockOf = (on: Queryable, organization: OrganizationId): Promise<ClockRow | undefined> =>
  first(on, sql<ClockRow>`SELECT clock_ahead_ms, clock_target_ms FROM organizations WHERE id = ${organization}`);

/** As `clockOf`, locked against other moves. Undefined also while another process has it. */
export const lockClock = (tx: Transaction, organization: OrganizationId): Promise<ClockRow | undefined> =>
  first(
    tx,
    sql<ClockRow>`
    SELECT clock_ahead_ms, clock_target_ms FROM organizations WHERE id = ${organization} AND live_organization_id IS NOT NULL FOR NO KEY UPDATE`,
  );

export const saveClock = (
  tx: Transaction,
  organization: OrganizationId,
  { clock_ahead_ms: aheadMs, clock_target_ms: targetMs }: ClockRow,
): Promise<number> =>
  tx.execute(
    sql`UPDATE organizations SET clock_ahead_ms = ${aheadMs}, clock_target_ms = ${targetMs} WHERE id = ${organization}`,
  );

/** Sandboxes whose clock is being moved. */
export const moving = (on: Queryable): Promise<{ id: OrganizationId }[]> =>
  on.query(sql<{ id: OrganizationId }>`SELECT id FROM organizations WHERE clock_target_ms IS NOT NULL ORDER BY id`);

/** Locks the mailboxes of an organization, in the order in which all lock them, so that none begins a message. */
export const lockPaces = (
  tx: Transaction,
  organization: OrganizationId,
): Promise<{ mailbox_id: MailboxId; next_at: Date | null }[]> =>
  tx.query(sql<{ mailbox_id: MailboxId; next_at: Date | null }>`
    SELECT mailbox_id, next_at FROM mailbox_pace WHERE mailbox_id = ANY(ARRAY(SELECT id FROM mailboxes WHERE organization_id = ${organization} AND deleted_at IS NULL))
    ORDER BY mailbox_id FOR UPDATE`);

/** Whether a message is being sent, and when simulated recipients and looks for unknown messages are due. */
export const dueOf = (
  tx: Transaction,
  organization: OrganizationId,
): Promise<{ sending: boolean; simulate_at: Date | null; reconcile_at: Date | null } | undefined> =>
  first(
    tx,
    sql<{ sending: boolean; simulate_at: Date | null; reconcile_at: Date | null }>`
    SELECT EXISTS (SELECT FROM messages WHERE holder IS NOT NULL AND organization_id = ${organization}) AS sending,
      (SELECT min(simulate_at) FROM captured_messages WHERE simulate_at IS NOT NULL AND organization_id = ${organization}) AS simulate_at,
      (SELECT min(reconcile_at) FROM messages WHERE reconcile_at IS NOT NULL AND organization_id = ${organization}) AS reconcile_at`,
  );

/** Brings the times at which mailboxes look forward. @returns the mailboxes that are due then */
export const shiftPaces = async (
  tx: Transaction,
  organization: OrganizationId,
  byMs: number,
  now: Date,
): Promise<MailboxId[]> =>
  (
    await tx.query(sql<{ mailbox_id: MailboxId; due: boolean }>`
      UPDATE mailbox_pace SET next_at = next_at - ${byMs}::bigint * interval '1 millisecond'
      WHERE mailbox_id = ANY(ARRAY(SELECT id FROM mailboxes WHERE organization_id = ${organization} AND deleted_at IS NULL)) AND next_at IS NOT NULL
      RETURNING mailbox_id, next_at <= ${now} AS due`)
  ).flatMap((row) => (row.due ? [row.mailbox_id] : []));

/** As `shiftPaces`, for simulated recipients and looks for unknown messages. */
export async function shiftMessages(tx: Transaction, organization: OrganizationId, byMs: number): Promise<void> {
  await tx.execute(sql`
    UPDATE captured_messages SET simulate_at = simulate_at - ${byMs}::bigint * interval '1 millisecond'
    WHERE simulate_at IS NOT NULL AND organization_id = ${organization}`);
  await tx.execute(sql`
    UPDATE messages SET reconcile_at = reconcile_at - ${byMs}::bigint * interval '1 millisecond'
    WHERE reconcile_at IS NOT NULL AND organization_id = ${organization}`);
}
