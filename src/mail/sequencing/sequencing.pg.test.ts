import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { minuteMs } from '../../base/clock.ts';
import { asTimePasses } from '../../../test/harness/installation.ts';
import type { Fields } from '../../../test/harness/caller.ts';
import { makeSenderMailbox } from '../../../test/harness/sender-mailboxes.ts';
import { sendingScene } from '../../../test/harness/sending-scene.ts';

describe('a campaign', () => {
  const scene = sendingScene();

  test('C1, C2, C9, C16: every lead gets each step once, in its thread, and the campaign is completed', async () => {
    const { product } = scene;
    const tenant = await product.tenant();
    const mailbox = await tenant.got('POST', '/v1/mailboxes', {
      email: 'grace@hopper.example',
      provider: 'capture',
      work_hours: { days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '23:59' },
    });
    const answer = await tenant.api('POST', '/v1/contacts', {
      lawful_basis: 'legitimate_interests',
      contacts: ['ada', 'mary', 'joan'].map((name) => ({ email: `${name}@${name}.example`, first_name: name })),
    });
    assert.ok(answer.status < 300, answer.text);
    const contacts = ((await tenant.api('GET', '/v1/contacts')).json.data as Fields[]).map(({ id }) => id);
    const campaign = await tenant.got('POST', '/v1/campaigns', {
      name: 'Spring launch',
      mailbox_ids: [mailbox['id']],
      verification: 'off',
      sequence: [
        { subject: 'Hello {{first_name}}', body: 'Hi {{first_name}}', delay_days: 0 },
        { body: 'Did you see this, {{firstName}}?', delay_days: 1 },
      ],
      schedule: { timezone: 'Etc/UTC', days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '23:59' },
      contact_ids: contacts,
    });
    const path = `/v1/campaigns/${String(campaign['id'])}`;
    const [lead] = (await tenant.api('GET', `${path}/leads`)).json.data as Fields[];
    const preview = await tenant.got('POST', `${path}/preview`, { lead_id: lead?.['id'], step: 1 });
    assert.deepEqual(preview['blockers'], [{ code: 'campaign_paused', detail: null }]);
    assert.equal((await tenant.got('POST', `${path}/launch`))['status'], 'active');
    await asTimePasses(
      product,
      async () => (await tenant.got('GET', path))['status'] === 'completed',
      'the campaign is completed',
      10 * minuteMs,
    );
    const list = (await tenant.api('GET', `/v1/messages?campaign_id=${String(campaign['id'])}&limit=100`)).json
      .data as Fields[];
    const previewed = list.find((message) => message['message_id'] === preview['message_id']);
    const detail = await tenant.got('GET', `/v1/messages/${String(previewed?.['id'])}`);
    for (const field of ['subject', 'text', 'html']) assert.deepEqual(preview[field], detail[field]);
    const lowerCase = Object.entries(preview['headers'] as Fields).map(([name, value]) => [name.toLowerCase(), value]);
    assert.deepEqual(Object.fromEntries(lowerCase), detail['headers']);
    const sent = list.map((message) => `${String(message['to'])} ${String(message['subject'])}`).toSorted();
    assert.deepEqual(
      sent,
      ['ada', 'joan', 'mary'].flatMap((name) => [
        `${name}@${name}.example Hello ${name}`,
        `${name}@${name}.example Re: Hello ${name}`,
      ]),
    );
    assert.deepEqual(product.errors, []);
    const metrics = (await tenant.got('GET', path))['metrics'] as Fields;
    assert.deepEqual([metrics['leads'], metrics['contacted'], metrics['sent']], [3, 3, 6]);
  });

  test('nothing is created when the launch is refused, and the errors name the fields', async () => {
    const tenant = await scene.product.tenant();
    const refused = await tenant.api('POST', '/v1/campaigns?autolaunch=true', { name: 'Empty' });
    assert.equal(refused.status, 422, refused.text);
    assert.match(refused.text, /mailbox_ids/);
    assert.deepEqual((await tenant.api('GET', '/v1/campaigns')).json.data, []);
  });

  test('C11, C17: a deferred message shows on its lead; a block ends the leads of its domain, and no others', async () => {
    const { product } = scene;
    const later = { kind: 'reply', code: 451, text: '4.7.1 Try again later' } as const;
    const { tenant, smtp, mailbox } = await scene.outbox({ rcpt: later });
    const organizationId = tenant.organization.id;
    const far = await makeSenderMailbox(product, { organizationId, port: smtp.port, email: 'far@other.example' });
    const ada = await tenant.got('POST', '/v1/contacts', {
      lawful_basis: 'consent',
      contacts: [{ email: 'ada@lovelace.example' }],
    });
    const [{ id: contact } = {}] = ada as unknown as Fields[];
    const launched = async (mailboxes: readonly string[], delay: number): Promise<string> => {
      const made = await tenant.got('POST', '/v1/campaigns', {
        name: 'Spring',
        verification: 'off',
        mailbox_ids: mailboxes,
        sequence: [{ subject: 'Hello', body: 'Hi', delay_days: delay }],
        schedule: { timezone: 'Etc/UTC', days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '24:00' },
        contact_ids: [contact],
      });
      const path = `/v1/campaigns/${String(made['id'])}`;
      assert.equal((await tenant.api('POST', `${path}/launch?accept_warnings=true`)).status, 200);
      return path;
    };
    const reasonOf = async (path: string): Promise<Fields> =>
      ((await tenant.api('GET', `${path}/skipped-actions`)).json.data as Fields[])[0] ?? {};
    const first = await launched([mailbox], 0);
    const near = await launched([mailbox], 9);
    const others = [await launched([mailbox, far], 9), await launched([far], 9)];
    await product.until(async () => (await reasonOf(first))['code'] === 'deferred_by_server', 'a server deferred it');
    const { until, lead_id: leadId } = await reasonOf(first);
    const lead = await tenant.got('GET', `/v1/leads/${String(leadId)}`);
    assert.deepEqual(
      [lead['status'], lead['blocked_reason'], lead['blocked_until'], Date.parse(String(until)) > scene.clock.now()],
      ['sending', 'deferred_by_server', until, true],
    );
    smtp.faults = { rcpt: { kind: 'reply', code: 550, text: '5.7.1 Message blocked by policy' } };
    await asTimePasses(
      product,
      async () => (await reasonOf(first))['code'] === 'block_bounced',
      'it is blocked',
      minuteMs,
    );
    assert.deepEqual([(await reasonOf(near))['code'], (await reasonOf(near))['until']], ['block_bounced', null]);
    for (const path of others) assert.equal((await reasonOf(path))['code'], 'delay');
    assert.deepEqual((await tenant.api('GET', '/v1/suppressions')).json.data, []);
    assert.deepEqual(product.errors, []);
  });
});
