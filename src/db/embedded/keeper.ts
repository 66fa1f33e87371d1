/** A postmaster that ends while its server lives is started again: nobody else would. */
import type { Clock } from '../../base/clock.ts';
import { OperatorError } from '../../base/errors.ts';
import { sleep } from '../../base/sleep.ts';
import { isAlive } from './process.ts';
import type { ProcessMark } from './process.ts';

/** How often the postmaster is looked at. One that was taken over is no child of ours, whose end we would be told. */
const lookMs = 1_000;
/** Waits before each try. */
const pausesMs = [0, 1_000, 2_000, 4_000, 8_000];
/** One that lived this long was well: its end is not counted with those before. */
const steadyMs = 60_000;

export interface Keeping {
  /** The one that runs. */
  readonly mark: ProcessMark;
  /** Starts another; answers undefined when the signal aborted meanwhile. */
  readonly begin: () => Promise<ProcessMark | undefined>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** Until the signal aborts. Throws OperatorError after five tries within a minute, whether the start failed or what was started ended. */
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
      why = `PostgreSQL (process ${mark.pid}) ended by itself.`;
      log(`${why} It is started again; publishing answers 503 until then.`);
    }
    const pauseMs = pausesMs[tries];
    tries += 1;
    if (pauseMs === undefined) throw new OperatorError(`The database has ended and cannot be started again. ${why}`);
    await sleep(clock, pauseMs, signal);
    if (signal.aborted) return;
    beganMs = clock.now();
    try {
      mark = await begin();
      if (mark !== undefined) log(`PostgreSQL runs again (process ${mark.pid}).`);
    } catch (error) {
      mark = undefined;
      why = error instanceof Error ? error.message : String(error);
      log(`PostgreSQL could not be started again (try ${tries} of ${pausesMs.length}): ${why}`);
    }
  }
}

async function ended(mark: ProcessMark, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await isAlive(mark))) await sleep(clock, lookMs, signal);
}
