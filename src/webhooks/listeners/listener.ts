import type { Database } from '../../db/pool.ts';
import type { Endpoint } from '../../delivery/endpoint.ts';
import type { Subscriptions } from '../../delivery/subscriptions.ts';
import { ApiError, notFound } from '../../base/errors.ts';
import type { EndpointId } from '../../base/ids.ts';
import type { Endpoints, Reach } from '../endpoints/index.ts';
import { expired, extend } from './queries.ts';

/** A listener's target URL, in place of a push endpoint's; the query contains how long it is kept without a fetch. */
const address = 'pull://listener';
const keepParameter = 'expires_in_seconds';

/** The target URL of a listener. @param keepSeconds how long it is kept without a fetch; null: until it is deleted. */
export const addressOf = (keepSeconds: number | null): string =>
  keepSeconds === null ? address : `${address}?${keepParameter}=${keepSeconds}`;

/** How long a listener is kept without a fetch; undefined if it does not expire. */
export function keepMsOf({ url }: Pick<Endpoint, 'url'>): number | undefined {
  const seconds = Number(url.searchParams.get(keepParameter) ?? 0);
  return seconds > 0 ? seconds * 1_000 : undefined;
}

/**
 * A listener the caller may see.
 * @throws ApiError `not_found`, also for a push endpoint.
 */
export async function listenerOf(subscriptions: Subscriptions, reach: Reach, id: EndpointId): Promise<Endpoint> {
  await subscriptions.load([id]);
  const endpoint = subscriptions.get(id);
  const visible =
    endpoint?.organizationId === reach.organizationId &&
    (reach.workspaceId === undefined || endpoint.workspaceId === reach.workspaceId) &&
    endpoint.transport === 'pull';
  if (!visible) throw notFound('Listener');
  return endpoint;
}

/** @throws ApiError `conflict` if the listener is disabled. */
export function assertActive(listener: Endpoint): Endpoint {
  if (!listener.isActive)
    throw new ApiError(
      'conflict',
      `The listener is disabled. Enable it first: POST /v1/webhooks/${listener.id}/enable.`,
    );
  return listener;
}

/** Extends a temporary listener's life, because its consumer has just fetched. */
export async function keepAlive(db: Database, endpoint: Endpoint, nowMs: number): Promise<void> {
  const keepMs = keepMsOf(endpoint);
  if (keepMs !== undefined) await extend(db, endpoint.id, nowMs + keepMs, nowMs + 0.9 * keepMs);
}

/**
 * Deletes expired listeners; their pending deliveries are marked as failed.
 * @returns how many were deleted.
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
      // Its owner or another process deleted it at the same time.
      if (!(error instanceof ApiError && error.error === 'not_found')) throw error;
    }
  }
  return count;
}
