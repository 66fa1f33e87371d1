import { createBell } from '../../base/wake-signal.ts';
import type { Bell } from '../../base/wake-signal.ts';
import type { Clock } from '../../base/clock.ts';
import type { Engine } from '../../delivery/engine.ts';
import type { Subscriptions } from '../../delivery/subscriptions.ts';
import type { EndpointId } from '../../base/ids.ts';

/** Those who wait for deliveries of a listener, each with a bell. */
export interface Waiting {
  /** Rings when something may be due on the listener or it has changed, and when the signal aborts. Once this process ends, it never rests. */
  enter(id: EndpointId, signal: AbortSignal): Bell & { leave(): void };
  readonly ended: boolean;
  /** Rings for all, from now on at once. */
  end(): void;
}

export function createWaiting(
  engine: Pick<Engine, 'onDue'>,
  subscriptions: Pick<Subscriptions, 'onChange'>,
  clock: Clock,
): Waiting {
  const bells = new Map<EndpointId, Set<Bell>>();
  let ended = false;
  const ring = (ids: Iterable<EndpointId>): void => {
    for (const id of ids) for (const bell of bells.get(id) ?? []) bell.ring();
  };
  engine.onDue((ids) => ring(ids ?? bells.keys()));
  subscriptions.onChange(ring);
  return {
    enter(id, signal) {
      const bell = createBell(clock);
      const beside = bells.get(id) ?? new Set();
      bells.set(id, beside.add(bell));
      signal.addEventListener('abort', bell.ring);
      return {
        ...bell,
        leave() {
          signal.removeEventListener('abort', bell.ring);
          beside.delete(bell);
          if (beside.size === 0) bells.delete(id);
        },
      };
    },
    get ended() {
      return ended;
    },
    end() {
      ended = true;
      ring(bells.keys());
    },
  };
}
