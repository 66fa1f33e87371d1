import type { Engine } from '../../delivery/engine.ts';
import type { Route } from '../../http/route.ts';
import { expireListeners } from './listener.ts';
import { pullRoutes } from './routes.ts';
import type { PullParts } from './routes.ts';
import { createWaiting } from './waiting.ts';

export interface PullOptions extends Omit<PullParts, 'engine' | 'random' | 'waiting'> {
  readonly engine: Pick<Engine, 'due' | 'finish' | 'onDue'>;
  /** 0 to 1, for the jitter of retries. */
  readonly random?: () => number;
}

export interface Pull {
  readonly routes: readonly Route[];
  /** To be called every minute or so. @returns how many were deleted. */
  expireListeners(nowMs: number): Promise<number>;
  /** Answers those who wait, with nothing: the process is about to end. */
  end(): void;
}

export function createPull({ random = Math.random, ...options }: PullOptions): Pull {
  const waiting = createWaiting(options.engine, options.subscriptions, options.clock);
  return {
    routes: pullRoutes({ ...options, random, waiting }),
    expireListeners: (nowMs) => expireListeners(options.db, options.endpoints, nowMs),
    end: waiting.end,
  };
}
