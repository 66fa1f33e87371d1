/**
 * Runs every `*.test.ts` under src, sdk/src and test, or under the given paths (`npm test -- src/delivery`).
 * Prints the runner's summary; exits with 1 when a test failed or no test was found.
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
// Each file runs in its own process; without the cache each one compiles the dependencies again.
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

/** Runs in each test process: one that an open socket or an endless hook keeps alive fails after 180 s and prints what is open. */
function endWhenStuck(): void {
  const fileMaxMs = 180_000;
  setTimeout(() => {
    const open = process.getActiveResourcesInfo().join(', ');
    console.error(`${process.argv[1] ?? 'the tests'} did not end within ${fileMaxMs / 1_000} s; still open: ${open}`);
    process.exit(1);
  }, fileMaxMs).unref();
}

const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());

// A run that ends before its summary has failed.
process.exitCode = 1;
const needsPostgres = files.some((file) => /\.(pg|e2e)\.test\.ts$/.test(file));
if (needsPostgres) await globalSetup();
try {
  const events = run({
    files,
    // Tests spend more time waiting for sockets and PostgreSQL than computing.
    concurrency: Math.max(2, availableParallelism()) + 1,
    timeout: 120_000,
    execArgv: ['--import', `data:text/javascript,(${encodeURIComponent(String(endWhenStuck))})()`],
    signal: stopped.signal,
  });
  events.on('test:summary', ({ success, file }) => {
    if (file === undefined && success && !stopped.signal.aborted) process.exitCode = 0;
  });
  for await (const line of events.compose(spec)) process.stdout.write(line as string);
} finally {
  if (needsPostgres) await globalTeardown();
}
