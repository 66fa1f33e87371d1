import type { JobRunner } from '../../db/jobs.ts';
import type { Route } from '../../http/route.ts';
import { replayRoutes } from './routes.ts';
import { createRunner } from './runner.ts';
import type { RunnerOptions } from './runner.ts';

export interface Replays {
  readonly routes: readonly Route[];
  /** For processes that deliver; one that only answers HTTP leaves the jobs to them. */
  run: JobRunner['run'];
}

export function createReplays(options: RunnerOptions): Replays {
  const runner = createRunner(options);
  const { db, engine, clock, ids } = options;
  return {
    routes: replayRoutes({ db, subscriptions: engine.subscriptions, clock, ids, wake: runner.wake }),
    run: runner.run,
  };
}
