import { z } from 'zod';
import { bearerKey } from './authentication.ts';
import { isDatabaseAway, isTimedOut } from '../db/pool.ts';
import { ApiError, errorCodes } from '../base/errors.ts';
import { bearerErrorHeaders, bearerScheme } from './route.ts';
import type { Surface } from './route.ts';

/** A restart of PostgreSQL usually takes less. */
const databaseRetrySeconds = 2;

/** The error that a caller sees for anything thrown. An internal error reveals nothing about its cause. */
export function apiErrorOf(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (isDatabaseAway(thrown)) {
    return new ApiError(
      'unavailable',
      'The database is unavailable; the request may have been carried out. Try again shortly.',
      {
        retryAfterSeconds: databaseRetrySeconds,
        cause: thrown,
      },
    );
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
  return new ApiError('internal', 'Internal error. Report the X-Request-Id of this response to the operator.', {
    cause: thrown,
  });
}

/** The body of every error of the native API. The name keeps generated clients from hiding their language's own `Error`. */
export const nativeError = z
  .object({
    error: z.object({
      code: z.enum(errorCodes).describe('Stable; programs should branch on it.'),
      message: z.string().describe('Readable text, which may change.'),
      details: z.record(z.string(), z.string()).describe('Each invalid field, with the reason.'),
    }),
  })
  .meta({ id: 'ErrorResponse' });

/** The native API: the surface of every route that names no other. */
export const native: Surface = {
  name: 'native',
  prefix: '/',
  presentedKey: bearerKey,
  howToPresent: 'Send an API key: `Authorization: Bearer otr_…`.',
  described: { title: 'Outrider', security: { bearerKey: bearerScheme }, error: nativeError },
  errorReply: (error) => ({
    status: error.status,
    body: { error: { code: error.code, message: error.message, details: { ...error.details, ...error.data.members } } },
    headers: bearerErrorHeaders(error),
  }),
};
