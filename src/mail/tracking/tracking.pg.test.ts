import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { minuteMs } from '../../base/clock.ts';
import { createDnsRecords } from '../../base/dns-records.ts';
import { sql } from '../../db/sql.ts';
import type { Fields } from '../../../test/harness/caller.ts';
import { startNameServer } from '../../../test/harness/dns.ts';
import type { NameServer } from '../../../test/harness/dns.ts';
import { asTimePasses } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { sendingScene } from '../../../test/harness/sending-scene.ts';
import type { Outbox } from '../../../test/harness/sending-scene.ts';
import { passedOnTo, startTlsFront } from '../../../test/harness/tls-front.ts';
import type { TlsFront } from '../../../test/harness/tls-front.ts';
import { createHits } from './hits.ts';
import type { Hits } from './hits.ts';
import type { MessageLinks } from './links.ts';
import type { HitKind } from './verdict.ts';

const browser =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';
const sendKey = '0199c9f2-0a44-7e55-b0c3-91d2e7a6f522';
const html = '<p>Hi <a href="https://acme.example/offer?a=1">offer</a></p>';

describe('opens, clicks and opt-outs', () => {
  const ownHost = 'links.hopper.test';
  let front: TlsFront;
  let names: NameServer;
  /** Nothing answers for hosts. */
  let isDown = false;
  const scene = sendingScene(async () => {
    front = await startTlsFront(
      [ownHost],
      passedOnTo(() => scene.product.url),
    );
    names = await startNameServer();
    return {
      ca: front.ca,
      dns: createDnsRecords([names.address]),
      resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
      originOf: (host) => `https://${host}:${isDown ? 1 : front.port}`,
    };
  });
  after(() => Promise.all([front.close(), names.close()]));
  let made = 0;

  interface Init {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: URLSearchParams;
  }

  interface Sent {
    readonly box: Outbox;
    readonly id: string;
    readonly key: string;
    readonly to: string;
    readonly links: MessageLinks;
    readonly open: string;
    readonly click: string;
    readonly out: string;
    fetch(path: string, init?: Init): Promise<Response>;
    hits(): Promise<{ kind: string; verdict: string; reasons: string[] }[]>;
    events(type: string): Promise<Fields[]>;
  }

  /** A sent message with a send key and stored links, as a campaign sends it, 20 s ago. */
  async function sent(): Promise<Sent> {
    const box = await scene.outbox();
    made += 1;
    const to = `ada@a${made}.test`;
    const id = await box.send({ to });
    await box.until(id, 'sent');
    const { tracking } = scene.product.app.parts.mail;
    const { db } = scene.product.app.parts.deps;
    const key = sendKey.replace(/^.{8}/, String(made).padStart(8, '0'));
    const organizationId = box.tenant.organization.id;
    await db.execute(sql`UPDATE messages SET send_key = ${key} WHERE id = ${id}`);
    const links = await tracking.linksOf(db, organizationId, {
      sendKey: key,
      hosts: { tracking: 'https://t.test', unsubscribe: 'https://t.test' },
      mailbox: 'grace@hopper.test',
      tracking: { opens: true, clicks: true },
    });
    const rewritten = links.rewrite(html);
    await db.transaction((tx) => tracking.store(tx, [{ messageId: id, organizationId, urls: rewritten.links }]));
    await scene.clock.advance(20_000);
    const pathOf = (kind: string): string =>
      new RegExp(`https://t\\.test(/t/${kind}/[^"]+)`).exec(rewritten.html)?.[1] ?? '';
    return {
      box,
      id,
      key,
      to,
      links,
      open: pathOf('o'),
      click: pathOf('c'),
      out: String(links.unsubscribeUrl).replace('https://t.test', ''),
      fetch: (path, init = {}) =>
        fetch(`${scene.product.app.url}${path}`, {
          redirect: 'manual',
          ...init,
          headers: { 'user-agent': browser, ...init.headers },
        }),
      async hits() {
        await tracking.drained();
        return db.query(
          sql<{
            kind: string;
            verdict: string;
            reasons: string[];
          }>`SELECT kind, verdict, reasons FROM tracking_hits WHERE message_id = ${id} ORDER BY id`,
        );
      },
      async events(type) {
        await tracking.drained();
        return (
          await db.query(
            sql<{ data: Fields }>`
              SELECT convert_from(data, 'UTF8')::jsonb AS data FROM events WHERE organization_id = ${organizationId} AND type = ${type} ORDER BY id`,
          )
        ).map(({ data }) => data);
      },
    };
  }

  test('a person opens: the pixel counts once a minute, and the message has the first time', async () => {
    const message = await sent();
    const answer = await message.fetch(message.open);
    assert.deepEqual(
      [answer.status, answer.headers.get('content-type'), (await answer.arrayBuffer()).byteLength],
      [200, 'image/gif', 43],
    );
    assert.match(answer.headers.get('cache-control') ?? '', /no-store/);
    await message.fetch(message.open);
    assert.deepEqual(await message.hits(), [
      { kind: 'open', verdict: 'human', reasons: [] },
      { kind: 'open', verdict: 'human', reasons: [] },
    ]);
    const [event, ...more] = await message.events('email.opened');
    assert.deepEqual(more, []);
    assert.deepEqual(
      [event?.['email_id'], event?.['verdict'], event?.['machine'], event?.['user_agent']],
      [message.id, 'human', false, browser],
    );
  });

  test('HEAD, prefetches and programs never count as a person', async () => {
    const message = await sent();
    await message.fetch(message.open, { method: 'HEAD' });
    await message.fetch(message.open, { headers: { 'sec-purpose': 'prefetch' } });
    await message.fetch(message.click, { headers: { 'user-agent': 'curl/8.5.0' } });
    assert.deepEqual(
      (await message.hits()).map(({ verdict, reasons }) => [verdict, ...reasons]),
      [
        ['machine', 'head'],
        ['machine', 'prefetch_header'],
        ['machine', 'bot_user_agent'],
      ],
    );
    const { db } = scene.product.app.parts.deps;
    const [row] = await db.query(
      sql<{
        opened_at: Date | null;
        clicked_at: Date | null;
      }>`SELECT opened_at, clicked_at FROM messages WHERE id = ${message.id}`,
    );
    assert.deepEqual(row, { opened_at: null, clicked_at: null });
    assert.equal((await message.events('email.clicked'))[0]?.['machine'], true);
  });

  test('a burst and an address with many recipients are seen by several processes together', async () => {
    const { parts } = scene.product.app;
    const [one, other] = [1, 2].map(() =>
      createHits({ ...parts.deps, emitAll: parts.events.emitAll, onSeen: () => Promise.resolve(), processes: () => 2 }),
    );
    assert.ok(one !== undefined && other !== undefined);
    const take = async (hits: Hits, { box, key }: Sent, kind: HitKind, number: number): Promise<void> => {
      const organizationId = box.tenant.organization.id;
      const from = { method: 'GET', prefetch: false, userAgent: browser, address: '198.51.100.7' };
      hits.add({ organizationId, sendKey: key, kind, number, atMs: scene.clock.now(), ...from });
      await hits.drained();
    };
    const clicked = await sent();
    for (const [hits, number] of [
      [one, 1],
      [other, 2],
      [one, 3],
    ] as const)
      await take(hits, clicked, 'click', number);
    assert.deepEqual(
      (await clicked.hits()).map(({ reasons }) => reasons),
      [[], [], ['burst']],
    );
    const campaign = await clicked.box.tenant.got('POST', '/v1/campaigns', { name: 'Many' });
    const messages: Sent[] = [];
    while (messages.length < 6) messages.push(await sent());
    const ids = messages.map(({ id }) => id);
    await parts.deps.db.execute(
      sql`UPDATE messages SET campaign_id = ${String(campaign['id'])} WHERE id = ANY(${ids}::uuid[])`,
    );
    const reasons: unknown[] = [];
    for (const [number, message] of messages.entries()) {
      await take(number % 2 === 0 ? one : other, message, 'open', 0);
      reasons.push((await message.hits())[0]?.reasons);
    }
    assert.deepEqual(reasons, [[], [], [], [], ['many_recipients'], ['many_recipients']]);
  });

  test('a click leads to the URL that was sent, and to nothing else', async () => {
    const message = await sent();
    const answer = await message.fetch(message.click);
    assert.deepEqual(
      [
        answer.status,
        answer.headers.get('location'),
        answer.headers.get('referrer-policy'),
        answer.headers.get('set-cookie'),
      ],
      [302, 'https://acme.example/offer?a=1', 'no-referrer', null],
    );
    assert.equal((await message.events('email.clicked'))[0]?.['url'], 'https://acme.example/offer?a=1');
    const other = await sent();
    const forged = message.click.slice(0, -2) + (message.click.endsWith('AA') ? 'BB' : 'AA');
    const foreign = other.click.slice(0, 13) + message.click.slice(13);
    for (const path of [
      forged,
      message.click.slice(0, -1),
      foreign,
      message.open.replace('/o/', '/c/'),
      '/t/c/https://evil.example',
    ])
      assert.equal((await message.fetch(path)).status, 404, path);
    assert.equal((await message.fetch('/t/o/nothing')).status, 200);
  });

  test('after an erasure links still lead to their target, and nothing is recorded', async () => {
    const message = await sent();
    const { db } = scene.product.app.parts.deps;
    await db.execute(sql`UPDATE messages SET content = '', party_key = '[erased]' WHERE id = ${message.id}`);
    assert.equal((await message.fetch(message.click)).status, 302);
    assert.equal((await message.fetch(message.out, { method: 'POST' })).status, 200);
    assert.deepEqual(await message.hits(), []);
  });

  test('GET, HEAD and OPTIONS do not opt out; one POST does, at once, and a second changes nothing', async () => {
    const message = await sent();
    const suppressed = async (): Promise<unknown[]> =>
      (await message.box.tenant.got('GET', `/v1/suppressions?search=${message.to}`)) as unknown as unknown[];
    for (const method of ['GET', 'HEAD', 'OPTIONS']) await message.fetch(message.out, { method });
    assert.deepEqual(await suppressed(), []);
    const page = await message.fetch(message.out);
    assert.match(await page.text(), /<form method="post"[^]*Unsubscribe/);
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    for (let time = 0; time < 2; time += 1) {
      const answer = await message.fetch(message.out, {
        method: 'POST',
        body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
      });
      assert.deepEqual([answer.status, answer.headers.get('set-cookie')], [200, null]);
    }
    assert.equal((await suppressed()).length, 1);
    const events = await message.events('email.unsubscribed');
    assert.deepEqual(
      events.map((event) => [event['email_id'], event['method']]),
      [[message.id, 'one_click']],
    );
  });

  test('an opt-out can be undone for ten minutes', async () => {
    const message = await sent();
    const count = async (): Promise<number> =>
      ((await message.box.tenant.got('GET', `/v1/suppressions?search=${message.to}`)) as unknown as unknown[]).length;
    await message.fetch(`${message.out}?by=link`, { method: 'POST' });
    assert.equal(await count(), 1);
    assert.match(await (await message.fetch(`${message.out}/undo`, { method: 'POST' })).text(), /subscribed again/);
    assert.equal(await count(), 0);
    await message.fetch(`${message.out}?by=link`, { method: 'POST' });
    await scene.clock.advance(11 * 60_000);
    assert.match(await (await message.fetch(`${message.out}/undo`, { method: 'POST' })).text(), /too late/);
    assert.equal(await count(), 1);
  });

  test('an opt-out for which anything else has asked since cannot be undone, one of before stays', async () => {
    const message = await sent();
    const { tenant } = message.box;
    await message.fetch(`${message.out}?by=link`, { method: 'POST' });
    const [first] = (await tenant.got('GET', `/v1/suppressions?search=${message.to}`)) as unknown as Fields[];
    await tenant.got('POST', '/v1/suppressions', { email: message.to, reason: 'unsubscribed' });
    assert.match(await (await message.fetch(`${message.out}/undo`, { method: 'POST' })).text(), /too late/);
    const [after] = (await tenant.got('GET', `/v1/suppressions?search=${message.to}`)) as unknown as Fields[];
    assert.deepEqual([after?.['id'], after?.['reason']], [first?.['id'], 'unsubscribed']);
    const other = await sent();
    await other.box.tenant.got('POST', '/v1/suppressions', { email: other.to });
    await other.fetch(`${other.out}?by=link`, { method: 'POST' });
    assert.doesNotMatch(await (await other.fetch(other.out)).text(), /Undo/);
    assert.match(await (await other.fetch(`${other.out}/undo`, { method: 'POST' })).text(), /too late/);
  });

  test('a message to the mailbox with the token as its subject opts out', async () => {
    const message = await sent();
    const { db } = scene.product.app.parts.deps;
    const subject = /subject=([^>]+)>/.exec(message.links.headers['List-Unsubscribe'] ?? '')?.[1] ?? '';
    const { tracking } = scene.product.app.parts.mail;
    const organization = message.box.tenant.organization.id;
    assert.equal(await tracking.optedOutBy(db, organization, ['x', `Re: ${subject}`]), message.id);
    assert.equal(await tracking.optedOutBy(db, organization, [`${subject.slice(0, -3)}AAA`]), undefined);
    await db.transaction((tx) => tracking.unsubscribeByToken(tx, organization, message.id, ['other@home.example']));
    assert.deepEqual(
      (await message.events('email.unsubscribed')).map((event) => event['method']),
      ['mailto'],
    );
    const { json } = await message.box.tenant.api('GET', '/v1/suppressions?search=other@home.example');
    assert.equal((json.data as Fields[]).length, 1);
  });

  describe('tracking domains', () => {
    const add = (tenant: Pick<Tenant, 'got'>, fields: Fields = {}): Promise<Fields> =>
      tenant.got('POST', '/v1/tracking-domains', { host: ownHost, ...fields });
    const pathOf = ({ id }: Fields): string => `/v1/tracking-domains/${String(id)}`;
    /** The DNS says of these tracking domains that they are their organizations'. */
    const prove = (...domains: readonly Fields[]): void => {
      const records = domains.map(({ record }) => record as Fields);
      names.zone.set(String(records[0]?.['name']), { txt: records.map(({ value }) => String(value)) });
    };
    const verify = (tenant: Pick<Tenant, 'got'>, domain: Fields): Promise<Fields> =>
      tenant.got('POST', `${pathOf(domain)}/verify`);
    const verified = async (tenant: Pick<Tenant, 'got'>): Promise<Fields> => {
      const domain = await add(tenant);
      prove(domain);
      return verify(tenant, domain);
    };
    const statusOf = async (tenant: Pick<Tenant, 'got'>, domain: Fields): Promise<unknown> =>
      (await tenant.got('GET', pathOf(domain)))['status'];

    test('links of a live mailbox lead over a verified host; without one, a campaign that tracks is not launched', async () => {
      const { tenant, mailbox } = await scene.outbox();
      const contacts = { lawful_basis: 'consent', contacts: [{ email: 'ada@lovelace.example' }] };
      const [contact] = (await tenant.api('POST', '/v1/contacts', contacts)).json.data as Fields[];
      const draft = {
        name: 'Tracked',
        mailbox_ids: [mailbox],
        sequence: [{ subject: 'Hello', body: html, format: 'html' }],
        tracking: { opens: true, clicks: true },
        verification: 'off',
        contact_ids: [contact?.['id']],
      };
      const refused = await tenant.api('POST', '/v1/campaigns?autolaunch=true', draft);
      assert.equal(refused.status, 422, refused.text);
      assert.match(String(refused.json.error?.details['tracking']), /POST \/v1\/tracking-domains/);
      const campaign = `/v1/campaigns/${String((await tenant.got('POST', '/v1/campaigns', draft))['id'])}`;
      const codes = async (): Promise<unknown[]> =>
        ((await tenant.got('POST', `${campaign}/validate`))['errors'] as Fields[]).map(({ code }) => code);
      assert.deepEqual(await codes(), ['no_tracking_domain']);
      const { status, problem, stages, warnings, ...domain } = await verified(tenant);
      assert.deepEqual([status, problem], ['verified', null]);
      assert.match(String(warnings), /^A proxy that is not trusted .*OUTRIDER_TRUSTED_PROXIES\.$/);
      assert.deepEqual(
        (stages as Fields[]).map(({ stage, ok }) => [stage, ok]),
        [
          ['dns', true],
          ['connection', true],
          ['certificate', true],
          ['callback', true],
          ['ownership', true],
        ],
      );
      assert.deepEqual(await codes(), []);
      const [lead] = (await tenant.api('GET', `${campaign}/leads`)).json.data as Fields[];
      const preview = async (): Promise<string> =>
        String((await tenant.got('POST', `${campaign}/preview`, { lead_id: lead?.['id'] }))['html']);
      assert.match(
        await preview(),
        /href="https:\/\/links\.hopper\.test\/t\/c\/[^]*src="https:\/\/links\.hopper\.test\/t\/o\//,
      );
      assert.equal((await tenant.api('DELETE', pathOf(domain))).status, 204);
      assert.doesNotMatch(await preview(), /links\.hopper\.test/);
      assert.equal((await tenant.api('GET', pathOf(domain))).status, 404);
    });

    test('bad input is refused by field, and nothing is stored', async () => {
      const tenant = await scene.product.tenant();
      for (const host of ['192.0.2.1', '*.hopper.test', 'https://links.hopper.test', 'a.'.repeat(150), '', 7, null]) {
        const answer = await tenant.api('POST', '/v1/tracking-domains', { host });
        assert.equal(answer.status, 422, String(host));
        assert.deepEqual(Object.keys(answer.json.error?.details ?? {}), ['host'], String(host));
      }
      assert.deepEqual((await tenant.api('GET', '/v1/tracking-domains')).json.data, []);
    });

    test('a host is of one organization, one workspace if wanted, and exists once', async () => {
      const [tenant, other] = [await scene.product.tenant(), await scene.product.tenant()];
      const theirs = await add(other);
      const domain = await verified(tenant);
      const twice = await tenant.api('POST', '/v1/tracking-domains', { host: ownHost });
      assert.equal(twice.status, 409);
      const unproven = await verify(other, theirs);
      assert.deepEqual(
        [unproven['status'], (unproven['stages'] as Fields[]).at(-1)?.['stage']],
        ['pending', 'ownership'],
      );
      prove(domain, theirs);
      const lost = await verify(other, theirs);
      assert.equal(lost['status'], 'pending');
      assert.match(String(lost['problem']), /^Another organization/);
      // What the first one has verified it keeps without its record, until another one proves that the host is its own.
      prove(theirs);
      assert.equal((await verify(tenant, domain))['status'], 'verified');
      assert.equal((await verify(other, theirs))['status'], 'verified');
      const taken = await tenant.got('GET', pathOf(domain));
      assert.equal(taken['status'], 'pending');
      assert.match(String(taken['problem']), /^Another organization .* has proved/);
      const [alert] = (await tenant.api('GET', '/v1/alerts')).json.data as Fields[];
      assert.equal(alert?.['subject'], `Tracking domain cannot be used: ${ownHost}`);
      assert.equal((await other.api('GET', pathOf(domain))).status, 404);
      const bound = await tenant.withKey({ workspaceId: await tenant.workspace('Sales') });
      assert.equal((await bound.api('GET', pathOf(domain))).status, 404);
      await add(bound, { host: 'go.hopper.test' });
      const pages = [];
      for (let query: string | undefined = ''; query !== undefined;) {
        const { json } = await tenant.api('GET', `/v1/tracking-domains?limit=1${query}`);
        pages.push((json.data as Fields[]).map(({ host }) => host));
        const cursor = json['next_cursor'];
        query = typeof cursor === 'string' ? `&cursor=${cursor}` : undefined;
      }
      assert.deepEqual(pages, [['go.hopper.test'], [ownHost]]);
      assert.equal((await tenant.api('DELETE', pathOf(domain))).status, 204);
    });

    test('a host that fails is used for three more days, then it is pending again, with an alert; sent links work on any host', async () => {
      const { tenant } = await scene.outbox();
      const domain = await verified(tenant);
      const { db } = scene.product;
      const later = (column: 'checked_at' | 'verified_at'): Promise<unknown> =>
        db.execute(
          column === 'checked_at'
            ? sql`UPDATE tracking_hosts SET checked_at = checked_at - interval '25 hours' WHERE id = ${String(domain['id'])}`
            : sql`UPDATE tracking_hosts SET checked_at = checked_at - interval '2 hours', verified_at = verified_at - interval '73 hours' WHERE id = ${String(domain['id'])}`,
        );
      isDown = true;
      scene.finally(() => void (isDown = false));
      await later('checked_at');
      const alerts = async (): Promise<unknown[]> =>
        ((await tenant.api('GET', '/v1/alerts')).json.data as Fields[]).map(({ subject }) => subject);
      const until = (condition: () => Promise<boolean>): Promise<void> =>
        asTimePasses(scene.product, condition, 'it is checked again', minuteMs);
      await until(async () => (await statusOf(tenant, domain)) === 'failing');
      assert.deepEqual(await alerts(), []);
      await later('verified_at');
      await until(async () => (await alerts()).length > 0);
      assert.deepEqual(await alerts(), [`Tracking domain cannot be used: ${ownHost}`]);
      assert.equal(await statusOf(tenant, domain), 'pending');
      const message = await sent();
      assert.equal((await message.fetch(message.click, { headers: { host: ownHost } })).status, 302);
    });
  });
});
