import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startNameServer } from '../../test/harness/dns.ts';
import type { NameServer } from '../../test/harness/dns.ts';
import { createDnsRecords } from './dns-records.ts';
import type { DnsRecords } from './dns-records.ts';

describe('DNS records', () => {
  let server: NameServer;
  let dns: DnsRecords;
  before(async () => {
    server = await startNameServer({
      'acme.test': {
        a: ['192.0.2.1'],
        mx: [
          [20, 'second.acme.test'],
          [10, 'first.acme.test'],
        ],
        txt: ['v=spf1 -all', 'x'.repeat(700)],
        cname: 'other.test',
      },
      '_imaps._tcp.acme.test': {
        srv: [
          [10, 0, 993, 'light.acme.test'],
          [10, 5, 993, 'heavy.acme.test'],
          [0, 0, 143, 'first.acme.test'],
        ],
      },
      'broken.test': { fails: true },
      'empty.test': {},
    });
    dns = createDnsRecords([server.address]);
  });
  after(() => server.close());

  test('returns the records of each type, in their order of preference', async () => {
    assert.deepEqual(await dns.mx('acme.test'), {
      kind: 'found',
      records: [
        { exchange: 'first.acme.test', priority: 10 },
        { exchange: 'second.acme.test', priority: 20 },
      ],
    });
    const services = await dns.srv('_imaps._tcp.acme.test');
    assert.deepEqual(services.kind === 'found' && services.records.map(({ name }) => name), [
      'first.acme.test',
      'heavy.acme.test',
      'light.acme.test',
    ]);
    assert.deepEqual(await dns.cname('acme.test'), { kind: 'found', records: ['other.test'] });
    assert.deepEqual(await dns.address('acme.test'), { kind: 'found', records: ['192.0.2.1'] });
  });

  test('joins the strings of a long TXT record', async () => {
    assert.deepEqual(await dns.txt('acme.test'), { kind: 'found', records: ['v=spf1 -all', 'x'.repeat(700)] });
  });

  test('a missing name, a missing record and a bad name are none', async () => {
    for (const name of ['nobody.test', 'empty.test', `${'a'.repeat(64)}.test`, 'a..b'])
      assert.deepEqual(await dns.txt(name), { kind: 'none' }, name);
  });

  test('a failing name server is a failure, not a missing record', async () => {
    assert.deepEqual(await dns.txt('broken.test'), { kind: 'failed', reason: 'ESERVFAIL' });
  });
});
