import type { JobRunner } from '../db/jobs.ts';
import type { Route } from '../http/route.ts';
import { createErasures } from './erase.ts';
import type { EraseOptions } from './erase.ts';
import type { ExportOptions } from './export.ts';
import { privacyRoutes } from './routes.ts';
import { createRunner } from './runner.ts';
import type { RunnerOptions } from './runner.ts';

export { unfinished as unfinishedErasures } from './queries.ts';
export type { Erasure } from './queries.ts';

/** Export and erasure of what is stored about a person. */
export interface Privacy extends ReturnType<typeof createErasures> {
  readonly routes: readonly Route[];
  /** Runs the erasure jobs; for processes with the engine role. */
  readonly run: JobRunner['run'];
}

export function createPrivacy(
  options: RunnerOptions &
    Omit<EraseOptions, 'wake' | 'suppressions'> & {
      readonly suppressions: EraseOptions['suppressions'] & ExportOptions['suppressions'];
    },
): Privacy {
  const runner = createRunner(options);
  const erasures = createErasures({ ...options, wake: runner.wake });
  return { ...erasures, routes: privacyRoutes(erasures, options), run: runner.run };
}
