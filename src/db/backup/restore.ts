/** Restores a backup into an empty database in one transaction: completely or not at all. */
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { OperatorError } from '../../base/errors.ts';
import { migrationLock, migrationScript, readMigrations } from '../migrate.ts';
import { partitionStatement } from '../partitions.ts';
import { identifier } from './dump.ts';
import type { Progress } from './dump.ts';
import type { FrameReader, Header, Table } from './file.ts';
import { anythingIn, tablesOf } from './tables.ts';

export interface RestoreOptions {
  readonly progress?: Progress;
  /** Runs before the commit; if it fails, the restore is rolled back. */
  readonly beforeCommit?: () => Promise<void>;
  readonly signal?: AbortSignal;
}

/**
 * Applies the migrations up to the backup's, copies the rows, and then applies the newer migrations as in an upgrade.
 * @throws OperatorError, leaving the database unchanged, if it is not empty or the file is damaged
 */
export async function restoreDatabase(
  url: string,
  backup: FrameReader,
  { progress = () => {}, beforeCommit, signal }: RestoreOptions = {},
): Promise<void> {
  const { header } = backup;
  const migrations = await readMigrations();
  const client = new pg.Client({ connectionString: url, application_name: 'outrider restore', keepAlive: true });
  await client.connect();
  client.on('error', () => {});
  try {
    await client.query(
      'SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET search_path = public',
    );
    await client.query('BEGIN');
    // A server that starts in the meantime waits for this lock and then finds the restored database.
    await client.query(`SELECT pg_advisory_xact_lock(${migrationLock})`);
    await assertEmpty(client);
    for (const migration of migrations)
      if (migration.number <= header.migration) await client.query(migrationScript(migration));
    const tables = await tablesOf(client, ['r', 'p']);
    // Migrations insert rows into some tables.
    await client.query(`TRUNCATE ${tables.map(({ name }) => identifier(name)).join(', ')} CASCADE`);
    await copyAll(client, tables, backup, progress, signal);
    for (const { name, value } of header.sequences)
      await client.query('SELECT setval(to_regclass($1), $2::bigint)', [identifier(name), value]);
    for (const migration of migrations)
      if (migration.number > header.migration) await client.query(migrationScript(migration));
    signal?.throwIfAborted();
    await beforeCommit?.();
    await client.query('COMMIT');
    // A backup contains no statistics, which the planner needs.
    await client.query('ANALYZE');
  } catch (error) {
    if (signal?.aborted === true) throw new OperatorError('Stopped: nothing was restored.', { cause: error });
    throw error;
  } finally {
    await client.end();
  }
}

/** @throws OperatorError if the backup was created by a newer version */
export async function assertReadable({ migration, version }: Header): Promise<void> {
  const newest = (await readMigrations()).at(-1)?.number ?? 0;
  if (migration > newest)
    throw new OperatorError(
      `The backup was created by a newer Outrider (${version}, migration ${migration}; this version has ${newest}). Restore it with that version or a newer one.`,
    );
}

async function assertEmpty(client: pg.Client): Promise<void> {
  const name = await anythingIn(client);
  if (name !== undefined)
    throw new OperatorError(
      `The database is not empty: it contains ${name}. A backup can only be restored into an empty database or data folder. Nothing was changed.`,
    );
}

async function copyAll(
  client: pg.Client,
  tables: readonly Table[],
  { header, frames }: FrameReader,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const known = new Map(tables.map(({ name, columns }) => [name, columns]));
  const iterator = frames[Symbol.asyncIterator]();
  let next = await iterator.next();
  let position = 0;
  let bytes = 0;
  async function* rows(name: string): AsyncGenerator<Buffer> {
    for (next = await iterator.next(); next.done !== true && next.value.kind === 'rows'; next = await iterator.next()) {
      yield next.value.bytes;
      bytes += next.value.bytes.length;
      progress(name, position, header.tables, bytes);
    }
  }
  while (next.done !== true) {
    if (next.value.kind !== 'table') throw foreign('rows before the first table');
    const { name, columns } = next.value.table;
    const partition = partitionStatement(name);
    if (partition !== undefined) await client.query(partition.text);
    const present = known.get(partition?.parent ?? name);
    // A name from the file becomes part of a statement only if the schema has it.
    if (present === undefined || !columns.every((column) => present.includes(column)))
      throw foreign(`the table ${name} (${columns.join(', ')})`);
    position += 1;
    const copy = client.query(copyFrom(`COPY ${identifier(name)} (${columns.map(identifier).join(', ')}) FROM STDIN`));
    await pipeline(rows(name), copy, signal === undefined ? {} : { signal });
  }
}

const foreign = (what: string): OperatorError =>
  new OperatorError(
    `The backup contains ${what}, which does not exist in its version of Outrider. Nothing was restored.`,
  );
