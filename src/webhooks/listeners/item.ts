import type { Item } from '../../delivery/lane.ts';
import type { ClaimedRow } from '../../delivery/queue/queries.ts';

/** How long a delivery that was fetched is kept from others, in milliseconds. */
export const leaseMs = 60_000;

/** Stands for an event that was erased or is past the retention: the consumer still learns that there was one. */
const gone = Buffer.from('null');

/** A queue row as the engine speaks of it. */
export const itemOf = (row: ClaimedRow): Item => ({
  id: row.id,
  event: {
    id: row.event_id,
    organizationId: row.organization_id,
    type: row.event_type,
    data: row.data ?? gone,
    occurredAtMs: (row.occurred_at ?? row.created_at).getTime(),
    createdAtMs: row.created_at.getTime(),
    bodies: new Map(),
  },
  kind: row.kind,
  attemptCount: row.attempt_count,
  scheduleBase: row.schedule_base,
  leaseUntilMs: row.due_at.getTime(),
});

/** The lease says when the delivery was fetched, so that what was signed then can be worked out again. A row that lost it was fetched now. */
export const fetchedAtMs = (item: Pick<Item, 'leaseUntilMs'>, nowMs: number): number =>
  Math.min(item.leaseUntilMs - leaseMs, nowMs);
