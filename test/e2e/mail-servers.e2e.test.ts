import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ImapFlow } from 'imapflow';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import PostalMime from 'postal-mime';
import { eventually } from '../harness/clock.ts';
import { mailHost, mailServersMissing, startMailServers } from '../harness/mail-servers.ts';
import type { MailServers } from '../harness/mail-servers.ts';

describe('Postfix and Dovecot of the harness', { skip: mailServersMissing() ?? false }, () => {
  let servers: MailServers;
  before(async () => {
    servers = await startMailServers({ filesSentOf: ['carol@one.test'] });
  });
  after(() => servers.stop());

  const rawOf = (from: string, to: string, id: string): string =>
    `From: ${from}\r\nTo: ${to}\r\nMessage-ID: ${id}\r\nSubject: Hello\r\n\r\nText\r\n`;

  /** Sends a message with its author's login. @returns the last answer. */
  async function send(
    from: string,
    to: string,
    { secure = true, id = '<x@one.test>', sender = from, password = servers.password } = {},
  ) {
    const { submission, ca } = servers;
    const client = new SMTPConnection({
      host: '127.0.0.1',
      port: secure ? submission.tls : submission.starttls,
      secure,
      requireTLS: !secure,
      tls: { ca, servername: mailHost },
    });
    const { promise, resolve } = Promise.withResolvers<string>();
    const failed = (error: SMTPConnection.SMTPError): void => resolve(error.response ?? error.message);
    client.on('error', failed);
    client.connect((unconnected) => {
      if (unconnected) return failed(unconnected);
      client.login({ credentials: { user: from, pass: password } }, (refused) => {
        if (refused) return failed(refused);
        client.send({ from: sender, to }, rawOf(sender, to, id), (unsent, info) =>
          unsent ? failed(unsent) : resolve(info.response),
        );
      });
    });
    const answer = await promise;
    client.close();
    return answer;
  }

  /** Waits for the first message of a folder. */
  async function first(user: string, folder: string): Promise<Buffer> {
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
    await client.mailboxOpen(folder, { readOnly: true });
    let source: Buffer | undefined;
    await eventually(async () => {
      await client.noop();
      // By UID: a sequence number that has just gone is an error.
      const [message] = await client.fetchAll('1:*', { source: true }, { uid: true });
      source = message?.source;
      return source !== undefined;
    }, `a message in ${folder} of ${user}`);
    await client.logout();
    return source ?? assert.fail();
  }

  test('a message submitted over TLS or STARTTLS is read by IMAP', async () => {
    assert.match(await send('alice@one.test', 'bob@two.test', { id: '<m1@one.test>' }), /^250 2\.0\.0 Ok/);
    assert.match(
      await send('bob@two.test', 'dave@two.test', { id: '<m2@two.test>', secure: false }),
      /^250 2\.0\.0 Ok/,
    );
    assert.match((await first('bob@two.test', 'INBOX')).toString(), /^Message-ID: <m1@one\.test>\r$/m);
    assert.match((await first('dave@two.test', 'INBOX')).toString(), /^Message-ID: <m2@two\.test>\r$/m);
  });

  test('a provider that files sent messages by itself has a copy in Sent', async () => {
    await send('carol@one.test', 'bob@two.test', { id: '<m3@one.test>' });
    assert.match((await first('carol@one.test', 'Sent')).toString(), /^Message-ID: <m3@one\.test>\r$/m);
  });

  test('refuses a wrong password, another sender and an unknown recipient', async () => {
    assert.match(await send('alice@one.test', 'bob@two.test', { password: 'wrong' }), /^535 5\.7\.8/);
    assert.match(await send('alice@one.test', 'bob@two.test', { sender: 'carol@one.test' }), /^553 5\.7\.1/);
    assert.match(await send('alice@one.test', 'nobody@two.test'), /^550 5\.1\.1/);
  });

  test('a message that cannot be delivered comes back as a delivery report', async () => {
    await send('alice@one.test', 'gone@two.test', { id: '<m4@one.test>' });
    const report = await PostalMime.parse(await first('alice@one.test', 'INBOX'));
    const status = report.attachments.find(({ mimeType }) => mimeType === 'message/delivery-status');
    assert.match(
      String(status?.content instanceof ArrayBuffer ? Buffer.from(status.content).toString() : status?.content),
      /^Status: 5\.1\.1/m,
    );
  });
});
