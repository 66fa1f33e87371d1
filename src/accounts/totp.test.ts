import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base32, codeAt, mintRecoveryCode, otpauthUri, plainRecoveryCode, stepOf, stepWith } from './totp.ts';

// RFC 6238, appendix B: the last six of the eight digits.
const secret = Buffer.from('12345678901234567890');
const vectors = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const;

test('codes are those of RFC 6238, in a window of one step, and none works twice', () => {
  for (const [seconds, code] of vectors) {
    const now = seconds * 1_000;
    const step = stepOf(now);
    assert.equal(codeAt(secret, step), code);
    for (const shift of [-30_000, 0, 30_000]) assert.equal(stepWith(secret, code, now + shift, 0), step);
    for (const shift of [-60_000, 60_000]) assert.equal(stepWith(secret, code, now + shift, 0), undefined);
    assert.equal(stepWith(secret, code, now, step), undefined);
  }
  for (const nonsense of ['', '28708', '2870822', 'abcdef', '28708\u0662'])
    assert.equal(stepWith(secret, nonsense, 59_000, 0), undefined);
});

test('an app can read the secret, and a person can type a recovery code in any way', () => {
  assert.equal(base32(secret), 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  assert.equal(base32(Buffer.from('foob')), 'MZXW6YQ');
  assert.equal(
    otpauthUri(secret, 'ada+x@example.com', 'Outrider'),
    'otpauth://totp/Outrider:ada%2Bx%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Outrider',
  );
  const code = mintRecoveryCode();
  assert.match(code, /^(?:[a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/);
  assert.equal(plainRecoveryCode(` ${code.toUpperCase()} `), plainRecoveryCode(code));
});
