import type { Queryable } from '../db/pool.ts';
import { sql } from '../db/sql.ts';

export interface Abilities {
  readonly version: string;
  /** `server_version_num`, such as 150004. */
  readonly number: number;
  readonly encoding: string;
  readonly standby: boolean;
  readonly read_only: boolean;
  readonly account: string;
  /** Whether the account may create tables. */
  readonly creates: boolean;
  /** Number of tables owned by roles that the account is not a member of. */
  readonly foreign_tables: number;
  readonly connections_max: number;
  readonly connections_free: number;
}

/** Properties of the PostgreSQL server and the privileges of this account. */
export async function databaseAbilities(db: Queryable): Promise<Abilities> {
  const [row] = await db.query(sql<Abilities>`
    SELECT current_setting('server_version') AS version, current_setting('server_version_num')::integer AS number,
      current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby, current_setting('transaction_read_only')::boolean AS read_only,
      current_user::text AS account, coalesce(has_schema_privilege(to_regnamespace('public'), 'CREATE'), false) AS creates,
      (SELECT count(*) FROM pg_class c WHERE c.relnamespace = to_regnamespace('public') AND c.relkind IN ('r', 'p') AND NOT pg_has_role(c.relowner, 'USAGE')) AS foreign_tables,
      current_setting('max_connections')::integer AS connections_max,
      current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
        - (SELECT count(*)::integer FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections_free`);
  if (row === undefined) throw new Error('unreachable: a SELECT without FROM returns one row');
  return row;
}

/** The database's clock in Unix milliseconds. */
export const databaseTime = async (db: Queryable): Promise<number> =>
  (await db.query(sql<{ at: number }>`SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS at`))[0]?.at ??
  Number.NaN;

/** The names among these that exist as partitions. */
export const partitionsAmong = async (db: Queryable, names: readonly string[]): Promise<string[]> =>
  (
    await db.query(
      sql<{
        name: string;
      }>`SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relname = ANY(${[...names]})`,
    )
  ).map((row) => row.name);

/** Roles of each live process: one seen within the last 15 s, as processes count each other. */
export const liveProcesses = async (db: Queryable): Promise<string[][]> =>
  (
    await db.query(sql<{ roles: string[] }>`SELECT roles FROM processes WHERE seen_at > now() - interval '15 seconds'`)
  ).map((row) => row.roles);

/** How long the oldest due delivery of an active endpoint has waited, in ms. Costs one index probe per endpoint. */
export const oldestDueMs = async (db: Queryable): Promise<number> =>
  (
    await db.query(sql<{ waited: number | null }>`
      SELECT greatest(0, extract(epoch FROM now() - min(q.due_at)) * 1000)::bigint AS waited FROM endpoints e
      CROSS JOIN LATERAL (SELECT due_at FROM delivery_queue WHERE endpoint_id = e.id AND state = 'pending' ORDER BY due_at LIMIT 1) q
      WHERE e.is_active AND e.transport = 'push' AND e.deleted_at IS NULL`)
  )[0]?.waited ?? 0;

/** How many mailboxes have each status, deleted ones aside. */
export const mailboxCounts = (db: Queryable): Promise<{ status: string; count: number }[]> =>
  db.query(sql<{ status: string; count: number }>`
    SELECT status, count(*) AS count FROM mailboxes WHERE deleted_at IS NULL GROUP BY status ORDER BY status`);
