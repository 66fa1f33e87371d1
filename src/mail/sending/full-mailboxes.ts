import { dayMs } from '../../base/clock.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';

/** So many messages within `withinMs` must be given up because a mailbox is full, before nothing is sent to it for `restMs`. */
export const fullRule = { count: 3, withinMs: 14 * dayMs, restMs: 30 * dayMs } as const;

/**
 * Until when nothing is sent to a mailbox that was full too often.
 * @param times when messages to it were given up because it was full, in any order
 * @returns undefined if it may be written to
 */
export function fullUntil(times: readonly number[], nowMs: number): number | undefined {
  const { count, withinMs, restMs } = fullRule;
  const sorted = times.filter((time) => time <= nowMs).toSorted((a, b) => a - b);
  const last = sorted.findLast(
    (time, index) => time - (sorted[index - count + 1] ?? Number.NEGATIVE_INFINITY) <= withinMs,
  );
  return last === undefined || last + restMs <= nowMs ? undefined : last + restMs;
}

/** Stores that the recipients' mailboxes were full. */
export const markFull = (
  tx: Transaction,
  messages: readonly { readonly id: string; readonly atMs: number }[],
): Promise<unknown> =>
  tx.execute(sql`
    UPDATE messages m SET full_at = n.at
    FROM unnest(${plainArray(messages.map(({ id }) => id))}::uuid[], ${messages.map(({ atMs }) => new Date(atMs))}::timestamptz[]) AS n (id, at)
    WHERE m.id = n.id`);

/** Until when nothing is sent to addresses (in the form in which they are compared) whose mailboxes were full too often. */
export async function fullMailboxes(
  on: Queryable,
  organization: OrganizationId,
  keys: readonly string[],
  nowMs: number,
): Promise<ReadonlyMap<string, number>> {
  if (keys.length === 0) return new Map();
  const since = new Date(nowMs - fullRule.withinMs - fullRule.restMs);
  const rows = await on.query(sql<{ party_key: string; full_at: Date }>`
    SELECT party_key, full_at FROM messages
    WHERE organization_id = ${organization} AND party_key = ANY(${[...new Set(keys)]}::text[]) AND full_at > ${since}`);
  return new Map(
    [...Map.groupBy(rows, (row) => row.party_key)].flatMap(([key, own]): (readonly [string, number])[] => {
      const until = fullUntil(
        own.map((row) => row.full_at.getTime()),
        nowMs,
      );
      return until === undefined ? [] : [[key, until]];
    }),
  );
}
