import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ImapFlow } from 'imapflow';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { dayMs, hourMs, minuteMs } from '../../src/base/clock.ts';
import { createDnsRecords } from '../../src/base/dns-records.ts';
import { dialects } from '../../src/vendors/wires.ts';
import type { Fields } from '../harness/caller.ts';
import { eventually, TestClock } from '../harness/clock.ts';
import { startNameServer } from '../harness/dns.ts';
import type { NameServer } from '../harness/dns.ts';
import { startReceiver } from '../harness/engine.ts';
import { startInstallation } from '../harness/installation.ts';
import type { Installation, Tenant } from '../harness/installation.ts';
import { mailHost, mailServersMissing, sieveMissing, startMailServers } from '../harness/mail-servers.ts';
import type { MailServers } from '../harness/mail-servers.ts';
import { passedOnTo, startTlsFront } from '../harness/tls-front.ts';
import type { TlsFront } from '../harness/tls-front.ts';

/** A person's: nothing else may decide. */
const userAgent =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const trackingHost = 'links.one.test';
const events = ['email.sent', 'email.opened', 'email.clicked', 'email.unsubscribed'];

describe('a campaign through Postfix and Dovecot', { skip: mailServersMissing() ?? false }, () => {
  let servers: MailServers;
  let names: NameServer;
  let product: Installation;
  let me: Tenant;
  let mailbox: unknown;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  /** Takes the visits to the tracking host, as a reverse proxy does. */
  let front: TlsFront;
  /** The first day back of Dave, in two weeks. */
  const back = new Date(Date.now() + 14 * dayMs).toISOString().slice(0, 10);
  before(async () => {
    servers = await startMailServers({
      filesSentOf: ['alice@one.test'],
      ...(sieveMissing() === undefined
        ? { away: { 'dave@two.test': `I am out of the office. I will be back on ${back}.` } }
        : {}),
    });
    front = await startTlsFront(
      [trackingHost],
      passedOnTo(() => product.url),
    );
    names = await startNameServer();
    product = await startInstallation({
      dns: createDnsRecords([names.address]),
      ca: `${servers.ca}\n${front.ca}`,
      originOf: (host) => `https://${host}:${front.port}`,
      // The servers' dates are of today.
      clock: new TestClock(Date.now()),
      resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    });
    me = await product.tenant();
    mailbox = await makeMailbox('alice@one.test');
    receiver = await startReceiver();
  });
  after(async () => {
    await product.stop();
    receiver.close();
    await front.close();
    await names.close();
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

  const always = { days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '24:00' };
  async function makeMailbox(email: string): Promise<unknown> {
    const login = { host: mailHost, security: 'tls', username: email, password: servers.password };
    const { id: host, record } = await me.got('POST', '/v1/tracking-domains', { host: trackingHost });
    const { name, value } = record as Record<string, string>;
    names.zone.set(String(name), { txt: [String(value)] });
    const verified = await me.got('POST', `/v1/tracking-domains/${String(host)}/verify`);
    assert.equal(verified['status'], 'verified', JSON.stringify(verified));
    const { id } = await me.got('POST', '/v1/mailboxes', {
      email,
      smtp: { ...login, port: servers.submission.tls },
      imap: { ...login, port: servers.imap.tls },
      gap_seconds: { min: 90, max: 90 },
      work_hours: always,
      tracking_domain: trackingHost,
    });
    return id;
  }

  /** Launches a campaign to people. @returns its id */
  async function launch(contacts: readonly Fields[], more: Fields): Promise<string> {
    const added = (await me.api('POST', '/v1/contacts', { lawful_basis: 'consent', contacts })).json.data as Fields[];
    const campaign = await me.got('POST', '/v1/campaigns?autolaunch=true', {
      name: 'Through real servers',
      mailbox_ids: [mailbox],
      schedule: { timezone: 'UTC', ...always },
      verification: 'off',
      contact_ids: added.map(({ id }) => id),
      ...more,
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
    const campaign = await launch([{ email: 'bob@two.test', first_name: 'Bob' }], {
      sequence: [
        {
          subject: 'Hello {{ first_name }}',
          body: '<p>Hi {{ first_name }}, <a href="https://outrider.example/tour">a tour</a></p>',
          format: 'html',
        },
        { body: 'Did you see it, {{ first_name }}?', delay_days: 0, delay_hours: 2 },
      ],
      tracking: { opens: true, clicks: true },
    });
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

  /** A person answers a message, with its own login. */
  async function answer(user: string, to: string, original: string, body: string): Promise<void> {
    const [, id = assert.fail('no Message-ID')] = /^Message-ID:\s*(<[^>]+>)/im.exec(original) ?? [];
    const client = new SMTPConnection({
      host: '127.0.0.1',
      port: servers.submission.tls,
      secure: true,
      tls: { ca: servers.ca, servername: mailHost },
    });
    const text = [
      `From: ${user}`,
      `To: ${to}`,
      'Message-ID: <answer@one.test>',
      `In-Reply-To: ${id}`,
      `References: ${id}`,
    ];
    await new Promise<void>((resolve, reject) => {
      client.on('error', reject);
      client.connect(() =>
        client.login({ credentials: { user, pass: servers.password } }, () =>
          client.send({ from: user, to }, [...text, 'Subject: Re: Hello', '', body, ''].join('\r\n'), (error) =>
            error ? reject(error) : resolve(),
          ),
        ),
      );
    });
    client.close();
  }

  test('a bounce, an absence and a reply have their effects on leads, events and suppressions', async (context) => {
    const sieve = sieveMissing();
    if (sieve !== undefined) context.diagnostic(`without an absence: ${sieve}`);
    const people = ['gone@two.test', 'carol@one.test', ...(sieve === undefined ? ['dave@two.test'] : [])];
    const campaign = await launch(
      people.map((email) => ({ email })),
      {
        // Dovecot does not answer for people what looks like a mailing list.
        unsubscribe: 'body',
        stop: { on_reply: true, company: 'off' },
        company_max: 0,
        sequence: [
          { subject: 'Hello', body: 'Would you like a tour? If not: {{ unsubscribe_url }}' },
          { body: 'And now?', delay_days: 2 },
        ],
      },
    );
    const rows = async (path: string): Promise<Fields[]> => (await me.api('GET', path)).json.data as Fields[];
    const leadOf = async (email: string): Promise<Fields> =>
      (await rows(`/v1/campaigns/${campaign}/leads`)).find((lead) => lead['email'] === email) ?? {};
    const is = (email: string, status: string): Promise<void> =>
      product.until(async () => (await leadOf(email))['status'] === status, `${email} is ${status}`);
    await product.until(async () => {
      if ((await rows(`/v1/campaigns/${campaign}/leads`)).every(({ step }) => step === 1)) return true;
      // Slower than any deadline of a connection.
      await product.clock.advance(2_000);
      return false;
    }, 'everybody is written to');

    await is('gone@two.test', 'bounced');
    const [gone] = await rows('/v1/messages?status=bounced');
    assert.equal(gone?.['to'], 'gone@two.test');
    const suppressed = (await rows('/v1/suppressions')).filter(({ reason }) => reason !== 'unsubscribed');
    assert.deepEqual(
      suppressed.map(({ email, reason, message_id: evidence }) => [email, reason, evidence]),
      [['gone@two.test', 'hard_bounce', gone['id']]],
    );

    await product.until(async () => (await inboxOf('carol@one.test')).length > 0, 'Carol has it');
    const [original = ''] = await inboxOf('carol@one.test');
    await answer('carol@one.test', 'alice@one.test', original, 'Yes, I am interested. Please send me more details.');
    await is('carol@one.test', 'replied');
    const [reply] = await rows(`/v1/replies?lead_id=${String((await leadOf('carol@one.test'))['id'])}`);
    assert.deepEqual(
      [reply?.['classification'], (reply?.['match'] as Fields | undefined)?.['by'], reply?.['from']],
      ['interested', 'reference', 'carol@one.test'],
    );

    if (sieve === undefined) {
      await is('dave@two.test', 'held');
      const dave = await leadOf('dave@two.test');
      assert.equal(dave['blocked_reason'], 'out_of_office_until');
      const [absence] = await rows(`/v1/replies?lead_id=${String(dave['id'])}`);
      assert.deepEqual([absence?.['classification'], absence?.['return_date']], ['out_of_office', back]);
      const days = (Date.parse(String(dave['blocked_until'])) - Date.parse(back)) / dayMs;
      assert.ok(days >= 0 && days <= 4, `held until ${String(dave['blocked_until'])}`);
    }
    const types = (await rows('/v1/events?limit=100')).map((event) => event['event'] ?? event['type']);
    assert.deepEqual(
      ['email.bounced', 'reply.received', 'reply.classified'].map(
        (type) => types.filter((each) => each === type).length,
      ),
      sieve === undefined ? [1, 2, 2] : [1, 1, 1],
    );
  });
});
