import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { TestClock } from '../../test/harness/clock.ts';
import type { Resolve } from './egress.ts';
import { createResolver } from './resolver.ts';

const typeA = 1;

describe('the resolver', () => {
  /** By name: its addresses, or that queries for it get no answer. Names that are not listed do not exist. */
  const zone = new Map<
    string,
    {
      readonly ipv4?: readonly string[];
      readonly ipv6?: readonly number[];
      readonly silent?: 'all' | 'ipv6';
      readonly ttl?: number;
    }
  >();
  const asked: string[] = [];
  const server = createSocket('udp4');
  let servers: readonly string[] = [];
  let folder = '';

  /** The part of RFC 1035 §4.1 that these tests need. */
  server.on('message', (query, { port, address }) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += length + 1;
    }
    const name = labels.join('.').toLowerCase();
    const type = query.readUInt16BE(at + 1);
    asked.push(`${name} ${type === typeA ? 'A' : 'AAAA'}`);
    const entry = zone.get(name);
    if (entry?.silent === 'all' || (entry?.silent === 'ipv6' && type !== typeA)) return;
    const values =
      type === typeA
        ? (entry?.ipv4 ?? []).map((text) => Buffer.from(text.split('.').map(Number)))
        : entry?.ipv6 === undefined
          ? []
          : [Buffer.from(entry.ipv6)];
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(entry === undefined ? 0x8183 : 0x8180, 2);
    header.writeUInt16BE(values.length, 6);
    header.writeUInt16BE(0, 10);
    const records = values.map((value) => {
      const record = Buffer.alloc(12);
      record.writeUInt16BE(0xc00c, 0);
      record.writeUInt16BE(type, 2);
      record.writeUInt16BE(1, 4);
      record.writeUInt32BE(entry?.ttl ?? 60, 6);
      record.writeUInt16BE(value.length, 10);
      return Buffer.concat([record, value]);
    });
    server.send(Buffer.concat([header, query.subarray(12, at + 5), ...records]), port, address);
  });

  before(async () => {
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    servers = [`127.0.0.1:${(server.address() as AddressInfo).port}`];
    folder = await mkdtemp(join(tmpdir(), 'outrider-resolver-'));
  });
  after(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  const none = '/nonexistent';
  const resolver = (options: Parameters<typeof createResolver>[0] = {}): Resolve =>
    createResolver({ servers, hostsFile: none, resolvConf: none, ...options });
  const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      (value) => assert.fail(JSON.stringify(value)),
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    );

  test('returns both address families, IPv4 first', async () => {
    zone.set('both.example', {
      ipv4: ['192.0.2.1', '192.0.2.2'],
      ipv6: [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    });
    assert.deepEqual(await resolver()('Both.Example.'), [
      { address: '192.0.2.1', family: 4 },
      { address: '192.0.2.2', family: 4 },
      { address: '2001:db8::1', family: 6 },
    ]);
  });

  test('caches an answer for its TTL, between 5 seconds and 5 minutes, and a missing name for 10 seconds', async () => {
    const clock = new TestClock();
    const resolve = resolver({ clock });
    for (const [name, ttl, keptMs] of [
      ['short.example', 0, 5_000],
      ['usual.example', 60, 60_000],
      ['long.example', 86_400, 300_000],
    ] as const) {
      zone.set(name, { ipv4: ['192.0.2.1'], ttl });
      const times = (): number => asked.filter((each) => each === `${name} A`).length;
      await resolve(name);
      await clock.advance(keptMs - 1);
      await resolve(name);
      assert.equal(times(), 1, name);
      await clock.advance(1);
      await resolve(name);
      assert.equal(times(), 2, name);
    }
    assert.equal(await codeOf(resolve('missing.example')), 'ENOTFOUND');
    await clock.advance(9_999);
    assert.equal(await codeOf(resolve('missing.example')), 'ENOTFOUND');
    assert.equal(asked.filter((each) => each === 'missing.example A').length, 1);
    zone.set('missing.example', { ipv4: ['192.0.2.1'] });
    await clock.advance(1);
    assert.equal((await resolve('missing.example')).length, 1);
  });

  test('a lookup without an answer ends at a deadline, is cached, and delays no other organization and no other host', async () => {
    const resolve = resolver();
    for (const name of ['silent1.example', 'silent2.example']) zone.set(name, { silent: 'all' });
    zone.set('well.example', { ipv4: ['192.0.2.1'] });
    zone.set('other.example', { ipv4: ['192.0.2.1'] });
    // The hosts file is read, so that the lookups begin in this order.
    await resolve('localhost');
    const order: string[] = [];
    const noted = async (what: string, promise: Promise<unknown>): Promise<unknown> =>
      promise.finally(() => order.push(what));
    const silent = ['silent1.example', 'silent2.example'].map((name) =>
      noted('silent', codeOf(resolve(name, 'first'))),
    );
    const well = noted('same organization', resolve('well.example', 'first'));
    await noted('other organization', resolve('other.example', 'second'));
    assert.deepEqual(order, ['other organization'], 'it does not wait');
    assert.deepEqual(await Promise.all(silent), ['ETIMEOUT', 'ETIMEOUT']);
    await well;
    assert.deepEqual(order, ['other organization', 'silent', 'silent', 'same organization']);
    const before = asked.length;
    assert.equal(await codeOf(resolve('silent1.example', 'first')), 'ETIMEOUT');
    assert.equal(asked.length, before, 'no second query');
  });

  test('an organization has at most two lookups at the same time', async () => {
    const resolve = resolver();
    const names = [1, 2, 3, 4].map((number) => `quiet${number}.example`);
    for (const name of names) zone.set(name, { silent: 'all' });
    const ends = names.map((name) => codeOf(resolve(name, 'first')));
    await Promise.race(ends);
    const begun = new Set(asked.filter((each) => each.startsWith('quiet')).map((each) => each.split(' ')[0]));
    assert.ok(begun.size <= 3, [...begun].join());
    await Promise.all(ends);
  });

  test('an IPv6 query without an answer does not delay IPv4', async () => {
    zone.set('half.example', { ipv4: ['192.0.2.1'], silent: 'ipv6' });
    assert.deepEqual(await resolver()('half.example'), [{ address: '192.0.2.1', family: 4 }]);
  });

  test('the hosts file comes first, and localhost is never looked up', async () => {
    const hostsFile = join(folder, 'hosts');
    await writeFile(hostsFile, '# a comment\n10.1.2.3\tInside.example alias # both\n::1 alias\nnot-an-address alias\n');
    const resolve = resolver({ hostsFile });
    const before = asked.length;
    assert.deepEqual(await resolve('inside.example'), [{ address: '10.1.2.3', family: 4 }]);
    assert.deepEqual(
      (await resolve('ALIAS')).map(({ address }) => address),
      ['10.1.2.3', '::1'],
    );
    assert.deepEqual(
      (await resolve('db.localhost')).map(({ address }) => address),
      ['127.0.0.1', '::1'],
    );
    assert.equal(asked.length, before);
  });

  test('search domains are tried as resolv.conf configures', async () => {
    const resolvConf = join(folder, 'resolv.conf');
    await writeFile(
      resolvConf,
      'nameserver 192.0.2.53\nsearch ns.svc.cluster.test cluster.test\noptions timeout:1 ndots:2\n',
    );
    zone.set('receiver.ns.svc.cluster.test', { ipv4: ['192.0.2.1'] });
    zone.set('receiver.other.cluster.test', { ipv4: ['192.0.2.2'] });
    zone.set('a.b.example', { ipv4: ['192.0.2.3'] });
    const resolve = resolver({ resolvConf });
    for (const [name, address] of [
      ['receiver', '192.0.2.1'],
      ['receiver.other', '192.0.2.2'],
      ['a.b.example', '192.0.2.3'],
    ] as const) {
      assert.deepEqual(await resolve(name), [{ address, family: 4 }], name);
    }
    assert.equal(asked.includes('a.b.example.cluster.test A'), false);
  });
});
