import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { createTestDatabase } from '../../../test/harness/database.ts';
import type { TestDatabase } from '../../../test/harness/database.ts';
import { makeMailbox, makeSent, rawMessage } from '../../../test/harness/imap-scene.ts';
import type { MadeMailbox } from '../../../test/harness/imap-scene.ts';
import { startInstallation } from '../../../test/harness/installation.ts';
import type { Installation, Tenant } from '../../../test/harness/installation.ts';
import { receiveReply } from '../../../test/harness/received-reply.ts';
import { counting } from '../../../test/harness/pages-read.ts';
import type { NewSuppression } from '../../crm/suppressions/index.ts';
import { testMasterKey } from '../../../test/harness/engine.ts';
import { lastId } from '../../base/ids.ts';
import { erased } from '../../db/erasure.ts';
import { connect } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import { createVault } from '../../encryption/vault.ts';
import { createRedactor } from '../../privacy/redact.ts';
import { totalsOf } from '../analytics/index.ts';
import { campaignInput } from '../campaigns/index.ts';
import type { Campaign } from '../campaigns/index.ts';
import { eraseReplies } from './erasure.ts';
import { listReplies } from './queries.ts';
import type { ReplyFilter, ReplySlice } from './queries.ts';

describe('replies', () => {
  let product: Installation;
  let tenant: Tenant;
  let campaign: Campaign;
  let mailbox: MadeMailbox;
  let made = 0;
  let database: TestDatabase;
  before(async () => {
    database = await createTestDatabase();
    const db = connect(database.url);
    // PostgreSQL does not resolve deadlocks here: statements that wait for each other fail after the lock timeout.
    await db.script(`DO $$ BEGIN
      EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''1h''', current_database());
      EXECUTE format('ALTER DATABASE %I SET lock_timeout = ''5s''', current_database());
    END $$`);
    await db.close();
    product = await startInstallation({ databaseUrl: database.url, config: { roles: ['api'] } });
  });
  after(async () => {
    await product.stop();
    await database.drop();
  });
  beforeEach(async () => {
    tenant = await product.tenant();
    const organizationId = tenant.organization.id;
    campaign = await campaignOf();
    mailbox = await makeMailbox(product, { organizationId, email: `me-${(made += 1)}@mine.example` });
  });

  const campaignOf = (): Promise<Campaign> =>
    product.db.transaction((tx) =>
      product.mail.campaigns.create(
        tx,
        { organizationId: tenant.organization.id, workspaceId: undefined },
        campaignInput({ name: 'Spring', verification: 'off', sequence: [{ subject: 'Hi', body: 'Hello' }] }),
      ),
    );
  async function lead(email: string): Promise<string> {
    const { id } = await product.crm.contacts.create({ organizationId: tenant.organization.id }, { email });
    await tenant.got('POST', `/v1/campaigns/${campaign.id}/leads`, { contact_ids: [id] });
    const leads = await list(`/v1/campaigns/${campaign.id}/leads?limit=100`);
    return String(leads.find((each) => each['email'] === email)?.['id']);
  }
  /** Stores a message as sent. @returns its Message-ID */
  async function sent(to: string, leadId?: string): Promise<string> {
    const messageId = `<${(made += 1)}@mine.example>`;
    const id = await makeSent(product, mailbox, {
      messageId,
      to,
      purpose: leadId === undefined ? 'direct' : 'campaign',
    });
    const [step] = await product.mail.campaigns.stepsOf(product.db, [campaign.id]);
    if (leadId !== undefined)
      await product.db.execute(
        sql`UPDATE messages SET lead_id = ${leadId}, campaign_id = ${campaign.id}, step_id = ${step?.id}, step = 1 WHERE id = ${id}`,
      );
    return messageId;
  }
  /** A second later than anything before. */
  function receive(from: string, answers: string, text: string): Promise<string> {
    product.clock.set(product.clock.now() + 1_000);
    return receiveReply(product, mailbox, { from, answers, text });
  }
  const list = async (path: string, of = tenant): Promise<Fields[]> =>
    (await of.api('GET', path)).json.data as Fields[];
  const idsOf = (rows: readonly Fields[]): unknown[] => rows.map(({ id }) => id);
  const events = async (): Promise<[string, Fields][]> => {
    const listed = await list('/v1/events?event=reply.*&limit=100');
    return Promise.all(
      listed
        .toReversed()
        .map(async ({ id, event }): Promise<[string, Fields]> => [
          String(event),
          (await tenant.got('GET', `/v1/events/${String(id)}`))['data'] as Fields,
        ]),
    );
  };

  test('are stored with what they mean, sealed, and emitted as received before they are classified', async () => {
    const ada = await lead('ada@lovelace.example');
    const text = 'I have left the company. Please contact Grace Hopper, grace@hopper.example.\r\n\r\n> Hello Ada\r\n';
    const id = await receive('Ada@lovelace.example', await sent('ada@lovelace.example', ada), text);
    const reply = await tenant.got('GET', `/v1/replies/${id}`);
    assert.equal(reply['classification'], 'left_company');
    assert.deepEqual(reply['referral'], { email: 'grace@hopper.example', name: 'Grace Hopper' });
    assert.match(String(reply['body']), /> Hello Ada/);
    assert.doesNotMatch(String(reply['text']), /Hello Ada/);
    assert.deepEqual(
      ['lead_id', 'campaign_id', 'from', 'subject', 'source', 'is_read'].map((name) => reply[name]),
      [ada, campaign.id, 'Ada@lovelace.example', 'Re: Hi', 'rules', false],
    );
    assert.ok((reply['reasons'] as string[]).length > 0);
    const [row] = await product.db.query(sql<{ text: string }>`SELECT r::text AS text FROM replies r WHERE id = ${id}`);
    assert.doesNotMatch(row?.text ?? '', /Grace|hopper|have left/);
    const emitted = await events();
    assert.deepEqual(
      emitted.map(([type, data]) => [type, data['reply_id'], data['classification'], data['previous_classification']]),
      [
        ['reply.received', id, undefined, undefined],
        ['reply.classified', id, 'left_company', null],
      ],
    );
    assert.match(String(emitted[0]?.[1]['body_preview']), /^I have left the company/);
  });

  test('that name an erased person lose their text and bytes, old ones too; others stay', async () => {
    const ada = await lead('ada@lovelace.example');
    const messageId = await sent('ada@lovelace.example', ada);
    const naming = ['Please ask Grace Hopper, Grace@hopper.example.', 'Not my area, contact grace@hopper.example.'];
    const [recent, old, other] = [
      await receive('ada@lovelace.example', messageId, naming[0] ?? ''),
      await receive('ada@lovelace.example', messageId, naming[1] ?? ''),
      await receive('ada@lovelace.example', messageId, 'Please ask Bob, bob@hopper.example.'),
    ];
    // As it was stored before referrals had keys.
    await product.db.execute(sql`UPDATE replies SET referral_key = NULL WHERE id IN (${old}, ${other})`);
    const { organization } = tenant;
    const chunk = {
      organizationId: organization.id,
      position: '',
      endId: lastId,
      redactor: createRedactor({ contactIds: [], addresses: [], names: [], phones: [] }),
      needles: { addresses: ['grace@hopper.example'], contactIds: [] },
      vault: createVault(testMasterKey),
    };
    const run = () => product.db.transaction((tx) => eraseReplies(tx, chunk));
    assert.deepEqual(await run(), { position: undefined, changed: 2 });
    for (const id of [recent, old]) {
      const { text, body, referral, reasons, from } = await tenant.got('GET', `/v1/replies/${id}`);
      assert.deepEqual([text, body, referral, reasons, from], [erased, erased, null, [], 'ada@lovelace.example']);
    }
    const { referral } = await tenant.got('GET', `/v1/replies/${other}`);
    assert.deepEqual(referral, { email: 'bob@hopper.example', name: 'Bob' });
    const raws = await product.db.query(
      sql<{ id: string }>`SELECT message_id AS id FROM message_raws WHERE message_id IN (${recent}, ${old})`,
    );
    assert.deepEqual(raws, []);
    assert.deepEqual(await run(), { position: undefined, changed: 0 });
  });

  test('are listed by what is asked for, by page and by cursor, and counted', async () => {
    const ada = await lead('ada@lovelace.example');
    const messageId = await sent('ada@lovelace.example', ada);
    const first = await receive('ada@lovelace.example', messageId, 'Sounds great, I am interested.');
    const second = await receive('ada@lovelace.example', messageId, 'Please remove me from your list.');
    const third = await receive('bob@babbage.example', await sent('bob@babbage.example'), 'We are not interested.');
    assert.deepEqual(idsOf(await list('/v1/replies')), [third, second, first]);
    const page = (await tenant.api('GET', '/v1/replies?page_size=2')).json as unknown as Fields;
    assert.equal(page['total'], 3);
    assert.deepEqual(idsOf(await list(`/v1/replies?limit=2&cursor=${String(page['next_cursor'])}`)), [first]);
    const elsewhere = await tenant.api('GET', `/v1/replies?cursor=${mailbox.id}`);
    assert.equal(elsewhere.status, 422, elsewhere.text);
    assert.deepEqual(idsOf(await list('/v1/replies?page_size=2&page=2')), [first]);
    const { received_at: at } = await tenant.got('GET', `/v1/replies/${second}`);
    const cases: [string, unknown[]][] = [
      ['classification=interested', [first]],
      ['classification=hostile', []],
      [`lead_id=${ada}`, [second, first]],
      [`campaign_id=${campaign.id}&classification=unsubscribe_request`, [second]],
      [`mailbox_id=${mailbox.id}`, [third, second, first]],
      [`since=${String(at)}`, [third, second]],
      [`until=${String(at)}`, [first]],
      ['is_read=true', []],
    ];
    for (const [query, expected] of cases) {
      const found = (await tenant.api('GET', `/v1/replies?${query}`)).json as unknown as Fields;
      assert.deepEqual([idsOf(found['data'] as Fields[]), found['total']], [expected, expected.length], query);
    }
    await tenant.got('PATCH', `/v1/replies/${first}`, { is_read: true, is_starred: true });
    assert.deepEqual(idsOf(await list('/v1/replies?is_read=true')), [first]);
    assert.deepEqual(idsOf(await list(`/v1/replies?is_starred=true&lead_id=${ada}`)), [first]);
    assert.deepEqual(idsOf(await list('/v1/replies?is_read=false')), [third, second]);
    const both = await product.mail.inbox.records.page(
      { organizationId: tenant.organization.id, workspaceId: undefined },
      { classifications: ['interested', 'not_interested'] },
      { limit: 10 },
    );
    assert.deepEqual([both.rows.map(({ reply }) => reply.id), both.total], [[third, first], 2]);
    // Another organization sees none of them.
    const stranger = await product.tenant();
    assert.deepEqual(await list('/v1/replies', stranger), []);
    for (const path of [`/v1/replies/${first}`, `/v1/replies/${first}/thread`, `/v1/leads/${ada}/thread`])
      assert.equal((await stranger.api('GET', path)).status, 404, path);
    assert.equal((await stranger.api('PATCH', `/v1/replies/${first}`, { is_read: false })).status, 404);
  });

  test('corrected by hand are emitted again with the class before, and the assistant leaves them alone', async () => {
    const ada = await lead('ada@lovelace.example');
    const id = await receive('ada@lovelace.example', await sent('ada@lovelace.example', ada), 'We are not interested.');
    const changed = await tenant.got('PATCH', `/v1/replies/${id}`, { classification: 'meeting_request' });
    assert.deepEqual(
      [changed['classification'], changed['source'], changed['confidence'], changed['text']],
      ['meeting_request', 'person', 1, 'We are not interested.'],
    );
    const [type, data] = (await events()).at(-1) ?? assert.fail();
    assert.deepEqual(
      [type, data['classification'], data['previous_classification'], data['source']],
      ['reply.classified', 'meeting_request', 'not_interested', 'person'],
    );
    const decided = {
      classification: 'hostile',
      confidence: 0.9,
      reasons: [],
      returnDate: null,
      referral: null,
    } as const;
    const assisted = await product.db.transaction((tx) =>
      product.mail.inbox.assisted(tx, tenant.organization.id, id, decided),
    );
    assert.equal(assisted, false);
    assert.equal((await events()).length, 3);
    const counts = await product.mail.inbox.records.counts({
      organizationId: tenant.organization.id,
      workspaceId: undefined,
    });
    assert.deepEqual(
      counts.filter(({ total }) => total !== 0),
      [{ classification: 'meeting_request', total: 1, unread: 1 }],
    );
  });

  test('corrected by hand take effect, and take back what only the old class did', async () => {
    const ada = await lead('ada@lovelace.example');
    const id = await receive('ada@lovelace.example', await sent('ada@lovelace.example', ada), 'We are not interested.');
    const state = async (): Promise<unknown[]> => [
      (await tenant.got('GET', `/v1/leads/${ada}`))['status'],
      (await list('/v1/suppressions')).map(({ email }) => email),
    ];
    const correct = (classification: string) => tenant.got('PATCH', `/v1/replies/${id}`, { classification });
    assert.deepEqual(await state(), ['not_interested', []]);
    await correct('unsubscribe_request');
    assert.deepEqual(await state(), ['unsubscribed', ['ada@lovelace.example']]);
    await correct('interested');
    assert.deepEqual(await state(), ['replied', []]);
  });

  test('from another address of the contact are those of its lead; an opt-out suppresses both addresses', async () => {
    const [to, other] = ['ada@lovelace.example', 'ada@home.example'];
    const ada = await lead(to);
    const messageId = await sent(to, ada);
    const { contact_id: contact } = await tenant.got('GET', `/v1/leads/${ada}`);
    const emails = [{ email: to, primary: true }, { email: other }];
    await tenant.got('PATCH', `/v1/contacts/${String(contact)}`, { emails });
    const state = async (): Promise<unknown[]> => [
      (await tenant.got('GET', `/v1/leads/${ada}`))['status'],
      (await tenant.got('GET', `/v1/contacts/${String(contact)}`))['status'],
      new Set((await list('/v1/suppressions')).map(({ email }) => email)),
    ];
    const id = await receive(other, messageId, 'Sounds good, please call me.');
    const { contact_id: from, match } = await tenant.got('GET', `/v1/replies/${id}`);
    assert.deepEqual(
      [from, (match as Fields)['by'], await state()],
      [contact, 'reference', ['replied', 'replied', new Set()]],
    );
    await receive(other, messageId, 'Please remove me from your list.');
    assert.deepEqual(await state(), ['unsubscribed', 'unsubscribed', new Set([other, to])]);
  });

  describe('that ask for an opt-out, corrected', () => {
    const to = 'ada@lovelace.example';
    const sendKeyOf = (n: number): string => `11111111-1111-4111-8111-${String(n).padStart(12, '0')}`;
    const suppressed = async (): Promise<unknown[]> => (await list('/v1/suppressions')).map(({ email }) => email);
    const correct = (id: string, classification: string) =>
      tenant.got('PATCH', `/v1/replies/${id}`, { classification });
    const state = async (leadId: string): Promise<unknown[]> => {
      const totals = (await totalsOf(product.db, [campaign.id])).get(campaign.id);
      const report = await tenant.got('GET', `/v1/campaigns/${campaign.id}/analytics`);
      const [step] = report['steps'] as Fields[];
      const { status } = await tenant.got('GET', `/v1/leads/${leadId}`);
      return [status, totals?.replied, totals?.unsubscribed, step?.['replied'], step?.['unsubscribed']];
    };
    const add = (...rows: readonly Omit<NewSuppression, 'kind' | 'value'>[]) =>
      product.crm.suppressions.add(
        { organizationId: tenant.organization.id },
        rows.map((row) => ({ kind: 'email', value: to, ...row })),
      );

    const later: Record<string, (messageId: string) => Promise<unknown>> = {
      'another reply': (messageId) => receive(to, messageId, 'Unsubscribe me.'),
      'a complaint': () => add({ reason: 'complaint', messageId: sendKeyOf(0) }),
      'a person': () => tenant.got('POST', '/v1/suppressions', { email: to }),
      'a report of an opt-out': () =>
        add({ reason: 'unsubscribed', messageId: sendKeyOf(0), inboundEventId: sendKeyOf(1) }),
      'a hard bounce': () => add({ reason: 'hard_bounce', messageId: sendKeyOf(0) }),
      'one click': async (messageId) => {
        const sendKey = sendKeyOf((made += 1));
        await product.db.execute(sql`UPDATE messages SET send_key = ${sendKey} WHERE message_id = ${messageId}`);
        const hosts = { tracking: 'https://t.test', unsubscribe: 'https://t.test' };
        const { unsubscribeUrl } = await product.mail.tracking.linksOf(product.db, tenant.organization.id, {
          sendKey,
          hosts,
          mailbox: mailbox.email,
          tracking: { opens: false, clicks: false },
        });
        const { pathname } = new URL(String(unsubscribeUrl));
        assert.equal((await fetch(`${product.url}${pathname}`, { method: 'POST' })).status, 200);
      },
    };
    for (const [what, act] of Object.entries(later))
      test(`leave the address suppressed that ${what} suppresses, too`, async () => {
        const ada = await lead(to);
        const messageId = await sent(to, ada);
        const first = await receive(to, messageId, 'Please remove me from your list.');
        await act(messageId);
        await correct(first, 'interested');
        assert.deepEqual([await suppressed(), (await state(ada))[0]], [[to], 'unsubscribed']);
        // Who takes a complaint back does not take back the reply.
        if (what === 'a complaint') {
          await product.db.transaction((tx) =>
            product.mail.sending.liftComplaints(tx, { organizationId: tenant.organization.id }, [to]),
          );
          assert.deepEqual(await suppressed(), [to]);
        }
      });

    for (const order of [
      [0, 1],
      [1, 0],
    ])
      test(`lift when the last of two is corrected: ${order.join(', ')}`, async () => {
        const ada = await lead(to);
        const messageId = await sent(to, ada);
        const both = [
          await receive(to, messageId, 'Please remove me from your list.'),
          await receive(to, messageId, 'Unsubscribe me.'),
        ];
        const seen = [];
        for (const index of order) {
          await correct(both[index] ?? '', 'interested');
          seen.push(await suppressed());
        }
        assert.deepEqual(seen, [[to], []]);
        for (const id of both) await correct(id, 'auto_reply');
        assert.deepEqual(await state(ada), ['queued', 0, 0, 0, 0]);
      });

    test('count once, though two messages of the lead and a reply ask for it', async () => {
      const ada = await lead(to);
      const messages = [await sent(to, ada), await sent(to, ada)];
      for (const messageId of messages) await later['one click']?.(messageId);
      await receive(to, messages[1] ?? '', 'Unsubscribe me.');
      assert.deepEqual(await state(ada), ['unsubscribed', 0, 1, 0, 1]);
    });

    test('move the figures of their campaign forth and back', async () => {
      const ada = await lead(to);
      const id = await receive(to, await sent(to, ada), 'How much does it cost?');
      const states: [string, unknown[]][] = [
        ['question', ['replied', 1, 0, 1, 0]],
        ['unsubscribe_request', ['unsubscribed', 1, 1, 1, 1]],
        ['auto_reply', ['queued', 0, 0, 0, 0]],
        ['unsubscribe_request', ['unsubscribed', 1, 1, 1, 1]],
        ['not_interested', ['not_interested', 1, 0, 1, 0]],
        ['unsubscribe_request', ['unsubscribed', 1, 1, 1, 1]],
        ['out_of_office', ['held', 0, 0, 0, 0]],
        ['interested', ['replied', 1, 0, 1, 0]],
      ];
      for (const [classification, expected] of states) {
        await correct(id, classification);
        assert.deepEqual(await state(ada), expected, classification);
      }
    });
  });

  test('of two batches that end leads of the same campaigns in opposite orders do not wait for each other', async () => {
    const first = campaign;
    const second = await campaignOf();
    const people = ['ada', 'bob', 'cid', 'dan'].map((name) => `${name}@${name}.example`);
    const leads: string[] = [];
    const answers: string[] = [];
    for (const [index, to] of people.entries()) {
      campaign = [first, second, second, first][index] ?? first;
      leads.push(await lead(to));
      answers.push(await sent(to, leads.at(-1)));
    }
    // Somebody holds the second lead of each batch until both wait.
    const release = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const holding = product.db.transaction(async (tx) => {
      await product.mail.leads.lock(tx, [leads[1] ?? '', leads[3] ?? '']);
      held.resolve();
      await release.promise;
    });
    await held.promise;
    const { organizationId, id: mailboxId } = mailbox;
    const batches = [
      [0, 1],
      [2, 3],
    ].map((of) =>
      product.mail.receiving.receivedAll({
        organizationId,
        mailboxId,
        folder: 'inbox',
        sightings: [],
        messages: of.map((index) => ({
          raw: rawMessage(
            {
              From: people[index] ?? '',
              'Message-ID': `<${index}@opposite.example>`,
              'In-Reply-To': answers[index] ?? '',
            },
            'Sounds good.',
          ),
          receivedAt: new Date(product.clock.now()),
        })),
      }),
    );
    await product.until(async () => {
      const rows = await product.db.query(
        sql`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows.length === 2;
    }, 'both batches wait');
    release.resolve();
    await holding;
    assert.deepEqual(
      (await Promise.all(batches)).flat().map(({ kind }) => kind),
      people.map(() => 'stored'),
    );
    for (const id of leads) assert.equal((await tenant.got('GET', `/v1/leads/${id}`))['status'], 'replied');
  });

  test('of absences keep their date when they are corrected away and back, and hold when another reply is corrected', async () => {
    const ada = await lead('ada@lovelace.example');
    const messageId = await sent('ada@lovelace.example', ada);
    const first = await receive('ada@lovelace.example', messageId, 'Sounds great, I am interested.');
    const day = new Date(product.clock.now() + 40 * 86_400_000).toISOString().slice(0, 10);
    const away = await receive('ada@lovelace.example', messageId, `I am out of the office until ${day}.`);
    const correct = (id: string, classification: string) =>
      tenant.got('PATCH', `/v1/replies/${id}`, { classification });
    const held = async (): Promise<unknown[]> => {
      const { status, blocked_until: until } = await tenant.got('GET', `/v1/leads/${ada}`);
      return [status, typeof until === 'string' ? until > day : null];
    };
    const { classification, return_date: date } = await tenant.got('GET', `/v1/replies/${away}`);
    assert.deepEqual([classification, String(date) >= day], ['out_of_office', true]);
    assert.deepEqual(await held(), ['replied', null]);
    await correct(first, 'auto_reply');
    assert.deepEqual(await held(), ['held', true]);
    assert.equal((await correct(away, 'auto_reply'))['return_date'], null);
    assert.deepEqual(await held(), ['queued', null]);
    assert.equal((await correct(away, 'out_of_office'))['return_date'], date);
    assert.deepEqual(await held(), ['held', true]);
  });

  test('count their lead as positive once, at the step that the first positive one answers', async () => {
    const ada = await lead('ada@lovelace.example');
    const messageId = await sent('ada@lovelace.example', ada);
    const positive = async (): Promise<unknown[]> => {
      const totals = (await totalsOf(product.db, [campaign.id])).get(campaign.id);
      const report = await tenant.got('GET', `/v1/campaigns/${campaign.id}/analytics`);
      const [step] = report['steps'] as Fields[];
      return [totals?.positive_replies, step?.['positive_replies']];
    };
    const first = await receive('ada@lovelace.example', messageId, 'Sounds great, I am interested.');
    assert.deepEqual(await positive(), [1, 1]);
    const second = await receive('ada@lovelace.example', messageId, 'Can we meet on Tuesday?');
    assert.deepEqual(await positive(), [1, 1]);
    await tenant.got('PATCH', `/v1/replies/${first}`, { classification: 'not_interested' });
    assert.deepEqual(await positive(), [1, 1]);
    await tenant.got('PATCH', `/v1/replies/${second}`, { classification: 'hostile' });
    assert.deepEqual(await positive(), [0, 0]);
    const { replies } = await tenant.got('GET', `/v1/campaigns/${campaign.id}/analytics`);
    assert.deepEqual(
      Object.entries(replies as Fields).filter(([, count]) => count !== 0),
      [
        ['not_interested', 1],
        ['hostile', 1],
      ],
    );
  });

  test('of one lead that arrive and are corrected at the same time are counted once', async () => {
    const ada = await lead('ada@lovelace.example');
    const messageId = await sent('ada@lovelace.example', ada);
    const [first] = await Promise.all(
      ['I am interested.', 'Can we meet on Tuesday?', 'Sounds great!'].map((text) =>
        receive('ada@lovelace.example', messageId, text),
      ),
    );
    const positive = async () => (await totalsOf(product.db, [campaign.id])).get(campaign.id)?.positive_replies;
    assert.equal(await positive(), 1);
    await Promise.all([
      receive('ada@lovelace.example', messageId, 'Please send me an offer.'),
      ...['hostile', 'interested', 'question'].map((classification) =>
        tenant.got('PATCH', `/v1/replies/${String(first)}`, { classification, is_read: true }),
      ),
    ]);
    assert.equal(await positive(), 1);
    const [wrong] = await product.db.query(sql<{ counted: number; stored: number }>`
      SELECT (SELECT sum(total + unread) FROM reply_counts WHERE organization_id = ${tenant.organization.id})::int8 AS counted, count(*) + count(*) FILTER (WHERE NOT is_read) AS stored
      FROM replies WHERE organization_id = ${tenant.organization.id}`);
    assert.equal(wrong?.counted, wrong?.stored);
  });

  test('are read in their thread: of the lead, or of the messages that answer each other', async () => {
    const ada = await lead('ada@lovelace.example');
    const messageId = await sent('ada@lovelace.example', ada);
    const id = await receive('ada@lovelace.example', messageId, 'Sounds great, I am interested.');
    const shown = (rows: readonly Fields[]): unknown[] =>
      rows.map(({ direction, classification }) => [direction, classification]);
    const thread = await list(`/v1/leads/${ada}/thread`);
    assert.deepEqual(shown(thread), [
      ['outbound', null],
      ['inbound', 'interested'],
    ]);
    assert.deepEqual(await list(`/v1/replies/${id}/thread`), thread);
    const { body, text } = await tenant.got('GET', `/v1/replies/${id}`);
    assert.deepEqual([thread[1]?.['body'], thread[1]?.['text']], [body, text]);
    // An answer continues it: its headers name the reply, and what that answered.
    const answer = await tenant.got('POST', `/v1/leads/${ada}/replies`, { body: 'Shall we say Tuesday?' });
    const { headers, to, from } = await tenant.got('GET', `/v1/messages/${String(answer['id'])}`);
    const { message_id: replied } = await tenant.got('GET', `/v1/messages/${id}`);
    assert.deepEqual([from, to], [mailbox.email, 'ada@lovelace.example']);
    assert.deepEqual(headers, { 'in-reply-to': replied, references: `${messageId} ${String(replied)}` });
    assert.deepEqual(idsOf(await list(`/v1/leads/${ada}/thread`)).slice(1), [id, answer['id']]);
    const direct = await receive('bob@babbage.example', await sent('bob@babbage.example'), 'We are not interested.');
    product.clock.set(product.clock.now() + 1_000);
    await tenant.got('POST', '/v1/messages', {
      mailbox_id: mailbox.id,
      to: 'bob@babbage.example',
      text: 'Thank you anyway.',
      reply_to_message_id: direct,
    });
    assert.deepEqual(shown(await list(`/v1/replies/${direct}/thread`)), [
      ['outbound', null],
      ['inbound', 'not_interested'],
      ['outbound', null],
    ]);
  });

  test('are listed by an index, whatever the organization has', async () => {
    const organizationId = tenant.organization.id;
    const all = 5_000;
    await product.db.execute(sql`
      WITH m AS (
        INSERT INTO messages (id, organization_id, mailbox_id, direction, purpose, message_id, from_address, to_address, party_key, party_domain, content, created_at)
        SELECT gen_random_uuid(), ${organizationId}, ${mailbox.id}, 'inbound', 'received', n || '@many.example', n || '@many.example', '', n || '@many.example', 'many.example', '',
          ${new Date(product.clock.now())}::timestamptz + n * interval '1 minute' FROM generate_series(1, ${all}::int) AS n RETURNING id, party_key, created_at, split_part(message_id, '@', 1)::int AS n)
      INSERT INTO replies (id, organization_id, mailbox_id, campaign_id, lead_id, contact_id, answered_id, thread_id, from_key, classification, confidence, source, match_by, match_confidence,
        details, is_read, is_starred, received_at, updated_at)
      SELECT id, ${organizationId}, ${mailbox.id}, md5('c' || n % 100)::uuid, md5('l' || n / 2)::uuid, md5('p' || n / 2)::uuid, id, id, party_key,
        (ARRAY['interested', 'not_interested', 'out_of_office', 'unknown'])[1 + n % 4], 1, 'rules', 'reference', 1, '', n < ${all} - 100, n % 500 = 0, created_at, created_at FROM m`);
    const [own] = await product.db.query(
      sql<Record<'campaignId' | 'leadId' | 'contactId' | 'id', string> & { middle: Date }>`
        SELECT campaign_id AS "campaignId", lead_id AS "leadId", contact_id AS "contactId", id, received_at AS middle FROM replies
        WHERE organization_id = ${organizationId} ORDER BY received_at OFFSET ${all / 2} LIMIT 1`,
    );
    const { campaignId, leadId, contactId, id, middle } = own ?? assert.fail();
    const after = { id, at: middle };
    const reach = { organizationId, workspaceId: undefined };
    const cases: [ReplyFilter, ReplySlice?][] = [
      [{}],
      [{ classifications: ['interested'] }],
      [{ classifications: ['hostile'] }],
      [{ classifications: ['interested', 'meeting_request', 'question'] }],
      [{ campaignId }],
      [{ leadId }],
      [{ contactId }],
      [{ isRead: false }],
      [{ isStarred: true }],
      [{ fromKey: '77@many.example' }],
      [{ until: middle }],
      [{}, { limit: 26, after }],
      [{}, { limit: 26, after, sort: '-updated_at', updatedSince: new Date(0) }],
      [{ classifications: ['interested'] }, { limit: 26, after }],
    ];
    await product.db.script('ANALYZE replies');
    for (const [filter, slice = { limit: 26 }] of cases) {
      const { db, pages } = counting(product.db);
      await listReplies(db, reach, filter, slice);
      assert.ok(pages() < 150, `${JSON.stringify(filter)} reads ${pages()} pages`);
    }
  });
});
