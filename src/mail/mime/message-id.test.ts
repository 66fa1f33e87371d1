import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { messageIdOf } from './message-id.ts';

test('a Message-ID has the id in base32 and the domain in A-labels', () => {
  assert.equal(
    messageIdOf('00000000-0000-0000-0000-000000000000', 'lovelace.example'),
    `<${'a'.repeat(26)}@lovelace.example>`,
  );
  assert.equal(
    messageIdOf('ffffffff-ffff-ffff-ffff-ffffffffffff', 'ExÄmple.test'),
    `<${'7'.repeat(25)}4@xn--exmple-cua.test>`,
  );
  assert.throws(() => messageIdOf('ffffffff-ffff-ffff-ffff-ffffffffffff', 'a\r\nb'), /unreachable/);
});

test('different ids have different Message-IDs', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.uuid(), (one, other) => {
      const [a, b] = [messageIdOf(one, 'a.example'), messageIdOf(other, 'a.example')];
      assert.match(a, /^<[a-z2-7]{26}@a\.example>$/);
      assert.equal(a === b, one === other);
    }),
  );
});
