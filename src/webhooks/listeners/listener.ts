import type { Database } from '../../db/pool.ts';
import type { Endpoint } from '../../delivery/endpoint.ts';
import type { Subscriptions } from '../../delivery/subscriptions.ts';
import { ApiError, notFound } from '../../base/errors.ts';
import type { EndpointId } from '../../base/ids.ts';
import type { Endpoints, Reach } from '../endpoints/index.ts';
import { expired, extend } from './queries.ts';

/** What stands where a push endpoint has its address; the time it is kept without a pull is part of it. */
const address = 'pull://listener';
const keepParameter = 'expires_in_seconds';

/** @param keepSeconds how long it is kept when nobody pulls; null: until it is deleted. */
export const addressOf = (keepSeconds: number | null): string =>
  keepSeconds === null ? address : `${address}?${keepParameter}=${keepSeconds}`;

/** @returns undefined of a listener that does not expire. */
export function keepMsOf({ url }: Pick<Endpoint, 'url'>): number | undefined {
  const seconds = Number(url.searchParams.get(keepParameter) ?? 0);
  return seconds > 0 ? seconds * 1_000 : undefined;
}

/**
 * A pull endpoint that the caller may see, as this process knows it.
 * @throws ApiError `not_found`
 */
export function listenerNow(subscriptions: Subscriptions, reach: Reach, id: EndpointId): Endpoint {
  const endpoint = subscriptions.get(id);
  const visible =
    endpoint?.organizationId === reach.organizationId &&
    (reach.workspaceId === undefined || endpoint.workspaceId === reach.workspaceId) &&
    endpoint.transport === 'pull';
  if (!visible) throw notFound('Listener');
  return endpoint;
}

/** As `listenerNow`, once this process knows of what another may just have made. */
export async function listenerOf(subscriptions: Subscriptions, reach: Reach, id: EndpointId): Promise<Endpoint> {
  if (subscriptions.get(id) === undefined) await subscriptions.refresh();
  return listenerNow(subscriptions, reach, id);
}

/** @throws ApiError `conflict` when it is disabled. */
export function assertActive(listener: Endpoint): Endpoint {
  if (!listener.isActive)
    throw new ApiError(
      'conflict',
      `The listener is disabled. Enable it first: POST /v1/webhooks/${listener.id}/enable.`,
    );
  return listener;
}

/** A pull shows that somebody is there. */
export async function keepAlive(db: Database, endpoint: Endpoint, nowMs: number): Promise<void> {
  const keepMs = keepMsOf(endpoint);
  if (keepMs !== undefined) await extend(db, endpoint.id, nowMs + keepMs, nowMs + 0.9 * keepMs);
}

/**
 * Deletes the listeners that nobody has pulled from for their time; what waits for them ends as failed.
 * @returns how many.
 */
export async function expireListeners(
  db: Database,
  endpoints: Pick<Endpoints, 'remove'>,
  nowMs: number,
): Promise<number> {
  let count = 0;
  for (const { id, organization_id: organizationId } of await expired(db, nowMs)) {
    try {
      await endpoints.remove({ organizationId, workspaceId: undefined }, id);
      count += 1;
    } catch (error) {
      // Deleted by its owner, or by another process, in the same moment.
      if (!(error instanceof ApiError && error.error === 'not_found')) throw error;
    }
  }
  return count;
}
