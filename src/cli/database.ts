import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Config } from '../base/config.ts';
import { lockDataDir, readRunningDatabase, startEmbeddedDatabase } from '../db/embedded.ts';
import type { EmbeddedDatabase } from '../db/embedded.ts';
import { connect } from '../db/pool.ts';
import type { ConnectOptions, Database } from '../db/pool.ts';
import { OperatorError } from '../base/errors.ts';
import { codeOf } from './master-key.ts';

export interface OpenDatabase {
  readonly url: string;
  /** A description for people, without the password. */
  readonly description: string;
  /** This process started the database, so no other process uses it. */
  readonly own: boolean;
  /** Stops the database if this process started it. */
  stop(): Promise<void>;
}

/** The database of a server. If this process started it, it is restarted whenever it ends, until the server stops. */
export interface ClaimedDatabase extends OpenDatabase {
  /** Aborts, with an OperatorError as its reason, if the database cannot be restarted. */
  readonly lost: AbortSignal;
}

type Where = Pick<Config, 'databaseUrl' | 'dataDir'>;

/** Opens the database for a server. @throws OperatorError, before anything is changed, if the port or the data folder is in use */
export async function claimDatabase(config: Config, stopping: AbortSignal): Promise<ClaimedDatabase> {
  await assertPortFree(config).catch(async (error: unknown) => {
    // A second start on the same data folder: that is the better reason to report. Does not create the folder.
    if (config.databaseUrl === undefined && existsSync(config.dataDir))
      await (await lockDataDir(config.dataDir)).release();
    throw error;
  });
  const lost = new AbortController();
  if (config.databaseUrl !== undefined) return { ...external(config.databaseUrl), lost: lost.signal };
  const { server, ...database } = await startOwn(config.dataDir, console.log);
  for (const notice of server.notices) console.log(notice);
  const ending = new AbortController();
  const kept = server
    .run(AbortSignal.any([stopping, ending.signal]), console.error)
    .catch((error: unknown) => lost.abort(error));
  return {
    ...database,
    lost: lost.signal,
    stop: async () => {
      ending.abort();
      await kept;
      await database.stop();
    },
  };
}

/** Opens the database for a command: DATABASE_URL, the embedded database of a running server, or the embedded database started for this work only. */
export async function withDatabase(config: Where, work: (database: OpenDatabase) => Promise<void>): Promise<void> {
  const database = await findDatabase(config);
  try {
    await work(database);
  } finally {
    await database.stop();
  }
}

/** Connects to a database for this work only. */
export async function withConnection<T>(
  url: string,
  work: (db: Database) => Promise<T>,
  options?: ConnectOptions,
): Promise<T> {
  const db = connect(url, { max: 2, applicationName: 'outrider cli', ...options });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

async function findDatabase({ databaseUrl, dataDir }: Where): Promise<OpenDatabase> {
  if (databaseUrl !== undefined) return external(databaseUrl);
  const running = await readRunningDatabase(dataDir);
  if (running !== undefined)
    return { url: running.url, description: `embedded, running in ${dataDir}`, own: false, stop: async () => {} };
  // Progress goes to stderr, because stdout is for the command's result.
  return startOwn(dataDir, console.error, silent);
}

/** A server holds the data folder, but its database does not answer. */
const silent = (pid: number, folder: string): string =>
  `Outrider (process ${pid}) uses ${folder}, but its database does not answer: it is starting, or has ended. The server restarts it automatically; if this takes more than a minute, check the server's log and ${join(folder, 'postgres', 'log')}, then restart the server.`;

async function startOwn(
  dataDir: string,
  log: (line: string) => void,
  refusal?: (pid: number, folder: string) => string,
): Promise<OpenDatabase & { readonly server: EmbeddedDatabase }> {
  const lock = await lockDataDir(dataDir, refusal);
  try {
    const server = await startEmbeddedDatabase({ dataDir, log });
    return {
      server,
      url: server.url,
      description: `embedded, in ${server.dataDir}`,
      own: true,
      stop: async () => {
        await server.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function external(databaseUrl: string): OpenDatabase {
  const { hostname, port, pathname } = new URL(databaseUrl);
  return {
    url: databaseUrl,
    description: `DATABASE_URL, ${pathname.slice(1) || 'the default database'} at ${hostname || 'a local socket'}${port === '' ? '' : `:${port}`}`,
    own: false,
    stop: async () => {},
  };
}

/** Called before the database is started, so that nothing is changed if the server cannot listen. */
export async function assertPortFree({ host, port }: Pick<Config, 'host' | 'port'>): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (cause) => reject(new OperatorError(cannotListen(host, port, codeOf(cause)), { cause })));
    probe.listen({ host, port, exclusive: true }, resolve);
  });
  await new Promise((resolve) => probe.close(resolve));
}

function cannotListen(host: string, port: number, code: string): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use. Set OUTRIDER_PORT to another port, or stop the program that uses it.`;
  if (code === 'EACCES') return `This account may not listen on port ${port}. Set OUTRIDER_PORT to a port above 1023.`;
  return `Cannot listen on ${host} port ${port} (${code}). Check OUTRIDER_HOST and OUTRIDER_PORT.`;
}
