import type { Item } from '../../delivery/lane.ts';
import type { ClaimedRow } from '../../delivery/queue/queries.ts';

/** How long a fetched delivery is reserved for its consumer. */
export const leaseMs = 60_000;

/** Payload of an event that is past the retention of the installation: the consumer still sees that it existed. */
const gone = Buffer.from('null');

/** Converts a queue row to the engine's item. */
export const itemOf = (row: ClaimedRow): Item => ({
  id: row.id,
  event: {
    id: row.event_id,
    organizationId: row.organization_id,
    workspaceId: row.workspace_id ?? undefined,
    type: row.event_type,
    data: row.data ?? gone,
    occurredAtMs: (row.occurred_at ?? row.created_at).getTime(),
    createdAtMs: row.created_at.getTime(),
    traceparent: row.traceparent ?? undefined,
    bodies: new Map(),
  },
  kind: row.kind,
  attemptCount: row.attempt_count,
  scheduleBase: row.schedule_base,
  leaseUntilMs: row.due_at.getTime(),
});

/** When the delivery was fetched, from its lease, so that the headers signed then can be computed again; now, if the row lost its lease. */
export const fetchedAtMs = (item: Pick<Item, 'leaseUntilMs'>, nowMs: number): number =>
  Math.min(item.leaseUntilMs - leaseMs, nowMs);
