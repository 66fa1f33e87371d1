/** `npm pack` builds before it packs, in a checkout that was never built. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
let checkout: string;

before(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'outrider-pack-'));
  const files = execFileSync(
    'git',
    [
      'ls-files',
      '-coz',
      '--exclude-standard',
      'bin',
      'src',
      'scripts',
      'sdk',
      'dashboard',
      'docs',
      '*.json',
      'LICENSE',
      'README.md',
    ],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  for (const file of files.split('\0').filter(Boolean)) await cp(join(root, file), join(checkout, file));
  await symlink(join(root, 'node_modules'), join(checkout, 'node_modules'));
});
after(() => rm(checkout, { recursive: true, force: true }));

for (const [name, options, wanted] of [
  [
    'the server',
    [],
    ['bin/outrider.mjs', 'dist/main.js', 'dist/db/migrations/0001_foundation.sql', 'dist/dashboard/index.html'],
  ],
  ['the SDK', ['--workspace', 'sdk'], ['dist/index.js', 'dist/index.d.ts', 'dist/webhooks/index.js']],
] as const) {
  test(`npm pack of ${name} builds it first`, async () => {
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--silent', ...options], { cwd: checkout });
    const packed = stdout.slice(stdout.search(/^[[{]/m));
    for (const path of wanted) assert.ok(packed.includes(`"${path}"`), `${path} is not in the package: ${packed}`);
  });
}
