/** Listeners on a real database: fetching, settling, and reading the recorded attempts. */
import { wires } from '../../src/vendors/wires.ts';
import assert from 'node:assert/strict';
import { sql } from '../../src/db/sql.ts';
import type { Principal } from '../../src/http/route.ts';
import type { EndpointId, OrganizationId } from '../../src/base/ids.ts';
import { createListeners } from '../../src/webhooks/listeners/index.ts';
import type { Listeners } from '../../src/webhooks/listeners/index.ts';
import { callRoute } from './calling.ts';
import type { CallOptions } from './calling.ts';
import { TestClock } from './clock.ts';
import type { DatabaseScene } from './database.ts';
import { makeOrganization } from './engine.ts';
import { principalOf, startWebhooks } from './webhooks.ts';
import type { WebhookInstallation } from './webhooks.ts';

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

export interface Installation extends WebhookInstallation {
  readonly clock: TestClock;
  readonly listeners: Listeners;
  readonly organizationId: OrganizationId;
}

/** Starts an installation that ends with the test; fails the test if any error was reported. */
export async function install(scene: DatabaseScene): Promise<Installation> {
  const clock = new TestClock();
  const installation = await startWebhooks(scene.url, clock);
  scene.finally(async () => {
    const errors = [...installation.errors];
    await installation.stop();
    assert.deepEqual(errors, []);
  });
  const { db, engine, subscriptions } = installation;
  const listeners = createListeners({
    db,
    engine,
    subscriptions,
    clock,
    wires,
    endpoints: installation.webhooks.endpoints,
    random: () => 0,
  });
  return { ...installation, clock, listeners, organizationId: await makeOrganization(db, installation.ids) };
}

export const request = async <T>(
  { listeners, organizationId }: Installation,
  method: 'POST' | 'DELETE',
  path: string,
  options: CallOptions & { principal?: Principal } = {},
): Promise<T> =>
  (
    ((await callRoute(listeners.routes, options.principal ?? principalOf(organizationId), method, path, options))
      .body ?? {}) as { data: T }
  ).data;

export const listen = (on: Installation, body: unknown = {}): Promise<Listener> =>
  request<Listener>(on, 'POST', '/v1/listeners', { body });

export const fetch = (
  on: Installation,
  { id }: Listener,
  body: unknown = { wait_seconds: 0 },
  signal?: AbortSignal,
): Promise<Delivery[]> =>
  request<Delivery[]>(on, 'POST', '/v1/listeners/:id/pull', { id, body, ...(signal === undefined ? {} : { signal }) });

/** Starts a fetch that finds nothing, and returns once it waits: its timer is set. */
export async function waiting(
  on: Installation,
  listener: Listener,
  seconds: number,
  signal?: AbortSignal,
): Promise<{ deliveries: Promise<Delivery[]> }> {
  const timers = on.clock.pending;
  const deliveries = fetch(on, listener, { wait_seconds: seconds }, signal);
  await on.until(() => on.clock.pending > timers, 'waiting');
  return { deliveries };
}

export const settle = (on: Installation, { id }: Listener, ...results: unknown[]): Promise<Settled[]> =>
  request<Settled[]>(on, 'POST', '/v1/listeners/:id/settle', { id, body: { results } });

export const answered = ({ delivery_id, attempt }: Delivery, status_code: number) => ({
  delivery_id,
  attempt,
  duration_ms: 12,
  status_code,
});

export const publish = ({ publisher, organizationId, clock }: Installation, n = 1, type = 'order.paid') =>
  publisher.publish({ organizationId, type, data: { n }, occurredAtMs: clock.now() });

export const only = <T>(all: readonly T[]): T => {
  const [one] = all;
  assert.ok(all.length === 1 && one !== undefined, `one, not ${all.length}`);
  return one;
};

export const logged = async ({ db }: Installation) =>
  db.query(
    sql<{
      state: string;
      attempt_count: number;
      last_status_code: number | null;
      last_error: string | null;
    }>`SELECT state, attempt_count, last_status_code, last_error FROM delivery_log`,
  );

export const attempts = ({ db }: Installation) =>
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
