import { z } from 'zod';
import { bearerKey, headerKey } from '../../http/authentication.ts';
import { bearerScheme, retryHeaders } from '../../http/route.ts';
import type { Surface } from '../../http/route.ts';
import { inWordsOf } from '../errors.ts';

const words = { records: {}, fields: { target_url: 'url', is_active: 'active' } };

const ownHeader = headerKey('x-api-key');

/** MailPanda's page has no status for a wrong content type; a body that cannot be read is 400. */
const statusOf = (status: number): number => (status === 415 ? 400 : status);

/** MailPanda's API: the key as Bearer or in `X-API-Key`, an error is one text. */
export const mailpandaSurface: Surface = {
  name: 'mailpanda',
  // With its slash: another vendor's paths begin with /api/webhooks-.
  prefix: '/api/webhooks/',
  presentedKey: (headers) => bearerKey(headers) ?? ownHeader(headers),
  howToPresent: 'Send an API key: `Authorization: Bearer otr_…` or `X-API-Key: otr_…`.',
  described: {
    title: 'MailPanda',
    security: {
      bearerKey: bearerScheme,
      apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same key, in a header of its own.' },
    },
    error: z.object({ error: z.string() }).meta({ id: 'MailPandaErrorResponse' }),
  },
  errorReply: (error) => ({
    status: statusOf(error.status),
    body: { error: inWordsOf(error, words).message },
    headers: { ...retryHeaders(error), ...(error.error === 'unauthorized' ? { 'www-authenticate': 'Bearer' } : {}) },
  }),
};
