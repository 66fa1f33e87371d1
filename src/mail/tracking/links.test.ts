import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { linksOf } from './links.ts';
import type { LinkOptions } from './links.ts';
import { isGenuine, readToken, tokenLength, tokenOf } from './token.ts';

const key = createSecretKey(Buffer.alloc(32, 7));
const sendKey = '0199c9f2-0a44-7e55-b0c3-91d2e7a6f522';
const host = 'https://links.hopper.example';
const options: LinkOptions = {
  tag: 'k3vq7m2a',
  sendKey,
  hosts: { tracking: host, unsubscribe: host },
  mailbox: 'ada+sales@hopper.example',
  tracking: { opens: false, clicks: true },
};
const { rewrite, unsubscribeUrl, headers } = linksOf(key, options);
const link = (number: number): string => `href="${host}/t/c/${tokenOf(key, options.tag, { sendKey, number })}"`;

describe('tokens', () => {
  test('a token names its message and link; every change of a character makes it invalid', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.nat({ max: 255 }), fc.nat({ max: tokenLength - 1 }), (id, number, place) => {
        const token = tokenOf(key, 'k3vq7m2a', { sendKey: id, number });
        const read = readToken(token);
        assert.equal(token.length, tokenLength);
        assert.ok(read !== undefined && isGenuine(read, key));
        assert.deepEqual([read.tag, read.sendKey, read.number], ['k3vq7m2a', id, number]);
        const changed = token.slice(0, place) + (token[place] === 'A' ? 'B' : 'A') + token.slice(place + 1);
        const forged = readToken(changed);
        assert.ok(forged?.tag !== 'k3vq7m2a' || !isGenuine(forged, key));
        assert.equal(readToken(token.slice(0, -1)), undefined);
        assert.ok(!isGenuine(read, createSecretKey(Buffer.alloc(32, 8))));
      }),
    );
  });
});

describe('links', () => {
  test('links to web pages are replaced, and no other byte changes', () => {
    const html = `<p class="x">Hi &amp; <a id=1 HREF='https://acme.example/?a=1&amp;b=2' title="&quot;">see</a><a href=http://acme.example/b >b</a></p>`;
    assert.deepEqual(rewrite(html), {
      html: `<p class="x">Hi &amp; <a id=1 ${link(1)} title="&quot;">see</a><a ${link(2)} >b</a></p>`,
      links: ['https://acme.example/?a=1&b=2', 'http://acme.example/b'],
    });
  });

  test('a URL that occurs twice has one number', () => {
    const { html, links } = rewrite('<a href="https://a.example/">one</a> <a href="https://a.example/">two</a>');
    assert.equal(html, `<a ${link(1)}>one</a> <a ${link(1)}>two</a>`);
    assert.deepEqual(links, ['https://a.example/']);
  });

  for (const [what, html] of [
    ['mail and telephone', '<a href="mailto:a@b.example">a</a><a href="tel:+47">b</a>'],
    ['scripts', '<a href=" javascript:alert(1)">a</a><a href="data:text/html,x">b</a>'],
    ['places in the message and relative links', '<a href="#top">a</a><a href="/b">b</a><a href="//c.example">c</a>'],
    ['a text that is a URL', '<a href="https://a.example/">https://a.example/</a>'],
    ['a text that names a host', '<a href="https://a.com/x">Go to <b>www.a.com</b>.</a>'],
    ['comments and text', '<!-- <a href="https://a.example/">x</a> --> &lt;a href="https://a.example/"&gt;'],
    ['images', '<img src="https://a.example/x.png"><link href="https://a.example/">'],
    ['the link to opt out', `<a href="${String(unsubscribeUrl)}">Opt out</a>`],
    ['a link without a host', '<a href="https://">x</a><a href>y</a>'],
  ] as const)
    test(`not replaced: ${what}`, () => assert.deepEqual(rewrite(html), { html, links: [] }));

  test('a file name is not a host, and the first of two targets counts', () => {
    assert.deepEqual(rewrite('<a href="https://a.example/1" href="https://b.example/">notes.txt v1.2</a>').links, [
      'https://a.example/1',
    ]);
  });

  test('at most 254 links are replaced', () => {
    const html = Array.from({ length: 300 }, (_, index) => `<a href="https://a.example/${index}">x</a>`).join('');
    assert.equal(rewrite(html).links.length, 254);
    assert.match(rewrite(html).html, /<a href="https:\/\/a\.example\/299">x<\/a>$/);
  });

  test('the pixel is the last element of the body; text that looks like its end is not', () => {
    const pixels = linksOf(key, { ...options, tracking: { opens: true, clicks: false } });
    const pixel = `<img src="${host}/t/o/${tokenOf(key, options.tag, { sendKey, number: 0 })}" width="1" height="1" alt="" style="border:0">`;
    for (const [before, after] of [
      ['<html><body><!-- </body> --><a href="https://a.example/">x</a>', '</body></html>'],
      ['<p>Hi</p>', ''],
      ['<html><p>Hi', '</html>'],
    ] as const)
      assert.deepEqual(pixels.rewrite(before + after), { html: before + pixel + after, links: [] });
  });

  test('without a host for tracking nothing is replaced; the header has both ways to opt out, or only mail', () => {
    const none = linksOf(key, { ...options, hosts: { tracking: null, unsubscribe: null } });
    const html = '<a href="https://a.example/">x</a>';
    assert.deepEqual(none.rewrite(html), { html, links: [] });
    const token = tokenOf(key, options.tag, { sendKey, number: 255 });
    const mailto = `<mailto:ada%2Bsales@hopper.example?subject=unsubscribe-${token}>`;
    assert.deepEqual(none.headers, { 'List-Unsubscribe': mailto });
    assert.deepEqual(headers, {
      'List-Unsubscribe': `<${host}/u/${token}>, ${mailto}`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
  });

  test('any text keeps its bytes outside the replaced attributes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const html = text.replaceAll(/[<>]/g, '');
        assert.deepEqual(rewrite(`${html}<b>${html}</b>`), { html: `${html}<b>${html}</b>`, links: [] });
      }),
    );
  });
});
