import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { ContactForLead } from '../../crm/contacts/index.ts';
import type { Follower } from '../../crm/records/index.ts';
import type { Segments } from '../../crm/segments/index.ts';
import type { SuppressionListener, Suppressions } from '../../crm/suppressions/index.ts';
import type { LeftListener } from '../../crm/topics/index.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Emitter } from '../../events/index.ts';
import type { Deps, Module } from '../../ops/index.ts';
import { count } from '../analytics/index.ts';
import type { Delta } from '../analytics/index.ts';
import type { Campaigns, MailboxLeads } from '../campaigns/index.ts';
import type { LeadsOfDomains, ReceivedReply } from '../receiving/index.ts';
import type { Complained, Sending } from '../sending/index.ts';
import { add } from './add.ts';
import type { AddOptions, LeadTarget, Skipped } from './add.ts';
import type { AnswerOptions } from './answer.ts';
import { createAdditions } from './additions.ts';
import { nextDueMs, nextStep } from './campaign.ts';
import { change } from './change.ts';
import { complained, optedOut } from './complaints.ts';
import type { ReportedOptOut } from './complaints.ts';
import { reclassified } from './corrections.ts';
import type { CorrectionsOptions, Reclassified } from './corrections.ts';
import type { CountLeads, LeadChange } from './change.ts';
import type { Lead, StopKind } from './lead.ts';
import { leadsOfAddresses, leadsOfContacts, leadsOfTopic, lockDue, lockLeads, sameDomainLeads } from './queries.ts';
import { leadsOfDomains } from './domains.ts';
import { contactLeadsFollower } from './merging.ts';
import { mailboxLeads } from './mailbox-leads.ts';
import { createRecords } from './records.ts';
import { lockFor } from './locks.ts';
import type { Concern, LockOptions } from './locks.ts';
import { replied } from './replies.ts';
import type { RepliesOptions } from './replies.ts';
import type { OrganizationTime, Records } from './records.ts';
import { leadRoutes } from './routes.ts';
import { hold, resume, skip, stop } from './stop.ts';
import type { Cause, StopOptions, Whom } from './stop.ts';

export { admissionOf } from './admission.ts';
export type { VerificationRule } from './admission.ts';
export type { LeadTarget, Skipped } from './add.ts';
export type { CountLeads, LeadChange } from './change.ts';
export { nextDueMs } from './campaign.ts';
export { customKeys, leftOut, missingValues, readableFields, traitsOf } from './audience-queries.ts';
export type { Group, TraitRow, Wanted } from './audience-queries.ts';
export { countLater, countWaiting, crowdedDomains, dueInGroups, dueTimes } from './count-queries.ts';
export type { LaterCount, LeadCount } from './count-queries.ts';
export {
  activeColleagues,
  allowedMailboxes,
  dueOfMailboxes,
  dueWithoutMailbox,
  firstLeads,
  idsAfter,
  sentByOthers,
} from './due-queries.ts';
export type { AllowedRow, DueProbe, DueRow } from './due-queries.ts';
export { eraseAdditions, eraseLeads, leadsOfPerson } from './erasure.ts';
export { companyLeadsFollower } from './merging.ts';
export { isFinal, isOpen, openStatuses, statusAfter } from './lead.ts';
export type { CompanyReason, Lead, LeadFact, LeadPatch, LeadStatus, LeadTotals, StopKind, Verdict } from './lead.ts';
export { insertCalendars, leadColumns, leadsByIds, leadsOfAddresses } from './queries.ts';
export { additionsWait, leadIdsIn, notInCampaign, uncontacted, unfinishedAdditions } from './read-queries.ts';
export { addedShape, contactFilter, keepsAddingSegment, segmentFields } from './schemas.ts';
export { campaignField } from './segment-field.ts';
export type { OtherReply, Reclassified } from './corrections.ts';
export type { Cause, StopRule, Whom } from './stop.ts';

export interface LeadsOptions
  extends
    Deps,
    Pick<Emitter, 'emitAll'>,
    OrganizationTime,
    Pick<RepliesOptions, 'optOut'>,
    Pick<LockOptions, 'contactsReplied' | 'lockMessages'>,
    Pick<CorrectionsOptions, 'withdrawOptOut'>,
    AnswerOptions,
    Pick<AddOptions, 'verify' | 'topics'>,
    Pick<StopOptions, 'cancelMessages'> {
  readonly suppressions: Pick<Suppressions, 'hold' | 'lock' | 'suppress' | 'suppressed'>;
  readonly campaigns: Pick<Campaigns, 'get' | 'lock' | 'rowsOf' | 'stepsOf' | 'wake' | 'onTotals' | 'reconsider'>;
  readonly segments: Pick<Segments, 'exists' | 'selectionOf' | 'workspaceOf'>;
  readonly threadsOf: Sending['threadsOf'];
  /** Something was done for organizations, whose clocks may go on. */
  readonly progressed: (on: Queryable, organizations: readonly OrganizationId[]) => Promise<void>;
}

/** Contacts in campaigns. Times are of the organization's clock. */
export interface Leads {
  readonly module: Module;
  /** For callers of the API. */
  readonly records: Records;
  /** What happens to leads when mailboxes leave their campaign. */
  readonly mailboxLeads: MailboxLeads;
  /** Adds contacts to a campaign; see `add.ts`. Call it before other records are locked. */
  add(
    tx: Transaction,
    target: LeadTarget,
    contacts: readonly ContactForLead[],
    nowMs: number,
  ): Promise<{ readonly added: number; readonly skipped: readonly Skipped[] }>;
  /** Locks leads that are still due, skipping those that another transaction has. A held lead is due when its hold has ended. */
  lockDue(tx: Transaction, ids: readonly string[], nowMs: number): Promise<Lead[]>;
  /** Locks leads of any status, by id. */
  lock(tx: Transaction, ids: readonly string[]): Promise<Lead[]>;
  /** Writes what happened to locked leads, with their history and figures, and those of messages. @returns those that changed, as they are now */
  change(
    tx: Transaction,
    changes: readonly LeadChange[],
    figures?: { readonly deltas: readonly Delta[]; readonly atMs: number },
  ): Promise<Lead[]>;
  /** Stops leads, and those of their company; cancels their waiting messages first. @returns those that changed */
  stop(tx: Transaction, organization: OrganizationId, whom: Whom, kind: StopKind, cause: Cause): Promise<Lead[]>;
  /** Skips open leads for a reason; cancels their waiting messages first. */
  skip(
    tx: Transaction,
    organization: OrganizationId,
    leads: readonly Pick<Lead, 'id' | 'status'>[],
    reason: string,
    cause: Cause,
  ): Promise<Lead[]>;
  /** Holds open leads until a time; null: until they are resumed. */
  hold(tx: Transaction, ids: readonly string[], untilMs: number | null, reason: string, cause: Cause): Promise<Lead[]>;
  resume(tx: Transaction, ids: readonly string[], cause: Cause): Promise<Lead[]>;
  /**
   * Open leads of the same addresses that can be written to only from the domains of these mailboxes: id → the lead whose message was
   * refused.
   */
  sameDomain(
    on: Queryable,
    blocked: readonly { readonly leadId: string; readonly mailboxId: MailboxId }[],
  ): Promise<ReadonlyMap<string, string>>;
  /** Ends the leads whose messages were complained about, and counts the complaints. */
  complained(tx: Transaction, messages: readonly Complained[]): Promise<void>;
  /** Ends all leads of addresses that opted out, as a provider reports, and counts the opt-outs. */
  optedOut(
    tx: Transaction,
    organization: OrganizationId,
    optOuts: readonly ReportedOptOut[],
    atMs: number,
  ): Promise<void>;
  /** Locks all that a transaction with several changes will change; see `locks.ts`. */
  lockFor(tx: Transaction, organization: OrganizationId, concern: Concern): Promise<void>;
  /** Takes received replies; see `replies.ts`. */
  replied(tx: Transaction, replies: readonly ReceivedReply[]): Promise<void>;
  /** The class of a reply changes; see `corrections.ts`. */
  reclassified(tx: Transaction, correction: Reclassified): Promise<void>;
  /** The leads that a mailbox last contacted at the companies of domains. */
  readonly ofDomains: LeadsOfDomains;
  /** Skips the open leads of suppressed addresses. */
  readonly suppressed: SuppressionListener;
  /** Skips the open leads of addresses that left a topic, in its campaigns. */
  readonly leftTopic: LeftListener;
  /** Ends the leads of an address in the campaigns of a topic that it left by a link. @returns those that changed */
  endInTopic(
    tx: Transaction,
    organization: OrganizationId,
    topicId: string,
    emailKey: string,
    cause: Cause,
  ): Promise<Lead[]>;
  /** Skips the open leads of deleted contacts. */
  contactsRemoved(tx: Transaction, organization: OrganizationId, contactIds: readonly string[]): Promise<void>;
  /** The leads of a contact follow it in a merge. */
  readonly follower: Follower;
}

/**
 * Composes the slice.
 * @example
 * const leads = createLeads({ ...deps, nowOf: clocks.nowOf, suppressions, campaigns, messages: sending.messages, cancelMessages: sending.cancel });
 * await leads.stop(tx, organization, { ids: [lead] }, 'unsubscribed', { atMs });
 */
export function createLeads(given: LeadsOptions): Leads {
  const { campaigns, onError } = given;
  const options = {
    ...given,
    async countLeads(...[tx, deltas, nowMs]: Parameters<CountLeads>) {
      if (deltas.length === 0) return;
      // Before their figures: a campaign that the new totals complete is locked, too.
      await campaigns.lock(tx, [...new Set(deltas.map(({ campaignId }) => campaignId))]);
      const totals = await count(tx, deltas);
      if (totals.length > 0) await campaigns.onTotals(tx, totals, nowMs);
    },
    wakeCampaign: (tx: Transaction, id: string) => campaigns.wake(tx, [id]),
    lockCampaigns: campaigns.lock,
    hasNextStep: async (tx: Transaction, lead: Lead) =>
      nextStep(await campaigns.stepsOf(tx, [lead.campaign_id]), lead) !== undefined,
    stopRulesOf: async (tx: Transaction, ids: readonly string[]) =>
      new Map((await campaigns.rowsOf(tx, ids)).map(({ id, stop: rule }) => [id, rule])),
    nextDueOf: (tx: Transaction, leads: readonly Lead[], nowMs: number) => dueTimes(given, tx, leads, nowMs),
  };
  const records = createRecords(options);
  const additions = createAdditions({ ...options, onError: (error) => onError(error, 'lead additions') });
  return {
    module: { routes: leadRoutes(records), run: additions.run },
    records,
    mailboxLeads: mailboxLeads(options),
    follower: contactLeadsFollower(options),
    add: (tx, target, contacts, nowMs) => add(options, tx, target, contacts, nowMs),
    lockDue: (tx, ids, nowMs) => lockDue(tx, ids, new Date(nowMs)),
    lock: lockLeads,
    change: (tx, changes, figures) => change(options, tx, changes, figures),
    stop: (tx, organization, whom, kind, cause) => stop(options, tx, organization, whom, kind, cause),
    skip: (tx, organization, leads, reason, cause) => skip(options, tx, organization, leads, reason, cause),
    hold: (tx, ids, untilMs, reason, cause) => hold(options, tx, ids, untilMs, reason, cause),
    resume: (tx, ids, cause) => resume(options, tx, ids, cause),
    lockFor: (tx, organization, concern) => lockFor(options, tx, organization, concern),
    replied: (tx, replies) => replied(options, tx, replies),
    reclassified: (tx, correction) => reclassified(options, tx, correction),
    ofDomains: leadsOfDomains,
    sameDomain: async (on, blocked) =>
      new Map((await sameDomainLeads(on, blocked)).map(({ id, of }) => [id, of] as const)),
    complained: (tx, messages) => complained(options, tx, messages),
    optedOut: (tx, organization, optOuts, atMs) => optedOut(options, tx, organization, optOuts, atMs),
    async suppressed(tx, reach, addresses) {
      const { organizationId: organization } = reach;
      const reasons = new Map(addresses.map(({ key, reason }) => [key, suppressionReasons[reason]]));
      const found = await leadsOfAddresses(tx, reach, [...reasons.keys()]);
      const atMs = await given.nowOf(tx, organization);
      for (const [reason, leads] of Map.groupBy(found, (lead) => reasons.get(lead.email_key) ?? 'suppressed_email'))
        await skip(options, tx, organization, leads, reason, { atMs });
    },
    async leftTopic(tx, organization, topicId, keys) {
      const found = await leadsOfTopic(tx, organization, topicId, keys);
      if (found.length > 0)
        await skip(options, tx, organization, found, 'left_topic', { atMs: await given.nowOf(tx, organization) });
    },
    async endInTopic(tx, organization, topicId, emailKey, cause) {
      const found = await leadsOfTopic(tx, organization, topicId, [emailKey]);
      return stop(options, tx, organization, { ids: found.map(({ id }) => id) }, 'unsubscribed', cause);
    },
    async contactsRemoved(tx, organization, contactIds) {
      const found = await leadsOfContacts(tx, organization, contactIds);
      await skip(options, tx, organization, found, 'contact_deleted', { atMs: await given.nowOf(tx, organization) });
    },
  };
}

/** Why a lead is skipped whose address was suppressed. */
const suppressionReasons = {
  unsubscribed: 'unsubscribed',
  hard_bounce: 'hard_bounced',
  complaint: 'complained',
  manual: 'suppressed_email',
  import: 'suppressed_email',
  erased: 'suppressed_email',
} as const;

/** A message that waits, is in flight, or whose fate is not known. */
const unsettled: ReadonlySet<string> = new Set(['claimed', 'deferred', 'sending', 'unknown']);

/** When the next step of each lead is due; null for one whose message is on its way. A lead without a next step is due at once: it then finishes. */
async function dueTimes(
  { campaigns, threadsOf }: LeadsOptions,
  tx: Transaction,
  leads: readonly Lead[],
  nowMs: number,
): Promise<ReadonlyMap<string, number | null>> {
  const ids = [...new Set(leads.map((lead) => lead.campaign_id))];
  const rows = new Map((await campaigns.rowsOf(tx, ids)).map((row) => [row.id, row]));
  const steps = Map.groupBy(await campaigns.stepsOf(tx, ids), (step) => step.campaign_id);
  const threads = await threadsOf(
    tx,
    leads.map(({ id }) => id),
  );
  const isInFlight = (id: string): boolean =>
    (threads.get(id) ?? []).some((message) => message.step_id !== null && unsettled.has(message.status));
  return new Map(
    leads.map((lead) => {
      const campaign = rows.get(lead.campaign_id);
      const due = campaign && nextDueMs(campaign, steps.get(campaign.id) ?? [], lead, nowMs);
      return [lead.id, isInFlight(lead.id) ? null : (due ?? nowMs)];
    }),
  );
}
