import { announce } from '../../db/bus.ts';
import type { Database } from '../../db/pool.ts';
import type { Clock } from '../../base/clock.ts';
import type { Endpoint } from '../../delivery/endpoint.ts';
import type { Subscriptions } from '../../delivery/subscriptions.ts';
import { ApiError, invalid, notFound } from '../../base/errors.ts';
import { idAt } from '../../base/ids.ts';
import type { EndpointId, Ids, OrganizationId, ReplayId, WorkspaceId } from '../../base/ids.ts';
import { byId, finish, insert, runningOf } from './queries.ts';
import type { Replay, ReplayStatus } from './replay.ts';

/** Whose records a caller sees: an organization's, or one workspace's of it. */
export interface Tenant {
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | undefined;
}

export interface NewReplay {
  readonly endpointId: EndpointId;
  readonly status: ReplayStatus;
  readonly eventTypes: readonly string[] | undefined;
  readonly sinceMs: number;
  /** Not set, or in the future: now. */
  readonly untilMs: number | undefined;
  readonly ratePerSecond: number;
}

export interface Jobs {
  readonly db: Database;
  readonly subscriptions: Subscriptions;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Called when a job has begun. */
  readonly wake: () => void;
}

/**
 * Begins a job. An endpoint has one at a time, so a request that is sent twice begins one.
 * @throws ApiError `not_found`, `validation_failed`, or `conflict` when the endpoint is disabled or has a running job.
 */
export async function createReplay(
  { db, subscriptions, clock, ids, wake }: Jobs,
  tenant: Tenant,
  wanted: NewReplay,
): Promise<Replay> {
  const endpoint = await endpointOf(subscriptions, tenant, wanted.endpointId);
  if (!endpoint.isActive)
    throw new ApiError(
      'conflict',
      'The endpoint is disabled. Enable it first: what is replayed to it now would only be held.',
    );
  const now = clock.now();
  const untilMs = Math.min(wanted.untilMs ?? now, now);
  if (wanted.sinceMs >= untilMs)
    throw invalid({ since: wanted.sinceMs >= now ? 'must be in the past' : 'must be before `until`' });
  const replay: Replay = {
    ...wanted,
    id: ids.next<ReplayId>(),
    organizationId: endpoint.organizationId,
    untilMs,
    state: 'running',
    waitingFor: undefined,
    position: idAt(wanted.sinceMs),
    scanned: 0,
    replayed: 0,
    createdAtMs: now,
    finishedAtMs: undefined,
  };
  await db.transaction(async (tx) => {
    if (!(await insert(tx, replay)))
      throw new ApiError(
        'conflict',
        `A replay to this endpoint is running: ${(await runningOf(tx, endpoint.id)) ?? 'it has just ended'}. Wait for it, or cancel it.`,
      );
    // An empty list: look everywhere. Whichever process looks first takes the job.
    await announce(tx, { kind: 'due', endpoints: [] });
    tx.afterCommit(wake);
  });
  return replay;
}

/**
 * Ends a job at once; what it has queued is still delivered. A cancelled one stays as it is.
 * @throws ApiError `not_found`, or `conflict` when it is complete.
 */
export async function cancelReplay(
  { db, clock }: Pick<Jobs, 'db' | 'clock'>,
  tenant: Tenant,
  id: ReplayId,
): Promise<Replay> {
  await replayById(db, tenant, id);
  await finish(db, id, 'cancelled', clock.now());
  const replay = await replayById(db, tenant, id);
  if (replay.state === 'completed')
    throw new ApiError('conflict', 'This replay is complete: there is nothing left to cancel.');
  return replay;
}

/** @throws ApiError `not_found`. */
export async function replayById(db: Database, tenant: Tenant, id: ReplayId): Promise<Replay> {
  const replay = await byId(db, tenant.organizationId, tenant.workspaceId, id);
  if (replay === undefined) throw notFound('Replay');
  return replay;
}

async function endpointOf(subscriptions: Subscriptions, tenant: Tenant, id: EndpointId): Promise<Endpoint> {
  // Another process may have made, enabled or deleted it a moment ago.
  await subscriptions.refresh();
  const endpoint = subscriptions.get(id);
  const visible =
    endpoint?.organizationId === tenant.organizationId &&
    (tenant.workspaceId === undefined || endpoint.workspaceId === tenant.workspaceId);
  if (!visible) throw notFound('Endpoint');
  return endpoint;
}
