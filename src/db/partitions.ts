import { idAt } from '../base/ids.ts';
import type { Database } from './pool.ts';
import { sql } from './sql.ts';
import { dayMs } from '../base/clock.ts';

/** Tables partitioned by the day of their UUIDv7 ids. */
const partitioned = ['events', 'delivery_log', 'attempts'] as const;
/** The advisory lock under which partitions are created. In SQL as a decimal: PostgreSQL 15 does not support hexadecimal literals. */
const partitionLock = 0x6f757473;

const stamp = (unixMs: number): string => new Date(unixMs).toISOString().slice(0, 10).replaceAll('-', '');

/** The statement that creates the partition with a name such as `events_20261128`; undefined if the name is not that of a partition. */
export function partitionStatement(name: string): { readonly parent: string; readonly text: string } | undefined {
  const [, parent = '', year = '', month = '', day = ''] = /^(\w+)_(\d{4})(\d\d)(\d\d)$/.exec(name) ?? [];
  const from = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (!(partitioned as readonly string[]).includes(parent) || stamp(from) !== `${year}${month}${day}`) return undefined;
  return {
    parent,
    text: `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF ${parent} FOR VALUES FROM ('${idAt(from)}') TO ('${idAt(from + dayMs)}');`,
  };
}

/**
 * Creates the partitions from yesterday to `daysAhead` days from now, so that no write waits for one. Yesterday's is for ids generated just
 * before midnight. A partition's name ends in its UTC day.
 */
export async function createPartitions(db: Database, nowMs: number, daysAhead = 7): Promise<void> {
  const present = new Set(
    (
      await db.query(sql<{ name: string }>`
    SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    JOIN pg_class p ON p.oid = i.inhparent WHERE p.relname = ANY(${[...partitioned]}) AND p.relnamespace = 'public'::regnamespace`)
    ).map((row) => row.name),
  );
  const today = Math.floor(nowMs / dayMs) * dayMs;
  const statements: string[] = [];
  for (let day = today - dayMs; day <= today + daysAhead * dayMs; day += dayMs) {
    for (const table of partitioned) {
      const name = `${table}_${stamp(day)}`;
      const statement = partitionStatement(name);
      if (statement !== undefined && !present.has(name)) statements.push(statement.text);
    }
  }
  // The lock serializes processes that start together, because `IF NOT EXISTS` alone races in the catalogue. Each statement has its own
  // transaction: a new partition briefly locks its table, and locking two tables while others use both would deadlock.
  for (const statement of statements) await db.script(`SELECT pg_advisory_xact_lock(${partitionLock}); ${statement}`);
}

/**
 * Drops the partitions whose whole day is older than the retention. Those of deliveries and attempts stay a day longer, so that deliveries
 * that expired with their event remain visible. The retention counts from the newest day that has an event, if that is before today, so a
 * clock in the future deletes nothing.
 * @param nowMs the database's time
 * @param expire ends pending and held deliveries of events before this id; if it fails, nothing is dropped
 * @param onDrop receives the names of the tables before they are dropped
 * @returns the names of the dropped tables
 */
export async function dropPartitions(
  db: Database,
  nowMs: number,
  retentionDays: number,
  expire: (beforeEvent: string) => Promise<unknown>,
  onDrop: (names: readonly string[]) => void = () => {},
): Promise<string[]> {
  const newest = await newestDay(db);
  if (newest === undefined) return [];
  const horizon = Math.min(newest, Math.floor(nowMs / dayMs) * dayMs) - retentionDays * dayMs;
  const rows = await db.query(sql<{ name: string }>`
    SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    JOIN pg_class p ON p.oid = i.inhparent WHERE p.relname = ANY(${[...partitioned]}) AND p.relnamespace = 'public'::regnamespace ORDER BY 1`);
  const names = rows
    .map((row) => row.name)
    .filter((name) => name.slice(-8) < stamp(name.startsWith('events_') ? horizon : horizon - dayMs));
  if (names.length === 0) return [];
  await expire(idAt(horizon));
  onDrop(names);
  // The drop briefly locks the parent. Give up rather than queue every write behind a long read; the next hour tries again.
  for (const name of names) await db.script(`SET LOCAL lock_timeout = '2s'; DROP TABLE IF EXISTS ${name}`);
  return names;
}

/** The start of the newest UTC day that has an event, in Unix milliseconds; checks the partitions from the newest on. */
async function newestDay(db: Database): Promise<number | undefined> {
  const partitions = await db.query(sql<{ name: string }>`
    SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'public.events'::regclass ORDER BY right(c.relname, 8) DESC`);
  for (const { name } of partitions) {
    const day = Date.parse(name.slice(-8).replace(/^(....)(..)(..)$/, '$1-$2-$3'));
    const [found] = await db.query(
      sql<{
        any: boolean;
      }>`SELECT EXISTS (SELECT FROM events WHERE id >= ${idAt(day)} AND id < ${idAt(day + dayMs)}) AS any`,
    );
    if (found?.any === true) return day;
  }
  return undefined;
}
