/** Refused starts, several processes, external databases and the demo. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../../src/db/pool.ts';
import { lockDataDir } from '../../src/db/embedded.ts';
import { createTestDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { assertRefused, makeFolder, run, runJson, start, urlOf } from '../harness/outrider.ts';
import type { Environment, Started } from '../harness/outrider.ts';
import { eventually } from '../harness/clock.ts';
import { freePort } from '../harness/sockets.ts';

const bootstrapKey = 'otr_live_chosen_by_the_operator_000000';
let folder: Awaited<ReturnType<typeof makeFolder>>;
let database: TestDatabase;
let environment: Environment;

before(async () => {
  folder = await makeFolder();
  database = await createTestDatabase();
  environment = {
    OUTRIDER_DATA_DIR: join(folder.path, 'data'),
    DATABASE_URL: database.url,
    OUTRIDER_PORT: '0',
    OUTRIDER_BOOTSTRAP_KEY: bootstrapKey,
  };
});
after(async () => {
  await database.drop();
  await folder.remove();
});

test('an invalid setting stops the start with one line that names it and changes nothing', async () => {
  const dataDir = join(folder.path, 'untouched');
  const wrong: readonly (readonly [Environment, RegExp])[] = [
    [{ OUTRIDER_PORT: 'http' }, /OUTRIDER_PORT is "http": expected a whole number/],
    [{ OUTRIDER_PROT: '8080' }, /OUTRIDER_PROT is not a setting/],
    [{ OUTRIDER_EGRESS_ALLOW: '10.0.0.0/33' }, /OUTRIDER_EGRESS_ALLOW is "10\.0\.0\.0\/33": /],
    [{ OUTRIDER_TRUSTED_PROXIES: 'nope' }, /OUTRIDER_TRUSTED_PROXIES is "nope": /],
    [{ OUTRIDER_SMTP_FROM: 'nope' }, /OUTRIDER_SMTP_FROM is "nope": expected one address/],
    [{ OUTRIDER_HOST: '192.0.2.1', OUTRIDER_PORT: '8080' }, /Cannot listen on 192\.0\.2\.1/],
    [{ DATABASE_URL: 'mysql://localhost' }, /DATABASE_URL:? expected a URL/],
    [{ OUTRIDER_MASTER_KEY: 'secret' }, /OUTRIDER_MASTER_KEY:? expected 32 bytes/],
    [{ OUTRIDER_BOOTSTRAP_KEY: 'secret' }, /OUTRIDER_BOOTSTRAP_KEY:? expected/],
  ];
  for (const [settings, pattern] of wrong) {
    const ended = await run({ OUTRIDER_DATA_DIR: dataDir, OUTRIDER_PORT: '0', ...settings }, 'serve');
    assertRefused(ended, pattern);
    assert.ok(!ended.stderr.includes('secret'));
  }
  assertRefused(await run(environment, 'serve', '--roles', 'post'), /--roles is "post"/, 2);
  assertRefused(await run(environment, 'serve', '--processes', '0'), /--processes is "0"/, 2);
  assertRefused(await run(environment, 'sevre'), /unknown command "sevre"/, 2);
  assert.ok(!existsSync(dataDir));
});

test('a command that needs an installation is refused without one and creates nothing', async () => {
  const dataDir = join(folder.path, 'untouched');
  const fresh = await createTestDatabase();
  const pool = connect(fresh.url);
  await pool.script('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  await pool.close();
  const id = '0199c9f4-9d3e-7f66-9b48-2f7d1a5c0e42';
  const commands = [
    ['keys', 'list'],
    ['keys', 'create', '--org', 'default'],
    ['keys', 'revoke', id],
    ['orgs', 'list'],
    ['orgs', 'set-plan', 'default', 'growth'],
    ['rotate-master-key'],
    ['listen'],
    ['events', 'publish', 'order.paid'],
  ];
  for (const words of commands)
    assertRefused(
      await run({ OUTRIDER_DATA_DIR: dataDir }, ...words),
      /There is no database in the data folder .*untouched\. /,
    );
  for (const words of commands.slice(0, 5)) {
    assertRefused(
      await run({ OUTRIDER_DATA_DIR: dataDir, DATABASE_URL: fresh.url }, ...words),
      /The database \(DATABASE_URL, .*\) is empty\. .* outrider serve$/m,
    );
  }
  assert.ok(!existsSync(dataDir));
  await fresh.drop();
});

test('a first start that fails after setup has printed the first key, and the next start uses it', async () => {
  const own = await createTestDatabase();
  const pool = connect(own.url);
  // Prevents the creation of partitions, which comes after the key.
  await pool.script(
    `CREATE TABLE obstacle PARTITION OF attempts FOR VALUES FROM ('00000000-0000-0000-0000-000000000000') TO ('ffffffff-ffff-ffff-ffff-ffffffffffff')`,
  );
  const settings = { OUTRIDER_DATA_DIR: join(folder.path, 'unlucky'), DATABASE_URL: own.url, OUTRIDER_PORT: '0' };
  const failed = await run(settings, 'serve');
  assert.equal(failed.code, 1, failed.stdout);
  const [, key = ''] = /^export OUTRIDER_KEY=(otr_live_\S+)$/m.exec(failed.stdout) ?? assert.fail(failed.stdout);
  await pool.script('DROP TABLE obstacle');
  await pool.close();
  const server = start(settings, 'serve');
  const url = await urlOf(server);
  assert.equal((await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${key}` } })).status, 200);
  assert.equal((await server.kill('SIGTERM')).code, 0);
  assert.ok(!server.stdout.includes('otr_live_'));
  await own.drop();
});

test('with a public URL the start prints the local port; a key and --org cannot be combined', async () => {
  const server = start({ ...environment, OUTRIDER_PUBLIC_URL: 'https://outrider.example' }, 'serve');
  const url = await urlOf(server);
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  assert.match(
    await server.printed(/^Public URL: (\S+) /m).then(([, shown = '']) => shown),
    /^https:\/\/outrider\.example$/,
  );
  const client = { ...environment, OUTRIDER_URL: url };
  for (const words of [['listen'], ['events', 'publish', 'order.paid']]) {
    assertRefused(
      await run({ ...client, OUTRIDER_KEY: bootstrapKey }, ...words, '--org', 'nope'),
      /--org selects the organization of a temporary key, .* OUTRIDER_KEY/,
      2,
    );
    assertRefused(
      await run(client, ...words, '--key', bootstrapKey, '--org', 'nope'),
      /--org selects the organization .* --key/,
      2,
    );
    assertRefused(await run(client, ...words, '--org', 'nope'), /Organization nope not found/);
    assertRefused(await run({ ...client, OUTRIDER_KEY: 'otr_live_…' }, ...words), /OUTRIDER_KEY is not an API key/, 2);
  }
  assert.equal((await server.kill('SIGTERM')).code, 0);
});

test('doctor without an installation creates nothing', async () => {
  const dataDir = join(folder.path, 'untouched');
  const { code, stdout } = await run({ OUTRIDER_DATA_DIR: dataDir, OUTRIDER_PORT: '0' }, 'doctor');
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^ok {4}database {5}embedded, none in \S+ yet; the first start creates it$/m);
  assert.ok(!existsSync(dataDir));
});

test(
  'a command whose reader leaves ends by itself and says nothing about it',
  { skip: process.platform === 'win32' },
  async () => {
    for (const words of [['doctor'], ['--help'], ['demo', '--events', '100000']]) {
      const command = start({ OUTRIDER_DATA_DIR: join(folder.path, 'untouched'), OUTRIDER_PORT: '0' }, ...words);
      command.child.stdout.destroy();
      const { code, stderr } = await command.ended;
      assert.doesNotMatch(stderr, /EPIPE|\n {4}at /);
      assert.equal(code, words[0] === 'demo' ? 1 : 0, stderr);
    }
  },
);

test('a command whose running server has lost its database says so and what to do', async () => {
  const dataDir = join(folder.path, 'silent');
  await mkdir(join(dataDir, 'postgres'), { recursive: true });
  const lock = await lockDataDir(dataDir);
  const doctor = await run({ OUTRIDER_DATA_DIR: dataDir }, 'doctor');
  assert.equal(doctor.code, 1);
  const advice = new RegExp(
    `Outrider \\(process ${process.pid}\\) uses \\S+, but its database does not answer: .+restart the server\\.`,
  );
  assert.match(doctor.stdout, new RegExp(`^fail {2}database {5}${advice.source}$`, 'm'));
  assertRefused(await run({ OUTRIDER_DATA_DIR: dataDir }, 'orgs', 'list'), advice);
  await lock.release();
});

test('a database that does not respond or refuses connections is reported in one line', async () => {
  const away = await run({ ...environment, DATABASE_URL: 'postgres://outrider:secret@127.0.0.1:1/outrider' }, 'serve');
  assert.deepEqual(
    [away.code, away.stderr],
    [1, 'outrider: The database does not answer: connect ECONNREFUSED 127.0.0.1:1\n'],
  );
  assert.ok(!away.stdout.includes('secret'));
  const doctor = await run(
    { ...environment, DATABASE_URL: 'postgres://outrider:secret@127.0.0.1:1/outrider' },
    'doctor',
  );
  assert.equal(doctor.code, 1);
  assert.equal(doctor.stdout.split('ECONNREFUSED').length - 1, 1, 'an error is reported once');
  assert.match(doctor.stdout, /^fail {2}database .*Check DATABASE_URL/m);
  const url = new URL(database.url);
  url.pathname = '/absent';
  const absent = await run({ ...environment, DATABASE_URL: url.href }, 'serve');
  assert.deepEqual(
    [absent.code, absent.stderr],
    [1, 'outrider: The database refuses: database "absent" does not exist\n'],
  );
});

test('a first key chosen by the operator is not printed; a lost master key stops the next start', async () => {
  const server = start(environment, 'serve');
  const url = await urlOf(server);
  assert.equal((await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${bootstrapKey}` } })).status, 200);
  assert.equal((await server.kill('SIGTERM')).code, 0);
  assert.ok(
    !server.stdout.includes(bootstrapKey) && !server.stdout.includes(new URL(database.url).password || 'no password'),
  );

  const elsewhere = { ...environment, OUTRIDER_DATA_DIR: join(folder.path, 'elsewhere') };
  const lost = await run(elsewhere, 'serve');
  assert.equal(lost.code, 1);
  assert.match(
    lost.stderr,
    /^outrider: The database has organizations, but the master key [^\n]+ Set OUTRIDER_MASTER_KEY, or restore the key to [^\n]+\n$/,
  );
  assert.ok(!existsSync(elsewhere.OUTRIDER_DATA_DIR));
  assert.equal((await run(elsewhere, 'doctor')).code, 1);
  const key = (await readFile(join(environment['OUTRIDER_DATA_DIR'] ?? '', 'master.key'), 'utf8')).trim();
  assert.equal((await runJson<unknown[]>({ ...elsewhere, OUTRIDER_MASTER_KEY: key }, 'orgs', 'list')).length, 1);
});

test('Ctrl-C waits for work in flight; a second one does not', async (t) => {
  const arrived = Promise.withResolvers<void>();
  // Accepts requests and never answers.
  const receiver = createServer(() => arrived.resolve()).listen(0, '127.0.0.1');
  t.after(() => receiver.close().closeAllConnections());
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  const server = start(environment, 'dev', '--roles', 'engine,api');
  const url = await urlOf(server);
  const post = async (path: string, body: unknown): Promise<void> => {
    const headers = { authorization: `Bearer ${bootstrapKey}`, 'content-type': 'application/json' };
    assert.ok((await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).ok, path);
  };
  await post('/v1/webhooks', { target_url: `http://127.0.0.1:${port}/`, events: ['door.opened'], timeout_ms: 60_000 });
  await post('/v1/events', { event: 'door.opened', data: {} });
  await arrived.promise;
  // npm and the terminal both forward one key press; only a signal half a second after the first counts as a second one.
  let code: number | null | undefined;
  void server.ended.then((end) => (code = end.code));
  const began = performance.now();
  while (code === undefined) {
    server.child.kill('SIGINT');
    await pause(10);
  }
  assert.equal(code, 130);
  assert.ok(performance.now() - began >= 500);
});

test('without the role api a process delivers and serves only probes and metrics', async () => {
  const server = start(environment, 'serve', '--roles', 'engine');
  const [, url = ''] = await server.printed(
    /^Outrider works in the background\. Without the role api it serves only (\S+)\/healthz, /m,
  );
  const status = async (path: string): Promise<number> =>
    (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${bootstrapKey}` } })).status;
  assert.equal(await status('/healthz'), 200);
  await eventually(async () => (await status('/readyz')) === 200, 'it gets ready');
  const metrics = await (await fetch(`${url}/metrics`)).text();
  assert.match(metrics, /^outrider_in_flight 0$/m);
  for (const path of ['/v1/me', '/v1/events', '/v1/openapi.json', '/docs/api', '/api/webhooks'])
    assert.equal(await status(path), 404, path);
  assert.equal((await server.kill('SIGTERM')).code, 0);
  assert.ok(!server.stdout.includes('listens on'));
});

describe('several processes', () => {
  let server: Started;
  const serve = async (): Promise<string> => {
    // A port chosen by the system would change after its worker dies.
    server = start({ ...environment, OUTRIDER_PORT: String(await freePort()) }, 'serve', '--processes', '2');
    return urlOf(server);
  };
  afterEach(() => server.kill('SIGKILL'));

  /** Process ids of the workers of `server`. */
  async function workers(): Promise<number[]> {
    return (await readFile(`/proc/${server.child.pid}/task/${server.child.pid}/children`, 'utf8'))
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number);
  }
  const lives = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  const until = (what: string, condition: () => Promise<boolean> | boolean): Promise<void> =>
    eventually(condition, what);
  const skip = existsSync('/proc/self/task') ? false : 'finding the workers needs /proc';

  test('processes share one port, a dead one is replaced, and all stop with the first', { skip }, async () => {
    const url = await serve();
    const answers = async (): Promise<boolean> => (await fetch(`${url}/readyz`).catch(() => undefined))?.status === 200;
    await until('it is ready', answers);
    const before = await workers();
    assert.equal(before.length, 2);
    const [victim = 0] = before;
    process.kill(victim, 'SIGKILL');
    await until(
      'the dead worker is replaced',
      async () => (await workers()).filter((pid) => pid !== victim).length === 2,
    );
    assert.match(server.stderr, /^A worker process exited \(SIGKILL\); another starts in 1 s\.$/m);
    await until('it is ready again', answers);
    const last = await workers();
    const { code } = await server.kill('SIGTERM');
    assert.equal(code, 0);
    assert.deepEqual(last.filter(lives), []);
  });

  test('metrics scraped from any process cover all, including one that died', { skip }, async () => {
    const url = await serve();
    // A new connection goes to the next worker.
    const once = { connection: 'close' };
    const published = async (): Promise<number> => {
      const text = await (await fetch(`${url}/metrics`, { headers: once })).text();
      assert.equal(text.match(/^# TYPE outrider_events_total counter$/gm)?.length, 1);
      assert.equal(text.match(/^outrider_oldest_due_seconds /gm)?.length, 1);
      return Number(/^outrider_events_total (\d+)$/m.exec(text)?.[1]);
    };
    const publish = async (): Promise<void> => {
      const headers = { authorization: `Bearer ${bootstrapKey}`, 'content-type': 'application/json', ...once };
      const answer = await fetch(`${url}/v1/events`, {
        method: 'POST',
        headers,
        body: '{"event":"door.opened","data":{}}',
      });
      assert.equal(answer.status, 202);
    };
    await until('both work', async () => {
      const text = await (await fetch(`${url}/metrics`, { headers: once })).text();
      return text.includes('outrider_events_total 0') && (await workers()).length === 2;
    });
    for (let events = 1; events <= 6; events += 1) await publish();
    for (let scrapes = 1; scrapes <= 4; scrapes += 1) assert.equal(await published(), 6);
    const [victim = 0] = await workers();
    process.kill(victim, 'SIGKILL');
    await until(
      'the dead worker is replaced',
      async () => (await workers()).filter((pid) => pid !== victim).length === 2,
    );
    for (let scrapes = 1; scrapes <= 4; scrapes += 1) assert.equal(await published(), 6);
  });

  test('workers finish their work and exit when the first process is killed with SIGKILL', { skip }, async () => {
    const url = await serve();
    await until(
      'both work',
      async () => (await (await fetch(`${url}/healthz`)).text()).includes('ok') && (await workers()).length === 2,
    );
    const orphans = await workers();
    server.child.kill('SIGKILL');
    await until('the workers end', () => !orphans.some(lives));
    await server.ended;
    assert.match(server.stdout, /stopping: finishing the work in progress/);
  });
});

test('the demo runs a campaign to its end, and every delivery is verified', async () => {
  const { code, stdout, stderr } = await run({}, 'demo');
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /^Campaign "Spring tour": completed, 40 leads, 40 contacted$/m);
  assert.match(stdout, /^campaign\.completed +1 +1 of 1$/m);
  assert.doesNotMatch(stdout, /WRONG SIGNATURE/);
});

test('the demo of webhooks delivers and verifies every event and leaves nothing behind', async () => {
  const { code, stdout, stderr } = await run({}, 'demo', '--webhooks', '--events', '50');
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /50\/50/);
  assert.match(stdout, /^\d+\/s +50 +50 +0 +0 +50 of 50,/m);
  const [, made = ''] = /in (\S+) …/.exec(stdout) ?? [];
  assert.ok(made.startsWith(tmpdir()) && !existsSync(made), made);
  assert.deepEqual(
    (await readdir(tmpdir())).filter((name) => name.startsWith(basename(made))),
    [],
  );
});
