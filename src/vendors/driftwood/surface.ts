import { z } from 'zod';
import { bearerKey } from '../../http/authentication.ts';
import type { ApiError, ErrorDetails, ErrorName } from '../../base/errors.ts';
import { bearerScheme, retryHeaders } from '../../http/route.ts';
import type { Surface } from '../../http/route.ts';
import { unknownField } from '../../base/validation-messages.ts';
import { inWordsOf, sentence } from '../errors.ts';
import { own as memberOf } from '../../base/own.ts';

/** By the catalogue's names; what begins with a dot follows the resource: `webhooks.not_found`. */
const codes: Readonly<Record<ErrorName, string>> = {
  malformed: '.invalid_request',
  unauthorized: 'auth.unauthorized',
  forbidden: 'auth.forbidden',
  plan: 'auth.forbidden',
  not_found: '.not_found',
  method_not_allowed: '.method_not_allowed',
  conflict: '.conflict',
  too_large: '.invalid_request',
  unsupported_media_type: '.invalid_request',
  validation_failed: '.invalid_request',
  rate_limit: 'rate_limited',
  internal: '.internal',
  not_implemented: '.not_implemented',
  request_timeout: '.request_timeout',
  headers_too_large: '.headers_too_large',
  unavailable: '.unavailable',
};
/** Every request that is not as it should be is 400: the page gives a code one status. */
const statuses: Partial<Record<ErrorName, number>> = {
  validation_failed: 400,
  too_large: 400,
  unsupported_media_type: 400,
};

interface Said {
  readonly code: string;
  readonly message: string;
}

const invalidId = (field: string, reason: string): Said => ({
  code: '.invalid_id',
  message: `${field} ${reason === 'is required' ? reason : 'must be a UUID'}`,
});

/** Fields with codes of their own, by what is wrong with them. */
const fieldErrors: Readonly<Record<string, (reason: string, details: ErrorDetails) => Said>> = {
  id: (reason) => invalidId('id', reason),
  endpoint_id: (reason) => invalidId('endpoint_id', reason),
  url: (reason) =>
    reason === 'is required'
      ? { code: '.url_required', message: 'URL is required' }
      : { code: '.invalid_url', message: `URL must be a valid HTTPS URL: url ${reason}` },
  events: (_reason, details) => ({ code: '.invalid_events', message: sentence(details) }),
};

/** A field that names records by their ids, and what is wrong with one that is no id. What names another organization's is as wrong as any other field. */
const isId = (path: string): boolean => /(^|_)ids?(\.\d+)?$/.test(path);
const idReasons: ReadonlySet<string> = new Set(['is required', 'must be a string', 'must be a UUID']);

/** The first wrong field decides; the slice speaks of endpoints and their `target_url`, the page of webhooks and their `url`. */
function saidOf(error: ApiError): Said {
  const { message, details = {} } = inWordsOf(error, { target_url: 'url' });
  const [[path, reason] = ['', '']] = Object.entries(details);
  const own = error.error === 'validation_failed' && reason !== unknownField;
  const said = own
    ? (memberOf(fieldErrors, path.split('.')[0] ?? '')?.(reason, details) ??
      (isId(path) && idReasons.has(reason) ? invalidId(path, reason) : undefined))
    : undefined;
  return said ?? { code: codes[error.error], message: message.replace(/^Endpoint not found/, 'Webhook not found') };
}

const error = z
  .object({
    ok: z.literal(false),
    error: z.object({ code: z.string().describe('Such as `webhooks.not_found`.'), message: z.string() }),
  })
  .meta({ id: 'DriftwoodErrorResponse' });

/** Driftwood's API for one resource, such as `webhooks`: `POST /api/webhooks-list` and its like, each answer `{"ok"}` and a result or an error. */
export const driftwoodSurface = (resource: string): Surface => ({
  name: 'driftwood',
  prefix: `/api/${resource}-`,
  presentedKey: bearerKey,
  howToPresent: 'Send an API key: `Authorization: Bearer otr_…`.',
  described: {
    title: 'Driftwood',
    security: { bearerKey: bearerScheme },
    error,
  },
  errorReply(error) {
    const { code, message } = saidOf(error);
    return {
      status: statuses[error.error] ?? error.status,
      body: { ok: false, error: { code: code.startsWith('.') ? `${resource}${code}` : code, message } },
      headers: { ...retryHeaders(error), ...(error.error === 'unauthorized' ? { 'www-authenticate': 'Bearer' } : {}) },
    };
  },
});
