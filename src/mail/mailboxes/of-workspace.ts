import type { DeletedWorkspace } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Transaction } from '../../db/pool.ts';
import { idsOfWorkspace, lockByIds, markDeleted } from './queries.ts';
import type { MailboxRow } from './queries.ts';
import { transition } from './reports.ts';
import type { Reports } from './reports.ts';

/** Mailboxes whose deletion is written at once. */
const removedAtOnce = 200;

/** Deletes the mailboxes of a workspace that is being deleted. */
export const removeOfWorkspace =
  ({ clock, reports }: { readonly clock: Clock; readonly reports: Pick<Reports, 'write'> }) =>
  async (tx: Transaction, { organizationId, workspaceId }: DeletedWorkspace): Promise<void> => {
    for (;;) {
      const rows = await lockByIds(tx, await idsOfWorkspace(tx, organizationId, workspaceId, removedAtOnce));
      if (rows.length === 0) return;
      const now = new Date(clock.now());
      for (const { id } of rows) await markDeleted(tx, id, now);
      const removed = (row: MailboxRow): MailboxRow => ({
        ...transition(row, now, 'deleted'),
        status_reason: 'deleted',
        deleted_at: now,
      });
      await reports.write(
        tx,
        rows.map((row) => ({ before: row, after: removed(row) })),
      );
    }
  };
