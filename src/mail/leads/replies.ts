import type { OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import { count, dayOf } from '../analytics/index.ts';
import type { Campaign, Campaigns } from '../campaigns/index.ts';
import type { ReceivedReply } from '../receiving/index.ts';
import { dueAfter } from '../schedule/index.ts';
import { change } from './change.ts';
import { isOpen } from './lead.ts';
import type { Lead } from './lead.ts';
import { leadsByIds, lockLeads } from './queries.ts';
import type { OrganizationTime } from './records.ts';
import { hold, stop } from './stop.ts';
import type { StopOptions } from './stop.ts';

export interface RepliesOptions extends StopOptions, OrganizationTime {
  readonly campaigns: Pick<Campaigns, 'rowsOf'>;
  /** Stores that these contacts replied. */
  readonly contactsReplied: (tx: Transaction, organization: OrganizationId, ids: readonly string[]) => Promise<unknown>;
}

/** Without a return date, an automatic answer holds a lead for so long. */
const absence = { delay_days: 5, delay_hours: 0, business_days: true };

/**
 * Takes replies of one organization, in the transaction that stores them: a person's reply stops the lead as its campaign says, an automatic
 * one holds it for five business days.
 */
export async function replied(
  options: RepliesOptions,
  tx: Transaction,
  replies: readonly ReceivedReply[],
): Promise<void> {
  const relevant = replies.filter(({ answered }) => answered.purpose === 'campaign' || answered.purpose === 'direct');
  const [one] = relevant;
  if (one === undefined) return;
  const { organizationId } = one;
  const atMs = await options.nowOf(tx, organizationId);
  const leads = new Map(
    (
      await leadsByIds(
        tx,
        organizationId,
        relevant.flatMap(({ answered }) => answered.lead_id ?? []),
      )
    ).map((lead) => [lead.id, lead]),
  );
  const campaigns = new Map(
    (await options.campaigns.rowsOf(tx, [...new Set([...leads.values()].map((lead) => lead.campaign_id))])).map(
      (campaign) => [campaign.id, campaign],
    ),
  );
  const persons = relevant.filter(({ automatic }) => !automatic);
  await options.contactsReplied(tx, organizationId, [
    ...new Set(
      persons.flatMap(({ fromKey, contactId, answered }) =>
        contactId !== null && fromKey === answered.party_key ? [contactId] : [],
      ),
    ),
  ]);
  for (const reply of persons) {
    const lead = leads.get(reply.answered.lead_id ?? '');
    const campaign = lead && campaigns.get(lead.campaign_id);
    if (lead !== undefined && campaign !== undefined) await stopped(options, tx, lead, campaign, reply, atMs);
  }
  for (const reply of relevant.filter(({ automatic }) => automatic)) {
    const lead = leads.get(reply.answered.lead_id ?? '');
    const campaign = lead && campaigns.get(lead.campaign_id);
    if (lead !== undefined && campaign !== undefined) await heldBack(options, tx, lead, campaign, reply, atMs);
  }
}

/** A person answered: the lead itself, or somebody for it. */
async function stopped(
  options: RepliesOptions,
  tx: Transaction,
  { id, organization_id: organization, provider }: Lead,
  { id: campaignId, stop: rule }: Campaign,
  { id: messageId, fromKey, answered }: ReceivedReply,
  atMs: number,
): Promise<void> {
  const detail = { message_id: messageId, ...(fromKey === answered.party_key ? {} : { from_other_person: true }) };
  let isFirst: boolean;
  if (rule.on_reply) {
    const changed = await stop(options, tx, organization, { ids: [id] }, 'replied', { atMs, detail });
    isFirst = changed.some((each) => each.id === id && each.replied_at?.getTime() === atMs);
  } else {
    const [lead] = await lockLeads(tx, [id]);
    isFirst = lead?.replied_at === null;
    if (lead !== undefined && isFirst)
      await change(options, tx, [
        {
          lead,
          fact: isOpen(lead.status) ? 'planned' : 'replied',
          patch: { replied_at: new Date(atMs), due_at: lead.due_at },
          detail,
          atMs,
        },
      ]);
  }
  if (!isFirst || answered.step_id === null) return;
  await count(tx, [
    {
      campaignId,
      organizationId: organization,
      stats: {
        day: dayOf((answered.sent_at ?? new Date(atMs)).getTime()),
        stepId: answered.step_id,
        variant: answered.variant,
        mailboxId: answered.mailbox_id,
        provider,
        replied: 1,
      },
    },
  ]);
}

async function heldBack(
  options: RepliesOptions,
  tx: Transaction,
  { id }: Lead,
  { schedule }: Campaign,
  { id: messageId }: ReceivedReply,
  atMs: number,
): Promise<void> {
  const [lead] = await lockLeads(tx, [id]);
  // A person's hold without an end is not given one.
  const isHeldByPerson = lead?.status === 'held' && lead.blocked_until === null;
  if (lead === undefined || !isOpen(lead.status) || isHeldByPerson) return;
  const untilMs = dueAfter(absence, atMs, schedule, lead.calendar);
  await hold(options, tx, [id], untilMs, 'out_of_office_until', { atMs, detail: { message_id: messageId } });
}
