import type { JobRunner } from '../../db/jobs.ts';
import type { Route } from '../../http/route.ts';
import { createJobs } from './jobs.ts';
import type { Jobs, JobsOptions } from './jobs.ts';
import { bulkRoutes } from './routes.ts';
import { createRunner } from './runner.ts';
import type { RunnerOptions } from './runner.ts';

export { eraseBulkJobs } from './erasure.ts';
export { unfinished as unfinishedBulkJobs } from './queries.ts';

/** Changes, deletions and exports of many records, as durable jobs. */
export interface BulkJobs extends Jobs {
  readonly routes: readonly Route[];
  /** Runs the jobs; for processes with the engine role. */
  readonly run: JobRunner['run'];
}

/**
 * Composes the slice.
 * @example
 * const bulk = createBulkJobs({ ...deps, contacts, companies, suppressions, segments, sources, customFields, onError });
 */
export function createBulkJobs(options: RunnerOptions & Omit<JobsOptions, 'wake'>): BulkJobs {
  const runner = createRunner(options);
  const jobs = createJobs({ ...options, wake: runner.wake });
  return { ...jobs, routes: bulkRoutes(jobs, options.db), run: runner.run };
}
