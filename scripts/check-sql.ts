/**
 * Checks the SQL with PostgreSQL itself: migrates an empty database, compares its schema with src/db/schema.sql, and lets the server analyse
 * every `sql` statement, whose row type must match the columns that the statement returns. `--write` updates the snapshot.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { connect } from '../src/db/pool.ts';
import { createTestDatabase } from '../test/harness/database.ts';
import { globalSetup, globalTeardown } from '../test/harness/postgres.ts';
import { firstDifference } from './drift.ts';
import { schemaSnapshot } from './schema-snapshot.ts';
import { openSources, root } from './sources.ts';
import { findStatements, statementFaults } from './sql-statements.ts';

const snapshotPath = 'src/db/schema.sql';

/** Returns where the snapshot differs from the schema; with `write`, updates the snapshot instead. */
async function checkSnapshot(url: string, write: boolean): Promise<string[]> {
  const db = connect(url);
  try {
    const wanted = await schemaSnapshot(db);
    const present = await readFile(join(root, snapshotPath), 'utf8').catch(() => '');
    if (present === wanted) return [];
    if (!write) return [`${snapshotPath}:${firstDifference(present, wanted)}; run: npm run generate`];
    await writeFile(join(root, snapshotPath), wanted);
    console.log(`${snapshotPath} written`);
    return [];
  } finally {
    await db.close();
  }
}

async function checkStatements(url: string): Promise<string[]> {
  using sources = openSources();
  const statements = sources.files.filter(({ path }) => /^(src|scripts)\//.test(path)).flatMap(findStatements);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const faults: string[] = [];
    for (const statement of statements) faults.push(...(await statementFaults(client, sources.checker, statement)));
    console.log(`${statements.length} statements analysed by PostgreSQL`);
    return faults;
  } finally {
    await client.end();
  }
}

await globalSetup();
const database = await createTestDatabase();
try {
  const faults = [
    ...(await checkSnapshot(database.url, process.argv.includes('--write'))),
    ...(await checkStatements(database.url)),
  ];
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
} finally {
  await database.drop();
  await globalTeardown();
}
