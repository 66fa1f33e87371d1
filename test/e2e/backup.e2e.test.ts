/** Backups of running installations, restored from an external database to an embedded one and back, deliver their pending events. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connect } from '../../src/db/pool.ts';
import { verify } from '../../sdk/src/webhooks/index.ts';
import { createTestDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { startReceiver } from '../harness/engine.ts';
import { assertRefused, makeFolder, run, runJson, start, urlOf } from '../harness/outrider.ts';
import type { Environment, Started } from '../harness/outrider.ts';
import { eventually } from '../harness/clock.ts';

const key = 'otr_live_chosen_by_the_operator_000000';
const count = 20;

describe('backup and restore', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let external: TestDatabase;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  const servers: Started[] = [];
  const settings = (name: string, more: Environment = {}): Environment => ({
    OUTRIDER_DATA_DIR: join(folder.path, name),
    OUTRIDER_PORT: '0',
    OUTRIDER_BOOTSTRAP_KEY: key,
    ...more,
  });
  const file = (name: string): string => join(folder.path, name);
  async function dev(environment: Environment, ...words: string[]): Promise<{ url: string; server: Started }> {
    const server = start(environment, 'dev', ...words);
    servers.push(server);
    return { url: await urlOf(server), server };
  }
  async function call<T>(url: string, method: string, path: string, body?: unknown): Promise<T> {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    assert.ok(answer.ok, `${path} ${answer.status}`);
    return ((await answer.json()) as { data: T }).data;
  }

  before(async () => {
    folder = await makeFolder();
    external = await createTestDatabase();
    receiver = await startReceiver();
    await writeFile(file('passphrase'), 'correct horse battery staple\n');
    await writeFile(file('other'), 'incorrect horse battery staple');
    await writeFile(file('short'), 'horse');
  });
  after(async () => {
    for (const server of servers) await server.kill('SIGTERM');
    receiver.close();
    await external.drop();
    await folder.remove();
  });

  test('a backup of an external database with its master key restores into an embedded database, which delivers the pending events', async () => {
    const from = settings('a', { DATABASE_URL: external.url });
    // Without the role engine nothing is delivered, so every delivery is pending.
    const source = await dev(from, '--roles', 'api');
    const { secret } = await call<{ secret: string }>(source.url, 'POST', '/v1/webhooks', {
      target_url: receiver.url,
      events: ['order.*'],
      dialect: 'standard',
    });
    for (let number = 0; number < count; number += 1)
      await call(source.url, 'POST', '/v1/events', { event: 'order.paid', data: { number } });
    await call(source.url, 'POST', '/v1/contacts', {
      lawful_basis: 'consent',
      contacts: [{ email: 'ada@lovelace.example' }],
    });
    assertRefused(
      await run(from, 'backup', file('backup'), '--passphrase-file', file('short')),
      /too short: it needs at least 12 characters/,
    );
    const saved = await run(from, 'backup', file('backup'), '--passphrase-file', file('passphrase'));
    assert.equal(saved.code, 0, saved.stderr);
    const master = (await readFile(join(file('a'), 'master.key'), 'utf8')).trim();
    assert.ok(!(await readFile(file('backup'))).includes(master));
    assert.equal((await source.server.kill('SIGTERM')).code, 0);

    const to = settings('b');
    assertRefused(
      await run(to, 'restore', file('backup')),
      /The backup contains the master key\. Give its passphrase with --passphrase-file FILE/,
    );
    assertRefused(
      await run(to, 'restore', file('backup'), '--passphrase-file', file('other')),
      /The passphrase does not open the master key/,
    );
    assertRefused(await run(to, 'restore', file('absent')), /does not exist/);
    assert.ok(!existsSync(file('b')));
    const restored = await run(to, 'restore', file('backup'), '--passphrase-file', file('passphrase'));
    assert.equal(restored.code, 0, restored.stderr);
    assert.match(
      restored.stdout,
      /^Restored \S+, created by Outrider \S+ at \S+, into the database \(embedded, in \S+\)\.$/m,
    );
    assertRefused(await run(to, 'restore', file('backup')), /The database is not empty/);

    const target = await dev(to);
    await eventually(() => receiver.arrivals.length === count, 'all arrive');
    // Their signatures need the endpoint's secret, which only the master key decrypts.
    const numbers = receiver.arrivals.map(
      ({ headers, body }) =>
        (verify('standard', { headers, rawBody: body, secret }).data as unknown as { number: number }).number,
    );
    assert.deepEqual(
      numbers.toSorted((a, b) => a - b),
      Array.from({ length: count }, (_, number) => number),
    );
    assert.equal((await call<unknown[]>(target.url, 'GET', '/v1/contacts?search=ada@lovelace.example')).length, 1);
    assert.equal((await call<unknown[]>(target.url, 'GET', `/v1/events?event=order.*&limit=100`)).length, count);
  });

  test('a backup of a running embedded database restores into an empty external database only with the right master key', async () => {
    const saved = await run(settings('b'), 'backup', file('second'));
    assert.equal(saved.code, 0, saved.stderr);
    assert.match(saved.stdout, /does not contain the master key/);
    const pool = connect(external.url, { max: 1 });
    await pool.script('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    await pool.close();
    const elsewhere = settings('c', { DATABASE_URL: external.url });
    assertRefused(
      await run(elsewhere, 'restore', file('second')),
      /sealed with the master key \w+, which it does not contain\. Set OUTRIDER_MASTER_KEY/,
    );
    assertRefused(
      await run({ ...elsewhere, OUTRIDER_MASTER_KEY: `${'A'.repeat(43)}=` }, 'restore', file('second')),
      /but this installation has/,
    );
    const master = (await readFile(join(file('b'), 'master.key'), 'utf8')).trim();
    const restored = await run({ ...elsewhere, OUTRIDER_MASTER_KEY: master }, 'restore', file('second'));
    assert.equal(restored.code, 0, restored.stderr);
    assert.deepEqual(
      (await runJson<{ slug: string }[]>(elsewhere, 'orgs', 'list')).map(({ slug }) => slug),
      ['default'],
    );
  });
});
