import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invalid, notFound } from '../base/errors.ts';
import { inWordsOf, sentence } from './errors.ts';

const names = { target_url: 'url' };

test("an error speaks of fields by the API's names, nested ones too", () => {
  const { details, message } = inWordsOf(
    invalid({ target_url: 'is not a valid URL', 'target_url.host': 'is empty', 'events.3': 'must be a string' }),
    names,
  );
  assert.deepEqual(details, { url: 'is not a valid URL', 'url.host': 'is empty', 'events.3': 'must be a string' });
  assert.equal(message, sentence(details ?? {}));
});

test('a field that the caller made up is called as it was sent, and hides no other', () => {
  const { details } = inWordsOf(invalid({ url: 'is required', target_url: 'unknown field' }), names);
  assert.deepEqual(details, { url: 'is required', target_url: 'unknown field' });
});

test('an error without fields stays as it is', () => {
  const error = notFound('Endpoint');
  assert.equal(inWordsOf(error, names), error);
});
