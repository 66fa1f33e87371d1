import { readdir, readFile } from 'node:fs/promises';
import { OperatorError } from '../base/errors.ts';
import { sqlState } from './pool.ts';
import type { Database } from './pool.ts';
import { sql } from './sql.ts';

const folder = new URL('./migrations/', import.meta.url);

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly text: string;
}

export async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const fault = numberingFault(names);
  if (fault !== undefined) throw new Error(fault);
  return Promise.all(
    names.map(async (name) => ({
      number: Number(name.slice(0, 4)),
      name: name.slice(0, -4),
      text: await readFile(new URL(name, folder), 'utf8'),
    })),
  );
}

/** What is wrong with the numbers of migrations: two branches that both added one would leave a duplicate, which would never be applied. */
export function numberingFault(names: readonly string[]): string | undefined {
  for (const [index, name] of names.entries()) {
    const expected = String(index + 1).padStart(4, '0');
    if (!/^\d{4}_\w+\.sql$/.test(name)) return `Migration ${name} must be named NNNN_name.sql.`;
    const number = name.slice(0, 4);
    if (number === names[index - 1]?.slice(0, 4))
      return `Migrations ${names[index - 1]} and ${name} have the same number: rename the one that landed last.`;
    if (number !== expected) return `Migration ${expected} is missing: ${name} must have that number.`;
  }
  return undefined;
}

/** 'outrider' as a number: the advisory lock under which migrations run, so that processes starting together take turns. */
export const migrationLock = 0x6f757472;

/**
 * Brings the schema up to this version. Each migration commits with its row in `schema_migrations`.
 * @returns the names applied now.
 * @throws OperatorError when the database was migrated by a newer version; nothing is touched then.
 */
export async function migrate(db: Database): Promise<string[]> {
  const migrations = await readMigrations();
  const before = await appliedNumber(db);
  assertNotNewer(before, migrations.at(-1)?.number ?? 0);
  const applied: string[] = [];
  for (const migration of migrations) {
    // Asked again: another process may be migrating too.
    if (before >= migration.number || (await appliedNumber(db)) >= migration.number) continue;
    // One script, one implicit transaction: the lock, the check and the change stand or fall together.
    await db.script(`SELECT pg_advisory_xact_lock(${migrationLock}); ${migrationScript(migration)}`);
    applied.push(migration.name);
  }
  return applied;
}

/** One script: the change, if it is not there yet, and the row that says so. */
export const migrationScript = ({ number, name, text }: Migration): string => `
  CREATE TABLE IF NOT EXISTS schema_migrations (number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
  DO $migrate$ BEGIN
    IF NOT EXISTS (SELECT FROM schema_migrations WHERE number = ${number}) THEN
      EXECUTE $body$${text}$body$;
      INSERT INTO schema_migrations (number, name) VALUES (${number}, '${name}');
    END IF;
  END $migrate$;`;

const rehearsed = 'OR001';

/** Applies all migrations to an empty database and takes them back. @throws what PostgreSQL says when one cannot be applied. */
export async function rehearseMigrations(db: Database): Promise<void> {
  const scripts = (await readMigrations()).map(migrationScript).join('');
  await db
    // One script is one transaction, which its error takes back.
    .script(
      `SELECT pg_advisory_xact_lock(${migrationLock}); ${scripts} DO $end$ BEGIN RAISE EXCEPTION 'rehearsed' USING ERRCODE = '${rehearsed}'; END $end$`,
    )
    .catch((error: unknown) => {
      if (sqlState(error) !== rehearsed) throw error;
    });
}

export async function appliedNumber(db: Database): Promise<number> {
  const [table] = await db.query(
    sql<{ present: boolean }>`SELECT to_regclass('schema_migrations') IS NOT NULL AS present`,
  );
  if (table?.present !== true) return 0;
  const [row] = await db.query(sql<{ number: number | null }>`SELECT max(number) AS number FROM schema_migrations`);
  return row?.number ?? 0;
}

function assertNotNewer(present: number, newest: number): void {
  if (present > newest) {
    throw new OperatorError(
      `The database was written by a newer Outrider (migration ${present}, this version knows ${newest}). Start that version or newer; nothing was touched.`,
    );
  }
}
