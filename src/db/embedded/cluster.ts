/** Creates a cluster under a temporary name first, so that a folder with the final name is always complete. */
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

/** The environment of PostgreSQL, which must not inherit variables such as PGPORT and LD_LIBRARY_PATH from ours. */
export const environment: Readonly<Record<string, string>> = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Options for `spawn`. Every account can enter the working folder; libuv drops our supplementary groups when it changes the account. */
export const runAs = (
  account: Account | undefined,
): { uid?: number; gid?: number; cwd: string; env: Readonly<Record<string, string>> } => ({
  ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
  cwd: '/',
  env: environment,
});

/** Runs initdb and renames the cluster to its final name. If a concurrent start was faster, its cluster stays. @throws OperatorError */
export async function createCluster(dataDir: string, { folder, account }: Cluster, bin: string): Promise<void> {
  const unfinished = `${folder}.unfinished-${randomUUID()}`;
  try {
    await mkdir(unfinished, { mode: 0o700 });
  } catch (cause) {
    throw folderError('folder', dirname(folder), cause);
  }
  try {
    await initialize(unfinished, account, bin).catch((cause: unknown) => {
      throw new OperatorError(`A database cannot be created in ${folder}: ${initdbFault(cause)}`, { cause });
    });
    await rename(unfinished, folder);
    for (const parent of [dirname(folder), dirname(dataDir)]) await syncFolder(parent);
    if (folder !== clusterPath(dataDir)) await point(clusterPath(dataDir), folder, dataDir);
  } catch (error) {
    // initdb empties the folder if it fails; a folder with contents is kept.
    await rmdir(unfinished).catch(() => undefined);
    if (['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) return;
    throw error instanceof OperatorError ? error : folderError('folder', folder, error);
  }
}

/** Links the data folder to the cluster, unless the operator has already linked it there. */
async function point(path: string, folder: string, dataDir: string): Promise<void> {
  if ((await stat(path).catch(() => undefined))?.ino === (await stat(folder)).ino) return;
  await symlink(folder, path);
  await syncFolder(dataDir);
}

/**
 * Lets initdb sync its files, which costs 0.1 s: later checkpoints sync only what changed since, so files that never reached the disk could be
 * missing after a power cut months later.
 */
async function initialize(folder: string, account: Account | undefined, bin: string): Promise<void> {
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  // No passwords on the socket: only the cluster's account and root can enter its folder. The network lines of pg_hba.conf require one, so
  // that opening a port with `listen_addresses` alone lets nobody in.
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
    return 'root may not run programs as another account on this system. Start Outrider as an ordinary user, or set DATABASE_URL.';
  return `PostgreSQL's programs do not run on this system (${cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause)}). Set DATABASE_URL to your own PostgreSQL.`;
}

/** Changes the owner of a cluster that root owns, such as a restored copy. The folder itself comes last, because its owner tells whether this is done. */
export async function giveTo(account: Account, folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await giveTo(account, path);
    else await lchown(path, account.uid, account.gid);
  }
  await chown(folder, account.uid, account.gid);
}
