import { createWakeSignal } from '../base/wake-signal.ts';
import type { Clock } from '../base/clock.ts';
import type { Bus } from './bus.ts';
import { isDatabaseAway } from './pool.ts';
import type { Database, Queryable, Transaction } from './pool.ts';
import { sql } from './sql.ts';

/** Maximum wait between checks, even if nothing is known to be due: finds the job of a process that died. */
const lookAtLeastMs = 30_000;
const errorPauseMs = 1_000;

/** Works through a table of durable jobs, one chunk at a time. Any number of processes share the jobs. */
export interface JobRunner {
  /** Call when a job may be due. */
  wake(): void;
  run(signal: AbortSignal): Promise<void>;
}

export interface JobRunnerOptions {
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
  /** Processes one chunk of a job that is due at `nowMs`. `signal`: the runner stops. @returns false if none is due. */
  readonly chunk: (nowMs: number, signal: AbortSignal) => Promise<boolean>;
  /** When the next job that is not due yet falls due, in Unix milliseconds; undefined if there is none. */
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
          // The same moment for both queries: neither would find a job that falls due between them.
          const now = clock.now();
          if (await chunk(now, signal)) continue;
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

export interface ChunkOptions<Job> {
  readonly db: Database;
  /** Locks the job that has been due longest, skipping locked ones. */
  readonly takeDue: (tx: Transaction, nowMs: number) => Promise<Job | undefined>;
  /** Does one chunk. Its rows and the job's progress commit together. */
  readonly work: (tx: Transaction, job: Job) => Promise<void>;
  /** Called after an error other than an unavailable database; postpones the job so that others run. */
  readonly postpone: (job: Job) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
}

/** The `chunk` of a job runner, as one transaction in which the row lock of the job is its lease. */
export const chunkIn =
  <Job>({ db, takeDue, work, postpone, onError }: ChunkOptions<Job>): JobRunnerOptions['chunk'] =>
  async (nowMs) => {
    let job: Job | undefined;
    try {
      return await db.transaction(async (tx) => {
        job = await takeDue(tx, nowMs);
        if (job === undefined) return false;
        await limitSilence(tx);
        await work(tx, job);
        return true;
      });
    } catch (error) {
      if (job !== undefined && !isDatabaseAway(error)) await postpone(job).catch(onError);
      throw error;
    }
  };

/** Makes the row lock of a job act as a lease: PostgreSQL ends it 10 s after the process goes silent, even if its host has vanished. */
const limitSilence = (tx: Queryable): Promise<number> =>
  tx.execute(sql`SELECT set_config('idle_in_transaction_session_timeout', '10s', true)`);
