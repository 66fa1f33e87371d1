/** Counts of leads that are due, for the order of a day and for forecasts. */
import type { MailboxId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';

/** Due leads of a mailbox, campaign and calendar: at most `most` of them. */
export interface TimesProbe {
  readonly mailboxId: MailboxId;
  readonly campaignId: string;
  readonly calendar: string;
  readonly until: Date;
  readonly most: number;
}

/** When the leads of each probe are due, the oldest first. `place` is from 1. */
export const dueTimes = (on: Queryable, probes: readonly TimesProbe[]): Promise<{ place: number; due_at: Date }[]> =>
  on.query(sql<{ place: number; due_at: Date }>`
    SELECT p.place, l.due_at
    FROM unnest(${plainArray(probes.map(({ mailboxId }) => mailboxId))}::uuid[], ${plainArray(probes.map(({ campaignId }) => campaignId))}::uuid[],
        ${probes.map(({ calendar }) => calendar)}::text[], ${probes.map(({ until }) => until)}::timestamptz[], ${plainArray(probes.map(({ most }) => most))}::int[])
        WITH ORDINALITY AS p (mailbox_id, campaign_id, calendar, until, most, place)
      CROSS JOIN LATERAL (SELECT c.due_at FROM campaign_leads c
        WHERE c.mailbox_id = p.mailbox_id AND c.campaign_id = p.campaign_id AND c.calendar = p.calendar AND c.due_at <= p.until
        ORDER BY c.due_at LIMIT p.most) AS l
    ORDER BY p.place, l.due_at`);

/**
 * How many leads of each group are due, and when the one was due that is the `left`-th; null: there are fewer. A group without any is
 * missing. Of a mailbox, at most `mailboxMost` count in a group.
 */
export const dueInGroups = (
  on: Queryable,
  lefts: readonly number[],
  probes: readonly (TimesProbe & { readonly group: number; readonly mailboxMost: number })[],
): Promise<{ place: number; count: number; last_due: Date | null }[]> =>
  on.query(sql<{ place: number; count: number; last_due: Date | null }>`
    SELECT g.place, count(*) AS count, (array_agg(d.due_at ORDER BY d.due_at))[g.remaining] AS last_due
    FROM unnest(${plainArray(lefts)}::int[]) WITH ORDINALITY AS g (remaining, place) JOIN (
      SELECT p.group_place, p.mailbox_most, l.due_at, row_number() OVER (PARTITION BY p.group_place, p.mailbox_id ORDER BY l.due_at) AS nth
      FROM unnest(${plainArray(probes.map(({ group }) => group))}::bigint[], ${plainArray(probes.map(({ mailboxId }) => mailboxId))}::uuid[],
          ${plainArray(probes.map(({ campaignId }) => campaignId))}::uuid[], ${probes.map(({ calendar }) => calendar)}::text[],
          ${probes.map(({ until }) => until)}::timestamptz[], ${plainArray(probes.map(({ most }) => most))}::int[],
          ${plainArray(probes.map(({ mailboxMost }) => mailboxMost))}::int[])
          AS p (group_place, mailbox_id, campaign_id, calendar, until, most, mailbox_most)
        CROSS JOIN LATERAL (SELECT c.due_at FROM campaign_leads c
          WHERE c.mailbox_id = p.mailbox_id AND c.campaign_id = p.campaign_id AND c.calendar = p.calendar AND c.due_at <= p.until
          ORDER BY c.due_at LIMIT p.most) AS l
    ) AS d ON d.group_place = g.place AND d.nth <= d.mailbox_most
    GROUP BY g.place, g.remaining`);

/** Fewer leads of a domain hardly reach its hourly limits; more domains are not told apart. */
const crowd = { least: 100, domains: 20 } as const;

/** The domains of most leads of campaigns that are going to get a message. */
export const crowdedDomains = async (on: Queryable, campaigns: readonly string[]): Promise<string[]> =>
  (
    await on.query(sql<{ domain: string }>`
      SELECT domain FROM campaign_leads WHERE campaign_id = ANY(${plainArray(campaigns)}::uuid[]) AND due_at IS NOT NULL
      GROUP BY 1 HAVING count(*) > ${crowd.least} ORDER BY count(*) DESC, 1 LIMIT ${crowd.domains}`)
  ).map((row) => row.domain);

/** New leads that have to wait for others of their company. */
export interface LaterCount extends Pick<LeadCount, 'campaign_id' | 'calendar' | 'domain' | 'count'> {
  /** So many times a place of the company has to become free before. */
  readonly rounds: number;
}

/** Counts the new leads that have no place of their company yet. @param limits leads of one company that are contacted at the same time */
export const countLater = (
  on: Queryable,
  limits: readonly { readonly campaignId: string; readonly most: number }[],
  crowded: readonly string[],
): Promise<LaterCount[]> =>
  on.query(sql<LaterCount>`
    WITH companies AS (
      SELECT k.campaign_id, k.company_key, n.most
      FROM unnest(${plainArray(limits.map(({ campaignId }) => campaignId))}::uuid[], ${plainArray(limits.map(({ most }) => most))}::int[]) AS n (campaign_id, most)
        JOIN lead_keys k ON k.campaign_id = n.campaign_id AND k.company_key IS NOT NULL
      GROUP BY 1, 2, 3 HAVING count(*) > n.most
    )
    SELECT campaign_id, calendar, domain, place / most AS rounds, count(*) AS count
    FROM (
      SELECT l.campaign_id, l.calendar, CASE WHEN l.domain = ANY(${[...crowded]}::text[]) THEN l.domain END AS domain, l.mailbox_id IS NULL AS is_new, c.most,
        count(l.mailbox_id) OVER (PARTITION BY l.campaign_id, l.company_key) + row_number() OVER (PARTITION BY l.campaign_id, l.company_key, l.mailbox_id IS NULL ORDER BY l.due_at, l.id) - 1 AS place
      FROM companies c JOIN lead_keys k ON k.campaign_id = c.campaign_id AND k.company_key = c.company_key
        JOIN campaign_leads l ON l.id = k.lead_id AND l.status IN ('queued', 'waiting', 'sending', 'held') AND (l.mailbox_id IS NOT NULL OR l.due_at IS NOT NULL)
    ) AS p WHERE is_new AND place >= most GROUP BY 1, 2, 3, 4`);

/** Open leads that wait for the same step in the same hour. */
export interface LeadCount {
  readonly campaign_id: string;
  /** Null: they have none yet. */
  readonly mailbox_id: MailboxId | null;
  readonly calendar: string;
  /** One of the crowded domains; null: another one. */
  readonly domain: string | null;
  /** The step that was sent last, or is being sent; null: none. */
  readonly position: number | null;
  /** The hour, if it is not over; null: they are due. */
  readonly due_from: Date | null;
  /** Their message is on its way: the next one is due a delay after it. */
  readonly in_flight: boolean;
  readonly count: number;
}

/** Counts the leads of campaigns, and of their mailboxes, that are going to get a message. Held leads count from the end of their hold, if it has one. */
export const countWaiting = (
  on: Queryable,
  campaigns: readonly string[],
  mailboxes: readonly MailboxId[],
  crowded: readonly string[],
  now: Date,
): Promise<LeadCount[]> =>
  on.query(sql<LeadCount>`
    SELECT campaign_id, mailbox_id, calendar, CASE WHEN domain = ANY(${[...crowded]}::text[]) THEN domain END AS domain, position, CASE WHEN due_at > ${now} THEN date_bin('1 hour', due_at, 'epoch') END AS due_from, due_at IS NULL AND position IS NOT NULL AS in_flight, count(*) AS count
    FROM (
      SELECT campaign_id, NULL::uuid AS mailbox_id, calendar, domain, NULL::float8 AS position, due_at FROM campaign_leads
      WHERE campaign_id = ANY(${plainArray(campaigns)}::uuid[]) AND mailbox_id IS NULL AND due_at IS NOT NULL
      UNION ALL SELECT campaign_id, mailbox_id, calendar, domain, position, due_at FROM campaign_leads
      WHERE mailbox_id = ANY(${plainArray(mailboxes)}::uuid[]) AND campaign_id = ANY(${plainArray(campaigns)}::uuid[]) AND due_at IS NOT NULL
      UNION ALL SELECT campaign_id, mailbox_id, calendar, domain, position, due_at FROM campaign_leads
      WHERE campaign_id = ANY(${plainArray(campaigns)}::uuid[]) AND status IN ('queued', 'sending') AND due_at IS NULL
    ) AS l GROUP BY 1, 2, 3, 4, 5, 6, 7`);
