import { createHash, randomUUID } from 'node:crypto';
import { link, open, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../base/errors.ts';
import { folderError, openDataDir } from './place.ts';
import { errorCode, isAlive, processMark } from './process.ts';
import type { ProcessMark } from './process.ts';

export interface DataDirLock {
  release(): Promise<void>;
}

const taken = (pid: number, folder: string): string =>
  `Another Outrider (process ${pid}) is using the data folder ${folder}. Stop it, or choose another folder with OUTRIDER_DATA_DIR.`;

/**
 * Locks the data folder for this process, with the file `server.pid`. Takes over a lock whose process has exited.
 * @param refusal the message if another process holds the lock
 * @throws OperatorError if another process holds the lock, or the folder is not writable
 */
export async function lockDataDir(
  dataDir: string,
  refusal: (pid: number, folder: string) => string = taken,
): Promise<DataDirLock> {
  const folder = await openDataDir(dataDir);
  const path = join(folder, 'server.pid');
  const own = `${JSON.stringify(await processMark(process.pid))}\n`;
  const draft = `${path}.${randomUUID()}`;
  try {
    await write(draft, own);
    while (!(await take(draft, path))) {
      const found = await read(path);
      if (found === undefined) continue; // released just now
      const holder = (await living(found)) ?? (await replace(path, found, draft));
      if (holder === 'replaced') break;
      if (holder === 'changed') continue;
      throw new OperatorError(refusal(holder.pid, folder));
    }
  } catch (cause) {
    throw cause instanceof OperatorError ? cause : folderError('data folder', folder, cause);
  } finally {
    await remove(draft);
  }
  return {
    release: async () => {
      if ((await read(path)) === own) await unlink(path);
    },
  };
}

/**
 * Replaces a stale lock by ours. Only the holder of the claim to that exact lock may do so, and there is one such claim: if several starts
 * find the lock stale, one wins and none removes the lock of another. A claim may be stale itself.
 * @returns `replaced`; the running process that was faster; or `changed` if the stale lock no longer existed
 */
async function replace(path: string, stale: string, draft: string): Promise<ProcessMark | 'replaced' | 'changed'> {
  const older: string[] = [];
  let disputed = stale;
  let claim = claimTo(path, disputed);
  while (!(await take(draft, claim))) {
    const found = await read(claim);
    if (found === undefined) continue;
    const rival = await living(found);
    if (rival !== undefined) return rival;
    older.push(claim);
    disputed = found;
    claim = claimTo(path, disputed);
  }
  try {
    if ((await read(path)) !== stale) return 'changed';
    await rename(draft, path);
    for (const left of older) await remove(left);
    return 'replaced';
  } finally {
    await remove(claim);
  }
}

const claimTo = (path: string, lock: string): string =>
  `${path}.claim-${createHash('sha256').update(lock).digest('hex').slice(0, 16)}`;

async function write(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

/** Creates the lock as a hard link, which is atomic, so that nobody reads a half-written lock. */
async function take(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function remove(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
  });
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
}

/** The process that holds a lock, if it is running; undefined for an unreadable lock. */
async function living(lock: string): Promise<ProcessMark | undefined> {
  try {
    const { pid, start } = JSON.parse(lock) as Partial<ProcessMark>;
    if (typeof pid !== 'number' || typeof start !== 'string') return undefined;
    return (await isAlive({ pid, start })) ? { pid, start } : undefined;
  } catch {
    return undefined;
  }
}
