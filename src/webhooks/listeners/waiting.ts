import { createWakeSignal } from '../../base/wake-signal.ts';
import type { WakeSignal } from '../../base/wake-signal.ts';
import type { Clock } from '../../base/clock.ts';
import type { Engine } from '../../delivery/engine.ts';
import type { Subscriptions } from '../../delivery/subscriptions.ts';
import type { EndpointId } from '../../base/ids.ts';

/** The fetches that wait for deliveries of a listener, each with its own wake signal. */
export interface Waiting {
  /** The signal is woken when a delivery may be due, the listener has changed, or `signal` aborts. Call `leave` when done. */
  enter(id: EndpointId, signal: AbortSignal): WakeSignal & { leave(): void };
  /** True once `end` was called: callers must not wait any more. */
  readonly ended: boolean;
  /** Wakes all waiting fetches, because this process is about to end. */
  end(): void;
}

export function createWaiting(
  engine: Pick<Engine, 'onDue'>,
  subscriptions: Pick<Subscriptions, 'onChange'>,
  clock: Clock,
): Waiting {
  const wakeSignals = new Map<EndpointId, Set<WakeSignal>>();
  let ended = false;
  const wake = (ids: Iterable<EndpointId>): void => {
    for (const id of ids) for (const wakeSignal of wakeSignals.get(id) ?? []) wakeSignal.wake();
  };
  engine.onDue((ids) => wake(ids ?? wakeSignals.keys()));
  subscriptions.onChange(wake);
  return {
    enter(id, signal) {
      const wakeSignal = createWakeSignal(clock);
      const beside = wakeSignals.get(id) ?? new Set();
      wakeSignals.set(id, beside.add(wakeSignal));
      signal.addEventListener('abort', wakeSignal.wake);
      return {
        ...wakeSignal,
        leave() {
          signal.removeEventListener('abort', wakeSignal.wake);
          beside.delete(wakeSignal);
          if (beside.size === 0) wakeSignals.delete(id);
        },
      };
    },
    get ended() {
      return ended;
    },
    end() {
      ended = true;
      wake(wakeSignals.keys());
    },
  };
}
