/** Describes a vendor to the suite: how its API is called, what it answers, and what its deliveries look like. */
import type { z } from 'zod';
import type { WireAttempt } from '../../src/delivery/wire.ts';
import type { CanonicalType } from '../../src/base/event-types.ts';
import type { DialectName } from '../../src/vendors/wires.ts';
import type { EndpointRow, HealthRow } from '../../src/webhooks/endpoints/index.ts';
import type { DeliveryView, Fields } from '../harness/caller.ts';

/** One HTTP request without a key. `body`: sent as JSON; text is sent as it is. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** What is wrong with a request. */
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

/** A refusal in the vendor's format. */
export interface Refusal {
  readonly status: number;
  readonly body: z.ZodType;
}

/** An endpoint as it is stored. */
export type Stored = EndpointRow & Partial<HealthRow>;

/** Settings of an endpoint, independent of the vendor's names for them. */
export interface Settings {
  readonly url?: unknown;
  /** In the vendor's names. */
  readonly events?: unknown;
  readonly active?: boolean;
  /** For APIs that accept a caller's own secret. */
  readonly secret?: string;
}

/** A published event. */
export interface Published {
  readonly id: string;
  readonly type: string;
  /** In the published order. */
  readonly data: Fields;
  /** Time of publishing, in ISO 8601 and UTC with milliseconds. */
  readonly at: string;
  readonly organizationId: string;
  readonly workspaceId?: string;
}

/** One attempt. `secret`: as its owner knows it. */
export interface Sent extends Pick<WireAttempt, 'timestampMs'> {
  readonly event: Published;
  readonly deliveryId: string;
  readonly body: string;
  readonly secret: string;
}

export type Headers = Readonly<Record<string, string>>;

export interface Api {
  /** Every place where the key may be. */
  readonly keyPlaces: readonly ((key: string) => Headers)[];
  /** A place where only other vendors' callers put the key. The request is refused, or answered as another API. */
  readonly strangePlace: { readonly headers: (key: string) => Headers; readonly answers: 'refused' | DialectName };
  /** The dialect whose refusal a call without a key gets, where two APIs have the same path. Default: this one. */
  readonly keyless?: DialectName;
  /** The settings in the vendor's names. */
  readonly fields: (settings: Settings) => Fields;
  readonly create: (fields: unknown) => Request;
  readonly list: Request;
  /** The second page, for APIs that have pages. */
  readonly secondPage?: Request;
  readonly get?: (id: string) => Request;
  readonly change?: (id: string, fields: unknown) => Request;
  readonly remove: (id: string) => Request;
  readonly deliveries?: (id: string) => Request;
  /** The id in the form of this API. */
  readonly idOf: (row: Stored) => string;
  /** Malformed ids. */
  readonly badIds: readonly string[];
  /** A well-formed id that does not exist. */
  readonly unknownId: string;

  /** Complete answers, with their status. `secret`: the generated one. */
  readonly created: (row: Stored, secret?: string) => Expected;
  readonly listed: (rows: readonly Stored[], total: number) => Expected;
  readonly secondPageOf?: (rows: readonly Stored[], total: number) => Expected;
  readonly got?: (row: Stored) => Expected;
  readonly changed?: (row: Stored) => Expected;
  readonly removed: Expected;
  readonly listedDeliveries?: (deliveries: readonly DeliveryView[]) => Expected;
  readonly secretOf: (answer: Fields) => unknown;
  readonly secretForm: RegExp;
  /** Whether a caller may set the secret. It is not shown then. */
  readonly takesSecret: boolean;

  readonly refusals: Readonly<Record<Fault, Refusal>>;
  /** Names that `events` must not contain. */
  readonly badEvents: readonly string[];
  /** The quota of each key, in addition to the plan's. */
  readonly quota?: { readonly limit: number; readonly windowMs: number };
}

export interface Expected {
  readonly status: number;
  /** Undefined: no body. */
  readonly body: unknown;
}

/** A mailbox as the native API shows it. */
export type NativeMailbox = Fields & { readonly id: string };

/** Calls of an API for mailboxes. */
export interface MailboxApi {
  readonly path: string;
  /** The id in the form of this API. */
  readonly idOf: (id: string) => string;
  readonly badIds: readonly string[];
  /** The mailbox in the fields of this API. */
  readonly shown: (mailbox: NativeMailbox) => Fields;
  /** The query of the second page of two mailboxes each. `last`: the id of the last one on the first page, in the form of this API. */
  readonly secondPage: (last: string) => string;
  /** The body of a page that is number 1 or 2 of 3 mailboxes, two each. */
  readonly pageOf: (page: 1 | 2, mailboxes: readonly Fields[]) => Fields;
  /** The query of a page of two mailboxes. */
  readonly firstPage: string;
  /** Only for APIs that can connect and change mailboxes: bodies, with their result as the native API shows it. */
  readonly writes?: {
    readonly create: { readonly body: Fields; readonly native: Fields };
    readonly changes: readonly { readonly body: Fields; readonly native: Fields }[];
    /** Bodies that are refused, with the beginning of the message. */
    readonly refused: readonly (readonly [body: Fields, message: RegExp])[];
  };
}

export interface Dialect {
  readonly mailboxes?: MailboxApi;
  readonly name: DialectName;
  readonly api: Api;
  /** The events of the vendor, by canonical type. */
  readonly events: Readonly<Partial<Record<CanonicalType, string>>>;
  /** Whether types that callers publish themselves are delivered. */
  readonly ownTypes: boolean;
  /** The bytes of a delivery. */
  readonly body: (event: Published) => string;
  /** The headers in addition to those of every delivery. */
  readonly headers: (sent: Sent) => Headers;
  /** The verification that the vendor describes for receivers. */
  readonly accepts: (secret: string, headers: Headers, body: string) => boolean;
  /** A caller's own secret that is not a Standard Webhooks key. Undefined: the dialect accepts none. */
  readonly ownSecret: string | undefined;
  /** Seconds before the second, third… attempt. */
  readonly scheduleSeconds: readonly number[];
  readonly timeoutMs: number;
  /** Whether a delivery's last failure disables the endpoint: if nothing else was delivered in the meantime, and if something was. */
  readonly disables: { readonly alone: boolean; readonly recovered: boolean };
}
