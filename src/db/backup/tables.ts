import type pg from 'pg';
import type { Table } from './file.ts';

/**
 * Tables that no backup holds: what processes note about themselves while they run, and the record of migrations, which a restore makes again.
 * Unlogged tables (`processes`, `rate_limit_windows`) are left out too.
 */
const left = ['fifo_leases', 'schema_migrations'];

/** An extension's own tables and views are not ours. */
const notOfExtension = `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

/**
 * The tables that a backup holds, with their columns: by PostgreSQL's kinds, `r` an ordinary table or a partition, `p` a partitioned table. A
 * partition's columns need not be in its parent's order.
 */
export async function tablesOf(client: pg.Client, kinds: readonly ('r' | 'p')[]): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = ANY($1::"char"[]) AND c.relpersistence = 'p' AND ${notOfExtension}
     GROUP BY c.relname ORDER BY c.relname`,
    [kinds],
  );
  return rows.filter(({ name }) => !left.includes(name));
}

/** The name of something that is stored in the database, when there is anything. */
export async function anythingIn(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND ${notOfExtension} LIMIT 1`,
  );
  return rows[0]?.name;
}
