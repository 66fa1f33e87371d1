import { hourMs } from '../../base/clock.ts';
import { z } from 'zod';
import { bearerKey } from '../../http/authentication.ts';
import { errorCodes } from '../../base/errors.ts';
import { bearerErrorHeaders, bearerScheme } from '../../http/route.ts';
import type { Surface } from '../../http/route.ts';
import { inWordsOf } from '../errors.ts';

const words = {
  records: { Endpoint: 'Webhook' },
  fields: {
    target_url: 'url',
    is_active: 'isActive',
    display_name: 'displayName',
    daily_limit: 'dailyLimit',
    tracking_domain: 'trackingDomain',
    timezone: 'sendingWindow.timezone',
  },
};

/** WarmySender's API: a Bearer key, 1,000 requests an hour per key, errors as `{"error": {"code", "message"}}` with the codes and statuses of the catalogue. */
export const warmysenderSurface: Surface = {
  name: 'warmysender',
  prefix: '/api/v1/',
  // Any other Authorization header is a bad key of this API, not a missing key of FoxReach, which has the same paths.
  presentedKey: (headers) => bearerKey(headers) ?? headers.authorization,
  howToPresent: 'Send an API key: `Authorization: Bearer otr_…`.',
  described: {
    title: 'WarmySender',
    security: { bearerKey: bearerScheme },
    error: z
      .object({ error: z.object({ code: z.enum(errorCodes), message: z.string() }) })
      .meta({ id: 'WarmySenderErrorResponse' }),
  },
  keyQuota: { limit: 1_000, windowMs: hourMs },
  errorReply: (error) => ({
    status: error.status,
    body: { error: { code: error.code, message: inWordsOf(error, words).message } },
    headers: bearerErrorHeaders(error),
  }),
};
