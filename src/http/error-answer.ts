import { isDatabaseAway } from '../db/pool.ts';
import { ApiError } from '../errors.ts';
import type { Reply } from './route.ts';

/** Long enough for a restart of PostgreSQL to be over more often than not. */
const databaseRetrySeconds = 2;

/** What a caller is told of anything that was thrown: of faults on our side nothing but that there was one. */
export function apiErrorOf(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (isDatabaseAway(thrown)) {
    return new ApiError('unavailable', 'The database is away; nothing was stored. Try again shortly.', {
      retryAfterSeconds: databaseRetrySeconds,
      cause: thrown,
    });
  }
  return new ApiError('internal', 'Something went wrong on our side. Tell us the X-Request-Id of this answer.', { cause: thrown });
}

/** The native API's shape; a dialect renders the same errors in its own. */
export function errorReply(error: ApiError, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status: error.status,
    body: { error: { code: error.code, message: error.message, details: error.details ?? {} } },
    headers: {
      ...(error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) }),
      ...(error.error === 'unauthorized' ? { 'www-authenticate': 'Bearer' } : {}),
      ...headers,
    },
  };
}
