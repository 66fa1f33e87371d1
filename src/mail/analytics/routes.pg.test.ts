import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { WorkspaceId } from '../../base/ids.ts';
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
    const sums = await me.got('GET', '/v1/analytics');
    assert.deepEqual([sums['campaigns'], sums['active_campaigns'], (sums['totals'] as Fields)['leads']], [1, 1, 500]);
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
