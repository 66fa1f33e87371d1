import { cut } from '../../base/cut.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { EmitAll } from '../../events/index.ts';
import { countReplies } from '../analytics/index.ts';
import type { Reclassified } from '../leads/index.ts';
import { effectiveConfidence } from '../receiving/index.ts';
import type { ReceivedReply } from '../receiving/index.ts';
import { countPositive } from './positive.ts';
import type { PositiveOptions } from './positive.ts';
import { addCounts, insertReplies, rootsOf } from './queries.ts';
import { referralKeys } from './referral-key.ts';
import type { NewReply } from './queries.ts';
import { detailsContext, isPositive } from './reply.ts';
import type { ClassSource, Details, StoredReply } from './reply.ts';

/** What replies change elsewhere: leads, contacts, suppressions. */
export interface ReplyEffects {
  /** In the transaction that stores the replies of one organization. Only their own rows are locked yet. */
  received(tx: Transaction, replies: readonly ReceivedReply[]): Promise<unknown>;
  /** The class of a reply changes. Only its row is locked yet. */
  reclassified(tx: Transaction, change: Reclassified): Promise<unknown>;
}

export interface ReceiveOptions extends PositiveOptions {
  readonly vault: Vault;
  readonly emitAll: EmitAll;
  readonly effects: ReplyEffects;
  /** An organization's own time, in Unix milliseconds. */
  readonly nowOf: (on: Queryable, organization: OrganizationId) => Promise<number>;
  /** Called after the commit of each new or changed class; for metrics. */
  readonly onClassified: (classification: StoredReply['classification'], source: ClassSource) => void;
}

const previewCharacters = 200;

/** Answers to warm-up and self-tests are no replies of recipients. */
const isRelevant = ({ answered: { purpose } }: ReceivedReply): boolean =>
  purpose === 'campaign' || purpose === 'direct';

/**
 * Stores the replies of one organization, in the transaction that stores their messages. Emits `reply.received`, lets them take effect, and
 * emits `reply.classified`.
 * @param alongside is called once they took effect, or if there are none
 */
export async function received(
  options: ReceiveOptions,
  tx: Transaction,
  all: readonly ReceivedReply[],
  alongside?: () => Promise<unknown>,
): Promise<StoredReply[]> {
  const replies = all.filter(isRelevant);
  const [one] = replies;
  if (one === undefined) {
    await alongside?.();
    return [];
  }
  const { organizationId } = one;
  const atMs = await options.nowOf(tx, organizationId);
  const rows = await rowsOf(options, tx, organizationId, replies, new Date(atMs));
  await insertReplies(tx, rows);
  await options.emitAll(
    tx,
    replies.map((reply) => ({
      organizationId,
      workspaceId: reply.workspaceId ?? undefined,
      type: 'reply.received',
      data: eventOf(reply),
      occurredAtMs: atMs,
    })),
  );
  await options.effects.received(tx, replies);
  await alongside?.();
  await options.emitAll(
    tx,
    replies.map((reply) => ({
      organizationId,
      workspaceId: reply.workspaceId ?? undefined,
      type: 'reply.classified',
      data: {
        ...eventOf(reply),
        classification: reply.reading.classification,
        previous_classification: null,
        confidence: reply.reading.confidence,
        source: sourceOf(reply),
        return_date: reply.reading.return_date,
      },
      occurredAtMs: atMs,
    })),
  );
  await countPositive(
    options,
    tx,
    rows.flatMap(({ lead_id: lead, classification, match_confidence: confidence }) =>
      lead !== null && confidence >= effectiveConfidence && isPositive(classification) ? [lead] : [],
    ),
  );
  await countReplies(
    tx,
    rows.flatMap(({ campaign_id: campaignId, classification }) =>
      campaignId === null ? [] : [{ campaignId, organizationId, classification, replies: 1 }],
    ),
  );
  await addCounts(
    tx,
    rows.map((row) => ({
      organizationId,
      workspaceId: row.workspace_id,
      classification: row.classification,
      total: 1,
      unread: 1,
    })),
  );
  tx.afterCommit(() => {
    for (const { classification, source } of rows) options.onClassified(classification, source);
  });
  return rows.map((row) => ({ ...row, is_read: false, is_starred: false }));
}

/** The reasons of a reading name the layer that decided. */
const sourceOf = ({ reading: { reasons } }: ReceivedReply): ClassSource =>
  reasons.some((reason) => reason.startsWith('model: ')) ? 'model' : 'rules';

async function rowsOf(
  { vault }: ReceiveOptions,
  tx: Transaction,
  organization: OrganizationId,
  replies: readonly ReceivedReply[],
  at: Date,
): Promise<NewReply[]> {
  const alone = replies.flatMap(({ leadId, answered }) => (leadId === null ? [answered.id] : []));
  const roots = new Map(
    alone.length === 0 ? [] : (await rootsOf(tx, [...new Set(alone)])).map(({ id, root }) => [id, root]),
  );
  const keys = await referralKeys(
    vault,
    tx,
    organization,
    replies.map(({ reading }) => reading.referral),
  );
  return Promise.all(
    replies.map(async (reply, index): Promise<NewReply> => {
      const { text, classification, confidence, reasons, return_date: returnDate, referral } = reply.reading;
      const details: Details = { text, reasons, referral };
      return {
        id: reply.id,
        organization_id: reply.organizationId,
        workspace_id: reply.workspaceId,
        mailbox_id: reply.mailboxId as MailboxId,
        campaign_id: reply.campaignId,
        lead_id: reply.leadId,
        contact_id: reply.contactId,
        answered_id: reply.answered.id,
        thread_id: reply.leadId ?? roots.get(reply.answered.id) ?? reply.answered.id,
        from_key: reply.fromKey,
        classification,
        confidence,
        source: sourceOf(reply),
        match_by: reply.match.by,
        match_confidence: reply.match.confidence,
        return_date: returnDate,
        details: await vault.seal(tx, reply.organizationId, JSON.stringify(details), detailsContext),
        referral_key: keys[index] ?? Buffer.alloc(0),
        received_at: reply.receivedAt,
        updated_at: at,
      };
    }),
  );
}

const eventOf = (reply: ReceivedReply) => ({
  reply_id: reply.id,
  campaign_id: reply.campaignId,
  lead_id: reply.leadId,
  contact_id: reply.contactId,
  mailbox_id: reply.mailboxId as MailboxId,
  message_id: reply.messageId,
  from: reply.from,
  subject: reply.subject,
  body_preview: previewOf(reply.reading.text, reply.text),
});

/** The beginning of what a person wrote, or of the whole text if that cannot be told from the rest. */
export const previewOf = (own: string, whole: string): string =>
  cut(own.trim() === '' ? whole.trim() : own.trim(), previewCharacters);
