import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { domainOf, parseAddress } from './email-address.ts';

const problemOf = (text: string): string => {
  const parsed = parseAddress(text);
  return 'problem' in parsed ? parsed.problem : assert.fail(`${text} was accepted`);
};

/** Addresses with characters that IDNA, URLs or readers interpret as something else. */
const odd = fc.string({
  unit: fc.constantFrom(
    ...Array.from('aZ1.-。ßẞüσςІ·/?#%@ <>"'),
    'xn--',
    '\u0301',
    '\u00ad',
    '\u200b',
    '\u200c',
    '\u200d',
    '\u202e',
    '\ufe0f',
    '\u0000',
  ),
  maxLength: 8,
});
const unusual = fc.tuple(odd, odd).map(([local, domain]) => `${local}@${domain}.example`);

describe('email addresses', () => {
  test('an address is kept as written and compared in lower case, with its domain in ASCII', () => {
    for (const [text, email, key, domain] of [
      ['ada@lovelace.example', 'ada@lovelace.example', 'ada@lovelace.example', 'lovelace.example'],
      [
        ' Ada.B+news@Lovelace.Example ',
        'Ada.B+news@Lovelace.Example',
        'ada.b+news@lovelace.example',
        'lovelace.example',
      ],
      ['Ada Lovelace <Ada@lovelace.example>', 'Ada@lovelace.example', 'ada@lovelace.example', 'lovelace.example'],
      ['grüße@bücher.example', 'grüße@bücher.example', 'grüße@xn--bcher-kva.example', 'xn--bcher-kva.example'],
      [
        'gru\u0308ße@bu\u0308cher.example',
        'grüße@bücher.example',
        'grüße@xn--bcher-kva.example',
        'xn--bcher-kva.example',
      ],
      ['ada@Bücher.Example', 'ada@bücher.example', 'ada@xn--bcher-kva.example', 'xn--bcher-kva.example'],
      ['ada@x1。example', 'ada@x1.example', 'ada@x1.example', 'x1.example'],
      ['ada@ｘ１.example', 'ada@x1.example', 'ada@x1.example', 'x1.example'],
      ['ada@XN--bcher-kva.Example', 'ada@XN--bcher-kva.Example', 'ada@xn--bcher-kva.example', 'xn--bcher-kva.example'],
      ['ada@paral·lel.cat', 'ada@paral·lel.cat', 'ada@xn--parallel-koa.cat', 'xn--parallel-koa.cat'],
      ['ada@نامه\u200cای.com', 'ada@نامه\u200cای.com', 'ada@xn--mgba3gch31f060k.com', 'xn--mgba3gch31f060k.com'],
      ['用户@例え.テスト', '用户@例え.テスト', '用户@xn--r8jz45g.xn--zckzah', 'xn--r8jz45g.xn--zckzah'],
    ] as const)
      assert.deepEqual(parseAddress(text), { email, key, domain });
  });

  test('an address that mail cannot be sent to is refused with a reason', () => {
    for (const text of [
      'ada',
      'ada@',
      '@x.example',
      'a..b@x.example',
      'ada@x..example',
      'ada@x.example..',
      'a@b@x.example',
      '\u200b@x.example',
    ])
      assert.equal(problemOf(text), 'is not an email address', text);
    for (const text of ['', '  ', '\u200b']) assert.equal(problemOf(text), 'is empty');
    for (const text of [
      'a@x.example, b@x.example',
      'a@x.example;b@x.example',
      'a@x.example b@x.example',
      'ada@x.example\r\nbcc: b@x.example',
      'us: a@x.example;',
    ])
      assert.equal(problemOf(text), 'must be one email address', text);
    for (const text of ['mailto:a@x.example', 'MAILTO:a@x.example?subject=x'])
      assert.match(problemOf(text), /bare address, without mailto:/);
    for (const text of [
      'ada@localhost',
      'ada@-x.example',
      'ada@[127.0.0.1]',
      'ada@x_y.example',
      'ada@1.2.3.4',
      `ada@${'x'.repeat(64)}.example`,
    ])
      assert.match(problemOf(text), /domain/, text);
    for (const text of ['"a b"@x.example', '"a."@x.example', 'a.\u200b@x.example'])
      assert.match(problemOf(text), /quotes/, text);
    assert.match(problemOf(`${'ü'.repeat(33)}@x.example`), /64 bytes/);
    assert.match(problemOf(`${'x'.repeat(1_000)}@x.example`), /long/);
  });

  test('a domain may contain only letters, digits, hyphens and dots, so mail goes to the domain that is stored', () => {
    const domains = [
      'x.example?subject=x',
      'x.example/path',
      'x.example#frag',
      'x%2eexample',
      'x.example／path',
      'x.example”',
      'x.example→y',
      'x‑y.example',
      'i❤.example',
    ];
    for (const domain of [
      ...domains,
      'x\u00a0y.example',
      'x\u3000y.example',
      'xn--a.example',
      'ü.xn--a.example',
      'ü.xn--i-7iq.example',
    ]) {
      assert.equal(problemOf(`ada@${domain}`), `has no valid domain: ${domain}`);
      assert.equal(domainOf(domain), undefined, domain);
    }
  });

  test('invisible characters around a pasted address, and a dot after it, are removed', () => {
    const pasted = [
      'ada@x.example\u200b',
      '\u202aada@x.example\u202c',
      '\ufeff ada@x.example\u00a0\n',
      'Ada\u200b L <\u200bada@x.example\u200b>',
      'ada\u200b@\u200bx.example',
    ];
    for (const text of [...pasted, 'ada@x.example.', 'Ada <ada@x.example.>', 'ada@x.example。', 'ada@x.example.\u200b'])
      assert.deepEqual(
        parseAddress(text),
        { email: 'ada@x.example', key: 'ada@x.example', domain: 'x.example' },
        JSON.stringify(text),
      );
    assert.equal(domainOf('\u200bx.example.\u200e'), 'x.example');
  });

  test('an invisible character inside an address is refused and named, because it would create a second person', () => {
    for (const code of [
      '0000',
      '0009',
      '0085',
      '00AD',
      '034F',
      '061C',
      '200B',
      '200D',
      '200E',
      '202E',
      '2060',
      '3164',
      'FE0F',
      'FEFF',
      'E0041',
    ]) {
      const character = String.fromCodePoint(Number.parseInt(code, 16));
      assert.equal(problemOf(`su${character}p@x.example`), `contains an invisible character: U+${code}`);
      if (code !== '0009' && code !== '200D')
        assert.equal(problemOf(`sup@x${character}y.example`), `contains an invisible character: U+${code}`);
      assert.equal(domainOf(`x${character}y.example`), undefined, code);
    }
  });

  test('a parsed address parses to itself, and any text is parsed or refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'grapheme' }), unusual), (text) => {
        const parsed = parseAddress(text);
        if ('problem' in parsed) return;
        assert.deepEqual(parseAddress(parsed.email), parsed);
        assert.equal(parsed.key, parsed.key.toLowerCase());
        assert.equal(domainOf(parsed.email.slice(parsed.email.lastIndexOf('@') + 1)), parsed.domain);
      }),
    );
  });

  test('a domain is normalized from any spelling', () => {
    assert.equal(domainOf('Bücher.Example.'), 'xn--bcher-kva.example');
    for (const text of ['localhost', '', '.', 'a b.example', '1.2.3.4', 'x..example'])
      assert.equal(domainOf(text), undefined, text);
  });
});
