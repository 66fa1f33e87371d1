import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Config } from '../base/config.ts';
import { lockDataDir, readRunningDatabase, startEmbeddedDatabase } from '../db/embedded.ts';
import type { EmbeddedDatabase } from '../db/embedded.ts';
import { OperatorError } from '../base/errors.ts';
import { codeOf } from './master-key.ts';

export interface OpenDatabase {
  readonly url: string;
  /** Which one it is, for people; without the password. */
  readonly description: string;
  /** Started here, so that nobody else works on it. */
  readonly own: boolean;
  /** Stops what was started here; a database of others goes on. */
  stop(): Promise<void>;
}

/** A server's: what was started here is started again when it ends, until the server is told to stop. */
export interface ClaimedDatabase extends OpenDatabase {
  /** Aborts, with an OperatorError as its reason, when the database is gone for good. */
  readonly lost: AbortSignal;
}

type Where = Pick<Config, 'databaseUrl' | 'dataDir'>;

/** For a server: the database is its own, and so is the port. @throws OperatorError before anything is touched, when either is taken. */
export async function claimDatabase(config: Config, stopping: AbortSignal): Promise<ClaimedDatabase> {
  await assertPortFree(config).catch(async (error: unknown) => {
    // A second start on the same folder: that is the better reason. A folder that is not there stays so.
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

/** For a command: DATABASE_URL, the embedded database of a running server, or the embedded one started for this work alone. */
export async function withDatabase(config: Where, work: (database: OpenDatabase) => Promise<void>): Promise<void> {
  const database = await findDatabase(config);
  try {
    await work(database);
  } finally {
    await database.stop();
  }
}

async function findDatabase({ databaseUrl, dataDir }: Where): Promise<OpenDatabase> {
  if (databaseUrl !== undefined) return external(databaseUrl);
  const running = await readRunningDatabase(dataDir);
  if (running !== undefined)
    return { url: running.url, description: `embedded, running in ${dataDir}`, own: false, stop: async () => {} };
  // What takes long is told; stdout is left to the command's result.
  return startOwn(dataDir, console.error, silent);
}

/** For a command that found nobody answering, and a server that has the folder. */
const silent = (pid: number, folder: string): string =>
  `Outrider (process ${pid}) runs on ${folder}, but its database does not answer: it is starting, or has ended. A server starts it again by itself; if this stays so for a minute, look at its log and in ${join(folder, 'postgres', 'log')}, then restart the server.`;

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
    description: `DATABASE_URL, ${pathname.slice(1) || 'the default one'} at ${hostname || 'a local socket'}${port === '' ? '' : `:${port}`}`,
    own: false,
    stop: async () => {},
  };
}

/** Looked at before the database is started: nothing is touched when the server cannot listen anyway. */
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
    return `Port ${port} is taken. Set OUTRIDER_PORT to another one, or stop what listens there.`;
  if (code === 'EACCES')
    return `Port ${port} needs more rights than this account has. Set OUTRIDER_PORT to one above 1023.`;
  return `Nothing can listen on ${host} port ${port} (${code}). Look at OUTRIDER_HOST and OUTRIDER_PORT.`;
}
