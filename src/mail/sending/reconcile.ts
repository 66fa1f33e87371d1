import type { OrganizationClocks } from '../../auth/index.ts';
import { dayMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Bus } from '../../db/bus.ts';
import { createJobRunner } from '../../db/jobs.ts';
import type { JobRunner } from '../../db/jobs.ts';
import type { Database } from '../../db/pool.ts';
import { isCapturing } from '../mailboxes/index.ts';
import type { Mailboxes } from '../mailboxes/index.ts';
import { nextUnknown, scheduleLook, takeUnknown } from './message-queries.ts';
import { looksMs } from './outcomes.ts';
import { settleByReport } from './reports.ts';
import type { ReportsOptions } from './reports.ts';

/** Looks at the same time, and how long one may take before another process repeats it. */
const looksAtOnce = 16;
const leaseMs = 10 * 60_000;
/** A mailbox that cannot be read is tried for this long. */
const patienceMs = 7 * dayMs;

/** Looks for a sent message by its Message-IDs in the folders where the mailbox files them. */
export type FindSent = (
  mailboxId: MailboxId,
  messageIds: readonly string[],
) => Promise<'found' | 'absent' | 'unavailable'>;

export interface ReconcileOptions extends ReportsOptions {
  readonly db: Database;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
  readonly clocks: OrganizationClocks;
  readonly mailboxes: Pick<Mailboxes, 'settingsOf' | 'learnSavesSent'>;
  readonly findSent: FindSent;
  readonly onError: (error: unknown) => void;
}

/** The look after one that was made, counted from it; null after the last. @param made how many were made before */
export function nextLook(made: number, nowMs: number): { readonly reconciled: number; readonly atMs: number | null } {
  const [at, next] = [looksMs[made], looksMs[made + 1]];
  return { reconciled: made + 1, atMs: at === undefined || next === undefined ? null : nowMs + next - at };
}

/** Looks for unknown messages in the Sent folder: found, they were sent; missing after the last look where the provider files them, they were not. */
export function createReconciler(options: ReconcileOptions): JobRunner {
  const { db, bus, clock, clocks, mailboxes, findSent, onError } = options;

  type Unknown = Awaited<ReturnType<typeof takeUnknown>>[number];

  async function look(unknown: Unknown): Promise<void> {
    const { id, organization_id: organizationId, mailbox_id: mailboxId, reconciled } = unknown;
    const found = await findSent(mailboxId, [unknown.message_id]).catch((error: unknown) => {
      onError(error);
      return 'unavailable' as const;
    });
    const nowMs = clock.now();
    const atMs = await clocks.nowOf(db, organizationId);
    const report = { organizationId, id, source: 'sent_folder', atMs };
    if (found === 'found') {
      await db.transaction((tx) => settleByReport(options, tx, [{ ...report, fact: 'found' }]));
      // Nothing but the provider can have filed it.
      await mailboxes.learnSavesSent(db, mailboxId, true);
      return;
    }
    if (found === 'unavailable') {
      // A look that was not possible is made again after the same wait.
      const sinceMs = atMs - unknown.created_at.getTime();
      const again = sinceMs < patienceMs ? new Date(nowMs + (looksMs[reconciled] ?? dayMs)) : null;
      await scheduleLook(db, id, reconciled, again);
      return;
    }
    const next = nextLook(reconciled, nowMs);
    if (next.atMs !== null) {
      await scheduleLook(db, id, next.reconciled, new Date(next.atMs));
      return;
    }
    const [mailbox] = await mailboxes.settingsOf(db, [mailboxId]);
    if (mailbox !== undefined && (isCapturing(mailbox) || mailbox.saves_sent === true))
      await db.transaction((tx) => settleByReport(options, tx, [{ ...report, fact: 'missing' }]));
    else await scheduleLook(db, id, next.reconciled, null);
  }

  return createJobRunner({
    bus,
    clock,
    chunk: async (nowMs) => {
      const due = await takeUnknown(db, new Date(nowMs), new Date(nowMs + leaseMs), looksAtOnce);
      await Promise.all(due.map((one) => look(one).catch(onError)));
      await clocks.progressed(
        db,
        due.map((one) => one.organization_id),
      );
      return due.length > 0;
    },
    nextDue: async (nowMs) => (await nextUnknown(db, new Date(nowMs)))?.getTime(),
    onError,
  });
}
