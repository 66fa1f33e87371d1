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

/** A gap, duplicate or wrong name among the migrations; undefined if there is none. A duplicate, left by two branches, would never be applied. */
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

/** The advisory lock ("outr" in ASCII) that serializes migrations of processes that start at the same time. */
export const migrationLock = 0x6f757472;

/**
 * Migrates the schema to this version. Each migration commits together with its row in `schema_migrations`.
 * @returns the names of the migrations applied
 * @throws OperatorError, without changing anything, if a newer version has migrated the database
 */
export async function migrate(db: Database): Promise<string[]> {
  const migrations = await readMigrations();
  const before = await appliedNumber(db);
  assertNotNewer(before, migrations.at(-1)?.number ?? 0);
  const applied: string[] = [];
  for (const migration of migrations) {
    // Queried again, because another process may be migrating too.
    if (before >= migration.number || (await appliedNumber(db)) >= migration.number) continue;
    // One script is one implicit transaction of the lock, the check and the change.
    await db.script(`SELECT pg_advisory_xact_lock(${migrationLock}); ${migrationScript(migration)}`);
    applied.push(migration.name);
  }
  return applied;
}

/** The script of a migration: applies the change and records it, unless it has been applied. */
export const migrationScript = ({ number, name, text }: Migration): string => `
  CREATE TABLE IF NOT EXISTS schema_migrations (number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
  DO $migrate$ BEGIN
    IF NOT EXISTS (SELECT FROM schema_migrations WHERE number = ${number}) THEN
      EXECUTE $body$${text}$body$;
      INSERT INTO schema_migrations (number, name) VALUES (${number}, '${name}');
    END IF;
  END $migrate$;`;

const rehearsed = 'OR001';

/** Applies all migrations to an empty database and rolls them back. @throws PostgreSQL's error if one cannot be applied */
export async function rehearseMigrations(db: Database): Promise<void> {
  const scripts = (await readMigrations()).map(migrationScript).join('');
  await db
    // One script is one transaction, which the error at its end rolls back.
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
      `The database was written by a newer Outrider (migration ${present}; this version has ${newest}). Start that version or a newer one. Nothing was changed.`,
    );
  }
}
