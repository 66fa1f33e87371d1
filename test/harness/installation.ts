import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { after, afterEach, before } from 'node:test';
import pino from 'pino';
import { createApp } from '../../src/app.ts';
import type { App, AppOptions, Parts } from '../../src/app.ts';
import { bootstrap, createKey, createOrganization } from '../../src/auth/index.ts';
import type { KeyRequest, Organization, Plan, Tenancy } from '../../src/auth/index.ts';
import { createDnsRecords } from '../../src/base/dns-records.ts';
import { readConfig } from '../../src/base/config.ts';
import type { Config } from '../../src/base/config.ts';
import type { Bus } from '../../src/db/bus.ts';
import { connect } from '../../src/db/pool.ts';
import type { Database } from '../../src/db/pool.ts';
import type { Ids, WorkspaceId } from '../../src/base/ids.ts';
import type { Vault } from '../../src/encryption/vault.ts';
import type { Principal, Reply, Route } from '../../src/http/route.ts';
import { callRoute } from './calling.ts';
import type { CallOptions } from './calling.ts';
import { callerOf } from './caller.ts';
import type { Caller } from './caller.ts';
import { eventually, TestClock } from './clock.ts';
import { createTestDatabase } from './database.ts';
import { startReceiver, testMasterKey } from './engine.ts';

/** What a test replaces in the composition. */
export interface InstallationOverrides extends Pick<
  AppOptions,
  'ca' | 'dns' | 'oauthEndpoints' | 'organizationHourlyPerDomain' | 'originOf' | 'random' | 'resolve' | 'systemClock'
> {
  readonly clock?: TestClock;
  /** `publicUrl` only with `listens: false`: it would hide the port. */
  readonly config?: Partial<Config>;
  /** A database shared with other processes or reached through a proxy; by default the installation has its own. */
  readonly databaseUrl?: string;
  /** False: no HTTP; tests call routes with `call`. */
  readonly listens?: boolean;
}

export interface TenantOptions extends Partial<KeyRequest> {
  readonly plan?: Plan;
  readonly alertEmail?: string;
}

/** An organization, and a caller with one of its keys. */
export interface Tenant extends Caller {
  readonly organization: Organization;
  /** A caller with another key of the organization. */
  withKey(request: Partial<KeyRequest>): Promise<Caller>;
  workspace(name: string): Promise<WorkspaceId>;
}

/** The whole product in this process, composed as `serve` does it. As a caller, it uses the bootstrap key. */
export interface Installation extends Caller, Omit<Parts, 'deps'> {
  readonly app: App;
  readonly clock: TestClock;
  /** Connections of the test, apart from those of the product. */
  readonly db: Database;
  readonly bus: Bus;
  readonly ids: Ids;
  readonly vault: Vault;
  readonly tenancy: Tenancy;
  /** Log lines, parsed. */
  readonly logged: Record<string, unknown>[];
  /** Log lines of level `error`: failures of background work. */
  readonly errors: readonly Record<string, unknown>[];
  /** Creates an organization, on the plan `unlimited` by default. */
  tenant(options?: TenantOptions): Promise<Tenant>;
  /** Calls a route below HTTP, as the server does after authorization. */
  call(
    principal: Principal,
    method: Route['method'],
    path: string,
    body?: unknown,
    options?: CallOptions,
  ): Promise<Reply>;
  /** As `eventually`; reports `errors` when it gives up. */
  until(condition: () => boolean | Promise<boolean>, what?: string): Promise<void>;
  stop(): Promise<void>;
}

export const bootstrapKey = 'otr_live_0123456789abcdefghijklmnopqrstuvwxyz';

let organizations = 0;

/**
 * Starts the product over a real database, on a clock that the test moves, with a random number of 0.
 * @example
 * const installation = await startInstallation({ config: { roles: ['api'] } });
 * const tenant = await installation.tenant();
 * await tenant.publish('order.paid', { amount: 4_200 });
 * await installation.stop();
 */
export async function startInstallation(overrides: InstallationOverrides = {}): Promise<Installation> {
  const { clock = new TestClock(), config, databaseUrl: given, listens = true, ...others } = overrides;
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
    // Nothing listens there: no test depends on the Internet.
    dns: createDnsRecords(['127.0.0.1:1']),
    log: pino({ level: 'debug' }, linesInto(logged)),
    ...others,
  });
  const {
    deps: { bus, ids, vault },
    ...parts
  } = app.parts;
  const errors = (): Record<string, unknown>[] => logged.filter(({ level }) => Number(level) >= 50);
  const db = connect(databaseUrl);
  const tenancy: Tenancy = { db, clock, ids, vault };
  if (listens) {
    await bootstrap(tenancy, bootstrapKey);
    await app.listen();
  } else {
    await parts.engine.subscriptions.refresh();
  }
  const stopping = new AbortController();
  const running = app.run(stopping.signal);
  const url = listens ? `http://127.0.0.1:${new URL(app.url).port}` : '';
  const prober = callerOf(url, config?.metricsToken ?? bootstrapKey);
  const isReady = async (): Promise<boolean> => (await prober.api('GET', '/readyz')).status === 200;
  await eventually(listens ? isReady : () => bus.connected, 'the installation is ready');
  return {
    ...callerOf(url, bootstrapKey),
    ...parts,
    app,
    clock,
    db,
    bus,
    ids,
    vault,
    tenancy,
    logged,
    get errors() {
      return errors();
    },
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
    call: (principal, method, path, ...rest) => callRoute(app.routes, principal, method, path, ...rest),
    until: (condition, what = 'the condition') => eventually(condition, what, errors),
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

/**
 * As `eventually`, for work that waits for the clock: leaps by `stepMs` before each check, but only while no delivery,
 * publish or message is in flight. Otherwise the clock would pass the deadlines of work that waits for real sockets.
 */
export const asTimePasses = (
  product: Pick<Installation, 'url' | 'clock' | 'mail'>,
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
    if (!busy && product.mail.sending.figures.inFlight === 0) await product.clock.leap(stepMs);
    return false;
  }, what);

type Receiver = Awaited<ReturnType<typeof startReceiver>>;

export interface InstallationScene {
  readonly product: Installation;
  readonly clock: TestClock;
  /** Starts a receiver that is closed after the test. */
  receive(answer?: Parameters<typeof startReceiver>[0]): Promise<Receiver>;
  /** Registers work for the end of the test; the last registered is done first. */
  finally(end: () => Promise<unknown> | void): void;
}

/** Call it inside `describe`: one installation for all its tests, each of which creates its own organizations. */
export function installationScene(
  options: () => InstallationOverrides | Promise<InstallationOverrides> = () => ({}),
): InstallationScene {
  let product: Installation;
  const ends: (() => Promise<unknown> | void)[] = [];
  before(async () => {
    product = await startInstallation(await options());
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
