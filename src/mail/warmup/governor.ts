import type { OrganizationClocks } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import type { EmitAll } from '../../events/index.ts';
import type { HealthListener, MailboxHealth, Measurement } from '../health/index.ts';
import type { Mailboxes } from '../mailboxes/index.ts';
import type { Sending } from '../sending/index.ts';
import { governed } from './day.ts';
import { dueWarmups, lockDueWarmups, lockWarmups, saveWarmups } from './queries.ts';
import { noTotals } from './warmup.ts';
import type { Warmup } from './warmup.ts';

export interface GovernorOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly clocks: OrganizationClocks;
  readonly emitAll: EmitAll;
  readonly mailboxes: Pick<Mailboxes, 'settingsOf'>;
  readonly health: Pick<MailboxHealth, 'of' | 'totalsOf'>;
  readonly sending: Pick<Sending, 'hold' | 'govern' | 'wake'>;
}

/** Mailboxes in one transaction. */
const batchMax = 100;

/** Judges the days that are over. @returns whether there were any */
export async function judgeDays(options: GovernorOptions, nowMs: number): Promise<boolean> {
  const { db, clocks, sending } = options;
  const due = await dueWarmups(db, new Date(nowMs), batchMax);
  if (due.length === 0) return false;
  const ids = due.map((row) => row.mailbox_id);
  const judged = await db.transaction(async (tx) => {
    await sending.hold(tx, ids);
    return govern(options, tx, await lockDueWarmups(tx, ids, new Date(nowMs)));
  });
  await clocks.progressed(
    db,
    judged.map((row) => row.organization_id),
  );
  // Another process judges what was locked.
  return judged.length > 0;
}

/** Governs mailboxes again whose health was measured: in the transaction of the measurement, so that a worse band and its cap are one change. */
export const governingHealth = (options: GovernorOptions): HealthListener => ({
  async measured(tx, measurements) {
    const byId = new Map(measurements.map((each) => [each.mailbox.id, each]));
    const rows = (await lockWarmups(tx, [...byId.keys()])).filter((row) => row.enabled);
    if (rows.length > 0) await govern(options, tx, rows, byId);
  },
});

/**
 * Decides what enabled mailboxes may send today, and stores it where the claim of each message reads it. Call it under the locks of the
 * mailboxes' paces and of the rows. @param measured what was measured in this transaction
 */
export async function govern(
  { clock, clocks, emitAll, mailboxes, health, sending }: GovernorOptions,
  tx: Transaction,
  rows: readonly Warmup[],
  measured: ReadonlyMap<MailboxId, Measurement> = new Map(),
): Promise<readonly Warmup[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.mailbox_id);
  const states = new Map((await mailboxes.settingsOf(tx, ids)).map((row) => [row.id, row]));
  const standings = await health.of(tx, ids);
  const totals = await health.totalsOf(tx, ids);
  const ahead = await clocks.aheadOf(
    tx,
    rows.map((row) => row.organization_id),
  );
  const realMs = clock.now();
  const saved: Warmup[] = [];
  const events: Parameters<EmitAll>[1][number][] = [];
  for (const row of rows) {
    const mailbox = states.get(row.mailbox_id);
    if (mailbox === undefined) continue;
    const nowMs = realMs + (ahead.get(row.organization_id) ?? 0);
    const standing = standings.get(row.mailbox_id) ?? { score: null, band: null, sinceMs: nowMs };
    const after = governed(row, {
      nowMs,
      timezone: mailbox.timezone,
      standing,
      bandBefore: measured.get(row.mailbox_id)?.before ?? standing.band,
      totals: totals.get(row.mailbox_id) ?? noTotals,
    });
    saved.push({ ...after.row, due_at: new Date(realMs + (after.endMs - nowMs)) });
    for (const { milestone, value } of after.reached)
      events.push({
        organizationId: row.organization_id,
        workspaceId: mailbox.workspace_id ?? undefined,
        type: 'warmup.milestone',
        data: { mailbox_id: row.mailbox_id, email: mailbox.email, milestone, value },
        occurredAtMs: nowMs,
      });
  }
  await saveWarmups(tx, saved);
  await sending.govern(
    tx,
    saved.map((row) => ({ mailboxId: row.mailbox_id, organizationId: row.organization_id, messages: row.cap })),
  );
  await emitAll(tx, events);
  return saved;
}
