import assert from 'node:assert/strict';
import type { EndpointId, OrganizationId } from '../../src/base/ids.ts';
import { sql } from '../../src/db/sql.ts';
import type { Principal } from '../../src/http/route.ts';
import { principalOf } from './calling.ts';
import type { CallOptions } from './calling.ts';
import type { DatabaseScene } from './database.ts';
import { makeOrganization } from './engine.ts';
import { startInstallation } from './installation.ts';
import type { Installation } from './installation.ts';

interface Listener {
  readonly id: EndpointId;
  readonly secret: string;
  readonly transport: string;
  readonly expires_at: string | null;
}

interface Delivery {
  readonly delivery_id: string;
  readonly event_id: string;
  readonly event: string;
  readonly attempt: number;
  readonly lease_expires_at: string;
  readonly request: { readonly headers: Record<string, string>; readonly body: string };
}

interface Settled {
  readonly delivery_id: string;
  readonly outcome: string;
  readonly next_attempt_at: string | null;
}

export interface ListenerScene extends Omit<Installation, 'errors'> {
  readonly organizationId: OrganizationId;
}

/** Starts an installation that stops with the test; the test fails if background work failed. */
export async function install(scene: DatabaseScene): Promise<ListenerScene> {
  const installation = await startInstallation({ databaseUrl: scene.url, listens: false });
  scene.finally(async () => {
    await installation.stop();
    assert.deepEqual(installation.errors, []);
  });
  const { db, ids } = installation;
  return { ...installation, organizationId: await makeOrganization(db, ids) };
}

/** @param path may contain `:id`, which stands for `id`. */
export const request = async <T>(
  { call, organizationId }: ListenerScene,
  method: 'POST' | 'DELETE',
  path: string,
  { principal = principalOf(organizationId), id = '', body, ...options }: ListenerCall = {},
): Promise<T> =>
  (((await call(principal, method, path.replace(':id', id), body, options)).body ?? {}) as { data: T }).data;

interface ListenerCall extends CallOptions {
  readonly principal?: Principal;
  readonly id?: string;
  readonly body?: unknown;
}

export const listen = (on: ListenerScene, body: unknown = {}): Promise<Listener> =>
  request<Listener>(on, 'POST', '/v1/listeners', { body });

export const fetch = (
  on: ListenerScene,
  { id }: Listener,
  body: unknown = { wait_seconds: 0 },
  signal?: AbortSignal,
): Promise<Delivery[]> =>
  request<Delivery[]>(on, 'POST', '/v1/listeners/:id/pull', { id, body, ...(signal === undefined ? {} : { signal }) });

/** Starts a fetch that finds nothing and returns once it waits, that is, once its timer is set. */
export async function waiting(
  on: ListenerScene,
  listener: Listener,
  seconds: number,
  signal?: AbortSignal,
): Promise<{ deliveries: Promise<Delivery[]> }> {
  const timers = on.clock.pending;
  const deliveries = fetch(on, listener, { wait_seconds: seconds }, signal);
  await on.until(() => on.clock.pending > timers, 'waiting');
  return { deliveries };
}

export const settle = (on: ListenerScene, { id }: Listener, ...results: unknown[]): Promise<Settled[]> =>
  request<Settled[]>(on, 'POST', '/v1/listeners/:id/settle', { id, body: { results } });

export const answered = ({ delivery_id, attempt }: Delivery, status_code: number) => ({
  delivery_id,
  attempt,
  duration_ms: 12,
  status_code,
});

export const publish = ({ events, organizationId, clock }: ListenerScene, n = 1, type = 'order.paid') =>
  events.publisher.publish({ organizationId, type, data: { n }, occurredAtMs: clock.now() });

export const only = <T>(all: readonly T[]): T => {
  const [one] = all;
  assert.ok(all.length === 1 && one !== undefined, `one, not ${all.length}`);
  return one;
};

export const logged = async ({ db }: ListenerScene) =>
  db.query(
    sql<{
      state: string;
      attempt_count: number;
      last_status_code: number | null;
      last_error: string | null;
    }>`SELECT state, attempt_count, last_status_code, last_error FROM delivery_log`,
  );

export const attempts = ({ db }: ListenerScene) =>
  db.query(sql<{
    number: number;
    started_at: Date;
    duration_ms: number;
    status_code: number | null;
    error: string | null;
    request_headers: string;
    response_headers: string | null;
    response_body: string | null;
    target_url: string;
  }>`
    SELECT number, started_at, duration_ms, status_code, error, request_headers, response_headers, response_body, target_url FROM attempts ORDER BY number`);
