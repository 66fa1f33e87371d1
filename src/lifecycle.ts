import type { Clock } from './base/clock.ts';
import type { Logger } from './base/log.ts';
import { aborted, sleep } from './base/sleep.ts';
import { assertDurable } from './db/durability.ts';
import { migrate } from './db/migrate.ts';
import { createPartitions } from './db/partitions.ts';
import type { Database } from './db/pool.ts';
import type { MasterKey } from './encryption/cipher.ts';
import { assertMasterKey } from './encryption/vault.ts';

/** Works until the signal aborts, then finishes what it has begun. */
export type Run = (signal: AbortSignal) => Promise<void>;

/** The parts of a running process, in the order in which they stop. */
export interface Stages {
  /** Stops taking requests and finishes those in progress. */
  readonly closeServer: () => Promise<void>;
  /** Finishes what requests and earlier processes left: deliveries, jobs, maintenance. */
  readonly work: readonly Run[];
  /** What the work needs until its end: notices, heartbeats. */
  readonly support: readonly Run[];
  /** Closes the connections to receivers and to the database. */
  readonly closeConnections: () => Promise<void>;
}

export interface RunOptions {
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** For the work to drain; closing connections gets `closingMs` more. */
  readonly shutdownMs: number;
}

/** For closing connections, in addition to the drain. */
export const closingMs = 5_000;

/**
 * Makes the database ready for this version: durable, migrated, readable with this master key, with partitions for the next days.
 * @throws OperatorError when the operator has to fix something first.
 */
export async function prepareDatabase(db: Database, masterKey: MasterKey, clock: Clock): Promise<void> {
  await assertDurable(db);
  await migrate(db);
  await assertMasterKey(db, masterKey);
  await createPartitions(db, clock.now());
}

/**
 * Runs everything until the signal aborts, then stops stage by stage: HTTP first, the work next, the database last. Each stage starts to
 * stop when the one before it has finished. What does not finish in time, such as a statement to an unavailable database, is left to
 * other processes.
 */
export async function runUntilStopped(
  { closeServer, work, support, closeConnections }: Stages,
  { clock, log, shutdownMs }: RunOptions,
  signal: AbortSignal,
): Promise<void> {
  const supportStops = new AbortController();
  const workStops = new AbortController();
  const supporting = support.map((run) => run(supportStops.signal));
  const working = work.map((run) => run(workStops.signal));
  await aborted(signal);
  log.info('stopping: finishing the work in progress');
  await closeServer();
  workStops.abort();
  const drained = Promise.all(working).then(async () => {
    supportStops.abort();
    await Promise.all(supporting);
    await closeConnections();
  });
  const isInTime = new AbortController();
  const complete = await Promise.race([
    drained.then(() => true),
    sleep(clock, shutdownMs + closingMs, isInTime.signal).then(() => false),
  ]);
  isInTime.abort();
  if (complete) log.info('stopped');
  else log.warn('stopped before all work was finished; other processes take over the rest');
}
