import { unreachable } from '../../base/errors.ts';
import type { Transaction } from '../../db/pool.ts';
import type { MessageRow } from './claim-queries.ts';
import type { Purpose } from './plan.ts';
import type { MessageChange, MessageSource } from './source.ts';

/** A change, and whose message it is. */
export interface Change extends MessageChange {
  readonly purpose: Purpose;
}

export type Sources = ReturnType<typeof createSources>;

/** The sources of messages, by the purpose of their messages. */
export function createSources() {
  const sources = new Map<Purpose, MessageSource>();
  return {
    add(source: MessageSource): void {
      if (sources.has(source.purpose)) throw unreachable(`a second source of ${source.purpose}`);
      sources.set(source.purpose, source);
    },
    get all(): readonly MessageSource[] {
      return [...sources.values()];
    },
    of: (purpose: Purpose): MessageSource | undefined => sources.get(purpose),
    /** Tells each source what became of its messages. */
    async tell(tx: Transaction, changes: readonly Change[]): Promise<void> {
      for (const [purpose, own] of Map.groupBy(changes, (change) => change.purpose))
        await sources.get(purpose)?.settled(tx, own);
    },
  };
}

type Facts = Pick<Change, 'fact' | 'before' | 'status' | 'reason' | 'error' | 'atMs' | 'untilMs' | 'bounce'>;

export const changeOf = (row: Omit<MessageRow, 'content'>, facts: Facts): Change => ({
  purpose: row.purpose,
  messageId: row.id,
  organizationId: row.organization_id,
  workspaceId: row.workspace_id,
  mailboxId: row.mailbox_id,
  campaignId: row.campaign_id,
  leadId: row.lead_id,
  contactId: row.contact_id,
  stepId: row.step_id,
  step: row.step,
  variant: row.variant,
  domain: row.party_domain,
  messageIdHeader: row.message_id,
  ...facts,
});
