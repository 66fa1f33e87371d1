/**
 * Starts and stops the PostgreSQL of a test run.
 * Test processes inherit its URL. By default it is the embedded PostgreSQL; `OUTRIDER_TEST_POSTGRES_BIN` names a folder with another
 * version's programs (`/usr/lib/postgresql/15/bin`), `OUTRIDER_TEST_POSTGRES_URL` a running server.
 */
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedDatabase } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { connect } from '../../src/db/pool.ts';
import { startExternalPostgres } from './external-postgres.ts';

export const urlVariable = 'OUTRIDER_TEST_POSTGRES_URL';
const programsVariable = 'OUTRIDER_TEST_POSTGRES_BIN';
/** Migrated once, cloned for each test file. */
export const template = 'template_outrider';

/** Outrider requires fsync, which costs nothing in memory; several test files share the connections. Autovacuum would visit hundreds of databases, and change plans that tests read. */
const settings = {
  autovacuum: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '300',
};

export interface TestPostgres {
  /** The URL of the maintenance database; tests create their own databases. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a PostgreSQL in a temporary folder, which `stop` removes, and creates the template database. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const inMemory = '/dev/shm';
  const dataDir = await mkdtemp(join(existsSync(inMemory) ? inMemory : tmpdir(), 'outrider-test-'));
  const remove = (): Promise<void> => rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
  // When run by root, PostgreSQL uses another account, which cannot access mkdtemp's folder.
  await chmod(dataDir, 0o755);
  try {
    const programs = process.env[programsVariable];
    const server =
      programs === undefined
        ? await startEmbeddedDatabase({ dataDir, settings })
        : await startExternalPostgres(programs, dataDir, settings);
    const stop = async (): Promise<void> => {
      await server.stop('immediate'); // its data is no longer needed
      await remove();
    };
    await makeTemplate(server.url).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return { url: server.url, stop };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function makeTemplate(url: string): Promise<void> {
  await administer(url, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`, `CREATE DATABASE ${template}`);
  const db = connect(databaseUrl(url, template));
  try {
    await migrate(db);
  } finally {
    await db.close();
  }
}

/** Runs statements one by one, each in its own transaction, as CREATE DATABASE requires. */
export async function administer(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The URL of another database on the same server. */
export function databaseUrl(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

let running: TestPostgres | undefined;

export async function globalSetup(): Promise<void> {
  const given = process.env[urlVariable];
  if (given !== undefined) return makeTemplate(given);
  running = await startTestPostgres();
  process.env[urlVariable] = running.url;
}

export async function globalTeardown(): Promise<void> {
  await running?.stop();
}
