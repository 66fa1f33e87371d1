import type { Clock } from '../base/clock.ts';
import type { EndpointId } from '../base/ids.ts';
import { announce } from '../db/bus.ts';
import type { Database } from '../db/pool.ts';

/** Called with the endpoints on which deliveries are due; undefined: on any. */
export type DueListener = (endpoints: readonly EndpointId[] | undefined) => void;

/** Reports due deliveries to the listeners of this process and, by NOTIFY, to the other processes. */
export interface DueNotices {
  /** @returns a function that removes the listener. */
  readonly listen: (listener: DueListener) => () => void;
  /** Calls the listeners of this process. */
  readonly tell: DueListener;
  /** Sends one notice for all endpoints named within 5 ms: NOTIFY takes a lock that all commits with a notice share. */
  readonly announceSoon: (endpoints: Iterable<EndpointId>) => void;
  readonly announceEverywhere: () => Promise<void>;
}

const gatherMs = 5;
/** The payload of a notice is limited to 8,000 bytes. Past this many endpoints the list is left empty, which means any. */
const endpointsMax = 100;

export function createDueNotices(db: Database, clock: Clock, onError: (error: unknown) => void): DueNotices {
  const listeners = new Set<DueListener>();
  let gathered: Set<EndpointId> | undefined;
  return {
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell(endpoints) {
      for (const listener of listeners) listener(endpoints);
    },
    announceSoon(endpoints) {
      if (gathered !== undefined) {
        for (const id of endpoints) gathered.add(id);
        return;
      }
      const due = (gathered = new Set(endpoints));
      clock.setTimer(() => {
        gathered = undefined;
        announce(db, { kind: 'due', endpoints: due.size > endpointsMax ? [] : [...due] }).catch(onError);
      }, gatherMs);
    },
    announceEverywhere: () => announce(db, { kind: 'due', endpoints: [] }),
  };
}
