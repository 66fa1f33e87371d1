import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, before, beforeEach, describe, test } from 'node:test';
import { startNameServer } from '../../../test/harness/dns.ts';
import type { NameServer, ZoneEntry } from '../../../test/harness/dns.ts';
import { startTlsFront } from '../../../test/harness/tls-front.ts';
import type { TlsFront } from '../../../test/harness/tls-front.ts';
import { parseCidrs } from '../../base/cidr.ts';
import { systemClock } from '../../base/clock.ts';
import { createDnsRecords } from '../../base/dns-records.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { checkHost, ownershipRecord } from './host-check.ts';
import type { HostReport } from './host-check.ts';
import { readHost } from './host-name.ts';
import { chosenHost } from './hosts.ts';
import { verifiedAfter } from './own-hosts.ts';

const good = 'links.acme.test';
const target = 'outrider.test';
const challenge = { path: '/t/h/token', proof: 'proof' };
const right: RequestListener = (request, response) =>
  response.writeHead(request.url === challenge.path ? 200 : 404).end(challenge.proof);

describe('the check of a tracking host', () => {
  let dns: NameServer;
  let front: TlsFront;
  let answer = right;
  before(async () => {
    dns = await startNameServer();
    front = await startTlsFront([good, 'expired.acme.test', 'untrusted.acme.test'], (...exchange) =>
      answer(...exchange),
    );
  });
  beforeEach(() => {
    dns.zone.clear();
    answer = right;
  });
  after(async () => {
    await dns.close();
    await front.close();
  });

  interface Setting {
    readonly record?: ZoneEntry;
    readonly address?: string | undefined;
    readonly port?: number;
    readonly answer?: RequestListener;
    readonly target?: string | undefined;
    /** Of the TXT record; null: the name server fails. Default: the organization's. */
    readonly owner?: string | null;
    readonly isProven?: boolean;
  }

  async function check(host: string, { record, address = '127.0.0.1', port, ...given }: Setting): Promise<HostReport> {
    if (record !== undefined) dns.zone.set(host, record);
    const owner = ownershipRecord(host, 'k3vq7m2a');
    dns.zone.set(owner.name, given.owner === null ? { fails: true } : { txt: [given.owner ?? owner.value] });
    answer = given.answer ?? right;
    return checkHost(
      {
        dns: createDnsRecords([dns.address]),
        target: 'target' in given ? given.target : target,
        policy: { allow: parseCidrs('127.0.0.0/8'), allowHttp: false },
        resolve: () =>
          address === ''
            ? Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
            : Promise.resolve([{ address, family: 4 }]),
        ca: front.ca,
        clock: systemClock,
        originOf: (name) => `https://${name}:${port ?? front.port}`,
      },
      host,
      'organization',
      challenge,
      { record: owner, isProven: given.isProven === true },
    );
  }

  const leading: ZoneEntry = { cname: target };
  const everywhere = 'dns ok, connection ok, certificate ok, callback ok';
  const found = ({ stages, problem }: HostReport): unknown[] => [
    stages.map(({ stage, ok }) => `${stage} ${ok ? 'ok' : 'failed'}`).join(', '),
    stages.at(-1)?.code ?? null,
    problem,
  ];

  test('a host that leads here passes, by a CNAME record, by the same address, through a proxy, or without a known target', async () => {
    dns.zone.set(target, { a: ['192.0.2.1'] });
    for (const setting of [
      { record: leading },
      { record: { a: ['192.0.2.1'] } },
      { record: { a: ['198.51.100.1'] } },
      { record: { cname: 'edge.cdn.test' } },
      { record: leading, target: undefined },
      { record: leading, owner: 'outrider=of-others', isProven: true },
    ]) {
      const report = await check(good, setting);
      assert.deepEqual(found(report), [`${everywhere}, ownership ok`, null, null]);
      assert.deepEqual(report.warnings, []);
    }
    assert.deepEqual((await check(good, { record: { a: ['198.51.100.1'] } })).dns, {
      found: ['198.51.100.1'],
      expected: `A CNAME record of ${good} to ${target}`,
    });
  });

  const closed = 1;
  const dnsFailed = 'dns failed';
  const refused = 'dns ok, connection failed';
  const untrusted = 'dns ok, connection ok, certificate failed';
  const elsewhere = 'dns ok, connection ok, certificate ok, callback failed';
  const cases: readonly (readonly [string, string, Setting, string, RegExp])[] = [
    [
      'no record',
      good,
      { address: '' },
      dnsFailed,
      /^record_missing .*Add a CNAME record of links\.acme\.test to outrider\.test\./,
    ],
    [
      'a record that leads elsewhere',
      good,
      { record: { cname: 'other.test' }, port: closed },
      dnsFailed,
      /^record_elsewhere links\.acme\.test leads to other\.test\. Change/,
    ],
    ['a name that is not seen yet', good, { record: leading, address: '' }, dnsFailed, /^name_not_found /],
    [
      'a private address',
      good,
      { record: leading, address: '10.0.0.5' },
      dnsFailed,
      /^address_not_allowed .*Use a public address/,
    ],
    ['a closed port', good, { record: leading, port: closed }, refused, /^refused .*port 443/],
    ['an expired certificate', 'expired.acme.test', { record: leading }, untrusted, /^certificate_expired .*Renew it/],
    [
      'a certificate of another name',
      'other.acme.test',
      { record: leading },
      untrusted,
      /^certificate_wrong_host .*get one for other\.acme\.test/,
    ],
    [
      'a certificate of an unknown authority',
      'untrusted.acme.test',
      { record: leading },
      untrusted,
      /^certificate_untrusted .*public authority/,
    ],
    [
      'a redirect',
      good,
      {
        record: leading,
        answer: (_request, response) => response.writeHead(301, { location: 'https://x.test/' }).end(),
      },
      elsewhere,
      /^redirected .*301/,
    ],
    [
      'another server',
      good,
      { record: leading, answer: (_request, response) => response.end('Hello') },
      elsewhere,
      /^not_this_installation .*status 200/,
    ],
    [
      'a host of another organization',
      good,
      { record: leading, owner: 'outrider=of-others' },
      `${everywhere}, ownership failed`,
      /^ownership_unproven .*Add a TXT record of _outrider\.links\.acme\.test with the text outrider=k3vq7m2a\./,
    ],
    [
      'a name server that fails',
      good,
      { record: leading, owner: null },
      `${everywhere}, ownership failed`,
      /^ownership_unknown .*Try again/,
    ],
    [
      'an endless answer',
      good,
      { record: leading, answer: (_request, response) => response.end('x'.repeat(100_000)) },
      elsewhere,
      /^not_this_installation /,
    ],
  ];
  for (const [what, host, setting, stages, expected] of cases)
    test(`${what} fails with one sentence and one remedy`, async () => {
      const [shown, code, problem] = found(await check(host, setting));
      assert.equal(shown, stages);
      assert.match(`${String(code)} ${String(problem)}`, expected);
    });
});

test('a host must be a name of its own domain', () => {
  assert.deepEqual(readHost(' Links.Acme.test. ', [target]), { host: good });
  for (const [given, problem] of [
    ['192.0.2.1', /not an address/],
    ['[2001:db8::1]', /not an address/],
    ['*.acme.test', /without \*/],
    ['https://links.acme.test/', /alone, without https/],
    ['links.acme.test:8443', /a port/],
    ['localhost', /with a domain/],
    ['a b.test', /with a domain/],
    ['', /with a domain/],
    [`${'a.'.repeat(150)}test`, /at most 253 characters/],
    [target, /is the host of this installation/],
  ] as const) {
    const read = readHost(given, [target]);
    assert.ok('problem' in read, given);
    assert.match(read.problem, problem, given);
  }
});

test('a mailbox uses the host that it names, else one of its workspace, of its domain, or the oldest', () => {
  const workspace = 'w' as WorkspaceId;
  const mailbox = {
    id: 'm' as never,
    organization_id: 'o' as OrganizationId,
    workspace_id: workspace,
    domain: 'mail.acme.test',
    sandbox: false,
    provider: 'smtp',
    tracking_domain: null,
  } as const;
  const host = (name: string, of: WorkspaceId | null = null) => ({ host: name, workspace_id: of });
  const hosts = [host('go.other.test'), host('go.acme.test'), host('go.third.test', 'other' as WorkspaceId)];
  assert.equal(chosenHost(mailbox, hosts), 'go.acme.test');
  assert.equal(chosenHost(mailbox, [...hosts, host('go.own.test', workspace)]), 'go.own.test');
  assert.equal(chosenHost({ ...mailbox, domain: 'x.test' }, hosts), 'go.other.test');
  assert.equal(chosenHost({ ...mailbox, tracking_domain: 'go.other.test' }, hosts), 'go.other.test');
  for (const named of ['go.third.test', 'gone.test'])
    assert.equal(chosenHost({ ...mailbox, tracking_domain: named }, hosts), undefined);
});

test('a host stays verified for three days of failures', () => {
  const [now, before, old] = [10 * 86_400_000, new Date(7 * 86_400_000), new Date(7 * 86_400_000 - 1)];
  assert.deepEqual(verifiedAfter(old, null, now), new Date(now));
  assert.deepEqual(verifiedAfter(before, 'fault', now), before);
  assert.equal(verifiedAfter(old, 'fault', now), null);
  assert.equal(verifiedAfter(null, 'fault', now), null);
});
