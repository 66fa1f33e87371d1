import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { callerOf } from '../../test/harness/caller.ts';
import type { Fields } from '../../test/harness/caller.ts';
import { contact, contactEvents, upsert } from '../../test/harness/contacts.ts';
import { assertRefused } from '../../test/harness/edge-routes.ts';
import { eventually } from '../../test/harness/clock.ts';
import { asTimePasses, installationScene } from '../../test/harness/installation.ts';
import type { Tenant } from '../../test/harness/installation.ts';
import { makeMailbox, makeSent } from '../../test/harness/imap-scene.ts';
import { receiveReply } from '../../test/harness/received-reply.ts';
import { email, erase, finished, person, secondEmail, tablesWith } from '../../test/harness/erasures.ts';
import { sql } from '../db/sql.ts';
import { catalogue } from '../events/catalogue.ts';

const never = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22';

describe('export and erasure of a person', () => {
  const scene = installationScene();

  /** Adds two people to a campaign, and stores a message to the first that was opened, with a link that names them. */
  async function inCampaign(me: Tenant, id: string, others: string): Promise<void> {
    const { product } = scene;
    const organizationId = me.organization.id;
    const mailbox = await makeMailbox(product, { organizationId, email: 'me@engines.example' });
    const campaign = await me.got('POST', '/v1/campaigns', {
      name: 'Spring',
      verification: 'off',
      sequence: [{ subject: 'Hi', body: 'Hello' }],
      contact_ids: [id, others],
    });
    const path = `/v1/campaigns/${String(campaign['id'])}/leads`;
    await me.got('POST', path, { contact_filter: { custom_fields: { who: email } } });
    await eventually(
      async () => ((await me.api('GET', `${path}/additions`)).json.data as Fields[])[0]?.['status'] === 'done',
      'the addition has ended',
    );
    const leads = (await me.api('GET', path)).json.data as Fields[];
    const lead = leads.find((each) => each['contact_id'] === id)?.['id'];
    const message = await makeSent(product, mailbox, {
      messageId: '<spring@engines.example>',
      to: email,
      purpose: 'campaign',
    });
    await receiveReply(product, mailbox, { from: email, answers: '<spring@engines.example>', text: `I am ${email}.` });
    const [linked, hit, entry] = [String(lead), product.ids.next<string>(), product.ids.next<string>()];
    await product.db.execute(sql`UPDATE messages SET lead_id = ${linked} WHERE id = ${message}`);
    await product.db.execute(
      sql`INSERT INTO message_links VALUES (${message}, 1, ${organizationId}, ${`https://engines.example/?to=${email}`})`,
    );
    await product.db.execute(
      sql`INSERT INTO tracking_hits VALUES (${hit}, ${organizationId}, ${message}, 'open', NULL, 'human', '{}', NULL, 'Quuxzilla', now())`,
    );
    await product.db.execute(sql`
      INSERT INTO lead_history VALUES (${linked}, ${entry}, ${organizationId}, 'planned', 'queued', 'queued', ${JSON.stringify({ reason: `${email} is away` })}::jsonb, now())`);
  }

  /** Creates a person in every part of the product, and other people. */
  async function everywhere(me: Tenant): Promise<{ id: string; others: string; delivered: string; pending: string }> {
    // The receiver sends back what it received, and names the person in a header of another answer.
    const echo = await scene.receive((arrival, response) => {
      if (arrival.body.includes('own.ping')) response.setHeader('x-contact', encodeURIComponent(email));
      response.end(arrival.body);
    });
    let broken = true;
    const failing = await scene.receive((_arrival, response) => {
      response.statusCode = broken ? 500 : 200;
      response.end();
    });
    scene.finally(() => void (broken = false));
    const delivered = await me.register(echo.url, { dialect: 'standard' });
    const pending = await me.register(failing.url, { dialect: 'standard', events: ['own.*'] });
    const company = await me.got('POST', '/v1/companies', { name: 'Engines' });
    const { id } = await contact(me, { ...person, company_id: String(company['id']) });
    await me.got('PATCH', `/v1/contacts/${id}`, { job_title: 'Zither maker to the Quux court' });
    const others = (await contact(me, { email: 'bob@quiet.example', first_name: 'Bob', phone: '+44 20 7946 0111' })).id;
    const twin = await contact(me, {
      email: 'twin@quux-mail.example',
      first_name: 'Zephyrine',
      last_name: 'Quuxington',
    });
    await me.got('POST', `/v1/contacts/${id}/merge`, { from_id: twin.id });
    const project = await me.got('POST', '/v1/projects', { name: 'Rollout' });
    await me.got('POST', `/v1/projects/${String(project['id'])}/contacts`, { contact_ids: [id, others] });
    await me.got('POST', '/v1/activities', {
      activity_type: 'note',
      contact_id: id,
      metadata: { notes: 'Zephyrine plays' },
    });
    await me.got('POST', '/v1/activities', {
      activity_type: 'call',
      contact_id: others,
      metadata: { notes: `Knows ${email} Quuxington well` },
    });
    await me.got('POST', '/v1/activities', {
      activity_type: 'call',
      contact_id: others,
      metadata: { notes: 'Asked for a demo' },
    });
    await me.publish(
      'own.order',
      { customer: { mail: email.toUpperCase(), called: 'Zephyrine Quuxington' }, amount: 4200 },
      { 'idempotency-key': `welcome-${email}` },
    );
    const escaped = '{"event":"own.order","data":{"who":"\\u007aephyrine.quux@quux-mail.example","n":1}}';
    assert.equal((await me.api('POST', '/v1/events', escaped)).status, 202);
    await me.publish('own.order', { customer: secondEmail, amount: 4200 });
    await me.publish('own.order', { customer: 'bob@quiet.example', called: 'Bob' });
    await me.publish('own.ping');
    const source = await me.got('POST', '/v1/inbound-sources', { provider: 'generic', name: 'Relay' });
    const report = JSON.stringify({
      type: 'email.bounced',
      email_id: 'msg_1',
      recipient: email,
      bounce_type: 'soft',
      reason: 'Zephyrine has no room',
    });
    const signature = createHmac('sha256', String(source['secret'])).update(report).digest('hex');
    const answer = await callerOf(me.url, '').api('POST', String(source['path']), report, {
      'x-webhook-signature': signature,
    });
    assert.equal(answer.status, 200, answer.text);
    const read = await me.got('POST', '/v1/imports', { lawful_basis: 'consent' });
    const path = `/v1/imports/${String(read['id'])}`;
    await me.api('PUT', `${path}/file`, `email,first_name\n${email},Zephyrine,too,many\n`, {
      'content-type': 'text/csv',
    });
    await eventually(async () => (await me.got('GET', path))['finished_at'] !== null, 'the import has finished');
    await inCampaign(me, id, others);
    await me.got('POST', '/v1/suppressions', { email, reason: 'unsubscribed' });
    const topic = await me.got('POST', '/v1/topics', { name: 'News' });
    await me.got('POST', `/v1/topics/${String(topic['id'])}/opt-outs`, { email });
    await eventually(
      async () => (await me.deliveries(delivered, '?status=delivered')).length >= 10,
      'deliveries have arrived',
    );
    return { id, others, delivered: delivered.id, pending: pending.id };
  }

  test('after an erasure no table contains anything of the person, and other people are unchanged', async () => {
    const { product } = scene;
    const me = await product.tenant();
    const { id, others, delivered, pending } = await everywhere(me);
    const before = await tablesWith(product.db);
    for (const table of [
      'activities',
      'attempts',
      'campaign_leads',
      'contacts',
      'events',
      'idempotency_keys',
      'import_errors',
      'inbound_events',
      'lead_additions',
      'lead_history',
      'message_links',
      'merges',
      'messages',
      'replies',
      'suppressions',
      'topic_opt_outs',
      'tracking_hits',
    ])
      assert.ok(
        before.some((name) => name.startsWith(table)),
        `${table} held something: ${before.join(' ')}`,
      );
    const bob = await me.got('GET', `/v1/contacts/${others}`);
    // Its answer is stored, sealed.
    const note = { activity_type: 'note', contact_id: others, metadata: { notes: `Knows ${email}` } };
    const noted = () => me.api('POST', '/v1/activities', note, { 'Idempotency-Key': 'note' });
    assert.ok((await noted()).text.includes(email));

    const begun = await erase(me, id);
    assert.equal(begun.state, 'running');
    assertRefused(await me.api('GET', `/v1/contacts/${id}`), 404, 'not_found');
    assertRefused(await me.api('POST', `/v1/contacts/${id}/restore`), 404, 'not_found');
    assertRefused(await me.api('POST', `/v1/contacts/${id}/erase`), 404, 'not_found');
    assertRefused(await me.api('POST', `/v1/contacts/${id}/export`), 404, 'not_found');
    const done = await finished(product, me, begun.id);
    assert.ok(Number(done['events_redacted']) >= 8, JSON.stringify(done));
    assert.ok(Number(done['attempts_redacted']) >= 8, JSON.stringify(done));
    const again = await noted();
    assert.equal(again.headers.get('idempotency-replayed'), 'true');
    assert.ok(!again.text.includes(email) && again.text.includes('[erased]'), again.text);
    assert.ok(Number(done['others_redacted']) >= 4, JSON.stringify(done));
    assert.ok(done['finished_at'] !== null);

    assert.deepEqual(await tablesWith(product.db), []);
    const leads = await product.db.query(sql<{ email: string; status: string; contact_id: string | null }>`
      SELECT email, status, contact_id FROM campaign_leads WHERE organization_id = ${me.organization.id} ORDER BY id`);
    assert.deepEqual(
      leads.map(({ email: address, status, contact_id: contactId }) => [address, status, contactId]),
      [
        ['[erased]', 'skipped', null],
        ['bob@quiet.example', 'queued', others],
      ],
    );
    assert.deepEqual(await me.got('GET', `/v1/contacts/${others}`), bob);
    const events = (
      await product.db.query(
        sql<{ data: Buffer }>`SELECT data FROM events WHERE organization_id = ${me.organization.id}`,
      )
    ).map(({ data }) => data.toString());
    assert.ok(events.includes('{"customer":"bob@quiet.example","called":"Bob"}'), 'byte for byte');
    assert.ok(events.includes('{"customer":{"mail":"[erased]","called":"[erased]"},"amount":4200}'));
    const bodies = (await me.deliveries({ id: delivered }, '?limit=100')).map((each) => me.delivery(each.id));
    const answers = (await Promise.all(bodies)).flatMap(({ attempts }) =>
      attempts.map(({ response }) => response?.body),
    );
    assert.ok(answers.includes('[erased]'));
    assert.ok(answers.some((body) => body?.includes('bob@quiet.example') === true));

    // The address is still suppressed, and the events about it reveal nothing.
    assert.deepEqual(
      (await upsert(me, [{ email: email.toUpperCase() }, { email: 'new@quiet.example' }])).map(({ status }) => status),
      ['suppressed', 'created'],
    );
    const told = (await contactEvents(product.db, me)).filter(
      ({ type, data }) => type === 'contact.deleted' && data['id'] === id,
    );
    assert.equal(told.length, 1);
    const [{ data } = assert.fail()] = told;
    assert.deepEqual([data['erased'], data['email'], data['first_name'], data['tags']], [true, null, null, []]);
    catalogue['contact.deleted'].data.strict().parse(data);
    const list = await me.api('GET', '/v1/erasures');
    assert.deepEqual(list.json.data, [done]);
    const [row] = await product.db.query(
      sql<{
        needles_sealed: Buffer | null;
        hash: Buffer;
      }>`SELECT needles_sealed, hash FROM erasures WHERE id = ${done.id}`,
    );
    assert.deepEqual([row?.needles_sealed, row?.hash.length], [null, 32]);
    assert.ok((await me.deliveries({ id: pending })).length > 0);
  });

  test('a pending delivery is sent redacted', async () => {
    const { product } = scene;
    const me = await product.tenant();
    let broken = true;
    const receiver = await scene.receive((_arrival, response) => {
      response.statusCode = broken ? 500 : 200;
      response.end();
    });
    await me.register(receiver.url, { dialect: 'standard', events: ['own.order'] });
    const { id } = await contact(me, person);
    await me.publish('own.order', { to: email, amount: 1 });
    await eventually(() => receiver.arrivals.length === 1, 'the first attempt');
    assert.match(receiver.arrivals[0]?.body ?? '', /Quux/);
    await finished(product, me, (await erase(me, id)).id);
    broken = false;
    const seen = receiver.arrivals.length;
    await asTimePasses(product, () => receiver.arrivals.length > seen, 'the next attempt', 60_000);
    const body = JSON.parse(receiver.arrivals.at(-1)?.body ?? '') as { data: unknown };
    assert.deepEqual(body.data, { to: '[erased]', amount: 1 });
  });

  test('all contacts of the addresses are erased, including deleted ones; other organizations keep theirs', async () => {
    const { product } = scene;
    const [me, stranger] = [await product.tenant(), await product.tenant()];
    const old = await contact(me, { email: 'ada@lovelace.example', first_name: 'Ada' });
    assert.equal((await me.api('DELETE', `/v1/contacts/${old.id}`)).status, 204);
    const live = await contact(me, { email: 'ADA@lovelace.example', first_name: 'Ada' });
    const workspace = (await me.got('POST', '/v1/workspaces', { name: 'Client' }))['id'];
    const elsewhere = [
      { email: 'countess@byron.example', primary: true },
      { email: 'ada@lovelace.example', primary: false },
    ];
    await contact(me, { email: 'countess@byron.example', emails: elsewhere }, { workspace_id: workspace });
    await contact(me, { email: 'countess@byron.example', first_name: 'Ada' });
    const theirs = await contact(stranger, { email: 'ada@lovelace.example', first_name: 'Ada' });
    const namesake = await contact(me, {
      email: 'nada@lovelace.example',
      first_name: 'Ada',
      phone: '+44 20 7946 0018',
    });
    await stranger.publish('own.order', { to: 'ada@lovelace.example' });
    assertRefused(await stranger.api('POST', `/v1/contacts/${live.id}/erase`), 404, 'not_found');
    assertRefused(await stranger.api('POST', `/v1/contacts/${live.id}/export`), 404, 'not_found');
    assertRefused(await me.api('POST', `/v1/contacts/${never}/erase`), 404, 'not_found');
    // Erased through the deleted contact.
    const { id } = await finished(product, me, (await erase(me, old.id)).id);
    assertRefused(await me.api('GET', `/v1/contacts/${live.id}`), 404, 'not_found');
    assertRefused(await stranger.api('GET', `/v1/erasures/${id}`), 404, 'not_found');
    assert.deepEqual((await stranger.api('GET', '/v1/erasures')).json.data, []);
    assert.equal((await stranger.got('GET', `/v1/contacts/${theirs.id}`))['email'], 'ada@lovelace.example');
    assert.deepEqual(await me.got('GET', `/v1/contacts/${namesake.id}`), namesake);
    const others = await product.db.query(
      sql<{
        data: Buffer;
      }>`SELECT data FROM events WHERE organization_id = ${stranger.organization.id} OR (organization_id = ${me.organization.id} AND position('nada@'::bytea IN data) > 0)`,
    );
    assert.equal(others.length, 3);
    assert.ok(others.every(({ data }) => !data.toString().includes('[erased]')));
    assert.equal((await me.api('GET', '/v1/contacts')).json['total'], 1);
    for (const address of ['ada@lovelace.example', 'countess@byron.example']) {
      const [row] = await upsert(me, [{ email: address }]);
      assert.equal(row?.status, 'suppressed');
    }
  });

  test('a contact written during the erasure is erased too, but not one written after the suppression is lifted', async () => {
    const { product } = scene;
    const me = await product.tenant();
    const write = async (address: string): Promise<string> => {
      const [row] = await product.db.query(sql<{ id: string }>`
        INSERT INTO contacts (id, organization_id, email, email_key, tags, status, custom_fields, created_at, updated_at, search)
        VALUES (${product.tenancy.ids.next()}, ${me.organization.id}, ${address}, ${address}, '{}', 'active', '{}', ${new Date(product.clock.now())}, now(), '') RETURNING id`);
      return row?.id ?? assert.fail();
    };
    const [late, back] = ['late@quiet.example', 'back@quiet.example'];
    const first = await erase(me, (await contact(me, { email: late })).id);
    const lateId = await write(late);
    const second = await erase(me, (await contact(me, { email: back })).id);
    const { data } = (await me.api('GET', `/v1/suppressions?search=${back}`)).json as unknown as {
      data: [{ id: string }];
    };
    assert.equal((await me.api('DELETE', `/v1/suppressions/${data[0].id}`)).status, 204);
    const { id: backId } = await contact(me, { email: back });
    for (const { id } of [first, second]) await finished(product, me, id);
    assertRefused(await me.api('GET', `/v1/contacts/${lateId}`), 404, 'not_found');
    assert.equal((await me.got('GET', `/v1/contacts/${backId}`))['email'], back);
    const told = (await contactEvents(product.db, me)).filter(
      ({ type, data: { id } }) => type === 'contact.deleted' && id === lateId,
    );
    assert.deepEqual(
      told.map(({ data: { actor, erased } }) => [actor, erased]),
      [[{ type: 'system', id: null }, true]],
    );
  });

  test('a contact without an address is erased by its id, without a suppression', async () => {
    const me = await scene.product.tenant();
    const driftwood = await scene.product.db.query(sql<{ id: string }>`
      INSERT INTO contacts (id, organization_id, first_name, tags, status, custom_fields, created_at, updated_at, search)
      VALUES (${'0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d77'}, ${me.organization.id}, 'Nameless', '{}', 'active', '{}', now(), now(), 'nameless') RETURNING id`);
    const id = driftwood[0]?.id ?? assert.fail();
    await me.publish('own.order', { contact_id: id, called: 'Nameless' });
    const done = await finished(scene.product, me, (await erase(me, id)).id);
    assert.equal(done['events_redacted'], 1);
    assert.deepEqual((await me.api('GET', '/v1/suppressions')).json.data, []);
  });

  test('an export contains everything stored about the person, and a long log is continued', async () => {
    const { product } = scene;
    const me = await product.tenant();
    const { id } = await everywhere(me);
    const all = await me.got('POST', `/v1/contacts/${id}/export`);
    assert.deepEqual(all['contact'], await me.got('GET', `/v1/contacts/${id}`));
    const count = (field: string): number => (all[field] as unknown[]).length;
    const parts = [
      'activities',
      'projects',
      'suppressions',
      'topics_left',
      'inbound_events',
      'messages',
      'replies',
      'leads',
      'tracking_hits',
    ];
    assert.deepEqual(parts.map(count), [1, 1, 1, 1, 1, 2, 1, 1, 1]);
    const [lead = assert.fail()] = all['leads'] as { status: string; history: Fields[] }[];
    assert.deepEqual([lead.status, lead.history.map(({ kind }) => kind)], ['skipped', ['planned', 'skipped']]);
    const types = (all['events'] as { event: string }[]).map(({ event }) => event);
    for (const type of [
      'contact.created',
      'contact.updated',
      'activity.created',
      'own.order',
      'email.bounced',
      'suppression.created',
    ])
      assert.ok(types.includes(type), type);
    assert.equal(types.filter((type) => type === 'own.order').length, 3);
    assert.deepEqual(all['truncated'], {
      activities: false,
      projects: false,
      messages: false,
      replies: false,
      leads: false,
      finds: false,
      meetings: false,
      tracking_hits: false,
      events: false,
      inbound_events: false,
    });

    for (let batch = 0; batch < 11; batch += 1) {
      const events = Array.from({ length: 100 }, (_, n) => ({ event: 'own.order', data: { to: email, n } }));
      assert.equal((await me.api('POST', '/v1/events/batch', { events })).status, 202);
    }
    const first = await me.got('POST', `/v1/contacts/${id}/export`);
    assert.equal((first['truncated'] as Fields)['events'], true);
    const second = await me.got(
      'POST',
      `/v1/contacts/${id}/export?events_before=${String(first['next_events_before'])}`,
    );
    assert.equal((second['truncated'] as Fields)['events'], false);
    const ids = [first, second].flatMap((part) => (part['events'] as { id: string }[]).map((event) => event.id));
    assert.equal(ids.length, types.length + 1_100);
    assert.deepEqual(ids, [...new Set(ids)].sort().reverse());
  });
});
