import type { Ids, OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import { cancelWaiting, cancelWaitingOfLeads, insertHistory } from './settle-queries.ts';
import type { CancelledRow } from './settle-queries.ts';
import { changeOf } from './sources.ts';
import type { Change } from './sources.ts';

/**
 * Ends waiting messages of leads that stopped: `failed` with the reason, without an event, because nobody waits for them.
 * @returns what changed
 */
export const cancelOfLeads = async (
  options: { readonly ids: Ids },
  tx: Transaction,
  organization: OrganizationId,
  leadIds: readonly string[],
  reason: string,
  nowMs: number,
): Promise<Change[]> =>
  recorded(
    options,
    tx,
    leadIds.length === 0 ? [] : await cancelWaitingOfLeads(tx, organization, leadIds, reason),
    () => nowMs,
  );

/** As `cancelOfLeads`, of single messages. */
export const cancelMessages = async (
  options: { readonly ids: Ids },
  tx: Transaction,
  rows: readonly { readonly id: string; readonly error: string }[],
  nowOf: (organization: OrganizationId) => number,
): Promise<Change[]> => recorded(options, tx, rows.length === 0 ? [] : await cancelWaiting(tx, rows), nowOf);

async function recorded(
  { ids }: { readonly ids: Ids },
  tx: Transaction,
  cancelled: readonly CancelledRow[],
  nowOf: (organization: OrganizationId) => number,
): Promise<Change[]> {
  if (cancelled.length === 0) return [];
  await insertHistory(
    tx,
    cancelled.map((row) => ({
      messageId: row.id,
      id: ids.next(),
      organizationId: row.organization_id,
      kind: 'cancelled',
      detail: { reason: row.error },
      at: new Date(nowOf(row.organization_id)),
    })),
  );
  return cancelled.map((row) =>
    changeOf(row, {
      fact: 'cancelled',
      before: row.before,
      status: 'failed',
      reason: row.error,
      error: null,
      atMs: nowOf(row.organization_id),
    }),
  );
}
