/** Making a cluster: under another name first, so that what has the cluster's name is whole, whenever the making was cut off. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chown, lchown, mkdir, readdir, rename, rmdir, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { OperatorError } from '../../base/errors.ts';
import type { Account } from './account.ts';
import { clusterPath, folderError, syncFolder } from './place.ts';
import type { Cluster } from './place.ts';
import { errorCode } from './process.ts';
import { clusterUser, commandLine, tuning } from './settings.ts';

const run = promisify(execFile);

/** PostgreSQL takes defaults from variables such as PGPORT and LD_LIBRARY_PATH: the ones of our own environment are not meant for it. */
export const environment: Readonly<Record<string, string>> = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** For `spawn` and its like. The working folder is one that every account can enter; libuv drops our supplementary groups with the account. */
export const runAs = (
  account: Account | undefined,
): { uid?: number; gid?: number; cwd: string; env: Readonly<Record<string, string>> } => ({
  ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
  cwd: '/',
  env: environment,
});

/** Runs initdb and puts the cluster in its place. When another start was faster its cluster stays. Throws OperatorError. */
export async function createCluster(dataDir: string, { folder, account }: Cluster, bin: string): Promise<void> {
  const unfinished = `${folder}.unfinished-${randomUUID()}`;
  try {
    await mkdir(unfinished, { mode: 0o700 });
  } catch (cause) {
    throw folderError('folder', dirname(folder), cause);
  }
  try {
    await initialize(unfinished, account, bin).catch((cause: unknown) => {
      throw new OperatorError(`A database cannot be made in ${folder}: ${initdbFault(cause)}`, { cause });
    });
    await rename(unfinished, folder);
    for (const parent of [dirname(folder), dirname(dataDir)]) await syncFolder(parent);
    if (folder !== clusterPath(dataDir)) await point(clusterPath(dataDir), folder, dataDir);
  } catch (error) {
    // initdb empties the folder it failed in; one that holds anything stays.
    await rmdir(unfinished).catch(() => undefined);
    if (['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) return;
    throw error instanceof OperatorError ? error : folderError('folder', folder, error);
  }
}

/** A folder of the operator's own that the data folder already points to keeps its link. */
async function point(path: string, folder: string, dataDir: string): Promise<void> {
  if ((await stat(path).catch(() => undefined))?.ino === (await stat(folder)).ino) return;
  await symlink(folder, path);
  await syncFolder(dataDir);
}

/**
 * initdb syncs what it wrote, which costs 0.1 s: a checkpoint later syncs only what changed since, so files that never reached the disk
 * could be missing after a power cut months later.
 */
async function initialize(folder: string, account: Account | undefined, bin: string): Promise<void> {
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  // No passwords: the socket lies in a folder that only the cluster's account and root can enter. The network lines of pg_hba.conf ask for
  // one, so that opening a port by `listen_addresses` alone lets nobody in.
  const access = [`--username=${clusterUser}`, '--auth-local=trust', '--auth-host=scram-sha-256', '--no-instructions'];
  if (account !== undefined) await chown(folder, account.uid, account.gid);
  await run(join(bin, 'initdb'), ['-D', folder, ...locale, ...access, ...commandLine(tuning())], runAs(account));
}

function initdbFault(cause: unknown): string {
  const output = cause instanceof Error && 'stderr' in cause && typeof cause.stderr === 'string' ? cause.stderr : '';
  if (output.includes('No space left on device')) return 'no space is left on the disk.';
  const line = output.split('\n').findLast((text) => /error|fatal|panic/i.test(text)) ?? '';
  return line.trim() || cannotRun(cause);
}

export function cannotRun(cause: unknown): string {
  if (errorCode(cause) === 'EPERM')
    return 'root may not run programs as another account here. Start as an ordinary user, or set DATABASE_URL.';
  return `PostgreSQL's programs do not run on this system (${cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause)}). Set DATABASE_URL to a PostgreSQL of your own.`;
}

/** Gives a cluster that root owns, a restored copy for one, to its account; the folder itself last, since its owner says whether this was done. */
export async function giveTo(account: Account, folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await giveTo(account, path);
    else await lchown(path, account.uid, account.gid);
  }
  await chown(folder, account.uid, account.gid);
}
