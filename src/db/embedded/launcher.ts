/** Starts a postmaster and finds out why a start failed. */
import { spawn } from 'node:child_process';
import { chown, mkdir, unlink } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { OperatorError } from '../../base/errors.ts';
import { cannotRun, runAs } from './cluster.ts';
import { mostSevere, logPosition, newLogLines, openStartLog } from './log.ts';
import type { LogPosition } from './log.ts';
import { folderError, socketFolder } from './place.ts';
import type { Cluster } from './place.ts';
import { clusterProcesses, errorCode } from './process.ts';
import { clusterPort, commandLine, essentials } from './settings.ts';
import type { Launcher } from './start.ts';

/** How long the processes of a killed postmaster have to notice its death. */
const orphansMs = 3_000;
/** How long a concurrent start has to fill a lock file that it has just created. */
const emptyLockMs = 1_000;

interface Launch {
  readonly logBefore: LogPosition;
  /** Undefined while the process runs. */
  ended: { readonly cause: unknown } | undefined;
}

export function launcher(
  dataDir: string,
  { folder, account }: Cluster,
  bin: string,
  settings: Readonly<Record<string, string>>,
): Launcher {
  let latest: Launch | undefined;
  let orphansSince: number | undefined;

  const lines = async (): Promise<string[]> =>
    latest === undefined ? [] : newLogLines(dataDir, folder, latest.logBefore);

  return {
    lastMessage: async () => mostSevere(await lines()),

    begin: async (stalePid) => {
      await prepareSocketFolder();
      const launch: Launch = { logBefore: await logPosition(folder), ended: undefined };
      latest = launch;
      const output = await openStartLog(dataDir).catch((cause: unknown) => {
        throw folderError('data folder', dataDir, cause);
      });
      try {
        const { env, ...as } = runAs(account);
        const own = socketFolder(folder) === folder ? '.' : socketFolder(folder);
        const child = spawn(
          join(bin, 'postgres'),
          ['-D', folder, ...commandLine({ ...essentials(own), ...settings })],
          {
            ...as,
            // PostgreSQL refuses to start if any process of its account has the pid in its lock file, except a process with the pid given
            // here (miscinit.c). Removing the file instead would lose the shared memory id in it, by which PostgreSQL detects that processes of
            // the previous postmaster still work on the data.
            env: stalePid === undefined ? env : { ...env, PG_GRANDPARENT_PID: String(stalePid) },
            // In its own session and without our streams, so that it outlives us and ignores Ctrl-C on our terminal.
            detached: true,
            stdio: ['ignore', output.fd, output.fd],
          },
        );
        child.once('error', (cause) => {
          launch.ended = { cause };
        });
        child.once('exit', () => {
          launch.ended ??= { cause: undefined };
        });
        child.unref();
      } finally {
        await output.close();
      }
    },

    pending: async () => {
      if (latest === undefined) return false;
      if (latest.ended === undefined) return true;
      if (latest.ended.cause !== undefined)
        throw new OperatorError(`PostgreSQL cannot be started: ${cannotRun(latest.ended.cause)}`, {
          cause: latest.ended.cause,
        });
      await judge(await lines());
      return false;
    },
  };

  /** Returns if the start is worth another try. */
  async function judge(said: readonly string[]): Promise<void> {
    const text = said.join('\n');
    const emptyLock = /lock file "([^"]+)" is empty|bogus data in lock file "([^"]+)"/.exec(text);
    if (emptyLock !== null) return removeEmptyLock(emptyLock[1] ?? emptyLock[2] ?? '');
    if (/lock file "[^"]+" already exists/.test(text)) return; // a concurrent start was faster
    if (/pre-existing shared memory block|is still in use/.test(text)) return endOrphans();
    if (text.includes('No space left on device'))
      throw new OperatorError(`PostgreSQL cannot start: no space is left on the disk of ${folder}.`);
    throw new OperatorError(`PostgreSQL in ${folder} does not start: ${mostSevere(said) ?? 'it printed nothing.'}`, {
      cause: new Error(said.slice(-30).join('\n')),
    });
  }

  /** A crash between making a lock file and writing to it leaves one that PostgreSQL will not remove by itself. */
  async function removeEmptyLock(name: string): Promise<void> {
    await pause(emptyLockMs);
    const path = resolve(folder, name);
    const known = ['postmaster.pid', `.s.PGSQL.${clusterPort}.lock`].includes(basename(path));
    if (known && (await clusterProcesses(folder)).length === 0) await unlink(path);
  }

  /**
   * The processes of a killed postmaster end when they notice its death, but a busy one does not check. Nobody is left to read its result, and
   * its transaction is lost with the connection, so it is killed.
   */
  async function endOrphans(): Promise<void> {
    orphansSince ??= Date.now();
    if (Date.now() - orphansSince < orphansMs) return pause(100);
    for (const pid of await clusterProcesses(folder)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if (errorCode(error) !== 'ESRCH') throw error;
      }
    }
  }

  async function prepareSocketFolder(): Promise<void> {
    const socket = socketFolder(folder);
    if (socket === folder) return;
    try {
      await mkdir(socket, { mode: 0o700 });
      if (account !== undefined) await chown(socket, account.uid, account.gid);
    } catch (cause) {
      // `probe` has checked an existing folder.
      if (errorCode(cause) !== 'EEXIST') throw folderError('folder', socket, cause);
    }
  }
}
