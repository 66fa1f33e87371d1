import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApiError } from '../../base/errors.ts';
import { buildMessage } from './build.ts';
import type { MessageInput } from './build.ts';
import { bodyBytesMax, contentProblems, needsSmtputf8 } from './content.ts';
import { messageIdOf } from './message-id.ts';

const input: MessageInput = {
  from: { address: 'grace@hopper.example', name: 'Grace Hopper' },
  to: { address: 'ada@lovelace.example' },
  subject: 'Hello',
  text: 'Hello Ada',
  messageId: messageIdOf('0199c9f2-0a44-7e55-b0c3-91d2e7a6f525', 'hopper.example'),
  date: new Date('2026-03-29T01:30:00Z'),
  timezone: 'Europe/Berlin',
};
const built = (changes: Partial<MessageInput> = {}): string => buildMessage({ ...input, ...changes }).raw.toString();
const headerOf = (raw: string, name: string): string | undefined =>
  new RegExp(String.raw`^${name}: ?((?:.|\r\n[ \t])*)`, 'm')
    .exec(raw.split('\r\n\r\n')[0] ?? '')?.[1]
    ?.replaceAll(/\r\n/g, '');

describe('a message', () => {
  test('with text alone has no parts, and no header names a product', () => {
    assert.equal(
      built(),
      [
        'From: Grace Hopper <grace@hopper.example>',
        'To: ada@lovelace.example',
        'Subject: Hello',
        'Date: Sun, 29 Mar 2026 03:30:00 +0200',
        'Message-ID: <agm4t4qkir7flmgdshjopjxveu@hopper.example>',
        'Content-Transfer-Encoding: quoted-printable',
        'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=utf-8',
        '',
        'Hello Ada',
        '',
      ].join('\r\n'),
    );
  });

  test('has the same bytes each time, and other boundaries with another Message-ID', () => {
    const html = '<p>Hello</p>';
    assert.equal(built({ html }), built({ html }));
    const other = built({ html, messageId: messageIdOf('0199c9f2-0a44-7e55-b0c3-91d2e7a6f526', 'hopper.example') });
    const boundary = (raw: string): string | undefined => /boundary="(.*)"/.exec(raw)?.[1];
    assert.notEqual(boundary(other), boundary(built({ html })));
  });

  test('with HTML has its text first, and text made from the HTML if there is none', () => {
    const { raw, text, html } = buildMessage({ ...input, text: undefined, html: '<p>Hello <b>Ada</b></p>' });
    assert.deepEqual([text, html], ['Hello Ada', '<p>Hello <b>Ada</b></p>']);
    assert.match(
      raw.toString(),
      /multipart\/alternative;[^]*text\/plain[^]*Hello Ada\r\n--[^]*text\/html[^]*<p>Hello <b>/,
    );
  });

  test('has its date in the zone of the mailbox, before and after a change of the clock', () => {
    const date = (at: string, timezone: string) => headerOf(built({ date: new Date(at), timezone }), 'Date');
    assert.equal(date('2026-03-29T00:59:00Z', 'Europe/Berlin'), 'Sun, 29 Mar 2026 01:59:00 +0100');
    assert.equal(date('2026-03-29T01:00:00Z', 'Europe/Berlin'), 'Sun, 29 Mar 2026 03:00:00 +0200');
    assert.equal(date('2026-01-01T00:00:00Z', 'Asia/Kolkata'), 'Thu, 01 Jan 2026 05:30:00 +0530');
  });

  test('has domains in A-labels and names in encoded words', () => {
    const raw = built({
      from: { address: 'grace@höpper.example', name: 'Gräce "G" Höpper' },
      replyTo: 'team@exämple.test',
    });
    assert.equal(headerOf(raw, 'From'), '=?UTF-8?Q?Gr=C3=A4ce_=22G=22_H=C3=B6pper?= <grace@xn--hpper-jua.example>');
    assert.equal(headerOf(raw, 'Reply-To'), 'team@xn--exmple-cua.test');
  });

  test('has its subject as written if it is ASCII, and encoded otherwise', () => {
    assert.equal(headerOf(built({ subject: 'Your "pipeline"' }), 'Subject'), 'Your "pipeline"');
    assert.equal(headerOf(built({ subject: 'Größe' }), 'Subject'), '=?UTF-8?Q?Gr=C3=B6=C3=9Fe?=');
    assert.equal(headerOf(built({ subject: '=?utf-8?q?x?=' }), 'Subject'), '=?utf-8?q?x?=');
  });

  test('names the thread, at most 50 messages of it', () => {
    const references = Array.from({ length: 80 }, (_, index) => `<${index}@lovelace.example>`);
    const raw = built({ inReplyTo: '<79@lovelace.example>', references });
    assert.equal(headerOf(raw, 'In-Reply-To'), '<79@lovelace.example>');
    const kept = headerOf(raw, 'References')?.split(' ') ?? [];
    assert.deepEqual([kept.length, kept[0], kept[1], kept[49]], [50, references[0], references[31], references[79]]);
  });

  test('has both headers of one-click unsubscription exactly as given', () => {
    const url = `https://t.example/u/${'x'.repeat(90)}`;
    const raw = built({
      headers: {
        'List-Unsubscribe': `<${url}>, <mailto:grace@hopper.example?subject=unsubscribe-abc>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    });
    assert.equal(
      headerOf(raw, 'List-Unsubscribe')?.trim(),
      `<${url}>, <mailto:grace@hopper.example?subject=unsubscribe-abc>`,
    );
    assert.match(raw, /\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n/);
  });

  test('ends with the signature, escaped in HTML and inside its body', () => {
    const { text, html } = buildMessage({
      ...input,
      html: '<html><body><p>Hi</p></body></html>',
      signature: 'Grace\nH & Sons <x>',
    });
    assert.equal(text, 'Hello Ada\r\n\r\n-- \r\nGrace\r\nH & Sons <x>');
    assert.equal(html, '<html><body><p>Hi</p><div><br>-- <br>Grace<br>H &amp; Sons &lt;x&gt;</div></body></html>');
  });

  test('has only lines of at most 998 octets that end with CRLF, and no octet above 127', () => {
    const text = `lone\rreturn\nand ${'ü'.repeat(5_000)}\r\n${'x'.repeat(5_000)}  \n.\nend`;
    const { raw } = buildMessage({ ...input, subject: `${'x'.repeat(200)}   ${'y'.repeat(200)}`, text, html: text });
    assert.ok(raw.every((octet) => octet < 128));
    for (const line of raw.toString().split('\r\n')) {
      assert.ok(line.length <= 998, line);
      assert.ok(!/[\r\n]/.test(line), line);
    }
    assert.ok(!/\r\n[ \t]+\r\n/.test(raw.toString()), 'no line of spaces ends the headers early');
  });
});

describe('a message is refused, naming the field,', () => {
  const refusals: readonly [what: string, field: string, changes: Partial<MessageInput>][] = [
    ['with a line break in the subject', 'subject', { subject: 'Hello\r\nBcc: eve@evil.example' }],
    ['with a line break in a name', 'from.name', { from: { address: 'a@b.example', name: 'x\ny' } }],
    ['with a line break in an address', 'to.address', { to: { address: 'a@b.example\r\nRCPT TO:<eve@evil.example>' } }],
    ['with a NUL in Reply-To', 'reply_to', { replyTo: 'a\0@b.example' }],
    ['with a line break in a header', 'headers.List-Unsubscribe', { headers: { 'List-Unsubscribe': '<x>\r\nBcc: y' } }],
    ['with letters outside ASCII in a header', 'headers.X-Note', { headers: { 'X-Note': 'ü' } }],
    ['with a line break in a header name', 'headers', { headers: { 'X-A: b\r\nBcc': 'y' } }],
    ['with a header that is set from another field', 'headers.bcc', { headers: { bcc: 'eve@evil.example' } }],
    ['with a header that cannot be folded', 'headers.X-Long', { headers: { 'X-Long': 'x'.repeat(1_000) } }],
    ['with a line break in a Message-ID', 'references', { inReplyTo: '<a@b>\r\nBcc: <c@d>' }],
    ['with an unknown time zone', 'timezone', { timezone: 'Mars/Olympus' }],
    ['with a recipient that needs SMTPUTF8', 'to.address', { to: { address: 'jörg@example.com' } }],
    ['without text and HTML', 'text', { text: ' ' }],
    ['with NUL in the text', 'text', { text: 'a\0b' }],
  ];
  for (const [what, field, changes] of refusals)
    test(what, () => {
      assert.throws(
        () => built(changes),
        (error) => error instanceof ApiError && Object.keys(error.details ?? {}).join() === field,
      );
    });
});

describe('the content that a caller sends', () => {
  test('has a limit for each field, and the problem names the size', () => {
    const long = 'ü'.repeat(bodyBytesMax / 2 + 1);
    assert.deepEqual(contentProblems({ subject: 'x'.repeat(501), text: long, html: long }), {
      subject: 'must have at most 500 characters',
      text: 'must have at most 256 KiB; this one has 257 KiB',
      html: 'must have at most 256 KiB; this one has 257 KiB',
    });
    const half = '\ud800';
    assert.deepEqual(contentProblems({ subject: half, text: half, html: half }), {
      subject: 'must be well-formed Unicode',
      text: 'must be well-formed Unicode',
      html: 'must be well-formed Unicode',
    });
    assert.deepEqual(contentProblems({ subject: '', html: '<p>Hi</p>' }), {});
    assert.deepEqual(contentProblems({ subject: '', html: '<div>'.repeat(6_000) }), {
      html: 'leaves more than 5,000 elements open; close them',
    });
  });

  test('needs SMTPUTF8 only for a local part outside ASCII', () => {
    const needs = ['jörg@example.com', 'jörg@exämple.test'];
    const not = ['ada@exämple.test', 'ada@example.com', 'no address'];
    assert.deepEqual([...needs, ...not].map(needsSmtputf8), [true, true, false, false, false]);
  });
});
