import type { Queryable } from './pool.ts';
import { sql } from './sql.ts';

// A holder's lock is the advisory lock whose key is the hash of its id. A session has it while the holder lives.

const taken = async (rows: Promise<{ taken: boolean }[]>): Promise<boolean> => (await rows)[0]?.taken === true;

/** Takes a holder's lock until the session ends. @returns false while another session has it. */
export const lockHolder = (session: Queryable, id: string): Promise<boolean> =>
  taken(session.query(sql<{ taken: boolean }>`SELECT pg_try_advisory_lock(hashtextextended(${id}::text, 0)) AS taken`));

export const unlockHolder = (session: Queryable, id: string): Promise<number> =>
  session.execute(sql`SELECT pg_advisory_unlock(hashtextextended(${id}::text, 0))`);

/** Takes a dead holder's lock for one transaction. @returns false if it lives, or another process is releasing its leases. */
export const tryHolder = (tx: Queryable, id: string): Promise<boolean> =>
  taken(tx.query(sql<{ taken: boolean }>`SELECT pg_try_advisory_xact_lock(hashtextextended(${id}::text, 0)) AS taken`));

/** Terminates the bus connections that have a holder's lock. */
export const endSessionsOf = (session: Queryable, id: string): Promise<number> =>
  session.execute(sql`
    SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended(${id}::text, 0) AND a.application_name = 'outrider bus' AND a.pid <> pg_backend_pid()`);

export const registerHolder = (session: Queryable, id: string): Promise<number> =>
  session.execute(sql`INSERT INTO delivery_holders (id) VALUES (${id})`);

/** @returns false once its leases have been released. */
export const isHolder = async (session: Queryable, id: string): Promise<boolean> =>
  (await session.query(sql<{ id: string }>`SELECT id FROM delivery_holders WHERE id = ${id} AND released_at IS NULL`))
    .length > 0;

/** Returns holders whose lock is free, except those whose leases were released within the last 5 s. */
export const deadHolders = async (db: Queryable, self: string): Promise<string[]> =>
  (
    await db.query(sql<{ id: string }>`
      SELECT id FROM delivery_holders
      WHERE id <> ${self} AND (released_at IS NULL OR released_at < now() - interval '5 seconds') AND pg_try_advisory_xact_lock(hashtextextended(id::text, 0))`)
  ).map((row) => row.id);

/** Records that a dead holder's leases were released. The second call, some seconds later, deletes the holder. */
export const markReleased = (tx: Queryable, id: string): Promise<number> =>
  tx.execute(sql`
    WITH again AS (
      DELETE FROM delivery_holders WHERE id = ${id} AND released_at IS NOT NULL
    )
    UPDATE delivery_holders SET released_at = now() WHERE id = ${id} AND released_at IS NULL`);
