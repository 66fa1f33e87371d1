import type { Clock } from './clock.ts';

/** Waits on the clock, or until the signal aborts, whichever comes first. Never rejects: a loop looks at its signal anyway. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      clock.clearTimer(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = clock.setTimer(finish, ms);
    signal.addEventListener('abort', finish, { once: true });
  });
}
