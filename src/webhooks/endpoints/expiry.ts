import type { Clock } from '../../base/clock.ts';
import type { Database } from '../../db/pool.ts';
import { expire } from '../../delivery/queue/queries.ts';
import type { EmitAll } from '../../events/index.ts';
import { aboutFailures } from './failure.ts';

/** Deliveries ended in one transaction, each with its event. */
const chunk = 500;

/**
 * Ends deliveries whose event retention is about to drop, so that none disappears silently: each gets a row in the log and a
 * `delivery.exhausted` with the reason `expired`.
 * @returns a function that takes the id before which events are dropped, and returns how many deliveries ended.
 */
export const createExpiry =
  ({ db, clock, emitAll }: { db: Database; clock: Clock; emitAll: EmitAll }) =>
  async (beforeEvent: string): Promise<number> => {
    let total = 0;
    for (let count = chunk; count === chunk; total += count) {
      count = await db.transaction(async (tx) => {
        const now = clock.now();
        const ended = await expire(tx, beforeEvent, chunk, now);
        await emitAll(
          tx,
          ended
            .filter(({ deleted, event_type: type }) => !deleted && !aboutFailures.has(type))
            .map((row) => ({
              organizationId: row.organization_id,
              workspaceId: row.workspace_id ?? undefined,
              type: 'delivery.exhausted',
              occurredAtMs: now,
              except: [row.endpoint_id],
              data: {
                delivery_id: row.id,
                endpoint_id: row.endpoint_id,
                event_id: row.event_id,
                event_type: row.event_type,
                attempts: row.attempt_count,
                last_error: row.last_error,
                reason: 'expired',
              },
            })),
        );
        return ended.length;
      });
    }
    return total;
  };
