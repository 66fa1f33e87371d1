/** From a cluster at rest, or one whose processes were killed, to a postmaster that answers. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { OperatorError } from '../../base/errors.ts';
import { findPostmaster, knock, pollMs } from './postmaster.ts';
import type { ProcessMark } from './process.ts';

/** For a PostgreSQL that gives no sign of life. */
const silenceMs = 60_000;
/** For one that recovers after a crash: it may have 2 GB of log to go through. */
const recoveryMs = 600_000;
const worthSayingMs = 2_000;

/** What starts postmasters; see `launcher`. */
export interface Launcher {
  /**
   * Whether a process that was begun may still become the postmaster. False also when it ended for a reason that passes; throws OperatorError
   * when it ended for another.
   */
  pending(): Promise<boolean>;
  begin(stalePid: number | undefined): Promise<void>;
  /** The gravest thing that was said about the latest start. */
  lastWords(): Promise<string | undefined>;
}

/**
 * Waits until the cluster in `folder` answers; begins it by `launcher` whenever no postmaster runs, and without one answers undefined then.
 * Answers undefined also when the signal has aborted; a process that was begun can be found by then.
 * Throws OperatorError with what PostgreSQL's log says.
 */
export async function untilReady(
  folder: string,
  log: (line: string) => void,
  launcher?: Launcher,
  signal?: AbortSignal,
): Promise<ProcessMark | undefined> {
  const began = Date.now();
  let said = false;
  for (;;) {
    const answer = await knock(folder);
    const found = await findPostmaster(folder);
    if (answer === 'ready' && found.kind === 'running') return found.mark;
    if (found.kind === 'none' && !(await launcher?.pending())) {
      if (launcher === undefined || signal?.aborted === true) return undefined;
      await launcher.begin(found.stalePid);
    } else if (found.kind === 'running' && signal?.aborted === true) {
      return undefined;
    }

    const waitedMs = Date.now() - began;
    if (answer === 'busy' && waitedMs > worthSayingMs && !said) {
      said = true;
      log('PostgreSQL is not ready yet; after a crash it first goes through its log.');
    }
    if (waitedMs > (answer === 'busy' ? recoveryMs : silenceMs)) {
      const who = found.kind === 'running' ? ` (process ${found.mark.pid})` : '';
      const why = (await launcher?.lastWords()) ?? `Its log is in ${join(folder, 'log')}.`;
      throw new OperatorError(
        `PostgreSQL${who} in ${folder} has not answered for ${Math.round(waitedMs / 1000)} s. ${why}`,
      );
    }
    await pause(pollMs);
  }
}
