/** What a validation reads of the open leads of a campaign: those among its newest, a bounded number, in one statement for each question. */
import type { OrganizationId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';

/** Leads that share an answer, and the first twenty of them. */
export interface Group {
  readonly count: number;
  readonly lead_ids: string[];
}

/** Leads that are read to find open ones. */
const readMax = 100_000;

export interface TraitRow extends Group {
  readonly trait: string;
}

/**
 * How many of a campaign's newest open leads have traits that a launch should know: `all`, `unverified`, `risky`, `undeliverable`, `role`,
 * `no_basis`, `no_timezone`.
 * @param roles local parts of addresses of a function, without separators
 */
export const traitsOf = (
  on: Queryable,
  campaign: string,
  roles: readonly string[],
  limit: number,
): Promise<TraitRow[]> =>
  on.query(sql<TraitRow>`
    SELECT t.trait, count(*) AS count, (array_agg(l.id ORDER BY l.id))[1:20] AS lead_ids
    FROM (SELECT n.id, n.contact_id, n.email_key, n.verdict FROM (SELECT lead_id FROM lead_keys WHERE campaign_id = ${campaign} ORDER BY lead_id DESC LIMIT ${readMax}) AS newest
        JOIN campaign_leads n ON n.id = newest.lead_id WHERE n.status IN ('queued', 'waiting', 'held') LIMIT ${limit}) AS l
      LEFT JOIN contacts c ON c.id = l.contact_id
      CROSS JOIN LATERAL (VALUES ('all', true), ('unverified', l.verdict IS NULL), ('risky', l.verdict IN ('risky', 'unknown')), ('undeliverable', l.verdict = 'undeliverable'),
        ('role', translate(split_part(split_part(l.email_key, '@', 1), '+', 1), '._-', '') = ANY(${[...roles]}::text[])),
        ('no_basis', c.lawful_basis IS NULL), ('no_timezone', c.timezone IS NULL)) AS t (trait, holds)
    WHERE t.holds GROUP BY t.trait`);

export interface BlockedRow extends Group {
  readonly reason: string;
}

/** Leads that were left out for one of these reasons, at most `limit` of each. */
export const leftOut = (
  on: Queryable,
  campaign: string,
  reasons: readonly string[],
  limit: number,
): Promise<BlockedRow[]> =>
  on.query(sql<BlockedRow>`
    SELECT r.reason, count(*) AS count, (array_agg(l.id ORDER BY l.id))[1:20] AS lead_ids
    FROM unnest(${[...reasons]}::text[]) AS r (reason) CROSS JOIN LATERAL (
      SELECT id FROM campaign_leads WHERE campaign_id = ${campaign} AND blocked_reason = r.reason AND status = 'skipped' ORDER BY id LIMIT ${limit}) AS l
    GROUP BY r.reason`);

/** A variable of a text: the contact's field of the name, and the custom fields that have it in any spelling. */
export interface Wanted {
  readonly field: string | null;
  readonly keys: readonly string[];
}

/** Groups a campaign's newest open leads by the variables that they have no value for, the largest groups first. */
export const missingValues = (
  on: Queryable,
  campaign: string,
  wanted: readonly Wanted[],
  limit: number,
  groupsMax: number,
): Promise<Group[]> =>
  on.query(sql<Group>`
    SELECT count(*) AS count, (array_agg(m.id ORDER BY m.id))[1:20] AS lead_ids
    FROM (SELECT l.id, ARRAY(
        SELECT w.place::int FROM unnest(${wanted.map(({ field }) => field)}::text[], ${wanted.map(({ keys }) => keys.join('\n'))}::text[]) WITH ORDINALITY AS w (field, keys, place)
        WHERE coalesce(btrim(CASE w.field WHEN 'first_name' THEN c.first_name WHEN 'last_name' THEN c.last_name WHEN 'email' THEN c.email WHEN 'phone' THEN c.phone
            WHEN 'company_name' THEN coalesce(o.name, c.company_name) WHEN 'job_title' THEN c.job_title WHEN 'linkedin_url' THEN c.linkedin_url WHEN 'website' THEN c.website
            WHEN 'address' THEN c.address WHEN 'city' THEN c.city WHEN 'state' THEN c.state WHEN 'zip_code' THEN c.zip_code WHEN 'country' THEN c.country
            WHEN 'timezone' THEN c.timezone WHEN 'notes' THEN c.notes END, E' \t\r\n'), '') = ''
          AND NOT EXISTS (SELECT FROM unnest(string_to_array(w.keys, E'\n')) AS k (key) WHERE btrim(c.custom_fields ->> k.key, E' \t\r\n') <> '')
        ORDER BY w.place) AS missing
      FROM (SELECT n.id, n.contact_id FROM (SELECT lead_id FROM lead_keys WHERE campaign_id = ${campaign} ORDER BY lead_id DESC LIMIT ${readMax}) AS newest
          JOIN campaign_leads n ON n.id = newest.lead_id WHERE n.status IN ('queued', 'waiting', 'held') LIMIT ${limit}) AS l
        JOIN contacts c ON c.id = l.contact_id LEFT JOIN companies o ON o.id = c.company_id) AS m
    GROUP BY m.missing ORDER BY count(*) DESC LIMIT ${groupsMax}`);

/** Contact fields that `missingValues` reads. */
export const readableFields: ReadonlySet<string> = new Set(
  'first_name last_name email phone company_name job_title linkedin_url website address city state zip_code country timezone notes'.split(
    ' ',
  ),
);

/** The keys of the organization's custom fields of contacts. */
export const customKeys = async (on: Queryable, organization: OrganizationId): Promise<string[]> =>
  (
    await on.query(
      sql<{
        key: string;
      }>`SELECT key FROM custom_fields WHERE organization_id = ${organization} AND entity = 'contact'`,
    )
  ).map(({ key }) => key);
