import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { count } from '../../mail/analytics/index.ts';
import { foxreachId, uuidOf } from './wire-ids.ts';

const path = '/api/v1/campaigns';

/** As the SDK calls: the key in a header, and a JSON content type on every request. */
describe("FoxReach's campaigns", () => {
  const scene = installationScene(() => ({ config: { roles: ['api', 'mail'] } }));
  let tenant: Tenant;
  before(async () => {
    tenant = await scene.product.tenant();
  });

  async function call(method: string, below: string, body?: unknown, key = tenant.key) {
    const answer = await fetch(`${tenant.url}${path}${below}`, {
      method,
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, json: (text === '' ? {} : JSON.parse(text)) as Fields };
  }
  const data = async (...given: Parameters<typeof call>): Promise<Fields> => {
    const { status, json } = await call(...given);
    assert.ok(status < 300, JSON.stringify(json));
    return json['data'] as Fields;
  };
  const refused = async (status: number, detail: RegExp, ...given: Parameters<typeof call>): Promise<void> => {
    const answer = await call(...given);
    assert.equal(answer.status, status, JSON.stringify(answer.json));
    assert.match(String(answer.json['detail']), detail);
  };
  const launch = (id: unknown): Promise<unknown> =>
    scene.product.tenancy.db.transaction((tx) =>
      scene.product.mail.campaigns.activate(tx, uuidOf('cmp', String(id)) ?? '', scene.clock.now()),
    );

  test('a campaign is created, changed, listed and deleted with the fields of the SDK', async () => {
    const made = await data('POST', '', { name: 'Spring', timezone: 'UTC' });
    assert.deepEqual(made, {
      id: made['id'],
      name: 'Spring',
      context: null,
      status: 'draft',
      timezone: 'UTC',
      sendingDays: [1, 2, 3, 4, 5],
      sendingStartHour: 9,
      sendingStartMinute: 0,
      sendingEndHour: 17,
      sendingEndMinute: 0,
      dailyLimit: 50,
      sentToday: 0,
      queuedToday: 0,
      totalLeads: 0,
      totalSent: 0,
      totalDelivered: 0,
      totalBounced: 0,
      totalReplied: 0,
      totalOpened: 0,
      opensTracked: false,
      createdAt: made['createdAt'],
      updatedAt: made['updatedAt'],
      startedAt: null,
      completedAt: null,
    });
    const at = `/${String(made['id'])}`;
    const changed = await data('PATCH', at, { sendingDays: [2], sendingStartHour: 8, dailyLimit: 7, context: 'x' });
    assert.deepEqual(
      ['sendingDays', 'sendingStartHour', 'sendingEndHour', 'dailyLimit', 'context'].map((name) => changed[name]),
      [[2], 8, 17, 7, 'x'],
    );
    await refused(422, /sendingEndHour: must be after/, 'PATCH', at, { sendingEndHour: 7 });
    await refused(422, /timezone: must be the IANA name/, 'PATCH', at, { timezone: 'Mars/Base' });
    await data('POST', '', { name: 'Second', timezone: 'Europe/Oslo' });
    const { json } = await call('GET', '?page=2&pageSize=1&status=draft');
    assert.deepEqual(json, { data: [changed], meta: { page: 2, pageSize: 1, total: 2, totalPages: 2 } });
    assert.equal((await call('DELETE', at)).status, 204);
    await refused(404, /^Campaign not found\.$/, 'GET', at);
    await refused(404, /^Campaign not found\.$/, 'GET', '/cmp_nonsense');
    const stranger = await scene.product.tenant();
    await refused(
      404,
      /not found/,
      'GET',
      `/${String((await data('POST', '', { name: 'X' }))['id'])}`,
      undefined,
      stranger.key,
    );
  });

  test('steps are added in places, changed, moved and deleted', async () => {
    const at = `/${String((await data('POST', '', { name: 'Steps', timezone: 'UTC' }))['id'])}/sequences`;
    const add = (fields: Fields): Promise<Fields> =>
      data('POST', at, { body: 'Hi', delayDays: 1, templateType: 'email', ...fields });
    const first = await add({ subject: 'One' });
    assert.deepEqual(
      [first['stepNumber'], first['templateType'], first['sendAsHtml'], first['hasVariants'], first['subject']],
      [1, 'email', false, false, 'One'],
    );
    const last = await add({ body: 'Last' });
    const between = await add({ body: 'Between', stepNumber: 2 });
    const bodies = async (): Promise<unknown[]> =>
      ((await call('GET', at)).json['data'] as Fields[]).map(({ body, stepNumber }) => [stepNumber, body]);
    assert.deepEqual(await bodies(), [
      [1, 'Hi'],
      [2, 'Between'],
      [3, 'Last'],
    ]);
    assert.equal(
      (await data('PATCH', `${at}/${String(last['id'])}`, { stepNumber: 1, delayDays: 0 }))['stepNumber'],
      1,
    );
    assert.deepEqual(await data('DELETE', `${at}/${String(between['id'])}`), { id: between['id'], deleted: true });
    assert.deepEqual(await bodies(), [
      [1, 'Last'],
      [2, 'Hi'],
    ]);
    await refused(404, /Sequence not found/, 'DELETE', `${at}/${String(between['id'])}`);
    await refused(422, /body: is required/, 'POST', at, { subject: 'x' });
    await refused(422, /^body: .*not closed/, 'POST', at, { body: 'Hi {{firstName' });
    await refused(422, /^body: nests groups deeper/, 'PATCH', `${at}/${String(first['id'])}`, {
      body: '{a|{a|{a|{a|{a|{a|b}}}}}}',
    });
  });

  test('leads join once, leave and come back, and a draft starts when nothing is missing', async () => {
    const made = await data('POST', '', { name: 'Leads', timezone: 'UTC' });
    const at = `/${String(made['id'])}`;
    const leads = await Promise.all(
      ['ada', 'jean'].map(async (name) => {
        const answer = await fetch(`${tenant.url}/api/v1/leads`, {
          method: 'POST',
          headers: { 'x-api-key': tenant.key, 'content-type': 'application/json' },
          body: JSON.stringify({ email: `${name}@leads.example` }),
        });
        return String(((await answer.json()) as { data: Fields }).data['id']);
      }),
    );
    const [ada = '', jean = ''] = leads;
    const none = 'cld_0199c9f05f4e7c1e9a330a6f2f9f1c22';
    await refused(400, /^The campaign has no step\. .*no mailbox.*no lead/, 'POST', `${at}/start`);
    assert.deepEqual(await data('POST', `${at}/leads`, { leadIds: [...leads, none, 'x'] }), {
      added: 2,
      skipped: [
        { leadId: none, reason: 'unknown_contact' },
        { leadId: 'x', reason: 'unknown_contact' },
      ],
    });
    assert.deepEqual(await data('POST', `${at}/leads`, { leadIds: [ada] }), {
      added: 0,
      skipped: [{ leadId: ada, reason: 'already_in_campaign' }],
    });
    assert.deepEqual(await data('DELETE', `${at}/leads/${ada}`), { removed: true });
    for (const lead of [ada, none, 'x']) await refused(404, /^Lead not in campaign$/, 'DELETE', `${at}/leads/${lead}`);
    assert.equal((await data('POST', `${at}/leads`, { leadIds: [ada] }))['added'], 1);
    const stranger = await scene.product.tenant();
    await refused(404, /Campaign not found/, 'POST', `${at}/leads`, { leadIds: [jean] }, stranger.key);
    await refused(404, /Campaign not found/, 'DELETE', `${at}/leads/${jean}`, undefined, stranger.key);
    await refused(404, /Campaign not found/, 'POST', `${at}/start`, undefined, stranger.key);
    const mailbox = await tenant.got('POST', '/v1/mailboxes', { email: 'leads@hopper.example', provider: 'capture' });
    await data('POST', `${at}/accounts`, { accountIds: [foxreachId('acc', mailbox['id'])] });
    const step = await data('POST', `${at}/sequences`, { subject: 'Hi', body: 'Hi {{firstName}}', delayDays: 0 });
    await refused(400, /^Step 1: .*first_?name/i, 'POST', `${at}/start`);
    await data('PATCH', `${at}/sequences/${String(step['id'])}`, { body: 'Hello' });
    const started = await data('POST', `${at}/start`);
    assert.deepEqual([started['status'], typeof started['startedAt']], ['active', 'string']);
    await refused(400, /^Only draft and paused/, 'POST', `${at}/start`);
    await data('POST', `${at}/pause`);
    assert.equal((await data('POST', `${at}/start`))['status'], 'active');
  });

  test('accounts join and leave, and an active campaign keeps its fields', async () => {
    const made = await data('POST', '', { name: 'Accounts', timezone: 'UTC' });
    const at = `/${String(made['id'])}`;
    const boxes = await Promise.all(
      ['a', 'b'].map(async (name) => {
        const body = { email: `${name}@hopper.example`, provider: 'capture' };
        return String(foxreachId('acc', (await tenant.got('POST', '/v1/mailboxes', body))['id']));
      }),
    );
    assert.deepEqual(await data('POST', `${at}/accounts`, { accountIds: [...boxes, boxes[0]] }), { added: 2 });
    assert.deepEqual(await data('POST', `${at}/accounts`, { accountIds: boxes }), { added: 0 });
    assert.deepEqual(await data('DELETE', `${at}/accounts/${String(boxes[0])}`), { removed: true });
    await refused(404, /^Account not in campaign$/, 'DELETE', `${at}/accounts/${String(boxes[0])}`);
    await refused(404, /Email account not found/, 'POST', `${at}/accounts`, { accountIds: ['acc_x'] });
    const step = await data('POST', `${at}/sequences`, { body: 'Hi', delayDays: 0, templateType: 'email' });
    await refused(400, /^Only active campaigns can be paused$/, 'POST', `${at}/pause`);
    await launchWithLead(made['id']);
    await refused(400, /^Cannot edit active campaign\. Pause it first\.$/, 'PATCH', at, { name: 'X' });
    for (const [method, below, body] of [
      ['POST', '/sequences', { body: 'x' }],
      ['PATCH', `/sequences/${String(step['id'])}`, { body: 'x' }],
      ['DELETE', `/sequences/${String(step['id'])}`, undefined],
    ] as const)
      await refused(400, /^Campaign is active — pause it first$/, method, `${at}${below}`, body);
    await refused(400, /Only draft campaigns/, 'DELETE', at);
    await refused(400, /Only paused campaigns/, 'POST', `${at}/resume`);
    assert.equal((await data('POST', `${at}/pause`))['status'], 'paused');
    assert.equal((await data('POST', `${at}/resume`))['status'], 'active');
  });

  /** A campaign with an open lead stays active. */
  async function launchWithLead(id: unknown): Promise<void> {
    const campaignId = uuidOf('cmp', String(id)) ?? '';
    await scene.product.tenancy.db.transaction((tx) =>
      count(tx, [{ campaignId, organizationId: tenant.organization.id, totals: { leads: 1, open: 1 } }]),
    );
    await launch(id);
  }
});
