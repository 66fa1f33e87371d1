/** The embedded PostgreSQL dies while its server runs. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startEmbeddedDatabase } from '../../src/db/embedded.ts';
import { startReceiver } from '../harness/engine.ts';
import { makeFolder, start, urlOf } from '../harness/outrider.ts';
import { freePort } from '../harness/sockets.ts';
import type { Environment, Started } from '../harness/outrider.ts';
import { eventually } from '../harness/clock.ts';

const key = 'otr_live_chosen_by_the_operator_000000';

describe('a server whose PostgreSQL is killed', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let environment: Environment;
  let server: Started;
  let url: string;
  const cluster = (): string => join(folder.path, 'data', 'postgres');
  const postmasterPid = async (): Promise<number> =>
    Number.parseInt(await readFile(join(cluster(), 'postmaster.pid'), 'utf8'), 10);
  /** Kills PostgreSQL and waits until another one runs: the rest of the first may still accept an event before it exits. @returns the killed process. */
  const killPostmaster = async (): Promise<number> => {
    const first = await postmasterPid();
    process.kill(first, 'SIGKILL');
    await eventually(async () => {
      const now = await postmasterPid().catch(() => first);
      return now > 0 && now !== first;
    }, 'another one runs');
    return first;
  };
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const arrived = (order: number): boolean =>
    receiver.arrivals.some(({ body }) => (JSON.parse(body) as { data: { order: number } }).data.order === order);
  /** Publishes as soon as the server accepts it. */
  const publish = (order: number): Promise<void> =>
    eventually(
      async () => (await post('/v1/events', { event: 'order.paid', data: { order } })).status === 202,
      `order ${order} is taken`,
    );
  const serve = async (...options: string[]): Promise<void> => {
    server = start({ ...environment, OUTRIDER_PORT: String(await freePort()) }, 'dev', ...options);
    url = await urlOf(server);
  };

  before(async () => {
    folder = await makeFolder();
    receiver = await startReceiver();
    environment = {
      OUTRIDER_DATA_DIR: join(folder.path, 'data'),
      OUTRIDER_BOOTSTRAP_KEY: key,
      OUTRIDER_SHUTDOWN_SECONDS: '1',
    };
  });
  after(async () => {
    await server?.kill('SIGKILL');
    receiver.close();
    if (existsSync(join(cluster(), 'PG_VERSION')))
      await (await startEmbeddedDatabase({ dataDir: join(folder.path, 'data') })).stop('immediate');
    await folder.remove();
  });

  test('with several processes, PostgreSQL is restarted, publishing resumes and acknowledged events arrive', async () => {
    await serve('--processes', '2');
    assert.equal((await post('/v1/webhooks', { target_url: receiver.url, events: ['*'] })).status, 201);
    await publish(1);
    const first = await killPostmaster();
    await publish(2);
    await eventually(() => arrived(1) && arrived(2), 'both arrive');
    assert.match(
      server.stderr,
      new RegExp(`^PostgreSQL \\(process ${first}\\) ended unexpectedly\\. Restarting it;`, 'm'),
    );
    await eventually(
      () => /^PostgreSQL is running again \(process \d+\)\.$/m.test(server.stderr),
      'the server reports the restart',
    );
  });

  test('a PostgreSQL taken over from a killed server is restarted too', async () => {
    await server.kill('SIGKILL');
    await serve();
    assert.match(server.stdout, /Took over the PostgreSQL/);
    await killPostmaster();
    await publish(3);
    await eventually(() => arrived(3), 'it arrives');
  });

  test('the server exits with code 1 and one line when PostgreSQL cannot be restarted', async () => {
    const away = `${cluster()}.away`;
    const pid = await postmasterPid();
    await rename(cluster(), away);
    process.kill(pid, 'SIGKILL');
    const { code, stderr } = await server.ended;
    await rename(away, cluster());
    assert.equal(code, 1);
    assert.match(
      stderr,
      /\noutrider: The database has stopped and cannot be restarted\. The database in \S+ no longer exists\.\n$/,
    );
    assert.match(stderr, /try 5 of 5/);
  });

  test('a server that stops while PostgreSQL is restarted loses nothing: the next start has all data', async () => {
    await serve();
    await publish(4);
    await eventually(() => arrived(4), 'it arrives');
    const { code } = await server.kill('SIGTERM');
    assert.equal(code, 0);
    assert.ok(!existsSync(join(cluster(), 'postmaster.pid')));
  });
});
