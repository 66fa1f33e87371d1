import type { Queryable, Transaction } from '../../db/pool.ts';
import { merge, noFigures } from './figures.ts';
import type { Delta, Dimension, Figures } from './figures.ts';
import * as queries from './queries.ts';

/** The rows of a breakdown that are read at most. */
const rowsMax = 10_000;

/**
 * Adds to the figures of campaigns: one statement for totals, one for messages. Last in a transaction, because busy campaigns' rows are locked.
 * @returns the new totals of the campaigns whose totals changed
 * @example
 * await count(tx, [{ campaignId, organizationId, totals: { sent: 1 }, stats: { day: dayOf(nowMs), stepId, variant, mailboxId, provider, sent: 1 } }]);
 */
export async function count(tx: Transaction, deltas: readonly Delta[]): Promise<queries.Totals[]> {
  const { totals, stats } = merge(deltas);
  const changed = totals.length === 0 ? [] : await queries.addTotals(tx, totals);
  if (stats.length > 0) await queries.addStats(tx, stats);
  return changed;
}

/** Adds to the replies of campaigns by class. Last in a transaction, after `count`. */
export async function countReplies(tx: Transaction, counts: readonly queries.ClassCount[]): Promise<void> {
  if (counts.length > 0) await queries.addReplies(tx, counts);
}

/** The totals of campaigns that the caller may see; zero for a campaign of which nothing was counted. */
export async function totalsOf(on: Queryable, campaignIds: readonly string[]): Promise<ReadonlyMap<string, Figures>> {
  if (campaignIds.length === 0) return new Map();
  const rows = new Map((await queries.totals(on, campaignIds)).map((row) => [row.campaign_id, row]));
  return new Map(
    campaignIds.map((id) => {
      const { campaign_id: _campaign, organization_id: _organization, ...figures } = rows.get(id) ?? noRow;
      return [id, figures];
    }),
  );
}

const noRow = { ...noFigures, campaign_id: '', organization_id: '' };

/**
 * The figures of messages of campaigns that the caller may see, by a dimension.
 * @example
 * const bySteps = await statsOf(db, [campaign.id], 'step'); // [{ campaign_id, step_id, key: null, sent, … }]
 */
export const statsOf = (
  on: Queryable,
  campaignIds: readonly string[],
  dimension: Dimension,
  limit: number = rowsMax,
): Promise<queries.StatsRow[]> =>
  campaignIds.length === 0 ? Promise.resolve([]) : queries.stats(on, campaignIds, dimension, limit);
