import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { OperatorError } from '../../base/errors.ts';

const run = promisify(execFile);

/** The account that PostgreSQL runs as if this process is root, because PostgreSQL refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/** Tried in this order: useradd of shadow (most systems), adduser of BusyBox. */
const creators: readonly (readonly [string, readonly string[]])[] = [
  [
    'useradd',
    [
      '--system',
      '--user-group',
      '--no-create-home',
      '--home-dir',
      '/nonexistent',
      '--shell',
      '/usr/sbin/nologin',
      'outrider',
    ],
  ],
  ['adduser', ['-S', '-D', '-H', '-h', '/nonexistent', '-s', '/sbin/nologin', 'outrider']],
];

/** The account `postgres`, or else `outrider`, which is created if needed. @throws OperatorError if it cannot be created */
export async function systemAccount(log: (line: string) => void): Promise<Account> {
  const existing = (await accountNamed('postgres')) ?? (await accountNamed('outrider'));
  if (existing !== undefined) return existing;
  const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin` };
  for (const [command, args] of creators) {
    await run(command, args, { env }).catch(() => undefined);
    const created = await accountNamed('outrider');
    if (created === undefined) continue;
    log('Created the system account outrider for PostgreSQL.');
    return created;
  }
  throw new OperatorError(
    'PostgreSQL does not run as root, and no account for it could be created. Create one (useradd --system outrider), start Outrider as an ordinary user, or set DATABASE_URL.',
  );
}

async function accountNamed(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout.trim())),
    );
    return uid === undefined || gid === undefined || !(uid > 0) || !(gid >= 0) ? undefined : { uid, gid, name };
  } catch {
    return undefined;
  }
}

/** The account with this user id, which may no longer have a name. */
export async function accountWithId(uid: number, gid: number): Promise<Account> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'));
  return { uid, gid, name: lines.find((fields) => fields[2] === String(uid))?.[0] ?? `with user id ${uid}` };
}

/**
 * Whether the mode bits permit `account` the access `want` (4 read, 2 write, 1 execute or traverse).
 * Ignores supplementary groups: a process started under another account has none.
 */
export async function permits(path: string, account: Account, want: number): Promise<boolean> {
  const { uid, gid, mode } = await stat(path);
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  return ((mode >> shift) & want) === want;
}

/** The first folder, from the root down to `folder` (a real path), that `account` may not traverse; undefined if there is none. */
export async function closedFolder(folder: string, account: Account): Promise<string | undefined> {
  const above = dirname(folder) === folder ? undefined : await closedFolder(dirname(folder), account);
  return above ?? ((await permits(folder, account, 1)) ? undefined : folder);
}
