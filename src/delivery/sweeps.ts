import type { Clock } from '../base/clock.ts';
import type { EndpointId } from '../base/ids.ts';
import type { Database } from '../db/pool.ts';
import type { Endpoint } from './endpoint.ts';
import { discard, hold } from './queue/queries.ts';
import type { Subscriptions } from './subscriptions.ts';

/** Holds the pending deliveries of disabled endpoints and ends those of deleted ones: one endpoint after the other, in parallel with the claims. */
export interface Sweeps {
  /** @param endpoint undefined: it was deleted. */
  add(id: EndpointId, endpoint: Endpoint | undefined): void;
  /** Resolves when no sweep is running. */
  readonly idle: Promise<void>;
}

const chunkRows = 1_000;

export function createSweeps(options: {
  db: Database;
  clock: Clock;
  subscriptions: Subscriptions;
  stopped: () => boolean;
  onError: (error: unknown) => void;
}): Sweeps {
  const { db, clock, subscriptions, stopped, onError } = options;
  const waiting = new Set<EndpointId>();
  let last: Promise<void> = Promise.resolve();

  async function sweep(id: EndpointId, endpoint: Endpoint | undefined): Promise<void> {
    let total = 0;
    for (let count = chunkRows; count === chunkRows && !stopped(); total += count) {
      count = endpoint === undefined ? await discard(db, id, chunkRows, clock.now()) : await hold(db, id, chunkRows);
    }
    // Nothing to do: what is in this process's memory was outdated.
    if (total === 0 && !stopped()) await subscriptions.refresh();
  }

  return {
    add(id, endpoint) {
      if (waiting.has(id)) return;
      waiting.add(id);
      last = last
        .then(() => sweep(id, endpoint))
        .catch(onError)
        .then(() => void waiting.delete(id));
    },
    get idle() {
      return last;
    },
  };
}
