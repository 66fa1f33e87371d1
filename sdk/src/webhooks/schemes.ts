import { createHmac, createPublicKey, timingSafeEqual, verify as verifySignature } from 'node:crypto';
import type { ReadHeader } from './headers.ts';
import { invalidArguments, WebhookVerificationError } from './verification-error.ts';
import type { Dialect } from './webhook-event.ts';

export interface SignedRequest {
  readonly header: ReadHeader;
  readonly body: Uint8Array;
  /** At least one; none is empty. */
  readonly secrets: readonly string[];
}

/** How one dialect signs a delivery, and where it puts the fields of the event. */
export interface Scheme {
  readonly typeField: 'event' | 'type';
  readonly occurredAtField: 'timestamp' | 'occurred_at';
  readonly organizationIdField?: 'organization_id';
  /** Set for dialects that send the delivery's id. */
  readonly deliveryIdHeader?: string;
  /**
   * Verifies the signature with each of the secrets. Returns the time of sending in Unix milliseconds; undefined when the dialect carries none.
   * @throws WebhookVerificationError
   */
  check(request: SignedRequest): number | undefined;
}

/** A sender sends two during a rotation. Limits the work that a forged header can cause. */
const signaturesMax = 16;

/** Compares in constant time for strings of equal length. The length of a signature is not secret. */
function sameText(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function hmacHex(secret: string, ...parts: readonly (string | Uint8Array)[]): string {
  const hmac = createHmac('sha256', secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

const mismatch = (header: string): WebhookVerificationError =>
  new WebhookVerificationError(
    'signature_mismatch',
    `No signature in ${header} matches this body and any of the secrets.`,
    { header },
  );

const malformed = (header: string, wanted: string): WebhookVerificationError =>
  new WebhookVerificationError('malformed_header', `Header ${header} must be ${wanted}.`, { header });

/** Vendor dialects use the secret's text as the HMAC key. A public key must not serve as one: anyone may know it. */
function textKeys(secrets: readonly string[]): readonly string[] {
  if (secrets.some((secret) => secret.startsWith('whpk_')))
    throw invalidArguments('A public key (whpk_…) is accepted only with the dialect standard.');
  return secrets;
}

/** Verifies a hexadecimal signature over the body alone. */
function checkBody({ header, body, secrets }: SignedRequest, name: string, prefix = ''): undefined {
  const keys = textKeys(secrets);
  const given = header(name);
  if (!keys.some((key) => sameText(`${prefix}${hmacHex(key, body)}`, given))) throw mismatch(name);
}

function unixTime(header: string, text: string, unit: 'seconds' | 'milliseconds'): number {
  if (!/^\d{1,15}$/.test(text)) throw malformed(header, `a time in Unix ${unit}`);
  return Number(text) * (unit === 'seconds' ? 1_000 : 1);
}

// standard --------------------------------------------------------------------------------------------

type IsSigned = (content: Uint8Array, signatures: readonly string[]) => boolean;

/** Decodes base64 with or without padding; undefined when the text is not base64. */
function base64Bytes(text: string): Buffer | undefined {
  const complete = text.endsWith('=') ? text.length % 4 === 0 : text.length % 4 !== 1;
  return complete && /^[A-Za-z0-9+/]{2,}={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}

function standardKey(secret: string): IsSigned {
  if (secret.startsWith('whpk_')) {
    const raw = base64Bytes(secret.slice('whpk_'.length));
    if (raw?.length !== 32) throw invalidArguments('A public key must be whpk_ followed by 32 bytes in base64.');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
    return (content, signatures) =>
      signatures.some(
        (signature) =>
          signature.startsWith('v1a,') &&
          verifySignature(null, content, key, Buffer.from(signature.slice(4), 'base64')),
      );
  }
  const key = base64Bytes(secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : secret);
  if (key === undefined)
    throw invalidArguments('A secret of the dialect standard must be base64, with or without the prefix whsec_.');
  return (content, signatures) => {
    const expected = `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
    return signatures.some((signature) => sameText(expected, signature));
  };
}

/** Standard Webhooks 1.0.0, "Signature scheme": `v1` with a secret, `v1a` with a public key. */
function checkStandard({ header, body, secrets }: SignedRequest): number {
  const keys = secrets.map(standardKey);
  const id = header('webhook-id');
  const timestamp = header('webhook-timestamp');
  const signatures = header('webhook-signature').split(' ').slice(0, signaturesMax);
  const sentAtMs = unixTime('webhook-timestamp', timestamp, 'seconds');
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  if (!keys.some((isSigned) => isSigned(content, signatures))) throw mismatch('webhook-signature');
  return sentAtMs;
}

// warmysender -----------------------------------------------------------------------------------------

/**
 * `t=<Unix ms>,v1=<hex>,v1=<hex>` over `t.body`. The vendor's second header signs the body alone. Accepting it in place of this one
 * would let anyone replay an old delivery by omitting this header.
 */
function checkWarmy({ header, body, secrets }: SignedRequest): number {
  const name = 'x-warmy-signature';
  const keys = textKeys(secrets);
  const parts = header(name)
    .split(',')
    .map((part) => part.trim());
  const [time, ...otherTimes] = parts.filter((part) => part.startsWith('t='));
  if (time === undefined || otherTimes.length > 0) throw malformed(name, 't=<Unix milliseconds>,v1=<signature>');
  const timestamp = time.slice(2);
  const sentAtMs = unixTime(name, timestamp, 'milliseconds');
  const signatures = parts.filter((part) => part.startsWith('v1=')).slice(0, signaturesMax);
  const expected = keys.map((key) => `v1=${hmacHex(key, `${timestamp}.`, body)}`);
  if (!expected.some((each) => signatures.some((given) => sameText(each, given)))) throw mismatch(name);
  return sentAtMs;
}

// -----------------------------------------------------------------------------------------------------

export const schemes = {
  standard: { typeField: 'type', occurredAtField: 'timestamp', check: checkStandard },
  defrost: {
    typeField: 'event',
    occurredAtField: 'occurred_at',
    organizationIdField: 'organization_id',
    deliveryIdHeader: 'x-defrost-delivery-id',
    check(request) {
      const name = 'x-defrost-timestamp';
      checkBody(request, 'x-defrost-signature', 'sha256=');
      // The timestamp is not signed: it detects late deliveries, not an attacker who replays an old delivery with a new timestamp.
      return unixTime(name, request.header(name), 'seconds');
    },
  },
  foxreach: {
    typeField: 'event',
    occurredAtField: 'timestamp',
    check: (request) => checkBody(request, 'x-webhook-signature'),
  },
  mailpanda: {
    typeField: 'event',
    occurredAtField: 'timestamp',
    check: (request) => checkBody(request, 'x-webhook-signature'),
  },
  warmysender: { typeField: 'type', occurredAtField: 'timestamp', check: checkWarmy },
  driftwood: {
    typeField: 'event',
    occurredAtField: 'timestamp',
    deliveryIdHeader: 'x-driftwood-delivery',
    check: (request) => checkBody(request, 'x-driftwood-signature', 'sha256='),
  },
} as const satisfies Record<Dialect, Scheme>;
