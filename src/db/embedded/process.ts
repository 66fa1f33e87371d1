import { execFile } from 'node:child_process';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Identifies a process by more than its pid, which the system reuses. */
export interface ProcessMark {
  readonly pid: number;
  /** The start time in the system's format; `unknown` if the system does not provide it. */
  readonly start: string;
}

const unknown = 'unknown';

/** The process that has this pid now; undefined if there is none. A zombie counts as exited. */
export async function processMark(pid: number): Promise<ProcessMark | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const start = process.platform === 'linux' ? await linuxStart(pid) : await posixStart(pid);
  return start === undefined ? undefined : { pid, start };
}

export async function isAlive(mark: ProcessMark): Promise<boolean> {
  const now = await processMark(mark.pid);
  return now !== undefined && (now.start === mark.start || now.start === unknown || mark.start === unknown);
}

async function linuxStart(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // Field 2 is the program's name, which may contain spaces and parentheses; the state is field 3, the start time field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    // In ticks since boot, so unique only together with the boot id.
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
    return `${boot.trim()}:${fields[19] ?? ''}`;
  } catch {
    return signalled(pid) ? unknown : undefined; // no /proc, or it hides other accounts
  }
}

async function posixStart(pid: number): Promise<string | undefined> {
  if (!signalled(pid)) return undefined;
  try {
    const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    });
    const [state = '', ...start] = stdout.trim().split(/\s+/);
    return state.startsWith('Z') ? undefined : start.join(' ');
  } catch {
    return unknown;
  }
}

function signalled(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux')
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
  return (await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }))).stdout;
}

const isPostgres = (command: string): boolean => /^postgres(:|$)/.test(basename(command.split(' ', 1)[0] ?? ''));

/** The process `pid` if it is the postmaster of the cluster in `folder` (a real path). */
export async function postmasterMark(pid: number, folder: string): Promise<ProcessMark | undefined> {
  const mark = await processMark(pid);
  if (mark === undefined) return undefined;
  const command = await commandOf(pid);
  // We always start it with the absolute path. A manual start may use a relative one, but its working folder is the cluster.
  const ours = command.includes(`-D ${folder} `) || (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === folder;
  // A backend has the title `postgres: user database …`.
  return ours && /(^|\/)postgres /.test(command) ? mark : undefined;
}

/** All PostgreSQL processes of a cluster, recognized by their working folder. Empty on systems without /proc. */
export async function clusterProcesses(folder: string): Promise<number[]> {
  const numbers = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const inside = await Promise.all(
    numbers.map(
      async (pid) =>
        (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === folder && isPostgres(await commandOf(pid)),
    ),
  );
  return numbers.filter((_, index) => inside[index]);
}

/** The `code` of a system error or the SQLSTATE of a database error. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
