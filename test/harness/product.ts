/** The whole product in this process, composed as `serve` does it: real sockets, a database of its own, a clock that the test moves. */
import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { after, afterEach, before } from 'node:test';
import pino from 'pino';
import { createApp } from '../../src/app.ts';
import type { App, AppOptions } from '../../src/app.ts';
import { bootstrap, createKey, createOrganization } from '../../src/auth/index.ts';
import type { KeyRequest, Organization, Plan, Tenancy } from '../../src/auth/index.ts';
import { readConfig } from '../../src/base/config.ts';
import type { Config } from '../../src/base/config.ts';
import { connect } from '../../src/db/pool.ts';
import type { Database } from '../../src/db/pool.ts';
import { createIds } from '../../src/base/ids.ts';
import type { WorkspaceId } from '../../src/base/ids.ts';
import { createVault } from '../../src/encryption/vault.ts';
import { callerOf } from './caller.ts';
import type { Caller } from './caller.ts';
import { TestClock } from './clock.ts';
import { createTestDatabase } from './database.ts';
import { startReceiver, testMasterKey } from './engine.ts';
import { patienceMs } from './patience.ts';

export interface ProductOptions extends Pick<AppOptions, 'ca' | 'random' | 'resolve' | 'systemClock'> {
  readonly clock?: TestClock;
  /** The port is told by the app's own address, which a public URL would hide. */
  readonly config?: Partial<Omit<Config, 'publicUrl'>>;
  /** Of a database that others use too, or that is reached in another way; one of its own when not said. */
  readonly databaseUrl?: string;
}

export interface TenantOptions extends Partial<KeyRequest> {
  readonly plan?: Plan;
  readonly alertEmail?: string;
}

/** An organization, and calls with its key. */
export interface Tenant extends Caller {
  readonly organization: Organization;
  /** Calls with another key of it. */
  withKey(request: Partial<KeyRequest>): Promise<Caller>;
  workspace(name: string): Promise<WorkspaceId>;
}

/** Calls are made with the bootstrap key. */
export interface Product extends Caller {
  readonly app: App;
  readonly clock: TestClock;
  /** For a look behind the API. */
  readonly db: Database;
  readonly tenancy: Tenancy;
  /** What was logged, a line an object. */
  readonly logged: Record<string, unknown>[];
  /** An organization of its own, on the plan `unlimited` unless said otherwise. */
  tenant(options?: TenantOptions): Promise<Tenant>;
  stop(): Promise<void>;
}

export const bootstrapKey = 'otr_live_0123456789abcdefghijklmnopqrstuvwxyz';

let organizations = 0;

export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const { clock = new TestClock(), config, databaseUrl: given, ...rest } = options;
  const database = given === undefined ? await createTestDatabase() : undefined;
  const databaseUrl = given ?? database?.url ?? assert.fail();
  const logged: Record<string, unknown>[] = [];
  const app = await createApp({
    config: {
      ...readConfig({}),
      port: 0,
      host: '127.0.0.1',
      egressAllow: '127.0.0.0/8,::1/128',
      allowHttpEndpoints: true,
      bootstrapKey,
      ...config,
    },
    databaseUrl,
    masterKey: testMasterKey,
    clock: {
      now: clock.now,
      setTimer: clock.setTimer,
      clearTimer: clock.clearTimer,
      read: () => Promise.resolve(),
    },
    systemClock: clock,
    random: () => 0,
    log: pino({ level: 'debug' }, linesInto(logged)),
    ...rest,
  });
  const db = connect(databaseUrl);
  const tenancy: Tenancy = { db, clock, ids: createIds(clock), vault: createVault(testMasterKey) };
  await bootstrap(tenancy, bootstrapKey);
  await app.listen();
  const stopping = new AbortController();
  const running = app.run(stopping.signal);
  const url = `http://127.0.0.1:${new URL(app.url).port}`;
  const caller = callerOf(url, bootstrapKey);
  const prober = callerOf(caller.url, config?.metricsToken ?? bootstrapKey);
  await eventually(async () => (await prober.api('GET', '/readyz')).status === 200, 'the product is ready');
  return {
    ...caller,
    app,
    clock,
    db,
    tenancy,
    logged,
    async tenant({ plan = 'unlimited', alertEmail, ...key } = {}) {
      organizations += 1;
      const organization = await createOrganization(tenancy, { slug: `tenant-${organizations}`, plan, alertEmail });
      const keyed = async (request: Partial<KeyRequest>): Promise<Caller> =>
        callerOf(url, (await createKey(tenancy, organization, { name: 'test', scopes: ['*'], ...request })).key);
      const own = await keyed(key);
      return {
        ...own,
        organization,
        withKey: keyed,
        workspace: async (name) => String((await own.got('POST', '/v1/workspaces', { name }))['id']) as WorkspaceId,
      };
    },
    async stop() {
      stopping.abort();
      await running;
      await db.close();
      await database?.drop();
    },
  };
}

function linesInto(logged: Record<string, unknown>[]): Writable {
  return new Writable({
    write(line: Buffer, _encoding, done) {
      logged.push(JSON.parse(line.toString()) as Record<string, unknown>);
      done();
    },
  });
}

/** Comes back once the condition holds; it is looked at whenever the event loop has turned. Nothing waits for a time. */
export async function eventually(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`did not come true: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/**
 * As `eventually`, of what takes its time: `stepMs` pass at each look, but only while nothing is under way. Otherwise time would run
 * past the deadlines of what waits for real sockets.
 */
export const asTimePasses = (
  product: Pick<Product, 'url' | 'clock'>,
  condition: () => boolean | Promise<boolean>,
  what: string,
  stepMs = 1_000,
): Promise<void> =>
  eventually(async () => {
    if (await condition()) return true;
    const metrics = await (await fetch(`${product.url}/metrics`)).text();
    const busy = ['in_flight', 'unsettled', 'publishes_waiting'].some(
      (name) => !new RegExp(`^outrider_${name} 0$`, 'm').test(metrics),
    );
    if (!busy) await product.clock.advance(stepMs);
    return false;
  }, what);

type Receiver = Awaited<ReturnType<typeof startReceiver>>;

export interface ProductScene {
  readonly product: Product;
  readonly clock: TestClock;
  /** A receiver for this test. */
  receive(answer?: Parameters<typeof startReceiver>[0]): Promise<Receiver>;
  /** To be done after this test, the last first. */
  finally(end: () => Promise<unknown> | void): void;
}

/** Sets the scene inside `describe`: one product for all its tests, each of which makes its own organizations. */
export function productScene(options: () => ProductOptions | Promise<ProductOptions> = () => ({})): ProductScene {
  let product: Product;
  const ends: (() => Promise<unknown> | void)[] = [];
  before(async () => {
    product = await startProduct(await options());
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  after(() => product.stop());
  return {
    get product() {
      return product;
    },
    get clock() {
      return product.clock;
    },
    async receive(answer) {
      const receiver = await startReceiver(answer);
      ends.push(() => receiver.close());
      return receiver;
    },
    finally: (end) => void ends.push(end),
  };
}
