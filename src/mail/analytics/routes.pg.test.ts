import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { makeMailbox, makeSent } from '../../../test/harness/imap-scene.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { WorkspaceId } from '../../base/ids.ts';
import { dayMs, dayOf, hourMs } from '../../base/clock.ts';
import { sql } from '../../db/sql.ts';
import { count } from './index.ts';

describe('the figures of campaigns', () => {
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));

  async function measured(organizationId: string, workspace: WorkspaceId | null = null): Promise<string> {
    const { db, ids } = scene.product;
    const campaignId = ids.next();
    await db.execute(sql`
      INSERT INTO campaigns (id, organization_id, workspace_id, name, icp, status, schedule, tracking, stop, unsubscribe, verification, cooldown_days, company_max, new_leads_first, revision, created_at, updated_at)
      VALUES (${campaignId}, ${organizationId}, ${workspace}, 'Test', '{}', 'active', '{}', '{"opens":true,"clicks":false}', '{}', 'header', 'off', 0, 0, false, 1, now(), now())`);
    const of = { campaignId, organizationId };
    const stats = { stepId: ids.next(), mailboxId: ids.next(), provider: 'google' };
    await db.transaction((tx) =>
      count(tx, [
        { ...of, totals: { leads: 500, contacted: 400, sent: 400, bounced: 4, replied: 40, opened: 100 } },
        {
          ...of,
          stats: { ...stats, day: '2026-01-05', variant: 'a', sent: 200, replied: 8, bounced_hard: 3, opened: 60 },
        },
        { ...of, stats: { ...stats, day: '2026-01-06', variant: 'b', sent: 200, replied: 32, blocked: 1, opened: 40 } },
      ]),
    );
    return campaignId;
  }

  test('have rates with intervals, breakdowns, a winner, and null for what is not tracked', async () => {
    const me = await scene.product.tenant();
    const id = await measured(me.organization.id);
    const report = await me.got('GET', `/v1/campaigns/${id}/analytics`);
    const { totals, rates } = report as { totals: Fields; rates: Record<string, Fields | null> };
    assert.deepEqual([totals['sent'], totals['opened'], totals['clicked']], [400, 100, null]);
    assert.deepEqual(rates['reply'], { count: 40, of: 400, value: 0.1, low: 0.0743, high: 0.1333 });
    assert.equal(rates['click'], null);
    const keyed = (name: string, key: string) => (report[name] as Fields[]).map((row) => [row[key], row['sent']]);
    assert.deepEqual(
      keyed('variants', 'variant').toSorted((one, other) => String(one[0]).localeCompare(String(other[0]))),
      [
        ['a', 200],
        ['b', 200],
      ],
    );
    assert.deepEqual(keyed('days', 'day'), [
      ['2026-01-06', 200],
      ['2026-01-05', 200],
    ]);
    assert.deepEqual(keyed('providers', 'provider'), [['google', 400]]);
    assert.deepEqual([keyed('steps', 'step_id').length, keyed('mailboxes', 'mailbox_id').length], [1, 1]);
    assert.equal((report['comparisons'] as Fields[])[0]?.['winner'], 'b');
    assert.equal(report['time_to_reply'], null);
    const sums = await me.got('GET', '/v1/analytics');
    assert.deepEqual(
      [(sums['totals'] as Fields)['opened'], (sums['totals'] as Fields)['clicked'], (sums['rates'] as Fields)['click']],
      [100, null, null],
    );
    assert.deepEqual([sums['campaigns'], sums['active_campaigns'], (sums['totals'] as Fields)['leads']], [1, 1, 500]);
  });

  test('have the median time to reply, of the campaign and of each step', async () => {
    const { db, clock } = scene.product;
    const me = await scene.product.tenant();
    const organizationId = me.organization.id;
    const mailbox = await makeMailbox(scene.product, { organizationId, email: 'me@mine.example' });
    const contacts = await Promise.all(
      ['a', 'b', 'c', 'd'].map(
        async (name) =>
          (await scene.product.crm.contacts.create({ organizationId }, { email: `${name}@x.example` })).id,
      ),
    );
    const made = await me.got('POST', '/v1/campaigns', {
      name: 'Spring',
      verification: 'off',
      sequence: [
        { subject: 'Hi', body: 'Hello' },
        { body: 'Again', delay_days: 1 },
      ],
      contact_ids: contacts,
    });
    const path = `/v1/campaigns/${String(made['id'])}`;
    const steps = (made['sequence'] as Fields[]).map(({ id }) => String(id));
    const leads = (await me.api('GET', `${path}/leads`)).json.data as Fields[];
    const at = (hours: number): Date => new Date(clock.now() + hours * hourMs);
    /** Messages of a lead: the step, and the hour at which it was sent. */
    const sent = async (lead: unknown, messages: readonly (readonly [step: number, hour: number])[]): Promise<void> => {
      for (const [step, hour] of messages) {
        const messageId = `<${String(lead)}-${hour}@mine.example>`;
        const id = await makeSent(scene.product, mailbox, { messageId, to: 'a@x.example', purpose: 'campaign' });
        await db.execute(
          sql`UPDATE messages SET lead_id = ${lead}, step_id = ${steps[step]}, sent_at = ${at(hour)} WHERE id = ${id}`,
        );
        await db.transaction((tx) =>
          count(tx, [
            {
              campaignId: String(made['id']),
              organizationId,
              stats: {
                day: '2026-01-05',
                stepId: steps[step] ?? '',
                variant: null,
                mailboxId: mailbox.id,
                provider: null,
                sent: 1,
              },
            },
          ]),
        );
      }
    };
    const replied = (lead: unknown, hour: number) =>
      db.execute(sql`UPDATE campaign_leads SET replied_at = ${at(hour)} WHERE id = ${lead}`);
    const [one, two, three, four] = leads.map(({ id }) => id);
    await sent(one, [[0, 0]]);
    await replied(one, 2);
    await sent(two, [[0, 0]]);
    await replied(two, 6);
    await sent(three, [
      [0, 0],
      [1, 24],
      [1, 48],
    ]);
    await replied(three, 25);
    await sent(four, [[0, 0]]);
    const report = await me.got('GET', `${path}/analytics`);
    assert.deepEqual(report['time_to_reply'], { replies: 3, median_seconds: 2 * 3_600 });
    const byStep = new Map((report['steps'] as Fields[]).map((row) => [row['step_id'], row['time_to_reply']]));
    assert.deepEqual(
      steps.map((id) => byStep.get(id)),
      [
        { replies: 2, median_seconds: 4 * 3_600 },
        { replies: 1, median_seconds: 3_600 },
      ],
    );
  });

  test("are FoxReach's, in per cent, with a list of days in order", async () => {
    const me = await scene.product.tenant();
    const id = await measured(me.organization.id);
    const call = async (path: string) =>
      (await me.api('GET', `/api/v1/analytics/${path}`, undefined, { 'x-api-key': me.key })).json.data as Fields;
    const { dailyStats, ...campaign } = await call(`campaigns/cmp_${id.replaceAll('-', '')}`);
    assert.deepEqual(campaign, {
      sent: 400,
      delivered: 396,
      bounced: 4,
      replied: 40,
      opened: 100,
      opensTracked: true,
      replyRate: 10,
      bounceRate: 1,
    });
    assert.deepEqual(dailyStats, [
      { date: '2026-01-05', sent: 200, delivered: 197, bounced: 3, replied: 8, opened: 60 },
      { date: '2026-01-06', sent: 200, delivered: 199, bounced: 1, replied: 32, opened: 40 },
    ]);
    assert.deepEqual(await call('overview'), {
      totalAccounts: 0,
      activeAccounts: 0,
      totalCampaigns: 1,
      activeCampaigns: 1,
      totalLeads: 500,
      totalSent: 400,
      totalReplies: 40,
      replyRate: 10,
      accountHealthAvg: 0,
    });
    const mailbox = await me.got('POST', '/v1/mailboxes', { email: 'ada@lovelace.example', provider: 'capture' });
    const rates = async (): Promise<unknown[]> => {
      const { json } = await me.api('GET', '/api/v1/email-accounts', undefined, { 'x-api-key': me.key });
      return (json.data as Fields[]).map(({ replyRate, bounceRate }) => [replyRate, bounceRate]);
    };
    assert.deepEqual(await rates(), [[null, null]]);
    const stats = {
      stepId: scene.product.ids.next<string>(),
      mailboxId: String(mailbox['id']),
      variant: 'a',
      provider: null,
    };
    const today = scene.product.clock.now();
    await scene.product.db.transaction((tx) =>
      count(
        tx,
        [
          { ...stats, day: dayOf(today), sent: 80, replied: 6, bounced_hard: 1, blocked: 1 },
          { ...stats, day: dayOf(today - 31 * dayMs), sent: 920, replied: 9 },
        ].map((each) => ({ campaignId: id, organizationId: me.organization.id, stats: each })),
      ),
    );
    assert.deepEqual(await rates(), [[7.5, 2.5]]);
  });

  test('of another organization or workspace do not exist, and are in no sum', async () => {
    const [me, stranger] = [await scene.product.tenant(), await scene.product.tenant()];
    const [north, south] = [await me.workspace('North'), await me.workspace('South')];
    const id = await measured(me.organization.id, north);
    const [own, other] = [await me.withKey({ workspaceId: north }), await me.withKey({ workspaceId: south })];
    assert.equal((await own.api('GET', `/v1/campaigns/${id}/analytics`)).status, 200);
    for (const caller of [stranger, other]) {
      assert.equal((await caller.api('GET', `/v1/campaigns/${id}/analytics`)).status, 404);
      assert.equal((await caller.got('GET', '/v1/analytics'))['campaigns'], 0);
    }
  });
});
