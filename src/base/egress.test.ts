import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TestClock } from '../../test/harness/clock.ts';
import { parseCidrs } from './cidr.ts';
import { checkAddress, checkUrl, isException, isPublicAddress, resolveChecked } from './egress.ts';
import type { EgressPolicy, Resolve, ResolvedAddress } from './egress.ts';
import { createResolver } from './resolver.ts';

const strict: EgressPolicy = { allow: [], allowHttp: false };
const withLoopback: EgressPolicy = { allow: parseCidrs('127.0.0.0/8, ::1'), allowHttp: false };

const address = (text: string): ResolvedAddress => ({ address: text, family: text.includes(':') ? 6 : 4 });

const reasonOf = (result: { ok: true } | { ok: false; reason: string }): string =>
  result.ok ? 'allowed' : result.reason;

describe('isPublicAddress', () => {
  const special: Readonly<Record<string, readonly string[]>> = {
    unspecified: ['0.0.0.0', '0.1.2.3', '::'],
    private: [
      '10.0.0.0',
      '10.255.255.255',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.0.1',
      'fc00::1',
      'fd00:ec2::254',
      'fdff:ffff::1',
    ],
    loopback: ['127.0.0.1', '127.255.255.254', '::1'],
    'link-local': ['169.254.169.254', '169.254.0.0', 'fe80::1', 'febf::1', 'fe80::1%lo', '2606:4700::1%lo'],
    'carrier-grade NAT': ['100.64.0.0', '100.100.100.200', '100.127.255.255'],
    multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1'],
    broadcast: ['255.255.255.255'],
    reserved: ['240.0.0.1', '192.0.0.192', '192.88.99.1', '4000::1', '3ffe::1', '2001:100::1', '1::1'],
    'benchmarking and documentation': [
      '198.18.0.1',
      '198.19.255.255',
      '192.0.2.1',
      '198.51.100.7',
      '203.0.113.5',
      '2001:2::1',
      '2001:db8::1',
      '3fff::1',
    ],
    'as112 and multicast tunnels': [
      '192.31.196.1',
      '192.175.48.1',
      '192.52.193.1',
      '2001:4:112::1',
      '2620:4f:8000::1',
      '2001:3::1',
    ],
    'IPv4-mapped': [
      '::ffff:127.0.0.1',
      '::ffff:10.0.0.1',
      '::ffff:a9fe:a9fe',
      '::ffff:100.64.0.1',
      '::ffff:8.8.8.8%lo',
    ],
    'IPv4-compatible and translated': ['::127.0.0.1', '::8.8.8.8', '::ffff:0:8.8.8.8'],
    NAT64: ['64:ff9b::7f00:1', '64:ff9b::8.8.8.8', '64:ff9b:1::8.8.8.8', '64:ff9b:1:ffff::1'],
    '6to4': ['2002::1', '2002:7f00:1::', '2002:808:808::1'],
    Teredo: ['2001::1', '2001:0:4136:e378::1'],
    ORCHID: ['2001:10::1', '2001:20::1', '2001:30::1'],
    'site-local': ['fec0::1', 'feff::1'],
    discard: ['100::1', '100:0:0:1::1'],
    'segment routing': ['5f00::1'],
    'cloud platform': ['168.63.129.16'],
    'not an address': ['', 'localhost', '1.2.3', '0177.0.0.1', '2130706433', '1.2.3.4.5', '1.2.3.4/8', '[::1]'],
  };
  for (const [kind, addresses] of Object.entries(special)) {
    test(`refuses ${kind}`, () => assert.deepEqual(addresses.filter(isPublicAddress), []));
  }

  test('allows the addresses next to each range', () => {
    const ordinary = [
      '1.1.1.1',
      '9.255.255.255',
      '11.0.0.0',
      '100.63.255.255',
      '100.128.0.0',
      '126.255.255.255',
      '128.0.0.0',
      '169.253.255.255',
    ];
    ordinary.push(
      '172.15.255.255',
      '172.32.0.0',
      '192.167.255.255',
      '192.169.0.0',
      '198.17.255.255',
      '198.20.0.0',
      '223.255.255.255',
      '168.63.129.17',
    );
    ordinary.push(
      '2606:4700:4700::1111',
      '2001:4860:4860::8888',
      '2a00:1450::1',
      '2003::1',
      '::ffff:8.8.8.8',
      '2001:200::1',
    );
    assert.deepEqual(
      ordinary.filter((text) => !isPublicAddress(text)),
      [],
    );
  });
});

describe('checkAddress', () => {
  test('names the kind and the address', () => {
    assert.equal(reasonOf(checkAddress('10.0.0.5', strict)), 'is the private address 10.0.0.5');
    assert.equal(reasonOf(checkAddress('64:ff9b::a00:5', strict)), 'is the NAT64 address 64:ff9b::a00:5');
    assert.equal(reasonOf(checkAddress('nonsense', strict)), 'is "nonsense", which is not an address');
  });

  for (const [inside, address] of [
    ['NAT64', '64:ff9b::10.0.0.5'],
    ['NAT64 of the network, /96', '64:ff9b:1::10.0.0.5'],
    ['NAT64 of the network, /48', '64:ff9b:1:a00:0:500::'],
    ['NAT64 of the network, /56', '64:ff9b:1:aa0a:0:5::'],
    ['NAT64 of the network, /64', '64:ff9b:1:aaaa:a:0:500::'],
    ['NAT64 without an address', '64:ff9b:1::'],
    ['6to4', '2002:a00:5::1'],
    ['Teredo client', '2001:0:808:808:0:0:f5ff:fffa'],
    ['Teredo server', '2001:0:a00:5:0:0:f7f7:f7f7'],
    ['IPv4-compatible', '::10.0.0.5'],
    ['IPv4-translated', '::ffff:0:10.0.0.5'],
    ['ISATAP', '2606:4700::5efe:10.0.0.5'],
    ['ISATAP, universal', '2606:4700::200:5efe:a00:5'],
  ] as const) {
    test(`${inside}: its private IPv4 address is refused, even in an allowed range, unless it is allowed itself`, () => {
      const wide = '::/1,64:ff9b::/16,2000::/3';
      assert.equal(checkAddress(address, strict).ok, false);
      assert.equal(checkAddress(address, { allow: parseCidrs(wide), allowHttp: false }).ok, false);
      assert.equal(
        checkAddress(address, { allow: parseCidrs(`${wide},10.0.0.5,0.0.0.0/8`), allowHttp: false }).ok,
        true,
      );
    });
  }

  test('a tunnel to a public IPv4 address needs only the range of the tunnel to be allowed', () => {
    const policy: EgressPolicy = { allow: parseCidrs('64:ff9b::/96,64:ff9b:1::/48,2002::/16'), allowHttp: false };
    for (const address of ['64:ff9b::8.8.8.8', '64:ff9b:1::8.8.8.8', '64:ff9b:1:808:8:800::', '2002:808:808::1']) {
      assert.equal(checkAddress(address, strict).ok, false, address);
      assert.equal(checkAddress(address, policy).ok, true, address);
    }
    assert.equal(checkAddress('2606:4700::5efe:8.8.8.8', strict).ok, true);
  });

  test('an exception of the operator applies to its own range only', () => {
    const policy: EgressPolicy = { allow: parseCidrs('10.1.0.0/16,fd00::/8'), allowHttp: false };
    assert.deepEqual(
      ['10.1.2.3', '::ffff:10.1.2.3', 'fd12::1', '10.2.0.1', 'fc00::1', '127.0.0.1'].map(
        (text) => checkAddress(text, policy).ok,
      ),
      [true, true, true, false, false, false],
    );
  });
});

test('an exception is an address that the operator names, and not any public one', () => {
  const policy: EgressPolicy = { allow: parseCidrs('10.0.0.0/8,fd00::/8'), allowHttp: false };
  for (const address of ['10.1.2.3', 'fd00::1']) assert.ok(isException(address, policy), address);
  for (const address of ['8.8.8.8', '192.168.0.1', '2606:4700::1111', 'not an address', ''])
    assert.ok(!isException(address, policy), address);
});

describe('parseCidrs', () => {
  test('parses ranges and single addresses of both families', () => {
    const shown = (text: string) => parseCidrs(text).map(({ base, prefix }) => `${base.toString()}/${prefix}`);
    assert.deepEqual(shown(' 10.0.0.0/8, 192.0.2.1 ,fd00::/8,::1'), [
      '10.0.0.0/8',
      '192.0.2.1/32',
      'fd00::/8',
      '::1/128',
    ]);
    assert.deepEqual(shown('::ffff:10.0.0.0/104'), ['10.0.0.0/8']);
    assert.deepEqual(shown('  '), []);
  });

  for (const bad of [
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '010.0.0.0/8',
    'example.com',
    '',
    'fe80::%lo/10',
    '::ffff:0:0/90',
    '10.0.0.0/1e1',
  ]) {
    test(`names "${bad}" as the part that is wrong`, () => {
      assert.throws(
        () => parseCidrs(`10.0.0.0/8,${bad},::1`),
        (error) => error instanceof Error && error.message.startsWith(`"${bad}" is not an address range`),
      );
    });
  }
});

describe('checkUrl', () => {
  const accepted = [
    'https://example.com',
    'https://example.com:8443/a?b=c',
    'https://example.com./',
    'https://1.1.1.1/',
    'https://[2606:4700::1111]:444/',
    'https://my_service.example/',
  ];
  for (const text of [...accepted, 'https://bücher.example/']) {
    test(`accepts ${text}`, () => assert.equal(reasonOf(checkUrl(text, strict)), 'allowed'));
  }

  const refused: readonly (readonly [string, string])[] = [
    ['http://example.com/', 'must start with https://'],
    ['ftp://example.com/', 'must start with https://'],
    ['javascript:alert(1)', 'must start with https://'],
    ['example.com/hook', 'is not a valid URL'],
    ['https://', 'is not a valid URL'],
    ['https://256.0.0.1/', 'is not a valid URL'],
    ['https://user@example.com/', 'must not contain a user name or password'],
    ['https://:secret@example.com/', 'must not contain a user name or password'],
    ['https://example.com/#part', 'must not contain a fragment (the part after "#"), which is never sent'],
    [`https://example.com/${'a'.repeat(2048)}`, 'is longer than 2048 characters'],
    // Short as typed, long once percent-encoded.
    [`https://example.com/${'ü'.repeat(1000)}`, 'is longer than 2048 characters'],
    ['https://./', 'has no host'],
    ['https://example.com:0/', 'has port 0, on which nothing can listen'],
    ['https://exa_mple..com/', 'has a host name with an empty label (two consecutive dots)'],
    ['https://.example.com/', 'has a host name with an empty label (two consecutive dots)'],
    [`https://${'a'.repeat(64)}.com/`, 'has a host name with a label longer than 63 characters'],
    [`https://${'a.'.repeat(127)}com/`, 'has a host name longer than 253 characters'],
    ['https://localhost/', 'is a name of this machine (localhost)'],
    ['https://LOCALHOST.:3000/', 'is a name of this machine (localhost)'],
    ['https://db.localhost/', 'is a name of this machine (localhost)'],
    // Every spelling of 127.0.0.1.
    ['https://127.0.0.1/', 'is the loopback address 127.0.0.1'],
    ['https://2130706433/', 'is the loopback address 127.0.0.1'],
    ['https://0177.0.0.1/', 'is the loopback address 127.0.0.1'],
    ['https://017700000001/', 'is the loopback address 127.0.0.1'],
    ['https://0x7f.0x0.0x0.0x1/', 'is the loopback address 127.0.0.1'],
    ['https://0x7f000001/', 'is the loopback address 127.0.0.1'],
    ['https://127.1/', 'is the loopback address 127.0.0.1'],
    ['https://127.0.1/', 'is the loopback address 127.0.0.1'],
    ['https://127.0.0.1./', 'is the loopback address 127.0.0.1'],
    ['https://%31%32%37.0.0.1/', 'is the loopback address 127.0.0.1'],
    ['https://１２７.０.０.１/', 'is the loopback address 127.0.0.1'],
    ['https://127。0。0。1/', 'is the loopback address 127.0.0.1'],
    ['https://1\t27.0.0.1/', 'is the loopback address 127.0.0.1'],
    ['https://0/', 'is the unspecified address 0.0.0.0'],
    ['https://[::1]/', 'is the loopback address ::1'],
    ['https://[0:0:0:0:0:0:0:1]/', 'is the loopback address ::1'],
    ['https://[::]/', 'is the unspecified address ::'],
    ['https://[::ffff:127.0.0.1]/', 'is the loopback address ::ffff:7f00:1'],
    ['https://[::127.0.0.1]/', 'is the IPv4-compatible address ::7f00:1'],
    ['https://[64:ff9b::127.0.0.1]/', 'is the NAT64 address 64:ff9b::7f00:1'],
    ['https://[2002:7f00:1::]/', 'is the 6to4 address 2002:7f00:1::'],
    ['https://169.254.169.254/latest/meta-data/', 'is the link-local address 169.254.169.254'],
    ['https://0xa9fea9fe/', 'is the link-local address 169.254.169.254'],
  ];
  for (const [text, reason] of refused) {
    test(`refuses ${text.slice(0, 60)}`, () => assert.equal(reasonOf(checkUrl(text, strict)), reason));
  }

  test('a refusal that the operator can lift names the setting', () => {
    const settingFor = (text: string): string | undefined => {
      const checked = checkUrl(text, strict);
      return checked.ok ? 'allowed' : checked.setting;
    };
    assert.equal(settingFor('http://example.com/'), 'OUTRIDER_ALLOW_HTTP_ENDPOINTS=true, as npm run dev does');
    assert.equal(settingFor('ftp://example.com/'), undefined);
    assert.equal(settingFor('https://10.1.2.3/'), 'OUTRIDER_EGRESS_ALLOW=10.1.2.3');
    assert.equal(settingFor('https://[fd00::1]/'), 'OUTRIDER_EGRESS_ALLOW=fd00::1');
    assert.equal(settingFor('https://localhost/'), 'OUTRIDER_EGRESS_ALLOW=127.0.0.0/8,::1, as npm run dev does');
    assert.equal(settingFor('https://[::1]/'), 'OUTRIDER_EGRESS_ALLOW=::1, as npm run dev does');
    assert.equal(settingFor('https://a..b/'), undefined);
  });

  test('http is accepted only where the policy allows it', () => {
    const policy: EgressPolicy = { allow: [], allowHttp: true };
    assert.equal(checkUrl('http://example.com/', policy).ok, true);
    assert.equal(reasonOf(checkUrl('ws://example.com/', policy)), 'must start with https:// or http://');
    assert.equal(reasonOf(checkUrl('http://127.0.0.1/', policy)), 'is the loopback address 127.0.0.1');
  });

  test('localhost is accepted where loopback is allowed', () => {
    assert.equal(checkUrl('https://localhost:3000/', withLoopback).ok, true);
    assert.equal(checkUrl('https://127.1/', withLoopback).ok, true);
    assert.equal(checkUrl('https://10.0.0.1/', withLoopback).ok, false);
  });
});

describe('resolveChecked', () => {
  const answering =
    (...addresses: readonly string[]): Resolve =>
    async () =>
      addresses.map(address);

  test('returns the addresses when all of them may be called', async () => {
    const result = await resolveChecked('example.com', strict, answering('1.1.1.1', '2606:4700::1111'));
    assert.deepEqual(result, { ok: true, addresses: [address('1.1.1.1'), address('2606:4700::1111')] });
  });

  test('one private address among public ones refuses the host; only the operator learns which', async () => {
    const result = await resolveChecked('example.com', strict, answering('1.1.1.1', '10.0.0.5', '2606:4700::1111'));
    assert.deepEqual(result, {
      ok: false,
      cause: 'egress',
      reason: 'resolves to an address that is not allowed',
      detail: 'resolves to the private address 10.0.0.5 (allowed by OUTRIDER_EGRESS_ALLOW=10.0.0.5)',
    });
  });

  test('a result that is not an address is refused', async () => {
    const result = await resolveChecked('example.com', strict, async () => [{ address: '127.1', family: 4 }]);
    assert.deepEqual(result, {
      ok: false,
      cause: 'egress',
      reason: 'resolves to an address that is not allowed',
      detail: 'resolves to "127.1", which is not an address',
    });
  });

  test('an address is checked without a lookup', async () => {
    const never: Resolve = () => assert.fail('looked up');
    assert.deepEqual(await resolveChecked('[2606:4700::1111]', strict, never), {
      ok: true,
      addresses: [address('2606:4700::1111')],
    });
    assert.equal(reasonOf(await resolveChecked('[::1]', strict, never)), 'is the loopback address ::1');
  });

  test('a name without an address and one that does not exist are reported', async () => {
    assert.deepEqual(await resolveChecked('example.com', strict, answering()), {
      ok: false,
      cause: 'dns',
      reason: 'has no address',
    });
    const missing = Object.assign(new Error('queryA ENOTFOUND'), { code: 'ENOTFOUND' });
    const result = await resolveChecked('nobody.example', strict, () => Promise.reject(missing));
    assert.deepEqual(result, { ok: false, cause: 'dns', reason: 'does not exist in the DNS (ENOTFOUND)' });
    const away = Object.assign(new Error('EAI_AGAIN'), { code: 'EAI_AGAIN' });
    assert.equal(
      reasonOf(await resolveChecked('nobody.example', strict, () => Promise.reject(away))),
      'could not be resolved (EAI_AGAIN)',
    );
  });

  test('ends at its deadline and leaves no timer behind', async () => {
    const clock = new TestClock();
    const pending = resolveChecked('slow.example', strict, () => new Promise(() => {}), { timeoutMs: 2_000, clock });
    await clock.advance(1_999);
    assert.equal(clock.pending, 1);
    await clock.advance(1);
    assert.deepEqual(await pending, { ok: false, cause: 'dns', reason: 'was not resolved within 2 s' });
    await resolveChecked('example.com', strict, answering('1.1.1.1'), { clock });
    assert.equal(clock.pending, 0);
  });

  test("the system's resolver refuses this machine's own name", async () => {
    assert.equal(
      reasonOf(await resolveChecked('localhost', strict, createResolver())),
      'resolves to an address that is not allowed',
    );
  });
});
