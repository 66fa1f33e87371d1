import { hourMs } from '../../base/clock.ts';
import { erased } from '../../db/erasure.ts';
import type { Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import { idAt, timeOfId } from '../../base/ids.ts';
import { mintedWithinMs } from './log.ts';
import type { DeliveryId, EndpointId, EventId, OrganizationId, WorkspaceId } from '../../base/ids.ts';

/** An event whose data is erased. */
export interface ErasedEvent {
  readonly id: EventId;
  readonly workspace_id: WorkspaceId | null;
}

/** Ids that deliveries of the events may have. */
interface Range {
  readonly endpoints: readonly EndpointId[];
  readonly from: string;
  readonly until: string;
}

/**
 * Cancels the pending deliveries of these events, and erases the responses to all their deliveries, because a receiver may have echoed the
 * data. Deliveries are found by the time in their ids, and those of replays in the time of the replay.
 * @param events of one organization, not empty
 * @returns how many deliveries were cancelled
 */
export async function eraseDeliveries(
  tx: Transaction,
  organization: OrganizationId,
  events: readonly ErasedEvent[],
  nowMs: number,
): Promise<number> {
  const ids = events.map(({ id }) => id).toSorted();
  const [first, last] = [ids[0], ids.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const endpoints = await receiversOf(tx, organization, events);
  const published = rangesOf(ids).map((range) => ({ ...range, endpoints }));
  let cancelled = 0;
  for (const range of [...published, ...(await replaysOf(tx, organization, first, last))]) {
    cancelled += await cancel(tx, range, ids, nowMs);
    await eraseAnswers(tx, range, ids);
  }
  return cancelled;
}

/** Deliveries of events further apart than this are searched in separate ranges. */
const apartMs = hourMs;

function rangesOf(ids: readonly EventId[]): Omit<Range, 'endpoints'>[] {
  const ranges: { from: string; lastMs: number }[] = [];
  for (const id of ids) {
    const range = ranges.at(-1);
    const ms = timeOfId(id);
    if (range === undefined || ms - range.lastMs > apartMs) ranges.push({ from: id, lastMs: ms });
    else range.lastMs = ms;
  }
  return ranges.map(({ from, lastMs }) => ({ from, until: idAt(lastMs + mintedWithinMs) }));
}

/** The endpoints that may have received the events, deleted ones included. */
const receiversOf = async (
  tx: Transaction,
  organization: OrganizationId,
  events: readonly ErasedEvent[],
): Promise<EndpointId[]> =>
  (
    await tx.query(sql<{ id: EndpointId }>`
      SELECT id FROM endpoints WHERE organization_id = ${organization} AND workspace_id IS NULL
      UNION ALL
      SELECT id FROM endpoints WHERE organization_id = ${organization} AND workspace_id = ANY(${plainArray([...new Set(events.flatMap(({ workspace_id: workspace }) => workspace ?? []))])}::uuid[])`)
  ).map(({ id }) => id);

/** An attempt in flight is not aborted; its outcome then finds no delivery, and is not stored. */
const cancel = (
  tx: Transaction,
  { endpoints, from, until }: Range,
  events: readonly EventId[],
  nowMs: number,
): Promise<number> =>
  tx.execute(sql`
    WITH gone AS (
      DELETE FROM delivery_queue WHERE endpoint_id = ANY(${plainArray(endpoints)}::uuid[]) AND id > ${from} AND id < ${until} AND event_id = ANY(${plainArray(events)}::uuid[])
      RETURNING *
    )
    INSERT INTO delivery_log (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, created_at, completed_at, last_status_code, last_error)
    SELECT endpoint_id, id, organization_id, event_id, event_type, kind, 'failed', attempt_count, created_at, to_timestamp(${nowMs}::float8 / 1000), last_status_code, 'Cancelled: the data of the event was erased before this was delivered.'
    FROM gone`);

async function eraseAnswers(
  tx: Transaction,
  { endpoints, from, until }: Range,
  events: readonly EventId[],
): Promise<void> {
  const deliveries = await tx.query(sql<{ id: DeliveryId }>`
    SELECT d.id FROM unnest(${plainArray(endpoints)}::uuid[]) AS e (id) CROSS JOIN LATERAL (
      SELECT id FROM delivery_log WHERE endpoint_id = e.id AND id > ${from} AND id < ${until} AND event_id = ANY(${plainArray(events)}::uuid[]) OFFSET 0
    ) d`);
  if (deliveries.length === 0) return;
  await tx.execute(sql`
    UPDATE attempts SET response_headers = CASE WHEN response_headers IS NOT NULL THEN '{}' END, response_body = CASE WHEN response_body <> '' THEN ${erased}::text ELSE response_body END
    WHERE delivery_id = ANY(${plainArray(deliveries.map(({ id }) => id))}::uuid[])`);
}

/** Replays that may have created deliveries of events in this range of ids, with the range of ids of those deliveries. */
const replaysOf = async (
  tx: Transaction,
  organization: OrganizationId,
  first: EventId,
  last: EventId,
): Promise<Range[]> =>
  (
    await tx.query(sql<{ endpoint_id: EndpointId; created_at: Date; finished_at: Date | null }>`
      SELECT endpoint_id, created_at, finished_at FROM replays
      WHERE organization_id = ${organization} AND status <> 'failed' AND until >= ${new Date(timeOfId(first))} AND since <= ${new Date(timeOfId(last) + mintedWithinMs)}`)
  ).map(({ endpoint_id: endpoint, created_at: from, finished_at: until }) => ({
    endpoints: [endpoint],
    from: idAt(from.getTime() - mintedWithinMs),
    until: idAt((until?.getTime() ?? 2 ** 47) + mintedWithinMs),
  }));
