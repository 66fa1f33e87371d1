import { headerReader } from './headers.ts';
import type { WebhookHeaders } from './headers.ts';
import { schemes } from './schemes.ts';
import type { Scheme } from './schemes.ts';
import { invalidArguments, WebhookVerificationError } from './verification-error.ts';
import type { Dialect, WebhookEvent } from './webhook-event.ts';

export interface VerifyOptions {
  readonly headers: WebhookHeaders;
  /** The body as it came, before any JSON parser: text or bytes. */
  readonly rawBody: string | Uint8Array;
  /** The endpoint's signing secret; several while one is rotated. `standard` also takes public keys (`whpk_…`). */
  readonly secret: string | readonly string[];
  /** How far from now a delivery may say it was sent, 300 when not said; Infinity: as far as it likes. `foxreach`, `mailpanda` and `driftwood` do not say. */
  readonly toleranceSeconds?: number | undefined;
  /** Unix milliseconds; the system's clock when not said. */
  readonly nowMs?: number | undefined;
}

/**
 * Proves that a request is a delivery of an endpoint with this secret, and answers its event.
 * @throws WebhookVerificationError, and nothing else, whatever it is given.
 */
export function verify<D extends Dialect, Own extends object = object>(
  dialect: D,
  options: VerifyOptions,
): WebhookEvent<D, Own> {
  try {
    // That it has the fields of its type is the sender's word, which the signature proves.
    return verified(dialect, options) as unknown as WebhookEvent<D, Own>;
  } catch (error) {
    throw error instanceof WebhookVerificationError ? error : invalidArguments('An argument cannot be read.', error);
  }
}

function verified(dialect: unknown, options: unknown) {
  const scheme = schemeOf(dialect);
  const { header, body, secrets, toleranceMs, nowMs } = checked(options);
  const sentAtMs = scheme.check({ header, body, secrets });
  if (sentAtMs !== undefined) checkAge(sentAtMs, toleranceMs, nowMs);
  return {
    ...eventOf(scheme, body),
    id: header('webhook-id'),
    ...(scheme.deliveryIdHeader === undefined ? {} : { deliveryId: header(scheme.deliveryIdHeader) }),
  };
}

function schemeOf(dialect: unknown): Scheme {
  if (typeof dialect !== 'string' || !Object.hasOwn(schemes, dialect))
    throw invalidArguments(`The dialect must be one of ${Object.keys(schemes).join(', ')}.`);
  return schemes[dialect as keyof typeof schemes];
}

/** From here on the arguments are what their types say, also for callers without types. */
function checked(options: unknown) {
  if (typeof options !== 'object' || options === null)
    throw invalidArguments('verify needs { headers, rawBody, secret }.');
  const {
    headers,
    rawBody,
    secret,
    toleranceSeconds = 300,
    nowMs = Date.now(),
  } = options as Readonly<Record<string, unknown>>;
  if (typeof toleranceSeconds !== 'number' || !(toleranceSeconds >= 0))
    throw invalidArguments('toleranceSeconds must be a number of seconds, or Infinity.');
  if (typeof nowMs !== 'number' || Number.isNaN(nowMs)) throw invalidArguments('nowMs must be a number.');
  return {
    header: headerReader(headers),
    body: bytesOf(rawBody),
    secrets: secretsOf(secret),
    toleranceMs: toleranceSeconds * 1_000,
    nowMs,
  };
}

function bytesOf(rawBody: unknown): Buffer {
  if (typeof rawBody === 'string') return Buffer.from(rawBody);
  // Not instanceof: test runners give their own Uint8Array to what runs in them.
  if (ArrayBuffer.isView(rawBody)) return Buffer.from(rawBody.buffer, rawBody.byteOffset, rawBody.byteLength);
  throw invalidArguments('rawBody must be the body as it came: text or bytes, not what a JSON parser made of it.');
}

/** An empty secret would make everybody a sender. */
function secretsOf(secret: unknown): readonly string[] {
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
  if (secrets.length === 0 || !secrets.every((each): each is string => typeof each === 'string' && each !== '')) {
    throw invalidArguments('secret must be text that is not empty, or a list of such.');
  }
  return secrets;
}

function checkAge(sentAtMs: number, toleranceMs: number, nowMs: number): void {
  const ageMs = nowMs - sentAtMs;
  const seconds = Math.round(Math.abs(ageMs) / 1_000);
  if (ageMs > toleranceMs)
    throw new WebhookVerificationError('too_old', `Sent ${seconds} s ago, of ${toleranceMs / 1_000} s allowed.`);
  if (ageMs < -toleranceMs)
    throw new WebhookVerificationError(
      'too_new',
      `Sent ${seconds} s ahead of this clock, of ${toleranceMs / 1_000} s allowed.`,
    );
}

function eventOf(scheme: Scheme, bytes: Buffer) {
  const body = recordOf(parsed(bytes), 'The body');
  const type = textOf(body, scheme.typeField);
  const occurredAt = new Date(textOf(body, scheme.occurredAtField));
  if (Number.isNaN(occurredAt.getTime())) throw invalidBody(`${scheme.occurredAtField} is not a time`);
  return {
    type,
    data: recordOf(body['data'], 'data'),
    occurredAt,
    sandbox: body['sandbox'] === true,
    ...(scheme.organizationIdField === undefined ? {} : { organizationId: textOf(body, scheme.organizationIdField) }),
  };
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    // The parser's own message quotes the body.
    throw invalidBody('it is not JSON');
  }
}

function recordOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidBody(`${what} is not an object`);
  return value as Readonly<Record<string, unknown>>;
}

function textOf(body: Readonly<Record<string, unknown>>, field: string): string {
  const value = body[field];
  if (typeof value !== 'string') throw invalidBody(`${field} is not text`);
  return value;
}

const invalidBody = (reason: string): WebhookVerificationError =>
  new WebhookVerificationError(
    'invalid_body',
    `The signature is genuine, but the body is not an event of this dialect: ${reason}.`,
  );
