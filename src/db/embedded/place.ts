/** Locations: the data folder, the cluster in it, and the folder for the cluster if its account cannot reach the data folder. */
import { createHash } from 'node:crypto';
import { access, chmod, constants, lstat, mkdir, open, readFile, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { OperatorError } from '../../base/errors.ts';
import { accountWithId, closedFolder, systemAccount } from './account.ts';
import type { Account } from './account.ts';
import { errorCode } from './process.ts';
import { own } from '../../base/own.ts';

export interface Cluster {
  /** Its real path. */
  readonly folder: string;
  /** Undefined if PostgreSQL runs as the account of this process. */
  readonly account: Account | undefined;
  /** False if the cluster has yet to be created there. */
  readonly exists: boolean;
}

/** For root with a data folder that the cluster's account cannot reach: the first usable one is taken. The system may empty the last two. */
export const systemShelters: readonly string[] = [
  '/var/lib/outrider',
  '/srv/outrider',
  '/var/tmp/outrider',
  '/tmp/outrider',
];

export const isRoot = (): boolean => process.geteuid?.() === 0;

/** The cluster of a data folder, or a symbolic link to it: the only record of the cluster's location. */
export const clusterPath = (dataDir: string): string => join(dataDir, 'postgres');

/** Creates the data folder if needed and checks that it is writable. @returns its real path. @throws OperatorError */
export async function openDataDir(dataDir: string): Promise<string> {
  const path = resolve(dataDir);
  try {
    // Private unless another account has to traverse it.
    await makeFolder(path, isRoot() ? 0o711 : 0o700);
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(path);
  } catch (cause) {
    throw folderError('data folder', path, cause);
  }
}

/** The error for a folder that cannot be used. */
export function folderError(what: string, path: string, cause: unknown): OperatorError {
  const reason =
    own(reasons, errorCode(cause) ?? '') ?? `cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new OperatorError(
    `The ${what} ${path} ${reason}. Fix this, or choose another data folder with OUTRIDER_DATA_DIR.`,
    { cause },
  );
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'is a file, not a folder',
  ENOTDIR: 'is a file, or is below one',
  ENOENT: 'cannot be created',
  EROFS: 'is on a read-only file system',
  EACCES: 'is not writable by this account',
  EPERM: 'is not writable by this account',
  ENOSPC: 'is on a disk that is full',
  EDQUOT: 'is over the disk quota',
};

/** Finds the cluster of a data folder (a real path), or the location for a new one. Changes nothing in the data folder. @throws OperatorError */
export async function findCluster(
  dataDir: string,
  major: number,
  shelters: readonly string[],
  log: (line: string) => void,
): Promise<Cluster> {
  const path = clusterPath(dataDir);
  const found = await lookAt(path);
  if (found?.version !== undefined) {
    if (Number(found.version) !== major) throw new OperatorError(foreignVersion(found.folder, found.version, major));
    return { folder: found.folder, account: await ownerOf(found.folder, log), exists: true };
  }
  const folder = found?.folder ?? path;
  if (!isRoot()) return { folder, account: undefined, exists: false };
  const account = await systemAccount(log);
  if ((await closedFolder(dirname(folder), account)) === undefined) return { folder, account, exists: false };
  return { folder: await freeName(await openShelter(shelters, account), dataDir), account, exists: false };
}

function foreignVersion(folder: string, version: string, major: number): string {
  const age = Number(version) > major ? 'a newer version' : 'an older version';
  return `The database in ${folder} was created by PostgreSQL ${version}, ${age} than the ${major} of this Outrider. Nothing was changed.`;
}

/** The folder at the cluster's path and the version of the cluster in it, undefined if the folder is empty. */
async function lookAt(path: string): Promise<{ folder: string; version: string | undefined } | undefined> {
  const entry = await lstat(path).catch(absent);
  if (entry === undefined) return undefined;
  try {
    const folder = await realpath(path);
    if ((await readdir(folder)).length === 0) return { folder, version: undefined };
    const version = (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim();
    return { folder, version };
  } catch (cause) {
    throw new OperatorError(await strange(path, entry.isSymbolicLink(), cause), { cause });
  }
}

async function strange(path: string, isLink: boolean, cause: unknown): Promise<string> {
  switch (errorCode(cause)) {
    case 'ENOENT':
      if (isLink && !(await stat(path).catch(absent)))
        return `${path} points to a database that no longer exists. Restore it, or remove the link to start with an empty database.`;
      return `${path} is neither empty nor a PostgreSQL database. Move it away, or choose another folder with OUTRIDER_DATA_DIR.`;
    case 'EACCES':
      return `The database in ${path} belongs to another account. Start Outrider as that account or as root.`;
    default:
      return `The database in ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`;
  }
}

function absent(error: unknown): undefined {
  if (errorCode(error) !== 'ENOENT') throw error;
  return undefined;
}

/** The account of an existing cluster: its owner, so that root can continue with a cluster of an ordinary user. */
async function ownerOf(folder: string, log: (line: string) => void): Promise<Account | undefined> {
  const { uid, gid } = await stat(folder);
  if (!isRoot()) {
    if (uid === process.geteuid?.()) return undefined;
    throw new OperatorError(
      `The database in ${folder} belongs to the account ${(await accountWithId(uid, gid)).name}. Start Outrider as that account or as root.`,
    );
  }
  const account = uid === 0 ? await systemAccount(log) : await accountWithId(uid, gid);
  const closed = await closedFolder(dirname(folder), account);
  if (closed === undefined) return account;
  throw new OperatorError(
    `PostgreSQL runs as the account ${account.name}, which cannot reach ${folder}: ${closed} is closed to it. Open it (chmod o+x ${closed}) or move the data folder.`,
  );
}

/** The first usable shelter: owned by root, and reachable for `account`. @throws OperatorError if there is none */
export async function openShelter(shelters: readonly string[], account: Account): Promise<string> {
  for (const shelter of shelters) {
    try {
      await makeFolder(shelter, 0o755);
      const folder = await realpath(shelter);
      const { uid, mode } = await stat(folder);
      // In a folder that others may write to, programs and data could have been planted.
      const trusted = uid === 0 && (mode & 0o022) === 0;
      await access(folder, constants.W_OK);
      if (trusted && (await closedFolder(folder, account)) === undefined) return folder;
    } catch {
      continue;
    }
  }
  throw new OperatorError(
    `PostgreSQL runs as the account ${account.name}, which can reach neither the data folder nor ${shelters.join(', ')}. Choose a folder that it can reach with OUTRIDER_DATA_DIR.`,
  );
}

/** An unused name: a used one belongs to an earlier data folder at this path, whose database is kept and must not be mistaken for the new one. */
async function freeName(shelter: string, dataDir: string): Promise<string> {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const taken = await readdir(shelter);
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (!taken.includes(candidate)) return join(shelter, candidate);
  }
}

/**
 * The folder of the cluster's socket: the cluster itself, which no other account can enter. If that makes the socket's path longer than some
 * systems allow (103 bytes in `sun_path`), a separate folder in /tmp.
 */
export function socketFolder(folder: string): string {
  if (Buffer.byteLength(join(folder, '.s.PGSQL.65535')) <= 103) return folder;
  return `/tmp/outrider-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
}

/** @throws OperatorError if the socket's folder is accessible to others than the cluster's owner: in /tmp another account may have created it first */
export async function assertOwnSocketFolder(folder: string): Promise<void> {
  const socket = socketFolder(folder);
  if (socket === folder) return;
  const entry = await lstat(socket);
  if (entry.isDirectory() && entry.uid === (await stat(folder)).uid && (entry.mode & 0o077) === 0) return;
  throw new OperatorError(
    `${socket}, the folder of the database's socket, belongs to or is open to another account. Remove it, or give the data folder a shorter path.`,
  );
}

/** Creates a folder and its ancestors if needed. (`mkdir` with `recursive` reports ENOENT on a read-only file system.) */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && (await stat(path)).isDirectory()) return;
    // Some file systems, such as /proc, report ENOENT although the parent exists.
    const parent = await stat(dirname(path)).catch(() => undefined);
    if (errorCode(error) !== 'ENOENT' || parent !== undefined) throw error;
    await makeFolder(dirname(path));
    return makeFolder(path, mode);
  }
  // The umask must not close a folder that another account has to traverse.
  if (mode !== undefined) await chmod(path, mode);
}

/** Syncs a folder, which makes its names durable, if this account may open it. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch((error: unknown) => {
    if (errorCode(error) !== 'EACCES') throw error;
  });
  try {
    await handle?.sync();
  } finally {
    await handle?.close();
  }
}
