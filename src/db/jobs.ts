import { createWakeSignal } from '../base/wake-signal.ts';
import type { Clock } from '../base/clock.ts';
import type { Bus } from './bus.ts';
import type { Queryable } from './pool.ts';
import { sql } from './sql.ts';

/** A look even when nothing is known to be due: finds the job of a process that died. */
const lookAtLeastMs = 30_000;
const errorPauseMs = 1_000;

/** Works through a table of durable jobs, a chunk at a time. Any number of processes share them. */
export interface JobRunner {
  /** A job may be due. */
  wake(): void;
  run(signal: AbortSignal): Promise<void>;
}

export interface JobRunnerOptions {
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
  /** Does one chunk of a job that is due at that moment. @returns false when none is. */
  readonly chunk: (nowMs: number) => Promise<boolean>;
  /** Unix milliseconds at which the next job comes due, of those that are not due yet; undefined when there is none. */
  readonly nextDue: (nowMs: number) => Promise<number | undefined>;
  readonly onError: (error: unknown) => void;
}

export function createJobRunner({ bus, clock, chunk, nextDue, onError }: JobRunnerOptions): JobRunner {
  const wakeSignal = createWakeSignal(clock);
  bus.subscribe((notice) => {
    if (notice === undefined || (notice.kind === 'due' && notice.endpoints.length === 0)) wakeSignal.wake();
  });
  return {
    wake: wakeSignal.wake,
    async run(signal) {
      signal.addEventListener('abort', wakeSignal.wake, { once: true });
      while (!signal.aborted) {
        let restMs: number;
        try {
          // One moment for both questions: a job that comes due between them would be missed by either.
          const now = clock.now();
          if (await chunk(now)) continue;
          restMs = Math.min(((await nextDue(now)) ?? Infinity) - clock.now(), lookAtLeastMs);
        } catch (error) {
          onError(error);
          restMs = errorPauseMs;
        }
        await wakeSignal.wait(restMs);
      }
    },
  };
}

/** A job's row lock stands for a lease: PostgreSQL itself ends it when the process goes silent, even if its host is gone without a word. */
export const limitSilence = (tx: Queryable): Promise<number> =>
  tx.execute(sql`SELECT set_config('idle_in_transaction_session_timeout', '10s', true)`);
