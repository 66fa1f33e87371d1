/** Runs every check that a change must pass, two at a time. Runs all of them and exits 1 when one failed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { root } from './sources.ts';

/** The slowest first, so that the others run in parallel with it. */
const checks: Readonly<Record<string, string>> = {
  sql: 'node scripts/check-sql.ts',
  types: 'tsc -p tsconfig.json',
  sdk: 'tsc -p sdk/tsconfig.json && tsc -p sdk/tsconfig.browser.json',
  dashboard: 'tsc -p dashboard/tsconfig.json',
  lint: 'oxlint',
  format: 'oxfmt --check',
  imports: 'node scripts/check-imports.ts',
  own: 'node scripts/check-own.ts',
  generated: 'node scripts/generate.ts --check',
  containers: 'node scripts/check-containers.ts',
};

const atOnce = 2;
const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}` };

async function check([name, command]: readonly [string, string]): Promise<boolean> {
  const startedAt = performance.now();
  // Through a shell, because the tools are .cmd files on Windows.
  const child = spawn(command, { cwd: root, env, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${code === 0 ? '✔' : '✖'} ${name.padEnd(12)}${seconds.padStart(5)} s`);
  if (code !== 0 || /^warning/m.test(text)) console.log(text.trim().replace(/^/gm, '    '));
  return code === 0;
}

const waiting = Object.entries(checks);
const outcomes: boolean[] = [];

async function work(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) outcomes.push(await check(next));
}

await Promise.all(Array.from({ length: atOnce }, work));
const failed = outcomes.filter((passed) => !passed).length;
console.log(failed === 0 ? 'all checks passed' : `${failed} of ${outcomes.length} checks failed`);
process.exitCode = failed === 0 ? 0 : 1;
