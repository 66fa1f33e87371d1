import type { Clock } from '../clock.ts';
import { isDatabaseAway, sqlState } from '../db/pool.ts';
import type { Logger } from './log.ts';

export type CommitFailure = 'disk_full' | 'io_error' | 'database_away';

export interface CommitFailures {
  /** Of any statement or transaction. */
  failed(error: unknown): void;
  /** A write of this process succeeded. */
  written(): void;
  /** PostgreSQL could not write to its disk lately. */
  readonly storage: Exclude<CommitFailure, 'database_away'> | undefined;
}

const logEveryMs = 60_000;
/** A small write may succeed on a full disk, so the one that ends the state comes this long after the last failure. */
const settleMs = 10_000;

/** By PostgreSQL's appendix A; undefined: the statement failed for a reason of its own. */
function reasonOf(error: unknown): CommitFailure | undefined {
  const state = sqlState(error);
  if (state === '53100') return 'disk_full';
  if (state === '58030') return 'io_error';
  return isDatabaseAway(error) ? 'database_away' : undefined;
}

/** What PostgreSQL could not store. Callers get 503; the operator gets a count, a line a minute and `/readyz`. */
export function createCommitFailures({ clock, log, count }: { clock: Clock; log: Logger; count: (reason: CommitFailure) => void }): CommitFailures {
  let storage: CommitFailures['storage'];
  let lastMs = -Infinity;
  let loggedMs = -Infinity;
  return {
    failed(error) {
      const reason = reasonOf(error);
      if (reason === undefined) return;
      count(reason);
      // The database watch logs that it is away.
      if (reason === 'database_away') return;
      storage = reason;
      lastMs = clock.now();
      if (lastMs - loggedMs < logEveryMs) return;
      loggedMs = lastMs;
      log.error({ reason, err: error }, 'PostgreSQL cannot write to its disk: nothing is accepted until it can. Free space on its volume.');
    },
    written() {
      if (storage === undefined || clock.now() - lastMs < settleMs) return;
      storage = undefined;
      log.warn('PostgreSQL writes to its disk again');
    },
    get storage() {
      return storage;
    },
  };
}
