import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { domainOf, parseAddress } from './addresses.ts';

const problemOf = (text: string): string => {
  const parsed = parseAddress(text);
  return 'problem' in parsed ? parsed.problem : assert.fail(`${text} was accepted`);
};

describe('addresses', () => {
  test('an address is kept as it was written and compared without case, the domain in ASCII', () => {
    for (const [text, email, key, domain] of [
      ['ada@lovelace.example', 'ada@lovelace.example', 'ada@lovelace.example', 'lovelace.example'],
      [' Ada.B+news@Lovelace.Example ', 'Ada.B+news@Lovelace.Example', 'ada.b+news@lovelace.example', 'lovelace.example'],
      ['Ada Lovelace <Ada@lovelace.example>', 'Ada@lovelace.example', 'ada@lovelace.example', 'lovelace.example'],
      ['grüße@bücher.example', 'grüße@bücher.example', 'grüße@xn--bcher-kva.example', 'xn--bcher-kva.example'],
      ['gru\u0308ße@bu\u0308cher.example', 'grüße@bücher.example', 'grüße@xn--bcher-kva.example', 'xn--bcher-kva.example'],
      ['用户@例え.テスト', '用户@例え.テスト', '用户@xn--r8jz45g.xn--zckzah', 'xn--r8jz45g.xn--zckzah'],
    ] as const)
      assert.deepEqual(parseAddress(text), { email, key, domain });
  });

  test('what mail of ours could not go to is refused with a reason', () => {
    for (const text of ['', 'ada', 'ada@', '@x.example', 'a..b@x.example', 'ada@x..example', 'a\0@x.example', 'ada@x.example\r\nbcc: b@x.example'])
      assert.match(problemOf(text), /not an e-mail address|must be one/, text);
    for (const text of ['ada@localhost', 'ada@-x.example', 'ada@[127.0.0.1]', 'ada@x_y.example', 'ada@1.2.3.4', `ada@${'x'.repeat(64)}.example`])
      assert.match(problemOf(text), /domain/, text);
    assert.match(problemOf('a@x.example, b@x.example'), /one e-mail address/);
    assert.match(problemOf('"a b"@x.example'), /quotes/);
    assert.match(problemOf(`${'ü'.repeat(33)}@x.example`), /64 bytes/);
    assert.match(problemOf(`${'x'.repeat(1_000)}@x.example`), /long/);
  });

  test('what was read once reads the same again, and any text is read or refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'grapheme' })), (text) => {
        const parsed = parseAddress(text);
        if ('problem' in parsed) return;
        assert.deepEqual(parseAddress(parsed.email), parsed);
        assert.equal(parsed.key, parsed.key.toLowerCase());
      }),
    );
  });

  test('a domain in any spelling', () => {
    assert.equal(domainOf('Bücher.Example.'), 'xn--bcher-kva.example');
    for (const text of ['localhost', '', '.', 'a b.example', '1.2.3.4', 'x..example']) assert.equal(domainOf(text), undefined, text);
  });
});
