import type { MailboxCheckStage } from './api-types.ts';

export interface OutriderErrorOptions {
  readonly status?: number | undefined;
  readonly code: string;
  readonly details?: Readonly<Record<string, string>> | undefined;
  readonly stages?: readonly MailboxCheckStage[] | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/**
 * A failed call. Branch on `code`; the message is for people.
 *
 * @example
 * ```ts
 * import { OutriderError } from '@outrider/sdk';
 *
 * try {
 *   await outrider.webhooks.create({ target_url: 'ftp://receiver.example', events: ['*'] });
 * } catch (error) {
 *   if (error instanceof OutriderError && error.code === 'validation_failed') console.error(error.details);
 *   else throw error;
 * }
 * ```
 */
export class OutriderError extends Error {
  override readonly name: string = 'OutriderError';
  /** HTTP status; undefined when no response arrived. */
  readonly status: number | undefined;
  /** A code of the API's error catalogue; `unexpected_answer` when something else responded, such as a proxy. */
  readonly code: string;
  /** Invalid field → what is wrong with it. */
  readonly details: Readonly<Record<string, string>>;
  /** When the test of a mailbox failed: all its stages. Empty for other errors. */
  readonly stages: readonly MailboxCheckStage[];
  /** The id under which the server logged the request. */
  readonly requestId: string | undefined;
  /** How long the server asks to wait before the next call. */
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, options: OutriderErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = options.status;
    this.code = options.code;
    this.details = options.details ?? {};
    this.stages = options.stages ?? [];
    this.requestId = options.requestId;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/**
 * No response arrived, so a write may or may not have taken effect. `code` is `connection_failed` or `timeout`.
 *
 * @example
 * ```ts
 * import { OutriderConnectionError } from '@outrider/sdk';
 *
 * const isUnknown = await outrider.events.publish({ event: 'order.paid', data: {} }).then(
 *   () => false,
 *   (error: unknown) => error instanceof OutriderConnectionError,
 * );
 * ```
 */
export class OutriderConnectionError extends OutriderError {
  override readonly name = 'OutriderConnectionError';
}
