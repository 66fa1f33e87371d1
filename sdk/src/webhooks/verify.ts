import { headerReader } from './headers.ts';
import type { WebhookHeaders } from './headers.ts';
import { schemes } from './schemes.ts';
import type { Scheme } from './schemes.ts';
import { invalidArguments, WebhookVerificationError } from './verification-error.ts';
import type { Dialect, WebhookEvent } from './webhook-event.ts';

/**
 * The request to verify, and the secret to verify it with.
 *
 * @example
 * ```ts
 * import type { VerifyOptions } from '@outrider/sdk/webhooks';
 *
 * const optionsOf = async (request: Request): Promise<VerifyOptions> => ({
 *   headers: request.headers,
 *   rawBody: await request.text(),
 *   secret: process.env['WEBHOOK_SECRET'] ?? '',
 *   toleranceSeconds: 60,
 * });
 * ```
 */
export interface VerifyOptions {
  readonly headers: WebhookHeaders;
  /** The received body before JSON parsing, as text or bytes. */
  readonly rawBody: string | Uint8Array;
  /** The endpoint's signing secret, or several during a rotation. `standard` also accepts public keys (`whpk_…`). */
  readonly secret: string | readonly string[];
  /** Largest accepted difference between `nowMs` and the time of sending. Default: 300; Infinity disables the check. `foxreach`, `mailpanda` and `driftwood` carry no time of sending. */
  readonly toleranceSeconds?: number | undefined;
  /** Unix milliseconds. Default: the system clock. */
  readonly nowMs?: number | undefined;
}

/**
 * Verifies that a request was sent by an endpoint with this secret, and returns its event.
 * `Own` types the events that you publish yourself: name → data.
 * @throws WebhookVerificationError, and nothing else, whatever the arguments.
 *
 * @example
 * ```ts
 * import { verify } from '@outrider/sdk/webhooks';
 *
 * export async function POST(request: Request): Promise<Response> {
 *   const secret = process.env['WEBHOOK_SECRET'] ?? '';
 *   const event = verify('standard', { headers: request.headers, rawBody: await request.text(), secret });
 *   if (event.type === 'reply.received') console.log(event.data.from);
 *   return new Response(null, { status: 204 });
 * }
 * ```
 */
export function verify<D extends Dialect, Own extends object = object>(
  dialect: D,
  options: VerifyOptions,
): WebhookEvent<D, Own> {
  try {
    // The fields of the type are not checked: the signature proves that Outrider sent them.
    return verified(dialect, options) as unknown as WebhookEvent<D, Own>;
  } catch (error) {
    throw error instanceof WebhookVerificationError ? error : invalidArguments('An argument could not be read.', error);
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

/** Validates the arguments, for callers without type checking. */
function checked(options: unknown) {
  if (typeof options !== 'object' || options === null)
    throw invalidArguments('verify requires { headers, rawBody, secret }.');
  const {
    headers,
    rawBody,
    secret,
    toleranceSeconds = 300,
    nowMs = Date.now(),
  } = options as Readonly<Record<string, unknown>>;
  if (typeof toleranceSeconds !== 'number' || !(toleranceSeconds >= 0))
    throw invalidArguments('toleranceSeconds must be a number of seconds or Infinity.');
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
  // Not instanceof: test runners such as Jest run code with another Uint8Array class.
  if (ArrayBuffer.isView(rawBody)) return Buffer.from(rawBody.buffer, rawBody.byteOffset, rawBody.byteLength);
  throw invalidArguments('rawBody must be the received body as text or bytes, before JSON parsing.');
}

/** Rejects empty secrets: anyone could sign with them. */
function secretsOf(secret: unknown): readonly string[] {
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
  if (secrets.length === 0 || !secrets.every((each): each is string => typeof each === 'string' && each !== '')) {
    throw invalidArguments('secret must be a non-empty string or a list of non-empty strings.');
  }
  return secrets;
}

function checkAge(sentAtMs: number, toleranceMs: number, nowMs: number): void {
  const ageMs = nowMs - sentAtMs;
  const seconds = Math.round(Math.abs(ageMs) / 1_000);
  if (ageMs > toleranceMs)
    throw new WebhookVerificationError(
      'too_old',
      `Sent ${seconds} s ago; at most ${toleranceMs / 1_000} s are allowed.`,
    );
  if (ageMs < -toleranceMs)
    throw new WebhookVerificationError(
      'too_new',
      `Sent ${seconds} s in the future; at most ${toleranceMs / 1_000} s are allowed.`,
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
    // Drop the parser's message: it quotes the body.
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
  if (typeof value !== 'string') throw invalidBody(`${field} is not a string`);
  return value;
}

const invalidBody = (reason: string): WebhookVerificationError =>
  new WebhookVerificationError(
    'invalid_body',
    `The signature is valid, but the body is not an event of this dialect: ${reason}.`,
  );
