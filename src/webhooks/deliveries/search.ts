import { dayMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { invalid } from '../../base/errors.ts';
import { idAt, lastId, timeOfId } from '../../base/ids.ts';
import type { EndpointId, EventId } from '../../base/ids.ts';
import type { Database } from '../../db/pool.ts';
import { typeFilter } from '../../delivery/endpoint.ts';
import { mintedWithinMs } from '../../delivery/queue/log.ts';
import type { Delivery } from '../../delivery/queue/log.ts';
import { endpointsSearched, oldestInLog, searchDeliveries, workspaceOfEvent } from '../../delivery/queue/search.ts';
import type { DeliveryState } from '../../delivery/state.ts';
import type { Endpoints, Reach } from '../endpoints/index.ts';

export interface DeliverySearch {
  readonly state?: DeliveryState | undefined;
  /** A type, the dialect's name of one, or a prefix such as `order.*`. */
  readonly event?: string | undefined;
  /** Created at this time or later. */
  readonly since?: Date | undefined;
  /** Created before this time. */
  readonly until?: Date | undefined;
  /** Only deliveries after this one in the list, that is, with a smaller id. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** A search across endpoints. */
export interface WideSearch extends DeliverySearch {
  readonly endpointId?: EndpointId | undefined;
  readonly eventId?: EventId | undefined;
  readonly statusCode?: number | undefined;
}

/** The most endpoints that one search merges. */
export const searchedEndpointsMax = 1_000;

export interface Page {
  readonly deliveries: Delivery[];
  readonly nextCursor: string | null;
}

/** @param stoppedAt where a search that found fewer rows than a page gave up */
export const pageOf = (rows: readonly Delivery[], limit: number, stoppedAt: string | undefined): Page => {
  const page = rows.slice(0, limit);
  return { deliveries: page, nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : (stoppedAt ?? null) };
};

interface SearchOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly endpoints: Pick<Endpoints, 'get'>;
}

/**
 * Lists deliveries across endpoints, newest first. A page may be short and still have a next one. Without an event or endpoint, deleted
 * endpoints are left out. With an event, only deliveries created with it are found, not those of replays.
 * @throws ApiError `not_found` for the endpoint; `validation_failed` if more than `searchedEndpointsMax` endpoints would be searched.
 */
export async function searchAcross(options: SearchOptions, reach: Reach, search: WideSearch): Promise<Page> {
  const { db } = options;
  const { eventId, limit, event = '*' } = search;
  const searched = await endpointsOf(options, reach, search);
  if (searched.length === 0) return { deliveries: [], nextCursor: null };
  const [from, until] = await rangeOf(options, search);
  const filter = {
    state: search.state,
    statusCode: search.statusCode,
    event: eventId,
    events: event === '*' ? undefined : typeFilter(event),
    from,
    before: search.cursor !== undefined && search.cursor < until ? search.cursor : until,
  };
  const { rows, stoppedAt } = await searchDeliveries(db, searched, filter, limit);
  return pageOf(rows, limit, stoppedAt);
}

async function endpointsOf(
  { db, endpoints }: SearchOptions,
  reach: Reach,
  { endpointId, eventId }: WideSearch,
): Promise<readonly EndpointId[]> {
  const { organizationId, workspaceId } = reach;
  if (endpointId !== undefined) await endpoints.get(reach, endpointId);
  const workspace =
    eventId === undefined ? undefined : await workspaceOfEvent(db, organizationId, workspaceId, eventId);
  if (eventId !== undefined && workspace === undefined) return [];
  if (endpointId !== undefined) return [endpointId];
  if (workspace !== undefined)
    return endpointsSearched(db, organizationId, workspaceId, { workspaceId: workspace }, null);
  const found = await endpointsSearched(db, organizationId, workspaceId, undefined, searchedEndpointsMax + 1);
  if (found.length > searchedEndpointsMax)
    throw invalid({
      workspace_id: `is required, or endpoint_id or event_id, because there are more than ${searchedEndpointsMax.toLocaleString('en')} endpoints`,
    });
  return found;
}

/** The first id of a search, inclusive, and the last, exclusive. */
async function rangeOf(
  { db, clock }: SearchOptions,
  { since, until, eventId }: WideSearch,
): Promise<[from: string, until: string]> {
  const from = idAt(since?.getTime() ?? 0);
  const end = idAt(until?.getTime() ?? clock.now() + dayMs);
  const first = eventId ?? (await oldestInLog(db));
  const last = eventId === undefined ? lastId : idAt(timeOfId(eventId) + mintedWithinMs);
  return [from > first ? from : first, end < last ? end : last];
}
