import type { Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { countReplies } from '../analytics/index.ts';
import type { Messages } from '../sending/index.ts';
import { openDetails } from './details.ts';
import { countPositive } from './positive.ts';
import { addCounts, otherOptOuts, otherReplies, updateReply } from './queries.ts';
import { previewOf } from './receive.ts';
import type { ReceiveOptions } from './receive.ts';
import { detailsContext, isPositive } from './reply.ts';
import type { Classification, Details, StoredReply } from './reply.ts';

export interface ClassifyOptions extends ReceiveOptions {
  readonly vault: Vault;
  readonly messages: Pick<Messages, 'byIds'>;
}

/** Who changes a class: a person by their key, or the assistant. */
export interface Judge {
  readonly keyId: string | null;
}

/**
 * Changes what a locked reply means: lets it take effect, emits `reply.classified` with the previous class, and moves figures. Nothing else may
 * be locked yet. What a person decided stays, unless a person changes it.
 * @returns the reply as it is now; undefined if nothing changed
 */
export async function reclassify(
  options: ClassifyOptions,
  tx: Transaction,
  reply: StoredReply,
  to: Classification,
  { keyId }: Judge,
): Promise<StoredReply | undefined> {
  const isPerson = to.source === 'person';
  if (reply.source === 'person' && !isPerson) return undefined;
  const { organization_id: organizationId, workspace_id: workspaceId, classification: from } = reply;
  const atMs = await options.nowOf(tx, organizationId);
  const { text, referral, returnDate: kept = null } = await openDetails(options.vault, tx, reply);
  const known = from === 'out_of_office' ? reply.return_date : kept;
  const returnDate = to.returnDate ?? (to.classification === 'out_of_office' ? known : null);
  const details: Details = { text, reasons: to.reasons, referral: to.referral ?? referral, returnDate: known };
  const after: StoredReply = {
    ...reply,
    classification: to.classification,
    confidence: to.confidence,
    source: to.source,
    return_date: returnDate,
    details:
      reply.details.length === 0
        ? reply.details
        : await options.vault.seal(tx, organizationId, JSON.stringify(details), detailsContext),
    updated_at: new Date(atMs),
  };
  await updateReply(tx, after);
  if (to.classification === from) return after;
  await options.effects.reclassified(tx, {
    reply,
    from,
    to: to.classification,
    source: to.source,
    returnDate,
    others: reply.lead_id === null ? [] : await otherReplies(tx, reply.lead_id, reply.id),
    optOuts: new Map(
      from === 'unsubscribe_request'
        ? (await otherOptOuts(tx, organizationId, reply.id)).map(({ key, id }) => [key, id])
        : [],
    ),
    keyId,
    atMs,
  });
  const message = (await options.messages.byIds(tx, organizationId, [reply.id])).get(reply.id);
  await options.emitAll(tx, [
    {
      organizationId,
      workspaceId: workspaceId ?? undefined,
      type: 'reply.classified',
      data: {
        reply_id: reply.id,
        campaign_id: reply.campaign_id,
        lead_id: reply.lead_id,
        contact_id: reply.contact_id,
        mailbox_id: reply.mailbox_id,
        message_id: message?.message_id ?? null,
        from: message?.from_address ?? '',
        subject: message?.said.subject ?? '',
        body_preview: previewOf(text, message?.said.text ?? ''),
        classification: to.classification,
        previous_classification: from,
        confidence: to.confidence,
        source: to.source,
        return_date: returnDate,
      },
      occurredAtMs: atMs,
    },
  ]);
  if (reply.lead_id !== null && isPositive(from) !== isPositive(to.classification))
    await countPositive(options, tx, [reply.lead_id]);
  if (reply.campaign_id !== null) {
    const counted = { campaignId: reply.campaign_id, organizationId };
    await countReplies(tx, [
      { ...counted, classification: from, replies: -1 },
      { ...counted, classification: to.classification, replies: 1 },
    ]);
  }
  const unread = reply.is_read ? 0 : 1;
  const row = { organizationId, workspaceId };
  await addCounts(tx, [
    { ...row, classification: from, total: -1, unread: -unread },
    { ...row, classification: to.classification, total: 1, unread },
  ]);
  tx.afterCommit(() => options.onClassified(to.classification, to.source));
  return after;
}
