import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { makeMailbox, makeSent, rawMessage } from '../../../test/harness/imap-scene.ts';
import type { MadeMailbox } from '../../../test/harness/imap-scene.ts';
import { startInstallation } from '../../../test/harness/installation.ts';
import type { Installation, Tenant } from '../../../test/harness/installation.ts';
import { sql } from '../../db/sql.ts';
import { totalsOf } from '../analytics/index.ts';
import { campaignInput } from '../campaigns/index.ts';
import type { Campaign } from '../campaigns/index.ts';

describe('leads', () => {
  let product: Installation;
  let tenant: Tenant;
  let campaign: Campaign;
  before(async () => {
    product = await startInstallation({ config: { roles: ['api'] } });
  });
  after(() => product.stop());
  beforeEach(async () => {
    tenant = await product.tenant();
    campaign = await campaignOf(tenant);
  });

  const campaignOf = (of: Tenant, more: Partial<Parameters<typeof campaignInput>[0]> = {}): Promise<Campaign> =>
    product.db.transaction((tx) =>
      product.mail.campaigns.create(
        tx,
        { organizationId: of.organization.id, workspaceId: undefined },
        campaignInput({
          name: 'Spring',
          verification: 'off',
          sequence: [
            { subject: 'Hi', body: 'Hello', delay_days: 0 },
            { body: 'Again', delay_days: 3 },
          ],
          ...more,
        }),
      ),
    );
  const editor = (of = tenant) => ({ organizationId: of.organization.id });
  const contact = async (email: string): Promise<string> => (await product.crm.contacts.create(editor(), { email })).id;
  const leads = async (of = campaign, query = ''): Promise<Fields[]> =>
    (await tenant.api('GET', `/v1/campaigns/${of.id}/leads?limit=100${query}`)).json.data as Fields[];
  const add = async (emails: readonly string[], of = campaign): Promise<Record<string, string>> => {
    const ids = await Promise.all(emails.map((email) => contact(email)));
    const { added } = await tenant.got('POST', `/v1/campaigns/${of.id}/leads`, { contact_ids: ids });
    assert.equal(added, emails.length);
    return byEmail(of);
  };
  const byEmail = async (of = campaign): Promise<Record<string, string>> =>
    Object.fromEntries((await leads(of)).map(({ email, id }) => [String(email), String(id)]));
  const get = (id: string): Promise<Fields> => tenant.got('GET', `/v1/leads/${id}`);
  const statusOf = async (id: string): Promise<unknown[]> => {
    const { status, blocked_reason: reason } = await get(id);
    return [status, reason];
  };
  const totals = async (of = campaign) => (await totalsOf(product.db, [of.id])).get(of.id);

  test('are added with the reason for each contact that is not', async () => {
    const [ada, grace, gone] = await Promise.all([
      contact('ada@lovelace.example'),
      contact('grace@hopper.example'),
      contact('gone@away.example'),
    ]);
    const nameless = (await product.crm.contacts.create(editor(), { first_name: 'Alan' })).id;
    const foreign = (await product.crm.contacts.create(editor(await product.tenant()), { email: 'x@y.example' })).id;
    await product.crm.contacts.remove(editor(), gone);
    await tenant.got('POST', '/v1/suppressions', { email: 'grace@hopper.example' });
    const path = `/v1/campaigns/${campaign.id}/leads`;
    const ids = [ada, ada, gone, nameless, grace, foreign];
    assert.deepEqual(await tenant.got('POST', path, { contact_ids: ids }), {
      added: 1,
      skipped: [
        { contact_id: gone, reason: 'deleted' },
        { contact_id: nameless, reason: 'no_address' },
        { contact_id: grace, reason: 'suppressed' },
        { contact_id: foreign, reason: 'unknown_contact' },
      ],
    });
    assert.deepEqual(await tenant.got('POST', path, { contact_ids: [ada] }), {
      added: 0,
      skipped: [{ contact_id: ada, reason: 'already_in_campaign' }],
    });
    const [lead] = await leads();
    assert.equal(lead?.['status'], 'queued');
    assert.equal(lead['due_at'], new Date(product.clock.now()).toISOString());
    assert.deepEqual([(await totals())?.leads, (await totals())?.open], [1, 1]);
  });

  test('wait for a verdict, unless the campaign needs none', async () => {
    const strict = await campaignOf(tenant, { verification: 'deliverable' });
    await add(['ada@lovelace.example'], strict);
    const [lead] = await leads(strict);
    assert.deepEqual(
      [lead?.['status'], lead?.['due_at'], lead?.['blocked_reason']],
      ['queued', null, 'verification_pending'],
    );
  });

  test('of another organization or workspace do not exist', async () => {
    const id = (await add(['ada@lovelace.example']))['ada@lovelace.example'] ?? '';
    const stranger = await product.tenant();
    const bound = await tenant.withKey({ workspaceId: await tenant.workspace('Other') });
    for (const caller of [stranger, bound])
      for (const [method, path, body] of [
        ['GET', `/v1/leads/${id}`, undefined],
        ['POST', `/v1/leads/${id}/pause`, undefined],
        ['POST', `/v1/leads/${id}/remove`, undefined],
        ['POST', `/v1/leads/${id}/replies`, { body: 'Hi' }],
        ['GET', `/v1/campaigns/${campaign.id}/leads`, undefined],
        ['POST', `/v1/campaigns/${campaign.id}/leads`, { contact_ids: [id] }],
      ] as const)
        assert.equal((await caller.api(method, path, body)).status, 404, `${method} ${path}`);
  });

  test('bad input is refused before anything is read', async () => {
    const path = `/v1/campaigns/${campaign.id}/leads`;
    const many = Array.from({ length: 100_000 }, () => '0199c9f2-0a44-7e55-b0c3-91d2e7a6f525');
    const answer = await tenant.api('POST', path, { contact_ids: many });
    assert.equal(answer.status, 422);
    assert.match(answer.text, /at most 10,000 ids/);
    for (const body of [
      {},
      { contact_ids: [] },
      { contact_ids: ['x'] },
      { contact_filter: {} },
      { contact_filter: { tagg: 'x' } },
      { contact_filter: { tag: '\ud800' } },
      { contact_filter: { custom_fields: { '\ud800': 1 } } },
    ])
      assert.equal((await tenant.api('POST', path, body)).status, 422, JSON.stringify(body));
    assert.equal((await tenant.api('GET', `${path}?status=unknown`)).status, 422);
    const id = (await add(['ada@lovelace.example']))['ada@lovelace.example'] ?? '';
    assert.equal((await tenant.api('POST', `/v1/leads/${id}/replies`, { body: 'Hi' })).status, 409);
  });

  test('are added by filter in the background, each once, although the process dies within a chunk', async () => {
    const rows = Array.from({ length: 1_200 }, (_, index) => ({ email: `p${index}@many.example`, tags: ['vip'] }));
    await product.db.transaction((tx) =>
      product.crm.contacts.upsert(
        tx,
        { organizationId: tenant.organization.id },
        rows.map(({ email, tags }) => ({ address: { email, key: email, domain: 'many.example' }, fields: { tags } })),
      ),
    );
    await contact('other@few.example');
    await product.db.execute(sql`
      CREATE FUNCTION wait_after_first() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN IF (SELECT count(*) FROM campaign_leads WHERE campaign_id = new.campaign_id) >= 1000 THEN PERFORM pg_advisory_xact_lock_shared(4711); END IF; RETURN new; END'`);
    await product.db.execute(sql`
      CREATE TRIGGER wait_after_first BEFORE INSERT ON campaign_leads FOR EACH ROW WHEN (new.domain = 'many.example') EXECUTE FUNCTION wait_after_first()`);
    const [gate, isShut] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const shut = product.db.transaction(async (tx) => {
      await tx.execute(sql`SELECT pg_advisory_xact_lock(4711)`);
      isShut.resolve(undefined);
      await gate.promise;
      await tx.execute(sql`DROP TRIGGER wait_after_first ON campaign_leads`);
    });
    await isShut.promise;
    const answer = await tenant.api('POST', `/v1/campaigns/${campaign.id}/leads`, { contact_filter: { tag: 'vip' } });
    assert.equal(answer.status, 202, answer.text);
    const additions = async (): Promise<Fields | undefined> =>
      ((await tenant.api('GET', `/v1/campaigns/${campaign.id}/leads/additions`)).json.data as Fields[])[0];
    // The second chunk waits for a lock, and its connection ends as that of a dead process does.
    const dies = async (): Promise<boolean> =>
      (
        await product.db.query(sql<{ ended: boolean }>`
          SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity WHERE wait_event = 'advisory' AND query LIKE '%INSERT INTO campaign_leads%' AND datname = current_database()`)
      ).length > 0;
    await product.until(dies, 'the second chunk waits');
    assert.deepEqual([(await additions())?.['added'], (await totals())?.leads], [1_000, 1_000]);
    gate.resolve(undefined);
    await shut;
    await product.until(async () => {
      if ((await additions())?.['status'] === 'done') return true;
      await product.clock.advance(1_000);
      return false;
    }, 'the leads are added');
    assert.deepEqual([(await additions())?.['added'], (await additions())?.['skipped']], [1_200, 0]);
    assert.deepEqual([(await totals())?.leads, (await totals())?.open], [1_200, 1_200]);
    const [discover] = (await tenant.got('GET', `/v1/campaigns/${campaign.id}`))['pipeline'] as Fields[];
    assert.deepEqual(discover, { step: 'discover', status: 'done', leads: 1_200, added: 1_200, skipped: 0 });
  });

  test('are those of a segment, and of who enters it later, until that is ended', async () => {
    const path = `/v1/campaigns/${campaign.id}/leads`;
    const segment = await tenant.got('POST', '/v1/segments', {
      name: 'New',
      entity: 'contact',
      filter: { and: [{ field: 'city', op: 'eq', value: 'Oslo' }, { not: { field: 'campaign_id', op: 'exists' } }] },
    });
    const inOslo = async (email: string): Promise<string> =>
      (await product.crm.contacts.create(editor(), { email, city: 'Oslo' })).id;
    const first = await inOslo('ada@lovelace.example');
    await contact('elsewhere@lovelace.example');
    for (const body of [
      { segment_id: campaign.id },
      { segment_id: segment['id'], contact_ids: [first] },
      { contact_filter: { tag: 'x' }, keep_adding: true },
    ])
      assert.equal((await tenant.api('POST', path, body)).status, 422, JSON.stringify(body));
    const { id } = await tenant.got('POST', path, { segment_id: segment['id'], keep_adding: true });
    const addition = async (): Promise<Fields | undefined> =>
      ((await tenant.api('GET', `${path}/additions`)).json.data as Fields[])[0];
    const added = (count: number): Promise<void> =>
      product.until(async () => {
        if ((await addition())?.['added'] === count) return true;
        await product.clock.advance(1_000);
        return false;
      }, `${count} were added`);
    await added(1);
    assert.equal((await addition())?.['status'], 'following');
    const lead = (await byEmail())['ada@lovelace.example'] ?? '';
    await tenant.got('POST', `/v1/leads/${lead}/remove`);
    await inOslo('grace@hopper.example');
    await added(2);
    assert.deepEqual(await statusOf(lead), ['skipped', 'removed'], 'who was removed is not added again');
    const ended = await tenant.api('DELETE', `${path}/additions/${String(id)}`);
    assert.deepEqual([ended.status, (ended.json.data as Fields)['status']], [200, 'done']);
    await inOslo('alan@turing.example');
    await product.clock.advance(600_000);
    assert.equal((await leads()).length, 2);
  });

  test('are named when a campaign is created, with why the others are left out; a segment of another workspace is refused', async () => {
    const known = (await product.crm.contacts.create(editor(), { email: 'ada@lovelace.example' })).id;
    const unknown = campaign.id;
    const made = await tenant.api('POST', '/v1/campaigns', { name: 'x', contact_ids: [known, unknown] });
    assert.deepEqual(made.json['leads'], {
      added: 1,
      skipped: [{ contact_id: unknown, reason: 'unknown_contact' }],
    });
    const workspace = await tenant.workspace('other');
    const filter = { field: 'city', op: 'eq', value: 'Oslo' };
    const { id: segment } = await tenant.got('POST', '/v1/segments', {
      name: 'Theirs',
      entity: 'contact',
      filter,
      workspace_id: workspace,
    });
    for (const [path, body] of [
      [`/v1/campaigns/${campaign.id}/leads`, {}],
      ['/v1/campaigns', { name: 'x' }],
      ['/v1/campaigns', { name: 'x', workspace_id: await tenant.workspace('third') }],
    ] as const) {
      const refused = await tenant.api('POST', path, { ...body, segment_id: segment, keep_adding: true });
      assert.equal(refused.status, 422, refused.text);
      assert.match(refused.text, /another workspace than the campaign/);
    }
    const own = { name: 'x', workspace_id: workspace, segment_id: segment };
    assert.equal((await tenant.api('POST', '/v1/campaigns', own)).status, 201);
  });

  test('are paused, resumed, removed and added again by a person; each call can be repeated', async () => {
    const id = (await add(['ada@lovelace.example']))['ada@lovelace.example'] ?? '';
    for (const _ of [1, 2]) {
      const paused = await tenant.got('POST', `/v1/leads/${id}/pause`);
      assert.deepEqual([paused['status'], paused['blocked_reason'], paused['due_at']], ['held', 'manual', null]);
    }
    for (const _ of [1, 2]) {
      const resumed = await tenant.got('POST', `/v1/leads/${id}/resume`);
      assert.equal(resumed['status'], 'queued');
      assert.notEqual(resumed['due_at'], null);
    }
    for (const _ of [1, 2]) {
      const removed = await tenant.got('POST', `/v1/leads/${id}/remove`);
      assert.deepEqual([removed['status'], removed['blocked_reason']], ['skipped', 'removed']);
    }
    assert.deepEqual([(await totals())?.open, (await totals())?.skipped], [0, 1]);
    const { contact_id: contactId, history } = await get(id);
    assert.deepEqual(
      (history as Fields[]).map(({ kind }) => kind),
      ['added', 'held', 'resumed', 'skipped'],
    );
    const again = await tenant.got('POST', `/v1/campaigns/${campaign.id}/leads`, { contact_ids: [contactId] });
    assert.equal(again['added'], 1);
    assert.deepEqual(await statusOf(id), ['queued', null]);
    assert.deepEqual([(await totals())?.leads, (await totals())?.open, (await totals())?.skipped], [1, 1, 0]);
  });

  test('C11: end when their address is suppressed or their contact is deleted', async () => {
    const ids = await add(['ada@lovelace.example', 'grace@hopper.example', 'alan@turing.example']);
    await tenant.got('POST', '/v1/suppressions', { email: 'ada@lovelace.example', reason: 'unsubscribed' });
    const { contact_id: contactId } = await get(ids['grace@hopper.example'] ?? '');
    await product.crm.contacts.remove(editor(), String(contactId));
    assert.deepEqual(await statusOf(ids['ada@lovelace.example'] ?? ''), ['skipped', 'unsubscribed']);
    assert.deepEqual(await statusOf(ids['grace@hopper.example'] ?? ''), ['skipped', 'contact_deleted']);
    assert.deepEqual(await statusOf(ids['alan@turing.example'] ?? ''), ['queued', null]);
    assert.deepEqual([(await totals())?.open, (await totals())?.skipped], [1, 2]);
  });

  test('C3: of a mailbox that leaves the campaign go on from another one, or end, as a person says', async () => {
    const [leaving, staying] = await Promise.all(
      ['leaving', 'staying'].map((name) =>
        makeMailbox(product, { organizationId: tenant.organization.id, email: `${name}@mine.example` }),
      ),
    );
    const both = await campaignOf(tenant, { mailbox_ids: [leaving?.id ?? '', staying?.id ?? ''] });
    const ids = await add(['ada@lovelace.example', 'grace@hopper.example', 'alan@turing.example'], both);
    const [ada = '', alan = '', grace = ''] = Object.keys(ids)
      .toSorted()
      .map((email) => ids[email]);
    await product.db.execute(
      sql`UPDATE campaign_leads SET mailbox_id = ${leaving?.id}, status = 'waiting', step = 1 WHERE id IN (${ada}, ${grace})`,
    );
    await product.db.execute(sql`UPDATE campaign_leads SET mailbox_id = ${staying?.id}, step = 1 WHERE id = ${alan}`);
    const edit = (body: object) => tenant.api('PATCH', `/v1/campaigns/${both.id}`, body);
    const rest = { mailbox_ids: [staying?.id] };
    const mailboxOf = async (id: string): Promise<unknown[]> => {
      const { status, mailbox_id: mailbox } = await get(id);
      return [status, mailbox];
    };
    const refused = await edit(rest);
    assert.deepEqual([refused.status, /has 2 open leads.*reassign_to/.test(refused.text)], [409, true]);
    await product.db.execute(sql`UPDATE campaign_leads SET status = 'sending' WHERE id = ${grace}`);
    const inFlight = await edit({ ...rest, reassign_to: staying?.id });
    assert.deepEqual([inFlight.status, /on its way/.test(inFlight.text)], [409, true]);
    assert.deepEqual(await mailboxOf(ada), ['waiting', leaving?.id]);
    await product.db.execute(sql`UPDATE campaign_leads SET status = 'waiting' WHERE id = ${grace}`);
    assert.equal((await edit({ ...rest, reassign_to: staying?.id })).status, 200);
    for (const id of [ada, grace]) assert.deepEqual(await mailboxOf(id), ['waiting', staying?.id]);

    assert.equal((await edit({ mailbox_ids: [leaving?.id, staying?.id] })).status, 200);
    assert.equal((await edit({ mailbox_ids: [leaving?.id], finish: true })).status, 200);
    for (const id of [ada, grace, alan]) assert.equal((await get(id))['status'], 'finished');
    const { history } = await get(ada);
    assert.deepEqual((history as Fields[]).at(-1)?.['detail'], { reason: 'mailbox_left_campaign' });
    assert.deepEqual([(await totals(both))?.leads, (await totals(both))?.open], [3, 0]);
  });

  describe('a reply', () => {
    let mailbox: MadeMailbox;
    let made = 0;
    beforeEach(async () => {
      mailbox = await makeMailbox(product, {
        organizationId: tenant.organization.id,
        email: `me-${(made += 1)}@mine.example`,
      });
    });

    /** Stores a message of the campaign as sent to the lead. */
    async function sent(lead: string, to: string): Promise<string> {
      const messageId = `<${(made += 1)}@mine.example>`;
      const id = await makeSent(product, mailbox, { messageId, to, purpose: 'campaign' });
      await product.db.execute(
        sql`UPDATE messages SET lead_id = ${lead}, campaign_id = ${campaign.id} WHERE id = ${id}`,
      );
      return messageId;
    }
    const receive = (headers: Record<string, string>, body = 'Sounds good') =>
      product.mail.receiving.received({
        organizationId: tenant.organization.id,
        mailboxId: mailbox.id,
        raw: rawMessage({ 'Message-ID': `<r${(made += 1)}@theirs.example>`, Subject: 'Re: Hi', ...headers }, body),
        receivedAt: new Date(product.clock.now()),
        folder: 'inbox',
      });
    const events = async (): Promise<Fields[]> => {
      const listed = (await tenant.api('GET', '/v1/events?event=reply.received')).json.data as Fields[];
      return Promise.all(
        listed.map(async ({ id }) => (await tenant.got('GET', `/v1/events/${String(id)}`))['data'] as Fields),
      );
    };

    test('C11: of a person stops the lead and the leads of its company, and no others', async () => {
      const ids = await add(['ada@lovelace.example', 'lord@mail.lovelace.example', 'grace@hopper.example']);
      const ada = ids['ada@lovelace.example'] ?? '';
      const messageId = await sent(ada, 'ada@lovelace.example');
      assert.equal((await receive({ From: 'Ada@lovelace.example', 'In-Reply-To': messageId })).kind, 'stored');
      assert.deepEqual(await statusOf(ada), ['replied', null]);
      assert.deepEqual(await statusOf(ids['grace@hopper.example'] ?? ''), ['queued', null]);
      const figures = await totals();
      assert.deepEqual(
        [figures?.replied, figures?.open],
        [1, 1 + Number((await statusOf(ids['lord@mail.lovelace.example'] ?? ''))[0] === 'queued')],
      );
      assert.deepEqual(await statusOf(ids['lord@mail.lovelace.example'] ?? ''), ['skipped', 'company_replied']);
      const { contact_id: contactId, messages } = await get(ada);
      assert.equal((await tenant.got('GET', `/v1/contacts/${String(contactId)}`))['status'], 'replied');
      assert.deepEqual(
        (messages as Fields[]).map(({ direction }) => direction),
        ['outbound', 'inbound'],
      );
      const [event] = await events();
      assert.deepEqual(
        [event?.['lead_id'], event?.['campaign_id'], event?.['body_preview']],
        [ada, campaign.id, 'Sounds good'],
      );

      const answer = await tenant.api('POST', `/v1/leads/${ada}/replies`, { body: 'Thanks' });
      assert.equal(answer.status, 202, answer.text);
      assert.equal((answer.json.data as Fields)['subject'], 'Re: Hi');
      assert.equal(((await get(ada))['messages'] as Fields[]).length, 3);
    });

    test('by a colleague is answered to the colleague, in the thread of that reply, whatever programs wrote after it', async () => {
      const ids = await add(['ada@lovelace.example', 'kay@gmail.com']);
      const [ada = '', kay = ''] = [ids['ada@lovelace.example'], ids['kay@gmail.com']];
      const answered = async (lead: string): Promise<unknown[]> => {
        const { id, to } = await tenant.got('POST', `/v1/leads/${lead}/replies`, { body: 'Thanks' });
        const [row] = await product.db.query(
          sql<{ in_reply_to: string }>`SELECT in_reply_to FROM messages WHERE id = ${String(id)}`,
        );
        return [to, row?.in_reply_to];
      };
      const messageId = await sent(ada, 'ada@lovelace.example');
      assert.deepEqual(await answered(ada), ['ada@lovelace.example', messageId]);
      const bob = { From: 'bob@lovelace.example', 'Message-ID': '<bob@lovelace.example>', 'In-Reply-To': messageId };
      await receive({ ...bob, 'Reply-To': 'Bob <bob@mail.lovelace.example>' });
      await receive({ From: 'ada@lovelace.example', 'In-Reply-To': messageId, 'Auto-Submitted': 'auto-replied' });
      await sent(ada, 'ada@lovelace.example');
      assert.deepEqual(await answered(ada), ['bob@mail.lovelace.example', '<bob@lovelace.example>']);
      const own = { From: 'kay@gmail.com', 'Message-ID': '<kay@gmail.com>' };
      await receive({ ...own, 'In-Reply-To': await sent(kay, 'kay@gmail.com'), 'Reply-To': 'other@gmail.com' });
      assert.deepEqual(await answered(kay), ['kay@gmail.com', '<kay@gmail.com>']);
    });

    test('of somebody away holds the lead for five business days; a person can end that', async () => {
      const ids = await add(['ada@lovelace.example']);
      const ada = ids['ada@lovelace.example'] ?? '';
      const messageId = await sent(ada, 'ada@lovelace.example');
      const headers = { From: 'ada@lovelace.example', 'In-Reply-To': messageId, 'Auto-Submitted': 'auto-replied' };
      await receive(headers, 'We received your message.');
      assert.deepEqual(await statusOf(ada), ['queued', null]);
      await receive(headers, 'I am out of the office.');
      const held = await get(ada);
      assert.deepEqual([held['status'], held['blocked_reason']], ['held', 'out_of_office_until']);
      assert.equal(held['due_at'], held['blocked_until']);
      assert.ok(Date.parse(String(held['due_at'])) >= product.clock.now() + 5 * 86_400_000);
      assert.equal((await tenant.got('GET', `/v1/contacts/${String(held['contact_id'])}`))['status'], 'active');
      assert.equal((await tenant.got('POST', `/v1/leads/${ada}/resume`))['status'] === 'held', false);
    });

    const suppressed = async (): Promise<string[]> =>
      ((await tenant.api('GET', '/v1/suppressions')).json.data as Fields[]).map(({ email }) => String(email)).sort();
    /** A reply of a lead that is not stopped by others. */
    const answered = async (text: string, headers: Record<string, string> = {}) => {
      const to = `lead${(made += 1)}@company${made}.example`;
      const lead = (await add([to]))[to] ?? '';
      const outcome = await receive({ From: to, 'In-Reply-To': await sent(lead, to), ...headers }, text);
      return { lead, to, reply: outcome.kind === 'stored' ? outcome.id : '' };
    };

    test('of each class ends its lead in its own way', async () => {
      const automatic = { 'Auto-Submitted': 'auto-replied' };
      for (const [text, status, headers] of [
        ['Sounds good, tell me more.', 'replied'],
        ['Can we have a call on Tuesday at 10?', 'replied'],
        ['Ask me again next year.', 'replied'],
        ['Hm.', 'replied'],
        ['We are not interested.', 'not_interested'],
        ['You are an idiot, go to hell.', 'not_interested'],
        ["I'm the wrong person, please contact Bob Stone (bob@stone.example).", 'wrong_person'],
        ['Ada no longer works for the company.', 'left_company', automatic],
        ['Please remove me from your mailing list.', 'unsubscribed'],
        ['Your ticket was opened.', 'queued', automatic],
        ['I am on vacation.', 'held', automatic],
      ] as const)
        assert.deepEqual((await get((await answered(text, headers)).lead))['status'], status, text);
      assert.deepEqual([(await totals())?.replied, (await totals())?.unsubscribed], [8, 1]);
      const found = (await tenant.api('GET', '/v1/contacts?search=stone.example')).json.data as Fields[];
      assert.deepEqual(found, []);
    });

    test('holds its lead until the business day after the return, and never shortens the hold of a person', async () => {
      const day = (ahead: number): Date => new Date(product.clock.now() + ahead * 86_400_000);
      const back = Array.from({ length: 7 }, (_, index) => day(14 + index)).find((each) => each.getUTCDay() === 5);
      const text = `I am out of the office and will be back on ${back?.toISOString().slice(0, 10) ?? ''}.`;
      const automatic = { 'Auto-Submitted': 'auto-replied' };
      const { lead } = await answered(text, automatic);
      const held = await get(lead);
      const monday = new Date((back?.getTime() ?? 0) + 3 * 86_400_000).toISOString().slice(0, 10);
      assert.deepEqual([held['status'], String(held['blocked_until']).slice(0, 10)], ['held', monday]);

      const to = 'ada@lovelace.example';
      const ada = (await add([to]))[to] ?? '';
      await tenant.got('POST', `/v1/leads/${ada}/pause`);
      await receive({ From: to, 'In-Reply-To': await sent(ada, to), ...automatic }, text);
      assert.deepEqual(await statusOf(ada), ['held', 'manual']);
    });

    test('that asks for it opts out sender and recipient, with the reply as evidence', async () => {
      const { lead, to } = await answered('Please unsubscribe us.', { From: 'boss@other.example' });
      assert.deepEqual(await suppressed(), ['boss@other.example', to]);
      const [event] = (await tenant.api('GET', '/v1/events?event=email.unsubscribed')).json.data as Fields[];
      const data = (await tenant.got('GET', `/v1/events/${String(event?.['id'])}`))['data'] as Fields;
      assert.deepEqual([data['lead_id'], data['method']], [lead, 'reply']);
    });

    test('that is only of the same company stops nothing and suppresses nobody', async () => {
      const { lead } = await answered('Your ticket was opened.', { 'Auto-Submitted': 'auto-replied' });
      await product.db.execute(
        sql`UPDATE campaign_leads SET mailbox_id = ${mailbox.id}, last_sent_at = ${new Date(product.clock.now())} WHERE id = ${lead}`,
      );
      const domain = String((await get(lead))['email']).split('@')[1] ?? '';
      const outcome = await receive({ From: `x@${domain}`, Subject: 'News' }, 'Please remove me from your list.');
      assert.equal(outcome.kind, 'stored');
      assert.deepEqual([await statusOf(lead), await suppressed()], [['queued', null], []]);
      // A lead whose contact belongs to a company of the CRM has that company, not its domain.
      const to = 'ada@crm-company.example';
      const company = await tenant.got('POST', '/v1/companies', { name: 'CRM company' });
      const { id: linked } = await product.crm.contacts.create(editor(), {
        email: to,
        company_id: String(company['id']),
      });
      await tenant.got('POST', `/v1/campaigns/${campaign.id}/leads`, { contact_ids: [linked] });
      const other = (await byEmail())[to] ?? '';
      await sent(other, to);
      await product.db.execute(
        sql`UPDATE campaign_leads SET mailbox_id = ${mailbox.id}, last_sent_at = ${new Date(product.clock.now())} WHERE id = ${other}`,
      );
      assert.equal((await receive({ From: 'bob@crm-company.example', Subject: 'News' })).kind, 'stored');
      assert.deepEqual(await statusOf(other), ['queued', null]);
      const bulk = { From: `x@${domain}`, Subject: 'News', 'List-Id': `<a.${domain}>` };
      assert.equal((await receive(bulk)).kind, 'unmatched');
    });

    describe('whose class is corrected', () => {
      const correct = async (reply: string, ...after: string[]): Promise<void> => {
        for (const classification of after) await tenant.got('PATCH', `/v1/replies/${reply}`, { classification });
      };

      test('to an opt-out suppresses, and from one lifts only what the reply suppressed', async () => {
        const { lead, reply, to } = await answered('Sounds good.');
        await correct(reply, 'unsubscribe_request');
        assert.deepEqual([await suppressed(), (await get(lead))['status']], [[to], 'unsubscribed']);
        await correct(reply, 'not_interested');
        assert.deepEqual([await suppressed(), (await get(lead))['status']], [[], 'not_interested']);
        await tenant.got('POST', '/v1/suppressions', { email: to });
        await correct(reply, 'unsubscribe_request', 'interested');
        assert.deepEqual([await suppressed(), (await get(lead))['status']], [[to], 'unsubscribed']);
      });

      test('to an absence holds the lead again, and from one stops it', async () => {
        const { lead, reply } = await answered('Sounds good.');
        assert.equal((await totals())?.replied, 1);
        await correct(reply, 'out_of_office');
        assert.deepEqual([(await get(lead))['status'], (await totals())?.replied], ['held', 0]);
        await correct(reply, 'left_company');
        assert.deepEqual([(await get(lead))['status'], (await totals())?.replied], ['left_company', 1]);
        await correct(reply, 'interested', 'auto_reply');
        assert.deepEqual(await statusOf(lead), ['queued', null]);
        await correct(reply, 'out_of_office', 'auto_reply');
        assert.deepEqual(await statusOf(lead), ['queued', null]);
      });

      test('from a departure lets the lead go on, also where answers do not stop it', async () => {
        const automatic = { 'Auto-Submitted': 'auto-replied' };
        const left = await answered('Ada no longer works for the company.', automatic);
        await correct(left.reply, 'auto_reply');
        assert.deepEqual(await statusOf(left.lead), ['queued', null]);
        campaign = await campaignOf(tenant, { stop: { on_reply: false, company: 'campaign' } });
        const { lead, reply } = await answered('We are not interested.');
        assert.equal((await get(lead))['status'], 'not_interested');
        await correct(reply, 'interested');
        assert.deepEqual([(await get(lead))['status'], (await totals())?.replied], ['queued', 1]);
        const { reply: second, lead: other } = await answered('Sounds good.');
        const states: unknown[] = [];
        for (const to of ['auto_reply', 'question', 'out_of_office', 'interested']) {
          await correct(second, to);
          states.push([(await get(other))['status'], (await totals())?.replied]);
        }
        assert.deepEqual(states, [
          ['queued', 1],
          ['queued', 2],
          ['held', 1],
          ['queued', 2],
        ]);
      });

      test('continues a campaign that was completed meanwhile, unless it is archived or has no step left', async () => {
        const status = async (): Promise<unknown> =>
          (await tenant.got('GET', `/v1/campaigns/${campaign.id}`))['status'];
        const set = (to: string) =>
          product.db.execute(sql`UPDATE campaigns SET status = ${to} WHERE id = ${campaign.id}`);
        const { lead, reply } = await answered('Sounds good.');
        await set('completed');
        await correct(reply, 'auto_reply');
        assert.deepEqual([await statusOf(lead), await status()], [['queued', null], 'active']);
        await correct(reply, 'interested');
        assert.deepEqual([(await get(lead))['status'], await status()], ['replied', 'completed']);
        await product.db.execute(sql`UPDATE campaign_leads SET position = 1000 WHERE id = ${lead}`);
        await correct(reply, 'auto_reply');
        assert.deepEqual([(await get(lead))['status'], (await totals())?.replied], ['finished', 0]);
        assert.equal(await status(), 'completed');
        const other = await answered('Sounds good.');
        await set('archived');
        await correct(other.reply, 'auto_reply');
        assert.deepEqual([(await get(other.lead))['status'], await status()], ['replied', 'archived']);
      });

      test('leaves a lead stopped that another reply stopped', async () => {
        const { lead, reply, to } = await answered('Sounds good.');
        await receive({ From: to, 'In-Reply-To': await sent(lead, to) }, 'We are not interested.');
        await correct(reply, 'auto_reply');
        assert.equal((await get(lead))['status'], 'not_interested');
      });
    });

    test('C11: a complaint suppresses the address and ends the lead, once; other feedback changes nothing', async () => {
      const ids = await add(['ada@lovelace.example', 'grace@hopper.example']);
      const [ada = '', grace = ''] = [ids['ada@lovelace.example'], ids['grace@hopper.example']];
      const about = await sent(ada, 'ada@lovelace.example');
      const feedback = (type: string, messageId: string) => {
        const parts = [
          `Content-Type: message/feedback-report\r\n\r\nFeedback-Type: ${type}\r\nVersion: 1\r\nUser-Agent: Feedback/1.0`,
          `Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: ${messageId}`,
        ];
        return receive(
          { 'MIME-Version': '1.0', 'Content-Type': 'multipart/report; report-type=feedback-report; boundary="b"' },
          `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`,
        );
      };
      const other = await sent(grace, 'grace@hopper.example');
      assert.equal((await feedback('not-spam', other)).kind, 'report');
      assert.equal((await feedback('auth-failure', other)).kind, 'report');
      assert.deepEqual(await statusOf(grace), ['queued', null]);
      const waiting = await sent(ada, 'ada@lovelace.example');
      await product.db.execute(
        sql`UPDATE messages SET status = 'deferred', sent_at = NULL, due_at = now() WHERE message_id = ${waiting}`,
      );
      for (const _ of [1, 2]) assert.equal((await feedback('abuse', about)).kind, 'report');
      assert.equal((await get(ada))['status'], 'complained');
      const [cancelled] = await product.db.query(
        sql<{ status: string; due_at: Date | null }>`SELECT status, due_at FROM messages WHERE message_id = ${waiting}`,
      );
      assert.deepEqual(cancelled, { status: 'failed', due_at: null });
      assert.deepEqual([(await totals())?.complained, (await totals())?.open, (await totals())?.skipped], [1, 1, 0]);
      const suppressed = (await tenant.api('GET', '/v1/suppressions')).json.data as Fields[];
      assert.deepEqual(
        suppressed.map(({ email, reason }) => [email, reason]),
        [['ada@lovelace.example', 'complaint']],
      );
      const listed = (await tenant.api('GET', '/v1/events?event=email.complained')).json.data as Fields[];
      assert.equal(listed.length, 1);
      const event = (await tenant.got('GET', `/v1/events/${String(listed[0]?.['id'])}`))['data'] as Fields;
      assert.deepEqual([event['feedback_type'], event['lead_id']], ['abuse', ada]);
    });

    test('of somebody else stops the lead and leaves its contact as it is; off leaves the lead, too', async () => {
      const ada = (await add(['ada@lovelace.example']))['ada@lovelace.example'] ?? '';
      await receive({ From: 'boss@lovelace.example', 'In-Reply-To': await sent(ada, 'ada@lovelace.example') });
      const { status, contact_id: contactId } = await get(ada);
      assert.equal(status, 'replied');
      assert.equal((await tenant.got('GET', `/v1/contacts/${String(contactId)}`))['status'], 'active');

      campaign = await campaignOf(tenant, { stop: { on_reply: false, company: 'campaign' } });
      const grace = (await add(['grace@hopper.example']))['grace@hopper.example'] ?? '';
      await receive({ From: 'grace@hopper.example', 'In-Reply-To': await sent(grace, 'grace@hopper.example') });
      assert.deepEqual(await statusOf(grace), ['queued', null]);
      assert.equal((await totals())?.replied, 1);
    });
  });
});
