import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isTooDeep, textOfHtml } from './html-text.ts';

describe('the text of HTML', () => {
  test('keeps paragraphs, line breaks, lists and the targets of links', () => {
    const html = `<html><head><style>p { color: red }</style></head><body><h1>Offer</h1><p>Hi <b>Ada</b>,</p>
      <p>see <a href="https://x.example/a">this</a> or <a href="https://x.example">https://x.example</a><br>or mail
      <a href="mailto:a@b.example">a@b.example</a></p><ul><li>one<li>two</ul><img src="https://x.example/t.gif" alt="x"></body></html>`;
    assert.equal(
      textOfHtml(html),
      'Offer\n\nHi Ada,\n\nsee this [https://x.example/a] or https://x.example\nor mail a@b.example\n\n * one\n * two',
    );
  });

  test('of long paragraphs is not wrapped', () => {
    assert.equal(textOfHtml(`<p>${'word '.repeat(100)}</p>`), 'word '.repeat(100).trim());
  });

  for (const [what, html] of [
    ['nested elements', '<div>'.repeat(10_000)],
    ['nested elements between closing tags of other ones', '<div></x>'.repeat(10_000)],
    ['elements with optional closing tags that nest', '<p><li>'.repeat(10_000)],
    ['nested tables', '<table><tr><td>'.repeat(10_000)],
  ] as const)
    test(`is not derived from 10,000 ${what}`, () => {
      assert.equal(isTooDeep(html), true);
      assert.equal(textOfHtml(html), undefined);
    });

  test('is derived from 3,000 paragraphs and line breaks that are not closed', () => {
    assert.match(textOfHtml('<p>a<br>b'.repeat(3_000)) ?? '', /^a\nb\n\na\nb/);
  });
});
