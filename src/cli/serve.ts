import cluster from 'node:cluster';
import { setupToken } from '../accounts/index.ts';
import { bootstrap } from '../auth/index.ts';
import { parseRoles } from '../base/config.ts';
import type { Config } from '../base/config.ts';
import { migrate } from '../db/migrate.ts';
import { createPartitions } from '../db/partitions.ts';
import type { Peers } from '../ops/index.ts';
import { assertMasterKey } from '../encryption/vault.ts';
import { masterKeyOf } from '../encryption/cipher.ts';
import type { MasterKey } from '../encryption/cipher.ts';
import { UsageError, wholeNumber } from './command.ts';
import { claimDatabase, withConnection } from './database.ts';
import { firstKeyMessage, startMessage } from './first-steps.ts';
import type { Steps } from './first-steps.ts';
import { openTenancy, readSettings } from './installation.ts';
import { workerPeers } from './peers.ts';
import { stopSignal } from './stop.ts';
import { runWorkers } from './workers.ts';
import type { Ready } from './workers.ts';

export interface ServeOptions {
  readonly processes: string | undefined;
  readonly roles: string | undefined;
}

const loopback = '127.0.0.0/8,::1/128';
const processesMax = 64;

export async function serveCommand(mode: Steps['mode'], options: ServeOptions): Promise<void> {
  const config = serveConfig(mode, options.roles, readSettings());
  const processes =
    options.processes === undefined ? 1 : wholeNumber('--processes', options.processes, 1, processesMax);
  const asked = stopSignal();
  if (cluster.isWorker) {
    await runWorker(config, asked);
    return;
  }
  const database = await claimDatabase(config, asked);
  const signal = AbortSignal.any([asked, database.lost]);
  try {
    console.log(`Database: ${database.description}`);
    const { masterKey, first, setup } = await setUp(database.url, config);
    const answers = config.roles.includes('api');
    const welcome = (url: string): void =>
      console.log(startMessage({ url, publicUrl: config.publicUrl, answers, mode, first, setup }));
    if (processes === 1) await run({ config, masterKey, databaseUrl: database.url, signal, onReady: welcome });
    else
      await runWorkers({
        processes,
        environment: workerEnvironment(database.url, masterKey),
        signal,
        shutdownMs: config.shutdownSeconds * 1_000,
        onReady: welcome,
      });
    // Exit with an error, so that a supervisor notices.
    database.lost.throwIfAborted();
  } finally {
    await database.stop();
  }
}

/** The settings of `serve` or `dev`. @throws UsageError */
export function serveConfig(mode: Steps['mode'], roles: string | undefined, settings: Config): Config {
  const config = roles === undefined ? settings : { ...settings, roles: rolesOf(roles) };
  if (mode === 'serve') return config;
  return {
    ...config,
    allowHttpEndpoints: true,
    egressAllow: config.egressAllow === '' ? loopback : `${config.egressAllow},${loopback}`,
  };
}

function rolesOf(text: string): Config['roles'] {
  try {
    return parseRoles(text);
  } catch (cause) {
    throw new UsageError(`--roles is "${text}": ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Runs once per start, before the worker processes: migrations, master key, first organization and key, partitions. */
const setUp = (
  databaseUrl: string,
  config: Config,
): Promise<{ masterKey: MasterKey } & Pick<Steps, 'first' | 'setup'>> =>
  withConnection(
    databaseUrl,
    async (db) => {
      const applied = await migrate(db);
      const { tenancy, masterKey } = await openTenancy(db, config);
      const { firstKey } = await bootstrap(tenancy, config.bootstrapKey);
      if (firstKey !== undefined) console.log(firstKeyMessage(firstKey));
      // Two new machines that start on one database at the same time each create a master key; only one of them wins.
      await assertMasterKey(db, masterKey);
      await createPartitions(db, Date.now());
      const chosen = applied.length > 0 && config.bootstrapKey !== undefined;
      return {
        masterKey,
        first: firstKey !== undefined ? 'made' : chosen ? 'chosen' : undefined,
        setup: config.roles.includes('api') ? await setupToken(tenancy) : undefined,
      };
    },
    { applicationName: 'outrider start' },
  );

interface Running {
  readonly config: Config;
  readonly masterKey: MasterKey;
  readonly databaseUrl: string;
  readonly signal: AbortSignal;
  readonly onReady?: (url: string) => void;
  readonly peers?: Peers;
}

async function run({ config, masterKey, databaseUrl, signal, onReady, peers }: Running): Promise<void> {
  // The code of the whole product: a start that is refused does not wait for it.
  const { compose } = await import('../app.ts');
  const app = compose({ config, databaseUrl, masterKey, ...(peers === undefined ? {} : { peers }) });
  await app.listen();
  onReady?.(app.url);
  process.send?.({ kind: 'ready', url: app.url } satisfies Ready);
  await app.run(signal);
}

/** The database and master key of the primary process, for its workers. */
const workerEnvironment = (databaseUrl: string, { key }: MasterKey): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  OUTRIDER_MASTER_KEY: key.toString('base64'),
});

async function runWorker(config: Config, signal: AbortSignal): Promise<void> {
  const { databaseUrl, masterKey } = config;
  if (databaseUrl === undefined || masterKey === undefined)
    throw new Error('unreachable: a worker process was started without its database and master key');
  // node:cluster would kill this process when the primary exits; let `stopSignal` drain it instead.
  if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
  // Before it listens there is nothing to drain, and without the primary process it would wait for its port indefinitely.
  const leave = (): void => process.exit();
  signal.addEventListener('abort', leave, { once: true });
  await run({
    config,
    masterKey: masterKeyOf(masterKey),
    databaseUrl,
    signal,
    onReady: () => signal.removeEventListener('abort', leave),
    peers: workerPeers(),
  });
  cluster.worker?.disconnect();
}
