import type { IncomingHttpHeaders } from 'node:http';
import type { CanonicalType } from '../../base/event-types.ts';

/** What can be said of a message that was sent. */
export const inboundTypes = [
  'email.sent',
  'email.delivered',
  'email.opened',
  'email.clicked',
  'email.bounced',
  'email.complained',
  'email.unsubscribed',
  'email.failed',
] as const satisfies readonly CanonicalType[];

export type InboundType = (typeof inboundTypes)[number];

/** Fields of `data` that only some types have (src/events/catalogue/email.ts). */
export const detailsOf = {
  'email.sent': [],
  'email.delivered': [],
  'email.opened': ['machine', 'ip', 'user_agent', 'url'],
  'email.clicked': ['machine', 'ip', 'user_agent', 'url'],
  'email.bounced': ['bounce_type', 'reason', 'diagnostic'],
  'email.complained': ['feedback_type'],
  'email.unsubscribed': ['method'],
  'email.failed': ['error'],
} as const satisfies Record<InboundType, readonly string[]>;

export type Detail = (typeof detailsOf)[InboundType][number];

/** One event as a provider tells it. */
export interface InboundEvent {
  readonly type: InboundType;
  /** The provider's id of the message. */
  readonly emailId: string;
  readonly recipient: string | null;
  /** Unix milliseconds; undefined: the provider does not say. */
  readonly occurredAtMs: number | undefined;
  /** The same whenever the provider posts the same event, and of no other of its events. */
  readonly dedupeKey: Buffer;
  /** What is known of the details of its type. */
  readonly details: Readonly<Partial<Record<Detail, string | boolean>>>;
}

/** How one provider posts: pure functions. `body` is the parsed JSON of `raw`. */
export interface Provider {
  readonly name: string;
  /** Does this look like a post of the provider? */
  recognise(headers: IncomingHttpHeaders, body: unknown): boolean;
  /** Was it signed with this secret? In constant time. */
  verify(raw: Buffer, headers: IncomingHttpHeaders, secret: string): boolean;
  /** @throws ApiError `validation_failed` */
  read(body: unknown, raw: Buffer): readonly InboundEvent[];
}
