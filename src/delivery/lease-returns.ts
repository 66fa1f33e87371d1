import type { Clock } from '../base/clock.ts';
import type { EndpointId } from '../base/ids.ts';
import type { Database } from '../db/pool.ts';
import type { Cleared } from './dispatcher-options.ts';
import { giveBack } from './queue/queries.ts';

/** Ends the leases of deliveries that left memory without an attempt. */
export interface LeaseReturns {
  give(cleared: readonly Cleared[]): Promise<void>;
  /** Gathers: what is added while a statement runs goes into the next one. */
  giveSoon(cleared: readonly Cleared[]): void;
}

export function createLeaseReturns(options: {
  db: Database;
  clock: Clock;
  /** Once aborted, what is left is released with this process's other leases. */
  signal: AbortSignal;
  onGiven: (endpoints: readonly EndpointId[]) => void;
  onError: (error: unknown) => void;
}): LeaseReturns {
  const { db, clock, signal, onGiven, onError } = options;
  const waiting: Cleared[] = [];
  let running = false;

  async function give(cleared: readonly Cleared[]): Promise<void> {
    const rows = cleared.flatMap(({ lane, items }) =>
      items.map(({ id, leaseUntilMs }) => ({ endpointId: lane.endpoint.id, id, leaseUntilMs })),
    );
    if (rows.length > 0) await giveBack(db, rows, clock.now());
  }

  async function giveAll(): Promise<void> {
    while (waiting.length > 0 && !signal.aborted) {
      const batch = waiting.splice(0);
      try {
        await give(batch);
        onGiven(batch.map(({ lane }) => lane.endpoint.id));
      } catch (error) {
        onError(error);
      }
    }
    running = false;
  }

  return {
    give,
    giveSoon(cleared) {
      waiting.push(...cleared);
      if (running) return;
      running = true;
      queueMicrotask(() => void giveAll());
    },
  };
}
