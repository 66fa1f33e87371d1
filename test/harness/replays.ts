import assert from 'node:assert/strict';
import { sql } from '../../src/db/sql.ts';
import type { Principal, Reply, Route } from '../../src/http/route.ts';
import type { DeliveryId, EndpointId, OrganizationId } from '../../src/base/ids.ts';
import { createReplays } from '../../src/webhooks/replays/index.ts';
import type { Replays } from '../../src/webhooks/replays/index.ts';
import { callRoute, principalOf } from './calling.ts';
import type { CallOptions } from './calling.ts';
import { TestClock } from './clock.ts';
import type { DatabaseScene } from './database.ts';
import { makeEndpoint, makeOrganization, startEngine } from './engine.ts';
import type { EndpointSettings, TestEngine } from './engine.ts';

export interface Installation extends TestEngine {
  readonly clock: TestClock;
  readonly organizationId: OrganizationId;
  readonly replays: Replays;
  /** Starts a job runner; the returned function stops it. */
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

/** Replays over the engine alone. Jobs start with `run`; everything stops with the test. */
export async function install(scene: DatabaseScene, options: { delivers?: boolean } = {}): Promise<Installation> {
  const clock = new TestClock();
  const engine = await startEngine(scene.url, clock, options);
  scene.finally(() => engine.stop());
  const organizationId = await makeOrganization(engine.db, engine.ids);
  const create = (): Replays => createReplays({ ...engine, clock, onError: (error) => engine.errors.push(error) });
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

/** @param path may contain `:id`, which stands for `id`. */
export const call = (
  { replays, organizationId }: Installation,
  method: Route['method'],
  path: string,
  { principal = principalOf(organizationId), id = '', body, ...options }: ReplayCall = {},
): Promise<Reply> => callRoute(replays.routes, principal, method, path.replace(':id', id), body, options);

interface ReplayCall extends CallOptions {
  readonly principal?: Principal;
  readonly id?: string;
  readonly body?: unknown;
}

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

/** Creates an endpoint where nobody listens. */
export const fresh = (installation: Installation, settings: EndpointSettings = {}): Promise<EndpointId> =>
  makeEndpoint(installation.db, installation.ids, installation.organizationId, 'http://127.0.0.1:1/', settings);

/** Publishes events and moves their deliveries to the log in this state, created a second ago. */
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
