import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseMessage } from './parse.ts';
import type { Report } from './report.ts';
import { verdictOf } from './verdict.ts';

const reportOf = async (raw: string | Buffer): Promise<Report | undefined> => {
  const message = await parseMessage(Buffer.from(raw));
  assert.ok(!('skipped' in message), JSON.stringify(message));
  return message.report;
};

const dsn = (status: string, returned = 'message/rfc822', head = ''): string =>
  [
    'From: Mail Delivery System <mailer-daemon@mx.example>',
    head === '' ? 'Subject: Undelivered' : head,
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    '',
    'Your message was not delivered.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    status,
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
  ].join('\r\n');

describe('a delivery report', () => {
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
      kind: 'delivery',
      recipients: [
        {
          address: 'Ada@lovelace.example',
          finalRecipient: 'ada2@lovelace.example',
          verdict: 'hard',
          action: 'failed',
          status: '5.1.1',
          diagnostic: '550 5.1.1 <ada2@lovelace.example>: user unknown',
          remoteMta: 'mx.lovelace.example',
        },
        {
          address: 'bob@lovelace.example',
          finalRecipient: 'bob@lovelace.example',
          verdict: 'delayed',
          action: 'delayed',
          status: '4.4.1',
          diagnostic: undefined,
          remoteMta: undefined,
        },
      ],
      reportingMta: 'mx.example',
      originalMessageId: '<1@hopper.example>',
    });
  });

  test('names the message by its returned headers, or by In-Reply-To if nothing is returned', async () => {
    const status = 'Final-Recipient: rfc822; ada@lovelace.example\r\nAction: failed\r\nStatus: 5.0.0';
    for (const returned of ['text/rfc822-headers', 'message/rfc822-headers', 'message/global'])
      assert.equal((await reportOf(dsn(status, returned)))?.originalMessageId, '<1@hopper.example>', returned);
    assert.equal(
      (await reportOf(dsn(status, 'text/plain', 'In-Reply-To: <2@hopper.example>')))?.originalMessageId,
      '<2@hopper.example>',
    );
  });

  test('has addresses in all encodings', async () => {
    const address = async (field: string) => {
      const report = await reportOf(dsn(`${field}\r\nAction: failed\r\nStatus: 5.1.1`));
      return report?.kind === 'delivery' ? report.recipients[0]?.address : undefined;
    };
    assert.equal(await address('Original-Recipient: rfc822;ada+40lovelace.example'), 'ada@lovelace.example');
    assert.equal(await address('Original-Recipient: rfc822;ada+AB@lovelace.example'), 'ada+AB@lovelace.example');
    assert.equal(await address(String.raw`Final-Recipient: utf-8;j\x{F6}rg@lovelace.example`), 'jörg@lovelace.example');
    assert.equal(await address('Final-Recipient: LOCAL; ada'), undefined);
    assert.equal(await address('Final-Recipient: ada@lovelace.example'), 'ada@lovelace.example');
  });

  test('in quoted-printable or base64 is decoded', async () => {
    const encoded = Buffer.from(
      'Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822;ada@b.example\nAction: failed\nStatus: 5.1.1\n',
    ).toString('base64');
    const raw = `Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/global-delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}\r\n--b--`;
    const report = await reportOf(raw);
    assert.ok(report?.kind === 'delivery' && report.recipients[0]?.verdict === 'hard');
  });

  test('without recipients is none', async () => {
    assert.equal(await reportOf(dsn('Arrival-Date: today')), undefined);
    assert.equal(
      await reportOf('Subject: Undelivered mail\r\n\r\nFinal-Recipient: rfc822; ada@lovelace.example'),
      undefined,
    );
  });
});

describe('the verdict on a recipient', () => {
  const cases: readonly [
    verdict: string,
    action: string | undefined,
    status: string | undefined,
    diagnostic: string,
  ][] = [
    ['delivered', 'delivered', '2.0.0', ''],
    ['delivered', 'relayed', '2.0.0', ''],
    ['delivered', 'expanded', '2.0.0', ''],
    ['delivered', undefined, '2.1.5', ''],
    ['delayed', 'delayed', '4.4.1', ''],
    ['delayed', undefined, '4.2.0', ''],
    ['hard', 'failed', '5.1.1', ''],
    ['hard', 'failed', '5.1.10', '550 5.1.10 RESOLVER.ADR.RecipientNotFound'],
    ['hard', 'failed', '5.2.1', '550 5.2.1 The email account that you tried to reach is disabled'],
    ['hard', 'failed', '5.0.0', '550 5.1.1 <x@y.example>: no mailbox here by that name'],
    ['hard', 'failed', '5.0.0', '550 No such user'],
    [
      'hard',
      'failed',
      undefined,
      'Host or domain name not found. Name service error for name=x.example type=A: Host not found',
    ],
    ['soft', 'failed', '5.2.2', '552 5.2.2 The mailbox is over quota'],
    ['soft', 'failed', '5.1.1', '550 5.1.1 mailbox full'],
    ['soft', 'failed', '4.4.7', 'delivery time expired'],
    ['soft', 'failed', '5.0.0', ''],
    ['soft', 'failed', undefined, ''],
    ['block', 'failed', '5.7.1', '550 5.7.1 Message rejected'],
    ['block', 'failed', '5.1.1', '550 5.1.1 Your message looks like spam'],
    ['block', 'failed', '5.0.0', '550 5.7.26 unauthenticated'],
    ['block', 'failed', '5.1.8', '553 5.1.8 Domain of sender address does not exist'],
    ['block', 'failed', '5.0.0', '554 blocked using zen.example'],
  ];
  for (const [verdict, action, status, diagnostic] of cases)
    test(`is ${verdict} for ${action ?? 'no action'}, ${status ?? 'no status'} and "${diagnostic}"`, () => {
      assert.equal(verdictOf(action, status, diagnostic), verdict);
    });
});

describe('a feedback report', () => {
  const arf = (fields: string): string =>
    `Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n\r\nA complaint.\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\n${fields}\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nTo: Ada <ada@lovelace.example>\r\nMessage-ID: <1@hopper.example>\r\n\r\nHi\r\n--b--`;

  test('names its type, the recipient and the message', async () => {
    assert.deepEqual(
      await reportOf(
        arf('Feedback-Type: ABUSE\r\nUser-Agent: x/1\r\nVersion: 1\r\nOriginal-Rcpt-To: <ada2@lovelace.example>'),
      ),
      {
        kind: 'feedback',
        feedbackType: 'abuse',
        recipients: ['ada2@lovelace.example'],
        originalMessageId: '<1@hopper.example>',
      },
    );
  });

  test('without Original-Rcpt-To is about the recipient of the returned message', async () => {
    const report = await reportOf(arf('Feedback-Type: auth-failure\r\nVersion: 1'));
    assert.deepEqual(report?.kind === 'feedback' && [report.feedbackType, report.recipients], [
      'auth-failure',
      ['ada@lovelace.example'],
    ]);
  });

  test('without a type is none', async () => {
    assert.equal(await reportOf(arf('Version: 1')), undefined);
  });
});

describe('the samples of bounces', () => {
  // Not part of the repository: they are next to it where they are available.
  const folder = fileURLToPath(new URL('../../../../shared/data/mail/bounces', import.meta.url));
  const skip = existsSync(`${folder}/expected.json`) ? false : `there are no samples in ${folder}`;

  test('with a report are read right, and none is wrongly hard', { skip }, async () => {
    interface Row {
      kind: string;
      recipient: string;
      accept_recipients?: string[];
      hard: boolean | null;
    }
    const expected = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as Record<string, Row[]>;
    const count = { reports: 0, rows: 0, found: 0, judged: 0, right: 0 };
    const wronglyHard: string[] = [];
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.eml'))) {
      const report = await reportOf(readFileSync(`${folder}/${file}`));
      if (report?.kind !== 'delivery') continue;
      count.reports += 1;
      for (const row of expected[file]?.filter(({ kind }) => kind === 'bounce') ?? []) {
        count.rows += 1;
        const accepted = [row.recipient, ...(row.accept_recipients ?? [])].map((each) => each.toLowerCase());
        const found = report.recipients.find(({ address, finalRecipient }) =>
          [address, finalRecipient].some((each) => accepted.includes(each?.toLowerCase() ?? '')),
        );
        if (found === undefined) continue;
        count.found += 1;
        if (row.hard === null) continue;
        count.judged += 1;
        if ((found.verdict === 'hard') === row.hard) count.right += 1;
        else if (found.verdict === 'hard') wronglyHard.push(file);
      }
    }
    assert.deepEqual(wronglyHard, []);
    assert.ok(count.reports > 0 && count.found / count.rows > 0.98, JSON.stringify(count));
    assert.ok(count.right / count.judged > 0.93, JSON.stringify(count));
  });
});
