import { unreachable } from '../../../base/errors.ts';
import { first } from '../../../db/pool.ts';
import type { Queryable } from '../../../db/pool.ts';
import { sql } from '../../../db/sql.ts';

/**
 * Takes the next time at which a host may be asked, for all searches of the installation.
 * @returns Unix milliseconds
 */
export async function takeSlot(on: Queryable, host: string, now: Date, delayMs: number): Promise<number> {
  const row = await first(
    on,
    sql<{ next_at: Date }>`
      INSERT INTO discovery_hosts AS h (host, next_at) VALUES (${host}, ${new Date(now.getTime() + delayMs)})
      ON CONFLICT (host) DO UPDATE SET next_at = greatest(h.next_at, ${now}::timestamptz) + ${delayMs}::float8 * interval '1 millisecond' RETURNING next_at`,
  );
  if (row === undefined) throw unreachable('an upsert returned no row');
  return row.next_at.getTime() - delayMs;
}

/** Forgets hosts that may be asked again. */
export const forgetHosts = (on: Queryable, before: Date): Promise<number> =>
  on.execute(
    sql`DELETE FROM discovery_hosts WHERE host IN (SELECT host FROM discovery_hosts WHERE next_at < ${before} LIMIT 1000)`,
  );
