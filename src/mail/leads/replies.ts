import { dayOf } from '../../base/clock.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import { count } from '../analytics/index.ts';
import type { Campaign, Campaigns } from '../campaigns/index.ts';
import { effectiveConfidence, isByRecipient } from '../receiving/index.ts';
import type { MatchedBy, ReceivedReply } from '../receiving/index.ts';
import { dueAfter, dueAfterReturn } from '../schedule/index.ts';
import type { KnownMessage } from '../sending/index.ts';
import { change } from './change.ts';
import { effectOf } from './effect.ts';
import type { Effect } from './effect.ts';
import { isOpen } from './lead.ts';
import type { Lead } from './lead.ts';
import { leadsByIds, lockLeads } from './queries.ts';
import type { OrganizationTime } from './records.ts';
import { hold, stop } from './stop.ts';
import type { StopOptions } from './stop.ts';

/** A stored answer that asks for an opt-out. */
export interface OptOutAnswer {
  /** `messages.id` of the answer, and of what it answers. */
  readonly id: string;
  readonly answeredId: string;
  /** Its sender, who is suppressed beside the recipient. */
  readonly keys: readonly string[];
}

export interface RepliesOptions extends StopOptions, OrganizationTime {
  readonly campaigns: Pick<Campaigns, 'rowsOf'>;
  /** Suppresses the recipient of a message and the sender of its answer, and stops their leads. */
  readonly optOut: (tx: Transaction, organization: OrganizationId, answer: OptOutAnswer) => Promise<unknown>;
}

/** Without a return date, an absence holds a lead for so long. */
const absence = { delay_days: 5, delay_hours: 0, business_days: true };

/**
 * Lets replies of one organization take effect, in the transaction that stores them; `effect.ts` says how. An absence holds the lead until
 * the business day after the return, or for five business days. A reply whose match is not certain enough changes nothing, and so does
 * one whose token opted out already. `lockFor` comes first, and before it the lock of suppressions if a reply asks for an opt-out.
 */
export async function replied(
  options: RepliesOptions,
  tx: Transaction,
  replies: readonly ReceivedReply[],
): Promise<void> {
  const relevant = replies.filter(
    ({ match }) => match.confidence >= effectiveConfidence && match.by !== 'unsubscribe_token',
  );
  const [one] = relevant;
  if (one === undefined) return;
  const { organizationId } = one;
  const atMs = await options.nowOf(tx, organizationId);
  const places = await placesOf(
    options,
    tx,
    organizationId,
    relevant.flatMap(({ leadId }) => leadId ?? []),
  );
  const effects = new Map(
    relevant.map((reply) => [reply.id, effectOf(reply.reading.classification, reply.reading.automatic)]),
  );
  for (const reply of relevant) {
    const place = places.get(reply.leadId ?? '');
    const effect = effects.get(reply.id);
    const answer = { ...reply, matchBy: reply.match.by, returnDate: reply.reading.return_date };
    if (place !== undefined && effect !== undefined) await takeEffect(options, tx, place, effect, answer, atMs);
    if (effect?.kind === 'answer' && reply.reading.classification === 'unsubscribe_request')
      await options.optOut(tx, organizationId, {
        id: reply.id,
        answeredId: reply.answered.id,
        keys: reply.fromKey === '' ? [] : [reply.fromKey],
      });
  }
}

/** A lead and its campaign. */
export interface Place {
  readonly lead: Lead;
  readonly campaign: Campaign;
}

/** Leads with their campaigns, by the ids of the leads. */
export async function placesOf(
  { campaigns }: Pick<RepliesOptions, 'campaigns'>,
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Place>> {
  const leads = ids.length === 0 ? [] : await leadsByIds(tx, organization, [...new Set(ids)]);
  const rows = new Map(
    (await campaigns.rowsOf(tx, [...new Set(leads.map((lead) => lead.campaign_id))])).map((row) => [row.id, row]),
  );
  return new Map(
    leads.flatMap((lead): [string, Place][] => {
      const campaign = rows.get(lead.campaign_id);
      return campaign === undefined ? [] : [[lead.id, { lead, campaign }]];
    }),
  );
}

/** What of a reply leads and their history need. */
export interface Answer {
  readonly id: string;
  readonly fromKey: string;
  readonly matchBy: MatchedBy;
  readonly answered: Pick<KnownMessage, 'party_key' | 'step_id' | 'variant' | 'mailbox_id' | 'sent_at'>;
  readonly returnDate: string | null;
}

/** Does to a lead what a reply does. */
export async function takeEffect(
  options: RepliesOptions,
  tx: Transaction,
  place: Place,
  effect: Effect,
  answer: Answer,
  atMs: number,
): Promise<void> {
  const { id, organization_id: organization } = place.lead;
  const detail = detailOf(answer);
  if (effect.kind === 'hold') await heldBack(options, tx, place, answer, atMs);
  else if (effect.kind === 'left')
    await stop(options, tx, organization, { ids: [id] }, 'left_company', { atMs, detail });
  else if (effect.kind === 'answer') {
    await answeredBy(options, tx, place, answer, atMs);
    if (effect.ends !== undefined) await stop(options, tx, organization, { ids: [id] }, effect.ends, { atMs, detail });
  }
}

const detailOf = ({ id, matchBy, fromKey, answered }: Answer) => ({
  message_id: id,
  ...(isByRecipient(matchBy, fromKey, answered) ? {} : { from_other_person: true }),
});

/** A person answered: the lead itself, or somebody for it. */
async function answeredBy(
  options: RepliesOptions,
  tx: Transaction,
  { lead: before, campaign: { stop: rule } }: Place,
  answer: Answer,
  atMs: number,
): Promise<void> {
  const detail = detailOf(answer);
  const { id, organization_id: organization } = before;
  let isFirst: boolean;
  if (rule.on_reply) {
    const changed = await stop(options, tx, organization, { ids: [id] }, 'replied', { atMs, detail });
    isFirst =
      before.replied_at === null && changed.some((each) => each.id === id && each.replied_at?.getTime() === atMs);
  } else {
    const [lead] = await lockLeads(tx, [id]);
    isFirst = lead?.replied_at === null;
    if (lead !== undefined && isFirst)
      await change(options, tx, [
        {
          lead,
          fact: isOpen(lead.status) ? 'answered' : 'replied',
          patch: { replied_at: new Date(atMs), due_at: lead.due_at },
          detail,
          atMs,
        },
      ]);
  }
  if (isFirst) await countAnswers(tx, before, answer.answered, 1, atMs);
}

/** Adds to how often the step that was answered got an answer; a lead counts once. */
export async function countAnswers(
  tx: Transaction,
  { organization_id: organizationId, campaign_id: campaignId, provider }: Lead,
  { step_id: stepId, variant, mailbox_id: mailboxId, sent_at: sentAt }: Answer['answered'],
  replied: 1 | -1,
  atMs: number,
): Promise<void> {
  if (stepId === null) return;
  const day = dayOf((sentAt ?? new Date(atMs)).getTime());
  await count(tx, [{ campaignId, organizationId, stats: { day, stepId, variant, mailboxId, provider, replied } }]);
}

/**
 * Somebody is away: the lead waits, unless it is held longer anyway, or the absence is over.
 * @param receivedMs when the reply arrived, in Unix milliseconds
 */
export async function heldBack(
  options: RepliesOptions,
  tx: Transaction,
  { lead: { id }, campaign: { schedule } }: Place,
  { id: messageId, returnDate }: Pick<Answer, 'id' | 'returnDate'>,
  atMs: number,
  receivedMs = atMs,
): Promise<void> {
  const [lead] = await lockLeads(tx, [id]);
  if (lead === undefined || !isOpen(lead.status)) return;
  const backMs = returnDate === null ? 0 : dueAfterReturn(returnDate, schedule, lead.calendar);
  // A sandbox's clock may be past the date.
  const untilMs = backMs > receivedMs ? backMs : dueAfter(absence, receivedMs, schedule, lead.calendar);
  if (untilMs <= atMs) return;
  // A hold without an end is a person's.
  if (lead.status === 'held' && (lead.blocked_until?.getTime() ?? Number.POSITIVE_INFINITY) >= untilMs) return;
  await hold(options, tx, [id], untilMs, 'out_of_office_until', { atMs, detail: { message_id: messageId } });
}
