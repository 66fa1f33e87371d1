import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { foxreachOf } from '../../../test/harness/foxreach.ts';
import type { FoxReach } from '../../../test/harness/foxreach.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';

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
