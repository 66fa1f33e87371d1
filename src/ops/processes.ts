import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { Role } from '../base/config.ts';
import type { Queryable } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import { sleep } from '../base/sleep.ts';

/** Counts the processes that share this database, and so split quotas and rate limits. */
export interface Processes {
  /** Live processes with a role, including this one; only this one before the first heartbeat, the last known number without a database. */
  countOf(role: Role): number;
  /** Sends a heartbeat every 5 s; a process not seen for 15 s counts as dead. Deletes its row at the end. */
  run(signal: AbortSignal): Promise<void>;
}

const beatMs = 5_000;

export interface ProcessesOptions {
  readonly onError?: (error: unknown) => void;
  /** Called after each heartbeat. */
  readonly onBeat?: () => Promise<unknown>;
}

export function createProcesses(
  db: Queryable,
  clock: Clock,
  roles: readonly Role[],
  options: ProcessesOptions = {},
): Processes {
  const id = randomUUID();
  let live: readonly (readonly string[])[] = [roles];

  return {
    countOf: (role) => live.filter((each) => each.includes(role)).length,
    async run(signal) {
      while (!signal.aborted) {
        try {
          const others = await beat(db, id, roles);
          live = [roles, ...others.map((other) => other.roles)];
          await options.onBeat?.();
        } catch (error) {
          options.onError?.(error);
        }
        await sleep(clock, beatMs, signal);
      }
      // Otherwise the others would reserve a part for this process until its heartbeat expires.
      await leave(db, id).catch(() => {});
    },
  };
}

/** Times are the database's: the machines' clocks may differ by more than a heartbeat. @returns the other live processes */
const beat = (db: Queryable, id: string, roles: readonly string[]): Promise<{ roles: string[] }[]> =>
  db.query(sql<{ roles: string[] }>`
    WITH beat AS (
      INSERT INTO processes (id, roles, seen_at) VALUES (${id}, ${[...roles]}, now()) ON CONFLICT (id) DO UPDATE SET roles = excluded.roles, seen_at = excluded.seen_at
    ), dead AS (
      DELETE FROM processes WHERE seen_at < now() - interval '1 minute'
    )
    SELECT roles FROM processes WHERE id <> ${id} AND seen_at > now() - interval '15 seconds'`);

const leave = (db: Queryable, id: string): Promise<number> => db.execute(sql`DELETE FROM processes WHERE id = ${id}`);
