import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { startNameServer } from '../../../test/harness/dns.ts';
import type { NameServer } from '../../../test/harness/dns.ts';
import { startFaultSmtp } from '../../../test/harness/fault-smtp.ts';
import type { Fault } from '../../../test/harness/fault-smtp-faults.ts';
import { eventsOf } from '../../../test/harness/crm.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Installation, Tenant } from '../../../test/harness/installation.ts';
import { parseCidrs } from '../../base/cidr.ts';
import { hourMs, minuteMs } from '../../base/clock.ts';
import { createDnsRecords } from '../../base/dns-records.ts';
import { createResolver } from '../../base/resolver.ts';
import type { KeyId, OrganizationId } from '../../base/ids.ts';
import { contactsForLeads } from '../../crm/contacts/index.ts';
import { sql } from '../../db/sql.ts';
import { totalsOf } from '../analytics/index.ts';
import { lockByIds, outlinesOf, rowsOf } from '../campaigns/queries.ts';
import { createLeads } from '../leads/index.ts';
import type { VerificationRule } from '../leads/index.ts';
import { defaultSchedule } from '../schedule/index.ts';
import { createVerification } from './index.ts';
import type { Verification } from './index.ts';
import { createProbes, probeTimeoutMs } from './probes.ts';
import { createVerifiers } from './verifiers.ts';
import { verifyBatch } from './verification.ts';
import type { VerificationOptions } from './verification.ts';

describe('verifying leads', () => {
  let names: NameServer;
  const scene = installationScene(async () => {
    names = await startNameServer({
      'lovelace.example': { mx: [[10, 'aspmx.l.google.com']] },
      'null.example': { mx: [[0, '.']] },
      'plain.example': { a: ['192.0.2.1'] },
      'silent.example': { fails: true },
    });
    return { listens: true, config: { roles: ['api'] }, dns: createDnsRecords([names.address]) };
  });
  let product: Installation;
  let tenant: Tenant;
  let organizationId: OrganizationId;
  let options: VerificationOptions;
  let verification: Verification;

  before(() => {
    product = scene.product;
  });
  after(() => names.close());

  beforeEach(async () => {
    tenant = await product.tenant();
    organizationId = tenant.organization.id;
    const { db, clock, ids, crm, events, bus, vault } = product;
    const network = {
      policy: { allow: parseCidrs('127.0.0.0/8'), allowHttp: true },
      resolve: createResolver({ clock }),
    };
    const { suppressions } = crm;
    const campaigns = {
      get: () => Promise.reject(new Error('not called')),
      lock: lockByIds,
      rowsOf,
      stepsOf: outlinesOf,
      wake: async () => {},
      onTotals: async () => {},
      reconsider: async () => {},
    };
    const nowOf = async () => clock.now();
    const leads = createLeads({
      db,
      bus,
      clock,
      ids,
      vault,
      suppressions,
      topics: crm.topics,
      segments: crm.segments,
      campaigns,
      nowOf,
      messages: product.mail.sending.messages,
      threadsOf: product.mail.sending.threadsOf,
      cancelMessages: async () => {},
      contactsReplied: async () => {},
      lockMessages: async () => {},
      repliesOf: async () => new Map(),
      optOut: async () => {},
      withdrawOptOut: async () => false,
      progressed: async () => {},
      verify: async () => {},
      emitAll: events.emitAll,
      onError: () => {},
    });
    options = {
      db,
      clock,
      dns: createDnsRecords([names.address]),
      emitAll: events.emitAll,
      suppressions,
      leads,
      campaigns,
      nowOf,
      progressed: async () => {},
      opinionsOf: createVerifiers({ db, clock, vault, network }).opinionsOf,
      probesFor: createProbes({ db, clock, dns: createDnsRecords([names.address]), network, probe: undefined }),
    };
    verification = createVerification({
      ...options,
      bus,
      vault,
      network,
      probe: undefined,
      contactsOf: crm.contacts.byIds,
      onError: () => {},
    });
    addLeads = async (rule, emails) => {
      const campaign = ids.next();
      await db.execute(sql`
        INSERT INTO campaigns (id, organization_id, name, icp, status, schedule, tracking, stop, unsubscribe, verification, cooldown_days, company_max, new_leads_first, revision, created_at, updated_at)
        VALUES (${campaign}, ${organizationId}, 'Test', '{}', 'draft', ${JSON.stringify(defaultSchedule)}::jsonb, '{}', '{}', 'header', ${rule}, 0, 0, false, 1, now(), now())`);
      const editor = { organizationId, keyId: ids.next<KeyId>() };
      const contacts = await Promise.all(emails.map((email) => crm.contacts.create(editor, { email })));
      const target = {
        id: campaign,
        organization_id: organizationId,
        workspace_id: null,
        verification: rule,
        topic_id: null,
        calendarOf: () => '',
        firstDueMs: (_calendar: string, nowMs: number) => nowMs + 1,
      };
      await db.transaction(async (tx) => {
        const wanted = await contactsForLeads(
          tx,
          organizationId,
          [organizationId],
          contacts.map(({ id }) => id),
        );
        await leads.add(tx, target, wanted, clock.now());
      });
      return campaign;
    };
  });
  let addLeads: (rule: VerificationRule, emails: readonly string[]) => Promise<string>;

  const run = () => verifyBatch(options, new AbortController().signal);
  const leadsOf = (campaign: string) =>
    product.db.query(sql<{
      email: string;
      status: string;
      verdict: string | null;
      reason: string | null;
      due: boolean;
    }>`
      SELECT email, status, verdict, blocked_reason AS reason, due_at IS NOT NULL AS due FROM campaign_leads WHERE campaign_id = ${campaign} ORDER BY email`);
  const row = (
    email: string,
    status: string,
    verdict: string | null,
    reason: string | null,
    due = status === 'queued',
  ) => ({
    email,
    status,
    verdict,
    reason,
    due,
  });

  test('leads get a verdict, or wait for the DNS; those that the campaign does not contact are skipped, each with an event', async () => {
    const campaign = await addLeads('deliverable', [
      'ada@lovelace.example',
      'info@lovelace.example',
      'a@null.example',
      'a@gone.example',
      'a@plain.example',
      'a@silent.example',
    ]);
    assert.equal(await run(), 'some');
    assert.deepEqual(await leadsOf(campaign), [
      row('a@gone.example', 'skipped', 'undeliverable', 'verification_failed'),
      row('a@null.example', 'skipped', 'undeliverable', 'verification_failed'),
      row('a@plain.example', 'skipped', 'risky', 'verification_risky'),
      row('a@silent.example', 'queued', null, 'verification_pending', false),
      row('ada@lovelace.example', 'queued', 'deliverable', null),
      row('info@lovelace.example', 'skipped', 'risky', 'verification_risky'),
    ]);
    const told = (await eventsOf(product.db, organizationId)).filter(({ type }) => type === 'lead.verified');
    assert.deepEqual(
      told
        .map(({ data }) => [data['email'], data['passed'], data['verdict'], data['reasons']])
        .toSorted(([one], [other]) => String(one).localeCompare(String(other))),
      [
        ['a@gone.example', false, 'undeliverable', ['no_domain']],
        ['a@null.example', false, 'undeliverable', ['null_mx']],
        ['a@plain.example', false, 'risky', ['no_mx']],
        ['ada@lovelace.example', true, 'deliverable', ['domain_accepts_mail']],
        ['info@lovelace.example', false, 'risky', ['role', 'domain_accepts_mail']],
      ],
    );
    const totals = (await totalsOf(product.db, [campaign])).get(campaign);
    assert.deepEqual([totals?.leads, totals?.verified, totals?.skipped, totals?.open], [6, 5, 4, 2]);
    const contacts = (await tenant.api('GET', '/v1/contacts?search=ada@lovelace.example')).json.data as Record<
      string,
      unknown
    >[];
    assert.equal(contacts[0]?.['verification_status'], 'deliverable');
    const [provider] = await product.db.query(
      sql`SELECT provider FROM campaign_leads WHERE campaign_id = ${campaign} AND email = 'ada@lovelace.example'`,
    );
    assert.deepEqual(provider, { provider: 'google' });

    // Nothing is asked again, until the domain that did not answer does.
    const asked = names.asked.length;
    assert.equal(await run(), 'done');
    names.zone.set('silent.example', { mx: [[10, 'mx.silent.example']] });
    await product.clock.leap(hourMs);
    assert.equal(await run(), 'some');
    assert.deepEqual((await leadsOf(campaign))[3], row('a@silent.example', 'queued', 'deliverable', null));
    assert.ok(names.asked.slice(asked).every((question) => question.startsWith('silent.example')));
    names.zone.set('silent.example', { fails: true });
    await product.db.execute(sql`DELETE FROM recipient_domains WHERE domain = 'silent.example'`);
  });

  test('a campaign may contact risky addresses, and one without verification is not looked at', async () => {
    const risky = await addLeads('risky', ['info@lovelace.example']);
    const off = await addLeads('off', ['other@gone.example']);
    assert.equal(await run(), 'some');
    assert.deepEqual(await leadsOf(risky), [row('info@lovelace.example', 'queued', 'risky', null)]);
    assert.deepEqual(await leadsOf(off), [row('other@gone.example', 'queued', null, null)]);
    assert.equal(await run(), 'done');
  });

  test('a domain that accepts unknown recipients and reports them later is a risk, until it refuses one at once', async () => {
    await product.db.transaction((tx) =>
      verification.learn(tx, [
        { organizationId, domain: 'lovelace.example', late: true },
        { organizationId, domain: 'gmail.com', late: true },
      ]),
    );
    const campaign = await addLeads('deliverable', ['one@lovelace.example']);
    await run();
    assert.deepEqual(await leadsOf(campaign), [row('one@lovelace.example', 'skipped', 'risky', 'verification_risky')]);
    await product.db.transaction((tx) =>
      verification.learn(tx, [{ organizationId, domain: 'lovelace.example', late: false }]),
    );
    const again = await addLeads('deliverable', ['two@lovelace.example']);
    await run();
    assert.deepEqual(await leadsOf(again), [row('two@lovelace.example', 'queued', 'deliverable', null)]);
    const learned = await product.db.query(
      sql`SELECT domain, immediate, late FROM domain_bounces WHERE organization_id = ${organizationId}`,
    );
    assert.deepEqual(learned, [{ domain: 'lovelace.example', immediate: 1, late: 1 }]);
  });

  test('one contact is verified by its id; one without an address is refused', async () => {
    const editor = { organizationId, keyId: product.ids.next<KeyId>() };
    const contact = async (fields: Parameters<typeof product.crm.contacts.create>[1]): Promise<string> =>
      `/v1/contacts/${(await product.crm.contacts.create(editor, fields)).id}`;
    const ada = await contact({ email: 'Info@lovelace.example' });
    const { verified_at: _at, ...verdict } = await tenant.got('POST', `${ada}/verify`);
    assert.deepEqual(verdict, {
      email: 'Info@lovelace.example',
      verdict: 'risky',
      reasons: ['role', 'domain_accepts_mail'],
      suggestion: null,
      provider: 'google',
    });
    assert.equal((await tenant.got('GET', ada))['verification_status'], 'risky');
    assert.equal((await tenant.api('POST', `${await contact({ first_name: 'Ada' })}/verify`)).status, 409);
    assert.equal((await (await product.tenant()).api('POST', `${ada}/verify`)).status, 404);
  });

  test("recipients' servers are asked once a minute for a domain, never with a message, and silence is no verdict", async () => {
    const answers: Record<string, Fault> = {};
    const asked: string[] = [];
    const stages = new Set<string>();
    const silent = Promise.withResolvers<void>();
    const smtp = await startFaultSmtp({
      authRequired: false,
      faults({ stage, to }) {
        stages.add(stage);
        if (stage !== 'rcpt') return undefined;
        const email = to.at(-1) ?? '';
        const [local = '', domain = ''] = email.split('@');
        const isRandom = local.startsWith('outrider-');
        asked.push(isRandom ? `random@${domain}` : email);
        if (domain === 'silent-probe.example') silent.resolve();
        return answers[isRandom ? domain : local];
      },
    });
    const gone: Fault = { kind: 'reply', code: 550, text: '5.1.1 No such user' };
    answers['checks.example'] = gone;
    answers['gone'] = gone;
    answers['later'] = { kind: 'reply', code: 451, text: '4.7.1 Try again later' };
    answers['grey.example'] = answers['later'];
    answers['silent-probe.example'] = { kind: 'silence' };
    for (const domain of ['checks.example', 'all.example', 'grey.example', 'silent-probe.example'])
      names.zone.set(domain, {
        mx: [
          [20, 'backup.example'],
          [10, 'mx.example'],
        ],
      });
    const { db, clock } = product;
    const hosts: string[] = [];
    const network = {
      policy: { allow: parseCidrs('127.0.0.0/8'), allowHttp: false },
      async resolve(host: string) {
        hosts.push(host);
        return [{ address: '127.0.0.1', family: 4 as const }];
      },
    };
    const probe = { from: 'probe@verify.example', port: smtp.port };
    options = { ...options, probesFor: createProbes({ db, clock, dns: options.dns, network, probe }) };
    try {
      const campaign = await addLeads('deliverable', [
        'ada@checks.example',
        'gone@checks.example',
        'later@checks.example',
        'ada@all.example',
        'bob@all.example',
        'ada@grey.example',
        'ada@lovelace.example',
      ]);
      const verdicts = async () =>
        (await leadsOf(campaign)).map(({ email, verdict, reason }) => `${email} ${verdict ?? reason ?? ''}`);
      await run();
      const others = [
        'ada@all.example risky',
        'ada@grey.example unknown',
        'ada@lovelace.example deliverable',
        'bob@all.example risky',
      ];
      const isOther = (text: string): boolean => !text.includes('@checks.example');
      const first = await verdicts();
      assert.deepEqual(first.filter(isOther), others);
      assert.equal(first.filter((text) => text.endsWith('@checks.example verification_pending')).length, 2);
      assert.deepEqual(asked.filter((email) => email.startsWith('random')).toSorted(), [
        'random@all.example',
        'random@checks.example',
        'random@grey.example',
      ]);
      assert.deepEqual([...new Set(hosts)], ['mx.example']);
      // Not before the minute is over, and one at a time; the random recipient is not named again.
      assert.equal(await run(), 'done');
      assert.equal(asked.length, 4);
      for (const count of [5, 6]) {
        await clock.leap(minuteMs);
        await run();
        assert.equal(asked.length, count);
      }
      assert.deepEqual(
        asked
          .splice(0)
          .filter((email) => !email.startsWith('random'))
          .toSorted(),
        ['ada@checks.example', 'gone@checks.example', 'later@checks.example'],
      );
      assert.deepEqual(
        (await verdicts()).filter((text) => !isOther(text)),
        ['ada@checks.example deliverable', 'gone@checks.example undeliverable', 'later@checks.example unknown'],
      );
      // What a domain does with unknown recipients is remembered.
      const passes = (interval: string) =>
        db.execute(
          sql`UPDATE recipient_domains SET random_at = random_at - ${interval}::interval WHERE random_at IS NOT NULL`,
        );
      await clock.leap(minuteMs);
      await addLeads('deliverable', ['eve@all.example', 'eve@grey.example']);
      await run();
      assert.deepEqual(asked, []);
      await passes('1 day');
      await addLeads('deliverable', ['joe@all.example', 'joe@grey.example']);
      await run();
      assert.deepEqual(asked.splice(0), ['random@grey.example']);
      await passes('29 days');
      await addLeads('deliverable', ['zoe@all.example']);
      await run();
      assert.deepEqual(asked.splice(0), ['random@all.example']);

      const last = await addLeads('deliverable', ['ada@silent-probe.example']);
      const running = run();
      await silent.promise;
      await clock.advance(probeTimeoutMs);
      await running;
      assert.deepEqual(await leadsOf(last), [
        row('ada@silent-probe.example', 'skipped', 'unknown', 'verification_risky'),
      ]);
      assert.deepEqual(smtp.messages, []);
      assert.ok(!stages.has('data'));
    } finally {
      await smtp.close();
    }
  });

  describe('with another verifier', () => {
    let server: Server;
    let asked: string[];
    const secret = 'a-secret-of-the-verifier';
    beforeEach(async () => {
      asked = [];
      server = createServer((request, response) => {
        const email = new URL(request.url ?? '', 'http://x').searchParams.get('to') ?? '';
        asked.push(email);
        const name = email.slice(0, email.indexOf('@'));
        if (request.headers['x-key'] !== secret) response.writeHead(401);
        else if (name === 'down') response.writeHead(503);
        response.end(name === 'big' ? 'x'.repeat(100_000) : JSON.stringify({ result: { status: name.toUpperCase() } }));
      });
      await once(server.listen(0, '127.0.0.1'), 'listening');
    });
    afterEach(() => server.close());
    const set = (more: Record<string, unknown> = {}) =>
      tenant.api('PUT', '/v1/verifier', {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/?to={email}`,
        auth: { header: 'X-Key', value: secret },
        answer: { field: 'result.status', deliverable: ['valid'], risky: ['catch_all'], undeliverable: ['invalid'] },
        ...more,
      });

    test('it is asked about what is open only; without an answer, the lead waits', async () => {
      assert.equal((await tenant.api('GET', '/v1/verifier')).status, 404);
      for (const [bad, field] of [
        [{ url: 'http://127.0.0.1/' }, 'url'],
        [{ url: 'http://{email}/' }, 'url'],
        [{ url: 'http://10.0.0.1/{email}' }, 'url'],
        [{ auth: { header: 'Host', value: 'x' } }, 'auth'],
        [{ answer: { field: 'x', deliverable: [], undeliverable: ['x'] } }, 'answer'],
        [{ answer: { field: 'x', deliverable: ['\ud800'], undeliverable: ['x'] } }, 'answer'],
      ] as const) {
        const { status, text } = await set(bad);
        assert.deepEqual([status, text.includes(`"${field}`)], [422, true], text);
      }
      assert.equal((await set()).status, 200);
      const shown = await tenant.api('GET', '/v1/verifier');
      assert.deepEqual((shown.json.data as Record<string, unknown>)['auth'], { header: 'X-Key' });
      assert.ok(!shown.text.includes(secret));
      assert.equal((await (await product.tenant()).api('GET', '/v1/verifier')).status, 404);

      const campaign = await addLeads('deliverable', [
        'valid@lovelace.example',
        'invalid@lovelace.example',
        'catch_all@lovelace.example',
        'strange@lovelace.example',
        'down@lovelace.example',
        'big@lovelace.example',
        'valid@gone.example',
      ]);
      await run();
      assert.deepEqual(await leadsOf(campaign), [
        row('big@lovelace.example', 'queued', null, 'verification_pending', false),
        row('catch_all@lovelace.example', 'skipped', 'risky', 'verification_risky'),
        row('down@lovelace.example', 'queued', null, 'verification_pending', false),
        row('invalid@lovelace.example', 'skipped', 'undeliverable', 'verification_failed'),
        row('strange@lovelace.example', 'skipped', 'unknown', 'verification_risky'),
        row('valid@gone.example', 'skipped', 'undeliverable', 'verification_failed'),
        row('valid@lovelace.example', 'queued', 'deliverable', null),
      ]);
      assert.equal(asked.length, 6);
      assert.equal(await run(), 'done');
      const waiting = await product.db.query(
        sql<{ detail: string }>`
          SELECT blocked_detail AS detail FROM campaign_leads WHERE campaign_id = ${campaign} AND blocked_reason = 'verification_pending' ORDER BY email`,
      );
      assert.deepEqual(
        waiting.map(({ detail }) => /more than|status 503/.exec(detail)?.[0]),
        ['more than', 'status 503'],
      );
      const checked = await tenant.got('POST', '/v1/verifier/check', { email: 'valid@lovelace.example' });
      assert.deepEqual(checked, { verdict: 'deliverable', value: 'VALID', problem: null });
    });

    test('it is asked as often as its budgets allow, and not again once it refuses', async () => {
      await set({ daily_budget: 5, requests_per_minute: 3 });
      const emails = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `valid@${name}.lovelace.example`);
      for (const email of emails) names.zone.set(email.slice(6), { mx: [[10, 'mx.lovelace.example']] });
      const campaign = await addLeads('deliverable', emails);
      const verified = async () => (await leadsOf(campaign)).filter(({ verdict }) => verdict === 'deliverable').length;
      const passed: number[] = [];
      for (const waitMs of [0, minuteMs]) {
        await product.clock.advance(waitMs);
        await run();
        passed.push(await verified());
      }
      // As on the next day.
      await product.db.execute(sql`UPDATE verifiers SET used_day = used_day - 1`);
      await product.db.execute(sql`UPDATE campaign_leads SET blocked_until = NULL WHERE campaign_id = ${campaign}`);
      await run();
      passed.push(await verified());
      assert.deepEqual([passed, asked.length], [[3, 5, 6], 6]);
      asked = [];
      await set({ auth: null });
      await addLeads(
        'deliverable',
        Array.from({ length: 40 }, (_, index) => `valid@n${index}.lovelace.example`),
      );
      for (let index = 0; index < 40; index += 1)
        names.zone.set(`n${index}.lovelace.example`, { mx: [[10, 'mx.lovelace.example']] });
      await run();
      assert.ok(asked.length <= 10, String(asked.length));
      const { problem, used_today: used } = await tenant.got('GET', '/v1/verifier');
      assert.match(String(problem), /401/);
      assert.equal(used, 1 + asked.length);
      assert.equal((await tenant.api('DELETE', '/v1/verifier')).status, 204);
    });
  });

  test('facts of the DNS are read again after seven days', async () => {
    await addLeads('deliverable', ['x@lovelace.example']);
    await run();
    await product.db.execute(
      sql`UPDATE recipient_domains SET checked_at = checked_at - interval '7 days' WHERE domain = 'lovelace.example'`,
    );
    const asked = names.asked.length;
    await addLeads('deliverable', ['y@lovelace.example']);
    await run();
    assert.deepEqual(names.asked.slice(asked), ['lovelace.example MX']);
  });

  test('a silent DNS makes everybody wait, and skips nobody', async () => {
    const campaign = await addLeads(
      'deliverable',
      Array.from({ length: 100 }, (_, index) => `a@${index}.silent.example`),
    );
    for (let index = 0; index < 100; index += 1) names.zone.set(`${index}.silent.example`, { fails: true });
    assert.equal(await run(), 'silent');
    const rows = await leadsOf(campaign);
    assert.equal(
      rows.filter(({ status, reason }) => status === 'queued' && reason === 'verification_pending').length,
      100,
    );
  });
});
