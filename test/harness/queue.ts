/** A queue whose statistics say that it is empty, and a count of the rows that a statement reads. */
import { createPartitions } from '../../src/db/partitions.ts';
import type { Database } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import { createIds } from '../../src/base/ids.ts';
import type { DeliveryId, EndpointId, OrganizationId } from '../../src/base/ids.ts';
import { fifoKey } from '../../src/delivery/queue/fifo-key.ts';
import { makeEndpoint, makeOrganization } from './engine.ts';

export const nowMs = Date.UTC(2026, 0, 5, 9);
/** Deliveries in the queue. */
export const waiting = 5_000;

const ids = createIds({ now: () => nowMs });

export interface FilledQueue {
  readonly organization: OrganizationId;
  readonly endpoint: EndpointId;
  /** The oldest first, all due at `nowMs`. */
  readonly deliveries: readonly DeliveryId[];
}

/** A tenth of the deliveries have the place of their id in a FIFO queue, another is scheduled for `nowMs`, and the others for later. */
const keyOf = (delivery: DeliveryId, index: number): string =>
  index < waiting / 10 ? delivery : fifoKey(delivery, index < waiting / 5 ? nowMs : nowMs + 86_400_000);

/** @param kept rows that were in the queue when its statistics were taken. */
export async function afterAQuietMoment(db: Database, kept: 0 | 1): Promise<FilledQueue> {
  await createPartitions(db, nowMs);
  const organization = await makeOrganization(db, ids);
  const endpoint = await makeEndpoint(db, ids, organization, 'https://example.com/hook');
  const fill = async (): Promise<DeliveryId[]> => {
    const deliveries = Array.from({ length: waiting }, () => ids.next<DeliveryId>());
    await db.execute(sql`
      INSERT INTO delivery_queue (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, schedule_base, due_at, created_at, fifo_key)
      SELECT ${endpoint}, id, ${organization}, id, 'order.paid', 'event', 'pending', 0, 0, to_timestamp(${nowMs}::float8 / 1000), to_timestamp(${nowMs}::float8 / 1000), fifo_key
      FROM unnest(${deliveries}::uuid[], ${deliveries.map(keyOf)}::uuid[]) AS d (id, fifo_key)`);
    return deliveries;
  };
  const before = await fill();
  await db.execute(sql`DELETE FROM delivery_queue WHERE id <> ALL (${before.slice(waiting - kept)}::uuid[])`);
  await db.script('VACUUM ANALYZE delivery_queue');
  return { organization, endpoint, deliveries: await fill() };
}

/** The number of rows and index entries of the queue that `work` reads. `db` must have only one connection. */
export async function readOfQueue(db: Database, work: () => Promise<unknown>): Promise<number> {
  const read = async (): Promise<number> => {
    await db.execute(sql`SELECT pg_stat_force_next_flush()`);
    const [row] = await db.query(sql<{ read: number }>`
      SELECT (seq_tup_read + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'delivery_queue'))::int AS read
      FROM pg_stat_user_tables WHERE relname = 'delivery_queue'`);
    return row?.read ?? Number.NaN;
  };
  const before = await read();
  await work();
  return (await read()) - before;
}
