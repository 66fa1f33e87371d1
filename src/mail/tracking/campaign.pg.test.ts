import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { minuteMs } from '../../base/clock.ts';
import { sql } from '../../db/sql.ts';
import { asTimePasses } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import type { Fields } from '../../../test/harness/caller.ts';
import { rawMessage } from '../../../test/harness/imap-scene.ts';
import { sendingScene } from '../../../test/harness/sending-scene.ts';

const always = { days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '23:59' };

describe('the recipients of a campaign', () => {
  const scene = sendingScene();

  const rows = async (tenant: Tenant, path: string): Promise<Fields[]> =>
    (await tenant.api('GET', path)).json.data as Fields[];

  /** Launches two steps for people. @returns its path */
  async function launched(tenant: Tenant, mailbox: string, emails: readonly string[], more: Fields): Promise<string> {
    const added = await tenant.api('POST', '/v1/contacts', {
      lawful_basis: 'legitimate_interests',
      contacts: emails.map((email) => ({ email })),
    });
    assert.ok(added.status < 300, added.text);
    const campaign = await tenant.api('POST', '/v1/campaigns?autolaunch=true', {
      name: 'Spring launch',
      mailbox_ids: [mailbox],
      verification: 'off',
      sequence: [
        { subject: 'Hello', body: '<p>See <a href="https://acme.example/offer">this</a></p>', format: 'html' },
        { body: 'Did you see it?' },
      ],
      schedule: { timezone: 'Etc/UTC', ...always },
      contact_ids: (await rows(tenant, '/v1/contacts')).map(({ id }) => id),
      ...more,
    });
    assert.equal(campaign.status, 201, campaign.text);
    return `/v1/campaigns/${String((campaign.json.data as Fields)['id'])}`;
  }

  test('simulated recipients open and click as people, from addresses of their own', async () => {
    const tenant = await scene.product.tenant();
    const mailbox = await tenant.got('POST', '/v1/mailboxes', {
      email: 'grace@hopper.example',
      provider: 'capture',
      max_hourly_per_domain: 30,
      work_hours: always,
    });
    const openers = ['ada', 'mary', 'joan', 'jean', 'ruth', 'edith'];
    await launched(
      tenant,
      String(mailbox['id']),
      [...openers.map((name) => `${name}+open@simulator.test`), 'kay+click@simulator.test'],
      { tracking: { opens: true, clicks: true }, company_max: 0 },
    );
    const seen = async (type: string): Promise<Fields[]> =>
      (
        await scene.product.db.query(
          sql<{ data: Fields }>`
            SELECT convert_from(data, 'UTF8')::jsonb AS data FROM events WHERE organization_id = ${tenant.organization.id} AND type = ${`email.${type}`}`,
        )
      ).map(({ data }) => data);
    await scene.product.until(async () => {
      if ((await seen('opened')).length >= openers.length && (await seen('clicked')).length > 0) return true;
      // A message is stored as sent before its recipient acts.
      const [row] = await scene.product.db.query(
        sql<{ busy: boolean }>`
          SELECT EXISTS (SELECT FROM messages WHERE organization_id = ${tenant.organization.id} AND holder IS NOT NULL) AS busy`,
      );
      if (row?.busy === false) await scene.clock.advance(3_000);
      return false;
    }, 'all reacted');
    const events = [...(await seen('opened')), ...(await seen('clicked'))];
    assert.deepEqual(
      events.map(({ verdict, reasons }) => [verdict, reasons]),
      events.map(() => ['human', []]),
    );
    assert.equal(new Set(events.map(({ ip }) => ip)).size, events.length);
    assert.equal(events.at(-1)?.['url'], 'https://acme.example/offer');
  });

  for (const method of ['one_click', 'mailto'] as const)
    test(`an opt-out by ${method} stops the lead, and its waiting message is not sent`, async () => {
      const { product } = scene;
      const { db, mail } = product;
      // Nothing is accepted for now: the first message waits.
      const box = await scene.outbox({ rcpt: { kind: 'reply', code: 450, text: '4.2.0 Later' } });
      await db.execute(
        sql`UPDATE mailboxes SET work_hours = ${JSON.stringify(always)}::jsonb WHERE id = ${box.mailbox}`,
      );
      const path = await launched(box.tenant, box.mailbox, [`ada@${method.replace('_', '-')}.example`], {});
      const [lead] = await rows(box.tenant, `${path}/leads`);
      const messages = (): Promise<Fields[]> =>
        rows(box.tenant, `/v1/messages?campaign_id=${path.split('/').at(-1) ?? ''}`);
      await asTimePasses(
        product,
        async () => (await messages())[0]?.['status'] === 'deferred',
        'the message waits',
        minuteMs,
      );
      const [row] = await db.query(
        sql<{ send_key: string }>`SELECT send_key FROM messages WHERE lead_id = ${String(lead?.['id'])}`,
      );
      const organizationId = box.tenant.organization.id;
      const { unsubscribeUrl } = await mail.tracking.linksOf(db, organizationId, {
        sendKey: row?.send_key ?? '',
        hosts: { tracking: null, unsubscribe: product.app.url },
        mailbox: 'grace@hopper.test',
        tracking: { opens: false, clicks: false },
      });
      if (method === 'one_click') {
        const answer = await fetch(String(unsubscribeUrl), {
          method: 'POST',
          body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
        });
        assert.equal(answer.status, 200);
      } else {
        await mail.receiving.received({
          organizationId,
          mailboxId: box.mailbox,
          raw: rawMessage({
            From: 'ada@mailto.example',
            'Message-ID': '<1@mailto.example>',
            Subject: `unsubscribe-${String(unsubscribeUrl).split('/').at(-1) ?? ''}`,
          }),
          receivedAt: new Date(scene.clock.now()),
          folder: 'inbox',
        });
      }
      assert.deepEqual(
        [
          (await rows(box.tenant, `${path}/leads`))[0]?.['status'],
          (await messages()).map(({ status, direction }) => status ?? direction),
        ],
        ['unsubscribed', [...(method === 'mailto' ? ['inbound'] : []), 'failed']],
      );
      await asTimePasses(
        product,
        async () => (await box.tenant.got('GET', path))['status'] === 'completed',
        'the campaign is completed',
        10 * minuteMs,
      );
      assert.deepEqual(box.smtp.messages, []);
    });
});
