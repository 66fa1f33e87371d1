/** A cluster's running postmaster: finding it, knocking at its door, ending it. */
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

/** Everything is said, since PGPORT and PGSSLMODE would fill the gaps. */
export function clusterUrl(folder: string, name = database): string {
  return `postgres://${clusterUser}@${encodeURIComponent(socketFolder(folder))}:${clusterPort}/${name}?sslmode=disable`;
}

export type Found =
  | { readonly kind: 'running'; readonly mark: ProcessMark }
  /** `stalePid`: what postmaster.pid says, though that process is gone or another one now. */
  | { readonly kind: 'none'; readonly stalePid: number | undefined };

/** Looks at the first line of postmaster.pid and at the process of that number. Throws OperatorError when the cluster belongs to another account. */
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

/** `busy`: it starts, recovers or shuts down. `silent`: nobody listens, or nobody answers. */
export type Answer = 'ready' | 'busy' | 'silent';

/** Asks the cluster to do something, in the product's database, which is made when absent. Throws OperatorError when we are refused for good. */
export async function knock(folder: string): Promise<Answer> {
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
          `The database in ${folder} does not let ${clusterUser} in: ${error instanceof Error ? error.message : ''}. Look at its pg_hba.conf.`,
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
    // duplicate_database, or unique_violation within the same instant: another start was faster.
    if (['42P04', '23505'].includes(errorCode(cause) ?? '')) return;
    throw new OperatorError(
      `The database ${database} cannot be made in ${folder}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

async function query(connectionString: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: answerMs, query_timeout: answerMs * 10 });
  // After a failed connect pg may say so once more.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(text);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** `fast` ends connections and writes a checkpoint, `immediate` does neither (pg_ctl's modes). Returns when the postmaster is gone. */
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
        `PostgreSQL (process ${mark.pid}) has not stopped within ${stopMs / 1000} s; it goes on stopping by itself.`,
      );
    await pause(pollMs);
  }
}
