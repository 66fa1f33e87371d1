/** The client's source of time and randomness. */
export interface Timing {
  /** Unix milliseconds. */
  now(): number;
  /** From 0 to 1. */
  random(): number;
  /** Calls back after `ms`. Returns a function that cancels the timer. */
  after(ms: number, callback: () => void): () => void;
}

export const systemTiming: Timing = {
  now: Date.now,
  random: Math.random,
  after(ms, callback) {
    // setTimeout treats a delay over 2^31 − 1 ms as 1 ms.
    const timer = setTimeout(callback, Math.min(ms, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted. */
export function wait(timing: Timing, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const aborted = (): void => {
      cancel();
      reject(signal.reason as Error);
    };
    const cancel = timing.after(ms, () => {
      signal.removeEventListener('abort', aborted);
      resolve();
    });
    signal.addEventListener('abort', aborted, { once: true });
  });
}
