import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { contact, upsert } from '../../../test/harness/contacts.ts';
import { eventsOf } from '../../../test/harness/crm.ts';
import { assertRefused, uuid } from '../../../test/harness/edge-routes.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import { makeSandbox } from '../../../test/harness/sandbox.ts';
import { dayMs, minuteMs } from '../../base/clock.ts';
import { sql } from '../../db/sql.ts';
import { take } from './queries.ts';

interface Job extends Fields {
  readonly id: string;
  readonly status: string;
  readonly progress: Readonly<Record<string, number>>;
}

const icp = { countries: ['NO'], titles: ['Head of Research'] };
const byText = (a: unknown, b: unknown): number => String(a).localeCompare(String(b));

describe('discovery', { timeout: 120_000 }, () => {
  const scene = installationScene();
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
  /** Without verification: no name server answers, and then verification rests. */
  const campaign = async (caller: Caller): Promise<string> =>
    String((await caller.got('POST', '/v1/campaigns', { name: 'Spring', icp, verification: 'off' }))['id']);

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
    assert.deepEqual(await refused({ icp, campaign_id: uuid }), ['campaign_id']);
    assert.deepEqual(await refused({ icp, limit: 10_001 }), ['limit']);
    assert.deepEqual(await refused({ icp }, '?autolaunch=true'), ['campaign_id']);
    const bad = await tenant.api('POST', '/v1/campaigns', { name: 'Bad', icp: { titles: 'all' } });
    assert.deepEqual(Object.keys(bad.json.error?.details ?? {}), ['icp.titles']);
    const draft = await campaign(tenant);
    const unready = await tenant.api('POST', '/v1/leads/discover?autolaunch=true', { campaign_id: draft });
    assert.equal(unready.status, 422, unready.text);
    assert.deepEqual((await tenant.api('GET', `/v1/discovery-jobs?campaign_id=${draft}`)).json.data, []);
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
      schedule: { timezone: 'Etc/UTC', days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '24:00' },
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
});
