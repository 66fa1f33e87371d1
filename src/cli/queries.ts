import type { Queryable } from '../db/pool.ts';
import { sql } from '../db/sql.ts';

export const serverVersion = async (db: Queryable): Promise<{ version: string; number: number }> =>
  (
    await db.query(sql<{ version: string; number: number }>`
      SELECT current_setting('server_version') AS version, current_setting('server_version_num')::integer AS number`)
  )[0] ?? { version: 'unknown', number: 0 };

/** The database's own clock, Unix milliseconds. */
export const databaseTime = async (db: Queryable): Promise<number> =>
  (await db.query(sql<{ at: number }>`SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS at`))[0]?.at ?? Number.NaN;

/** Which of these tables exist as partitions. */
export const partitionsAmong = async (db: Queryable, names: readonly string[]): Promise<string[]> =>
  (
    await db.query(
      sql<{ name: string }>`SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relname = ANY(${[...names]})`,
    )
  ).map((row) => row.name);

/** Roles of each live process; one not seen for 15 s is dead, as processes count each other. */
export const liveProcesses = async (db: Queryable): Promise<string[][]> =>
  (await db.query(sql<{ roles: string[] }>`SELECT roles FROM processes WHERE seen_at > now() - interval '15 seconds'`)).map((row) => row.roles);

/** For how long the oldest due delivery of a live endpoint has waited, in ms; each endpoint's oldest is one look into the index of due times. */
export const oldestDueMs = async (db: Queryable): Promise<number> =>
  (
    await db.query(sql<{ waited: number | null }>`
      SELECT greatest(0, extract(epoch FROM now() - min(q.due_at)) * 1000)::bigint AS waited FROM endpoints e
      CROSS JOIN LATERAL (SELECT due_at FROM delivery_queue WHERE endpoint_id = e.id AND state = 'pending' ORDER BY due_at LIMIT 1) q
      WHERE e.is_active AND e.transport = 'push' AND e.deleted_at IS NULL`)
  )[0]?.waited ?? 0;
