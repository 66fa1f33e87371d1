import { reaches, wants } from '../../delivery/endpoint.ts';
import type { Endpoint } from '../../delivery/endpoint.ts';
import type { DeliveryKind } from '../../delivery/queue/queries.ts';
import { timeOfId } from '../../base/ids.ts';
import type { EndpointId, EventId, OrganizationId, ReplayId, WorkspaceId } from '../../base/ids.ts';

/** What is replayed: failed deliveries, delivered ones, or every event that the endpoint's subscription matches now. */
export const replayStatuses = ['failed', 'delivered', 'all'] as const;
export type ReplayStatus = (typeof replayStatuses)[number];

export const replayStates = ['running', 'completed', 'cancelled'] as const;
export type ReplayState = (typeof replayStates)[number];

/** A job over one endpoint and a time range, as stored. */
export interface Replay {
  readonly id: ReplayId;
  readonly organization_id: OrganizationId;
  readonly endpoint_id: EndpointId;
  readonly status: ReplayStatus;
  /** Types or patterns as in a subscription; null: all. */
  readonly event_types: readonly string[] | null;
  /** Inclusive. Compared with the delivery's creation, or the event's if the status is `all`. */
  readonly since: Date;
  /** Exclusive. */
  readonly until: Date;
  readonly rate_per_second: number;
  readonly state: ReplayState;
  readonly waiting_for: 'endpoint' | 'queue' | null;
  /** The last id processed. */
  readonly position: string;
  readonly scanned: number;
  readonly replayed: number;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

/** What a job has yet to scan. */
export type Range = Pick<
  Replay,
  'organization_id' | 'endpoint_id' | 'status' | 'event_types' | 'since' | 'until' | 'position'
>;

/** A logged delivery, or an event, that a job scans. */
export interface Candidate {
  readonly id: string;
  readonly event_id: EventId;
  readonly event_type: string;
  /** Set for an event only; a delivery already belongs to this endpoint. */
  readonly workspace_id: WorkspaceId | null;
  /** Set for a delivery only. */
  readonly kind: DeliveryKind | null;
  readonly state: string | null;
}

/**
 * Whether a job replays a candidate, before its payload is filtered.
 *
 * Tests are never replayed. Of delivered deliveries, only original ones are: otherwise each replay over the same days would double the
 * previous one.
 */
export function selects(
  replay: Pick<Replay, 'status' | 'event_types'>,
  endpoint: Pick<Endpoint, 'wire' | 'events' | 'workspaceId'>,
  candidate: Omit<Candidate, 'id' | 'event_id'>,
): boolean {
  const { event_type: type, kind, state } = candidate;
  if (replay.event_types !== null && !wants({ wire: endpoint.wire, events: replay.event_types }, type)) return false;
  switch (replay.status) {
    case 'failed':
      return state === 'failed' && kind !== 'test';
    case 'delivered':
      return state === 'delivered' && kind === 'event';
    case 'all':
      return type !== 'webhook.test' && reaches(endpoint, candidate.workspace_id ?? undefined) && wants(endpoint, type);
  }
}

/** Maximum number of rows that a chunk reads. */
export const scanMax = 1_000;
/** Maximum number of rows that a chunk replays. */
const chunkMax = 500;

/** How many rows a chunk may replay: at most one second's worth, so that a slow rate does not become a burst and a pause. */
export const chunkOf = (ratePerSecond: number): number => Math.min(chunkMax, ratePerSecond);

/** Milliseconds to wait after a chunk that replayed `count` rows. */
export const pauseAfter = (count: number, ratePerSecond: number): number => Math.ceil((count * 1_000) / ratePerSecond);

export interface Progress {
  /** 0 to 100, by time: the number of remaining rows is unknown. */
  readonly percent: number;
  /** Everything before this time was processed. */
  readonly reached: Date;
}

export function progressOf(replay: Pick<Replay, 'state' | 'position' | 'since' | 'until'>): Progress {
  if (replay.state === 'completed') return { percent: 100, reached: replay.until };
  const [sinceMs, untilMs] = [replay.since.getTime(), replay.until.getTime()];
  const reachedMs = Math.min(Math.max(timeOfId(replay.position), sinceMs), untilMs);
  return { percent: Math.floor((100 * (reachedMs - sinceMs)) / (untilMs - sinceMs)), reached: new Date(reachedMs) };
}
