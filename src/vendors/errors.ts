import { ApiError, invalid } from '../base/errors.ts';
import type { ErrorDetails } from '../base/errors.ts';
import { unknownField } from '../base/validation-messages.ts';
import { own } from '../base/own.ts';

/**
 * An error with its fields called as this API calls them: `target_url` → `url`; `events.3` follows `events`. Made anew where it has details.
 * A field that is unknown is the caller's own, and stays as it was sent, whatever it is called.
 */
export function inWordsOf(error: ApiError, names: Readonly<Record<string, string>>): ApiError {
  if (error.details === undefined) return error;
  const details: ErrorDetails = Object.fromEntries(
    Object.entries(error.details).map(([path, reason]) => {
      if (reason === unknownField) return [path, reason];
      const [field = '', ...rest] = path.split('.');
      return [[own(names, field) ?? field, ...rest].join('.'), reason];
    }),
  );
  return new ApiError(error.error, error.error === 'validation_failed' ? sentence(details) : error.message, {
    details,
    cause: error.cause,
  });
}

/** `url: is required; events.0: …`, for APIs whose errors are one text. */
export const sentence = (details: ErrorDetails): string =>
  Object.entries(details)
    .map(([field, reason]) => `${field}: ${reason}`)
    .join('; ');

/** So many unknown names are told; the others can be found one after the other. */
const namesTold = 5;

/** @param others names that are taken though they are not `offered`: what was read of an endpoint can be sent back. @throws ApiError `validation_failed` */
export function assertEvents(
  events: readonly string[],
  offered: readonly string[],
  others: readonly string[] = [],
): void {
  const unknown = [...new Set(events)].filter((name) => !offered.includes(name) && !others.includes(name));
  if (unknown.length > 0)
    throw invalid({ events: `unknown: ${unknown.slice(0, namesTold).join(', ')}; known are ${offered.join(', ')}` });
}
