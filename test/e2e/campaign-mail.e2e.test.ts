import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ImapFlow } from 'imapflow';
import { hourMs, minuteMs } from '../../src/base/clock.ts';
import { sql } from '../../src/db/sql.ts';
import { dialects } from '../../src/vendors/wires.ts';
import type { Fields } from '../harness/caller.ts';
import { eventually, TestClock } from '../harness/clock.ts';
import { startReceiver } from '../harness/engine.ts';
import { startInstallation } from '../harness/installation.ts';
import type { Installation, Tenant } from '../harness/installation.ts';
import { mailHost, mailServersMissing, startMailServers } from '../harness/mail-servers.ts';
import type { MailServers } from '../harness/mail-servers.ts';

/** A person's: nothing else may decide. */
const userAgent =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const trackingHost = 'links.one.test';
const events = ['email.sent', 'email.opened', 'email.clicked', 'email.unsubscribed'];

describe('a campaign through Postfix and Dovecot', { skip: mailServersMissing() ?? false }, () => {
  let servers: MailServers;
  let product: Installation;
  let me: Tenant;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  before(async () => {
    servers = await startMailServers({ filesSentOf: ['alice@one.test'] });
    product = await startInstallation({
      ca: servers.ca,
      // The servers' dates are of today.
      clock: new TestClock(Date.now()),
      resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    });
    me = await product.tenant();
    receiver = await startReceiver();
  });
  after(async () => {
    await product.stop();
    receiver.close();
    await servers.stop();
  });

  /** What arrived at a mailbox, as bytes. */
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
    const { exists } = await client.mailboxOpen('INBOX', { readOnly: true });
    const found: string[] = [];
    if (exists > 0)
      for await (const { source } of client.fetch('1:*', { source: true })) found.push(source?.toString() ?? '');
    await client.logout();
    return found;
  }

  async function launch(): Promise<string> {
    const login = { host: mailHost, security: 'tls', username: 'alice@one.test', password: servers.password };
    const always = { days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '24:00' };
    const mailbox = await me.got('POST', '/v1/mailboxes', {
      email: 'alice@one.test',
      smtp: { ...login, port: servers.submission.tls },
      imap: { ...login, port: servers.imap.tls },
      work_hours: always,
      tracking_domain: trackingHost,
    });
    const now = new Date(product.clock.now());
    // No check from outside finds this machine.
    await product.db.execute(sql`
      INSERT INTO tracking_hosts (id, organization_id, host, verified_at, checked_at, created_at)
      VALUES (${product.ids.next<string>()}, ${me.organization.id}, ${trackingHost}, ${now}, ${now}, ${now})
      ON CONFLICT (organization_id, host) DO UPDATE SET verified_at = excluded.verified_at`);
    const contacts = { lawful_basis: 'consent', contacts: [{ email: 'bob@two.test', first_name: 'Bob' }] };
    const [contact] = (await me.api('POST', '/v1/contacts', contacts)).json.data as Fields[];
    const campaign = await me.got('POST', '/v1/campaigns?autolaunch=true', {
      name: 'Through real servers',
      mailbox_ids: [mailbox['id']],
      sequence: [
        {
          subject: 'Hello {{ first_name }}',
          body: '<p>Hi {{ first_name }}, <a href="https://outrider.example/tour">a tour</a></p>',
          format: 'html',
        },
        { body: 'Did you see it, {{ first_name }}?', delay_days: 0, delay_hours: 2 },
      ],
      schedule: { timezone: 'UTC', ...always },
      tracking: { opens: true, clicks: true },
      verification: 'off',
      contact_ids: [contact?.['id']],
    });
    assert.equal(campaign['status'], 'active');
    return String(campaign['id']);
  }

  /** The path of a link in a message, on the tracking host. */
  function pathIn(text: string, pattern: RegExp): string {
    const [url = assert.fail(`no ${pattern} in ${text}`)] = pattern.exec(text) ?? [];
    assert.equal(new URL(url).hostname, trackingHost);
    return new URL(url).pathname;
  }
  const visit = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${product.url}${path}`, { redirect: 'manual', ...init, headers: { 'user-agent': userAgent } });

  test('is opened, clicked and unsubscribed from; then nothing more is sent, and every dialect has its events', async () => {
    for (const dialect of Object.keys(dialects))
      await me.got('POST', '/v1/webhooks', { target_url: `${receiver.url}/${dialect}`, events: ['*'], dialect });
    const campaign = await launch();
    const leadOf = async (): Promise<Fields | undefined> =>
      ((await me.api('GET', `/v1/campaigns/${campaign}/leads`)).json.data as Fields[])[0];
    await product.until(async () => (await inboxOf('bob@two.test')).length > 0, 'it arrives');
    await product.until(async () => (await leadOf())?.['status'] === 'waiting', 'its outcome is stored');
    const [raw = ''] = await inboxOf('bob@two.test');
    const text = raw
      .replaceAll(/=\r\n/g, '')
      .replaceAll('=3D', '=')
      .replaceAll(/\r\n[ \t]+/g, ' ');
    await product.clock.advance(minuteMs);

    const opened = await visit(pathIn(text, /https:\/\/[^\s"<>]+\/t\/o\/[^\s"<>]+/));
    assert.deepEqual([opened.status, opened.headers.get('content-type')], [200, 'image/gif']);
    const clicked = await visit(pathIn(text, /https:\/\/[^\s"<>]+\/t\/c\/[^\s"<>]+/));
    assert.deepEqual([clicked.status, clicked.headers.get('location')], [302, 'https://outrider.example/tour']);
    const optOut = pathIn(text, /(?<=List-Unsubscribe: .*<)https:\/\/[^>]+/);
    assert.equal((await visit(optOut)).status, 200);
    assert.equal((await visit(optOut, { method: 'HEAD' })).status, 200);
    assert.equal((await leadOf())?.['status'], 'waiting', 'looking at the page changes nothing');
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
    assert.equal((await visit(optOut, { method: 'POST', body })).status, 200);
    assert.equal((await leadOf())?.['status'], 'unsubscribed');

    await product.clock.advance(3 * hourMs);
    await product.until(
      async () => (await me.got('GET', `/v1/campaigns/${campaign}`))['status'] === 'completed',
      'the campaign ends',
    );
    assert.equal((await inboxOf('bob@two.test')).length, 1);
    const wanted = Object.values(dialects).flatMap(({ name, eventName }) =>
      events.flatMap((type) => {
        const named = eventName(type);
        return named === undefined ? [] : [`${name} ${named}`];
      }),
    );
    const arrived = (): string[] =>
      receiver.arrivals.map(({ path, body: given }) => {
        const { event, type } = JSON.parse(given) as { event?: string; type?: string };
        return `${path.slice(1)} ${event ?? type ?? ''}`;
      });
    await eventually(() => wanted.every((each) => arrived().includes(each)), `all of ${wanted.join(', ')} arrive`);
  });
});
