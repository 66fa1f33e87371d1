import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { AddressLimit } from './address-limit.ts';
import type { Gate } from './authentication.ts';
import type { BodyBudget } from './body-budget.ts';
import { bodyBytesMax } from './body.ts';
import type { Call } from './call.ts';
import type { ConnectionLimit } from './connection-limit.ts';
import { native } from './error-answer.ts';
import type { RequestDatabase } from '../db/request-database.ts';
import type { Idempotency } from './idempotency.ts';
import type { LargeBodies } from './large-bodies.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { RequestsInProgress } from './requests-in-progress.ts';
import { isCounted } from './route.ts';
import type { Caller, Reply, Route, Surface } from './route.ts';

/** What the steps of every request share: one per server. */
export interface Edge {
  readonly gate: Gate;
  readonly rateLimiter: RateLimiter;
  readonly addressLimit: AddressLimit;
  readonly bodies: BodyBudget;
  readonly largeBodies: LargeBodies;
  readonly inProgress: RequestsInProgress;
  readonly connections: ConnectionLimit;
  readonly timeouts: Timeouts;
  readonly clock: Clock;
  readonly log: Logger;
  readonly nextRequestId: () => string;
  /** Answers a request that cannot be parsed or arrives too slowly, and closes its connection. */
  readonly refuseBroken: (error: NodeJS.ErrnoException, socket: Socket) => void;
  /** Runs a request's work on behalf of its organization, so that it takes turns with the work of others. */
  readonly onBehalfOf: (<T>(organization: string, work: () => T) => T) | undefined;
  /** Carries out requests with an `Idempotency-Key` once. */
  readonly idempotency: Idempotency | undefined;
  /** Carries out changes with `If-Match` in one transaction. */
  readonly db: Pick<RequestDatabase, 'asOne'> | undefined;
  /** True once the server closes: each connection ends with its reply. */
  closing: boolean;
}

export interface Timeouts {
  /** From a request's first byte to the end of its headers. */
  readonly headersMs: number;
  /** From the end of a request's headers to the end of its body. */
  readonly requestMs: number;
  /** The same for a streamed body, such as a file. */
  readonly streamMs: number;
  /** Longer than the idle timeout of common load balancers (60 s), so that they close first, not we. */
  readonly keepAliveMs: number;
  /** For the caller to read a response, plus a second for each 64 KiB of it. */
  readonly readMs: number;
  /** How often `headersMs` and `streamMs` are checked. */
  readonly checkMs: number;
}

/** A route with everything computed once. */
export interface Entry {
  readonly route: Route;
  readonly surface: Surface;
  readonly takesBody: boolean;
  readonly bytesMax: number;
  /** True for an API, where requests are counted and unknown fields refused; false for pages and probes. */
  readonly counted: boolean;
  readonly handle: (call: Call, caller: Caller | undefined) => Promise<Reply> | Reply;
  /** Of a route that changes a record: the route that reads it. */
  readonly reader: Route | undefined;
}

export const entryOf = (route: Route, reader?: Route): Entry => ({
  route,
  surface: route.surface ?? native,
  takesBody: route.method !== 'GET' && route.ignoresBody === undefined,
  bytesMax: route.bodyBytesMax ?? bodyBytesMax,
  counted: isCounted(route),
  // The handler's types follow from the schemas, which have parsed the request by then.
  handle: route.handle as unknown as Entry['handle'],
  reader,
});

/** Owner of what is not attributed to an organization. */
export const anyone = 'anyone';
