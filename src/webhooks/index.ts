import type { Transaction } from '../db/pool.ts';
import type { DeliveryFailure, Engine } from '../delivery/engine.ts';
import type { HealthChange } from '../delivery/queue/health.ts';
import type { Emitter } from '../events/index.ts';
import type { Route } from '../http/route.ts';
import type { Deps, Module, Unfinished } from '../ops/index.ts';
import { createDeliveries, deliveryRoutes } from './deliveries/index.ts';
import type { Deliveries, DeliveriesOptions } from './deliveries/index.ts';
import {
  createEndpoints,
  createExpiry,
  createFailureHandler,
  createHealthHandler,
  endingCertificates,
  endpointRoutes,
  expiresSoonMs,
} from './endpoints/index.ts';
import type { Endpoints, EndpointsOptions, HealthOptions } from './endpoints/index.ts';
import { createListeners } from './listeners/index.ts';
import { createStreams, liveRoutes } from './live/index.ts';
import { overviewRoutes } from './overview/index.ts';
import { createReplays } from './replays/index.ts';

export { createSigningKeys } from './endpoints/index.ts';

export interface WebhooksOptions
  extends
    Deps,
    Emitter,
    Pick<
      EndpointsOptions,
      'wires' | 'signingKeys' | 'ownTypes' | 'templates' | 'workspaces' | 'egress' | 'resolve' | 'onRefused'
    >,
    Pick<DeliveriesOptions, 'publisher' | 'exampleOf'>,
    Pick<HealthOptions, 'alert' | 'onHealth'> {
  readonly engine: Engine;
  /** 0 to 1, for the jitter of retries. */
  readonly random: () => number;
}

/** Endpoints and deliveries; replays and listeners as modules of their own. */
export interface Webhooks {
  readonly routes: readonly Route[];
  readonly unfinished: Unfinished;
  readonly replays: Module;
  readonly listeners: Module;
  /** For the vendors' APIs, which show the same endpoints and deliveries in their own formats. */
  readonly endpoints: Endpoints;
  readonly deliveries: Deliveries;
  /** For `engine.onFailed`: handles a delivery that fails permanently, in the transaction that records it. */
  onFailed(tx: Transaction, failure: DeliveryFailure): Promise<void>;
  /** For `engine.onHealth`: reports endpoints that started or stopped failing. */
  onHealth(tx: Transaction, changes: readonly HealthChange[]): Promise<readonly HealthChange[]>;
  /** Ends deliveries of events before this id, which retention is about to drop. @returns how many. */
  expire(beforeEvent: string): Promise<number>;
}

/** Composes endpoints, deliveries, replays, listeners, the stream of attempts and the overview. */
export function createWebhooks(deps: WebhooksOptions): Webhooks {
  const { db, clock, wires, signingKeys, onError } = deps;
  const options = { ...deps, subscriptions: deps.engine.subscriptions };
  const endpoints = createEndpoints(options);
  const deliveries = createDeliveries({ ...options, endpoints });
  const replays = createReplays({ ...options, onError: (error) => onError(error, 'replays') });
  const listeners = createListeners({ ...options, endpoints });
  const streams = createStreams(options);
  return {
    routes: [
      ...endpointRoutes({ endpoints, signingKeys, wires, sendTest: deliveries.test }),
      ...deliveryRoutes({ db, clock, endpoints, deliveries }),
      ...liveRoutes({ streams, endpoints }),
      ...overviewRoutes({ db, clock }),
    ],
    unfinished: {
      metric: 'outrider_client_certificates',
      help: 'Client certificates of enabled endpoints that have expired, or expire within 30 days.',
      count: () => endingCertificates(db, new Date(clock.now()), new Date(clock.now() + expiresSoonMs)),
    },
    replays: { ...replays, role: 'engine' },
    listeners: {
      routes: listeners.routes,
      everyMinute: listeners.expireListeners,
      endWaiting: () => {
        listeners.end();
        streams.end();
      },
    },
    endpoints,
    deliveries,
    onFailed: createFailureHandler(options),
    onHealth: createHealthHandler(options),
    expire: createExpiry(options),
  };
}
