import { announce } from '../../db/bus.ts';
import type { Database } from '../../db/pool.ts';
import type { Clock } from '../../base/clock.ts';
import type { Endpoint } from '../../delivery/endpoint.ts';
import type { Subscriptions } from '../../delivery/subscriptions.ts';
import { ApiError, invalid, notFound } from '../../base/errors.ts';
import { idAt } from '../../base/ids.ts';
import type { EndpointId, Ids, ReplayId } from '../../base/ids.ts';
import type { Reach } from '../endpoints/index.ts';
import { byId, finish, insert, runningOf } from './queries.ts';
import { preview } from './preview.ts';
import type { Preview } from './preview.ts';
import type { Range, Replay } from './replay.ts';

export type NewReplay = Pick<Replay, 'endpoint_id' | 'status' | 'event_types' | 'since' | 'rate_per_second'> & {
  /** Undefined or in the future: now. */
  readonly until: Date | undefined;
};

/** What a replay selects, as requested. */
export type Selection = Omit<NewReplay, 'rate_per_second'>;

export interface Jobs {
  readonly db: Database;
  readonly subscriptions: Subscriptions;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Called when a job was created. */
  readonly wake: () => void;
}

/**
 * Creates a job. An endpoint has at most one running job, so a request sent twice creates one.
 * @throws ApiError `not_found`, `validation_failed`, or `conflict` if the endpoint is disabled or has a running job.
 */
export async function createReplay(
  { db, subscriptions, clock, ids, wake }: Jobs,
  reach: Reach,
  request: NewReplay,
): Promise<Replay> {
  const endpoint = await endpointOf(subscriptions, reach, request.endpoint_id);
  if (!endpoint.isActive)
    throw new ApiError(
      'conflict',
      'The endpoint is disabled. Enable it first; otherwise its deliveries would be held.',
    );
  const now = new Date(clock.now());
  const replay: Replay = {
    ...rangeOf(endpoint, request, now),
    id: ids.next<ReplayId>(),
    rate_per_second: request.rate_per_second,
    state: 'running',
    waiting_for: null,
    scanned: 0,
    replayed: 0,
    created_at: now,
    finished_at: null,
  };
  await db.transaction(async (tx) => {
    if (!(await insert(tx, replay)))
      throw new ApiError(
        'conflict',
        `This endpoint already has a running replay: ${(await runningOf(tx, endpoint.id)) ?? 'it has just ended'}. Wait for it or cancel it.`,
      );
    // An empty list means any endpoint. The first process that checks takes the job.
    await announce(tx, { kind: 'due', endpoints: [] });
    tx.afterCommit(wake);
  });
  return replay;
}

/**
 * Counts what a job would queue; also for a disabled endpoint, and while a job runs.
 * @throws ApiError `not_found` or `validation_failed`.
 */
export async function previewReplay(
  { db, subscriptions, clock }: Pick<Jobs, 'db' | 'subscriptions' | 'clock'>,
  reach: Reach,
  request: Selection,
): Promise<Preview> {
  const endpoint = await endpointOf(subscriptions, reach, request.endpoint_id);
  const now = clock.now();
  return preview(db, rangeOf(endpoint, request, new Date(now)), endpoint, now);
}

/** @throws ApiError `validation_failed`. */
function rangeOf(endpoint: Endpoint, { until: requested, ...request }: Selection, now: Date): Range {
  const until = requested !== undefined && requested < now ? requested : now;
  if (request.since >= until)
    throw invalid({ since: request.since >= now ? 'must be in the past' : 'must be before `until`' });
  return {
    ...request,
    organization_id: endpoint.organizationId,
    until,
    position: idAt(request.since.getTime()),
  };
}

/**
 * Cancels a job; deliveries it has already queued are still sent. Cancelling a cancelled job changes nothing.
 * @throws ApiError `not_found`, or `conflict` if it is completed.
 */
export async function cancelReplay(
  { db, clock }: Pick<Jobs, 'db' | 'clock'>,
  reach: Reach,
  id: ReplayId,
): Promise<Replay> {
  await replayById(db, reach, id);
  await finish(db, id, 'cancelled', clock.now());
  const replay = await replayById(db, reach, id);
  if (replay.state === 'completed')
    throw new ApiError('conflict', 'This replay is completed: there is nothing left to cancel.');
  return replay;
}

/** @throws ApiError `not_found`. */
export async function replayById(db: Database, reach: Reach, id: ReplayId): Promise<Replay> {
  const replay = await byId(db, reach, id);
  if (replay === undefined) throw notFound('Replay');
  return replay;
}

async function endpointOf(subscriptions: Subscriptions, reach: Reach, id: EndpointId): Promise<Endpoint> {
  // Another process may have just created, enabled or deleted it.
  await subscriptions.refresh();
  await subscriptions.load([id]);
  const endpoint = subscriptions.get(id);
  const visible =
    endpoint?.organizationId === reach.organizationId &&
    (reach.workspaceId === undefined || endpoint.workspaceId === reach.workspaceId);
  if (!visible) throw notFound('Endpoint');
  return endpoint;
}
