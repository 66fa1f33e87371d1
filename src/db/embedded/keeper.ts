/** Restarts a postmaster that ends while the server runs. */
import type { Clock } from '../../base/clock.ts';
import { OperatorError } from '../../base/errors.ts';
import { sleep } from '../../base/sleep.ts';
import { isAlive } from './process.ts';
import type { ProcessMark } from './process.ts';

/** Interval for checking the postmaster. One that was taken over is not our child, so no exit event arrives. */
const lookMs = 1_000;
/** Delays before each try. */
const pausesMs = [0, 1_000, 2_000, 4_000, 8_000];
/** A postmaster that ran this long was healthy: its end does not count together with earlier ones. */
const steadyMs = 60_000;

export interface Keeping {
  /** The running postmaster. */
  readonly mark: ProcessMark;
  /** Starts another postmaster; returns undefined if the signal aborted in the meantime. */
  readonly begin: () => Promise<ProcessMark | undefined>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** Runs until the signal aborts. @throws OperatorError after five tries within a minute, whether the start failed or the postmaster ended again */
export async function keepRunning({ mark: first, begin, clock, signal, log }: Keeping): Promise<void> {
  let mark: ProcessMark | undefined = first;
  let beganMs = clock.now();
  let tries = 0;
  let why = '';
  while (!signal.aborted) {
    if (mark !== undefined) {
      await ended(mark, clock, signal);
      if (signal.aborted) return;
      if (clock.now() - beganMs >= steadyMs) tries = 0;
      why = `PostgreSQL (process ${mark.pid}) ended unexpectedly.`;
      log(`${why} Restarting it; requests answer 503 until then.`);
    }
    const pauseMs = pausesMs[tries];
    tries += 1;
    if (pauseMs === undefined) throw new OperatorError(`The database has stopped and cannot be restarted. ${why}`);
    await sleep(clock, pauseMs, signal);
    if (signal.aborted) return;
    beganMs = clock.now();
    try {
      mark = await begin();
      if (mark !== undefined) log(`PostgreSQL is running again (process ${mark.pid}).`);
    } catch (error) {
      mark = undefined;
      why = error instanceof Error ? error.message : String(error);
      log(`PostgreSQL could not be restarted (try ${tries} of ${pausesMs.length}): ${why}`);
    }
  }
}

async function ended(mark: ProcessMark, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await isAlive(mark))) await sleep(clock, lookMs, signal);
}
