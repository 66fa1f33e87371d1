import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defrost } from '../../vendors/defrost/wire.ts';
import { standard } from '../../vendors/standard/wire.ts';
import { isStandardSecret, prefixOf, secretProblem, secretWarnings } from './secrets.ts';

const whsec = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 3).toString('base64')}`;

test("a caller's own secret must have 16 to 256 printable characters", () => {
  for (const secret of ['a'.repeat(16), 'p@ss-word!{}0123', 'a'.repeat(256), whsec(24), whsec(64)])
    assert.equal(secretProblem(secret, defrost), undefined, secret);
  for (const secret of [
    '',
    'a'.repeat(15),
    'a'.repeat(257),
    'with a space 1234',
    'umlaut-ä-0123456',
    'line\n0123456789abc',
  ])
    assert.match(secretProblem(secret, defrost) ?? '', /16 to 256 printable/, secret);
});

test('base64 padding may be omitted', () => {
  for (const bytes of [25, 26, 32])
    assert.equal(secretProblem(whsec(bytes).replace(/=+$/, ''), standard), undefined, String(bytes));
});

test('a secret that cannot produce a Standard Webhooks signature is accepted with a warning', () => {
  for (const secret of [whsec(24), 'a'.repeat(32), 'a'.repeat(31)])
    assert.deepEqual(secretWarnings(secret), [], secret);
  for (const secret of ['p@ss-word!{}0123', 'a'.repeat(33), 'with-hyphens_0123'])
    assert.match(secretWarnings(secret).join(), /^secret is not base64, so deliveries have no webhook-signature/);
});

test('a secret that starts with whsec_ must be a valid Standard Webhooks secret', () => {
  for (const secret of [
    whsec(23),
    whsec(65),
    'whsec_not-base64-at-all!',
    `whsec_${'a'.repeat(33)}`,
    `whsec_${'-'.repeat(32)}`,
  ])
    assert.match(secretProblem(secret, defrost) ?? '', /^must be whsec_ followed by 24 to 64 bytes/, secret);
});

test('the standard dialect, which has no other signature, accepts only Standard Webhooks secrets', () => {
  assert.equal(secretProblem(whsec(32), standard), undefined);
  assert.match(secretProblem('a-secret-of-our-own', standard) ?? '', /^must be whsec_/);
  assert.match(secretProblem(Buffer.alloc(32).toString('base64'), standard) ?? '', /^must be whsec_/);
});

test('generated secrets are valid in their dialects', () => {
  for (const wire of [defrost, standard]) {
    const secret = wire.newSecret();
    assert.equal(secretProblem(secret, wire), undefined);
    assert.ok(isStandardSecret(secret));
    assert.equal(prefixOf(secret), secret.slice(0, 10));
  }
});

test('the shown prefix is at most a quarter of the secret', () => {
  assert.equal(prefixOf('0123456789abcdef'), '0123');
  assert.equal(prefixOf('x'.repeat(256)), 'x'.repeat(10));
});
