import type { WorkspaceDirectory } from '../auth/index.ts';
import type { Clock } from '../base/clock.ts';
import type { Bus } from '../db/bus.ts';
import type { Database } from '../db/pool.ts';
import type { Engine } from '../delivery/engine.ts';
import type { Wires } from '../delivery/wire.ts';
import type { Route } from '../http/route.ts';
import { createEmit } from './emit.ts';
import type { Emit, EmitAll } from './emit.ts';
import { eventTypeRoutes } from './event-type-routes.ts';
import { createEventTypes } from './event-types.ts';
import type { EventTypes } from './event-types.ts';
import { createPublisher } from './publisher.ts';
import type { Publisher } from './publisher.ts';
import { createPublishing } from './publish.ts';
import type { Publishing } from './publish.ts';
import { createRetention } from './retention.ts';
import { erasureRoutes } from './erasure-routes.ts';
import { eventRoutes } from './routes.ts';

export { catalogue } from './catalogue.ts';
export { example as exampleIds } from './catalogue/built-in.ts';
export type { Emit, EmitAll, Emitted, NewEvent } from './emit.ts';
export { eraseEvents, eraseIdempotencyKeys, eventsBefore, redactEvents } from './erasure.ts';
export type { StoredEvent } from './erasure.ts';
export type { Outcome, Publisher } from './publisher.ts';
export { typePattern } from './publish.ts';
export type { Publishing, Submission } from './publish.ts';

export interface EventsOptions {
  /** For lists and the registry of types, so that a slow list does not delay publishing. */
  readonly apiDb: Database;
  /** The engine's connections: commits of published events, and reads of the schemas they are checked against. */
  readonly publishDb: Database;
  readonly bus: Bus;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly wires: Wires;
  readonly workspaces: WorkspaceDirectory;
  /** How long events are kept. */
  readonly retentionDays: number;
  /** Called after each commit of published events, with their number and the commit's duration. */
  readonly onCommit?: (events: number, ms: number) => void;
}

/** For slices: emits events in the transaction of the change they report. */
export interface Emitter {
  readonly emit: Emit;
  readonly emitAll: EmitAll;
}

export interface Events extends Emitter {
  readonly routes: readonly Route[];
  /** Erases the data of events that are past the retention of their type. */
  everyMinute(nowMs: number): Promise<unknown>;
  /** For the product's own events outside a transaction, without checks. */
  readonly publisher: Publisher;
  /** For callers' events, with the checks of POST /v1/events. */
  readonly publishing: Publishing;
  /** The `data` of a test event; undefined if the type is unknown or has no example. */
  readonly exampleOf: EventTypes['exampleOf'];
  /** The names of the event types that an organization has registered. */
  readonly ownTypes: EventTypes['ownNames'];
}

/**
 * Publishing, emitting and listing events, and the registry of event types.
 * @example
 * const events = createEvents({ apiDb, publishDb, bus, engine, clock, wires, workspaces });
 * await events.publisher.publish({ organizationId, type: 'invoice.paid', data: { amount: 4_200 }, occurredAtMs: clock.now() });
 */
export function createEvents({
  apiDb,
  publishDb,
  bus,
  engine,
  clock,
  wires,
  workspaces,
  retentionDays,
  onCommit,
}: EventsOptions): Events {
  const types = createEventTypes({ apiDb, publishDb, bus, clock });
  const publisher = createPublisher(publishDb, engine, onCommit);
  const publishing = createPublishing({ types, publisher, workspaces, clock, retentionDays });
  const retention = createRetention({ db: apiDb, clock });
  return {
    everyMinute: retention.expire,
    routes: [
      ...eventRoutes({ db: apiDb, publishing }),
      ...erasureRoutes({ db: apiDb, clock, retentionDays }),
      ...eventTypeRoutes({ db: apiDb, types, wires }),
    ],
    ...createEmit(engine),
    publisher,
    publishing,
    exampleOf: (type, organizationId) => types.exampleOf(type, organizationId),
    ownTypes: (organizationId) => types.ownNames(organizationId),
  };
}
