import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRedactor, needlesOf } from './redact.ts';

const finderOf = (email: string) =>
  createRedactor(
    needlesOf([
      {
        id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22',
        emails: [{ email, primary: true }],
        first_name: null,
        last_name: null,
        phone: null,
      },
    ]),
  );
const ivy = finderOf('Ivy+News@Nest.example');
const renee = finderOf('Renée@Bücher.example');

/** Rewrites each character. */
const each = (text: string, as: (code: number) => string): string =>
  Array.from(text, (one) => as(one.codePointAt(0) ?? 0)).join('');
const hex = (code: number): string => code.toString(16).padStart(4, '0');

test('an address is found in every spelling of its characters', () => {
  for (const text of [
    'ivy+news%40nest.example',
    'ivy%2Bnews@nest.example',
    'ivy%2bnews%40nest%2Eexample',
    'IVY%2BNEWS%40NEST.EXAMPLE',
    'ivy%252Bnews%2540nest.example',
    'to%3D%22ivy%25252Bnews%252540nest.example%22',
    String.raw`ivy\u002Bnews\u0040nest.example`,
    String.raw`{"raw":"{\"to\":\"ivy\\u002bnews\\u0040nest.example\"}"}`,
    String.raw`{"raw":"{\"raw\":\"{\\\"to\\\":\\\"ivy\\\\\\u002bnews@nest.example\\\"}\"}"}`,
    String.raw`{"raw":"Dear\\nivy+news@nest.example,\\tHello"}`,
    String.raw`\u003civy+news@nest.example\u003e`,
    'ivy+news&#64;nest.example',
    'of ivy+news@nest.example.csv',
    'ivy&#x2B;news&#x40;nest&#046;example',
    'ivy&plus;news&commat;nest&amp;period;example',
    'ivy+news@nest。example',
    'ivy+news＠nest．example',
    each('ivy+news@nest.example', (code) => `%${code.toString(16)}`),
    each('IVY+NEWS@NEST.EXAMPLE', (code) => `%25${code.toString(16).toUpperCase()}`),
    each('Ivy+News@Nest.example', (code) => String.raw`\u${hex(code)}`),
    each('Ivy+News@Nest.example', (code) => `&#${code};`),
    'bounces-ivy+news=nest.example@mail.example',
    'bounces%2Divy%2Bnews%3Dnest.example%40mail.example',
    each('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22', (code) => `%${code.toString(16)}`),
  ])
    assert.ok(ivy.speaksOf(text), text);
  const words = ['renée@bücher.example', 'RENÉE@xn--bcher-kva.example', 'RENÉE@BÜCHER.EXAMPLE'];
  for (const text of [
    ...words,
    ...words.map((word) => word.normalize('NFD')),
    ...words.flatMap((word) => [
      encodeURIComponent(word),
      encodeURIComponent(word).toLowerCase(),
      encodeURIComponent(encodeURIComponent(word.normalize('NFD'))),
    ]),
    ...words.map((word) =>
      each(word, (code) => (code < 0x7f ? String.fromCodePoint(code) : String.raw`\u${hex(code)}`)),
    ),
    'ren%C3%A9e@b%C3%BCcher.example',
    String.raw`ren\u00E9e@b\u00fccher.example`,
    'ren&#233;e@b&#xfc;cher.example',
    'rene%CC%81e@bu\u0308cher.example',
  ])
    assert.ok(renee.speaksOf(text), text);
});

test('a longer address is a different one, in every spelling', () => {
  for (const text of [
    'x-ivy+news@nest.example',
    'x%2Divy%2Bnews%40nest.example',
    'x%252Divy%252Bnews%2540nest.example',
    String.raw`n\u0069vy+news@nest.example`,
    'é%C3%A9ivy%2Bnews%40nest.example',
    String.raw`\u00e9ivy+news@nest.example`,
    'ivy+news%40nest.example%2Eorg',
    'ivy+news@nest.example。org',
    'ivy+news@nest.example.csv.org',
    'ivy+news@nest.example.csvs',
    'ivy%2Bnews%40nest-example',
    'ivynews@nest.example',
    'ivy+news=nest.example',
    'xivy+news=nest.example@mail.example',
  ])
    assert.ok(!ivy.speaksOf(text), text);
});

test('the search time grows linearly with the text', () => {
  // A quadratic search of any of these would take 10^11 steps.
  for (const sign of ['\\', '%25', '&amp;', '&#0', '%', 'ivy+news', '\\u0069', '%69', '='])
    assert.ok(!ivy.speaksOf(sign.repeat(Math.ceil(1_000_000 / sign.length))), sign);
  assert.ok(ivy.speaksOf(`${'\\'.repeat(1_000_000)}ivy+news${'\\'.repeat(1_000_000)}u0040nest.example`));
});
