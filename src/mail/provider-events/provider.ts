import type { IncomingHttpHeaders } from 'node:http';
import type { CanonicalType } from '../../base/event-types.ts';

/** Event types that a provider can report about a sent message. */
export const providerEventTypes = [
  'email.sent',
  'email.delivered',
  'email.opened',
  'email.clicked',
  'email.bounced',
  'email.complained',
  'email.unsubscribed',
  'email.failed',
] as const satisfies readonly CanonicalType[];

export type ProviderEventType = (typeof providerEventTypes)[number];

/** Fields of `data` that only some types have (src/events/catalogue/email.ts). */
export const detailsOf = {
  'email.sent': [],
  'email.delivered': [],
  'email.opened': ['verdict', 'reasons', 'machine', 'ip', 'user_agent', 'url'],
  'email.clicked': ['verdict', 'reasons', 'machine', 'ip', 'user_agent', 'url'],
  'email.bounced': ['bounce_type', 'reason', 'cause', 'diagnostic'],
  'email.complained': ['feedback_type'],
  'email.unsubscribed': ['method'],
  'email.failed': ['error'],
} as const satisfies Record<ProviderEventType, readonly string[]>;

export type Detail = (typeof detailsOf)[ProviderEventType][number];

/** One event as a provider reports it. */
export interface ProviderEvent {
  readonly type: ProviderEventType;
  /** The provider's id of the message. */
  readonly emailId: string;
  readonly recipient: string | null;
  /** Unix milliseconds; undefined if the provider does not report it. */
  readonly occurredAtMs: number | undefined;
  /** Identifies the event: the same each time the provider posts it, and different from that of its other events. */
  readonly dedupeKey: Buffer;
  /** The details of its type that the provider reports. */
  readonly details: Readonly<Partial<Record<Detail, string | boolean>>>;
}

/**
 * How one provider posts events, as pure functions. `body` is the parsed JSON of `raw`.
 * @example
 * if (!generic.verify(raw, headers, secret)) throw unproved();
 * const events = generic.read(JSON.parse(raw.toString()), raw);
 */
export interface Provider {
  readonly name: string;
  /** Whether the body looks like a post of this provider. */
  recognise(headers: IncomingHttpHeaders, body: unknown): boolean;
  /** Whether the body was signed with this secret; compares in constant time. */
  verify(raw: Buffer, headers: IncomingHttpHeaders, secret: string): boolean;
  /** @throws ApiError `validation_failed` */
  read(body: unknown, raw: Buffer): readonly ProviderEvent[];
}
