import { connect, type Database } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import { searchText } from '../../src/crm/records/index.ts';
import { createIds } from '../../src/base/ids.ts';
import { systemClock } from '../../src/base/clock.ts';
import { contactOf, createRandom, nameOf, skewed } from '../records.ts';
import type { BenchContact } from '../records.ts';
import { median, round, type Scenario } from '../scenario.ts';
import { api, type Server, type Stage } from '../stage.ts';

const rowsPerRequest = 500;
const requests = 40;
const rounds = 3;
const contacts = 1_000_000;
const companies = 100_000;
/** The oldest contacts; all belong to one company. */
const ofOneCompany = 100_000;
const loadChunk = 10_000;
const samples = 200;

const ids = createIds(systemClock);
const random = createRandom(20_260_105);
let number = 0;
const some = (count: number): BenchContact[] => Array.from({ length: count }, () => contactOf((number += 1), random));

const searchOf = (contact: BenchContact, company: string | null): string =>
  searchText(
    `${contact.first_name} ${contact.last_name}`,
    contact.email,
    contact.job_title,
    company === null ? contact.company_name : null,
  );

/** The rows as the product stores them, as a JSON array. */
function storedOf(
  organization: string,
  rows: readonly BenchContact[],
  belonging: { source: string | null; companyOf: (index: number) => string | null } = {
    source: null,
    companyOf: () => null,
  },
): string {
  const at = new Date().toISOString();
  return JSON.stringify(
    rows
      .map((row, index) => ({ row, index, company: belonging.companyOf(index) }))
      .map(({ row, index, company }) => ({
        ...row,
        company_id: company,
        company_name: company === null ? row.company_name : null,
        id: ids.next(),
        organization_id: organization,
        email_key: row.email,
        status: index % 100 === 7 ? 'bounced' : 'active',
        source_id: belonging.source,
        custom_fields: {},
        lawful_basis: 'consent',
        lawful_basis_at: at,
        created_at: at,
        updated_at: at,
        search: searchOf(row, company),
      })),
  );
}

const insert = (rows: string) => sql`
  INSERT INTO contacts SELECT * FROM json_populate_recordset(NULL::contacts, ${rows}::json)
  ON CONFLICT (organization_id, email_key, coalesce(workspace_id, organization_id)) WHERE deleted_at IS NULL AND email_key IS NOT NULL
  DO UPDATE SET first_name = excluded.first_name, last_name = excluded.last_name, tags = excluded.tags, search = excluded.search, updated_at = excluded.updated_at`;

const insertEvents = (organization: string, rows: string) => sql`
  INSERT INTO events (organization_id, id, type, data, occurred_at, created_at)
  SELECT ${organization}, (row ->> 'id')::uuid, 'contact.created', convert_to(row::text, 'UTF8'), now(), now() FROM json_array_elements(${rows}::json) AS row`;

/** A company name that is no contact's name. */
const companyName = (number: number): string => nameOf(8_000 + number);

/** Runs `work` for every item with four concurrent callers, which keep both cores busy. Returns rows per second. */
async function perSecond<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all([caller(), caller(), caller(), caller()]);
  return (items.length * rowsPerRequest) / ((performance.now() - began) / 1_000);
}

/** Rows per second of the product over HTTP, of a bare statement for contacts, and of bare statements for contacts and events; interleaved, four callers each. */
async function upserts(stage: Stage, product: Server, organization: string) {
  const db = connect(stage.database.url, { max: 4 });
  const found: Record<'product' | 'bare' | 'bareWithEvents', number[]> = { product: [], bare: [], bareWithEvents: [] };
  for (let turn = 0; turn <= rounds; turn += 1) {
    const batches = () => Array.from({ length: requests }, () => some(rowsPerRequest));
    const rates = {
      product: await perSecond(batches(), (rows) =>
        api(product, 'POST', '/v1/contacts', { lawful_basis: 'consent', contacts: rows }),
      ),
      bare: await perSecond(batches(), (rows) => db.execute(insert(storedOf(organization, rows)))),
      bareWithEvents: await perSecond(batches(), (rows) => {
        const stored = storedOf(organization, rows);
        return db.transaction(async (tx) => {
          await tx.execute(insert(stored));
          await tx.execute(insertEvents(organization, stored));
        });
      }),
    };
    // The first round is the warm-up.
    if (turn > 0) for (const name of ['product', 'bare', 'bareWithEvents'] as const) found[name].push(rates[name]);
  }
  await db.close();
  return { product: median(found.product), bare: median(found.bare), bareWithEvents: median(found.bareWithEvents) };
}

/** Inserts companies: one is named "Colossus", every 67th is named "… Holding", the others "… Works"; none has a contact's name. Returns their ids in order. */
async function loadCompanies(db: Database, organization: string): Promise<readonly string[]> {
  const at = new Date().toISOString();
  const made = Array.from({ length: companies }, (_, index) => {
    const name = index === 0 ? 'Colossus' : `${companyName(index)} ${index % 67 === 0 ? 'Holding' : 'Works'}`;
    const search = searchText(name, `${name.split(' ')[0] ?? ''}.example`, 'London');
    return {
      id: ids.next(),
      organization_id: organization,
      name,
      tags: [],
      custom_fields: {},
      created_at: at,
      updated_at: at,
      search,
    };
  });
  for (let from = 0; from < companies; from += loadChunk) {
    const rows = JSON.stringify(made.slice(from, from + loadChunk));
    await db.execute(sql`INSERT INTO companies SELECT * FROM json_populate_recordset(NULL::companies, ${rows}::json)`);
  }
  await db.script('VACUUM ANALYZE companies');
  return made.map(({ id }) => id);
}

/** Inserts a million contacts, most of them of companies. */
export async function load(db: Database, organization: string, source: string): Promise<void> {
  const company = await loadCompanies(db, organization);
  const companyOf = (place: number): string | null =>
    (place < ofOneCompany ? company[0] : place % 2 === 0 ? company[skewed(random, companies)] : undefined) ?? null;
  // Create the indexes after loading: ten times as fast.
  const indexes = await db.query(sql<{ name: string; definition: string }>`
    SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = 'contacts' AND indexname IN ('contacts_search', 'contacts_tags')`);
  for (const { name } of indexes) await db.script(`DROP INDEX ${name}`);
  for (let loaded = 0; loaded < contacts; loaded += loadChunk) {
    // The source of an old import: the older half of the contacts.
    const belonging = {
      source: loaded < contacts / 2 ? source : null,
      companyOf: (index: number) => companyOf(loaded + index),
    };
    await db.execute(insert(storedOf(organization, some(loadChunk), belonging)));
  }
  for (const { definition } of indexes) await db.script(`SET maintenance_work_mem = '512MB'; ${definition}`);
  await db.script("UPDATE contacts SET tags = '{new}' WHERE id IN (SELECT id FROM contacts ORDER BY id DESC LIMIT 20)");
  await db.script('VACUUM ANALYZE contacts');
  await db.script('CHECKPOINT');
  await db.execute(sql`
    INSERT INTO record_counts (organization_id, entity, shard, count) VALUES (${organization}, 'contact', 0, ${contacts})
    ON CONFLICT (organization_id, entity, shard) DO UPDATE SET count = record_counts.count + excluded.count`);
}

const pick = (from: number, to: number): number => from + Math.floor(random() * (to - from));

/** Kind of query → a function that returns a new query for each sample. */
const queries = (source: string): Readonly<Record<string, () => string>> => ({
  'first page': () => '',
  'a page further down': () => `page=${pick(2, 100)}`,
  'search: common first name': () => `search=${nameOf(pick(0, 20))}`,
  'search: last name': () => `search=${nameOf(pick(1_000, 8_000))}`,
  'search: whole name': () => `search=${nameOf(pick(0, 100))}%20${nameOf(pick(0, 2_000))}`,
  'search: one address': () => `search=${pick(1, contacts)}@`,
  'search: nothing': () => `search=zzq${pick(100, 999)}`,
  'search: word that all contacts have': () => 'search=example',
  'search: two letters': () => 'search=ma',
  'search: company': () => `search=${companyName(pick(1, companies))}`,
  'search: company of 100,000': () => 'search=colossus',
  'search: company of 100,000, and tag': () => 'search=colossus&tag=customer',
  'search: company of 100,000, and status': () => 'search=colossus&status=bounced',
  'search: 1,500 companies': () => 'search=holding',
  'search: first name, and company': () => `search=${nameOf(pick(0, 400))}%20${companyName(pick(1, companies))}`,
  'search: first name, and company of 100,000': () => `search=${nameOf(pick(0, 400))}%20colossus`,
  'tag of a third': () => 'tag=customer',
  'tag of a few': () => 'tag=rare',
  'tag of the newest': () => 'tag=new',
  'status bounced': () => 'status=bounced',
  'old source': () => `source_id=${source}`,
});

async function latencies(product: Server, query: () => string, count: number): Promise<number[]> {
  const found: number[] = [];
  for (let sample = 0; sample < count; sample += 1) {
    const path = `/v1/contacts?${query()}`;
    const began = performance.now();
    await api(product, 'GET', path);
    found.push(performance.now() - began);
  }
  return found.sort((a, b) => a - b);
}

export const records: Scenario = {
  name: 'records',
  about: 'bulk upsert compared with bare SQL; lists and search with 1,000,000 contacts and 100,000 companies',
  async run(stage) {
    const product = await stage.product();
    const [organization] = await stage.db.query(sql<{ id: string }>`SELECT id FROM organizations LIMIT 1`);
    if (organization === undefined) throw new Error('The database has no organization.');
    const rates = await upserts(stage, product, organization.id);
    await stage.db.script('TRUNCATE contacts, events CASCADE; DELETE FROM record_counts');
    const { data: source } = await api<{ data: { id: string } }>(product, 'POST', '/v1/sources', {
      name: 'old import',
    });
    await load(stage.db, organization.id, source.id);
    const rows: Record<string, string | number>[] = [
      {
        what: 'upsert, rows/s',
        product: round(rates.product),
        'bare SQL': round(rates.bare),
        'bare SQL with events': round(rates.bareWithEvents),
      },
    ];
    let slowest = 0;
    for (const [what, query] of Object.entries(queries(source.id))) {
      await latencies(product, query, 10);
      const found = await latencies(product, query, samples);
      const at = (share: number): number => found[Math.floor(found.length * share)] ?? Number.NaN;
      rows.push({ what: `${what}, ms`, p50: round(at(0.5), 1), p95: round(at(0.95), 1) });
      slowest = Math.max(slowest, at(0.95));
    }
    await product.stop();
    return {
      rows,
      checks: [
        {
          claim: `bulk upsert: ${round((rates.product / rates.bareWithEvents) * 100)} % of bare SQL into the same tables (limit: at least 60 %)`,
          passed: rates.product >= 0.6 * rates.bareWithEvents,
        },
        {
          claim: `lists and search with 1,000,000 contacts: p95 of the slowest kind ${round(slowest, 1)} ms (limit 20 ms)`,
          passed: slowest < 20,
        },
      ],
    };
  },
};
