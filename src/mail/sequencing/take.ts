import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Contact } from '../../crm/contacts/index.ts';
import type { SuppressionKind, Suppressions } from '../../crm/suppressions/index.ts';
import type { Topics } from '../../crm/topics/index.ts';
import type { Reach as CrmReach } from '../../crm/records/index.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { stepsOf } from '../campaigns/index.ts';
import type { Campaign, Campaigns, Step } from '../campaigns/index.ts';
import { activeColleagues, allowedMailboxes, nextDueMs, sentByOthers } from '../leads/index.ts';
import type { AllowedRow, Lead, LeadChange, Leads } from '../leads/index.ts';
import type { MailboxState } from '../mailboxes/index.ts';
import { localDate } from '../schedule/index.ts';
import { fullMailboxes } from '../sending/index.ts';
import type { Chosen, NewMessage, Store } from '../sending/index.ts';
import type { Composed, Refused } from './compose.ts';
import { decide } from './gates.ts';
import type { DayCount, Decision, GateSnapshot } from './gates.ts';
import { addToDays, daysOf, serve } from './queries.ts';
import { seedsOf } from './send-key.ts';
import type { Tracking } from '../tracking/index.ts';

/** A step that is to be composed for a lead. */
export interface ToCompose {
  readonly lead: Lead;
  readonly campaign: Campaign;
  readonly step: Step;
  readonly mailbox: MailboxState;
  readonly contact: Contact;
  readonly sendKey: string;
  readonly seed: Buffer;
}

export interface TakeOptions {
  readonly vault: Vault;
  readonly campaigns: Pick<Campaigns, 'lock'>;
  readonly leads: Pick<Leads, 'lockDue' | 'change'>;
  readonly suppressions: Pick<Suppressions, 'suppressedOf'>;
  readonly topics: Pick<Topics, 'leftOf'>;
  readonly contactsOf: (on: Queryable, reach: CrmReach, ids: readonly string[]) => Promise<Contact[]>;
  /** The function that the preview calls, too. */
  readonly composeAll: (on: Queryable, all: readonly ToCompose[]) => Promise<readonly (Composed | Refused)[]>;
  readonly storeLinks: Tracking['store'];
}

/** A lead with everything that decides about it. */
export interface Considered {
  readonly lead: Lead;
  readonly campaign: Campaign;
  readonly steps: readonly Step[];
  readonly mailbox: MailboxState;
  readonly contact: Contact | undefined;
  readonly snapshot: GateSnapshot;
}

/**
 * Locks candidates, repeats every check on fresh rows, and stores a message for each that may be sent. A lead that may not is skipped or
 * planned again, with the reason.
 * @returns message ids by lead
 */
export async function take(
  options: TakeOptions,
  tx: Transaction,
  chosen: readonly Chosen[],
  store: Store,
): Promise<ReadonlyMap<string, string>> {
  const taken = new Map<string, string>();
  for (const [organization, own] of Map.groupBy(chosen, ({ mailbox }) => mailbox.organization_id)) {
    const [first] = own;
    if (first === undefined) continue;
    const messages = await takeOf(options, tx, organization, own, first.nowMs, store);
    for (const [lead, message] of messages) taken.set(lead, message);
  }
  return taken;
}

async function takeOf(
  options: TakeOptions,
  tx: Transaction,
  organization: OrganizationId,
  chosen: readonly Chosen[],
  nowMs: number,
  store: Store,
): Promise<ReadonlyMap<string, string>> {
  // Of several mailboxes that chose one new lead, the first gets it.
  const choices = new Map(chosen.toReversed().map((choice) => [choice.candidate.id, choice]));
  const locked = (await options.leads.lockDue(tx, [...choices.keys()], nowMs)).filter(
    ({ id, mailbox_id: mailbox }) => mailbox === null || mailbox === choices.get(id)?.mailbox.id,
  );
  if (locked.length === 0) return new Map();
  const campaigns = await options.campaigns.lock(tx, [...new Set(locked.map((lead) => lead.campaign_id))]);
  const considered = await consider(options, tx, campaigns, locked, nowMs, (lead) => choices.get(lead.id)?.mailbox);
  const day = (campaign: Campaign): string => localDate(campaign.schedule.timezone, nowMs);
  const counts = new Map<string, { sent: number; new_leads: number }>(
    considered.map(({ campaign, snapshot }) => [campaign.id, { ...snapshot.day }]),
  );
  const companies = new Map<string, number>();
  const changes: LeadChange[] = [];
  const sends: (Considered & { readonly step: Step; readonly contact: Contact })[] = [];
  for (const one of considered) {
    const { lead, campaign, steps, contact, snapshot } = one;
    const company = `${campaign.id} ${lead.company_key ?? lead.id}`;
    const count = counts.get(campaign.id) ?? { sent: 0, new_leads: 0 };
    const companyActive = snapshot.companyActive + (companies.get(company) ?? 0);
    const decision = decide({ ...snapshot, day: count, companyActive }, nowMs);
    const step = decision.kind === 'send' ? steps.find(({ id }) => id === decision.step.id) : undefined;
    if (step === undefined || contact === undefined) {
      changes.push(...changeFor(lead, decision, nowMs));
      continue;
    }
    if (snapshot.mailboxes?.includes(one.mailbox.id) === false) {
      changes.push({ lead, fact: 'planned', patch: { mailbox_id: anyOf(snapshot.mailboxes, lead) }, atMs: nowMs });
      continue;
    }
    count.sent += 1;
    count.new_leads += lead.step === 0 ? 1 : 0;
    if (lead.mailbox_id === null) companies.set(company, (companies.get(company) ?? 0) + 1);
    sends.push({ ...one, step, contact });
  }
  const seeds = await seedsOf(
    options.vault,
    tx,
    organization,
    sends.map(({ lead, step }) => ({ leadId: lead.id, stepId: step.id })),
  );
  const asked = sends.map((one, index): ToCompose => ({ ...one, ...(seeds[index] ?? noSeed(index)) }));
  const composed = await options.composeAll(tx, asked);
  const ready: { readonly send: ToCompose; readonly message: Composed }[] = [];
  asked.forEach((send, index) => {
    const message = composed[index];
    if (message?.kind === 'message') ready.push({ send, message });
    else if (message !== undefined)
      changes.push({
        lead: send.lead,
        fact: 'skipped',
        patch: { blocked_reason: message.reason, blocked_until: null, blocked_detail: message.detail },
        atMs: nowMs,
      });
  });
  const ids = await store(ready.map(({ send, message }) => newMessage(send, message, choices.get(send.lead.id))));
  const taken = new Map<string, string>();
  const stored: typeof ready = [];
  const links: Parameters<Tracking['store']>[1][number][] = [];
  for (const [index, one] of ready.entries()) {
    const { lead, step, mailbox } = one.send;
    const id = ids[index];
    if (id === undefined) {
      // The step already has a message: the lead goes on with the next one.
      changes.push(...passStep(one.send, considered.find((each) => each.lead.id === lead.id)?.steps ?? [], nowMs));
      continue;
    }
    taken.set(lead.id, id);
    stored.push(one);
    links.push({ messageId: id, organizationId: organization, urls: one.message.urls });
    changes.push({
      lead,
      fact: 'begun',
      patch: { mailbox_id: mailbox.id, position: step.position },
      detail: { message_id: id, step_id: step.id, mailbox_id: mailbox.id },
      atMs: nowMs,
    });
  }
  await options.storeLinks(tx, links);
  await serve(
    tx,
    stored.map(({ send }) => ({ mailboxId: send.mailbox.id, campaignId: send.campaign.id, at: new Date(nowMs) })),
  );
  await options.leads.change(tx, changes);
  if (stored.length > 0)
    await addToDays(
      tx,
      stored.map(({ send: { campaign, lead } }) => ({
        campaignId: campaign.id,
        day: day(campaign),
        sent: 1,
        newLeads: lead.step === 0 ? 1 : 0,
      })),
    );
  return taken;
}

/** Spreads leads over mailboxes, by their ids. */
const anyOf = (mailboxes: readonly MailboxId[], { id }: Lead): MailboxId | null =>
  mailboxes[Number.parseInt(id.slice(-8), 16) % mailboxes.length] ?? null;

const noSeed = (index: number): never => {
  throw new RangeError(`no seed of message ${index}`);
};

/** What a decision other than to send writes. What holds back a whole campaign or calendar is not written to its leads. */
function changeFor(lead: Lead, decision: Decision, atMs: number): LeadChange[] {
  const none = { blocked_until: null, blocked_detail: null };
  switch (decision.kind) {
    case 'send':
      return [];
    case 'finish':
      return [{ lead, fact: 'finished', atMs }];
    case 'skip':
      return [{ lead, fact: 'skipped', patch: { ...none, blocked_reason: decision.reason }, atMs }];
    case 'wait': {
      const { reason, untilMs } = decision;
      const until = untilMs === null ? null : new Date(untilMs);
      const patch = { ...none, due_at: until, blocked_reason: reason, blocked_until: reason === null ? null : until };
      const planned: LeadChange = { lead, fact: 'planned', patch, atMs };
      switch (reason) {
        case 'campaign_paused':
        case 'campaign_ended':
        case 'outside_window':
        case 'holiday':
        case 'campaign_daily_limit':
          return [];
        case 'new_lead_limit':
          // With a mailbox, it is offered as follow-ups are.
          return lead.mailbox_id === null ? [] : [planned];
        case null:
        case 'verification_pending':
        case 'unknown_send_pending':
        case 'mailbox_full':
        case 'contact_cooldown':
        case 'company_limit':
          return [planned];
      }
    }
  }
}

function passStep({ lead, step, campaign }: ToCompose, steps: readonly Step[], nowMs: number): LeadChange[] {
  const passed = { ...lead, position: step.position };
  const dueMs = nextDueMs(campaign, steps, passed, nowMs);
  return dueMs === undefined
    ? [{ lead, fact: 'finished', patch: { position: step.position }, atMs: nowMs }]
    : [{ lead, fact: 'planned', patch: { position: step.position, due_at: new Date(dueMs) }, atMs: nowMs }];
}

const newMessage = (
  { lead, campaign, step, mailbox, sendKey }: ToCompose,
  { content, inReplyTo, variant }: Composed,
  choice: Chosen | undefined,
): NewMessage => ({
  mailbox,
  purpose: 'campaign',
  priority: choice?.candidate.priority ?? 2,
  to: { email: lead.email, key: lead.email_key, domain: lead.domain },
  content,
  ...(inReplyTo === undefined ? {} : { inReplyTo }),
  campaignId: campaign.id,
  ...(campaign.topic_id === null ? {} : { topicId: campaign.topic_id }),
  leadId: lead.id,
  ...(lead.contact_id === null ? {} : { contactId: lead.contact_id }),
  step: lead.step + 1,
  stepId: step.id,
  ...(variant === null ? {} : { variant }),
  sendKey,
  ...(choice === undefined ? {} : { dueMs: choice.candidate.atMs }),
});

/** Reads what decides about leads of one organization, for all of them at once. */
export async function consider(
  options: Pick<TakeOptions, 'suppressions' | 'topics' | 'contactsOf'>,
  on: Queryable,
  campaigns: readonly Campaign[],
  leads: readonly Lead[],
  nowMs: number,
  mailboxOf: (lead: Lead) => MailboxState | undefined,
): Promise<Considered[]> {
  const [first] = leads;
  if (first === undefined) return [];
  const organization = first.organization_id;
  const byId = new Map(campaigns.map((row) => [row.id, row]));
  const steps = Map.groupBy(await stepsOf(on, [...byId.keys()]), (step) => step.campaign_id);
  const contacts = new Map(
    (
      await options.contactsOf(
        on,
        { organizationId: organization },
        leads.flatMap((lead) => lead.contact_id ?? []),
      )
    ).map((contact) => [String(contact.id), contact]),
  );
  const suppressed = await options.suppressions.suppressedOf(
    on,
    organization,
    leads.map(({ email_key: key, domain, workspace_id: workspaceId }) => ({ key, domain, workspaceId })),
  );
  const left = await options.topics.leftOf(
    on,
    organization,
    leads.map(({ campaign_id: id, workspace_id: workspaceId, email_key: key }) => ({
      topicId: byId.get(id)?.topic_id ?? null,
      workspaceId,
      key,
    })),
  );
  const full = await fullMailboxes(
    on,
    organization,
    leads.map(({ email_key: key }) => key),
    nowMs,
  );
  const fresh = leads.filter(({ step }) => step === 0);
  const cooling = fresh.filter((lead) => (byId.get(lead.campaign_id)?.cooldown_days ?? 0) > 0);
  const others = new Map(
    (cooling.length === 0 ? [] : await sentByOthers(on, organization, cooling)).map(({ id, at }) => [id, at]),
  );
  const limited = fresh.filter(
    (lead) => lead.company_key !== null && (byId.get(lead.campaign_id)?.company_max ?? 0) > 0,
  );
  const colleagues = new Map(
    (limited.length === 0 ? [] : await activeColleagues(on, organization, limited)).map(({ id, count }) => [id, count]),
  );
  const homeless = fresh.filter((lead) => lead.mailbox_id === null);
  const allowed = Map.groupBy(
    homeless.length === 0 ? [] : await allowedMailboxes(on, organization, homeless, nowMs),
    ({ id }) => id,
  );
  const days = new Map<string, DayCount>(
    (
      await daysOf(
        on,
        campaigns.map(({ id, schedule }) => ({ campaignId: id, day: localDate(schedule.timezone, nowMs) })),
      )
    ).map((row) => [row.campaign_id, row]),
  );
  return leads.flatMap((lead, index) => {
    const campaign = byId.get(lead.campaign_id);
    const mailbox = mailboxOf(lead);
    if (campaign === undefined || mailbox === undefined) return [];
    const contact = lead.contact_id === null ? undefined : contacts.get(lead.contact_id);
    const isGone = contact === undefined || contact.deleted_at !== null;
    const own = steps.get(campaign.id) ?? [];
    const snapshot: GateSnapshot = {
      lead,
      campaign,
      steps: own,
      hasContact: !isGone,
      optOut: optOutOf(suppressed[index], contact) ?? (left[index] === true ? 'left_topic' : null),
      unknownSinceMs: null,
      fullUntilMs: full.get(lead.email_key) ?? null,
      otherSentMs: others.get(lead.id)?.getTime() ?? null,
      companyActive: colleagues.get(lead.id) ?? 0,
      mailboxes: allowedOf(allowed.get(lead.id)),
      day: days.get(campaign.id) ?? { sent: 0, new_leads: 0 },
    };
    return [{ lead, campaign, steps: own, mailbox, contact: isGone ? undefined : contact, snapshot }];
  });
}

/** Those that can send, if there are some. */
function allowedOf(rows: readonly AllowedRow[] | undefined): GateSnapshot['mailboxes'] {
  if (rows === undefined) return null;
  const able = rows.filter(({ can_send: canSend }) => canSend);
  return (able.length === 0 ? rows : able).flatMap((row) => row.mailbox_id ?? []);
}

/** A person may have marked the contact as unsubscribed without suppressing its address. */
const optOutOf = (
  suppressed: SuppressionKind | undefined,
  contact: Pick<Contact, 'status'> | undefined,
): GateSnapshot['optOut'] =>
  suppressed === undefined ? (contact?.status === 'unsubscribed' ? 'unsubscribed' : null) : `suppressed_${suppressed}`;
