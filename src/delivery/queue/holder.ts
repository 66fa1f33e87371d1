import { randomUUID } from 'node:crypto';
import { createWakeSignal } from '../../base/wake-signal.ts';
import type { Clock } from '../../base/clock.ts';
import type { Database, Queryable } from '../../db/pool.ts';
import {
  deadHolders,
  endSessionsOf,
  isHolder,
  lockHolder,
  releaseHolder,
  registerHolder,
  tryHolder,
  unlockHolder,
} from './holder-queries.ts';

/** Between two searches for dead holders: most of the time from a kill to the next attempt. */
const checkMs = 1_000;
/** After a lost connection, such as a restart of PostgreSQL, the other processes may be about to take their locks again. */
const graceMs = 3_000;

/** Identifies this process as a holder of leases, and releases the leases of dead ones. */
export interface Holder {
  /** Written into the leases that this process takes. It changes when another process has released the leases of the old one. */
  readonly id: string;
  /**
   * Takes the lock that proves that this process lives, on the connection whose end frees it.
   * @throws Error while an earlier connection of this process still has the lock.
   */
  acquire(session: Queryable): Promise<void>;
  /** Call when the lock was taken, to search for dead holders immediately. */
  wake(): void;
  /** Releases the leases of dead holders, until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

export function createHolder(options: {
  db: Database;
  clock: Clock;
  /** Whether the lock is held. */
  held: () => boolean;
  /** Called when the old id's leases no longer belong to this process. */
  onRenewed: () => void;
  /** Called when leases were released, so that deliveries may be due. */
  onReleased: () => Promise<void>;
  onError: (error: unknown) => void;
}): Holder {
  const { db, clock, held, onRenewed, onReleased, onError } = options;
  let id = randomUUID();
  let registered = false;
  let checkFromMs = 0;
  const wakeSignal = createWakeSignal(clock);

  async function acquire(session: Queryable): Promise<void> {
    if (!(await lockHolder(session, id))) {
      // The old connection is dead, but PostgreSQL has not noticed yet.
      await endSessionsOf(session, id);
      throw new Error('An earlier connection of this process still holds its lock.');
    }
    // Under the lock, so that no process is releasing its leases at the moment.
    if (registered && (await isHolder(session, id))) {
      checkFromMs = clock.now() + graceMs;
      return;
    }
    if (registered) {
      await unlockHolder(session, id);
      id = randomUUID();
      registered = false;
      onRenewed();
      await lockHolder(session, id);
    }
    await registerHolder(session, id);
    registered = true;
  }

  /** @returns the number of leases released. */
  const takeOver = (dead: string): Promise<number> =>
    db.transaction(async (tx) => ((await tryHolder(tx, dead)) ? releaseHolder(tx, dead, clock.now()) : 0));

  async function check(): Promise<void> {
    if (!held() || clock.now() < checkFromMs) return;
    let released = 0;
    for (const dead of await deadHolders(db, id)) released += await takeOver(dead);
    if (released > 0) await onReleased();
  }

  return {
    get id() {
      return id;
    },
    acquire,
    wake: wakeSignal.wake,
    async run(signal) {
      signal.addEventListener('abort', wakeSignal.wake, { once: true });
      while (!signal.aborted) {
        await check().catch(onError);
        await wakeSignal.wait(checkMs);
      }
    },
  };
}
