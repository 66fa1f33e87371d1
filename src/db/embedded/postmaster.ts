/** Finds, probes and stops the postmaster of a cluster. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { OperatorError } from '../../base/errors.ts';
import { assertOwnSocketFolder, socketFolder } from './place.ts';
import { errorCode, isAlive, postmasterMark } from './process.ts';
import type { ProcessMark } from './process.ts';
import { clusterPort, clusterUser } from './settings.ts';

const database = 'outrider';
const answerMs = 2_000;
/** A shutdown writes a checkpoint, up to a few hundred megabytes. */
const stopMs = 60_000;
export const pollMs = 20;

/** Sets every parameter, because PGPORT and PGSSLMODE would supply the missing ones. */
export function clusterUrl(folder: string, name = database): string {
  return `postgres://${clusterUser}@${encodeURIComponent(socketFolder(folder))}:${clusterPort}/${name}?sslmode=disable`;
}

export type Found =
  | { readonly kind: 'running'; readonly mark: ProcessMark }
  /** `stalePid`: the pid in postmaster.pid, whose process has exited or is not a postmaster. */
  | { readonly kind: 'none'; readonly stalePid: number | undefined };

/** Reads postmaster.pid and checks the process with that pid. @throws OperatorError if the cluster belongs to another account */
export async function findPostmaster(folder: string): Promise<Found> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch((cause: unknown) => {
    if (errorCode(cause) !== 'EACCES') return '';
    throw new OperatorError(`The database in ${folder} belongs to another account. Use that account or root.`, {
      cause,
    });
  });
  const pid = Number.parseInt(text, 10);
  if (!(pid > 0)) return { kind: 'none', stalePid: undefined };
  const mark = await postmasterMark(pid, folder);
  return mark === undefined ? { kind: 'none', stalePid: pid } : { kind: 'running', mark };
}

/** `busy`: PostgreSQL is starting, recovering or shutting down. `silent`: it does not listen or does not answer. */
export type Answer = 'ready' | 'busy' | 'silent';

/** Probes the cluster with a query in our database, which is created if needed. @throws OperatorError if PostgreSQL rejects our account */
export async function probe(folder: string): Promise<Answer> {
  try {
    await assertOwnSocketFolder(folder);
    await query(clusterUrl(folder), 'SELECT 1');
    return 'ready';
  } catch (error) {
    switch (errorCode(error)) {
      case '57P03': // cannot_connect_now
        return 'busy';
      case '53300': // too_many_connections: nobody else could have taken them
        return 'ready';
      case '3D000': // invalid_catalog_name
        await makeDatabase(folder);
        return 'ready';
      case '28000': // invalid_authorization_specification
      case '28P01': // invalid_password
        throw new OperatorError(
          `The database in ${folder} rejects the account ${clusterUser}: ${error instanceof Error ? error.message : ''}. Check its pg_hba.conf.`,
          {
            cause: error,
          },
        );
      default:
        if (error instanceof OperatorError) throw error;
        return 'silent';
    }
  }
}

async function makeDatabase(folder: string): Promise<void> {
  try {
    await query(clusterUrl(folder, 'postgres'), `CREATE DATABASE ${database}`);
  } catch (cause) {
    // duplicate_database, or unique_violation at the same instant: a concurrent start was faster.
    if (['42P04', '23505'].includes(errorCode(cause) ?? '')) return;
    throw new OperatorError(
      `The database ${database} cannot be created in ${folder}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

async function query(connectionString: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: answerMs, query_timeout: answerMs * 10 });
  // pg may emit another error after a failed connect.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(text);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Stops the postmaster and waits until it has exited. `fast` ends connections and writes a checkpoint, `immediate` does neither (pg_ctl's modes). */
export async function stopPostmaster(mark: ProcessMark, mode: 'fast' | 'immediate'): Promise<void> {
  if (!(await isAlive(mark))) return;
  try {
    process.kill(mark.pid, mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
  const deadline = Date.now() + stopMs;
  while (await isAlive(mark)) {
    if (Date.now() > deadline)
      throw new Error(
        `PostgreSQL (process ${mark.pid}) has not stopped within ${stopMs / 1000} s; it continues to stop in the background.`,
      );
    await pause(pollMs);
  }
}
