import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  readFile,
  readdir,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import pg from 'pg';
import {
  killed,
  needsRoot,
  needsUser,
  otherProcess,
  refused,
  scratch,
  scratchFor,
} from '../../test/harness/embedded.ts';
import type { Scratch } from '../../test/harness/embedded.ts';
import { lockDataDir, readRunningDatabase } from './embedded.ts';
import { processMark } from './embedded/process.ts';
import { tuning } from './embedded/settings.ts';

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

suite('the life of a cluster', () => {
  let place: Scratch;
  let dataDir: string;
  let cluster: string;
  let url: string;

  before(async () => {
    place = await scratch();
    dataDir = join(place.dir, 'data');
    cluster = join(dataDir, 'postgres');
    assert.equal(await readRunningDatabase(dataDir), undefined);
    const database = await place.start();
    url = database.url;
    await query(url, 'CREATE TABLE kept (n int PRIMARY KEY)');
    await place.stop();
  });
  afterEach(() => place.stop());
  after(() => place.remove());

  /** The state after `kill -9` of the postmaster only. */
  const killPostmaster = (pid: number): void => void process.kill(pid, 'SIGKILL');

  test('the first start creates the database in the data folder, closed to other accounts, with durable settings and no port', async () => {
    const database = await place.start();
    assert.equal(database.dataDir, cluster);
    assert.equal((await stat(cluster)).mode & 0o777, 0o700);
    const names = [
      'fsync',
      'synchronous_commit',
      'full_page_writes',
      'data_checksums',
      'listen_addresses',
      'max_wal_size',
      'jit',
      'TimeZone',
    ];
    const rows = await query(
      url,
      `SELECT ${names.map((name) => `current_setting('${name}') AS "${name}"`).join(', ')}`,
    );
    assert.deepEqual(Object.values(rows[0] ?? {}), ['on', 'on', 'on', 'on', '', '2GB', 'off', 'UTC']);
    const [memory] = await query(
      url,
      "SELECT setting::int / 128 || 'MB' AS buffers FROM pg_settings WHERE name = 'shared_buffers'",
    );
    assert.deepEqual(memory, { buffers: tuning()['shared_buffers'] });
    const [locale] = await query(
      url,
      'SELECT pg_encoding_to_char(encoding) AS encoding, datlocale FROM pg_database WHERE datname = current_database()',
    );
    assert.deepEqual(locale, { encoding: 'UTF8', datlocale: 'C.UTF-8' });
  });

  test('shared_buffers is a sixteenth of the memory, within limits', () => {
    const buffers = [1, 4, 64].map((gigabytes) => tuning(gigabytes * 2 ** 30)['shared_buffers']);
    assert.deepEqual(buffers, ['128MB', '256MB', '1024MB']);
  });

  test('a restart finds the data at the same URL and applies the given settings', async () => {
    await query((await place.start()).url, 'INSERT INTO kept VALUES (1)');
    await place.stop();
    const again = await place.start({ settings: { work_mem: '7MB' } });
    assert.equal(again.url, url);
    assert.deepEqual(await query(url, "SELECT n, current_setting('work_mem') AS memory FROM kept WHERE n = 1"), [
      { n: 1, memory: '7MB' },
    ]);
  });

  test('stop returns once PostgreSQL has exited; a second stop does nothing', async () => {
    const database = await place.start();
    assert.deepEqual(await readRunningDatabase(dataDir), { url, postmasterPid: database.postmasterPid });
    await database.stop();
    assert.equal(await processMark(database.postmasterPid), undefined);
    assert.equal(await readRunningDatabase(dataDir), undefined);
    await database.stop();
  });

  test('PostgreSQL outlives a killed server, holds none of its streams, and is taken over', async () => {
    const server = await otherProcess(`await startEmbeddedDatabase({ dataDir: ${JSON.stringify(dataDir)} })`);
    const running = await readRunningDatabase(dataDir);
    await killed(server);
    const database = await place.start();
    assert.equal(database.postmasterPid, running?.postmasterPid);
    assert.match(database.notices.join(' '), /earlier start left running/);
    await database.stop();
    assert.equal(await readRunningDatabase(dataDir), undefined);
  });

  test('a start after kill -9 of the postmaster recovers committed data', async () => {
    const { postmasterPid } = await place.start();
    await query(url, 'INSERT INTO kept VALUES (2)');
    killPostmaster(postmasterPid);
    const database = await place.start();
    assert.notEqual(database.postmasterPid, postmasterPid);
    assert.deepEqual(await query(url, 'SELECT n FROM kept WHERE n = 2'), [{ n: 2 }]);
  });

  test('a busy process of a killed postmaster does not prevent the start', async () => {
    const { postmasterPid } = await place.start();
    const client = new pg.Client(url);
    const broken = once(client, 'error');
    await client.connect();
    const [busy] = (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows;
    const computing = client.query('DO $$ BEGIN LOOP END LOOP; END $$').catch(() => {});
    await query(url, 'SELECT 1'); // answered after the server has read the loop
    killPostmaster(postmasterPid);
    const database = await place.start();
    assert.notEqual(database.postmasterPid, postmasterPid);
    assert.equal(await processMark(busy?.pid ?? process.pid), undefined);
    await Promise.all([computing, broken]);
  });

  test('a postmaster.pid whose pid now belongs to another process of the same account does not prevent the start', async () => {
    const { postmasterPid } = await place.start();
    killPostmaster(postmasterPid);
    const { uid, gid } = await stat(cluster);
    const other = spawn('sleep', ['1000'], { uid, gid, cwd: '/' });
    try {
      const file = join(cluster, 'postmaster.pid');
      await writeFile(file, (await readFile(file, 'utf8')).replace(/^\d+/, String(other.pid)));
      assert.equal(await readRunningDatabase(dataDir), undefined);
      await place.start();
      assert.equal(other.exitCode ?? other.signalCode, null, 'the other process keeps running');
    } finally {
      other.kill('SIGKILL');
    }
  });

  test('an empty postmaster.pid does not prevent the start', async () => {
    await writeFile(join(cluster, 'postmaster.pid'), '');
    await place.start();
  });

  test('an error of PostgreSQL is reported in one line', async () => {
    await assert.rejects(
      place.start({ settings: { shared_buffers: 'plenty' } }),
      refused(/does not start/, /shared_buffers.*plenty/),
    );
    assert.equal(await readRunningDatabase(dataDir), undefined);
  });

  test('a folder that was closed to the account later is named', { skip: needsRoot }, async () => {
    await chmod(place.dir, 0o700);
    try {
      await assert.rejects(place.start(), refused(new RegExp(`chmod o\\+x ${place.dir}\\)`)));
    } finally {
      await chmod(place.dir, 0o755);
    }
  });

  test('a copy restored by root is given to its account', { skip: needsRoot }, async () => {
    const restored = join(place.dir, 'restored');
    const copying = spawn('cp', ['-r', dataDir, restored]);
    assert.deepEqual(await once(copying, 'exit'), [0, null]);
    assert.equal((await stat(join(restored, 'postgres'))).uid, 0);
    const database = await place.start({ dataDir: restored });
    assert.deepEqual(await query(database.url, 'SELECT n FROM kept WHERE n = 1'), [{ n: 1 }]);
  });
});

test('two concurrent first starts create one cluster', async (t) => {
  const { start } = await scratchFor(t);
  const [one, other] = await Promise.all([start(), start()]);
  assert.deepEqual([one.postmasterPid, one.url], [other.postmasterPid, other.url]);
  await query(one.url, 'SELECT 1');
});

test('a path too long for a socket, with characters that need quoting, works', async (t) => {
  const { dir, start } = await scratchFor(t);
  const database = await start({ dataDir: join(dir, `d "a'ü%41,\\${'x'.repeat(100)}`) });
  t.after(() => rm(decodeURIComponent(new URL(database.url).hostname), { recursive: true }));
  await query(database.url, 'SELECT 1');
});

suite('problems that the operator has to fix', () => {
  test('a data folder that is a file, or is below one, is rejected', async (t) => {
    const { dir, start } = await scratchFor(t);
    const file = join(dir, 'file');
    await writeFile(file, 'mine');
    for (const dataDir of [file, join(file, 'data')]) {
      await assert.rejects(start({ dataDir }), refused(/is a file/));
      await assert.rejects(lockDataDir(dataDir), refused(/is a file/));
      assert.equal(await readRunningDatabase(dataDir), undefined);
    }
    assert.equal(await readFile(file, 'utf8'), 'mine');
  });

  test(
    'a data folder that the file system cannot create is rejected',
    { skip: existsSync('/proc/self') ? false : 'there is no /proc' },
    async (t) => {
      const { start } = await scratchFor(t);
      await assert.rejects(
        start({ dataDir: '/proc/outrider' }),
        refused(/\/proc\/outrider cannot be created\. .+ choose another data folder with OUTRIDER_DATA_DIR/),
      );
    },
  );

  test('an unwritable data folder is rejected', { skip: needsUser }, async (t) => {
    const { dir, start } = await scratchFor(t);
    const dataDir = join(dir, 'data');
    await mkdir(dataDir, { mode: 0o500 });
    await assert.rejects(start(), refused(/is not writable/));
    await assert.rejects(lockDataDir(dataDir), refused(/is not writable/));
    assert.deepEqual(await readdir(dataDir), []);
  });

  test('a cluster of another version, a folder that is not a cluster and a broken link are rejected', async (t) => {
    const { dir, start } = await scratchFor(t);
    const cases: [string, RegExp][] = [
      ['99', /PostgreSQL 99, a newer version.*Nothing was changed/],
      ['9', /PostgreSQL 9, an older version/],
    ];
    for (const [version, pattern] of cases) {
      const dataDir = join(dir, version);
      await mkdir(join(dataDir, 'postgres'), { recursive: true });
      await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), `${version}\n`);
      await assert.rejects(start({ dataDir }), refused(pattern));
      assert.deepEqual(await readdir(dataDir, { recursive: true }), ['postgres', join('postgres', 'PG_VERSION')]);
    }
    const strange = join(dir, 'strange');
    await mkdir(join(strange, 'postgres', 'photos'), { recursive: true });
    await assert.rejects(start({ dataDir: strange }), refused(/neither empty nor a PostgreSQL database/));
    const dangling = join(dir, 'dangling');
    await mkdir(dangling);
    await symlink(join(dir, 'gone'), join(dangling, 'postgres'));
    await assert.rejects(start({ dataDir: dangling }), refused(/points to a database that no longer exists/));
  });
});

suite('a data folder closed to PostgreSQL', { skip: needsRoot }, () => {
  test('the cluster in a shelter is found again; a new data folder at the same path gets a new cluster', async (t) => {
    const { dir, start, stop } = await scratchFor(t);
    const shelters = [join(dir, 'shelter')];
    const dataDir = join(dir, 'closed', 'data');
    await mkdir(join(dir, 'closed'), { mode: 0o700 });

    const first = await start({ dataDir, shelters });
    assert.match(first.dataDir, new RegExp(`^${dir}/shelter/[0-9a-f]{16}$`));
    assert.equal(await realpath(join(dataDir, 'postgres')), first.dataDir);
    assert.match(
      first.notices.join(' '),
      new RegExp(`account \\w+; its data is in ${first.dataDir}, where ${dataDir}/postgres points to`),
    );
    await query(first.url, 'CREATE TABLE kept ()');
    await stop();

    const again = await start({ dataDir, shelters });
    assert.deepEqual([again.dataDir, again.url], [first.dataDir, first.url]);
    await query(again.url, 'SELECT FROM kept');
    await stop();

    await rm(dataDir, { recursive: true });
    const newCluster = await start({ dataDir, shelters });
    assert.equal(newCluster.dataDir, `${first.dataDir}-2`);
    assert.deepEqual(await query(newCluster.url, "SELECT to_regclass('kept') AS table"), [{ table: null }]);
    assert.ok((await lstat(join(first.dataDir, 'PG_VERSION'))).isFile(), 'the old cluster is kept');
  });

  test('a shelter that other accounts can write to is not used', async (t) => {
    const { dir, start } = await scratchFor(t);
    await mkdir(join(dir, 'closed'), { mode: 0o700 });
    await mkdir(join(dir, 'theirs'));
    await chown(join(dir, 'theirs'), 65_534, 65_534);
    await assert.rejects(
      start({ dataDir: join(dir, 'closed', 'data'), shelters: [join(dir, 'theirs')] }),
      refused(/can reach neither the data folder nor/),
    );
    assert.deepEqual(await readdir(join(dir, 'theirs')), []);
  });
});
