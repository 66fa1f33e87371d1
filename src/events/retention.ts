import { lockOrganization } from '../auth/index.ts';
import type { Clock } from '../base/clock.ts';
import { dayMs, hourMs } from '../base/clock.ts';
import { firstId, idAt } from '../base/ids.ts';
import type { EventId, OrganizationId } from '../base/ids.ts';
import type { Database, Queryable, Transaction } from '../db/pool.ts';
import { first } from '../db/pool.ts';
import { plainArray, sql } from '../db/sql.ts';
import { typeFilter } from '../delivery/endpoint.ts';
import { eraseData } from './erasure.ts';

/** Retention by type: the data of events is erased earlier than the installation drops their day. */

export const retentionEntriesMax = 50;
/** Events of any type that one chunk scans, and events that it erases. */
const scannedMax = 20_000;
const erasedMax = 500;
/** Noted events that one chunk erases: they may be days apart. */
const laterMax = 100;
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

/** Replaces an organization's entries. An entry that stays keeps its position, so that no event is scanned twice. */
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
  /** What is older is erased. */
  horizonMs: number;
}

/**
 * Erases the data of events that are past the retention of their type, which counts from the time at which they are to be delivered. Each
 * entry scans the log once, in order of id, so a run reads only the events that became too old since the last one, however long the log is.
 * An event that is to be delivered later is noted in `event_retention_later` instead.
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
      const reach = { organizationId: entry.organization_id, workspaceId: undefined };
      const noted = await takeNoted(tx, entry);
      if (noted.length > 0) {
        await eraseData(tx, reach, noted, clock.now());
        return noted.length;
      }
      const end = (await eventAfter(tx, entry)) ?? idAt(entry.horizonMs);
      const found = await matching(tx, entry, end);
      const early = found.filter(({ deliver_at: at }) => at !== null && at.getTime() > entry.horizonMs);
      if (early.length > 0) await note(tx, entry, early);
      const ids = found.filter((event) => !early.includes(event)).map(({ id }) => id);
      if (ids.length > 0) await eraseData(tx, reach, ids, clock.now());
      await moveTo(tx, entry, (found.length === erasedMax ? found.at(-1)?.id : undefined) ?? end);
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

/**
 * Locks the entry that is farthest behind its horizon: by more than an hour, or with noted events that are too old now. Skips those that
 * another process has locked.
 */
async function takeEntry(tx: Transaction, nowMs: number): Promise<Entry | undefined> {
  const row = await first(
    tx,
    sql<Omit<Entry, 'horizonMs'> & { days: number }>`
      SELECT r.organization_id, r.pattern, r.position, r.days FROM event_retention r
      CROSS JOIN LATERAL (SELECT ('x' || translate(left(r.position::text, 13), '-', ''))::bit(48)::bigint + r.days::bigint * ${dayMs}::bigint AS ms) walked
      WHERE walked.ms < ${nowMs - hourMs}::bigint OR EXISTS (
        SELECT FROM event_retention_later l
        WHERE l.organization_id = r.organization_id AND l.pattern = r.pattern AND l.deliver_at <= to_timestamp((${nowMs}::bigint - r.days::bigint * ${dayMs}::bigint) / 1000.0))
      ORDER BY walked.ms LIMIT 1 FOR UPDATE OF r SKIP LOCKED`,
  );
  return row === undefined ? undefined : { ...row, horizonMs: nowMs - row.days * dayMs };
}

/** The last event that a chunk scans; undefined: it scans up to the horizon. */
const eventAfter = async (tx: Transaction, { organization_id: organization, position, horizonMs }: Entry) =>
  (
    await first(
      tx,
      sql<{ id: EventId }>`
        SELECT id FROM events WHERE organization_id = ${organization} AND id > ${position} AND id < ${idAt(horizonMs)} ORDER BY id OFFSET ${scannedMax - 1} LIMIT 1`,
    )
  )?.id;

interface Match {
  id: EventId;
  deliver_at: Date | null;
}

const matching = (
  tx: Transaction,
  { organization_id: organization, pattern, position }: Entry,
  end: string,
): Promise<Match[]> => {
  const { types, prefix } = typeFilter(pattern);
  return tx.query(sql<Match>`
    SELECT id, deliver_at FROM events
    WHERE organization_id = ${organization} AND id > ${position} AND id <= ${end} AND erased_at IS NULL AND (type = ANY(${types}) OR starts_with(type, ${prefix}))
    ORDER BY id LIMIT ${erasedMax}`);
};

const note = (
  tx: Transaction,
  { organization_id: organization, pattern }: Entry,
  events: readonly Match[],
): Promise<number> =>
  tx.execute(sql`
    INSERT INTO event_retention_later (organization_id, pattern, deliver_at, event_id)
    SELECT ${organization}, ${pattern}, to_timestamp(n.at / 1000.0), n.id
    FROM unnest(${plainArray(events.map(({ deliver_at: at }) => at?.getTime() ?? 0))}::bigint[], ${plainArray(events.map(({ id }) => id))}::uuid[]) AS n (at, id)
    ON CONFLICT DO NOTHING`);

const takeNoted = async (
  tx: Transaction,
  { organization_id: organization, pattern, horizonMs }: Entry,
): Promise<EventId[]> =>
  (
    await tx.query(sql<{ id: EventId }>`
      WITH due AS (
        SELECT deliver_at, event_id FROM event_retention_later
        WHERE organization_id = ${organization} AND pattern = ${pattern} AND deliver_at <= ${new Date(horizonMs)}
        ORDER BY deliver_at, event_id LIMIT ${laterMax}
      )
      DELETE FROM event_retention_later l USING due d
      WHERE l.organization_id = ${organization} AND l.pattern = ${pattern} AND l.deliver_at = d.deliver_at AND l.event_id = d.event_id
      RETURNING l.event_id AS id`)
  ).map(({ id }) => id);

const moveTo = (tx: Transaction, { organization_id: organization, pattern }: Entry, position: string) =>
  tx.execute(
    sql`UPDATE event_retention SET position = ${position} WHERE organization_id = ${organization} AND pattern = ${pattern}`,
  );
