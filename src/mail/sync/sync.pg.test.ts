import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { ImapFlow } from 'imapflow';
import { eventually, TestClock } from '../../../test/harness/clock.ts';
import { startCrm } from '../../../test/harness/crm.ts';
import type { CrmInstallation } from '../../../test/harness/crm.ts';
import { createTestDatabase } from '../../../test/harness/database.ts';
import type { TestDatabase } from '../../../test/harness/database.ts';
import { testMasterKey } from '../../../test/harness/engine.ts';
import { startImapProxy } from '../../../test/harness/imap-proxy.ts';
import type { ImapProxy } from '../../../test/harness/imap-proxy.ts';
import { startReader } from '../../../test/harness/imap-reader.ts';
import type { Reader } from '../../../test/harness/imap-reader.ts';
import { deliveryReport, makeMailbox, makeSent, rawMessage, receivedBy } from '../../../test/harness/imap-scene.ts';
import type { MadeMailbox } from '../../../test/harness/imap-scene.ts';
import { mailServersMissing, startMailServers } from '../../../test/harness/mail-servers.ts';
import type { MailServers } from '../../../test/harness/mail-servers.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { sql } from '../../db/sql.ts';
import { createVault } from '../../encryption/vault.ts';

const day = 86_400_000;
const minute = 60_000;

describe('a mailbox on Dovecot', { skip: mailServersMissing() ?? false }, () => {
  const vault = createVault(testMasterKey);
  const username = 'alice@one.test';
  let servers: MailServers;
  let clock: TestClock;
  let database: TestDatabase;
  let crm: CrmInstallation;
  let proxy: ImapProxy;
  let organizationId: OrganizationId;
  let mailbox: MadeMailbox;
  let reader: Reader;
  /** Another program that uses the mailbox. */
  let other: ImapFlow;

  before(async () => {
    servers = await startMailServers();
    database = await createTestDatabase();
  });
  after(async () => {
    await database.drop();
    await servers.stop();
  });
  beforeEach(async () => {
    clock = new TestClock(Date.now());
    crm = await startCrm(database.url, clock);
    proxy = await startImapProxy(servers.imap.plain);
    ({ organizationId } = await crm.editor());
    other = new ImapFlow({
      host: '127.0.0.1',
      port: servers.imap.plain,
      secure: false,
      doSTARTTLS: false,
      auth: { user: username, pass: servers.password },
      logger: false,
      disableAutoIdle: true,
    });
    await other.connect();
    for (const { path } of await other.list()) {
      await other.mailboxOpen(path);
      await other.messageDelete('1:*');
      if (!standard.has(path)) await other.mailboxDelete(path);
    }
    mailbox = await makeMailbox(scene(), {
      organizationId,
      email: username,
      imap: { host: '127.0.0.1', port: proxy.port, security: 'none', username },
      login: { password: servers.password },
    });
  });
  afterEach(async () => {
    await reader.stop();
    await other.logout();
    await proxy.close();
    await crm.db.execute(sql`UPDATE mailbox_sync SET due_at = NULL, holder = NULL`);
    assert.deepEqual(reader.errors, []);
    await crm.stop();
  });

  const standard = new Set(['INBOX', 'Sent', 'Drafts', 'Archive', 'Junk', 'Trash']);
  const scene = () => ({ db: crm.db, ids: crm.ids, vault, clock });
  const until = (condition: () => boolean | Promise<boolean>, what: string) =>
    eventually(condition, what, () => reader?.errors ?? []);
  const stored = async (): Promise<string[]> => (await receivedBy(crm.db, mailbox.id)).map((row) => row.message_id);
  const hasStored = (...ids: readonly string[]) =>
    until(async () => (await stored()).join() === ids.join(), `${ids.join()} is stored`);
  /** Tells the reader of the mailbox, as its creation does. */
  const announce = () => reader.mailboxes.reportConnected('imap', [mailbox.id]);
  const status = async () => (await reader.mailboxes.settingsOf(crm.db, [mailbox.id]))[0]?.status;
  async function start(): Promise<void> {
    reader = await startReader({ crm, databaseUrl: database.url, clock });
    await announce();
    await until(() => reader.read.length >= 3, 'the mailbox was read');
    await until(() => proxy.commands.at(-1) === 'IDLE', 'the reader idles');
  }
  const answer = (id: string, of = '<1@one.test>', headers: Record<string, string> = {}): Buffer =>
    rawMessage({ From: 'grace@hopper.example', 'Message-ID': id, 'In-Reply-To': of, Subject: 'Re: Hello', ...headers });
  const sent = (messageId = '<1@one.test>', status = 'sent') =>
    makeSent(scene(), mailbox, { messageId, to: 'grace@hopper.example', status });

  test('is read while it idles: a reply is stored within one push', async () => {
    const id = await sent();
    await start();
    await other.append('INBOX', answer('<r1@hopper.example>'));
    await hasStored('<r1@hopper.example>');
    assert.equal((await receivedBy(crm.db, mailbox.id))[0]?.reply_to_id, id);
    assert.deepEqual(
      reader.reports.map((report) => [report.id, report.source]),
      [[id, 'reply']],
    );
  });

  test('is left as it was: nothing is marked as read', async () => {
    await sent();
    await start();
    await other.append('INBOX', answer('<r1@hopper.example>'));
    await hasStored('<r1@hopper.example>');
    const status = await other.status('INBOX', { unseen: true, messages: true });
    assert.deepEqual(status && [status.messages, status.unseen], [1, 1]);
  });

  test('gives up no more than headers of messages that do not matter', async () => {
    await start();
    await other.append('INBOX', rawMessage({ From: 'news@shop.example', 'Message-ID': '<n@shop.example>' }));
    await other.append(
      'INBOX',
      deliveryReport({
        messageId: '<d@mail.test>',
        of: '<x@y.example>',
        recipient: 'x@y.example',
        action: 'failed',
        status: '5.1.1',
      }),
    );
    await until(
      () => proxy.commands.filter((each) => each.includes('BODY.PEEK[]')).length === 1,
      'one body was fetched',
    );
    const position = async () =>
      (
        await crm.db.query(
          sql<{
            last_uid: number;
          }>`SELECT last_uid FROM mailbox_folders WHERE mailbox_id = ${mailbox.id} AND role = 'inbox'`,
        )
      )[0]?.last_uid;
    const { uidNext = 0 } = (await other.status('INBOX', { uidNext: true })) || {};
    await until(async () => (await position()) === uidNext - 1, 'the position is after both');
    assert.deepEqual(await stored(), []);
  });

  test('is polled, in case the server does not push', async () => {
    await sent();
    await start();
    proxy.rewrite((line) => line.replace(/^\* \d+ (EXISTS|RECENT)$/, '* OK nothing'));
    await other.append('INBOX', answer('<r1@hopper.example>'));
    await other.append('Junk', answer('<r2@hopper.example>'));
    proxy.rewrite((line) => (line.startsWith('* OK nothing') ? line : line));
    const before = proxy.commands.length;
    await clock.advance(2 * minute);
    await hasStored('<r1@hopper.example>');
    await until(() => proxy.commands.at(-1) === 'IDLE' && proxy.commands.length > before, 'the reader idles again');
    await clock.advance(3 * minute);
    await hasStored('<r1@hopper.example>', '<r2@hopper.example>');
  });

  test('shows a copy in Sent of a message with an unknown fate', async () => {
    const id = await sent('<1@one.test>', 'unknown');
    await start();
    await other.append('Sent', rawMessage({ From: username, 'Message-ID': '<1@one.test>' }));
    await clock.advance(5 * minute);
    const fate = async () =>
      (await crm.db.query(sql<{ status: string }>`SELECT status FROM messages WHERE id = ${id}`))[0]?.status;
    await until(async () => (await fate()) === 'sent', 'the message is settled');
    assert.ok(!proxy.commands.some((each) => each.includes('BODY.PEEK[]')));
  });

  test('with old mail gives only what belongs to sent messages, and later everything', async () => {
    await sent();
    const editor = { organizationId, keyId: crm.ids.next() } as Parameters<typeof crm.contacts.create>[0];
    await crm.contacts.create(editor, { email: 'grace@hopper.example' });
    const fromContact = (id: string) => rawMessage({ From: 'grace@hopper.example', 'Message-ID': id });
    await other.append('INBOX', answer('<old@hopper.example>'), [], new Date(clock.now() - 40 * day));
    await other.append('INBOX', answer('<recent@hopper.example>'), [], new Date(clock.now() - 10 * day));
    await other.append('INBOX', fromContact('<chat@hopper.example>'), [], new Date(clock.now() - 10 * day));
    await start();
    await hasStored('<recent@hopper.example>');
    await other.append('INBOX', fromContact('<new@hopper.example>'));
    await hasStored('<recent@hopper.example>', '<new@hopper.example>');
  });

  test('with a new UIDVALIDITY is compared again, and nothing is stored twice', async () => {
    await sent();
    await start();
    await other.append('INBOX', answer('<r1@hopper.example>'));
    await hasStored('<r1@hopper.example>');
    proxy.drop();
    proxy.rewrite((line) =>
      line.replace(/(UIDVALIDITY )(\d+)/, (_, name: string, value: string) => `${name}${Number(value) + 1}`),
    );
    await other.append('INBOX', answer('<r2@hopper.example>'));
    await reader.passUntil(async () => (await stored()).length === 2, 'the second reply is stored');
    assert.deepEqual(await stored(), ['<r1@hopper.example>', '<r2@hopper.example>']);
    const validities = (await receivedBy(crm.db, mailbox.id)).map((row) => row.uidvalidity);
    assert.equal((validities[1] ?? 0) - (validities[0] ?? 0), 1);
  });

  for (const [what, fail] of [
    ['dropped while idling', () => proxy.drop()],
    ['ended with BYE', () => proxy.bye('* BYE Temporary system problem')],
  ] as const)
    test(`is connected again after its connection was ${what}`, async () => {
      await sent();
      await start();
      fail();
      await until(() => proxy.open === 0, 'the connection is gone');
      await other.append('INBOX', answer('<r1@hopper.example>'));
      await reader.passUntil(async () => (await stored()).length === 1, 'the reply is stored');
      assert.equal(proxy.connections, 2);
    });

  test('on a server that has gone silent is connected again', async () => {
    await sent();
    await start();
    proxy.silence();
    await other.append('INBOX', answer('<r1@hopper.example>'));
    await reader.passUntil(() => proxy.open === 0, 'the connection is given up');
    await reader.passUntil(async () => (await stored()).length === 1, 'the reply is stored');
    assert.equal(proxy.connections, 2);
  });

  test('waits if the server has too many connections', async () => {
    await start();
    proxy.refuse('* BYE [ALERT] Maximum number of connections from user+IP exceeded');
    proxy.drop();
    await reader.passUntil(async () => (await status()) === 'degraded', 'the mailbox is degraded');
    const refused = proxy.connections;
    await clock.advance(1_000);
    assert.ok(proxy.connections - refused <= 1);
    proxy.refuse(undefined);
    await reader.passUntil(async () => (await status()) === 'connected', 'the mailbox is connected');
  });

  test('loses nothing when a message is cut in the middle', async () => {
    await sent();
    await start();
    proxy.cutLiteral(50_000);
    await other.append('INBOX', Buffer.concat([answer('<r1@hopper.example>'), Buffer.alloc(100_000, 'a')]));
    await reader.passUntil(async () => (await stored()).length === 1, 'the reply is stored');
    assert.equal(proxy.connections, 2);
  });

  test('skips what another program deletes between the headers and the body', async () => {
    await sent();
    await start();
    proxy.before(/BODY\.PEEK\[\]/, async () => {
      await other.mailboxOpen('INBOX');
      await other.messageDelete('1:*');
    });
    await other.append('INBOX', answer('<r1@hopper.example>'));
    await until(async () => {
      const status = await other.status('INBOX', { messages: true });
      return status !== false && status.messages === 0;
    }, 'it is deleted');
    await other.append('INBOX', answer('<r2@hopper.example>'));
    // Dovecot closes a connection whose FETCH meets a message that is gone (imap_fetch_failure).
    await reader.passUntil(async () => (await stored()).length === 1, 'the next reply is stored');
    assert.deepEqual(await stored(), ['<r2@hopper.example>']);
  });

  test('may have folders in any script, and a message that is too long', async () => {
    await other.mailboxCreate('Отправленные & "Entwürfe"');
    await sent();
    await start();
    const long = Buffer.concat([answer('<long@hopper.example>'), Buffer.alloc(26 * 1024 * 1024, 'a\r\n')]);
    await other.append('INBOX', long);
    await other.append('INBOX', answer('<r1@hopper.example>'));
    await hasStored('<r1@hopper.example>');
    assert.match(reader.skipped.join(), /INBOX \d+: it has \d+ bytes/);
  });

  test('shows in Sent whether a message was sent, and takes a copy once', async () => {
    await start();
    const { findSent, appendSent } = reader.sync;
    assert.equal(await findSent(mailbox.id, ['<1@one.test>']), 'absent');
    const raw = rawMessage({ From: username, 'Message-ID': '<1@one.test>' });
    assert.equal(await appendSent(mailbox.id, '<1@one.test>', raw, new Date(clock.now())), 'filed');
    assert.equal(await appendSent(mailbox.id, '<1@one.test>', raw, new Date(clock.now())), 'present');
    assert.equal(await findSent(mailbox.id, ['<0@one.test>', '<1@one.test>']), 'found');
    const status = await other.status('Sent', { messages: true, unseen: true });
    assert.deepEqual(status && [status.messages, status.unseen], [1, 0]);
    await until(() => proxy.open === 1, 'the second connection is closed');
    proxy.refuse('* BYE down');
    assert.equal(await findSent(mailbox.id, ['<1@one.test>']), 'unavailable');
  });
});
