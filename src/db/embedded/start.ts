/** Starts a stopped or killed cluster and waits until its postmaster answers. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { OperatorError } from '../../base/errors.ts';
import { findPostmaster, probe, pollMs } from './postmaster.ts';
import type { ProcessMark } from './process.ts';

/** How long PostgreSQL may be silent. */
const silenceMs = 60_000;
/** How long recovery after a crash may take; it may have to replay 2 GB of WAL. */
const recoveryMs = 600_000;
const noticeMs = 2_000;

/** Starts postmasters; see `launcher`. */
export interface Launcher {
  /**
   * Whether a started process may still become the postmaster. False also if it ended for a temporary reason. @throws OperatorError if it
   * ended for another reason
   */
  pending(): Promise<boolean>;
  begin(stalePid: number | undefined): Promise<void>;
  /** The most severe message of the latest start. */
  lastMessage(): Promise<string | undefined>;
}

/**
 * Waits until the cluster in `folder` answers. Starts it with `launcher` whenever no postmaster runs.
 * @returns undefined if no postmaster runs and there is no launcher, or the signal has aborted; a process started before that can then be found
 * @throws OperatorError with the reason from PostgreSQL's log
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
    const answer = await probe(folder);
    const found = await findPostmaster(folder);
    if (answer === 'ready' && found.kind === 'running') return found.mark;
    if (found.kind === 'none' && !(await launcher?.pending())) {
      if (launcher === undefined || signal?.aborted === true) return undefined;
      await launcher.begin(found.stalePid);
    } else if (found.kind === 'running' && signal?.aborted === true) {
      return undefined;
    }

    const waitedMs = Date.now() - began;
    if (answer === 'busy' && waitedMs > noticeMs && !said) {
      said = true;
      log('PostgreSQL is not ready yet: after a crash it first replays its log.');
    }
    if (waitedMs > (answer === 'busy' ? recoveryMs : silenceMs)) {
      const who = found.kind === 'running' ? ` (process ${found.mark.pid})` : '';
      const why = (await launcher?.lastMessage()) ?? `Its log is in ${join(folder, 'log')}.`;
      throw new OperatorError(
        `PostgreSQL${who} in ${folder} has not answered for ${Math.round(waitedMs / 1000)} s. ${why}`,
      );
    }
    await pause(pollMs);
  }
}
