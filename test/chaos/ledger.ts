import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import type { Receivers } from './receivers.ts';

/** Compares the database with what the receivers accepted. */
export function createLedger(db: () => Database, receivers: Pick<Receivers, 'working' | 'taken' | 'seen'>) {
  return {
    /** Deliveries at a receiver, or accepted but not yet settled: a kill now may cause these to be sent again. */
    async unsettled(): Promise<number> {
      const rows = await db().query(sql<{ id: string }>`SELECT id FROM delivery_queue`);
      return receivers.working + rows.filter((row) => receivers.taken.has(row.id)).length;
    },
    /** The id under which the process with this database account leases deliveries; undefined while it holds no lock. */
    async holderOf(account: string): Promise<string | undefined> {
      const [holder] = await db().query(sql<{ id: string }>`
        SELECT h.id FROM delivery_holders h
        JOIN pg_locks l ON l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended(h.id::text, 0)
        JOIN pg_stat_activity a ON a.pid = l.pid WHERE a.usename = ${account}`);
      return holder?.id;
    },
    /** The deliveries that a holder leases, including due heads of FIFO queues. */
    heldBy: async (holder: string): Promise<string[]> =>
      (
        await db().query(sql<{ id: string }>`
          SELECT id FROM delivery_queue WHERE holder = ${holder}
          UNION ALL
          SELECT head.id FROM fifo_leases l CROSS JOIN LATERAL (SELECT id, due_at FROM delivery_queue WHERE endpoint_id = l.endpoint_id ORDER BY id LIMIT 1) head
          WHERE l.holder = ${holder} AND head.due_at <= now()`)
      ).map((row) => row.id),
    /** Waits until the expected number is accepted and the queue is empty. @returns the number missing or still queued after `timeoutMs`. */
    async drained(expected: number, timeoutMs: number): Promise<number> {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const [left] = await db().query(sql<{ count: number }>`SELECT count(*) AS count FROM delivery_queue`);
        const missing = Math.max(expected - receivers.seen.size, left?.count ?? 0);
        if (missing === 0 || performance.now() > deadline) return missing;
        await sleep(100);
      }
    },
    figures: async () =>
      (
        await db().query(sql<{ events: number; keys: number; delivered: number; other: number }>`
          SELECT (SELECT count(*) FROM events WHERE type = 'chaos.event') AS events, (SELECT count(*) FROM idempotency_keys) AS keys,
            (SELECT count(*) FROM delivery_log WHERE state = 'delivered') AS delivered, (SELECT count(*) FROM delivery_log WHERE state <> 'delivered') AS other`)
      )[0],
  };
}
