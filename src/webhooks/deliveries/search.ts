import { dayMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { invalid } from '../../base/errors.ts';
import { idAt, idFollowing, lastId, timeOfId } from '../../base/ids.ts';
import type { EndpointId, EventId } from '../../base/ids.ts';
import { unfinishedAt } from '../../db/in-order.ts';
import type { Position, Sort } from '../../db/in-order.ts';
import type { Database, Queryable } from '../../db/pool.ts';
import { typeFilter } from '../../delivery/endpoint.ts';
import { mintedWithinMs } from '../../delivery/queue/log.ts';
import type { Delivery } from '../../delivery/queue/log.ts';
import { endpointsSearched, oldestInLog, searchDeliveries, workspaceOfEvent } from '../../delivery/queue/search.ts';
import type { DeliveryState } from '../../delivery/state.ts';
import { sliceOf } from '../../http/listing.ts';
import type { LogRange } from '../../http/listing.ts';
import type { Endpoints, Reach } from '../endpoints/index.ts';

export interface DeliverySearch {
  readonly state?: DeliveryState | undefined;
  /** A type, the dialect's name of one, or a prefix such as `order.*`. */
  readonly event?: string | undefined;
  /** Created at this time or later. */
  readonly since?: Date | undefined;
  /** Created before this time. */
  readonly until?: Date | undefined;
  /** Finished at this time or later, or not finished. */
  readonly updatedSince?: Date | undefined;
  /** Default: newest first. */
  readonly sort?: Sort | undefined;
  /** Where the previous page ended. */
  readonly after?: Position | undefined;
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

/** The most deliveries that are ordered by their changes: no index has this order, since it would be written for every delivery. */
export const changesMax = 5_000;

/** When a delivery was last changed: when it finished. */
export const changedAt = ({ completed_at: completed }: Pick<Delivery, 'completed_at'>): Date =>
  completed ?? unfinishedAt;

export interface Page {
  readonly deliveries: Delivery[];
  readonly nextCursor: string | null;
}

/** The ids that a search reads. */
export function rangeOf(search: DeliverySearch, from: string, until: string): LogRange {
  const { sort = '-created_at', after } = search;
  if (sort === 'created_at')
    return { from: after === undefined ? from : later(from, idFollowing(after.id)), before: until, sort };
  const isById = sort === '-created_at' && after !== undefined;
  return { from, before: isById && after.id < until ? after.id : until, sort: '-created_at' };
}

const later = (one: string, other: string): string => (one > other ? one : other);

/**
 * A page of what a search reads.
 * @param read up to a number of deliveries, in the order of the range, and where it gave up
 * @throws ApiError `validation_failed` if there are too many for the order of changes
 */
export async function pageOf(
  search: DeliverySearch,
  read: (limit: number) => Promise<{ readonly rows: readonly Delivery[]; readonly stoppedAt: string | undefined }>,
): Promise<Page> {
  const { limit, sort = '-created_at', after } = search;
  if (!sort.endsWith('updated_at')) {
    const { rows, stoppedAt } = await read(limit);
    const page = rows.slice(0, limit);
    return { deliveries: page, nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : (stoppedAt ?? null) };
  }
  const { rows, stoppedAt } = await read(changesMax);
  if (rows.length > changesMax || stoppedAt !== undefined)
    throw invalid({
      sort: `can be ${sort} for at most ${changesMax.toLocaleString('en')} deliveries: select fewer by \`since\` and \`until\`, or follow \`updated_since\` in the order of created_at`,
    });
  const dated = rows.map((row) => ({ ...row, updated_at: changedAt(row) }));
  const found = sliceOf(dated, { sort, after, limit: limit + 1 });
  const page = found.slice(0, limit);
  return { deliveries: page, nextCursor: found.length > limit ? (page.at(-1)?.id ?? null) : null };
}

interface SearchOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly endpoints: Pick<Endpoints, 'get'>;
}

/**
 * Lists deliveries across endpoints. A page may be short and still have a next one. Without an event or endpoint, deleted
 * endpoints are left out. With an event, only deliveries created with it are found, not those of replays.
 * @throws ApiError `not_found` for the endpoint; `validation_failed` if more than `searchedEndpointsMax` endpoints would be searched, or
 * too many deliveries ordered by their changes.
 */
export async function searchAcross(options: SearchOptions, reach: Reach, search: WideSearch): Promise<Page> {
  const { db } = options;
  const { eventId, event = '*' } = search;
  const searched = await endpointsOf(options, reach, search);
  if (searched.length === 0) return { deliveries: [], nextCursor: null };
  const [from, until] = await boundsOf(options, search);
  const filter = {
    state: search.state,
    statusCode: search.statusCode,
    event: eventId,
    events: event === '*' ? undefined : typeFilter(event),
    updatedSince: search.updatedSince,
    ...rangeOf(search, from, until),
  };
  return pageOf(search, (limit) => searchDeliveries(db, searched, filter, limit));
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
  return endpointsWithin(db, reach);
}

/** The endpoints of a reach. @throws ApiError `validation_failed` if there are more than `searchedEndpointsMax` */
export async function endpointsWithin(
  db: Queryable,
  { organizationId, workspaceId }: Reach,
): Promise<readonly EndpointId[]> {
  const found = await endpointsSearched(db, organizationId, workspaceId, undefined, searchedEndpointsMax + 1);
  if (found.length > searchedEndpointsMax)
    throw invalid({
      workspace_id: `is required, or endpoint_id or event_id, because there are more than ${searchedEndpointsMax.toLocaleString('en')} endpoints`,
    });
  return found;
}

/** The first id of a search, inclusive, and the last, exclusive. */
async function boundsOf(
  { db, clock }: SearchOptions,
  { since, until, eventId }: WideSearch,
): Promise<[from: string, until: string]> {
  const from = idAt(since?.getTime() ?? 0);
  const end = idAt(until?.getTime() ?? clock.now() + dayMs);
  const first = eventId ?? (await oldestInLog(db));
  const last = eventId === undefined ? lastId : idAt(timeOfId(eventId) + mintedWithinMs);
  return [from > first ? from : first, end < last ? end : last];
}
