import { systemClock } from '../base/clock.ts';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../base/config.ts';
import { createIds } from '../base/ids.ts';
import { createLog } from '../base/log.ts';
import type { Logger } from '../base/log.ts';
import { createBus } from '../db/bus.ts';
import { createDatabaseClock } from '../db/database-clock.ts';
import type { DatabaseClock } from '../db/database-clock.ts';
import { createPools } from '../db/pools.ts';
import type { Pools } from '../db/pools.ts';
import type { MasterKey } from '../encryption/cipher.ts';
import { createVault } from '../encryption/vault.ts';
import type { Route } from '../http/route.ts';
import { createClockOffset } from './clock-offset.ts';
import type { ClockOffset } from './clock-offset.ts';
import { createCommitFailures, takeSpace } from './commit-failures.ts';
import { createDatabaseWatch } from './database-watch.ts';
import { healthRoute, readyRoute } from './health.ts';
import { createMetrics } from './metrics.ts';
import type { Metrics, Peers } from './metrics.ts';
import type { Deps } from './module.ts';
import { withToken } from './probe-token.ts';
import { createProcesses } from './processes.ts';
import type { Processes } from './processes.ts';

export { createFinishedLine, createTokenLine } from './finished-line.ts';
export { createMaintenance } from './maintenance.ts';
export { together } from './metrics.ts';
export type { Figures, Peers } from './metrics.ts';
export type { Deps, Depth, Module, Unfinished } from './module.ts';

export interface OpsOptions {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly masterKey: MasterKey;
  /** The clock of everything in the process; by default the database's, counted on by this machine. */
  readonly clock?: DatabaseClock;
  /** This machine's clock, whose offset from `clock` is measured. */
  readonly systemClock?: Pick<Clock, 'now'>;
  readonly log?: Logger;
  /** Sibling processes whose metrics `/metrics` aggregates with this one's. */
  readonly peers?: Peers;
}

/** What every layer of a process is built on, and what watches over it. */
export interface Ops {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly pools: Pools;
  readonly deps: Deps;
  readonly clocks: ClockOffset;
  readonly processes: Processes;
  /** `/healthz`, `/readyz` and `/metrics`. */
  readonly probeRoutes: readonly Route[];
  /** Reads the database's clock. Comes before anything is written with a time: later it is read only every 5 s. */
  readClock(): Promise<void>;
  /** The bus, heartbeats and the watch over the database: whatever else runs needs these until its end. */
  readonly support: readonly ((signal: AbortSignal) => Promise<void>)[];
}

/** Connects to nothing before its first use. */
export function createOps(options: OpsOptions): Ops {
  const { config, databaseUrl, clock = createDatabaseClock(systemClock) } = options;
  const log = options.log ?? createLog(config.logLevel, config.logFormat);
  const metrics = createMetrics(options.peers);
  const watch = createDatabaseWatch({ clock, log });
  const onConnectionError = (error: Error): void => watch.failed(error, 'connection');
  const commitFailures = createCommitFailures({ clock, log, count: metrics.commitFailed });
  const pools = createPools(databaseUrl, config.databaseConnections, {
    onError: onConnectionError,
    onFailure: commitFailures.failed,
  });
  const { db } = pools;
  const bus = createBus(databaseUrl, clock, onConnectionError, clock.read);
  const clocks = createClockOffset({
    db,
    databaseClock: clock,
    systemClock: options.systemClock ?? systemClock,
    log,
  });
  const processes = createProcesses(db, clock, config.roles, {
    onBeat: async () => {
      await commitFailures.probe(() => takeSpace(db));
      await clocks.measure();
    },
    onError: (error) => watch.failed(error, 'heartbeat'),
  });
  const guarded = [readyRoute(db, bus, clocks, commitFailures), ...metrics.routes];
  return {
    log,
    metrics,
    pools,
    deps: { db, bus, clock, ids: createIds(clock), vault: createVault(options.masterKey), onError: watch.failed },
    clocks,
    processes,
    probeRoutes: [
      healthRoute,
      ...(config.metricsToken === undefined ? guarded : withToken(config.metricsToken, guarded)),
    ],
    readClock: () => clock.read(db),
    support: [bus.run, processes.run, (signal) => watch.run(db, signal)],
  };
}
