import type { EgressPolicy, Refusal, Resolve } from '../base/egress.ts';
import type { OrganizationId } from '../base/ids.ts';
import type { Transaction } from '../db/pool.ts';
import type { DeliveryFailure, Engine } from '../delivery/engine.ts';
import type { Wires } from '../delivery/wire.ts';
import type { Emitter, Publisher } from '../events/index.ts';
import type { Route } from '../http/route.ts';
import type { Deps, Module } from '../ops/index.ts';
import { createDeliveries, deliveryRoutes } from './deliveries/index.ts';
import type { Deliveries } from './deliveries/index.ts';
import { createEndpoints, createExpiry, createFailureHandler, endpointRoutes } from './endpoints/index.ts';
import type { createSigningKeys, Endpoints } from './endpoints/index.ts';
import { createListeners } from './listeners/index.ts';
import { createReplays } from './replays/index.ts';

export { createSigningKeys } from './endpoints/index.ts';

export interface WebhooksOptions extends Deps, Emitter {
  readonly wires: Wires;
  readonly engine: Engine;
  readonly signingKeys: ReturnType<typeof createSigningKeys>;
  readonly publisher: Pick<Publisher, 'publish'>;
  /** The names of the event types that an organization has registered. */
  readonly ownTypes: (organizationId: OrganizationId) => Promise<readonly string[]>;
  readonly egress: EgressPolicy;
  readonly resolve: Resolve;
  /** Called when a target resolves to an address that may not be called; the refusal's detail is for the operator's log. */
  readonly onRefused: (host: string, refusal: Refusal) => void;
  /** An example of a type's `data`, or a promise of one; undefined if the type does not exist. */
  readonly exampleOf: (type: string, organizationId: OrganizationId) => unknown;
  /** Stores an alert to the people of an organization, in the transaction of the change it reports. */
  readonly alert: (
    tx: Transaction,
    alert: { organizationId: OrganizationId; subject: string; body: string },
  ) => Promise<void>;
  /** 0 to 1, for the jitter of retries. */
  readonly random: () => number;
}

/** Endpoints and deliveries; replays and listeners as modules of their own. */
export interface Webhooks {
  readonly routes: readonly Route[];
  readonly replays: Module;
  readonly listeners: Module;
  /** For the vendors' APIs, which show the same endpoints and deliveries in their own formats. */
  readonly endpoints: Endpoints;
  readonly deliveries: Deliveries;
  /** For `engine.onFailed`: handles a delivery that fails permanently, in the transaction that records it. */
  onFailed(tx: Transaction, failure: DeliveryFailure): Promise<void>;
  /** Ends deliveries of events before this id, which retention is about to drop. @returns how many. */
  expire(beforeEvent: string): Promise<number>;
}

/** Composes endpoints, deliveries, replays and listeners. */
export function createWebhooks(deps: WebhooksOptions): Webhooks {
  const { db, clock, wires, signingKeys, onError } = deps;
  const options = { ...deps, subscriptions: deps.engine.subscriptions };
  const endpoints = createEndpoints(options);
  const deliveries = createDeliveries({ ...options, endpoints });
  const replays = createReplays({ ...options, onError: (error) => onError(error, 'replays') });
  const listeners = createListeners({ ...options, endpoints });
  return {
    routes: [
      ...endpointRoutes({ endpoints, signingKeys, wires, sendTest: deliveries.test }),
      ...deliveryRoutes({ db, clock, endpoints, deliveries }),
    ],
    replays: { ...replays, role: 'engine' },
    listeners: { routes: listeners.routes, everyMinute: listeners.expireListeners, endWaiting: listeners.end },
    endpoints,
    deliveries,
    onFailed: createFailureHandler(options),
    expire: createExpiry(options),
  };
}
