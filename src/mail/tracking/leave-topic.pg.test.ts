import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { minuteMs } from '../../base/clock.ts';
import { sql } from '../../db/sql.ts';
import { asTimePasses } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import type { Fields } from '../../../test/harness/caller.ts';
import { rawMessage } from '../../../test/harness/imap-scene.ts';
import { sendingScene } from '../../../test/harness/sending-scene.ts';
import type { Outbox } from '../../../test/harness/sending-scene.ts';

const always = { days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '23:59' };

describe('the mail of a topic', () => {
  const scene = sendingScene();

  const rows = async (tenant: Tenant, path: string): Promise<Fields[]> =>
    (await tenant.api('GET', path)).json.data as Fields[];
  const makeTopic = async (tenant: Tenant, name: string): Promise<string> =>
    String((await tenant.got('POST', '/v1/topics', { name }))['id']);

  async function outbox(faults?: Parameters<typeof scene.outbox>[0]): Promise<Outbox> {
    const box = await scene.outbox(faults);
    await scene.product.db.execute(
      sql`UPDATE mailboxes SET work_hours = ${JSON.stringify(always)}::jsonb WHERE id = ${box.mailbox}`,
    );
    return box;
  }

  /** Launches two steps for people. @returns its path, and the response */
  async function launched({ tenant, mailbox }: Outbox, emails: readonly string[], more: Fields) {
    const added = await tenant.api('POST', '/v1/contacts', {
      lawful_basis: 'legitimate_interests',
      contacts: emails.map((email) => ({ email })),
    });
    assert.ok(added.status < 300, added.text);
    const campaign = await tenant.api('POST', '/v1/campaigns?autolaunch=true', {
      name: 'Spring launch',
      mailbox_ids: [mailbox],
      verification: 'off',
      cooldown_days: 0,
      sequence: [{ subject: 'Hello', body: 'Hi' }, { body: 'Did you see it?' }],
      schedule: { timezone: 'Etc/UTC', ...always },
      contact_ids: (await rows(tenant, '/v1/contacts')).map(({ id }) => id),
      ...more,
    });
    assert.equal(campaign.status, 201, campaign.text);
    return `/v1/campaigns/${String((campaign.json.data as Fields)['id'])}`;
  }

  /** The unsubscribe link of the only message to an address. */
  async function linkTo({ tenant }: Outbox, email: string): Promise<string> {
    const [row] = await scene.product.db.query(
      sql<{ send_key: string }>`
        SELECT send_key FROM messages WHERE organization_id = ${tenant.organization.id} AND party_key = ${email} AND direction = 'outbound' AND send_key IS NOT NULL ORDER BY id DESC LIMIT 1`,
    );
    const { unsubscribeUrl } = await scene.product.mail.tracking.linksOf(scene.product.db, tenant.organization.id, {
      sendKey: row?.send_key ?? '',
      hosts: { tracking: null, unsubscribe: scene.product.app.url },
      mailbox: 'grace@hopper.test',
      tracking: { opens: false, clicks: false },
    });
    return String(unsubscribeUrl);
  }

  const untilSent = (box: Outbox, path: string, count: number) =>
    asTimePasses(
      scene.product,
      async () =>
        (await rows(box.tenant, `/v1/messages?campaign_id=${path.split('/').at(-1) ?? ''}&status=sent`)).length >=
        count,
      `${count} messages are sent`,
      minuteMs,
    );
  const leadOf = async (box: Outbox, path: string): Promise<Fields> =>
    (await rows(box.tenant, `${path}/leads`))[0] ?? assert.fail('no lead');
  const suppressed = async ({ tenant }: Outbox): Promise<number> => (await rows(tenant, '/v1/suppressions')).length;

  test('one-click leaves the topic and ends its leads; other campaigns go on, and the page offers to stop all mail', async () => {
    const box = await outbox();
    const { tenant } = box;
    const email = 'ada@lovelace.example';
    const [news, other] = [await makeTopic(tenant, 'News & <more>'), await makeTopic(tenant, 'Events')];
    const path = await launched(box, [email], { topic_id: news });
    await untilSent(box, path, 1);
    const link = await linkTo(box, email);
    const asked = await (await fetch(link)).text();
    assert.match(asked, /of=topic[^]*Leave “News &amp; &lt;more&gt;”[^]*of=all[^]*Stop all email/);
    assert.ok(!asked.includes('<script'));
    assert.equal((await leadOf(box, path))['status'], 'waiting', 'GET changes nothing');
    for (let times = 0; times < 2; times += 1) {
      const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
      assert.equal((await fetch(link, { method: 'POST', body })).status, 200);
    }
    const lead = await leadOf(box, path);
    assert.deepEqual([lead['status'], lead['blocked_reason']], ['unsubscribed', 'left_topic']);
    assert.deepEqual(
      (await rows(tenant, `${path}/skipped-actions`)).map(({ code }) => code),
      ['left_topic'],
    );
    assert.equal(((await tenant.got('GET', path))['metrics'] as Fields)['unsubscribed'], 1);
    assert.equal(await suppressed(box), 0);
    assert.deepEqual((await box.events('topic')).slice(-1), ['topic.left']);
    assert.deepEqual(
      (await rows(tenant, `/v1/topics/${news}/opt-outs`)).map(({ reason, message_id: id }) => [reason, typeof id]),
      [['unsubscribed', 'string']],
    );
    // Who left is not added to campaigns of the topic, and still to those of others.
    const [contact] = await rows(tenant, '/v1/contacts');
    const again = await tenant.got('POST', '/v1/campaigns', { name: 'again', topic_id: news });
    const refused = await tenant.got('POST', `/v1/campaigns/${String(again['id'])}/leads`, {
      contact_ids: [contact?.['id']],
    });
    assert.deepEqual(refused['skipped'], [{ contact_id: contact?.['id'], reason: 'left_topic' }]);
    await untilSent(box, await launched(box, [email], { topic_id: other }), 1);
    // Stopping all mail is still possible on the page, and then nothing less is offered.
    assert.match(await (await fetch(link)).text(), /You are unsubscribed[^]*Undo[^]*Stop all email/);
    assert.equal((await fetch(`${link}?by=link&of=all`, { method: 'POST' })).status, 200);
    assert.equal(await suppressed(box), 1);
    assert.match(await (await fetch(link)).text(), /You get no more email from [^<“]*\./);
  });

  test('leaving can be undone on the page for ten minutes', async () => {
    const box = await outbox();
    const email = 'grace@navy.example';
    const topic = await makeTopic(box.tenant, 'News');
    const path = await launched(box, [email], { topic_id: topic });
    await untilSent(box, path, 1);
    const link = await linkTo(box, email);
    const left = async (): Promise<number> => (await rows(box.tenant, `/v1/topics/${topic}/opt-outs`)).length;
    const press = async (button: string): Promise<string> =>
      (await fetch(`${link}${button}`, { method: 'POST' })).text();
    assert.match(await press('?by=link&of=topic'), /undo\?of=topic/);
    assert.equal(await left(), 1);
    assert.match(await press('/undo?of=topic'), /subscribed again/);
    assert.equal(await left(), 0);
    await press('?by=link&of=topic');
    await scene.clock.leap(11 * minuteMs);
    assert.match(await press('/undo?of=topic'), /You are unsubscribed/);
    assert.equal(await left(), 1);
  });

  test('a message to the unsubscribe address leaves the topic, an answer that asks for it stops everything', async () => {
    const box = await outbox();
    const { mail } = scene.product;
    const topic = await makeTopic(box.tenant, 'News');
    const path = await launched(box, ['joan@clarke.example', 'mary@jackson.example'], {
      topic_id: topic,
      stop: { on_reply: true, company: 'off' },
    });
    await untilSent(box, path, 2);
    const receive = async (from: string, subject: string, text: string, more: Record<string, string> = {}) =>
      mail.receiving.received({
        organizationId: box.tenant.organization.id,
        mailboxId: box.mailbox,
        raw: rawMessage({ From: from, 'Message-ID': `<${from}>`, Subject: subject, ...more }, text),
        receivedAt: new Date(scene.clock.now()),
        folder: 'inbox',
      });
    const token = (await linkTo(box, 'joan@clarke.example')).split('/').at(-1) ?? '';
    await receive('joan@clarke.example', `unsubscribe-${token}`, 'Unsubscribe');
    assert.deepEqual(
      [(await rows(box.tenant, `/v1/topics/${topic}/opt-outs`)).map((row) => row['email']), await suppressed(box)],
      [['joan@clarke.example'], 0],
    );
    const [sent] = (await rows(box.tenant, '/v1/messages?status=sent')).filter(
      (row) => row['to'] === 'mary@jackson.example',
    );
    await receive('mary@jackson.example', 'Re: Hello', 'Please unsubscribe me.', {
      'In-Reply-To': String(sent?.['message_id']),
    });
    assert.deepEqual(
      (await rows(box.tenant, '/v1/suppressions')).map((row) => row['email']),
      ['mary@jackson.example'],
    );
  });

  test('an address that leaves by a call is skipped, also with a message that waits for its server', async () => {
    // Nothing is accepted for now: the first message waits.
    const box = await outbox({ rcpt: { kind: 'reply', code: 450, text: '4.2.0 Later' } });
    const { tenant } = box;
    const email = 'jean@bartik.example';
    const topic = await makeTopic(tenant, 'News');
    const path = await launched(box, [email], {});
    const message = async () => (await rows(tenant, `/v1/messages?campaign_id=${path.split('/').at(-1) ?? ''}`))[0];
    await asTimePasses(
      scene.product,
      async () => (await message())?.['status'] === 'deferred',
      'the message waits',
      minuteMs,
    );
    // The campaign gets the topic after its message was stored: the check before sending finds the opt-out.
    await tenant.got('POST', `/v1/topics/${topic}/opt-outs`, { email });
    assert.equal((await leadOf(box, path))['status'], 'sending');
    await tenant.got('PATCH', path, { topic_id: topic });
    await asTimePasses(
      scene.product,
      async () => (await message())?.['status'] === 'failed',
      'the message is dropped',
      10 * minuteMs,
    );
    const lead = await leadOf(box, path);
    assert.deepEqual([lead['status'], lead['blocked_reason']], ['skipped', 'left_topic']);
    assert.deepEqual(box.smtp.messages, []);
    // Once it has rejoined, a person can add it again; leaving then skips the open lead at once.
    assert.equal((await tenant.api('POST', `/v1/topics/${topic}/rejoin`, { emails: [email] })).status, 200);
    await tenant.got('POST', `${path}/leads`, { contact_ids: [lead['contact_id']] });
    assert.equal((await leadOf(box, path))['status'], 'queued');
    await tenant.got('POST', `/v1/topics/${topic}/opt-outs`, { email });
    assert.equal((await leadOf(box, path))['status'], 'skipped');
  });
});
