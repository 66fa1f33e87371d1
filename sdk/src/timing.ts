/** Where the client has time and chance from. */
export interface Timing {
  /** Unix milliseconds. */
  now(): number;
  /** From 0 to 1. */
  random(): number;
  /** Answers how to call it off. */
  after(ms: number, callback: () => void): () => void;
}

export const systemTiming: Timing = {
  now: Date.now,
  random: Math.random,
  after(ms, callback) {
    // The longest that a timer can be; a longer one would be none.
    const timer = setTimeout(callback, Math.min(ms, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};

/** Comes back after that time; when the signal is aborted, throws its reason at once. */
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
