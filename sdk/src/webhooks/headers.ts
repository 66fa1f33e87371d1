import { invalidArguments, WebhookVerificationError } from './verification-error.ts';

/** Names in any case: a plain object, Node's `request.headers`, or the `Headers` of a fetch request. */
export type WebhookHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | { get(name: string): string | null };

/** A header's value. @throws WebhookVerificationError `missing_header` */
export type ReadHeader = (name: string) => string;

/** @throws WebhookVerificationError `invalid_arguments` when these are no headers. */
export function headerReader(headers: unknown): ReadHeader {
  if (typeof headers !== 'object' || headers === null) throw invalidArguments('headers must be an object or Headers.');
  return (name) => {
    const value = valueOf(headers, name);
    if (typeof value !== 'string' || value === '')
      throw new WebhookVerificationError('missing_header', `The header ${name} is missing.`, { header: name });
    return value;
  };
}

function valueOf(headers: object, name: string): unknown {
  if ('get' in headers && typeof headers.get === 'function')
    return (headers as { get(name: string): unknown }).get(name);
  const value: unknown = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  // A header that came more than once, as Headers would say it.
  return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value.join(', ') : value;
}
