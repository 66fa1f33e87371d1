/** What sequencing reads of leads: those that are due, and what decides about them. */
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { Lead, LeadStatus } from './lead.ts';
import { leadColumns } from './queries.ts';

/** Where due leads are looked for. `until`: those that are due by then; null: none, but when the first falls due. */
export interface DueProbe {
  readonly campaignId: string;
  readonly calendar: string;
  readonly until: Date | null;
}

/** A due lead of a probe, or only when its next one falls due. */
export interface DueRow {
  /** From 1. */
  place: number;
  id: string | null;
  domain: string | null;
  due_at: Date | null;
  next_due: Date | null;
}

/** Index entries that are read of each probe: so many leads of one domain can be skipped. */
const entriesMax = 200;

/** Leads of mailboxes that are due: of each domain the first, at most `limit` of each probe. */
export const dueOfMailboxes = (
  on: Queryable,
  probes: readonly (DueProbe & { readonly mailboxId: MailboxId })[],
  limit: number,
): Promise<DueRow[]> =>
  on.query(sql<DueRow>`
    SELECT p.place, d.id, d.domain, d.due_at, n.due_at AS next_due
    FROM unnest(${plainArray(probes.map(({ mailboxId }) => mailboxId))}::uuid[], ${plainArray(probes.map(({ campaignId }) => campaignId))}::uuid[],
        ${probes.map(({ calendar }) => calendar)}::text[], ${probes.map(({ until }) => until)}::timestamptz[])
        WITH ORDINALITY AS p (mailbox_id, campaign_id, calendar, until, place)
      LEFT JOIN LATERAL (SELECT due_at FROM campaign_leads l
        WHERE l.mailbox_id = p.mailbox_id AND l.campaign_id = p.campaign_id AND l.calendar = p.calendar AND l.due_at > coalesce(p.until, '-infinity')
        ORDER BY l.due_at LIMIT 1) n ON true
      LEFT JOIN LATERAL (SELECT * FROM (SELECT DISTINCT ON (e.domain) e.* FROM (SELECT l.id, l.domain, l.due_at FROM campaign_leads l
        WHERE l.mailbox_id = p.mailbox_id AND l.campaign_id = p.campaign_id AND l.calendar = p.calendar AND l.due_at <= p.until
        ORDER BY l.due_at, l.id LIMIT ${entriesMax}) e ORDER BY e.domain, e.due_at, e.id) f ORDER BY f.due_at, f.id LIMIT ${limit}) d ON true
    ORDER BY p.place, d.due_at, d.id`);

/** As `dueOfMailboxes`, leads that no mailbox has yet. */
export const dueWithoutMailbox = (on: Queryable, probes: readonly DueProbe[], limit: number): Promise<DueRow[]> =>
  on.query(sql<DueRow>`
    SELECT p.place, d.id, d.domain, d.due_at, n.due_at AS next_due
    FROM unnest(${plainArray(probes.map(({ campaignId }) => campaignId))}::uuid[], ${probes.map(({ calendar }) => calendar)}::text[],
        ${probes.map(({ until }) => until)}::timestamptz[]) WITH ORDINALITY AS p (campaign_id, calendar, until, place)
      LEFT JOIN LATERAL (SELECT due_at FROM campaign_leads l
        WHERE l.campaign_id = p.campaign_id AND l.calendar = p.calendar AND l.mailbox_id IS NULL AND l.due_at > coalesce(p.until, '-infinity')
        ORDER BY l.due_at LIMIT 1) n ON true
      LEFT JOIN LATERAL (SELECT * FROM (SELECT DISTINCT ON (e.domain) e.* FROM (SELECT l.id, l.domain, l.due_at FROM campaign_leads l
        WHERE l.campaign_id = p.campaign_id AND l.calendar = p.calendar AND l.mailbox_id IS NULL AND l.due_at <= p.until
        ORDER BY l.due_at, l.id LIMIT ${entriesMax}) e ORDER BY e.domain, e.due_at, e.id) f ORDER BY f.due_at, f.id LIMIT ${limit}) d ON true
    ORDER BY p.place, d.due_at, d.id`);

/** When campaigns last sent something to addresses. */
export const sentTo = (
  on: Queryable,
  organization: OrganizationId,
  keys: readonly string[],
): Promise<{ email_key: string; campaign_id: string; last_sent_at: Date }[]> =>
  on.query(sql<{ email_key: string; campaign_id: string; last_sent_at: Date }>`
    SELECT email_key, campaign_id, last_sent_at FROM campaign_leads
    WHERE organization_id = ${organization} AND email_key = ANY(${[...keys]}::text[]) AND last_sent_at IS NOT NULL`);

/** Leads of companies that are contacted now, in each of these campaigns. */
export const activeOfCompanies = (
  on: Queryable,
  companies: readonly { readonly campaignId: string; readonly companyKey: string }[],
): Promise<{ campaign_id: string; company_key: string; count: number }[]> =>
  on.query(sql<{ campaign_id: string; company_key: string; count: number }>`
    SELECT l.campaign_id, l.company_key, count(*) AS count
    FROM unnest(${plainArray(companies.map(({ campaignId }) => campaignId))}::uuid[], ${companies.map(({ companyKey }) => companyKey)}::text[]) AS n (campaign_id, company_key)
      JOIN campaign_leads l ON l.campaign_id = n.campaign_id AND l.company_key = n.company_key AND l.status IN ('waiting', 'sending', 'held') AND l.mailbox_id IS NOT NULL
    GROUP BY 1, 2`);

/** Leads of a campaign in some statuses, after one of them, in the order of their ids. */
export const idsAfter = async (
  on: Queryable,
  campaign: string,
  after: string,
  statuses: readonly LeadStatus[],
  limit: number,
): Promise<string[]> =>
  (
    await on.query(sql<{ id: string }>`
    SELECT id FROM campaign_leads WHERE campaign_id = ${campaign} AND id > ${after} AND status = ANY(${[...statuses]}::text[]) ORDER BY id LIMIT ${limit}`)
  ).map(({ id }) => id);

/** The first open leads of a campaign that were not contacted. */
export const firstLeads = (on: Queryable, campaign: string, limit: number): Promise<Lead[]> =>
  on.query(sql<Lead>`
    SELECT ${leadColumns} FROM campaign_leads WHERE campaign_id = ${campaign} AND status = 'queued' ORDER BY id LIMIT ${limit}`);
