import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { TestClock } from '../../../test/harness/clock.ts';
import { eventsOf, startCrm } from '../../../test/harness/crm.ts';
import type { CrmInstallation } from '../../../test/harness/crm.ts';
import { createTestDatabase } from '../../../test/harness/database.ts';
import type { TestDatabase } from '../../../test/harness/database.ts';
import { testMasterKey } from '../../../test/harness/engine.ts';
import { deliveryReport, makeMailbox, makeSent, rawMessage, receivedBy } from '../../../test/harness/imap-scene.ts';
import type { MadeMailbox, SentInput } from '../../../test/harness/imap-scene.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { addressesOfPeople, contactIdsByEmail } from '../../crm/contacts/index.ts';
import type { Editor } from '../../crm/records/index.ts';
import { sql } from '../../db/sql.ts';
import { createVault } from '../../encryption/vault.ts';
import { createReceiving } from './index.ts';
import type { Report } from '../sending/index.ts';
import type { OwnCopy, Received, ReceivedReply, Receiving } from './index.ts';

describe('a received message', () => {
  const clock = new TestClock();
  const vault = createVault(testMasterKey);
  let database: TestDatabase;
  let crm: CrmInstallation;
  let organizationId: OrganizationId;
  let me: Editor;
  let mailbox: MadeMailbox;
  let receiving: Receiving;
  let settled: { reports: Report[]; copies: OwnCopy[]; skipped: string[]; replies: ReceivedReply[] };
  let refused: string;

  before(async () => {
    database = await createTestDatabase();
    crm = await startCrm(database.url, clock);
  });
  after(async () => {
    await crm.stop();
    await database.drop();
  });
  const scene = () => ({ db: crm.db, ids: crm.ids, vault, clock });
  beforeEach(async () => {
    me = await crm.editor();
    ({ organizationId } = me);
    mailbox = await makeMailbox(scene(), { organizationId, email: 'ada@lovelace.example' });
    settled = { reports: [], copies: [], skipped: [], replies: [] };
    refused = '';
    receiving = createReceiving({
      ...scene(),
      contactIds: contactIdsByEmail,
      addressesOfPeople,
      settleByReport: (tx, reports) => {
        settled.reports.push(...reports);
        return crm.mail.sending.settleByReport(tx, reports);
      },
      recordDelays: crm.mail.sending.recordDelays,
      lockFor: () => Promise.resolve(),
      optedOut: () => Promise.resolve(undefined),
      optOut: () => Promise.resolve(),
      leadsOfDomains: crm.mail.leads.ofDomains,
      suppressions: crm.suppressions,
      onOwnCopies: async (_tx, copies) => settled.copies.push(...copies),
      async onReplies(tx, replies) {
        settled.replies.push(...replies);
        const [one] = await tx.query(sql<{ id: string }>`
          SELECT id FROM messages WHERE message_id = ${`<${refused}>`} AND mailbox_id = ${mailbox.id}`);
        if (one !== undefined) await tx.execute(sql`UPDATE messages SET purpose = 'x' WHERE id = ${one.id}`);
      },
      onComplaints: (tx, complaints) => crm.mail.sending.settleComplaints(tx, complaints),
      onForgiven: crm.mail.sending.liftComplaints,
      onSkipped: (_mailbox, reason) => settled.skipped.push(reason),
    });
  });
  const sent = (input: SentInput) => makeSent(scene(), mailbox, input);
  const receive = (raw: Buffer, uid?: number): Promise<Received> =>
    receiving.received({
      organizationId,
      mailboxId: mailbox.id,
      raw,
      receivedAt: new Date(clock.now()),
      folder: 'inbox',
      ...(uid === undefined ? {} : { position: { folderId: crm.ids.next<string>(), uidvalidity: 1, uid } }),
    });
  const reply = (headers: Record<string, string> = {}, body?: string): Buffer =>
    rawMessage(
      { From: 'Grace <Grace@hopper.example>', 'Message-ID': '<r1@hopper.example>', Subject: 'Hi', ...headers },
      body,
    );

  test('is stored sealed, with its sender, its contact and the message that it answers', async () => {
    const contact = await crm.contacts.create(me, { email: 'grace@hopper.example' });
    const answered = await sent({ messageId: '<1@lovelace.example>', to: 'grace@hopper.example' });
    const outcome = await receive(
      reply({ References: '<0@lovelace.example> <1@lovelace.example>' }, 'Yes, secret word'),
    );
    const [row, ...others] = await receivedBy(crm.db, mailbox.id);
    assert.deepEqual(others, []);
    assert.deepEqual(outcome, { kind: 'stored', id: row?.id });
    assert.equal(row?.from_address, 'Grace@hopper.example');
    assert.equal(row.reply_to_id, answered);
    assert.equal(row.contact_id, contact.id);
    assert.ok(!row.content.includes('secret word'));
    const content = JSON.parse(
      (await vault.open(crm.db, organizationId, row.content, 'message content')).toString(),
    ) as {
      text: string;
      headers: Record<string, string>;
    };
    assert.match(content.text, /Yes, secret word/);
    assert.equal(content.headers['subject'], 'Hi');
    const [raw] = await crm.db.query(sql<{ raw: Buffer }>`SELECT raw FROM message_raws WHERE message_id = ${row.id}`);
    const opened = await vault.open(crm.db, organizationId, raw?.raw ?? Buffer.alloc(0), 'message raw');
    assert.match(opened.toString(), /^From: Grace/);
    assert.deepEqual(
      settled.reports.map((report) => [report.id, report.source]),
      [[answered, 'reply']],
    );
  });

  test('that answers a message of another workspace does not name it', async () => {
    await crm.contacts.create(me, { email: 'grace@hopper.example' });
    const answered = await sent({ messageId: '<1@lovelace.example>', to: 'grace@hopper.example' });
    const workspace = crm.ids.next<string>();
    const now = new Date(clock.now());
    await crm.db.execute(sql`
      INSERT INTO workspaces (id, organization_id, name, created_at, updated_at) VALUES (${workspace}, ${organizationId}, 'Other', ${now}, ${now})`);
    await crm.db.execute(sql`UPDATE messages SET workspace_id = ${workspace} WHERE id = ${answered}`);
    await receive(reply({ 'In-Reply-To': '<1@lovelace.example>' }));
    const [row] = await receivedBy(crm.db, mailbox.id);
    assert.equal(row?.reply_to_id, null);
    assert.deepEqual(
      settled.reports.map(({ id, source }) => [id, source]),
      [[answered, 'reply']],
    );
  });

  test('without a Message-ID of ours answers what the mailbox lately wrote to its sender', async () => {
    const old = await sent({ messageId: '<0@lovelace.example>', to: 'grace@hopper.example' });
    await crm.db.execute(
      sql`UPDATE messages SET created_at = ${new Date(clock.now() - 91 * 86_400_000)} WHERE id = ${old}`,
    );
    const known = () =>
      receiving.known({ ...mailbox, workspaceId: null }, [
        { messageId: null, answers: [], from: 'grace@hopper.example', isBulk: false },
        { messageId: null, answers: [], from: 'ada@lovelace.example', isBulk: false },
      ]);
    assert.deepEqual([...(await known()).senders], []);
    assert.equal((await receive(reply({ 'Message-ID': '<r0@hopper.example>' }))).kind, 'unmatched');
    const fresh = await sent({ messageId: '<1@lovelace.example>', to: 'grace@hopper.example' });
    assert.deepEqual([...(await known()).senders], ['grace@hopper.example']);
    await receive(reply({ 'Message-ID': '<r1@hopper.example>', Subject: 'Antw: Hello' }));
    await receive(reply({ 'Message-ID': '<r2@hopper.example>', Subject: 'Something else' }));
    assert.deepEqual(
      settled.replies.map(({ answered, match: { by, confidence } }) => [answered.id, by, confidence]),
      [
        [fresh, 'subject', 0.8],
        [fresh, 'sender', 0.6],
      ],
    );
  });

  test('from another address of a contact answers what was written to any of its addresses', async () => {
    const emails = [
      { email: 'grace@hopper.example', primary: true },
      { email: 'grace@navy.example', primary: false },
    ];
    const { id } = await crm.contacts.create(me, { emails });
    const first = await sent({ messageId: '<1@lovelace.example>', to: 'grace@hopper.example' });
    const from = { From: 'grace@navy.example' };
    await receive(reply({ ...from, 'Message-ID': '<r1@navy.example>', 'In-Reply-To': '<1@lovelace.example>' }));
    await receive(reply({ ...from, 'Message-ID': '<r2@navy.example>', Subject: 'Something else' }));
    await crm.contacts.update(me, id, {}, { emails: emails.slice(0, 1) });
    await receive(reply({ ...from, 'Message-ID': '<r3@navy.example>', 'In-Reply-To': '<1@lovelace.example>' }));
    assert.deepEqual(
      settled.replies.map(({ answered, contactId, match: { by } }) => [answered.id, contactId, by]),
      [
        [first, id, 'reference'],
        [first, id, 'sender'],
        [first, null, 'stranger'],
      ],
    );
  });

  test('from another mailbox of the organization, or delivered to one, is no reply', async () => {
    const other = await makeMailbox(scene(), {
      organizationId,
      email: 'mary@lovelace.example',
      imap: { host: 'imap.test', port: 993, security: 'tls', username: 'mary' },
    });
    await sent({ messageId: '<1@lovelace.example>', to: 'grace@hopper.example' });
    await sent({ messageId: '<2@lovelace.example>', to: other.email });
    const answers = { 'In-Reply-To': '<1@lovelace.example>' };
    assert.equal((await receive(reply({ ...answers, From: 'Mary@lovelace.example' }))).kind, 'own');
    assert.equal((await receive(reply({ ...answers, 'Delivered-To': 'mary+x@lovelace.example' }))).kind, 'unmatched');
    assert.equal((await receive(reply({ ...answers, 'Delivered-To': 'ada+x@lovelace.example' }))).kind, 'stored');
    const toMary = { 'Message-ID': '<r2@x.example>', From: other.email, 'In-Reply-To': '<2@lovelace.example>' };
    assert.equal((await receive(reply(toMary))).kind, 'stored');
    assert.equal(settled.replies.length, 2);
  });

  test('is stored once by its Message-ID, also without one', async () => {
    await sent({ messageId: '<1@lovelace.example>', to: 'grace@hopper.example' });
    assert.equal((await receive(reply(), 1)).kind, 'stored');
    assert.equal((await receive(reply({ Subject: 'Again' }), 2)).kind, 'duplicate');
    const nameless = rawMessage({ From: 'grace@hopper.example', Subject: 'No id' });
    assert.equal((await receive(nameless)).kind, 'stored');
    assert.equal((await receive(nameless)).kind, 'duplicate');
    assert.equal((await receivedBy(crm.db, mailbox.id)).length, 2);
  });

  test('is stored in one transaction with the position, or not at all', async () => {
    const failing = receiving.receivedAll({
      organizationId,
      mailboxId: mailbox.id,
      folder: 'inbox',
      messages: [{ raw: reply(), receivedAt: new Date(clock.now()) }],
      sightings: [],
      alongside: () => Promise.reject(new Error('no position')),
    });
    await assert.rejects(failing, /no position/);
    assert.deepEqual(await receivedBy(crm.db, mailbox.id), []);
  });

  test('of a deleted mailbox is not stored', async () => {
    await crm.db.execute(sql`UPDATE mailboxes SET deleted_at = now() WHERE id = ${mailbox.id}`);
    assert.deepEqual(await receive(reply()), { kind: 'skipped' });
    assert.deepEqual(await receivedBy(crm.db, mailbox.id), []);
  });

  test('from the mailbox itself, or with a Message-ID of ours, is a copy and is not stored', async () => {
    const id = await sent({
      messageId: '<1@lovelace.example>',
      deliveredMessageId: '<x@outlook.example>',
      to: 'grace@hopper.example',
    });
    assert.equal((await receive(reply({ 'Message-ID': '<x@outlook.example>' }))).kind, 'own');
    assert.equal((await receive(reply({ From: 'ADA@lovelace.example' }))).kind, 'own');
    assert.deepEqual(
      settled.reports.map((report) => [report.id, report.source]),
      [[id, 'sent_folder']],
    );
    assert.deepEqual(
      settled.copies.map(({ own }) => own?.id),
      [id, undefined],
    );
    assert.deepEqual(await receivedBy(crm.db, mailbox.id), []);
  });

  const fateOf = async (id: string) => {
    const [row] = await crm.db.query(sql<{ status: string }>`SELECT status FROM messages WHERE id = ${id}`);
    const history = await crm.db.query(
      sql<{ kind: string }>`SELECT kind FROM message_history WHERE message_id = ${id} ORDER BY id`,
    );
    const suppressed = await crm.db.query(
      sql<{ id: string }>`SELECT id FROM suppressions WHERE organization_id = ${organizationId}`,
    );
    const events = (await eventsOf(crm.db, organizationId)).filter(({ type }) => type.startsWith('email.'));
    return {
      status: row?.status,
      history: history.map(({ kind }) => kind),
      suppressed: suppressed.length,
      events: events.map(({ type, data }) => [type, data['bounce_type'] ?? null]),
    };
  };

  for (const [action, status, fate] of [
    [
      'failed',
      '5.1.1',
      { status: 'bounced', history: ['reported_bounced'], suppressed: 1, events: [['email.bounced', 'hard']] },
    ],
    [
      'failed',
      '5.2.2',
      { status: 'bounced', history: ['reported_bounced'], suppressed: 0, events: [['email.bounced', 'soft']] },
    ],
    [
      'failed',
      '5.7.1',
      { status: 'bounced', history: ['reported_bounced'], suppressed: 0, events: [['email.bounced', 'soft']] },
    ],
    ['delayed', '4.4.1', { status: 'sent', history: ['reported_delayed'], suppressed: 0, events: [] }],
    ['delivered', '2.0.0', { status: 'delivered', history: ['reported_delivered'], suppressed: 0, events: [] }],
  ] as const)
    test(`that reports ${status} (${action}) settles the message as ${fate.status}`, async () => {
      const id = await sent({ messageId: '<1@lovelace.example>', to: 'grace@hopper.example' });
      const report = { messageId: '<d@mail.test>', of: '<1@lovelace.example>', recipient: 'grace@hopper.example' };
      assert.deepEqual(await receive(deliveryReport({ ...report, action, status })), { kind: 'report' });
      assert.deepEqual(await fateOf(id), fate);
      assert.deepEqual(await receivedBy(crm.db, mailbox.id), []);
    });

  test('that suppresses an address leaves the message on the suppression, and what its server said in the history', async () => {
    const id = await sent({ messageId: '<1@lovelace.example>', to: 'grace@hopper.example' });
    await receive(qmailReport('550 5.1.1 No such user'));
    const [suppression] = await crm.db.query(
      sql<{ reason: string; message_id: string }>`
        SELECT reason, message_id FROM suppressions WHERE organization_id = ${organizationId}`,
    );
    assert.deepEqual(suppression, { reason: 'hard_bounce', message_id: id });
    const [entry] = await crm.db.query(
      sql<{ detail: { cause: string; answer: string } }>`SELECT detail FROM message_history WHERE message_id = ${id}`,
    );
    assert.equal(entry?.detail.cause, 'userunknown');
    assert.match(entry.detail.answer, /No such user/);
  });

  /** A report without fields for machines, which returns the message. */
  const qmailReport = (answer: string, of = '<1@lovelace.example>'): Buffer =>
    rawMessage(
      { From: 'MAILER-DAEMON@mx.hopper.example', 'Message-ID': '<q@mx.hopper.example>', Subject: 'failure notice' },
      [
        'Hi. This is the qmail-send program at mx.hopper.example.',
        "I'm afraid I wasn't able to deliver your message to the following addresses.",
        "This is a permanent error; I've given up. Sorry it didn't work out.",
        '',
        '<grace@hopper.example>:',
        `192.0.2.1 does not like recipient.`,
        `Remote host said: ${answer}`,
        '',
        '--- Below this line is a copy of the message.',
        '',
        'Return-Path: <ada@lovelace.example>',
        `Message-ID: ${of}`,
        'From: ada@lovelace.example',
        'To: grace@hopper.example',
        '',
        'Hello',
        '',
      ].join('\r\n'),
    );

  for (const [what, answer, expected] of [
    [
      'that blames the authentication',
      '550-5.7.26 This mail has been blocked because the sender is unauthenticated.',
      0,
    ],
    ['that blames the reputation', '550 5.7.1 Service unavailable; client host blocked using Spamhaus', 0],
    ['that blames a quota', '452 4.2.2 The email account that you tried to reach is over quota', 0],
    ['that blames the address', '550 5.1.1 The email account that you tried to reach does not exist', 1],
  ] as const)
    test(`${what}, in words for people, suppresses ${expected === 0 ? 'nobody' : 'it'}`, async () => {
      const id = await sent({ messageId: '<1@lovelace.example>', to: 'grace@hopper.example' });
      assert.deepEqual(await receive(qmailReport(answer)), { kind: 'report' });
      const { status, suppressed } = await fateOf(id);
      assert.deepEqual([status, suppressed], ['bounced', expected]);
    });

  /** A report of RFC 5965. */
  const feedback = (type: string, of: string, messageId = '<f@provider.example>'): Buffer =>
    rawMessage(
      {
        From: 'fbl@provider.example',
        'Message-ID': messageId,
        'MIME-Version': '1.0',
        'Content-Type': 'multipart/report; report-type=feedback-report; boundary="b"',
      },
      [
        `--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: ${type}\r\nVersion: 1\r\nUser-Agent: F/1`,
        `--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: ${of}`,
        '--b--\r\n',
      ].join('\r\n'),
    );

  test('that was forged, or is about a message of another mailbox or organization, changes nothing', async () => {
    const ours = '<1@lovelace.example>';
    const id = await sent({ messageId: ours, to: 'grace@hopper.example', status: 'unknown' });
    await receive(qmailReport('550 5.1.1 No such user', '<guessed@lovelace.example>'));
    await receive(feedback('abuse', '<guessed@lovelace.example>'));
    const others = await makeMailbox(scene(), { organizationId, email: 'mary@lovelace.example' });
    const stranger = await crm.editor();
    const foreign = await makeMailbox(scene(), { organizationId: stranger.organizationId, email: 'joan@far.example' });
    // Its owner also wrote to the recipient, and may not learn what others did.
    await makeSent(scene(), foreign, { messageId: '<1@far.example>', to: 'grace@hopper.example' });
    const isForeign = [
      feedback('abuse', ours),
      feedback('not-spam', ours),
      reply({ 'In-Reply-To': ours }, 'Please remove me from your list.'),
      rawMessage({ From: 'x@y.example', 'Message-ID': '<x@y.example>', 'In-Reply-To': ours }),
    ];
    for (const [box, messages] of [
      [others, [qmailReport('550 5.1.1 No such user')]],
      [foreign, [qmailReport('550 5.1.1 No such user'), ...isForeign]],
    ] as const)
      for (const raw of messages)
        await receiving.received({
          organizationId: box.organizationId,
          mailboxId: box.id,
          raw,
          receivedAt: new Date(clock.now()),
          folder: 'inbox',
        });
    assert.deepEqual(await fateOf(id), { status: 'unknown', history: [], suppressed: 0, events: [] });
    assert.deepEqual(settled.reports, []);
    // The reply is stored as one to what this organization sent, and the stranger's not at all.
    assert.deepEqual(
      (await receivedBy(crm.db, foreign.id)).map((row) => [row.message_id, row.reply_to_id === id]),
      [['<r1@hopper.example>', false]],
    );
  });

  test('that says it is no spam lifts what a complaint suppressed, and nothing else', async () => {
    const suppressed = async () =>
      (
        await crm.db.query(
          sql<{ value: string; reason: string }>`
            SELECT value, reason FROM suppressions WHERE organization_id = ${organizationId} ORDER BY id`,
        )
      ).map(({ value, reason }) => `${value} ${reason}`);
    await sent({ messageId: '<1@lovelace.example>', to: 'grace@hopper.example' });
    await sent({ messageId: '<2@lovelace.example>', to: 'mary@hopper.example' });
    await crm.suppressions.add(me, [{ kind: 'email', value: 'mary@hopper.example', reason: 'manual' }]);
    await receive(feedback('abuse', '<1@lovelace.example>', '<f1@provider.example>'));
    assert.deepEqual(await suppressed(), ['mary@hopper.example manual', 'grace@hopper.example complaint']);
    await receive(feedback('not-spam', '<1@lovelace.example>', '<f2@provider.example>'));
    await receive(feedback('not-spam', '<2@lovelace.example>', '<f3@provider.example>'));
    assert.deepEqual(await suppressed(), ['mary@hopper.example manual']);
    const lifted = (await eventsOf(crm.db, organizationId)).filter(({ type }) => type === 'suppression.deleted');
    assert.equal(lifted.length, 1);
  });

  test('that reports the failure of an address which was not written to is not hard', async () => {
    const id = await sent({ messageId: '<1@lovelace.example>', to: 'list@hopper.example' });
    const report = { messageId: '<d@mail.test>', of: '<1@lovelace.example>', action: 'failed', status: '5.1.1' };
    await receive(deliveryReport({ ...report, recipient: 'member@other.example' }));
    const { events, suppressed } = await fateOf(id);
    assert.deepEqual([events, suppressed], [[['email.bounced', 'soft']], 0]);
  });

  test('is reported at the earliest when the message was sent, whatever the clock of its server says', async () => {
    const id = await sent({ messageId: '<1@lovelace.example>', to: 'grace@hopper.example' });
    const sentAt = new Date(clock.now() + 3_600_000);
    await crm.db.execute(sql`UPDATE messages SET sent_at = ${sentAt} WHERE id = ${id}`);
    const report = { of: '<1@lovelace.example>', recipient: 'grace@hopper.example' };
    await receive(deliveryReport({ ...report, messageId: '<d1@mail.test>', action: 'delayed', status: '4.4.1' }));
    await receive(deliveryReport({ ...report, messageId: '<d2@mail.test>', action: 'failed', status: '5.2.2' }));
    const times = await crm.db.query(sql<{ at: Date }>`SELECT at FROM message_history WHERE message_id = ${id}`);
    assert.deepEqual(
      times.map(({ at }) => at),
      [sentAt, sentAt],
    );
  });

  test('that answers a message with an unknown fate settles it as sent', async () => {
    const id = await sent({ messageId: '<1@lovelace.example>', to: 'grace@hopper.example', status: 'unknown' });
    await receive(reply({ 'In-Reply-To': '<1@lovelace.example>' }));
    const { status, events } = await fateOf(id);
    assert.deepEqual(
      [status, events],
      [
        'sent',
        [
          ['email.sent', null],
          ['email.delivered', null],
        ],
      ],
    );
  });

  test('that reports about a message of somebody else changes nothing and is not stored', async () => {
    const report = { messageId: '<d@mail.test>', of: '<spam@botnet.example>', recipient: 'x@hopper.example' };
    assert.deepEqual(await receive(deliveryReport({ ...report, action: 'failed', status: '5.1.1' })), {
      kind: 'report',
    });
    assert.deepEqual(settled, { reports: [], copies: [], skipped: [], replies: [] });
  });

  test('that another organization sent is not a copy', async () => {
    await sent({ messageId: '<1@lovelace.example>', to: 'grace@hopper.example' });
    const stranger = await crm.editor();
    const other = await makeMailbox(scene(), {
      organizationId: stranger.organizationId,
      email: 'grace@hopper.example',
    });
    const outcome = await receiving.received({
      organizationId: stranger.organizationId,
      mailboxId: other.id,
      raw: rawMessage({ From: 'ada@lovelace.example', 'Message-ID': '<1@lovelace.example>' }),
      receivedAt: new Date(clock.now()),
      folder: 'inbox',
    });
    assert.equal(outcome.kind, 'unmatched');
    assert.deepEqual(settled.reports, []);
  });

  describe('that is hard to read', () => {
    const part = (type: string, body: string, more = ''): string =>
      `--b\r\nContent-Type: ${type}\r\n${more}\r\n${body}\r\n`;
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    for (const [what, type, body, text, reason] of [
      [
        'has a wrong charset',
        'text/plain; charset=utf-8',
        Buffer.from('Sch\xf6ne Gr\xfc\xdfe, kein Interesse.', 'latin1'),
        /kein Interesse/,
        /kein/,
      ],
      [
        'names no charset that exists',
        'text/plain; charset=x-unknown',
        'Not interested.',
        /Not interested/,
        /interested/,
      ],
      [
        'is cut in base64',
        'text/plain\r\nContent-Transfer-Encoding: base64',
        base64('Not interested, thank you. ').slice(0, -5),
        /Not interested/,
        /interested/,
      ],
      ['has HTML only', 'text/html', '<style>a{}</style><p>Not <b>interested</b>.</p>', /Not interested/, /interested/],
      ['is empty', 'text/plain', '', /^$/, /content: empty/],
      [
        'is encrypted with S/MIME',
        'application/pkcs7-mime; smime-type=enveloped-data',
        base64('secret'),
        /^$/,
        /S\/MIME/,
      ],
      [
        'is encrypted with PGP',
        'multipart/encrypted; boundary=b',
        `${part('application/pgp-encrypted', 'Version: 1')}${part('application/octet-stream', '-----BEGIN PGP MESSAGE-----')}--b--`,
        /^$/,
        /PGP/,
      ],
      [
        'is signed with S/MIME',
        'multipart/signed; boundary=b',
        `${part('text/plain', 'Not interested.')}${part('application/pkcs7-signature', 'x')}--b--`,
        /Not interested/,
        /interested/,
      ],
      [
        'is wrapped by Outlook',
        'multipart/mixed; boundary=b',
        `${part('application/ms-tnef; name="winmail.dat"', 'x')}--b--`,
        /^$/,
        /TNEF/,
      ],
      [
        'is a bomb of parts',
        'multipart/mixed; boundary=b',
        part('text/plain', 'x').repeat(5_000),
        undefined,
        undefined,
      ],
      ['is a bomb of HTML', 'text/html', '<div>'.repeat(200_000), /^$/, /content: empty/],
    ] as const)
      test(`because it ${what}`, async () => {
        await sent({ messageId: '<1@lovelace.example>', to: 'grace@hopper.example' });
        const headers = { 'In-Reply-To': '<1@lovelace.example>', 'MIME-Version': '1.0', 'Content-Type': type };
        const raw = Buffer.concat([reply(headers, ''), Buffer.from(body)]);
        let position = 0;
        const [outcome] = await receiving.receivedAll({
          organizationId,
          mailboxId: mailbox.id,
          folder: 'inbox',
          messages: [{ raw, receivedAt: new Date(clock.now()) }],
          sightings: [],
          alongside: async () => (position += 1),
        });
        assert.equal(position, 1);
        assert.equal(outcome?.kind, text === undefined ? 'skipped' : 'stored');
        assert.equal(settled.skipped.length, text === undefined ? 1 : 0);
        if (text === undefined) return;
        const reading = settled.replies[0]?.reading;
        assert.match(reading?.text ?? '', text);
        assert.match(reading?.reasons.join() ?? '', reason);
      });

    test('because the database refuses it, does not hold back the others', async () => {
      await sent({ messageId: '<1@lovelace.example>', to: 'grace@hopper.example' });
      let position = 0;
      refused = 'r2@hopper.example';
      const outcomes = await receiving.receivedAll({
        organizationId,
        mailboxId: mailbox.id,
        folder: 'inbox',
        messages: ['r1', 'r2', 'r3'].map((name) => ({
          raw: reply({ 'Message-ID': `<${name}@hopper.example>` }),
          receivedAt: new Date(clock.now()),
        })),
        sightings: [],
        alongside: async () => (position += 1),
      });
      assert.deepEqual([outcomes.map(({ kind }) => kind), position], [['stored', 'skipped', 'stored'], 1]);
      assert.equal(settled.skipped.length, 1);
    });
  });

  test('of any bytes ends in an outcome', async () => {
    const nested = Array.from(
      { length: 200 },
      (_, depth) => `--b${depth}\r\nContent-Type: multipart/mixed; boundary=b${depth + 1}\r\n\r\n`,
    ).join('');
    const hostile: Record<string, Buffer> = {
      empty: Buffer.alloc(0),
      'NUL bytes': Buffer.from('From: a@b.example\r\nSubject: a\0b\r\n\r\nc\0d'),
      'no header at all': Buffer.from('\r\n\r\nhello'),
      'half a surrogate': Buffer.from('From: a@b.example\r\nSubject: =?utf-16?B?2AA=?=\r\n\r\n\xd8'),
      'ten thousand headers': Buffer.from(`${'X-A: b\r\n'.repeat(10_000)}\r\nhello`),
      '200 levels': Buffer.from(`Content-Type: multipart/mixed; boundary=b0\r\n\r\n${nested}`),
      'an address with a line break': Buffer.from('From: "a\r\n b" <a\r\n@b.example>\r\n\r\nhello'),
      'a long Message-ID': Buffer.from(`Message-ID: <${'a'.repeat(5_000)}@b.example>\r\n\r\nhello`),
    };
    for (const [what, raw] of Object.entries(hostile)) {
      const { kind } = await receive(raw);
      assert.ok(kind === 'unmatched' || kind === 'skipped', `${what}: ${kind}`);
    }
  });
});
