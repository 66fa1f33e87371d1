/** Replays over a real database: deliveries that are past, and jobs over them. */
import assert from 'node:assert/strict';
import { createBus } from '../../src/db/bus.ts';
import { sql } from '../../src/db/sql.ts';
import type { Principal, Reply, Route } from '../../src/http/route.ts';
import type { DeliveryId, EndpointId, OrganizationId } from '../../src/base/ids.ts';
import { createReplays } from '../../src/webhooks/replays/index.ts';
import type { Replays } from '../../src/webhooks/replays/index.ts';
import { callRoute } from './calling.ts';
import type { CallOptions } from './calling.ts';
import { TestClock } from './clock.ts';
import type { DatabaseScene } from './database.ts';
import { makeEndpoint, makeOrganization, startEngine } from './engine.ts';
import type { EndpointSettings, TestEngine } from './engine.ts';
import { principalOf } from './webhooks.ts';

export interface Installation extends TestEngine {
  readonly clock: TestClock;
  readonly organizationId: OrganizationId;
  readonly replays: Replays;
  /** Starts a runner; the function ends it and waits for it. */
  run(): () => Promise<void>;
}

export interface ReplayOnWire {
  id: string;
  state: string;
  status: string;
  waiting_for: string | null;
  until: string;
  progress: { scanned: number; replayed: number; percent: number };
}

/** Nothing works on its jobs before `run`; all of it ends with the test. */
export async function install(scene: DatabaseScene, options: { delivers?: boolean } = {}): Promise<Installation> {
  const clock = new TestClock();
  const engine = await startEngine(scene.url, clock, options);
  scene.finally(() => engine.stop());
  const organizationId = await makeOrganization(engine.db, engine.ids);
  const listening = new AbortController();
  const bus = createBus(scene.url, clock, (error) => engine.errors.push(error));
  const heard = bus.run(listening.signal);
  await engine.until(() => bus.connected);
  scene.finally(async () => {
    listening.abort();
    await heard;
  });
  const create = (): Replays => createReplays({ ...engine, bus, clock, onError: (error) => engine.errors.push(error) });
  const run = (): (() => Promise<void>) => {
    const running = new AbortController();
    const ended = create().run(running.signal);
    const stop = async (): Promise<void> => {
      running.abort();
      await ended;
    };
    scene.finally(stop);
    return stop;
  };
  return { ...engine, clock, organizationId, replays: create(), run };
}

export const call = (
  installation: Installation,
  method: Route['method'],
  path: string,
  { principal = principalOf(installation.organizationId), ...options }: CallOptions & { principal?: Principal } = {},
): Promise<Reply> => callRoute(installation.replays.routes, principal, method, path, options);

export async function begin(
  installation: Installation,
  endpoint: EndpointId,
  body: Record<string, unknown> = {},
): Promise<ReplayOnWire> {
  const reply = await call(installation, 'POST', '/v1/replays', {
    body: { endpoint_id: endpoint, since: new Date(installation.clock.now() - 3_600_000).toISOString(), ...body },
  });
  assert.equal(reply.status, 202);
  return (reply.body as { data: ReplayOnWire }).data;
}

export const look = async (installation: Installation, id: string): Promise<ReplayOnWire> =>
  ((await call(installation, 'GET', '/v1/replays/:id', { id })).body as { data: ReplayOnWire }).data;
export const untilState = (installation: Installation, id: string, state: string): Promise<void> =>
  installation.until(async () => (await look(installation, id)).state === state, state);
export const untilReplayed = (installation: Installation, id: string, replayed: number): Promise<void> =>
  installation.until(async () => (await look(installation, id)).progress.replayed >= replayed, `${replayed} replayed`);

export const publish = (
  installation: Installation,
  count: number,
  type = 'order.paid',
  data: (n: number) => unknown = (n) => ({ n }),
) =>
  Promise.all(
    Array.from({ length: count }, (_, n) =>
      installation.publisher.publish({
        organizationId: installation.organizationId,
        type,
        data: data(n),
        occurredAtMs: installation.clock.now(),
      }),
    ),
  );

/** An endpoint that nothing listens at. */
export const fresh = (installation: Installation, settings: EndpointSettings = {}): Promise<EndpointId> =>
  makeEndpoint(installation.db, installation.ids, installation.organizationId, 'http://127.0.0.1:1/', settings);

/** Deliveries that are in the log in this state, as after a day of work. */
export async function past(
  installation: Installation,
  endpoint: EndpointId,
  count: number,
  state: 'failed' | 'delivered',
  type?: string,
): Promise<void> {
  await publish(installation, count, type);
  const moved = await installation.db.execute(sql`
    WITH gone AS (DELETE FROM delivery_queue WHERE endpoint_id = ${endpoint} RETURNING *)
    INSERT INTO delivery_log (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, created_at, completed_at, last_error)
    SELECT endpoint_id, id, organization_id, event_id, event_type, kind, ${state}, 6, created_at, created_at, NULL FROM gone`);
  assert.equal(moved, count);
  await installation.clock.advance(1_000);
}

interface Row {
  id: DeliveryId;
  event_id: string;
  event_type: string;
  kind: string;
  attempt_count: number;
  schedule_base: number;
  due_at: Date;
}

export const queueOf = ({ db }: Installation, endpoint: EndpointId): Promise<Row[]> =>
  db.query(
    sql<Row>`SELECT id, event_id, event_type, kind, attempt_count, schedule_base, due_at FROM delivery_queue WHERE endpoint_id = ${endpoint} ORDER BY id`,
  );
export const logOf = (
  { db }: Installation,
  endpoint: EndpointId,
): Promise<{ id: DeliveryId; event_id: string; state: string }[]> =>
  db.query(
    sql<{
      id: DeliveryId;
      event_id: string;
      state: string;
    }>`SELECT id, event_id, state FROM delivery_log WHERE endpoint_id = ${endpoint} ORDER BY id`,
  );
