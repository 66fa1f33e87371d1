import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'outrider-launcher-'));
after(() => rmSync(folder, { recursive: true }));

// A stand-in for the product that prints what the launcher passes on.
mkdirSync(join(folder, 'src'));
cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
writeFileSync(
  join(folder, 'src', 'main.ts'),
  `const [mode, value]: string[] = process.argv.slice(2);
   process.on('SIGTERM', () => { console.log('SIGTERM'); process.exit(7); });
   process.on('SIGINT', () => console.log('SIGINT'));
   console.log(JSON.stringify({ version: process.versions.node, leaked: process.env.OUTRIDER_LAUNCHER_FD }));
   if (mode === 'exit') process.exit(Number(value));
   if (mode === 'die') process.kill(process.pid, value as NodeJS.Signals);
   setInterval(() => {}, 1_000);`,
);

type Launched = ChildProcessByStdio<null, Readable, Readable>;
function launch(node: string, ...args: string[]): Launched {
  // No stream may be a terminal: on a terminal the launcher does not forward SIGINT.
  const child = spawn(node, [join(folder, 'bin', 'outrider.mjs'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.pipe(process.stderr);
  return child;
}
const lines = (child: Launched): AsyncIterator<string> =>
  createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const next = async (reader: AsyncIterator<string>): Promise<string> => String((await reader.next()).value);

/** A Node on this machine's PATH that is too old to run the product. */
function olderNode(): string | undefined {
  const candidates = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((path) => join(path, 'node'))
    .filter((path) => existsSync(path));
  return candidates.find(
    (path) => Number.parseInt(execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }), 10) < 22,
  );
}

for (const [title, node] of [
  ['this Node', process.execPath],
  ['an older Node', olderNode()],
] as const) {
  describe(`the launcher on ${title}`, { skip: node === undefined ? 'not installed on this machine' : false }, () => {
    const start = (...args: string[]): Launched => launch(node ?? '', ...args);

    test('runs the program on a supported Node and adds no variables to its environment', async () => {
      const child = start('exit', '0');
      const { version, leaked } = JSON.parse(await next(lines(child))) as { version: string; leaked?: string };
      assert.ok(Number.parseInt(version, 10) >= 22);
      assert.equal(leaked, undefined);
    });

    test('exits with the exit code of the program', async () => {
      assert.deepEqual(await once(start('exit', '3'), 'exit'), [3, null]);
    });

    test('is terminated by the same signal as the program', async () => {
      assert.deepEqual(await once(start('die', 'SIGKILL'), 'exit'), [null, 'SIGKILL']);
    });

    test('forwards signals and waits for the program to exit', async () => {
      const child = start('serve');
      const ended = once(child, 'exit');
      const output = lines(child);
      await next(output);
      child.kill('SIGINT');
      assert.equal(await next(output), 'SIGINT');
      child.kill('SIGTERM');
      assert.equal(await next(output), 'SIGTERM');
      assert.deepEqual(await ended, [7, null]);
    });

    test('stops the program when npm, its parent, is killed with SIGKILL', async () => {
      const npm = `require('node:child_process').spawn(process.argv[1], process.argv.slice(2), { stdio: 'inherit', env: { ...process.env, npm_lifecycle_event: 'start' } })`;
      const child = spawn(process.execPath, ['-e', npm, node ?? '', join(folder, 'bin', 'outrider.mjs'), 'serve'], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const output = lines(child);
      await next(output);
      child.kill('SIGKILL');
      assert.equal(await next(output), 'SIGTERM');
    });

    if (node === process.execPath) return; // here the launcher runs the program in its own process

    test('stops the program when the launcher is killed with SIGKILL', async () => {
      const child = start('serve');
      const output = lines(child);
      await next(output);
      child.kill('SIGKILL');
      assert.equal(await next(output), 'SIGTERM');
    });
  });
}
