import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { TestClock } from '../../../test/harness/clock.ts';
import { startNameServer } from '../../../test/harness/dns.ts';
import type { NameServer, ZoneEntry } from '../../../test/harness/dns.ts';
import { createDnsRecords } from '../../base/dns-records.ts';
import type { DnsRecords } from '../../base/dns-records.ts';
import type { Check } from './check.ts';
import { judgeDkim, readDkim } from './dkim.ts';
import { judgeDmarc, policyOf, readDmarc } from './dmarc.ts';
import { judgeMx, readMx } from './mx.ts';
import { isComplete, readDomain } from './reading.ts';
import { checkTracking } from './tracking.ts';

const rsa = (bits: number): string =>
  generateKeyPairSync('rsa', { modulusLength: bits })
    .publicKey.export({ type: 'spki', format: 'der' })
    .toString('base64');

describe('records of a sending domain', () => {
  let server: NameServer;
  let dns: DnsRecords;
  const [weak, medium, strong] = [rsa(512), rsa(1_024), rsa(2_048)];
  before(async () => {
    server = await startNameServer();
    dns = createDnsRecords([server.address]);
  });
  beforeEach(() => server.zone.clear());
  after(() => server.close());
  const publish = (zone: Readonly<Record<string, ZoneEntry>>): void => {
    for (const [name, entry] of Object.entries(zone)) server.zone.set(name, entry);
  };

  describe('MX', () => {
    const check = async (entry?: ZoneEntry): Promise<Check> => {
      server.zone.clear();
      if (entry !== undefined) publish({ 'acme.test': entry });
      return judgeMx(await readMx(dns, 'acme.test'));
    };
    test('one record is enough; none, a null MX and only an address are not', async () => {
      const good = await check({
        mx: [
          [20, 'b.test'],
          [10, 'a.test'],
        ],
      });
      assert.deepEqual([good.status, good.found], ['ok', ['10 a.test', '20 b.test']]);
      assert.equal((await check()).status, 'failing');
      assert.equal((await check({ mx: [[0, '.']] })).status, 'failing');
      assert.equal((await check({ a: ['192.0.2.1'] })).status, 'warning');
      assert.equal((await check({ fails: true })).status, 'unknown');
    });
  });

  describe('DKIM', () => {
    const check = async (known: readonly string[] = []): Promise<Check> =>
      judgeDkim(await readDkim(dns, 'acme.test', known));
    const key = (value: string, tags = ''): ZoneEntry => ({ txt: [`v=DKIM1; k=rsa;${tags} p=${value}`] });

    test('finds a key at a usual selector, with its length', async () => {
      publish({ 'selector1._domainkey.acme.test': key(strong), 'acme._domainkey.acme.test': key(weak) });
      const { status, found } = await check();
      assert.deepEqual([status, found], ['ok', ['selector1: rsa 2048 bits']]);
    });

    test('a short key is a warning or a failure, a key in testing mode a warning', async () => {
      publish({ 'google._domainkey.acme.test': key(medium) });
      assert.equal((await check()).status, 'warning');
      publish({ 'google._domainkey.acme.test': key(weak) });
      assert.equal((await check()).status, 'failing');
      publish({ 'google._domainkey.acme.test': key(strong, ' t=y;') });
      assert.match((await check()).fix ?? '', /^Remove t=y/);
      publish({
        'google._domainkey.acme.test': { txt: [`v=DKIM1; k=ed25519; p=${Buffer.alloc(32, 1).toString('base64')}`] },
      });
      assert.equal((await check()).status, 'ok');
    });

    test('a selector that signs must be there; usual ones need not', async () => {
      assert.equal((await check()).status, 'warning');
      assert.match((await check(['own'])).fix ?? '', /^Publish the key of the selector own again/);
      publish({ 'own._domainkey.acme.test': key('') });
      assert.deepEqual((await check(['own'])).found, ['own: revoked']);
      assert.equal((await check(['own'])).status, 'failing');
      publish({ 'own._domainkey.acme.test': key(strong), 'google._domainkey.acme.test': key('bm90IGEga2V5') });
      assert.equal((await check(['own'])).status, 'ok');
    });

    test('trouble of the DNS is unknown', async () => {
      publish({ 'own._domainkey.acme.test': { fails: true } });
      assert.equal((await check(['own'])).status, 'unknown');
      publish({ 'google._domainkey.acme.test': { fails: true } });
      assert.equal((await check()).status, 'unknown');
      publish({ 'selector1._domainkey.acme.test': key(strong) });
      assert.equal((await check()).status, 'ok', 'another selector answers');
    });
  });

  describe('DMARC', () => {
    const check = async (domain: string): Promise<Check> => judgeDmarc(await readDmarc(dns, domain), domain);

    test('a subdomain has the subdomain policy of its organizational domain', async () => {
      publish({
        '_dmarc.acme.co.uk': { txt: ['v=DMARC1; p=reject; sp=none; rua=mailto:a@acme.co.uk,mailto:b@x.test; adkim=s'] },
      });
      const reading = await readDmarc(dns, 'mail.acme.co.uk');
      assert.equal(reading.at, 'acme.co.uk');
      assert.deepEqual(policyOf(reading, 'mail.acme.co.uk'), {
        policy: 'none',
        dkimAlignment: 's',
        spfAlignment: 'r',
        reports: ['mailto:a@acme.co.uk', 'mailto:b@x.test'],
      });
      assert.equal((await check('mail.acme.co.uk')).status, 'warning');
      assert.equal((await check('acme.co.uk')).status, 'ok');
      publish({ '_dmarc.mail.acme.co.uk': { txt: ['v=DMARC1; p=quarantine'] } });
      assert.equal((await check('mail.acme.co.uk')).status, 'ok', 'its own record comes first');
    });

    test('a missing record is a warning, a useless one a failure', async () => {
      assert.equal((await check('acme.test')).status, 'warning');
      for (const txt of [['v=DMARC1; p=reject', 'v=DMARC1; p=none'], ['v=DMARC1'], ['v=DMARC1; p=constructor']]) {
        publish({ '_dmarc.acme.test': { txt } });
        assert.equal((await check('acme.test')).status, 'failing', txt.join());
      }
      publish({ '_dmarc.acme.test': { txt: ['v=DMARC1; p=none'] } });
      assert.match((await check('acme.test')).fix ?? '', /^Add rua=/);
      publish({ '_dmarc.acme.test': { fails: true } });
      assert.equal((await check('acme.test')).status, 'unknown');
    });
  });

  test('a tracking host must lead to this installation', async () => {
    const check = async (entry?: ZoneEntry, target: string | undefined = 'outrider.test'): Promise<string> => {
      server.zone.clear();
      if (entry !== undefined) publish({ 'go.acme.test': entry });
      return (await checkTracking(dns, 'go.acme.test', target)).status;
    };
    assert.equal(await check({ cname: 'Outrider.test' }), 'ok');
    assert.equal(await check({ cname: 'other.test' }), 'failing');
    assert.equal(await check({ a: ['192.0.2.1'] }), 'warning');
    assert.equal(await check(), 'failing');
    assert.equal(await check({ fails: true }), 'unknown');
    assert.equal((await checkTracking(dns, 'go.acme.test', undefined)).status, 'unknown');
  });

  test('a domain is read within 15 seconds, and what is missing then is unknown', async () => {
    const clock = new TestClock();
    const silent: DnsRecords = { ...dns, txt: () => new Promise(() => {}) };
    const reading = readDomain({ dns: silent, clock }, 'acme.test', []);
    await clock.advance(15_000);
    assert.equal(isComplete(await reading), false);
    assert.equal(clock.pending, 0);
  });
});
