import { dayMs } from '../../base/clock.ts';
import { ApiError, invalid } from '../../base/errors.ts';
import { announce } from '../../db/bus.ts';
import type { Principal } from '../../http/route.ts';
import type { Deps, Module } from '../../ops/index.ts';
import { clockOf, lockClock, saveClock } from './queries.ts';
import type { ClockRow } from './queries.ts';
import { sandboxClockRoutes } from './routes.ts';
import type { SandboxTime } from './routes.ts';
import { createMover } from './runner.ts';
import type { Timed } from './runner.ts';

export type { Timed } from './runner.ts';

/** A clock may be ten years ahead. */
const aheadMaxMs = 3_653 * dayMs;

export interface SandboxClock {
  readonly module: Module;
  /** Adds something that wakes at times of its own. Call it while composing. */
  add(timed: Timed): void;
}

/**
 * Composes the slice: a sandbox's clock, which can be moved forward.
 * @example
 * const sandboxClock = createSandboxClock(deps);
 * sandboxClock.add({ nextMs: nextStart, shift: shiftStarts });
 */
export function createSandboxClock(options: Deps): SandboxClock {
  const { db, clock, onError } = options;
  const timed: Timed[] = [];
  const mover = createMover({ ...options, timed, onError: (error) => onError(error, 'sandbox clock') });
  const timeOf = (row: ClockRow | undefined): SandboxTime => ({
    nowMs: clock.now() + (row?.clock_ahead_ms ?? 0),
    targetMs: row?.clock_target_ms ?? null,
  });

  return {
    add: (one) => void timed.push(one),
    module: {
      routes: sandboxClockRoutes({
        read: async ({ organizationId, sandbox }) => {
          refuseLive(sandbox);
          return timeOf(await clockOf(db, organizationId));
        },
        advance: async ({ organizationId, sandbox }, byMs) => {
          refuseLive(sandbox);
          return db.transaction(async (tx) => {
            const row = await lockClock(tx, organizationId);
            const { nowMs, targetMs } = timeOf(row);
            const target = (targetMs ?? nowMs) + byMs;
            if (target - clock.now() > aheadMaxMs)
              throw invalid({ advance_seconds: 'must not move the clock to more than ten years ahead' });
            await saveClock(tx, organizationId, {
              clock_ahead_ms: row?.clock_ahead_ms ?? 0,
              clock_target_ms: target,
            });
            await announce(tx, { kind: 'clock' });
            return { nowMs, targetMs: target };
          });
        },
      }),
      role: 'mail',
      run: mover.run,
    },
  };
}

function refuseLive(sandbox: Principal['sandbox']): void {
  if (!sandbox)
    throw new ApiError('forbidden', 'Only the clock of a sandbox can be moved. Use a key of the sandbox (otr_test_…).');
}
