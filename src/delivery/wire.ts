import type { KeyObject } from 'node:crypto';
import type { DeliveryId, EventId, OrganizationId } from '../base/ids.ts';

/** An event as a dialect sees it. `data` is the event's JSON text, byte for byte as it was published. */
export interface WireEvent {
  readonly id: EventId;
  readonly organizationId: OrganizationId;
  readonly type: string;
  readonly data: Buffer;
  readonly occurredAtMs: number;
  readonly sandbox: boolean;
}

/** A signing secret as the caller has it, and the key the Standard Webhooks signature takes from it. */
export interface SigningSecret {
  readonly text: string;
  /** The characters as they are, as a key. */
  readonly textKey: KeyObject;
  /** The bytes after an optional `whsec_`; null when they are not base64. KeyObjects: an HMAC keyed by a Buffer costs 6 × as much in Node 24. */
  readonly key: KeyObject | null;
}

/** Everything one attempt is signed with. */
export interface WireAttempt {
  /** For the headers in which vendors carry a delivery's own id; the same at every attempt. */
  readonly deliveryId: DeliveryId;
  readonly event: WireEvent;
  readonly body: Buffer;
  /** Unix milliseconds at which this attempt is sent. */
  readonly timestampMs: number;
  /** The current secret, then the previous one while a rotation overlaps. */
  readonly secrets: readonly [SigningSecret, ...SigningSecret[]];
  /** One of them: makes the headers that have room for one signature. */
  readonly loneSecret: SigningSecret;
  /** Set when the endpoint asked for ed25519. */
  readonly signingKey: KeyObject | undefined;
}

/** The dialects in which deliveries can be formatted, by name. */
export type Wires = ReadonlyMap<string, Wire>;

/**
 * How one vendor's deliveries are spoken: pure functions. The Standard Webhooks headers are the engine's and come on top of `headers`.
 */
export interface Wire {
  readonly name: string;
  /** Waits before the second, third… attempt, in seconds. */
  readonly retryScheduleSeconds: readonly number[];
  /** Whole exchange, in milliseconds. */
  readonly timeoutMs: number;
  /** What a used-up schedule does to the endpoint. `unless_recovered`: nothing, if anything was delivered since that delivery began. */
  readonly whenExhausted: 'disable' | 'disable_unless_recovered' | 'nothing';
  /** What a caller's own secret must be: 16 characters or more, `whsec_` and 24 to 64 bytes in base64, or anything. */
  readonly ownSecret: 'strong' | 'standard' | 'any';
  /** What this dialect's own headers begin with: no endpoint may set such a one. */
  readonly headerPrefixes: readonly string[];
  /** The dialect's name of a canonical or custom type; undefined: an endpoint of this dialect never receives it. */
  eventName(type: string): string | undefined;
  /** The same bytes for every endpoint and attempt of an event. */
  body(event: WireEvent): Buffer;
  headers(attempt: WireAttempt): Record<string, string>;
  /** A new signing secret in the vendor's form. */
  newSecret(): string;
}
