/**
 * Why verification failed.
 * - `missing_header`, `malformed_header`: the request is not formatted as this dialect; `header` names the header.
 * - `signature_mismatch`: no signature matches any of the secrets: wrong secret, another sender, or a body that differs from the received bytes.
 * - `too_old`, `too_new`: the signature is valid, but the delivery was sent outside the tolerance: a replay, or a wrong clock.
 * - `invalid_body`: the signature is valid, but the body is not JSON or not an event of this dialect.
 * - `invalid_arguments`: the call is wrong, such as an empty secret or a parsed body. Not the sender's fault.
 *
 * @example
 * ```ts
 * import type { VerificationFailure } from '@outrider/sdk/webhooks';
 *
 * const statusOf = (code: VerificationFailure): number => (code === 'invalid_arguments' ? 500 : 401);
 * ```
 */
export type VerificationFailure =
  | 'missing_header'
  | 'malformed_header'
  | 'signature_mismatch'
  | 'too_old'
  | 'too_new'
  | 'invalid_body'
  | 'invalid_arguments';

/**
 * The only error that `verify` throws. Its message contains no secret and no part of the body.
 *
 * @example
 * ```ts
 * import { verify, WebhookVerificationError } from '@outrider/sdk/webhooks';
 *
 * try {
 *   verify('standard', { headers: {}, rawBody: '{}', secret: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=' });
 * } catch (error) {
 *   if (error instanceof WebhookVerificationError) console.error(error.code, error.header); // missing_header webhook-id
 * }
 * ```
 */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
  readonly code: VerificationFailure;
  /** The header that failed verification, in lower case; undefined when no single header did. */
  readonly header: string | undefined;

  constructor(
    code: VerificationFailure,
    message: string,
    options: { readonly header?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.header = options.header;
  }
}

export const invalidArguments = (message: string, cause?: unknown): WebhookVerificationError =>
  new WebhookVerificationError('invalid_arguments', message, { cause });
