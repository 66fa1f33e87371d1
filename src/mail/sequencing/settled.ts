import { dayOf } from '../../base/clock.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Topics } from '../../crm/topics/index.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { unknownProvider } from '../analytics/index.ts';
import type { Delta, Figures, Stats } from '../analytics/index.ts';
import type { Campaign, Campaigns, StepOutline } from '../campaigns/index.ts';
import { isFinal } from '../leads/index.ts';
import type { Lead, LeadChange, Leads } from '../leads/index.ts';
import { dueAfter, localDate } from '../schedule/index.ts';
import type { MessageChange, Stored, Veto } from '../sending/index.ts';
import { nextStepOf, unknownMs } from './gates.ts';
import { claimedAt, giveBack } from './queries.ts';

export interface SettledOptions {
  readonly campaigns: Pick<Campaigns, 'lock' | 'stepsOf'>;
  readonly leads: Pick<Leads, 'lock' | 'change' | 'sameDomain'>;
  /** Whose mail the addresses of domains are, of those that were looked up. */
  readonly providersOf: (on: Queryable, domains: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

export interface ConfirmOptions extends Pick<SettledOptions, 'campaigns' | 'leads'> {
  readonly topics: Pick<Topics, 'leftOf'>;
  readonly nowOf: (on: Queryable, organization: OrganizationId) => Promise<number>;
}

/** A message that a server has, whether it arrived or not. */
const hasLeft = (status: MessageChange['status']): boolean =>
  status === 'sent' || status === 'delivered' || status === 'bounced';

/** What a change of a message means for its lead, with the campaign's steps. */
interface Context {
  readonly change: MessageChange;
  readonly lead: Lead;
  readonly campaign: Campaign;
  readonly steps: readonly StepOutline[];
}

/**
 * What became of messages of campaigns: their leads' next states, the figures, and the campaigns that are thereby completed or paused. In
 * the transaction that wrote the outcomes.
 */
export async function settled(
  { campaigns, leads, providersOf }: SettledOptions,
  tx: Transaction,
  changes: readonly MessageChange[],
): Promise<void> {
  const relevant = changes.filter(
    (change) => change.leadId !== null && change.campaignId !== null && change.fact !== 'begun',
  );
  if (relevant.length === 0) return;
  const blocking = relevant.filter(({ bounce, before }) => bounce?.type === 'block' && before !== 'bounced');
  // Read before anything is locked, so that all leads are locked in one order.
  const blocked =
    blocking.length === 0
      ? new Map<string, string>()
      : await leads.sameDomain(
          tx,
          blocking.flatMap(({ leadId, mailboxId }) => (leadId === null ? [] : [{ leadId, mailboxId }])),
        );
  const locked = await lockWithProviders({ leads, providersOf }, tx, relevant, [...blocked.keys()]);
  const ids = [...new Set([...locked.values()].map((lead) => lead.campaign_id))];
  const rows = new Map((await campaigns.lock(tx, ids)).map((row) => [row.id, row]));
  const steps = Map.groupBy(await campaigns.stepsOf(tx, ids), (step) => step.campaign_id);
  const contexts = relevant.flatMap((change): Context[] => {
    const lead = locked.get(change.leadId ?? '');
    const campaign = lead === undefined ? undefined : rows.get(lead.campaign_id);
    return lead === undefined || campaign === undefined
      ? []
      : [{ change, lead, campaign, steps: steps.get(campaign.id) ?? [] }];
  });
  await leads.change(
    tx,
    [
      ...contexts.flatMap((context) => leadChanges(context)),
      ...[...blocked].flatMap(([id, because]): LeadChange[] => {
        const lead = locked.get(id);
        return lead === undefined ? [] : [blockedChange(lead, because, relevant[0]?.atMs ?? 0)];
      }),
    ],
    { deltas: contexts.flatMap((context) => figuresOf(context)), atMs: Math.max(...relevant.map(({ atMs }) => atMs)) },
  );
  const returned = contexts.filter(({ change }) => wasCounted(change));
  if (returned.length === 0) return;
  const claimed = await claimedAt(
    tx,
    returned.map(({ change }) => change.messageId),
  );
  await giveBack(
    tx,
    returned.map(({ lead, campaign, change }) => ({
      campaignId: campaign.id,
      day: localDate(campaign.schedule.timezone, claimed.get(change.messageId)?.getTime() ?? change.atMs),
      sent: 1,
      newLeads: lead.step === 0 ? 1 : 0,
    })),
  );
}

/**
 * Locks the leads of changes, and others. One that was not verified gets the provider of its domain with its first message, once and for
 * all: otherwise its figures would be spread over several.
 */
async function lockWithProviders(
  { leads, providersOf }: Pick<SettledOptions, 'leads' | 'providersOf'>,
  tx: Transaction,
  changes: readonly MessageChange[],
  others: readonly string[],
): Promise<ReadonlyMap<string, Lead>> {
  const locked = await leads.lock(tx, [...new Set([...changes.flatMap(({ leadId }) => leadId ?? []), ...others])]);
  const written = new Set(
    changes.flatMap(({ leadId, before, status }) => (hasLeft(status) && !hasLeft(before) ? leadId : [])),
  );
  const asked = locked.filter(({ id, provider }) => provider === null && written.has(id));
  const found =
    asked.length === 0 ? noProviders : await providersOf(tx, [...new Set(asked.map(({ domain }) => domain))]);
  return new Map(
    locked.map((lead) => [
      lead.id,
      asked.includes(lead) ? { ...lead, provider: found.get(lead.domain) ?? unknownProvider } : lead,
    ]),
  );
}

const noProviders: ReadonlyMap<string, string> = new Map();

/** The recipient's server refuses the domain of the lead's mailbox. What waits for it is dropped before it begins (`confirm`). */
const blockedChange = (lead: Lead, because: string, atMs: number): LeadChange => ({
  lead,
  fact: 'skipped',
  patch: { blocked_reason: 'block_bounced', blocked_until: null, blocked_detail: null },
  detail: { lead_id: because },
  atMs,
});

/** It was counted by the claim, and was not sent. */
const wasCounted = ({ fact, before }: MessageChange): boolean =>
  (fact === 'failed' || fact === 'cancelled' || fact === 'bounced' || fact === 'missing') && !hasLeft(before);

/** The changes of a lead that follow from its message. */
export function leadChanges({ change, lead, campaign, steps }: Context): LeadChange[] {
  const { fact, before, status, atMs, reason, error } = change;
  const detail = { message_id: change.messageId, step_id: change.stepId };
  const one = (name: LeadChange['fact'], patch: LeadChange['patch'] = {}): LeadChange => ({
    lead,
    fact: name,
    patch,
    detail: { ...detail, ...(reason === null ? {} : { reason }) },
    atMs,
  });
  const blocked = (code: string | null, until: Date | null): LeadChange['patch'] => ({
    blocked_reason: code,
    blocked_until: until,
    blocked_detail: error,
  });
  if (status === 'bounced') {
    // A report can be faster than the outcome of the attempt: a server had the message.
    const isFirst = fact === 'reported_bounced' && !hasLeft(before);
    const left = isFirst ? { step: lead.step + 1, last_sent_at: new Date(atMs) } : {};
    return [one('bounced', { ...left, ...blocked(bounceReason(change), null) })];
  }
  if (hasLeft(status)) return hasLeft(before) ? [] : [sent()];
  switch (fact) {
    case 'abandoned':
    case 'lost': {
      const until = new Date(atMs + unknownMs);
      return [one('held', { due_at: until, ...blocked('unknown_send_pending', until) })];
    }
    case 'failed':
      return reason === 'suppressed'
        ? [one('skipped', blocked('suppressed_email', null))]
        : [one('failed', blocked(failures.get(reason ?? 'failed') ?? reason, null))];
    case 'deferred':
    case 'returned':
      // The lead stays `sending`, and shows what its message waits for.
      return lead.status === 'sending'
        ? [one('planned', blocked(reason, change.untilMs === undefined ? null : new Date(change.untilMs)))]
        : [];
    case 'resent':
      return lead.status === 'held' && lead.blocked_reason === 'unknown_send_pending' ? [one('resumed_sending')] : [];
    default:
      // `cancelled`: the lead is stopped by the caller.
      return [];
  }

  function sent(): LeadChange {
    const left = { ...lead, last_sent_at: new Date(atMs), step: lead.step + 1 };
    const patch = { step: left.step, last_sent_at: left.last_sent_at };
    const next = nextStepOf(steps, left);
    if (next === undefined) return one('finished', patch);
    const due = new Date(dueAfter(next, atMs, campaign.schedule, lead.calendar));
    if (lead.status !== 'held') return one('accepted', { ...patch, due_at: due });
    if (lead.blocked_reason === 'unknown_send_pending') return one('resumed', { ...patch, due_at: due });
    return one('accepted', { ...patch, due_at: lead.due_at === null || lead.due_at > due ? lead.due_at : due });
  }
}

/** Codes of failed messages → codes of leads. */
const failures: ReadonlyMap<string, string> = new Map([
  ['block', 'block_bounced'],
  ['deferred', 'deferred_by_server'],
]);

const bounceReason = ({ bounce }: MessageChange): string =>
  bounce?.type === undefined || bounce.type === 'hard' ? 'hard_bounced' : `${bounce.type}_bounced`;

/** What a change adds to the figures of messages. They count for the day on which the message was sent. */
function figuresOf({ change, lead }: Context): Delta[] {
  const { fact, before, status, campaignId, stepId, bounce, atMs } = change;
  if (campaignId === null) return [];
  const isSent = hasLeft(status) && !hasLeft(before);
  const isBounced = status === 'bounced' && before !== 'bounced';
  const isDelivered = status === 'delivered' && before !== 'delivered';
  const type = bounce?.type ?? 'hard';
  const totals: Partial<Figures> = {
    ...(isSent ? { sent: 1 } : {}),
    ...(isDelivered ? { delivered: 1 } : {}),
    ...(isBounced ? { bounced: 1 } : {}),
  };
  const stats: Partial<Stats> = {
    ...(isSent ? { sent: 1 } : {}),
    ...(isDelivered ? { delivered: 1 } : {}),
    ...(isBounced ? { [type === 'hard' ? 'bounced_hard' : type === 'soft' ? 'bounced_soft' : 'blocked']: 1 } : {}),
    ...(fact === 'deferred' ? { deferred: 1 } : {}),
    ...(fact === 'failed' ? { failed: 1 } : {}),
    ...(fact === 'lost' ? { unknown: 1 } : {}),
  };
  if (Object.keys(stats).length === 0) return [];
  const isLater = hasLeft(before) && lead.step === change.step && lead.last_sent_at !== null;
  return [
    {
      campaignId,
      organizationId: change.organizationId,
      ...(Object.keys(totals).length === 0 ? {} : { totals }),
      ...(stepId === null
        ? {}
        : {
            stats: {
              day: dayOf(isLater && lead.last_sent_at !== null ? lead.last_sent_at.getTime() : atMs),
              stepId,
              variant: change.variant,
              mailboxId: change.mailboxId satisfies MailboxId,
              provider: lead.provider,
              ...stats,
            },
          }),
    },
  ];
}

/** Leads whose addresses left the topic of their campaign. The campaign may have got the topic after their messages were stored. */
async function leftTopics(
  { topics }: Pick<ConfirmOptions, 'topics'>,
  tx: Transaction,
  leads: readonly Lead[],
  campaigns: ReadonlyMap<string, Campaign>,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const [organization, own] of Map.groupBy(leads, (lead) => lead.organization_id)) {
    const left = await topics.leftOf(
      tx,
      organization,
      own.map(({ campaign_id: id, workspace_id: workspaceId, email_key: key }) => ({
        topicId: campaigns.get(id)?.topic_id ?? null,
        workspaceId,
        key,
      })),
    );
    own.forEach(({ id }, index) => {
      if (left[index] === true) found.add(id);
    });
  }
  return found;
}

/** Checks stored messages once more before they begin: their leads may have stopped, or their campaigns be paused. */
export async function confirm(
  { campaigns, leads, topics, nowOf }: ConfirmOptions,
  tx: Transaction,
  stored: readonly Stored[],
): Promise<ReadonlyMap<string, Veto>> {
  const locked = new Map(
    (await leads.lock(tx, [...new Set(stored.flatMap(({ leadId }) => leadId ?? []))])).map((lead) => [lead.id, lead]),
  );
  const rows = new Map(
    (await campaigns.lock(tx, [...new Set([...locked.values()].map((lead) => lead.campaign_id))])).map((row) => [
      row.id,
      row,
    ]),
  );
  const left = await leftTopics({ topics }, tx, [...locked.values()], rows);
  const vetoes = new Map<string, Veto>();
  for (const { messageId, leadId } of stored) {
    const lead = locked.get(leadId ?? '');
    if (lead === undefined) continue;
    if (isFinal(lead.status)) {
      vetoes.set(messageId, { reason: `lead_${lead.status}`, waits: false });
      continue;
    }
    if (left.has(lead.id)) {
      vetoes.set(messageId, { reason: 'left_topic', waits: false });
      continue;
    }
    const status = rows.get(lead.campaign_id)?.status;
    if (status === 'paused') vetoes.set(messageId, { reason: 'campaign_paused', waits: true });
    else if (status !== 'active') vetoes.set(messageId, { reason: 'campaign_ended', waits: false });
  }
  const skipped: LeadChange[] = [];
  for (const lead of locked.values())
    if (left.has(lead.id) && !isFinal(lead.status))
      skipped.push({
        lead,
        fact: 'skipped',
        patch: { blocked_reason: 'left_topic', blocked_until: null, blocked_detail: null },
        atMs: await nowOf(tx, lead.organization_id),
      });
  if (skipped.length > 0) await leads.change(tx, skipped);
  return vetoes;
}
