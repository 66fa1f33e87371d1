export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** Time as a parameter: production takes `systemClock`, tests take one they move by hand. */
export interface Clock {
  /** Unix time in milliseconds. */
  now(): number;
  /** Calls `callback` once, `delayMs` after now; the handle is given to `clearTimer`. */
  setTimer(callback: () => void, delayMs: number): unknown;
  clearTimer(handle: unknown): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  // Node clamps delays past 2^31-1 ms to 1 ms; a longer wait is cut and the caller looks again.
  setTimer: (callback, delayMs) => setTimeout(callback, Math.min(Math.max(delayMs, 0), 2_147_483_647)),
  clearTimer: (handle) => clearTimeout(handle as NodeJS.Timeout),
};
