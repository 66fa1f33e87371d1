import type { JobRunner } from '../../db/jobs.ts';
import type { Route } from '../../http/route.ts';
import { replayRoutes } from './routes.ts';
import { createRunner } from './runner.ts';
import type { RunnerOptions } from './runner.ts';

export interface Replays {
  readonly routes: readonly Route[];
  /** Runs jobs; call it in processes that deliver, not in those that only answer HTTP. */
  run: JobRunner['run'];
}

/**
 * Replays as durable jobs.
 * @example
 * const replays = createReplays({ db, bus, engine, clock, ids, onError });
 * await replays.run(signal);
 */
export function createReplays(options: RunnerOptions): Replays {
  const runner = createRunner(options);
  const { db, engine, clock, ids } = options;
  return {
    routes: replayRoutes({ db, subscriptions: engine.subscriptions, clock, ids, wake: runner.wake }),
    run: runner.run,
  };
}
