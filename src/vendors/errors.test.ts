import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alreadyExists, ApiError, invalid, notFound } from '../base/errors.ts';
import { inWordsOf, sentence } from './errors.ts';

const words = {
  records: { Endpoint: 'Webhook', Contact: 'Lead' },
  fields: { target_url: 'url', first_name: 'firstName', 'contact_ids.0': 'contactId' },
};

test('fields get the names of the vendor, nested ones too', () => {
  const { details, message } = inWordsOf(
    invalid({
      target_url: 'is not a URL',
      'target_url.host': 'is empty',
      'events.3': 'is wrong',
      'contact_ids.0': 'is wrong',
    }),
    words,
  );
  assert.deepEqual(details, {
    url: 'is not a URL',
    'url.host': 'is empty',
    'events.3': 'is wrong',
    contactId: 'is wrong',
  });
  assert.equal(message, sentence(details));
});

test('a field that no schema defines keeps the name that the caller sent', () => {
  const { details } = inWordsOf(
    invalid({ url: 'is required', target_url: 'unknown field' }, { url: 'missing', target_url: 'unknown' }),
    words,
  );
  assert.deepEqual(details, { url: 'is required', target_url: 'unknown field' });
});

test('records get the names of the vendor; a record or an error that it has no word for keeps its message', () => {
  const messageOf = (error: ApiError): string => inWordsOf(error, words).message;
  assert.equal(messageOf(notFound('Endpoint')), 'Webhook not found.');
  assert.equal(
    messageOf(alreadyExists('Contact', 'email', 'a@b.example')),
    'A lead with the email a@b.example already exists.',
  );
  assert.equal(
    messageOf(alreadyExists('Contact', 'first_name', 'Ada')),
    'A lead with the firstName Ada already exists.',
  );
  assert.equal(messageOf(notFound('Project')), 'Project not found.');
  assert.equal(messageOf(new ApiError('conflict', 'Too many.')), 'Too many.');
});
