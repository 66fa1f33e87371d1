import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { startNameServer } from '../../../test/harness/dns.ts';
import type { NameServer } from '../../../test/harness/dns.ts';
import { eventsOf } from '../../../test/harness/crm.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Installation, Tenant } from '../../../test/harness/installation.ts';
import { hourMs } from '../../base/clock.ts';
import { createDnsRecords } from '../../base/dns-records.ts';
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
import { verifyBatch } from './verification.ts';
import type { VerificationOptions } from './verification.ts';

describe('verifying leads', () => {
  const scene = installationScene(() => ({ listens: true, config: { roles: ['api'] } }));
  let names: NameServer;
  let product: Installation;
  let tenant: Tenant;
  let organizationId: OrganizationId;
  let options: VerificationOptions;
  let verification: Verification;
  let opinions: Record<string, 'deliverable' | 'undeliverable'>;

  before(async () => {
    names = await startNameServer({
      'lovelace.example': { mx: [[10, 'aspmx.l.google.com']] },
      'null.example': { mx: [[0, '.']] },
      'plain.example': { a: ['192.0.2.1'] },
      'silent.example': { fails: true },
    });
    product = scene.product;
  });
  after(() => names.close());

  beforeEach(async () => {
    tenant = await product.tenant();
    organizationId = tenant.organization.id;
    opinions = {};
    const { db, clock, ids, crm, events, bus } = product;
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
      vault: product.vault,
      suppressions,
      campaigns,
      nowOf,
      messages: product.mail.sending.messages,
      threadsOf: product.mail.sending.threadsOf,
      cancelMessages: async () => {},
      contactsReplied: async () => {},
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
      opinionsOf: async (_organization, emails) =>
        new Map(emails.flatMap((email) => (opinions[email] === undefined ? [] : [[email, opinions[email]] as const]))),
    };
    verification = createVerification({ ...options, bus, contactsOf: crm.contacts.byIds, onError: () => {} });
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
        calendarOf: () => '',
        firstDueMs: (_calendar: string, nowMs: number) => nowMs + 1,
      };
      await db.transaction(async (tx) => {
        const wanted = await contactsForLeads(
          tx,
          organizationId,
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

  test('another verifier is asked about what is still open, and only about that', async () => {
    opinions = { 'ada@lovelace.example': 'undeliverable', 'a@gone.example': 'deliverable' };
    const campaign = await addLeads('deliverable', ['ada@lovelace.example', 'a@gone.example']);
    await run();
    assert.deepEqual(await leadsOf(campaign), [
      row('a@gone.example', 'skipped', 'undeliverable', 'verification_failed'),
      row('ada@lovelace.example', 'skipped', 'undeliverable', 'verification_failed'),
    ]);
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
