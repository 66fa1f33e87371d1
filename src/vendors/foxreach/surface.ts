import { z } from 'zod';
import { headerKey } from '../../http/authentication.ts';
import type { ApiError, ErrorName } from '../../base/errors.ts';
import type { Decision } from '../../http/rate-limit.ts';
import { retryHeaders } from '../../http/route.ts';
import type { Surface } from '../../http/route.ts';
import { inWordsOf } from '../errors.ts';
import { leadFields } from './wire-data.ts';

/** Errors whose status differs from the catalogue's. An invalid key is 403, like a key without the scope. */
const statuses: Partial<Record<ErrorName, number>> = { unauthorized: 403, plan: 402, unsupported_media_type: 400 };

export const foxreachWords = {
  records: { Endpoint: 'Webhook', Contact: 'Lead', Mailbox: 'Email account', Reply: 'Thread' },
  fields: {
    target_url: 'url',
    is_active: 'isActive',
    mailbox_ids: 'accountIds',
    daily_limit: 'dailyLimit',
    ...leadFields,
  },
};

function bodyOf(error: ApiError, decision: Decision | undefined): object {
  if (error.error !== 'rate_limit') return { detail: inWordsOf(error, foxreachWords).message };
  const details = decision === undefined ? {} : { limit: decision.limit, reset: decision.resetAt };
  return { error: 'Rate limit exceeded', code: 'rate_limit_exceeded', details };
}

/** FoxReach's API: the key in `X-API-Key`, 100 requests a minute per key, errors as `{"detail"}`. */
export const foxreachSurface: Surface = {
  name: 'foxreach',
  prefix: '/api/v1/',
  presentedKey: headerKey('x-api-key'),
  howToPresent: 'Send an API key: `X-API-Key: otr_…`.',
  described: {
    title: 'FoxReach',
    security: {
      apiKey: {
        type: 'apiKey',
        in: 'header',
        name: 'X-API-Key',
        description: 'An API key: `otr_live_…`, or `otr_test_…` of the sandbox.',
      },
    },
    error: z
      .union([
        z.object({ detail: z.string() }),
        z.object({
          error: z.string(),
          code: z.literal('rate_limit_exceeded'),
          details: z.object({ limit: z.number().int().optional(), reset: z.number().int().optional() }),
        }),
      ])
      .meta({ id: 'FoxReachErrorResponse' }),
  },
  keyQuota: { limit: 100, windowMs: 60_000 },
  errorReply: (error, _route, decision) => ({
    status: statuses[error.error] ?? error.status,
    body: bodyOf(error, decision),
    headers: retryHeaders(error),
  }),
};
