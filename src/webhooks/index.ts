import type { KeyObject } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { EgressPolicy, Refusal, Resolve } from '../base/egress.ts';
import type { Ids, OrganizationId } from '../base/ids.ts';
import type { Database, Transaction } from '../db/pool.ts';
import type { DeliveryFailure, Engine } from '../delivery/engine.ts';
import type { Subscriptions } from '../delivery/subscriptions.ts';
import type { Wires } from '../delivery/wire.ts';
import type { Vault } from '../encryption/vault.ts';
import type { Emit, EmitAll, Publisher } from '../events/index.ts';
import type { Route } from '../http/route.ts';
import { createDeliveries, deliveryRoutes } from './deliveries/index.ts';
import type { Deliveries } from './deliveries/index.ts';
import {
  createEndpoints,
  createExpiry,
  createFailureHandler,
  createSigningKeys,
  endpointRoutes,
} from './endpoints/index.ts';
import type { Endpoints } from './endpoints/index.ts';

export interface WebhooksOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly vault: Vault;
  readonly wires: Wires;
  readonly engine: Pick<Engine, 'due' | 'release'>;
  readonly subscriptions: Pick<Subscriptions, 'refresh' | 'get'>;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly emit: Emit;
  readonly emitAll: EmitAll;
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
  readonly onError: (error: unknown, during: string) => void;
}

export interface Webhooks {
  readonly routes: readonly Route[];
  /** For the vendors' APIs, which map the same endpoints and deliveries to other shapes. */
  readonly endpoints: Endpoints;
  readonly deliveries: Deliveries;
  /** The engine calls this in the transaction that records a delivery's final failure. */
  onFailed(tx: Transaction, failure: DeliveryFailure): Promise<void>;
  /** Ends deliveries of events before this id, which retention is about to drop. @returns how many. */
  expire(beforeEvent: string): Promise<number>;
  /** The private key for an organization's ed25519 signatures. */
  signingKeyOf(organizationId: OrganizationId): Promise<KeyObject>;
}

/** Composes endpoints and deliveries. */
export function createWebhooks(options: WebhooksOptions): Webhooks {
  const { db, clock, wires } = options;
  const signingKeys = createSigningKeys(options);
  const endpoints = createEndpoints({ ...options, signingKeys });
  const deliveries = createDeliveries({ ...options, endpoints });
  return {
    routes: [
      ...endpointRoutes({ endpoints, signingKeys, wires, sendTest: deliveries.test }),
      ...deliveryRoutes({ db, clock, endpoints, deliveries }),
    ],
    endpoints,
    deliveries,
    onFailed: createFailureHandler(options),
    expire: createExpiry(options),
    signingKeyOf: (organizationId) => signingKeys.of(organizationId),
  };
}
