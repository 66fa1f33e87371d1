import { sql } from '../../src/db/sql.ts';
import { fillLeads, makeCampaigns, makeContacts, makeSenders } from '../campaigns.ts';
import { cleanMessages } from '../mail.ts';
import { median, round, type Result, type Scenario } from '../scenario.ts';
import { api, type Server, type Stage } from '../stage.ts';

const few = 10_000;
const many = Number(process.env['BENCH_CAMPAIGN_LEADS'] ?? 1_000_000);
const campaigns = 100;
const mailboxes = 1_000;
/** Each in one request, which is the most that it may have. */
const added = 10_000;
/** Leads that are due in a round: one for each mailbox. */
const due = 1_000;
const rounds = 5;
const samples = 200;
const roundMaxMs = 120_000;

export const campaignsScenario: Scenario = {
  name: 'campaigns',
  about: `${many.toLocaleString('en')} leads in ${campaigns} campaigns over ${mailboxes.toLocaleString('en')} mailboxes: adding leads, planning, lists`,
  settings: { shared_preload_libraries: 'pg_stat_statements' },
  async run(stage) {
    await stage.db.script('CREATE EXTENSION pg_stat_statements');
    const setup = await stage.product();
    const senders = await makeSenders(stage, setup, mailboxes);
    const contacts = await makeContacts(setup, added);
    const ids = await makeCampaigns(setup, campaigns, senders);
    await setup.stop();
    await stage.db.execute(sql`UPDATE campaigns SET status = 'active', started_at = now()`);
    const costs: Planning[] = [];
    for (const [from, to] of [
      [0, few],
      [few, many],
    ] as const) {
      await fillLeads(stage, ids, contacts, { from, to });
      costs.push(await planning(stage));
    }
    const server = await stage.product();
    const rates = await adding(stage, server, contacts);
    const lists = await listTimes(server, ids);
    await server.stop();
    return resultOf(costs, rates, lists);
  },
};

function resultOf(costs: readonly Planning[], rates: Rates, lists: Readonly<Record<string, number>>): Result {
  const [less, more] = costs;
  if (less === undefined || more === undefined) throw new Error('A size was not measured.');
  const share = rates.product / rates.bare;
  const slowest = Math.max(...Object.values(lists));
  return {
    rows: [
      ...[
        { leads: few, cost: less },
        { leads: many, cost: more },
      ].flatMap(({ leads, cost }) => [
        { measured: `database ms per message of a round, ${leads} leads`, value: round(cost.all, 3) },
        { measured: `of these, statements about leads, ${leads} leads`, value: round(cost.leads, 3) },
      ]),
      { measured: 'leads added per second', value: round(rates.product) },
      { measured: 'leads added per second by bare SQL', value: round(rates.bare) },
      ...Object.entries(lists).map(([path, ms]) => ({ measured: `p95 ms of ${path}`, value: round(ms, 1) })),
    ],
    checks: [
      { claim: `a round costs ≤ 1.1 × (is ${round(more.all / less.all, 2)} ×)`, passed: more.all / less.all <= 1.1 },
      { claim: `adding leads ≥ 0.5 of bare SQL (is ${round(share, 2)})`, passed: share >= 0.5 },
      { claim: `lists p95 < 20 ms (slowest ${round(slowest, 1)})`, passed: slowest < 20 },
    ],
  };
}

/** What a message of a round costs the database, in milliseconds; medians of the rounds. */
interface Planning {
  /** All statements, from a mailbox that may send to the outcome of its message. */
  readonly all: number;
  /** Of these, the statements that read or write leads. */
  readonly leads: number;
}

async function planning(stage: Stage): Promise<Planning> {
  const costs: Planning[] = [];
  for (let turn = 0; turn <= rounds; turn += 1) {
    // One lead for each mailbox; the others wait for tomorrow.
    await stage.db.execute(sql`
      UPDATE campaign_leads l SET due_at = now() FROM campaigns c CROSS JOIN LATERAL (
        SELECT q.id FROM campaign_leads q WHERE q.campaign_id = c.id AND q.status = 'queued' ORDER BY q.id LIMIT ${due / campaigns}::int
      ) AS first WHERE l.id = first.id`);
    await stage.db.execute(sql`UPDATE mailbox_pace SET next_at = now(), last_sent_at = NULL, blocked_reason = NULL`);
    // What earlier rounds sent is gone: only the number of leads differs.
    await stage.db.script('TRUNCATE captured_messages, lead_history');
    await stage.db.execute(sql`VACUUM ANALYZE campaign_leads`);
    await cleanMessages(stage);
    await stage.db.script('SELECT pg_stat_statements_reset()');
    const sent = await sentCount(stage);
    const server = await stage.product();
    await sentTo(stage, sent + due);
    // `AS bench_sent` is the benchmark's own.
    const [row] = await stage.db.query(sql<{ all: number | null; leads: number | null }>`
      SELECT sum(total_exec_time)::float8 AS all, sum(total_exec_time) FILTER (WHERE query ~ '\\m(campaign_leads|lead_keys)\\M')::float8 AS leads
      FROM pg_stat_statements WHERE query !~ 'bench_sent'`);
    await server.stop();
    if (typeof row?.all !== 'number' || row.leads === null)
      throw new Error('pg_stat_statements has no statement about campaign_leads: nothing was planned.');
    // The first round is the warm-up.
    if (turn > 0) costs.push({ all: row.all / due, leads: row.leads / due });
  }
  return { all: median(costs.map(({ all }) => all)), leads: median(costs.map(({ leads }) => leads)) };
}

const sentCount = async (stage: Stage): Promise<number> =>
  (
    await stage.db.query(sql<{ bench_sent: number }>`SELECT coalesce(sum(sent), 0) AS bench_sent FROM campaign_totals`)
  )[0]?.bench_sent ?? 0;

async function sentTo(stage: Stage, count: number): Promise<void> {
  const endMs = performance.now() + roundMaxMs;
  for (let sent = 0; sent < count; sent = await sentCount(stage)) {
    if (performance.now() > endMs)
      throw new Error(`${count - sent} of ${due} due leads were not sent to within ${roundMaxMs / 1_000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface Rates {
  readonly product: number;
  readonly bare: number;
}

/** Leads per second into new campaigns, by the API and by bare statements into the same tables, alternating. */
async function adding(stage: Stage, server: Server, contacts: readonly string[]): Promise<Rates> {
  const found: Record<keyof Rates, number[]> = { product: [], bare: [] };
  for (let turn = 0; turn <= rounds; turn += 1) {
    const [one, other] = await makeCampaigns(server, 2, []);
    if (one === undefined || other === undefined) throw new Error('No campaign was made.');
    const product = await perSecond(() => api(server, 'POST', `/v1/campaigns/${one}/leads`, { contact_ids: contacts }));
    const bare = await perSecond(() => addBare(stage, other, contacts));
    if (turn === 0) continue;
    found.product.push(product);
    found.bare.push(bare);
  }
  return { product: median(found.product), bare: median(found.bare) };
}

async function perSecond(add: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await add();
  return (added * 1_000) / (performance.now() - began);
}

const addBare = (stage: Stage, campaign: string, contacts: readonly string[]): Promise<unknown> =>
  stage.db.transaction(async (tx) => {
    await tx.execute(sql`
      WITH n AS (SELECT id AS contact, uuidv7() AS id FROM unnest(${contacts}::uuid[]) AS n (id)), fresh AS (
        INSERT INTO lead_keys (lead_id, organization_id, campaign_id, email_key, contact_id, company_key)
        SELECT n.id, c.organization_id, ${campaign}, c.email_key, c.id, split_part(c.email_key, '@', 2) FROM n JOIN contacts c ON c.id = n.contact
        ON CONFLICT (email_key, campaign_id) DO NOTHING RETURNING lead_id
      )
      INSERT INTO campaign_leads (id, organization_id, campaign_id, contact_id, email, email_key, domain, company_key, status, calendar, due_at, last_event_at, created_at)
      SELECT n.id, c.organization_id, ${campaign}, c.id, c.email, c.email_key, split_part(c.email_key, '@', 2), split_part(c.email_key, '@', 2), 'queued', '', now(), now(), now()
      FROM fresh JOIN n ON n.id = fresh.lead_id JOIN contacts c ON c.id = n.contact`);
    await tx.execute(sql`
      INSERT INTO campaign_totals AS t (campaign_id, organization_id, leads, open) SELECT id, organization_id, ${added}, ${added} FROM campaigns WHERE id = ${campaign}
      ON CONFLICT (campaign_id) DO UPDATE SET leads = t.leads + excluded.leads, open = t.open + excluded.open`);
  });

/** The 95th percentile of each list, in milliseconds. */
async function listTimes(server: Server, ids: readonly string[]): Promise<Record<string, number>> {
  const paths = {
    '/v1/campaigns': () => '/v1/campaigns?page_size=50',
    '/v1/campaigns?status=active': () => '/v1/campaigns?status=active&page_size=50',
    '/leads': (id: string) => `/v1/campaigns/${id}/leads?limit=50`,
    '/leads?status=queued': (id: string) => `/v1/campaigns/${id}/leads?status=queued&limit=50`,
    '/skipped-actions': (id: string) => `/v1/campaigns/${id}/skipped-actions?limit=50`,
    '/leads?status=waiting': (id: string) => `/v1/campaigns/${id}/leads?status=waiting&limit=50`,
  };
  const result: Record<string, number> = {};
  for (const [name, pathOf] of Object.entries(paths)) {
    const taken: number[] = [];
    for (let sample = 0; sample < samples; sample += 1) {
      const path = pathOf(ids[sample % ids.length] ?? '');
      const began = performance.now();
      await api(server, 'GET', path);
      taken.push(performance.now() - began);
    }
    result[name] = taken.toSorted((a, b) => a - b)[Math.ceil(samples * 0.95) - 1] ?? Number.NaN;
  }
  return result;
}
