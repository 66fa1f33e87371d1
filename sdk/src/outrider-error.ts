export interface OutriderErrorOptions {
  readonly status?: number | undefined;
  readonly code: string;
  readonly details?: Readonly<Record<string, string>> | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/** A call that did not do what it should. The message is for people; decide by `code`. */
export class OutriderError extends Error {
  override readonly name: string = 'OutriderError';
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** Of the API's catalogue of errors; `unexpected_answer` when somebody else answered, such as a proxy. */
  readonly code: string;
  /** Each wrong field and what is wrong with it. */
  readonly details: Readonly<Record<string, string>>;
  /** Under this the server's log tells more. */
  readonly requestId: string | undefined;
  /** How long the server asks to be left alone. */
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, options: OutriderErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = options.status;
    this.code = options.code;
    this.details = options.details ?? {};
    this.requestId = options.requestId;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** No answer came, so a write may have been done or not. `code` is `connection_failed` or `timeout`. */
export class OutriderConnectionError extends OutriderError {
  override readonly name = 'OutriderConnectionError';
}
