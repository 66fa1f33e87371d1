import type { Transaction } from '../../db/pool.ts';
import { count, dayOf } from '../analytics/index.ts';
import type { Complained } from '../sending/index.ts';
import { stop } from './stop.ts';
import type { StopOptions } from './stop.ts';

/**
 * Ends the leads whose messages were complained about, and counts the complaints. Other leads of the address were skipped when it was
 * suppressed.
 */
export async function complained(
  options: StopOptions,
  tx: Transaction,
  messages: readonly Complained[],
): Promise<void> {
  for (const message of messages) {
    const { id, organization_id: organizationId, lead_id: leadId, campaign_id: campaignId, step_id: stepId } = message;
    if (leadId === null) continue;
    const [lead] = await stop(options, tx, organizationId, { ids: [leadId] }, 'complained', {
      atMs: message.atMs,
      detail: { message_id: id },
    });
    if (lead === undefined || campaignId === null || stepId === null) continue;
    await count(tx, [
      {
        campaignId,
        organizationId,
        stats: {
          day: dayOf(message.sent_at?.getTime() ?? message.atMs),
          stepId,
          variant: message.variant,
          mailboxId: message.mailbox_id,
          provider: lead.provider,
          complained: 1,
        },
      },
    ]);
  }
}
