import type { OrganizationClocks } from '../../auth/index.ts';
import type { Ids, OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import { looksMs } from './outcomes.ts';
import { insertHistory, loseMessages, releasePaces } from './settle-queries.ts';
import { changeOf } from './sources.ts';
import type { Sources } from './sources.ts';

/**
 * Releases what a dead process had: its mailboxes, and the messages that it was sending, whose fate is unknown.
 * @returns how many messages are lost, and how many leases there were
 */
export async function releaseDead(
  {
    ids,
    clocks,
    sources,
  }: { readonly ids: Ids; readonly clocks: OrganizationClocks; readonly sources: Pick<Sources, 'tell'> },
  tx: Transaction,
  dead: string,
  nowMs: number,
): Promise<{ readonly lost: number; readonly leases: number }> {
  const lost = await loseMessages(tx, dead, new Date(nowMs + (looksMs[0] ?? 0)));
  const paces = await releasePaces(tx, dead, new Date(nowMs));
  if (lost.length === 0) return { lost: 0, leases: paces };
  const ahead = await clocks.aheadOf(
    tx,
    lost.map((row) => row.organization_id),
  );
  const atOf = (organization: OrganizationId): number => nowMs + (ahead.get(organization) ?? 0);
  await insertHistory(
    tx,
    lost.map(({ id, organization_id: organizationId, attempts }) => ({
      messageId: id,
      id: ids.next(),
      organizationId,
      kind: 'lost',
      detail: { attempt: attempts, reason: 'process_ended' },
      at: new Date(atOf(organizationId)),
    })),
  );
  await sources.tell(
    tx,
    lost.map((row) =>
      changeOf(row, {
        fact: 'lost',
        before: 'sending',
        status: 'unknown',
        reason: 'process_ended',
        error: 'The process that was sending it ended.',
        atMs: atOf(row.organization_id),
      }),
    ),
  );
  return { lost: lost.length, leases: lost.length + paces };
}
