/** For tests that run embedded PostgreSQLs of their own. */
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
export const needsRoot = isRoot ? false : 'only root has another account run PostgreSQL';
export const needsUser = isRoot ? 'mode bits do not stop root' : false;

export interface Scratch {
  readonly dir: string;
  /** In `data` below it unless told otherwise. */
  start(options?: Partial<EmbeddedDatabaseOptions>): Promise<EmbeddedDatabase>;
  stop(): Promise<void>;
  remove(): Promise<void>;
}

/** A folder that PostgreSQL's account can reach, gone after the test with all that runs in it. */
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

/** The one line that an operator is to read. */
export const refused =
  (...patterns: RegExp[]) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof OperatorError, String(error));
    assert.doesNotMatch(error.message, /\n/, 'one line');
    for (const pattern of patterns) assert.match(error.message, pattern);
    return true;
  };

/** Another process that runs `code` with the functions at hand, says `ready` and waits to be killed. */
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

/** The child and everybody it gave its streams to are gone. */
export async function killed(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}
