import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** `linux-x64`, as the packages of Node binaries are named. */
export const platformName = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** Path of the Node binary that came as an optional dependency, or undefined where there is none for this platform. */
export function bundledNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-${platformName}/package.json`);
    const binary = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}
