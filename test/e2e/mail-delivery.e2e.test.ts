import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { ImapFlow } from 'imapflow';
import { eventually, TestClock } from '../harness/clock.ts';
import { startInstallation } from '../harness/installation.ts';
import type { Installation, Tenant } from '../harness/installation.ts';
import { mailHost, mailServersMissing, startMailServers } from '../harness/mail-servers.ts';
import type { MailServers } from '../harness/mail-servers.ts';
import { tcpReceiver } from '../harness/sockets.ts';
import type { Receiver } from '../harness/sockets.ts';

describe('mail through Postfix and Dovecot', { skip: mailServersMissing() ?? false }, () => {
  let servers: MailServers;
  let product: Installation;
  let me: Tenant;
  /** Loses the connection when the message is complete, once the server has it. */
  let lossy: Receiver;
  before(async () => {
    servers = await startMailServers({ filesSentOf: ['carol@one.test'] });
    product = await startInstallation({
      ca: servers.ca,
      // The servers' dates are of today.
      clock: new TestClock(Date.now()),
      resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    });
    me = await product.tenant();
    lossy = await tcpReceiver((client) => {
      const server = connect(servers.submission.plain, '127.0.0.1');
      server.on('error', () => {}).on('data', (answer: Buffer) => void client.write(answer));
      client.on('data', (sent: Buffer) => {
        server.write(sent);
        if (!sent.includes('\r\n.\r\n')) return;
        server.removeAllListeners('data').once('data', () => {
          client.destroy();
          server.end('QUIT\r\n');
        });
      });
      client.on('close', () => server.end());
    });
  });
  after(async () => {
    await product.stop();
    await lossy.close();
    await servers.stop();
  });

  async function mailbox(email: string, smtp: Record<string, unknown> = {}): Promise<string> {
    const login = { host: mailHost, security: 'tls', username: email, password: servers.password };
    const made = await me.got('POST', '/v1/mailboxes', {
      email,
      smtp: { ...login, port: servers.submission.tls, ...smtp },
      imap: { ...login, port: servers.imap.tls },
    });
    return String(made['id']);
  }

  async function send(mailboxId: string, to: string): Promise<string> {
    const message = { mailbox_id: mailboxId, to, subject: 'Grüße', text: 'Hello\n.\nBye' };
    return String((await me.got('POST', '/v1/messages', message))['id']);
  }

  const statusOf = async (id: string): Promise<unknown> => (await me.got('GET', `/v1/messages/${id}`))['status'];

  async function inboxOf(user: string): Promise<string[]> {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: servers.imap.tls,
      secure: true,
      servername: mailHost,
      tls: { ca: servers.ca },
      auth: { user, pass: servers.password },
      logger: false,
    });
    await client.connect();
    await client.mailboxOpen('INBOX', { readOnly: true });
    const ids: string[] = [];
    for await (const { envelope } of client.fetch('1:*', { envelope: true })) ids.push(envelope?.messageId ?? '');
    await client.logout();
    return ids;
  }

  test('a message is sent once and read by its recipient', async () => {
    const id = await send(await mailbox('alice@one.test'), 'bob@two.test');
    await product.until(async () => (await statusOf(id)) === 'sent', 'it is sent');
    const { message_id: messageId } = await me.got('GET', `/v1/messages/${id}`);
    await eventually(async () => (await inboxOf('bob@two.test')).length > 0, 'it arrived');
    assert.deepEqual(await inboxOf('bob@two.test'), [messageId]);
  });

  test('a message whose connection was lost is unknown, until it is found in Sent', async () => {
    const plain = { host: '127.0.0.1', port: lossy.port, security: 'none' };
    const id = await send(await mailbox('carol@one.test', plain), 'dave@two.test');
    await product.until(async () => (await statusOf(id)) === 'unknown', 'its fate is unknown');
    await product.clock.advance(61_000);
    await product.until(async () => (await statusOf(id)) === 'sent', 'it is found');
    assert.equal((await inboxOf('dave@two.test')).length, 1);
  });

  test('a delivery report makes a sent message bounced, and suppresses the address', async () => {
    const list = (await me.api('GET', '/v1/mailboxes')).json.data as { id: string; email: string }[];
    const alice = list.find(({ email }) => email === 'alice@one.test')?.id ?? assert.fail();
    const id = await send(alice, 'gone@two.test');
    await product.until(async () => (await statusOf(id)) === 'bounced', 'the report was read');
    const answer = await me.api('GET', '/v1/suppressions');
    assert.match(answer.text, /gone@two\.test/);
    assert.match(answer.text, /hard_bounce/);
  });
});
