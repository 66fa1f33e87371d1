import type { Ids, OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Delta } from '../analytics/index.ts';
import { leadAfter, totalsOf } from './lead.ts';
import type { Lead, LeadFact, LeadPatch } from './lead.ts';
import { insertHistory, updateLeads } from './queries.ts';
import type { HistoryRow } from './queries.ts';

/** What happened to a lead that the transaction has locked. */
export interface LeadChange {
  readonly lead: Lead;
  readonly fact: LeadFact;
  readonly patch?: LeadPatch;
  /** For the history: {message_id, event_id, key_id, reason, until, …}. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Unix milliseconds of the organization's clock. */
  readonly atMs: number;
}

/** Adds to the figures of campaigns and lets these react: a campaign without open leads is completed. */
export type CountLeads = (tx: Transaction, deltas: readonly Delta[], nowMs: number) => Promise<void>;

export interface ChangeOptions {
  readonly ids: Ids;
  readonly countLeads: CountLeads;
}

/**
 * Writes what happened to leads, with their history and the figures of their campaigns. The only writer of a lead's status. Facts that change
 * nothing are left out; several facts about one lead apply in order.
 * @param figures what else is counted in the same statement, such as the messages that led to the changes
 * @returns the leads that changed, as they are now
 * @example
 * const [lead] = await lockDue(tx, [id], now);
 * await change(options, tx, [{ lead, fact: 'begun', patch: { mailbox_id: mailbox.id }, detail: { message_id: id }, atMs }]);
 */
export async function change(
  { ids, countLeads }: ChangeOptions,
  tx: Transaction,
  changes: readonly LeadChange[],
  figures: { readonly deltas: readonly Delta[]; readonly atMs: number } = { deltas: [], atMs: 0 },
): Promise<Lead[]> {
  const before = new Map<string, Lead>();
  const after = new Map<string, Lead>();
  const history: HistoryRow[] = [];
  let latestMs = figures.atMs;
  for (const { lead, fact, patch = {}, detail = {}, atMs } of changes) {
    const from = after.get(lead.id) ?? lead;
    const next = leadAfter(from, fact, patch, new Date(atMs));
    if (next === undefined) continue;
    if (!before.has(lead.id)) before.set(lead.id, lead);
    after.set(lead.id, next);
    latestMs = Math.max(latestMs, atMs);
    if (fact !== 'planned')
      history.push({
        leadId: lead.id,
        id: ids.next(),
        organizationId: lead.organization_id,
        kind: fact,
        from: from.status,
        to: next.status,
        detail: reasoned(next, detail),
        at: new Date(atMs),
      });
  }
  const written = [...after.values()];
  if (written.length > 0) await updateLeads(tx, written);
  if (history.length > 0) await insertHistory(tx, history);
  const leads = deltasOf(written.map((lead) => ({ before: before.get(lead.id), after: lead })));
  await countLeads(tx, [...leads, ...figures.deltas], latestMs);
  return written;
}

const reasoned = (
  { blocked_reason: reason, blocked_until: until }: Lead,
  detail: Readonly<Record<string, unknown>>,
): object => ({
  ...(reason === null ? {} : { reason }),
  ...(until === null ? {} : { until: until.toISOString() }),
  ...detail,
});

/** The sums of changes by campaign; campaigns whose figures stay are left out. */
export function deltasOf(changes: readonly { readonly before: Lead | undefined; readonly after: Lead }[]): Delta[] {
  const sums = new Map<string, { organizationId: OrganizationId; totals: Record<string, number> }>();
  for (const { before, after } of changes) {
    const { organization_id: organizationId, campaign_id: campaignId } = after;
    for (const [name, count] of Object.entries<number>({ ...totalsOf(before, after) })) {
      if (count === 0) continue;
      let sum = sums.get(campaignId);
      if (sum === undefined) sums.set(campaignId, (sum = { organizationId, totals: {} }));
      sum.totals[name] = (sum.totals[name] ?? 0) + count;
    }
  }
  return [...sums].map(([campaignId, sum]) => ({ campaignId, ...sum }));
}
