import type pg from 'pg';
import type { Table } from './file.ts';

/**
 * Tables that are not backed up: the state of running processes, and the record of migrations, which a restore creates again. Unlogged tables
 * (`processes`, `rate_limit_windows`) are not backed up either.
 */
const left = ['fifo_leases', 'schema_migrations'];

/** Excludes tables and views of extensions. */
const notOfExtension = `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

/**
 * The tables of a backup with their columns, by PostgreSQL's relkind: `r` for ordinary tables and partitions, `p` for partitioned tables. A
 * partition's columns may be in another order than its parent's.
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

/** The name of any table, view or sequence in the database; undefined if it is empty. */
export async function anythingIn(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND ${notOfExtension} LIMIT 1`,
  );
  return rows[0]?.name;
}
