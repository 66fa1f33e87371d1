/**
 * Runs the tests: every `*.test.ts` under src, sdk and test, or those under the paths given (`npm test -- src/delivery`).
 * Ends with the runner's summary; the exit code is 1 when a test failed or none was found.
 */
import { globSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { globalSetup, globalTeardown } from './harness/postgres.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
// Each file is a process of its own; without the cache each compiles the dependencies anew.
process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules', '.cache', 'node-compile-cache');

const paths = process.argv.length > 2 ? process.argv.slice(2) : ['src', 'sdk/src', 'test'];
const files = globSync(
  paths.map((path) =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? `${path}/**/*.test.ts` : path,
  ),
).sort();

if (files.length === 0) {
  console.error(`no test file in ${paths.join(', ')}`);
  process.exit(1);
}

const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());

// A run that breaks off before its summary has failed.
process.exitCode = 1;
const needsPostgres = files.some((file) => /\.(pg|e2e)\.test\.ts$/.test(file));
if (needsPostgres) await globalSetup();
try {
  const events = run({
    files,
    // Tests wait for sockets and for PostgreSQL more than they compute.
    concurrency: Math.max(2, availableParallelism()),
    timeout: 120_000,
    execArgv: ['--import', new URL('harness/deadline.ts', import.meta.url).href],
    signal: stopped.signal,
  });
  events.on('test:summary', ({ success, file }) => {
    if (file === undefined && success && !stopped.signal.aborted) process.exitCode = 0;
  });
  for await (const line of events.compose(spec)) process.stdout.write(line as string);
} finally {
  if (needsPostgres) await globalTeardown();
}
