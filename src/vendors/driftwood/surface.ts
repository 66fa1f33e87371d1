import { z } from 'zod';
import { bearerKey } from '../../http/authentication.ts';
import type { ApiError, ErrorDetails, ErrorName, FieldFault } from '../../base/errors.ts';
import { bearerErrorHeaders, bearerScheme } from '../../http/route.ts';
import type { Surface } from '../../http/route.ts';
import { inWordsOf, sentence } from '../errors.ts';
import { own as memberOf } from '../../base/own.ts';

/** Codes by the names of the error catalogue. A leading dot stands for the resource: `webhooks.not_found`. */
const codes: Readonly<Record<ErrorName, string>> = {
  malformed: '.invalid_request',
  unauthorized: 'auth.unauthorized',
  second_factor_required: 'auth.unauthorized',
  forbidden: 'auth.forbidden',
  plan: 'auth.forbidden',
  not_found: '.not_found',
  method_not_allowed: '.method_not_allowed',
  conflict: '.conflict',
  precondition_failed: '.conflict',
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
/** The vendor's page has one status per code, and `invalid_request` is 400. */
const statuses: Partial<Record<ErrorName, number>> = {
  validation_failed: 400,
  too_large: 400,
  unsupported_media_type: 400,
};

interface CodedMessage {
  readonly code: string;
  readonly message: string;
}

const words = {
  records: { Endpoint: 'Webhook' },
  // `contacts-add` names one contact where the native API takes several.
  fields: { target_url: 'url', 'contact_ids.0': 'contact_id' },
};

/** A wrong field. `fault`: undefined when its value is well-formed but not accepted. */
interface Wrong {
  readonly path: string;
  readonly reason: string;
  readonly fault: FieldFault | undefined;
  /** All wrong fields of the request. */
  readonly details: ErrorDetails;
}

const invalidId = ({ path, fault }: Wrong): CodedMessage => ({
  code: '.invalid_id',
  message: `${path} ${fault === 'missing' ? 'is required' : 'must be a UUID'}`,
});

/** Fields with codes of their own. */
const fieldErrors: Readonly<Record<string, (wrong: Wrong) => CodedMessage>> = {
  id: invalidId,
  endpoint_id: invalidId,
  url: ({ reason, fault }) =>
    fault === 'missing' || fault === 'empty'
      ? { code: '.url_required', message: 'URL is required' }
      : { code: '.invalid_url', message: `URL must be a valid HTTPS URL: url ${reason}` },
  events: ({ details }) => ({ code: '.invalid_events', message: sentence(details) }),
};

/** A field that holds the id of a record: `company_id`, `source_ids.3`. A well-formed id of no record is not `invalid_id`. */
const isId = (path: string): boolean => /(^|_)id$|(^|_)ids\.\d+$/.test(path);

/** The first wrong field decides the code. */
function codedMessageOf(error: ApiError): CodedMessage {
  const { message, details, faults } = inWordsOf(error, words);
  const other = { code: codes[error.error], message };
  const [[path, reason] = ['', '']] = Object.entries(details);
  const fault = memberOf(faults, path);
  if (error.error !== 'validation_failed' || fault === 'unknown') return other;
  const wrong = { path, reason, fault, details };
  const own = memberOf(fieldErrors, path.split('.')[0] ?? '');
  return own?.(wrong) ?? (fault !== undefined && isId(path) ? invalidId(wrong) : other);
}

const error = z
  .object({
    ok: z.literal(false),
    error: z.object({ code: z.string().describe('Such as `webhooks.not_found`.'), message: z.string() }),
  })
  .meta({ id: 'DriftwoodErrorResponse' });

/** Driftwood's API for one resource. For `webhooks`, its calls are `POST /api/webhooks-list` and so on, answered with `{"ok"}` and a result or an error. */
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
    const { code, message } = codedMessageOf(error);
    return {
      status: statuses[error.error] ?? error.status,
      body: { ok: false, error: { code: code.startsWith('.') ? `${resource}${code}` : code, message } },
      headers: bearerErrorHeaders(error),
    };
  },
});
