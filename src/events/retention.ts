import { lockOrganization } from '../auth/index.ts';
import type { Clock } from '../base/clock.ts';
import { dayMs, hourMs } from '../base/clock.ts';
import { firstId, idAt } from '../base/ids.ts';
import type { EventId, OrganizationId } from '../base/ids.ts';
import type { Database, Queryable, Transaction } from '../db/pool.ts';
import { first } from '../db/pool.ts';
import { plainArray, sql } from '../db/sql.ts';
import { eraseData } from './erasure.ts';

/** Retention by type: the data of events is erased earlier than the installation drops their day. */

export const retentionEntriesMax = 50;
/** Events of any type that one chunk walks over, and events that it erases. */
const scannedMax = 20_000;
const erasedMax = 500;
/** Chunks of one run. What is left is done a minute later. */
const chunksMax = 50;

/** Days, by type or prefix. */
export type Retention = Readonly<Record<string, number>>;

export const retentionOf = async (db: Queryable, organization: OrganizationId): Promise<Retention> =>
  Object.fromEntries(
    (
      await db.query(
        sql<{
          pattern: string;
          days: number;
        }>`SELECT pattern, days FROM event_retention WHERE organization_id = ${organization} ORDER BY pattern`,
      )
    ).map(({ pattern, days }) => [pattern, days]),
  );

/** Replaces an organization's entries. An entry that stays keeps its position, so that nothing is walked over again. */
export async function setRetention(tx: Transaction, organization: OrganizationId, retention: Retention): Promise<void> {
  const patterns = Object.keys(retention);
  await lockOrganization(tx, organization);
  await tx.execute(
    sql`DELETE FROM event_retention WHERE organization_id = ${organization} AND pattern <> ALL (${patterns}::text[])`,
  );
  await tx.execute(sql`
    INSERT INTO event_retention (organization_id, pattern, days, position)
    SELECT ${organization}, n.pattern, n.days, ${firstId} FROM unnest(${patterns}::text[], ${plainArray(Object.values(retention))}::int[]) AS n (pattern, days)
    ON CONFLICT (organization_id, pattern) DO UPDATE SET days = excluded.days`);
}

interface Entry {
  organization_id: OrganizationId;
  pattern: string;
  position: string;
  horizon: string;
}

/**
 * Erases the data of events that are past the retention of their type. Every event is walked over once per entry, by the key of the log,
 * so a run costs what became too old since the last one, however long the log is.
 */
export function createRetention({ db, clock }: { db: Database; clock: Clock }): {
  /** @returns how many events were erased. */
  expire(nowMs: number): Promise<number>;
} {
  /** @returns undefined if there was nothing to do. */
  const chunk = (nowMs: number): Promise<number | undefined> =>
    db.transaction(async (tx) => {
      const entry = await takeEntry(tx, nowMs);
      if (entry === undefined) return undefined;
      const end = (await eventAfter(tx, entry)) ?? entry.horizon;
      const ids = await matching(tx, entry, end);
      const last = ids.at(-1);
      const reach = { organizationId: entry.organization_id, workspaceId: undefined };
      if (last !== undefined) await eraseData(tx, reach, ids, clock.now());
      await moveTo(tx, entry, last !== undefined && ids.length === erasedMax ? last : end);
      return ids.length;
    });

  return {
    async expire(nowMs) {
      let total = 0;
      for (let chunks = 0; chunks < chunksMax; chunks += 1) {
        const erased = await chunk(nowMs);
        if (erased === undefined) break;
        total += erased;
      }
      return total;
    },
  };
}

/** Locks an entry whose horizon has moved by more than an hour since it was walked through, skipping those that another process has locked. */
async function takeEntry(tx: Transaction, nowMs: number): Promise<Entry | undefined> {
  const row = await first(
    tx,
    sql<Omit<Entry, 'horizon'> & { days: number }>`
      SELECT organization_id, pattern, position, days FROM event_retention
      WHERE ('x' || translate(left(position::text, 13), '-', ''))::bit(48)::bigint < ${nowMs - hourMs}::bigint - days::bigint * ${dayMs}::bigint
      ORDER BY position LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );
  return row === undefined ? undefined : { ...row, horizon: idAt(nowMs - row.days * dayMs) };
}

/** The event up to which a chunk walks; undefined: up to the horizon. */
const eventAfter = async (tx: Transaction, { organization_id: organization, position, horizon }: Entry) =>
  (
    await first(
      tx,
      sql<{ id: EventId }>`
        SELECT id FROM events WHERE organization_id = ${organization} AND id > ${position} AND id < ${horizon} ORDER BY id OFFSET ${scannedMax - 1} LIMIT 1`,
    )
  )?.id;

const matching = async (
  tx: Transaction,
  { organization_id: organization, pattern, position }: Entry,
  end: string,
): Promise<EventId[]> => {
  const prefix = pattern === '*' ? '' : pattern.endsWith('.*') ? pattern.slice(0, -1) : null;
  const rows = await tx.query(sql<{ id: EventId }>`
    SELECT id FROM events
    WHERE organization_id = ${organization} AND id > ${position} AND id <= ${end} AND erased_at IS NULL AND (type = ${pattern} OR starts_with(type, ${prefix}))
    ORDER BY id LIMIT ${erasedMax}`);
  return rows.map(({ id }) => id);
};

const moveTo = (tx: Transaction, { organization_id: organization, pattern }: Entry, position: string) =>
  tx.execute(
    sql`UPDATE event_retention SET position = ${position} WHERE organization_id = ${organization} AND pattern = ${pattern}`,
  );
