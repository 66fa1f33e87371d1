import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { createTestDatabase } from '../../test/harness/database.ts';
import type { TestDatabase } from '../../test/harness/database.ts';
import { startReceiver, testMasterKey } from '../../test/harness/engine.ts';
import { createApp } from '../app.ts';
import { createKey, createOrganization, revokeKey } from '../auth/index.ts';
import type { Organization, Tenancy } from '../auth/index.ts';
import { systemClock } from '../base/clock.ts';
import { readConfig } from '../base/config.ts';
import { connect } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import { OperatorError } from '../base/errors.ts';
import { createIds } from '../base/ids.ts';
import { createVault } from '../encryption/vault.ts';
import { createApi } from './api.ts';
import { listen } from './listen.ts';
import type { WithKey } from './listen.ts';

/** A running product, and `listen` as a separate process would run it. */
describe('outrider listen', () => {
  let database: TestDatabase;
  let url: string;
  let key: string;
  const ends: (() => Promise<void> | void)[] = [];
  let tenancy: Tenancy;
  let organization: Organization;

  before(async () => {
    database = await createTestDatabase();
    const config = readConfig({ OUTRIDER_PORT: '0', OUTRIDER_HOST: '127.0.0.1', OUTRIDER_LOG_LEVEL: 'silent' });
    const app = await createApp({ config, databaseUrl: database.url, masterKey: testMasterKey });
    const db = connect(database.url, { max: 2 });
    tenancy = { db, clock: systemClock, ids: createIds(systemClock), vault: createVault(testMasterKey) };
    organization = await createOrganization(tenancy, { slug: 'acme', plan: 'unlimited' });
    ({ key } = await createKey(tenancy, organization, { name: 'test', scopes: ['*'] }));
    const running = new AbortController();
    await app.listen();
    const ran = app.run(running.signal);
    ({ url } = app);
    ends.push(async () => {
      await db.close();
      running.abort();
      await ran;
    });
  });
  after(async () => {
    for (const end of ends) await end();
    await database.drop();
  });

  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  interface Listening {
    readonly lines: string[];
    /** Resolves with the first line that matches, or the `nth`. */
    line(pattern: RegExp, nth?: number): Promise<string>;
    stop(): Promise<void>;
  }

  function start(options: { forward?: string; events?: string[]; withKey?: WithKey } = {}): Listening {
    const lines: string[] = [];
    let told = Promise.withResolvers<void>();
    const stopping = new AbortController();
    const settings = {
      forward: options.forward === undefined ? undefined : new URL(options.forward),
      events: options.events ?? ['*'],
    };
    const ended = listen(options.withKey ?? ((work) => work({ url, key })), settings, stopping.signal, (text) => {
      lines.push(text);
      told.resolve();
      told = Promise.withResolvers();
    });
    ended.catch(() => told.resolve());
    const stop = async (): Promise<void> => {
      stopping.abort();
      await ended;
    };
    stops.push(stop);
    const line = async (pattern: RegExp, nth = 1): Promise<string> => {
      for (;;) {
        const found = lines.filter((one) => pattern.test(one))[nth - 1];
        if (found !== undefined) return found;
        await Promise.race([told.promise, ended]);
      }
    };
    return { lines, line, stop };
  }

  const publish = (type: string, data: unknown) =>
    createApi(url, key).call('POST', '/v1/events', { body: { event: type, data } });
  const listeners = async (): Promise<number> =>
    (
      await tenancy.db.query(
        sql<{ total: number }>`SELECT count(*) AS total FROM endpoints WHERE transport = 'pull' AND deleted_at IS NULL`,
      )
    )[0]?.total ?? Number.NaN;

  test('deliveries reach the local URL with valid signatures, each is printed, and the endpoint is removed at the end', async () => {
    const receiver = await startReceiver();
    const listening = start({ forward: `${receiver.url}/hook`, events: ['order.*'] });
    const secret = /Signing secret: (\S+)/.exec(await listening.line(/Signing secret/))?.[1] ?? '';
    await publish('invoice.sent', {});
    await publish('order.paid', { n: 1 });
    assert.match(await listening.line(/order\.paid/), /^\d\d:\d\d:\d\d {2}order\.paid {2}200 {2}\d+ ms$/);
    const [arrival, ...more] = receiver.arrivals;
    assert.ok(arrival !== undefined && more.length === 0);
    assert.equal(arrival.path, '/hook');
    const body = new Webhook(secret).verify(arrival.body, arrival.headers as Record<string, string>) as {
      data: unknown;
    };
    assert.deepEqual(body.data, { n: 1 });
    assert.equal(await listeners(), 1);
    await listening.stop();
    assert.equal(await listeners(), 0);
    const [attempt] = await tenancy.db.query(
      sql<{
        status_code: number;
        response_body: string;
      }>`SELECT status_code, response_body FROM attempts WHERE delivery_id = ${arrival.deliveryId}`,
    );
    assert.deepEqual(attempt, { status_code: 200, response_body: 'ok' });
    receiver.close();
  });

  test('an unreachable, refusing or redirecting receiver is printed with the time of the next attempt', async () => {
    const receiver = await startReceiver((arrival, response) => {
      response.statusCode = arrival.body.includes('order.moved') ? 302 : 500;
      response.setHeader('location', '/elsewhere');
      response.end();
    });
    const listening = start({ forward: receiver.url });
    await listening.line(/Listening/);
    await publish('order.failed', {});
    assert.match(await listening.line(/order\.failed/), / 500 {2}\d+ ms {2}again at \d\d:\d\d:\d\d$/);
    await publish('order.moved', {});
    assert.match(await listening.line(/order\.moved/), / 302 {2}/);
    receiver.close();
    await publish('order.lost', {});
    assert.match(await listening.line(/order\.lost/), /No server listens on 127\.0\.0\.1:\d+ {2}\d+ ms {2}again at/);
  });

  test('without a URL to forward to, bodies are printed', async () => {
    const listening = start();
    await listening.line(/Listening/);
    await publish('order.paid', { printed: true });
    assert.match(await listening.line(/order\.paid/), /^\S+ {2}order\.paid\n\{.*"printed":true\}\}$/);
  });

  test('more deliveries than may be in flight are all forwarded', async () => {
    const receiver = await startReceiver();
    const listening = start({ forward: receiver.url });
    await listening.line(/Listening/);
    await Promise.all(Array.from({ length: 70 }, (_, n) => publish('order.paid', { n })));
    await listening.line(/order\.paid/, 70);
    assert.equal(new Set(receiver.arrivals.map((arrival) => arrival.id)).size, 70);
    assert.equal(receiver.arrivals.length, 70);
    receiver.close();
  });

  test('an expired listener is created again', async () => {
    const listening = start();
    await listening.line(/Listening/);
    const { data } = (await createApi(url, key).call('GET', '/v1/webhooks')) as { data: { id: string }[] };
    await createApi(url, key).call('DELETE', `/v1/listeners/${data[0]?.id}`);
    await listening.line(/expired/);
    await listening.line(/Listening/, 2);
    assert.equal(await listeners(), 1);
    await publish('order.paid', {});
    await listening.line(/order\.paid/);
  });

  test('an expired key is replaced by another, and the listener stays', async () => {
    const short = await createKey(tenancy, organization, { name: 'short', scopes: ['webhooks:write'] });
    const keys = [short.key, key];
    const listening = start({ withKey: (work) => work({ url, key: keys.shift() ?? '' }) });
    await listening.line(/Listening/);
    await revokeKey(tenancy, short.id);
    // Wait until the server knows that the key has expired and a pull in progress has returned.
    for (let n = 1; keys.length > 0; n += 1) {
      await publish('order.paid', { n });
      await listening.line(/order\.paid/, n);
    }
    await publish('order.last', {});
    await listening.line(/order\.last\n/);
    assert.equal(listening.lines.filter((line) => line.startsWith('Listening')).length, 1);
    assert.equal(await listeners(), 1);
  });

  test('a wrong key and a missing server are reported as errors', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    const signal = new AbortController().signal;
    const attempt = (withKey: WithKey) => listen(withKey, { forward: undefined, events: ['*'] }, signal, () => {});
    await assert.rejects(
      () => attempt((work) => work({ url, key: 'otr_live_wrong000000000000000000000000' })),
      (error) => error instanceof OperatorError && /401/.test(error.message),
    );
    await assert.rejects(
      () => attempt((work) => work({ url: `http://127.0.0.1:${port}`, key })),
      (error) => error instanceof OperatorError && /No server answers/.test(error.message),
    );
    await assert.rejects(
      () =>
        listen(
          (work) => work({ url, key }),
          { forward: undefined, events: ['not a type'] },
          signal,
          () => {},
        ),
      (error) => error instanceof OperatorError && /422/.test(error.message),
    );
  });
});
