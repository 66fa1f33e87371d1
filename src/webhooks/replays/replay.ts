import { reaches, wants } from '../../delivery/endpoint.ts';
import type { Endpoint } from '../../delivery/endpoint.ts';
import type { DeliveryKind } from '../../delivery/queue/queries.ts';
import { timeOfId } from '../../base/ids.ts';
import type { EndpointId, EventId, OrganizationId, ReplayId, WorkspaceId } from '../../base/ids.ts';

/** What is replayed: deliveries that failed, deliveries that arrived, or every event that the endpoint's subscription matches now. */
export const replayStatuses = ['failed', 'delivered', 'all'] as const;
export type ReplayStatus = (typeof replayStatuses)[number];

export const replayStates = ['running', 'completed', 'cancelled'] as const;
export type ReplayState = (typeof replayStates)[number];

/** A job over one endpoint and a range of time. */
export interface Replay {
  readonly id: ReplayId;
  readonly organizationId: OrganizationId;
  readonly endpointId: EndpointId;
  readonly status: ReplayStatus;
  /** Types or patterns as in a subscription; undefined: all. */
  readonly eventTypes: readonly string[] | undefined;
  /** Of the delivery's creation, or of the event's when the status is `all`. */
  readonly sinceMs: number;
  /** Not included. */
  readonly untilMs: number;
  readonly ratePerSecond: number;
  readonly state: ReplayState;
  readonly waitingFor: 'endpoint' | 'queue' | undefined;
  /** The last id worked through. */
  readonly position: string;
  readonly scanned: number;
  readonly replayed: number;
  readonly createdAtMs: number;
  readonly finishedAtMs: number | undefined;
}

/** A delivery of the log, or an event, that a job comes across. */
export interface Candidate {
  readonly id: string;
  readonly event_id: EventId;
  readonly event_type: string;
  /** Of an event; null of a delivery, which was made for this endpoint. */
  readonly workspace_id: WorkspaceId | null;
  /** Of a delivery; null of an event. */
  readonly kind: DeliveryKind | null;
  readonly state: string | null;
}

/**
 * Whether a job concerns a candidate, its payload aside.
 *
 * Tests are never replayed. Of delivered ones only the first-hand are: what a replay sent is not sent again by the next over the same
 * days, or each would double the one before it.
 */
export function concerns(
  replay: Pick<Replay, 'status' | 'eventTypes'>,
  endpoint: Pick<Endpoint, 'wire' | 'events' | 'workspaceId'>,
  candidate: Candidate,
): boolean {
  const { event_type: type, kind, state } = candidate;
  if (replay.eventTypes !== undefined && !wants({ wire: endpoint.wire, events: replay.eventTypes }, type)) return false;
  switch (replay.status) {
    case 'failed':
      return state === 'failed' && kind !== 'test';
    case 'delivered':
      return state === 'delivered' && kind === 'event';
    case 'all':
      return type !== 'webhook.test' && reaches(endpoint, candidate.workspace_id ?? undefined) && wants(endpoint, type);
  }
}

/** Rows one chunk reads at most, whether they are replayed or not. */
export const scanMax = 1_000;
/** Rows one chunk replays at most. */
const chunkMax = 500;

/** How many rows the next chunk may replay: no more than a second's worth, so that a slow rate is not a burst and a pause. */
export const chunkOf = (ratePerSecond: number): number => Math.min(chunkMax, ratePerSecond);

/** The wait after a chunk that replayed `count` rows, in milliseconds. */
export const pauseAfter = (count: number, ratePerSecond: number): number => Math.ceil((count * 1_000) / ratePerSecond);

export interface Progress {
  /** 0 to 100, by time: the count of what is still ahead is not known. */
  readonly percent: number;
  /** Everything before this moment has been worked through. */
  readonly reachedMs: number;
}

export function progressOf(replay: Pick<Replay, 'state' | 'position' | 'sinceMs' | 'untilMs'>): Progress {
  if (replay.state === 'completed') return { percent: 100, reachedMs: replay.untilMs };
  const reachedMs = Math.min(Math.max(timeOfId(replay.position), replay.sinceMs), replay.untilMs);
  return { percent: Math.floor((100 * (reachedMs - replay.sinceMs)) / (replay.untilMs - replay.sinceMs)), reachedMs };
}
