import type { Clock } from '../../base/clock.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { EmitAll } from '../../events/index.ts';
import type { LiftedListener, SuppressionListener, SuppressionReason } from '../suppressions/index.ts';
import { contactEvent } from './contact.ts';
import type { ContactStatus } from './contact.ts';
import { lockContacts } from './erasure.ts';
import { byIds, liveIdsByKeys, updateAll } from './queries.ts';

interface OutcomesOptions {
  readonly clock: Clock;
  readonly emitAll: EmitAll;
}

/** What a suppression says about the contact; those that a user or an import added say nothing. */
const statuses: ReadonlyMap<SuppressionReason, ContactStatus> = new Map([
  ['unsubscribed', 'unsubscribed'],
  ['complaint', 'unsubscribed'],
  ['hard_bounce', 'bounced'],
]);

/** How a contact's status follows what happened to email. */
export function createOutcomes(options: OutcomesOptions) {
  return {
    /** Stores the last outcome of email to contacts. A reply does not end an opt-out. Deleted contacts stay as they are. */
    recordOutcome: (
      tx: Transaction,
      organization: OrganizationId,
      ids: readonly string[],
      status: ContactStatus,
    ): Promise<void> => record(options, tx, organization, ids, { status }),

    /** Stores what new suppressions say about the contacts of their addresses. */
    suppressed: (async (tx, reach, addresses) => {
      for (const [status, own] of Map.groupBy(addresses, ({ reason }) => statuses.get(reason)))
        if (status !== undefined) {
          const keys = own.map(({ key }) => key);
          const ids = (await liveIdsByKeys(tx, reach, keys)).map(({ id }) => id);
          await record(options, tx, reach.organizationId, ids, { status });
        }
    }) satisfies SuppressionListener,

    /** Contacts whose address may be written to again are active, if its suppression said otherwise. */
    suppressionLifted: (async (tx, reach, { keys, reason, except }) => {
      const from = statuses.get(reason);
      if (from === undefined) return;
      const ids = (await liveIdsByKeys(tx, reach, keys)).flatMap(({ id, workspace_id: workspace }) =>
        workspace !== null && except.has(workspace) ? [] : [id],
      );
      await record(options, tx, reach.organizationId, ids, { status: 'active', from });
    }) satisfies LiftedListener,
  };
}

/** @param from only contacts with this status */
async function record(
  { emitAll, clock }: OutcomesOptions,
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
  { status, from }: { readonly status: ContactStatus; readonly from?: ContactStatus },
): Promise<void> {
  if (ids.length === 0) return;
  const at = new Date(clock.now());
  await lockContacts(tx, organization, ids);
  const changed = (await byIds(tx, { organizationId: organization }, ids))
    .filter(
      (contact) =>
        contact.deleted_at === null &&
        contact.status !== status &&
        (from === undefined || contact.status === from) &&
        !(status === 'replied' && contact.status === 'unsubscribed'),
    )
    .map((contact) => ({ ...contact, status, updated_at: at }));
  if (changed.length === 0) return;
  await updateAll(tx, organization, changed);
  await emitAll(
    tx,
    changed.map((contact) =>
      contactEvent({ organizationId: organization }, 'contact.updated', contact, at, ['status']),
    ),
  );
}
