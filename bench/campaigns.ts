/** What the scenario of campaigns shares: mailboxes, contacts, campaigns and leads, as the product stores them. */
import { sql } from '../src/db/sql.ts';
import { api, type Server, type Stage } from './stage.ts';

const rowsPerRequest = 500;
const callers = 4;

/** Calls `work` for each number below `count`, from four callers. @returns its results, in order */
export async function times<T>(count: number, work: (number: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let number = next++; number < count; number = next++) results[number] = await work(number);
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return results;
}

/** Capture mailboxes whose limits decide nothing. The first one is made by the API and the others are copies of it. */
export async function makeSenders(stage: Stage, server: Server, count: number): Promise<readonly string[]> {
  await api(server, 'POST', '/v1/mailboxes', { email: 'sender0@bench.test', provider: 'capture' });
  const hours = JSON.stringify({ days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '24:00' });
  await stage.db.execute(sql`
    UPDATE mailboxes SET daily_limit = 1000000000, max_hourly_per_domain = 1000000000, gap_min_seconds = 0, gap_max_seconds = 0, work_hours = ${hours}::jsonb`);
  await stage.db.execute(sql`
    INSERT INTO mailboxes SELECT copy.* FROM mailboxes m CROSS JOIN generate_series(1, ${count - 1}::int) AS n CROSS JOIN LATERAL
      jsonb_populate_record(m, jsonb_build_object('id', uuidv7(), 'email', 'sender' || n || '@bench.test', 'email_key', 'sender' || n || '@bench.test')) AS copy`);
  await stage.db.execute(sql`
    INSERT INTO mailbox_pace (mailbox_id, organization_id) SELECT id, organization_id FROM mailboxes ON CONFLICT DO NOTHING`);
  return (await stage.db.query(sql<{ id: string }>`SELECT id FROM mailboxes ORDER BY id`)).map(({ id }) => id);
}

/** @returns the ids of new contacts */
export async function makeContacts(server: Server, count: number): Promise<readonly string[]> {
  const made = await times(Math.ceil(count / rowsPerRequest), async (request) => {
    const contacts = Array.from({ length: Math.min(rowsPerRequest, count - request * rowsPerRequest) }, (_, row) => {
      const number = request * rowsPerRequest + row;
      return {
        email: `person${number}@d${number}.test`,
        first_name: `Ada${number}`,
        company_name: `Company ${number}`,
      };
    });
    const { data } = await api<{ data: { id: string; status: string }[] }>(server, 'POST', '/v1/contacts', {
      lawful_basis: 'consent',
      contacts,
    });
    if (data.some(({ status }) => status !== 'created')) throw new Error('A contact was not created.');
    return data.map(({ id }) => id);
  });
  return made.flat();
}

/** Campaigns that send at any time, each from its share of the mailboxes. @returns their ids */
export const makeCampaigns = (server: Server, count: number, mailboxes: readonly string[]): Promise<string[]> =>
  times(count, async (number) => {
    const share = Math.floor(mailboxes.length / count);
    const { data } = await api<{ data: { id: string } }>(server, 'POST', '/v1/campaigns', {
      name: `Campaign ${number}`,
      mailbox_ids: mailboxes.slice(number * share, (number + 1) * share),
      sequence: [
        { subject: 'Hello {{ first_name }}', body: 'Hello {{ first_name }},\n\nhow are you?' },
        { body: 'Hello again, {{ first_name }}', delay_days: 3 },
      ],
      schedule: { timezone: 'UTC', days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '24:00' },
      verification: 'off',
    });
    return data.id;
  });

/** Adds leads by bare SQL that wait for tomorrow, to one campaign after the other. They share contacts; their addresses are all different, in no order. */
export async function fillLeads(
  stage: Stage,
  campaigns: readonly string[],
  contacts: readonly string[],
  range: { readonly from: number; readonly to: number },
): Promise<void> {
  const each = Math.floor((range.to - range.from) / campaigns.length);
  for (const [place, campaign] of campaigns.entries())
    await stage.db.execute(sql`
      WITH leads AS (
        INSERT INTO campaign_leads (id, organization_id, campaign_id, contact_id, email, email_key, domain, company_key, status, calendar, due_at, last_event_at, created_at)
        SELECT uuidv7(), c.organization_id, c.id, (${contacts}::uuid[])[1 + n % ${contacts.length}::int], person || '@' || d, person || '@' || d, d, d, 'queued', '',
          now() + interval '1 day', now(), now()
        FROM campaigns c CROSS JOIN generate_series(${range.from + place * each}::int, ${range.from + (place + 1) * each - 1}::int) AS n CROSS JOIN LATERAL (SELECT md5(n::text) AS person, md5(n::text) || '.test' AS d) AS named
        WHERE c.id = ${campaign} RETURNING id, organization_id, campaign_id, email_key, contact_id, company_key
      ) INSERT INTO lead_keys (lead_id, organization_id, campaign_id, email_key, contact_id, company_key) SELECT * FROM leads`);
  await stage.db.execute(sql`
    INSERT INTO campaign_calendars (campaign_id, calendar, organization_id) SELECT id, '', organization_id FROM campaigns ON CONFLICT DO NOTHING`);
  await stage.db.execute(sql`
    INSERT INTO campaign_totals AS t (campaign_id, organization_id, leads, open)
    SELECT campaign_id, organization_id, count(*), count(*) FROM campaign_leads GROUP BY campaign_id, organization_id
    ON CONFLICT (campaign_id) DO UPDATE SET leads = excluded.leads, open = excluded.open`);
  for (const table of ['campaign_leads', 'lead_keys']) await stage.db.script(`VACUUM ANALYZE ${table}`);
}
