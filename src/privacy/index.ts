import type { Route } from '../http/route.ts';
import type { Module } from '../ops/index.ts';
import { createErasures } from './erase.ts';
import type { EraseOptions } from './erase.ts';
import type { ExportOptions } from './export.ts';
import { unfinished } from './queries.ts';
import { privacyRoutes } from './routes.ts';
import { createRunner } from './runner.ts';
import type { RunnerOptions } from './runner.ts';

export type { Erasure } from './queries.ts';

/** Export and erasure of what is stored about a person. */
export interface Privacy extends ReturnType<typeof createErasures>, Module {
  readonly routes: readonly Route[];
}

export function createPrivacy(
  options: RunnerOptions &
    Omit<EraseOptions, 'wake' | 'suppressions'> & {
      readonly suppressions: EraseOptions['suppressions'] & ExportOptions['suppressions'];
    },
): Privacy {
  const runner = createRunner(options);
  const erasures = createErasures({ ...options, wake: runner.wake });
  return {
    ...erasures,
    routes: privacyRoutes(erasures, options),
    run: runner.run,
    role: 'engine',
    unfinished: {
      metric: 'outrider_erasures',
      help: 'Unfinished erasures by state.',
      count: () => unfinished(options.db),
    },
  };
}
