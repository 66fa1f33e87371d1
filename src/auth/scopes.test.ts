import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beyond, grants, scopeNames } from './scopes.ts';

test('a scope is granted by itself, by its action on all resources, and by *', () => {
  assert.ok(grants(['webhooks:read'], 'webhooks:read'));
  assert.ok(grants(['read'], 'webhooks:read'));
  assert.ok(grants(['*'], 'keys:write'));
  assert.ok(!grants(['webhooks:read'], 'webhooks:write'));
  assert.ok(!grants(['webhooks:write'], 'webhooks:read'), 'write does not imply read');
  assert.ok(!grants(['write'], 'events:read'));
  assert.ok(!grants(['events:read'], 'webhooks:read'));
  assert.ok(!grants([], 'webhooks:read'));
});

test('a key grants the scopes it has and nothing wider', () => {
  assert.deepEqual(beyond(['*'], scopeNames), []);
  assert.deepEqual(beyond(['read'], ['read', 'events:read', 'webhooks:read']), []);
  assert.deepEqual(beyond(['read'], ['*', 'write', 'events:write']), ['*', 'write', 'events:write']);
  assert.deepEqual(
    beyond(['events:read', 'webhooks:read'], ['read', 'events:read']),
    ['read'],
    'all reads is wider than the reads of two resources',
  );
  assert.deepEqual(beyond(['keys:write'], ['keys:write', 'keys:read']), ['keys:read']);
});
