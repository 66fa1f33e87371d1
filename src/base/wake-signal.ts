import type { Clock } from './clock.ts';

/** Wakes one who rests. A ring that comes while nobody rests is kept: the next rest ends at once. */
export interface Bell {
  ring(): void;
  /** Until it rings, or for `ms`. */
  rest(ms: number): Promise<void>;
}

export function createBell(clock: Clock): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async rest(ms) {
      if (!rung && ms > 0) {
        await new Promise<void>((resolve) => {
          const timer = clock.setTimer(resolve, ms);
          wake = () => {
            clock.clearTimer(timer);
            resolve();
          };
        });
        wake = undefined;
      }
      rung = false;
    },
  };
}
