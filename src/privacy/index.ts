import type { Module } from '../ops/index.ts';
import { createErasures } from './erase.ts';
import type { EraseOptions } from './erase.ts';
import type { ExportOptions } from './export.ts';
import { unfinished } from './queries.ts';
import { privacyRoutes } from './routes.ts';
import { createRunner } from './runner.ts';
import type { RunnerOptions } from './runner.ts';

export type PrivacyOptions = RunnerOptions &
  Omit<EraseOptions, 'wake'> &
  Pick<ExportOptions, 'suppressions' | 'topics'>;

/** Export and erasure of what is stored about a person. */
export function createPrivacy(options: PrivacyOptions): Module {
  const runner = createRunner(options);
  const erasures = createErasures({ ...options, wake: runner.wake });
  return {
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
