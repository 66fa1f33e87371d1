import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createTestDatabase } from '../../test/harness/database.ts';
import type { TestDatabase } from '../../test/harness/database.ts';
import { createOrganization } from '../auth/index.ts';
import { connect } from '../db/pool.ts';
import type { Database } from '../db/pool.ts';
import { OperatorError } from '../base/errors.ts';
import { newKey } from '../encryption/cipher.ts';
import { openTenancy, readSettings } from './installation.ts';
import { ensureMasterKey, masterKeyPath, readMasterKey, readMasterKeyFile, writeMasterKey } from './master-key.ts';
import { rotateMasterKeyCommand } from './rotate-master-key.ts';

let database: TestDatabase;
let db: Database;
let folder: string;
before(async () => {
  database = await createTestDatabase();
  db = connect(database.url, { max: 2 });
  folder = await mkdtemp(join(tmpdir(), 'outrider-key-'));
});
after(async () => {
  await db.close();
  await database.drop();
  await rm(folder, { recursive: true });
});

const isOperatorError =
  (pattern: RegExp) =>
  (error: unknown): true => {
    assert.ok(error instanceof OperatorError);
    assert.match(error.message, pattern);
    assert.ok(!error.message.includes('\n'));
    return true;
  };

test('a key file is readable only by its owner and contains the same key when read again', async () => {
  const path = join(folder, 'new', 'master.key');
  const written = await writeMasterKey(path, newKey());
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal((await readMasterKeyFile(path))?.id, written.id);
  assert.deepEqual(await readdir(join(folder, 'new')), ['master.key']);
});

test('a damaged key file is rejected instead of being read as another key', async () => {
  const path = join(folder, 'damaged.key');
  for (const text of [
    '',
    'x',
    Buffer.alloc(31).toString('base64'),
    Buffer.alloc(33).toString('base64'),
    `${Buffer.alloc(32).toString('base64').slice(0, -2)}!=`,
  ]) {
    await writeFile(path, text);
    await assert.rejects(readMasterKeyFile(path), isOperatorError(/is damaged/));
  }
  await assert.rejects(readMasterKeyFile(folder), isOperatorError(/cannot be read \(EISDIR\)/));
  assert.equal(await readMasterKeyFile(join(folder, 'absent.key')), undefined);
});

test('the key is created on the first start, read on the next, and never created if organizations exist', async () => {
  const config = { dataDir: join(folder, 'data'), masterKey: undefined };
  const made = await ensureMasterKey(db, config);
  assert.equal((await ensureMasterKey(db, config)).id, made.id);
  const { tenancy } = await openTenancy(db, readSettings({ OUTRIDER_DATA_DIR: config.dataDir }));
  await createOrganization(tenancy, { slug: 'acme', plan: 'growth' });

  const elsewhere = { dataDir: join(folder, 'elsewhere'), masterKey: undefined };
  await assert.rejects(
    ensureMasterKey(db, elsewhere),
    isOperatorError(/Set OUTRIDER_MASTER_KEY, or restore the key to .*elsewhere/),
  );
  await assert.rejects(stat(elsewhere.dataDir), { code: 'ENOENT' });
  const other = readSettings({ OUTRIDER_MASTER_KEY: newKey().toString('base64') });
  await assert.rejects(openTenancy(db, other), isOperatorError(/sealed with master key/));
  assert.equal((await readMasterKey({ dataDir: folder, masterKey: made.key.toString('base64') }))?.id, made.id);
});

test('a rotation replaces the file and keeps the old key; running it again finishes an interrupted rotation', async (t) => {
  const dataDir = join(folder, 'data');
  const path = masterKeyPath({ dataDir });
  const environment = { DATABASE_URL: database.url, OUTRIDER_DATA_DIR: dataDir };
  const saved = { ...process.env };
  t.after(() => Object.assign(process.env, saved));
  Object.assign(process.env, environment);
  t.mock.method(console, 'log', () => {});
  const old = await readMasterKeyFile(path);
  assert.ok(old);

  const file = join(folder, 'given.key');
  for (const [path, text, says] of [
    [file, 'x', /given\.key does not contain a master key: expected 32 bytes in base64/],
    [file, old.key.toString('base64'), /given\.key contains the current master key/],
    [folder, undefined, /The new master key cannot be read from \S+ \(EISDIR\)/],
    [join(folder, 'none.key'), undefined, /The file \S+none\.key does not exist/],
  ] as const) {
    if (text !== undefined) await writeFile(path, text);
    await assert.rejects(rotateMasterKeyCommand({ 'new-key-file': path }), isOperatorError(says));
  }

  await rotateMasterKeyCommand({ 'new-key-file': undefined });
  const rotated = await readMasterKeyFile(path);
  assert.ok(rotated && rotated.id !== old.id);
  assert.equal((await readMasterKeyFile(`${path}.${old.id}`))?.id, old.id);
  await openTenancy(db, readSettings(environment));

  // A rotation interrupted after the database changed: the new key has not replaced the old one yet.
  await rotateMasterKeyCommand({ 'new-key-file': undefined });
  const last = await readFile(path, 'utf8');
  await writeFile(`${path}.new`, last);
  await writeFile(path, `${rotated.key.toString('base64')}\n`);
  await assert.rejects(openTenancy(db, readSettings(environment)), OperatorError);
  await rotateMasterKeyCommand({ 'new-key-file': undefined });
  assert.equal(await readFile(path, 'utf8'), last);
  await openTenancy(db, readSettings(environment));
  assert.ok(!(await readdir(dataDir)).includes('master.key.new'));
});
