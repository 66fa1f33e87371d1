/**
 * Why a request is not taken for a delivery.
 * - `missing_header`, `malformed_header`: the request does not look like one of this dialect; `header` names which.
 * - `signature_mismatch`: none of the signatures is by any of the secrets. Another secret, another sender, or a body that is not the bytes as they came.
 * - `too_old`, `too_new`: genuine, but sent further from now than the tolerance: a replay, or a clock that is wrong.
 * - `invalid_body`: genuine, but not JSON, or not an event of this dialect.
 * - `invalid_arguments`: the call itself is wrong, such as an empty secret or a parsed body. Not the sender's fault.
 */
export type VerificationFailure =
  | 'missing_header'
  | 'malformed_header'
  | 'signature_mismatch'
  | 'too_old'
  | 'too_new'
  | 'invalid_body'
  | 'invalid_arguments';

/** The one error that `verify` throws. Its message holds no secret and nothing of the body. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
  readonly code: VerificationFailure;
  /** The header at fault, in lower case. */
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
