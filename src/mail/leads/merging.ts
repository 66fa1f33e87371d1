/** How leads follow a company that is merged, because leads stop with the others of their company, and a contact. */
import type { OrganizationId } from '../../base/ids.ts';
import { following } from '../../crm/records/index.ts';
import type { Follower } from '../../crm/records/index.ts';
import type { Campaigns } from '../campaigns/index.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, plannedAnew, sql } from '../../db/sql.ts';
import { change } from './change.ts';
import type { LeadChange } from './change.ts';
import { isOpen } from './lead.ts';
import type { Lead } from './lead.ts';
import { leadsByIds, leadsOfContacts, lockLeads } from './queries.ts';
import type { ResumeOptions, StopOptions } from './stop.ts';

/** Locks the leads of a company, by id as every writer does. */
const lockOf = (tx: Transaction, organization: OrganizationId, company: string): Promise<{ id: string }[]> =>
  tx.query(sql<{ id: string }>`
    SELECT id FROM campaign_leads WHERE id IN (SELECT lead_id FROM lead_keys WHERE company_key = ${company} AND organization_id = ${organization}) ORDER BY id FOR UPDATE`);

const lockThese = (
  tx: Transaction,
  organization: OrganizationId,
  company: string,
  ids: readonly string[],
): Promise<{ id: string }[]> =>
  tx.query(
    plannedAnew(sql<{ id: string }>`
      SELECT l.id FROM campaign_leads l JOIN unnest(${plainArray(ids)}::uuid[]) AS m (id) ON m.id = l.id
      WHERE l.organization_id = ${organization} AND l.company_key = ${company} ORDER BY l.id FOR UPDATE OF l`),
  );

const move = (
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
  company: string,
): Promise<number> =>
  tx.execute(
    plannedAnew(sql`
      WITH keys AS (
        UPDATE lead_keys k SET company_key = ${company} FROM unnest(${plainArray(ids)}::uuid[]) AS m (id)
        WHERE k.lead_id = m.id AND k.organization_id = ${organization} RETURNING k.lead_id)
      UPDATE campaign_leads l SET company_key = ${company} FROM keys WHERE l.id = keys.lead_id`),
  );

export const companyLeadsFollower = following('leads', { lockOf, lockThese, move });

const toContact = (
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
  contact: string,
): Promise<number> =>
  tx.execute(
    plannedAnew(sql`
      WITH keys AS (
        UPDATE lead_keys k SET contact_id = ${contact} FROM unnest(${plainArray(ids)}::uuid[]) AS n (id)
        WHERE k.lead_id = n.id AND k.organization_id = ${organization} RETURNING k.lead_id)
      UPDATE campaign_leads l SET contact_id = ${contact} FROM keys WHERE l.id = keys.lead_id`),
  );

interface MergingOptions extends StopOptions, ResumeOptions {
  readonly nowOf: (on: Queryable, organization: OrganizationId) => Promise<number>;
  readonly wakeCampaign: (tx: Transaction, id: string) => Promise<unknown>;
  readonly campaigns: Pick<Campaigns, 'rowsOf'>;
}

/** A lead that a merge stopped, as it was. */
interface Stopped extends Pick<Lead, 'id' | 'status' | 'blocked_reason' | 'blocked_detail'> {
  readonly due_at: string | null;
  readonly blocked_until: string | null;
  /** Why it was stopped. */
  readonly reason: string;
}

/** The stable code of the lead that stops where both contacts are leads of a campaign. */
const both = 'contact_merged';

/**
 * The leads of a contact follow it. Where both contacts are leads of a campaign, the lead of the contact that goes away stops, so that
 * nobody gets two messages; if the person has opted out, all their leads stop. An undo opens these again.
 */
export const contactLeadsFollower = (options: MergingOptions): Follower => ({
  kind: 'leads',
  async follow(tx, { organizationId: organization, fromId, intoId, optedOut }) {
    const theirs = await leadsOfContacts(tx, organization, [fromId]);
    const own = await leadsOfContacts(tx, organization, [intoId]);
    const campaigns = new Set(own.map((lead) => lead.campaign_id));
    const reasons = new Map<string, string>();
    for (const { id, campaign_id: campaign, status } of theirs)
      if (isOpen(status) && campaigns.has(campaign)) reasons.set(id, both);
    if (optedOut)
      for (const { id, status } of [...own, ...theirs])
        if (isOpen(status) && !reasons.has(id)) reasons.set(id, 'unsubscribed');
    for (const [reason, ids] of Map.groupBy(reasons.keys(), (id) => reasons.get(id) ?? both))
      await options.cancelMessages(tx, organization, ids, reason);
    const moved = theirs.map(({ id }) => id);
    const locked = await lockLeads(tx, [...new Set([...moved, ...reasons.keys()])]);
    if (moved.length > 0) await toContact(tx, organization, moved, intoId);
    const stopped = locked.filter(({ id, status }) => reasons.has(id) && isOpen(status));
    const atMs = await options.nowOf(tx, organization);
    await change(
      options,
      tx,
      stopped.map((lead) => ({
        lead: { ...lead, contact_id: intoId },
        fact: 'skipped',
        patch: { blocked_reason: reasons.get(lead.id) ?? both, blocked_until: null, blocked_detail: null },
        atMs,
      })),
    );
    const state = stopped.map((lead): Stopped => ({
      id: lead.id,
      status: lead.status,
      due_at: lead.due_at?.toISOString() ?? null,
      blocked_reason: lead.blocked_reason,
      blocked_until: lead.blocked_until?.toISOString() ?? null,
      blocked_detail: lead.blocked_detail,
      reason: reasons.get(lead.id) ?? both,
    }));
    return { ids: moved, state: state.length === 0 ? undefined : state };
  },
  async goBack(tx, { organizationId: organization, fromId, intoId }, { ids, state }) {
    const stopped = new Map(((state ?? []) as readonly Stopped[]).map((each) => [each.id, each]));
    const isStopped = ({ id, status, blocked_reason: reason }: Lead): boolean =>
      status === 'skipped' && stopped.get(id)?.reason === reason;
    const seen = (await leadsByIds(tx, organization, [...stopped.keys()])).filter(isStopped);
    const rows = await options.campaigns.rowsOf(tx, [...new Set(seen.map((lead) => lead.campaign_id))]);
    const awake = new Set(rows.flatMap(({ id, status }) => (status === 'archived' ? [] : [id])));
    // Mailboxes are locked before leads.
    for (const id of [...awake].sort()) await options.wakeCampaign(tx, id);
    const locked = await lockLeads(tx, [...new Set([...ids, ...stopped.keys()])]);
    const back = new Set(ids);
    const moved = locked.filter(({ id, contact_id: contact }) => back.has(id) && contact === intoId);
    if (moved.length > 0)
      await toContact(
        tx,
        organization,
        moved.map(({ id }) => id),
        fromId,
      );
    const isMoved = new Set(moved.map(({ id }) => id));
    const opened = locked
      .filter((lead) => isStopped(lead) && awake.has(lead.campaign_id))
      .map((lead) => (isMoved.has(lead.id) ? { ...lead, contact_id: fromId } : lead));
    const atMs = await options.nowOf(tx, organization);
    const due = opened.length === 0 ? new Map<string, number | null>() : await options.nextDueOf(tx, opened, atMs);
    await change(
      options,
      tx,
      opened.flatMap((lead) => reopened(lead, stopped.get(lead.id), due.get(lead.id) ?? atMs, atMs)),
    );
  },
});

/** The facts that make a stopped lead what it was. @param dueMs for one whose message was waiting or on its way, which the merge cancelled */
function reopened(lead: Lead, was: Stopped | undefined, dueMs: number, atMs: number): LeadChange[] {
  if (was === undefined) return [];
  const date = (text: string | null): Date | null => (text === null ? null : new Date(text));
  const reason = {
    blocked_reason: was.blocked_reason,
    blocked_until: date(was.blocked_until),
    blocked_detail: was.blocked_detail,
  };
  const opened: LeadChange = {
    lead,
    fact: 'reopened',
    patch: {
      due_at: was.status === 'sending' ? new Date(dueMs) : date(was.due_at),
      ...(was.status === 'held' ? {} : reason),
    },
    atMs,
  };
  return was.status === 'held'
    ? [opened, { lead, fact: 'held', patch: { due_at: date(was.due_at), ...reason }, atMs }]
    : [opened];
}
