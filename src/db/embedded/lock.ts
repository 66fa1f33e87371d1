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
  `Another Outrider (process ${pid}) has the data folder ${folder}. Stop it, or choose another folder with OUTRIDER_DATA_DIR.`;

/**
 * Takes the data folder for this process, in `server.pid`. A lock whose process is gone is taken over.
 * Throws OperatorError while another process has it, in the words of `refusal`, or when the folder cannot be written to.
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
 * Puts our lock in the place of a stale one. Only who holds the claim to that very lock may, and there is one such claim: so of many starts
 * that found it stale one wins, and none removes the lock of another. A claim can be stale in its turn.
 * Answers with the living process that was faster, or `changed` when the stale lock was no longer there.
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

/** A link is made whole or not at all, so nobody reads a lock half written. */
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

/** The process that a lock names, when it is alive. A lock that cannot be read names none. */
async function living(lock: string): Promise<ProcessMark | undefined> {
  try {
    const { pid, start } = JSON.parse(lock) as Partial<ProcessMark>;
    if (typeof pid !== 'number' || typeof start !== 'string') return undefined;
    return (await isAlive({ pid, start })) ? { pid, start } : undefined;
  } catch {
    return undefined;
  }
}
