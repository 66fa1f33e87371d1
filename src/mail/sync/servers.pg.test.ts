import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { eventually, TestClock } from '../../../test/harness/clock.ts';
import { startCrm } from '../../../test/harness/crm.ts';
import type { CrmInstallation } from '../../../test/harness/crm.ts';
import { createTestDatabase } from '../../../test/harness/database.ts';
import type { TestDatabase } from '../../../test/harness/database.ts';
import { testMasterKey } from '../../../test/harness/engine.ts';
import { startReader } from '../../../test/harness/imap-reader.ts';
import type { Reader } from '../../../test/harness/imap-reader.ts';
import { makeMailbox, makeSent, rawMessage, receivedBy } from '../../../test/harness/imap-scene.ts';
import type { MadeMailbox } from '../../../test/harness/imap-scene.ts';
import { startImapStore } from '../../../test/harness/imap-scripted.ts';
import type { ImapStore, ImapStoreOptions } from '../../../test/harness/imap-scripted.ts';
import type { Peer } from '../../../test/harness/scripted-server.ts';
import { hourMs, minuteMs } from '../../base/clock.ts';
import { sql } from '../../db/sql.ts';
import { createVault } from '../../encryption/vault.ts';

describe('a mailbox on a server unlike Dovecot', () => {
  const vault = createVault(testMasterKey);
  const email = 'ada@lovelace.example';
  let database: TestDatabase;
  let clock: TestClock;
  let crm: CrmInstallation;
  let server: ImapStore;
  let mailbox: MadeMailbox;
  let reader: Reader;

  before(async () => {
    database = await createTestDatabase();
  });
  after(() => database.drop());
  beforeEach(async () => {
    clock = new TestClock(Date.now());
    crm = await startCrm(database.url, clock);
  });
  afterEach(async () => {
    await reader.stop();
    await server.close();
    await crm.db.execute(sql`UPDATE mailbox_sync SET due_at = NULL, holder = NULL`);
    assert.deepEqual(reader.errors, []);
    await crm.stop();
  });

  const scene = () => ({ db: crm.db, ids: crm.ids, vault, clock });
  const inbox = () => server.folders.get('INBOX') ?? assert.fail('no INBOX');
  const stored = async (): Promise<string[]> => (await receivedBy(crm.db, mailbox.id)).map((row) => row.message_id);
  const reply = (id: string): string =>
    rawMessage({ From: 'grace@hopper.example', 'Message-ID': id, 'In-Reply-To': '<1@lovelace.example>' }).toString();
  const add = (uid: number, id: string): unknown => inbox().messages.push({ uid, raw: reply(id) });

  async function start(
    options: ImapStoreOptions,
    prepare: () => unknown = () => {},
    onConnected?: (stop: () => void) => void,
  ): Promise<void> {
    const { organizationId } = await crm.editor();
    server = await startImapStore(options);
    prepare();
    const imap = { host: '127.0.0.1', port: server.port, security: 'none', username: email } as const;
    mailbox = await makeMailbox(scene(), { organizationId, email, imap });
    await makeSent(scene(), mailbox, { messageId: '<1@lovelace.example>', to: 'grace@hopper.example' });
    reader = await startReader({ crm, databaseUrl: database.url, clock, ...(onConnected && { onConnected }) });
    await reader.mailboxes.reportConnected('imap', [mailbox.id]);
  }
  const hasRead = (role: string): boolean => reader.read.includes(`${email} ${role}`);
  const started = () =>
    eventually(
      () => hasRead('inbox'),
      'INBOX was read',
      () => reader.errors,
    );
  const readerStored = (...ids: readonly string[]) =>
    reader.passUntil(async () => (await stored()).join() === ids.join(), `${ids.join()} is stored`);

  test('is left when the process stops while the login is reported', async () => {
    const connected = Promise.withResolvers<undefined>();
    await start({}, undefined, (stop) => {
      stop();
      connected.resolve(undefined);
    });
    await connected.promise;
    await reader.stop();
  });

  test('is not searched when the process stops while another one has the right to', async () => {
    await start({});
    await started();
    const until = new Date(clock.now() + minuteMs);
    await crm.db.execute(sql`UPDATE mailbox_sync SET extra_until = ${until} WHERE mailbox_id = ${mailbox.id}`);
    const searching = reader.sync.findSent(mailbox.id, ['<1@lovelace.example>']);
    await reader.stop();
    assert.equal(await searching, 'unavailable');
  });

  test('without any extension is polled, and folders are known by their names', async () => {
    await start({ folders: { 'Gesendete Elemente': {}, Spam: {} } });
    await eventually(() => ['inbox', 'sent', 'junk'].every(hasRead), 'the folders were read');
    add(1, '<r1@hopper.example>');
    await readerStored('<r1@hopper.example>');
    assert.equal(server.count(/^(IDLE|ENABLE|LIST .*RETURN|.*CONDSTORE|.*CHANGEDSINCE)/), 0);
  });

  test('with folders that cannot be selected reads the others', async () => {
    const folders = {
      Sent: { attributes: String.raw`\Noselect \Sent` },
      Junk: { attributes: String.raw`\NonExistent \Junk` },
      Spam: { attributes: String.raw`\HasNoChildren` },
    };
    await start({ capabilities: ['SPECIAL-USE'], folders });
    await started();
    assert.equal(server.count(/^(EXAMINE|SELECT|STATUS) "?(Sent|Junk)/), 0);
    assert.equal(await reader.sync.findSent(mailbox.id, ['<1@lovelace.example>']), 'unavailable');
  });

  test('that refuses a folder three times is asked again after six hours', async () => {
    const refuse = { command: /^EXAMINE "?Junk/, step: 'NO [SERVERBUG] not now' };
    await start({ folders: { Junk: { attributes: String.raw`\Junk` } }, capabilities: ['SPECIAL-USE'] }, () =>
      server.answers.push(refuse, refuse, refuse),
    );
    const asked = () => server.count(refuse.command);
    await reader.passUntil(() => asked() === 3, 'it is refused three times');
    const retryAt = async () =>
      (
        await crm.db.query(sql<{ retry_at: Date | null }>`
          SELECT retry_at FROM mailbox_folders WHERE mailbox_id = ${mailbox.id} AND path = 'Junk'`)
      )[0]?.retry_at?.getTime() ?? 0;
    await eventually(async () => (await retryAt()) > 0, 'it is put aside');
    const againMs = await retryAt();
    assert.ok(againMs - clock.now() > 6 * hourMs - minuteMs && againMs - clock.now() <= 6 * hourMs);
    const looks = reader.read.length;
    await reader.passUntil(() => reader.read.length >= looks + 4, 'INBOX is read as before');
    assert.equal(asked(), 3);
    await clock.advance(againMs - clock.now());
    await reader.passUntil(() => hasRead('junk'), 'it is read');
  });

  test('that is Gmail shows in All Mail whether a message was sent', async () => {
    const folders = {
      '[Gmail]/Sent': { attributes: String.raw`\Sent` },
      '[Gmail]/All': {
        attributes: String.raw`\All`,
        messages: [{ uid: 4, raw: rawMessage({ 'Message-ID': '<1@lovelace.example>' }).toString() }],
      },
    };
    await start({ capabilities: ['SPECIAL-USE', 'X-GM-EXT-1'], folders });
    await started();
    assert.equal(await reader.sync.findSent(mailbox.id, ['<0@lovelace.example>', '<1@lovelace.example>']), 'found');
    assert.equal(server.count(/^UID SEARCH X-GM-RAW "?rfc822msgid:1@lovelace\.example/), 1);
    assert.equal(await reader.sync.findSent(mailbox.id, ['<2@lovelace.example>']), 'absent');
  });

  test('takes a copy in Sent once', async () => {
    await start({ folders: { Sent: {} } });
    await started();
    const raw = rawMessage({ 'Message-ID': '<2@lovelace.example>' });
    const file = () => reader.sync.appendSent(mailbox.id, '<2@lovelace.example>', raw, new Date(clock.now()));
    assert.equal(await file(), 'filed');
    assert.equal(await file(), 'present');
    assert.equal(server.folders.get('Sent')?.messages[0]?.raw, raw.toString());
    server.answers.push({ command: /^UID SEARCH HEADER/, step: (peer) => peer.reset() });
    assert.equal(await reader.sync.findSent(mailbox.id, ['<2@lovelace.example>']), 'unavailable');
    assert.deepEqual(reader.refused, []);
    server.answers.push({ command: /^UID SEARCH HEADER/, step: 'NO [CANNOT] not here' });
    assert.equal(await reader.sync.findSent(mailbox.id, ['<2@lovelace.example>']), 'unavailable');
    assert.deepEqual(reader.refused, ['The server refused SEARCH.'], 'it is not an error of ours');
  });

  const tagOf = (line: string): string => line.slice(0, line.indexOf(' '));
  const faults: readonly (readonly [string, (peer: Peer, line: string) => unknown])[] = [
    ['cuts a literal', (peer) => [peer.send('* 1 FETCH (UID 1 BODY[] {500}\r\nFrom: '), peer.end()]],
    ['answers garbage', (peer) => [peer.send('\u0000\u00ff{(((\r\n* 1 FETCH ((((\r\n* 9 9 9\r\n'), peer.end()]],
    ['sends a line without an end', (peer) => [peer.send(`* OK ${'x'.repeat(9_000_000)}`), peer.end()]],
    ['announces a literal of 9 GB', (peer) => peer.send('* 1 FETCH (UID 1 BODY[] {9000000000}\r\n')],
    ['says BYE', (peer) => [peer.send('* BYE Temporary system problem\r\n'), peer.end()]],
    ['refuses', (peer, line) => peer.send(`${tagOf(line)} NO [UNAVAILABLE] not now\r\n`)],
  ];
  const commands: readonly (readonly [string, RegExp])[] = [
    ['opening INBOX', /^EXAMINE "?INBOX/],
    ['fetching headers', /^UID FETCH .*HEADER/],
    ['fetching a body', /^UID FETCH .*BODY\.PEEK\[\]/],
  ];
  for (const [what, step] of faults)
    test(`that ${what} loses nothing`, async () => {
      await start({});
      await started();
      const ids: string[] = [];
      for (const [at, command] of commands) {
        server.answers.push({ command, step });
        const uid = ids.push(`<r${ids.length + 1}@hopper.example>`);
        add(uid, ids.at(-1) ?? '');
        await reader.passUntil(() => server.answers.length === 0, `${what} when ${at}`);
        await readerStored(...ids);
      }
    });

  test('that does not say UIDVALIDITY stores nothing, and is read when it does', async () => {
    const validity = 7;
    await start({ folders: { INBOX: { uidValidity: undefined } } });
    const failures = async () =>
      (await reader.mailboxes.settingsOf(crm.db, [mailbox.id]))[0]?.status === 'degraded' || server.connections > 2;
    await reader.passUntil(failures, 'the mailbox fails');
    server.folders.set('INBOX', { messages: [], uidValidity: validity });
    await reader.passUntil(() => hasRead('inbox'), 'INBOX is read');
    add(1, '<r1@hopper.example>');
    await readerStored('<r1@hopper.example>');
  });
});
