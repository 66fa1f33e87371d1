/** For tests that run their own embedded PostgreSQL servers. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startEmbeddedDatabase } from '../../src/db/embedded.ts';
import type { EmbeddedDatabase, EmbeddedDatabaseOptions } from '../../src/db/embedded.ts';
import { OperatorError } from '../../src/base/errors.ts';

export const isRoot = process.geteuid?.() === 0;
export const needsRoot = isRoot ? false : 'only root runs PostgreSQL as another account';
export const needsUser = isRoot ? 'root ignores file modes' : false;

export interface Scratch {
  readonly dir: string;
  /** Starts a database, by default in the subfolder `data`. */
  start(options?: Partial<EmbeddedDatabaseOptions>): Promise<EmbeddedDatabase>;
  stop(): Promise<void>;
  remove(): Promise<void>;
}

/** Creates a folder that PostgreSQL's account can access; `remove` stops its databases and deletes it. */
export async function scratch(): Promise<Scratch> {
  const dir = await mkdtemp(join(await realpath(tmpdir()), 'outrider-embedded-'));
  await chmod(dir, 0o755);
  const started = new Set<EmbeddedDatabase>();
  const stop = async (): Promise<void> => {
    for (const database of started) await database.stop('immediate');
    started.clear();
  };
  return {
    dir,
    stop,
    start: async (options = {}) => {
      const database = await startEmbeddedDatabase({ dataDir: join(dir, 'data'), ...options });
      started.add(database);
      return database;
    },
    remove: async () => {
      await stop();
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export async function scratchFor(t: TestContext): Promise<Scratch> {
  const made = await scratch();
  t.after(made.remove);
  return made;
}

/** The message of an OperatorError, which must be one line. */
export const refused =
  (...patterns: RegExp[]) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof OperatorError, String(error));
    assert.doesNotMatch(error.message, /\n/, 'one line');
    for (const pattern of patterns) assert.match(error.message, pattern);
    return true;
  };

/** Starts a process that runs `code`, prints `ready` and waits to be killed. */
export async function otherProcess(code: string): Promise<ChildProcess> {
  const imports = `import { lockDataDir, startEmbeddedDatabase } from ${JSON.stringify(new URL('../../src/db/embedded.ts', import.meta.url).href)};`;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', `${imports} ${code}; console.log('ready'); setInterval(() => {}, 1e6);`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  assert.match(String((await once(child.stdout, 'data'))[0]), /ready/);
  return child;
}

/** Resolves once the child and every process that inherited its streams have exited. */
export async function killed(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}
