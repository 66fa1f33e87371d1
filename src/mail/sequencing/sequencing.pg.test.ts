import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { minuteMs } from '../../base/clock.ts';
import { asTimePasses, installationScene } from '../../../test/harness/installation.ts';
import type { Fields } from '../../../test/harness/caller.ts';

describe('a campaign', () => {
  const scene = installationScene();

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
});
