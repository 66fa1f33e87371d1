import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { after, beforeEach, describe, test } from 'node:test';
import { principalOf, refused } from '../../../test/harness/calling.ts';
import { startNameServer } from '../../../test/harness/dns.ts';
import type { NameServer } from '../../../test/harness/dns.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import { createDnsRecords } from '../../base/dns-records.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { sql } from '../../db/sql.ts';
import type { Principal } from '../../http/route.ts';

type Fields = Record<string, unknown>;
const hourMs = 3_600_000;

describe('sending domains', () => {
  let server: NameServer;
  after(() => server.close());
  const scene = installationScene(async () => {
    server = await startNameServer();
    return {
      listens: false,
      config: { roles: ['api'], publicUrl: 'https://outrider.test/base' },
      dns: createDnsRecords([server.address]),
    };
  });
  beforeEach(() => server.zone.clear());

  const caller = async (): Promise<Principal> => principalOf((await scene.product.tenant()).organization.id);
  const call = async (
    principal: Principal,
    ...request: readonly [Parameters<typeof scene.product.call>[1], string, unknown?]
  ) => ((await scene.product.call(principal, ...request)).body as { data: Fields } | undefined)?.data ?? {};
  const mailbox = async (principal: Principal, settings: Fields = {}): Promise<string> =>
    String(
      (await call(principal, 'POST', '/v1/mailboxes', { email: 'ada@acme.test', provider: 'capture', ...settings }))[
        'id'
      ],
    );
  const statuses = (data: Fields): readonly unknown[] =>
    ['mx', 'spf', 'dkim', 'dmarc', 'tracking'].map((name) => (data[name] as Fields | null)?.['status'] ?? null);
  test('a mailbox has a verdict for each kind of record, and a fix for what is wrong', async () => {
    const principal = await caller();
    server.zone.set('acme.test', { mx: [[10, 'mail.acme.test']], txt: ['v=spf1 ip4:192.0.2.1 ~all'] });
    server.zone.set('go.acme.test', { cname: 'outrider.test' });
    const id = await mailbox(principal, { tracking_domain: 'go.acme.test' });
    const data = await call(principal, 'GET', `/v1/mailboxes/${id}/dns`);
    assert.deepEqual(statuses(data), ['ok', 'ok', 'warning', 'warning', 'ok']);
    assert.equal(data['status'], 'warning');
    assert.match(String((data['dmarc'] as Fields)['fix']), /^Add the record, with p=none/);
  });

  test("a provider's own domain is checked, and has nothing to fix", async () => {
    const principal = await caller();
    const id = await mailbox(principal, { email: 'ada@gmail.com' });
    const data = await call(principal, 'GET', `/v1/mailboxes/${id}/dns`);
    assert.equal(data['status'], 'failing');
    for (const name of ['mx', 'spf', 'dkim', 'dmarc']) assert.equal((data[name] as Fields)['fix'], null);
  });

  test('a reading is used for 5 minutes, and each change is an entry of the history', async () => {
    const { clock } = scene;
    const principal = await caller();
    const id = await mailbox(principal);
    const read = (): Promise<Fields> => call(principal, 'GET', `/v1/mailboxes/${id}/dns`);
    server.zone.set('acme.test', { mx: [[10, 'mail.acme.test']] });
    await read();
    server.zone.set('acme.test', { txt: ['v=spf1 ip4:192.0.2.1 ~all'], mx: [[10, 'mail.acme.test']] });
    await clock.advance(299_999);
    assert.equal(statuses(await read())[1], 'failing', 'the same reading');
    await clock.advance(1);
    assert.equal(statuses(await read())[1], 'ok');
    await clock.leap(hourMs);
    const history = (await read())['history'] as readonly Fields[];
    assert.deepEqual(
      history.map(({ spf }) => spf),
      ['ok', 'failing'],
    );
    const [newest] = history;
    assert.equal(Date.parse(String(newest?.['last_seen_at'])) - Date.parse(String(newest?.['first_seen_at'])), hourMs);
  });

  test('a failure has a beginning; trouble of the DNS neither ends nor prolongs it', async () => {
    const { clock } = scene;
    const principal = await caller();
    const { domains: checks } = scene.product.mail;
    const organization = principal.organizationId;
    const read = async (): Promise<void> => {
      await clock.leap(hourMs);
      await checks.read(organization, 'acme.test');
    };
    assert.equal(await checks.authFailingSince(organization, 'acme.test'), undefined, 'nothing is known');
    server.zone.set('acme.test', { mx: [[10, 'mail.acme.test']], txt: ['v=spf1 -all', 'v=spf1 ~all'] });
    await read();
    const since = clock.now();
    server.zone.set('acme.test', { txt: ['v=spf1 -all', 'v=spf1 ~all'] });
    await read();
    const seenAt = clock.now();
    server.zone.set('acme.test', { fails: true });
    await read();
    const failing = await checks.authFailingSince(organization, 'acme.test');
    assert.deepEqual([failing?.since.getTime(), failing?.seenAt.getTime()], [since, seenAt]);
    server.zone.set('acme.test', { txt: ['v=spf1 ip4:192.0.2.1 -all'] });
    await read();
    assert.equal(await checks.authFailingSince(organization, 'acme.test'), undefined);
  });

  test('a selector that was seen in a signature must stay in the DNS', async () => {
    const principal = await caller();
    const { domains: checks } = scene.product.mail;
    const id = await mailbox(principal);
    for (const selector of ['Seen1', 'a b', 'x'.repeat(300), '../x'])
      await checks.learnSelector(scene.product.db, principal.organizationId, 'acme.test', selector);
    const { dkim } = await call(principal, 'GET', `/v1/mailboxes/${id}/dns`);
    assert.deepEqual((dkim as Fields)['found'], ['seen1: missing']);
  });

  test('an own key signs once the DNS shows it, and only while it does', async () => {
    const principal = await caller();
    const organization: OrganizationId = principal.organizationId;
    const { dkimKeys: keys } = scene.product.mail;
    const key = await call(principal, 'POST', '/v1/dkim-keys', { domain: 'Acme.test' });
    const { name, value } = key['record'] as { name: string; value: string };
    assert.equal(name, `${String(key['selector'])}._domainkey.acme.test`);
    const verify = (): Promise<Fields> => call(principal, 'POST', `/v1/dkim-keys/${String(key['id'])}/verify`);

    assert.match(String((await verify())['problem']), /^The DNS has no TXT record/);
    server.zone.set(name, { txt: ['v=DKIM1; p=b3RoZXI='] });
    assert.match(String((await verify())['problem']), /has another value/);
    assert.equal(await keys.signingKeyOf(organization, 'acme.test'), undefined);

    server.zone.set(name, { txt: [value] });
    const verified = await verify();
    assert.deepEqual([verified['problem'], typeof verified['verified_at']], [null, 'string']);
    const signing = await keys.signingKeyOf(organization, 'acme.test');
    assert.equal(signing?.selector, key['selector']);
    const publicKey = createPublicKey(createPrivateKey(signing?.privateKey ?? ''))
      .export({ type: 'spki', format: 'der' })
      .toString('base64');
    assert.ok(value.endsWith(publicKey));

    server.zone.set(name, { fails: true });
    assert.match(String((await verify())['problem']), /^No name server answered/);
    assert.notEqual(
      await keys.signingKeyOf(organization, 'acme.test'),
      undefined,
      'an outage of the DNS changes nothing',
    );
    server.zone.delete(name);
    await verify();
    assert.equal(await keys.signingKeyOf(organization, 'acme.test'), undefined);
  });

  test('a private key is sealed, and in no response and no log line', async () => {
    const principal = await caller();
    const key = await call(principal, 'POST', '/v1/dkim-keys', { domain: 'acme.test' });
    const shown = JSON.stringify([
      key,
      await call(principal, 'GET', `/v1/dkim-keys/${String(key['id'])}`),
      (await scene.product.call(principal, 'GET', '/v1/dkim-keys')).body,
      scene.product.logged,
    ]);
    assert.doesNotMatch(shown, /PRIVATE KEY/);
    const [row] = await scene.product.db.query(
      sql<{ private_key: Buffer }>`SELECT private_key FROM domain_keys WHERE id = ${String(key['id'])}`,
    );
    assert.doesNotMatch(row?.private_key.toString('latin1') ?? '', /PRIVATE KEY/);
  });

  test('a key of one organization or workspace signs for no other', async () => {
    const [mine, theirs] = [await caller(), await caller()];
    const key = await call(mine, 'POST', '/v1/dkim-keys', { domain: 'acme.test' });
    const { name, value } = key['record'] as { name: string; value: string };
    server.zone.set(name, { txt: [value] });
    await call(mine, 'POST', `/v1/dkim-keys/${String(key['id'])}/verify`);
    assert.equal(await scene.product.mail.dkimKeys.signingKeyOf(theirs.organizationId, 'acme.test'), undefined);
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/verify'],
    ] as const)
      await assert.rejects(
        call(theirs, method, `/v1/dkim-keys/${String(key['id'])}${path}`),
        refused('not_found', /DKIM key not found/),
      );
    assert.deepEqual(await call(mine, 'DELETE', `/v1/dkim-keys/${String(key['id'])}`), {});
    assert.equal(await scene.product.mail.dkimKeys.signingKeyOf(mine.organizationId, 'acme.test'), undefined);
  });

  test('a bad domain is refused by its field', async () => {
    const principal = await caller();
    for (const domain of ['acme', '', 'a b.test', '127.0.0.1', 'acme.test/x'])
      await assert.rejects(
        call(principal, 'POST', '/v1/dkim-keys', { domain }),
        refused('validation_failed', /^Invalid request: domain: /),
      );
  });
});
