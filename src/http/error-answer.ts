import { z } from 'zod';
import { bearerKey } from './authentication.ts';
import { isDatabaseAway, isTimedOut } from '../db/pool.ts';
import { ApiError, errorCodes } from '../base/errors.ts';
import { bearerScheme, retryHeaders } from './route.ts';
import type { Surface } from './route.ts';

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
  if (isTimedOut(thrown)) {
    return new ApiError(
      'unavailable',
      'The database took too long, or another request is changing the same records; nothing was stored. Try again shortly.',
      {
        retryAfterSeconds: databaseRetrySeconds,
        cause: thrown,
      },
    );
  }
  return new ApiError('internal', 'Something went wrong on our side. Tell us the X-Request-Id of this answer.', {
    cause: thrown,
  });
}

/** The body of every error of the native API. Named so that no generated client hides its language's own `Error`. */
export const nativeError = z
  .object({
    error: z.object({
      code: z.enum(errorCodes).describe('Stable; decide by it.'),
      message: z.string().describe('For people.'),
      details: z.record(z.string(), z.string()).describe('Each wrong field and what is wrong with it.'),
    }),
  })
  .meta({ id: 'ErrorResponse' });

/** The native API's, of every route that names no other. */
export const native: Surface = {
  name: 'native',
  prefix: '/',
  presentedKey: bearerKey,
  howToPresent: 'Send an API key: `Authorization: Bearer otr_…`.',
  described: { title: 'Outrider', security: { bearerKey: bearerScheme }, error: nativeError },
  errorReply: (error) => ({
    status: error.status,
    body: { error: { code: error.code, message: error.message, details: error.details ?? {} } },
    headers: { ...retryHeaders(error), ...(error.error === 'unauthorized' ? { 'www-authenticate': 'Bearer' } : {}) },
  }),
};
