import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseMessage } from '../mime/index.ts';
import { readReport } from './read.ts';
import type { Report } from './types.ts';

async function reportOf(raw: string | Buffer): Promise<Report> {
  const message = await parseMessage(Buffer.from(raw));
  assert.ok(!('skipped' in message), JSON.stringify(message));
  return readReport(message);
}

const daemon = 'From: Mail Delivery System <mailer-daemon@mx.example>\r\nSubject: Undelivered';

/** A delivery report with the fields, and with what is said to people. */
const dsn = (
  fields: string,
  { text = 'Your message was not delivered.', returned = 'message/rfc822', head = '' } = {},
): string =>
  [
    daemon,
    ...(head === '' ? [] : [head]),
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    '',
    text,
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    fields,
    '',
    '--b',
    `Content-Type: ${returned}`,
    '',
    'From: grace@hopper.example',
    'To: ada@lovelace.example',
    'Message-ID: <1@hopper.example>',
    '',
    'Hello',
    '--b--',
    '',
  ].join('\r\n');

const failed = (status: string, answer = ''): string =>
  `Final-Recipient: rfc822; ada@lovelace.example\r\nAction: failed\r\nStatus: ${status}${answer === '' ? '' : `\r\nDiagnostic-Code: smtp; ${answer}`}`;

describe('a delivery report (RFC 3464)', () => {
  test('names each recipient, its verdict and the message', async () => {
    const report = await reportOf(
      dsn(
        [
          'Original-Recipient: rfc822;Ada@lovelace.example',
          'Final-Recipient: rfc822; <ada2@lovelace.example>',
          'Action: failed (final)',
          'Status: 5.1.1 (bad address)',
          'Remote-MTA: dns; mx.lovelace.example',
          'Diagnostic-Code: smtp; 550 5.1.1 <ada2@lovelace.example>:',
          '  user unknown',
          '',
          'Final-Recipient: rfc822; bob@lovelace.example',
          'Action: delayed',
          'Status: 4.4.1',
        ].join('\r\n'),
      ),
    );
    assert.deepEqual(report, {
      kind: 'bounce',
      because: 'delivery_report',
      recipients: [
        {
          address: 'Ada@lovelace.example',
          others: ['ada2@lovelace.example'],
          verdict: 'hard',
          reason: 'userunknown',
          action: 'failed',
          status: '5.1.1',
          diagnostic: '550 5.1.1 <ada2@lovelace.example>: user unknown',
        },
        {
          address: 'bob@lovelace.example',
          others: [],
          verdict: 'delayed',
          reason: 'expired',
          action: 'delayed',
          status: '4.4.1',
          diagnostic: '',
        },
      ],
      originalMessageId: '<1@hopper.example>',
      feedbackType: undefined,
    });
  });

  test('names the message by its returned headers, or by In-Reply-To if nothing is returned', async () => {
    for (const returned of ['text/rfc822-headers', 'message/rfc822-headers', 'message/global'])
      assert.equal(
        (await reportOf(dsn(failed('5.0.0'), { returned }))).originalMessageId,
        '<1@hopper.example>',
        returned,
      );
    const head = 'In-Reply-To: <2@hopper.example>';
    assert.equal(
      (await reportOf(dsn(failed('5.0.0'), { returned: 'text/html', head }))).originalMessageId,
      '<2@hopper.example>',
    );
  });

  test('has addresses in all encodings', async () => {
    const address = async (field: string) =>
      (await reportOf(dsn(`${field}\r\nAction: failed\r\nStatus: 5.1.1`))).recipients[0]?.address;
    assert.equal(await address('Original-Recipient: rfc822;ada+40lovelace.example'), 'ada@lovelace.example');
    assert.equal(await address('Original-Recipient: rfc822;ada+AB@lovelace.example'), 'ada+AB@lovelace.example');
    assert.equal(await address(String.raw`Final-Recipient: utf-8;j\x{F6}rg@lovelace.example`), 'jörg@lovelace.example');
    assert.equal(await address('Final-Recipient: ada@lovelace.example'), 'ada@lovelace.example');
    assert.equal(await address('Final-Recipient: rfc822;@relay.example:ada@lovelace.example'), 'ada@lovelace.example');
  });

  test('in base64 is decoded, and fields in the text are read', async () => {
    const fields = `Reporting-MTA: dns; x\n\n${failed('5.1.1').replaceAll('\r', '')}\n`;
    const inBase64 = `Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/global-delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(fields).toString('base64')}\r\n--b--\r\n`;
    assert.equal((await reportOf(inBase64)).recipients[0]?.verdict, 'hard');
    const inText = await reportOf(`${daemon}\r\n\r\nIt failed.\r\n\r\n${fields}`);
    assert.deepEqual([inText.kind, inText.recipients[0]?.verdict], ['bounce', 'hard']);
  });

  test('of success is no bounce', async () => {
    for (const action of ['delivered', 'relayed', 'expanded']) {
      const { kind, because, recipients } = await reportOf(
        dsn(`Final-Recipient: rfc822;ada@lovelace.example\r\nAction: ${action}\r\nStatus: 2.1.5`),
      );
      assert.deepEqual([kind, because, recipients[0]?.verdict], ['not_a_bounce', 'success_report', 'delivered']);
    }
  });

  test('takes the rest of an answer from the text for people', async () => {
    const text = [
      '   ----- The following addresses had permanent fatal errors -----',
      '<ada@lovelace.example>',
      '    (reason: 550-Sorry)',
      '',
      '   ----- Transcript of session follows -----',
      '... while talking to mx.lovelace.example.:',
      '>>> RCPT To:<ada@lovelace.example>',
      '<<< 550-Sorry',
      '<<< 550 there is no such user here',
    ].join('\r\n');
    const { recipients } = await reportOf(dsn(failed('5.0.0', '550-Sorry'), { text }));
    assert.deepEqual([recipients[0]?.reason, recipients[0]?.verdict], ['userunknown', 'hard']);
  });

  test('that was cut is never hard', async () => {
    const whole = dsn(failed('5.1.1', '550 5.1.1 <ada@lovelace.example>: mailbox is full'));
    assert.equal((await reportOf(whole)).recipients[0]?.verdict, 'soft');
    for (let end = whole.indexOf('Final-Recipient'); end < whole.length; end += 1) {
      const { recipients } = await reportOf(whole.slice(0, end));
      assert.ok(
        recipients.every(({ verdict }) => verdict !== 'hard'),
        `${end}`,
      );
    }
  });
});

describe('a feedback report (RFC 5965)', () => {
  const arf = (fields: string): string =>
    `Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n\r\nA complaint.\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\n${fields}\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nTo: Ada <ada@lovelace.example>\r\nMessage-ID: <1@hopper.example>\r\n\r\nHi\r\n--b--`;
  const read = async (fields: string) => {
    const { kind, feedbackType, recipients, originalMessageId } = await reportOf(arf(fields));
    return [kind, feedbackType, recipients.map(({ address }) => address).join(), originalMessageId];
  };

  test('names its type, the recipient and the message', async () => {
    assert.deepEqual(await read('Feedback-Type: ABUSE\r\nVersion: 1\r\nOriginal-Rcpt-To: <ada2@lovelace.example>'), [
      'complaint',
      'abuse',
      'ada2@lovelace.example',
      '<1@hopper.example>',
    ]);
  });

  test('of a failed authentication, or by which a person says that it is no spam, is no complaint', async () => {
    for (const type of ['auth-failure', 'not-spam'])
      assert.deepEqual(await read(`Feedback-Type: ${type}\r\nVersion: 1`), [
        'not_a_bounce',
        type,
        'ada@lovelace.example',
        '<1@hopper.example>',
      ]);
  });
});

describe('no bounce is', () => {
  const bounceText = [
    'This is the mail system at host mx.example.',
    '',
    "I'm sorry to have to inform you that your message could not",
    'be delivered to one or more recipients.',
    '',
    '<ada@lovelace.example>: 550 5.1.1 User unknown',
  ];
  const cases: readonly [what: string, raw: string, kind: string][] = [
    [
      'a person who quotes one',
      `From: eve@lovelace.example\r\nSubject: Re: Undelivered\r\nIn-Reply-To: <1@x>\r\n\r\nWhat is this?\r\n\r\n${bounceText.map((line) => `> ${line}`).join('\r\n')}`,
      'reply',
    ],
    [
      'a person who pastes one',
      `From: eve@lovelace.example\r\nSubject: Undelivered\r\n\r\nWe got this:\r\n\r\n${bounceText.join('\r\n')}`,
      'not_a_bounce',
    ],
    [
      'a person who attaches one',
      `From: eve@lovelace.example\r\nSubject: Fwd: bounce\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nSee below.\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n${dsn(failed('5.1.1'))}\r\n--o--\r\n`,
      'not_a_bounce',
    ],
    [
      'a person at postmaster@',
      'From: Mail Admin <postmaster@lovelace.example>\r\nSubject: Re: your delivery failure\r\nIn-Reply-To: <1@x>\r\n\r\nAda ada@lovelace.example left us, 550 5.1.1 is right.',
      'reply',
    ],
    [
      'a read receipt',
      'From: ada@lovelace.example\r\nSubject: Read: Hello\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n--b\r\n\r\nRead.\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822;ada@lovelace.example\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n--b--\r\n',
      'not_a_bounce',
    ],
    [
      'an aggregate report',
      'From: noreply@dmarc.example\r\nSubject: Report Domain: hopper.example Submitter: x Report-ID: 1\r\n\r\nSee the file.',
      'not_a_bounce',
    ],
    [
      'an absence',
      'From: ada@lovelace.example\r\nSubject: Automatic reply: Hello\r\nAuto-Submitted: auto-replied\r\n\r\nI am away until Monday.',
      'auto_reply',
    ],
    ['an answer', 'From: ada@lovelace.example\r\nSubject: Re: Hello\r\n\r\nYes, please.', 'reply'],
  ];
  for (const [what, raw, kind] of cases)
    test(what, async () => {
      assert.equal((await reportOf(raw)).kind, kind);
    });
});

describe('bad input is read without harm:', () => {
  test('wrong charsets, 8-bit headers, half base64, wrappers and nests', async () => {
    const text = Buffer.from('<ada@lovelace.example>:\r\n550 5.1.1 No such user\r\n\r\n--- Below this line\r\n');
    const greeting =
      "Hi. This is the qmail-send program at mx.\r\nI'm afraid I wasn't able to deliver your message to the following addresses.\r\n\r\n";
    for (const type of [
      'text/plain; charset=iso-2022-jp',
      'text/plain; charset=gb18030',
      'text/plain; charset="x-none',
      'text/plain charset=utf-8',
      'multipart/mixed',
    ]) {
      const head = Buffer.from(
        `From: "Zustellung f\xfcr" <mailer-daemon@mx.example>\r\nSubject: =?utf-8?B?w7\xff?=\r\nContent-Type: ${type}\r\n\r\n${greeting}`,
        'latin1',
      );
      const { kind, recipients } = await reportOf(Buffer.concat([head, text]));
      assert.deepEqual([kind, recipients[0]?.verdict], ['bounce', 'hard'], type);
    }
    const half = `${daemon}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(greeting + text.toString())
      .toString('base64')
      .slice(0, 190)}`;
    assert.ok((await reportOf(half)).recipients.every(({ verdict }) => verdict !== 'hard'));
    const wrappers = [
      'application/ms-tnef; name=winmail.dat',
      'application/pkcs7-mime; smime-type=enveloped-data',
      'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b',
    ];
    for (const type of wrappers)
      assert.equal(
        (await reportOf(`From: ada@lovelace.example\r\nSubject: Re: x\r\nContent-Type: ${type}\r\n\r\n--b\r\n\r\nx`))
          .kind,
        'reply',
      );
    assert.equal((await reportOf('')).kind, 'not_a_bounce');
  });

  for (const unit of ['a', 'a@', '.', ' ', '-', '<a', 'smtp=', 'a@b.c '])
    test(`a line of ${JSON.stringify(unit)} without an end`, async () => {
      const line = unit.repeat(250_000 / unit.length);
      const openings = [
        '',
        'Diagnostic information for administrators:\r\n',
        'did not reach the following recipient(s):\r\n',
        '-- The following addresses had delivery errors --\r\n',
        'Delivery to the following recipients failed permanently:\r\n ',
        '----- The following addresses had\r\n ',
      ];
      for (const opening of openings) {
        // CPU time, because other tests share the machine.
        const before = process.cpuUsage();
        await reportOf(`${daemon}\r\n\r\n${opening}${line} x`);
        const { user } = process.cpuUsage(before);
        assert.ok(user < 2_000_000, `${opening}: ${user / 1_000} ms`);
      }
    });
});
