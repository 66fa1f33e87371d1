// Builds dist for `import` and dist/cjs for `require`. Usage: node build.mjs [FOLDER]
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const dist = process.argv[2] ?? join(here, 'dist');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

const compile = (project, folder) => {
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(here, project), '--outDir', folder], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
};
compile('tsconfig.build.json', dist);
compile('tsconfig.cjs.json', join(dist, 'cjs'));
writeFileSync(join(dist, 'cjs', 'package.json'), '{"type":"commonjs"}\n');
