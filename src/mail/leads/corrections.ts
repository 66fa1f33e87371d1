import type { KeyId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Editor } from '../../crm/records/index.ts';
import type { Suppressions } from '../../crm/suppressions/index.ts';
import type { Transaction } from '../../db/pool.ts';
import { effectiveConfidence } from '../receiving/index.ts';
import type { MatchedBy } from '../receiving/index.ts';
import type { ReplyClass } from '../replies/index.ts';
import { knownMessages } from '../sending/index.ts';
import { change } from './change.ts';
import { effectOf } from './effect.ts';
import type { Effect } from './effect.ts';
import type { LeadChange } from './change.ts';
import { isFinal, transitions } from './lead.ts';
import type { Lead, LeadFact } from './lead.ts';
import { lockFor } from './locks.ts';
import type { LockOptions } from './locks.ts';
import { answersInHistory, lockLeads } from './queries.ts';
import { countAnswers, heldBack, placesOf, takeEffect } from './replies.ts';
import type { Answer, OptOutAnswer, Place, RepliesOptions } from './replies.ts';
import { resume } from './stop.ts';
import type { ResumeOptions } from './stop.ts';

/** What another reply of the lead means. */
export interface OtherReply {
  readonly id: string;
  readonly answered_id: string;
  readonly classification: ReplyClass;
  /** `YYYY-MM-DD` */
  readonly return_date: string | null;
  readonly received_at: Date;
}

/** A stored reply whose class changes. */
export interface Reclassified {
  /** As it was before. */
  readonly reply: {
    readonly id: string;
    readonly organization_id: OrganizationId;
    readonly workspace_id: WorkspaceId | null;
    readonly lead_id: string | null;
    readonly answered_id: string;
    /** The sender, as addresses are compared. */
    readonly from_key: string;
    readonly match_by: MatchedBy;
    readonly match_confidence: number;
  };
  readonly from: ReplyClass;
  readonly to: ReplyClass;
  /** Who decided. The assistant lifts no suppression. */
  readonly source: string;
  readonly returnDate: string | null;
  /** The other replies of its lead whose match is certain enough, the oldest first. */
  readonly others: readonly OtherReply[];
  /** Other replies that ask for an opt-out, by the address for which they do: of its sender, and of the recipient that it answers for. */
  readonly optOuts: ReadonlyMap<string, string>;
  /** The key of the person; null: the assistant decided. */
  readonly keyId: string | null;
  /** Unix milliseconds of the organization's clock. */
  readonly atMs: number;
}

export interface CorrectionsOptions extends RepliesOptions, ResumeOptions, LockOptions {
  /** Whether a lead has a step that was not sent yet. */
  readonly hasNextStep: (tx: Transaction, lead: Lead) => Promise<boolean>;
  /** Lets the mailboxes of a campaign look for messages. It locks what is locked before messages. */
  readonly wakeCampaign: (tx: Transaction, campaignId: string) => Promise<void>;
  readonly suppressions: Pick<Suppressions, 'lock' | 'suppress'>;
  /** Lifts what an answer, and nothing else, suppressed. @returns whether the recipient is not suppressed any more */
  readonly withdrawOptOut: (
    tx: Transaction,
    editor: Editor,
    answer: Pick<OptOutAnswer, 'id' | 'answeredId'>,
    others: ReadonlyMap<string, string>,
  ) => Promise<boolean>;
}

/**
 * The class of a reply changes: undoes what the old one did, and does what the new one does. Nothing but the reply may be locked yet.
 * A correction to `unsubscribe_request` suppresses; one away from it lifts what this reply alone suppressed. What stopped because of the
 * reply goes on if no person wrote it, unless its campaign is archived or a person wrote another one; a campaign that was completed in the
 * meantime goes on with it. Other leads of the company stay stopped. Absences that other replies report hold the lead.
 * @example
 * await reclassified(options, tx, { reply, from: 'out_of_office', to, source: 'person', returnDate: null, others, optOuts, keyId, atMs });
 */
export async function reclassified(
  options: CorrectionsOptions,
  tx: Transaction,
  correction: Reclassified,
): Promise<void> {
  const { reply, from, to, source, returnDate, others, keyId, atMs } = correction;
  const { id, organization_id: organizationId, answered_id: answeredId } = reply;
  const editor: Editor = { organizationId, ...(keyId === null ? {} : { keyId: keyId as KeyId }) };
  const isCertain = reply.match_confidence >= effectiveConfidence;
  if (from === 'unsubscribe_request' || to === 'unsubscribe_request')
    await options.suppressions.lock(tx, organizationId);
  const leadId = reply.lead_id;
  const place =
    leadId === null || !isCertain ? undefined : (await placesOf(options, tx, organizationId, [leadId])).get(leadId);
  if (place !== undefined) await options.wakeCampaign(tx, place.campaign.id);
  const [answered] = await knownMessages(tx, organizationId, [answeredId]);
  const keys = reply.from_key === '' ? [] : [reply.from_key];
  await lockFor(options, tx, organizationId, {
    leadIds: [leadId],
    emailKeys: to === 'unsubscribe_request' ? [...keys, answered?.party_key ?? ''] : [],
  });
  const isLifted =
    from === 'unsubscribe_request' &&
    source !== 'assistant' &&
    (await options.withdrawOptOut(tx, editor, { id, answeredId }, correction.optOuts));
  if (place !== undefined && answered !== undefined) {
    const answer: Answer = { id, fromKey: reply.from_key, matchBy: reply.match_by, answered, returnDate };
    await moveLead(options, tx, place, effectOf(to, false), answer, { others, atMs, isLifted });
  }
  if (to !== 'unsubscribe_request') return;
  if (isCertain) await options.optOut(tx, organizationId, { id, answeredId, keys });
  // It is not certain whom it answers, but who wrote it.
  else
    await options.suppressions.suppress(
      tx,
      { ...editor, workspaceId: reply.workspace_id ?? undefined },
      keys.map((value) => ({ kind: 'email', value, reason: 'unsubscribed', messageId: id })),
    );
}

/** How a reply can have ended its lead beside by being an answer. */
const endings = ['not_interested', 'wrong_person', 'left_company'] as const;

/** What a correction does to the lead. What the reply did is read from the history: its class may have been corrected before. */
async function moveLead(
  options: CorrectionsOptions,
  tx: Transaction,
  place: Place,
  to: Effect,
  answer: Answer,
  {
    others,
    atMs,
    isLifted,
  }: { readonly others: readonly OtherReply[]; readonly atMs: number; readonly isLifted: boolean },
): Promise<void> {
  const { id, organization_id: organization, blocked_reason: reason } = place.lead;
  const all = await answersInHistory(tx, organization, id);
  // What it did before was taken back.
  const entries = all.slice(all.findLastIndex(({ kind }) => kind === 'misread') + 1);
  const isOf = (fact: LeadFact): boolean =>
    entries.some(({ kind, message_id: message }) => kind === fact && message === answer.id);
  const detail = { message_id: answer.id };
  if (isLifted) {
    const [lead] = await lockLeads(tx, [id]);
    if (lead !== undefined) await change(options, tx, [{ lead, fact: 'opt_out_withdrawn', detail, atMs }]);
  }
  const isEnded = endings.some(isOf);
  const goesOn = to.kind !== 'answer' || (to.ends === undefined && !place.campaign.stop.on_reply && isEnded);
  if (goesOn && isStoppedBy(entries, others, answer.id)) {
    const first = entries.find(({ kind }) => kind === 'replied' || kind === 'answered')?.message_id;
    const counted = others.find((each) => each.id === first)?.answered_id;
    const [answered] = counted === undefined ? [] : await knownMessages(tx, organization, [counted]);
    await goOn(options, tx, place, { ...answer, answered: answered ?? answer.answered }, atMs);
  }
  const isDone = to.kind === 'answer' && to.ends === undefined && isOf('replied') && !isEnded;
  if (!isDone) await takeEffect(options, tx, place, to, answer, atMs);
  if (to.kind !== 'hold' && reason === 'out_of_office_until' && isOf('held'))
    await resume(options, tx, [id], { atMs, detail });
  for (const other of others)
    if (effectOf(other.classification, false).kind === 'hold')
      await heldBack(
        options,
        tx,
        place,
        { id: other.id, returnDate: other.return_date },
        atMs,
        other.received_at.getTime(),
      );
}

/** Whether this reply, or one whose class was corrected before, stopped the lead, and no reply that still counts. */
function isStoppedBy(
  entries: readonly { readonly kind: string; readonly message_id: string | null }[],
  others: readonly OtherReply[],
  id: string,
): boolean {
  const isAnswer = (classification: ReplyClass): boolean => effectOf(classification, false).kind === 'answer';
  const withdrawn = new Set(others.flatMap((each) => (isAnswer(each.classification) ? [] : [each.id])));
  const stops: ReadonlySet<string> = new Set(['replied', 'answered', ...endings]);
  const stopping = entries.filter(({ kind }) => stops.has(kind)).map((each) => each.message_id);
  return (
    stopping.length > 0 &&
    stopping.every((message) => message === id || (message !== null && withdrawn.has(message))) &&
    // An answer during an opt-out is not in the history. A program may have written what is `unknown`.
    !others.some(({ classification }) => classification !== 'unknown' && isAnswer(classification))
  );
}

/**
 * No person wrote its reply: the lead waits for its next step again, or is finished without one, and does not count as one that replied.
 * A completed campaign goes on with it.
 */
async function goOn(
  options: CorrectionsOptions,
  tx: Transaction,
  { lead: { id }, campaign }: Place,
  answer: Answer,
  atMs: number,
): Promise<void> {
  if (campaign.status === 'archived') return;
  const [lead] = await lockLeads(tx, [id]);
  if (lead === undefined) return;
  const isStopped = isFinal(lead.status) && transitions[lead.status].misread === 'waiting';
  const hasNext = isStopped && (await options.hasNextStep(tx, lead));
  const dueMs = (hasNext ? (await options.nextDueOf(tx, [lead], atMs)).get(id) : lead.due_at?.getTime()) ?? null;
  // Its message is in flight.
  if (hasNext && dueMs === null) return;
  const detail = { message_id: answer.id };
  const patch = { due_at: dueMs === null ? null : new Date(dueMs), replied_at: null };
  const changes: LeadChange[] = [{ lead, fact: 'misread', patch, detail, atMs }];
  if (isStopped && !hasNext) changes.push({ lead, fact: 'finished', detail, atMs });
  const changed = await change(options, tx, changes);
  if (changed.length > 0 && lead.replied_at !== null) await countAnswers(tx, lead, answer.answered, -1, atMs);
}
