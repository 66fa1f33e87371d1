/** What the suite must be told of a vendor: how its API is called, what it answers, and what its deliveries look like. */
import type { z } from 'zod';
import type { WireAttempt } from '../../src/delivery/wire.ts';
import type { CanonicalType } from '../../src/base/event-types.ts';
import type { DialectName } from '../../src/vendors/wires.ts';
import type { EndpointRow, HealthRow } from '../../src/webhooks/endpoints/index.ts';
import type { DeliveryView, Fields } from '../harness/caller.ts';

/** One HTTP request, without its key. `body`: JSON, or text that is sent as it is. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** A way to get a request wrong. */
export type Fault =
  | 'no key'
  | 'bad key'
  | 'no scope'
  | 'no plan'
  | 'not JSON'
  | 'not an object'
  | 'wrong content type'
  | 'no url'
  | 'mistyped url'
  | 'bad url'
  | 'no events'
  | 'bad events'
  | 'unknown field'
  | 'bad id'
  | 'not found'
  | 'too many requests';

/** A refusal in the vendor's own shape. */
export interface Refusal {
  readonly status: number;
  readonly body: z.ZodType;
}

/** An endpoint as the database has it. */
export type Stored = EndpointRow & Partial<HealthRow>;

/** What a caller of this API may set; each dialect has its own names for them. */
export interface Settings {
  readonly url?: unknown;
  /** The vendor's names. */
  readonly events?: unknown;
  readonly active?: boolean;
  /** Of APIs that take a caller's own. */
  readonly secret?: string;
}

/** An event as it was published, and when. */
export interface Published {
  readonly id: string;
  readonly type: string;
  /** In the order in which it was written. */
  readonly data: Fields;
  /** ISO 8601, in UTC, with milliseconds. */
  readonly at: string;
  readonly organizationId: string;
}

/** What one attempt is made of; `secret` as its owner has it. */
export interface Sent extends Pick<WireAttempt, 'timestampMs'> {
  readonly event: Published;
  readonly deliveryId: string;
  readonly body: string;
  readonly secret: string;
}

export type Headers = Readonly<Record<string, string>>;

export interface Api {
  /** Where the key may be; every place. */
  readonly keyPlaces: readonly ((key: string) => Headers)[];
  /** Where other vendors' callers have it and this one's have not. The request is refused, or it is another API's. */
  readonly strangePlace: { readonly headers: (key: string) => Headers; readonly answers: 'refused' | DialectName };
  /** Whose refusal a call without any key gets, where two APIs have the same path and nothing else tells them apart; its own when not said. */
  readonly keyless?: DialectName;
  /** The settings in the vendor's words, and whatever else it needs. */
  readonly fields: (settings: Settings) => Fields;
  readonly create: (fields: unknown) => Request;
  readonly list: Request;
  /** The second page of two, of APIs that have pages. */
  readonly secondPage?: Request;
  readonly get?: (id: string) => Request;
  readonly change?: (id: string, fields: unknown) => Request;
  readonly remove: (id: string) => Request;
  readonly deliveries?: (id: string) => Request;
  /** The id in this API's words. */
  readonly idOf: (row: Stored) => string;
  /** Ids that nothing could have. */
  readonly badIds: readonly string[];
  /** An id that would be possible. */
  readonly unknownId: string;

  /** Answers as a whole, with their status. `secret`: the one that was made. */
  readonly created: (row: Stored, secret?: string) => Expected;
  readonly listed: (rows: readonly Stored[], total: number) => Expected;
  readonly secondPageOf?: (rows: readonly Stored[], total: number) => Expected;
  readonly got?: (row: Stored) => Expected;
  readonly changed?: (row: Stored) => Expected;
  readonly removed: Expected;
  readonly listedDeliveries?: (deliveries: readonly DeliveryView[]) => Expected;
  readonly secretOf: (answer: Fields) => unknown;
  readonly secretForm: RegExp;
  /** A caller may bring a secret along; it is not shown at all then. */
  readonly takesSecret: boolean;

  readonly refusals: Readonly<Record<Fault, Refusal>>;
  /** Names in `events` that this vendor has not. */
  readonly badEvents: readonly string[];
  /** Of each key, beside the plan's. */
  readonly quota?: { readonly limit: number; readonly windowMs: number };
}

export interface Expected {
  readonly status: number;
  /** undefined: none. */
  readonly body: unknown;
}

export interface Dialect {
  readonly name: DialectName;
  readonly api: Api;
  /** What the vendor calls the events it has. */
  readonly events: Readonly<Partial<Record<CanonicalType, string>>>;
  /** Do types that callers make up reach its endpoints? */
  readonly ownTypes: boolean;
  /** The bytes of a delivery. */
  readonly body: (event: Published) => string;
  /** Its headers beside those that every delivery has. */
  readonly headers: (sent: Sent) => Headers;
  /** What the vendor tells its receivers to do, written out. */
  readonly accepts: (secret: string, headers: Headers, body: string) => boolean;
  /** A caller's own secret that is no Standard Webhooks key; undefined: none is taken. */
  readonly ownSecret: string | undefined;
  /** Waits before the second, third… attempt. */
  readonly scheduleSeconds: readonly number[];
  readonly timeoutMs: number;
  /** Is an endpoint disabled when a delivery has used up its schedule: when nothing else arrived meanwhile, and when something did? */
  readonly disables: { readonly alone: boolean; readonly recovered: boolean };
}
