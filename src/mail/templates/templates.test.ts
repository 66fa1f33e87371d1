import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ApiError } from '../../base/errors.ts';
import { compile, contentWarnings, pickVariant, render, variablesOf } from './index.ts';
import type { Rendered, Values } from './index.ts';

const seed = Buffer.alloc(32, 7);
const seedOf = (n: number): Buffer => Buffer.from(`seed ${n}`);
const values: Values = {
  contact: { first_name: 'Ada', last_name: '', company: 'Lovelace & Co', title: null },
  custom: { plan: 'Pro', 'Company Size': 50, first_name: 'not this one' },
  sender: { name: 'Grace', email: 'grace@hopper.example' },
  campaign: { name: 'Spring' },
  unsubscribe_url: 'https://t.hopper.example/u/token',
  lead_token: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f521',
};
const text = (body: string, own: Values = values, by: Buffer = seed): Rendered =>
  render(compile({ subject: null, body, format: 'text' }), own, by);
const printed = (body: string, own: Values = values, by: Buffer = seed): string => {
  const result = text(body, own, by);
  return 'text' in result ? result.text : assert.fail(JSON.stringify(result));
};
const problem = (source: { subject?: string; body?: string; format?: 'text' | 'html' }): Record<string, string> => {
  try {
    compile({ subject: source.subject ?? 'Hi', body: source.body ?? 'Hi', format: source.format ?? 'text' });
  } catch (error) {
    if (error instanceof ApiError && error.details !== undefined) return { ...error.details };
    throw error;
  }
  return {};
};

describe('variables', () => {
  test('fields in both spellings, custom fields, sender, campaign and the link to unsubscribe', () => {
    assert.equal(
      printed(
        '{{first_name}} {{ firstName }} {{custom.plan}} {{plan}} {{custom.firstName}} {{ company_size }} {{ custom["Company Size"] }} {{sender.name}} {{campaign.name}} {{unsubscribe_url}}',
      ),
      'Ada Ada Pro Pro not this one 50 50 Grace Spring https://t.hopper.example/u/token',
    );
  });

  test('what is missing, null or blank is reported unless it has a default', () => {
    assert.deepEqual(text('{{last_name}} {{title}} {{custom.x}} {{constructor}} {{sender.phone}}'), {
      missing: ['constructor', 'custom.x', 'last_name', 'sender.phone', 'title'],
    });
    assert.equal(printed('{{last_name | default: "there"}} {{ title | strip | default: "you" }}'), 'there you');
    assert.equal(printed('{% if last_name %}a{% else %}b{% endif %}'), 'b');
    assert.deepEqual(text('{% assign n = last_name | upcase %}{{ n }}'), { missing: ['n'] });
    assert.deepEqual(text('{{ title | default: last_name }}'), { missing: ['last_name'] });
    assert.deepEqual(text('{{ first_name | replace: "Ada", "" }}'), { missing: ['first_name'] });
    assert.deepEqual(text('{% for x in nothing %}{{ x }}{% endfor %}'), { missing: ['nothing'] });
  });

  test('variables of a template, for a check before the launch', () => {
    const compiled = compile({
      subject: '{{ first_name | default: "you" }}',
      body: '{{ first_name }} {{ company | default: "" }} {% assign x = 1 %}{{ x }} {a {{ custom.plan }}|b}',
      format: 'text',
    });
    assert.deepEqual(variablesOf(compiled), [
      { name: 'company', hasDefault: true },
      { name: 'custom.plan', hasDefault: false },
      { name: 'first_name', hasDefault: false },
    ]);
  });

  test('HTML escapes values; text and subjects do not', () => {
    const own = { ...values, contact: { name: '<b>"Ada"</b>\r\nBcc: eve@example.com' } };
    const result = render(compile({ subject: 'Hi {{name}}', body: '<p>{{name}}</p>', format: 'html' }), own, seed);
    assert.deepEqual('html' in result && { ...result, text: result.text.slice(0, 12) }, {
      subject: 'Hi <b>"Ada"</b> Bcc: eve@example.com',
      text: '<b>"Ada"</b>',
      html: '<p>&lt;b&gt;&#34;Ada&#34;&lt;/b&gt;\r\nBcc: eve@example.com</p>',
    });
    assert.equal(printed('{{company}}'), 'Lovelace & Co');
  });
});

describe('spintax', () => {
  const all = (body: string, own = values): string[] =>
    [...new Set(Array.from({ length: 60 }, (_, n) => printed(body, own, seedOf(n))))].toSorted((a, b) =>
      a < b ? -1 : 1,
    );

  test('a group takes one of its alternatives, by the seed alone', () => {
    assert.deepEqual(all('{Hello|Hi} {{first_name}}'), ['Hello Ada', 'Hi Ada']);
    assert.deepEqual(all('{a|b{c|d}|}x'), ['ax', 'bcx', 'bdx', 'x']);
    assert.deepEqual(all('{Hi {{first_name}}|{% if plan %}Yo{% endif %}}'), ['Hi Ada', 'Yo']);
    assert.equal(printed('{a|b|c}', values, seedOf(3)), printed('{a|b|c}', values, seedOf(3)));
  });

  test('values are never spun', () => {
    const own = { ...values, contact: { first_name: '{A|B} {{ plan }} {% if %}' } };
    assert.deepEqual(all('Hi {{first_name}}', own), ['Hi {A|B} {{ plan }} {% if %}']);
  });

  test('braces without a bar, escapes, URLs, filters and styles are left alone', () => {
    const alone = ['{x}', 'a|b', '{', '}', 'a } b { c', 'https://x.example/{a|b}?c|d', '{"a":1}'];
    for (const body of alone) assert.deepEqual(all(body), [body]);
    assert.deepEqual(all(String.raw`\{a\|b\} \{{x}`), ['{a|b} {{x}']);
    assert.deepEqual(all('{{ "a|b}" | append: "}" }}'), ['a|b}}']);
    assert.deepEqual(all('{https://a.example|https://b.example}'), ['https://a.example', 'https://b.example']);
    assert.deepEqual(all('{% raw %}{a|b}{{ x }}{% endraw %}'), ['{a|b}{{ x }}']);
    const html = '<style>a{b:c|d}</style><p>x</p>';
    const result = render(compile({ subject: null, body: html, format: 'html' }), values, seed);
    assert.equal('html' in result && result.html, html);
  });

  test('five levels are allowed; deeper ones, and tags that cross an alternative, are refused', () => {
    const nested = (depth: number): string => `${'{a|'.repeat(depth)}b${'}'.repeat(depth)}`;
    assert.deepEqual(problem({ body: nested(5) }), {});
    for (const depth of [6, 50, 4_000]) assert.match(problem({ body: nested(depth) })['body'] ?? '', /deeper than 5/);
    assert.match(problem({ body: '{a|'.repeat(80_000) })['body'] ?? 'ok', /^ok$/, 'not closed: text');
    assert.match(problem({ body: '{a|{% if plan %}b}{% endif %}' })['body'] ?? '', /not closed within its alternative/);
    assert.match(
      problem({ body: 'x\n {% spin_group 1 %}' })['body'] ?? '',
      /"spin_group" does not exist \(line 2, column 2\)/,
    );
  });

  test('any text that has no marks of templates is printed as it is', () => {
    const plain = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
      .filter((body) => body.trim() !== '' && !/[{}\\\0]/.test(body) && body.isWellFormed());
    fc.assert(
      fc.property(plain, (body) => assert.equal(printed(body), body)),
      { numRuns: 200, seed: 3 },
    );
  });
});

describe('bad templates', () => {
  test('the field is named, with line and column', () => {
    assert.match(problem({ body: 'Hi\n {{ first_name' })['body'] ?? '', /not closed \(line 2, column 2\)/);
    assert.match(problem({ body: '{a|b} {% if x %}' })['body'] ?? '', /not closed.*line 1, column 7/);
    assert.match(problem({ subject: '{{ x | nope }}' })['subject'] ?? '', /undefined filter: nope \(line 1/);
    assert.match(problem({ subject: 'a\nb' })['subject'] ?? '', /line breaks/);
    assert.match(problem({ subject: 'x'.repeat(3_000) })['subject'] ?? '', /at most 2000/);
    assert.match(problem({ body: ' ' })['body'] ?? '', /blank/);
    assert.deepEqual(Object.keys(problem({ subject: '{{', body: '{{' })), ['subject', 'body']);
  });

  test('files, other programs and the time of day are out of reach', () => {
    for (const name of ['include', 'render', 'layout', 'block', 'increment', 'liquid', 'echo'])
      assert.match(problem({ body: `{% ${name} "x" %}` })['body'] ?? '', new RegExp(`tag "${name}" not found`));
    assert.match(problem({ body: '{{ "now" | date: "%Y" }}' })['body'] ?? '', /current time is not available/);
    assert.equal(printed('{{ "2026-01-05" | date: "%d.%m.%Y" }}'), '05.01.2026');
  });

  test('endless and huge templates end with an error', () => {
    const endless = [
      '{% for i in (1..1000000000) %}x{% endfor %}',
      '{% for i in (1..900) %}{% for j in (1..900) %}{% for k in (1..900) %}{% endfor %}{% endfor %}{% endfor %}',
      '{% assign a = "xxxxxxxxxx" %}{% for i in (1..100) %}{% assign a = a | append: a %}{% endfor %}{{ a }}',
      `{% for i in (1..900) %}${'x'.repeat(9_000)}{% endfor %}`,
    ];
    for (const body of endless) assert.match(problem({ body })['body'] ?? '', /takes too long or prints too much/);
    assert.match(problem({ body: 'x'.repeat(1_000_000) })['body'] ?? '', /at most 256 KiB/);
    assert.match(problem({ body: '{{a}}'.repeat(20_000) })['body'] ?? '', /more than 5,000/);
    assert.match(
      problem({ body: '{% if a %}'.repeat(4_000) + '{% endif %}'.repeat(900) })['body'] ?? '',
      /not closed|too deeply/,
    );
  });

  test('links with a scheme that runs something are refused, also from a value', () => {
    for (const href of ['javascript:alert(1)', ' jAva\tscript:x', 'java&#115;cript:x', 'data:text/html,x'])
      assert.match(problem({ body: `<a href="${href}">x</a>`, format: 'html' })['body'] ?? '', /has a link with/);
    const compiled = compile({ subject: null, body: '<a href="{{ site }}">x</a>', format: 'html' });
    assert.deepEqual(render(compiled, { ...values, contact: { site: 'javascript:x' } }, seed), {
      error: 'body: has a link with javascript: in href; links begin with https:, http:, mailto: or tel:',
    });
  });

  test('warnings for many links, shortened ones, and HTML that is cut off', () => {
    const codes = (body: string, format: 'text' | 'html'): string[] =>
      contentWarnings({ body, format }).map(({ code }) => code);
    assert.deepEqual(codes('https://a.example https://bit.ly/x http://c.example', 'text'), [
      'many_links',
      'shortened_link',
    ]);
    assert.deepEqual(codes(`<a href="https://a.example">${'x'.repeat(110_000)}</a>`, 'html'), ['large_html']);
  });
});

test('C10: variants follow their weights, and depend on the seed only', () => {
  const variants = [
    { id: 'a', weight: 1, enabled: true },
    { id: 'b', weight: 3, enabled: true },
    { id: 'c', weight: 9, enabled: false },
    { id: 'd', weight: 0, enabled: true },
  ];
  const picked = Array.from({ length: 4_000 }, (_, n) => pickVariant(variants, seedOf(n)));
  const share = picked.filter((id) => id === 'b').length / picked.length;
  assert.ok(share > 0.72 && share < 0.78, `${share}`);
  assert.deepEqual(new Set(picked), new Set(['a', 'b']));
  assert.deepEqual(
    picked,
    Array.from({ length: 4_000 }, (_, n) => pickVariant(variants, seedOf(n))),
  );
  assert.equal(pickVariant(variants.slice(2), seed), null);
});
