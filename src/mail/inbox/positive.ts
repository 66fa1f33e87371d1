import { dayOf } from '../../base/clock.ts';
import type { Transaction } from '../../db/pool.ts';
import { count } from '../analytics/index.ts';
import type { Delta } from '../analytics/index.ts';
import type { Leads } from '../leads/index.ts';
import { positiveReplies, setCounted } from './queries.ts';

export interface PositiveOptions {
  readonly leads: Pick<Leads, 'lock'>;
}

/**
 * Counts leads as positive whose replies changed: each once, by the first of its positive replies. Call it after the effects of replies, which
 * lock leads and campaigns before their figures.
 */
export async function countPositive(
  { leads }: PositiveOptions,
  tx: Transaction,
  leadIds: readonly string[],
): Promise<void> {
  if (leadIds.length === 0) return;
  // Two replies of one lead are counted one after the other.
  const locked = new Map((await leads.lock(tx, [...new Set(leadIds)])).map((lead) => [lead.id, lead]));
  const changed = (await positiveReplies(tx, [...locked.keys()])).filter(({ counted, wanted }) => counted !== wanted);
  if (changed.length === 0) return;
  await setCounted(
    tx,
    changed.map(({ id, wanted }) => ({ id, counted: wanted })),
  );
  const deltas = changed.flatMap((reply): Delta[] => {
    const lead = locked.get(reply.lead_id);
    if (lead === undefined) return [];
    const { campaign_id: campaignId, organization_id: organizationId, provider } = lead;
    const by = reply.wanted ? 1 : -1;
    const totals: Delta = { campaignId, organizationId, totals: { positive_replies: by } };
    if (reply.step_id === null || reply.sent_at === null) return [totals];
    return [
      totals,
      {
        campaignId,
        organizationId,
        stats: {
          day: dayOf(reply.sent_at.getTime()),
          stepId: reply.step_id,
          variant: reply.variant,
          mailboxId: reply.mailbox_id,
          provider,
          positive_replies: by,
        },
      },
    ];
  });
  await count(tx, deltas);
}
