import { createHmac, createSecretKey, sign as signBytes, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { SigningSecret, WireAttempt } from './wire.ts';

/** With padding or, as the public libraries accept it, without. Not URL-safe base64, which those libraries refuse. */
const isBase64 = (text: string): boolean =>
  /^[A-Za-z0-9+/]{2,}(={0,2})$/.test(text) && (text.endsWith('=') ? text.length % 4 === 0 : text.length % 4 !== 1);

/** Derives the keys of a secret. One that does not decode as base64 has no Standard Webhooks key, so only its vendor's signature is sent. */
export const signingSecret = (text: string): SigningSecret => new LazySecret(text);

/** Most endpoints in memory send nothing for long, and a KeyObject takes half a kilobyte: keys are derived when they are first used. */
class LazySecret implements SigningSecret {
  readonly text: string;
  #textKey: KeyObject | undefined;
  #key: KeyObject | null | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get textKey(): KeyObject {
    return (this.#textKey ??= createSecretKey(this.text, 'utf8'));
  }

  get key(): KeyObject | null {
    if (this.#key === undefined) {
      const encoded = this.text.startsWith('whsec_') ? this.text.slice(6) : this.text;
      this.#key = isBase64(encoded) ? createSecretKey(Buffer.from(encoded, 'base64')) : null;
    }
    return this.#key;
  }
}

/**
 * Returns `webhook-id`, `webhook-timestamp` and, if a secret has a key, `webhook-signature` (Standard Webhooks 1.0.0, "Signature scheme").
 * The id is the event's: it identifies the message, so a replay of a delivered event carries it again and the receiver can drop it.
 */
export function standardHeaders({
  event,
  timestampMs,
  body,
  secrets,
  signingKey,
}: WireAttempt): Record<string, string> {
  const timestamp = String(Math.floor(timestampMs / 1_000));
  const prefix = `${event.id}.${timestamp}.`;
  const signatures: string[] = [];
  for (const { key } of secrets) {
    if (key !== null) signatures.push(`v1,${createHmac('sha256', key).update(prefix).update(body).digest('base64')}`);
  }
  if (signingKey !== undefined)
    signatures.push(
      `v1a,${signBytes(null, Buffer.concat([Buffer.from(prefix), body]), signingKey).toString('base64')}`,
    );
  return {
    'webhook-id': event.id,
    'webhook-timestamp': timestamp,
    ...(signatures.length > 0 ? { 'webhook-signature': signatures.join(' ') } : {}),
  };
}

/**
 * Whether a body that was received is signed with a secret by the same scheme. Several signatures are allowed, of a sender that changes its
 * secret; versions other than `v1` are passed over.
 */
export function isStandardSigned(
  received: { readonly id: string; readonly timestamp: string; readonly signatures: string; readonly body: Buffer },
  secret: string,
): boolean {
  const { key } = signingSecret(secret);
  if (key === null) return false;
  const expected = createHmac('sha256', key).update(`${received.id}.${received.timestamp}.`).update(received.body);
  const digest = expected.digest();
  return received.signatures.split(' ').some((signature) => {
    const [, encoded] = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(signature) ?? [];
    return encoded !== undefined && timingSafeEqual(Buffer.from(encoded, 'base64'), digest);
  });
}
