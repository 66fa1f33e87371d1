import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { assertRefused } from '../../../test/harness/edge-routes.ts';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { sql } from '../../db/sql.ts';
import { count } from '../analytics/index.ts';
import type { Figures } from '../analytics/index.ts';
import { campaignInput } from './index.ts';

const path = '/v1/campaigns';
const never = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22';

describe('campaigns over HTTP', () => {
  const scene = installationScene(() => ({ config: { roles: ['api', 'mail'] } }));
  let tenant: Tenant;
  before(async () => {
    tenant = await scene.product.tenant();
  });

  let made = 0;
  const mailbox = async (caller: Caller = tenant, fields: Fields = {}): Promise<string> =>
    String(
      (
        await caller.got('POST', '/v1/mailboxes', {
          email: `m${(made += 1)}@hopper.example`,
          provider: 'capture',
          ...fields,
        })
      )['id'],
    );
  /** Creates a campaign as `POST /v1/campaigns` does. @returns its id */
  const make = async (given: object = {}, who: Partial<{ workspaceId: string }> = {}): Promise<string> => {
    const { campaigns } = scene.product.mail;
    const row = await scene.product.tenancy.db.transaction((tx) =>
      campaigns.create(
        tx,
        { organizationId: tenant.organization.id, workspaceId: who.workspaceId as undefined },
        campaignInput({ name: 'Spring launch', ...given }),
      ),
    );
    return row.id;
  };
  const launch = (id: string): Promise<unknown> =>
    scene.product.tenancy.db.transaction((tx) => scene.product.mail.campaigns.activate(tx, id, scene.clock.now()));
  const totals = (id: string, added: Partial<Figures>): Promise<void> =>
    scene.product.tenancy.db.transaction(async (tx) =>
      scene.product.mail.campaigns.onTotals(
        tx,
        await count(tx, [{ campaignId: id, organizationId: tenant.organization.id, totals: added }]),
        scene.clock.now(),
      ),
    );
  const get = (id: string): Promise<Fields> => tenant.got('GET', `${path}/${id}`);
  const act = (id: string, what: string) => tenant.api('POST', `${path}/${id}/${what}`);
  const events = async (id: string): Promise<(readonly [unknown, unknown, unknown])[]> => {
    const rows = await scene.product.db.query(sql<{ type: string; data: Buffer }>`
      SELECT type, data FROM events WHERE organization_id = ${tenant.organization.id} AND type LIKE 'campaign.%' ORDER BY id`);
    return rows.flatMap(({ type, data }) => {
      const { campaign_id: of, status, reason } = JSON.parse(data.toString()) as Fields;
      return of === id ? [[type, status, reason] as const] : [];
    });
  };
  const steps = async (id: string): Promise<Fields[]> => (await get(id))['sequence'] as Fields[];

  test('a draft is read, listed, changed and deleted', async () => {
    const other = await scene.product.tenant();
    const box = await mailbox();
    const id = await make({
      goal: 'Meetings',
      icp: { countries: ['NO'] },
      mailbox_ids: [box],
      sequence: [
        { subject: 'Hi', body: 'Hello' },
        { body: 'Again', variants: [{ body: 'B', weight: 3 }] },
      ],
    });
    const campaign = await get(id);
    assert.deepEqual(
      {
        ...campaign,
        sequence: (campaign['sequence'] as Fields[]).map((step) => [
          step['number'],
          step['delay_days'],
          step['status'],
        ]),
      },
      {
        id,
        workspace_id: null,
        name: 'Spring launch',
        goal: 'Meetings',
        context: null,
        status: 'draft',
        pause_reason: null,
        pause_detail: null,
        icp: { countries: ['NO'] },
        mailbox_ids: [box],
        schedule: {
          timezone: 'UTC',
          use_lead_timezone: false,
          windows: [{ days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' }],
          holidays: [],
          dates: [],
        },
        daily_limit: null,
        new_leads_limit: null,
        tracking: { opens: false, clicks: false },
        stop: { on_reply: true, company: 'campaign' },
        unsubscribe: 'header',
        topic_id: null,
        verification: 'risky',
        cooldown_days: 30,
        company_max: 3,
        new_leads_first: false,
        pipeline: [
          { step: 'discover', status: 'pending', leads: 0, added: 0, skipped: 0 },
          { step: 'verify', status: 'pending', verified: 0, pending: 0 },
          { step: 'send', status: 'pending', contacted: 0, sent: 0, open: 0 },
        ],
        sequence: [
          [1, 0, 'pending'],
          [2, 1, 'pending'],
        ],
        metrics: {
          leads: 0,
          contacted: 0,
          sent: 0,
          delivered: 0,
          bounced: 0,
          opened: null,
          clicked: null,
          replied: 0,
          positive_replies: 0,
          unsubscribed: 0,
          meetings: 0,
          skipped: 0,
        },
        revision: 1,
        starts_at: null,
        waits_for_start: false,
        started_at: null,
        completed_at: null,
        created_at: campaign['created_at'],
        updated_at: campaign['created_at'],
      },
    );
    const second = await make();
    const listed = (await tenant.api('GET', `${path}?page_size=2`)).json;
    assert.deepEqual(
      (listed.data as Fields[]).map((each) => each['id']),
      [second, id],
    );
    assert.deepEqual((await tenant.api('GET', `${path}?status=active`)).json.data, []);
    for (const [method, below] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/pause'],
      ['POST', '/resume'],
      ['POST', '/archive'],
    ] as const)
      for (const [caller, at] of [
        [other, id],
        [tenant, never],
      ] as const)
        assertRefused(
          await caller.api(method, `${path}/${at}${below}`, method === 'PATCH' ? {} : undefined),
          404,
          'not_found',
        );

    const changed = await tenant.got('PATCH', `${path}/${id}`, { name: 'Autumn launch', tracking: { opens: true } });
    assert.deepEqual(
      [changed['name'], changed['tracking'], changed['revision'], (changed['metrics'] as Fields)['opened']],
      ['Autumn launch', { opens: true, clicks: false }, 2, 0],
    );
    assert.equal((await tenant.api('DELETE', `${path}/${id}`)).status, 204);
    assertRefused(await tenant.api('GET', `${path}/${id}`), 404, 'not_found');
  });

  test('an edit names the revision it was made on', async () => {
    const id = await make();
    const url = `${path}/${id}`;
    const etag = (await tenant.api('GET', url)).headers.get('etag') ?? '';
    const of = (revision: number): string => `"${revision}-${id.slice(-12)}"`;
    assert.equal(etag, of(1));
    // That of another campaign, with the same revision.
    const other = `${path}/${await make()}`;
    assert.equal((await tenant.api('PATCH', other, { name: 'Two' }, { 'if-match': etag })).status, 412);
    const edits = await Promise.all(
      ['One', 'Two'].map((name) => tenant.api('PATCH', url, { name }, { 'if-match': etag })),
    );
    assert.deepEqual(
      edits.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 412],
    );
    assert.equal((await tenant.api('PATCH', url, { name: 'Three' }, { 'if-match': of(2) })).headers.get('etag'), of(3));
    assert.match((await tenant.api('PATCH', url, {}, { 'if-match': '2' })).text, /If-Match: must be the ETag/);
    // A change of the state is one, too; a call that changes nothing is none.
    await totals(id, { leads: 1, open: 1 });
    await launch(id);
    const launched = (await tenant.api('GET', url)).headers.get('etag') ?? '';
    assert.equal((await tenant.api('PATCH', url, { name: 'Four' }, { 'if-match': of(3) })).status, 412);
    assert.equal((await act(id, 'pause')).status, 200);
    const paused = (await act(id, 'pause')).headers.get('etag');
    assert.equal((await tenant.api('GET', url)).headers.get('etag'), paused);
    assert.equal((await tenant.api('PATCH', url, { name: 'Four' }, { 'if-match': launched })).status, 412);
  });

  test('pausing, resuming and archiving can be repeated, and each change is one event and one line of the log', async () => {
    const id = await make({ mailbox_ids: [await mailbox()] });
    for (const what of ['pause', 'resume'])
      assert.match((await act(id, what)).text, /cannot be (paused|resumed): it was not launched yet/);
    await totals(id, { leads: 3, open: 3 });
    await Promise.all([launch(id), launch(id)]);
    assertRefused(await tenant.api('DELETE', `${path}/${id}`), 409, 'conflict');
    const answers = await Promise.all([act(id, 'pause'), act(id, 'pause'), act(id, 'pause')]);
    assert.deepEqual(
      answers.map(({ status, json }) => [
        status,
        (json.data as Fields)['status'],
        (json.data as Fields)['pause_reason'],
      ]),
      Array.from({ length: 3 }, () => [200, 'paused', 'user']),
    );
    for (const [what, status] of [
      ['resume', 'active'],
      ['resume', 'active'],
      ['archive', 'archived'],
      ['archive', 'archived'],
    ])
      assert.equal(((await act(id, String(what))).json.data as Fields)['status'], status);
    assert.match((await act(id, 'resume')).text, /cannot be resumed: it is archived/);
    assert.match((await tenant.api('PATCH', `${path}/${id}`, { name: 'X' })).text, /cannot be changed: it is archived/);
    assert.deepEqual(await events(id), [
      ['campaign.started', 'active', null],
      ['campaign.paused', 'paused', 'paused'],
      ['campaign.started', 'active', null],
      ['campaign.paused', 'archived', 'archived'],
    ]);
    const lines = scene.product.logged.filter(({ msg, campaign_id: of }) => msg === 'campaign.status' && of === id);
    assert.deepEqual(
      lines.map(({ from, to }) => [from, to]),
      [
        ['draft', 'active'],
        ['active', 'paused'],
        ['paused', 'active'],
        ['active', 'archived'],
      ],
    );
  });

  test('C15: a campaign that bounces pauses with the numbers, and counts from zero once it is resumed', async () => {
    const id = await make();
    await totals(id, { leads: 200, open: 200 });
    await launch(id);
    await totals(id, { sent: 58, bounced: 3 });
    const paused = await get(id);
    assert.deepEqual(
      [paused['status'], paused['pause_reason'], String(paused['pause_detail']).slice(0, 34)],
      ['paused', 'bounce_guard', '3 of 58 messages bounced (5.17 %);'],
    );
    await act(id, 'resume');
    await totals(id, { sent: 49, bounced: 9 });
    assert.equal((await get(id))['status'], 'active');
    await totals(id, { sent: 1 });
    assert.equal((await get(id))['status'], 'paused');
    assert.deepEqual((await events(id)).at(-1), ['campaign.paused', 'paused', 'bounce_guard']);
  });

  test('C16: it is completed once, when no lead is open, and continues with new ones', async () => {
    const id = await make();
    await totals(id, { leads: 2, open: 2 });
    await launch(id);
    await Promise.all([totals(id, { open: -1 }), totals(id, { open: -1 })]);
    const completed = await get(id);
    assert.deepEqual([completed['status'], typeof completed['completed_at']], ['completed', 'string']);
    assert.match((await act(id, 'pause')).text, /it is completed/);
    await totals(id, { leads: 1, open: 1 });
    await act(id, 'pause');
    await totals(id, { open: -1 });
    assert.equal((await get(id))['status'], 'paused');
    await act(id, 'resume');
    assert.deepEqual(
      (await events(id)).map(([type]) => type),
      [
        'campaign.started',
        'campaign.completed',
        'campaign.started',
        'campaign.paused',
        'campaign.started',
        'campaign.completed',
      ],
    );
  });

  test('a sequence is edited by the ids of its steps, and due times are computed again only if they may differ', () =>
    scene.product.db.transaction(async (turn) => {
      // Otherwise the runner would compute them between the edit and the look: this is its lock.
      await turn.execute(sql`SELECT pg_advisory_xact_lock(${0x72706c6e}::bigint)`);
      const id = await make({ sequence: [{ subject: 'One', body: '1' }, { body: '2' }, { body: '3' }] });
      const replanned = async (): Promise<boolean> => {
        const [row] = await scene.product.db.query(
          sql<{ replans: boolean }>`SELECT replan_after IS NOT NULL AS replans FROM campaigns WHERE id = ${id}`,
        );
        await scene.product.db.execute(sql`UPDATE campaigns SET replan_after = NULL WHERE id = ${id}`);
        return row?.replans === true;
      };
      const edit = (sequence: readonly object[]) => tenant.api('PATCH', `${path}/${id}`, { sequence });
      const [one = {}, two = {}, three = {}] = await steps(id);
      const of = ({ id: step, subject, body, delay_days: days }: Fields) => ({
        id: step,
        subject,
        body,
        delay_days: days,
      });
      assert.equal((await edit([{ ...of(one), body: 'First' }, of(two), of(three)])).status, 200);
      assert.deepEqual([(await steps(id)).map(({ revision }) => revision), await replanned()], [[2, 1, 1], false]);
      assert.equal((await edit([of(one), { body: 'between' }, of(three), { body: 'last' }])).status, 200);
      assert.deepEqual(
        [(await steps(id)).map(({ body }) => body), await replanned()],
        [['1', 'between', '3', 'last'], true],
      );
      await totals(id, { contacted: 1 });
      assert.match((await edit([of(three), of(one)])).text, /sequence: must keep the order/);
      assert.match((await edit([{ ...of(one), id: two['id'] }])).text, /sequence.0.id: is not a step of this campaign/);
      assert.equal((await steps(id)).length, 4);
      await tenant.got('PATCH', `${path}/${id}`, { daily_limit: 5 });
      assert.equal(await replanned(), false);
      await tenant.got('PATCH', `${path}/${id}`, { schedule: { timezone: 'europe/oslo', days: [1], start: '08:00' } });
      assert.equal(await replanned(), true);
    }));

  test('mailboxes of others and of other workspaces are refused by their place', async () => {
    const [mine, stranger] = [await mailbox(), await mailbox(await scene.product.tenant())];
    const workspace = await tenant.workspace('sales');
    const bound = await tenant.withKey({ workspaceId: workspace });
    const theirs = await mailbox(bound);
    const id = await make({ mailbox_ids: [mine] });
    const { details } = assertRefused(
      await tenant.api('PATCH', `${path}/${id}`, { mailbox_ids: [mine, stranger, theirs, never] }),
      422,
      'validation_failed',
    );
    assert.deepEqual(details, {
      'mailbox_ids.1': 'does not exist in this organization',
      'mailbox_ids.2': 'belongs to another workspace than the campaign',
      'mailbox_ids.3': 'does not exist in this organization',
    });
    const own = await make({ workspace_id: workspace, mailbox_ids: [mine, theirs] });
    assert.deepEqual((await bound.got('GET', `${path}/${own}`))['mailbox_ids'], [mine, theirs]);
    const seen = assertRefused(
      await bound.api('PATCH', `${path}/${own}`, { mailbox_ids: [never] }),
      422,
      'validation_failed',
    );
    assert.deepEqual(seen.details, { 'mailbox_ids.0': 'does not exist in this workspace' });
    assertRefused(await bound.api('GET', `${path}/${id}`), 404, 'not_found');
    assert.deepEqual(
      ((await bound.api('GET', path)).json.data as Fields[]).map((each) => each['id']),
      [own],
    );
    await assert.rejects(make({ mailbox_ids: [never] }), /mailbox_ids.0: does not exist/);
    await assert.rejects(make({}, { workspaceId: never }), /./);
  });

  test('a campaign whose last mailbox is disconnected pauses', async () => {
    const [first, last] = [await mailbox(), await mailbox()];
    const id = await make({ mailbox_ids: [first, last] });
    await totals(id, { leads: 1, open: 1 });
    await launch(id);
    await tenant.api('DELETE', `/v1/mailboxes/${first}`);
    assert.equal((await get(id))['status'], 'active');
    await tenant.api('DELETE', `/v1/mailboxes/${last}`);
    assert.deepEqual([(await get(id))['status'], (await get(id))['pause_reason']], ['paused', 'no_mailbox']);
    assert.deepEqual(
      (
        (await tenant.got('PATCH', `${path}/${id}`, { mailbox_ids: [first, await mailbox()] }))[
          'mailbox_ids'
        ] as unknown[]
      ).length,
      2,
    );
  });

  test('bad input names the field', async () => {
    const id = await make();
    const refused = async (body: object, field: string, problem: RegExp) => {
      const { details } = assertRefused(await tenant.api('PATCH', `${path}/${id}`, body), 422, 'validation_failed');
      assert.match(String(details[field]), problem, JSON.stringify(details));
    };
    const step = { body: 'Hi' };
    await refused(
      { sequence: [{ ...step, variants: Array.from({ length: 1_000 }, () => step) }] },
      'sequence.0.variants',
      /at most 20/,
    );
    await refused({ sequence: [{ ...step, variants: [{ weight: 0 }] }] }, 'sequence.0.variants', /weight is above 0/);
    await refused({ sequence: [{ ...step, subject: 'a\nb' }] }, 'sequence.0.subject', /one line/);
    await refused({ sequence: [{ body: 'x'.repeat(100_001) }] }, 'sequence.0.body', /at most/);
    await refused({ sequence: Array.from({ length: 51 }, () => step) }, 'sequence', /at most 50/);
    await refused(
      { sequence: Array.from({ length: 12 }, () => ({ body: 'x'.repeat(90_000) })) },
      'sequence',
      /at most 1,000,000 characters/,
    );
    await refused({ schedule: { days: [], start: '09:00' } }, 'schedule.days', /a day/);
    await refused({ schedule: { start: '17:00', end: '09:00' } }, 'schedule.end', /after start/);
    await refused({ mailbox_ids: ['x'] }, 'mailbox_ids.0', /./);
    await refused({ reassign_to: never, mailbox_ids: [await mailbox()] }, 'reassign_to', /one of mailbox_ids/);
    await refused({ status: 'active' }, 'status', /unknown field/);
  });
});
