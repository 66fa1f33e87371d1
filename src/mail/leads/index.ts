import type { OrganizationId } from '../../base/ids.ts';
import type { ContactForLead } from '../../crm/contacts/index.ts';
import type { Transaction } from '../../db/pool.ts';
import { add } from './add.ts';
import type { AddOptions, LeadTarget, Skipped } from './add.ts';
import { change } from './change.ts';
import type { LeadChange } from './change.ts';
import type { Lead, StopKind } from './lead.ts';
import { lockDue, lockLeads } from './queries.ts';
import { hold, resume, skip, stop } from './stop.ts';
import type { Cause, ResumeOptions, StopOptions, Whom } from './stop.ts';

export { admissionOf, freshVerdict, verdictMs } from './admission.ts';
export type { VerificationRule } from './admission.ts';
export type { LeadTarget, Skipped } from './add.ts';
export type { CountLeads, LeadChange } from './change.ts';
export { companyKeyOf } from './company.ts';
export { isFinal, isOpen, leadStatuses, openStatuses, statusAfter } from './lead.ts';
export type { Lead, LeadFact, LeadPatch, LeadStatus, LeadTotals, StopKind, Verdict } from './lead.ts';
export { leadColumns } from './queries.ts';
export type { Cause, StopRule, Whom } from './stop.ts';

export interface LeadsOptions extends AddOptions, StopOptions, ResumeOptions {}

/** Contacts in campaigns. Times are of the organization's clock. */
export interface Leads {
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
  /** Writes what happened to locked leads, with their history and figures. @returns those that changed, as they are now */
  change(tx: Transaction, changes: readonly LeadChange[]): Promise<Lead[]>;
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
}

/**
 * Composes the slice.
 * @example
 * const leads = createLeads({ ids, suppressions, countLeads, cancelMessages: sending.cancel, stopRulesOf, wakeCampaign, nextDueOf });
 * await leads.stop(tx, organization, { ids: [lead] }, 'unsubscribed', { atMs });
 */
export function createLeads(options: LeadsOptions): Leads {
  return {
    add: (tx, target, contacts, nowMs) => add(options, tx, target, contacts, nowMs),
    lockDue: (tx, ids, nowMs) => lockDue(tx, ids, new Date(nowMs)),
    lock: lockLeads,
    change: (tx, changes) => change(options, tx, changes),
    stop: (tx, organization, whom, kind, cause) => stop(options, tx, organization, whom, kind, cause),
    skip: (tx, organization, leads, reason, cause) => skip(options, tx, organization, leads, reason, cause),
    hold: (tx, ids, untilMs, reason, cause) => hold(options, tx, ids, untilMs, reason, cause),
    resume: (tx, ids, cause) => resume(options, tx, ids, cause),
  };
}
