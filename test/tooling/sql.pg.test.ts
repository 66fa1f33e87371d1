import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { describeStatement } from '../../scripts/describe-statement.ts';
import { schemaSnapshot } from '../../scripts/schema-snapshot.ts';
import { findStatements, statementFaults } from '../../scripts/sql-statements.ts';
import { openSources } from '../../scripts/sources.ts';
import { connect } from '../../src/db/pool.ts';
import type { Database } from '../../src/db/pool.ts';
import { companyColumns } from '../../src/crm/companies/queries.ts';
import { columns, sql } from '../../src/db/sql.ts';
import { createTestDatabase } from '../harness/database.ts';

const database = await createTestDatabase();
const client = new pg.Client({ connectionString: database.url });
let db: Database;

before(async () => {
  db = connect(database.url);
  await client.connect();
});
after(async () => {
  await client.end();
  await db.close();
  await database.drop();
});

test('a statement is described without being run', async () => {
  const described = await describeStatement(client, 'DELETE FROM subscription_epoch RETURNING value, only_row');
  assert.deepEqual(described, {
    kind: 'valid',
    columns: [
      { name: 'value', type: pg.types.builtins.INT8 },
      { name: 'only_row', type: pg.types.builtins.BOOL },
    ],
  });
  assert.equal((await client.query('SELECT FROM subscription_epoch')).rowCount, 1);
});

test('an invalid statement is reported with its position, and the connection stays usable', async () => {
  const described = await describeStatement(client, 'SELECT idd FROM endpoints');
  assert.deepEqual(described, {
    kind: 'invalid',
    message: 'column "idd" does not exist (Perhaps you meant to reference the column "endpoints.id".)',
    offset: 7,
  });
  assert.deepEqual(await describeStatement(client, 'SELECT'), { kind: 'valid', columns: [] });
});

// These statements are wrong on purpose and never run.
export const wrong = [
  sql<{ value: string }>`SELECT value FROM subscription_epoch`,
  sql<{ valeu: number }>`SELECT value FROM subscription_epoch`,
  sql`SELECT value
        FROM subscription_epochs`,
  sql`SELECT ${sql`SELECT 1`}`,
  sql<{ value: number }>`SELECT value FROM subscription_epoch`,
  sql`SELECT ${companyColumns} FROM companies WHERE id = ${''} AND nme = ${''}`,
  sql`SELECT ${columns(['value'])} FROM subscription_epoch`,
];

test('faults of statements in a source file are reported with their lines', async () => {
  using sources = openSources();
  const source = sources.files.find(({ path }) => path === 'test/tooling/sql.pg.test.ts');
  assert.ok(source !== undefined);
  const faults: string[] = [];
  for (const statement of findStatements(source))
    faults.push(...(await statementFaults(client, sources.checker, statement)));
  const first = Number(/:(\d+)/.exec(faults[0] ?? '')?.[1]);
  assert.deepEqual(faults, [
    `test/tooling/sql.pg.test.ts:${first} the row type says value: string; the column is int8`,
    `test/tooling/sql.pg.test.ts:${first + 1} the row type has valeu; the statement returns value`,
    `test/tooling/sql.pg.test.ts:${first + 3} relation "subscription_epochs" does not exist`,
    `test/tooling/sql.pg.test.ts:${first + 4} a statement inside a statement would be sent as a parameter`,
    `test/tooling/sql.pg.test.ts:${first + 6} column "nme" does not exist (Perhaps you meant to reference the column "companies.name".)`,
    `test/tooling/sql.pg.test.ts:${first + 7} columns must be an exported constant, given by its name`,
  ]);
});

test('the snapshot shows every kind of schema change and omits day partitions', async () => {
  let snapshot = await schemaSnapshot(db);
  const changes: Readonly<Record<string, string>> = {
    'a column': 'ALTER TABLE workspaces ADD COLUMN colour text',
    'a default': `ALTER TABLE workspaces ALTER COLUMN colour SET DEFAULT 'red'`,
    'NOT NULL': 'ALTER TABLE workspaces ALTER COLUMN colour SET NOT NULL',
    'a constraint': `ALTER TABLE workspaces ADD CONSTRAINT bright CHECK (colour <> 'black')`,
    'an index': 'CREATE INDEX workspaces_colour ON workspaces (colour)',
    'a view': 'CREATE VIEW colours AS SELECT colour FROM workspaces',
    'a function': `CREATE FUNCTION blue() RETURNS text LANGUAGE sql RETURN 'blue'`,
    'a trigger':
      'CREATE TRIGGER unchanged BEFORE UPDATE ON workspaces FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
    'a type': `CREATE TYPE shade AS ENUM ('dark')`,
    'storage options': 'ALTER TABLE workspaces SET (fillfactor = 70)',
  };
  for (const [what, change] of Object.entries(changes)) {
    await db.script(change);
    const next = await schemaSnapshot(db);
    assert.notEqual(next, snapshot, what);
    snapshot = next;
  }
  await db.script(
    `CREATE TABLE events_19700101 PARTITION OF events FOR VALUES FROM ('00000000-0000-7000-8000-000000000000') TO ('00000000-0001-7000-8000-000000000000')`,
  );
  assert.equal(await schemaSnapshot(db), snapshot);
});
