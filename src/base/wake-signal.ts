import type { Clock } from './clock.ts';

/** Wakes a single waiter. A wake-up sent while nobody waits is remembered, so the next wait returns immediately. */
export interface WakeSignal {
  wake(): void;
  /** Resolves on the next wake-up, or after `ms`. */
  wait(ms: number): Promise<void>;
}

/**
 * @example
 * const signal = createWakeSignal(clock);
 * bus.subscribe(signal.wake);
 * while (!stopping.aborted) {
 *   await workOnce();
 *   await signal.wait(60_000);
 * }
 */
export function createWakeSignal(clock: Clock): WakeSignal {
  let isAwake = false;
  let resume: (() => void) | undefined;
  return {
    wake() {
      isAwake = true;
      resume?.();
    },
    async wait(ms) {
      if (!isAwake && ms > 0) {
        await new Promise<void>((resolve) => {
          const timer = clock.setTimer(resolve, ms);
          resume = () => {
            clock.clearTimer(timer);
            resolve();
          };
        });
        resume = undefined;
      }
      isAwake = false;
    },
  };
}
