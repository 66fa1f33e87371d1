/**
 * Runs every `*.test.ts` under src, sdk/src and test, or under the given paths (`npm test -- src/delivery`).
 * Prints the runner's summary; exits with 1 when a test failed or no test was found.
 */
import { globSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { fileMaxMs } from './batch.ts';
import { globalSetup, globalTeardown } from './harness/postgres.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const runner = new URL('./batch.ts', import.meta.url).href;
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

// Starting a process and importing the product takes a second of processor time, so a process runs several files. The long ones begin first.
// Files of test/tooling start programs that read the whole checkout: each has its own process.
const concurrency = Math.max(2, availableParallelism()) + 2;
const kinds = [
  { of: /^test\/tooling\//, perProcess: 1 },
  { of: /\.e2e\.test\.ts$/, perProcess: 6 },
  { of: /\.pg\.test\.ts$/, perProcess: 6 },
  { of: /./, perProcess: 10 },
];
const kindOf = (file: string) => kinds.find(({ of }) => of.test(file));

const folder = mkdtempSync(join(tmpdir(), 'outrider-tests-'));
const groups = kinds.flatMap((kind) => {
  const own = files.filter((file) => kindOf(file) === kind);
  const size = Math.max(1, Math.min(kind.perProcess, Math.floor(own.length / concurrency)));
  return Array.from({ length: Math.ceil(own.length / size) }, (_, n) => own.slice(n * size, (n + 1) * size));
});
const batches = groups.map((group, index) => {
  const batch = join(folder, `${index}.mjs`);
  const paths = group.map((file) => resolve(root, file));
  writeFileSync(batch, `import { runFiles } from ${JSON.stringify(runner)};\nrunFiles(${JSON.stringify(paths)});\n`);
  return batch;
});

const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());

// A run that ends before its summary has failed.
process.exitCode = 1;
const needsPostgres = files.some((file) => /\.(pg|e2e)\.test\.ts$/.test(file));
if (needsPostgres) await globalSetup();
try {
  // Tests spend more time waiting for sockets and PostgreSQL than computing.
  const timeout = Math.max(...groups.map((group) => group.length)) * fileMaxMs;
  const events = run({ files: batches, concurrency, timeout, signal: stopped.signal });
  events.on('test:summary', ({ success, file }) => {
    if (file === undefined && success && !stopped.signal.aborted) process.exitCode = 0;
  });
  for await (const line of events.compose(spec)) process.stdout.write(line as string);
} finally {
  if (needsPostgres) await globalTeardown();
  rmSync(folder, { recursive: true });
}
