/** Runs the command line in its own process and environment. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export type Environment = Readonly<Record<string, string>>;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves with the first match in stdout; rejects when the process ends without one. */
  printed(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Resolves when the process has exited and its streams are closed. */
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): Promise<Ended>;
}

export function start(environment: Environment, ...words: string[]): Started {
  const { PATH = '', NODE_COMPILE_CACHE: cache } = process.env;
  const env = { PATH, ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }), ...environment };
  const child = spawn(process.execPath, [main, ...words], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }));
  return {
    child,
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    async printed(pattern) {
      for (;;) {
        const found = pattern.exec(output.stdout);
        if (found !== null) return found;
        const end = await Promise.race([ended, once(child.stdout, 'data').then(() => undefined)]);
        if (end !== undefined && !pattern.test(end.stdout))
          assert.fail(
            `outrider ${words.join(' ')} ended with ${end.code} before it printed ${pattern}: ${end.stdout}${end.stderr}`,
          );
      }
    },
    ended,
    kill: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

export const run = (environment: Environment, ...words: string[]): Promise<Ended> => start(environment, ...words).ended;

/** Runs a command with --json. @returns the parsed output; fails if the command fails. */
export async function runJson<T>(environment: Environment, ...words: string[]): Promise<T> {
  const { code, stdout, stderr } = await run(environment, ...words, '--json');
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as T;
}

/** The URL that a server prints once it listens. */
export const urlOf = async (server: Started): Promise<string> =>
  (await server.printed(/^Outrider listens on (\S+)$/m))[1] ?? '';

/** Checks a refusal: exit code 1 and one matching line on stderr. */
export function assertRefused(ended: Ended, pattern: RegExp, code = 1): void {
  assert.equal(ended.code, code, ended.stdout + ended.stderr);
  assert.match(ended.stderr, pattern);
  assert.match(ended.stderr, /^outrider: [^\n]+\n$/);
}

/** A folder that PostgreSQL's account can reach. */
export async function makeFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'outrider-cli-'));
  await chmod(path, 0o755);
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}
