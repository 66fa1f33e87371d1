export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** The UTC day of a time: `YYYY-MM-DD`. */
export const dayOf = (unixMs: number): string => new Date(unixMs).toISOString().slice(0, 10);

/** Time as a parameter: production uses `systemClock`, tests use a clock that they move. */
export interface Clock {
  /** Unix time in milliseconds. */
  now(): number;
  /** Calls `callback` once, after `delayMs`. Pass the returned handle to `clearTimer`. */
  setTimer(callback: () => void, delayMs: number): unknown;
  clearTimer(handle: unknown): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  // Node turns delays over 2^31-1 ms into 1 ms. A longer one is shortened instead, and the caller checks again.
  setTimer: (callback, delayMs) => setTimeout(callback, Math.min(Math.max(delayMs, 0), 2_147_483_647)),
  clearTimer: (handle) => clearTimeout(handle as NodeJS.Timeout),
};
