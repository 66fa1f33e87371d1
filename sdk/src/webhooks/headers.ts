import { invalidArguments, WebhookVerificationError } from './verification-error.ts';

/**
 * Request headers: a plain object, Node's `request.headers`, or the `Headers` of a fetch `Request`. Names are case-insensitive.
 *
 * @example
 * ```ts
 * import type { WebhookHeaders } from '@outrider/sdk/webhooks';
 *
 * const headers: WebhookHeaders = { 'X-Webhook-Signature': '9c1f…', 'webhook-id': '0199c9f4-9d3e-7f66-9b48-2f7d1a5c0e41' };
 * ```
 */
export type WebhookHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | { get(name: string): string | null };

/** Returns a header's value. @throws WebhookVerificationError `missing_header` */
export type ReadHeader = (name: string) => string;

/** @throws WebhookVerificationError `invalid_arguments` when `headers` is not an object. */
export function headerReader(headers: unknown): ReadHeader {
  if (typeof headers !== 'object' || headers === null)
    throw invalidArguments('headers must be an object or a Headers instance.');
  return (name) => {
    const value = valueOf(headers, name);
    if (typeof value !== 'string' || value === '')
      throw new WebhookVerificationError('missing_header', `Header ${name} is missing.`, { header: name });
    return value;
  };
}

function valueOf(headers: object, name: string): unknown {
  if ('get' in headers && typeof headers.get === 'function')
    return (headers as { get(name: string): unknown }).get(name);
  const value: unknown = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  // Joins repeated headers like Headers does.
  return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value.join(', ') : value;
}
