/** One installation on its embedded database; the tests build on each other in order. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, readFile, realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { lockDataDir, startEmbeddedDatabase } from '../../src/db/embedded.ts';
import { eventually } from '../harness/clock.ts';
import { administer } from '../harness/postgres.ts';
import { assertRefused, makeFolder, run, runJson, start, urlOf } from '../harness/outrider.ts';
import type { Environment, Started } from '../harness/outrider.ts';

const bash = promisify(execFile);
const hasCurl = ((): boolean => {
  try {
    return execFileSync('bash', ['-c', 'command -v curl']).length > 0;
  } catch {
    return false;
  }
})();
const isRoot = process.geteuid?.() === 0;

interface Key {
  readonly id: string;
  readonly key: string;
  readonly organization: string;
  readonly scopes: readonly string[];
  readonly expires_at: string | null;
}

describe('an installation on its embedded database', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let environment: Environment;
  let server: Started;
  let url: string;
  let firstKey: string;
  const dataDir = (): string => join(folder.path, 'data');
  const databaseRuns = (): boolean => existsSync(join(dataDir(), 'postgres', 'postmaster.pid'));
  const status = async (key: string): Promise<number> =>
    (await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${key}` } })).status;
  const serve = async (mode: string): Promise<void> => {
    server = start({ ...environment, OUTRIDER_PORT: '0' }, mode);
    url = await urlOf(server);
    environment = { ...environment, OUTRIDER_URL: url };
  };

  before(async () => {
    folder = await makeFolder();
    environment = { OUTRIDER_DATA_DIR: dataDir() };
  });
  after(async () => {
    await server?.kill('SIGKILL');
    // A failed test may have left it running.
    if (existsSync(join(dataDir(), 'postgres', 'PG_VERSION')))
      await (await startEmbeddedDatabase({ dataDir: dataDir() })).stop('immediate');
    await folder.remove();
  });

  test('the first start prints its key once, as plain text before the log', async () => {
    await serve('dev');
    const [, key = ''] = await server.printed(/^export OUTRIDER_KEY=(otr_live_\S+)$/m);
    firstKey = key;
    assert.equal(server.stdout.split(firstKey).length - 1, 1);
    assert.match(server.stdout, /endpoints on this machine and without TLS are allowed/);
    assert.match(server.stdout, new RegExp(`^Database: embedded, in ${join(dataDir(), 'postgres')}$`, 'm'));
    assert.ok(server.stdout.includes(`${url}/docs/api`));
    assert.equal(await status(firstKey), 200);
    assert.equal((await stat(join(dataDir(), 'master.key'))).mode & 0o777, 0o600);
    const log = server.stdout.indexOf('{"level"');
    assert.ok(log === -1 || log > server.stdout.indexOf('OUTRIDER_KEY='));
  });

  test(
    'its three commands, pasted, end with a delivery that arrived',
    { skip: hasCurl ? false : 'curl is not installed' },
    async (t) => {
      const bodies: string[] = [];
      const receiver = createServer((request, response) => {
        request.setEncoding('utf8').on('data', (text: string) => bodies.push(text));
        request.on('end', () => response.end('ok'));
      }).listen(0, '127.0.0.1');
      t.after(() => receiver.close());
      await once(receiver, 'listening');
      const { port } = receiver.address() as AddressInfo;
      const indented = server.stdout.split('\n').filter((line) => line.startsWith('   '));
      const commands = indented
        .slice(1)
        .map((line) => line.replace('http://localhost:3000', `http://127.0.0.1:${port}`));
      assert.equal(commands.length, 3);
      assert.match(indented[0] ?? '', /^ {3}node -e /);
      const pasted = await bash('bash', ['-c', [`export OUTRIDER_KEY=${firstKey}`, ...commands].join('\n')]);
      const [registered = '', published = '', delivery = ''] = pasted.stdout.trim().split('\n');
      assert.match((JSON.parse(registered) as { data: { secret: string } }).data.secret, /^whsec_/);
      assert.equal((JSON.parse(published) as { data: { deliveries: number } }).data.deliveries, 1);
      const { data } = JSON.parse(delivery) as {
        data: { status: string; attempt_count: number; last_status_code: number }[];
      };
      assert.deepEqual(
        data.map((each) => [each.status, each.attempt_count, each.last_status_code]),
        [['delivered', 1, 200]],
      );
      assert.deepEqual(
        bodies.map((body) => (JSON.parse(body) as { event: string }).event),
        ['order.paid'],
      );
    },
  );

  test('a second start on the same folder or port is refused and changes nothing', async () => {
    const { port } = new URL(url);
    assertRefused(
      await run({ ...environment, OUTRIDER_PORT: port }, 'serve'),
      /Another Outrider \(process \d+\) is using the data folder/,
    );
    assertRefused(
      await run({ ...environment, OUTRIDER_PORT: '0' }, 'serve'),
      /Another Outrider \(process \d+\) is using the data folder/,
    );
    const elsewhere = join(folder.path, 'elsewhere');
    assertRefused(
      await run({ OUTRIDER_DATA_DIR: elsewhere, OUTRIDER_PORT: port }, 'serve'),
      new RegExp(`Port ${port} is in use`),
    );
    assert.ok(!existsSync(elsewhere));
    assert.equal(await status(firstKey), 200);
  });

  test('organizations and keys created next to a running server take effect immediately', async () => {
    const made = await runJson<{ slug: string; plan: string; alert_email: string }>(
      environment,
      'orgs',
      'create',
      'acme',
      '--plan',
      'growth',
      '--alert-email',
      'ops@acme.example',
    );
    assert.deepEqual([made.slug, made.plan, made.alert_email], ['acme', 'growth', 'ops@acme.example']);
    assertRefused(await run(environment, 'orgs', 'create', 'acme'), /already exists/);
    assertRefused(await run(environment, 'orgs', 'create', 'other', '--plan', 'gold'), /plan: must be one of/);
    assert.deepEqual(
      (await runJson<{ slug: string }[]>(environment, 'orgs', 'list')).map(({ slug }) => slug),
      ['acme', 'default'],
    );

    const key = await runJson<Key>(
      environment,
      'keys',
      'create',
      '--org',
      'acme',
      '--scopes',
      'organization:read,events:write',
      '--expires',
      '90d',
    );
    assert.deepEqual(key.scopes, ['organization:read', 'events:write']);
    assert.ok(Math.abs(Date.parse(key.expires_at ?? '') - Date.now() - 90 * 86_400_000) < 60_000);
    assert.equal(await status(key.key), 200);
    const sandbox = await runJson<Key>(environment, 'keys', 'create', '--org', 'acme', '--sandbox');
    assert.match(sandbox.key, /^otr_test_/);
    const plain = await run(environment, 'keys', 'create', '--org', 'acme');
    assert.match(plain.stdout, /^otr_live_[a-z2-7]{8}_[A-Za-z0-9]{43}\n$/);
    assertRefused(await run(environment, 'keys', 'create', '--org', 'acme', '--scopes', 'fly'), /scopes: unknown: fly/);
    assertRefused(await run(environment, 'keys', 'create', '--org', 'nobody'), /Organization nobody not found/);
    assertRefused(
      await run(environment, 'keys', 'create', '--org', 'acme', '--expires', 'soon'),
      /--expires is "soon"/,
      2,
    );
    assert.equal((await runJson<Key[]>(environment, 'keys', 'list', '--org', 'acme')).length, 3);

    assert.equal((await run(environment, 'keys', 'revoke', key.id)).code, 0);
    await eventually(async () => (await status(key.key)) === 401, 'the revoked key is refused');
    assert.equal((await runJson<Key[]>(environment, 'keys', 'list', '--org', 'acme')).length, 2);
    assert.equal((await runJson<Key[]>(environment, 'keys', 'list', '--org', 'acme', '--revoked')).length, 3);

    const starter = await run(environment, 'orgs', 'set-plan', 'acme', 'starter');
    assert.equal(starter.code, 0, starter.stderr);
    await eventually(async () => (await status(plain.stdout.trim())) === 403, 'the plan counts');
  });

  test('an event is published with a given key or with a temporary one', async () => {
    const events = async (): Promise<string[]> => {
      const answer = await fetch(`${url}/v1/events`, { headers: { authorization: `Bearer ${firstKey}` } });
      return ((await answer.json()) as { data: { event: string }[] }).data.map(({ event }) => event);
    };
    const given = await runJson<{ id: string }>(
      { ...environment, OUTRIDER_KEY: firstKey },
      'events',
      'publish',
      'door.opened',
      '--data',
      '{"door":1}',
      '--idempotency-key',
      'k1',
    );
    const repeated = await runJson<{ id: string }>(
      environment,
      'events',
      'publish',
      'door.opened',
      '--data',
      '{"door":1}',
      '--idempotency-key',
      'k1',
    );
    assert.equal(repeated.id, given.id);
    assert.equal((await run(environment, 'events', 'publish', 'door.closed')).code, 0);
    assert.deepEqual((await events()).slice(0, 2), ['door.closed', 'door.opened']);
    assert.deepEqual(
      (await runJson<Key[]>(environment, 'keys', 'list', '--org', 'default')).length,
      1,
      'the keys made for a call are revoked after it',
    );
    const exact = await runJson<{ id: string }>(
      environment,
      'events',
      'publish',
      'door.opened',
      '--data',
      '{"door":9007199254740993}',
    );
    const shown = await fetch(`${url}/v1/events/${exact.id}`, { headers: { authorization: `Bearer ${firstKey}` } });
    assert.match(await shown.text(), /"door":9007199254740993/, 'as it is written');
    assertRefused(await run(environment, 'events', 'publish', 'door.closed', '--data', '{'), /--data is not JSON/, 2);
    assertRefused(
      await run(
        { ...environment, OUTRIDER_KEY: 'otr_live_0123456789012345678901234567' },
        'events',
        'publish',
        'door.closed',
      ),
      /answered 401/,
    );
  });

  test('doctor reports a healthy installation', async () => {
    const findings = await runJson<{ check: string; verdict: string; says: string }[]>(
      { ...environment, OUTRIDER_PORT: new URL(url).port },
      'doctor',
    );
    const bad = findings.filter(({ check, verdict }) => verdict !== 'ok' && check !== 'egress');
    assert.deepEqual(bad, []);
    assert.deepEqual(
      findings.map(({ check }) => check),
      [
        'database',
        'durability',
        'migrations',
        'master key',
        'clock',
        'partitions',
        'processes',
        'deliveries',
        'mailboxes',
        'data folder',
        'disk',
        'http',
        'smtp',
        'egress',
        'proxy',
      ],
    );
    const says = (name: string): string => findings.find(({ check }) => check === name)?.says ?? '';
    assert.match(says('http'), /^Outrider answers on port \d+$/);
    assert.ok(says('disk').endsWith(` at ${await realpath(join(dataDir(), 'postgres'))}`), says('disk'));
  });

  test('after kill -9 the next start takes over the database left running', async () => {
    await server.kill('SIGKILL');
    assert.ok(databaseRuns());
    assert.equal((await runJson<unknown[]>(environment, 'orgs', 'list')).length, 3);
    await serve('serve');
    assert.match(server.stdout, /Took over the PostgreSQL/);
    assert.ok(!server.stdout.includes('otr_live_') && !server.stdout.includes('export OUTRIDER_KEY'));
    assert.equal(await status(firstKey), 200);
  });

  test('SIGTERM stops the server and its database with exit code 0', async () => {
    const { code, stderr } = await server.kill('SIGTERM');
    assert.deepEqual([code, stderr], [0, '']);
    assert.ok(!databaseRuns());
    await (await lockDataDir(dataDir())).release();
  });

  test('commands work without a server and leave nothing running', async () => {
    const key = await runJson<Key>(environment, 'keys', 'create', '--org', 'default');
    assert.match(key.key, /^otr_live_/);
    assert.match((await run(environment, 'migrate')).stdout, /^The database is up to date\.\n$/);
    const doctor = await run({ ...environment, OUTRIDER_PORT: '0' }, 'doctor');
    assert.equal(doctor.code, 0, doctor.stdout);
    assert.match(doctor.stdout, /^ok {4}processes {4}none is running$/m);
    assert.ok(!databaseRuns());
    const missing = await run(environment, 'events', 'publish', 'door.closed');
    assertRefused(missing, /No server answers at http:\/\/localhost:\d+ \(.*ECONNREFUSED/);
  });

  test('the master key can be rotated between two starts', async () => {
    const path = join(dataDir(), 'master.key');
    const old = await readFile(path, 'utf8');
    const rotated = await run(environment, 'rotate-master-key');
    assert.equal(rotated.code, 0, rotated.stderr);
    assert.notEqual(await readFile(path, 'utf8'), old);
    await serve('serve');
    // An endpoint's secret needs the data key, which the new master key decrypts.
    const answer = await fetch(`${url}/v1/webhooks`, { headers: { authorization: `Bearer ${firstKey}` } });
    assert.equal(answer.status, 200);
    assertRefused(await run(environment, 'rotate-master-key'), /running on this database .*Stop all processes first/);
    assert.equal((await server.kill('SIGINT')).code, 0);
    assertRefused(
      await run({ ...environment, OUTRIDER_MASTER_KEY: old.trim() }, 'keys', 'create', '--org', 'acme'),
      /sealed with master key/,
    );
  });

  test('data of a newer version is refused and its database is stopped again', async () => {
    const database = await startEmbeddedDatabase({ dataDir: dataDir() });
    await administer(database.url, "INSERT INTO schema_migrations (number, name) VALUES (9999, '9999_future')");
    await database.stop();
    for (const words of [['serve'], ['orgs', 'list'], ['migrate']]) {
      const { code, stderr } = await run({ ...environment, OUTRIDER_PORT: '0' }, ...words);
      assert.equal(code, 1);
      assert.match(stderr, /outrider: The database was written by a newer Outrider [^\n]+\n$/);
      assert.ok(!databaseRuns());
    }
  });

  test(
    'a folder that cannot be written to is refused',
    { skip: isRoot ? 'root ignores file modes' : false },
    async () => {
      await chmod(folder.path, 0o555);
      assertRefused(
        await run({ OUTRIDER_DATA_DIR: join(folder.path, 'new'), OUTRIDER_PORT: '0' }, 'serve'),
        /cannot be written to/,
      );
      await chmod(folder.path, 0o755);
    },
  );
});
