import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { startNameServer } from '../../../test/harness/dns.ts';
import type { NameServer } from '../../../test/harness/dns.ts';
import { createDnsRecords } from '../../base/dns-records.ts';
import { judgeSpf, readSpf } from './spf.ts';
import type { SpfReading } from './spf.ts';

describe('SPF', () => {
  let server: NameServer;
  before(async () => {
    server = await startNameServer();
  });
  beforeEach(() => server.zone.clear());
  after(() => server.close());

  const publish = (zone: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(zone)) server.zone.set(name, { txt: [text] });
  };
  const read = (): Promise<SpfReading> => readSpf(createDnsRecords([server.address]), 'acme.test');
  const statusOf = async (smtpHost?: string): Promise<string> => judgeSpf(await read(), smtpHost).status;
  const fixOf = async (smtpHost?: string): Promise<string> => judgeSpf(await read(), smtpHost).fix ?? '';

  test('a record that includes the provider and ends with ~all is good', async () => {
    publish({
      'acme.test': 'v=spf1 include:_spf.google.com ~all',
      '_spf.google.com': 'v=spf1 include:_netblocks.google.com ~all',
      '_netblocks.google.com': 'v=spf1 ip4:192.0.2.0/24 ~all',
    });
    const reading = await read();
    assert.deepEqual(
      [reading.lookups, reading.voids, reading.all, reading.names],
      [2, 0, '~', ['_netblocks.google.com', '_spf.google.com']],
    );
    assert.deepEqual(judgeSpf(reading, 'smtp.gmail.com').status, 'ok');
  });

  test('no record, two records and a record that allows everyone fail', async () => {
    assert.equal(await statusOf(), 'failing');
    server.zone.set('acme.test', { txt: ['v=spf1 -all', 'v=spf1 ~all', 'v=spf10 x', 'other'] });
    assert.match(await fixOf(), /^Merge the SPF records into one/);
    publish({ 'acme.test': 'v=spf1 +all' });
    assert.match(await fixOf(), /^Replace \+all/);
  });

  test('more than ten lookups fail, counted through includes and redirect', async () => {
    const chain = (length: number): void => {
      for (let index = 0; index < length; index += 1)
        publish({ [index === 0 ? 'acme.test' : `s${index}.test`]: `v=spf1 include:s${index + 1}.test ~all` });
      publish({ [`s${length}.test`]: 'v=spf1 ip4:192.0.2.1 ~all' });
    };
    chain(10);
    assert.deepEqual([(await read()).lookups, await statusOf()], [10, 'ok']);
    chain(11);
    assert.match(await fixOf(), /more than 10 lookups/);
    publish({ 'acme.test': 'v=spf1 include:acme.test ~all' });
    assert.equal((await read()).lookups, 11, 'a loop ends');
    publish({ 'acme.test': 'v=spf1 redirect=acme.test' });
    assert.equal((await read()).lookups, 11, 'a loop of redirects ends');
    publish({ 'acme.test': 'v=spf1 redirect=other.test', 'other.test': 'v=spf1 a mx ptr exists:%{i}.x.test -all' });
    server.zone.set('other.test', {
      txt: ['v=spf1 a mx ptr exists:%{i}.x.test -all'],
      a: ['192.0.2.1'],
      mx: [[1, 'm.test']],
    });
    const redirected = await read();
    assert.deepEqual([redirected.lookups, redirected.all, redirected.voids], [5, '-', 0]);
  });

  test('more than two lookups without an answer fail', async () => {
    publish({ 'acme.test': 'v=spf1 a:one.test mx:two.test ~all' });
    assert.deepEqual([(await read()).voids, await statusOf()], [2, 'ok']);
    publish({ 'acme.test': 'v=spf1 a:one.test mx:two.test a:three.test/24 ~all' });
    assert.match(await fixOf(), /3 lookups of the record have no answer/);
  });

  test('an invalid term, and an include without a record, fail', async () => {
    for (const term of ['ipv4:192.0.2.1', 'ip4:somewhere', 'include', 'exists', 'al', '<script>']) {
      publish({ 'acme.test': `v=spf1 ${term} ~all` });
      assert.ok((await fixOf()).includes(`invalid term "${term}"`), term);
    }
    publish({ 'acme.test': 'v=spf1  exp=why.test other=1 -ip6:2001:db8::/32 ~all' });
    assert.equal(await statusOf(), 'ok', 'unknown modifiers are ignored');
    publish({ 'acme.test': 'v=spf1 include:nobody.test ~all' });
    assert.match(await fixOf(), /nobody\.test, which it includes, has no SPF record/);
  });

  test('a record without the provider is a warning, or a failure if it allows nobody', async () => {
    publish({ 'acme.test': 'v=spf1 ip4:192.0.2.1 ~all' });
    assert.match(await fixOf('smtp.gmail.com'), /^Add include:_spf\.google\.com, unless/);
    assert.equal(await statusOf('smtp.gmail.com'), 'warning');
    assert.equal(await statusOf('smtp.acme.test'), 'ok', 'nothing is known of other hosts');
    publish({ 'acme.test': 'v=spf1 -all' });
    assert.equal(await statusOf('smtp.gmail.com'), 'failing');
  });

  test('a record without an end, or with ?all, is a warning', async () => {
    for (const end of ['', ' ?all']) {
      publish({ 'acme.test': `v=spf1 ip4:192.0.2.1${end}` });
      assert.equal(await statusOf(), 'warning');
    }
  });

  test('trouble of the DNS is unknown, also in an include', async () => {
    server.zone.set('acme.test', { fails: true });
    assert.equal(await statusOf(), 'unknown');
    publish({ 'acme.test': 'v=spf1 include:broken.test -all' });
    server.zone.set('broken.test', { fails: true });
    assert.equal(await statusOf(), 'unknown');
  });
});
