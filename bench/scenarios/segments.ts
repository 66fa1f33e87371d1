import type { Database } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import { round, type Scenario } from '../scenario.ts';
import { api, type Server } from '../stage.ts';

const contacts = Number(process.env['BENCH_SEGMENT_CONTACTS'] ?? 1_000_000);
const companies = Math.ceil(contacts / 20);
const suppressed = Math.ceil(contacts / 50);
const activities = Math.ceil(contacts / 5);
const loadChunk = 100_000;
const samples = 100;
const limitMs = 50;

type Filter = Readonly<Record<string, unknown>>;

const is = (field: string, value: unknown, op = 'eq'): Filter => ({ field, op, value });

/** Filters of every selectivity, from all records to none, with and without an index. */
const filters: Readonly<Record<string, Filter>> = {
  everything: is('email', true, 'exists'),
  'a third, by tag': is('tags', 'customer'),
  'a tenth, by country': is('country', 'NO'),
  'one in 100, by custom field': is('custom.tier', 'gold'),
  'one in 10,000, by tag': is('tags', 'rare'),
  'one in 10,000, by city (no index)': is('city', 'Rare'),
  'nothing (no index)': is('city', 'Nowhere'),
  'nothing, by tag': is('tags', 'nowhere'),
  'bounced, one in 100': is('status', 'bounced'),
  'rare tag and country': { and: [is('tags', 'rare'), is('country', ['NO', 'SE'], 'in')] },
  'field of the company': is('company.employee_count', 900, 'gte'),
  'industry of the company, rare': is('company.industry', 'Rare'),
  'not suppressed, not contacted lately': {
    and: [{ not: is('suppressed', true) }, { not: is('last_activity_at', 'now-30d', 'gte') }],
  },
  suppressed: is('suppressed', true),
  'active lately': is('last_activity_at', 'now-30d', 'gte'),
  'part of a name': is('last_name', 'zyx', 'contains'),
  'ten conditions': {
    or: [
      { and: [is('tags', 'customer'), is('country', 'NO'), is('custom.score', 90, 'gt')] },
      { and: [is('job_title', 'head', 'contains'), is('country', ['SE', 'DK'], 'in'), is('custom.tier', 'gold')] },
      { and: [is('status', 'replied'), { not: is('company.industry', 'Retail') }, is('city', 'O', 'starts_with')] },
      { and: [is('created_at', '2020-01-01', 'lt')] },
    ],
  },
};

async function load(db: Database, organization: string): Promise<void> {
  await db.execute(sql`
    INSERT INTO companies (id, organization_id, name, domain, industry, employee_count, tags, custom_fields, created_at, updated_at, search)
    SELECT ('0198' || lpad(to_hex(n), 4, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${organization}, 'Company ' || n, 'c' || n || '.example',
      CASE WHEN n % 5000 = 17 THEN 'Rare' ELSE (ARRAY['Retail', 'Software', 'Energy'])[1 + n % 3] END, n % 1000, '{}', '{}', now(), now(), 'company ' || n || E'\n' || chr(31)
    FROM generate_series(1, ${companies}::int) AS n`);
  // Create the indexes after loading: ten times as fast.
  const indexes = await db.query(sql<{ name: string; definition: string }>`
    SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = 'contacts' AND indexname IN ('contacts_search', 'contacts_tags', 'contacts_domain')`);
  for (const { name } of indexes) await db.script(`DROP INDEX ${name}`);
  for (let from = 1; from <= contacts; from += loadChunk)
    await db.execute(sql`
      INSERT INTO contacts (id, organization_id, email, email_key, first_name, last_name, job_title, city, country, tags, status, company_id, custom_fields, lawful_basis, created_at, updated_at, search)
      SELECT ('0199' || lpad(to_hex(n / 65536), 4, '0') || '-' || lpad(to_hex(n % 65536), 4, '0') || '-7000-8000-' || substr(md5(n::text), 1, 12))::uuid, ${organization},
        'p' || n || '@d' || n % 5003 || '.example', 'p' || n || '@d' || n % 5003 || '.example', 'First' || n % 977, CASE WHEN n % 9973 = 5 THEN 'Abzyxer' ELSE 'Last' || n % 7919 END,
        (ARRAY['Head of Sales', 'Engineer', 'Buyer', 'Accountant'])[1 + n % 4], CASE WHEN n % 10000 = 77 THEN 'Rare' ELSE (ARRAY['Oslo', 'Bergen', 'Malmö', 'Aarhus', 'Turku'])[1 + n % 5] END,
        (ARRAY['NO', 'SE', 'DK', 'FI', 'DE', 'FR', 'GB', 'US', 'NL', 'ES'])[1 + n * 7 % 10], CASE WHEN n % 3 = 0 THEN '{customer}' WHEN n % 10000 = 1 THEN '{rare}' ELSE '{}' END::text[],
        CASE WHEN n % 100 = 7 THEN 'bounced' WHEN n % 50 = 9 THEN 'replied' ELSE 'active' END,
        CASE WHEN n % 4 < 3 THEN ('0198' || lpad(to_hex(1 + n % ${companies}::int), 4, '0') || '-0000-7000-8000-' || lpad(to_hex(1 + n % ${companies}::int), 12, '0'))::uuid END,
        json_build_object('score', n % 100, 'tier', CASE WHEN n % 100 = 3 THEN 'gold' ELSE 'basic' END)::jsonb, 'consent', now(), now(),
        'first' || n % 977 || ' ' || CASE WHEN n % 9973 = 5 THEN 'abzyxer' ELSE 'last' || n % 7919 END || E'\np' || n || '@d' || n % 5003 || '.example' || E'\n' || chr(31)
      FROM generate_series(${from}::int, ${Math.min(contacts, from + loadChunk - 1)}::int) AS n`);
  for (const { definition } of indexes) await db.script(`SET maintenance_work_mem = '512MB'; ${definition}`);
  await db.execute(sql`
    INSERT INTO suppressions (id, organization_id, kind, hash, value, reason, created_at)
    SELECT gen_random_uuid(), ${organization}, 'email', sha256(n::text::bytea), 'p' || n * 50 || '@d' || n * 50 % 5003 || '.example', 'manual', now() FROM generate_series(1, ${suppressed}::int) AS n`);
  await db.execute(sql`
    INSERT INTO activities (id, organization_id, activity_type, contact_id, occurred_at, metadata, created_at, updated_at, search)
    SELECT gen_random_uuid(), ${organization}, 'note', c.id, now() - (random() * 200) * interval '1 day', '{}', now(), now(), chr(31)
    FROM (SELECT id FROM contacts WHERE organization_id = ${organization} ORDER BY id LIMIT ${activities}) AS c`);
  await db.script('VACUUM ANALYZE contacts, companies, suppressions, activities');
  await db.script('CHECKPOINT');
  await db.execute(sql`
    INSERT INTO record_counts (organization_id, entity, shard, count) VALUES (${organization}, 'contact', 0, ${contacts})
    ON CONFLICT (organization_id, entity, shard) DO UPDATE SET count = record_counts.count + excluded.count`);
}

async function latency(product: Server, path: string): Promise<{ p50: number; p95: number }> {
  const found: number[] = [];
  for (let sample = -5; sample < samples; sample += 1) {
    const began = performance.now();
    await api(product, 'GET', path);
    if (sample >= 0) found.push(performance.now() - began);
  }
  const sorted = found.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(samples * share)] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95) };
}

interface Counted {
  readonly data: { readonly count: number; readonly exact: boolean };
}

/** Asks until the background has counted everything. Returns the seconds it took, too. */
async function counted(product: Server, id: string): Promise<{ count: number; seconds: number }> {
  const began = performance.now();
  for (;;) {
    const { data } = await api<Counted>(product, 'GET', `/v1/segments/${id}/count`);
    if (data.exact) return { count: data.count, seconds: (performance.now() - began) / 1_000 };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const segments: Scenario = {
  name: 'segments',
  about: 'count and first page of segments of every selectivity, with 1,000,000 contacts',
  async run(stage) {
    const product = await stage.product();
    const [organization] = await stage.db.query(sql<{ id: string }>`SELECT id FROM organizations LIMIT 1`);
    if (organization === undefined) throw new Error('The database has no organization.');
    for (const [key, type] of [
      ['tier', 'text'],
      ['score', 'number'],
    ])
      await api(product, 'POST', '/v1/custom-fields', { entity: 'contact', key, type });
    await load(stage.db, organization.id);
    const rows: Record<string, string | number>[] = [];
    let slowest = 0;
    for (const [name, filter] of Object.entries(filters)) {
      const { data } = await api<{ data: { id: string } }>(product, 'POST', '/v1/segments', {
        name,
        entity: 'contact',
        filter,
      });
      const { count, seconds } = await counted(product, data.id);
      const counting = await latency(product, `/v1/segments/${data.id}/count`);
      const paging = await latency(product, `/v1/segments/${data.id}/contacts`);
      slowest = Math.max(slowest, counting.p95, paging.p95);
      rows.push({
        segment: name,
        records: count,
        'count p50, ms': round(counting.p50, 1),
        'count p95, ms': round(counting.p95, 1),
        'first page p50, ms': round(paging.p50, 1),
        'first page p95, ms': round(paging.p95, 1),
        'complete count, s': round(seconds, 1),
      });
    }
    await product.stop();
    return {
      rows,
      checks: [
        {
          claim: `count and first page with ${contacts.toLocaleString('en')} contacts: p95 of the slowest ${round(slowest, 1)} ms (limit ${limitMs} ms)`,
          passed: slowest < limitMs,
        },
      ],
    };
  },
};
