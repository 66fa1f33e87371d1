/** What sequencing reads of leads: those that are due, and what decides about them. */
import { dayMs } from '../../base/clock.ts';
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

/** When other campaigns of the organization last sent something to the addresses of leads. */
export const sentByOthers = (
  on: Queryable,
  organization: OrganizationId,
  leads: readonly Pick<Lead, 'id' | 'campaign_id' | 'email_key'>[],
): Promise<{ id: string; at: Date }[]> =>
  on.query(sql<{ id: string; at: Date }>`
    SELECT n.id, max(l.last_sent_at) AS at
    FROM unnest(${plainArray(leads.map(({ id }) => id))}::uuid[], ${plainArray(leads.map((lead) => lead.campaign_id))}::uuid[], ${leads.map((lead) => lead.email_key)}::text[]) AS n (id, campaign_id, email_key)
      JOIN lead_keys k ON k.email_key = n.email_key AND k.organization_id = ${organization} AND k.campaign_id <> n.campaign_id
      JOIN campaign_leads l ON l.id = k.lead_id AND l.last_sent_at IS NOT NULL
    GROUP BY 1`);

/** So long a mailbox's domain writes to no new lead of an address whose server refused it. */
const refusalMs = 30 * dayMs;

/** A mailbox from which a lead may be written to. */
export interface AllowedRow {
  /** Of the lead. */
  id: string;
  /** Null: the domains of all mailboxes of its campaign were refused. */
  mailbox_id: MailboxId | null;
  can_send: boolean;
}

/**
 * For leads whose address refused the domain of a mailbox lately: the mailboxes of their campaigns that have other domains. No rows of a lead
 * that refused none, or whose campaign has no mailbox.
 */
export const allowedMailboxes = (
  on: Queryable,
  organization: OrganizationId,
  leads: readonly Pick<Lead, 'id' | 'campaign_id' | 'email_key'>[],
  nowMs: number,
): Promise<AllowedRow[]> =>
  on.query(sql<AllowedRow>`
    SELECT DISTINCT n.id, CASE WHEN m.domain <> ALL(r.domains) THEN m.id END AS mailbox_id,
      m.domain <> ALL(r.domains) AND m.status IN ('connected', 'degraded') AS can_send
    FROM unnest(${plainArray(leads.map(({ id }) => id))}::uuid[], ${plainArray(leads.map((lead) => lead.campaign_id))}::uuid[], ${leads.map((lead) => lead.email_key)}::text[]) AS n (id, campaign_id, email_key)
      JOIN LATERAL (SELECT array_agg(b.domain) AS domains
        FROM lead_keys k JOIN campaign_leads l ON l.id = k.lead_id AND l.blocked_reason = 'block_bounced' AND l.last_event_at > ${new Date(nowMs - refusalMs)}
          JOIN mailboxes b ON b.id = l.mailbox_id
        WHERE k.email_key = n.email_key AND k.organization_id = ${organization}) r ON r.domains IS NOT NULL
      JOIN campaign_mailboxes c ON c.campaign_id = n.campaign_id JOIN mailboxes m ON m.id = c.mailbox_id AND m.deleted_at IS NULL
    ORDER BY 1, 2`);

/** For each lead, how many others of its company are contacted in its campaign now. A lead without a company has none. */
export const activeColleagues = (
  on: Queryable,
  organization: OrganizationId,
  leads: readonly Pick<Lead, 'id' | 'campaign_id' | 'company_key'>[],
): Promise<{ id: string; count: number }[]> =>
  on.query(sql<{ id: string; count: number }>`
    SELECT n.id, count(*) AS count
    FROM unnest(${plainArray(leads.map(({ id }) => id))}::uuid[], ${plainArray(leads.map((lead) => lead.campaign_id))}::uuid[], ${leads.map((lead) => lead.company_key)}::text[]) AS n (id, campaign_id, company_key)
      JOIN lead_keys k ON k.organization_id = ${organization} AND k.campaign_id = n.campaign_id AND k.company_key = n.company_key AND k.lead_id <> n.id
      JOIN campaign_leads l ON l.id = k.lead_id AND l.status IN ('waiting', 'sending', 'held') AND l.mailbox_id IS NOT NULL
    GROUP BY 1`);

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
    SELECT l.id FROM lead_keys k JOIN campaign_leads l ON l.id = k.lead_id AND l.status = ANY(${[...statuses]}::text[])
    WHERE k.campaign_id = ${campaign} AND k.lead_id > ${after} ORDER BY k.lead_id LIMIT ${limit}`)
  ).map(({ id }) => id);

/** The first open leads of a campaign that were not contacted. */
export const firstLeads = (on: Queryable, campaign: string, limit: number): Promise<Lead[]> =>
  on.query(sql<Lead>`
    SELECT ${leadColumns} FROM campaign_leads WHERE campaign_id = ${campaign} AND status = 'queued' ORDER BY id LIMIT ${limit}`);
