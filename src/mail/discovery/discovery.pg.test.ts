import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, test } from 'node:test';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { contact, upsert } from '../../../test/harness/contacts.ts';
import { startNameServer } from '../../../test/harness/dns.ts';
import type { NameServer } from '../../../test/harness/dns.ts';
import { erase, finished } from '../../../test/harness/erasures.ts';
import { eventsOf } from '../../../test/harness/crm.ts';
import { assertRefused, uuid } from '../../../test/harness/edge-routes.ts';
import { asTimePasses, installationScene } from '../../../test/harness/installation.ts';
import { always, makeSandbox } from '../../../test/harness/sandbox.ts';
import { dayMs, minuteMs } from '../../base/clock.ts';
import { createDnsRecords } from '../../base/dns-records.ts';
import { sql } from '../../db/sql.ts';
import { take } from './queries.ts';

interface Job extends Fields {
  readonly id: string;
  readonly status: string;
  readonly progress: Readonly<Record<string, number>>;
}

const icp = { countries: ['NO'], titles: ['Head of Research'] };
const byText = (a: unknown, b: unknown): number => String(a).localeCompare(String(b));
const schedule = { timezone: 'Etc/UTC', ...always };

type Answer = (url: URL, response: ServerResponse) => void;
const json =
  (value: unknown, status = 200, headers = {}): Answer =>
  (_url, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
const text =
  (body: string): Answer =>
  (_url, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(body);
const person = (id: number) => ({ id, email: `p${id}@lovelace.example`, title: 'Head of Research', country: 'NO' });

describe('discovery', () => {
  /** Other people's server: a website and an API. */
  const answers = new Map<string, Answer>();
  const requested: string[] = [];
  let open = 0;
  const server = createServer((request, response) => {
    requested.push(request.url ?? '');
    open += 1;
    response.on('close', () => (open -= 1));
    const url = new URL(request.url ?? '/', 'http://localhost');
    (answers.get(url.pathname) ?? json({}, 404))(url, response);
  });
  let origin = '';
  let names: NameServer;
  const scene = installationScene(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    names = await startNameServer({ 'lovelace.example': { mx: [[10, 'mail.lovelace.example']] } });
    return { originOf: () => origin, dns: createDnsRecords([names.address]) };
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await names.close();
  });
  const me = () => scene.product.tenant();

  async function discover(caller: Caller, body: Fields, query = ''): Promise<Job> {
    const { status, json, text } = await caller.api('POST', `/v1/leads/discover${query}`, body);
    assert.equal(status, 202, text);
    return json.data as Job;
  }
  async function over(caller: Caller, { id }: Job): Promise<Job> {
    const look = async (): Promise<Job> => (await caller.got('GET', `/v1/discovery-jobs/${id}`)) as Job;
    await scene.product.until(async () => (await look())['finished_at'] !== null, 'the job has finished');
    return look();
  }
  const done = async (caller: Caller, body: Fields): Promise<Job> => over(caller, await discover(caller, body));
  const finds = async (caller: Caller, path: string): Promise<Fields[]> =>
    (await caller.api('GET', `${path}/finds?limit=100`)).json.data as Fields[];
  const counted = ({ progress }: Job): Record<string, number> =>
    Object.fromEntries(Object.entries(progress).filter(([name, count]) => name !== 'source' && count > 0));
  /** Without verification: the domains of most addresses do not exist. */
  const campaign = async (caller: Caller): Promise<string> =>
    String((await caller.got('POST', '/v1/campaigns', { name: 'Spring', icp, verification: 'off' }))['id']);

  const provider = async (caller: Caller, path: string, fields: Fields = {}): Promise<Fields> => ({
    type: 'provider',
    provider_id: (
      await caller.got('POST', '/v1/discovery-providers', {
        name: 'People search',
        url: `${origin}${path}?titles={titles}`,
        auth: { header: 'X-Key', value: 'the secret' },
        paging: { kind: 'page' },
        items: 'people',
        fields: { external_id: 'id', email: 'email', job_title: 'title', country: 'country' },
        timeout_seconds: 60,
        ...fields,
      })
    )['id'],
  });

  test('own contacts that match the profile of a campaign become its leads once, with the reasons and an event each', async () => {
    const tenant = await me();
    const company = await tenant.got('POST', '/v1/companies', {
      name: 'Fjord',
      country: 'Norway',
      domain: 'fjord.example',
    });
    const people = [
      { email: 'ada@example.com', job_title: 'Head of Research', country: 'NO' },
      { email: 'bo@fjord.example', job_title: 'Head of research & labs', company_id: company['id'] },
      { email: 'cy@example.com', job_title: 'Head of Research', country: 'Chile' },
      { email: 'di@example.com' },
      { email: 'ed@example.com', job_title: 'Head of Research', country: 'NO' },
      { email: 'flo@example.com', job_title: 'Head of Research', country: 'NO' },
    ];
    await upsert(tenant, people);
    await tenant.got('POST', '/v1/suppressions', { email: 'ed@example.com', reason: 'manual' });
    const gone = await contact(tenant, { email: 'flo@example.com' });
    await tenant.api('DELETE', `/v1/contacts/${gone.id}`);
    const id = await campaign(tenant);
    const job = await done(tenant, { campaign_id: id, lawful_basis: 'legitimate_interests' });
    assert.equal(job.status, 'completed');
    assert.deepEqual(counted(job), { searched: 5, accepted: 2, added: 2, below_threshold: 2, suppressed: 1 });

    const found = await finds(tenant, `/v1/discovery-jobs/${job.id}`);
    const rows = found.map((find) => [find['email'], find['outcome'], find['score'], find['source']]);
    assert.deepEqual(rows.toSorted(byText), [
      ['ada@example.com', 'added', 100, 'crm'],
      ['bo@fjord.example', 'added', 100, 'crm'],
    ]);
    const [find] = found;
    assert.ok(find !== undefined);
    assert.deepEqual(
      (find['reasons'] as Fields[]).map(({ criterion, outcome }) => [criterion, outcome]),
      [
        ['titles', 'match'],
        ['countries', 'match'],
      ],
    );
    const events = (await eventsOf(scene.product.db, tenant.organization.id)).filter(
      ({ type }) => type === 'lead.discovered',
    );
    const leads = (await tenant.api('GET', `/v1/campaigns/${id}/leads`)).json.data as Fields[];
    assert.deepEqual(new Set(events.map(({ data }) => data['lead_id'])), new Set(leads.map((lead) => lead['id'])));
    assert.equal(events[0]?.data['job_id'], job.id);
    assert.deepEqual(await finds(tenant, `/v1/contacts/${String(find['contact_id'])}`), [find]);

    const again = await done(tenant, { campaign_id: id, lawful_basis: 'legitimate_interests' });
    assert.deepEqual(counted(again), { searched: 5, known: 2, below_threshold: 2, suppressed: 1 });
    const [stage] = (await tenant.got('GET', `/v1/campaigns/${id}`))['pipeline'] as Fields[];
    assert.deepEqual(stage, {
      step: 'discover',
      status: 'done',
      leads: 2,
      added: 2,
      skipped: 0,
      job_id: again.id,
      searched: 10,
      accepted: 2,
      without_lawful_basis: 0,
      error: null,
    });
    const page = (await tenant.api('GET', `/v1/discovery-jobs?campaign_id=${id}&limit=1`)).json.data as Job[];
    assert.deepEqual(
      page.map((each) => each.id),
      [again.id],
    );
    // A lead that a person removed is not found again.
    await tenant.got('POST', `/v1/leads/${String(leads[0]?.['id'])}/remove`);
    assert.equal((await done(tenant, { campaign_id: id })).progress['accepted'], 0);
  });

  test('people without a lawful basis do not become leads, unless the job gives one; others keep theirs', async () => {
    const tenant = await me();
    const bare = (await contact(tenant, { email: 'ada@example.com', country: 'NO', job_title: 'Head of Research' })).id;
    await tenant.got('PATCH', `/v1/contacts/${bare}`, { lawful_basis: null });
    await contact(tenant, { email: 'bo@example.com', country: 'NO', job_title: 'Head of Research' });
    const id = await campaign(tenant);
    const job = await done(tenant, { campaign_id: id });
    assert.match(String((job['warnings'] as string[])[0]), /lawful_basis/);
    assert.deepEqual(counted(job), { searched: 2, accepted: 2, added: 1, without_lawful_basis: 1 });
    const based = await done(tenant, {
      campaign_id: id,
      lawful_basis: 'legitimate_interests',
      lawful_basis_source: 'Research',
    });
    assert.deepEqual([based['warnings'], based.progress['added']], [[], 1]);
    const bases = ((await tenant.api('GET', '/v1/contacts?sort=created_at')).json.data as Fields[]).map((row) => [
      row['email'],
      row['lawful_basis'],
      row['lawful_basis_source'],
    ]);
    assert.deepEqual(bases, [
      ['ada@example.com', 'legitimate_interests', 'Research'],
      ['bo@example.com', 'consent', null],
    ]);
  });

  test('a campaign keeps the profile that its workspace had, and a search without any is refused', async () => {
    const tenant = await me();
    const workspace = await tenant.workspace('Acme');
    const path = `/v1/workspaces/${workspace}/icp`;
    assertRefused(await tenant.api('GET', path), 404, 'not_found');
    await tenant.got('POST', path, { ...icp, threshold: 90 });
    const made = await tenant.got('POST', '/v1/campaigns', {
      name: 'Spring',
      workspace_id: workspace,
      icp: { countries: ['SE'], persona: 'Ada' },
    });
    await tenant.got('POST', path, { countries: ['DE'] });
    const frozen = { titles: ['Head of Research'], countries: ['SE'], threshold: 90 };
    assert.deepEqual((await tenant.got('GET', `/v1/campaigns/${String(made['id'])}`))['icp'], {
      ...frozen,
      persona: 'Ada',
    });
    assert.deepEqual((await discover(tenant, { campaign_id: made['id'] }))['icp'], frozen);
    assert.deepEqual((await discover(tenant, { workspace_id: workspace }))['icp'], { countries: ['DE'] });
    assert.equal((await tenant.api('DELETE', path)).status, 204);

    const refused = async (body: Fields, query = ''): Promise<unknown> => {
      const answer = await tenant.api('POST', `/v1/leads/discover${query}`, body);
      assert.equal(answer.status, 422, answer.text);
      return Object.keys(answer.json.error?.details ?? {});
    };
    assert.deepEqual(await refused({}), ['icp']);
    assert.deepEqual(await refused({ workspace_id: workspace }), ['icp']);
    assert.deepEqual(await refused({ icp: { countries: ['Narnia'] } }), ['icp.countries.0']);
    const exclude = { domains: ['https://x.example/', 'boss@x.example', 'nope domain', '*.y.example'] };
    assert.deepEqual(await refused({ icp: { exclude } }), ['icp.exclude.domains.1', 'icp.exclude.domains.2']);
    assert.deepEqual(await refused({ icp, campaign_id: uuid }), ['campaign_id']);
    assert.deepEqual(await refused({ icp, limit: 10_001 }), ['limit']);
    assert.deepEqual(await refused({ icp }, '?autolaunch=true'), ['campaign_id']);
    assert.deepEqual(await refused({ icp }, '?autolaunh=true'), ['autolaunh']);
    assert.deepEqual(await refused({ icp, sources: [{ type: 'website' }] }), ['sources.0.domains']);
    const both = { type: 'website', domains: ['lovelace.example'], from_companies: true };
    assert.deepEqual(await refused({ icp, sources: [both] }), ['sources.0.domains']);
    assert.deepEqual(await refused({ icp, sources: [{ type: 'guess' }] }), ['sources.0.type']);
    const domains = ['lovelace.example', '10.0.0.1', 'gmail.com', 'localhost'];
    assert.deepEqual(await refused({ icp, sources: [{ type: 'website', domains }] }), [
      'sources.0.domains.1',
      'sources.0.domains.2',
      'sources.0.domains.3',
    ]);
    assert.deepEqual(await refused({ icp, sources: [{ type: 'provider', provider_id: uuid }] }), [
      'sources.0.provider_id',
    ]);
    const bad = await tenant.api('POST', '/v1/campaigns', { name: 'Bad', icp: { titles: 'all' } });
    assert.deepEqual(Object.keys(bad.json.error?.details ?? {}), ['icp.titles']);
    const draft = await campaign(tenant);
    for (const path of ['/v1/campaigns', `/v1/campaigns/${draft}/launch`])
      assert.equal((await tenant.api('POST', `${path}?autolaunh=true`, { name: 'Bad' })).status, 422, path);
    const unready = await tenant.api('POST', '/v1/leads/discover?autolaunch=true', { campaign_id: draft });
    assert.equal(unready.status, 422, unready.text);
    assert.deepEqual((await tenant.api('GET', `/v1/discovery-jobs?campaign_id=${draft}`)).json.data, []);
  });

  test('an empty profile of a campaign or workspace accepts everybody', async () => {
    const tenant = await me();
    await contact(tenant, { email: 'ada@example.com' });
    const workspace = await tenant.workspace('Acme');
    for (const own of [{}, { threshold: 0 }, { titles: [] }]) {
      const made = await tenant.got('POST', '/v1/campaigns', { name: 'All', icp: own, discover: { limit: 1 } });
      const [job] = (await tenant.api('GET', `/v1/discovery-jobs?campaign_id=${String(made['id'])}`)).json
        .data as Job[];
      assert.ok(job);
      assert.equal((await over(tenant, job)).progress['accepted'], 1);
      // A profile that the workspace gets later does not replace the campaign's.
      const draft = await tenant.got('POST', '/v1/campaigns', { name: 'All', icp: own, workspace_id: workspace });
      await tenant.got('POST', `/v1/workspaces/${workspace}/icp`, { countries: ['DE'] });
      const { icp: used } = await discover(tenant, { campaign_id: draft['id'] });
      assert.deepEqual(used, Object.keys(own).length === 0 ? { threshold: 60 } : own);
      await tenant.api('DELETE', `/v1/workspaces/${workspace}/icp`);
    }
    await tenant.got('POST', `/v1/workspaces/${workspace}/icp`, {});
    const kept = await tenant.got('POST', '/v1/campaigns', { name: 'Kept', workspace_id: workspace });
    await tenant.got('POST', `/v1/workspaces/${workspace}/icp`, { countries: ['DE'] });
    assert.deepEqual((await discover(tenant, { campaign_id: kept['id'] }))['icp'], { threshold: 60 });
  });

  test('an autolaunched search is one pipeline: people are found, verified and written to', async () => {
    const sandbox = await makeSandbox(scene.product);
    const mailbox = await sandbox.mailbox();
    await sandbox.contacts(
      Array.from({ length: 3 }, (_, n) => ({ email: `p${n}@simulator.test`, country: n === 2 ? 'SE' : 'NO' })),
    );
    const made = await sandbox.got('POST', '/v1/campaigns?autolaunch=true', {
      name: 'Spring',
      icp: { countries: ['NO'] },
      mailbox_ids: [mailbox],
      sequence: [{ subject: 'Hello', body: 'Hi' }],
      schedule,
      stop: { on_reply: true, company: 'off' },
      discover: { limit: 10, lawful_basis: 'legitimate_interests' },
    });
    assert.equal(made['status'], 'active');
    assert.equal((made['pipeline'] as Fields[])[0]?.['status'], 'running');
    await sandbox.advance(2 * dayMs);
    const ended = await sandbox.got('GET', `/v1/campaigns/${String(made['id'])}`);
    assert.equal(ended['status'], 'completed', JSON.stringify(ended['pipeline']));
    assert.deepEqual(
      (ended['pipeline'] as Fields[]).map(({ status, leads, verified, sent }) => [status, leads ?? verified ?? sent]),
      [
        ['done', 2],
        ['done', 2],
        ['done', 2],
      ],
    );
  });

  test('people of an API and of a website are found, verified and written to, and the job shows each stage', async () => {
    const { product, clock } = scene;
    const tenant = await me();
    answers.set(
      '/people',
      json({ people: [person(1), { ...person(2), email: 'bo@gone.example' }, { ...person(3), country: 'SE' }] }),
    );
    answers.set('/robots.txt', text('User-agent: *\nDisallow: /contact'));
    answers.set('/', text('<a href="/contact">Contact</a><a href="/team">Team</a>'));
    answers.set('/contact', text('hidden@lovelace.example'));
    answers.set(
      '/team',
      text(
        `<script type="application/ld+json">[{"@type":"Organization","name":"Lovelace","address":{"addressCountry":"NO"}},
        {"@type":"Person","name":"Ada Lovelace","jobTitle":"Head of Research","email":"ada@lovelace.example"}]</script>`,
      ),
    );
    const mailbox = await tenant.got('POST', '/v1/mailboxes', {
      email: 'grace@hopper.example',
      provider: 'capture',
      work_hours: { ...always, end: '23:59' },
    });
    const campaigned = await tenant.got('POST', '/v1/campaigns', {
      name: 'Spring',
      icp: { ...icp, threshold: 90 },
      mailbox_ids: [mailbox['id']],
      schedule,
      sequence: [{ subject: 'Hello', body: 'Hi {{ first_name | default: "there" }}' }],
      stop: { on_reply: true, company: 'off' },
    });
    const api = await provider(tenant, '/people', { paging: { kind: 'none' }, licence: 'CC-BY 4.0' });
    requested.length = 0;
    const job = await discover(
      tenant,
      {
        campaign_id: campaigned['id'],
        lawful_basis: 'legitimate_interests',
        sources: [api, { type: 'website', domains: ['https://www.Lovelace.example/'] }],
      },
      '?autolaunch=true',
    );
    const look = (): Promise<Fields> => tenant.got('GET', `/v1/discovery-jobs/${job.id}`);
    await product.until(async () => {
      if ((await look())['finished_at'] !== null) return true;
      // The pause between two requests to a website.
      if (open === 0 && clock.isSet(1_000)) await clock.advance(1_000);
      return false;
    }, 'the job has finished');
    const found = (await look()) as Job;
    assert.deepEqual(counted(found), { searched: 4, accepted: 3, added: 3, created: 3, below_threshold: 1 });
    assert.deepEqual(found['problems'], [
      { source: 1, message: 'lovelace.example: robots.txt does not allow /contact.', at: found['finished_at'] },
    ]);
    assert.deepEqual(requested, ['/people?titles=Head%20of%20Research', '/robots.txt', '/', '/team']);
    const provenance = await finds(tenant, `/v1/discovery-jobs/${job.id}`);
    assert.deepEqual(
      provenance.map((find) => [find['email'], find['source_name'], find['url'], find['licence']]).toSorted(byText),
      [
        ['ada@lovelace.example', 'company website', `${origin}/team`, null],
        ['bo@gone.example', 'People search', null, 'CC-BY 4.0'],
        ['p1@lovelace.example', 'People search', null, 'CC-BY 4.0'],
      ],
    );
    const id = String(provenance.find((find) => find['email'] === 'ada@lovelace.example')?.['contact_id']);
    const copy = (await tenant.api('POST', `/v1/contacts/${id}/export`)).json.data as unknown as { finds: Fields[] };
    assert.deepEqual(
      copy.finds.map(({ url }) => url),
      [`${origin}/team`],
    );

    const isOver = async (): Promise<boolean> => {
      const [, , send] = (await look())['pipeline'] as Fields[];
      return send?.['status'] === 'done';
    };
    await asTimePasses(product, isOver, 'the campaign is completed', minuteMs);
    assert.deepEqual(
      ((await look())['pipeline'] as Fields[]).map(({ step, status, leads, verified, sent }) => [
        step,
        status,
        leads ?? verified ?? sent,
      ]),
      [
        ['discover', 'done', 3],
        ['verify', 'done', 3],
        ['send', 'done', 2],
      ],
    );
    const captured = (await tenant.api('GET', '/v1/captured-messages')).json.data as Fields[];
    assert.deepEqual(captured.map(({ to }) => String(to)).toSorted(), ['ada@lovelace.example', 'p1@lovelace.example']);
  });

  test('a provider that lies, repeats itself or refuses ends the search with the reason; one that asks for a pause gets it', async () => {
    const { product, clock } = scene;
    const tenant = await me();
    const sources: Fields[] = [];
    const search = async (path: string): Promise<Job> => {
      sources.push(await provider(tenant, path));
      return discover(tenant, { icp, sources: sources.slice(-1) });
    };
    const ended = async (path: string): Promise<Job> => over(tenant, await search(path));
    answers.set('/no-json', text('<html>'));
    answers.set('/refuses', json({ error: { message: 'Unknown key: the secret.' } }, 401));
    answers.set('/leads-inside', (_url, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    );
    answers.set('/endless', json({ people: [person(1)] }));
    requested.length = 0;
    const failed = [await ended('/no-json'), await ended('/refuses'), await ended('/leads-inside')];
    assert.deepEqual(
      failed.map((job) => [job.status, job['error']]),
      [
        ['failed', 'The answer is not JSON.'],
        ['failed', 'The provider answered with status 401: Unknown key: ….'],
        [
          'failed',
          'The provider answered with status 302: redirects are not followed, so set the URL that it leads to.',
        ],
      ],
    );
    assert.equal(requested.length, 3);
    const endless = await ended('/endless');
    assert.deepEqual([endless.status, counted(endless)['accepted']], ['completed', 1]);
    assert.match(JSON.stringify(endless['problems']), /Page 2 has the same people/);
    const shown = (await tenant.api('GET', '/v1/discovery-providers?limit=100')).text;
    assert.match(shown, /status 401/);
    assert.ok(!shown.includes('the secret'));

    const path = `/v1/discovery-providers/${String(sources.at(-1)?.['provider_id'])}`;
    const { ok, people } = await tenant.got('POST', `${path}/test`, { icp });
    assert.deepEqual(
      [ok, people],
      [
        true,
        [{ external_id: '1', email: 'p1@lovelace.example', fields: { job_title: 'Head of Research', country: 'NO' } }],
      ],
    );

    answers.set('/busy', json({}, 429, { 'retry-after': '120' }));
    const waiting = await search('/busy');
    const look = async (): Promise<Job> => (await tenant.got('GET', `/v1/discovery-jobs/${waiting.id}`)) as Job;
    await product.until(async () => (await look())['waiting'] !== null, 'the search waits');
    assert.deepEqual((await look())['waiting'], {
      reason: 'The provider answered with status 429.',
      until: new Date(clock.now() + 120_000).toISOString(),
    });
    answers.set('/busy', json({ people: [] }));
    await clock.advance(120_000);
    assert.equal((await over(tenant, waiting)).status, 'completed');
  });

  test('a provider whose settings mean nothing, such as unknown placeholders, is refused, naming the field', async () => {
    const tenant = await me();
    const refused = async (fields: Fields): Promise<unknown> => {
      const body = { name: 'P', url: 'https://x.example/', fields: { email: 'email' }, ...fields };
      const answer = await tenant.api('POST', '/v1/discovery-providers', body);
      assert.equal(answer.status, 422, answer.text);
      return Object.keys(answer.json.error?.details ?? {});
    };
    for (const rest of ['{titles', '{titles}}', '{nope}', '#{titles}', '#'])
      assert.deepEqual(await refused({ url: `https://x.example/${rest}` }), ['url'], rest);
    assert.deepEqual(await refused({ items: '\ud800' }), ['items']);
    assert.deepEqual(await refused({ url: 'https://x{sizes}.example/' }), ['url'], 'a profile would name the host');
    const named = { name: 'P', url: 'https://{titles}.example/', fields: { email: 'email' } };
    const { json: answer } = await tenant.api('POST', '/v1/discovery-providers', named);
    assert.deepEqual(answer.error?.details, { url: 'must have criteria in its path or query only' });
    const body = { q: '{nope}', list: ['{titles}', 'pre {titles}', 'pre {nope}'] };
    assert.deepEqual(await refused({ method: 'POST', body }), ['body.q', 'body.list.2']);
  });

  test('a process that is stopped in the middle of a search stores nothing late, and the next one repeats nothing', async () => {
    const { product, clock } = scene;
    const tenant = await me();
    let held: ServerResponse | undefined;
    answers.set('/people', (url, response) => {
      const page = Number(url.searchParams.get('page'));
      if (page === 2 && held === undefined) held = response;
      else json({ people: page > 3 ? [] : [person(page * 2), person(page * 2 + 1)] })(url, response);
    });
    requested.length = 0;
    const job = await discover(tenant, { icp, sources: [await provider(tenant, '/people')] });
    await product.until(() => held !== undefined, 'the second page is asked for');
    await product.db.execute(sql`
      UPDATE discovery_jobs SET lease = ${uuid}::uuid, due_at = ${new Date(clock.now())} WHERE id = ${job.id}`);
    await clock.advance(31_000);
    const ended = await over(tenant, job);
    assert.ok(held !== undefined);
    json({ people: [person(4), person(5)] })(new URL(origin), held);
    await product.until(() => open === 0, 'the late answer has arrived');
    assert.deepEqual(counted(ended), { searched: 6, accepted: 6, created: 6, without_lawful_basis: 6 });
    assert.deepEqual(counted(await over(tenant, job)), counted(ended));
    const events = await eventsOf(product.db, tenant.organization.id);
    assert.equal(events.filter(({ type }) => type === 'lead.discovered').length, 6);
    assert.equal(requested.filter((url) => url.includes('page=1')).length, 1);
  });

  test('a job stops at its limit; a process that dies returns its job, which finds nobody twice', async () => {
    const { product, clock } = scene;
    const tenant = await me();
    await upsert(
      tenant,
      Array.from({ length: 1_100 }, (_, n) => ({ email: `p${n}@example.com`, country: 'NO' })).slice(0, 500),
    );
    for (const from of [500, 1_000])
      await upsert(
        tenant,
        Array.from({ length: 500 }, (_, n) => ({ email: `p${from + n}@example.com`, country: 'NO' })),
      );
    const half = await done(tenant, { icp: { countries: ['NO'] }, limit: 700 });
    assert.deepEqual([half.progress['accepted'], half.progress['created']], [700, 0]);

    // A process took the job and died before it stored anything.
    const [job] = await product.db.transaction(async (tx) => {
      await tx.execute(sql`LOCK TABLE discovery_jobs IN SHARE ROW EXCLUSIVE MODE`);
      return tx.query(sql<{ id: string }>`
        INSERT INTO discovery_jobs (id, organization_id, is_wide, icp, max_leads, sources, status, counts, lease, due_at, is_remote, created_at)
        SELECT ${product.ids.next<string>()}, organization_id, true, icp, 10000, sources, 'running', jsonb_build_object('searched', 0, 'accepted', 0, 'added', 0, 'created', 0, 'without_lawful_basis', 0,
          'below_threshold', 0, 'excluded', 0, 'known', 0, 'suppressed', 0, 'unusable', 0), ${uuid}::uuid, ${new Date(clock.now() + minuteMs)}, false, created_at
        FROM discovery_jobs WHERE id = ${half.id} RETURNING id`);
    });
    assert.ok(job !== undefined);
    assert.equal(await take(product.db, false, uuid, new Date(clock.now()), new Date(clock.now())), undefined);
    await clock.advance(minuteMs);
    const rest = await over(tenant, job as Job);
    assert.deepEqual(counted(rest), { searched: 1_500, accepted: 800, known: 700 });
    const [{ total } = { total: 0 }] = await product.db.query(sql<{ total: number }>`
      SELECT count(DISTINCT contact_id) AS total FROM discovery_finds WHERE organization_id = ${tenant.organization.id}`);
    assert.equal(total, 1_500);
    assertRefused(await tenant.api('POST', `/v1/discovery-jobs/${rest.id}/cancel`), 409, 'conflict');
    assertRefused(await tenant.api('POST', `/v1/discovery-jobs/${rest.id}/resume`), 409, 'conflict');
  });

  test('a key of a workspace reaches its own jobs, contacts and profile only', async () => {
    const tenant = await me();
    const workspace = await tenant.workspace('Acme');
    const bound = await tenant.withKey({ workspaceId: workspace });
    await contact(tenant, { email: 'outside@example.com', country: 'NO' });
    const inside = await contact(bound, { email: 'inside@example.com', country: 'NO' });
    const job = await done(bound, { icp: { countries: ['NO'] } });
    assert.equal(job['workspace_id'], workspace);
    assert.deepEqual(
      (await finds(bound, `/v1/discovery-jobs/${job.id}`)).map((find) => find['contact_id']),
      [inside.id],
    );
    const wide = await done(tenant, { icp: { countries: ['NO'] } });
    assertRefused(await bound.api('GET', `/v1/discovery-jobs/${wide.id}/finds`), 404, 'not_found');
    assertRefused(await bound.api('POST', `/v1/workspaces/${uuid}/icp`, icp), 404, 'not_found');
    assert.equal(((await bound.api('GET', '/v1/discovery-jobs')).json.data as Job[]).length, 1);
    // The provenance goes with the person.
    await tenant.got('POST', `/v1/contacts/${inside.id}/erase`);
    assert.deepEqual(await finds(bound, `/v1/discovery-jobs/${job.id}`), []);
  });

  test('what a provider said of a person goes with the person', async () => {
    const tenant = await me();
    const { id } = await contact(tenant, { email: 'bea@example.com' });
    answers.set('/names-a-person', json({ error: 'bea@example.com has opted out' }, 403));
    const source = await provider(tenant, '/names-a-person');
    const job = await done(tenant, { icp, sources: [source] });
    const problems = async () => [
      (await tenant.got('GET', `/v1/discovery-providers/${String(source['provider_id'])}`))['problem'],
      (await tenant.got('GET', `/v1/discovery-jobs/${job.id}`))['error'],
    ];
    assert.match(String((await problems())[0]), /bea@example.com has opted out/);
    await finished(scene.product, tenant, (await erase(tenant, id)).id);
    assert.deepEqual(await problems(), ['[erased]', '[erased]']);
  });
});
