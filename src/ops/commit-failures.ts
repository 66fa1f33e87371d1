import type { Clock } from '../base/clock.ts';
import { isDatabaseAway, sqlState } from '../db/pool.ts';
import type { Database } from '../db/pool.ts';
import type { Logger } from '../base/log.ts';

export type CommitFailure = 'disk_full' | 'io_error' | 'database_away';

export interface CommitFailures {
  /** Reports the error of a statement or transaction. */
  readonly failed: (error: unknown) => void;
  /** While PostgreSQL cannot write to its disk: tries a write that needs space, such as `takeSpace`. */
  probe(write: () => Promise<unknown>): Promise<void>;
  /** Set while PostgreSQL cannot write to its disk. */
  readonly storage: Exclude<CommitFailure, 'database_away'> | undefined;
}

const logEveryMs = 60_000;
/** `storage` stays set at least this long after the last failure. */
const settleMs = 10_000;

/**
 * Allocates 4 MiB on the volume and frees them. On a full disk a small write, such as a heartbeat, succeeds when an existing page has room;
 * if that counted as recovery, `/readyz` would flap with the load balancer's traffic.
 */
export const takeSpace = (db: Database): Promise<void> =>
  db.script(`
    CREATE TEMPORARY TABLE storage_probe AS SELECT repeat(md5(n::text), 60) AS filler FROM generate_series(1, 2100) AS n;
    DROP TABLE storage_probe`);

/** Classifies by SQLSTATE (PostgreSQL, appendix A); undefined: the statement itself was wrong. */
function reasonOf(error: unknown): CommitFailure | undefined {
  const state = sqlState(error);
  if (state === '53100') return 'disk_full';
  if (state === '58030') return 'io_error';
  return isDatabaseAway(error) ? 'database_away' : undefined;
}

/** Tracks what PostgreSQL could not store. Callers get 503; operators get a metric, one log line a minute and `/readyz`. */
export function createCommitFailures(options: {
  readonly clock: Clock;
  readonly log: Logger;
  readonly count: (reason: CommitFailure) => void;
}): CommitFailures {
  const { clock, log, count } = options;
  let storage: CommitFailures['storage'];
  let lastMs = -Infinity;
  let loggedMs = -Infinity;

  function failed(error: unknown): void {
    const reason = reasonOf(error);
    if (reason === undefined) return;
    count(reason);
    // The database watch logs this one.
    if (reason === 'database_away') return;
    storage = reason;
    lastMs = clock.now();
    if (lastMs - loggedMs < logEveryMs) return;
    loggedMs = lastMs;
    log.error(
      { reason, err: error },
      'PostgreSQL cannot write to its disk; nothing is accepted until it can. Free space on its volume.',
    );
  }

  return {
    failed,
    async probe(write) {
      if (storage === undefined || clock.now() - lastMs < settleMs) return;
      try {
        await write();
      } catch (error) {
        // Another error, such as a missing privilege, says nothing about the disk.
        if (reasonOf(error) !== undefined) return failed(error);
      }
      storage = undefined;
      log.warn('PostgreSQL writes to its disk again');
    },
    get storage() {
      return storage;
    },
  };
}
