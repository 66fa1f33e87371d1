import { alreadyExists, notFound } from '../base/errors.ts';
import type { ApiError, ErrorDetails, FieldFault } from '../base/errors.ts';
import { own } from '../base/own.ts';

/** The names that one vendor's API has for Outrider's records and fields. */
export interface Words {
  /** Kind of record → the vendor's name, such as `Endpoint` → `Webhook`. */
  readonly records: Readonly<Record<string, string>>;
  /** Field → the vendor's name: of a whole path (`contact_ids.0`), or of the first part of a path (`target_url`). */
  readonly fields: Readonly<Record<string, string>>;
}

/** An error in a vendor's words. */
export interface Worded {
  readonly message: string;
  readonly details: ErrorDetails;
  readonly faults: Readonly<Record<string, FieldFault>>;
}

/**
 * Rewords an error for a vendor's callers. Fields that no schema defines keep the caller's names, even where they look like native ones.
 *
 * @example
 * inWordsOf(notFound('Endpoint'), { records: { Endpoint: 'Webhook' }, fields: {} }).message; // 'Webhook not found.'
 */
export function inWordsOf(error: ApiError, words: Words): Worded {
  const { details: given, faults = {} } = error.data;
  const reworded = <Value>(byPath: Readonly<Record<string, Value>> = {}): Readonly<Record<string, Value>> =>
    Object.fromEntries(
      Object.entries(byPath).map(([path, value]) => [
        own(faults, path) === 'unknown' ? path : fieldIn(words, path),
        value,
      ]),
    );
  const details = reworded(given);
  const isInvalid = error.error === 'validation_failed' && given !== undefined;
  return { message: isInvalid ? sentence(details) : messageIn(words, error), details, faults: reworded(faults) };
}

function messageIn(words: Words, { error, message, data: { resource = '', field, value } }: ApiError): string {
  const record = own(words.records, resource);
  if (record !== undefined && error === 'not_found') return notFound(record).message;
  if (record !== undefined && field !== undefined && value !== undefined)
    return alreadyExists(record, fieldIn(words, field), value).message;
  return message;
}

/** A field's path in a vendor's words. */
export function fieldIn({ fields }: Words, path: string): string {
  const [first = '', ...rest] = path.split('.');
  return own(fields, path) ?? [own(fields, first) ?? first, ...rest].join('.');
}

/** `url: is required; events.0: …`, for APIs whose errors are one text. */
export const sentence = (details: ErrorDetails): string =>
  Object.entries(details)
    .map(([field, reason]) => `${field}: ${reason}`)
    .join('; ');
