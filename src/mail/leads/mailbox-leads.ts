import { ApiError } from '../../base/errors.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { MailboxLeads } from '../campaigns/index.ts';
import { change } from './change.ts';
import { countOpenOf, lockLeads, openOf } from './queries.ts';
import type { StopOptions } from './stop.ts';

const chunkRows = 1_000;

/** What happens to leads whose mailbox leaves their campaign. */
export const mailboxLeads = (options: StopOptions): MailboxLeads => ({
  async countOpen(on, campaignId, mailboxIds) {
    return new Map((await countOpenOf(on, campaignId, mailboxIds)).map((row) => [row.mailbox_id, row.count]));
  },

  async leave(tx, campaign, from, to, nowMs) {
    const ids = await openOf(tx, campaign.id, from);
    // All messages before all leads.
    if (to === null && ids.length > 0)
      await options.cancelMessages(tx, campaign.organization_id, ids, 'mailbox_left_campaign');
    for (let next = 0; next < ids.length; next += chunkRows)
      await leaveSome(options, tx, ids.slice(next, next + chunkRows), to, nowMs);
  },
});

async function leaveSome(
  options: StopOptions,
  tx: Transaction,
  ids: readonly string[],
  to: MailboxId | null,
  nowMs: number,
): Promise<void> {
  const leads = await lockLeads(tx, ids);
  if (to !== null && leads.some(({ status }) => status === 'sending'))
    throw new ApiError(
      'conflict',
      'A message of a lead of this mailbox is on its way. Try again when it was sent, or pause the campaign first.',
    );
  await change(
    options,
    tx,
    leads.map((lead) =>
      to === null
        ? { lead, fact: 'finished', detail: { reason: 'mailbox_left_campaign' }, atMs: nowMs }
        : {
            lead,
            fact: 'planned',
            patch: { mailbox_id: to, due_at: lead.due_at },
            detail: {},
            atMs: nowMs,
          },
    ),
  );
}
