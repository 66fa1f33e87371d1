import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { RequestListener } from 'node:http';
import { after, before, beforeEach, describe, test } from 'node:test';
import { authority, certificate } from '../../../test/harness/certificates.ts';
import { TestClock } from '../../../test/harness/clock.ts';
import { startNameServer } from '../../../test/harness/dns.ts';
import type { NameServer } from '../../../test/harness/dns.ts';
import { listening } from '../../../test/harness/sockets.ts';
import type { Receiver } from '../../../test/harness/sockets.ts';
import { parseCidrs } from '../../base/cidr.ts';
import { createDnsRecords } from '../../base/dns-records.ts';
import { parseAddress } from '../../base/email-address.ts';
import type { Address } from '../../base/email-address.ts';
import type { EgressPolicy, Resolve } from '../../base/egress.ts';
import { findSettings } from './find.ts';
import type { Findings, FindOptions } from './find.ts';

const xml = (host: string): string =>
  `<clientConfig><emailProvider><outgoingServer type="smtp"><hostname>${host}</hostname><port>465</port><socketType>SSL</socketType></outgoingServer></emailProvider></clientConfig>`;
const ofFile = 'autoconfig /mail/config-v1.1.xml';
const ofWellKnown = 'acme /.well-known/autoconfig/mail/config-v1.1.xml';

describe('finding settings', () => {
  let dns: NameServer;
  let web: Receiver;
  let ca = '';
  const policy: EgressPolicy = { allow: parseCidrs('127.0.0.0/8'), allowHttp: false };
  /** By first label of the host and path. */
  let pages = new Map<string, RequestListener>();
  const seen: string[] = [];

  before(async () => {
    dns = await startNameServer();
    const root = await authority('Test CA');
    ca = root.cert;
    const names = await Promise.all(['autoconfig.acme.test', 'acme.test'].map((name) => certificate(name, root)));
    const [first, second] = names;
    const server = createServer({ key: first?.private, cert: first?.cert }, (request, response) => {
      const url = new URL(request.url ?? '', 'https://acme.test');
      seen.push(`${request.headers.host?.split(':')[0]} ${url.pathname}${url.search}`);
      const page = pages.get(`${request.headers.host?.split('.')[0]} ${url.pathname}`);
      if (page === undefined) response.writeHead(404).end();
      else page(request, response);
    });
    if (second !== undefined) server.addContext('acme.test', { key: second.private, cert: second.cert });
    web = await listening(server);
  });
  beforeEach(() => {
    dns.zone.clear();
    pages = new Map();
    seen.length = 0;
  });
  after(async () => {
    await dns.close();
    await web.close();
  });

  const options = (settings: Partial<FindOptions> = {}): FindOptions => ({
    policy,
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    clock: new TestClock(),
    ca,
    dns: createDnsRecords([dns.address]),
    originOf: (host) => `https://${host}:${web.port}`,
    ...settings,
  });
  const find = (email: string, settings: Partial<FindOptions> = {}): Promise<Findings> =>
    findSettings(options(settings), { address: parseAddress(email) as Address, organization: 'one' });
  const outcomesOf = ({ tried }: Findings): readonly string[] =>
    tried.map(({ source, outcome }) => `${source} ${outcome}`);

  test('a known domain is answered from the table, without any query', async () => {
    const asked = dns.asked.length;
    const findings = await find('ada@icloud.com');
    assert.deepEqual(findings.settings, {
      source: 'provider',
      provider: 'smtp',
      authHint: 'app_password',
      smtp: { host: 'smtp.mail.me.com', port: 587, security: 'starttls', username: 'ada@icloud.com' },
      imap: { host: 'imap.mail.me.com', port: 993, security: 'tls', username: 'ada' },
    });
    assert.deepEqual([dns.asked.length, seen], [asked, []]);
  });

  test('a known exchanger is answered without calling the domain', async () => {
    dns.zone.set('acme.test', { mx: [[5, 'acme-test.mail.protection.outlook.com']] });
    const findings = await find('ada@acme.test');
    assert.deepEqual(
      [findings.settings?.source, findings.settings?.provider, findings.settings?.smtp.host],
      ['mx', 'microsoft', 'smtp.office365.com'],
    );
    assert.deepEqual(seen, []);
  });

  test('the file of autoconfig.DOMAIN comes before the well-known one and SRV', async () => {
    dns.zone.set('_submissions._tcp.acme.test', { srv: [[0, 0, 465, 'srv.acme.test']] });
    pages.set(ofWellKnown, (_request, response) => response.end(xml('second.acme.test')));
    const second = await find('ada@acme.test');
    assert.deepEqual([second.settings?.source, second.settings?.smtp.host], ['well_known', 'second.acme.test']);
    pages.set(ofFile, (_request, response) => response.end(xml('first.acme.test')));
    const first = await find('ada@acme.test');
    assert.deepEqual([first.settings?.source, first.settings?.smtp.host], ['autoconfig', 'first.acme.test']);
    assert.ok(seen.includes('autoconfig.acme.test /mail/config-v1.1.xml?emailaddress=ada%40acme.test'), seen.join());
  });

  test('SRV records give the preferred servers', async () => {
    dns.zone.set('_submission._tcp.acme.test', { srv: [[0, 0, 587, 'smtp.acme.test']] });
    dns.zone.set('_imaps._tcp.acme.test', {
      srv: [
        [10, 0, 993, 'second.acme.test'],
        [0, 0, 993, 'imap.acme.test'],
      ],
    });
    dns.zone.set('_imap._tcp.acme.test', { srv: [[0, 0, 143, 'plain.acme.test']] });
    const { settings } = await find('ada@acme.test');
    assert.deepEqual(settings, {
      source: 'srv',
      provider: 'smtp',
      authHint: 'password',
      smtp: { host: 'smtp.acme.test', port: 587, security: 'starttls', username: 'ada@acme.test' },
      imap: { host: 'imap.acme.test', port: 993, security: 'tls', username: 'ada@acme.test' },
    });
  });

  test('a service whose target is the root is not offered', async () => {
    dns.zone.set('_submissions._tcp.acme.test', { srv: [[0, 0, 0, '.']] });
    assert.equal((await find('ada@acme.test')).settings, undefined);
  });

  test('without any answer, it lists what was tried', async () => {
    const findings = await find('ada@acme.test');
    assert.equal(findings.settings, undefined);
    assert.deepEqual(outcomesOf(findings), [
      'provider nothing',
      'mx nothing',
      'autoconfig nothing',
      'well_known nothing',
      'srv nothing',
    ]);
  });

  test('a hostile answer is unusable or a failure, and a redirect is not followed', async () => {
    const answers: readonly (readonly [string, RequestListener])[] = [
      ['unusable', (_request, response) => response.end('<html></html>')],
      ['failed', (_request, response) => response.end('x'.repeat(70_000))],
      ['failed', (request) => request.socket.destroy()],
      ['nothing', (_request, response) => response.writeHead(302, { location: 'https://127.0.0.1:1/' }).end()],
      ['nothing', (_request, response) => response.writeHead(500).end(xml('smtp.acme.test'))],
    ];
    for (const [outcome, page] of answers) {
      pages.set(ofFile, page);
      assert.equal((await find('ada@acme.test')).tried[2]?.outcome, outcome);
    }
  });

  test('a private address and a missing host look the same', async () => {
    dns.zone.set('acme.test', { fails: true });
    const toPrivate: Resolve = async () => [{ address: '10.0.0.5', family: 4 }];
    const missing: Resolve = () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' }));
    for (const resolve of [toPrivate, missing])
      assert.deepEqual(outcomesOf(await find('ada@acme.test', { resolve })), [
        'provider nothing',
        'mx failed',
        'autoconfig failed',
        'well_known failed',
        'srv nothing',
      ]);
    assert.deepEqual(seen, []);
  });

  test('a silent host ends after 5 seconds', async () => {
    const clock = new TestClock();
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    pages.set(ofFile, () => arrive());
    const finding = find('ada@acme.test', { clock });
    await arrived;
    await clock.advance(5_000);
    assert.equal((await finding).tried[2]?.outcome, 'failed');
  });
});
