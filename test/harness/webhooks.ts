import { after, afterEach, before, beforeEach } from 'node:test';
import { createAlerts } from '../../src/alerts/index.ts';
import type { Alerts } from '../../src/alerts/index.ts';
import type { Clock } from '../../src/base/clock.ts';
import { createBus } from '../../src/db/bus.ts';
import { createPartitions } from '../../src/db/partitions.ts';
import { connect } from '../../src/db/pool.ts';
import type { Database } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import { parseCidrs } from '../../src/base/cidr.ts';
import type { Resolve } from '../../src/base/egress.ts';
import { createEngine } from '../../src/delivery/engine.ts';
import type { Engine } from '../../src/delivery/engine.ts';
import { createSender } from '../../src/delivery/transport/sender.ts';
import { createSubscriptions } from '../../src/delivery/subscriptions.ts';
import type { Subscriptions } from '../../src/delivery/subscriptions.ts';
import { isCanonical } from '../../src/base/event-types.ts';
import { wires } from '../../src/vendors/wires.ts';
import { notFound } from '../../src/base/errors.ts';
import { catalogue } from '../../src/events/catalogue.ts';
import { createEmit } from '../../src/events/emit.ts';
import { createPublisher } from '../../src/events/publisher.ts';
import type { Publisher } from '../../src/events/publisher.ts';
import type { Principal, Reply, Route } from '../../src/http/route.ts';
import { validated } from '../../src/http/validation.ts';
import { createIds } from '../../src/base/ids.ts';
import type { EndpointId, Ids, KeyId, OrganizationId, WorkspaceId } from '../../src/base/ids.ts';
import { createVault } from '../../src/encryption/vault.ts';
import type { Vault } from '../../src/encryption/vault.ts';
import { createResolver } from '../../src/base/resolver.ts';
import { createSigningKeys, createWebhooks } from '../../src/webhooks/index.ts';
import type { Webhooks } from '../../src/webhooks/index.ts';
import { TestClock } from './clock.ts';
import { createTestDatabase } from './database.ts';
import type { TestDatabase } from './database.ts';
import { makeOrganization, startReceiver, testMasterKey } from './engine.ts';
import { patienceMs } from './patience.ts';

/** The webhooks and alerts of one process, composed as in production, HTTP server aside. */
export interface WebhookInstallation {
  readonly db: Database;
  readonly ids: Ids;
  readonly vault: Vault;
  readonly engine: Engine;
  readonly subscriptions: Subscriptions;
  readonly publisher: Publisher;
  readonly webhooks: Webhooks;
  readonly alerts: Alerts;
  readonly errors: unknown[];
  /** Lines of the log, by message. */
  readonly lines: { fields: object; message: string }[];
  /** Calls a route as the server does once it knows the caller. */
  call(principal: Principal, method: Route['method'], path: string, body?: unknown): Promise<Reply>;
  until(condition: () => boolean | Promise<boolean>, what: string): Promise<void>;
  stop(): Promise<void>;
}

export interface WebhookInstallationOptions {
  readonly delivers?: boolean;
  readonly resolve?: Resolve;
  readonly smtpUrl?: string;
  /** Only these loopback addresses may be called; `''`: none, and only over https. */
  readonly egressAllow?: string;
}

export async function startWebhooks(
  url: string,
  clock: Clock,
  options: WebhookInstallationOptions = {},
): Promise<WebhookInstallation> {
  const errors: unknown[] = [];
  const lines: { fields: object; message: string }[] = [];
  const onError = (error: unknown): void => {
    errors.push(error);
  };
  const db = connect(url, { onError });
  await createPartitions(db, clock.now());
  const vault = createVault(testMasterKey);
  const ids = createIds(clock);
  const bus = createBus(url, clock, onError);
  const allow = options.egressAllow ?? '127.0.0.0/8';
  const egress = { allow: parseCidrs(allow), allowHttp: allow !== '' };
  const signingKeys = createSigningKeys({ db, vault, clock, ids });
  const subscriptions = createSubscriptions(db, {
    wires,
    onUnreadable: (_id, error) => errors.push(error),
    openSecret: (on, organization, sealed, context) => vault.open(on, organization, sealed, context),
    signingKeyOf: (organization) => signingKeys.of(organization),
  });
  bus.subscribe(() => void subscriptions.refresh().catch(onError));
  const sender = createSender({ policy: egress, clock });
  const engine = createEngine({
    db,
    bus,
    clock,
    ids,
    random: () => 0,
    processes: () => 1,
    subscriptions,
    sender,
    maxInFlight: 512,
    shutdownMs: 5_000,
    delivers: options.delivers ?? true,
    onFinished: () => {},
    onScan: () => {},
    onError,
  });
  const publisher = createPublisher(db, engine);
  const record = (fields: object, message: string): void => {
    lines.push({ fields, message });
  };
  const alerts = createAlerts({
    db,
    clock,
    ids,
    smtpUrl: options.smtpUrl,
    from: 'Outrider <outrider@example.com>',
    publicUrl: () => 'https://outrider.example',
    log: { info: record, warn: record },
    onError,
  });
  const webhooks = createWebhooks({
    db,
    bus,
    clock,
    ids,
    vault,
    random: () => 0,
    wires,
    engine,
    signingKeys,
    publisher,
    ...createEmit(engine),
    egress,
    resolve: options.resolve ?? createResolver(),
    onRefused: () => {},
    ownTypes: () => Promise.resolve(['order.paid']),
    exampleOf: (type) => (isCanonical(type) ? catalogue[type].example : undefined),
    alert: (tx, alert) => alerts.write(tx, alert),
    onError,
  });
  engine.onFailed(webhooks.onFailed);
  await subscriptions.refresh();
  const stopping = new AbortController();
  const running = [bus.run(stopping.signal), engine.run(stopping.signal), alerts.run(stopping.signal)];
  const until: WebhookInstallation['until'] = async (condition, what) => {
    const deadline = performance.now() + patienceMs;
    while (!(await condition())) {
      if (performance.now() > deadline)
        throw new Error(`${what} did not come true; errors: ${errors.map(String).join('; ')}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await until(() => bus.connected, 'the bus connected');
  const routes = [...webhooks.routes, ...alerts.routes];
  return {
    db,
    ids,
    vault,
    engine,
    subscriptions,
    publisher,
    webhooks,
    alerts,
    errors,
    lines,
    call: (principal, method, path, body) => call(routes, principal, method, path, body),
    until,
    async stop() {
      stopping.abort();
      await Promise.all(running);
      await sender.close();
      await db.close();
    },
  };
}

async function call(
  routes: readonly Route[],
  principal: Principal,
  method: Route['method'],
  path: string,
  body: unknown = {},
): Promise<Reply> {
  const { pathname, searchParams } = new URL(path, 'http://test');
  for (const route of routes) {
    const params = route.method === method ? matched(route.path, pathname) : undefined;
    if (params === undefined) continue;
    const parsed = route.params?.safeParse(params);
    if (parsed?.success === false) throw notFound('Resource');
    const request = {
      params: parsed?.data,
      query: route.query === undefined ? undefined : validated(route.query, Object.fromEntries(searchParams), 'query'),
      body: route.body === undefined ? undefined : validated(route.body, body, 'body'),
    };
    return await route.handle(request as never, principal);
  }
  throw new Error(`There is no route ${method} ${path}.`);
}

function matched(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length || !wanted.every((part, index) => part.startsWith(':') || part === given[index]))
    return undefined;
  return Object.fromEntries(
    wanted.flatMap((part, index) => (part.startsWith(':') ? [[part.slice(1), given[index] ?? '']] : [])),
  );
}

/** A key of the organization, or of one of its workspaces, that may do everything. */
export const principalOf = (organizationId: OrganizationId, workspaceId?: WorkspaceId): Principal => ({
  organizationId,
  organizationSlug: 'acme',
  plan: 'unlimited',
  sandbox: false,
  workspaceId,
  keyId: '00000000-0000-7000-8000-000000000001' as KeyId,
  scopes: ['*'],
});

export async function makeWorkspace(
  db: Database,
  ids: Ids,
  organizationId: OrganizationId,
  name: string,
): Promise<WorkspaceId> {
  const id = ids.next<WorkspaceId>();
  await db.execute(
    sql`INSERT INTO workspaces (id, organization_id, name, created_at, updated_at) VALUES (${id}, ${organizationId}, ${name}, now(), now())`,
  );
  return id;
}

export type Fields = Record<string, unknown>;
export const dataOf = (reply: Reply): Fields => (reply.body as { data: Fields }).data;

export interface MadeEndpoint extends Fields {
  id: EndpointId;
  secret: string;
}

/** What each test of a file finds: an installation, a caller of its own organization, and a clock to move. */
export interface WebhookScene {
  readonly here: WebhookInstallation;
  readonly clock: TestClock;
  readonly caller: Principal;
  /** One more process of the same installation. */
  install(options?: WebhookInstallationOptions): Promise<WebhookInstallation>;
  receive(answer?: Parameters<typeof startReceiver>[0]): ReturnType<typeof startReceiver>;
  /** POST /v1/webhooks; to an address of loopback where nobody listens, unless said otherwise. */
  create(body?: Fields, on?: WebhookInstallation, who?: Principal): Promise<MadeEndpoint>;
  publish(type: string, data?: unknown): Promise<{ id: string; deliveries: number }>;
  /** As `until`, with time going on: for what a timer does whose moment depends on how busy the machine is. */
  eventually(condition: () => boolean | Promise<boolean>, what: string): Promise<void>;
}

/** Sets the scene inside `describe`: a database for the file, emptied of processes after each test. */
export function webhookScene(options: WebhookInstallationOptions = {}): WebhookScene {
  let database: TestDatabase;
  let clock: TestClock;
  let here: WebhookInstallation;
  let caller: Principal;
  let organizations = 0;
  const stops: (() => Promise<void> | void)[] = [];

  before(async () => {
    database = await createTestDatabase();
  });
  after(() => database.drop());
  beforeEach(async () => {
    clock = new TestClock();
    here = await scene.install(options);
    organizations += 1;
    caller = principalOf(await makeOrganization(here.db, here.ids, `acme-${organizations}`));
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  const scene: WebhookScene = {
    get here() {
      return here;
    },
    get clock() {
      return clock;
    },
    get caller() {
      return caller;
    },
    async install(more = {}) {
      const installation = await startWebhooks(database.url, clock, more);
      stops.push(() => installation.stop());
      return installation;
    },
    async receive(answer) {
      const receiver = await startReceiver(answer);
      stops.push(() => receiver.close());
      return receiver;
    },
    create: async (body = {}, on = here, who = caller) =>
      dataOf(
        await on.call(who, 'POST', '/v1/webhooks', { target_url: 'http://127.0.0.1:9/hook', events: ['*'], ...body }),
      ) as MadeEndpoint,
    eventually: (condition, what) =>
      here.until(async () => {
        if (await condition()) return true;
        await clock.advance(20);
        return false;
      }, what),
    publish: (type, data = {}) =>
      here.publisher.publish({ organizationId: caller.organizationId, type, data, occurredAtMs: clock.now() }),
  };
  return scene;
}
