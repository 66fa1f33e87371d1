import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { ContactForLead } from '../../crm/contacts/index.ts';
import type { Suppressions } from '../../crm/suppressions/index.ts';
import type { Topics } from '../../crm/topics/index.ts';
import type { Transaction } from '../../db/pool.ts';
import { admissionOf, freshVerdict } from './admission.ts';
import type { VerificationRule } from './admission.ts';
import { change, deltasOf } from './change.ts';
import type { ChangeOptions } from './change.ts';
import { companyKeyOf } from '../../base/company-domain.ts';
import type { Lead } from './lead.ts';
import { insertCalendars, insertLeads, lockRemoved, updateContacts } from './queries.ts';

/** A campaign, as leads are added to it. */
export interface LeadTarget {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId | null;
  readonly verification: VerificationRule;
  readonly topic_id: string | null;
  /** The calendar of a lead at this place. */
  calendarOf(place: Pick<ContactForLead, 'timezone' | 'country'>): string;
  /** When the first step may be sent to a lead that is added now. Unix milliseconds. */
  firstDueMs(calendar: string, nowMs: number): number;
}

/** Why a contact was not added. */
export const skipReasons = [
  'already_in_campaign',
  'unknown_contact',
  'deleted',
  'no_address',
  'suppressed',
  'unsubscribed',
  'left_topic',
] as const;
export type SkipReason = (typeof skipReasons)[number];

export interface Skipped {
  readonly contact_id: string;
  readonly reason: SkipReason;
}

export interface AddOptions extends ChangeOptions {
  readonly suppressions: Pick<Suppressions, 'hold' | 'suppressed'>;
  readonly topics: Pick<Topics, 'leftOf'>;
  /** Lets the mailboxes of a campaign look for due leads. */
  readonly wakeCampaign: (tx: Transaction, campaignId: string) => Promise<void>;
  /** Leads without a verdict were added. */
  readonly verify: (tx: Transaction) => Promise<void>;
}

/** Rows of one statement. */
const rowsMax = 2_000;

/**
 * Adds contacts to a campaign. A lead that a person removed is opened again. Call it before other records are locked.
 * @returns how many were added, and the others with the reason
 * @example
 * const { added, skipped } = await add(options, tx, target, contacts, clock.now());
 */
export async function add(
  options: AddOptions,
  tx: Transaction,
  target: LeadTarget,
  contacts: readonly ContactForLead[],
  nowMs: number,
): Promise<{ readonly added: number; readonly skipped: Skipped[] }> {
  const { suppressions, ids, countLeads } = options;
  const organization = target.organization_id;
  await suppressions.hold(tx, organization);
  const skipped: Skipped[] = [];
  const wanted: Lead[] = [];
  const firstDue = new Map<string, Date>();
  const at = new Date(nowMs);
  for (const contact of contacts) {
    if (contact.deleted_at !== null) skipped.push({ contact_id: contact.id, reason: 'deleted' });
    else if (contact.email === null || contact.email_key === null)
      skipped.push({ contact_id: contact.id, reason: 'no_address' });
    else if (contact.status === 'unsubscribed') skipped.push({ contact_id: contact.id, reason: 'unsubscribed' });
    else wanted.push(leadOf(contact, contact.email, contact.email_key));
  }

  function leadOf(contact: ContactForLead, email: string, key: string): Lead {
    const domain = key.slice(key.lastIndexOf('@') + 1);
    const calendar = target.calendarOf(contact);
    const verdict = freshVerdict(contact, nowMs);
    const admission = admissionOf(target.verification, verdict);
    let due = firstDue.get(calendar);
    if (due === undefined) firstDue.set(calendar, (due = new Date(target.firstDueMs(calendar, nowMs))));
    return {
      id: ids.next(),
      organization_id: organization,
      workspace_id: target.workspace_id,
      campaign_id: target.id,
      contact_id: contact.id,
      email,
      email_key: key,
      domain,
      company_key: companyKeyOf(contact.company_id, domain),
      provider: null,
      status: admission === 'admitted' || admission === 'verification_pending' ? 'queued' : 'skipped',
      calendar,
      position: null,
      step: 0,
      last_sent_at: null,
      mailbox_id: null,
      due_at: admission === 'admitted' ? due : null,
      blocked_reason: admission === 'admitted' ? null : admission,
      blocked_until: null,
      blocked_detail: null,
      verdict,
      replied_at: null,
      last_event_at: at,
      created_at: at,
    };
  }

  const refused = await suppressions.suppressed(
    tx,
    { organizationId: organization, workspaceId: target.workspace_id },
    wanted.map(({ email_key: key, domain }) => ({ key, domain })),
  );
  const allowed = wanted.filter(({ email_key: key }) => !refused.has(key));
  for (const lead of wanted)
    if (refused.has(lead.email_key)) skipped.push({ contact_id: lead.contact_id ?? '', reason: 'suppressed' });
  const left = await options.topics.leftOf(
    tx,
    organization,
    allowed.map(({ email_key: key }) => ({ topicId: target.topic_id, workspaceId: target.workspace_id, key })),
  );
  const fresh = allowed.filter((_, index) => left[index] !== true);
  allowed.forEach((lead, index) => {
    if (left[index] === true) skipped.push({ contact_id: lead.contact_id ?? '', reason: 'left_topic' });
  });
  if (fresh.length === 0) return { added: 0, skipped };
  // Mailboxes are locked before leads.
  await options.wakeCampaign(tx, target.id);
  await insertCalendars(tx, organization, target.id, [...firstDue.keys()]);
  const inserted = new Set<string>();
  for (let from = 0; from < fresh.length; from += rowsMax)
    for (const id of await insertLeads(tx, fresh.slice(from, from + rowsMax))) inserted.add(id);
  if (fresh.some(({ blocked_reason: reason }) => reason === 'verification_pending')) await options.verify(tx);
  const existing = fresh.filter(({ id }) => !inserted.has(id));
  const reopened = await reopen(options, tx, target, existing, nowMs);
  for (const { contact_id: contact, email_key: key } of existing)
    if (!reopened.has(key)) skipped.push({ contact_id: contact ?? '', reason: 'already_in_campaign' });
  if (inserted.size > 0)
    await countLeads(
      tx,
      deltasOf(fresh.flatMap((after) => (inserted.has(after.id) ? [{ before: undefined, after }] : []))),
      nowMs,
    );
  return { added: inserted.size + reopened.size, skipped };
}

/** Opens leads again that a person removed, or whose contact was deleted. @returns their addresses */
async function reopen(
  options: AddOptions,
  tx: Transaction,
  target: LeadTarget,
  existing: readonly Lead[],
  nowMs: number,
): Promise<ReadonlySet<string>> {
  if (existing.length === 0) return new Set();
  const wanted = new Map(existing.map((lead) => [lead.email_key, lead]));
  const removed = await lockRemoved(tx, target.id, [...wanted.keys()]);
  const changed = await change(
    options,
    tx,
    removed.map((lead) => {
      const again = wanted.get(lead.email_key);
      return {
        lead,
        fact: 'reopened',
        patch: {
          contact_id: again?.contact_id ?? lead.contact_id,
          due_at: lead.step === 0 ? (again?.due_at ?? null) : new Date(nowMs),
          blocked_reason: lead.step === 0 ? (again?.blocked_reason ?? null) : null,
          verdict: lead.verdict ?? again?.verdict ?? null,
        },
        atMs: nowMs,
      } as const;
    }),
  );
  if (changed.length > 0) await updateContacts(tx, changed);
  return new Set(changed.map(({ email_key: key }) => key));
}
