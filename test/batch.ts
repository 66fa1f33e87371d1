/** The test files of one process. */
import { after, describe } from 'node:test';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/** How long the tests of one file may take. */
export const fileMaxMs = 300_000;
const endMaxMs = 30_000;

/** Runs each file as a suite of its own, so its hooks apply to its own tests. */
export function runFiles(files: readonly string[]): void {
  for (const file of files)
    describe(relative(process.cwd(), file), { timeout: fileMaxMs }, async () => {
      await import(pathToFileURL(file).href);
    });
  // A process that an open socket or an endless hook keeps alive has failed.
  after(() => {
    setTimeout(() => {
      const open = process.getActiveResourcesInfo().join(', ');
      console.error(`${files.join(' ')} did not end; still open: ${open}`);
      process.exit(1);
    }, endMaxMs).unref();
  });
}
