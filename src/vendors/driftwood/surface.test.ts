import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, errorCatalogue, invalid, notFound } from '../../base/errors.ts';
import type { ErrorName, FieldFault } from '../../base/errors.ts';
import { driftwoodSurface } from './surface.ts';

interface CodedMessage {
  readonly code: string;
  readonly message: string;
}

const replyTo = (error: ApiError, resource = 'webhooks') =>
  driftwoodSurface(resource).errorReply(error, undefined, undefined);

test('each error of the catalogue has a status, and a code of the resource or a general one', () => {
  const codes = (Object.keys(errorCatalogue) as ErrorName[]).map((name) => {
    const { status, body } = replyTo(new ApiError(name, 'why'), 'contacts');
    return [name, status, (body as { error: { code: string } }).error.code];
  });
  assert.deepEqual(codes, [
    ['malformed', 400, 'contacts.invalid_request'],
    ['unauthorized', 401, 'auth.unauthorized'],
    ['second_factor_required', 401, 'auth.unauthorized'],
    ['forbidden', 403, 'auth.forbidden'],
    ['plan', 403, 'auth.forbidden'],
    ['not_found', 404, 'contacts.not_found'],
    ['method_not_allowed', 405, 'contacts.method_not_allowed'],
    ['request_timeout', 408, 'contacts.request_timeout'],
    ['conflict', 409, 'contacts.conflict'],
    ['precondition_failed', 412, 'contacts.conflict'],
    ['too_large', 400, 'contacts.invalid_request'],
    ['unsupported_media_type', 400, 'contacts.invalid_request'],
    ['validation_failed', 400, 'contacts.invalid_request'],
    ['rate_limit', 429, 'rate_limited'],
    ['headers_too_large', 431, 'contacts.headers_too_large'],
    ['internal', 500, 'contacts.internal'],
    ['not_implemented', 501, 'contacts.not_implemented'],
    ['unavailable', 503, 'contacts.unavailable'],
  ]);
});

test('a rate-limit error has a Retry-After header', () => {
  const reply = replyTo(new ApiError('rate_limit', 'Too many requests', { retryAfterSeconds: 7 }));
  assert.deepEqual(reply, {
    status: 429,
    body: { ok: false, error: { code: 'rate_limited', message: 'Too many requests' } },
    headers: { 'retry-after': '7' },
  });
});

test('errors about endpoints use the words of the vendor', () => {
  assert.deepEqual(replyTo(notFound('Endpoint')).body, {
    ok: false,
    error: { code: 'webhooks.not_found', message: 'Webhook not found.' },
  });
  assert.deepEqual(replyTo(invalid({ target_url: 'must be https' })).body, {
    ok: false,
    error: { code: 'webhooks.invalid_url', message: 'URL must be a valid HTTPS URL: url must be https' },
  });
});

test('the kind of fault, not the text, decides the code of a field', () => {
  const errorOf = (field: string, fault?: FieldFault) =>
    (
      replyTo(invalid({ [field]: 'why' }, fault === undefined ? {} : { [field]: fault })).body as {
        error: CodedMessage;
      }
    ).error;
  for (const field of ['target_url', 'url', 'id', 'events', 'colour'])
    assert.deepEqual(errorOf(field, 'unknown'), { code: 'webhooks.invalid_request', message: `${field}: why` });
  for (const fault of ['missing', 'empty'] as const) assert.equal(errorOf('url', fault).code, 'webhooks.url_required');
  for (const fault of ['malformed', undefined] as const)
    assert.equal(errorOf('url', fault).code, 'webhooks.invalid_url');
  for (const field of ['id', 'company_id', 'source_ids.3'])
    assert.deepEqual(errorOf(field, 'malformed'), { code: 'webhooks.invalid_id', message: `${field} must be a UUID` });
  assert.equal(errorOf('company_id', 'missing').message, 'company_id is required');
  assert.equal(errorOf('company_id').code, 'webhooks.invalid_request', 'a well-formed id of no record');
  assert.equal(errorOf('company_ids', 'malformed').code, 'webhooks.invalid_request');
});
