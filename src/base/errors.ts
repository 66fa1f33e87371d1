/** The error catalogue: every error that the API returns, with a stable code. Vendors render them in their own shape; docs/errors.md mirrors the table. */
export const errorCatalogue = {
  malformed: { status: 400, code: 'validation_failed', meaning: 'The body is not valid JSON.' },
  unauthorized: { status: 401, code: 'unauthorized', meaning: 'The API key is missing, unknown, revoked or expired.' },
  second_factor_required: {
    status: 401,
    code: 'second_factor_required',
    meaning: 'The password is right, and the account also needs a one-time password: repeat the request with `code`.',
  },
  forbidden: {
    status: 403,
    code: 'forbidden',
    meaning: 'The key is valid but its plan, scope or workspace does not allow this.',
  },
  plan: { status: 403, code: 'forbidden', meaning: 'The plan does not include the API.' },
  not_found: { status: 404, code: 'not_found', meaning: 'No such record in this organization.' },
  method_not_allowed: {
    status: 405,
    code: 'method_not_allowed',
    meaning: 'The path exists, but not with this method.',
  },
  request_timeout: { status: 408, code: 'request_timeout', meaning: 'The request took too long to arrive.' },
  conflict: { status: 409, code: 'conflict', meaning: 'The request conflicts with stored data.' },
  precondition_failed: {
    status: 412,
    code: 'precondition_failed',
    meaning: 'The record is not as `If-Match` says: it was changed. Read it again.',
  },
  too_large: { status: 413, code: 'payload_too_large', meaning: 'The body exceeds the size limit.' },
  unsupported_media_type: {
    status: 415,
    code: 'unsupported_media_type',
    meaning: 'The body must be of the media type that the message names.',
  },
  validation_failed: {
    status: 422,
    code: 'validation_failed',
    meaning: 'A field is invalid; `details` maps each field to the reason.',
  },
  rate_limit: { status: 429, code: 'rate_limit', meaning: 'Too many requests; wait for `Retry-After` seconds.' },
  headers_too_large: {
    status: 431,
    code: 'headers_too_large',
    meaning: 'The URL and headers together exceed 16 KiB.',
  },
  internal: {
    status: 500,
    code: 'internal',
    meaning: 'An internal error; the request may have been carried out. Retry with backoff.',
  },
  not_implemented: { status: 501, code: 'not_implemented', meaning: 'Part of the contract, but not implemented.' },
  unavailable: {
    status: 503,
    code: 'unavailable',
    meaning:
      'The database is unavailable, or too much is waiting; the request may have been carried out. Retry after `Retry-After` seconds.',
  },
} as const satisfies Record<string, { status: number; code: string; meaning: string }>;

export const errorCodes = [...new Set(Object.values(errorCatalogue).map(({ code }) => code))];

export type ErrorName = keyof typeof errorCatalogue;

/** Field path → what is wrong with it. */
export type ErrorDetails = Readonly<Record<string, string>>;

/** How a field of a request breaks its schema. `empty`: null or an empty text. */
export type FieldFault = 'unknown' | 'missing' | 'empty' | 'malformed';

/** What an error is about, as data: vendors word their errors from it and never from `message`. */
export interface ErrorData {
  readonly details?: ErrorDetails;
  /** Further members of `details` in the native API, such as the stages of a test. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Of those paths in `details` that break the request's schema. */
  readonly faults?: Readonly<Record<string, FieldFault>>;
  /** The kind of record that was not found or already exists, such as `Contact`. */
  readonly resource?: string;
  /** The field, and its value, that another record of this kind already has. */
  readonly field?: string;
  readonly value?: string;
  /** Set for 429 and 503. */
  readonly retryAfterSeconds?: number;
}

/** An error that a caller of the API is meant to read. Anything else that is thrown becomes `internal`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly error: ErrorName;
  readonly data: ErrorData;

  constructor(error: ErrorName, message: string, { cause, ...data }: ErrorData & { readonly cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.error = error;
    this.data = data;
  }

  get details(): ErrorDetails | undefined {
    return this.data.details;
  }

  get retryAfterSeconds(): number | undefined {
    return this.data.retryAfterSeconds;
  }

  get status(): number {
    return errorCatalogue[this.error].status;
  }

  get code(): string {
    return errorCatalogue[this.error].code;
  }
}

/** @param members of `details` in the native API */
export const notFound = (resource: string, members: Readonly<Record<string, unknown>> = {}): ApiError =>
  new ApiError('not_found', `${resource} not found.`, { resource, members });

export const preconditionFailed = (): ApiError =>
  new ApiError(
    'precondition_failed',
    'The record is not as If-Match says: it was changed in the meantime, or the ETag belongs to another record. Read it again.',
  );

export const alreadyExists = (resource: string, field: string, value: string): ApiError =>
  new ApiError('conflict', `A ${resource.toLowerCase()} with the ${field} ${value} already exists.`, {
    resource,
    field,
    value,
  });

/** Details as one text: `url: is required; events.0: …`. */
export const sentence = (details: ErrorDetails): string =>
  Object.entries(details)
    .map(([field, reason]) => `${field}: ${reason}`)
    .join('; ');

/** @param faults of the fields that break the request's schema. */
export const invalid = (details: ErrorDetails, faults: Readonly<Record<string, FieldFault>> = {}): ApiError =>
  new ApiError('validation_failed', `Invalid request: ${sentence(details)}`, { details, faults });

/** Something that the operator must fix: printed as one line without a stack, exit code 1. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}

/** For a state that cannot occur unless the code has a bug: `throw unreachable('no result for row 3')`. */
export const unreachable = (state: string): Error => new Error(`unreachable: ${state}`);
