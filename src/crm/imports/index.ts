import type { WorkspaceDirectory } from '../../auth/index.ts';
import type { JobRunner } from '../../db/jobs.ts';
import type { Route } from '../../http/route.ts';
import { createJobs } from './job.ts';
import type { Jobs, JobsOptions } from './job.ts';
import { importRoutes } from './routes.ts';
import { createRunner } from './runner.ts';
import type { RunnerOptions } from './runner.ts';

export { importsFollower } from './merging.ts';
export { eraseImportErrors, eraseImports, isImporting } from './erasure.ts';
export type { Import, ImportError, ImportState } from './import.ts';
export type { NewImport } from './job.ts';
export { unfinished as unfinishedImports } from './queries.ts';

export interface Imports extends Jobs {
  readonly routes: readonly Route[];
  /** Runs the imports; for processes with the engine role. */
  readonly run: JobRunner['run'];
}

export type ImportsOptions = RunnerOptions & Omit<JobsOptions, 'wake'>;

export function createImports({
  workspaces,
  ...options
}: ImportsOptions & { readonly workspaces: WorkspaceDirectory }): Imports {
  const runner = createRunner(options);
  const jobs = createJobs({ ...options, wake: runner.wake });
  return { ...jobs, routes: importRoutes(jobs, workspaces), run: runner.run };
}
