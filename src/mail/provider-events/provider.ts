import type { KeyObject } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { CanonicalType } from '../../base/event-types.ts';
import type { Booking } from './booking.ts';

/** Event types that a provider can report about a sent message, and that are emitted. */
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

/** What a provider reports. `email.rejected`, it refused to send it, is emitted as `email.failed`; the others after it are only stored. */
export const reportTypes = [
  ...providerEventTypes,
  'email.rejected',
  'email.queued',
  'email.deferred',
  'email.subscribed',
  'email.unknown',
] as const;

export type ReportType = (typeof reportTypes)[number];

const emitted: ReadonlySet<string> = new Set(providerEventTypes);

/** The type that a report is emitted as; undefined: it is only stored. */
export const emittedAs = (type: ReportType): ProviderEventType | undefined =>
  type === 'email.rejected' ? 'email.failed' : emitted.has(type) ? (type as ProviderEventType) : undefined;

/** Whether the recipient, or a program, opened the message or a link of it. */
export const isSeen = (type: ReportType): type is 'email.opened' | 'email.clicked' =>
  type === 'email.opened' || type === 'email.clicked';

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
export type Details = Readonly<Partial<Record<Detail, string | boolean | readonly string[]>>>;

/** One event as a provider reports it. */
export interface ProviderEvent {
  readonly type: ReportType;
  /** The provider's id of the message; empty if it reports none. */
  readonly emailId: string;
  /** Message-IDs (RFC 5322 §3.6.4, with angle brackets) that the message has or may have. */
  readonly messageIds?: readonly string[];
  /** The provider's id of the event. */
  readonly eventId?: string | undefined;
  readonly recipient: string | null;
  /** Unix milliseconds; undefined if the provider does not report it. */
  readonly occurredAtMs: number | undefined;
  /** Identifies the event: the same each time the provider posts it, and different from that of its other events. */
  readonly dedupeKey: Buffer;
  /** Whether the provider reports the failure as permanent; undefined: it does not say. */
  readonly hard?: boolean | undefined;
  /** What the recipient's server answered, or the provider's explanation. */
  readonly answer?: string | undefined;
  /** Enhanced status code (RFC 3463) or SMTP reply code, if the provider reports one beside the answer. */
  readonly status?: string | undefined;
  /** The details of its type that the provider reports. */
  readonly details: Details;
  /** Its part of a body with several events; absent: the whole body. */
  readonly part?: Buffer;
}

/** What proves the posts of a source. `Provider.material` checks which members a provider needs. */
export interface Material {
  /** The key of an HMAC. */
  readonly secret?: string | undefined;
  /** Of an ECDSA key pair on P-256: SubjectPublicKeyInfo (DER) in base64. */
  readonly public_key?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** The only topic of Amazon SNS whose messages are accepted. */
  readonly topic_arn?: string | undefined;
}

/** A post, and what is needed to verify it. */
export interface Claim {
  /** The body as received. */
  readonly raw: Buffer;
  /** Its JSON, which is not verified yet. */
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
  /** `token` of the URL. */
  readonly token: string | undefined;
  /** Unix milliseconds; null: whatever its age, to recognize a repeat of a post that is stored. */
  readonly nowMs: number | null;
  /** The public key of a certificate at a URL, which the caller has checked. @throws ApiError `unavailable` */
  readonly certificateKey: (url: string) => Promise<KeyObject | undefined>;
}

/** How one provider posts events, as pure functions. `body` is the parsed JSON of `raw`. */
export interface Provider {
  readonly name: string;
  /**
   * The material of a source, checked, from what its owner sent; `random` makes a secret where the provider lets the receiver choose it.
   * `shown`: the secret that was made.
   * @throws ApiError `validation_failed`
   */
  material(given: Material, random: () => string): { readonly material: Material; readonly shown: string | null };
  /** Whether the body looks like a post of this provider. */
  recognise(headers: IncomingHttpHeaders, body: unknown): boolean;
  /** Whether the owner of the material sent the post, now; compares in constant time. */
  verify(claim: Claim, material: Material): boolean | Promise<boolean>;
  /** @throws ApiError `validation_failed` */
  read(body: unknown, raw: Buffer, headers: IncomingHttpHeaders): readonly ProviderEvent[];
  /** What a body says of meetings; undefined if it is about messages. @throws ApiError `validation_failed` */
  bookings?(body: unknown): readonly Booking[] | undefined;
  /** The URL to call once, by which the receiver agrees to a subscription; of a verified post. */
  confirmation?(body: unknown, material: Material): string | undefined;
  /** The token that the signature covers instead of the body: another body with the same one is forged. */
  tokenOf?(body: unknown): string | undefined;
}

/** How far the time of a signature may be from now. */
export const freshMs = 300_000;

/** Whether Unix seconds in a header or body are near enough to now; null: any. */
export const isFresh = (seconds: unknown, nowMs: number | null): boolean =>
  (typeof seconds === 'string' || typeof seconds === 'number') &&
  /^\d{1,12}$/.test(String(seconds)) &&
  (nowMs === null || Math.abs(Number(seconds) * 1_000 - nowMs) <= freshMs);
