/** Generates files from the code. With `--check`, writes nothing and exits 1 when a committed file differs. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vendors } from '../src/vendors/wires.ts';
import { firstDifference } from './drift.ts';
import { includingPages, pageWithInclusions } from './inclusions.ts';
import { root } from './sources.ts';

interface Generated {
  readonly path: string;
  readonly generate: () => Promise<string>;
}

/** One entry per file. */
const generated: readonly Generated[] = [
  { path: 'docs/openapi.json', generate: async () => (await import('./openapi-document.ts')).openApiJson() },
  ...vendors.map((vendor) => ({
    path: `docs/openapi/${vendor}.json`,
    generate: async () => (await import('./openapi-document.ts')).openApiJson(vendor),
  })),
  {
    path: 'docs/configuration.md',
    generate: async () => (await import('../src/cli/configuration-page.ts')).configurationPage(),
  },
  {
    path: 'sdk/src/webhooks/event-types.ts',
    generate: async () => (await import('./sdk/event-types.ts')).eventTypesSource(),
  },
  { path: 'sdk/src/api-types.ts', generate: async () => (await import('./sdk/client.ts')).apiTypesSource() },
  { path: 'sdk/src/resources.ts', generate: async () => (await import('./sdk/client.ts')).resourcesSource() },
  ...(await includingPages()).map((path) => ({ path, generate: () => pageWithInclusions(path) })),
];

const check = process.argv.includes('--check');

for (const { path, generate } of generated) {
  try {
    const wanted = await generate();
    const present = await readFile(join(root, path), 'utf8').catch(() => undefined);
    if (present === wanted) {
      console.log(`${path} is up to date`);
    } else if (check) {
      console.error(
        `${path}${present === undefined ? ' is missing' : `:${firstDifference(present, wanted)}`}; run: npm run generate`,
      );
      process.exitCode = 1;
    } else {
      await writeFile(join(root, path), wanted);
      console.log(`${path} written`);
    }
  } catch (error) {
    // Continue with the other files, so that all failures are reported.
    console.error(`${path} could not be generated:`, error);
    process.exitCode = 1;
  }
}
