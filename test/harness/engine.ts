/** The engine alone over a real database, on a test clock. Endpoints are inserted as rows, which the slices do in the product. */
import { randomUUID, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBus, type Bus } from '../../src/db/bus.ts';
import { createHolder } from '../../src/db/holder.ts';
import { createPartitions } from '../../src/db/partitions.ts';
import { connect, type Database, type Queryable } from '../../src/db/pool.ts';
import { sql, type Statement } from '../../src/db/sql.ts';
import { createEngine, type DeliveryFailure, type Engine, type FailureHandler } from '../../src/delivery/engine.ts';
import type { Finished } from '../../src/delivery/dispatcher-options.ts';
import { parseCidrs } from '../../src/base/cidr.ts';
import { createAccessTokens } from '../../src/delivery/access-tokens.ts';
import { createBodyRenderer } from '../../src/delivery/templates/renderer.ts';
import { createSender } from '../../src/delivery/transport/sender.ts';
import { createSubscriptions, type Subscriptions } from '../../src/delivery/subscriptions.ts';
import { wires } from '../../src/vendors/wires.ts';
import { createPublisher, type Publisher } from '../../src/events/publisher.ts';
import {
  createIds,
  firstId,
  type EndpointId,
  type Ids,
  type OrganizationId,
  type WorkspaceId,
} from '../../src/base/ids.ts';
import { createVault } from '../../src/encryption/vault.ts';
import { masterKeyOf } from '../../src/encryption/cipher.ts';
import { eventually, type TestClock } from './clock.ts';

export const testMasterKey = masterKeyOf(Buffer.alloc(32, 7).toString('base64'));
export const testSecret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

export interface TestEngine {
  readonly db: Database;
  readonly ids: Ids;
  readonly engine: Engine;
  readonly bus: Bus;
  readonly publisher: Publisher;
  readonly subscriptions: Subscriptions;
  readonly finished: Finished[];
  readonly failures: DeliveryFailure[];
  readonly errors: unknown[];
  /** The number of running statements. A function, because `{ ...engine }` would copy a getter's current value. */
  statements(): number;
  /** As `eventually`; reports `errors` when it gives up. */
  until(condition: () => boolean | Promise<boolean>, what?: string): Promise<void>;
  stop(): Promise<void>;
  /** Ends the process as `kill -9` would: its connections are closed, its memory and pending responses are lost. */
  crash(): Promise<void>;
}

export interface TestEngineOptions {
  readonly delivers?: boolean;
  readonly processes?: number;
  readonly maxInFlight?: number;
  readonly shutdownMs?: number;
  readonly onFailed?: FailureHandler;
  readonly signingKey?: KeyObject;
}

/** Never settles: the rest of a dead process waits for this. */
const forever = new Promise<never>(() => {});

/** A database whose process may die at any moment. `running` counts its statements. */
function mortal(db: Database, dead: () => boolean, died: Promise<never>, running: { count: number }): Database {
  const unlessDead = async <T>(work: () => Promise<T>): Promise<T> => {
    if (dead()) return forever;
    running.count += 1;
    try {
      const result = await work();
      return dead() ? await forever : result;
    } catch (error) {
      if (dead()) return await forever;
      throw error;
    } finally {
      running.count -= 1;
    }
  };
  const on = (queryable: Queryable): Queryable => ({
    query: (statement) => unlessDead(() => queryable.query(statement)),
    execute: (statement) => unlessDead(() => queryable.execute(statement)),
  });
  return {
    ...db,
    ...on(db),
    script: (text) => unlessDead(() => db.script(text)),
    // Without `died` the work would hold its connection permanently, and the pool would never close.
    transaction: (work) => unlessDead(() => db.transaction((tx) => Promise.race([work({ ...tx, ...on(tx) }), died]))),
    get connections() {
      return db.connections;
    },
  };
}

export async function startEngine(url: string, clock: TestClock, options: TestEngineOptions = {}): Promise<TestEngine> {
  const errors: unknown[] = [];
  const applicationName = `engine ${randomUUID()}`;
  const pool = connect(url, { applicationName, onError: (error) => errors.push(error) });
  let dead = false;
  const died = Promise.withResolvers<never>();
  died.promise.catch(() => {});
  const running = { count: 0 };
  const db = mortal(pool, () => dead, died.promise, running);
  await createPartitions(db, clock.now());
  const vault = createVault(testMasterKey);
  const ids = createIds(clock);
  const bus = createBus(url, clock, (error) => errors.push(error));
  const subscriptions = createSubscriptions(db, {
    wires,
    onUnreadable: (_id, error) => errors.push(error),
    openSecret: (on, organization, sealed, context) => vault.open(on, organization, sealed, context),
    signingKeyOf: () =>
      options.signingKey === undefined
        ? Promise.reject(new Error('no ed25519 here'))
        : Promise.resolve(options.signingKey),
  });
  await subscriptions.refresh();
  bus.subscribe(() => void subscriptions.refresh().catch((error: unknown) => errors.push(error)));
  const sender = createSender({ policy: { allow: parseCidrs('127.0.0.0/8'), allowHttp: true }, clock });
  const finished: Finished[] = [];
  const failures: DeliveryFailure[] = [];
  const holder = createHolder({
    db,
    bus,
    clock,
    takes: options.delivers ?? true,
    onError: (error) => errors.push(error),
  });
  const engine = createEngine({
    db,
    bus,
    holder,
    clock,
    ids,
    random: () => 0,
    processes: () => options.processes ?? 1,
    templates: createBodyRenderer(clock),
    tokens: createAccessTokens({ clock, request: () => Promise.reject(new Error('no tokens here')) }),
    subscriptions,
    sender: {
      send: async (request) => {
        const result = await (dead ? forever : sender.send(request));
        return dead ? forever : result;
      },
      get openSockets() {
        return sender.openSockets;
      },
      get egressRefusals() {
        return sender.egressRefusals;
      },
      get strays() {
        return sender.strays;
      },
      close: () => sender.close(),
    },
    maxInFlight: options.maxInFlight ?? 512,
    failingAfter: 5,
    shutdownMs: options.shutdownMs ?? 5_000,
    delivers: options.delivers ?? true,
    onFinished: (one) => finished.push(one),
    onScan: () => {},
    onError: (error) => errors.push(error),
  });
  engine.onFailed(async (tx, failure) => {
    await options.onFailed?.(tx, failure);
    tx.afterCommit(() => failures.push(failure));
  });
  const publisher = createPublisher(db, engine);
  const stopping = new AbortController();
  const cut = new AbortController();
  const parts = [
    bus.run(AbortSignal.any([stopping.signal, cut.signal])),
    engine.run(stopping.signal),
    holder.run(stopping.signal),
  ];
  const until: TestEngine['until'] = (condition, what = 'the condition') => eventually(condition, what, () => errors);
  await until(() => bus.connected, 'the bus connected');
  return {
    db,
    ids,
    engine,
    bus,
    publisher,
    subscriptions,
    finished,
    failures,
    errors,
    statements: () => running.count,
    until,
    async stop() {
      stopping.abort();
      await Promise.all(parts);
      await sender.close();
      await pool.close();
    },
    async crash() {
      dead = true;
      died.reject(new Error('The process is no more.'));
      cut.abort();
      const other = connect(url, { max: 1 });
      await other.execute(
        sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ${applicationName}`,
      );
      await other.close();
      await Promise.all([parts[0], sender.close(), pool.close()]);
    },
  };
}

/**
 * Advances the clock by `stepMs` at a time until `condition` is true, but not while an attempt or a statement is running: those take real
 * time, in which an advancing clock would end leases, and deliveries would rightly be sent again.
 */
export async function asTimePasses(
  clock: TestClock,
  engines: readonly [TestEngine, ...TestEngine[]],
  stepMs: number,
  condition: () => boolean | Promise<boolean>,
  what?: string,
): Promise<void> {
  const busy = (): boolean =>
    engines.some((each) => each.engine.figures.inFlight + each.engine.figures.unsettled + each.statements() > 0);
  await engines[0].until(async () => {
    if (!busy()) await clock.advance(stepMs);
    return await condition();
  }, what);
}

export async function makeOrganization(db: Database, ids: Ids, slug = 'acme'): Promise<OrganizationId> {
  const id = ids.next<OrganizationId>();
  const key = createVault(testMasterKey).create(id);
  await db.execute(sql`
    INSERT INTO organizations (id, slug, plan, data_key, master_key_id, created_at, updated_at) VALUES (${id}, ${slug}, 'unlimited', ${key.data_key}, ${key.master_key_id}, now(), now())`);
  return id;
}

export interface EndpointSettings {
  readonly workspace?: WorkspaceId;
  readonly dialect?: string;
  readonly events?: readonly string[];
  readonly schedule?: readonly number[];
  readonly maxInFlight?: number;
  readonly rate?: number;
  readonly ordering?: 'none' | 'fifo';
  readonly active?: boolean;
  readonly timeoutMs?: number;
  readonly transport?: 'push' | 'pull';
  readonly secret?: string;
  readonly signing?: 'hmac' | 'ed25519';
}

export async function makeEndpoint(
  db: Database,
  ids: Ids,
  organizationId: OrganizationId,
  targetUrl: string,
  settings: EndpointSettings = {},
): Promise<EndpointId> {
  const id = ids.next<EndpointId>();
  const sealed = await createVault(testMasterKey).seal(
    db,
    organizationId,
    settings.secret ?? testSecret,
    'endpoint secret',
  );
  await db.transaction(async (tx) => {
    const [epoch] = await tx.query(
      sql<{ value: number }>`UPDATE subscription_epoch SET value = value + 1 RETURNING value`,
    );
    await tx.execute(sql`
      INSERT INTO endpoints (id, organization_id, workspace_id, transport, target_url, description, dialect, events, header_names, signing, secret_sealed, secret_prefix,
        retry_schedule_seconds, timeout_ms, max_in_flight, rate_limit_per_second, ordering, fifo_from, is_active, sandbox, epoch, number, created_at, updated_at)
      VALUES (${id}, ${organizationId}, ${settings.workspace ?? null}, ${settings.transport ?? 'push'}, ${targetUrl}, '', ${settings.dialect ?? 'standard'}, ${settings.events ?? ['*']}, '{}', ${settings.signing ?? 'hmac'}, ${sealed}, 'whsec_',
        ${settings.schedule ?? null}, ${settings.timeoutMs ?? null}, ${settings.maxInFlight ?? 32}, ${settings.rate ?? null}, ${settings.ordering ?? 'none'}, ${settings.ordering === 'fifo' ? firstId : null}::uuid, ${settings.active ?? true}, false, ${epoch?.value}, (${epoch?.value}::bigint)::int, now(), now())`);
  });
  return id;
}

/** Changes an endpoint's row in the next epoch, as the slice does. */
async function change(db: Database, statement: (epoch: number) => Statement<unknown>): Promise<void> {
  await db.transaction(async (tx) => {
    const [epoch] = await tx.query(
      sql<{ value: number }>`UPDATE subscription_epoch SET value = value + 1 RETURNING value`,
    );
    await tx.execute(statement(epoch?.value ?? 0));
  });
}

export const setActive = (db: Database, id: EndpointId, active: boolean): Promise<void> =>
  change(db, (epoch) => sql`UPDATE endpoints SET is_active = ${active}, epoch = ${epoch} WHERE id = ${id}`);

export const setOrdering = (db: Database, id: EndpointId, ordering: 'none' | 'fifo'): Promise<void> =>
  change(
    db,
    (epoch) => sql`UPDATE endpoints SET ordering = ${ordering}, fifo_from = NULL, epoch = ${epoch} WHERE id = ${id}`,
  );

export const deleteEndpoint = (db: Database, id: EndpointId): Promise<void> =>
  change(
    db,
    (epoch) =>
      sql`UPDATE endpoints SET is_active = false, deleted_at = now(), secret_sealed = '', epoch = ${epoch} WHERE id = ${id}`,
  );

export interface Arrival {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** `webhook-id`: the event's id. */
  readonly id: string;
  /** From the header of vendors that send one. */
  readonly deliveryId: string;
}

/** Starts a receiver that records requests; `answer` responds, by default with 200. */
export async function startReceiver(
  answer: (arrival: Arrival, response: ServerResponse, count: number) => void = (_arrival, response) =>
    response.end('ok'),
): Promise<{ url: string; arrivals: Arrival[]; close(): void }> {
  const arrivals: Arrival[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { headers } = request;
      const deliveryId = String(headers['x-defrost-delivery-id'] ?? headers['x-driftwood-delivery']);
      const arrival = {
        path: request.url ?? '',
        headers,
        body: Buffer.concat(chunks).toString(),
        id: String(headers['webhook-id']),
        deliveryId,
      };
      arrivals.push(arrival);
      answer(arrival, response, arrivals.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
