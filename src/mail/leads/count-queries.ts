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

/** Open leads that wait for the same step in the same hour. */
export interface LeadCount {
  readonly campaign_id: string;
  /** Null: they have none yet. */
  readonly mailbox_id: MailboxId | null;
  readonly calendar: string;
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
  now: Date,
): Promise<LeadCount[]> =>
  on.query(sql<LeadCount>`
    SELECT campaign_id, mailbox_id, calendar, position, CASE WHEN due_at > ${now} THEN date_bin('1 hour', due_at, 'epoch') END AS due_from, due_at IS NULL AND position IS NOT NULL AS in_flight, count(*) AS count
    FROM (
      SELECT campaign_id, NULL::uuid AS mailbox_id, calendar, NULL::float8 AS position, due_at FROM campaign_leads
      WHERE campaign_id = ANY(${plainArray(campaigns)}::uuid[]) AND mailbox_id IS NULL AND due_at IS NOT NULL
      UNION ALL SELECT campaign_id, mailbox_id, calendar, position, due_at FROM campaign_leads
      WHERE mailbox_id = ANY(${plainArray(mailboxes)}::uuid[]) AND campaign_id = ANY(${plainArray(campaigns)}::uuid[]) AND due_at IS NOT NULL
      UNION ALL SELECT campaign_id, mailbox_id, calendar, position, due_at FROM campaign_leads
      WHERE campaign_id = ANY(${plainArray(campaigns)}::uuid[]) AND status IN ('queued', 'sending') AND due_at IS NULL
    ) AS l GROUP BY 1, 2, 3, 4, 5, 6`);
