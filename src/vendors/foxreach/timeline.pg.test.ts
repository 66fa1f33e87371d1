import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { foxreachOf } from '../../../test/harness/foxreach.ts';
import type { FoxReach } from '../../../test/harness/foxreach.ts';
import { makeMailbox, makeSent } from '../../../test/harness/imap-scene.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { sql } from '../../db/sql.ts';

describe("FoxReach's timeline of a lead", () => {
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
});
