import type { Engine } from '../../delivery/engine.ts';
import type { Route } from '../../http/route.ts';
import { expireListeners } from './listener.ts';
import { listenerRoutes } from './routes.ts';
import type { ListenerParts } from './routes.ts';
import { createWaiting } from './waiting.ts';

export interface ListenersOptions extends Omit<ListenerParts, 'engine' | 'random' | 'waiting'> {
  readonly engine: Pick<Engine, 'due' | 'finish' | 'onDue'>;
  /** 0 to 1, for the jitter of retries. */
  readonly random?: () => number;
}

export interface Listeners {
  readonly routes: readonly Route[];
  /** Deletes expired listeners; call it about once a minute. @returns how many were deleted. */
  expireListeners(nowMs: number): Promise<number>;
  /** Answers every waiting fetch with an empty list, because the process is about to end. */
  end(): void;
}

/**
 * Listeners: endpoints whose deliveries are fetched and settled over HTTP.
 * @example
 * const listeners = createListeners({ db, engine, subscriptions, clock, wires, endpoints });
 * createServer({ routes: [...routes, ...listeners.routes] });
 * // before the server closes:
 * listeners.end();
 */
export function createListeners({ random = Math.random, ...options }: ListenersOptions): Listeners {
  const waiting = createWaiting(options.engine, options.subscriptions, options.clock);
  return {
    routes: listenerRoutes({ ...options, random, waiting }),
    expireListeners: (nowMs) => expireListeners(options.db, options.endpoints, nowMs),
    end: waiting.end,
  };
}
