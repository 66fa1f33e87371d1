import type { KeyObject } from 'node:crypto';
import type { DeliveryId, EventId, OrganizationId, WorkspaceId } from '../base/ids.ts';

/** An event as a wire formats it. `data` is the event's JSON text, byte for byte as it was published. */
export interface WireEvent {
  readonly id: EventId;
  readonly organizationId: OrganizationId;
  readonly workspaceId?: WorkspaceId | undefined;
  readonly type: string;
  readonly data: Buffer;
  readonly occurredAtMs: number;
  /** Of the publisher's request (W3C Trace Context). */
  readonly traceparent?: string | undefined;
  readonly sandbox: boolean;
}

/** A signing secret as the caller knows it, and the keys derived from it. */
export interface SigningSecret {
  readonly text: string;
  /** A key of the text's UTF-8 bytes. */
  readonly textKey: KeyObject;
  /**
   * A key of the decoded bytes after an optional `whsec_`, for Standard Webhooks; null if they are not base64. A KeyObject, because an HMAC
   * keyed by a Buffer costs 6 × as much in Node 24.
   */
  readonly key: KeyObject | null;
}

/** One attempt, with everything needed to sign it. */
export interface WireAttempt {
  /** For vendors that send a delivery's own id in a header; the same in every attempt. */
  readonly deliveryId: DeliveryId;
  readonly event: WireEvent;
  readonly body: Buffer;
  /** Unix milliseconds at which this attempt is sent. */
  readonly timestampMs: number;
  /** The current secret, then the previous one while a rotation overlaps. */
  readonly secrets: readonly [SigningSecret, ...SigningSecret[]];
  /** One of `secrets`, for headers that carry a single signature. */
  readonly loneSecret: SigningSecret;
  /** Set for endpoints that sign with ed25519. */
  readonly signingKey: KeyObject | undefined;
}

/** The dialects in which deliveries can be formatted, by name. */
export type Wires = ReadonlyMap<string, Wire>;

/**
 * How deliveries are formatted for one vendor: pure functions. The engine adds the Standard Webhooks headers to `headers`.
 */
export interface Wire {
  readonly name: string;
  /** Waits before the second, third… attempt, in seconds. */
  readonly retryScheduleSeconds: readonly number[];
  /** Whole exchange, in milliseconds. */
  readonly timeoutMs: number;
  /** What an exhausted schedule does to the endpoint. `disableUnlessRecovered`: nothing if anything was delivered since that delivery was created. */
  readonly whenExhausted: 'disable' | 'disableUnlessRecovered' | 'nothing';
  /** The rule for a caller's own secret: 16 characters or more, `whsec_` and 24 to 64 bytes in base64, or anything. */
  readonly ownSecret: 'strong' | 'standard' | 'any';
  /** Prefixes of this dialect's own headers, which endpoints must not set. */
  readonly headerPrefixes: readonly string[];
  /** The dialect's name of a canonical or custom type; undefined: an endpoint of this dialect never receives it. */
  eventName(type: string): string | undefined;
  /** The same bytes for every endpoint and attempt of an event. */
  body(event: WireEvent): Buffer;
  headers(attempt: WireAttempt): Record<string, string>;
  /** A new signing secret in the vendor's form. */
  newSecret(): string;
}
