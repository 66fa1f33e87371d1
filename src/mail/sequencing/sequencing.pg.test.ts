import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createDnsRecords } from '../../base/dns-records.ts';
import { dayMs, hourMs, minuteMs } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import type { Statement } from '../../db/sql.ts';
import { dueOfMailboxes, dueWithoutMailbox } from '../leads/index.ts';
import { assertRefused } from '../../../test/harness/edge-routes.ts';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { asTimePasses } from '../../../test/harness/installation.ts';
import { always, makeSandbox } from '../../../test/harness/sandbox.ts';
import { startNameServer } from '../../../test/harness/dns.ts';
import type { NameServer } from '../../../test/harness/dns.ts';
import { makeSenderMailbox } from '../../../test/harness/sender-mailboxes.ts';
import { sendingScene } from '../../../test/harness/sending-scene.ts';

const people = (...names: readonly string[]): Fields[] =>
  names.map((name) => ({ email: `${name}@${name}.example`, first_name: name }));
const of = (campaign: Fields): string => `/v1/campaigns/${String(campaign['id'])}`;
const schedule = { timezone: 'Etc/UTC', ...always };

describe('a campaign', () => {
  let names: NameServer;
  before(async () => {
    const good = { mx: [[10, 'mx.provider.example']], txt: ['v=spf1 mx -all'] } as const;
    names = await startNameServer({
      'lovelace.example': { mx: [[10, 'aspmx.l.google.com']] },
      'hopper.example': good,
      '_dmarc.hopper.example': { txt: ['v=DMARC1; p=none'] },
      'other.example': good,
    });
  });
  after(() => names.close());
  const scene = sendingScene(() => ({ dns: createDnsRecords([names.address]) }));

  const create = (caller: Caller, fields: Fields): Promise<Fields> =>
    caller.got('POST', '/v1/campaigns', {
      name: 'Spring launch',
      verification: 'off',
      schedule,
      sequence: [
        { subject: 'Hello {{first_name}}', body: 'Hi {{first_name}}' },
        { body: 'Did you see this, {{firstName}}?', delay_days: 1 },
      ],
      ...fields,
    });

  test('C1 C2 C9 C16: every lead gets each step once, in its thread, and the campaign is completed', async () => {
    const sandbox = await makeSandbox(scene.product);
    const campaign = await create(sandbox, {
      mailbox_ids: [await sandbox.mailbox()],
      contact_ids: await sandbox.contacts(people('ada', 'mary', 'joan')),
    });
    assert.equal((await sandbox.got('POST', `${of(campaign)}/launch`))['status'], 'active');
    await sandbox.advance(2 * dayMs);
    const ended = await sandbox.got('GET', of(campaign));
    assert.equal(ended['status'], 'completed');
    const list = await sandbox.list(`/v1/messages?campaign_id=${String(campaign['id'])}`);
    assert.deepEqual(
      list.map((message) => `${String(message['to'])} ${String(message['subject'])}`).toSorted(),
      ['ada', 'joan', 'mary'].flatMap((name) => [
        `${name}@${name}.example Hello ${name}`,
        `${name}@${name}.example Re: Hello ${name}`,
      ]),
    );
    const [first = '', second = ''] = await sandbox.captured('ada@ada.example');
    const header = (raw: string, name: string): string | undefined =>
      new RegExp(`^${name}: (.*)\r$`, 'm').exec(raw)?.[1];
    for (const name of ['In-Reply-To', 'References']) assert.equal(header(second, name), header(first, 'Message-ID'));
    assert.deepEqual(scene.product.errors, []);
    const metrics = ended['metrics'] as Fields;
    assert.deepEqual([metrics['leads'], metrics['contacted'], metrics['sent']], [3, 3, 6]);
  });

  test('C8: a preview has the bytes that are sent at that moment', async () => {
    const { product } = scene;
    const sandbox = await makeSandbox(product);
    const dkim = await sandbox.got('POST', '/v1/dkim-keys', { domain: 'signed.example' });
    await product.db.execute(sql`UPDATE domain_keys SET verified_at = now() WHERE id = ${String(dkim['id'])}`);
    const signed = await sandbox.mailbox({
      email: 'grace@signed.example',
      display_name: 'Grace Höpper',
      reply_to: 'desk@signed.example',
      signature: 'Grace\nCompilers & Co',
      timezone: 'America/New_York',
      provider: 'smtp',
      smtp: { host: 'smtp.signed.example', port: 465, security: 'tls', username: 'grace', password: 'secret' },
    });
    const kinds: readonly { readonly mailbox: string; readonly fields: Fields }[] = [
      {
        mailbox: signed,
        fields: {
          tracking: { opens: true, clicks: true },
          sequence: [
            {
              subject: '{Hello|Hi} {{first_name}} – ☕',
              body: '<p>{Good morning|Welcome} {{first_name}}, see <a href="https://hopper.example/a?b=1&amp;c=2">this</a></p>',
              format: 'html',
              variants: [{ weight: 2 }, { subject: 'Another {{first_name}}', weight: 1 }],
            },
            { body: '<p>{Again|Once more}: <a href="{{ website }}">yours</a></p>', format: 'html', delay_days: 1 },
          ],
        },
      },
      { mailbox: await sandbox.mailbox(), fields: { unsubscribe: 'both' } },
    ];
    for (const [index, { mailbox, fields }] of kinds.entries()) {
      const name = `ada${index}`;
      const contacts = await sandbox.contacts([
        { email: `${name}@ada.example`, first_name: '<Ada> & Löve', website: 'https://ada.example/' },
      ]);
      const campaign = await create(sandbox, {
        mailbox_ids: [mailbox],
        contact_ids: contacts,
        cooldown_days: 0,
        ...fields,
      });
      const path = of(campaign);
      const [lead] = await sandbox.list(`${path}/leads`);
      const previewed = (step: number): Promise<Fields> =>
        sandbox.got('POST', `${path}/preview`, { lead_id: lead?.['id'], step });
      const first = await previewed(1);
      assert.deepEqual(first['blockers'], [{ code: 'campaign_paused', detail: null }]);
      // Before anything is sent, a later step is shown in the thread that it will be in.
      const expected = await previewed(2);
      assert.equal(expected['subject'], `Re: ${String(first['subject'])}`);
      assert.deepEqual(expected['references'], [first['message_id']]);
      assert.deepEqual(expected['blockers'], [{ code: 'campaign_paused', detail: null }]);
      assert.equal(first['date'], new Date(await sandbox.now()).toISOString());
      const address = `${name}@ada.example`;
      const sent = (count: number) =>
        product.until(async () => (await sandbox.captured(address)).length === count, 'the message is captured');
      await sandbox.got('POST', `${path}/launch`);
      await sent(1);
      await sandbox.got('POST', `${path}/pause`);
      await sandbox.advance(2 * dayMs);
      const second = await previewed(2);
      for (const field of ['subject', 'text', 'html', 'headers', 'references', 'in_reply_to', 'message_id'])
        assert.deepEqual(second[field], expected[field], field);
      await sandbox.got('POST', `${path}/resume`);
      await sent(2);
      assert.deepEqual(await sandbox.captured(address), [first['raw'], second['raw']]);
      const raw = String(second['raw']);
      assert.equal(/^DKIM-Signature: .*d=signed\.example/m.test(raw), index === 0);
      assert.equal(raw.includes('/t/o/'), index === 0);
      assert.match(raw, /^In-Reply-To: </m);
    }
    assert.deepEqual(product.errors, []);
  });

  test('C3 C13: a lead waits for its mailbox, and for its campaign; then it goes on at the pace of the mailbox', async () => {
    const sandbox = await makeSandbox(scene.product);
    const [one, two] = [await sandbox.mailbox(), await sandbox.mailbox({ email: 'alan@turing.example' })];
    const campaign = await create(sandbox, {
      mailbox_ids: [one, two],
      contact_ids: await sandbox.contacts(people('ada', 'mary', 'joan', 'jean')),
    });
    const path = of(campaign);
    const sent = async (): Promise<Fields[]> => sandbox.list(`/v1/messages?campaign_id=${String(campaign['id'])}`);
    await sandbox.got('POST', `${path}/launch`);
    await sandbox.advance(hourMs);
    const firsts = new Map((await sent()).map(({ to, mailbox_id: mailbox }) => [to, mailbox]));
    assert.deepEqual(new Set(firsts.values()), new Set([one, two]));
    await sandbox.got('POST', `${path}/pause`);
    await sandbox.advance(2 * dayMs);
    assert.equal((await sent()).length, 4, 'nothing begins for a paused campaign');
    await sandbox.got('POST', `/v1/mailboxes/${one}/pause`);
    await sandbox.got('POST', `${path}/resume`);
    await sandbox.advance(hourMs);
    const own = [...firsts].filter(([, mailbox]) => mailbox === two).map(([to]) => to);
    const followUps = async (): Promise<Fields[]> => (await sent()).slice(0, -4);
    assert.deepEqual(new Set((await followUps()).map(({ to }) => to)), new Set(own));
    const reasons = await sandbox.list(`${path}/skipped-actions`);
    assert.deepEqual(new Set(reasons.map(({ code }) => code)), new Set(['mailbox_paused']));
    await sandbox.got('POST', `/v1/mailboxes/${one}/resume`);
    await sandbox.advance(hourMs);
    for (const message of await sent()) assert.equal(message['mailbox_id'], firsts.get(message['to']));
    const times = (await followUps()).map((message) => [message['mailbox_id'], Date.parse(String(message['sent_at']))]);
    assert.equal(times.length, 4);
    // The mailboxes need not have two each.
    for (const own of Map.groupBy(times, ([mailbox]) => mailbox).values()) {
      const sorted = own.map(([, at]) => Number(at)).toSorted((a, b) => a - b);
      for (const [index, at] of sorted.slice(1).entries())
        assert.ok(at - Number(sorted[index]) >= 90_000, 'with the gaps of the mailbox');
    }
    assert.equal((await sandbox.got('GET', path))['status'], 'completed');
  });

  test('of mailboxes that choose the same lead in one turn, the one that gets it sends', async () => {
    const sandbox = await makeSandbox(scene.product);
    const names = ['one', 'two', 'three'].map((name) => `grace@${name}.example`);
    const mailboxes = await Promise.all(names.map((email) => sandbox.mailbox({ email, max_hourly_per_domain: 30 })));
    // Leads of one domain: fewer domains are due than mailboxes ask.
    const contacts = await sandbox.contacts(
      Array.from({ length: 40 }, (_, index) => ({ email: `p${index}@lovelace.example`, first_name: 'Ada' })),
    );
    const campaign = await create(sandbox, {
      mailbox_ids: mailboxes,
      contact_ids: contacts,
      sequence: [{ subject: 'Hello', body: 'Hi' }],
      stop: { company: 'off' },
      company_max: 0,
    });
    await sandbox.got('POST', `${of(campaign)}/launch`);
    await sandbox.advance(2 * dayMs);
    const captured = await sandbox.list('/v1/captured-messages');
    assert.equal(captured.length, 40);
    for (const { from, mailbox_id: box } of captured)
      assert.equal(
        box,
        mailboxes[names.indexOf(String(from))],
        `a message from ${String(from)} went through another mailbox`,
      );
  });

  test('C5: limits are of the local day of the campaign, and of new leads among all', async () => {
    const sandbox = await makeSandbox(scene.product);
    const campaign = await create(sandbox, {
      mailbox_ids: [await sandbox.mailbox()],
      contact_ids: await sandbox.contacts(people('a', 'b', 'c', 'd', 'e')),
      schedule: { timezone: 'Pacific/Auckland', ...always },
      daily_limit: 3,
      new_leads_limit: 2,
    });
    await sandbox.got('POST', `${of(campaign)}/launch`);
    await sandbox.advance(6 * dayMs);
    assert.equal((await sandbox.got('GET', of(campaign)))['status'], 'completed');
    const day = new Intl.DateTimeFormat('en', { timeZone: 'Pacific/Auckland', dateStyle: 'short' });
    const sent = (await sandbox.list(`/v1/messages?campaign_id=${String(campaign['id'])}`)).toReversed();
    const days = [...Map.groupBy(sent, ({ sent_at: at }) => day.format(Date.parse(String(at)))).values()];
    const counts = days.map((own) => [own.length, own.filter(({ step }) => step === 1).length]);
    assert.deepEqual(
      [0, 1].map((place) => Math.max(...counts.map((each) => each[place] ?? 0))),
      [3, 2],
    );
    assert.equal(sent.length, 10);
  });

  test('C18: finding candidates reads what is due, however many leads wait', async () => {
    const { db } = scene.product;
    const sandbox = await makeSandbox(scene.product);
    const mailbox = (await sandbox.mailbox()) as MailboxId;
    const now = new Date(scene.clock.now());
    const pages = async (waiting: number): Promise<number> => {
      const { id = '' } = (await create(sandbox, { mailbox_ids: [mailbox] })) as { id?: string };
      // Each has a mailbox or none; the first ten of both are due.
      await db.execute(sql`
        INSERT INTO campaign_leads (id, organization_id, campaign_id, email, email_key, domain, status, calendar, mailbox_id, due_at, last_event_at, created_at)
        SELECT gen_random_uuid(), c.organization_id, c.id, n || '@waiting.example', n || '@waiting.example', n || '.example', 'waiting', '', CASE n % 2 WHEN 0 THEN ${mailbox}::uuid END,
          ${now}::timestamptz + (n - 20) * interval '1 hour', ${now}, ${now} FROM campaigns c, generate_series(0, ${waiting}::int) AS n WHERE c.id = ${id}`);
      await db.execute(sql`ANALYZE campaign_leads`);
      const probe = { campaignId: id, calendar: '', until: now, mailboxId: mailbox };
      const rows: { readonly plan: string }[] = [];
      /** Explains a statement instead of running it. */
      const explaining = {
        query: async (statement: Statement<unknown>) => {
          const { text, values } = statement;
          const explain = {
            name: `x${rows.length} ${id}`,
            text: `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
            values,
          };
          rows.push({ plan: JSON.stringify(await db.query(explain)) });
          return [];
        },
      } as unknown as Queryable;
      await dueOfMailboxes(explaining, [probe], 16);
      await dueWithoutMailbox(explaining, [probe], 16);
      return rows.reduce((sum, { plan }) => sum + Number(/"Shared Hit Blocks":(\d+)/.exec(plan)?.[1]), 0);
    };
    const few = await pages(100);
    const many = await pages(10_000);
    assert.ok(many <= few + 12, `${many} pages with 10,000 leads, ${few} with 100`);
  });

  test('a validation lists errors and warnings of all texts, with the leads that they concern', async () => {
    const sandbox = await makeSandbox(scene.product);
    for (const [key, type] of Object.entries({ seats: 'number', site: 'text' }))
      await sandbox.got('POST', '/v1/custom-fields', { entity: 'contact', key, label: key, type });
    const contacts = await sandbox.contacts([
      ...Array.from({ length: 25 }, (_, index) => ({
        email: `a${index}@ada.example`,
        custom_fields: { seats: index },
      })),
      { email: 'info@mary.example', first_name: 'Mary' },
      { email: 'joan@joan.example', first_name: 'Joan', custom_fields: { seats: 7, site: 'javascript:alert(1)' } },
    ]);
    const campaign = await create(sandbox, {
      mailbox_ids: [await sandbox.mailbox()],
      contact_ids: contacts,
      schedule: { ...schedule, use_lead_timezone: true },
      sequence: [
        { subject: 'Hi', body: 'https://a.example https://bit.ly/x https://c.example' },
        { body: '{{ firstName }}', variants: [{ body: '{Hi|{{ custom.seats }}}' }, { body: '{{ frist_name }}' }] },
        {
          body: '<a href="{{ site | default: "https://x.example" }}">{{ sender.phone | default: "Call" }}</a>',
          format: 'html',
        },
        { body: '{{ first_name | default: "there" }} {{ sender.signature }}' },
      ],
    });
    const path = of(campaign);
    const { errors, warnings, leads, forecast } = await sandbox.got('POST', `${path}/validate`);
    const brief = (found: unknown) =>
      (found as Fields[]).map(({ code, field, count, lead_ids: ids }) => [code, field, count, (ids as []).length]);
    assert.deepEqual(brief(errors), [
      ['unknown_variable', 'sequence.1.variants.1', null, 0],
      ['missing_variable', 'sequence.3', null, 0],
      ['missing_variable', 'sequence.1.variants.0', 1, 1],
      ['template_error', 'sequence.2', 1, 1],
    ]);
    assert.deepEqual(brief(warnings), [
      ['many_links', 'sequence.0.body', null, 0],
      ['shortened_link', 'sequence.0.body', null, 0],
      ['no_postal_address', 'sequence.0.body', null, 0],
      ['leads_unverified', 'contact_ids', 27, 20],
      ['role_addresses', 'contact_ids', 1, 1],
      ['leads_without_timezone', 'contact_ids', 27, 20],
    ]);
    assert.deepEqual(leads, { checked: 27, total: 27 });
    const { days: _, ...outlook } = await sandbox.got('GET', `${path}/forecast`);
    assert.deepEqual([forecast, typeof outlook['finishes_at']], [outlook, 'string']);
    const refused = await sandbox.api('POST', `${path}/launch`);
    const { details } = assertRefused(refused, 422, 'validation_failed');
    assert.deepEqual([details['errors'], details['warnings']], [errors, warnings]);
    assert.equal(details['sequence.1.variants.0'], 'No value for custom.seats, and no default.');
    for (const [index, reason] of ['manual', 'unsubscribed', 'hard_bounce', 'complaint'].entries())
      await sandbox.got('POST', '/v1/suppressions', { email: `a${index}@ada.example`, reason });
    const without = await sandbox.got('POST', `${path}/validate`);
    assert.deepEqual(
      brief(without['warnings']).find(([code]) => code === 'leads_suppressed'),
      ['leads_suppressed', 'contact_ids', 4, 4],
    );
    const steps = [{ subject: 'Hi {{ first_name }}', body: 'Hello', variants: [{ subject: 'Hey' }] }];
    await sandbox.got('PATCH', path, { sequence: steps });
    // Its mail stays in the capture box, so warnings do not stop it.
    const answers = await Promise.all([1, 2, 3].map(() => sandbox.api('POST', `${path}/launch`)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    );
    const events = await sandbox.list('/v1/events?event=campaign.started');
    assert.equal(events.length, 1, 'of parallel launches one wins');
  });

  test('warnings about real mailboxes stop a launch until they are accepted', async () => {
    const { product } = scene;
    const tenant = await product.tenant();
    const mailbox = await makeSenderMailbox(product, { organizationId: tenant.organization.id, port: 1 });
    const answer = await tenant.api('POST', '/v1/contacts', { lawful_basis: 'consent', contacts: people('ada') });
    const [contact] = answer.json.data as Fields[];
    const campaign = await create(tenant, { mailbox_ids: [mailbox], contact_ids: [contact?.['id']] });
    const refused = await tenant.api('POST', `${of(campaign)}/launch`);
    const { details } = assertRefused(refused, 422, 'validation_failed');
    assert.deepEqual(details['errors'], []);
    assert.deepEqual(
      (details['warnings'] as unknown as Fields[]).map(({ code }) => code),
      ['mailbox_young', 'unsubscribe_by_mail_only', 'no_postal_address', 'leads_unverified'],
    );
    assert.equal((await tenant.got('POST', `${of(campaign)}/launch?accept_warnings=true`))['status'], 'active');
    await tenant.got('POST', `${of(campaign)}/archive`);
  });

  test('a creation with an Idempotency-Key is done once, also by parallel requests', async () => {
    const sandbox = await makeSandbox(scene.product);
    const contacts = await sandbox.contacts(people('ada'));
    const body = {
      name: 'Once',
      mailbox_ids: [await sandbox.mailbox()],
      contact_ids: contacts,
      sequence: [{ subject: 'Hi', body: 'Hello' }],
    };
    const post = (fields: Fields = body, query = '?autolaunch=true') =>
      sandbox.api('POST', `/v1/campaigns${query}`, fields, { 'Idempotency-Key': 'spring' });
    const answers = await Promise.all([1, 2, 3, 4].map(() => post()));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
    const ids = new Set(answers.map(({ json }) => (json.data as Fields)['id']));
    assert.equal(ids.size, 1);
    assert.equal(((await sandbox.api('GET', '/v1/campaigns')).json.data as Fields[]).length, 1);
    assert.equal((await sandbox.list('/v1/events?event=campaign.started')).length, 1);
    assertRefused(await post({ ...body, name: 'Other' }), 409, 'conflict');
    assertRefused(await post(body, ''), 409, 'conflict');
  });

  test('bad input is refused with its field, and changes nothing', async () => {
    const [sandbox, stranger] = [await makeSandbox(scene.product), await makeSandbox(scene.product)];
    const made = async (by: typeof sandbox) =>
      create(by, {
        mailbox_ids: [await by.mailbox({ email: `m${(count += 1)}@hopper.example` })],
        contact_ids: await by.contacts(people('ada')),
      });
    let count = 0;
    const campaign = await made(sandbox);
    const leadOf = async (caller: Caller, path: string): Promise<unknown> =>
      ((await caller.api('GET', `${path}/leads`)).json.data as Fields[])[0]?.['id'];
    const own = await leadOf(sandbox, of(campaign));
    const other = await leadOf(sandbox, of(await made(sandbox)));
    const foreign = await leadOf(stranger, of(await made(stranger)));
    const preview = `${of(campaign)}/preview`;
    assertRefused(await sandbox.api('POST', preview, { lead_id: foreign }), 404, 'not_found');
    assertRefused(await stranger.api('POST', preview, { lead_id: foreign }), 404, 'not_found');
    for (const path of ['validate', 'launch', 'send'])
      assertRefused(await stranger.api('POST', `${of(campaign)}/${path}`), 404, 'not_found');
    const refused = async (path: string, body: Fields, field: string, problem: RegExp): Promise<void> => {
      const { details } = assertRefused(await sandbox.api('POST', path, body), 422, 'validation_failed');
      assert.match(String(details[field]), problem, JSON.stringify(details));
    };
    await refused(preview, { lead_id: other }, 'lead_id', /a lead of the campaign/);
    await refused(preview, { lead_id: own, step: 9 }, 'step', /number of a step/);
    const ids = Array.from({ length: 100_000 }, () => String(own));
    await refused('/v1/campaigns', { name: 'x', contact_ids: ids }, 'contact_ids', /at most 10,000/);
    await refused('/v1/campaigns', { name: 'x', mailbox_ids: ids }, 'mailbox_ids', /at most/);
    const step = { subject: 'Hi', body: 'Hi {{ first_name' };
    await refused('/v1/campaigns', { name: 'x', sequence: [step] }, 'sequence.0.body', /not closed/);
    const foreignIds = (await stranger.api('GET', '/v1/mailboxes')).json.data as Fields[];
    await refused(
      '/v1/campaigns',
      { name: 'x', mailbox_ids: [foreignIds[0]?.['id']] },
      'mailbox_ids.0',
      /does not exist/,
    );
    assert.equal(((await sandbox.api('GET', '/v1/campaigns')).json.data as Fields[]).length, 2);
  });

  test('a launched draft waits for its start, until that is taken away', async () => {
    const sandbox = await makeSandbox(scene.product);
    const campaign = await create(sandbox, {
      mailbox_ids: [await sandbox.mailbox()],
      contact_ids: await sandbox.contacts(people('ada')),
      starts_at: new Date((await sandbox.now()) + dayMs).toISOString(),
    });
    assert.equal(campaign['waits_for_start'], false);
    const launched = await sandbox.got('POST', `${of(campaign)}/launch`);
    assert.deepEqual([launched['status'], launched['waits_for_start']], ['draft', true]);
    assert.equal((await sandbox.got('PATCH', of(campaign), { starts_at: null }))['waits_for_start'], false);
    await sandbox.advance(2 * dayMs);
    assert.equal((await sandbox.got('GET', of(campaign)))['status'], 'draft');
  });

  test('C17 C19: a mailbox that was full three times within 14 days gets nothing for 30 days, and is not suppressed', async () => {
    const sandbox = await makeSandbox(scene.product);
    const mailbox = await sandbox.mailbox();
    const contacts = await sandbox.contacts(people('ada', 'mary'));
    const bounces = async (to: string): Promise<void> => {
      const body = { mailbox_id: mailbox, to, subject: 'Hello', text: 'Hi' };
      assert.equal((await sandbox.api('POST', '/v1/messages', body)).status, 202);
      await sandbox.settle();
      const [captured] = await sandbox.list(`/v1/captured-messages?to=${encodeURIComponent(to)}`);
      await sandbox.got('POST', `/v1/captured-messages/${String(captured?.['id'])}/bounce`, { kind: 'soft' });
    };
    for (const to of ['ada@ada.example', 'ada@ada.example', 'mary@mary.example', 'mary@mary.example'])
      await bounces(to);
    await sandbox.advance(5 * dayMs);
    await bounces('ada@ada.example');
    const fullAt = await sandbox.now();
    const campaign = await create(sandbox, {
      mailbox_ids: [mailbox],
      contact_ids: contacts,
      sequence: [{ subject: 'Hello', body: 'Hi' }],
    });
    await sandbox.got('POST', `${of(campaign)}/launch`);
    await sandbox.advance(dayMs);
    const [waits, ...others] = await sandbox.list(`${of(campaign)}/skipped-actions`);
    assert.deepEqual([waits?.['code'], others], ['mailbox_full', []]);
    assert.ok(Math.abs(Date.parse(String(waits?.['until'])) - fullAt - 30 * dayMs) < hourMs);
    assert.deepEqual((await sandbox.api('GET', '/v1/suppressions')).json.data, []);
    await sandbox.advance(30 * dayMs);
    assert.equal((await sandbox.captured('ada@ada.example')).length, 4);
    assert.equal((await sandbox.captured('mary@mary.example')).length, 3);
  });

  test('a launch that is refused creates nothing, and names what is wrong by field and by code', async () => {
    const tenant = await scene.product.tenant();
    const refused = await tenant.api('POST', '/v1/campaigns?autolaunch=true', { name: 'Empty' });
    const { details } = assertRefused(refused, 422, 'validation_failed');
    assert.deepEqual(
      (details['errors'] as unknown as Fields[]).map(({ code }) => code),
      ['no_step', 'no_mailbox', 'no_lead'],
    );
    assert.match(String(details['mailbox_ids']), /Add one/);
    assert.deepEqual((await tenant.api('GET', '/v1/campaigns')).json.data, []);
  });

  test('C11 C17 C20: a deferred message shows on its lead; a block ends the leads of its domain, and no others', async () => {
    const { product } = scene;
    const later = { kind: 'reply', code: 451, text: '4.7.1 Try again later' } as const;
    const { tenant, smtp, mailbox } = await scene.outbox({ rcpt: later });
    const organizationId = tenant.organization.id;
    const far = await makeSenderMailbox(product, { organizationId, port: smtp.port, email: 'far@other.example' });
    const ada = await tenant.got('POST', '/v1/contacts', {
      lawful_basis: 'consent',
      contacts: [{ email: 'ada@lovelace.example' }],
    });
    const [{ id: contact } = {}] = ada as unknown as Fields[];
    const launched = async (mailboxes: readonly string[], delay: number, cooldown = 30): Promise<string> => {
      const made = await tenant.got('POST', '/v1/campaigns', {
        name: 'Spring',
        verification: 'off',
        mailbox_ids: mailboxes,
        cooldown_days: cooldown,
        sequence: [{ subject: 'Hello', body: 'Hi', delay_days: delay }],
        schedule: { timezone: 'Etc/UTC', days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '24:00' },
        contact_ids: [contact],
      });
      const path = `/v1/campaigns/${String(made['id'])}`;
      assert.equal((await tenant.api('POST', `${path}/launch?accept_warnings=true`)).status, 200);
      return path;
    };
    const reasonOf = async (path: string): Promise<Fields> =>
      ((await tenant.api('GET', `${path}/skipped-actions`)).json.data as Fields[])[0] ?? {};
    const first = await launched([mailbox], 0);
    const near = await launched([mailbox], 1);
    const others = [await launched([mailbox, far], 1), await launched([far], 1)];
    await product.until(async () => (await reasonOf(first))['code'] === 'deferred_by_server', 'a server deferred it');
    const { until, lead_id: leadId } = await reasonOf(first);
    const lead = await tenant.got('GET', `/v1/leads/${String(leadId)}`);
    assert.deepEqual(
      [lead['status'], lead['blocked_reason'], lead['blocked_until'], Date.parse(String(until)) > scene.clock.now()],
      ['sending', 'deferred_by_server', until, true],
    );
    // The look-up of its domain does not hold up the message.
    await product.until(() => Promise.resolve(names.asked.length > 0), 'the domain is looked up');
    smtp.faults = { rcpt: { kind: 'reply', code: 550, text: '5.7.1 Message blocked by policy' } };
    await asTimePasses(
      product,
      async () => (await reasonOf(first))['code'] === 'block_bounced',
      'it is blocked',
      minuteMs,
    );
    assert.deepEqual([(await reasonOf(near))['code'], (await reasonOf(near))['until']], ['block_bounced', null]);
    for (const path of others) assert.equal((await reasonOf(path))['code'], 'delay');
    assert.deepEqual((await tenant.api('GET', '/v1/suppressions')).json.data, []);

    smtp.faults = {};
    /** Of both campaigns: the one that comes second waits for its cooldown. */
    const figures = async (): Promise<Fields[]> =>
      (await Promise.all(others.map((path) => tenant.got('GET', `${path}/analytics`)))).flatMap(
        (report) => report['providers'] as Fields[],
      );
    await asTimePasses(product, async () => (await figures()).length > 0, 'it is sent from the other domain', hourMs);
    assert.deepEqual(
      (await figures()).map(({ provider, sent }) => [provider, sent]),
      [['google', 1]],
    );

    // Of a lead that is added later the mailbox of the domain leaves hold, if there is another one.
    const lateOnly = await launched([mailbox], 0, 0);
    await asTimePasses(product, async () => (await reasonOf(lateOnly))['code'] === 'block_bounced', 'it ends', hourMs);
    assert.equal((await tenant.api('POST', `/v1/mailboxes/${far}/pause`)).status, 200);
    const late = await launched([mailbox, far], 0, 0);
    await asTimePasses(product, async () => (await reasonOf(late))['code'] === 'mailbox_paused', 'it waits', hourMs);
    assert.equal((await tenant.api('POST', `/v1/mailboxes/${far}/resume`)).status, 200);
    await asTimePasses(
      product,
      async () => (await tenant.got('GET', late))['status'] === 'completed',
      'it is sent from the other domain, too',
      hourMs,
    );
    assert.deepEqual(product.errors, []);
  });

  test('C15: a campaign whose domain fails authentication in every reading pauses after 72 hours, and says so', async () => {
    const { product } = scene;
    const { tenant, smtp } = await scene.outbox();
    const mailbox = await makeSenderMailbox(product, {
      organizationId: tenant.organization.id,
      port: smtp.port,
      email: 'me@unsigned.example',
    });
    const ada = await product.crm.contacts.create(
      { organizationId: tenant.organization.id },
      { email: 'ada@lovelace.example' },
    );
    const made = await tenant.got('POST', '/v1/campaigns', {
      name: 'Spring',
      verification: 'off',
      mailbox_ids: [mailbox],
      sequence: [{ subject: 'Hello', body: 'Hi', delay_days: 30 }],
      contact_ids: [ada.id],
    });
    const path = `/v1/campaigns/${String(made['id'])}`;
    assert.equal((await tenant.api('POST', `${path}/launch?accept_warnings=true`)).status, 200);
    const launchedMs = scene.clock.now();
    const campaign = (): Promise<Fields> => tenant.got('GET', path);
    const isRead = async (): Promise<boolean> =>
      (
        await product.db.query(
          sql`SELECT 1 FROM campaign_domains WHERE organization_id = ${tenant.organization.id} AND read_at <= ${new Date(scene.clock.now())}`,
        )
      ).length === 0;
    await asTimePasses(
      product,
      async () => {
        // A reading that is due is made before time goes on.
        await product.until(isRead, 'the DNS is read');
        return (await campaign())['status'] === 'paused';
      },
      'it is paused',
      4 * hourMs,
    );
    const passedMs = scene.clock.now() - launchedMs;
    assert.ok(passedMs >= 72 * hourMs && passedMs < 100 * hourMs, `${passedMs / hourMs} hours`);
    const { pause_reason: reason, pause_detail: detail } = await campaign();
    assert.equal(reason, 'domain_auth');
    assert.match(String(detail), /unsigned\.example: SPF, DKIM or DMARC has failed for \d\d hours/);
    const [skipped] = (await tenant.api('GET', `${path}/skipped-actions`)).json.data as Fields[];
    assert.deepEqual([skipped?.['code'], skipped?.['detail']], ['domain_auth_failing', detail]);
    assert.equal((await tenant.got('POST', `${path}/resume`))['status'], 'active');
  });
});
