import { z } from 'zod';
import { bearerKey, headerKey } from '../../http/authentication.ts';
import { bearerErrorHeaders, bearerScheme } from '../../http/route.ts';
import type { Surface } from '../../http/route.ts';
import { inWordsOf } from '../errors.ts';

const words = { records: { Endpoint: 'Webhook' }, fields: { target_url: 'url', is_active: 'active' } };

const ownHeader = headerKey('x-api-key');

/** MailPanda's API: the key as a Bearer token or in `X-API-Key`, errors as `{"error": message}`. */
export const mailpandaSurface: Surface = {
  name: 'mailpanda',
  // With the slash, because Driftwood's paths start with /api/webhooks-.
  prefix: '/api/webhooks/',
  presentedKey: (headers) => bearerKey(headers) ?? ownHeader(headers),
  howToPresent: 'Send an API key: `Authorization: Bearer otr_…` or `X-API-Key: otr_…`.',
  described: {
    title: 'MailPanda',
    security: {
      bearerKey: bearerScheme,
      apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same key in its own header.' },
    },
    error: z.object({ error: z.string() }).meta({ id: 'MailPandaErrorResponse' }),
  },
  errorReply: (error) => ({
    // The vendor's page lists no 415.
    status: error.error === 'unsupported_media_type' ? 400 : error.status,
    body: { error: inWordsOf(error, words).message },
    headers: bearerErrorHeaders(error),
  }),
};
