import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts';
import { nested } from './joint.ts';
import { connect, isDatabaseAway, type Database } from './pool.ts';
import { sql } from './sql.ts';

describe('pool', () => {
  let database: TestDatabase;
  let db: Database;
  let other: Database;

  before(async () => {
    database = await createTestDatabase();
    db = connect(database.url, { max: 2 });
    other = connect(database.url, { max: 1 });
  });
  after(async () => {
    await db.close();
    await other.close();
    await database.drop();
  });

  test('a connection that breaks between two statements fails only its transaction, which is reported', async () => {
    let rolledBack = 0;
    let committed = 0;
    const failing = db.transaction(async (tx) => {
      tx.afterRollback(() => (rolledBack += 1));
      tx.afterCommit(() => (committed += 1));
      const [own] = await tx.query(sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`);
      await other.query(sql`SELECT pg_terminate_backend(${own?.pid}, 5000)`);
      // Round trips on another connection give the end of this one time to arrive while it runs no statement.
      for (let trip = 0; trip < 20; trip += 1) await other.query(sql`SELECT 1`);
      await tx.query(sql`SELECT 1`);
    });
    await assert.rejects(failing, (error: unknown) => isDatabaseAway(error));
    assert.deepEqual({ rolledBack, committed }, { rolledBack: 1, committed: 0 });
    assert.deepEqual(await db.query(sql<{ one: number }>`SELECT 1 AS one`), [{ one: 1 }]);
  });

  test('the writes of a rolled back transaction are discarded', async () => {
    await assert.rejects(
      db.transaction(async (tx) => {
        await tx.execute(sql`INSERT INTO installation (key, value) VALUES ('pool test', 'true')`);
        throw new Error('no');
      }),
      /no/,
    );
    assert.deepEqual(await db.query(sql<{ key: string }>`SELECT key FROM installation WHERE key = 'pool test'`), []);
  });

  test('of transactions within another that run at the same time, only the changes of those that fail are undone', async () => {
    const insert = (key: string) => sql`INSERT INTO installation (key, value) VALUES (${key}, 'true')`;
    const started = Promise.withResolvers<void>();
    await db.transaction(async (outer) => {
      const failing = nested(outer, async (tx) => {
        await tx.execute(insert('nested a'));
        started.resolve();
        await tx.query(sql`SELECT pg_sleep(0)`);
        throw new Error('no');
      });
      await started.promise;
      const lasting = nested(outer, (tx) => tx.execute(insert('nested b')));
      const [first, second] = await Promise.allSettled([failing, lasting]);
      assert.deepEqual([first.status, second.status], ['rejected', 'fulfilled']);
    });
    assert.deepEqual(await db.query(sql<{ key: string }>`SELECT key FROM installation WHERE key LIKE 'nested %'`), [
      { key: 'nested b' },
    ]);
  });
});
