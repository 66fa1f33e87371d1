import { randomUUID } from 'node:crypto';
import { createWakeSignal } from '../base/wake-signal.ts';
import type { Clock } from '../base/clock.ts';
import type { Bus } from './bus.ts';
import {
  deadHolders,
  endSessionsOf,
  isHolder,
  lockHolder,
  markReleased,
  registerHolder,
  tryHolder,
  unlockHolder,
} from './holder-queries.ts';
import type { Database, Queryable, Transaction } from './pool.ts';

/** Between two searches for dead holders: most of the time from a kill to the next attempt. */
const checkMs = 1_000;
/** After a lost connection, such as a restart of PostgreSQL, the other processes may be about to take their locks again. */
const graceMs = 3_000;

/** One kind of leases: rows of a table that name their holder. */
export interface Leases {
  /**
   * Releases those of a dead holder. Called a second time some seconds later, for what was being committed during the first call.
   * @returns how many
   */
  readonly release: (tx: Transaction, dead: string, nowMs: number) => Promise<number>;
  /** Called when leases of any kind were released, so that their rows may be due. */
  readonly onReleased: () => Promise<void>;
  /** Called when another process has released the leases of this process: they no longer belong to it. */
  readonly onRenewed: () => void;
}

/** Identifies this process as a holder of leases, and releases the leases of dead ones. */
export interface Holder {
  /** Written into the leases that this process takes. It changes when another process has released the leases of the old one. */
  readonly id: string;
  /** Whether this process has its lock. Without it, it takes no lease and begins nothing under one. */
  readonly held: boolean;
  /** Adds a kind of leases. Every process adds all kinds, whatever its roles: it releases those of other processes. */
  register(leases: Leases): void;
  /**
   * Takes the lock that proves that this process lives, on the connection whose end frees it.
   * @throws Error while an earlier connection of this process still has the lock.
   */
  acquire(session: Queryable): Promise<void>;
  /** Releases the leases of dead holders, until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * The lock is a session advisory lock on the bus connection: PostgreSQL frees it when the process dies.
 * @param options.takes false in a process that takes no leases: it has no lock, and releases nothing
 * @example
 * const holder = createHolder({ db, bus, clock, takes: true, onError });
 * holder.register({ release: releaseLeases, onReleased: announceEverywhere, onRenewed: forget });
 * await holder.run(signal);
 */
export function createHolder(options: {
  readonly db: Database;
  readonly bus: Pick<Bus, 'connected' | 'onSession' | 'subscribe'>;
  readonly clock: Clock;
  readonly takes: boolean;
  readonly onError: (error: unknown) => void;
}): Holder {
  const { db, bus, clock, takes, onError } = options;
  let id = randomUUID();
  let registered = false;
  let checkFromMs = 0;
  const kinds: Leases[] = [];
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
      for (const { onRenewed } of kinds) onRenewed();
      await lockHolder(session, id);
    }
    await registerHolder(session, id);
    registered = true;
  }

  /** @returns the number of leases released. */
  const takeOver = (dead: string): Promise<number> =>
    db.transaction(async (tx) => {
      if (!(await tryHolder(tx, dead))) return 0;
      let released = 0;
      for (const { release } of kinds) released += await release(tx, dead, clock.now());
      await markReleased(tx, dead);
      return released;
    });

  async function check(): Promise<void> {
    if (!bus.connected || clock.now() < checkFromMs) return;
    let released = 0;
    for (const dead of await deadHolders(db, id)) released += await takeOver(dead);
    if (released > 0) for (const { onReleased } of kinds) await onReleased();
  }

  if (takes) {
    bus.onSession(acquire);
    // The lock was taken, or another process released leases or has ended: a search for dead holders may find one.
    bus.subscribe((notice) => {
      if (notice === undefined || (notice.kind === 'due' && notice.endpoints.length === 0)) wakeSignal.wake();
    });
  }

  return {
    get id() {
      return id;
    },
    get held() {
      return takes && bus.connected;
    },
    register: (leases) => void kinds.push(leases),
    acquire,
    async run(signal) {
      if (!takes) return;
      signal.addEventListener('abort', wakeSignal.wake, { once: true });
      while (!signal.aborted) {
        await check().catch(onError);
        await wakeSignal.wait(checkMs);
      }
    },
  };
}
