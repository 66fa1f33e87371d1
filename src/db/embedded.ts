/**
 * The embedded PostgreSQL in the data folder: created on the first start, found on each further one.
 *
 * Its process outlives this one: a killed server leaves it running, and the next start takes it over. Its state is stored in three places, all
 * maintained by PostgreSQL or the file system: the cluster's folder (or a link to it) in the data folder, `postmaster.pid` in it, and the
 * socket next to that. So no record of ours can be out of date, and the URL, which names the socket's folder, is the same at every start.
 */
import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createCluster, giveTo } from './embedded/cluster.ts';
import { launcher } from './embedded/launcher.ts';
import { clusterPath, findCluster, openDataDir, openShelter, systemShelters } from './embedded/place.ts';
import type { Cluster } from './embedded/place.ts';
import { clusterUrl, findPostmaster, stopPostmaster } from './embedded/postmaster.ts';
import { keepRunning } from './embedded/keeper.ts';
import { errorCode } from './embedded/process.ts';
import type { ProcessMark } from './embedded/process.ts';
import { findPackage, preparePrograms } from './embedded/programs.ts';
import type { Package } from './embedded/programs.ts';
import { untilReady } from './embedded/start.ts';
import { systemClock } from '../base/clock.ts';
import { OperatorError } from '../base/errors.ts';

export { lockDataDir } from './embedded/lock.ts';
export type { DataDirLock } from './embedded/lock.ts';

export interface EmbeddedDatabase {
  /** For any PostgreSQL client; the same at every start. */
  readonly url: string;
  /** The real path of the cluster. */
  readonly dataDir: string;
  /** Messages for the operator. */
  readonly notices: readonly string[];
  /** The process that runs now; `run` may have restarted it. */
  readonly postmasterPid: number;
  /**
   * Restarts PostgreSQL whenever it ends, until the signal aborts; `log` receives a line for each restart. Rejects with OperatorError if it
   * cannot be restarted.
   */
  run(signal: AbortSignal, log: (line: string) => void): Promise<void>;
  /** Call after `run` has ended. Returns when the postmaster has exited. `immediate` skips the checkpoint, like a crash. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
}

export interface EmbeddedDatabaseOptions {
  /** The data folder; created if it does not exist. */
  readonly dataDir: string;
  /** PostgreSQL settings that override postgresql.conf. A running PostgreSQL keeps its own. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly log?: (line: string) => void;
  /** Folders for what PostgreSQL's account cannot reach otherwise, if this process runs as root; the first usable one is taken. */
  readonly shelters?: readonly string[];
}

type Options = Required<EmbeddedDatabaseOptions>;

/**
 * Starts the cluster of a data folder, or takes over the running one. The caller holds the data folder's lock.
 * @throws OperatorError for problems that the operator has to fix
 * @example
 * const lock = await lockDataDir(dataDir);
 * const database = await startEmbeddedDatabase({ dataDir, log: console.log });
 * const db = connect(database.url);
 */
export async function startEmbeddedDatabase(given: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const options: Options = { settings: {}, log: () => {}, shelters: systemShelters, ...given };
  const begun = await begin(options);
  if (begun === undefined) throw new Error('unreachable: a start without a signal returns a database');
  const { dataDir, cluster, notices } = begun;
  let { mark } = begun;
  return {
    url: clusterUrl(cluster.folder),
    dataDir: cluster.folder,
    notices: [...accountNotices(dataDir, cluster), ...notices],
    get postmasterPid() {
      return mark.pid;
    },
    run: (signal, log) =>
      keepRunning({
        mark,
        begin: async () => {
          const again = await begin({ ...options, log }, { folder: cluster.folder, signal });
          if (again !== undefined) ({ mark } = again);
          return again?.mark;
        },
        clock: systemClock,
        signal,
        log,
      }),
    stop: async (mode = 'fast') => {
      await stopPostmaster(mark, mode);
      // A restart may have been in progress when it was aborted.
      const found = await findPostmaster(cluster.folder);
      if (found.kind === 'running') await stopPostmaster(found.mark, mode);
    },
  };
}

interface Begun {
  readonly dataDir: string;
  readonly cluster: Cluster;
  readonly mark: ProcessMark;
  readonly notices: readonly string[];
}

/**
 * @param again for a restart: the cluster, which is never replaced by a new one. When its signal aborts, the start is abandoned and returns
 * undefined; a postmaster may be running then.
 */
async function begin(
  options: Options,
  again?: { readonly folder: string; readonly signal: AbortSignal },
): Promise<Begun | undefined> {
  const packaged = await findPackage();
  const dataDir = await openDataDir(options.dataDir);
  const found = await findCluster(dataDir, packaged.major, options.shelters, options.log);
  if (again !== undefined && !(found.exists && found.folder === again.folder))
    throw new OperatorError(`The database in ${again.folder} no longer exists.`);

  const left = found.exists ? await untilReady(found.folder, options.log, undefined, again?.signal) : undefined;
  if (left !== undefined) {
    return {
      dataDir,
      cluster: found,
      mark: left,
      notices: [`Took over the PostgreSQL (process ${left.pid}) that an earlier start left running.`],
    };
  }
  if (again?.signal.aborted === true) return undefined;

  const bin = await preparePrograms(
    packaged,
    found.account,
    async () => (found.account === undefined ? dataDir : openShelter(options.shelters, found.account)),
    options.log,
  );
  const cluster = await readyToStart(dataDir, found, packaged, bin, options);
  try {
    const mark = await untilReady(
      cluster.folder,
      options.log,
      launcher(dataDir, cluster, bin, options.settings),
      again?.signal,
    );
    return mark && { dataDir, cluster, mark, notices: [] };
  } catch (error) {
    // Do not leave a postmaster running that did not become ready.
    const started = await findPostmaster(cluster.folder);
    if (started.kind === 'running') await stopPostmaster(started.mark, 'fast').catch(() => undefined);
    throw error;
  }
}

async function readyToStart(
  dataDir: string,
  cluster: Cluster,
  packaged: Package,
  bin: string,
  { log, shelters }: Options,
): Promise<Cluster> {
  const { folder, account } = cluster;
  if (!cluster.exists) {
    log(`Creating a PostgreSQL database in ${folder}.`);
    await createCluster(dataDir, cluster, bin);
    // A concurrent start may have created the cluster elsewhere.
    return findCluster(dataDir, packaged.major, shelters, log);
  }
  if (account !== undefined && (await stat(folder)).uid === 0) await giveTo(account, folder);
  return cluster;
}

function accountNotices(dataDir: string, { folder, account }: Cluster): string[] {
  const elsewhere = folder === clusterPath(dataDir) ? '' : `, where ${clusterPath(dataDir)} points to`;
  return account === undefined
    ? []
    : [`Running as root: PostgreSQL runs as the account ${account.name}; its data is in ${folder}${elsewhere}.`];
}

/**
 * The database of a data folder if it is running; waits while it recovers. Needs no lock, so commands can use it while a server runs.
 * @throws OperatorError if it belongs to another account
 */
export async function readRunningDatabase(
  dataDir: string,
): Promise<{ readonly url: string; readonly postmasterPid: number } | undefined> {
  const folder = await realpath(clusterPath(resolve(dataDir))).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  });
  const mark = folder === undefined ? undefined : await untilReady(folder, () => {});
  return folder === undefined || mark === undefined ? undefined : { url: clusterUrl(folder), postmasterPid: mark.pid };
}
