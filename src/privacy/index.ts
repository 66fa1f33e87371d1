import type { JobRunner } from '../db/jobs.ts';
import type { Route } from '../http/route.ts';
import { createErasures } from './erase.ts';
import type { EraseOptions } from './erase.ts';
import type { ExportOptions } from './export.ts';
import { subjectRoutes } from './routes.ts';
import { createRunner } from './runner.ts';
import type { RunnerOptions } from './runner.ts';

export { unfinished as unfinishedErasures } from './queries.ts';
export type { Erasure } from './queries.ts';

/** Requests of the people whom the records are about. */
export interface Subjects extends ReturnType<typeof createErasures> {
  readonly routes: readonly Route[];
  /** For processes that deliver; one that only answers HTTP leaves the jobs to them. */
  readonly run: JobRunner['run'];
}

export function createSubjects(
  options: RunnerOptions &
    Omit<EraseOptions, 'wake' | 'suppressions'> & {
      readonly suppressions: EraseOptions['suppressions'] & ExportOptions['suppressions'];
    },
): Subjects {
  const runner = createRunner(options);
  const erasures = createErasures({ ...options, wake: runner.wake });
  return { ...erasures, routes: subjectRoutes(erasures, options), run: runner.run };
}
