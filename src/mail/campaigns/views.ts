import type { OrganizationId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import { unreachable } from '../../base/errors.ts';
import { statsOf, totalsOf } from '../analytics/index.ts';
import type { Campaign } from './campaign.ts';
import { localDayAt } from '../schedule/index.ts';
import { additionsTo, mailboxesOf, searchesFor, stepsOf, today, verifierProblems } from './queries.ts';
import { campaignOnWire } from './shape.ts';
import type { Context } from './shape.ts';

/** What campaigns of one organization are shown with, for all of a page at once. */
export async function contextsOf(on: Queryable, rows: readonly Campaign[]): Promise<ReadonlyMap<string, Context>> {
  if (rows.length === 0) return new Map();
  const ids = rows.map(({ id }) => id);
  const organizations = [...new Set(rows.map((row) => row.organization_id))];
  const [steps, mailboxes, totals, stats, adding, searches, problems] = await Promise.all([
    stepsOf(on, ids),
    mailboxesOf(on, ids),
    totalsOf(on, ids),
    statsOf(on, ids, 'step'),
    additionsTo(on, ids),
    searchesFor(on, ids),
    verifierProblems(on, organizations),
  ]);
  const stepsBy = Map.groupBy(steps, ({ campaign_id: id }) => id);
  const mailboxesBy = Map.groupBy(mailboxes, ({ campaign_id: id }) => id);
  const statsBy = new Map(stats.map((row) => [row.step_id ?? '', row]));
  const searchBy = new Map(searches.map((row) => [row.campaign_id, row]));
  const problemBy = new Map(problems.map((row) => [row.organization_id, row.problem]));
  const organizationBy = new Map(rows.map((row) => [row.id, row.organization_id]));
  const addingBy = new Map(adding.map((row) => [row.campaign_id, row]));
  return new Map(
    ids.map((id) => {
      const figures = totals.get(id);
      if (figures === undefined) throw unreachable(`no totals of campaign ${id}`);
      const { unfinished = 0, added = 0, skipped = 0 } = addingBy.get(id) ?? {};
      return [
        id,
        {
          steps: stepsBy.get(id) ?? [],
          mailboxIds: (mailboxesBy.get(id) ?? []).map(({ mailbox_id: mailbox }) => mailbox),
          totals: figures,
          stats: statsBy,
          adding: { isRunning: unfinished > 0, added, skipped },
          search: searchBy.get(id),
          verifierProblem: problemBy.get(organizationBy.get(id) as OrganizationId) ?? null,
        },
      ];
    }),
  );
}

/** Campaigns as the native API shows them, with their steps and figures. */
export async function campaignsOnWire(on: Queryable, rows: readonly Campaign[]) {
  const contexts = await contextsOf(on, rows);
  return rows.map((row) => {
    const context = contexts.get(row.id);
    if (context === undefined) throw unreachable(`no context of campaign ${row.id}`);
    return campaignOnWire(row, context);
  });
}

const dueMax = 10_000;

/** What campaigns sent today, in their own time zones, and how many more they may send. A campaign that is not active queues nothing. */
export async function todayOf(
  on: Queryable,
  rows: readonly Campaign[],
  nowMs: number,
): Promise<ReadonlyMap<string, { readonly sent: number; readonly queued: number }>> {
  if (rows.length === 0) return new Map();
  const days = rows.map(({ id, schedule }) => {
    const { date, endMs } = localDayAt(schedule.timezone, nowMs);
    return { id, day: date, until: new Date(endMs) };
  });
  const found = new Map((await today(on, days, dueMax)).map((row) => [row.campaign_id, row]));
  return new Map(
    rows.map(({ id, status, daily_limit: limit }) => {
      const { sent = 0, due = 0 } = found.get(id) ?? {};
      const queued = status === 'active' ? Math.min(due, Math.max(0, (limit ?? Infinity) - sent)) : 0;
      return [id, { sent, queued }];
    }),
  );
}
