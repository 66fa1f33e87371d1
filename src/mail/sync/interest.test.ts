import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { afterRefusal, rolesOf } from './folders.ts';
import { interestOf, readHeaders } from './interest.ts';
import type { Known } from '../receiving/index.ts';
import type { InterestContext } from './interest.ts';
import { planOf, rangesOf } from './scan.ts';
import { tokenLength } from '../tracking/token.ts';

const block = (...lines: readonly string[]): Buffer => Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);

describe('the headers of a message', () => {
  test('are read with folded lines, and references from the nearest', () => {
    const headers = readHeaders(
      block(
        'Message-ID: <3@b.example>',
        'in-reply-to:',
        ' <2@a.example>',
        'References: <1@a.example>',
        '\t<2@a.example>',
        'From: "Ada, L" <Ada@Lovelace.example>',
      ),
    );
    assert.deepEqual(headers, {
      messageId: '<3@b.example>',
      answers: ['<2@a.example>', '<1@a.example>'],
      from: 'ada@lovelace.example',
      isReport: false,
      isOptOut: false,
      isBulk: false,
    });
  });

  for (const [what, line] of [
    ['a delivery report', 'Content-Type: multipart/report; report-type=delivery-status'],
    ['a complaint', 'Content-Type: Multipart/Report; report-type=feedback-report'],
    ['a bounce of Exim', 'X-Failed-Recipients: x@hopper.example'],
    ['a bounce of qmail', 'From: MAILER-DAEMON@hopper.example'],
  ] as const)
    test(`show ${what}`, () => assert.equal(readHeaders(block(line)).isReport, true));

  test('may be anything', () => {
    for (const raw of ['', '\r\n', ':', 'From', 'From: <>', 'From: \0', `References: ${'<a@b> '.repeat(100_000)}`])
      assert.ok(readHeaders(Buffer.from(raw)).answers.length <= 100);
  });
});

test('UIDs are named by ranges', () => {
  assert.equal(rangesOf([1, 2, 3, 7, 9, 10]), '1:3,7,9:10');
  assert.equal(rangesOf([]), '');
});

describe('a message', () => {
  const known: Known = {
    sent: new Set(['<sent@a.example>']),
    senders: new Set(['grace@hopper.example']),
    mailboxes: new Set(['mary@a.example', 'rose@b.example']),
    exchange: { headers: new Set(['<letter@b.example>']), senders: new Set(['rose@b.example']) },
  };
  const context: InterestContext = { role: 'inbox', address: 'ada@a.example', known, lookBack: false };
  const interest = (line: string, more: Partial<InterestContext> = {}) =>
    interestOf(readHeaders(block(...line.split('|'))), { ...context, ...more });

  test('is read if it answers one of ours, comes from a contact, or reports a delivery', () => {
    assert.equal(interest('In-Reply-To: <sent@a.example>'), 'body');
    assert.equal(interest('References: <sent@a.example> <x@b.example>'), 'body');
    assert.equal(interest('From: grace@hopper.example'), 'body');
    assert.equal(interest('Content-Type: multipart/report'), 'body');
    assert.equal(interest('From: ada@a.example'), 'body');
    assert.equal(interest(`From: x@hopper.example|Subject: unsubscribe-${'a'.repeat(tokenLength)}`), 'body');
  });

  test('is read if it may be a warm-up message, also of a mailbox of the organization', () => {
    assert.equal(interest('From: x@b.example|Message-ID: <letter@b.example>', { lookBack: true }), 'body');
    assert.equal(interest('From: rose@b.example|Message-ID: <replaced@outlook.example>'), 'body');
    assert.equal(interest('From: rose@b.example', { role: 'sent' }), 'nothing');
  });

  test('to many, or of a program, is no sign of its company', () => {
    for (const line of ['List-Id: <a.b.example>', 'Precedence: bulk', 'Auto-Submitted: auto-generated'])
      assert.equal(readHeaders(block('From: x@hopper.example', line)).isBulk, true);
    assert.equal(readHeaders(block('From: x@hopper.example', 'Auto-Submitted: no')).isBulk, false);
  });

  test('is not read if nothing says that it matters', () => {
    assert.equal(interest('From: newsletter@shop.example|Message-ID: <n@shop.example>'), 'nothing');
    assert.equal(interest('From: mary@a.example'), 'nothing');
    assert.equal(interest('From: x@hopper.example|Subject: unsubscribe-soon'), 'nothing');
  });

  test('from before the mailbox was connected is read only if it is a copy, answers or reports', () => {
    const lookBack = { lookBack: true };
    assert.equal(interest('In-Reply-To: <sent@a.example>', lookBack), 'body');
    assert.equal(interest('Content-Type: multipart/report', lookBack), 'body');
    assert.equal(interest('From: grace@hopper.example', lookBack), 'nothing');
    assert.equal(interest('From: ada@a.example', lookBack), 'nothing');
    assert.equal(interest('Message-ID: <sent@a.example>', lookBack), 'body');
    assert.equal(interest('Message-ID: <sent@a.example>', { ...lookBack, role: 'sent' }), 'sighting');
  });

  test('in Sent is only compared with those that were sent', () => {
    assert.equal(interest('Message-ID: <sent@a.example>', { role: 'sent' }), 'sighting');
    assert.equal(interest('From: grace@hopper.example', { role: 'sent' }), 'nothing');
  });
});

describe('the folders of a mailbox', () => {
  const folder = (path: string, specialUse?: string, ...flags: readonly string[]) => ({
    path,
    specialUse,
    flags: new Set(flags),
  });

  test('have their roles by special use; those that cannot be selected have none', () => {
    assert.deepEqual(
      rolesOf([
        folder('Inbox'),
        folder('[Gmail]', undefined, '\\Noselect'),
        folder('Entwürfe', '\\Drafts'),
        folder('Sent', '\\Sent', '\\NonExistent'),
        folder('Gesendet', '\\Sent'),
        folder('Gesendet 2', '\\Sent'),
        folder('Project'),
      ]),
      [
        { path: 'Inbox', role: 'inbox' },
        { path: 'Entwürfe', role: 'drafts' },
        { path: 'Gesendet', role: 'sent' },
      ],
    );
  });

  test('are put aside for six hours after the third refused SELECT', () => {
    assert.deepEqual(afterRefusal(0, 0), { failures: 1, retryAt: null });
    assert.deepEqual(afterRefusal(1, 0), { failures: 2, retryAt: null });
    assert.deepEqual(afterRefusal(2, 0), { failures: 0, retryAt: new Date(6 * 3_600_000) });
  });
});

describe('what is read of a folder', () => {
  const at = new Date(Date.UTC(2026, 0, 5));
  const read = { uidvalidity: 7, last_uid: 41, last_internal_at: at };
  const day = 86_400_000;

  for (const [what, folder, uidvalidity, uidNext, plan] of [
    ['nothing without new mail', read, 7, 42, { kind: 'nothing' }],
    ['what is new', read, 7, 44, { kind: 'new', afterUid: 41, count: 2 }],
    [
      'whatever is new, if the server does not say how much',
      read,
      7,
      undefined,
      { kind: 'new', afterUid: 41, count: undefined },
    ],
    [
      'two days again after a change of UIDVALIDITY',
      read,
      8,
      5,
      { kind: 'reset', since: new Date(at.getTime() - 2 * day), lastUid: 4 },
    ],
    [
      'thirty days at the first time',
      { uidvalidity: null, last_uid: null, last_internal_at: null },
      7,
      42,
      { kind: 'first', since: new Date(at.getTime() - 30 * day), lastUid: 41 },
    ],
  ] as const)
    test(what, () => assert.deepEqual(planOf(folder, uidvalidity, uidNext, at.getTime()), plan));
});
