import type { Route } from '../http/route.ts';
import { expireListeners } from './listener.ts';
import { pullRoutes } from './routes.ts';
import type { PullParts } from './routes.ts';

export interface PullOptions extends Omit<PullParts, 'random' | 'stopping'> {
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
  const stopping = new AbortController();
  return {
    routes: pullRoutes({ ...options, random, stopping: stopping.signal }),
    expireListeners: (nowMs) => expireListeners(options.db, options.endpoints, nowMs),
    end: () => stopping.abort(),
  };
}
