import { link, open, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../errors.ts';
import { folderError, openDataDir } from './embedded-place.ts';
import { errorCode, isAlive, processMark } from './embedded-process.ts';
import type { ProcessMark } from './embedded-process.ts';

export interface DataDirLock {
  release(): Promise<void>;
}

/**
 * Takes the data folder for this process, in `server.pid`. A lock whose process is gone is taken over.
 * Throws OperatorError while another process has it, or when the folder cannot be written to.
 */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  const folder = await openDataDir(dataDir);
  const path = join(folder, 'server.pid');
  const mark = await processMark(process.pid);
  const own = `${JSON.stringify(mark)}\n`;
  const draft = `${path}.${process.pid}-${Date.now()}`;
  try {
    await write(draft, own);
    while (!(await take(draft, path))) {
      const found = await read(path);
      if (found === undefined) continue; // released just now
      const holder = markIn(found);
      if (holder !== undefined && (await isAlive(holder))) {
        throw new OperatorError(
          `Another Outrider (process ${holder.pid}) has the data folder ${folder}. Stop it, or choose another folder with OUTRIDER_DATA_DIR.`,
        );
      }
      await removeStale(path, found, `${draft}.stale`);
    }
  } catch (cause) {
    throw cause instanceof OperatorError ? cause : folderError('data folder', folder, cause);
  } finally {
    await unlink(draft).catch(() => undefined);
  }
  return {
    release: async () => {
      if ((await read(path)) === own) await unlink(path);
    },
  };
}

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

/** Of two processes that find the same stale lock the slower one may move away the faster one's new lock: it puts that back. */
async function removeStale(path: string, stale: string, aside: string): Promise<void> {
  try {
    await rename(path, aside);
    if ((await read(aside)) !== stale) await take(aside, path);
    await unlink(aside);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
}

function markIn(text: string): ProcessMark | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const { pid, start } = value as Partial<ProcessMark>;
    return typeof pid === 'number' && typeof start === 'string' ? { pid, start } : undefined;
  } catch {
    return undefined;
  }
}
