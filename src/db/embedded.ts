/**
 * A PostgreSQL of our own, in the data folder: made on the first start, found again on each further one.
 *
 * It is a process that outlives this one: a server killed outright leaves it running, and the next start takes it over. What is true about it
 * stands in three places, none of them ours: the cluster's folder (or a link to it) in the data folder, PostgreSQL's `postmaster.pid` in
 * there, and the socket beside it. So no record of ours can be out of date, and the URL, which names the socket's folder, is the same at
 * every start.
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
  /** Where the cluster really lies. */
  readonly dataDir: string;
  /** Sentences for the operator. */
  readonly notices: readonly string[];
  /** Of the one that runs now: `run` may have started another. */
  readonly postmasterPid: number;
  /**
   * Starts it again whenever it ends, until the signal aborts; `log` tells of it. Rejects with OperatorError when it cannot be started
   * any more.
   */
  run(signal: AbortSignal, log: (line: string) => void): Promise<void>;
  /** After `run` has ended. Returns when the postmaster is gone. `immediate` does without the checkpoint, as a crash would. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
}

export interface EmbeddedDatabaseOptions {
  /** The product's data folder; made when absent. */
  readonly dataDir: string;
  /** PostgreSQL settings, above those of postgresql.conf. A PostgreSQL that runs already keeps its own. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly log?: (line: string) => void;
  /** Where root puts what PostgreSQL's account cannot reach otherwise: the first folder that can be had. */
  readonly shelters?: readonly string[];
}

type Options = Required<EmbeddedDatabaseOptions>;

/**
 * Starts the cluster of a data folder, or takes over the one that runs. The caller holds the data folder's lock.
 * Throws OperatorError for what the operator has to put right.
 */
export async function startEmbeddedDatabase(given: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const options: Options = { settings: {}, log: () => {}, shelters: systemShelters, ...given };
  const begun = await begin(options);
  if (begun === undefined) throw new Error('A start that nobody stops ends with a database.');
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
      // One that was being started again when that was broken off.
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
 * @param again the cluster that was there: never a new one in its place. When its signal aborts the start is broken off, and the answer is
 * undefined; a postmaster may run then.
 */
async function begin(
  options: Options,
  again?: { readonly folder: string; readonly signal: AbortSignal },
): Promise<Begun | undefined> {
  const packaged = await findPackage();
  const dataDir = await openDataDir(options.dataDir);
  const found = await findCluster(dataDir, packaged.major, options.shelters, options.log);
  if (again !== undefined && !(found.exists && found.folder === again.folder))
    throw new OperatorError(`The database in ${again.folder} is gone.`);

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
    // What does not work is not left behind.
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
    log(`Making a PostgreSQL database in ${folder}.`);
    await createCluster(dataDir, cluster, bin);
    // Another start may have been faster, elsewhere.
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
 * The database of a data folder when it runs; waits while it recovers. Needs no lock: for commands beside a running server.
 * Throws OperatorError when it belongs to an account that we may not be.
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
