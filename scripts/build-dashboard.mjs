// Builds `dashboard/dist`, which the server serves at `/`. Run by `prepare`; without the build tools (`npm ci --omit=dev`) the server
// starts without a dashboard. Plain JavaScript, because an older Node may run it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const node = join(bin, 'node');
const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
if (existsSync(vite)) {
  const { status } = spawnSync(
    existsSync(node) ? node : process.execPath,
    [vite, 'build', join(root, 'dashboard'), '--logLevel', 'warn'],
    { cwd: root, stdio: 'inherit' },
  );
  process.exitCode = status ?? 1;
}
