import type { DeletedWorkspace } from '../../auth/index.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Clock } from '../../base/clock.ts';
import type { Transaction } from '../../db/pool.ts';
import type { EmitAll } from '../../events/index.ts';
import { countBy } from '../records/index.ts';
import { contactEvent } from './contact.ts';
import { deleteContacts, lockContacts } from './erasure.ts';
import { byIds, idsOfWorkspace } from './queries.ts';

/** Called with contacts that are deleted, in the transaction that does it. */
export type RemovalListener = (
  tx: Transaction,
  organization: OrganizationId,
  contactIds: readonly string[],
) => Promise<unknown>;

/** Deletes contacts of a workspace permanently, because no call can restore them. Those that are live emit `contact.deleted`. */
export async function deleteOfWorkspace(
  { clock, emitAll, removed }: { readonly clock: Clock; readonly emitAll: EmitAll; readonly removed: RemovalListener },
  tx: Transaction,
  workspace: DeletedWorkspace,
  limit: number,
): Promise<number> {
  const { organizationId: organization } = workspace;
  const ids = await idsOfWorkspace(tx, workspace.workspaceId, limit);
  if (ids.length === 0) return 0;
  await lockContacts(tx, organization, ids);
  const live = (await byIds(tx, workspace, ids)).filter(({ deleted_at: deleted }) => deleted === null);
  await removed(tx, organization, ids);
  await deleteContacts(tx, organization, ids);
  const at = new Date(clock.now());
  await emitAll(
    tx,
    live.map((contact) => contactEvent(workspace, 'contact.deleted', contact, at)),
  );
  await countBy(tx, organization, 'contact', -live.length);
  return ids.length;
}
