import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { beforeEach, describe, test } from 'node:test';
import { callerOf } from '../../../test/harness/caller.ts';
import type { Fields } from '../../../test/harness/caller.ts';
import { captureMessage } from '../../../test/harness/captured.ts';
import { eventually } from '../../../test/harness/clock.ts';
import { foxreachOf } from '../../../test/harness/foxreach.ts';
import type { FoxReach } from '../../../test/harness/foxreach.ts';
import { makeMailbox, makeSent } from '../../../test/harness/imap-scene.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import type { MailboxId } from '../../base/ids.ts';
import { sql } from '../../db/sql.ts';

describe("FoxReach's timeline of a lead, and its inbox", () => {
  const scene = installationScene();
  let me: Tenant;
  let fox: FoxReach;
  beforeEach(async () => {
    me = await scene.product.tenant();
    fox = foxreachOf(me);
  });

  const make = (lead: Fields): Promise<Fields> => fox.got('POST', '/leads', lead);
  const pathOf = ({ id }: Fields): string => `/leads/${String(id)}`;
  const uuidOf = ({ id }: Fields): string =>
    String(id).replace(/^cld_(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

  test('the timeline lists the activities of a lead, newest first', async () => {
    const lead = await make({ email: 'ada@lovelace.example' });
    assert.deepEqual(await fox.got('GET', `${pathOf(lead)}/activity`), { activities: [], campaigns: [] });
    const record = (activity: Fields): Promise<Fields> =>
      me.got('POST', '/v1/activities', { contact_id: uuidOf(lead), ...activity });
    const reply = await record({
      activity_type: 'email',
      occurred_at: '2026-01-03T09:00:00Z',
      metadata: { direction: 'received', subject: 'Re: Hello', body: 'b'.repeat(300) },
    });
    const call1 = await record({
      activity_type: 'call',
      occurred_at: '2026-01-02T09:00:00Z',
      metadata: { outcome: 'voicemail', notes: 'Call back' },
    });
    const sent = await record({
      activity_type: 'email',
      occurred_at: '2026-01-01T09:00:00Z',
      metadata: { direction: 'sent', subject: 'Hello' },
    });
    await me.got('POST', '/v1/activities', {
      contact_id: uuidOf(await make({ email: 'other@x.example' })),
      activity_type: 'note',
    });
    const idOf = ({ id }: Fields): string => `act_${String(id).replaceAll('-', '')}`;
    const none = {
      campaignName: null,
      sequenceStep: null,
      emailType: null,
      openedAt: null,
      clickedAt: null,
      category: null,
    };
    const { activities } = (await fox.got('GET', `${pathOf(lead)}/activity`)) as { activities: Fields[] };
    assert.deepEqual(activities, [
      {
        id: idOf(reply),
        type: 'reply_received',
        subject: 'Re: Hello',
        bodyPreview: 'b'.repeat(200),
        status: null,
        ...none,
        timestamp: '2026-01-03T09:00:00.000Z',
      },
      {
        id: idOf(call1),
        type: 'call',
        subject: '',
        bodyPreview: 'Call back',
        status: 'voicemail',
        ...none,
        timestamp: '2026-01-02T09:00:00.000Z',
      },
      {
        id: idOf(sent),
        type: 'email_sent',
        subject: 'Hello',
        bodyPreview: '',
        status: null,
        ...none,
        timestamp: '2026-01-01T09:00:00.000Z',
      },
    ]);
  });

  test('messages of campaigns and the campaigns themselves are part of it, for a key that may read them', async () => {
    const lead = await make({ email: 'ada@lovelace.example' });
    const campaign = await me.got('POST', '/v1/campaigns', {
      name: 'Spring',
      verification: 'off',
      sequence: [{ subject: 'Hello', body: 'Hi' }],
      contact_ids: [uuidOf(lead)],
    });
    const [member] = (await me.api('GET', `/v1/campaigns/${String(campaign['id'])}/leads`)).json.data as Fields[];
    const mailbox = await makeMailbox(scene.product, {
      organizationId: me.organization.id,
      email: 'me@mine.example',
    });
    const at = new Date(scene.clock.now()).toISOString();
    const sent = async (messageId: string, status: string): Promise<string> => {
      const id = await makeSent(scene.product, mailbox, {
        messageId,
        to: 'ada@lovelace.example',
        status,
        purpose: 'campaign',
      });
      await scene.product.db.execute(sql`
        UPDATE messages SET lead_id = ${member?.['id']}, campaign_id = ${campaign['id']}, contact_id = ${uuidOf(lead)}, step = 1, opened_at = ${at} WHERE id = ${id}`);
      return id;
    };
    const id = await sent('<one@mine.example>', 'sent');
    await sent('<waiting@mine.example>', 'deferred');
    await scene.product.db.execute(
      sql`UPDATE campaign_leads SET step = 1, last_sent_at = ${at} WHERE id = ${member?.['id']}`,
    );
    const path = `${pathOf(lead)}/activity`;
    const { activities, campaigns } = (await fox.got('GET', path)) as Record<string, Fields[]>;
    assert.deepEqual(activities, [
      {
        id: `eml_${id.replaceAll('-', '')}`,
        type: 'email_sent',
        subject: 'Hello',
        bodyPreview: 'Hello',
        status: 'sent',
        campaignName: 'Spring',
        sequenceStep: 1,
        emailType: 'campaign',
        openedAt: at,
        clickedAt: null,
        category: null,
        timestamp: at,
      },
    ]);
    assert.deepEqual(campaigns, [
      {
        campaignId: `cmp_${String(campaign['id']).replaceAll('-', '')}`,
        campaignName: 'Spring',
        status: 'queued',
        currentStep: 1,
        totalSent: 1,
        totalOpened: 2,
        lastSentAt: at,
        nextSendAt: member?.['due_at'],
        repliedAt: null,
      },
    ]);
    assert.equal((await fox.got('GET', pathOf(lead)))['lastContactedAt'], at);
    const reader = foxreachOf(await me.withKey({ scopes: ['contacts:read', 'crm:read'] }));
    assert.deepEqual(await reader.got('GET', path), { activities: [], campaigns: [] });
  });

  test('an opt-out shows as the status of the lead until it is lifted; setting the status stops campaigns', async () => {
    /** The status of a lead, which is the one by which a list finds it. */
    const statusOf = async (lead: Fields): Promise<unknown> => {
      const { status } = await fox.got('GET', pathOf(lead));
      for (const each of ['active', 'unsubscribed', ...(status === 'bounced' ? ['bounced'] : [])])
        for (const query of [`status=${each}`, `status=${each}&search=example&tags=a`]) {
          const { data, meta } = (await fox.call('GET', `/leads?${query}`)).json;
          const found = (data as unknown as Fields[]).some(({ id }) => id === lead['id']);
          assert.equal(found, each === status, query);
          assert.equal((meta as unknown as Fields)['total'], (data as unknown as Fields[]).length);
        }
      return status;
    };
    for (const [reason, status, stored] of [
      ['unsubscribed', 'unsubscribed', 'unsubscribed'],
      ['complaint', 'unsubscribed', 'unsubscribed'],
      ['hard_bounce', 'bounced', 'bounced'],
      ['manual', 'unsubscribed', 'active'],
    ] as const) {
      const lead = await make({ email: `${reason}@x.example`, tags: ['a'] });
      const made = await me.got('POST', '/v1/suppressions', { email: `${reason}@x.example`, reason });
      assert.equal(await statusOf(lead), status, reason);
      assert.equal((await me.got('GET', `/v1/contacts/${uuidOf(lead)}`))['status'], stored, reason);
      assert.equal((await me.api('DELETE', `/v1/suppressions/${String(made['id'])}`)).status, 204);
      assert.equal(await statusOf(lead), 'active', reason);
    }
    const lead = await make({ email: 'ada@Büro.lovelace.example', tags: ['a'] });
    const near = await make({ email: 'ada@notlovelace.example', firstName: 'lovelace.example', tags: ['a'] });
    for (const domain of ['lovelace.example', 'büro.lovelace.example'])
      await me.got('POST', '/v1/suppressions', { domain });
    assert.deepEqual([await statusOf(lead), await statusOf(near)], ['unsubscribed', 'active']);

    const ida = await make({ email: 'ida@rhodes.example', tags: ['a'] });
    const source = await me.got('POST', '/v1/inbound-sources', { provider: 'generic', name: 'Relay' });
    const post = JSON.stringify({ type: 'email.unsubscribed', email_id: 'x', recipient: 'Ida@rhodes.example' });
    const signature = createHmac('sha256', String(source['secret'])).update(post).digest('hex');
    const headers = { 'x-webhook-signature': signature };
    assert.equal((await callerOf(me.url, '').api('POST', String(source['path']), post, headers)).status, 200);
    assert.equal(await statusOf(ida), 'unsubscribed', 'a provider reported it');

    const grace = await make({ email: 'grace@hopper.example' });
    const campaign = async (): Promise<string> => {
      const made = await me.got('POST', '/v1/campaigns', {
        name: 'Spring',
        verification: 'off',
        mailbox_ids: [(await me.got('POST', '/v1/mailboxes', { email: 'me@mine.example', provider: 'capture' }))['id']],
        sequence: [{ subject: 'Hello', body: 'Hi', delay_days: 1 }],
      });
      return `/v1/campaigns/${String(made['id'])}`;
    };
    const path = await campaign();
    await me.got('POST', `${path}/leads`, { contact_ids: [uuidOf(grace)] });
    assert.equal((await me.api('POST', `${path}/launch?accept_warnings=true`)).status, 200);
    await fox.got('PATCH', pathOf(grace), { status: 'unsubscribed' });
    const [skipped] = (await me.api('GET', `${path}/skipped-actions`)).json.data as Fields[];
    assert.equal(skipped?.['code'], 'unsubscribed');
    const jean = await make({ email: 'jean@bartik.example', status: 'unsubscribed' });
    assert.deepEqual(await me.got('POST', `${path}/leads`, { contact_ids: [uuidOf(jean)] }), {
      added: 0,
      skipped: [{ contact_id: uuidOf(jean), reason: 'unsubscribed' }],
    });
    const leads = [{ email: 'mary@somerville.example', status: 'unsubscribed' }];
    assert.equal((await fox.got('POST', '/leads/import', { leads }))['created'], 1);
    const optedOut = (await me.api('GET', '/v1/suppressions?reason=unsubscribed')).json.data as Fields[];
    assert.deepEqual(
      optedOut.map(({ email }) => email),
      ['mary@somerville.example', 'jean@bartik.example', 'grace@hopper.example', 'ida@rhodes.example'],
    );
    const apart = await scene.product.db.query(sql`
      SELECT c.email_key FROM suppressions s JOIN contacts c ON c.organization_id = s.organization_id AND c.email_key = s.value
      WHERE s.organization_id = ${me.organization.id} AND s.reason = 'unsubscribed' AND c.xmin <> s.xmin`);
    assert.deepEqual(apart, [], 'the lead and its opt-out are one transaction');
  });

  test('of thousands of suppressed leads the newest are found, and the others by their status', async () => {
    for (const email of ['old@many.example', 'ada@far.example']) await make({ email });
    const organization = me.organization.id;
    await scene.product.db.execute(sql`
      INSERT INTO contacts (id, organization_id, email, email_key, first_name, status, search, tags, custom_fields, created_at, updated_at)
      SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, ${organization}, e, e, 'P', 'active', e || chr(31), '{}', '{}', now(), now()
      FROM (SELECT n, 'p' || n || '@many.example' AS e FROM generate_series(1, 10100) n) AS made`);
    await scene.product.db.execute(sql`
      INSERT INTO suppressions (id, organization_id, kind, hash, value, reason, created_at)
      SELECT gen_random_uuid(), organization_id, 'email', convert_to(email_key, 'UTF8'), email_key, 'import', now() FROM contacts
      WHERE organization_id = ${organization} AND email_key ~ '^p[0-9]*[0-9]@many' AND email_key <> 'p7@many.example'`);
    await me.got('POST', '/v1/suppressions', { domain: 'far.example' });
    const found = async (query: string): Promise<unknown[]> => {
      const { data, meta } = (await fox.call('GET', `/leads?${query}`)).json as unknown as {
        data: Fields[];
        meta: Fields;
      };
      return [data.map(({ email }) => email), meta['total']];
    };
    assert.deepEqual(await found('status=unsubscribed&pageSize=3'), [
      ['ada@far.example', 'p10100@many.example', 'p10099@many.example'],
      10_000,
    ]);
    assert.deepEqual(await found('status=active'), [['old@many.example', 'p7@many.example'], 2]);
    assert.deepEqual(await found('status=replied'), [[], 0]);
  });

  test('lastContactedAt is the time of the last email, call or meeting, for a key that may read activities', async () => {
    const lead = await make({ email: 'ada@lovelace.example' });
    const record = (activity_type: string, occurred_at: string, direction?: string): Promise<Fields> =>
      me.got('POST', '/v1/activities', {
        contact_id: uuidOf(lead),
        activity_type,
        occurred_at,
        ...(direction === undefined ? {} : { metadata: { direction } }),
      });
    const contactedAt = async (): Promise<unknown> => (await fox.got('GET', pathOf(lead)))['lastContactedAt'];
    for (const [type, day, direction, expected] of [
      ['note', '02', undefined, null],
      ['email', '02', 'received', null],
      ['call', '02', 'inbound', null],
      ['email', '01', 'sent', '01'],
      ['call', '03', 'outbound', '03'],
      ['meeting', '02', undefined, '03'],
      // In the future, so it is planned.
      ['meeting', '08', undefined, '03'],
    ] as const) {
      await record(type, `2026-01-${day}T09:00:00Z`, direction);
      assert.equal(await contactedAt(), expected && `2026-01-${expected}T09:00:00.000Z`, `${type} ${direction}`);
    }
    const [listed] = (await fox.call('GET', '/leads')).json.data as unknown as Fields[];
    assert.equal(listed?.['lastContactedAt'], '2026-01-03T09:00:00.000Z');
    const reader = foxreachOf(await me.withKey({ scopes: ['contacts:read'] }));
    assert.equal((await reader.got('GET', pathOf(lead)))['lastContactedAt'], null);
  });

  /** A message to somebody, and the reply. @returns the id of the thread */
  async function answered(mailbox: Fields, to: string, text: string, lead?: Fields): Promise<string> {
    const { id, email } = mailbox;
    const captured = `/v1/captured-messages/${await captureMessage(scene.product, String(id), to)}`;
    const { message_id: messageId } = await me.got('GET', captured);
    const made = { id: String(id) as MailboxId, organizationId: me.organization.id, email: String(email) };
    const sent = await makeSent(scene.product, made, { messageId: String(messageId), to });
    if (lead !== undefined)
      await scene.product.db.execute(sql`UPDATE messages SET contact_id = ${uuidOf(lead)} WHERE id = ${sent}`);
    const { id: received } = await me.got('POST', `${captured}/reply`, { text });
    return `rpl_${String(received).replaceAll('-', '')}`;
  }
  const mailbox = (fields: Fields = {}): Promise<Fields> =>
    me.got('POST', '/v1/mailboxes', { email: 'me@mine.example', provider: 'capture', ...fields });
  const threads = async (query = '', of = fox): Promise<{ ids: unknown[]; meta: Fields }> => {
    const { data, meta } = (await of.call('GET', `/inbox/threads${query}`)).json;
    return { ids: (data as unknown as Fields[]).map(({ id }) => id), meta: meta as unknown as Fields };
  };

  test('the inbox lists replies by category, mark, account, campaign and words of the lead or the sender', async () => {
    const box = await mailbox();
    const ada = await make({ email: 'ada@lovelace.example', firstName: 'Ada', company: 'Engines' });
    const yes = await answered(box, 'ada@lovelace.example', 'Sounds <script>interesting</script>. Tell me more.', ada);
    const no = await answered(box, 'grace@hopper.example', 'No thanks, we are not interested.');
    const away = await answered(box, 'jean@bartik.example', 'I am out of the office until 12 January 2026.');
    assert.deepEqual(await threads(), {
      ids: [away, no, yes],
      meta: { page: 1, pageSize: 20, total: 3, totalPages: 1 },
    });
    assert.deepEqual(await threads('?page=2&pageSize=2'), {
      ids: [yes],
      meta: { page: 2, pageSize: 2, total: 3, totalPages: 2 },
    });
    await fox.got('PATCH', `/inbox/threads/${no}`, { isRead: true });
    await fox.got('PATCH', `/inbox/${yes}`, { isStarred: true });
    const account = `acc_${String(box['id']).replaceAll('-', '')}`;
    for (const [query, ids] of [
      ['category=interested', [yes]],
      ['category=not_interested', [no]],
      ['category=out_of_office', [away]],
      ['category=unknown', []],
      ['category=bounce', []],
      ['isRead=false', [away, yes]],
      ['isRead=true', [no]],
      ['isStarred=true', [yes]],
      ['isStarred=false&category=interested', []],
      [`accountId=${account}&isRead=false`, [away, yes]],
      ['accountId=nonsense', []],
      [`campaignId=cmp_${account.slice(4)}`, []],
      ['search=engines%20ada', [yes]],
      ['search=bartik', [away]],
      ['search=example&category=interested', [yes]],
      ['search=100%25', []],
      ['search=%20', [away, no, yes]],
    ] as const)
      assert.deepEqual((await threads(`?${query}`)).ids, ids, query);
    for (const wrong of ['category=hot', 'isRead=1', 'pageSize=101', 'page=0', 'colour=red'])
      await fox.refusal(422, 'GET', `/inbox/threads?${wrong}`);
    const blind = foxreachOf(await me.withKey({ scopes: ['replies:read'] }));
    assert.deepEqual((await threads('?search=engines', blind)).ids, [], 'it may not read contacts');
    assert.deepEqual((await threads('?search=ada@', blind)).ids, [yes]);

    const thread = await fox.got('GET', `/inbox/${yes}`);
    assert.match(String(thread['body']), /^Sounds &lt;script&gt;interesting&lt;\/script&gt;\. Tell me more\.<br>\n/);
    assert.match(String(thread['bodyPlain']), /^Sounds <script>/);
    assert.deepEqual([thread['leadId'], thread['campaignId'], thread['accountId']], [ada['id'], null, account]);
    const [reply] = ((await fox.got('GET', `${pathOf(ada)}/activity`)) as { activities: Fields[] }).activities;
    assert.deepEqual(
      [reply?.['id'], reply?.['type'], reply?.['subject'], reply?.['category']],
      [yes, 'reply_received', 'Re: Hello', 'interested'],
    );
    assert.deepEqual(await fox.got('GET', '/inbox/stats'), {
      total: 3,
      unread: 2,
      interested: 1,
      notInterested: 1,
      outOfOffice: 1,
      uncategorized: 0,
      unknown: 0,
      totalSent: 0,
    });
  });

  test('a category is changed by hand, and reported in the words of the vendor', async () => {
    const receiver = await scene.receive();
    await fox.got('POST', '/webhooks', { url: receiver.url, events: ['reply.received', 'reply.categorized'] });
    const id = await answered(await mailbox(), 'ada@lovelace.example', 'How much is it for twenty people?');
    const native = `/v1/replies/${id.replace(/^rpl_(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`;
    const change = (category: string) => fox.got('PATCH', `/inbox/${id}`, { category });
    assert.equal((await change('interested'))['category'], 'interested');
    assert.equal((await me.got('GET', native))['classification'], 'question', 'it had the category before');
    assert.equal((await change('uncategorized'))['category'], 'uncategorized');
    assert.equal((await me.got('GET', native))['source'], 'person');
    assert.deepEqual(await fox.got('PATCH', `/inbox/threads/${id}`, {}), await fox.got('GET', `/inbox/${id}`));
    for (const wrong of [{ category: 'bounce' }, { category: null }, { isRead: 'yes' }, { colour: 'red' }])
      await fox.refusal(422, 'PATCH', `/inbox/${id}`, wrong);
    await eventually(() => receiver.arrivals.length >= 3, 'three arrived');
    const bodies = receiver.arrivals.map(({ body }) => JSON.parse(body) as { event: string; data: Fields });
    const dataOf = (event: string) => bodies.filter((body) => body.event === event).map(({ data }) => data);
    assert.deepEqual(
      dataOf('reply.received').map(({ replyId, fromEmail, subject }) => [replyId, fromEmail, subject]),
      [[id, 'ada@lovelace.example', 'Re: Hello']],
    );
    assert.deepEqual(
      dataOf('reply.categorized').toSorted((a, b) => String(a['category']).localeCompare(String(b['category']))),
      [
        { replyId: id, category: 'interested', previousCategory: null },
        { replyId: id, category: 'uncategorized', previousCategory: 'interested' },
      ],
    );
  });

  test('an answer is sent in the thread, and others see and change nothing of it', async () => {
    const box = await mailbox();
    const id = await answered(box, 'ada@lovelace.example', 'Tell me more.');
    const path = `/inbox/threads/${id}`;
    const sent = await fox.call('POST', `${path}/reply`, { body: '<p>Gladly,<br>Grace</p>', subject: ' ' });
    assert.equal(sent.status, 200, sent.text);
    const [message] = (await me.api('GET', '/v1/messages?direction=outbound&limit=1')).json.data as Fields[];
    const { messageId } = sent.json.data as unknown as Fields;
    assert.deepEqual(
      [message?.['message_id'], message?.['to'], message?.['mailbox_id']],
      [messageId, 'ada@lovelace.example', box['id']],
    );
    const {
      subject,
      text,
      html,
      reply_to_message_id: answers,
    } = await me.got('GET', `/v1/messages/${String(message?.['id'])}`);
    assert.deepEqual(
      [subject, text, html, `rpl_${String(answers).replaceAll('-', '')}`],
      ['Re: Hello', 'Gladly,\nGrace', '<p>Gladly,<br>Grace</p>', id],
    );
    for (const body of [{}, { body: null }, { body: ' \n' }])
      assert.equal(await fox.refusal(400, 'POST', `${path}/reply`, body), 'Reply body is required');
    const { messages, lead, campaign } = (await fox.got('GET', `${path}/conversation`)) as unknown as {
      messages: Fields[];
      lead: unknown;
      campaign: unknown;
    };
    assert.deepEqual(
      messages.map(({ direction }) => direction),
      ['sent', 'received', 'sent'],
    );
    assert.deepEqual([lead, campaign], [null, null]);
    await me.got('POST', '/v1/suppressions', { email: 'ada@lovelace.example' });
    assert.match(await fox.refusal(422, 'POST', `${path}/reply`, { body: 'Hello?' }), /suppressed/);

    const calls = [
      ['GET', `/inbox/${id}`],
      ['PATCH', `/inbox/${id}`, { isRead: true }],
      ['PATCH', path, { isRead: true }],
      ['GET', `${path}/conversation`],
      ['POST', `${path}/reply`, { body: 'Hi' }],
    ] as const;
    const stranger = foxreachOf(await scene.product.tenant());
    const bound = foxreachOf(await me.withKey({ workspaceId: await me.workspace('sales') }));
    for (const other of [stranger, bound]) {
      for (const [method, at, body] of calls)
        assert.equal(await other.refusal(404, method, at, body), 'Thread not found.');
      assert.deepEqual((await threads('', other)).ids, []);
      assert.equal((await other.got('GET', '/inbox/stats'))['total'], 0);
    }
    for (const odd of ['x', id.slice(4), id.replace('rpl_', 'cld_')])
      for (const [method, at, body] of calls) await fox.refusal(404, method, at.replace(id, odd), body);
    const reader = foxreachOf(await me.withKey({ scopes: ['replies:read'] }));
    assert.equal((await reader.got('GET', `/inbox/${id}`))['isRead'], false);
    for (const [method, at, body] of calls.slice(1)) await reader.refusal(403, method, at, body);
  });
});
