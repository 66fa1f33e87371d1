/** The test files of one process. */
import { createHook } from 'node:async_hooks';
import { after, afterEach, describe } from 'node:test';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { endTest } from './harness/cleanups.ts';

/** How long the tests of one file may take. */
export const fileMaxMs = 600_000;
const endMaxMs = 30_000;

/** Runs each file as a suite of its own, so its hooks apply to its own tests. */
export function runFiles(files: readonly string[]): void {
  let loading = files.length;
  const tracking = hooksEnabledBy(() => {
    afterEach(endTest);
    for (const file of files)
      describe(relative(process.cwd(), file), { timeout: fileMaxMs }, async () => {
        try {
          await import(pathToFileURL(file).href);
        } finally {
          loading -= 1;
          if (loading === 0) for (const hook of tracking) hook.disable();
        }
      });
  });
  for (const event of ['uncaughtExceptionMonitor', 'unhandledRejection']) process.on(event, console.error);
  // A process that an open socket or an endless hook keeps alive has failed.
  after(() => {
    setTimeout(() => {
      const open = process.getActiveResourcesInfo().join(', ');
      console.error(`${files.join(' ')} did not end; still open: ${open}`);
      process.exit(1);
    }, endMaxMs).unref();
  });
}

type Hook = ReturnType<typeof createHook>;

/**
 * The hooks that `work` enables: those of node:test, which record for every promise and socket the test that made it. Files need that while
 * they load: a test finds its suite so. Later it only tells which test an uncaught error belongs to, for a third of the processor time; the
 * error fails the process in any case.
 */
function hooksEnabledBy(work: () => void): readonly Hook[] {
  const enabled: Hook[] = [];
  const prototype = Object.getPrototypeOf(createHook({})) as Hook;
  const { enable } = prototype;
  prototype.enable = function () {
    enabled.push(this);
    return enable.call(this);
  };
  work();
  prototype.enable = enable;
  return enabled;
}
