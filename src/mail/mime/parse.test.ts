import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { buildMessage } from './build.ts';
import { bodyBytesMax } from './content.ts';
import { messageIdOf } from './message-id.ts';
import { parseLimits, parseMessage } from './parse.ts';
import type { ParsedMessage } from './parse.ts';

const read = async (raw: string | Buffer): Promise<ParsedMessage> => {
  const message = await parseMessage(typeof raw === 'string' ? Buffer.from(raw, 'utf8') : raw);
  assert.ok(!('skipped' in message), JSON.stringify(message));
  return message;
};
const skipReason = async (raw: string): Promise<string | undefined> => {
  const message = await parseMessage(Buffer.from(raw, 'latin1'));
  return 'skipped' in message ? message.skipped : undefined;
};
const multipart = (subtype: string, boundary: string): string =>
  `Content-Type: multipart/${subtype}; boundary="${boundary}"\r\n\r\n`;

describe('a message that was built', () => {
  test('is read as it was written, whatever its text is', async () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 400 })
      .filter((each) => each.trim() !== '' && !each.includes('\0'));
    const line = fc
      .string({ unit: 'grapheme', maxLength: 200 })
      .filter((each) => !/\p{Cc}/u.test(each) && !/\s{2}|[^\S ]|\p{Cf}/u.test(each))
      .map((each) => each.trim());
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.option(text, { nil: undefined }),
        line,
        line,
        fc.uuid(),
        async (body, html, subject, name, id) => {
          const messageId = messageIdOf(id, 'hopper.example');
          const built = buildMessage({
            from: { address: 'grace@hopper.example', name },
            to: { address: 'ada@lovelace.example' },
            subject,
            text: body,
            html,
            messageId,
            inReplyTo: '<1@lovelace.example>',
            references: ['<0@lovelace.example>', '<1@lovelace.example>'],
            date: new Date('2026-03-29T01:30:00Z'),
            timezone: 'Europe/Berlin',
            headers: { 'List-Unsubscribe': '<https://t.example/u/abc>' },
          });
          const message = await read(built.raw);
          const lines = (each: string | undefined): string | undefined => each?.replaceAll(/\r\n?/g, '\n').trimEnd();
          assert.equal(lines(message.text), lines(built.text));
          assert.equal(lines(message.html), lines(built.html));
          assert.equal(message.subject, subject.toWellFormed());
          assert.deepEqual(message.from, { address: 'grace@hopper.example', name: name.toWellFormed() });
          assert.equal(message.messageId, messageId);
          assert.equal(message.inReplyTo, '<1@lovelace.example>');
          assert.deepEqual(message.references, ['<0@lovelace.example>', '<1@lovelace.example>']);
          assert.deepEqual(message.date, new Date('2026-03-29T01:30:00Z'));
          assert.deepEqual(message.headers.get('list-unsubscribe'), ['<https://t.example/u/abc>']);
          assert.deepEqual([message.attachments, message.forMachines.deliveryStatus], [[], '']);
        },
      ),
      { numRuns: 200 },
    );
  });
});

test('the longest message that is built is read as a whole', async () => {
  const body = 'ü'.repeat(bodyBytesMax / 2);
  const { raw } = buildMessage({
    from: { address: 'grace@hopper.example' },
    to: { address: 'ada@lovelace.example' },
    subject: 'ü'.repeat(500),
    text: body,
    html: body,
    messageId: '<1@hopper.example>',
    date: new Date('2026-01-05T09:00:00Z'),
    timezone: 'UTC',
  });
  const { text, html, subject } = await read(raw);
  assert.ok(text === body && html?.trim() === body && subject === 'ü'.repeat(500));
});

describe('a received message', () => {
  test('has text made from the HTML if there is only HTML', async () => {
    const { text, html } = await read('Content-Type: text/html\r\n\r\n<p>Hi <b>Ada</b></p>\r\n');
    assert.deepEqual([text, html?.trim()], ['Hi Ada', '<p>Hi <b>Ada</b></p>']);
  });

  test('has the texts beside each other, and of alternatives only one', async () => {
    const alternatives = `${multipart('alternative', 'a')}--a\r\n\r\nplain\r\n--a\r\nContent-Type: text/html\r\n\r\n<p>html</p>\r\n--a--\r\n`;
    const raw = `${multipart('mixed', 'm')}--m\r\n${alternatives}--m\r\n\r\nfooter\r\n--m--\r\nafter the end`;
    const { text, html } = await read(raw);
    assert.deepEqual([text.split(/\s+/).filter(Boolean), html?.trim()], [['plain', 'footer'], '<p>html</p>']);
  });

  test('names its files with their sizes and reads none of them', async () => {
    const file = Buffer.alloc(30_000, 'x').toString('base64').replaceAll(/.{76}/g, '$&\r\n');
    const raw =
      `${multipart('mixed', 'm')}--m\r\n\r\nsee the file\r\n` +
      `--m\r\nContent-Type: application/pdf; name="=?utf-8?q?Gr=C3=B6=C3=9Fe.pdf?="\r\nContent-Transfer-Encoding: base64\r\n\r\n${file}\r\n` +
      `--m\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename*=utf-8''n%C3%B6tes.txt\r\n\r\nnot the text\r\n--m--\r\n`;
    const { text, attachments } = await read(raw);
    assert.equal(text.trim(), 'see the file');
    assert.deepEqual(
      attachments.map(({ filename, type }) => [filename, type]),
      [
        ['Größe.pdf', 'application/pdf'],
        ['nötes.txt', 'text/plain'],
      ],
    );
    assert.ok(Math.abs((attachments[0]?.size ?? 0) - 30_000) < 100);
  });

  test('is decoded from its charset; an unknown one, or bytes that are not in it, lose nothing else', async () => {
    const body = (charset: string, bytes: Buffer) =>
      read(Buffer.concat([Buffer.from(`Content-Type: text/plain; charset=${charset}\r\n\r\n`), bytes]));
    assert.equal((await body('iso-8859-15', Buffer.from([0xa4]))).text, '€');
    assert.equal((await body('"windows-1252"', Buffer.from([0x80]))).text, '€');
    assert.equal((await body('iso-2022-jp', Buffer.from('\x1b$B$3$s\x1b(B'))).text, 'こん');
    assert.equal((await body('klingon', Buffer.from('abc'))).text, 'abc');
    assert.equal((await body('utf-8', Buffer.from([0x61, 0xff, 0xc3, 0xa4]))).text, 'a\ufffdä');
    // None of it is UTF-8: the name is wrong.
    assert.equal((await body('utf-8', Buffer.from([0x61, 0xff, 0x62]))).text, 'aÿb');
    assert.equal((await body('"x\\"y', Buffer.from('abc'))).text, 'abc');
  });

  test('has no NUL in any text, and only well-formed Message-IDs', async () => {
    const message = await read(
      'From: "a\0b" <a\0@b.example>\r\nSubject: x\0y\r\nMessage-ID: no id\r\nIn-Reply-To: <a b@c>\r\nReferences: <1@a> junk <2@a><1@a>\r\n\r\na\0b',
    );
    assert.ok(!JSON.stringify({ ...message, headers: [...message.headers] }).includes(String.raw`\u0000`));
    assert.deepEqual(
      [message.messageId, message.inReplyTo, message.references],
      [undefined, undefined, ['<1@a>', '<2@a>']],
    );
  });

  test('has headers named like members of every object as ordinary ones', async () => {
    const { headers } = await read(
      '__proto__: a\r\nconstructor: b\r\nContent-Type: text/plain; __proto__=x; constructor=y\r\n\r\nhi',
    );
    assert.deepEqual([headers.get('__proto__'), headers.get('constructor')], [['a'], ['b']]);
  });
});

describe('a hostile message', () => {
  const head = 'From: a@b.example\r\n';
  const nested = (levels: number): string =>
    head + Array.from({ length: levels }, (_, level) => `${multipart('mixed', `b${level}`)}--b${level}\r\n`).join('');

  test('is skipped with a reason if it is too large or too complex', async () => {
    assert.equal(await skipReason('x'.repeat(50 * 1024 * 1024)), 'too_large');
    assert.equal(await skipReason(nested(200)), 'too_deep');
    assert.equal(await skipReason('X-A: b\r\n'.repeat(10_000)), 'too_many_headers');
    assert.equal(await skipReason('x'.repeat(1024 * 1024)), 'headers_too_large');
    assert.equal(await skipReason(head + multipart('mixed', 'm') + '--m\r\n\r\nx\r\n'.repeat(200)), 'too_many_parts');
  });

  test('is read up to the limits', async () => {
    assert.equal(await skipReason(nested(parseLimits.depth)), undefined);
    const long = await read(`${head}\r\n${'word '.repeat(1_000_000)}`);
    assert.ok(long.text.length >= 256 * 1024 - 1, String(long.text.length));
    const messages = await read(`${head}${'Content-Type: message/rfc822\r\n\r\n'.repeat(200)}`);
    assert.deepEqual(
      messages.attachments.map(({ type }) => type),
      ['message/rfc822'],
    );
  });

  for (const [what, raw] of [
    ['a million lines that are almost its boundary', `${head}${multipart('mixed', 'm')}${'\n--mx'.repeat(1_000_000)}`],
    ['a file of 24 MB', `${head}${multipart('mixed', 'm')}--m\r\nContent-Type: a/b\r\n\r\n${'x'.repeat(24_000_000)}`],
    ['a line of 24 MB', `${head}\r\n${'x'.repeat(24_000_000)}`],
    ['a boundary line of 24 MB', `${head}${multipart('mixed', 'm')}--m${' '.repeat(24_000_000)}`],
    ['HTML that opens 60,000 links', `${head}Content-Type: text/html\r\n\r\n${'<a href='.repeat(60_000)}`],
    ['100,000 recipients without an end', `${head}To: ${'g:"<('.repeat(100_000)}\r\n\r\nhi`],
    ['a subject of encoded words', `${head}Subject: ${'=?utf-8?q?=41?= '.repeat(25_000)}\r\n\r\nhi`],
    ['a content type of comments', `${head}Content-Type: ${'('.repeat(400_000)}\r\n\r\nhi`],
    [
      'parameters in 30,000 pieces',
      `${head}Content-Type: a/b${Array.from({ length: 30_000 }, (_, index) => `; x*${index}="a"`).join('')}\r\n\r\n`,
    ],
  ] as const)
    test(`with ${what} neither fails nor stops the process`, async () => {
      await parseMessage(Buffer.from(raw, 'latin1'));
    });

  test('never makes the parser throw', async () => {
    const fragment = fc.constantFrom(
      '\r\n',
      '\n',
      '\r\n\r\n',
      '--m',
      '--m--',
      ' ',
      '\t',
      '\0',
      '"',
      '(',
      '<',
      '>',
      ':',
      ';',
      '=',
      'm',
      '=?utf-8?b?',
      '?=',
      'Content-Type: ',
      'multipart/mixed; boundary=m',
      'multipart/report; boundary="m"',
      'message/delivery-status',
      'message/rfc822',
      'message/feedback-report',
      'text/html',
      'text/plain; charset=',
      'utf-16',
      'Content-Transfer-Encoding: ',
      'base64',
      'quoted-printable',
      'From: ',
      'a@b.example',
      'Message-ID: <1@a>',
      'Date: Mon, 1 Jan 275760 00:00:00 +0000',
      'Final-Recipient: rfc822; ',
      'Action: failed',
      'Status: 5.1.1',
      '\ud83d\ude00',
      '=C3=28',
      '<p>',
      '<!--',
      'Original-Recipient: utf-8; \\x{110000}@a',
    );
    const bytes = fc.oneof(
      fc.array(fragment, { maxLength: 60 }).map((parts) => Buffer.from(parts.join(''))),
      fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (raw) => {
        const message = await parseMessage(raw);
        assert.ok('skipped' in message || !/\0|\p{Cs}/u.test(message.text + message.subject));
      }),
      { numRuns: 2_000 },
    );
  });
});
