/** Messages of PostgreSQL about one start: on standard error until its logging collector starts, then in its log. */
import { constants, lstat, open, readdir, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

const bytesMax = 65_536;

/** Sizes of the log files, by path. */
export type LogPosition = ReadonlyMap<string, number>;

export const startLogPath = (dataDir: string): string => join(dataDir, 'postgres-start.log');

/** Opens an empty file for the standard error of a PostgreSQL about to start. */
export async function openStartLog(dataDir: string): Promise<FileHandle> {
  const file = await open(
    startLogPath(dataDir),
    constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW,
    0o600,
  );
  // A file created by root must not prevent the folder's owner from starting later.
  const { uid, gid } = await stat(dataDir);
  if (uid !== (await file.stat()).uid) await file.chown(uid, gid).catch(() => undefined);
  return file;
}

export async function logPosition(folder: string): Promise<LogPosition> {
  return new Map(await sizes(folder));
}

/** Lines written since `position`, the last 64 KiB of each file. */
export async function newLogLines(dataDir: string, folder: string, position: LogPosition): Promise<string[]> {
  const texts = [await read(startLogPath(dataDir), 0)];
  for (const [path, size] of await sizes(folder)) {
    const before = position.get(path) ?? 0;
    if (size !== before) texts.push(await read(path, size > before ? before : 0));
  }
  return texts
    .join('\n')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

async function sizes(folder: string): Promise<[string, number][]> {
  const log = join(folder, 'log');
  const found: [string, number][] = [];
  for (const name of await readdir(log).catch(() => [])) {
    const entry = await lstat(join(log, name));
    if (entry.isFile()) found.push([join(log, name), entry.size]);
  }
  return found;
}

async function read(path: string, from: number): Promise<string> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const { size } = await file.stat();
      const start = Math.max(from, size - bytesMax);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}

/** The message of a log line, without time, process and level. */
export const sentence = (line: string): string =>
  line.replace(/^.*?\b(?:PANIC|FATAL|ERROR|LOG|HINT|DETAIL):\s+/, '').trim();

/** The most severe message, which explains why a start failed; the last one if there are several. */
export function mostSevere(lines: readonly string[]): string | undefined {
  for (const level of [/\bPANIC:/, /\bFATAL:/, /\bERROR:/]) {
    const line = lines.findLast((text) => level.test(text));
    if (line !== undefined) return sentence(line);
  }
  return lines.at(-1)?.trim();
}
