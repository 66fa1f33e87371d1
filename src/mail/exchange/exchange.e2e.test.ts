import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ImapFlow } from 'imapflow';
import type { Fields } from '../../../test/harness/caller.ts';
import { TestClock } from '../../../test/harness/clock.ts';
import { createTestDatabase } from '../../../test/harness/database.ts';
import type { TestDatabase } from '../../../test/harness/database.ts';
import { startFaultSmtp } from '../../../test/harness/fault-smtp.ts';
import type { FaultSmtp } from '../../../test/harness/fault-smtp.ts';
import { makeMailbox } from '../../../test/harness/imap-scene.ts';
import type { MadeMailbox } from '../../../test/harness/imap-scene.ts';
import { startInstallation } from '../../../test/harness/installation.ts';
import type { Installation, Tenant } from '../../../test/harness/installation.ts';
import { mailServersMissing, startMailServers } from '../../../test/harness/mail-servers.ts';
import type { MailServers } from '../../../test/harness/mail-servers.ts';
import { announce } from '../../db/bus.ts';
import { sql } from '../../db/sql.ts';

interface Side {
  readonly tenant: Tenant;
  readonly mailbox: MadeMailbox;
  /** What the mailbox submits stays here: the test decides where it arrives. */
  readonly smtp: FaultSmtp;
}

describe('the exchange over Dovecot', { skip: mailServersMissing() ?? false }, () => {
  let servers: MailServers;
  let database: TestDatabase;
  let clock: TestClock;
  let product: Installation;
  let sides: readonly [Side, Side];
  /** Of the first letter: chance decides who begins. */
  let writer: Side;
  let reader: Side;

  before(async () => {
    servers = await startMailServers();
    database = await createTestDatabase();
    clock = new TestClock(Date.now());
    product = await startInstallation({ clock, databaseUrl: database.url });
    sides = [await sideOf('alice@one.test'), await sideOf('bob@two.test')];
  });
  after(async () => {
    await product.stop();
    for (const { smtp } of sides) await smtp.close();
    await database.drop();
    await servers.stop();
  });

  async function sideOf(email: string): Promise<Side> {
    const tenant = await product.tenant();
    const smtp = await startFaultSmtp();
    const at = { host: '127.0.0.1', security: 'none', username: email } as const;
    const mailbox = await makeMailbox(product, {
      organizationId: tenant.organization.id,
      email,
      smtp: { ...at, port: smtp.port },
      imap: { ...at, port: servers.imap.plain },
      login: { password: servers.password },
    });
    await product.mail.mailboxes.reportConnected('imap', [mailbox.id]);
    return { tenant, mailbox, smtp };
  }

  async function inMailbox<T>(user: string, work: (client: ImapFlow) => Promise<T>): Promise<T> {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: servers.imap.plain,
      secure: false,
      doSTARTTLS: false,
      auth: { user, pass: servers.password },
      logger: false,
    });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.logout();
    }
  }

  /** Message-IDs with their flags, by folder. */
  const foldersOf = (user: string): Promise<Record<string, string[]>> =>
    inMailbox(user, async (client) => {
      const found: Record<string, string[]> = {};
      for (const { path } of await client.list()) {
        await client.mailboxOpen(path, { readOnly: true });
        for await (const { envelope, flags } of client.fetch('1:*', { envelope: true, flags: true }))
          (found[path] ??= []).push(`${envelope?.messageId} ${[...(flags ?? [])].includes('\\Seen') ? 'seen' : 'new'}`);
      }
      return found;
    });
  const idOf = (raw: string): string => /^Message-ID: (<[^>]+>)/im.exec(raw)?.[1] ?? assert.fail(raw);
  const rawOf = (smtp: FaultSmtp, index: number): string =>
    String(smtp.messages[index]?.raw ?? assert.fail('no message'));

  /** Brings forward what is to be done about letters, and lets the work begin; not what is being done. */
  async function hurry(kinds: readonly string[]): Promise<void> {
    const [now, later] = [new Date(clock.now()), new Date(clock.now() + 6 * 60_000)];
    await product.db.execute(
      sql`UPDATE exchange_actions SET due_at = ${now} WHERE due_at > ${later} AND kind = ANY(${[...kinds]}::text[])`,
    );
    await announce(product.db, { kind: 'due', endpoints: [] });
  }
  const isDone = async (kind: string, count = 1): Promise<boolean> =>
    (await product.db.query(sql`SELECT 1 FROM exchange_actions WHERE kind = ${kind} AND done_at IS NOT NULL`)).length >=
    count;
  const placements = async (): Promise<string[]> =>
    (
      await product.db.query(
        sql<{
          placement: string;
        }>`SELECT placement FROM exchange_letters WHERE placement IS NOT NULL ORDER BY begun_at`,
      )
    ).map(({ placement }) => placement);
  async function start({ tenant, mailbox }: Side): Promise<void> {
    const path = `/v1/mailboxes/${mailbox.id}/warmup`;
    await tenant.got('PATCH', path, { allow_other_organizations: true, reply_rate: 100, strategy: 'fast' });
    await tenant.got('POST', `${path}/resume`);
  }
  async function step(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
    await product.until(async () => {
      if (await condition()) return true;
      await clock.advance(1_000);
      return false;
    }, what);
  }
  const submitted = (): number => sides.reduce((sum, { smtp }) => sum + smtp.messages.length, 0);
  /** Of a day with a hundred letters, one that was not sent yet is due, also after the mailbox was governed again. */
  async function sent(isSent: () => boolean, what: string): Promise<void> {
    const ids = sides.map(({ mailbox }) => mailbox.id);
    await product.db.execute(sql`UPDATE exchange_letters SET begun_at = begun_at - interval '2 hours'`);
    await product.until(async () => {
      if (isSent()) return true;
      await product.db.execute(
        sql`UPDATE mailbox_pace SET governed_limit = 100 WHERE mailbox_id = ANY(${ids}::uuid[])`,
      );
      await product.db.execute(sql`UPDATE exchange_members SET partners = NULL`);
      await product.db.transaction((tx) => product.mail.sending.wake(tx, ids));
      await clock.advance(15_000);
      return false;
    }, what);
  }

  test('a letter in Junk is rescued, read, answered and filed once, also if a process dies in between', async () => {
    for (const side of sides) await start(side);
    const [alice, bob] = sides;
    await sent(() => submitted() > 0, 'a letter was sent');
    [writer, reader] = alice.smtp.messages.length > 0 ? [alice, bob] : [bob, alice];
    const letter = rawOf(writer.smtp, 0);
    assert.doesNotMatch(letter, /^(?:x-|list-)/im);
    const other = 'From: shop@shop.example\r\nMessage-ID: <offer@shop.example>\r\nSubject: Offer\r\n\r\nBuy\r\n';
    await inMailbox(reader.mailbox.email, async (client) => {
      await client.append('Junk', Buffer.from(other));
      await client.append('Junk', Buffer.from(letter));
    });
    await step(async () => (await placements()).length > 0, 'it is found in Junk');
    assert.deepEqual(await placements(), ['spam']);

    await hurry(['move']);
    await step(() => isDone('move'), 'it is rescued');
    // The process dies after the action and before its record.
    const port = Number(new URL(product.url).port);
    await product.stop();
    product = await startInstallation({ clock, databaseUrl: database.url, config: { port } });
    await product.db.execute(
      sql`UPDATE exchange_actions SET done_at = NULL, outcome = NULL, due_at = ${new Date(clock.now())} WHERE kind = 'move'`,
    );
    await hurry(['move', 'read', 'flag', 'reply']);
    await step(() => isDone('move'), 'the rescue is recorded');
    await step(() => isDone('read'), 'it is read');
    await sent(() => reader.smtp.messages.length > 0, 'it is answered');
    await hurry(['file']);
    await step(() => isDone('file'), 'it is filed');

    const id = idOf(letter);
    const outcomes = await product.db.query(
      sql<{
        kind: string;
        outcome: string;
      }>`SELECT kind, outcome FROM exchange_actions WHERE mailbox_id = ${reader.mailbox.id} AND kind IN ('move', 'file') ORDER BY kind`,
    );
    assert.deepEqual(outcomes, [
      { kind: 'file', outcome: 'done' },
      { kind: 'move', outcome: 'present' },
    ]);
    assert.deepEqual(await foldersOf(reader.mailbox.email), {
      Archive: [`${id} seen`],
      Junk: ['<offer@shop.example> new'],
    });

    const answer = rawOf(reader.smtp, 0);
    assert.match(answer, new RegExp(`^In-Reply-To: ${id.replaceAll('.', '\\.')}`, 'im'));
    await inMailbox(writer.mailbox.email, (client) => client.append('INBOX', Buffer.from(answer)));
    await step(async () => (await placements()).length > 1, 'the answer is found');
    assert.deepEqual(await placements(), ['spam', 'inbox']);
    await hurry(['read', 'file']);
    await step(() => isDone('file', 2), 'the answer is filed');
    assert.deepEqual(await foldersOf(writer.mailbox.email), { Archive: [`${idOf(answer)} seen`] });
    assert.deepEqual(
      sides.map(({ smtp }) => smtp.messages.length),
      [1, 1],
    );

    // Neither organization has a reply or an event of it.
    for (const { tenant } of sides) {
      for (const path of ['/v1/replies', '/v1/events?event=email.*', '/v1/events?event=reply.*'])
        assert.deepEqual((await tenant.api('GET', path)).json.data as Fields[], [], path);
    }
    const { exchange } = (await writer.tenant.got('GET', `/v1/mailboxes/${writer.mailbox.id}/warmup`)) as {
      exchange: Fields;
    };
    assert.equal(exchange['partners'], 1);
    assert.equal(exchange['blocked_reason'], 'partners_resting');
    assert.deepEqual(product.errors, []);
  });

  test('a letter whose Message-ID a server replaced is recognized by its text, and one that is nowhere is missing', async () => {
    const seen = (await placements()).length;
    await product.db.execute(sql`UPDATE exchange_pairs SET last_at = last_at - interval '8 days'`);
    await sent(() => submitted() > 2, 'another letter was sent');
    const [from, to] = writer.smtp.messages.length > 1 ? [writer, reader] : [reader, writer];
    const raw = rawOf(from.smtp, 1).replace(/^Message-ID: <[^>]+>/im, 'Message-ID: <replaced@outlook.example>');
    await inMailbox(to.mailbox.email, (client) => client.append('INBOX', Buffer.from(raw)));
    await step(async () => (await placements()).length > seen, 'it is found');
    const [row] = await product.db.query(
      sql<{
        delivered_header: string;
      }>`SELECT delivered_header FROM exchange_letters WHERE delivered_header IS NOT NULL`,
    );
    assert.equal(row?.delivered_header, '<replaced@outlook.example>');

    await product.db.execute(sql`UPDATE exchange_pairs SET last_at = last_at - interval '8 days'`);
    const before = submitted();
    await sent(() => submitted() > before, 'one more was sent');
    await step(async () => {
      await hurry(['look']);
      return (await placements()).includes('missing');
    }, 'it is missing');
    assert.deepEqual(product.errors, []);
  });
});
