import type { OrganizationClocks } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Ids, MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { cancelOfLeads } from './cancel.ts';
import { openContent } from './content.ts';
import { announceMail } from './enqueue.ts';
import { messagesOfLeads, wakeSources } from './message-queries.ts';
import type { LeadMessage } from './message-queries.ts';
import { releaseMessages } from './settle-queries.ts';
import type { Sources } from './sources.ts';

/** A message of a lead. */
export interface ThreadMessage extends Pick<
  LeadMessage,
  'id' | 'mailbox_id' | 'message_id' | 'delivered_message_id' | 'step_id' | 'status' | 'sent_at'
> {
  readonly subject: string;
}

/** What sources, and what they send for, do with stored messages. */
export interface Steering {
  /** Lets mailboxes ask their sources now. Call it before messages and leads are locked in the transaction. */
  wake(tx: Transaction, mailboxIds: readonly MailboxId[]): Promise<void>;
  /**
   * Ends waiting messages of leads that stop: `failed` with the reason, `cancelled` in their history, without an event. Call it before the
   * leads are locked; one that is deferred afterwards is stopped by the source's `confirm`.
   */
  cancel(tx: Transaction, organization: OrganizationId, leadIds: readonly string[], reason: string): Promise<void>;
  /** Lets waiting messages of a campaign go on that a veto made wait. */
  release(tx: Transaction, organization: OrganizationId, campaignId: string): Promise<void>;
  /** The messages of leads, the oldest first; a lead without one is missing. */
  threadsOf(on: Queryable, leadIds: readonly string[]): Promise<ReadonlyMap<string, readonly ThreadMessage[]>>;
}

export function createSteering({
  clock,
  clocks,
  ids,
  vault,
  sources,
}: {
  readonly clock: Clock;
  readonly clocks: OrganizationClocks;
  readonly ids: Ids;
  readonly vault: Vault;
  readonly sources: Pick<Sources, 'tell'>;
}): Steering {
  async function wake(tx: Transaction, mailboxIds: readonly MailboxId[]): Promise<void> {
    if (mailboxIds.length === 0) return;
    const woken = await wakeSources(tx, mailboxIds, new Date(clock.now()));
    if (woken.length > 0)
      await announceMail(
        tx,
        woken.map((row) => row.mailbox_id),
        false,
      );
  }

  return {
    wake,
    async cancel(tx, organization, leadIds, reason) {
      const nowMs = await clocks.nowOf(tx, organization);
      await sources.tell(tx, await cancelOfLeads({ ids }, tx, organization, leadIds, reason, nowMs));
    },
    async release(tx, organization, campaignId) {
      const released = await releaseMessages(tx, campaignId, new Date(await clocks.nowOf(tx, organization)));
      await wake(
        tx,
        released.map((row) => row.mailbox_id),
      );
    },
    async threadsOf(on, leadIds) {
      const rows = leadIds.length === 0 ? [] : await messagesOfLeads(on, leadIds);
      const opened = await Promise.all(
        rows.map(async ({ content, organization_id, lead_id: leadId, ...row }) => {
          const { subject } = await openContent(vault, on, { organization_id, content });
          return { leadId, message: { ...row, subject } };
        }),
      );
      return new Map(
        [...Map.groupBy(opened, ({ leadId }) => leadId)].map(([id, own]) => [id, own.map(({ message }) => message)]),
      );
    },
  };
}
