/** Reads a whole database in one snapshot, while servers may be using it. */
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { OperatorError } from '../../base/errors.ts';
import type { Content, Header, Table } from './file.ts';
import { tablesOf } from './tables.ts';

/** Called often with the current table, its number, the number of tables, and the bytes of rows so far. */
export type Progress = (table: string, position: number, tables: number, bytes: number) => void;

/**
 * Yields every table as one transaction sees it.
 * @param rest header fields that do not come from the database
 */
export async function* dumpDatabase(
  url: string,
  rest: Pick<Header, 'version' | 'created_at' | 'master_key'>,
  progress: Progress,
): AsyncGenerator<Content> {
  const client = new pg.Client({ connectionString: url, application_name: 'outrider backup', keepAlive: true });
  await client.connect();
  // A broken connection fails the current statement; without a listener it would end the process.
  client.on('error', () => {});
  try {
    await client.query(
      "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET datestyle = 'ISO'; SET bytea_output = 'hex'; SET extra_float_digits = 3; SET search_path = public",
    );
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const tables = await lockTables(client);
    yield { kind: 'header', header: { ...rest, ...(await headerOf(client)), tables: tables.length } };
    let bytes = 0;
    for (const [index, table] of tables.entries()) {
      yield { kind: 'table', table };
      const rows = client.query(
        copyTo(`COPY ${identifier(table.name)} (${table.columns.map(identifier).join(', ')}) TO STDOUT`),
      );
      for await (const chunk of rows as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        progress(table.name, index + 1, tables.length, bytes);
        yield { kind: 'rows', bytes: chunk };
      }
    }
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

export const identifier = (name: string): string => pg.escapeIdentifier(name);

/**
 * The tables in an order that satisfies foreign keys, each locked against being dropped during the backup. Maintenance that tries to drop a
 * partition gives up after two seconds and tries again in an hour.
 */
async function lockTables(client: pg.Client): Promise<Table[]> {
  const found = await tablesOf(client, ['r']);
  for (const { name } of found) await client.query(`LOCK TABLE ${identifier(name)} IN ACCESS SHARE MODE`);
  const { rows } = await client.query<{ from: string; to: string }>(
    `SELECT conrelid::regclass::text AS "from", confrelid::regclass::text AS "to" FROM pg_constraint
     WHERE contype = 'f' AND conrelid <> confrelid AND connamespace = 'public'::regnamespace`,
  );
  return sorted(found, rows);
}

/** Sorts tables so that each comes after those that it references. */
export function sorted(
  tables: readonly Table[],
  references: readonly { readonly from: string; readonly to: string }[],
): Table[] {
  const done = new Set<string>();
  const order: Table[] = [];
  while (order.length < tables.length) {
    const ready = tables.filter(
      ({ name }) => !done.has(name) && references.every(({ from, to }) => from !== name || done.has(to)),
    );
    if (ready.length === 0) throw new Error('Foreign keys form a cycle: no order of the tables satisfies them.');
    for (const table of ready) {
      done.add(table.name);
      order.push(table);
    }
  }
  return order;
}

async function headerOf(
  client: pg.Client,
): Promise<Pick<Header, 'migration' | 'postgres' | 'sequences' | 'master_key_id'>> {
  const { rows } = await client.query<{ migration: number | null; postgres: string; keys: string[] | null }>(
    `SELECT (SELECT max(number) FROM schema_migrations) AS migration, current_setting('server_version') AS postgres,
            (SELECT array_agg(DISTINCT master_key_id) FROM organizations) AS keys`,
  );
  const [row] = rows;
  if (row?.migration == null) throw new OperatorError('The database is empty: there is nothing to back up.');
  const sequences = await client.query<{ name: string; value: string }>(
    `SELECT sequencename AS name, last_value::text AS value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL`,
  );
  return {
    migration: row.migration,
    postgres: row.postgres,
    sequences: sequences.rows,
    master_key_id: row.keys?.[0] ?? null,
  };
}
