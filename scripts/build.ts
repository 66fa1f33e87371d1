/** Rebuilds `dist`: the compiled sources, the files that they read at run time, and the dashboard. */
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const notShipped = ['.ts', '.md'];

rmSync(join(root, 'dist'), { recursive: true, force: true });
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
if (status !== 0) process.exit(status ?? 1);
cpSync(join(root, 'src'), join(root, 'dist'), {
  recursive: true,
  filter: (path) => statSync(path).isDirectory() || !notShipped.includes(extname(path)),
});

const dashboard = spawnSync(process.execPath, [join(root, 'scripts', 'build-dashboard.mjs')], { stdio: 'inherit' });
if (dashboard.status !== 0) process.exit(dashboard.status ?? 1);
cpSync(join(root, 'dashboard', 'dist'), join(root, 'dist', 'dashboard'), { recursive: true });
