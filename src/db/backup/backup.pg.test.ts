import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createTestDatabase } from '../../../test/harness/database.ts';
import type { TestDatabase } from '../../../test/harness/database.ts';
import { systemClock } from '../../base/clock.ts';
import { OperatorError } from '../../base/errors.ts';
import { createIds } from '../../base/ids.ts';
import { appliedNumber, migrationScript, readMigrations } from '../migrate.ts';
import { createPartitions } from '../partitions.ts';
import { connect } from '../pool.ts';
import type { Database } from '../pool.ts';
import { sql } from '../sql.ts';
import { dumpDatabase, sorted } from './dump.ts';
import { readBackup, writeBackup } from './file.ts';
import { assertReadable, restoreDatabase } from './restore.ts';

const organization = '0199c9f4-0000-7000-8000-000000000001';
const sandbox = '0199c9f4-0000-7000-8000-000000000002';
const rest = { version: '0.1.0', created_at: '2026-01-01T00:00:00Z', master_key: null };
const progress = (): void => {};

describe('a backup', () => {
  let folder: string;
  let source: TestDatabase;
  let db: Database;
  let path: string;
  const databases: TestDatabase[] = [];

  /** Without a schema, like a new database. */
  async function empty(): Promise<TestDatabase> {
    const database = await createTestDatabase();
    databases.push(database);
    const pool = connect(database.url, { max: 1 });
    await pool.script('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    await pool.close();
    return database;
  }
  let ids: () => string;
  /** Events and their deliveries, in one transaction. */
  const publish = (): Promise<void> =>
    db.script(`
      INSERT INTO events SELECT '${organization}', i, 'order.paid', '{"a":1}', now(), now() FROM unnest('{${[ids(), ids(), ids()].join(',')}}'::uuid[]) i;
      INSERT INTO delivery_queue (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, schedule_base, due_at, created_at)
      SELECT '${sandbox}', id, organization_id, id, type, 'event', 'pending', 0, 0, now(), now() FROM events e WHERE NOT EXISTS (SELECT FROM delivery_queue q WHERE q.id = e.id)`);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'outrider-backup-'));
    path = join(folder, 'backup');
    source = await createTestDatabase();
    databases.push(source);
    db = connect(source.url);
    const minted = createIds(systemClock);
    ids = () => String(minted.next());
    await createPartitions(db, Date.now());
    const slug = ['acme', 'acme-sandbox'];
    for (const [index, id] of [organization, sandbox].entries()) {
      await db.execute(sql`INSERT INTO organizations (id, slug, plan, alert_email, live_organization_id, data_key, master_key_id, created_at, updated_at)
        VALUES (${id}, ${slug[index]}, 'free', ${'tab\t, line\n, \\. and \\N "Ünïcode" 💌'}, ${index === 0 ? null : organization}, ${Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))}, 'key', now(), now())`);
    }
    await db.execute(sql`INSERT INTO workspaces VALUES (${ids()}, ${organization}, '\\.', now(), now())`);
    // Larger than a frame.
    await db.execute(
      sql`INSERT INTO events VALUES (${organization}, ${ids()}, 'order.paid', ${randomBytes(3 * 2 ** 20)}, now(), now())`,
    );
    await publish();
  });
  after(async () => {
    await db.close();
    for (const database of databases) await database.drop();
    await rm(folder, { recursive: true });
  });

  /** The number of rows and a checksum of every table that is backed up. */
  async function contents(url: string): Promise<unknown[]> {
    const pool = connect(url, { max: 1 });
    try {
      const tables = await pool.query(sql<{ name: string }>`
        SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relpersistence = 'p' AND relname <> 'schema_migrations' ORDER BY 1`);
      return await Promise.all(
        tables.map(async ({ name }) => [
          name,
          await pool.query({
            name: '',
            text: `SELECT count(*), sum(hashtextextended(t::text, 0)) FROM "${name}" t`,
            values: [],
          }),
        ]),
      );
    } finally {
      await pool.close();
    }
  }

  test('a backup restores every row of every table and the partitions', async () => {
    await writeBackup(path, dumpDatabase(source.url, rest, progress));
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    const target = await empty();
    const backup = await readBackup(path);
    assert.deepEqual(
      [backup.header.migration, backup.header.master_key_id],
      [(await readMigrations()).at(-1)?.number, 'key'],
    );
    await assertReadable(backup.header);
    await restoreDatabase(target.url, backup);
    assert.deepEqual(await contents(target.url), await contents(source.url));
    await assert.rejects(
      writeBackup(path, dumpDatabase(source.url, rest, progress)),
      /already exists; choose another name/,
    );
  });

  test('a backup is a consistent snapshot, whatever is written in the meantime', async () => {
    const busy = join(folder, 'busy');
    let writing = true;
    const writer = (async () => {
      while (writing) await publish();
    })();
    await writeBackup(busy, dumpDatabase(source.url, rest, progress));
    writing = false;
    await writer;
    const target = await empty();
    await restoreDatabase(target.url, await readBackup(busy));
    const pool = connect(target.url, { max: 1 });
    const [counts] = await pool.query(
      sql<{
        events: number;
        queue: number;
      }>`SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM delivery_queue) AS queue`,
    );
    await pool.close();
    assert.equal(counts?.events, counts?.queue);
  });

  test('a truncated or changed backup is rejected, and the database stays empty', async () => {
    const bytes = await readFile(path);
    const target = await empty();
    const damagedPath = join(folder, 'damaged');
    const refused = async (pattern: RegExp): Promise<void> => {
      await assert.rejects(
        async () => restoreDatabase(target.url, await readBackup(damagedPath)),
        (error) => error instanceof OperatorError && pattern.test(error.message),
      );
      const pool = connect(target.url, { max: 1 });
      assert.deepEqual(await pool.query(sql`SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace`), []);
      await pool.close();
    };
    for (const length of [30, 1_000, Math.floor(bytes.length / 2), bytes.length - 9, bytes.length - 1]) {
      await writeFile(damagedPath, bytes);
      await truncate(damagedPath, length);
      await refused(/truncated|not a backup/);
    }
    for (const at of [0, 200, Math.floor(bytes.length / 2), bytes.length - 6]) {
      await writeFile(damagedPath, bytes);
      const file = await open(damagedPath, 'r+');
      await file.write(Buffer.from([(bytes[at] ?? 0) ^ 0x01]), 0, 1, at);
      await file.close();
      await refused(/is damaged|not a backup|truncated/);
    }
    // Compressed again, so that only the checksum of the frames detects the change.
    const frames = gunzipSync(bytes);
    const at = frames.indexOf('order.paid');
    frames.write('order.void', at);
    await writeFile(damagedPath, gzipSync(frames));
    await refused(/is damaged: its contents do not match its checksum/);
    await writeFile(damagedPath, gzipSync(gunzipSync(bytes).subarray(0, -75)));
    await refused(/truncated/);
    await writeFile(damagedPath, bytes);
    await appendFile(damagedPath, gzipSync(Buffer.from('D\0\0\0\x01x', 'latin1')));
    await refused(/is damaged/);
    for (const other of ['', 'hello', gzipSync('hello, hello'), gzipSync(Buffer.from('H\0\0\0\x02{}', 'latin1'))]) {
      await writeFile(damagedPath, other);
      await refused(/not a backup|truncated/);
    }
  });

  test('a backup of an older Outrider is migrated', async () => {
    const migrations = await readMigrations();
    const newest = migrations.at(-1)?.number ?? 0;
    const older = await empty();
    const pool = connect(older.url, { max: 1 });
    for (const migration of migrations) if (migration.number <= 4) await pool.script(migrationScript(migration));
    await createPartitions(pool, Date.now());
    await pool.execute(
      sql`INSERT INTO organizations (id, slug, plan, data_key, master_key_id, created_at, updated_at) VALUES (${organization}, 'old', 'free', '', 'key', now(), now())`,
    );
    await pool.execute(sql`INSERT INTO workspaces VALUES (${ids()}, ${organization}, 'one', now(), now())`);
    await pool.close();
    const file = join(folder, 'older');
    await writeBackup(file, dumpDatabase(older.url, rest, progress));
    const backup = await readBackup(file);
    assert.equal(backup.header.migration, 4);
    const target = await empty();
    await restoreDatabase(target.url, backup);
    const restored = connect(target.url, { max: 1 });
    assert.equal(await appliedNumber(restored), newest);
    assert.deepEqual(
      await restored.query(
        sql`SELECT o.slug, w.name FROM organizations o JOIN workspaces w ON w.organization_id = o.id`,
      ),
      [{ slug: 'old', name: 'one' }],
    );
    await restored.close();
  });

  test('an interrupted backup leaves no file, and an interrupted restore leaves nothing', async () => {
    const interrupted = join(folder, 'interrupted');
    const stop = new AbortController();
    await assert.rejects(
      writeBackup(
        interrupted,
        dumpDatabase(source.url, rest, () => stop.abort()),
        stop.signal,
      ),
      /Stopped: no backup was written/,
    );
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith('interrupted')),
      [],
    );
    const target = await empty();
    const again = new AbortController();
    await assert.rejects(
      async () =>
        restoreDatabase(target.url, await readBackup(path), { progress: () => again.abort(), signal: again.signal }),
      /Stopped: nothing was restored/,
    );
    await assert.rejects(
      async () =>
        restoreDatabase(target.url, await readBackup(path), {
          beforeCommit: () => Promise.reject(new Error('no place for the key')),
        }),
      /no place for the key/,
    );
    await restoreDatabase(target.url, await readBackup(path));
  });

  test('a backup can only be restored into an empty database, and not by an older Outrider', async () => {
    const filled = await createTestDatabase();
    databases.push(filled);
    await assert.rejects(
      async () => restoreDatabase(filled.url, await readBackup(path)),
      /The database is not empty: it contains \w+\. .* Nothing was changed\./,
    );
    const { header } = await readBackup(path);
    await assert.rejects(
      assertReadable({ ...header, migration: 9_999, version: '9.0.0' }),
      /created by a newer Outrider \(9\.0\.0, migration 9999/,
    );
    await assert.rejects(readBackup(join(folder, 'absent')), /does not exist/);
    await assert.rejects(readBackup(folder), /cannot be read \(EISDIR\)/);
    await assert.rejects(
      writeBackup(join(folder, 'absent', 'x'), dumpDatabase(source.url, rest, progress)),
      /its folder does not exist/,
    );
  });
});

test('a table comes after those it references', () => {
  const tables = ['a', 'b', 'c'].map((name) => ({ name, columns: ['x'] }));
  const order = sorted(tables, [
    { from: 'a', to: 'c' },
    { from: 'c', to: 'b' },
  ]);
  assert.deepEqual(
    order.map(({ name }) => name),
    ['b', 'c', 'a'],
  );
  assert.throws(
    () =>
      sorted(
        tables,
        [...tables, ...tables].slice(0, 2).map(({ name }) => ({ from: name, to: name === 'a' ? 'b' : 'a' })),
      ),
    /cycle/,
  );
});
