import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { columns, plainArray, sql } from '../../db/sql.ts';
import type { Reach as CrmReach } from '../../crm/records/index.ts';
import type { Lead } from './lead.ts';

const leadFields = [
  'id',
  'organization_id',
  'workspace_id',
  'campaign_id',
  'contact_id',
  'email',
  'email_key',
  'domain',
  'company_key',
  'provider',
  'status',
  'calendar',
  'position',
  'step',
  'last_sent_at',
  'mailbox_id',
  'due_at',
  'blocked_reason',
  'blocked_until',
  'blocked_detail',
  'verdict',
  'replied_at',
  'last_event_at',
  'created_at',
] as const satisfies readonly (keyof Lead)[];
export const leadColumns = columns(leadFields);

/** Due leads, skipping those that another transaction has. */
export const lockDue = (tx: Transaction, ids: readonly string[], now: Date): Promise<Lead[]> =>
  tx.query(sql<Lead>`
    SELECT ${leadColumns} FROM campaign_leads
    WHERE id = ANY(${plainArray(ids)}::uuid[]) AND due_at <= ${now} AND status IN ('queued', 'waiting', 'held')
    ORDER BY id FOR UPDATE SKIP LOCKED`);

/** Leads of any status, in the order in which every transaction locks them. */
export const lockLeads = (tx: Transaction, ids: readonly string[]): Promise<Lead[]> =>
  tx.query(sql<Lead>`
    SELECT ${leadColumns} FROM campaign_leads WHERE id = ANY(${plainArray(ids)}::uuid[]) ORDER BY id FOR UPDATE`);

export const leadsByIds = (on: Queryable, organization: OrganizationId, ids: readonly string[]): Promise<Lead[]> =>
  on.query(sql<Lead>`
    SELECT ${leadColumns} FROM campaign_leads WHERE id = ANY(${plainArray(ids)}::uuid[]) AND organization_id = ${organization}`);

/** Leads with these addresses, in all campaigns of the organization. */
export const leadsOfAddresses = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: CrmReach,
  keys: readonly string[],
): Promise<Lead[]> =>
  on.query(sql<Lead>`
    SELECT ${leadColumns} FROM campaign_leads
    WHERE id IN (SELECT lead_id FROM lead_keys WHERE organization_id = ${organization} AND email_key = ANY(${[...keys]}::text[]))
      AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})`);

/** Leads with these addresses in the campaigns of a topic. */
export const leadsOfTopic = (
  on: Queryable,
  organization: OrganizationId,
  topic: string,
  keys: readonly string[],
): Promise<Lead[]> =>
  on.query(sql<Lead>`
    SELECT ${leadColumns} FROM campaign_leads WHERE id IN (
      SELECT k.lead_id FROM lead_keys k JOIN campaigns c ON c.id = k.campaign_id
      WHERE k.organization_id = ${organization} AND k.email_key = ANY(${[...keys]}::text[]) AND c.topic_id = ${topic})`);

/** The leads of contacts, in all campaigns. */
export const leadsOfContacts = (
  on: Queryable,
  organization: OrganizationId,
  contacts: readonly string[],
): Promise<Lead[]> =>
  on.query(sql<Lead>`
    SELECT ${leadColumns} FROM campaign_leads
    WHERE id IN (SELECT lead_id FROM lead_keys WHERE contact_id = ANY(${plainArray(contacts)}::uuid[]) AND organization_id = ${organization})`);

/** Writes leads as they are now. The caller has locked them. */
export const updateLeads = (tx: Transaction, leads: readonly Lead[]): Promise<number> =>
  tx.execute(sql`
    UPDATE campaign_leads AS l SET status = n.status, contact_id = n.contact_id, provider = n.provider, calendar = n.calendar, position = n.position, step = n.step, last_sent_at = n.last_sent_at,
      mailbox_id = n.mailbox_id, due_at = n.due_at, blocked_reason = n.blocked_reason, blocked_until = n.blocked_until, blocked_detail = n.blocked_detail, verdict = n.verdict,
      replied_at = n.replied_at, last_event_at = n.last_event_at
    FROM unnest(${plainArray(leads.map(({ id }) => id))}::uuid[], ${plainArray(leads.map(({ status }) => status))}::text[], ${plainArray(leads.map((lead) => lead.contact_id ?? 'NULL'))}::uuid[], ${leads.map(({ provider }) => provider)}::text[],
      ${leads.map(({ calendar }) => calendar)}::text[], ${plainArray(leads.map(({ position }) => position ?? 'NULL'))}::float8[], ${plainArray(leads.map(({ step }) => step))}::int[],
      ${leads.map((lead) => lead.last_sent_at)}::timestamptz[], ${plainArray(leads.map((lead) => lead.mailbox_id ?? 'NULL'))}::uuid[], ${leads.map((lead) => lead.due_at)}::timestamptz[],
      ${leads.map((lead) => lead.blocked_reason)}::text[], ${leads.map((lead) => lead.blocked_until)}::timestamptz[], ${leads.map((lead) => lead.blocked_detail)}::text[],
      ${leads.map(({ verdict }) => verdict)}::text[], ${leads.map((lead) => lead.replied_at)}::timestamptz[], ${leads.map((lead) => lead.last_event_at)}::timestamptz[])
      AS n (id, status, contact_id, provider, calendar, position, step, last_sent_at, mailbox_id, due_at, blocked_reason, blocked_until, blocked_detail, verdict, replied_at, last_event_at)
    WHERE l.id = n.id`);

/** Writes which contacts leads have from now on. */
export const updateContacts = (tx: Transaction, leads: readonly Pick<Lead, 'id' | 'contact_id'>[]): Promise<number> =>
  tx.execute(sql`
    UPDATE lead_keys AS k SET contact_id = n.contact_id
    FROM unnest(${plainArray(leads.map(({ id }) => id))}::uuid[], ${plainArray(leads.map((lead) => lead.contact_id ?? 'NULL'))}::uuid[]) AS n (id, contact_id) WHERE k.lead_id = n.id`);

export interface HistoryRow {
  readonly leadId: string;
  readonly id: string;
  readonly organizationId: OrganizationId;
  readonly kind: string;
  readonly from: string | null;
  readonly to: string;
  readonly detail: object;
  readonly at: Date;
}

export const insertHistory = (tx: Transaction, rows: readonly HistoryRow[]): Promise<number> =>
  tx.execute(sql`
    INSERT INTO lead_history (lead_id, id, organization_id, kind, from_status, to_status, detail, at)
    SELECT * FROM unnest(${plainArray(rows.map(({ leadId }) => leadId))}::uuid[], ${plainArray(rows.map(({ id }) => id))}::uuid[],
      ${plainArray(rows.map(({ organizationId }) => organizationId))}::uuid[], ${rows.map(({ kind }) => kind)}::text[], ${rows.map(({ from }) => from)}::text[],
      ${rows.map(({ to }) => to)}::text[], ${rows.map(({ detail }) => JSON.stringify(detail))}::jsonb[], ${rows.map(({ at }) => at)}::timestamptz[])`);

/** What received messages did to a lead, the oldest first. */
export const answersInHistory = (
  on: Queryable,
  organization: OrganizationId,
  lead: string,
): Promise<{ kind: string; message_id: string | null }[]> =>
  on.query(sql<{ kind: string; message_id: string | null }>`
    SELECT kind, detail ->> 'message_id' AS message_id FROM lead_history
    WHERE lead_id = ${lead} AND organization_id = ${organization} AND kind IN ('replied', 'not_interested', 'wrong_person', 'left_company', 'held', 'answered', 'misread')
    ORDER BY id`);

/** Of each company, the lead that a mailbox contacted last, since a time. */
export const lastContactedOf = (
  on: Queryable,
  organization: OrganizationId,
  mailbox: string,
  companies: readonly string[],
  since: Date,
): Promise<{ company_key: string; lead_id: string; last_sent_at: Date }[]> =>
  on.query(sql<{ company_key: string; lead_id: string; last_sent_at: Date }>`
    SELECT DISTINCT ON (k.company_key) k.company_key, k.lead_id, l.last_sent_at
    FROM lead_keys k JOIN campaign_leads l ON l.id = k.lead_id
    WHERE k.company_key = ANY(${[...companies]}::text[]) AND k.organization_id = ${organization} AND l.mailbox_id = ${mailbox} AND l.last_sent_at >= ${since}
    ORDER BY k.company_key, l.last_sent_at DESC`);

/** The calendars of a campaign's leads. */
export const insertCalendars = (
  tx: Transaction,
  organization: OrganizationId,
  campaign: string,
  calendars: readonly string[],
): Promise<number> =>
  tx.execute(sql`
    INSERT INTO campaign_calendars (campaign_id, calendar, organization_id)
    SELECT ${campaign}::uuid, calendar, ${organization}::uuid FROM unnest(${[...calendars].sort()}::text[]) AS n (calendar) ON CONFLICT DO NOTHING`);

/** Inserts leads, except those whose address is already in the campaign. @returns the ids of the new ones */
export const insertLeads = async (tx: Transaction, leads: readonly Lead[]): Promise<string[]> =>
  (
    await tx.query(sql<{ id: string }>`
      WITH n AS (SELECT * FROM unnest(${plainArray(leads.map(({ id }) => id))}::uuid[], ${plainArray(leads.map((lead) => lead.contact_id ?? 'NULL'))}::uuid[], ${leads.map(({ email }) => email)}::text[],
        ${leads.map((lead) => lead.email_key)}::text[], ${leads.map(({ domain }) => domain)}::text[], ${leads.map((lead) => lead.company_key)}::text[],
        ${plainArray(leads.map(({ status }) => status))}::text[], ${leads.map(({ calendar }) => calendar)}::text[], ${leads.map((lead) => lead.due_at)}::timestamptz[],
        ${leads.map((lead) => lead.blocked_reason)}::text[], ${plainArray(leads.map(({ verdict }) => verdict ?? 'NULL'))}::text[])
        AS n (id, contact_id, email, email_key, domain, company_key, status, calendar, due_at, blocked_reason, verdict)
      ), fresh AS (
        INSERT INTO lead_keys (lead_id, organization_id, campaign_id, email_key, contact_id, company_key)
        SELECT id, ${leads[0]?.organization_id ?? null}::uuid, ${leads[0]?.campaign_id ?? null}::uuid, email_key, contact_id, company_key FROM n
        ON CONFLICT (email_key, campaign_id) DO NOTHING RETURNING lead_id
      )
      INSERT INTO campaign_leads (id, organization_id, workspace_id, campaign_id, contact_id, email, email_key, domain, company_key, status, calendar, due_at, blocked_reason, verdict,
        last_event_at, created_at)
      SELECT n.id, ${leads[0]?.organization_id ?? null}::uuid, ${leads[0]?.workspace_id ?? null}::uuid, ${leads[0]?.campaign_id ?? null}::uuid, n.contact_id, n.email, n.email_key, n.domain,
        n.company_key, n.status, n.calendar, n.due_at, n.blocked_reason, n.verdict, ${leads[0]?.created_at ?? null}::timestamptz, ${leads[0]?.created_at ?? null}::timestamptz
      FROM n JOIN fresh ON fresh.lead_id = n.id RETURNING id`)
  ).map(({ id }) => id);

/** Leads with these addresses that a person may add again. */
export const lockRemoved = (tx: Transaction, campaign: string, keys: readonly string[]): Promise<Lead[]> =>
  tx.query(sql<Lead>`
    SELECT ${leadColumns} FROM campaign_leads
    WHERE id IN (SELECT lead_id FROM lead_keys WHERE campaign_id = ${campaign} AND email_key = ANY(${[...keys]}::text[]))
      AND status = 'skipped' AND blocked_reason IN ('removed', 'contact_deleted', 'left_topic')
    ORDER BY id FOR UPDATE`);

/** Open leads of the companies of these leads, themselves excepted: in the same campaign, or in the same workspace. */
export const colleaguesOf = (
  on: Queryable,
  organization: OrganizationId,
  leads: readonly {
    readonly id: string;
    readonly campaignId: string;
    readonly companyKey: string;
    readonly everywhere: boolean;
  }[],
): Promise<{ id: string; of: string }[]> =>
  on.query(sql<{ id: string; of: string }>`
    SELECT DISTINCT ON (l.id) l.id, n.id AS of
    FROM unnest(${plainArray(leads.map(({ id }) => id))}::uuid[], ${plainArray(leads.map(({ campaignId }) => campaignId))}::uuid[], ${leads.map(({ companyKey }) => companyKey)}::text[],
      ${plainArray(leads.map(({ everywhere }) => everywhere))}::bool[]) AS n (id, campaign_id, company_key, everywhere)
      JOIN campaign_leads o ON o.id = n.id
      JOIN lead_keys k ON k.organization_id = ${organization} AND k.company_key = n.company_key AND (k.campaign_id = n.campaign_id OR n.everywhere)
      JOIN campaign_leads l ON l.id = k.lead_id AND l.status IN ('queued', 'waiting', 'sending', 'held')
        AND (l.campaign_id = n.campaign_id OR l.workspace_id IS NOT DISTINCT FROM o.workspace_id)
    WHERE l.id <> ALL(${plainArray(leads.map(({ id }) => id))}::uuid[])
    ORDER BY l.id, n.id`);

/**
 * Open leads of the same addresses that can be written to from the domains of these mailboxes only, themselves excepted: their mailbox, or
 * every mailbox of their campaign, has the domain.
 */
export const sameDomainLeads = (
  on: Queryable,
  blocked: readonly { readonly leadId: string; readonly mailboxId: MailboxId }[],
): Promise<{ id: string; of: string }[]> =>
  on.query(sql<{ id: string; of: string }>`
    SELECT DISTINCT ON (l.id) l.id, o.id AS of
    FROM unnest(${plainArray(blocked.map(({ leadId }) => leadId))}::uuid[], ${plainArray(blocked.map(({ mailboxId }) => mailboxId))}::uuid[]) AS n (lead_id, mailbox_id)
      JOIN campaign_leads o ON o.id = n.lead_id
      JOIN mailboxes b ON b.id = n.mailbox_id
      JOIN lead_keys k ON k.email_key = o.email_key AND k.organization_id = o.organization_id
      JOIN campaign_leads l ON l.id = k.lead_id AND l.status IN ('queued', 'waiting', 'sending', 'held')
    WHERE l.id <> ALL(${plainArray(blocked.map(({ leadId }) => leadId))}::uuid[])
      AND CASE WHEN l.mailbox_id IS NOT NULL THEN (SELECT m.domain FROM mailboxes m WHERE m.id = l.mailbox_id) = b.domain
        ELSE (SELECT bool_and(m.domain = b.domain) FROM campaign_mailboxes c JOIN mailboxes m ON m.id = c.mailbox_id WHERE c.campaign_id = l.campaign_id) IS TRUE END
    ORDER BY l.id, o.id`);

/** Open leads of mailboxes in a campaign. */
export const openOf = async (on: Queryable, campaign: string, mailboxes: readonly MailboxId[]): Promise<string[]> =>
  (
    await on.query(sql<{ id: string }>`
      SELECT id FROM campaign_leads
      WHERE campaign_id = ${campaign} AND mailbox_id = ANY(${plainArray(mailboxes)}::uuid[]) AND status IN ('queued', 'waiting', 'sending', 'held') ORDER BY id`)
  ).map(({ id }) => id);

export const countOpenOf = (
  on: Queryable,
  campaign: string,
  mailboxes: readonly MailboxId[],
): Promise<{ mailbox_id: MailboxId; count: number }[]> =>
  on.query(sql<{ mailbox_id: MailboxId; count: number }>`
    SELECT mailbox_id, count(*) AS count FROM campaign_leads
    WHERE campaign_id = ${campaign} AND mailbox_id = ANY(${plainArray(mailboxes)}::uuid[]) AND status IN ('queued', 'waiting', 'sending', 'held') GROUP BY mailbox_id ORDER BY mailbox_id`);
