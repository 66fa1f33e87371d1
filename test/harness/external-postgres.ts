/** Runs the programs of any PostgreSQL version, reached over TCP like an external database. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { systemAccount } from '../../src/db/embedded/account.ts';
import { runAs } from '../../src/db/embedded/cluster.ts';
import { freePort } from './sockets.ts';

const run = promisify(execFile);

export interface ExternalPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** The cluster is created in `dataDir/cluster`, with the collation of Debian's and Docker's servers; when run by root, it uses another account. */
export async function startExternalPostgres(
  programs: string,
  dataDir: string,
  settings: Readonly<Record<string, string>>,
): Promise<ExternalPostgres> {
  const cluster = join(dataDir, 'cluster');
  await mkdir(cluster, { mode: 0o700 });
  const account = process.geteuid?.() === 0 ? await systemAccount(console.error) : undefined;
  if (account !== undefined) await chown(cluster, account.uid, account.gid);
  const as = runAs(account);
  const locale = ['--encoding=UTF8', '--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US'];
  await run(
    join(programs, 'initdb'),
    ['-D', cluster, ...locale, '--username=outrider', '--auth=trust', '--no-sync'],
    as,
  );

  const port = await freePort();
  const options = Object.entries({
    ...settings,
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    lc_messages: 'C',
  });
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', cluster, ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...as,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const exited = once(server, 'exit');
  const log: string[] = [];
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: server.stderr }).on('line', (line) => {
      if (log.length < 50) log.push(line);
      if (line.includes('database system is ready to accept connections')) resolve();
    });
  });
  const failed = exited.then(() => {
    throw new Error(`${programs}/postgres did not start:\n${log.join('\n')}`);
  });
  await Promise.race([ready, failed]);
  failed.catch(() => undefined); // stopping it is not a failure
  return {
    url: `postgres://outrider@127.0.0.1:${port}/postgres`,
    stop: async () => {
      server.kill('SIGQUIT');
      await exited;
    },
  };
}
