import { minuteMs } from '../base/clock.ts';
import type { Clock } from '../base/clock.ts';
import type { EndpointId, OrganizationId, WorkspaceId } from '../base/ids.ts';
import { announce } from '../db/bus.ts';
import type { Bus } from '../db/bus.ts';
import type { Database } from '../db/pool.ts';
import type { Endpoint } from './endpoint.ts';

/** Attempts of one endpoint within half a second. */
export interface Attempted {
  readonly id: EndpointId;
  readonly workspaceId: WorkspaceId | undefined;
  readonly delivered: number;
  readonly failed: number;
}

/** Called with what was attempted; undefined: notices may have been missed, or there was more than a notice holds. */
export type AttemptListener = (attempted: readonly Attempted[] | undefined) => void;

/**
 * Tells those who watch an organization what any process has just attempted. Processes count attempts of watched organizations only, so
 * nobody pays for it while nobody watches.
 */
export interface LiveAttempts {
  /** Counts an attempt, if its organization is watched. */
  add(endpoint: Pick<Endpoint, 'id' | 'organizationId' | 'workspaceId'>, isDelivered: boolean): void;
  /** Attempts that begin after it resolves are counted by every process. @returns a function that removes the listener */
  watch(organization: OrganizationId, listener: AttemptListener): Promise<() => void>;
}

/** Outcomes are written within this time, so a read after the notice finds them. */
const gatherMs = 500;
/** A process counts for this long after it last heard that an organization is watched. */
const watchedMs = minuteMs;
const renewMs = 20_000;
/** The payload of a notice is limited to 8,000 bytes. */
const endpointsMax = 50;

type Counted = { -readonly [Key in keyof Attempted]: Attempted[Key] };

export function createLiveAttempts(
  db: Database,
  bus: Pick<Bus, 'subscribe'>,
  clock: Clock,
  onError: (error: unknown) => void,
): LiveAttempts {
  /** Organizations that somebody watches on any process, and until when to count for them. */
  const watched = new Map<OrganizationId, number>();
  const listeners = new Map<OrganizationId, Set<AttemptListener>>();
  let gathered = new Map<OrganizationId, Map<EndpointId, Counted>>();
  let renewal: unknown;

  const ask = (organizations: Iterable<OrganizationId>): Promise<unknown> =>
    Promise.all([...organizations].map((organizationId) => announce(db, { kind: 'watched', organizationId }))).catch(
      onError,
    );

  function renew(): void {
    renewal = undefined;
    if (listeners.size === 0) return;
    void ask(listeners.keys());
    renewal = clock.setTimer(renew, renewMs);
  }

  function flush(): void {
    const all = gathered;
    gathered = new Map();
    for (const [organizationId, counts] of all) {
      const endpoints = counts.size > endpointsMax ? undefined : [...counts.values()];
      announce(db, { kind: 'attempted', organizationId, endpoints }).catch(onError);
    }
  }

  bus.subscribe((notice) => {
    if (notice === undefined) {
      void ask(listeners.keys());
      for (const own of listeners.values()) for (const listener of own) listener(undefined);
    } else if (notice.kind === 'watched') {
      watched.set(notice.organizationId as OrganizationId, clock.now() + watchedMs);
    } else if (notice.kind === 'attempted') {
      const endpoints = notice.endpoints as readonly Attempted[] | undefined;
      for (const listener of listeners.get(notice.organizationId as OrganizationId) ?? []) listener(endpoints);
    }
  });

  return {
    add({ id, organizationId, workspaceId }, isDelivered) {
      const until = watched.get(organizationId);
      if (until === undefined) return;
      if (until < clock.now()) {
        watched.delete(organizationId);
        return;
      }
      if (gathered.size === 0) clock.setTimer(flush, gatherMs);
      const counts = gathered.get(organizationId) ?? new Map<EndpointId, Counted>();
      gathered.set(organizationId, counts);
      const count = counts.get(id) ?? { id, workspaceId, delivered: 0, failed: 0 };
      counts.set(id, count);
      count[isDelivered ? 'delivered' : 'failed'] += 1;
    },

    async watch(organization, listener) {
      const own = listeners.get(organization) ?? new Set();
      listeners.set(organization, own.add(listener));
      await ask([organization]);
      renewal ??= clock.setTimer(renew, renewMs);
      return () => {
        own.delete(listener);
        if (own.size === 0 && listeners.get(organization) === own) listeners.delete(organization);
        if (listeners.size > 0 || renewal === undefined) return;
        clock.clearTimer(renewal);
        renewal = undefined;
      };
    },
  };
}
